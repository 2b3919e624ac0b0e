"""The API as a program of the customer's would use it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.workspaces import operations
from afterscore.workspaces.models import Workspace
from tests import builders
from tests.people import NOW, People


def caller(workspace: Workspace) -> Client:
    _key, secret = operations.create_key(
        workspace=workspace, name="CRM", role=Role.AGENT, actor=SYSTEM, now=NOW
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def answered(people: People) -> People:
    for number, score in enumerate([10, 9, 8, 3]):
        builders.answer(
            builders.enrol(people, email=f"person{number}@quayside.example"),
            score=score,
            now=NOW + timedelta(minutes=number),
        )
    return people


def test_the_score_comes_with_its_interval(answered: People) -> None:
    figures: dict[str, Any] = caller(answered.workspace).get("/api/v1/nps").json()
    assert figures["nps"] == 25.0
    assert figures["n"] == 4
    assert figures["interval"][0] < 25 < figures["interval"][1]
    assert figures["histogram"] == [0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1]


def test_the_score_is_split_by_an_attribute(answered: People) -> None:
    figures = caller(answered.workspace).get("/api/v1/nps?by=account.name").json()
    assert [part["n"] for part in figures["by"].values()] == [4]


def test_an_unknown_attribute_is_named(answered: People) -> None:
    refused = caller(answered.workspace).get("/api/v1/nps?by=account.plann")
    assert refused.status_code == 422
    assert "account.plann" in refused.json()["error"]["message"]


def test_answers_come_page_by_page_and_none_twice(answered: People) -> None:
    client = caller(answered.workspace)
    first = client.get("/api/v1/responses?limit=3").json()
    second = client.get(f"/api/v1/responses?limit=3&after={first['next']}").json()
    assert [row["score"] for row in first["data"]] == [3, 8, 9]
    assert [row["score"] for row in second["data"]] == [10]
    assert second["next"] is None


def test_a_key_opens_its_own_workspace_only(answered: People) -> None:
    stranger = caller(answered.elsewhere)
    assert stranger.get("/api/v1/responses").json()["data"] == []
    assert stranger.get("/api/v1/nps").json()["n"] == 0
    own = caller(answered.workspace).get("/api/v1/responses").json()["data"][0]["id"]
    assert stranger.get(f"/api/v1/responses?after={own}").status_code == 404


def test_without_a_key_nothing_is_told(answered: People) -> None:
    assert Client().get("/api/v1/nps").status_code == 401
    wrong = Client(headers={"Authorization": "Bearer nps_wrong"})
    assert wrong.get("/api/v1/responses").status_code == 401


def test_a_revoked_key_is_refused_at_once(answered: People) -> None:
    key, secret = operations.create_key(
        workspace=answered.workspace, name="Old", role=Role.VIEWER, actor=SYSTEM, now=NOW
    )
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/nps").status_code == 200
    operations.revoke_key(
        workspace=answered.workspace, public_id=key.public_id, actor=SYSTEM, now=NOW
    )
    assert client.get("/api/v1/nps").status_code == 401
