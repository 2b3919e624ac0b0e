"""The cases of one person in the order of her day: `domain.daylist` decides, this looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Case as Whether
from django.db.models import CharField, DateField, DateTimeField, Q, QuerySet, Value, When

from afterscore.cases.models import Case, Commitment, Mention, Task
from afterscore.cases.queries import days, listing, pages, tasks
from afterscore.cases.queries.filters import NO_FILTERS, Filters
from afterscore.cases.queries.listing import Show
from afterscore.domain import casework, daylist
from afterscore.domain.daylist import Item, Section
from afterscore.domain.departments import Department
from afterscore.kit.among import among
from afterscore.workspaces.models import Member, Workspace

MOST = 2_000
"""Nobody works through more in a day; what is due later comes up as she does."""

POOL = 5
"""Of what her department is asked for and nobody has taken; the rest is on the page of tasks."""

KEYS = ("next_due_at", "priority", "draw", "customer_wrote_at", "state", "changed_at")


@dataclass(frozen=True, slots=True)
class Work:
    """The first thing to do in a case that is no answer to the customer; `is_pool` where all there
    is to do is for anybody in the department."""

    title: str
    due_at: datetime
    is_pool: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A page of the day: its rows, which section each stands in, how many each section has, what is
    to be done in some of them, and in how many more her department is asked for."""

    cases: list[Case]
    sections: Mapping[int, Section]
    counts: Mapping[Section, int]
    work: Mapping[int, Work]
    total: int
    pool_left: int = 0


def day_of(
    *,
    workspace: Workspace,
    member: Member,
    now: datetime,
    filters: Filters = NO_FILTERS,
    start: int = 0,
    size: int = 50,
) -> Day:
    day_ends_at = days.day_ends_at(workspace, now=now)
    mentioned, work = asked_of(workspace=workspace, member=member, until=day_ends_at)
    items = [_item(case, mentioned, work, is_ours=True) for case in _own(member, filters, now=now)]
    if asked_for := mentioned | set(work):
        others = _others(member, asked_for, filters, now=now)
        items += [_item(case, mentioned, work, is_ours=False) for case in others]
    placed, pool_left = daylist.cap_pool(
        daylist.in_order(items, now=now, day_ends_at=day_ends_at), most=POOL
    )
    counts = dict.fromkeys(Section, 0)
    for _placed, section in placed:
        counts[section] += 1
    shown = placed[start : start + size]
    return Day(
        cases=pages.rows_of([item.key for item, _section in shown]),
        sections={item.key: section for item, section in shown},
        counts=counts,
        work=work,
        total=len(placed),
        pool_left=pool_left,
    )


def _own(member: Member, filters: Filters, *, now: datetime) -> QuerySet[Case]:
    found = listing.select_cases(
        workspace=member.workspace, now=now, show=Show.MINE, member=member, filters=filters
    )
    return found.order_by("next_due_at", "-priority", "id").only(*KEYS)[:MOST]


def _others(member: Member, keys: set[int], filters: Filters, *, now: datetime) -> QuerySet[Case]:
    """Cases of others, or closed ones, in which she is asked for."""
    found = listing.select_cases(
        workspace=member.workspace, now=now, show=None, member=member, filters=filters
    )
    own = Q(owner=member, next_due_at__isnull=False)
    return found.filter(~own, among("pk", sorted(keys))).only(*KEYS)


def _item(case: Case, mentioned: set[int], work: Mapping[int, Work], *, is_ours: bool) -> Item:
    todo = work.get(case.pk)
    return Item(
        key=case.pk,
        next_due_at=case.next_due_at or case.changed_at,
        priority=case.priority,
        draw=case.draw,
        customer_wrote_at=case.customer_wrote_at,
        is_waiting=case.state == casework.State.WAITING,
        is_mentioned=case.pk in mentioned,
        is_ours=is_ours,
        work_due_at=todo.due_at if todo else None,
        is_pool=todo is not None and todo.is_pool,
    )


def asked_of(
    *, workspace: Workspace, member: Member, until: datetime
) -> tuple[set[int], dict[int, Work]]:
    """In which cases somebody named her and she has not looked since, and what is to be done in
    some, by the keys of the cases: her tasks and promises that are due before an instant, and what
    her department is asked for, under its name. One query."""
    zone = days.zone_of(workspace)
    mentioned: set[int] = set()
    todo: list[tuple[int, Work]] = []
    for kind, case, title, department, due_at, due_on in _asked(member, until.astimezone(zone)):
        if kind == _MENTION:
            mentioned.add(case)
        elif kind == _PROMISE:
            ends_at = datetime.combine(due_on, time.max, tzinfo=zone)
            todo.append((case, Work(f"Promised: {title}", ends_at)))
        else:
            pool = f"{Department(department).label}: " if department else ""
            todo.append((case, Work(f"{pool}{title}", due_at, is_pool=bool(pool))))
    return mentioned, _first(todo)


_TASK, _PROMISE, _MENTION = "task", "promise", "mention"


def _asked(member: Member, until: datetime) -> QuerySet[Task, tuple[Any, ...]]:
    """Rows of (kind, case, title, department whose anybody may take it, due at, due on)."""
    nothing, never = Value("", CharField()), Value(None, DateTimeField())
    no_day = Value(None, DateField())
    in_pool = Whether(When(owner=None, then="department"), default=nothing)
    work = tasks.list_asked_of(member=member, before=until).filter(due_at__isnull=False)
    promises = Commitment.objects.filter(
        workspace=member.workspace,
        promised_by=member,
        settled_at=None,  # also where its day is over: a broken promise is still owed
        due_on__lt=until.date(),
    )
    mentions = Mention.objects.filter(workspace=member.workspace, member=member, seen_at=None)
    return work.values_list(Value(_TASK), "case_id", "title", in_pool, "due_at", no_day)[
        :MOST
    ].union(
        promises.values_list(Value(_PROMISE), "case_id", "text", nothing, never, "due_on")[:MOST],
        mentions.values_list(Value(_MENTION), "entry__case_id", nothing, nothing, never, no_day)[
            :MOST
        ],
        all=True,
    )


def _first(todo: Iterable[tuple[int, Work]]) -> dict[int, Work]:
    """Of each case what is due first, her own before her department's."""
    first: dict[int, Work] = {}
    for case, work in sorted(todo, key=lambda pair: (pair[1].is_pool, pair[1].due_at)):
        first.setdefault(case, work)
    return first
