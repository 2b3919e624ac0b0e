"""The work of everybody at a glance: who has how much, what of it is late, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from afterscore.cases.models import Case
from afterscore.cases.queries import days
from afterscore.domain.casework import State
from afterscore.workspaces.models import Member, Workspace

OPEN_STATES = (State.NEW, State.IN_PROGRESS, State.WAITING, State.RESOLVED, State.REOPENED)


@dataclass(frozen=True, slots=True)
class Load:
    """The open cases of one member, or of nobody."""

    owner: Member | None
    open: int = 0
    late: int = 0
    today: int = 0
    wrote: int = 0
    waiting: int = 0
    new: int = 0
    in_progress: int = 0
    resolved: int = 0
    reopened: int = 0


def list_loads(*, workspace: Workspace, members: list[Member], now: datetime) -> list[Load]:
    """Of every member given, also without a case, and of whoever else has some; nobody's first.

    Late means that the customer waits for us: a case that waits for the customer is not.
    """
    loads = {load.owner.pk if load.owner else None: load for load in _loads(workspace, now)}
    known = {member.pk for member in members}
    rows = [loads[None]] if None in loads else []
    rows += [loads.get(member.pk, Load(member)) for member in members]
    return rows + [load for key, load in loads.items() if key is not None and key not in known]


def _loads(workspace: Workspace, now: datetime) -> list[Load]:
    ours = ~Q(state=State.WAITING)
    day_ends_at = days.day_ends_at(workspace, now=now)
    rows = (
        Case.objects.filter(workspace=workspace, next_due_at__isnull=False)
        .values("owner")
        .annotate(
            open=Count("id"),
            late=Count("id", filter=ours & Q(next_due_at__lt=now)),
            today=Count("id", filter=Q(next_due_at__gte=now, next_due_at__lt=day_ends_at)),
            wrote=Count("id", filter=Q(customer_wrote_at__isnull=False)),
            **{state.value: Count("id", filter=Q(state=state)) for state in OPEN_STATES},
        )
        .order_by()
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    keys = [row["owner"] for row in found if row["owner"]]
    owners = Member.objects.select_related("user").in_bulk(keys)
    return [
        Load(owners.get(row["owner"]), **{key: row[key] for key in row if key != "owner"})
        for row in found
    ]
