"""Does a program belong to the company, or to one department? Warnings with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain.departments import Department
from afterscore.domain.health import Rate

ENOUGH_CLOSED = 0.8
"""Of the loops that had time to be closed. A workspace is warned when it is surely below."""

FEWEST_LOOPS = 20
FEWEST_ACTS = 10
"""Below so much nobody can say who takes part, or whether loops are closed."""

READING_DAYS = 30
"""An executive who has looked at nothing for so long does not steer by it."""


class Subject(StrEnum):
    SPONSOR = "sponsor"
    DEPARTMENTS = "departments"
    EXECUTIVES = "executives"
    LOOPS = "loops"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`acts` counts what members of each department did in cases; None for those of no department.

    `sponsors_missing` names programs without a sponsor. `loops` are those that had time: how many
    are closed, of how many.
    """

    sponsors_missing: Sequence[str]
    acts: dict[Department | None, int]
    executives: int
    executives_reading: int
    loops: Rate


@dataclass(frozen=True, slots=True)
class Finding:
    """`is_well` is None where nobody can tell yet."""

    subject: Subject
    is_well: bool | None
    text: str
    remedy: str = ""


def check(facts: Facts) -> list[Finding]:
    """One finding for each subject, what is not well first."""
    found = [_sponsor(facts), _departments(facts), _executives(facts), _loops(facts)]
    return sorted(found, key=lambda each: (each.is_well is not False, each.is_well is True))


def _sponsor(facts: Facts) -> Finding:
    missing = facts.sponsors_missing
    if not missing:
        return Finding(Subject.SPONSOR, is_well=True, text="An executive stands up for it by name.")
    names = " and ".join(f"“{name}”" for name in missing[:2])
    more = f" and {len(missing) - 2} more programs" if len(missing) > 2 else ""
    verb = "has" if len(missing) == 1 else "have"
    return Finding(
        Subject.SPONSOR,
        is_well=False,
        text=f"{names}{more} {verb} no sponsor.",
        remedy="Name an executive who stands up for it. Without one, it ends with its first "
        "inconvenient answer.",
    )


def _departments(facts: Facts) -> Finding:
    total = sum(facts.acts.values())
    if total < FEWEST_ACTS:
        return Finding(
            Subject.DEPARTMENTS,
            is_well=None,
            text=f"{_counted(total, 'act')} in cases so far: too few to say who takes part.",
        )
    known = [department for department in facts.acts if department is not None]
    if not known:
        return Finding(
            Subject.DEPARTMENTS,
            is_well=None,
            text="Nobody who works on cases has a department.",
            remedy="Say in Settings, People, who belongs to which department.",
        )
    if len(known) > 1:
        names = ", ".join(sorted(department.label for department in known))
        return Finding(
            Subject.DEPARTMENTS, is_well=True, text=f"{len(known)} departments take part: {names}."
        )
    (only,) = known
    return Finding(
        Subject.DEPARTMENTS,
        is_well=False,
        text=f"{only.label} alone acts on what customers say.",
        remedy="Route cases to other departments by theme, or give them tasks. What one department "
        "keeps to itself, the others do not mend.",
    )


def _executives(facts: Facts) -> Finding:
    if facts.executives == 0:
        return Finding(
            Subject.EXECUTIVES,
            is_well=False,
            text="Nobody of Leadership has a seat here.",
            remedy="Invite an executive, and set the department to Leadership. A viewer's seat is "
            "enough.",
        )
    if facts.executives_reading == 0:
        return Finding(
            Subject.EXECUTIVES,
            is_well=False,
            text=f"No executive has looked at it for {READING_DAYS} days.",
            remedy="Send them the page of Leadership: it takes a minute.",
        )
    who = "executive has" if facts.executives_reading == 1 else "executives have"
    return Finding(
        Subject.EXECUTIVES,
        is_well=True,
        text=f"{facts.executives_reading} {who} looked at it within {READING_DAYS} days.",
    )


def _loops(facts: Facts) -> Finding:
    loops = facts.loops
    if loops.n < FEWEST_LOOPS:
        return Finding(
            Subject.LOOPS,
            is_well=None,
            text=f"{_counted(loops.n, 'loop')} had time to be closed: too few to say how it goes.",
        )
    ratio = loops.count / loops.n
    told = f"{loops.count:,} of {loops.n:,} loops that had time are closed ({ratio:.0%})."
    if loops.high < ENOUGH_CLOSED:
        return Finding(
            Subject.LOOPS,
            is_well=False,
            text=told,
            remedy="Ask fewer people, or give follow-up more time: whoever answers and hears "
            "nothing answers once.",
        )
    return Finding(Subject.LOOPS, is_well=True if ratio >= ENOUGH_CLOSED else None, text=told)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
