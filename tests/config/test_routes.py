"""Mail routes for whoever looks after the install: the commands, and what doctor says of them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from afterscore.config import doctor
from afterscore.config.cli import routes, session
from afterscore.domain.events import SYSTEM
from afterscore.kit import clock
from afterscore.outreach import operations
from afterscore.outreach.models import InboundEvent, MailRoute, Message, State
from tests.outreach import mail_server
from tests.outreach.post import Post
from tests.people import NOW, People

SECRET = "Tr0ub4dor&3-never-shown"


@pytest.fixture(autouse=True)
def same_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command would start and stop a server of its own."""

    @contextlib.contextmanager
    def running() -> Iterator[None]:
        yield

    monkeypatch.setattr(session, "database", running)


def run(*words: str) -> Result:
    with clock.at(NOW):
        return CliRunner().invoke(routes.routes, [*words, "-w", "harbourline"])


def make(people: People, **server: str) -> MailRoute:
    entered = {"host": "127.0.0.1", "security": "none", "user": "u", "password": SECRET}
    return operations.create_route(
        workspace=people.workspace, name="Office", provider="smtp", addresses=[],
        entered={**entered, **server}, actor=SYSTEM, now=NOW,
    )  # fmt: skip


def by_postmark(people: People) -> MailRoute:
    return operations.create_route(
        workspace=people.workspace, name="Post", provider="postmark", addresses=["p.example"],
        entered={"server_token": SECRET}, actor=SYSTEM, now=NOW,
    )  # fmt: skip


def findings(now=NOW) -> list[tuple[str, str]]:
    return [(each.level, each.text) for each in doctor.examine(now=now) if each.check == "routes"]


def test_routes_are_listed_without_their_passwords(people: People) -> None:
    make(people)
    result = run("list", "--json")
    [row] = json.loads(result.output)
    assert (row["route"], row["senders"], row["waiting"]) == ("Office", "everybody else", 0)
    assert SECRET not in result.output


def test_a_test_mail_prints_the_answer(people: People) -> None:
    with mail_server.running() as server:
        make(people, port=str(server.port), user="", password="")
        result = run("try", "Office", "olivia@harbourline.example")
    assert result.exit_code == 0
    assert "was taken" in result.output


def test_a_test_mail_that_fails_is_an_error_without_the_password(people: People) -> None:
    make(people, port="1")
    result = run("try", "Office", "olivia@harbourline.example")
    assert result.exit_code != 0
    assert "was not taken" in str(result.exception) + result.output
    assert SECRET not in str(result.exception) + result.output


def test_doctor_says_nothing_of_routes_where_there_are_none(people: People) -> None:
    assert findings() == []


def test_doctor_names_the_route_whose_secrets_no_key_opens(people: People) -> None:
    route = make(people)
    MailRoute.objects.filter(pk=route.pk).update(secrets="gibberish")
    [(level, text)] = findings()
    assert level == "failure"
    assert "'Office' of harbourline" in text


def test_doctor_tells_of_forged_reports_for_a_week(people: People) -> None:
    route = by_postmark(people)
    operations.count_forged(public_id=route.public_id, now=NOW)
    assert findings()[0] == (
        "warning", "The mail route 'Post' of harbourline has refused forged reports: 1.",
    )  # fmt: skip
    assert [level for level, _text in findings(NOW + timedelta(days=8))] == ["ok"]


def test_doctor_misses_the_reports_of_a_provider_that_has_sent_for_a_day(
    people: People, post: Post
) -> None:
    route = by_postmark(people)
    message = post.message()
    Message.objects.filter(pk=message.pk).update(route=route, state=State.SENT, sent_at=NOW)
    assert [level for level, _text in findings(NOW + timedelta(hours=23))] == ["ok"]
    [(level, text)] = findings(NOW + timedelta(hours=25))
    assert level == "warning"
    assert "has reported nothing" in text
    InboundEvent.objects.create(
        workspace=people.workspace, source="postmark", route=route, event_id="1", body="{}",
        received_at=NOW,
    )  # fmt: skip
    assert [level for level, _text in findings(NOW + timedelta(hours=25))] == ["ok"]


@pytest.fixture
def post(people: People) -> Post:
    return Post(people.workspace)
