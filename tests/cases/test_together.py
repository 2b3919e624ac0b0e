"""One thing done to several cases: each by itself, told in full, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from afterscore.cases import operations
from afterscore.cases.models import Case, Entry
from afterscore.domain.casework import NotClosedReason, Outcome, State
from afterscore.improvements.models import Theme
from afterscore.kit import clock
from tests.cases.answers import by, open_for
from tests.people import NOW, People

pytestmark = pytest.mark.django_db
INBOX = "/w/harbourline/inbox/"


def do(people: People, act: str, cases: list[Case], **values: Any) -> list[str]:
    """What is told afterwards."""
    keys = [case.public_id for case in cases]
    with clock.at(NOW):
        page = people.client(people.ana).post(
            f"{INBOX}together/?show=all", {"act": act, "case": keys, **values}, follow=True
        )
    assert page.redirect_chain == [(f"{INBOX}?show=all", 302)]
    return [str(message) for message in page.context["messages"]]


def undo(people: People, client: Any) -> list[str]:
    with clock.at(NOW):
        page = client.post(f"{INBOX}together/undo/", follow=True)
    return [str(message) for message in page.context["messages"]]


def test_several_cases_are_given_to_somebody_and_taken_back(people: People) -> None:
    mine = [open_for(people, name=f"P{n}", owner=people.ana) for n in range(2)]
    other = open_for(people, owner=people.olivia)
    ana = people.client(people.ana)
    keys = [case.public_id for case in (*mine, other)]
    with clock.at(NOW):
        page = ana.post(
            f"{INBOX}together/",
            {"act": "assign", "case": keys, "owner": people.max.public_id},
            follow=True,
        )
    assert [str(one) for one in page.context["messages"]] == ["3 cases were given to Max."]
    assert "3 cases were given to Max." in page.content.decode()
    assert set(Case.objects.values_list("owner", flat=True)) == {people.max.pk}
    assert undo(people, ana) == ["3 cases were put back as before."]
    assert Case.objects.filter(owner=people.ana).count() == 2
    assert Case.objects.get(pk=other.pk).owner == people.olivia
    assert undo(people, ana) == ["There is nothing to take back any more."]


def test_what_was_not_possible_is_told_case_by_case(people: People) -> None:
    closed = open_for(people, name="Nora Done")
    operations.close_case(case=closed, outcome=Outcome.SOLVED, actor=by(people.max), now=NOW)
    still = open_for(people, name="Theo Open")
    told = do(people, "close", [closed, still], outcome="thanked")
    assert told[0] == "1 case was closed: We thanked the customer."
    assert told[1].startswith("Nora Done was left as it is. Max closed this case")
    assert Case.objects.get(pk=still.pk).state == State.CLOSED


def test_closing_several_can_be_taken_back(people: People) -> None:
    cases = [open_for(people, name=f"P{n}") for n in range(3)]
    ana = people.client(people.ana)
    keys = [case.public_id for case in cases]
    with clock.at(NOW):
        ana.post(f"{INBOX}together/", {"act": "close", "case": keys, "outcome": "understood"})
    assert not Case.objects.exclude(state=State.CLOSED).exists()
    undo(people, ana)
    assert not Case.objects.exclude(state=State.REOPENED).exists()


def test_a_theme_is_given_once(people: People) -> None:
    theme = Theme.objects.create(workspace=people.workspace, name="Import", created_at=NOW)
    first, second = open_for(people, name="A A"), open_for(people, name="B B")
    operations.tag(case=first, theme=theme, actor=by(people.ana), now=NOW)
    told = do(people, "tag", [first, second], theme=theme.public_id)
    assert told == [
        "1 case was given the theme Import.",
        "A A was left as it is. The case has the theme Import already.",
    ]
    assert all(case.themes == [theme.public_id] for case in Case.objects.all())


def test_a_note_is_written_into_each(people: People) -> None:
    cases = [open_for(people, name=f"P{n}") for n in range(2)]
    assert do(people, "note", cases, text="Told on the call.") == ["2 cases were noted."]
    assert Entry.objects.filter(kind=Entry.Kind.NOTE, text="Told on the call.").count() == 2


@pytest.mark.parametrize(
    ("act", "values", "told"),
    [
        ("close", {"outcome": "not_closed"}, "Say why the loop stays open."),
        ("close", {}, "How they ended: this is needed."),
        ("note", {"text": "  "}, "Note: this is needed."),
        ("assign", {"owner": "mem_x"}, "Select a valid choice"),
        ("delete", {}, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    people: People, act: str, values: dict[str, str], told: str
) -> None:
    case = open_for(people)
    (message,) = do(people, act, [case], **values)
    assert told in message
    assert Case.objects.get(pk=case.pk).changed_at == case.changed_at


def test_giving_up_needs_a_reason_and_keeps_it(people: People) -> None:
    case = open_for(people)
    do(people, "close", [case], outcome="not_closed", reason=NotClosedReason.TIME.value)
    assert Case.objects.get(pk=case.pk).not_closed_reason == NotClosedReason.TIME


def test_without_a_choice_one_is_told_how_to_choose(people: People) -> None:
    open_for(people)
    (told,) = do(people, "note", [], text="Hello.")
    assert told == "Choose the cases first: x, or the box beside the score."


def test_viewers_and_strangers_change_nothing(people: People) -> None:
    case = open_for(people)
    values = {"act": "note", "case": [case.public_id], "text": "Hello."}
    assert people.client(people.vic).post(f"{INBOX}together/", values).status_code == 403
    assert people.client(people.vic).post(f"{INBOX}together/undo/").status_code == 403
    eve = people.client(people.eve)
    assert eve.post(f"{INBOX}together/", values).status_code == 404
    eve.post("/w/elsewhere/inbox/together/", values)
    assert not Entry.objects.filter(kind=Entry.Kind.NOTE).exists()
