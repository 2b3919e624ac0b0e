"""A word ahead by mail: before the invitation, in the language's own words, within the cap."""

from __future__ import annotations

from datetime import timedelta

from afterscore.domain.effects import Effect
from afterscore.outreach import composition
from afterscore.outreach.models import Message
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from tests.people import NOW, People
from tests.programs import scene

AHEAD = {"touches": {"heads_up": "mail", "heads_up_days": 3, "heads_up_hold_out": 0}}
HALF = {"touches": {"heads_up": "mail", "heads_up_hold_out": 50, "reminders": 0}}


def kinds(wave: Wave) -> list[str]:
    return [message.kind for message in scene.messages_of(wave)]


def test_it_is_due_days_before_the_invitation(people: People):
    nora = scene.contact(people.workspace)
    program = scene.program(people.workspace, AHEAD)
    told = queries.tell(queries.preview(program=program, now=NOW), zone="UTC")
    wave = scene.launch(program)

    assert any(
        sentence.startswith("Before that, 1 person gets a short mail which says that a question")
        for sentence in told
    )
    heads_up, invitation, reminder = scene.messages_of(wave, nora)
    assert (heads_up.kind, invitation.kind, reminder.kind) == (
        "heads_up", "invitation", "reminder",
    )  # fmt: skip
    assert heads_up.due_at == NOW
    assert invitation.due_at >= NOW + timedelta(days=3)


def test_it_says_what_is_coming_and_not_the_invitations_own_words(people: People):
    scene.contact(people.workspace)
    own = {"mail": {"subject": "How are we doing?", "body": "What would help you most?"}}
    wave = scene.launch(scene.program(people.workspace, {**AHEAD, **own}))

    heads_up = Message.objects.select_related("workspace", "contact").get(
        stream=wave.public_id, kind="heads_up"
    )
    mail = composition.compose(heads_up)
    assert mail.subject == "May I ask you a question in a few days?"
    assert "In a few days I will ask you one question about Harbourline." in mail.text
    assert "What would help you most?" not in mail.text
    assert "/s/" not in mail.text  # no survey yet


def test_who_is_held_out_is_asked_on_the_same_day_without_it(people: People):
    scene.contacts(people.workspace, 20)
    wave = scene.launch(scene.program(people.workspace, HALF))

    assert kinds(wave).count("heads_up") == 10
    invitations = {m.due_at for m in scene.messages_of(wave) if m.kind == "invitation"}
    assert len(invitations) == 1
    assert kinds(wave).count("invitation") == 20


def test_what_it_brings_is_told_like_a_reminders_effect(people: People):
    scene.contacts(people.workspace, 200)
    wave = scene.launch(scene.program(people.workspace, HALF))
    for kind in ("heads_up", "invitation"):
        scene.send(wave, kind=kind)
    for arm, answers in (("treated", 50), ("held_out", 20)):
        rows = Enrolment.objects.filter(wave=wave, heads_up_arm=arm).select_related("wave")
        for row in rows.order_by("id")[:answers]:
            operations.mark_answered(enrolment=row, now=NOW + timedelta(days=5))

    (effect,) = queries.list_effects(
        program=wave.program, waves=[wave], now=NOW + timedelta(days=30)
    )
    assert effect.touch.key == "heads_up"
    assert effect.answers.verdict is Effect.WORKED
    assert effect.answers.difference is not None
    assert round(effect.answers.difference.difference, 6) == 0.3


def test_help_me_help_you_proposes_it_as_far_as_the_cap_allows(people: People):
    helpful = {"positioning": "help_me_help_you"}
    assert scene.program(people.workspace, helpful).heads_up == "mail"
    twice = {**helpful, "touches": {"reminders": 2}}
    assert scene.program(people.workspace, twice).heads_up == ""
