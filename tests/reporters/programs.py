"""The programs that people open the outputs with, when this machine has them: a test without one skips, aloud."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Page", "browser", "office"]


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return found
    pytest.skip(f"absent from this machine: {' or '.join(names)}")


def office(workbook: Path, folder: Path) -> dict[str, list[list[str]]]:
    """The sheets of ``workbook`` as LibreOffice computes and shows them, by name."""
    import csv

    program = _program("soffice", "libreoffice")
    # Semicolons, quotes, UTF-8, all the sheets; as shown is false: numbers in full.
    wanted = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,-1"
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", wanted, "--outdir", str(folder), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    sheets = {}
    for file in folder.glob(f"{workbook.stem}-*.csv"):
        with open(file, encoding="utf-8", newline="") as stream:
            sheets[file.stem.removeprefix(f"{workbook.stem}-")] = list(csv.reader(stream, delimiter=";"))
    return sheets


class Page:
    """A page in headless Chromium, driven over a pipe (DevTools protocol), with what it logged and asked for."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader = os.fdopen(reader, "rb")
        self._writer = os.fdopen(writer, "wb")
        self._number = 0
        self._session: str | None = None
        self.logged: list[str] = []
        self.requested: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Sends a command and waits for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        self._writer.write(json.dumps(message).encode() + b"\0")
        self._writer.flush()
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        data = bytearray()
        while (byte := self._reader.read(1)) != b"\0":
            assert byte, "the browser has gone away"
            data += byte
        answer: dict[str, Any] = json.loads(data)
        match answer:
            case {"method": "Runtime.consoleAPICalled", "params": {"args": items}}:
                self.logged.append(str(items))
            case {"method": "Runtime.exceptionThrown", "params": {"exceptionDetails": details}}:
                self.logged.append(str(details))
            case {"method": "Log.entryAdded", "params": {"entry": entry}}:
                self.logged.append(f"{entry.get('text')} {entry.get('url', '')}")
            case {"method": "Network.requestWillBeSent", "params": {"request": request}}:
                self.requested.append(request["url"])
        return answer

    def open(self, file: Path) -> None:
        """Loads a file and waits until it is."""
        self.call("Page.navigate", url=file.as_uri())
        while not self.run("document.readyState === 'complete' && location.protocol === 'file:'"):
            pass

    def run(self, script: str) -> Any:
        """The value of an expression in the page (a promise is waited for)."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A headless browser that can reach nothing, for the time of a test."""
    program = _program("chromium", "chromium-browser", "google-chrome")
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()
    # The protocol wants its pipe on descriptors 3 and 4; ours are first moved out of their way.
    reads, writes = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 20) for one in (to_browser, from_browser))
    os.close(to_browser)
    os.close(from_browser)
    command = [
        program,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={folder / 'browser'}",
        "--remote-debugging-pipe",
    ]
    process = subprocess.Popen(
        command,
        preexec_fn=lambda: (os.dup2(reads, 3), os.dup2(writes, 4)),
        pass_fds=(3, 4),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(reads)
    os.close(writes)
    try:
        page = Page(to_us, from_us)
    except BaseException:
        process.kill()
        process.wait(timeout=30)
        raise
    try:
        yield page
    finally:
        process.terminate()
        process.wait(timeout=30)
        page._reader.close()
        page._writer.close()
