"""`afterscore messages|responses|cases list`, for people and for programs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from afterscore.cases import operations
from afterscore.config.cli import lists, session
from afterscore.domain.casework import Outcome
from afterscore.kit import clock
from afterscore.outreach.models import Kind, State
from afterscore.responses.models import Response
from tests.cases.answers import by, open_for
from tests.people import NOW, People


@pytest.fixture(autouse=True)
def same_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command would start and stop a server of its own."""

    @contextlib.contextmanager
    def running() -> Iterator[None]:
        yield

    monkeypatch.setattr(session, "database", running)


def run(command: Any, *words: str) -> Result:
    with clock.at(NOW):
        return CliRunner().invoke(command, ["list", "-w", "harbourline", *words])


def rows(command: Any, *words: str) -> list[dict[str, Any]]:
    result = run(command, *words, "--json")
    assert result.exit_code == 0, result.output
    listed: list[dict[str, Any]] = json.loads(result.output)
    return listed


@pytest.fixture
def filled(people: People) -> People:
    case = open_for(
        people, score=3, comment="It is slow.\nAnd late.", name="Nora Low", owner=people.ana
    )
    operations.reply(case=case, body="Hello.", follows_up=True, actor=by(people.ana), now=NOW)
    closed = open_for(people, score=9, name="Theo High", now=NOW + timedelta(days=1))
    operations.close_case(case=closed, outcome=Outcome.THANKED, actor=by(people.ana), now=NOW)
    return people


def test_cases_are_listed_the_latest_first(filled: People) -> None:
    assert [row["contact"] for row in rows(lists.cases)] == ["Theo High", "Nora Low"]
    nora = rows(lists.cases)[1]
    assert (nora["score"], nora["state"], nora["owner"]) == (3, "waiting", "Ana")
    assert nora["due"] == "2026-05-08T17:00:00+00:00"
    assert nora["comment"] == "It is slow.\nAnd late."


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--open"], ["Nora Low"]),
        (["--state", "closed"], ["Theo High"]),
        (["--group", "detractor"], ["Nora Low"]),
        (["--since", "2026-05-05"], ["Theo High"]),
        (["--limit", "1"], ["Theo High"]),
        (["--group", "passive"], []),
    ],
)
def test_cases_are_filtered(filled: People, words: list[str], names: list[str]) -> None:
    assert [row["contact"] for row in rows(lists.cases, *words)] == names


def test_a_table_has_one_line_a_row(filled: People) -> None:
    lines = run(lists.cases).output.splitlines()
    assert len(lines) == 3
    assert lines[0].split() == [
        "id", "score", "contact", "account", "state", "owner", "due", "outcome", "comment",
    ]  # fmt: skip
    assert "It is slow. And late." in lines[2]
    assert "2026-05-08 17:00" in lines[2]


def test_answers_are_listed_by_group_and_day(filled: People) -> None:
    assert [row["score"] for row in rows(lists.responses)] == [9, 3]
    assert [row["score"] for row in rows(lists.responses, "--group", "promoter")] == [9]
    assert [row["score"] for row in rows(lists.responses, "--since", "2026-05-05")] == [9]


def test_what_is_set_aside_is_listed_when_asked_for_with_what_was_seen(filled: People) -> None:
    suspected = Response.objects.get(score=9)
    suspected.validity = "quarantined"
    suspected.evidence = {"means": "sent", "signs": [["trap", "A link was followed."]]}
    suspected.save()

    assert [row["score"] for row in rows(lists.responses)] == [3]
    (row,) = rows(lists.responses, "--validity", "quarantined")
    assert (row["score"], row["seen"]) == (9, "A link was followed.")
    assert rows(lists.responses, "--validity", "quarantined", "--group", "detractor") == []
    assert rows(lists.responses, "--validity", "provisional") == []
    assert run(lists.responses, "--validity", "maybe").exit_code == 2


def test_messages_are_listed_by_state_and_kind(filled: People) -> None:
    assert {row["kind"] for row in rows(lists.messages)} == {"reply", "follow_up"}
    assert [row["kind"] for row in rows(lists.messages, "--kind", "reply")] == ["reply"]
    assert len(rows(lists.messages, "--state", "planned")) == 2
    assert rows(lists.messages, "--since", "2026-05-05")[0]["kind"] == "follow_up"


def test_the_words_of_the_command_are_those_of_the_messages() -> None:
    assert set(lists.MESSAGE_STATES) == set(State.values)
    assert set(lists.MESSAGE_KINDS) == set(Kind.values)


def test_nothing_is_said_in_words(people: People) -> None:
    assert run(lists.messages).output == "There are no such messages.\n"
    assert run(lists.responses).output == "There are no such answers.\n"
    assert run(lists.cases).output == "There are no such cases.\n"


@pytest.mark.parametrize("words", [["--state", "nonsense"], ["--since", "yesterday"]])
def test_wrong_words_are_refused(people: People, words: list[str]) -> None:
    assert run(lists.cases, *words).exit_code == 2
