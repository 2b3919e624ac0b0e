"""Who gets which message, by lot: the same for a preview and for the launch after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from afterscore.domain import lots
from afterscore.domain.reminders import PlannedTouch, TouchKind
from afterscore.programs.models import Enrolment, Program
from afterscore.programs.queries import sending
from afterscore.programs.queries.judging import Person


class Arms(NamedTuple):
    """Of each message with a hold-out: whether this person gets it. "" where no lot was drawn."""

    heads_up: str = ""
    reminder: str = ""

    def leave_out(self, kind: TouchKind) -> bool:
        arms = {TouchKind.HEADS_UP: self.heads_up, TouchKind.REMINDER: self.reminder}
        return kind in arms and arms[kind] != Enrolment.Arm.TREATED


def draw_arms(
    *, program: Program, seed: int, number: int, person: Person, planned: Sequence[PlannedTouch]
) -> Arms:
    """Of the person with this number in the wave. No lot is drawn for what cannot be done."""
    heads_up = reminder = ""
    if sending.may_be_told_ahead(program=program, person=person):
        heads_up = _arm(seed, "heads_up", number, program.heads_up_hold_out)
    if any(touch.kind is TouchKind.REMINDER for touch in planned):
        reminder = _arm(seed, "reminder", number, program.reminder_hold_out)
    return Arms(heads_up, reminder)


def _arm(seed: int, purpose: str, number: int, ratio: float) -> Enrolment.Arm:
    held_out = lots.is_drawn(seed=seed, purpose=purpose, number=number, ratio=ratio)
    return Enrolment.Arm.HELD_OUT if held_out else Enrolment.Arm.TREATED
