"""What is allowed and yet worth a second thought: shown beside the field, never refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from afterscore.domain.reminders import Positioning, touch_policy
from afterscore.programs.definitions.shape import CADENCES, Definition

SHORT_DRIVERS = 2
"""Further questions that keep a survey short."""

LONG_BODY_WORDS = 150

_GENERIC = (
    (r"\byour (feedback|opinion) (is|matters|means)\b", "your feedback is important"),
    (r"\b(feedback|opinion) is (very |so )?(important|valuable)\b", "feedback is important"),
    (r"\b(please )?(complete|take|fill (in|out)) (this|our|the|a)\b.{0,40}\bsurvey\b",
     "please complete this survey"),
    (r"\bvalued (customer|client|member|user)s?\b", "valued customer"),
    (r"\b\d+[- ]question survey\b", "a 2-question survey"),
    (r"\bhelp us (improve|serve you better)\b", "help us improve"),
)  # fmt: skip
_PERSONAL = re.compile(r"\{\{[^}]*\b(first_name|name|account)\b[^}]*\}\}")


@dataclass(frozen=True, slots=True)
class Caution:
    """`path` names the key it is about, like "mail.body"; `text` is a sentence or two."""

    path: str
    text: str


def cautions_of(definition: Definition) -> tuple[Caution, ...]:
    return tuple(_cautions(definition))


def _cautions(definition: Definition) -> Iterator[Caution]:
    if not definition.objective:
        yield Caution(
            "objective",
            "Nothing says what the answers are for. One sentence keeps everybody honest later.",
        )
    if definition.positioning is Positioning.MEASUREMENT:
        yield Caution(
            "positioning",
            "A measurement without a clear benefit to the customer tends to be ignored. "
            "Say in the mail what good comes of answering.",
        )
    yield from _touch_cautions(definition)
    if definition.cadence_days < CADENCES["quarterly"]:
        yield Caution(
            "cadence",
            "More often than quarterly, people stop answering or answer worse. "
            "The workspace's own minimum gap still holds.",
        )
    if len(definition.questionnaire.drivers) > SHORT_DRIVERS:
        yield Caution(
            "survey.drivers",
            f"{len(definition.questionnaire.drivers)} further questions make it a long survey. "
            f"Up to {SHORT_DRIVERS} keep it quick to answer.",
        )
    yield from mail_cautions(definition.subject, definition.body)


def _touch_cautions(definition: Definition) -> Iterator[Caution]:
    policy = touch_policy(definition.positioning)
    if definition.reminders > max(policy.reminders, 1):
        yield Caution(
            "touches.reminders",
            "A second reminder goes only to people who opted in, or once the first one has "
            "demonstrably brought answers in an earlier wave.",
        )
    elif definition.reminders > policy.reminders:
        yield Caution("touches.reminders", policy.why)
    if definition.reminders * definition.reminder_after_days >= definition.open_days:
        yield Caution(
            "open_days",
            "The survey closes before the last reminder would be due; that one is not sent.",
        )


def mail_cautions(subject: str, body: str) -> Iterator[Caution]:
    """Words that make a personal question look like a mass mailing; none for standard wording."""
    for path, text in (("mail.subject", subject), ("mail.body", body)):
        for pattern, said in _GENERIC:
            if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
                yield Caution(
                    path,
                    f"“{said}” is what every mass mailing says. Say why you ask this person, "
                    "and what you will do with the answer.",
                )
                break
    if body and not _PERSONAL.search(body):
        yield Caution(
            "mail.body",
            "Nothing in this text is about the reader. Their first name or their company's "
            "name is a start: {{ first_name }}, {{ account }}.",
        )
    if len(body.split()) > LONG_BODY_WORDS:
        yield Caution(
            "mail.body", f"{len(body.split())} words before the question. Half would be read."
        )
