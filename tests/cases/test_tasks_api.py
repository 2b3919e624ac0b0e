"""Tasks and playbooks by the API: for a ticket system that does its share of a case."""

from __future__ import annotations

from typing import Any

from django.test import Client

from afterscore.cases import operations, playbooks
from afterscore.cases.models import Case
from afterscore.domain import playbooks as rules
from afterscore.domain.roles import Role
from tests.cases.answers import by, open_for
from tests.cases.test_api import caller
from tests.cases.test_keeping_api import post
from tests.people import NOW, People


def listed(client: Client, query: str = "") -> list[Any]:
    found: list[Any] = client.get(f"/api/v1/tasks?{query}").json()["data"]
    return found


def add(client: Client, case: Case, **body: Any) -> dict[str, Any]:
    made = post(client, f"cases/{case.public_id}/tasks", **body)
    assert made.status_code == 200, made.content
    told: dict[str, Any] = made.json()
    return told


def test_a_case_tells_its_tasks_in_the_order_of_the_playbook(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    client = caller(people.workspace)
    added = add(client, case, title="Send the log", department="product", due_on="2026-05-08")
    told = client.get(f"/api/v1/cases/{case.public_id}/tasks").json()
    assert [task["kind"] for task in told] == [
        "call", "mail", "department", "gift", "check_back", "department",
    ]  # fmt: skip
    assert told[-1] == added
    assert (added["step"], added["department"], added["state"]) == ("", "product", "open")
    assert told[0]["step"] == "detractor_comment:call"


def test_tasks_come_page_by_page_and_none_twice(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.")
    client = caller(people.workspace)
    first = client.get("/api/v1/tasks?limit=3").json()
    second = client.get(f"/api/v1/tasks?limit=3&after={first['next']}").json()
    found = {task["id"] for task in (*first["data"], *second["data"])}
    assert (len(first["data"]), len(found), second["next"]) == (3, 5, None)
    assert {task["case"] for task in second["data"]} == {case.public_id}


def test_tasks_are_selected_by_state_owner_department_case_and_date(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    other = open_for(people, score=9, owner=people.max)
    client = caller(people.workspace)
    task = add(
        client, case, title="Send the log", department="finance", owner=people.max.user.email
    )
    late = "due_before=2031-01-01T00:00:00Z"
    assert [one["id"] for one in listed(client, "department=finance")] == [task["id"]]
    his = listed(client, f"owner={people.max.user.email}")
    assert {one["case"] for one in his} == {case.public_id, other.public_id}
    assert {one["case"] for one in listed(client, f"case={other.public_id}")} == {other.public_id}
    assert all(one["due_at"] for one in listed(client, late))
    assert 0 < len(listed(client, late)) < len(listed(client))
    assert listed(client, "due_before=2020-01-01T00:00:00Z") == listed(client, "state=done") == []
    assert client.get("/api/v1/tasks?state=lost").status_code == 422


def test_a_task_is_finished_once_and_taken_up_again(people: People) -> None:
    client = caller(people.workspace)
    task = add(client, open_for(people, owner=people.ana), title="Mend it", department="product")
    path = f"tasks/{task['id']}"
    vague = post(client, f"{path}/finish")
    assert (vague.status_code, vague.json()["error"]["field"]) == (422, "result")
    done = post(client, f"{path}/finish", result="acted", text="In 4.2").json()
    assert (done["state"], done["result"], done["outcome"]) == ("done", "acted", "In 4.2")
    assert post(client, f"{path}/finish", result="acted").status_code == 422
    again = post(client, f"{path}/reopen").json()
    assert (again["state"], again["result"], again["ended_at"]) == ("open", "", None)


def test_a_task_is_left_out_with_its_reason(people: People) -> None:
    client = caller(people.workspace)
    task = add(client, open_for(people, owner=people.ana), title="Mend it")
    left = post(client, f"tasks/{task['id']}/skip", why="It is mended.").json()
    assert (left["state"], left["outcome"]) == ("skipped", "It is mended.")


def test_a_call_that_reached_nobody_stays_open(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    client = caller(people.workspace)
    [call, *_rest] = client.get(f"/api/v1/cases/{case.public_id}/tasks").json()
    told = post(client, f"tasks/{call['id']}/finish", result="not_reached").json()
    assert (told["state"], told["result"]) == ("open", "not_reached")


def test_playbooks_come_with_their_steps_in_the_edition_of_the_workspace(people: People) -> None:
    built_in = playbooks.PLAYBOOKS["promoter_comment"]
    client = caller(people.workspace, Role.VIEWER)
    told = client.get("/api/v1/playbooks").json()
    assert [one["key"] for one in told] == list(playbooks.PLAYBOOKS)
    assert {one["is_own"] for one in told} == {False}
    rows = [{**rules.as_data(built_in.steps)[0], "title": "Thank them by hand"}]
    operations.change_playbook(
        workspace=people.workspace, key=built_in.key, steps=rows, actor=by(people.max), now=NOW
    )
    own = client.get(f"/api/v1/playbooks/{built_in.key}").json()
    assert (own["is_own"], own["steps"]) == (True, rows)
    assert own["changed_by"] == people.max.user.email
    assert client.get("/api/v1/playbooks/none").status_code == 404
    [elsewhere] = [
        one for one in caller(people.elsewhere).get("/api/v1/playbooks").json()
        if one["key"] == built_in.key
    ]  # fmt: skip
    assert elsewhere["is_own"] is False


def test_a_reading_key_changes_nothing_and_a_stranger_finds_nothing(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    reading, strange = caller(people.workspace, Role.VIEWER), caller(people.elsewhere)
    task = listed(reading)[0]
    for path in (f"cases/{case.public_id}/tasks", *_moves(task)):
        assert post(reading, path, title="Mend it").status_code == 422, path
        assert post(strange, path, title="Mend it").status_code == 404, path
    assert strange.get(f"/api/v1/cases/{case.public_id}/tasks").status_code == 404
    assert strange.get(f"/api/v1/tasks?after={task['id']}").status_code == 404
    assert listed(strange) == []
    assert listed(reading)[0] == task


def _moves(task: dict[str, Any]) -> tuple[str, ...]:
    return tuple(f"tasks/{task['id']}/{move}" for move in ("finish", "skip", "reopen"))
