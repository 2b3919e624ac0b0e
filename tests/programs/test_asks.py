"""Asking in the customer's own application or portal, through the API."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from afterscore.customers import operations as customers
from afterscore.customers.models import Contact, Signal
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.outreach.models import Message, Suppression
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Workspace
from tests import builders
from tests.people import NOW, People
from tests.programs import scene

DAY = timedelta(days=1)
LATER = NOW + DAY
FORM = "application/x-www-form-urlencoded"


def caller(workspace: Workspace, role: Role = Role.AGENT) -> Client:
    _key, secret = workspaces.create_key(
        workspace=workspace, name="Portal", role=role, actor=SYSTEM, now=NOW
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, slug: str = "relationship", **body: Any) -> Any:
    body = {"channel": "in_app", **body}
    return client.post(
        f"/api/v1/programs/{slug}/asks", json.dumps(body), content_type="application/json"
    )


def ask(people: People, contact: Contact, *, at: datetime = LATER, **body: Any) -> dict[str, Any]:
    with clock.at(at):
        answer = post(caller(people.workspace), email=contact.email, **body)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def answer(path: str) -> None:
    sent = Client().post(path, "score=9&comment=Quick.", content_type=FORM)
    assert sent.status_code == 303


@pytest.fixture
def wave(people: People) -> Wave:
    """Open, and it asked Nora by mail."""
    scene.contact(people.workspace, account=scene.account(people.workspace))
    return scene.launch(scene.program(people.workspace))


@pytest.fixture
def otto(people: People, wave: Wave) -> Contact:
    """Came after the launch."""
    return scene.contact(people.workspace, "Otto Brandt", external_id="c-17")


def nora_of(wave: Wave) -> Contact:
    return Contact.objects.get(workspace=wave.workspace, name="Nora Lindqvist")


def test_whoever_may_be_asked_is_shown_the_survey(people: People, wave: Wave, otto: Contact):
    told = ask(people, otto)

    assert told["ask"] is True
    assert told["closes_at"] == wave.closes_at.isoformat().replace("+00:00", "Z")
    row = scene.row_of(wave, otto)
    assert (row.state, row.channel) == ("enrolled", "in_app")
    wave.refresh_from_db()
    assert (wave.eligible, wave.excluded) == (2, 0)
    with clock.at(LATER):
        assert Client().get(urlsplit(told["survey_url"]).path).status_code == 200


def test_no_mail_is_planned_and_no_lot_is_drawn(people: People, otto: Contact, wave: Wave):
    ask(people, otto)
    row = scene.row_of(wave, otto)
    assert scene.messages_of(wave, otto) == []
    assert (row.reminder_arm, row.reminder_due_at, row.heads_up_arm) == ("", None, "")


@pytest.mark.parametrize("channel", ["in_app", "portal"])
def test_the_answer_keeps_its_channel(people: People, otto: Contact, channel: str):
    path = urlsplit(ask(people, otto, channel=channel)["survey_url"]).path
    with clock.at(LATER + DAY):
        answer(path)
    assert Response.objects.get().channel == channel


def test_the_same_question_is_given_again_and_counts_once(
    people: People, otto: Contact, wave: Wave
):
    first = ask(people, otto)
    again = ask(people, otto, at=LATER + 7 * DAY, channel="portal")

    assert again == first
    assert Signal.objects.get(contact=otto).occurred_at == LATER
    assert Fact.objects.filter(name="question.shown").count() == 1
    assert scene.row_of(wave, otto).channel == "in_app"


def test_it_counts_as_one_message_and_as_an_asking(people: People, otto: Contact):
    ask(people, otto)

    otto.refresh_from_db()
    assert otto.last_asked_at == LATER
    other = scene.program(people.workspace, {"name": "Support", "slug": "support"})
    asking = queries.asking_of(other)
    verdict = queries.judge_contact(asking=asking, contact=otto, now=LATER + DAY)
    assert str(getattr(verdict, "reason", "")) == "asked_recently"


def test_it_takes_room_in_the_budget(people: People, otto: Contact):
    people.workspace.budget_messages = 2
    people.workspace.minimum_gap_days = 0
    people.workspace.save()
    scene.reported_message(otto, NOW)
    assert ask(people, otto)["ask"] is True

    other = scene.program(people.workspace, {"name": "Support", "slug": "support"})
    told = ask_for_other(people, other.slug, otto)
    assert told["reason"] == "budget"
    assert told["from"] is not None


def ask_for_other(people: People, slug: str, contact: Contact) -> dict[str, Any]:
    scene.contact(people.workspace, "Somebody Else")
    scene.launch(queries.get_program(workspace=people.workspace, slug=slug), now=LATER)
    with clock.at(LATER + DAY):
        told: dict[str, Any] = post(caller(people.workspace), slug, email=contact.email).json()
    return told


def test_a_full_budget_says_from_when(people: People, otto: Contact, wave: Wave):
    for hours in range(people.workspace.budget_messages):
        scene.reported_message(otto, NOW - timedelta(hours=hours))
    told = ask(people, otto)
    assert told["ask"] is False
    assert told["reason"] == "budget"
    assert datetime.fromisoformat(told["from"]) > LATER
    assert not Enrolment.objects.filter(wave=wave, contact=otto).exists()
    assert not Fact.objects.filter(name="question.shown").exists()


def test_whoever_is_left_alone_is_not_asked(people: People, otto: Contact):
    until = LATER + 20 * DAY
    customers.quarantine_contact(contact=otto, until=until, why="Moving", actor=SYSTEM, now=NOW)
    told = ask(people, otto)
    assert (told["ask"], told["reason"]) == (False, "quarantined")
    assert datetime.fromisoformat(told["from"]) == until
    assert "Moving" in told["why"]


def test_what_is_open_is_shown_no_longer_to_whoever_is_left_alone(people: People, otto: Contact):
    assert ask(people, otto)["ask"] is True
    customers.quarantine_contact(
        contact=otto, until=LATER + 20 * DAY, why="Moving", actor=SYSTEM, now=LATER
    )
    assert ask(people, otto, at=LATER + DAY)["ask"] is False


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consent_basis": "refused"}, "no_consent"),
        ({"ask_gap_days": 365, "last_asked_at": NOW - 200 * DAY}, "own_wish"),
        ({"last_asked_at": NOW - 10 * DAY}, "asked_recently"),
        ({"quarantined_until": NOW + 9 * DAY}, "quarantined"),
    ],
)
def test_the_rules_are_those_of_an_invitation(
    people: People, otto: Contact, changes: dict[str, Any], reason: str
):
    Contact.objects.filter(pk=otto.pk).update(**changes)
    told = ask(people, otto)
    assert (told["ask"], told["reason"]) == (False, reason)


def test_whoever_does_not_belong_to_the_audience_is_not_asked(people: People):
    account = scene.account(people.workspace, plan="pro")
    scene.contact(people.workspace, account=account)
    audience = {"field": "account.plan", "in": ["pro"]}
    scene.launch(scene.program(people.workspace, {"audience": audience}))
    otto = scene.contact(people.workspace, "Otto Brandt")
    told = ask(people, otto)
    assert (told["reason"], told["from"]) == ("not_in_audience", None)


def test_enough_people_of_one_account_are_enough(people: People):
    account = scene.account(people.workspace)
    scene.contact(people.workspace, account=account)
    scene.launch(scene.program(people.workspace, {"accounts": {"limit": 1}}))
    otto = scene.contact(people.workspace, "Otto Brandt", account=account)
    assert ask(people, otto)["reason"] == "account_limit"


def test_others_of_the_account_who_are_not_asked_take_nobodys_turn(people: People):
    account = scene.account(people.workspace)
    scene.contact(people.workspace, "Somebody Else")
    scene.launch(scene.program(people.workspace, {"accounts": {"limit": 1}}))
    both = [
        scene.contact(people.workspace, name, account=account)
        for name in ("Otto Brandt", "Pia Holm")
    ]
    assert [ask(people, each)["ask"] for each in both] == [True, False]


def test_whoever_is_asked_by_mail_is_shown_the_same_survey(people: People, wave: Wave):
    nora = nora_of(wave)
    told = ask(people, nora, channel="portal")

    row = scene.row_of(wave, nora)
    assert queries.find_enrolment(public_id=row.public_id) == row
    link = {message.fields["survey_path"] for message in scene.messages_of(wave, nora)}
    assert link == {urlsplit(told["survey_url"]).path}
    assert Enrolment.objects.filter(contact=nora).count() == 1
    assert row.channel == "email"
    assert Signal.objects.filter(contact=nora, kind="message").count() == 1


def test_whoever_was_left_out_may_be_asked_once_the_reason_has_passed(people: People):
    nora = scene.contact(people.workspace, quarantined_until=NOW + 2 * DAY)
    scene.contact(people.workspace, "Somebody Else")
    wave = scene.launch(scene.program(people.workspace))
    assert wave.excluded == 1
    assert ask(people, nora)["reason"] == "quarantined"
    assert ask(people, nora, at=NOW + 3 * DAY)["ask"] is True
    wave.refresh_from_db()
    assert (wave.eligible, wave.excluded) == (2, 0)


def test_nothing_is_asked_after_an_answer(people: People, otto: Contact, wave: Wave):
    ask(people, otto)
    builders.answer(scene.row_of(wave, otto), score=9, now=LATER + DAY)
    told = ask(people, otto, at=LATER + 2 * DAY)
    assert (told["ask"], told["reason"]) == (False, "answered")


def test_nothing_is_asked_after_somebody_spoke_with_them(people: People, otto: Contact):
    ask(people, otto)
    operations.stop_enrolments(contact=otto, why="Somebody spoke with them.", now=LATER + DAY)
    told = ask(people, otto, at=LATER + 2 * DAY)
    assert (told["reason"], told["why"]) == ("stopped", "Somebody spoke with them.")


def test_an_unsubscribed_address_is_shown_nothing_more(people: People, otto: Contact):
    from afterscore.outreach import operations as outreach

    ask(people, otto)
    outreach.suppress(
        workspace=people.workspace,
        email=otto.email or "",
        reason=Suppression.Reason.UNSUBSCRIBED,
        now=LATER,
    )
    assert ask(people, otto, at=LATER + DAY)["reason"] == "unsubscribed"


def test_a_paused_wave_asks_nobody_and_a_closed_one_is_none(
    people: People, otto: Contact, wave: Wave
):
    ask(people, otto)
    operations.pause_wave(wave=wave, actor=SYSTEM, now=LATER)
    assert ask(people, otto)["reason"] == "paused"
    operations.resume_wave(wave=wave, actor=SYSTEM, now=LATER)
    assert ask(people, otto)["ask"] is True
    operations.close_wave(wave=wave, actor=SYSTEM, now=LATER)
    assert ask(people, otto)["reason"] == "no_open_wave"
    row = scene.row_of(wave, otto)
    assert row.state == Enrolment.State.ENROLLED, "was asked, whatever mails there were"


def test_a_program_without_a_wave_asks_nobody(people: People):
    scene.program(people.workspace)
    otto = scene.contact(people.workspace, "Otto Brandt")
    assert ask(people, otto) == {
        "ask": False,
        "reason": "no_open_wave",
        "why": "No wave of this program is taking people in.",
        "from": None,
    }


def test_it_is_told_on_the_customers_page(people: People, otto: Contact):
    ask(people, otto)
    story = queries.tell_asking(contact=otto, now=LATER)
    assert story.past[0].text.startswith("Asked in the application; an answer is taken until")


def test_a_person_is_named_by_your_own_id_too(people: People, otto: Contact):
    with clock.at(LATER):
        told = post(caller(people.workspace), contact_id="c-17").json()
    assert told["ask"] is True


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({}, "email", "Give a contact_id or an email."),
        ({"email": "stranger@x.example"}, "email", "Import customers first."),
        ({"contact_id": "c-99"}, "contact_id", "c-99"),
        ({"contact_id": "c-17", "channel": "email"}, "channel", "in_app or portal"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_field(
    people: People, otto: Contact, *, body: dict[str, str], field: str, says: str
):
    refused = post(caller(people.workspace), **body)
    assert refused.status_code == 422
    assert refused.json()["error"]["field"] == field
    assert says in refused.json()["error"]["message"]


def test_a_key_that_may_only_read_asks_nobody(people: People, otto: Contact):
    refused = post(caller(people.workspace, Role.VIEWER), email=otto.email)
    assert refused.status_code == 422
    assert "role agent" in refused.json()["error"]["message"]
    assert not Signal.objects.exists()


def test_another_workspaces_programs_and_people_are_unknown(people: People, otto: Contact):
    stranger = caller(people.elsewhere)
    assert post(stranger, email=otto.email).status_code == 404
    scene.program(people.elsewhere)
    refused = post(stranger, email=otto.email)
    assert refused.status_code == 422
    assert refused.json()["error"]["field"] == "email"


@pytest.mark.django_db(transaction=True)
def test_of_many_calls_at_once_one_asks_and_all_get_the_same(people: People, otto: Contact):
    client = caller(people.workspace)
    gate = threading.Barrier(8)

    def call(_number: int) -> dict[str, Any]:
        try:
            gate.wait()
            with clock.at(LATER):
                told: dict[str, Any] = post(client, email=otto.email).json()
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(call, range(8)))
    assert [each["ask"] for each in told] == [True] * 8
    assert len({each["survey_url"] for each in told}) == 1
    assert Enrolment.objects.filter(contact=otto).count() == 1
    assert Signal.objects.count() == 1
    assert Fact.objects.filter(name="question.shown").count() == 1
    assert not Message.objects.filter(contact=otto).exists()
