"""What is wrong with a list, person by person, and how much of it is right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterscore.customers.models import Account, Contact, Signal
from afterscore.domain.health import Accuracy, Flaw, Rate
from afterscore.outreach.models import Delivery, Message
from afterscore.programs import queries
from tests.people import NOW, People
from tests.programs import scene

LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture
def quayside(people: People) -> Account:
    return scene.account(people.workspace, owner=people.ana)


def person(account: Account | None, workspace: Any, name: str, **columns: Any) -> Contact:
    columns.setdefault("language", "en")
    columns.setdefault("time_zone", "Europe/Dublin")
    return scene.contact(workspace, name, account=account, **columns)


def accuracy(people: People) -> Accuracy:
    return queries.list_accuracy(program=scene.program(people.workspace), now=NOW)


def found(people: People) -> dict[Flaw, int]:
    return {flaw: rate.count for flaw, rate in accuracy(people).findings()}


def test_a_sound_list_has_nothing_to_mend(people: People, quayside: Account):
    person(quayside, people.workspace, "Nora")
    assert accuracy(people) == Accuracy(1, 0, dict.fromkeys(Flaw, 0))


@pytest.mark.parametrize(
    ("columns", "flaw"),
    [
        ({"language": ""}, Flaw.NO_LANGUAGE),
        ({"time_zone": ""}, Flaw.NO_ZONE),
        ({"email": "info+news@quayside.example"}, Flaw.ROLE),
        ({"email": "Nora@GMail.com"}, Flaw.FREE_MAIL),
    ],
)
def test_each_flaw_is_counted(
    people: People, quayside: Account, columns: dict[str, str], flaw: Flaw
):
    person(quayside, people.workspace, "Nora", **columns)
    assert found(people) == {flaw: 1}


def test_nobody_of_the_same_name_elsewhere_is_a_duplicate(people: People, quayside: Account):
    other = scene.account(people.workspace, "Other", owner=people.ana)
    person(quayside, people.workspace, "Nora Lindqvist")
    person(other, people.workspace, "Nora Lindqvist", email="nora@other.example")
    assert found(people) == {}


def test_the_same_name_at_the_same_company_is_one_person_twice(people: People, quayside: Account):
    person(quayside, people.workspace, "Nora Lindqvist")
    person(quayside, people.workspace, " nora  LINDQVIST", email="n.lindqvist@quayside.example")
    assert found(people) == {Flaw.DUPLICATE: 2}


def test_without_a_company_or_an_owner_the_answer_tells_less(people: People):
    person(None, people.workspace, "Nora")
    person(scene.account(people.workspace), people.workspace, "Otto")
    assert found(people) == {Flaw.NO_ACCOUNT: 1, Flaw.NO_OWNER: 1}


def test_an_owner_who_has_left_is_none(people: People, quayside: Account):
    person(quayside, people.workspace, "Nora")
    people.ana.is_active = False
    people.ana.save()
    assert found(people) == {Flaw.NO_OWNER: 1}


def test_somebody_of_whom_nothing_was_heard_for_a_year_may_have_left(
    people: People, quayside: Account
):
    nora = person(quayside, people.workspace, "Nora")
    Contact.objects.filter(pk=nora.pk).update(updated_at=LONG_AGO)
    assert found(people) == {Flaw.STALE: 1}

    Signal.objects.create(
        workspace=people.workspace, kind=Signal.Kind.USAGE, name="login", contact=nora,
        source="app", external_id="1", occurred_at=NOW, recorded_at=NOW,
    )  # fmt: skip
    assert found(people) == {}


def test_an_address_that_came_back_counts_until_there_is_another(people: People, quayside: Account):
    nora = person(quayside, people.workspace, "Nora")
    wave = scene.launch(scene.program(people.workspace))
    scene.send(wave)
    message = Message.objects.get(stream=wave.public_id, kind="invitation")
    Delivery.objects.create(
        workspace=people.workspace, message=message, kind="bounced", event_id="x", occurred_at=NOW
    )
    assert queries.wave_accuracy(wave=wave, now=NOW).rate == Rate(0, 1)
    assert found(people) == {Flaw.BOUNCED: 1}

    Contact.objects.filter(pk=nora.pk).update(email="nora.new@quayside.example")
    assert found(people) == {}


def test_only_the_audience_is_judged(people: People, quayside: Account):
    person(quayside, people.workspace, "Nora", language="")
    program = scene.program(
        people.workspace, {"audience": {"field": "account.plan", "is": "enterprise"}}
    )
    assert queries.list_accuracy(program=program, now=NOW).people == 0


def test_the_program_says_what_to_mend_before_anybody_is_asked(people: People, quayside: Account):
    person(quayside, people.workspace, "Nora", email="info@quayside.example")
    scene.program(people.workspace)
    page = people.client(people.vic).get("/w/harbourline/programs/relationship/").content.decode()

    assert "List accuracy" in page
    assert "Shared mailbox" in page
    assert "Find a person." in page
