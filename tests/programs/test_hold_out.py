"""Who gets no reminder, by lot, and what that tells about reminding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import pytest

from afterscore.customers.models import Contact
from afterscore.domain import lots
from afterscore.domain.compare import Change
from afterscore.domain.effects import Effect
from afterscore.domain.events import SYSTEM
from afterscore.outreach.models import Delivery, Message
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.queries import TouchEffect
from tests import builders
from tests.people import NOW, People
from tests.programs import scene

LATER = NOW + timedelta(days=100)
HALF = {"touches": {"reminder_hold_out": 50}}


def launch(people: People, count: int, definition: Mapping[str, object]) -> Wave:
    scene.contacts(people.workspace, count)
    return scene.launch(scene.program(people.workspace, definition))


def arms(wave: Wave) -> Counter[str]:
    return Counter(Enrolment.objects.filter(wave=wave).values_list("reminder_arm", flat=True))


def kinds_of(wave: Wave, row: Enrolment) -> list[str]:
    return [message.kind for message in scene.messages_of(wave, row.contact)]


# The lot


def test_one_in_ten_gets_no_reminder_and_everybody_the_invitation(people: People):
    wave = launch(people, 40, {"touches": {"reminder_hold_out": 10}})

    assert arms(wave) == {"treated": 36, "held_out": 4}
    for row in Enrolment.objects.filter(wave=wave).select_related("contact"):
        reminded = ["reminder"] if row.reminder_arm == "treated" else []
        assert kinds_of(wave, row) == ["invitation", *reminded]


def test_ten_percent_is_what_a_program_starts_with(people: People):
    program = operations.apply(
        workspace=people.workspace,
        definition={"name": "Plain", "slug": "plain"},
        actor=SYSTEM,
        now=NOW,
    )
    assert program.reminder_hold_out == 0.1


def test_both_arms_are_compared_from_the_same_moment(people: People):
    wave = launch(people, 40, HALF)

    moments = Enrolment.objects.filter(wave=wave).values_list("reminder_due_at", flat=True)
    reminders = [m.due_at for m in scene.messages_of(wave) if m.kind == "reminder"]
    assert set(moments) == set(reminders)


def test_the_same_lots_can_be_drawn_again_from_the_seed(people: People):
    wave = launch(people, 60, HALF)

    rows = Enrolment.objects.filter(wave=wave).order_by("id")
    again = [
        lots.is_drawn(seed=wave.seed, purpose="reminder", number=number, ratio=0.5)
        for number in range(60)
    ]
    assert [row.reminder_arm == "held_out" for row in rows] == again


def test_where_nobody_is_held_out_everybody_is_reminded(people: People):
    wave = launch(people, 20, {"touches": {"reminder_hold_out": 0}})
    assert arms(wave) == {"treated": 20}


def test_without_a_reminder_no_lot_is_drawn(people: People):
    wave = launch(people, 20, {"touches": {"reminders": 0}})
    assert arms(wave) == {"": 20}


def test_a_preview_counts_the_reminders_that_the_launch_then_plans(people: People):
    scene.contacts(people.workspace, 33)
    program = scene.program(people.workspace, {"touches": {"reminder_hold_out": 10}})

    preview = queries.preview(program=program, now=NOW)
    wave = scene.launch(program)

    planned = [m for m in scene.messages_of(wave) if m.kind == "reminder"]
    assert sum(day.reminders for day in preview.days) == len(planned)
    assert len(planned) < 33


# What it tells


def played_out(people: People, *, treated: int, held_out: int) -> Wave:
    """200 people, half of them reminded; so many of each half answer the day after it was due."""
    wave = launch(people, 200, HALF)
    scene.send(wave)
    scene.send(wave, kind="reminder")
    for arm, answers in (("treated", treated), ("held_out", held_out)):
        rows = Enrolment.objects.filter(wave=wave, reminder_arm=arm).select_related("wave")
        for row in rows.order_by("id")[:answers]:
            assert row.reminder_due_at is not None
            operations.mark_answered(enrolment=row, now=row.reminder_due_at + timedelta(days=1))
    return wave


def effect_of(wave: Wave) -> TouchEffect:
    (effect,) = queries.list_effects(program=wave.program, waves=[wave], now=LATER)
    return effect


def test_what_a_reminder_brings_is_the_difference_of_the_arms(people: People):
    effect = effect_of(played_out(people, treated=30, held_out=5))

    assert effect.answers.verdict is Effect.WORKED
    assert (effect.answers.treated.ratio, effect.answers.held_out.ratio) == (0.3, 0.05)
    assert effect.answers.gained == pytest.approx(25)


def test_answers_that_come_without_it_are_not_its_own(people: People):
    effect = effect_of(played_out(people, treated=10, held_out=10))

    assert effect.answers.verdict is Effect.NOT_ENOUGH
    assert effect.answers.needed == 410


def test_who_answered_before_it_was_due_is_not_counted(people: People):
    wave = launch(people, 100, HALF)
    scene.send(wave)
    early = Enrolment.objects.filter(wave=wave).select_related("wave").order_by("id")[:30]
    for row in early:
        operations.mark_answered(enrolment=row, now=NOW + timedelta(days=1))

    assert effect_of(wave).answers.people == 70


def test_whoever_was_to_be_reminded_counts_whatever_became_of_the_mail(people: People):
    """By intention to treat: a reminder that failed is still the treatment."""
    wave = launch(people, 100, HALF)
    scene.send(wave)
    Message.objects.filter(stream=wave.public_id, kind="reminder").update(state="failed")

    assert effect_of(wave).answers.treated.people == 50


def test_unsubscribes_after_it_are_its_price(people: People):
    wave = launch(people, 200, HALF)
    scene.send(wave)
    scene.send(wave, kind="reminder")
    reminders = Message.objects.filter(stream=wave.public_id, kind="reminder").order_by("id")
    for message in reminders[:12]:
        Delivery.objects.create(
            workspace=people.workspace, message=message, kind="unsubscribed",
            event_id=f"{message.public_id}:unsubscribe",
            occurred_at=message.due_at + timedelta(hours=1),
        )  # fmt: skip

    price = effect_of(wave).unsubscribes
    assert (price.treated.events, price.held_out.events) == (12, 0)
    assert price.verdict is Effect.WORKED  # it does make people leave


def test_nothing_is_counted_before_the_reminder_has_had_two_days(people: People):
    wave = launch(people, 100, HALF)
    scene.send(wave)
    due = Enrolment.objects.filter(wave=wave).order_by("-reminder_due_at")[0].reminder_due_at
    assert due is not None

    early = due + timedelta(days=1, hours=23)
    assert queries.list_effects(program=wave.program, waves=[wave], now=early) == []
    assert queries.list_effects(program=wave.program, waves=[wave], now=due + timedelta(days=2))


def test_the_experiment_outweighs_the_days_before_and_after(people: People):
    wave = played_out(people, treated=30, held_out=5)
    assert queries.first_reminder(program=wave.program, now=LATER) is Effect.WORKED


def test_by_segment_each_with_its_own_verdict(people: People):
    large = scene.account(people.workspace, "Large", plan="enterprise")
    small = scene.account(people.workspace, "Small", plan="starter")
    scene.contacts(people.workspace, 140, account=large, persona="sponsor")
    Contact.objects.filter(name__endswith="0").update(account=small, persona="")
    wave = scene.launch(scene.program(people.workspace, HALF))
    scene.send(wave)

    segments = {each.name: each.answers for each in effect_of(wave).segments}
    assert segments["enterprise · sponsor"].people == 126
    assert segments["starter"].people == 14
    assert segments["starter"].verdict is Effect.NOT_ENOUGH


def test_by_segment_with_its_price_and_what_it_does_to_the_score(people: People):
    large = scene.account(people.workspace, "enterprise", plan="enterprise")
    small = scene.account(people.workspace, "starter", plan="starter")
    crowd = scene.contacts(people.workspace, 160, account=large, persona="")
    Contact.objects.filter(pk__in=[each.pk for each in crowd[80:]]).update(account=small)
    wave = scene.launch(scene.program(people.workspace, HALF))
    scene.send(wave)
    scene.send(wave, kind="reminder")
    for arm, score in (("treated", 10), ("held_out", 0)):
        rows = Enrolment.objects.filter(
            wave=wave, reminder_arm=arm, peer_group="enterprise"
        ).select_related("wave", "workspace", "contact", "account")
        for row in rows.order_by("id")[:15]:
            assert row.reminder_due_at is not None
            builders.answer(row, score=score, now=row.reminder_due_at + timedelta(days=1))
    left = Message.objects.filter(
        stream=wave.public_id, kind="reminder", contact__account__name="starter"
    ).order_by("id")[0]
    Delivery.objects.create(
        workspace=people.workspace, message=left, kind="unsubscribed", event_id="left",
        occurred_at=left.due_at + timedelta(hours=1),
    )  # fmt: skip

    enterprise, starter = sorted(effect_of(wave).segments, key=lambda each: each.name)
    assert (enterprise.unsubscribes.treated.events, starter.unsubscribes.treated.events) == (0, 1)
    assert (enterprise.score.treated, enterprise.score.held_out) == (15, 15)
    assert enterprise.score.change is Change.RISE
    shift = effect_of(wave).score.shift
    assert shift is not None
    assert enterprise.score.shift is not None
    assert enterprise.score.shift.margin > shift.margin  # two segments: wider intervals
    assert (starter.score.shift, starter.score.is_comparable) == (None, False)
