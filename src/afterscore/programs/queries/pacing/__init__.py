"""How fast a wave asks, and whom on which day."""

from __future__ import annotations

from afterscore.programs.queries.pacing.crowds import Crowd, Seat, Seats, seat
from afterscore.programs.queries.pacing.desk import Desk, desk_of, due_policy, pace_of
from afterscore.programs.queries.pacing.drips import Drip, drip_of, foresee, seats_of
from afterscore.programs.queries.pacing.plans import (
    Planned,
    Situation,
    is_working_day,
    situation_of,
    work_out,
)
from afterscore.programs.queries.pacing.replans import (
    Replan,
    list_waves_to_replan,
    replan_of,
    takes_its_time,
)
from afterscore.programs.queries.pacing.written import (
    Day,
    Kept,
    OwnerDays,
    kept_plan,
    to_data,
)

__all__ = [
    "Crowd",
    "Day",
    "Desk",
    "Drip",
    "Kept",
    "OwnerDays",
    "Planned",
    "Replan",
    "Seat",
    "Seats",
    "Situation",
    "desk_of",
    "drip_of",
    "due_policy",
    "foresee",
    "is_working_day",
    "kept_plan",
    "list_waves_to_replan",
    "pace_of",
    "replan_of",
    "seat",
    "seats_of",
    "situation_of",
    "takes_its_time",
    "to_data",
    "work_out",
]
