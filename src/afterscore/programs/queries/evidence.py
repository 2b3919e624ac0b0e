"""What earlier reminders have brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from afterscore.domain import effects
from afterscore.domain.effects import Effect, Spell
from afterscore.domain.health import Rate
from afterscore.domain.second_reminders import Evidence
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import Kind, State
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.queries import experiments, finding, health, peers

SPELL = timedelta(days=2)
"""How many days before and after the reminder are compared."""


@dataclass(frozen=True, slots=True)
class ReminderEffect:
    """The first reminder of some waves: two days before it, two days after it, and the verdict."""

    before: Spell
    after: Spell
    verdict: Effect


def first_reminder(*, program: Program, now: datetime) -> Effect:
    """Whether the first reminder demonstrably brings answers, over all waves of the program.

    By the lots that were drawn for it; only where there never were any, by the days before and
    after it in the waves that are over.
    """
    waves = list(finding.list_waves(workspace=program.workspace, program=program))
    found = experiments.first_reminder(program=program, waves=waves, now=now)
    if found is not None:
        return found.verdict
    closed = finding.list_closed_waves(program=program)
    return reminder_effect(waves=closed, now=now).verdict if closed else Effect.NOT_ENOUGH


def evidence_for(*, program: Program, now: datetime) -> Evidence:
    """What is known of the first reminder, before anything is said of somebody's peers."""
    waves = list(finding.list_waves(workspace=program.workspace, program=program))
    first = [
        touch
        for touch in health.touches_health(waves=waves)
        if (touch.kind, touch.step) == (Kind.REMINDER, 1)
    ]
    nobody = Rate(0, 0)
    return Evidence(
        first=first_reminder(program=program, now=now),
        unsubscribes=first[0].unsubscribes if first else nobody,
        bounces=first[0].bounces if first else nobody,
        peers=peers.NOBODY,
    )


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


def people_reminded(*, waves: Sequence[Wave], now: datetime) -> QuerySet[Enrolment]:
    """Whom `reminder_effect` counts: those still waiting when the days before began, each with
    `reminder_at`."""
    return _reminded(waves, until=now - SPELL).filter(_waiting(F("reminder_at") - SPELL))


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
