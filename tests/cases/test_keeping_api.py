"""Promises and gifts by the API: for a ticket system, and for whoever sends parcels."""

from __future__ import annotations

from typing import Any

from django.test import Client

from afterscore.cases import operations
from afterscore.domain.nps import Group
from afterscore.domain.roles import Role
from afterscore.kit import clock
from tests.cases.answers import by, open_for
from tests.cases.test_api import caller
from tests.cases.test_gifts import fund, offer, wish
from tests.people import NOW, People


def post(client: Client, path: str, **body: Any) -> Any:
    with clock.at(NOW):
        return client.post(f"/api/v1/{path}", body, content_type="application/json")


def test_a_promise_is_made_listed_and_kept(people: People) -> None:
    case = open_for(people, owner=people.ana)
    client = caller(people.workspace)
    made = post(client, f"cases/{case.public_id}/promises", text="A fix", due_on="2026-05-08")
    assert made.status_code == 200
    [owed] = client.get("/api/v1/promises").json()
    assert owed == made.json()
    assert (owed["case"], owed["state"], owed["owner"]) == (
        case.public_id, "open", "ana@harbourline.example",
    )  # fmt: skip
    kept = post(client, f"promises/{owed['id']}/keep", text="Released")
    assert (kept.json()["state"], kept.json()["settled_text"]) == ("kept", "Released")
    again = post(client, f"promises/{owed['id']}/keep")
    assert (again.status_code, again.json()["error"]["type"]) == (422, "refused")
    assert client.get("/api/v1/promises").json() == []
    assert len(client.get("/api/v1/promises?owed=false").json()) == 1


def test_whoever_sends_parcels_finds_what_is_approved(people: People) -> None:
    fund(people, "100")
    gesture = wish(people, offer(people))
    client = caller(people.workspace)
    assert post(client, f"gifts/{gesture.public_id}/send").status_code == 422
    operations.approve_gesture(gesture=gesture, actor=by(people.max), now=NOW)
    [waiting] = client.get("/api/v1/gifts?state=approved").json()
    assert (waiting["gift"], waiting["cost"]) == ("Book", "25.00")
    assert post(client, f"gifts/{waiting['id']}/send").json()["state"] == "sent"
    assert post(client, f"gifts/{waiting['id']}/arrive").json()["state"] == "arrived"


def test_a_reading_key_changes_nothing_and_a_stranger_finds_nothing(people: People) -> None:
    case = open_for(people, owner=people.ana)
    operations.promise(
        case=case,
        text="A fix",
        due_on=NOW.date(),
        actor=by(people.ana),
        now=NOW,
    )
    reading, strange = caller(people.workspace, Role.VIEWER), caller(people.elsewhere)
    [owed] = reading.get("/api/v1/promises").json()
    assert post(reading, f"promises/{owed['id']}/keep").status_code == 422
    assert post(strange, f"promises/{owed['id']}/keep").status_code == 404
    assert strange.get("/api/v1/promises").json() == strange.get("/api/v1/gifts").json() == []


def test_results_come_by_group(people: People) -> None:
    told = caller(people.workspace).get("/api/v1/check-backs").json()
    assert [row["group"] for row in told] == [group.value for group in Group]
    assert {row["confirmed_ratio"] for row in told} == {None}
