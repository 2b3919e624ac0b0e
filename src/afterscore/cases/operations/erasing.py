"""What was said with somebody, forgotten. How each case ended and what it took stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from afterscore.cases.models import (
    Alert,
    Attachment,
    Case,
    CheckBack,
    Commitment,
    Entry,
    Gesture,
    Task,
)
from afterscore.cases.operations import closing
from afterscore.customers.models import Contact
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.events import SYSTEM
from afterscore.outreach.models import InboundEvent

WHY = "The customer asked to be erased."


def erase(*, contact: Contact, now: datetime) -> Iterable[str]:
    """Open cases end: nobody can be answered any more."""
    mine = Case.objects.filter(workspace=contact.workspace, contact=contact)
    for case in mine.filter(closed_at=None).select_related("workspace"):
        closing.close_case(
            case=case,
            outcome=Outcome.NOT_CLOSED,
            reason=NotClosedReason.UNREACHABLE,
            actor=SYSTEM,
            now=now,
        )
    told = Entry.objects.filter(workspace=contact.workspace, case__in=mine)
    Attachment.objects.filter(workspace=contact.workspace, entry__in=told).delete()
    told.exclude(kind=Entry.Kind.CHANGE).update(text=WHY)
    _shorten(told.filter(kind=Entry.Kind.CHANGE), contact)
    InboundEvent.objects.filter(
        workspace=contact.workspace, pk__in=told.exclude(inbound=None).values("inbound")
    ).delete()
    told.update(subject="", quoted="", sender="", mail_id="")
    of_mine = {"workspace": contact.workspace, "case__in": mine}
    CheckBack.objects.filter(**of_mine).update(comment="")
    Commitment.objects.filter(**of_mine).update(text=WHY, settled_text="")
    Task.objects.filter(**of_mine).update(text="", outcome="")
    Gesture.objects.filter(**of_mine).update(why="", decided_why="")
    Alert.objects.filter(**of_mine).delete()
    mine.update(insight="", comment_key="")
    return [case.public_id for case in mine]


def _shorten(changes: QuerySet[Entry], contact: Contact) -> None:
    """What was done is said by the first line, unless that names the person; what follows it is
    what somebody wrote."""
    for entry in changes:
        first = entry.text.partition("\n")[0]
        names = [word for word in (contact.name, contact.email) if word and word in first]
        text = WHY if names else first
        if text != entry.text:
            Entry.objects.filter(pk=entry.pk).update(text=text)
