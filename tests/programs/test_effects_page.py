"""What a wave's page says of its messages: effects, peers, health and owners."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from afterscore.customers.models import Contact
from afterscore.domain.events import SYSTEM
from afterscore.outreach.models import Delivery, Message
from afterscore.programs import operations
from afterscore.programs.models import Enrolment, Wave
from tests.people import NOW, People
from tests.programs import scene

HALF = {"touches": {"reminder_hold_out": 50}}


def page_of(client: Client, wave: Wave, path: str = "") -> str:
    response = client.get(f"/w/harbourline/programs/waves/{wave.public_id}/{path}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def played_out(people: People, *, treated: int, held_out: int, count: int = 200) -> Wave:
    company = scene.account(people.workspace, "Quayside", plan="pro", owner=people.ana)
    scene.contacts(people.workspace, count, account=company, persona="sponsor")
    wave = scene.launch(scene.program(people.workspace, HALF))
    scene.send(wave)
    scene.send(wave, kind="reminder")
    for arm, answers in (("treated", treated), ("held_out", held_out)):
        rows = Enrolment.objects.filter(wave=wave, reminder_arm=arm).select_related("wave")
        for row in rows.order_by("id")[:answers]:
            assert row.reminder_due_at is not None
            operations.mark_answered(enrolment=row, now=row.reminder_due_at + timedelta(days=1))
    return wave


def test_a_reminder_that_worked_is_said_to_work_with_its_interval(people: People):
    page = page_of(people.client(people.vic), played_out(people, treated=30, held_out=5))

    assert "Did the first reminder work?" in page
    assert "<b>Yes.</b> Of a hundred silent people about 25 more answered" in page
    assert "about 25 answers that would not have come" in page
    assert "5 of 100 (5.0" in page  # the figures under the drawing


def test_what_cannot_be_told_yet_says_how_many_people_it_takes(people: People):
    page = page_of(people.client(people.vic), played_out(people, treated=3, held_out=2, count=60))

    assert "<b>Can&#x27;t tell yet.</b> 60 silent people were counted so far; it takes" in page


def test_without_lots_the_days_before_and_after_are_shown(people: People):
    scene.contacts(people.workspace, 30)
    wave = scene.launch(scene.program(people.workspace))
    for kind in ("invitation", "reminder"):
        scene.send(wave, kind=kind)

    page = page_of(people.client(people.vic), wave)
    assert "In the two days before it 0 of 30" in page
    assert "Nobody has been held out by lot" in page


def test_health_is_shown_by_touch_and_answers_by_owner(people: People):
    wave = played_out(people, treated=30, held_out=5)
    for message in Message.objects.filter(stream=wave.public_id, step=1)[:2]:
        Delivery.objects.create(
            workspace=people.workspace, message=message, kind="unsubscribed",
            event_id=f"{message.public_id}:unsubscribe", occurred_at=NOW + timedelta(days=9),
        )  # fmt: skip

    page = page_of(people.client(people.vic), wave)
    assert "Reported as spam" in page
    assert "Answers and retention by account owner" in page
    assert ">Ana</th>" in page


def test_an_owner_of_few_people_is_not_ranked(people: People):
    wave = played_out(people, treated=3, held_out=0, count=19)
    assert "too few to compare" in page_of(people.client(people.vic), wave)


def test_companies_that_take_part_are_counted_by_peer_group(people: People):
    for number in range(12):
        company = scene.account(people.workspace, f"Company {number}", plan="pro")
        scene.contact(people.workspace, f"P{number}", account=company)
    wave = scene.launch(scene.program(people.workspace))
    scene.send(wave)
    for person in Contact.objects.order_by("id")[:7]:
        operations.mark_answered(enrolment=scene.row_of(wave, person), now=NOW)

    page = page_of(people.client(people.vic), wave)
    assert "Who takes part" in page
    assert "58" in page  # 7 of 12 companies


def test_for_a_large_wave_the_comparison_follows(people: People, monkeypatch):
    monkeypatch.setattr("afterscore.programs.views.effects.COUNTED_AT_ONCE", 10)
    wave = played_out(people, treated=30, held_out=5)
    vic = people.client(people.vic)

    page = page_of(vic, wave)
    assert "Did the first reminder work?" not in page
    assert f"waves/{wave.public_id}/effects/" in page
    assert "Did the first reminder work?" in page_of(vic, wave, "effects/")


def test_while_it_is_too_early_the_page_says_from_when_it_counts(people: People, monkeypatch):
    scene.contacts(people.workspace, 20)
    wave = scene.launch(scene.program(people.workspace, HALF))
    row = Enrolment.objects.filter(wave=wave, reminder_arm="held_out").earliest("reminder_due_at")
    assert row.reminder_due_at is not None
    due = row.reminder_due_at
    ready = f"{due + timedelta(days=2):%-d %b %Y}"

    monkeypatch.setattr("afterscore.kit.clock.now", lambda: due + timedelta(days=1))
    page = page_of(people.client(people.vic), wave)
    assert "Too early to tell." in page
    assert f"compared with them from {ready} on" in page

    operations.close_wave(wave=wave, actor=SYSTEM, now=due + timedelta(days=1))
    assert "Too early to tell." not in page_of(people.client(people.vic), wave)


def test_segments_show_answers_price_and_score_side_by_side(people: People):
    other = scene.account(people.workspace, "Small", plan="starter")
    wave = played_out(people, treated=30, held_out=5)
    Enrolment.objects.filter(wave=wave, contact__name__endswith="1").update(
        account=other, peer_group="starter"
    )

    page = page_of(people.client(people.vic), wave)
    assert "Segment, all waves" in page
    assert page.count("fewer than 10 answers in an arm") == 3  # both segments, and everybody
