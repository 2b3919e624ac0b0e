"""The life of a case: states, deadlines, urgency and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from afterscore.domain import calendars
from afterscore.domain.nps import Group


class State(StrEnum):
    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Action(StrEnum):
    START = "start"
    REPLY = "reply"
    WAIT = "wait"
    CUSTOMER_REPLIED = "customer_replied"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"


class Outcome(StrEnum):
    """What became of a conversation, chosen when its case is closed."""

    SOLVED = "solved"
    UNDERSTOOD = "understood"
    THANKED = "thanked"
    PASSED_ON = "passed_on"
    FEATURE_SHOWN = "feature_shown"
    REFERRAL_GIVEN = "referral_given"
    TESTIMONIAL_GIVEN = "testimonial_given"
    NO_REPLY = "no_reply"
    NOT_CLOSED = "not_closed"

    @property
    def label(self) -> str:
        return _OUTCOME_LABELS[self]


class NotClosedReason(StrEnum):
    """Why the loop with a customer was not closed."""

    TIME = "time"
    GROUP_NOT_IN_FOCUS = "group_not_in_focus"
    NO_COMMENT = "no_comment"
    UNREACHABLE = "unreachable"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _REASON_LABELS[self]


_OUTCOME_LABELS = {
    Outcome.SOLVED: "The problem is solved",
    Outcome.UNDERSTOOD: "We understand what is behind the score",
    Outcome.THANKED: "We thanked the customer",
    Outcome.PASSED_ON: "Passed on to the team that can act on it",
    Outcome.FEATURE_SHOWN: "We showed something the customer did not use yet",
    Outcome.REFERRAL_GIVEN: "The customer recommended us to somebody",
    Outcome.TESTIMONIAL_GIVEN: "The customer gave a testimonial",
    Outcome.NO_REPLY: "We wrote, the customer did not reply",
    Outcome.NOT_CLOSED: "The loop was not closed",
}

_REASON_LABELS = {
    NotClosedReason.TIME: "No time for it",
    NotClosedReason.GROUP_NOT_IN_FOCUS: "This group was not in focus",
    NotClosedReason.NO_COMMENT: "The customer left no comment",
    NotClosedReason.UNREACHABLE: "The customer could not be reached",
    NotClosedReason.OTHER: "Another reason",
}

OPEN_STATES = frozenset({State.NEW, State.IN_PROGRESS, State.WAITING, State.REOPENED})

_OPEN_MOVES = {
    Action.RESOLVE: State.RESOLVED,
    Action.CLOSE: State.CLOSED,
}

# What is absent is not allowed. A customer's word reopens what we had thought finished.
_MOVES: dict[State, dict[Action, State]] = {
    State.NEW: _OPEN_MOVES
    | {
        Action.START: State.IN_PROGRESS,
        Action.REPLY: State.IN_PROGRESS,
        Action.WAIT: State.WAITING,
        Action.CUSTOMER_REPLIED: State.NEW,
    },
    State.IN_PROGRESS: _OPEN_MOVES
    | {
        Action.REPLY: State.IN_PROGRESS,
        Action.WAIT: State.WAITING,
        Action.CUSTOMER_REPLIED: State.IN_PROGRESS,
    },
    State.WAITING: _OPEN_MOVES
    | {
        Action.START: State.IN_PROGRESS,
        Action.REPLY: State.WAITING,
        Action.CUSTOMER_REPLIED: State.IN_PROGRESS,
    },
    State.REOPENED: _OPEN_MOVES
    | {
        Action.START: State.IN_PROGRESS,
        Action.REPLY: State.IN_PROGRESS,
        Action.WAIT: State.WAITING,
        Action.CUSTOMER_REPLIED: State.REOPENED,
    },
    State.RESOLVED: {
        Action.REPLY: State.RESOLVED,
        Action.CUSTOMER_REPLIED: State.REOPENED,
        Action.CLOSE: State.CLOSED,
        Action.REOPEN: State.REOPENED,
    },
    State.CLOSED: {
        Action.CUSTOMER_REPLIED: State.REOPENED,
        Action.REOPEN: State.REOPENED,
    },
}

_REFUSED_DEEDS = {
    Action.START: "started",
    Action.REPLY: "replied to",
    Action.WAIT: "put on hold",
    Action.CUSTOMER_REPLIED: "continued by the customer",
    Action.RESOLVE: "resolved",
    Action.CLOSE: "closed",
    Action.REOPEN: "reopened",
}


class NotAllowed(Exception):
    """An action that a case in this state does not take; its text is a sentence for the agent."""

    def __init__(self, state: State, action: Action) -> None:
        self.state = State(state)
        self.action = Action(action)
        now = self.state.label.lower()
        super().__init__(f"This case is {now}; it cannot be {_REFUSED_DEEDS[self.action]} now.")


class OutcomeNeeded(Exception):
    """A case was to be closed without saying how it ended."""


def transition(state: State, action: Action) -> State:
    """The state after an action; raises NotAllowed. Closing by hand goes through `close`."""
    try:
        return _MOVES[state][action]
    except KeyError:
        raise NotAllowed(state, action) from None


def allowed_actions(state: State) -> tuple[Action, ...]:
    """What may be done with a case, in the order of `Action`."""
    return tuple(action for action in Action if action in _MOVES[state])


def close(state: State, *, outcome: Outcome | None, reason: NotClosedReason | None = None) -> State:
    """The closed state; raises NotAllowed, or OutcomeNeeded if it is not said how it ended."""
    closed = transition(state, Action.CLOSE)
    if outcome is None:
        raise OutcomeNeeded("Say how this case ended before you close it.")
    if outcome == Outcome.NOT_CLOSED and reason is None:
        raise OutcomeNeeded("Say why the loop with this customer was not closed.")
    if outcome != Outcome.NOT_CLOSED and reason is not None:
        raise OutcomeNeeded("A reason belongs only to a loop that was not closed.")
    return closed


@dataclass(frozen=True, slots=True)
class DuePolicy:
    """Business days until a customer of each group must have heard from us."""

    detractor_days: float = 1
    passive_days: float = 3
    promoter_days: float = 5

    def days_for(self, group: Group) -> float:
        match group:
            case Group.DETRACTOR:
                return self.detractor_days
            case Group.PASSIVE:
                return self.passive_days
            case Group.PROMOTER:
                return self.promoter_days


DEFAULT_DUE_POLICY = DuePolicy()


def due_at(
    group: Group,
    received_at: datetime,
    calendar: calendars.Calendar,
    policy: DuePolicy = DEFAULT_DUE_POLICY,
) -> datetime:
    """The instant, in UTC, by which an answer received at `received_at` is to be answered."""
    return calendars.add_business_days(calendar, received_at, policy.days_for(group))


@dataclass(frozen=True, slots=True)
class PriorityPolicy:
    """From which revenue, and how close to a renewal, a case becomes more urgent.

    `large_revenue` is in the currency in which the caller states revenue.
    """

    large_revenue: Decimal = Decimal(10_000)
    renewal_window_days: int = 90


DEFAULT_PRIORITY_POLICY = PriorityPolicy()
HIGHEST_PRIORITY = 3


@dataclass(frozen=True, slots=True, order=True)
class Priority:
    """0 (in its turn) to 3 (first), and why, as short phrases for the case's page."""

    level: int
    reasons: tuple[str, ...]


