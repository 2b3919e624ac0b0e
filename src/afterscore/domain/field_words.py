"""Fields of mails in plain words: "[First name]" for whoever writes, Liquid for what renders.

    Hello[if First name] [First name][end],

One to one: each mark in words stands for one of Liquid's, so that a text is the same after both
ways. What Liquid can do beyond fields and whether there is one stays as it is.
"""

from __future__ import annotations

import re

LABELS = {
    "first_name": "First name",
    "name": "Full name",
    "account": "Their company",
    "company": "Our company",
    "sender_name": "Sender",
    "sender_first_name": "Sender first name",
    "days": "Days to answer",
    "minutes": "Minutes",
    "score": "Score",
    "comment": "Comment",
    "theme": "Theme",
    "features": "Unused features",
}
_NAMES = {label.casefold(): name for name, label in LABELS.items()}
_FIELD = "|".join(sorted(LABELS, key=len, reverse=True))
_LABEL = "|".join(sorted(LABELS.values(), key=len, reverse=True))
_LIQUID = re.compile(
    rf"\{{\{{\s*(?P<field>{_FIELD})\s*\}}\}}"
    rf"|\{{%\s*if\s+(?P<condition>{_FIELD})\s*%\}}"
    r"|\{%\s*(?P<mark>else|endif)\s*%\}"
)
_WORDS = re.compile(
    rf"\[(?P<field>{_LABEL})\]|\[if (?P<condition>{_LABEL})\]|\[(?P<mark>otherwise|end)\]",
    re.IGNORECASE,
)
_MARKS = {"else": "otherwise", "endif": "end"}
_TAGS = {word: tag for tag, word in _MARKS.items()}


def in_words(text: str) -> str:
    """As somebody reads and writes it who knows no templates."""
    return _LIQUID.sub(_worded, text)


def as_template(text: str) -> str:
    """As it is kept. Liquid that somebody typed is kept as well."""
    return _WORDS.sub(_templated, text)


def _worded(found: re.Match[str]) -> str:
    if found["field"]:
        return f"[{LABELS[found['field']]}]"
    if found["condition"]:
        return f"[if {LABELS[found['condition']]}]"
    return f"[{_MARKS[found['mark']]}]"


def _templated(found: re.Match[str]) -> str:
    if found["field"]:
        return f"{{{{ {_NAMES[found['field'].casefold()]} }}}}"
    if found["condition"]:
        return f"{{% if {_NAMES[found['condition'].casefold()]} %}}"
    return f"{{% {_TAGS[found['mark'].casefold()]} %}}"
