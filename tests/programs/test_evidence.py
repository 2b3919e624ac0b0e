from __future__ import annotations

from datetime import timedelta

from afterscore.domain.effects import Effect
from afterscore.outreach.models import Message
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from tests.people import NOW, People
from tests.programs import scene

LATER = NOW + timedelta(days=100)
NO_LOTS = {"touches": {"reminders": 2, "reminder_hold_out": 0}}


def answer(wave: Wave, people: list[Enrolment], *, days: float) -> None:
    for row in people:
        operations.mark_answered(enrolment=row, now=NOW + timedelta(days=days))


def finished_wave(people: People, *, before: int, after: int) -> Wave:
    """100 people; so many answer in the two days before the reminder, so many in the two after.
    The reminder is due on day 7: five days later is a Saturday."""
    scene.contacts(people.workspace, 100)
    wave = scene.launch(scene.program(people.workspace, NO_LOTS))
    scene.send(wave)
    rows = list(Enrolment.objects.filter(wave=wave).select_related("wave").order_by("id"))
    answer(wave, rows[:before], days=6)
    Message.objects.filter(stream=wave.public_id, step=1, state="planned").update(state="sent")
    answer(wave, rows[before : before + after], days=8)
    operations.close_waves(now=wave.closes_at)
    wave.refresh_from_db()
    return wave


def test_a_clear_rise_after_the_reminder_is_evidence(people: People):
    wave = finished_wave(people, before=2, after=18)

    effect = queries.reminder_effect(waves=[wave], now=LATER)

    assert (effect.before.waiting, effect.before.answered) == (100, 2)
    assert (effect.after.waiting, effect.after.answered) == (98, 18)
    assert effect.verdict is Effect.WORKED


def test_where_no_lots_were_drawn_the_days_before_and_after_are_the_evidence(people: People):
    wave = finished_wave(people, before=2, after=18)

    assert queries.first_reminder(program=wave.program, now=LATER) is Effect.WORKED


def test_without_a_rise_there_is_no_evidence(people: People):
    wave = finished_wave(people, before=6, after=6)

    assert queries.reminder_effect(waves=[wave], now=LATER).verdict is Effect.NOT_ENOUGH
    assert queries.first_reminder(program=wave.program, now=LATER) is Effect.NOT_ENOUGH


def test_a_wave_under_way_is_no_evidence_yet(people: People):
    scene.contacts(people.workspace, 100)
    program = scene.program(people.workspace, NO_LOTS)
    scene.launch(program)

    assert queries.first_reminder(program=program, now=LATER) is Effect.NOT_ENOUGH


def test_nothing_is_said_of_a_reminder_before_its_two_days_are_over(people: People):
    scene.contacts(people.workspace, 30)
    wave = scene.launch(scene.program(people.workspace, NO_LOTS))
    scene.send(wave)
    scene.send(wave, kind="reminder")

    early = queries.reminder_effect(waves=[wave], now=NOW + timedelta(days=8))
    late = queries.reminder_effect(waves=[wave], now=NOW + timedelta(days=9))

    assert (early.before.waiting, early.verdict) == (0, Effect.NOT_ENOUGH)
    assert (late.after.waiting, late.verdict) == (30, Effect.NOT_ENOUGH)


def test_people_whose_reminder_never_went_out_are_not_counted(people: People):
    asked = scene.contacts(people.workspace, 30)
    wave = scene.launch(scene.program(people.workspace, NO_LOTS))
    scene.send(wave)
    scene.send(wave, *asked[:10], kind="reminder")

    assert queries.reminder_effect(waves=[wave], now=LATER).after.waiting == 10
