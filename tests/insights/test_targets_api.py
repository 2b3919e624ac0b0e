"""Targets and benchmarks for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterscore.domain.roles import Role
from afterscore.insights.models import Benchmark, Target
from afterscore.kit import clock
from afterscore.workspaces import operations as workspaces
from tests.insights.test_targets import DUE, answers, by, set_target
from tests.people import NOW, People


@pytest.fixture(autouse=True)
def today() -> Iterable[None]:
    with clock.at(NOW):
        yield


def key_of(people: People, role: Role) -> Client:
    _key, secret = workspaces.create_key(
        workspace=people.workspace, name="Machine", role=role, actor=by(people.olivia), now=NOW
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, path: str, data: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(data), content_type="application/json")


def test_a_target_is_set_and_read_with_its_verdict(people: People) -> None:
    answers(people, [10] * 8 + [8] * 4 + [2] * 8, at=NOW - timedelta(days=20))
    manager = key_of(people, Role.MANAGER)
    made = post(manager, "targets", {"goal": 40, "due_on": DUE.isoformat()})
    assert made.status_code == 201
    target = Target.objects.get()
    read = manager.get(f"/api/v1/targets/{target.public_id}").json()
    assert (read["start"]["score"], read["start"]["n"], read["goal"]) == (0, 20, 40)
    assert (read["verdict"], read["outcome"], read["now"]) == ("cannot_tell", None, None)
    assert [each["id"] for each in manager.get("/api/v1/targets").json()] == [target.public_id]


def test_only_a_managers_key_sets_one_and_any_reads(people: People) -> None:
    answers(people, [10] * 8 + [2] * 8, at=NOW - timedelta(days=20))
    set_target(people)
    agent = key_of(people, Role.AGENT)
    refused = post(agent, "targets", {"goal": 50, "due_on": DUE.isoformat()})
    assert refused.status_code == 422
    assert "needs a key with the role manager" in refused.json()["error"]["message"]
    assert len(agent.get("/api/v1/targets").json()) == 1
    assert Target.objects.count() == 1


def test_what_is_wrong_is_said_at_its_field(people: People) -> None:
    manager = key_of(people, Role.MANAGER)
    answer = post(manager, "targets", {"goal": 40, "due_on": DUE.isoformat()})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "days"


def test_a_benchmark_comes_with_its_provenance_or_not_at_all(people: People) -> None:
    answers(people, [10] * 60 + [8] * 20 + [2] * 20, at=NOW - timedelta(days=20))
    manager = key_of(people, Role.MANAGER)
    data = {
        "score": 30,
        "source": "A benchmark",
        "link": "https://benchmarks.example/",
        "audience": "customers of 40 companies",
        "method": "panel",
        "n": 900,
        "collected_on": "2026-03-31",
    }
    for part in ("source", "link", "audience"):
        assert post(manager, "benchmarks", data | {part: ""}).status_code == 422
    assert post(manager, "benchmarks", data | {"n": 0}).status_code == 422
    assert not Benchmark.objects.exists()
    assert post(manager, "benchmarks", data).status_code == 201
    (read,) = manager.get("/api/v1/benchmarks").json()
    assert read["overlaps"] is True
    assert read["warnings"][0].startswith("Their customers")
