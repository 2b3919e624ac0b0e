"""How often to write: what each kind of program suggests, and the caps that no program passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MAX_INVITATION_MESSAGES = 3
"""Automated messages of one invitation: heads-up, the invitation itself and its reminders."""

MAX_FOLLOW_UPS = 2
"""Automated messages after an answer. A conversation the customer continues is not counted."""


class Positioning(StrEnum):
    """What a program is for the person who is asked."""

    HELP_ME_HELP_YOU = "help_me_help_you"
    BETWEEN = "between"
    MEASUREMENT = "measurement"

    @property
    def label(self) -> str:
        return _POSITIONING_LABELS[self]


_POSITIONING_LABELS = {
    Positioning.HELP_ME_HELP_YOU: "Help me to help you: the account's owner asks, and acts on it",
    Positioning.BETWEEN: "In between",
    Positioning.MEASUREMENT: "Measurement: one question to many",
}


@dataclass(frozen=True, slots=True)
class TouchPolicy:
    """The messages a program starts with, and why."""

    heads_up: str  # "mail", or "" for none
    reminders: int
    why: str


_POLICIES = {
    Positioning.HELP_ME_HELP_YOU: TouchPolicy(
        heads_up="mail",
        reminders=1,
        why="The asking serves this customer, so a word ahead and one reminder are welcome. "
        "Announcing the question is what raises participation most.",
    ),
    Positioning.BETWEEN: TouchPolicy(
        heads_up="",
        reminders=1,
        why="One invitation and one reminder. A third message brings few further answers.",
    ),
    Positioning.MEASUREMENT: TouchPolicy(
        heads_up="",
        reminders=0,
        why="The benefit is ours, not the customer's; more mails do not help, however many.",
    ),
}


def touch_policy(positioning: Positioning) -> TouchPolicy:
    """The defaults to propose; each may be changed within the caps."""
    return _POLICIES[positioning]


class TouchKind(StrEnum):
    HEADS_UP = "heads_up"
    INVITATION = "invitation"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class PlannedTouch:
    """One message to come. `step` counts reminders from 1; it is 0 for the other kinds."""

    kind: TouchKind
    step: int
    due_at: datetime


class TooMany(ValueError):
    """More messages than anybody may be sent; the text is a sentence for the manager."""


def plan(
    *,
    start: datetime,
    reminders: int,
    gap_days: int,
    closes_at: datetime | None,
    heads_up_days: int | None = None,
) -> tuple[PlannedTouch, ...]:
    """The messages of one invitation, in order of time, as instants in UTC.

    The invitation is due at `start`, a heads-up `heads_up_days` before it, reminders every
    `gap_days` after it; a reminder due when the survey has closed is left out. Raises TooMany
    above the cap, ValueError for instants without a zone, gaps under a day or a close before the
    start.
    """
    _refuse_too_many(reminders, heads_up=heads_up_days is not None)
    _refuse_gap_under_a_day(reminders, gap_days, heads_up_days)
    begins = _in_utc(start)
    closes = None if closes_at is None else _in_utc(closes_at)
    if closes is not None and closes <= begins:
        raise ValueError("the survey closes before its invitation is due")
    touches = [PlannedTouch(TouchKind.INVITATION, 0, begins)]
    if heads_up_days is not None:
        ahead = begins - timedelta(days=heads_up_days)
        touches.insert(0, PlannedTouch(TouchKind.HEADS_UP, 0, ahead))
    for step in range(1, reminders + 1):
        due = begins + timedelta(days=step * gap_days)
        if closes is None or due < closes:
            touches.append(PlannedTouch(TouchKind.REMINDER, step, due))
    return tuple(touches)


def _refuse_too_many(reminders: int, *, heads_up: bool) -> None:
    if reminders < 0:
        raise ValueError("the number of reminders is zero or more")
    messages = 1 + reminders + heads_up
    if messages > MAX_INVITATION_MESSAGES:
        raise TooMany(
            f"That makes {messages} messages for one invitation. Nobody gets more than "
            f"{MAX_INVITATION_MESSAGES}, heads-up and reminders included."
        )


def _refuse_gap_under_a_day(reminders: int, gap_days: int, heads_up_days: int | None) -> None:
    if reminders and gap_days < 1:
        raise ValueError("at least one day lies between two messages")
    if heads_up_days is not None and heads_up_days < 1:
        raise ValueError("at least one day lies between two messages")


def _in_utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("an instant needs a time zone; this one has none")
    return at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Send:
    """The next message may go."""


@dataclass(frozen=True, slots=True)
class Stop:
    """No further message; `why` is a sentence for whoever asks."""

    why: str


def may_follow_up(automated_sent: int) -> Send | Stop:
    """Whether one more automated message may follow an answer."""
    if automated_sent < MAX_FOLLOW_UPS:
        return Send()
    return Stop(
        f"{MAX_FOLLOW_UPS} automated messages already followed this answer; "
        "write personally if there is more to say."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What happened since a person's invitation."""

    answered: bool = False
    unsubscribed: bool = False
    bounced: bool = False
    contacted_personally: bool = False
    reminders_sent: int = 0
    heads_up_sent: bool = False
    opted_in: bool = False


def may_remind(progress: Progress, *, reminder_works: bool) -> Send | Stop:
    """Whether the next reminder may go.

    `reminder_works`: the first reminder demonstrably brought answers from people like this one.
    The second goes only on that evidence, or to those who opted in to the feedback program.
    """
    stops = (
        (progress.answered, "Has answered."),
        (progress.unsubscribed, "Unsubscribed."),
        (progress.bounced, "Mail to the address came back."),
        (progress.contacted_personally, "Somebody spoke with them personally."),
        (
            1 + progress.reminders_sent + progress.heads_up_sent >= MAX_INVITATION_MESSAGES,
            f"Has had all {MAX_INVITATION_MESSAGES} messages of this invitation.",
        ),
        (
            progress.reminders_sent > 0 and not (reminder_works or progress.opted_in),
            "A second reminder needs evidence that the first one worked, or the person's opt-in.",
        ),
    )
    return next((Stop(why) for applies, why in stops if applies), Send())
