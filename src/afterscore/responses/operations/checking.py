"""What may be written down of an answer. Everything else is refused, with the field it came in."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from afterscore.domain import nps
from afterscore.domain.questionnaire import Questionnaire, QuestionnaireError, check_answer
from afterscore.kit.errors import Refused
from afterscore.programs.models import Enrolment, Wave
from afterscore.surveys import queries as surveys

LONGEST_COMMENT = 5_000
LONGEST_TO_ANSWER = 24 * 3600.0
"""In seconds. A page left open for longer says nothing about the time an answer takes."""

_KEPT_CONTROLS = "\n\t"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said this time, checked; None stands for nothing said about it."""

    score: int
    comment: str | None
    drivers: dict[str, int | str] | None


def check(
    *, enrolment: Enrolment, score: object, comment: object, drivers: object, now: datetime
) -> Answer:
    """Raises Refused with field "score", "comment" or "drivers.<key>"; without one when closed."""
    _require_open(enrolment, now)
    asked = surveys.questionnaire_of(enrolment.wave.survey_version)
    return Answer(
        score=_score(score),
        comment=None if comment is None else _comment(comment),
        drivers=None if drivers is None else _drivers(drivers, asked),
    )


def was_asked(*, enrolment: Enrolment) -> bool:
    """Whether there is a person behind the link: neither left out of the wave, nor erased."""
    is_excluded = enrolment.state == Enrolment.State.EXCLUDED
    return not is_excluded and enrolment.contact.erased_at is None


def is_open(*, wave: Wave, now: datetime) -> bool:
    """A paused wave sends nothing, but whoever was asked may answer."""
    return wave.state != Wave.State.CLOSED and now < wave.closes_at


def plausible_seconds(seconds: float | None) -> float | None:
    """The page's own measurement, left out where it cannot be true."""
    if seconds is None or not math.isfinite(seconds) or not 0 <= seconds <= LONGEST_TO_ANSWER:
        return None
    return seconds


def _require_open(enrolment: Enrolment, now: datetime) -> None:
    if not was_asked(enrolment=enrolment):
        raise Refused("This person was not asked, so there is nothing to answer.")
    if not is_open(wave=enrolment.wave, now=now):
        raise Refused("This survey is closed and takes no more answers.")


def _score(value: object) -> int:
    on_scale = range(nps.LOWEST_SCORE, nps.HIGHEST_SCORE + 1)
    if isinstance(value, bool) or not isinstance(value, int) or value not in on_scale:
        raise Refused(
            f"Give a whole number from {nps.LOWEST_SCORE} to {nps.HIGHEST_SCORE}.", field="score"
        )
    return value


def _comment(value: object) -> str:
    if not isinstance(value, str):
        raise Refused("Expected a text.", field="comment")
    text = _readable(value)
    if len(text) > LONGEST_COMMENT:
        raise Refused(
            f"At most {LONGEST_COMMENT} characters; this has {len(text)}.", field="comment"
        )
    return text


def _readable(text: str) -> str:
    """Without NUL and other control characters; line breaks as one character, none at the ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character
        for character in lines
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs")
    ).strip()


def _drivers(values: object, asked: Questionnaire) -> dict[str, int | str]:
    if not isinstance(values, Mapping):
        raise Refused("Expected an answer for each further question.", field="drivers")
    return {
        key: _driver(str(key), value, asked)
        for key, value in values.items()
        if value not in (None, "")
    }


def _driver(key: str, value: object, asked: Questionnaire) -> int | str:
    driver = asked.driver(key)
    if driver is None:
        raise Refused("This question is not part of the survey.", field=f"drivers.{key}")
    try:
        return check_answer(driver, value)
    except QuestionnaireError as error:
        raise Refused(error.message, field=f"drivers.{key}") from error
