"""What a department is asked to do: whoever belongs to it sees it in her day, and may end it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterscore.cases import operations, queries
from afterscore.cases.models import Case, Entry, Task
from afterscore.cases.queries import agendas
from afterscore.domain.bulletins import Line
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.departments import Department
from afterscore.domain.improving import State as Improving
from afterscore.domain.roles import Role
from afterscore.improvements.models import Improvement, Voice
from afterscore.kit import clock
from afterscore.workspaces import operations as workspaces
from tests.cases.answers import by, open_for
from tests.people import NOW, People

INBOX = "/w/harbourline/inbox/"
LATER = NOW + timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1)
NEXT_WEEK = NOW + timedelta(days=8)


@pytest.fixture
def case(people: People) -> Case:
    """Ana's. Vic, a viewer, is in Product; Max in Support."""
    for member, department in ((people.vic, Department.PRODUCT), (people.max, Department.SUPPORT)):
        member.department = department
        member.save()
    return open_for(people, owner=people.ana, comment="Exports are slow.")


def ask(people: People, case: Case, title: str = "Look at exports", **given: Any) -> Task:
    given = given or {"department": Department.PRODUCT}
    return operations.add_task(case=case, title=title, actor=by(people.ana), now=NOW, **given)


def do(client: Client, case: Case, task: Task, act: str, **values: str) -> Any:
    with clock.at(LATER):
        return client.post(f"{INBOX}{case.public_id}/tasks/{task.public_id}/{act}/", values)


def text_of(client: Client, path: str) -> str:
    with clock.at(LATER):
        return str(client.get(path).content.decode())


# --- a viewer -------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["her department's", "her own"])
def test_a_viewer_finishes_what_was_handed_to_her(people: People, case: Case, whose: str) -> None:
    given: dict[str, Any] = {"owner": people.vic} if whose == "her own" else {}
    task = ask(people, case, **given)
    result = "done" if whose == "her own" else "planned"
    answer = do(people.client(people.vic), case, task, "done", result=result, text="In June.")
    assert answer.status_code == 302
    task.refresh_from_db()
    assert (task.state, task.result, task.outcome) == (Task.State.DONE, result, "In June.")
    assert task.ended_by == people.vic
    told = Entry.objects.filter(case=case, author=people.vic).get()
    assert told.text.startswith("Done: Look at exports.")
    assert told.text.endswith("In June.")


def test_a_viewer_leaves_out_with_a_word_what_was_handed_to_her(people: People, case: Case) -> None:
    task = ask(people, case)
    do(people.client(people.vic), case, task, "skip", text="Not ours.")
    task.refresh_from_db()
    assert (task.state, task.outcome) == (Task.State.SKIPPED, "Not ours.")


def test_the_page_gives_her_the_buttons_of_that_task_and_nothing_more(
    people: People, case: Case
) -> None:
    task, other = ask(people, case), ask(people, case, "Call them", department=Department.SUPPORT)
    page = text_of(people.client(people.vic), f"{INBOX}{case.public_id}/")
    steps = f"{INBOX}{case.public_id}/tasks/"
    assert f'action="{steps}{task.public_id}/done/' in page
    assert f'formaction="{steps}{task.public_id}/skip/' in page
    assert "We will not change this" in page
    for act in ("again", "take", "hand", "write"):
        assert f"{steps}{task.public_id}/{act}/" not in page
    assert f"{steps}{other.public_id}/" not in page
    assert "Add a task" not in page
    assert 'data-act="reply"' not in page


def test_others_tasks_stay_closed_to_her(people: People, case: Case) -> None:
    vic = people.client(people.vic)
    others = [
        ask(people, case, department=Department.SUPPORT),
        ask(people, case, owner=people.max),
        ask(people, case, "For whoever has the case", text="Any."),
        ask(people, case, department=Department.PRODUCT, owner=people.max),
    ]
    for task in others:
        for act in ("done", "skip", "again", "take", "hand"):
            assert do(vic, case, task, act, result="done").status_code == 403, (task.title, act)
    assert not Task.objects.filter(state=Task.State.DONE).exists()


