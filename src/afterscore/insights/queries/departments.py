"""What customers' words mean for a department: the figures, and what is done about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from afterscore.cases.models import Case, Task
from afterscore.domain import casework, mentions, nps
from afterscore.domain.departments import Department
from afterscore.domain.health import Rate
from afterscore.domain.improving import State
from afterscore.domain.mentions import Change, Shift
from afterscore.domain.nps import Histogram
from afterscore.improvements import queries as improvements
from afterscore.improvements.models import Improvement, Objective, Theme
from afterscore.improvements.queries import Listed
from afterscore.insights.queries.raised import Stretch
from afterscore.insights.queries.speaking import Speakers, Spoken
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

VERBATIMS_SHOWN = 6
TASKS_SHOWN = 6
DAYS = (30, 90, 180, 365)
USUAL_DAYS = 90
OPEN_STATES = sorted(casework.OPEN_STATES)


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme in a period. `revenue` is a year's, of the companies behind it, in `currency`;
    `later` more people only came to it after their answer.
    `revenue_ratio` is their part of the revenue of all companies that answered."""

    theme: Theme
    rate: Rate
    before: Rate
    change: Change
    shift: Shift | None
    histogram: Histogram
    revenue: Decimal
    currency: str
    accounts: int
    later: int
    revenue_ratio: float | None

    @property
    def is_ranked(self) -> bool:
        return mentions.is_enough(self.rate)

    @property
    def tally(self) -> nps.Tally:
        return nps.tally(self.histogram)


@dataclass(frozen=True, slots=True)
class Aim:
    """An objective, and how its theme stands."""

    objective: Objective
    row: ThemeRow | None


@dataclass(frozen=True, slots=True)
class Work:
    """What the department has in hand."""

    tasks: tuple[Task, ...]
    open_tasks: int
    late_tasks: int
    open_cases: int
    late_cases: int


@dataclass(frozen=True, slots=True)
class DepartmentView:
    department: Department
    days: int
    people: int
    own: tuple[ThemeRow, ...]
    others: tuple[ThemeRow, ...]
    verbatims: tuple[tuple[Response, str, tuple[str, ...]], ...]  # answer, case, its themes
    work: Work
    aims: tuple[Aim, ...]
    running: tuple[Listed, ...]
    done: tuple[Listed, ...]

    @property
    def leading(self) -> ThemeRow | None:
        """The own theme that most people raise, where enough answered to say so."""
        return next((row for row in self.own if row.is_ranked and row.rate.count), None)


def get_department(
    *, workspace: Workspace, department: Department, days: int = USUAL_DAYS, now: datetime
) -> DepartmentView:
    """Of the last `days`, beside as many before. Leadership sees the themes, objectives and
    improvements of all."""
    rows, people = list_theme_rows(workspace=workspace, days=days, now=now)
    own = [row for row in rows if is_own(row.theme, department)]
    whose = None if department is Department.LEADERSHIP else department
    listed = improvements.list_improvements(workspace=workspace, department=whose)
    since = now - timedelta(days=days)
    return DepartmentView(
        department=department,
        days=days,
        people=people,
        own=tuple(own),
        others=tuple(row for row in rows if row not in own and row.rate.count),
        verbatims=_verbatims(workspace, [row.theme for row in own], since, now),
        work=_work(workspace, department, now),
        aims=_aims(workspace, whose, rows),
        running=running_of(listed),
        done=done_of(listed, since=since),
    )


def is_own(theme: Theme, department: Department) -> bool:
    return department is Department.LEADERSHIP or theme.department == department


def running_of(listed: Sequence[Listed]) -> tuple[Listed, ...]:
    return tuple(each for each in listed if not State(each.improvement.state).is_ended)


def done_of(listed: Sequence[Listed], *, since: datetime) -> tuple[Listed, ...]:
    return tuple(each for each in listed if _was_done(each.improvement, since))


def _was_done(improvement: Improvement, since: datetime) -> bool:
    ended_at = improvement.ended_at
    return improvement.state == State.DONE and ended_at is not None and ended_at >= since


def list_theme_rows(
    *, workspace: Workspace, days: int, now: datetime
) -> tuple[list[ThemeRow], int]:
    """Every theme in use, by how many raise it; and how many people answered."""
    stretch = Stretch.last(workspace, days=days, now=now)
    earlier, current = stretch.before.count(), stretch.count()
    rates = list_rates(workspace=workspace, earlier=earlier, current=current)
    changes = mentions.changes(rates)
    currency = main_currency(current.everybody, workspace)
    rows = [
        _row(theme, rates[theme], changes[theme], current, currency=currency) for theme in rates
    ]
    rows.sort(key=lambda row: (-row.rate.count, row.theme.name))
    return rows, current.everybody.people


def list_rates(
    *, workspace: Workspace, earlier: Spoken, current: Spoken
) -> dict[Theme, tuple[Rate, Rate]]:
    """How many raised each theme in use, before and now."""
    return {
        theme: (earlier.rate_of(theme.public_id), current.rate_of(theme.public_id))
        for theme in improvements.list_themes(workspace=workspace, active_only=True)
    }


