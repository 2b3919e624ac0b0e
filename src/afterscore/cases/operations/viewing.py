"""What somebody wants to come back to: selections of the work list, and filters of figures."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.cases.models import SavedView
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member

MOST = 30
LONGEST_NAME = 60
LONGEST_QUERY = 2_000


@transaction.atomic
def save_view(
    *,
    member: Member,
    name: str,
    query: str,
    is_shared: bool,
    actor: Actor,
    now: datetime,
    page: str = "inbox",
) -> SavedView:
    """Under a name that she has already on this page, the view is replaced."""
    name = " ".join(name.split())
    if not name:
        raise Refused("Give the view a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} characters.", field="name")
    if len(query) > LONGEST_QUERY:
        raise Refused("This filter is too long to be kept. Take something out of it first.")
    own = SavedView.objects.filter(workspace_id=member.workspace_id, member=member, page=page)
    if own.exclude(name=name).count() >= MOST:
        raise Refused(f"There are {MOST} views already. Remove one first.", field="name")
    view, _is_new = SavedView.objects.update_or_create(
        workspace_id=member.workspace_id,
        member=member,
        page=page,
        name=name,
        defaults={"query": query, "is_shared": is_shared},
        create_defaults={"query": query, "is_shared": is_shared, "created_at": now},
    )
    journal.record(
        workspace=member.workspace,
        event=events.ViewChanged(view.public_id, changed=("saved",)),
        actor=actor,
        now=now,
    )
    return view


@transaction.atomic
def remove_view(*, view: SavedView, actor: Actor, now: datetime) -> None:
    journal.record(
        workspace=view.workspace,
        event=events.ViewChanged(view.public_id, changed=("removed",)),
        actor=actor,
        now=now,
    )
    view.delete()