_GROUP_URGENCY = {Group.DETRACTOR: 2, Group.PASSIVE: 1, Group.PROMOTER: 0}


def priority(
    group: Group,
    revenue: Decimal | None,
    renewal_in_days: int | None,
    has_comment: bool,  # noqa: FBT001 - a fact about the answer, named at each call
    *,
    policy: PriorityPolicy = DEFAULT_PRIORITY_POLICY,
) -> Priority:
    """How urgent a case is. Silence never lowers it: a customer without a comment counts in full.

    `revenue` None or `renewal_in_days` None means unknown; a renewal in the past does not count.
    """
    level = _GROUP_URGENCY[group]
    reasons = [group.value.capitalize()]
    if renewal_in_days is not None and 0 <= renewal_in_days <= policy.renewal_window_days:
        level += 1
        reasons.append(_renewal_phrase(renewal_in_days))
    if revenue is not None and revenue >= policy.large_revenue:
        level += 1
        reasons.append("Large account")
    if group is Group.PROMOTER and has_comment:
        level += 1
        reasons.append("Told us what they like")
    if not has_comment:
        reasons.append("No comment: ask what is behind the score")
    return Priority(min(level, HIGHEST_PRIORITY), tuple(reasons))


def _renewal_phrase(days: int) -> str:
    if days == 0:
        return "Renews today"
    return f"Renews in {days} day{'' if days == 1 else 's'}"
