"""The cases of one person in the order of her day: `domain.daylist` decides, this looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Q, QuerySet

from afterscore.cases.models import Case, Commitment, Mention, Task
from afterscore.cases.queries import days, listing, pages, tasks
from afterscore.cases.queries.filters import NO_FILTERS, Filters
from afterscore.cases.queries.listing import Show
from afterscore.domain import casework, daylist
from afterscore.domain.daylist import Item, Section
from afterscore.kit.among import among
from afterscore.workspaces.models import Member, Workspace

MOST = 2_000
"""Nobody works through more in a day; what is due later comes up as she does."""

KEYS = ("next_due_at", "priority", "draw", "customer_wrote_at", "state", "changed_at")


@dataclass(frozen=True, slots=True)
class Work:
    """The first thing to do in a case that is no answer to the customer."""

    title: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A page of the day: its rows, which section each stands in, how many each section has, and
    what is to be done in some of them."""

    cases: list[Case]
    sections: Mapping[int, Section]
    counts: Mapping[Section, int]
    work: Mapping[int, Work]
    total: int


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
    mentioned = unseen_mentions(workspace=workspace, member=member)
    work = work_of(workspace=workspace, member=member, until=day_ends_at)
    items = [_item(case, mentioned, work, is_ours=True) for case in _own(member, filters, now=now)]
    if asked_for := mentioned | set(work):
        others = _others(member, asked_for, filters, now=now)
        items += [_item(case, mentioned, work, is_ours=False) for case in others]
    placed = daylist.in_order(items, now=now, day_ends_at=day_ends_at)
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
    )


def unseen_mentions(*, workspace: Workspace, member: Member) -> set[int]:
    """The keys of the cases in which somebody named her and she has not looked since."""
    rows = Mention.objects.filter(workspace=workspace, member=member, seen_at=None)
    return set(rows.values_list("entry__case", flat=True)[:MOST])


def work_of(*, workspace: Workspace, member: Member, until: datetime) -> dict[int, Work]:
    """By the key of the case: her tasks and promises that are due before an instant, and what her
    department is asked for, under its name."""
    zone = days.zone_of(workspace)
    asked = tasks.list_asked_of(member=member, before=until)
    promises = Commitment.objects.filter(
        workspace=workspace,
        promised_by=member,
        settled_at=None,  # also where its day is over: a broken promise is still owed
        due_on__lt=until.astimezone(zone).date(),
    )
    todo = [
        *(
            (task.case_id, Work(_title(task), task.due_at))
            for task in asked[:MOST]
            if task.due_at is not None
        ),
        *(
            (case, Work(f"Promised: {text}", datetime.combine(due_on, time.max, tzinfo=zone)))
            for case, text, due_on in promises.values_list("case", "text", "due_on")[:MOST]
        ),
    ]
    first: dict[int, Work] = {}
    for case, work in sorted(todo, key=lambda pair: pair[1].due_at):
        if work.due_at < until:
            first.setdefault(case, work)
    return first


def _title(task: Task) -> str:
    pool = tasks.pool_of(task)
    return f"{pool}: {task.title}" if pool else task.title