def test_nobodys_case_makes_no_task_hers(people: People, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(owner=None)
    task = ask(people, case, text="Any.")
    assert do(people.client(people.vic), case, task, "done").status_code == 403


def test_what_speaks_with_the_customer_is_left_to_agents(people: People, case: Case) -> None:
    call = Task.objects.get(case=case, kind="call")
    operations.hand_task_over(
        task=call, department=Department.PRODUCT, actor=by(people.ana), now=NOW
    )
    vic = people.client(people.vic)
    assert do(vic, case, call, "done", result="reached").status_code == 403
    page = text_of(vic, f"{INBOX}{case.public_id}/")
    assert "This one speaks with the customer, so an agent does it." in page
    assert do(vic, case, call, "skip", text="Better by phone.").status_code == 302


def test_she_takes_nothing_back_and_hands_nothing_on(people: People, case: Case) -> None:
    task = ask(people, case)
    vic = people.client(people.vic)
    assert do(vic, case, task, "hand", whom="support").status_code == 403
    assert do(vic, case, task, "take").status_code == 403
    do(vic, case, task, "done", result="acted")
    assert do(vic, case, task, "again").status_code == 403


def test_a_stranger_finds_nothing(people: People, case: Case) -> None:
    task = ask(people, case)
    eve = people.client(people.eve)
    for act in ("done", "skip"):
        assert do(eve, case, task, act, result="acted").status_code == 404
    elsewhere = open_for(people, owner=people.ana)
    assert do(people.client(people.vic), elsewhere, task, "done").status_code == 404


def test_a_key_that_only_reads_ends_nothing(people: People, case: Case) -> None:
    task = ask(people, case)
    _key, reading = workspaces.create_key(
        workspace=people.workspace, name="r", role=Role.VIEWER, actor=by(people.olivia), now=NOW
    )
    _key, working = workspaces.create_key(
        workspace=people.workspace, name="w", role=Role.AGENT, actor=by(people.olivia), now=NOW
    )
    for act in ("finish", "skip"):
        address = f"/api/v1/tasks/{task.public_id}/{act}"
        body = {"result": "acted"} if act == "finish" else {"why": "No."}
        headers = {"Authorization": f"Bearer {reading}"}
        answer = Client().post(address, body, "application/json", headers=headers)
        assert answer.status_code in {400, 403, 422}
    task.refresh_from_db()
    assert task.state == Task.State.OPEN
    made = Client().post(
        f"/api/v1/cases/{case.public_id}/tasks",
        {"title": "Look", "owner": "vic@harbourline.example"},
        "application/json",
        headers={"Authorization": f"Bearer {working}"},
    )
    assert made.json()["owner"] == "vic@harbourline.example", "a viewer may be asked"


def test_she_comes_to_the_tasks_of_her_department(people: People, case: Case) -> None:
    ask(people, case)
    page = text_of(people.client(people.vic), f"{INBOX}tasks/")
    assert "Look at exports" in page
    assert Task.objects.get(kind="mail").title not in page
    ask(people, case, "Her own one", owner=people.vic)
    page = text_of(people.client(people.vic), f"{INBOX}tasks/")
    assert "Her own one" in page
    assert "Look at exports" not in page


# --- the day --------------------------------------------------------------------------------------


def tasks_today(people: People, who: str, now: Any = TOMORROW) -> list[Line]:
    day = agendas.get_day(member=getattr(people, who), now=now)
    return [item for item in day.tasks.items if isinstance(item, Line)]


def test_the_digest_names_what_the_department_is_asked_for(people: People, case: Case) -> None:
    ask(people, case)
    [line] = tasks_today(people, "vic")
    assert (line.text, line.mark) == ("Look at exports", "for anybody in Product")
    assert tasks_today(people, "max") == tasks_today(people, "ana") == []


def test_once_somebody_has_it_it_is_hers_alone(people: People, case: Case) -> None:
    people.olivia.department = Department.PRODUCT
    people.olivia.save()
    task = ask(people, case)
    operations.hand_task_over(task=task, owner=people.olivia, actor=by(people.olivia), now=NOW)
    [line] = tasks_today(people, "olivia")
    assert line.mark == ""
    assert tasks_today(people, "vic") == []


def test_the_list_of_the_day_has_it_too(people: People, case: Case) -> None:
    ask(people, case)
    for who, expected in (("vic", ["Product: Look at exports"]), ("max", [])):
        day = queries.day_of(workspace=people.workspace, member=getattr(people, who), now=TOMORROW)
        assert [work.title for work in day.work.values()] == expected


# --- favours that must wait -----------------------------------------------------------------------


def favour(people: People, **answer: Any) -> tuple[Case, Task]:
    """A promoter's case with the ask for a favour, due since yesterday."""
    case = open_for(people, score=10, comment="Great.", name="Pia Holm", owner=people.ana, **answer)
    task = Task.objects.get(case=case, kind="advocate")
    Task.objects.filter(pk=task.pk).update(due_at=NOW, owner=people.ana)
    task.refresh_from_db()
    return case, task


def counted(people: People) -> int:
    counts = queries.count_work(workspace=people.workspace, member=people.ana, now=TOMORROW)
    listed = queries.list_work(workspace=people.workspace, member=people.ana)
    assert counts.mine == listed.count(), "the number is the length of the list"
    assert counts.late == listed.filter(due_at__lt=TOMORROW).count()
    return counts.mine


def unhappy(people: People, **answer: Any) -> Case:
    """Olivia's, so that only its complaint touches Ana."""
    return open_for(people, score=2, comment="Slow.", owner=people.olivia, **answer)


@pytest.mark.parametrize("account", ["Quayside Freight", ""])
def test_a_locked_favour_is_neither_counted_nor_listed(people: People, account: str) -> None:
    case, task = favour(people, account=account)
    free = counted(people)
    assert [line.text for line in tasks_today(people, "ana")] == [task.title]
    other = unhappy(people, account=account)
    if not account:  # the complaint is the same person's
        for row in (other, other.response):
            row.contact = case.contact
            row.save(update_fields=["contact"])
    assert queries.blocked(task, case=case) is not None
    assert counted(people) == free - 1
    assert tasks_today(people, "ana") == []
    assert (
        task.case_id
        not in queries.day_of(workspace=people.workspace, member=people.ana, now=TOMORROW).work
    )
    operations.close_case(case=other, outcome=Outcome.SOLVED, actor=by(people.olivia), now=NOW)
    assert queries.blocked(task, case=case) is None
    assert counted(people) == free


@pytest.mark.parametrize("what", ["given up", "a wish", "a dropped wish", "of somebody else"])
def test_the_list_judges_as_the_case_does(people: People, what: str) -> None:
    case, task = favour(people)
    free = counted(people)
    account = "Elsewhere Ltd" if what == "of somebody else" else str(case.account)
    other = unhappy(people, account=account)
    if what != "of somebody else":
        operations.close_case(
            case=other,
            outcome=Outcome.NOT_CLOSED if what == "given up" else Outcome.SOLVED,
            reason=NotClosedReason.TIME if what == "given up" else None,
            actor=by(people.olivia),
            now=NOW,
        )
    if "wish" in what:
        state = Improving.DROPPED if "dropped" in what else Improving.PLANNED
        wish = Improvement.objects.create(
            workspace=people.workspace, title="Faster", state=state, created_at=NOW, changed_at=NOW
        )
        Voice.objects.create(
            workspace=people.workspace, improvement=wish, response=other.response, added_at=NOW
        )
    is_blocked = queries.blocked(task, case=case) is not None
    assert is_blocked is (what in {"given up", "a wish"})
    assert counted(people) == free - is_blocked
