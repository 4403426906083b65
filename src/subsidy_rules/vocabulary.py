"""The words of each role, by family: what is left, what bounds, what adds up, what was spent.

An act may be written by anybody: a way of saying that knows only the phrases of some texts reads no others. Each
family lists what a French (or English) clerk may write for one role, folded (small letters, no accents), as the
alternatives of a regular expression, without its borders. Nothing here says what is true: an extractor that goes by
a family still asks whether the figures agree, or whether every figure has its role.
"""

from __future__ import annotations

from typing import Final

__all__ = ["BOUNDS", "LEFT_AFTER", "LEFT_NOUNS", "LEFT_VERBS", "SPENT"]

LEFT_NOUNS: Final = (
    r"soldes?|restes?|restant|reliquats?|residus?|residuel(?:le)?|complements?|surplus|disponible|disponibilites?"
    r"|differences?|ecarts?|differentiel|excedents?|deficits?|boni|mali|benefice|perte|marge|manque(?: a gagner)?"
    r"|besoin (?:de financement|residuel|a couvrir|restant|net)|insuffisance|decouvert|depassement|economies?"
    r"|moins-values?|moins-percus?|trop[- ](?:percus?|verses?|payes?)|remboursements?|reversements?|restitutions?"
    r"|restituer|reverser|rembourser|charge (?:nette|residuelle|finale|restante)|cout (?:net|residuel)|net a payer"
    r"|autofinancement|fonds propres|ressources propres|part (?:residuelle|restante|communale|propre)"
    r"|balance|remainder|remaining|refund|shortfall|savings?|difference|gap"
)
"""What names that which one amount leaves of another."""

LEFT_VERBS: Final = (
    r"rest(?:e|ent|era|eront|ait|aient|erait|eraient)|demeur(?:e|ent|era|erait|ait)|subsist(?:e|ent|era|ait)"
    r"|manqu(?:e|ent|era|eront|ait|erait)|laiss(?:e|ent|era|ait|ant|erait)|degag(?:e|ent|era|eant|eait)"
    r"|liber(?:e|ent|era|ant)|conserv(?:e|ent|era|ant)|econom(?:ise|isent|isera|isant)|supporter(?:a|ait)"
    r"|assumer(?:a|ait)|a (?:sa|leur|notre) charge|a la charge"
    r"|(?:depass|exced|surpass)(?:e|ait|era|ant|erait)(?: ainsi| donc)? de|(?:superieure?|inferieure?)s? de"
    r"|(?:alleg|redui|diminu|abaiss|rabot|ampu|minor|baiss|recul)[a-z]{1,5}(?: [a-z' ]{1,40})? de"
    r"|(?:rendu|restitue|reverse|rembourse|reporte|annule|economise|epargne)e?s?|(?:il y a lieu|reste|restera|restait)"
    r" (?:de|a) (?:regler|verser|payer|financer|trouver|couvrir|mandater)"
    r"|left|leav(?:e|es|ing)|remains?|gave back|returned"
)
"""What says it with a verb, before the amount."""

LEFT_AFTER: Final = (
    r"(?:(?:qui|encore|seulement|seuls|donc|ainsi|lui|leur|nous|en) ){0,2}(?:rest(?:e|ent|ant|ants|era|eront|ait|aient)"
    r"|demeur(?:e|ent|ant|ants|eront|aient)|subsist(?:e|ent|ant|eront|aient)|manqu(?:e|ent|ants?|eront|aient)"
    r"|font (?:encore )?defaut|disponibles?|inutilises?|inemployes?|residuels?|de (?:plus|moins|reste|reliquat"
    r"|solde|difference|surplus|marge|disponible|trop|boni)(?! de)|en (?:moins|trop|reserve|attente)"
    r"|(?:non|pas encore|jamais|point) (?:ete )?[a-z]{3,14}e?e?s?"
    r"|(?:qui |que [a-z' ]{2,20})?(?:n'ont|n'avaient|n'a|n'auront|ne sont|ne seront|n'etaient) (?:pas|point|jamais)"
    r"|(?:sont|furent|ont ete|seront) (?:rendus|restitues|reverses|rembourses|reportes|annules|economises)"
    r"|(?:sont|est|etant|seront|sera) (?:conserve|garde|reserve|laisse|gele|reporte|annule|restitue|reverse"
    r"|rembourse|rendu)[a-z]{0,3}"
    r"|a (?:affecter|repartir|financer|trouver|verser|payer|regler|reverser|rembourser|restituer|couvrir|distribuer"
    r"|attribuer|mandater|engager|programmer|reporter|recouvrer|percevoir|venir|sa charge|leur charge|notre charge"
    r"|la charge)"
    r"|remain(?:s|ing)?|(?:is|are) left|left|unspent|unused|outstanding)"
)
"""What says it just after the amount: « 3 000 € restent à affecter », « 500 € de reliquat »."""

SPENT: Final = (
    r"(?:vers|pay|consomm|mandat|engag|attribu|utilis|affect|depens|regl|prelev|factur|distribu|allou|accord|reparti"
    r"|vot|octroy|reserv|retenu|notifi|programm|realis|execut|emis|liquid|souscri|delegu|alloc|spent|paid|grant|award)"
    r"[a-z]{0,4}"
)
"""Participles of what was done with money."""

BOUNDS: Final = (
    r"plafond|plafonn[a-z]{1,3}|maximum|maximal[a-z]?|maxima|limite|seuil|enveloppe|credits?|disponible|dotation|budget"
    r"|autorisation|montant (?:autorise|vote|inscrit|ouvert|disponible)|quota|contingent|ceiling|cap|limit|envelope"
)
"""What an amount that bounds others is called."""
