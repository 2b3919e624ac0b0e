"""What a browser has sent from the survey page, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.http import QueryDict

from afterscore.domain import nps
from afterscore.domain.questionnaire import Driver
from afterscore.domain.scanners import Conduct, Means, read_conduct
from afterscore.responses.composition import FIELD_PREFIX

_SCORE = re.compile(r"0|[1-9][0-9]?")
_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Submission:
    """One sending of the form; None stands for a field that the form did not have.

    `is_score_wrong` says that there was a score and that it is none. Fields that the page does not
    know are not read: who answers is said by the token alone. `is_opening` says that nothing was
    pressed: the page's script tells that it was looked at.
    """

    score: int | None = None
    is_score_wrong: bool = False
    comment: str | None = None
    drivers: dict[str, str] = field(default_factory=dict)
    seconds: float | None = None
    conduct: Conduct | None = None
    is_opening: bool = False


def read(data: QueryDict, drivers: tuple[Driver, ...]) -> Submission:
    given = data.getlist("score")
    score = read_score(given[0]) if len(given) == 1 else None
    names = {driver.key: FIELD_PREFIX + driver.key for driver in drivers}
    return Submission(
        score=score,
        is_score_wrong=bool(given) and score is None,
        comment=data.get("comment"),
        drivers={key: str(data[name]) for key, name in names.items() if data.get(name)},
        seconds=_read_seconds(data.get("seconds", "")),
        conduct=read_conduct(data.get("conduct", "")),
        is_opening=data.get("means") == Means.OPENED,
    )


def read_score(text: str) -> int | None:
    """The score, written as a whole number without sign, spaces or leading zeros; else None."""
    if not _SCORE.fullmatch(text) or int(text) > nps.HIGHEST_SCORE:
        return None
    return int(text)


def _read_seconds(text: str) -> float | None:
    return float(text) if _SECONDS.fullmatch(text) else None
