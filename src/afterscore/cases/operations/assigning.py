from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from afterscore.cases import queries
from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import history
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.kit.errors import Refused
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, Workspace


def may_own(member: Member | None) -> bool:
    """Whether somebody can work on cases: an active member who is more than a viewer."""
    return member is not None and member.is_active and member.role in queries.ANSWERING_ROLES


def choose_owner(response: Response) -> tuple[Member | None, str]:
    """Who gets the case of an answer, and why; nobody only in a workspace nobody works in."""
    account = response.account
    if account is not None and account.owner is not None and may_own(account.owner):
        return account.owner, f"{account.owner} looks after this account."
    free = _least_busy(response.workspace)
    if free is None:
        return None, "Nobody is there to take it. Add a member who answers customers."
    return free, f"{free} has the fewest open cases."


def _least_busy(workspace: Workspace) -> Member | None:
    """Fewest open cases; among equals, whoever has waited longest for one."""
    loads = {
        row["owner"]: (row["open"], row["latest"])
        for row in Case.objects.filter(workspace=workspace, next_due_at__isnull=False)
        .values("owner")
        .annotate(open=Count("id"), latest=Max("id"))
    }
    members = queries.list_assignable(workspace=workspace)
    return min(members, key=lambda member: (*loads.get(member.pk, (0, 0)), member.pk), default=None)


@transaction.atomic
def assign(*, case: Case, owner: Member, actor: Actor, now: datetime) -> Case:
    """Gives the case to a member. Nothing happens when she has it already."""
    case = history.lock(case)
    if owner.workspace_id != case.workspace_id or not may_own(owner):
        raise Refused(
            f"{owner} cannot answer customers. Choose an active agent, manager or owner.",
            field="owner",
        )
    if case.owner_id == owner.pk:
        return case
    before, case.owner = case.owner, owner
    history.add_entry(
        case,
        kind=Entry.Kind.CHANGE,
        author=history.author_of(case, actor),
        text=f"Handed over from {before} to {owner}." if before else f"Given to {owner}.",
        now=now,
    )
    return history.keep(
        case,
        event=events.CaseAssigned(case.public_id, owner=owner.public_id),
        actor=actor,
        now=now,
    )
