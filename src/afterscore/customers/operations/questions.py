"""Questions that were shown to somebody in an application or a portal, by this product itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from afterscore.customers.models import Contact, Signal
from afterscore.customers.queries.signals import OWN_SOURCE, SURVEY


@transaction.atomic
def note_question(*, contact: Contact, key: str, channel: str, program: str, now: datetime) -> bool:
    """It counts as one automated message and as an asking, like what other systems report.

    Once for each `key`; whether this was the first time. The caller records the fact.
    """
    _, is_new = Signal.objects.get_or_create(
        workspace_id=contact.workspace_id,
        source=OWN_SOURCE,
        external_id=key,
        defaults={
            "kind": Signal.Kind.MESSAGE,
            "name": SURVEY,
            "contact": contact,
            "account_id": contact.account_id,
            "attributes": {"program": program, "channel": channel},
            "occurred_at": now,
            "recorded_at": now,
        },
    )
    if is_new:
        earlier = Q(last_asked_at=None) | Q(last_asked_at__lt=now)
        Contact.objects.filter(earlier, pk=contact.pk).update(last_asked_at=now)
    return is_new
