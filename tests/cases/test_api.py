"""Cases for other programs: read, given away, noted, closed, by a key of one's own workspace."""

from __future__ import annotations

from typing import Any

from django.test import Client

from afterscore.cases.models import Case
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.journal.models import Fact
from afterscore.workspaces import operations
from afterscore.workspaces.models import Workspace
from tests.cases.answers import open_for
from tests.people import NOW, People


def caller(workspace: Workspace, role: Role = Role.AGENT) -> Client:
    _key, secret = operations.create_key(
        workspace=workspace, name="CRM", role=role, actor=SYSTEM, now=NOW
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/cases/{path}", body, content_type="application/json")


def test_cases_come_page_by_page_and_none_twice(people: People) -> None:
    cases = [open_for(people, score=score) for score in (2, 8, 10)]
    client = caller(people.workspace)
    first = client.get("/api/v1/cases?limit=2").json()
    second = client.get(f"/api/v1/cases?limit=2&after={first['next']}").json()
    found = [case["id"] for case in (*first["data"], *second["data"])]
    assert found == [case.public_id for case in reversed(cases)]
    assert second["next"] is None


def test_they_are_selected_by_owner_group_language_department_and_end(people: People) -> None:
    case = open_for(people, score=2, language="fr", owner=people.ana)
    open_for(people, score=9, owner=people.max)
    Case.objects.filter(pk=case.pk).update(department="finance")
    client = caller(people.workspace)
    for query in (
        "owner=ana@harbourline.example",
        "group=detractor",
        "language=fr",
        "department=finance",
    ):
        found = client.get(f"/api/v1/cases?{query}").json()["data"]
        assert [one["id"] for one in found] == [case.public_id], query
    assert client.get("/api/v1/cases?is_open=false").json()["data"] == []
    assert len(client.get("/api/v1/cases?is_open=true&state=new").json()["data"]) == 2


def test_one_case_comes_with_its_history(people: People) -> None:
    case = open_for(people, score=2, comment="It is slow.", owner=people.ana)
    told = caller(people.workspace).get(f"/api/v1/cases/{case.public_id}").json()
    assert (told["comment"], told["owner"], told["priority"]) == (
        "It is slow.", "ana@harbourline.example", 2,
    )  # fmt: skip
    assert told["entries"][0]["text"].startswith("Handed over")


def test_a_case_is_given_away_noted_closed_and_opened_again(people: People) -> None:
    case = open_for(people, score=2)
    client = caller(people.workspace)
    path = case.public_id
    told = send(client, f"{path}/assign", email="Max@harbourline.example").json()
    assert told["owner"] == "max@harbourline.example"
    told = send(client, f"{path}/notes", text="Called their boss.", minutes=5).json()
    assert (told["entries"][0]["text"], told["minutes"]) == ("Called their boss.", 5)
    told = send(client, f"{path}/close", outcome="solved", insight="A typo.").json()
    assert (told["state"], told["outcome"], told["insight"]) == ("closed", "solved", "A typo.")
    told = send(client, f"{path}/reopen", why="Not quite.").json()
    assert told["state"] == "reopened"
    actors = Fact.objects.filter(subject=path).exclude(actor="system").values_list("actor")
    assert {actor.split(":")[0] for (actor,) in actors} == {"key"}


def test_what_cannot_be_is_refused_with_its_field(people: People) -> None:
    case = open_for(people, score=2)
    client = caller(people.workspace)
    for path, body, field in (
        ("assign", {"email": "vic@harbourline.example"}, "email"),
        ("close", {"outcome": "not_closed"}, "reason"),
        ("notes", {"text": " "}, "text"),
    ):
        answer = send(client, f"{case.public_id}/{path}", **body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    case.refresh_from_db()
    assert case.closed_at is None


def test_a_reading_key_changes_nothing_and_a_strangers_key_finds_nothing(people: People) -> None:
    case = open_for(people, score=2)
    path = f"{case.public_id}/close"
    reading = caller(people.workspace, Role.VIEWER)
    assert reading.get(f"/api/v1/cases/{case.public_id}").status_code == 200
    assert send(reading, path, outcome="solved").status_code == 422
    strange = caller(people.elsewhere)
    assert strange.get(f"/api/v1/cases/{case.public_id}").status_code == 404
    assert send(strange, path, outcome="solved").status_code == 404
    assert strange.get("/api/v1/cases").json()["data"] == []
