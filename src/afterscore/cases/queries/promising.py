"""What was promised: the promises of one case, those still owed, and the record."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from afterscore.cases.models import Case, Commitment
from afterscore.domain import promises
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Member, Workspace


def list_commitments(*, workspace: Workspace, case: Case | None = None) -> QuerySet[Commitment]:
    """Those still owed first, by their day; then what is settled, the latest first."""
    found = Commitment.objects.filter(workspace=workspace)
    if case is not None:
        found = found.filter(case=case)
    return found.select_related(
        "case__contact", "case__account", "case__owner__user", "promised_by__user"
    ).order_by("settled_at", "due_on", "id")


def list_owed(*, workspace: Workspace, member: Member | None = None) -> QuerySet[Commitment]:
    """Not done and not released, the most overdue first; a member's are those in her cases, and
    those that she gave in cases of nobody."""
    owed = list_commitments(workspace=workspace).filter(settled_at=None)
    if member is not None:
        owed = owed.filter(Q(case__owner=member) | Q(case__owner=None, promised_by=member))
    return owed.order_by("due_on", "id")


def list_settled(*, workspace: Workspace, member: Member | None = None) -> QuerySet[Commitment]:
    settled = list_commitments(workspace=workspace).filter(settled_at__isnull=False)
    if member is not None:
        settled = settled.filter(Q(case__owner=member) | Q(promised_by=member))
    return settled.order_by("-settled_at", "-id")


def get_commitment(*, workspace: Workspace, public_id: str) -> Commitment:
    try:
        return list_commitments(workspace=workspace).get(public_id=public_id)
    except Commitment.DoesNotExist as error:
        raise NotFound("There is no such promise.") from error


def promise_record(
    *, workspace: Workspace, since: date | None = None, member: Member | None = None
) -> promises.Record:
    """Of promises that were due from `since` on: kept in time, or broken."""
    found = Commitment.objects.filter(workspace=workspace)
    if since is not None:
        found = found.filter(due_on__gte=since)
    if member is not None:
        found = found.filter(Q(case__owner=member) | Q(promised_by=member))
    counts = found.aggregate(
        kept=Count("id", filter=Q(state=promises.State.KEPT)),
        broken=Count("id", filter=Q(state=promises.State.BROKEN)),
    )
    return promises.Record(**counts)


def count_owed(*, workspace: Workspace, member: Member, today: date) -> tuple[int, int]:
    """A member's promises that are due today or late, and those of them that are late."""
    counts = list_owed(workspace=workspace, member=member).aggregate(
        due=Count("id", filter=Q(due_on__lte=today)), late=Count("id", filter=Q(due_on__lt=today))
    )
    return counts["due"], counts["late"]
