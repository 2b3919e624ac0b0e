"""Which answers a page is about: a program and a stretch of time, as a sentence to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest

from afterscore.cases.queries import Period
from afterscore.kit.errors import NotFound
from afterscore.programs.models import Program, Wave
from afterscore.workspaces.models import Workspace

ALL_TIME = "all"
PERIODS = {
    "30": "the last 30 days",
    "90": "the last 90 days",
    "180": "the last half year",
    "365": "the last 12 months",
    ALL_TIME: "all time",
}
WHEN = {days: f"in {words}" for days, words in PERIODS.items()} | {ALL_TIME: "at any time"}
USUAL = "90"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody asked for, and what it means in queries."""

    days: str
    program: Program | None
    programs: tuple[Program, ...]
    period: Period

    @property
    def words(self) -> str:
        return PERIODS[self.days]

    @property
    def when(self) -> str:
        """After a verb: "in the last 90 days"."""
        return WHEN[self.days]

    @property
    def is_all_time(self) -> bool:
        return self.days == ALL_TIME

    @property
    def query(self) -> str:
        """For addresses of the same choice; empty for the usual one."""
        return self.query_with()

    def query_with(self, **more: str) -> str:
        given = {
            "period": self.days if self.days != USUAL else "",
            "program": self.program.slug if self.program else "",
        }
        return urlencode({name: value for name, value in (given | more).items() if value})


def choose(request: HttpRequest, workspace: Workspace, *, now: datetime) -> Chosen:
    """Raises NotFound for a program that does not exist; an unknown period is the usual one."""
    days = request.GET.get("period", USUAL)
    days = days if days in PERIODS else USUAL
    programs = tuple(Program.objects.filter(workspace=workspace).order_by("name"))
    slug = request.GET.get("program", "")
    program = next((each for each in programs if each.slug == slug), None)
    if slug and program is None:
        raise NotFound("There is no such program.")
    waves = None
    if program is not None:
        waves = list(Wave.objects.filter(workspace=workspace, program=program))
    since = None if days == ALL_TIME else now - timedelta(days=int(days))
    return Chosen(days, program, programs, Period(since=since, waves=waves))