def _row(
    theme: Theme, rates: tuple[Rate, Rate], change: Change, current: Spoken, *, currency: str
) -> ThemeRow:
    before, rate = rates
    speakers = current.of(theme.public_id)
    revenue = speakers.revenue.get(currency, Decimal(0))
    whole = current.everybody.revenue.get(currency, Decimal(0))
    is_change = change in (Change.MORE, Change.FEWER)
    return ThemeRow(
        theme=theme,
        rate=rate,
        before=before,
        change=change,
        shift=mentions.shift(before, rate) if is_change else None,
        histogram=speakers.histogram,
        revenue=revenue,
        currency=currency,
        accounts=speakers.accounts,
        later=speakers.later,
        revenue_ratio=float(revenue / whole) if whole else None,
    )


def main_currency(everybody: Speakers, workspace: Workspace) -> str:
    """In which most of the revenue is stated; amounts of others are left out, never converted."""
    if not everybody.revenue:
        return workspace.currency
    return max(everybody.revenue, key=lambda unit: (everybody.revenue[unit], unit))


def _verbatims(
    workspace: Workspace, themes: Sequence[Theme], since: datetime, now: datetime
) -> tuple[tuple[Response, str, tuple[str, ...]], ...]:
    names = {theme.public_id: theme.name for theme in themes}
    found = (
        Case.objects.filter(
            workspace=workspace,
            themes__overlap=list(names),
            response__received_at__gte=since,
            response__received_at__lt=now,
            response__validity=Response.Validity.COUNTED,
        )
        .exclude(response__comment="")
        .select_related("response__contact", "response__account")
        .order_by("-response__received_at", "-id")[:VERBATIMS_SHOWN]
    )
    return tuple(
        (
            case.response,
            case.public_id,
            tuple(names[each] for each in case.themes if each in names),
        )
        for case in found
    )


def _work(workspace: Workspace, department: Department, now: datetime) -> Work:
    tasks = open_tasks(workspace=workspace, department=department)
    counted = tasks.aggregate(all=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
    cases = open_cases(workspace=workspace, department=department).aggregate(
        all=Count("id"), late=Count("id", filter=Q(next_due_at__lt=now))
    )
    return Work(
        tasks=tuple(tasks[:TASKS_SHOWN]),
        open_tasks=counted["all"],
        late_tasks=counted["late"],
        open_cases=cases["all"],
        late_cases=cases["late"],
    )


def open_tasks(*, workspace: Workspace, department: Department) -> QuerySet[Task]:
    """What is due first first."""
    return (
        Task.objects.filter(workspace=workspace, department=department, state=Task.State.OPEN)
        .select_related("case__contact", "case__account", "owner__user")
        .order_by("due_at", "id")
    )


def open_cases(*, workspace: Workspace, department: Department) -> QuerySet[Case]:
    return (
        Case.objects.filter(workspace=workspace, department=department, state__in=OPEN_STATES)
        .select_related("contact", "account", "response")
        .order_by("next_due_at", "id")
    )


def _aims(
    workspace: Workspace, department: Department | None, rows: Sequence[ThemeRow]
) -> tuple[Aim, ...]:
    by_theme = {row.theme.pk: row for row in rows}
    objectives = improvements.list_objectives(
        workspace=workspace, department=department, open_only=True
    )
    return tuple(
        Aim(each, by_theme.get(each.theme_id) if each.theme_id else None) for each in objectives
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """One department in a line."""

    department: Department
    leading: ThemeRow | None
    open_tasks: int
    open_cases: int
    running: int
    done: int


def list_overviews(
    *, workspace: Workspace, days: int = USUAL_DAYS, now: datetime
) -> tuple[list[Overview], int]:
    """Every department, and how many people answered in the last `days`."""
    rows, people = list_theme_rows(workspace=workspace, days=days, now=now)
    tasks = _by_department(
        Task.objects.filter(workspace=workspace, state=Task.State.OPEN).exclude(department="")
    )
    cases = _by_department(
        Case.objects.filter(workspace=workspace, state__in=OPEN_STATES).exclude(department="")
    )
    listed = improvements.list_improvements(workspace=workspace)
    return [
        Overview(
            department=department,
            leading=next(
                (
                    row
                    for row in rows
                    if is_own(row.theme, department) and row.is_ranked and row.rate.count
                ),
                None,
            ),
            open_tasks=tasks.get(department, 0),
            open_cases=cases.get(department, 0),
            running=len(running_of(_of(listed, department))),
            done=len(done_of(_of(listed, department), since=now - timedelta(days=days))),
        )
        for department in Department
    ], people


def _of(listed: Sequence[Listed], department: Department) -> list[Listed]:
    return [each for each in listed if each.improvement.department == department]


def _by_department(found: QuerySet[Task] | QuerySet[Case]) -> dict[str, int]:
    return dict(found.values_list("department").annotate(rows=Count("id")).order_by())
