"""What earlier reminders have brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery

from afterscore.domain import effects
from afterscore.domain.effects import Effect, Spell
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import Kind
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


def reminder_works(*, program: Program) -> bool:
    """Whether the first reminder demonstrably brought answers in the program's closed waves.

    Only a second reminder needs to know, so nothing is counted where none is wanted.
    """
    if program.reminders < 2:
        return False
    closed = finding.list_closed_waves(program=program)
    return bool(closed) and reminder_effect(waves=closed).verdict is Effect.WORKED


def reminder_effect(*, waves: Sequence[Wave]) -> ReminderEffect:
    """People whose first reminder was due, whether or not they had answered by then."""
    reminders = outreach.list_messages(workspace=waves[0].workspace, kind=Kind.REMINDER).filter(
        step=1, stream=OuterRef("wave__public_id"), contact=OuterRef("contact")
    )
    people = Enrolment.objects.filter(
        wave__in=waves, state__in=(Enrolment.State.ENROLLED, Enrolment.State.ANSWERED)
    ).annotate(due_at=Subquery(reminders.order_by().values("due_at")[:1]))
    counts = people.filter(due_at__isnull=False).aggregate(
        waiting_before=Count("id", filter=_after(F("due_at") - SPELL)),
        waiting_after=Count("id", filter=_after(F("due_at"))),
        waiting_still=Count("id", filter=_after(F("due_at") + SPELL)),
    )
    before = Spell(counts["waiting_before"], counts["waiting_before"] - counts["waiting_after"])
    after = Spell(counts["waiting_after"], counts["waiting_after"] - counts["waiting_still"])
    return ReminderEffect(before, after, effects.judge(before, after))


def _after(instant: object) -> Q:
    """Had not answered by then."""
    return Q(answered_at__isnull=True) | Q(answered_at__gte=instant)
