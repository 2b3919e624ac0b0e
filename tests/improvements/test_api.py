"""Themes, improvements and departments as machines use them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterscore.domain import intervals
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.workspaces import operations as workspaces
from tests.cases.answers import open_for
from tests.improvements.scene import hear, save_theme
from tests.people import NOW, People

JSON = "application/json"


def key(people: People, role: Role = Role.MANAGER) -> dict[str, Any]:
    _key, secret = workspaces.create_key(
        workspace=people.workspace, name="test", role=role, actor=SYSTEM, now=NOW
    )
    return {"headers": {"Authorization": f"Bearer {secret}"}}


@pytest.fixture
def client() -> Client:
    return Client()


def test_themes_are_added_changed_listed_and_tried(people: People, client: Client):
    auth = key(people)
    data = {"name": "Reports", "words": ["report"], "department": "product"}
    added = client.post("/api/v1/themes", data, content_type=JSON, **auth)
    assert added.status_code == 201
    address = f"/api/v1/themes/{added.json()['id']}"
    changed = client.put(address, data | {"words": ["chart"]}, content_type=JSON, **auth)
    assert changed.json()["words"] == ["chart"]
    assert [each["name"] for each in client.get("/api/v1/themes", **auth).json()] == ["Reports"]
    found = client.post(
        "/api/v1/themes/match", {"text": "Charts, please"}, content_type=JSON, **auth
    ).json()
    assert found == [{"theme": added.json()["id"], "word": "chart", "start": 0, "end": 6}]
    refused = client.post(
        "/api/v1/themes", {"name": "E", "words": ["e*"]}, content_type=JSON, **auth
    )
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "words")


def test_an_improvement_is_proposed_moved_and_gets_its_voices(people: People, client: Client):
    auth = key(people)
    nora = hear(people, "Nora", "reports")
    proposed = client.post("/api/v1/improvements", {"title": "Faster"}, content_type=JSON, **auth)
    assert (proposed.status_code, proposed.json()["state"]) == (201, "proposed")
    address = f"/api/v1/improvements/{proposed.json()['id']}"
    client.post(f"{address}/state", {"state": "planned"}, content_type=JSON, **auth)
    client.post(f"{address}/voices", {"responses": [nora.public_id]}, content_type=JSON, **auth)
    found = client.get(address, **auth).json()
    assert (found["state"], found["voices"], found["told"]) == ("planned", 1, 0)
    assert [each["id"] for each in client.get("/api/v1/improvements", **auth).json()] == [
        found["id"]
    ]
    refused = client.post(f"{address}/state", {"state": "done"}, content_type=JSON, **auth)
    assert refused.status_code == 422


def test_a_key_that_may_only_read_changes_nothing(people: People, client: Client):
    auth = key(people, Role.VIEWER)
    assert client.get("/api/v1/improvements", **auth).json() == []
    refused = client.post("/api/v1/improvements", {"title": "Faster"}, content_type=JSON, **auth)
    assert refused.status_code == 422
    assert client.get("/api/v1/improvements", **auth).json() == []


def test_a_department_reads_its_themes(people: People, client: Client):
    auth = key(people)
    found = client.get("/api/v1/departments/product?days=30", **auth).json()
    assert (found["department"], found["days"], found["themes"]) == ("product", 30, [])
    assert client.get("/api/v1/departments/cooks", **auth).status_code == 422


def test_a_theme_says_what_the_people_who_answered_are_worth(people: People, client: Client):
    """Twenty people of five companies, of whom all of one speak of it."""
    theme = save_theme(people)
    for number in range(20):
        comment = "The report is late" if number < 4 else "Fine"
        open_for(people, comment=comment, account=f"Company {number // 4}")
    with clock.at(NOW + timedelta(days=1)):
        found = client.get("/api/v1/departments/product", **key(people)).json()
    (row,) = [each for each in found["themes"] if each["theme"] == theme.public_id]
    assert (row["people"], row["of"]) == (4, 20)
    assert row["worth"] == pytest.approx(5)
    assert row["interval"] == pytest.approx(intervals.wilson(0.2, 5))
