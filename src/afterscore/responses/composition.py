"""What the survey page shows of an answer: the form as far as it is filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from afterscore.domain import nps
from afterscore.domain.questionnaire import Driver
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Response
from afterscore.surveys import composition as surveys
from afterscore.surveys.composition import Wording

FIELD_PREFIX = "driver-"
SCALE = range(nps.LOWEST_SCORE, nps.HIGHEST_SCORE + 1)
GROUPS = json.dumps([nps.group_of(score) for score in SCALE])


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked on this page, what was said so far, and what is wrong with it.

    With the comment go the further questions. `errors` are sentences by field: "score",
    "comment", "drivers.speed".
    """

    asks_score: bool
    asks_comment: bool
    score: int | None = None
    comment: str = ""
    drivers: Mapping[str, object] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One further question, the name of its field, and the answer given to it as text; the words at
    the ends of its scale, where it has any."""

    driver: Driver
    field: str
    value: str
    error: str
    low_label: str = ""
    high_label: str = ""


def word(enrolment: Enrolment) -> Wording:
    """The survey in the language of the person asked, in the name of who asked her."""
    program, workspace = enrolment.wave.program, enrolment.workspace
    version = enrolment.wave.survey_version
    sender = enrolment.sender_name or program.sender_name or workspace.sender_name
    return surveys.word_survey(
        version=version,
        language=enrolment.language,
        fallback=workspace.language,
        sender=sender or version.company,
        days=program.answer_within_days,
    )


def continue_form(response: Response | None, *, asks_score: bool, score: int | None) -> Form:
    """The form with what was said before; `score` is what the link preselects."""
    if response is None:
        return Form(asks_score=True, asks_comment=score is not None, score=score)
    return Form(
        asks_score=asks_score,
        asks_comment=True,
        score=response.score if score is None else score,
        comment=response.comment,
        drivers=response.drivers,
    )


def compose_form(form: Form, wording: Wording) -> dict[str, Any]:
    """What the template responses/answer.html needs beside the wording."""
    texts, score = wording.texts, form.score
    return {
        "asks_score": form.asks_score,
        "asks_comment": form.asks_comment,
        "selected": score,
        "saved": "" if score is None else wording.saved(score),
        "prompt": (
            texts["comment_label"] if score is None else wording.prompts[nps.group_of(score)]
        ),
        "comment": form.comment,
        "hint": texts["comment_hint"],
        "questions": [
            Question(
                driver=driver,
                field=FIELD_PREFIX + driver.key,
                value=str(form.drivers.get(driver.key, "")),
                error=form.errors.get(f"drivers.{driver.key}", ""),
                low_label=texts.get(f"{driver.kind.value}_least", ""),
                high_label=texts.get(f"{driver.kind.value}_most", ""),
            )
            for driver in wording.drivers
        ],
        "score_error": form.errors.get("score", ""),
        "comment_error": form.errors.get("comment", ""),
        "groups": GROUPS,
    }
