"""What is allowed and yet worth a second thought: shown beside the field, never refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from afterscore.domain.pace import AtOnce
from afterscore.domain.reminders import Positioning, touch_policy
from afterscore.domain.triggers import Standing
from afterscore.programs.definitions import phrases
from afterscore.programs.definitions.shape import CADENCES, NAMED, Definition

SHORT_DRIVERS = 2
"""Further questions that keep a survey short."""

MOST_QUESTIONS = 5
"""In all: the score, its comment, and the further ones."""

LONG_BODY_WORDS = 150

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
    if isinstance(definition.trigger, Standing) and definition.pace != AtOnce():
        yield Caution(
            "pace",
            "A program that asks one person at a time asks whoever is due; the pace counts for "
            "waves only.",
        )
    if definition.cadence_days < CADENCES["quarterly"]:
        yield Caution(
            "cadence",
            "More often than quarterly, people stop answering or answer worse. "
            "The workspace's own minimum gap still holds.",
        )
    yield from _length_cautions(len(definition.questionnaire.drivers))
    yield from _sender_cautions(definition)
    yield from mail_cautions(definition.subject, definition.body)


def _length_cautions(further: int) -> Iterator[Caution]:
    questions = 2 + further
    if questions > MOST_QUESTIONS:
        yield Caution(
            "survey.drivers",
            f"That makes {questions} questions. Beyond {MOST_QUESTIONS} many leave before the end, "
            "and those who stay answer worse.",
        )
    elif further > SHORT_DRIVERS:
        yield Caution(
            "survey.drivers",
            f"{further} further questions make it a long survey. "
            f"Up to {SHORT_DRIVERS} keep it quick to answer.",
        )


def _touch_cautions(definition: Definition) -> Iterator[Caution]:
    policy = touch_policy(definition.positioning)
    if definition.reminders > max(policy.reminders, 1):
        yield Caution(
            "touches.reminders",
            "A second reminder goes only to people who opted in, or once the first one has "
            "demonstrably brought answers and most companies like theirs take part.",
        )
    elif definition.reminders > policy.reminders:
        yield Caution("touches.reminders", policy.why)
    if definition.reminders * definition.reminder_after_days >= definition.open_days:
        yield Caution(
            "open_days",
            "The survey closes before the last reminder would be due; that one is not sent.",
        )


def mail_cautions(subject: str, body: str) -> Iterator[Caution]:
    """What makes a personal question look like a mass mailing; nothing for standard wording."""
    for path, text in (("mail.subject", subject), ("mail.body", body)):
        said = next(phrases.generic(text), None)
        if said is not None:
            yield Caution(
                path,
                f"“{said}” is what every mass mailing says. Say why you ask this person, "
                "and what you will do with the answer.",
            )
        if phrases.has_incentive(text):
            yield Caution(
                path,
                "Something is offered for answering. It draws those who want it rather than those "
                "who have something to say; thank people afterwards, whatever they answered.",
            )
    if body and not _PERSONAL.search(body):
        yield Caution(
            "mail.body",
            "Nothing in this text is about the reader. Their first name or their company's "
            "name is a start: {{ first_name }}, {{ account }}.",
        )
    if phrases.lacks_benefit(body):
        yield Caution(
            "mail.body",
            "The text does not say what good comes of answering. One sentence will do: what you "
            "decide with the answers, or what changes for the reader.",
        )
    if len(body.split()) > LONG_BODY_WORDS:
        yield Caution(
            "mail.body", f"{len(body.split())} words before the question. Half would be read."
        )


def _sender_cautions(definition: Definition) -> Iterator[Caution]:
    """The workspace's own sender is judged where it is set."""
    if phrases.is_role(definition.sender_email):
        yield Caution(
            "sender",
            f"{definition.sender_email} is nobody's own address. People answer a person, and the "
            "replies should reach one.",
        )
    elif definition.sender_name and phrases.is_department(definition.sender_name):
        yield Caution(
            "sender",
            f"“{definition.sender_name}” is a department. Mails from a named person are answered, "
            "mails from a department are not.",
        )
    if definition.positioning is Positioning.HELP_ME_HELP_YOU and definition.sender == NAMED:
        yield Caution(
            "sender",
            "“Help me to help you” is a promise of the account's owner, and they do not ask here. "
            "In another name it reads like a measurement.",
        )
