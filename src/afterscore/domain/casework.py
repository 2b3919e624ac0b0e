"""The life of a case: states, deadlines, urgency and how it ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
    """Business days until a customer of each group must have heard from us.

    `promised_days` is what customers were told; nothing moves a deadline beyond it.
    """

    detractor_days: float = 1
    passive_days: float = 3
    promoter_days: float = 5
    promised_days: float = math.inf

    def days_for(self, group: Group) -> float:
        match group:
            case Group.DETRACTOR:
                return self.detractor_days
            case Group.PASSIVE:
                return self.passive_days
            case Group.PROMOTER:
                return self.promoter_days

    def longest_for(self, group: Group) -> float:
        """Days that remain acceptable while the owner is away: twice as many, as promised."""
        days = self.days_for(group)
        return max(days, min(2 * days, self.promised_days))


DEFAULT_DUE_POLICY = DuePolicy()


def due_at(
    group: Group,
    received_at: datetime,
    calendar: calendars.Calendar,
    policy: DuePolicy = DEFAULT_DUE_POLICY,
    *,
    away: frozenset[date] = frozenset(),
) -> datetime:
    """The instant, in UTC, by which an answer received at `received_at` is to be answered.

    Days on which its owner is away do not count, as far as the customer can wait that long.
    """
    if not away:
        return _due_of(group, received_at, calendar, policy)
    latest = calendars.add_business_days(calendar, received_at, policy.longest_for(group))
    return min(_due_of(group, received_at, calendar.without(away), policy), latest)


def _due_of(
    group: Group, received_at: datetime, calendar: calendars.Calendar, policy: DuePolicy
) -> datetime:
    return calendars.add_business_days(calendar, received_at, policy.days_for(group))


def may_wait(
    group: Group,
    received_at: datetime,
    calendar: calendars.Calendar,
    policy: DuePolicy = DEFAULT_DUE_POLICY,
    *,
    away: frozenset[date],
) -> bool:
    """Whether somebody away on these days has as many days of her own as the group is given, before
    the customer has waited too long."""
    latest = calendars.add_business_days(calendar, received_at, policy.longest_for(group))
    return _due_of(group, received_at, calendar.without(away), policy) <= latest


WARNING_HOURS = 2.0
"""Business hours before a deadline in which whoever has the case is warned."""


def is_near_until(now: datetime, calendar: calendars.Calendar) -> datetime:
    """A deadline up to this instant is near: fewer than WARNING_HOURS of business are left."""
    return calendars.add_business_hours(calendar, now, WARNING_HOURS)


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


@dataclass(frozen=True, slots=True)
class History:
    """What the same person said before: the group of the last answer, and whether the loop of an
    earlier one was never closed."""

    before: Group | None = None
    left_open: bool = False


NO_HISTORY = History()
_GROUP_URGENCY = {Group.DETRACTOR: 2, Group.PASSIVE: 1, Group.PROMOTER: 0}


def priority(
    group: Group,
    revenue: Decimal | None,
    renewal_in_days: int | None,
    has_comment: bool,  # noqa: FBT001 - a fact about the answer, named at each call
    *,
    history: History = NO_HISTORY,
    pressing: Sequence[str] = (),
    policy: PriorityPolicy = DEFAULT_PRIORITY_POLICY,
) -> Priority:
    """How urgent a case is. Silence never lowers it: a customer without a comment counts in full.

    `revenue` None or `renewal_in_days` None means unknown; a renewal in the past does not count.
    `pressing` are the names of the rules by which it is more urgent: one step, however many.
    """
    level = _GROUP_URGENCY[group]
    reasons = [group.value.capitalize()]
    if renewal := _renewal_phrase(renewal_in_days, policy):
        level += 1
        reasons.append(renewal)
    if revenue is not None and revenue >= policy.large_revenue:
        level += 1
        reasons.append("Large account")
    if past := _past_phrase(group, history):
        level += 1
        reasons.append(past)
    if pressing:
        level += 1
        reasons.extend(f"Rule: {name}" for name in pressing)
    if group is Group.PROMOTER and has_comment:
        level += 1
        reasons.append("Told us what they like")
    if not has_comment:
        reasons.append("No comment: ask what is behind the score")
    return Priority(min(level, HIGHEST_PRIORITY), tuple(reasons))


_AS_BEFORE = {
    Group.PROMOTER: "a promoter",
    Group.PASSIVE: "passive",
    Group.DETRACTOR: "a detractor",
}


def _past_phrase(group: Group, history: History) -> str:
    """What the history adds; one step at most, for the gravest."""
    before = history.before
    if before is not None and _GROUP_URGENCY[group] > _GROUP_URGENCY[before]:
        return f"Was {_AS_BEFORE[before]} before"
    if group is before is Group.DETRACTOR:
        return "Detractor again"
    if history.left_open:
        return "Nobody closed the loop last time"
    return ""


def _renewal_phrase(days: int | None, policy: PriorityPolicy) -> str:
    if days is None or not 0 <= days <= policy.renewal_window_days:
        return ""
    if days == 0:
        return "Renews today"
    return f"Renews in {days} day{'' if days == 1 else 's'}"


def as_of_today(
    reasons: Sequence[str],
    renewal_in_days: int | None,
    policy: PriorityPolicy = DEFAULT_PRIORITY_POLICY,
) -> tuple[str, ...]:
    """Reasons that were kept some days ago, with the renewal as near as it is by now."""
    kept = [reason for reason in reasons if not reason.startswith("Renews ")]
    renewal = _renewal_phrase(renewal_in_days, policy)
    return (*kept[:1], *([renewal] if renewal else []), *kept[1:])
