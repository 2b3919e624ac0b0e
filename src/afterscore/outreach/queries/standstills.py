"""Why mails do not leave, and what is in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from afterscore.domain import doubts
from afterscore.domain.doubts import Doubt
from afterscore.outreach.models import Delivery, Guard, Message, State
from afterscore.outreach.queries.conditions import ASKING, PATIENCE, WAITING
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Overdue:
    count: int
    reason: str  # what the sender wrote beside the first of them, if anything


@dataclass(frozen=True, slots=True)
class Standstill:
    """What keeps mails from leaving: a guard of the whole install (with why it is closed), a pause
    of the workspace, or else something on the way, told by what is late."""

    guard: str | None = None
    is_paused: bool = False
    overdue: Overdue | None = None

    def __bool__(self) -> bool:
        return self.guard is not None or self.is_paused or self.overdue is not None


def find_overdue(*, workspace: Workspace, now: datetime) -> Overdue | None:
    """Messages that should have gone out a while ago: nobody sends, or nobody can."""
    late = _late(workspace, now)
    count = 0 if workspace.is_sending_paused else late.count()
    if not count:
        return None
    reason = _reasons(late).values_list("reason", flat=True).first()
    return Overdue(count=count, reason=reason or "")


def find_standstill(*, workspace: Workspace, stream: str, now: datetime) -> Standstill:
    """Why mails of this stream do not leave, asked in one go; empty where all is well."""
    late = _late(workspace, now).filter(stream=stream)
    closed = Guard.objects.filter(is_closed=True).order_by("changed_at")
    counted = late.order_by().values("workspace").annotate(mails=Count("pk"))
    guard, count, reason = (
        Workspace.objects.filter(pk=workspace.pk)
        .annotate(
            guard=Subquery(closed.values("why")[:1]),
            late=Subquery(counted.values("mails")),
            late_why=Subquery(_reasons(late).values("reason")[:1]),
        )
        .values_list("guard", "late", "late_why")
        .get()
    )
    is_stopped = guard is not None or workspace.is_sending_paused
    overdue = Overdue(count, reason or "") if count and not is_stopped else None
    return Standstill(guard, workspace.is_sending_paused, overdue)


def _late(workspace: Workspace, now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(
        workspace=workspace, state__in=WAITING, is_held=False, due_at__lt=now - PATIENCE
    )


def _reasons(late: QuerySet[Message]) -> QuerySet[Message]:
    """Those beside which the sender wrote why, the longest late first."""
    return late.exclude(reason="").order_by("due_at")


def list_in_doubt(*, since: datetime) -> list[tuple[Message, Doubt]]:
    """Invitations and reminders of every workspace, the oldest first."""
    heard = Delivery.objects.filter(workspace=OuterRef("workspace"), message=OuterRef("pk"))
    later = Message.objects.filter(
        workspace=OuterRef("workspace"),
        stream=OuterRef("stream"),
        contact=OuterRef("contact"),
        handed_at__gt=OuterRef("handed_at"),
    )
    found = (
        Message.objects.filter(state=State.IN_DOUBT, kind__in=ASKING, handed_at__gt=since)
        .select_related("workspace", "contact")
        .annotate(is_heard_of=Exists(heard), is_overtaken=Exists(later))
    )
    return [(message, _doubt(message)) for message in found.order_by("handed_at", "pk")]


def _doubt(message: Any) -> Doubt:
    return Doubt(
        since=message.handed_at,
        resends=message.resends,
        valid_until=message.valid_until,
        is_heard_of=message.is_heard_of,
        is_overtaken=message.is_overtaken,
    )


def count_stale_doubts(*, workspace: Workspace, now: datetime) -> int:
    """In doubt for so long that nothing more is to be expected of anybody but a person."""
    return Message.objects.filter(
        workspace=workspace, state=State.IN_DOUBT, handed_at__lte=now - doubts.STALE
    ).count()
