"""Programs that ask by themselves: after something happened, before a renewal, in turn, by the
calendar."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from afterscore.customers import operations as customers
from afterscore.customers.models import Contact
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Message
from afterscore.programs import operations, queries, tasks
from afterscore.programs.models import Enrolment, Program, Wave
from tests.people import NOW, People
from tests.programs import scene

DAY = timedelta(days=1)
QUARTER_ENDS = datetime.fromisoformat("2026-07-01T00:00:00Z")


def touchpoint(people: People, trigger: object, **said: Any) -> Program:
    return scene.program(people.workspace, {"trigger": trigger, **said})


def happened(people: People, contact: Contact, at: datetime, **said: Any) -> None:
    signal = {
        "kind": "event",
        "name": "onboarding_finished",
        "source": "crm",
        "occurred_at": at,
        "email": contact.email or "",
        **said,
    }
    intake = customers.record_signals(
        workspace=people.workspace,
        signals=[customers.NewSignal(**signal)],
        actor=SYSTEM,
        now=max(at, NOW),
    )
    assert not intake.problems


def keep_going(at: datetime) -> None:
    """What the schedule does every hour."""
    with clock.at(at):
        tasks.close_waves()
        tasks.keep_asking()
        tasks.launch_due_waves()


def asked(wave: Wave) -> list[str]:
    rows = Enrolment.objects.filter(wave=wave).exclude(state=Enrolment.State.EXCLUDED)
    return sorted(rows.values_list("contact__name", flat=True))


@pytest.fixture
def nora(people: People) -> Contact:
    return scene.contact(people.workspace, account=scene.account(people.workspace))


AFTER = {"after": "onboarding_finished", "days": 7}


def test_whoever_finished_onboarding_is_asked_a_week_later(people: People, nora: Contact):
    wave = scene.launch(touchpoint(people, AFTER))
    happened(people, nora, NOW)

    keep_going(NOW + 6 * DAY)
    assert asked(wave) == []
    keep_going(NOW + 7 * DAY)
    assert asked(wave) == [nora.name]
    invitation = Message.objects.get(kind="invitation")
    assert invitation.due_at == NOW + 7 * DAY
    row = scene.row_of(wave, nora)
    assert row.cause.startswith("sig_")


def test_it_asks_once_however_often_it_looks(people: People, nora: Contact):
    wave = scene.launch(touchpoint(people, AFTER))
    happened(people, nora, NOW)
    for hour in range(5):
        keep_going(NOW + 7 * DAY + timedelta(hours=hour))
    assert asked(wave) == [nora.name]
    assert Message.objects.filter(kind="invitation").count() == 1


def test_what_happened_before_the_start_is_asked_about_while_it_is_fresh(
    people: People, nora: Contact
):
    late = scene.contact(people.workspace, "Late Riser")
    happened(people, nora, NOW - 20 * DAY)
    happened(people, late, NOW - 22 * DAY)
    wave = scene.launch(touchpoint(people, AFTER))
    assert asked(wave) == [nora.name]


def test_a_signal_about_a_company_is_about_everybody_there(people: People, nora: Contact):
    scene.contact(people.workspace, "Omar Haddad", account=nora.account)
    scene.contact(people.workspace, "Stranger Elsewhere")
    happened(people, nora, NOW - 7 * DAY, email="", account="Quayside Freight")
    wave = scene.launch(touchpoint(people, AFTER))
    assert asked(wave) == ["Nora Lindqvist", "Omar Haddad"]


def test_whoever_was_asked_lately_is_left_out_with_the_reason(people: People, nora: Contact):
    scene.launch(scene.program(people.workspace))
    happened(people, nora, NOW - 7 * DAY)
    wave = scene.launch(touchpoint(people, AFTER, name="Onboarding", slug="onboarding"))
    row = scene.row_of(wave, nora)
    assert (row.state, row.reason) == ("excluded", "asked_recently")
    assert (wave.eligible, wave.excluded) == (0, 1)


def test_a_reason_that_passes_in_time_does_not_cost_the_question(people: People, nora: Contact):
    Contact.objects.filter(pk=nora.pk).update(last_asked_at=NOW - 85 * DAY)
    happened(people, nora, NOW - 7 * DAY)
    wave = scene.launch(touchpoint(people, AFTER))
    assert scene.row_of(wave, nora).state == "excluded"

    keep_going(NOW + 6 * DAY)
    assert asked(wave) == [nora.name]
    wave.refresh_from_db()
    assert (wave.eligible, wave.excluded) == (1, 0)


def test_before_a_renewal(people: People):
    account = scene.account(people.workspace, "Soon Ltd", renewal_on=date(2026, 7, 3))
    soon = scene.contact(people.workspace, "Soon Renewing", account=account)
    later = scene.account(people.workspace, "Later Ltd", renewal_on=date(2026, 7, 10))
    scene.contact(people.workspace, "Later Renewing", account=later)
    wave = scene.launch(touchpoint(people, {"before_renewal": 60}))
    assert asked(wave) == [soon.name]
    assert scene.row_of(wave, soon).cause == "renewal:2026-07-03"
    keep_going(NOW + 7 * DAY)
    assert asked(wave) == ["Later Renewing", "Soon Renewing"]


def test_a_rolling_program_asks_everybody_once_a_cadence_and_evenly(people: People):
    scene.contacts(people.workspace, 180)
    wave = scene.launch(touchpoint(people, "rolling", send_window="always"))
    per_week = [len(asked(wave))]
    for week in range(1, 8):
        keep_going(NOW + week * 7 * DAY)
        per_week.append(len(asked(wave)))
    new = [later - sooner for sooner, later in itertools.pairwise(per_week)]
    assert sum(new) == pytest.approx(180 * 49 / 90, abs=25)
    assert max(new) <= 30  # 14 a week on average
    keep_going(QUARTER_ENDS - DAY)
    keep_going(NOW + 89 * DAY)
    everybody = Enrolment.objects.exclude(state=Enrolment.State.EXCLUDED)
    assert everybody.values("contact").distinct().count() == everybody.count() >= 170
    keep_going(NOW + 120 * DAY)
    assert everybody.count() > 220  # the second turn of those who had the first one early


def test_lots_are_even_and_stay_the_same():
    lots = [queries.lot_of(f"con_{number}") for number in range(2_000)]
    assert lots == [queries.lot_of(f"con_{number}") for number in range(2_000)]
    tenths = [sum(int(lot * 10) == tenth for lot in lots) for tenth in range(10)]
    assert all(150 < count < 250 for count in tenths)


def test_a_new_quarter_has_a_wave_of_its_own(people: People, nora: Contact):
    program = touchpoint(people, AFTER)
    first = scene.launch(program)
    assert (first.enrols_until, first.closes_at) == (QUARTER_ENDS, QUARTER_ENDS + 30 * DAY)
    happened(people, nora, QUARTER_ENDS - 7 * DAY)

    keep_going(QUARTER_ENDS + timedelta(hours=8))
    second = queries.find_open_wave(program=program)
    assert second is not None
    assert (second.number, asked(second), asked(first)) == (2, [nora.name], [])
    first.refresh_from_db()
    assert first.state == Wave.State.RUNNING  # for answers
    with clock.at(QUARTER_ENDS + 31 * DAY):
        tasks.close_waves()
    keep_going(QUARTER_ENDS + 31 * DAY)
    assert Wave.objects.count() == 2


def test_a_cause_is_not_asked_about_again_in_the_next_quarter(people: People, nora: Contact):
    program = touchpoint(people, AFTER)
    first = scene.launch(program)
    happened(people, nora, QUARTER_ENDS - 9 * DAY)
    keep_going(QUARTER_ENDS - 2 * DAY)
    assert asked(first) == [nora.name]
    keep_going(QUARTER_ENDS + DAY)
    assert Enrolment.objects.count() == 1


def test_closing_the_wave_by_hand_ends_the_asking(people: People, nora: Contact):
    program = touchpoint(people, AFTER)
    wave = scene.launch(program)
    operations.close_wave(wave=wave, actor=SYSTEM, now=NOW + DAY)
    happened(people, nora, NOW)
    keep_going(NOW + 7 * DAY)
    keep_going(QUARTER_ENDS + DAY)
    assert Wave.objects.count() == 1
    assert not Enrolment.objects.exists()

    again = scene.launch(program, now=NOW + 8 * DAY)
    assert (again.number, asked(again)) == (2, [nora.name])


def test_a_paused_wave_takes_nobody_in(people: People, nora: Contact):
    wave = scene.launch(touchpoint(people, AFTER))
    operations.pause_wave(wave=wave, actor=SYSTEM, now=NOW)
    happened(people, nora, NOW)
    keep_going(NOW + 7 * DAY)
    assert asked(wave) == []
    operations.resume_wave(wave=wave, actor=SYSTEM, now=NOW + 8 * DAY)
    keep_going(NOW + 8 * DAY)
    assert asked(wave) == [nora.name]


def test_while_it_stands_it_cannot_be_launched_again(people: People):
    program = touchpoint(people, AFTER)
    scene.launch(program)
    with pytest.raises(Refused, match="still running"):
        scene.launch(program)


def test_the_calendar_launches_the_next_wave_in_business_hours(people: People, nora: Contact):
    program = touchpoint(people, "every_cadence")
    keep_going(NOW)
    assert not Wave.objects.exists()  # the first one is a person's act

    scene.launch(program)
    monday = NOW + 91 * DAY
    keep_going(monday - 2 * DAY)  # a Saturday
    assert Wave.objects.count() == 1
    keep_going(monday)
    assert Wave.objects.count() == 2
    assert Wave.objects.get(number=2).launched_by == "system"


def test_a_launch_that_cannot_be_is_told_once(people: People, nora: Contact):
    program = touchpoint(people, "every_cadence")
    scene.launch(program)
    people.workspace.postal_address = ""
    people.workspace.save()
    for hour in range(3):
        keep_going(NOW + 91 * DAY + timedelta(hours=hour))
    (fact,) = Fact.objects.filter(name="program.launch_refused")
    assert "postal address" in fact.payload["why"]


def test_what_stands_in_one_programs_way_holds_up_no_other(people: People, nora: Contact):
    touchpoint(people, AFTER)
    scene.launch(Program.objects.get())
    other = touchpoint(people, {"after": "release"}, name="Release", slug="release")
    wave = scene.launch(other, now=QUARTER_ENDS + DAY)
    people.workspace.postal_address = ""
    people.workspace.save()
    happened(people, nora, QUARTER_ENDS + DAY, name="release")
    keep_going(QUARTER_ENDS + 2 * DAY)
    assert asked(wave) == [nora.name]


def test_the_launch_page_says_whom_it_concerns(people: People, nora: Contact):
    touchpoint(people, AFTER)
    page = people.client(people.max).get("/w/harbourline/programs/relationship/launch/")
    text = page.content.decode()
    assert "Whoever it concerns is asked 7 days after “onboarding finished”." in text
    assert "No other system has told of “onboarding_finished” yet." in text
    assert "Start asking" in text
    started = people.client(people.max).post("/w/harbourline/programs/relationship/launch/")
    assert started.status_code == 302
    assert Wave.objects.get().enrols_until is not None


def test_the_story_says_when_it_last_happened(people: People, nora: Contact):
    touchpoint(people, AFTER)
    happened(people, nora, NOW - 7 * DAY)
    page = people.client(people.vic).get("/w/harbourline/programs/relationship/")
    assert "It last happened on 27 April 2026." in page.content.decode()
