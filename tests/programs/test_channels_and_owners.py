"""What a wave's page says of channels and of account owners."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from afterscore.customers import queries as customers
from afterscore.customers.models import Contact
from afterscore.domain.events import SYSTEM
from afterscore.insights import queries as insights
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Program, Wave
from tests.people import NOW, People
from tests.programs import scene
from tests.programs.test_effects_page import page_of

LATER = NOW + timedelta(days=1)
TODAY = NOW.date()


def answered(wave: Wave, *people: Contact) -> None:
    for person in people:
        operations.mark_answered(enrolment=scene.row_of(wave, person), now=LATER)


def show(program: Program, person: Contact, channel: str = "in_app") -> None:
    shown = operations.show(
        program=program, contact=person, channel=channel, actor=SYSTEM, now=LATER
    )
    assert isinstance(shown, Enrolment)


def newcomers(people: People, count: int, plan: str) -> list[Contact]:
    account = scene.account(people.workspace, f"Newcomer {plan}", plan=plan)
    return [
        scene.contact(people.workspace, f"N{number}{plan} New", account=account)
        for number in range(count)
    ]


@pytest.fixture
def program(people: People) -> Program:
    return scene.program(people.workspace)


@pytest.fixture
def wave(people: People, program: Program) -> Wave:
    """Twenty people of the plan pro were asked by mail, five of whom answered."""
    account = scene.account(people.workspace, plan="pro")
    asked = scene.contacts(people.workspace, 20, account=account)
    wave = scene.launch(program)
    scene.send(wave)
    answered(wave, *asked[:5])
    return wave


def test_one_channel_is_no_comparison(people: People, wave: Wave):
    assert queries.find_channels(wave=wave) is None
    assert "Answers by channel" not in page_of(people.client(people.vic), wave)


def test_channels_are_told_apart_by_segment(people: People, wave: Wave, program: Program):
    pros, free = newcomers(people, 4, "pro"), newcomers(people, 2, "free")
    for person in [*pros, *free]:
        show(program, person)
    answered(wave, *pros[:3], free[0])

    found = queries.find_channels(wave=wave)
    assert found is not None
    assert found.labels == ("Mail", "Application")
    told = {
        each.segment: [rate and (rate.count, rate.n) for rate in each.rates]
        for each in [found.everybody, *found.segments]
    }
    assert told == {"": [(5, 20), (4, 6)], "pro": [(5, 20), (3, 4)], "free": [None, (1, 2)]}
    page = page_of(people.client(people.vic), wave)
    assert "Answers by channel" in page
    assert "Application: asked" in page
    assert "6 of them in your application or portal, without a mail" in page
    assert "Delivered or shown" in page


def test_whoever_is_shown_what_was_mailed_stays_with_mail(
    people: People, wave: Wave, program: Program
):
    show(program, Contact.objects.get(email="person9@many.example"), "portal")
    assert queries.find_channels(wave=wave) is None


def test_who_is_shown_the_question_is_reached_like_who_got_a_mail(
    people: People, wave: Wave, program: Program
):
    for person in newcomers(people, 5, "pro"):
        show(program, person)
    rate = queries.response_rate(workspace=people.workspace, waves=[wave])
    assert (rate.answered, rate.reached) == (5, 25)
    funnel = insights.get_pulse(
        workspace=people.workspace, wave=wave, waves=[wave], now=LATER
    ).funnel
    assert (funnel.sent, funnel.delivered, funnel.shown) == (25, 25, 5)


def test_of_an_owners_accounts_those_of_the_last_year_are_counted(people: People):
    ends: dict[str, dict[str, Any]] = {
        "stays": {},
        "gives notice": {"churned_on": TODAY + timedelta(days=30)},
        "left today": {"churned_on": TODAY},
        "left within the year": {"churned_on": TODAY - timedelta(days=364)},
        "left long ago": {"churned_on": TODAY - timedelta(days=365)},
        "left who knows when": {"lifecycle_stage": " Churned "},
        "is none yet": {"lifecycle_stage": "prospect"},
    }
    for name, columns in ends.items():
        scene.account(people.workspace, name, owner=people.ana, **columns)
    scene.account(people.workspace, "nobody's")
    scene.account(people.elsewhere, "a stranger's", churned_on=TODAY)

    found = customers.list_retention(workspace=people.workspace, today=TODAY)
    assert {owner: (rate.count, rate.n) for owner, rate in found.items()} == {
        people.ana.pk: (2, 4),
        None: (1, 1),
    }


def test_retention_stands_beside_the_response_rate(people: People, program: Program):
    first, *_ = [
        scene.account(people.workspace, f"Company {number}", owner=people.ana)
        for number in range(19)
    ]
    scene.account(people.workspace, "Gone", owner=people.ana, churned_on=date(2026, 1, 31))
    scene.contact(people.workspace, account=first)
    wave = scene.launch(program)
    scene.send(wave)

    (ana,) = queries.list_owner_rates(wave=wave, now=LATER)
    assert (ana.name, ana.stayed.count, ana.stayed.n, ana.left) == ("Ana", 19, 20, 1)
    assert (ana.is_ranked, ana.is_retention_known) == (False, True)
    page = page_of(people.client(people.vic), wave)
    assert "Left within a year" in page


def test_of_few_accounts_no_share_is_told(people: People, program: Program):
    account = scene.account(people.workspace, owner=people.ana)
    scene.contact(people.workspace, account=account)
    wave = scene.launch(program)
    scene.send(wave)

    (ana,) = queries.list_owner_rates(wave=wave, now=LATER)
    assert not ana.is_retention_known
    assert page_of(people.client(people.vic), wave).count("too few to compare") == 2
