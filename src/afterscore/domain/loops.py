"""The loop ledger: what became of every answer, against 100 %. Counts come from queries; here
stands what they mean. See docs/algorithms/loop-ledger.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from afterscore.domain.experiments import Arm
from afterscore.domain.health import Rate
from afterscore.domain.nps import Group
from afterscore.domain.survival import Span

RIPE_AFTER = timedelta(days=14)
"""Only older answers are compared with each other: the loops of younger ones may still be closing,
and groups with a later deadline would look neglected."""

FINE_HOURS = tuple(map(float, (*range(1, 49), *range(54, 337, 6), *range(360, 2161, 24))))
"""How finely waiting is told: to the hour for two days, to a quarter of a day for two weeks, then
to the day. What takes longer than the last had not happened within 90 days."""

COARSE_HOURS = (1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 36.0, 48.0, 72.0, 96.0, 120.0, 168.0, 240.0, 336.0,
                504.0, 720.0, 1080.0, 1440.0, 2160.0)  # fmt: skip
"""The same where many owners or segments stand beside each other."""

FEWEST_TO_RANK = 20
"""Answers of an owner, a department or a segment, before its shares are set beside others."""


FEWEST_WATCHED = 10
"""A curve is drawn, and its median told, until fewer are left because the time of most is not up
yet."""


class Standing(StrEnum):
    """Where the loop with one respondent stands. Each counted answer is in exactly one."""

    CLOSED = "closed"
    IN_TIME = "in_time"
    LATE = "late"
    GIVEN_UP = "given_up"
    NO_CASE = "no_case"

    @property
    def label(self) -> str:
        return _STANDINGS[self][0]

    @property
    def meaning(self) -> str:
        return _STANDINGS[self][1]


_STANDINGS = {
    Standing.CLOSED: ("Closed", "Closed with an outcome other than that the loop was not closed."),
    Standing.IN_TIME: ("Open, still in time", "Open, and nothing in the case is overdue."),
    Standing.LATE: ("Open and late", "Open, and the next step is overdue."),
    Standing.GIVEN_UP: ("Not closed", "Given up, with the reason why the loop was not closed."),
    Standing.NO_CASE: ("No case yet", "The answer came in and its case is not open yet."),
}


class Promise(StrEnum):
    """Whether the customer heard from a person by the time we had set ourselves."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Count:
    """So many answers of one kind. `is_contacted`: a reply, or a call that reached the customer,
    is written down."""

    group: Group
    has_comment: bool
    standing: Standing
    promise: Promise
    is_ripe: bool
    is_contacted: bool
    answers: int
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """How long some answers waited, in hours, and whether it has happened to them."""

    group: Group
    has_comment: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger: some answers, and where their loops stand."""

    closed: int = 0
    in_time: int = 0
    late: int = 0
    given_up: int = 0
    no_case: int = 0
    kept: int = 0
    broken: int = 0
    uncontacted: int = 0  # closed, with no reply and no call written down
    minutes: int = 0

    @property
    def answers(self) -> int:
        return self.closed + self.in_time + self.late + self.given_up + self.no_case

    @property
    def share(self) -> Rate:
        """Closed of all, the young and the given up included."""
        return Rate(self.closed, self.answers)

    @property
    def promise(self) -> Rate:
        """Heard from us in time, of those whose time is up."""
        return Rate(self.kept, self.kept + self.broken)

    @property
    def minutes_per_closed(self) -> float | None:
        """All minutes that were written down, also those for loops that are still open."""
        return self.minutes / self.closed if self.closed else None

    @property
    def is_ranked(self) -> bool:
        return self.answers >= FEWEST_TO_RANK

    def count_of(self, standing: Standing) -> int:
        return int(getattr(self, standing.value))


def line(counts: Iterable[Count]) -> Line:
    """Adds up what was counted."""
    sums: dict[str, int] = dict.fromkeys(Line.__dataclass_fields__, 0)
    for each in counts:
        sums[each.standing] += each.answers
        if each.promise is not Promise.NOT_DUE:
            sums[each.promise] += each.answers
        if each.standing is Standing.CLOSED and not each.is_contacted:
            sums["uncontacted"] += each.answers
        sums["minutes"] += each.minutes
    return Line(**sums)


def ripe(counts: Iterable[Count]) -> Arm:
    """Of the answers that are old enough to compare: how many, and how many loops are closed."""
    old = [each for each in counts if each.is_ripe]
    closed = sum(each.answers for each in old if each.standing is Standing.CLOSED)
    return Arm(sum(each.answers for each in old), closed)


def describe_hours(hours: float) -> str:
    """A length of time as one says it: "5 hours", "1.5 days", "12 days"."""
    if hours < 36:
        whole = round(hours)
        return f"{whole} hour{'' if whole == 1 else 's'}"
    days = hours / 24
    text = f"{days:.1f}".removesuffix(".0") if days < 10 else f"{days:.0f}"
    return f"{text} days"


def describe_range(low: float | None, high: float | None) -> str:
    """From one length of time to another, either of them open: "3.8 to 4 days", "over 2 days"."""
    if low is None:
        return "" if high is None else f"under {describe_hours(high)}"
    if high is None:
        return f"over {describe_hours(low)}"
    first, last = describe_hours(low), describe_hours(high)
    if first == last:
        return f"about {last}"
    number, unit = first.split(" ")
    return f"{number} to {last}" if last.endswith(unit) else f"{first} to {last}"
