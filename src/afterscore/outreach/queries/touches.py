"""What people were sent, for their time line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

from afterscore.customers.models import Contact
from afterscore.customers.registry import TimelineItem
from afterscore.outreach.models import Delivery, Kind, Message
from afterscore.outreach.queries.conditions import ASKING
from afterscore.workspaces.models import Workspace

MOST_ON_TIMELINE = 200
# In words, with icon and tone.
_ON_TIMELINE = {
    Delivery.Kind.BOUNCED: ("A mail came back", "bounce", "bad"),
    Delivery.Kind.COMPLAINED: ("Reported a mail as spam", "flag", "bad"),
    Delivery.Kind.UNSUBSCRIBED: ("Unsubscribed", "ban", "bad"),
    Delivery.Kind.AUTO_REPLIED: ("Replied automatically", "auto", ""),
}


def list_touches(*, workspace: Workspace, contacts: Sequence[Contact]) -> Iterator[TimelineItem]:
    """What was sent to these people to ask them, and what bounced, for their time line."""
    asked = Message.objects.filter(
        workspace=workspace, contact__in=contacts, kind__in=ASKING, sent_at__isnull=False
    ).select_related("contact")
    for message in asked.order_by("-sent_at")[:MOST_ON_TIMELINE]:
        yield TimelineItem(
            at=message.sent_at or message.due_at,
            title=f"{Kind(message.kind).label} sent",
            icon="send",
            url=reverse("outreach:message", args=[workspace.slug, message.public_id]),
            actor=message.sender_name,
            contact=message.contact,
        )
    ended = Delivery.objects.filter(
        workspace=workspace,
        message__contact__in=contacts,
        kind__in=list(_ON_TIMELINE),
    ).select_related("message__contact")
    for delivery in ended.order_by("-occurred_at")[:MOST_ON_TIMELINE]:
        yield TimelineItem(
            at=delivery.occurred_at,
            title=_ON_TIMELINE[Delivery.Kind(delivery.kind)][0],
            text=delivery.detail,
            icon=_ON_TIMELINE[Delivery.Kind(delivery.kind)][1],
            tone=_ON_TIMELINE[Delivery.Kind(delivery.kind)][2],
            url=reverse("outreach:message", args=[workspace.slug, delivery.message.public_id]),
            contact=delivery.message.contact,
        )
