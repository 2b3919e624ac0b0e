from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from afterscore.customers.models import Contact
from afterscore.outreach.models import Delivery, InboundEvent, Message, Suppression
from afterscore.outreach.operations import planning, suppressions


def erase(*, contact: Contact, now: datetime) -> Iterable[str]:
    """Mails keep that and when they went, nothing of what they said or to whom."""
    if contact.email:
        suppressions.suppress(
            workspace=contact.workspace,
            email=contact.email,
            reason=Suppression.Reason.ERASED,
            source="Asked to be erased",
            now=now,
        )
    planning.cancel_messages(
        workspace=contact.workspace, contact=contact, why="Erased on request.", now=now
    )
    mine = Message.objects.filter(workspace=contact.workspace, contact=contact)
    Delivery.objects.filter(workspace=contact.workspace, message__in=mine).update(detail="")
    InboundEvent.objects.filter(
        workspace=contact.workspace, message__in=mine, processed_at__isnull=False
    ).delete()
    mine.update(to_email="", to_name="", subject="", body="", fields={}, reply="")
    return mine.values_list("public_id", flat=True)
