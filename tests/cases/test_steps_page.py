"""The next step on the page of a case, the list of tasks, and the playbooks in the settings."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterscore.cases import languages, operations, queries
from afterscore.cases.models import Case, Entry, Playbook, Task
from afterscore.cases.playbooks import PLAYBOOKS
from afterscore.customers import operations as customers
from afterscore.customers.operations import NewSignal
from afterscore.domain.casework import Outcome
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM
from afterscore.domain.nps import Group
from afterscore.domain.steps import StepKind
from afterscore.kit import clock
from afterscore.outreach.models import Message
from tests.cases.answers import by, open_for
from tests.flows import forms
from tests.people import NOW, People

INBOX = "/w/harbourline/inbox/"
SHELF = "/w/harbourline/settings/playbooks/"
LATER = NOW + timedelta(hours=1)


def get(client: Client, path: str) -> Any:
    with clock.at(LATER):
        return client.get(path)


def words(page: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return " ".join(text.replace("&#x27;", "'").split())


def address(case: Case, task: Task | None = None, act: str = "") -> str:
    return f"{INBOX}{case.public_id}/" + (f"tasks/{task.public_id}/{act}/" if task else "")


def step(case: Case, kind: str) -> Task:
    return Task.objects.get(case=case, kind=kind)


def do(client: Client, case: Case, task: Task, act: str, **values: str) -> Any:
    with clock.at(LATER):
        return client.post(address(case, task, act), values, follow=True)


# --- the next step ------------------------------------------------------------------------------


def test_a_call_shows_its_script_with_the_outcomes_at_hand(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    page = get(people.client(people.ana), address(case))
    assert "Next Call them" in words(page)
    assert "“Nora, thank you for saying openly what is not right.”" in words(page)
    assert "Spoke with them Left a message Did not reach them" in words(page)
    task = step(case, "call")
    ana = people.client(people.ana)
    done = do(ana, case, task, "done", result="reached", text="We call again.", minutes="9")
    assert "Noted: Call them." in words(done)
    call = Entry.objects.get(case=case, kind=Entry.Kind.CALL)
    assert (call.text, call.minutes, call.author) == ("We call again.", 9, people.ana)
    assert step(case, "call").state == Task.State.DONE


def test_calls_that_reached_nobody_are_counted(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    ana = people.client(people.ana)
    for _ in range(3):
        do(ana, case, step(case, "call"), "done", result="not_reached")
    page = get(ana, address(case))
    assert "3 calls have not reached them yet. Writing may be better" in words(page)


def test_a_step_is_left_out_and_taken_up_again(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    ana = people.client(people.ana)
    page = do(ana, case, step(case, "call"), "skip", text="She asked for mail.")
    assert "left out, Ana: She asked for mail." in words(page)
    assert "Next Write, if the phone does not reach them" in words(page)
    page = do(ana, case, step(case, "call"), "again")
    assert "To do again: Call them." in words(page)


def test_a_refusal_says_why_and_shows_the_case_as_it_is(people: People) -> None:
    case = open_for(people, score=7, owner=people.ana)
    task = step(case, "gift")
    operations.finish_task(task=task, actor=by(people.max), now=NOW)
    page = do(people.client(people.ana), case, task, "done", result="given")
    assert page.status_code == 422
    assert "is done already by Max" in words(page)


def test_others_see_the_steps_but_the_next_one_is_the_owner_s(people: People) -> None:
    case = open_for(people, score=7, owner=people.ana)
    page = words(get(people.client(people.max), address(case)))
    assert "Next Ask in one sentence" not in page
    assert "Ask in one sentence what is missing" in page


@pytest.mark.parametrize("act", ["done", "skip", "write", "again", "take", "hand"])
def test_a_viewer_does_nothing_and_a_stranger_finds_nothing(people: People, act: str) -> None:
    case = open_for(people, score=7)
    task = step(case, "mail")
    assert do(people.client(people.vic), case, task, act).status_code == 403
    assert do(people.client(people.eve), case, task, act).status_code == 404
    other = open_for(people, score=7)
    assert do(people.client(people.ana), other, task, act).status_code == 404
    task.refresh_from_db()
    assert task.state == Task.State.OPEN


# --- education, favours -------------------------------------------------------------------------


def tell_usage(people: People, account: str, *features: str) -> None:
    customers.record_signals(
        workspace=people.workspace,
        signals=[
            NewSignal(kind="usage", name=name, source="app", occurred_at=NOW, account=account)
            for name in features
        ],
        actor=SYSTEM,
        now=NOW,
    )


def passive(people: People) -> Case:
    case = open_for(people, score=7, comment="Fine.", owner=people.ana)
    operations.reply(case=case, body="Thanks.", actor=by(people.ana), now=NOW)
    return case


def test_without_usage_data_the_page_says_how_to_send_it(people: People) -> None:
    page = words(get(people.client(people.ana), address(passive(people))))
    assert "No usage data has come in" in page
    assert "afterscore signals import usage.csv --kind usage" in page


def test_education_names_what_they_do_not_use(people: People) -> None:
    case = passive(people)
    for number in range(4):
        open_for(people, account=f"Other {number}")
        tell_usage(people, f"Other {number}", "bulk_import", "login")
    tell_usage(people, "Other 0", "rare_thing")
    ana = people.client(people.ana)
    page = words(get(ana, address(case)))
    assert "No usage of Quayside Freight in the last 90 days has come in." in page
    tell_usage(people, "Quayside Freight", "login")
    page = get(ana, address(case))
    assert "Next Show them what they do not use yet" in words(page)
    assert re.search(
        r"used by others: bulk import \(by 100.%\), rare thing \(by 25.%\)", words(page)
    )
    assert "you do not use this yet: bulk import, rare thing." in words(page)
    tell_usage(people, "Quayside Freight", "bulk_import", "rare_thing")
    assert "They use everything that is usual" in words(get(ana, address(case)))


def test_a_favour_is_locked_while_a_complaint_is_open_and_unlocked_later(people: People) -> None:
    unhappy = open_for(people, score=1, name="Nora", owner=people.max)
    case = open_for(people, score=10, comment="Great.", name="Theo", owner=people.ana)
    operations.reply(case=case, body="Thanks.", actor=by(people.ana), now=NOW)
    ana = people.client(people.ana)
    page = get(ana, address(case))
    assert "Not yet: the complaint of Nora is unresolved since 4 May." in words(page)
    assert f"/inbox/{unhappy.public_id}/" in page.content.decode()
    task = step(case, "advocate")
    assert "Not yet" in words(do(ana, case, task, "done", result="referral"))
    operations.close_case(case=unhappy, outcome=Outcome.SOLVED, actor=by(people.max), now=NOW)
    page = get(ana, address(case))
    assert "Next Ask for a referral or a testimonial" in words(page)
    assert "May I ask you for a favour?" in words(page)
    with clock.at(LATER):
        sent = forms.send(ana, page, action="/write/")
    assert "The mail is on its way." in words(sent)
    assert Message.objects.get(subject="A favour, if you like").to_email == case.contact.email
    assert step(case, "advocate").result == "asked"


# --- departments --------------------------------------------------------------------------------


def test_a_task_is_passed_on_and_appears_for_that_department_s_people(people: People) -> None:
    people.max.department = Department.PRODUCT
    people.max.save()
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    task = step(case, "department")
    do(people.client(people.ana), case, task, "hand", whom="product")
    max_ = people.client(people.max)
    page = words(get(max_, f"{INBOX}tasks/?show=product"))
    assert "Product 1" in page
    assert "Find the cause" in page
    assert "Find the cause" not in words(get(max_, f"{INBOX}tasks/?show=mine"))
    do(max_, case, task, "take")
    assert "Find the cause" in words(get(max_, f"{INBOX}tasks/?show=mine"))
    assert "Next Find the cause" in words(get(max_, address(case)))
    do(max_, case, task, "done", result="planned", text="In the next release.")
    assert "Planned, Max: In the next release." in words(get(max_, address(case)))


def test_a_task_of_one_s_own_is_added_from_the_case(people: People) -> None:
    case = open_for(people, owner=people.ana)
    ana = people.client(people.ana)
    with clock.at(LATER):
        page = forms.send(
            ana, ana.get(address(case)), action="/tasks/add/",
            title="Send the contract", whom="finance", due_on="2026-05-20",
        )  # fmt: skip
    assert "Added: Send the contract." in words(page)
    task = Task.objects.get(title="Send the contract")
    assert (task.department, task.due_at.date().isoformat()) == ("finance", "2026-05-20")  # type: ignore[union-attr]
    with clock.at(LATER):
        page = ana.post(f"{address(case)}tasks/add/", {"title": ""})
    assert page.status_code == 422
    assert "What is to be done: This field is required." in words(page)


def test_an_empty_list_of_tasks_says_where_they_come_from(people: People) -> None:
    page = words(get(people.client(people.ana), f"{INBOX}tasks/"))
    assert "each playbook brings its steps" in page
    page = words(get(people.client(people.ana), f"{INBOX}tasks/?show=finance"))
    assert "Nothing for this department" in page


# --- the settings -------------------------------------------------------------------------------


def test_all_playbooks_stand_in_the_settings(people: People) -> None:
    open_for(people, score=2)
    page = words(get(people.client(people.vic), SHELF))
    for playbook in PLAYBOOKS.values():
        assert playbook.name in page
    assert "Detractor without a comment A low score and no word. Built in · 1 open case" in page


def test_a_playbook_saved_as_it_is_stays_the_built_in_one(people: People) -> None:
    max_ = people.client(people.max)
    for key in PLAYBOOKS:
        forms.send(max_, max_.get(f"{SHELF}{key}/"))
    assert not Playbook.objects.exists()


def test_a_manager_changes_a_playbook_and_new_cases_follow_it(people: People) -> None:
    before = open_for(people, score=2)
    max_ = people.client(people.max)
    page = forms.send(
        max_, max_.get(f"{SHELF}detractor_silent/"), **{"0-title": "Write at once", "1-days": "4"}
    )
    assert "Saved. New cases" in words(page)
    assert "last changed by Max" in words(page)
    case = open_for(people, score=2)
    assert step(case, "mail").title == "Write at once"
    assert step(before, "mail").title == "Ask in one sentence what is not right"
    page = forms.send(max_, page, action="/reset/")
    assert "is the built-in one again" in words(page)
    assert not Playbook.objects.exists()


def test_steps_are_moved_removed_and_added_before_anything_is_saved(people: People) -> None:
    max_ = people.client(people.max)
    page = max_.get(f"{SHELF}passive_comment/")
    page = forms.send(max_, page, down="0", **{"0-title": "Typed"})
    page = forms.send(max_, page, add="yes", new_kind="todo")
    page = forms.send(max_, page, remove="2")
    assert "Not saved yet." in words(page)
    rows = page.context["form"].rows
    assert [row.kind for row in rows] == [StepKind.EDUCATE, StepKind.MAIL, StepKind.TODO]
    assert rows[1].values["title"] == "Typed"
    assert not Playbook.objects.exists()
    page = max_.post(f"{SHELF}passive_comment/", _fields(page))
    assert page.status_code == 422
    assert "Step 3: Say in a few words what is to be done." in words(page)
    assert "Typed" in page.content.decode()


def _fields(page: Any) -> dict[str, Any]:
    parser = forms._Forms()
    parser.feed(page.content.decode())
    return next(fields for target, fields in parser.forms if "count" in fields)


def test_a_gift_stands_in_all_playbooks_or_in_none(people: People) -> None:
    max_ = people.client(people.max)
    page = max_.get(f"{SHELF}promoter_comment/")
    page = forms.send(max_, page, remove="2")
    forms.send(max_, page)
    for score in (1, 7, 10):
        assert not Task.objects.filter(case=open_for(people, score=score), kind="gift").exists()
    max_ = people.client(people.max)
    forms.send(max_, max_.get(f"{SHELF}promoter_comment/"), action="/reset/")
    assert not Playbook.objects.exists()
    assert Task.objects.filter(case=open_for(people, score=1), kind="gift").exists()


def test_a_mail_in_one_s_own_words_is_what_the_case_proposes(people: People) -> None:
    max_ = people.client(people.max)
    page = max_.get(f"{SHELF}detractor_silent/")
    page = forms.send(max_, page, write="0", **{"0-language": "de"})
    wrong = max_.post(
        f"{SHELF}detractor_silent/", _fields(page) | {"0-body_de": "Hallo {{ vorname }}"}
    )
    assert wrong.status_code == 422
    assert "no field 'vorname'" in words(wrong)
    forms.send(
        max_, page, **{"0-subject_de": "Kurze Frage", "0-body_de": "Hallo {{ first_name }}, was?"}
    )
    case = open_for(people, score=2, language="de-AT", owner=people.ana)
    page = get(people.client(people.ana), address(case)).content.decode()
    assert "Hallo Nora, was?" in page
    assert "Kurze Frage" in page
    english = open_for(people, score=2, owner=people.ana)
    assert "so something is not right" in words(get(people.client(people.ana), address(english)))


def test_own_words_begin_with_the_built_in_mail_and_go_back_to_it(people: People) -> None:
    max_ = people.client(people.max)
    page = max_.get(f"{SHELF}detractor_silent/")
    assert f"Mail in {len(languages.names())} languages, built in" in words(page)
    assert not any(row.mails for row in page.context["form"].rows)
    opened = forms.send(max_, page, write="0", **{"0-language": "ar"})
    (mail,) = opened.context["form"].rows[0].mails
    assert (mail["code"], mail["name"], mail["direction"]) == ("ar", "Arabic", "rtl")
    assert (
        mail["body"]
        == languages.reply_draft(
            "ar", group=Group.DETRACTOR, has_comment=False, playbook="detractor_silent"
        ).body
    )
    forms.send(max_, opened)
    assert not Playbook.objects.exists(), "what was left as it was is the built-in mail"
    own = forms.send(max_, opened, **{"0-body_ar": "شكرا {{ first_name }}"})
    assert "your own words in Arabic" in words(own)
    assert "your own words in Arabic" in words(max_.get(SHELF))
    back = forms.send(max_, own, forget="0-ar")
    forms.send(max_, back)
    assert not Playbook.objects.exists()


@pytest.mark.parametrize(
    ("which", "language"), [("99", "de"), ("x", "de"), ("0", "tlh"), ("0", "")]
)
def test_a_mail_that_is_not_there_is_not_opened(people: People, which: str, language: str) -> None:
    max_ = people.client(people.max)
    page = forms.send(
        max_, max_.get(f"{SHELF}detractor_silent/"), write=which, **{"0-language": language}
    )
    assert page.status_code == 200
    assert not any(row.mails for row in page.context["form"].rows)


def test_only_managers_change_playbooks(people: People) -> None:
    ana = people.client(people.ana)
    page = ana.get(f"{SHELF}key_account/")
    assert "A manager can change them." in words(page)
    assert ana.post(f"{SHELF}key_account/", {"count": "0"}).status_code == 403
    assert ana.post(f"{SHELF}key_account/reset/").status_code == 403
    assert ana.get(f"{SHELF}nonsense/").status_code == 404


def test_reasons_for_silence_are_counted(people: People) -> None:
    for result in ("no_time", "no_time", "doubts_use"):
        case = open_for(people, score=7, owner=people.ana)
        do(people.client(people.ana), case, step(case, "ask_reason"), "done", result=result)
    assert queries.count_silence(workspace=people.workspace) == {"no_time": 2, "doubts_use": 1}
