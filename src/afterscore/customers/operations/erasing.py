"""Forgetting a person: what they are called, where they are written to, and every word of theirs.

That they were asked, answered and how stays, without them: closed figures do not change.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from afterscore.customers import registry
from afterscore.customers.models import Contact, Refusal, Signal
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal

SHORTEST_NAME = 3  # shorter ones stand in half of all words


@transaction.atomic
def erase_contact(*, contact: Contact, actor: Actor, now: datetime) -> Contact:
    """For good, in one transaction; nothing more is sent to them. Safe to repeat.

    The address stays known as a keyed hash, so that an import of the same list brings it back
    without anybody writing to it.
    """
    locked = Contact.objects.select_for_update().select_related("workspace").get(pk=contact.pk)
    if locked.erased_at is not None:
        return locked
    journal.record(
        workspace=locked.workspace,
        event=events.ContactErased(locked.public_id),
        actor=actor,
        now=now,
    )
    registry.stop_asking(
        workspace=locked.workspace, since={locked.pk: now}, why="Erased on request.", now=now
    )
    subjects = registry.forget(contact=locked, now=now)
    words = [word for word in (locked.email, locked.name, locked.external_id) if word]
    _forget_refusals(locked, words)
    journal.forget_words(
        workspace=locked.workspace,
        subjects=[locked.public_id, *subjects],
        words=[word for word in words if len(word) >= SHORTEST_NAME],
    )
    Signal.objects.filter(workspace=locked.workspace, contact=locked).update(attributes={})
    return _blank(locked, now)


def _forget_refusals(contact: Contact, words: list[str]) -> None:
    """Rows of imports that were not taken, with all their cells."""
    mine = Q()
    for word in words:
        mine |= Q(text__contains=word) | Q(value__contains=word)
    if mine:
        Refusal.objects.filter(workspace=contact.workspace).annotate(
            text=Cast("cells", TextField())
        ).filter(mine).update(cells=None, value="")


def _blank(contact: Contact, now: datetime) -> Contact:
    contact.email = contact.external_id = None
    contact.name = contact.consent_source = contact.quarantine_why = ""
    contact.attributes = {}
    contact.quarantined_until = None
    contact.erased_at = contact.updated_at = now
    contact.save()
    return contact
