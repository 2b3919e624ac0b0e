"""What other systems told of customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Q, QuerySet

from afterscore.customers.models import Contact, Signal
from afterscore.customers.registry import TimelineItem
from afterscore.kit.among import among
from afterscore.workspaces.models import Workspace

SURVEY = "survey"
"""The name of a reported message that asked for feedback: it counts as an asking."""

OWN_SOURCE = "afterscore"
"""The source of questions that were shown in the customer's application or portal."""

MOST_ON_TIMELINE = 100
_ICONS = {
    Signal.Kind.TICKET: "ticket",
    Signal.Kind.USAGE: "usage",
    Signal.Kind.INTERACTION: "phone",
    Signal.Kind.MESSAGE: "send",
    Signal.Kind.OUTCOME: "renewal",
}


def list_signals(*, workspace: Workspace, kind: str = "", name: str = "") -> QuerySet[Signal]:
    """Newest first, with the people and companies they are about."""
    found = Signal.objects.select_related("contact", "account").filter(workspace=workspace)
    if kind:
        found = found.filter(kind=kind)
    if name:
        found = found.filter(name=name)
    return found.order_by("-occurred_at", "-id")


def list_signal_names(*, workspace: Workspace, kind: str = "") -> list[str]:
    """Everything that has happened at least once, by name."""
    found = list_signals(workspace=workspace, kind=kind).order_by("name")
    return list(found.values_list("name", flat=True).distinct())


def list_happenings(*, workspace: Workspace, contacts: Sequence[Contact]) -> Iterator[TimelineItem]:
    """What happened to these people and at their companies, for the time line."""
    people = {contact.pk: contact for contact in contacts}
    companies = {contact.account_id for contact in contacts} - {None}
    about = Q(contact__in=people) | Q(contact=None, account__in=companies)
    for signal in list_signals(workspace=workspace).filter(about)[:MOST_ON_TIMELINE]:
        yield TimelineItem(
            at=signal.occurred_at,
            title=title_of(signal),
            text=", ".join(f"{key}: {value}" for key, value in signal.attributes.items()),
            icon=_ICONS.get(Signal.Kind(signal.kind), "dot"),
            actor=signal.source,
            contact=people.get(signal.contact_id or 0),
        )


def title_of(signal: Signal) -> str:
    """ "Onboarding finished", "Support ticket: closed"."""
    if signal.source == OWN_SOURCE:
        return "Question shown"
    words = signal.name.replace("_", " ").replace("-", " ")
    if signal.kind in (Signal.Kind.EVENT, Signal.Kind.OUTCOME):
        return words.capitalize()
    return f"{Signal.Kind(signal.kind).label}: {words}"


def reported_messages(
    *, workspace: Workspace, contacts: Sequence[int], since: datetime
) -> dict[int, list[datetime]]:
    """When other systems wrote to each of these contacts, automatically."""
    rows = Signal.objects.filter(
        among("contact", contacts),
        workspace=workspace,
        kind=Signal.Kind.MESSAGE,
        occurred_at__gt=since,
    )
    return dict(rows.values_list("contact_id").annotate(times=ArrayAgg("occurred_at")).order_by())


def is_question_shown(*, workspace: Workspace, key: str) -> bool:
    """In the customer's application or portal."""
    shown = Signal.objects.filter(workspace=workspace, source=OWN_SOURCE, external_id=key)
    return shown.exists()


def reported_surveys(*, workspace: Workspace, contacts: Sequence[int]) -> dict[int, datetime]:
    """When other systems last asked each of these contacts for feedback."""
    rows = Signal.objects.filter(
        among("contact", contacts), workspace=workspace, kind=Signal.Kind.MESSAGE, name=SURVEY
    )
    return dict(rows.values_list("contact_id").annotate(last=Max("occurred_at")).order_by())
