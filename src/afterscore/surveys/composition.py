"""What a survey says to one person: the version's own words, else those of her language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from afterscore.domain.nps import Group
from afterscore.domain.questionnaire import (
    DEFAULT_HIGH_LABEL,
    DEFAULT_LABELS,
    DEFAULT_LOW_LABEL,
    DEFAULT_PROMPTS,
    DEFAULT_QUESTION,
    Driver,
)
from afterscore.surveys import languages, queries
from afterscore.surveys.models import SurveyVersion

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Wording:
    """Every text of the survey page in one language, ready to be shown."""

    language: str
    direction: str
    company: str
    question: str
    low_label: str
    high_label: str
    prompts: Mapping[Group, str]
    drivers: tuple[Driver, ...]
    thanks: Mapping[Group, str]
    texts: Mapping[str, str]

    def saved(self, score: int) -> str:
        return fill(self.texts["saved"], score=str(score))


def word_survey(
    *, version: SurveyVersion, language: str, fallback: str, sender: str, days: int
) -> Wording:
    """What this version says in this language; else in the fallback, else in English.

    `sender` is who asked, `days` the working days within which she promised to answer.
    """
    spoken = languages.choose(language, languages.recognise(fallback) or "en")
    asked = queries.questionnaire_of(version)
    company, sender = (_isolated(name, spoken) for name in (version.company, sender))
    names = {"company": company, "sender": sender, "days": str(days)}
    texts = {key: fill(text, **names) for key, text in spoken.survey.items()}
    own = asked.comment_prompts
    return Wording(
        language=spoken.code,
        direction=spoken.direction,
        company=version.company,
        question=_own(asked.question, DEFAULT_QUESTION) or texts["question"],
        low_label=_own(asked.low_label, DEFAULT_LOW_LABEL) or texts["least"],
        high_label=_own(asked.high_label, DEFAULT_HIGH_LABEL) or texts["most"],
        prompts={
            group: _own(own[group], DEFAULT_PROMPTS[group]) or texts[f"prompt_{group}"]
            for group in Group
        },
        drivers=tuple(_worded(driver, texts) for driver in asked.drivers),
        thanks={group: texts[f"thanks_{group}"] for group in Group},
        texts=texts,
    )


def _worded(driver: Driver, texts: Mapping[str, str]) -> Driver:
    """Satisfaction and effort in the reader's language, where nobody wrote words of their own."""
    if not driver.kind.has_words or driver.label != DEFAULT_LABELS[driver.kind]:
        return driver
    return replace(driver, label=texts[f"{driver.kind.value}_question"])


def own_wording(version: SurveyVersion) -> dict[str, str]:
    """What somebody wrote for this survey itself, for those who ask it elsewhere (the mail)."""
    asked = queries.questionnaire_of(version)
    texts = {
        "question": _own(asked.question, DEFAULT_QUESTION),
        "low_label": _own(asked.low_label, DEFAULT_LOW_LABEL),
        "high_label": _own(asked.high_label, DEFAULT_HIGH_LABEL),
    }
    return {name: text for name, text in texts.items() if text}


def fill(text: str, **values: str) -> str:
    """The text with its placeholders filled in; what a value contains is not looked at again.

    A placeholder without a value stays: it is filled in later, or by the page itself.
    """
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _own(text: str, default: str) -> str:
    """What somebody wrote for this survey; "" where the ready-made text was left as it is."""
    return "" if text == default else text


def _isolated(name: str, language: languages.Language) -> str:
    """A name of another script must not disturb the order of words written right to left."""
    return f"{_ISOLATE}{name}{_END_ISOLATE}" if language.direction == "rtl" else name
