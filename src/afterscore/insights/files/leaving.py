"""Who left, as files say it: yes and no, and words that mean them."""

from __future__ import annotations

from collections.abc import Mapping

YES = frozenset({
    "1", "true", "yes", "y", "t", "x", "churned", "churn", "left", "lost", "cancelled", "canceled",
    "terminated", "inactive", "closed", "ja", "wahr", "gekündigt", "verloren", "abgewandert",
    "inaktiv", "oui", "vrai", "perdu", "résilié", "parti", "si", "sí", "sì", "perdido", "sim",
    "opgezegd",
})  # fmt: skip
NO = frozenset({
    "0", "false", "no", "n", "f", "stayed", "active", "retained", "renewed", "kept", "current",
    "not churned", "nein", "falsch", "aktiv", "geblieben", "verlängert", "non", "faux", "actif",
    "resté", "activo", "não", "ativo", "nee", "actief",
})  # fmt: skip
MOSTLY = 0.95


def expression(cell: str) -> str:
    """SQL for true, false or NULL of `cell`, itself SQL for a text."""
    word = f"lower(trim(regexp_replace({cell}, '\\.0$', '')))"
    yes, no = _listed(YES), _listed(NO)
    return f"CASE WHEN {word} IN {yes} THEN true WHEN {word} IN {no} THEN false END"


def says(values: Mapping[str, int]) -> bool:
    """Whether different cells, with how often each stands there, are nearly all a yes or a no, and
    both."""
    words = {text: text.strip().removesuffix(".0").casefold() for text in values}
    known = {text for text, word in words.items() if word in YES | NO}
    share = sum(values[text] for text in known) / max(1, sum(values.values()))
    met = {words[text] for text in known}
    return share >= MOSTLY and bool(met & YES) and bool(met & NO)


def _listed(words: frozenset[str]) -> str:
    return f"({', '.join(sorted(map(repr, words)))})"
