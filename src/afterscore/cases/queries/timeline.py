"""What was said with a customer, for her time line (named in config/timeline.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse

from afterscore.cases.models import Case, Entry
from afterscore.customers.models import Contact
from afterscore.customers.registry import TimelineItem
from afterscore.domain.casework import Outcome
from afterscore.workspaces.models import Workspace

MOST = 200
ICONS = {
    Entry.Kind.REPLY: "reply",
    Entry.Kind.CALL: "phone",
    Entry.Kind.CUSTOMER: "message",
    Entry.Kind.NOTE: "note",
}


def list_conversation(
    *, workspace: Workspace, contacts: Sequence[Contact]
) -> Iterator[TimelineItem]:
    """Answers, replies, calls, notes, what the customer said, and how each case ended."""
    cases = (
        Case.objects.filter(workspace=workspace, contact__in=contacts)
        .select_related("contact", "response", "closed_by__user")
        .order_by("-id")[:MOST]
    )
    for case in cases:
        yield _answered(workspace, case)
        if case.closed_at is not None:
            yield _closed(workspace, case, case.closed_at)
    entries = (
        Entry.objects.filter(workspace=workspace, case__contact__in=contacts, kind__in=list(ICONS))
        .select_related("case__contact", "author__user")
        .order_by("-happened_at")[:MOST]
    )
    for entry in entries:
        yield _said(workspace, entry)


def _answered(workspace: Workspace, case: Case) -> TimelineItem:
    return TimelineItem(
        at=case.response.received_at,
        title="Answered",
        text=case.response.comment,
        score=case.response.score,
        url=_address(workspace, case),
        contact=case.contact,
    )


def _closed(workspace: Workspace, case: Case, closed_at: datetime) -> TimelineItem:
    outcome = Outcome(case.outcome)
    return TimelineItem(
        at=closed_at,
        title="Case closed",
        text="\n".join(part for part in (outcome.label, case.insight) if part),
        icon="loop",
        tone="" if outcome is Outcome.NOT_CLOSED else "good",
        url=_address(workspace, case),
        actor=str(case.closed_by or ""),
        contact=case.contact,
    )


def _said(workspace: Workspace, entry: Entry) -> TimelineItem:
    kind = Entry.Kind(entry.kind)
    return TimelineItem(
        at=entry.happened_at,
        title=Entry.Call(entry.call).label if entry.call else kind.label,
        text=entry.text,
        icon=ICONS[kind],
        url=_address(workspace, entry.case),
        actor=str(entry.author or ""),
        contact=entry.case.contact,
    )


def _address(workspace: Workspace, case: Case) -> str:
    return reverse("cases:case", args=[workspace.slug, case.public_id])
