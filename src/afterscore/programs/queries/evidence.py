"""What earlier reminders have brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from afterscore.domain import effects
from afterscore.domain.effects import Effect, Spell
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import Kind, State
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.queries import finding

SPELL = timedelta(days=2)
"""How many days before and after the reminder are compared."""


@dataclass(frozen=True, slots=True)
class ReminderEffect:
    """The first reminder of some waves: two days before it, two days after it, and the verdict."""

    before: Spell
    after: Spell
    verdict: Effect


def reminder_works(*, program: Program, now: datetime) -> bool:
    """Whether the first reminder demonstrably brought answers in the program's closed waves.

    Only a second reminder needs to know, so nothing is counted where none is wanted.
    """
    if program.reminders < 2:
        return False
    closed = finding.list_closed_waves(program=program)
    return bool(closed) and reminder_effect(waves=closed, now=now).verdict is Effect.WORKED


def reminder_effect(*, waves: Sequence[Wave], now: datetime) -> ReminderEffect:
    """People who were reminded at least two days ago, or who answered before it was due."""
    counts = _reminded(waves, until=now - SPELL).aggregate(
        waiting_before=Count("id", filter=_waiting(F("reminder_at") - SPELL)),
        waiting_after=Count("id", filter=_waiting(F("reminder_at"))),
        waiting_still=Count("id", filter=_waiting(F("reminder_at") + SPELL)),
    )
    before = Spell(counts["waiting_before"], counts["waiting_before"] - counts["waiting_after"])
    after = Spell(counts["waiting_after"], counts["waiting_after"] - counts["waiting_still"])
    return ReminderEffect(before, after, effects.judge(before, after))


def _reminded(waves: Sequence[Wave], *, until: datetime) -> QuerySet[Enrolment]:
    reminders = (
        outreach.list_messages(workspace=waves[0].workspace, kind=Kind.REMINDER)
        .filter(step=1, stream=OuterRef("wave__public_id"), contact=OuterRef("contact"))
        .order_by()
    )
    people = Enrolment.objects.filter(
        wave__in=waves, state__in=(Enrolment.State.ENROLLED, Enrolment.State.ANSWERED)
    ).annotate(
        reminder_at=Subquery(reminders.values(at=Coalesce("sent_at", "due_at"))[:1]),
        reminder_state=Subquery(reminders.values("state")[:1]),
    )
    happened = Q(reminder_state=State.SENT) | Q(answered_at__lt=F("reminder_at"))
    return people.filter(happened, reminder_at__lte=until)


def _waiting(instant: object) -> Q:
    """Had not answered by then."""
    return Q(answered_at__isnull=True) | Q(answered_at__gte=instant)
