"""Programs at a glance: the last wave of each, and when the next one makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from afterscore.programs.models import Program, Wave
from afterscore.programs.queries import finding, rates
from afterscore.programs.queries.rates import ResponseRate
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Overview:
    """`wave` is the last one; `next_at` is when its people may be asked again by this program.

    Without a wave all three are None: the program may be launched at any time.
    """

    program: Program
    wave: Wave | None = None
    rate: ResponseRate | None = None
    next_at: datetime | None = None


def list_overview(*, workspace: Workspace) -> list[Overview]:
    programs = finding.list_programs(workspace=workspace)
    latest = {
        wave.program_id: wave
        for wave in Wave.objects.filter(workspace=workspace)
        .order_by("program", "-number")
        .distinct("program")
    }
    return [_overview(program, latest.get(program.pk)) for program in programs]


def _overview(program: Program, wave: Wave | None) -> Overview:
    if wave is None:
        return Overview(program)
    rate = rates.response_rate(workspace=program.workspace, waves=[wave])
    return Overview(program, wave, rate, next_wave_at(program, wave))


def next_wave_at(program: Program, wave: Wave) -> datetime:
    """A cadence after the last launch; not before that wave closes while it is open."""
    again = wave.launched_at + timedelta(days=program.cadence_days)
    return max(again, wave.closes_at) if wave.state in finding.OPEN_STATES else again
