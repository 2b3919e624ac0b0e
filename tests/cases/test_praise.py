"""The wall of praise: promoters' words about colleagues who want to be named."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from afterscore.cases.models import Praise
from afterscore.cases.operations import notices, praising
from afterscore.cases.queries import agendas
from afterscore.domain.bulletins import Line
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.outreach.operations import rooms
from afterscore.programs.models import Wave
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member
from tests import builders
from tests.cases.answers import by
from tests.outreach import chat_server
from tests.people import NOW, People

WALL = "/w/harbourline/praise/"
FRIDAY = NOW + timedelta(days=4)
WORDS = "Ana and Max fixed our import in an hour."


@pytest.fixture(autouse=True)
def ana_wants_to_be_named(people: People) -> None:
    Member.objects.filter(pk=people.ana.pk).update(wants_praise=True)
    people.ana.refresh_from_db()


def praise(people: People, comment: str = WORDS, *, score: int = 10, number: int = 1) -> Response:
    enrolment = builders.enrol(people, email=f"p{number}@quayside.example", name="Nora Lindqvist")
    response = builders.answer(enrolment, score=score, comment=comment)
    praising.find_praise(response=response, now=NOW)
    return response


def wall(people: People, member: Member | None = None) -> str:
    return people.client(member or people.vic).get(WALL).content.decode()


def test_a_promoters_words_name_who_wants_it_and_hide_who_does_not(people: People) -> None:
    praise(people)
    page = wall(people)
    assert "Ana and a colleague fixed our import in an hour." in page
    assert "Nora, Quayside Freight" in page
    assert "Lindqvist" not in page
    fact = Fact.objects.get(name="praise.found")
    assert fact.payload == {"members": [people.ana.public_id]}


def test_it_is_found_when_the_answer_comes_in_and_again_when_it_changes(people: People) -> None:
    with jobs.inline() as queue, clock.at(NOW):
        enrolment = builders.enrol(people)
        builders.answer(enrolment, score=9, comment="Ana is great")
        queue.run()
        assert Praise.objects.get().member == people.ana
        builders.answer(enrolment, score=9, comment="Somebody is great")
        queue.run()
        assert not Praise.objects.exists()


@pytest.mark.parametrize("score", [0, 6, 8])
def test_only_promoters_praise(people: People, score: int) -> None:
    praise(people, "Ana was rude", score=score)
    assert not Praise.objects.exists()


def test_found_twice_it_stands_once(people: People) -> None:
    response = praise(people)
    assert praising.find_praise(response=response, now=NOW) == ()
    assert Praise.objects.count() == Fact.objects.filter(name="praise.found").count() == 1


def test_whoever_wants_it_from_now_on_is_found_in_the_past_year(people: People) -> None:
    praise(people)
    with jobs.inline() as queue, clock.at(NOW):
        people.client(people.max).post("/w/harbourline/notices/mine/", {"wants_praise": "on"})
        queue.run()
    page = wall(people)
    assert "Ana and Max fixed our import in an hour." in page
    assert page.count('<li class="praise">') == 1


def test_whoever_does_not_want_it_any_more_is_nowhere(people: People) -> None:
    praise(people)
    with jobs.inline() as queue, clock.at(NOW):
        people.client(people.ana).post("/w/harbourline/notices/mine/", {})
        assert "Ana and" not in wall(people)
        queue.run()
    assert not Praise.objects.exists()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("first_name", "Nora, Quayside Freight"),
        ("full_name", "Nora Lindqvist, Quayside Freight"),
        ("company", "Quayside Freight"),
    ],
)
def test_customers_are_called_as_the_workspace_says(people: People, how: str, said: str) -> None:
    people.workspace.praise_signature = how
    people.workspace.save()
    praise(people)
    assert f"<bdi>{said}</bdi>" in wall(people)


def test_the_named_one_and_managers_take_it_off_and_nobody_else(people: People) -> None:
    praise(people)
    praise(people, "Ana again", number=2)
    first, second = Praise.objects.order_by("pk")
    for person, row, status in (
        (people.vic, first, 403), (people.ana, first, 302), (people.max, second, 302),
    ):  # fmt: skip
        answer = people.client(person).post(f"{WALL}{row.public_id}/off/")
        assert answer.status_code == status
    assert "No praise on the wall yet" in wall(people)
    assert Fact.objects.filter(name="praise.hidden").count() == 2


def test_an_empty_wall_says_how_it_fills(people: People) -> None:
    assert "Let me be named" in wall(people)
    assert "The words come here by themselves." in wall(people, people.ana)


def test_an_owner_says_how_customers_are_called(people: People) -> None:
    page = people.client(people.olivia).get("/w/harbourline/settings/answering/")
    form = page.context["form"]
    given = {name: form[name].value() for name in form.fields} | {"praise_signature": "company"}
    people.client(people.olivia).post("/w/harbourline/settings/answering/", given)
    people.workspace.refresh_from_db()
    assert people.workspace.praise_signature == "company"


@pytest.fixture
def chat(settings: Any) -> Iterator[chat_server.ChatServer]:
    settings.AFTERSCORE_CHAT_NETWORKS = (ipaddress.ip_network("127.0.0.0/8"),)
    with chat_server.running() as running:
        yield running


def test_a_room_hears_the_weeks_praise_on_its_last_business_day(
    people: People, chat: chat_server.ChatServer
) -> None:
    rooms.create_room(
        workspace=people.workspace,
        name="#wins",
        style="slack",
        address=chat.address,
        hears=["praise"],
        actor=by(people.max),
        now=NOW,
    )
    praise(people)
    for now in (FRIDAY - timedelta(days=1), FRIDAY, FRIDAY + timedelta(minutes=5)):
        with jobs.inline() as queue, clock.at(now):
            notices.plan_digests(now=now)
            queue.run()
    [post] = chat.posts
    assert "“Ana and a colleague fixed our import in an hour.”" in post["text"]
    assert "Nora, Quayside Freight, about Ana" in post["text"]


def test_the_digest_of_that_day_carries_it_to_everybody(people: People) -> None:
    praise(people)
    assert agendas.get_day(member=people.vic, now=FRIDAY).praise.total == 1
    assert agendas.get_day(member=people.vic, now=NOW).praise.total == 0


def test_the_crew_hears_what_came_of_a_wave_that_closed(people: People) -> None:
    praise(people)
    closed = Wave.objects.filter(workspace=people.workspace)
    closed.update(state=Wave.State.CLOSED, closes_at=FRIDAY - timedelta(days=1), eligible=4)
    [line] = agendas.get_day(member=people.vic, now=FRIDAY).results.items
    assert isinstance(line, Line)
    assert line.text == "Relationship, wave 1: +100 (−59 to +100)"
    assert line.detail == "1 of 4 people answered."
