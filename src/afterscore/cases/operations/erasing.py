"""What was said with somebody, forgotten. How each case ended and what it took stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

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
from afterscore.domain import events
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
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
    Task.objects.filter(**of_mine, step="").update(title=WHY)
    Gesture.objects.filter(**of_mine).update(why="", decided_why="")
    Alert.objects.filter(**of_mine).delete()
    alerts = _forget_alerts(contact)
    mine.update(insight="", comment_key="")
    return [*(case.public_id for case in mine), *alerts]


def _forget_alerts(contact: Contact) -> list[str]:
    """Also those that name this person among others, such as the oldest of somebody's late cases:
    what is still so is told again, by whoever comes next. Returns all that ever did."""
    told, raised = Q(), Q()
    for word in filter(None, (contact.name, contact.email)):
        told |= Q(text__icontains=word)
        raised |= Q(payload__text__icontains=word)
    if not told:
        return []
    Alert.objects.filter(told, workspace=contact.workspace).delete()
    facts = Fact.objects.filter(raised, workspace=contact.workspace, name=events.AlertRaised.name)
    return list(facts.values_list("subject", flat=True))


def _shorten(changes: QuerySet[Entry], contact: Contact) -> None:
    """What was done is said by the first line, unless that names the person; what follows it is
    what somebody wrote."""
    for entry in changes:
        first = entry.text.partition("\n")[0]
        names = [word for word in (contact.name, contact.email) if word and word in first]
        text = WHY if names else first
        if text != entry.text:
            Entry.objects.filter(pk=entry.pk).update(text=text)
