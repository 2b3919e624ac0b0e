"""Words that make a personal question look like a mass mailing.

Worn phrases are known in the languages of `worn.WORN`, the rest in English, German, French and
Spanish; a text in another language is never blamed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from afterscore.programs.definitions import worn

_GENERIC = [
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), said)
    for phrases in worn.WORN.values()
    for pattern, said in phrases
]

# Something for answering, before the answer is in.
_INCENTIVE = re.compile(
    r"\b(voucher|gift card|prize draw|raffle|discount|win an?|reward you)\b"
    r"|\b(gutschein|gewinnspiel|verlos\w+|rabatt|gewinnen sie)\b"
    r"|\b(bon d[’']achat|chèque[- ]cadeau|tirage au sort|remise de|gagnez)\b"
    r"|\b(vale de|tarjeta regalo|sorteo|descuento|gane un)\b",
    re.IGNORECASE,
)

# What the reader gets out of answering: somebody acts, decides, answers, changes something.
_BENEFIT = re.compile(
    r"\b(so (that )?(we|i) can|so you|we (will|plan|decide|change|fix|build)|i (will|plan|decide)"
    r"|your answer decides|will help you|for you|better for you|get back to you|act on)\b"
    r"|\b(damit (wir|ich)|wir (werden|planen|entscheiden|ändern|bauen)|ich (werde|melde)"
    r"|für sie|hilft ihnen)\b"
    r"|\b(afin (de|que)|nous (allons|décid\w+|prévo\w+)|je (vais|vous)|pour vous)\b"
    r"|\b(para (que|poder)|vamos a|decidi\w+|le (responderé|ayuda\w*)|para usted)\b",
    re.IGNORECASE,
)

# Small words that tell the four languages from others, each with its own: "su" alone may be
# Italian, and "wie" Dutch.
_KNOWN = [
    re.compile(rf"\b({words})\b", re.IGNORECASE)
    for words in (
        "the|you|your|and|are|how|we|what",
        "wir|sie|ihr|ihre|ihnen|und|wie|das|ist|uns",
        "vous|nous|votre|et|est|les|des|que",
        "usted|su|sus|los|qué|con|el|nos",
    )
]
_TELLING = 2  # different ones of one language

_ROLE = re.compile(
    r"^(info|noreply|no-reply|donotreply|support|hello|contact|kontakt|service|team|feedback|survey"
    r"|office|mail|marketing|sales|cs|customer[.-]?(success|service|care))$",
    re.IGNORECASE,
)
_DEPARTMENT = re.compile(
    r"\b(team|support|service|feedback|customer success|marketing|department|abteilung|équipe"
    r"|equipo|kundendienst)\b",
    re.IGNORECASE,
)


def generic(text: str) -> Iterator[str]:
    """The worn phrases in a text, as they are quoted back."""
    plain = unicodedata.normalize("NFC", text)
    for pattern, said in _GENERIC:
        if pattern.search(plain):
            yield said


def has_incentive(text: str) -> bool:
    return bool(_INCENTIVE.search(text))


def lacks_benefit(text: str) -> bool:
    """Of a text in a language that is known here; of others nobody can say."""
    return _is_known(text) and not _BENEFIT.search(text)


def _is_known(text: str) -> bool:
    return any(
        len({found[0].lower() for found in words.finditer(text)}) >= _TELLING for words in _KNOWN
    )


def is_role(email: str) -> bool:
    return bool(_ROLE.match(email.partition("@")[0]))


def is_department(name: str) -> bool:
    return bool(_DEPARTMENT.search(name))
