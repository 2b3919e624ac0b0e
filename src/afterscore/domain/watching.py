"""What whoever watches somebody else's case hears of it: the turns it takes, not every step."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from afterscore.domain import events
from afterscore.domain.casework import Outcome
from afterscore.domain.check_backs import Answer
from afterscore.domain.events import CaseNoted
from afterscore.domain.second_thoughts import Change


class Turn(StrEnum):
    WROTE = "wrote"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"


RETURNING = frozenset({Turn.WROTE, Turn.CHANGED, Turn.REOPENED, Turn.HANDED_OVER})
"""Turns that put the case into its owner's own day, which tells her, or of which she is told as its
owner."""

_BY_FACT = {
    events.CustomerReplied.name: Turn.WROTE,
    events.CaseClosed.name: Turn.CLOSED,
    events.CaseReopened.name: Turn.REOPENED,
    events.CaseAssigned.name: Turn.HANDED_OVER,
}


def turn_of(name: str, payload: Mapping[str, Any]) -> Turn | None:
    """What a fact means to a watcher; None where it means nothing to her."""
    if name == events.CaseChanged.name:
        return Turn.CHANGED if payload.get("is_news") else None
    if name == CaseNoted.name:
        return Turn.WROTE if payload.get("kind") == "customer" else None
    if name == events.CheckBackAnswered.name:
        return Turn.WROTE if Answer(payload["answer"]).wakes else Turn.CONFIRMED
    return _BY_FACT.get(name)


def change_in(payload: Mapping[str, Any]) -> Change:
    return Change(payload["score_before"], payload["score"], payload["comment"])


def hears(watcher: str, *, turn: Turn, actor: str, owner: str) -> bool:
    """Nobody hears of what she did herself, and no owner of what her own day tells her."""
    if watcher == actor:
        return False
    return watcher != owner or turn not in RETURNING


def describe_change(change: Change, *, whom: str) -> str:
    return f"{whom} {' and '.join(change.deeds)}."


def describe(turn: Turn, *, whom: str, who: str = "", to: str = "", outcome: str = "") -> str:
    """One sentence. `whom` is the customer; `who` did it, "" for the system; `to` whom it went."""
    case = f"the case of {whom}"
    if turn is Turn.HANDED_OVER:
        return _handed_over(case, who, to or "somebody else")
    ending = f": {_small(Outcome(outcome).label)}" if outcome else ""
    mine, passive = {
        Turn.WROTE: (f"{whom} wrote", ""),
        Turn.CONFIRMED: (f"{whom} says that it is solved", ""),
        Turn.CLOSED: (f"{who} closed {case}{ending}", f"The case of {whom} was closed{ending}"),
        Turn.REOPENED: (f"{who} opened {case} again", f"The case of {whom} is open again"),
    }[turn]
    return f"{mine if who or not passive else passive}."


def _handed_over(case: str, who: str, to: str) -> str:
    if not who:
        return f"{to} has {case} now."
    return f"{who} took over {case}." if who == to else f"{who} gave {case} to {to}."


def _small(label: str) -> str:
    return label[0].lower() + label[1:]
