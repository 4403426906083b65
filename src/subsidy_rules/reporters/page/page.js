"use strict";
(() => {
  const form = document.getElementById("filters");
  const groups = Array.from(document.querySelectorAll("details.group"));
  // A printed report has no triangle to click: everything is opened, then put back.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
    closed = [];
  });
  // The code of a rule leads to what is said of it, which is folded.
  const unfold = () => {
    const part = location.hash && document.getElementById(location.hash.slice(1));
    if (part && part.tagName === "DETAILS") part.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
  if (!form) return;
  form.hidden = false;

  // Searching forgets accents, case, and the spaces inside numbers: « 50000 » finds « 50 000 ».
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/[\u00a0\u202f\s]+/g, " ").replace(/([0-9]) (?=[0-9])/g, "$1");
  const all = groups.map((group) => ({
    group,
    path: plain(group.querySelector(".path").textContent),
    decisions: Array.from(group.querySelectorAll(".decision"), (decision) => ({
      decision,
      name: decision.querySelector("h4") ? plain(decision.querySelector("h4").textContent) : "",
      rules: Array.from(decision.querySelectorAll("section.rule"), (section) => ({
        section,
        code: section.dataset.rule,
        findings: Array.from(section.querySelectorAll("article"), (article) => ({ article, text: null })),
      })),
    })),
  }));
  const total = document.querySelectorAll("article").length;
  const search = document.getElementById("search");
  const rule = document.getElementById("rule");
  const shown = document.getElementById("shown");
  const ticked = (name) => new Set(Array.from(form.querySelectorAll(`input[name=${name}]:checked`), (box) => box.value));
  const numbers = new Intl.NumberFormat(document.documentElement.lang);

  const apply = () => {
    const words = plain(search.value).split(" ").filter(Boolean);
    const severities = ticked("severity");
    const states = ticked("state");
    const wholly = severities.size === form.querySelectorAll("input[name=severity]").length
      && states.size === form.querySelectorAll("input[name=state]").length;
    const filtering = words.length > 0 || rule.value !== "" || !wholly;
    let count = 0;
    const matched = [];
    for (const { group, path, decisions } of all) {
      let inGroup = 0;
      for (const { decision, name, rules } of decisions) {
        let inDecision = 0;
        for (const { section, code, findings } of rules) {
          let inRule = 0;
          const wanted = !rule.value || code === rule.value;
          for (const finding of findings) {
            const { article } = finding;
            let keep = wanted && severities.has(article.dataset.s) && states.has(article.dataset.k);
            if (keep && words.length) {
              if (finding.text === null)
                finding.text = `${path} ${name} ${code.toLowerCase()} ${plain(article.textContent)}`;
              keep = words.every((word) => finding.text.includes(word));
            }
            if (article.hidden === keep) article.hidden = !keep;
            if (keep) inRule += 1;
          }
          if (section.hidden === inRule > 0) section.hidden = inRule === 0;
          inDecision += inRule;
        }
        if (decision.hidden === inDecision > 0) decision.hidden = inDecision === 0;
        inGroup += inDecision;
      }
      group.hidden = filtering && inGroup === 0;
      if (filtering && inGroup) matched.push(group);
      count += inGroup;
    }
    if (filtering && matched.length <= 5) for (const group of matched) group.open = true;
    shown.textContent = shown.dataset.text.replace("{n}", numbers.format(count)).replace("{total}", numbers.format(total));
  };

  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 150);
  };
  search.addEventListener("input", soon);
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("reset", () => setTimeout(apply, 0));
  document.getElementById("open").addEventListener("click", () => { for (const group of groups) if (!group.hidden) group.open = true; });
  document.getElementById("close").addEventListener("click", () => { for (const group of groups) group.open = false; });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
    }
  });
  apply();
})();
