"""Words that make a personal question look like a mass mailing.

Known in English, German, French and Spanish; a text in another language is never
blamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What every mass mailing says, with how it is quoted back.
_GENERIC = (
    # English
    (r"\byour (feedback|opinion) (is|matters|means|counts)\b", "your feedback is important"),
    (r"\b(feedback|opinion) is (very |so )?(important|valuable)\b", "feedback is important"),
    (r"\b(please )?(complete|take|fill (in|out)) (this|our|the|a)\b.{0,40}\bsurvey\b",
     "please complete this survey"),
    (r"\bvalued (customer|client|member|user)s?\b", "valued customer"),
    (r"\b\d+[- ]question survey\b", "a 2-question survey"),
    (r"\bhelp us (improve|serve you better)\b", "help us improve"),
    # German
    (r"\b(ihre|deine) (meinung|rückmeldung) (ist|zählt)\b", "Ihre Meinung ist uns wichtig"),
    (r"\b(ihr|dein) feedback (ist|zählt|hilft)\b", "Ihr Feedback ist uns wichtig"),
    (r"\bnehmen sie (bitte )?(sich .{0,30})?an (dieser|unserer) .{0,20}umfrage teil\b",
     "Nehmen Sie an unserer Umfrage teil"),
    (r"\bgeschätzte[rn]? kund(e|in|en|innen)\b", "geschätzter Kunde"),
    (r"\bhelfen sie uns,? (besser zu werden|uns zu verbessern)\b",
     "Helfen Sie uns, besser zu werden"),
    # French
    (r"\bvotre (avis|opinion) (est|nous est|compte)\b", "votre avis nous est précieux"),
    (r"\b(répondre|remplir|compléter) (à )?(ce|cette|notre)\b.{0,20}\b(enquête|sondage)\b",
     "veuillez répondre à notre enquête"),
    (r"\bcher client\b|\bchère cliente\b", "cher client"),
    (r"\baidez[- ]nous à (nous améliorer|mieux vous servir)\b", "aidez-nous à nous améliorer"),
    # Spanish
    (r"\b(su|tu) opinión (es|nos importa|cuenta)\b", "su opinión es importante"),
    (r"\b(complete|rellene|responda) (a )?(esta|nuestra) .{0,20}encuesta\b",
     "complete nuestra encuesta"),
    (r"\bestimad[oa]s? client[ea]s?\b", "estimado cliente"),
    (r"\bayúdenos a mejorar\b", "ayúdenos a mejorar"),
)  # fmt: skip

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

# Small words that tell the four languages from others.
_KNOWN = re.compile(
    r"\b(the|you|your|and|are|how|wir|sie|ihr|ihre|und|wie|vous|nous|votre|est|usted|su|los|qué)\b",
    re.IGNORECASE,
)

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
    for pattern, said in _GENERIC:
        if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            yield said


def has_incentive(text: str) -> bool:
    return bool(_INCENTIVE.search(text))


def lacks_benefit(text: str) -> bool:
    """Of a text in a language that is known here; of others nobody can say."""
    return bool(_KNOWN.search(text)) and not _BENEFIT.search(text)


def is_role(email: str) -> bool:
    return bool(_ROLE.match(email.partition("@")[0]))


def is_department(name: str) -> bool:
    return bool(_DEPARTMENT.search(name))
