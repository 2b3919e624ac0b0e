"""A ledger of a dozen answers, worked out by hand. docs/algorithms/loop-ledger.md shows the same.

The desk is open round the clock, so that hours can be counted on fingers. All times are hours
before NOW; `due` hours after the answer. "-" is never.

     score  comment  answered  due  replied after  closed after  stands        promise
 a     3      yes       800     24        10             50       closed        kept
 b     5      yes       700     24        30             90       closed        broken
 c     0      no        600     24         -              -       late          broken
 d     6      no         20     24         -              -       in time       not due
 e     7      yes       500     72        50             50       closed        kept
 f     8      no        400     72         -            300       given up      broken
 g     8      no        390     72        80              -       late          broken
 h     9      yes       600    120        40            100       closed        kept
 i    10      yes       480    120         -            120       closed        broken
 j    10      no        450    120       100            110       closed        kept
 k     9      no       1000    120         -            400       given up      broken
 l    10      yes        30    120         5              -       in time       not due
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from afterscore.cases.models import Case
from afterscore.domain import nps
from afterscore.domain.casework import NotClosedReason, Outcome, State
from afterscore.domain.nps import Group
from tests import builders
from tests.cases.answers import open_for
from tests.people import NOW, People


@dataclass(frozen=True)
class Answer:
    name: str
    score: int
    speaks: bool
    age: int
    due: int
    replied: int | None
    closed: int | None
    gives_up: bool = False
    minutes: int = 0


ANSWERS = (
    Answer("a", 3, True, 800, 24, 10, 50, minutes=30),
    Answer("b", 5, True, 700, 24, 30, 90, minutes=20),
    Answer("c", 0, False, 600, 24, None, None),
    Answer("d", 6, False, 20, 24, None, None),
    Answer("e", 7, True, 500, 72, 50, 50, minutes=10),
    Answer("f", 8, False, 400, 72, None, 300, gives_up=True),
    Answer("g", 8, False, 390, 72, 80, None, minutes=5),
    Answer("h", 9, True, 600, 120, 40, 100, minutes=10),
    Answer("i", 10, True, 480, 120, None, 120),
    Answer("j", 10, False, 450, 120, 100, 110, minutes=15),
    Answer("k", 9, False, 1000, 120, None, 400, gives_up=True),
    Answer("l", 10, True, 30, 120, 5, None, minutes=5),
)


def write_down(people: People) -> dict[str, Case]:
    """The dozen as rows, by name. Ana has the unhappy ones, Max the others."""
    wave = builders.launch_wave(people.workspace, launched_at=NOW - timedelta(days=60))
    wave.closes_at = NOW + timedelta(days=1)
    wave.save()
    return {answer.name: _case(people, answer) for answer in ANSWERS}


def _case(people: People, answer: Answer) -> Case:
    answered = NOW - timedelta(hours=answer.age)
    owner = people.ana if nps.group_of(answer.score) is Group.DETRACTOR else people.max
    case = open_for(
        people,
        score=answer.score,
        comment=f"Words of {answer.name}." if answer.speaks else "",
        name=f"Person {answer.name}",
        owner=owner,
        now=answered,
    )
    due = answered + timedelta(hours=answer.due)
    case.due_at, case.next_due_at, case.minutes = due, due, answer.minutes
    if answer.replied is not None:
        case.first_reply_at = answered + timedelta(hours=answer.replied)
        case.state = State.IN_PROGRESS
    if answer.closed is not None:
        case.closed_at = answered + timedelta(hours=answer.closed)
        case.state, case.next_due_at = State.CLOSED, None
        case.outcome = Outcome.NOT_CLOSED if answer.gives_up else Outcome.SOLVED
        case.not_closed_reason = NotClosedReason.TIME if answer.gives_up else ""
    case.save()
    return case
