"""What there is to do about an answer: kinds of steps, when each is due, what may come of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StepKind(StrEnum):
    MAIL = "mail"
    CALL = "call"
    ASK_REASON = "ask_reason"
    EDUCATE = "educate"
    ADVOCATE = "advocate"
    GIFT = "gift"
    DEPARTMENT = "department"
    CHECK_BACK = "check_back"
    TODO = "todo"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    StepKind.MAIL: "Write personally",
    StepKind.CALL: "Call",
    StepKind.ASK_REASON: "Find out the reason",
    StepKind.EDUCATE: "Show what they do not use",
    StepKind.ADVOCATE: "Ask for a referral or testimonial",
    StepKind.GIFT: "Say thank you with something",
    StepKind.DEPARTMENT: "Task for a department",
    StepKind.CHECK_BACK: "Check back",
    StepKind.TODO: "Something else",
}

WRITTEN = (StepKind.MAIL, StepKind.EDUCATE, StepKind.ADVOCATE)
"""Kinds that are done by a mail, for which there is a draft."""


AMONG_US = (StepKind.DEPARTMENT, StepKind.TODO)
"""Kinds that anybody of ours may finish: no word with the customer belongs to them."""


class Moment(StrEnum):
    """From when the days of a step are counted. Before that it is not due, and asks for nothing."""

    OPENING = "opening"
    REPLY = "reply"
    CLOSING = "closing"
    NEVER = "never"

    @property
    def label(self) -> str:
        return _MOMENT_LABELS[self]


_MOMENT_LABELS = {
    Moment.OPENING: "after the case is opened",
    Moment.REPLY: "after our first reply",
    Moment.CLOSING: "after the case is closed",
    Moment.NEVER: "no date: when it fits",
}


class Silence(StrEnum):
    """Why somebody gave a score and no comment, as they told it."""

    NO_TIME = "no_time"
    NOTHING_TO_ADD = "nothing_to_add"
    NO_WORDS = "no_words"
    NOT_SEEN = "not_seen"
    DOUBTS_USE = "doubts_use"
    PREFERS_TO_TALK = "prefers_to_talk"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a step. One that does not end it has it tried again on the next business day."""

    code: str
    label: str
    ends: bool = True


REACHED = Result("reached", "Spoke with them")
LEFT_MESSAGE = Result("left_message", "Left a message", ends=False)
NOT_REACHED = Result("not_reached", "Did not reach them", ends=False)
DONE = Result("done", "Done")

_RESULTS: dict[StepKind, tuple[Result, ...]] = {
    StepKind.MAIL: (Result("written", "Written"),),
    StepKind.CALL: (REACHED, LEFT_MESSAGE, NOT_REACHED),
    StepKind.ASK_REASON: (
        Result(Silence.NO_TIME, "Had no time"),
        Result(Silence.NOTHING_TO_ADD, "Nothing to add"),
        Result(Silence.NO_WORDS, "Did not know what to write"),
        Result(Silence.NOT_SEEN, "Did not see the field"),
        Result(Silence.DOUBTS_USE, "Expected nothing to come of it"),
        Result(Silence.PREFERS_TO_TALK, "Rather talks than writes"),
        Result(Silence.NOT_SAID, "Would not say"),
    ),
    StepKind.EDUCATE: (
        Result("shown", "Shown to them"),
        Result("known", "They know it already"),
        Result("not_wanted", "Not useful to them"),
    ),
    StepKind.ADVOCATE: (
        Result("referral", "Recommended us to somebody"),
        Result("testimonial", "Gave a testimonial"),
        Result("asked", "Asked, no answer yet"),
        Result("declined", "Would rather not"),
    ),
    StepKind.GIFT: (Result("given", "Given"),),
    StepKind.DEPARTMENT: (
        Result("acted", "Mended or done"),
        Result("planned", "Planned"),
        Result("declined", "We will not change this"),
    ),
    StepKind.CHECK_BACK: (
        Result("solved", "It is solved"),
        Result("asked", "Asked by mail"),
        Result("partly", "Solved in part"),
        Result("not_solved", "Not solved"),
    ),
    StepKind.TODO: (DONE,),
}


def results_of(kind: StepKind) -> tuple[Result, ...]:
    return _RESULTS[kind]


def result_of(kind: StepKind, code: str) -> Result | None:
    return next((result for result in _RESULTS[kind] if result.code == code), None)
