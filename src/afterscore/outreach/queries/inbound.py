"""What came in about messages."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.db.models.functions import Left

from afterscore.domain import events
from afterscore.journal import queries as journal
from afterscore.kit.errors import NotFound
from afterscore.outreach.models import InboundEvent, Message
from afterscore.outreach.queries.conditions import MAIL, OPEN
from afterscore.workspaces.models import Workspace


class Lifted(NamedTuple):
    """When somebody had an address written to again, and who: as the journal names them."""

    at: datetime
    actor: str


def find_only_workspace() -> Workspace | None:
    """Where there is no other, mail that names nobody can only be meant for this one."""
    found = list(Workspace.objects.all()[:2])
    return found[0] if len(found) == 1 else None


def list_inbound(*, workspace: Workspace, open_only: bool = False) -> QuerySet[InboundEvent]:
    """Mail that came to addresses of ours, newest first; of each `beginning` alone, not `body`."""
    rows = InboundEvent.objects.filter(workspace=workspace, source=MAIL)
    if open_only:
        rows = rows.filter(OPEN)
    rows = (
        rows.select_related("message__contact").defer("body").annotate(beginning=Left("body", 8000))
    )
    return rows.order_by("-received_at", "-id")


def has_inbound() -> bool:
    """Whether mail has come in of late, in whatever workspace."""
    everywhere = list(Workspace.objects.values_list("pk", flat=True))
    return InboundEvent.objects.filter(workspace__in=everywhere, source=MAIL).exists()


def list_inbound_about(*, message: Message) -> QuerySet[InboundEvent]:
    rows = InboundEvent.objects.filter(workspace=message.workspace, source=MAIL, message=message)
    return rows.defer("body").order_by("received_at", "id")


def list_lifted(*, message: Message) -> list[Lifted]:
    """When somebody said that the address of this message works after all; oldest first. It may
    have been said at another message to the same address."""
    same = Message.objects.filter(
        workspace=message.workspace, contact=message.contact_id, to_email=message.to_email
    )
    subjects = list(same.values_list("public_id", flat=True))
    facts = journal.list_facts(workspace=message.workspace, subjects=subjects)
    trusted = facts.filter(name=events.AddressTrusted.name).order_by("occurred_at", "id")
    return [Lifted(fact.occurred_at, fact.actor) for fact in trusted]


def count_inbound(*, workspace: Workspace) -> tuple[int, int]:
    """All of it, and what is left to a person."""
    rows = InboundEvent.objects.filter(workspace=workspace, source=MAIL)
    found = rows.aggregate(every=Count("pk"), left=Count("pk", filter=OPEN))
    return found["every"], found["left"]


def get_inbound(*, workspace: Workspace, public_id: str) -> InboundEvent:
    try:
        return InboundEvent.objects.select_related("message__contact").get(
            workspace=workspace, public_id=public_id, source=MAIL
        )
    except InboundEvent.DoesNotExist as error:
        raise NotFound("There is no such mail, or it is too old to be kept.") from error
