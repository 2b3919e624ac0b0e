"""What other systems tell of customers: by the API, by a file, and on the time line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from afterscore.config.cli import signals as command
from afterscore.customers import operations, registry
from afterscore.customers.importers import happenings
from afterscore.customers.importers.files import FileError
from afterscore.customers.models import Account, Contact, Signal
from afterscore.customers.operations import NewSignal
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.journal.models import Fact
from afterscore.workspaces import operations as workspaces
from tests.people import NOW, People
from tests.programs import scene


@pytest.fixture
def quayside(people: People) -> Account:
    return scene.account(people.workspace, external_id="crm-7")


@pytest.fixture
def nora(people: People, quayside: Account) -> Contact:
    return scene.contact(people.workspace, account=quayside, external_id="42")


def told(**said: Any) -> NewSignal:
    usual = {
        "kind": "event",
        "name": "onboarding_finished",
        "occurred_at": NOW - timedelta(days=1),
        "source": "crm",
        "email": "nora@quayside.example",
    }
    return NewSignal(**{**usual, **said})


def record(people: People, *signals: NewSignal) -> operations.Intake:
    return operations.record_signals(
        workspace=people.workspace, signals=signals, actor=SYSTEM, now=NOW
    )


def refusal(people: People, **said: Any) -> tuple[str, str]:
    (problem,) = record(people, told(**said)).problems
    return problem.field, problem.message


@pytest.mark.parametrize(
    "whom",
    [
        {"email": " NORA@quayside.example"},
        {"email": "", "contact_id": "42"},
    ],
)
def test_a_person_is_known_by_address_or_id(people: People, nora: Contact, whom: dict[str, str]):
    assert record(people, told(**whom)).created == 1
    signal = Signal.objects.get()
    assert (signal.contact, signal.account) == (nora, nora.account)


@pytest.mark.parametrize(
    "whom", [{"account": "quayside  FREIGHT"}, {"account_id": "crm-7"}], ids=["name", "id"]
)
def test_a_company_is_known_by_name_or_id(people: People, quayside: Account, whom: dict[str, str]):
    assert record(people, told(email="", **whom)).created == 1
    signal = Signal.objects.get()
    assert (signal.contact, signal.account) == (None, quayside)


def test_telling_it_twice_tells_it_once(people: People, nora: Contact):
    first = record(people, told(external_id="t-1"), told(name="release"))
    again = record(people, told(external_id="t-1"), told(name="release"))
    assert (first.created, first.known) == (2, 0)
    assert (again.created, again.known) == (0, 2)
    assert Fact.objects.filter(name="signals.recorded").count() == 1


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"email": "who@else.example"}, "email", "There is no contact with the address"),
        ({"email": ""}, "email", "names nobody"),
        ({"account": "Nowhere"}, "account", "no account of the name “nowhere”"),
        ({"kind": "party"}, "kind", "Use event, ticket"),
        ({"name": "Onboarding finished"}, "name", "such as onboarding_finished"),
        ({"occurred_at": datetime(2026, 5, 1, 9)}, "occurred_at", "offset"),
        ({"occurred_at": NOW + timedelta(hours=1)}, "occurred_at", "future"),
        ({"source": " "}, "source", "which system"),
        ({"attributes": {"a b": 1}}, "attributes", "not a name for an attribute"),
    ],
)
def test_what_is_wrong_is_named(
    people: People, nora: Contact, *, said: Mapping[str, Any], field: str, words: str
):
    found = refusal(people, **said)
    assert found[0] == field
    assert words in found[1]
    assert not Signal.objects.exists()


def test_the_good_ones_go_in_beside_the_wrong_ones(people: People, nora: Contact):
    intake = record(people, told(kind="party"), told(), told(email="who@else.example"))
    assert intake.created == 1
    assert [problem.number for problem in intake.problems] == [0, 2]


def test_nobody_learns_of_another_workspace(people: People, nora: Contact):
    intake = operations.record_signals(
        workspace=people.elsewhere, signals=[told()], actor=SYSTEM, now=NOW
    )
    assert intake.created == 0
    assert "no contact" in intake.problems[0].message


def test_a_conversation_is_a_fact_about_the_person(people: People, nora: Contact):
    record(people, told(kind="interaction", name="call"))
    assert Fact.objects.get(name="contact.spoken_to").subject == nora.public_id


def test_more_than_a_chunk_goes_in(people: People, nora: Contact):
    many = (told(external_id=f"t-{number}") for number in range(2_300))
    assert record(people, *many, told(kind="party")).problems[0].number == 2_300
    assert Signal.objects.count() == 2_300


def test_it_stands_on_the_time_line(people: People, nora: Contact):
    record(people, told(attributes={"plan": "Pro"}), told(kind="ticket", name="ticket_closed"))
    items = registry.timeline_of(workspace=people.workspace, contacts=[nora])
    titles = {item.title: item for item in items}
    assert titles["Onboarding finished"].text == "plan: Pro"
    assert titles["Onboarding finished"].contact == nora
    assert "Support ticket: ticket closed" in titles


# The API


def caller(people: People, role: Role = Role.AGENT) -> Client:
    _key, secret = workspaces.create_key(
        workspace=people.workspace, name="CRM", role=role, actor=SYSTEM, now=NOW
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, *signals: Mapping[str, Any]) -> Any:
    return client.post(
        "/api/v1/signals", {"signals": list(signals)}, content_type="application/json"
    )


SIGNAL = {
    "kind": "ticket",
    "name": "ticket_closed",
    "occurred_at": "2026-05-03T18:00:00+02:00",
    "email": "nora@quayside.example",
    "external_id": "T-1",
}


def test_the_api_takes_signals_and_says_what_it_refused(people: People, nora: Contact):
    answer = post(caller(people), SIGNAL, {**SIGNAL, "email": "who@else.example"}).json()
    assert answer["created"] == 1
    assert answer["refused"][0]["number"] == 1
    assert answer["refused"][0]["field"] == "email"
    assert Signal.objects.get().occurred_at == datetime(2026, 5, 3, 16, tzinfo=UTC)


def test_a_key_that_may_only_read_is_refused(people: People, nora: Contact):
    assert post(caller(people, Role.VIEWER), SIGNAL).status_code == 422
    assert not Signal.objects.exists()


def test_a_thousand_at_a_time(people: People):
    assert post(caller(people), *[SIGNAL] * 1_001).status_code == 422
    assert post(caller(people)).status_code == 422


# Files


def write(folder: Path, text: str) -> Path:
    path = folder / "signals.csv"
    path.write_text(text, encoding="utf-8")
    return path


def prepared(path: Path, **given: str) -> happenings.Reading:
    return happenings.prepare(path, zone="Europe/Berlin", given=given)


def test_a_clock_time_without_an_offset_is_meant_by_the_workspace(tmp_path: Path):
    path = write(
        tmp_path,
        "kind,name,occurred_at,email\n"
        "event,release,2026-03-29 02:30,a@x.example\n"
        "event,release,31/03/2026,a@x.example\n"
        "event,release,2026-04-01T09:00:00Z,a@x.example\n",
    )
    read = list(happenings.read(prepared(path)))
    assert [row.occurred_at for row in read] == [
        datetime(2026, 3, 29, 1, tzinfo=UTC),  # 02:30 did not exist: the first moment after it
        datetime(2026, 3, 30, 22, tzinfo=UTC),
        datetime(2026, 4, 1, 9, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind,name,email\nevent,x,a@x.example\n", "no column occurred_at"),
        ("kind,name,occurred_at\nevent,x,2026-05-01\n", "whom it is about"),
        ("kind,name,occurred_at,email\nevent,x,03/04/2026,a@x.example\n", "day first and month"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, words: str):
    with pytest.raises(FileError, match=words):
        prepared(write(tmp_path, text))


@pytest.fixture
def run(people: People, monkeypatch: pytest.MonkeyPatch):
    """The command inside this test's transaction: the database stands already."""
    from contextlib import nullcontext

    monkeypatch.setattr("afterscore.config.cli.session.database", nullcontext)

    def run(path: Path, *arguments: str):
        return CliRunner().invoke(
            command.import_signals, [str(path), "-w", people.workspace.slug, *arguments]
        )

    return run


def test_the_command_takes_a_file_in_and_lists_what_it_refused(run, nora: Contact, tmp_path: Path):
    path = write(
        tmp_path,
        "name,occurred_at,email,seats\n"
        "seats_added,2026-05-01,nora@quayside.example,5\n"
        "seats_added,yesterday,nora@quayside.example,5\n"
        "seats_added,2026-05-01,who@else.example,5\n",
    )
    result = run(path, "--kind", "event")
    assert result.exit_code == 1
    assert "1 taken in, 0 known before, 2 refused." in result.output
    assert "row 3, occurred_at: “yesterday” is not a date" in result.output
    assert "row 4, email: There is no contact" in result.output
    assert Signal.objects.get().attributes == {"seats": "5"}
    assert "0 taken in, 1 known before" in run(path, "--kind", "event").output
