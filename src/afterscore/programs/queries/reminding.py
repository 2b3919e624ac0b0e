"""Whose second reminder is due, and which reminders are about to leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from afterscore.outreach.models import Kind, Message, State
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.queries.judging import OPT_IN

LEFT = (State.SENT, State.IN_DOUBT)


class SecondDue(NamedTuple):
    """Somebody who is still silent so many days after the first reminder."""

    enrolment_id: int
    account_id: int | None
    peer_group: str
    has_opted_in: bool
    had_word_ahead: bool
    first: Message


def list_reminding_waves(*, now: datetime) -> QuerySet[Wave]:
    """Of all workspaces: running waves of programs that remind a second time."""
    waves = Wave.objects.select_related("workspace", "program__workspace", "program__survey")
    running = waves.filter(state=Wave.State.RUNNING, closes_at__gt=now)
    return running.filter(program__reminders__gte=2).order_by("id")


def list_second_reminders_due(*, wave: Wave, now: datetime) -> Iterator[SecondDue]:
    """Each person once: what is decided then stays decided for the wave."""
    waiting = Enrolment.objects.filter(
        wave=wave,
        state=Enrolment.State.ENROLLED,
        reminder_arm=Enrolment.Arm.TREATED,
        second_reminder_at=None,
    )
    left_by = now - timedelta(days=wave.program.reminder_after_days)
    sent = _sent(wave).filter(contact=OuterRef("contact"))
    first = sent.annotate(left_at=Coalesce("handed_at", "sent_at")).filter(
        kind=Kind.REMINDER, step=1, left_at__lte=left_by
    )
    rows = (
        waiting.annotate(
            first_id=Subquery(first.values("pk")[:1]),
            ahead_id=Subquery(sent.filter(kind=Kind.HEADS_UP).values("pk")[:1]),
        )
        .filter(first_id__isnull=False)
        .order_by("pk")
        .values_list(
            "pk", "account_id", "peer_group", "contact__consent_basis", "ahead_id", "first_id"
        )
    )
    found = list(rows)
    mails = Message.objects.select_related("contact").in_bulk([first for *_, first in found])
    for pk, account, group, consent, ahead, first_id in found:
        opted_in = consent.strip().lower() == OPT_IN
        yield SecondDue(pk, account, group, opted_in, ahead is not None, mails[first_id])


def _sent(wave: Wave) -> QuerySet[Message]:
    mails = Message.objects.filter(
        workspace=wave.workspace_id, stream=wave.public_id, state__in=LEFT
    )
    return mails.order_by()


class SecondDecided(NamedTuple):
    """What became of the second reminder for some people of a wave, and why."""

    arm: str
    why: str
    people: int


def list_second_decisions(*, wave: Wave) -> list[SecondDecided]:
    """The most frequent first."""
    rows = (
        Enrolment.objects.filter(wave=wave, second_reminder_at__isnull=False)
        .order_by()
        .values_list("second_reminder_arm", "second_reminder_why")
        .annotate(people=Count("id"))
    )
    return sorted((SecondDecided(*row) for row in rows), key=lambda row: (-row.people, row.why))


def list_quoting_waves(*, now: datetime) -> QuerySet[Wave]:
    """Of all workspaces: running waves whose reminders say how many companies take part."""
    running = Wave.objects.select_related("workspace", "program").filter(
        state=Wave.State.RUNNING, closes_at__gt=now
    )
    return running.filter(program__in=Program.objects.filter(quotes_peers=True)).order_by("id")


class Quoting(NamedTuple):
    message_id: int
    account_id: int | None
    peer_group: str


def list_reminders_leaving(*, wave: Wave, until: datetime) -> Iterator[Quoting]:
    """Reminders not yet handed over that are due before then, with whose they are."""
    mails = Message.objects.filter(
        workspace=wave.workspace_id, stream=wave.public_id, kind=Kind.REMINDER,
        state__in=(State.PLANNED, State.DUE), due_at__lt=until, contact=OuterRef("contact"),
    ).order_by()  # fmt: skip
    rows = Enrolment.objects.filter(wave=wave, state=Enrolment.State.ENROLLED).annotate(
        message_id=Subquery(mails.values("pk")[:1])
    )
    for row in rows.filter(message_id__isnull=False).values_list(
        "message_id", "account_id", "peer_group"
    ):
        yield Quoting(*row)
