"""The inbox as a browser gets it, with and without its scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from afterscore.cases import operations
from afterscore.cases.models import Case, Entry
from afterscore.domain.casework import Outcome, State
from afterscore.kit import clock
from afterscore.outreach.models import Message
from tests.cases.answers import by, open_for
from tests.people import NOW, People

INBOX = "/w/harbourline/inbox/"
ACTS = ("reply", "call", "note", "heard", "assign", "close", "reopen")


def address(case: Case, act: str = "") -> str:
    return f"{INBOX}{case.public_id}/" + (f"{act}/" if act else "")


def get(client: Client, path: str, target: str = "") -> Any:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    with clock.at(NOW + timedelta(hours=1)):
        return client.get(path, headers=headers)


def post(client: Client, path: str, target: str = "", **values: Any) -> Any:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    with clock.at(NOW + timedelta(hours=1)):
        return client.post(path, values, headers=headers)


# --- who ----------------------------------------------------------------------------------------


def test_a_viewer_reads_everything_and_is_offered_nothing(people: People) -> None:
    case = open_for(people, comment="It is slow.")
    page = get(people.client(people.vic), address(case)).content.decode()
    assert "It is slow." in page
    assert "<textarea" not in page


@pytest.mark.parametrize("act", ACTS)
def test_a_viewer_changes_nothing_and_a_stranger_finds_nothing(people: People, act: str) -> None:
    case = open_for(people)
    assert post(people.client(people.vic), address(case, act)).status_code == 403
    eve = people.client(people.eve)
    assert post(eve, address(case, act)).status_code == 404
    assert get(eve, address(case)).status_code == 404
    assert get(eve, f"/w/elsewhere/inbox/{case.public_id}/").status_code == 404
    assert post(eve, f"/w/elsewhere/inbox/{case.public_id}/{act}/").status_code == 404
    assert Entry.objects.filter(case=case).count() == 1


# --- reading ------------------------------------------------------------------------------------


def test_the_inbox_lists_what_is_mine_and_shows_the_first(people: People) -> None:
    open_for(people, score=9, name="Theo Later", owner=people.ana)
    open_for(people, score=2, name="Nora First", owner=people.ana)
    open_for(people, score=0, name="Max Own", account="Elsewhere Ltd", owner=people.max)
    page = get(people.client(people.ana), INBOX).content.decode()
    assert page.index("Nora First") < page.index("Theo Later")
    assert "Max Own" not in page
    assert '<h2 id="case-title" tabindex="-1">Nora First</h2>' in page
    assert 'data-showing="list"' in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?show=all", {"Ann Low", "Ben Mid", "Cy High"}),
        ("?show=overdue", {"Ann Low"}),
        ("?show=waiting", {"Ben Mid"}),
        ("?show=closed", {"Di Done"}),
        ("?show=unassigned", {"Cy High"}),
        ("?show=all&group=detractor", {"Ann Low"}),
        ("?show=all&comment=without", {"Ann Low", "Ben Mid"}),
        ("?show=all&comment=with", {"Cy High"}),
        ("?show=all&q=high love", {"Cy High"}),
        ("?show=all&q=quayside", {"Ann Low", "Ben Mid", "Cy High"}),
        ("?show=all&q=LÔV", {"Cy High"}),
        ("?show=all&q=quay.* o'x & |", set()),
        ("?show=all&urgency=2", {"Ann Low"}),
        ("?show=all&due=late", {"Ann Low"}),
        ("?show=all&due=week", {"Ann Low", "Ben Mid", "Cy High"}),
        ("?show=all&state=waiting", {"Ben Mid"}),
        ("?show=all&language=en", {"Ann Low", "Ben Mid", "Cy High"}),
        ("?show=all&language=de", set()),
        ("?show=all&segment=plan:enterprise", set()),
        ("?show=all&department=product", set()),
        ("?show=all&theme=thm_none", set()),
        ("?show=all&owner=nobody", {"Ann Low", "Ben Mid", "Cy High"}),
        ("?show=all&q=nobody", set()),
        ("?show=nonsense&group=x&comment=y&page=-1", set()),
    ],
)
def test_filters_narrow_the_list(people: People, query: str, names: set[str]) -> None:
    early = NOW - timedelta(days=7)
    open_for(people, score=1, name="Ann Low", now=early)
    waiting = open_for(people, score=7, name="Ben Mid")
    operations.reply(case=waiting, body="Hello.", actor=by(people.max), now=NOW)
    open_for(people, score=10, name="Cy High", comment="We love it.")
    done = open_for(people, score=5, name="Di Done")
    operations.close_case(case=done, outcome=Outcome.SOLVED, actor=by(people.max), now=NOW)
    Case.objects.exclude(score=10).update(owner=people.max)
    Case.objects.filter(score=10).update(owner=None)
    listed = get(people.client(people.ana), INBOX + query, target="pane-list").content.decode()
    everybody = {"Ann Low", "Ben Mid", "Cy High", "Di Done"}
    assert {name for name in everybody if name in listed} == names


def test_counts_stand_beside_the_drawers(people: People) -> None:
    for score in (1, 7, 10):
        open_for(people, score=score, owner=people.ana)
    page = get(people.client(people.ana), INBOX, target="pane-list")
    assert {tab["label"]: tab["count"] for tab in page.context["tabs"]} == {
        "Mine": "3",
        "All": "3",
        "Late": "",
        "Waiting": "",
        "Closed": "",
    }


def test_long_lists_have_pages(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afterscore.cases.views.listing.PAGE_SIZE", 2)
    for _ in range(5):
        open_for(people, owner=people.ana)
    ana = people.client(people.ana)
    first = get(ana, INBOX, target="pane-list")
    assert len(first.context["rows"]) == 2
    assert not first.context["previous_url"]
    last = get(ana, INBOX + "?at=4", target="pane-list")
    assert len(last.context["rows"]) == 1
    assert not last.context["next_url"]


@pytest.mark.parametrize("show", ["all", "closed"])
def test_one_goes_through_a_long_drawer_and_back(
    people: People, monkeypatch: pytest.MonkeyPatch, show: str
) -> None:
    monkeypatch.setattr("afterscore.cases.views.listing.PAGE_SIZE", 2)
    for number in range(5):
        case = open_for(people, score=2 if number % 2 else 9, now=NOW)
        if show == "closed":
            operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.max), now=NOW)
    ana = people.client(people.ana)

    def names(page: Any) -> list[str]:
        return [row.case.public_id for row in page.context["rows"]]

    first = get(ana, f"{INBOX}?show={show}", target="pane-list")
    second = get(ana, first.context["next_url"], target="pane-list")
    third = get(ana, second.context["next_url"], target="pane-list")
    assert [len(names(page)) for page in (first, second, third)] == [2, 2, 1]
    assert len({*names(first), *names(second), *names(third)}) == 5
    assert not first.context["previous_url"]
    assert not third.context["next_url"]
    back = get(ana, third.context["previous_url"], target="pane-list")
    assert names(back) == names(second)
    assert names(get(ana, back.context["previous_url"], target="pane-list")) == names(first)


def test_a_place_that_makes_no_sense_is_the_beginning(people: People) -> None:
    open_for(people, owner=people.ana)
    ana = people.client(people.ana)
    for at in ("x", "after.1", "after.9999999999999999999.1.case", "before.1.x.case", "٣"):
        for show in ("mine", "all"):
            page = get(ana, f"{INBOX}?show={show}&at={at}", target="pane-list")
            assert len(page.context["rows"]) == 1, at


def test_a_page_takes_few_queries_however_much_there_is(
    people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cases = [open_for(people, comment="It is slow.", owner=people.ana) for _ in range(12)]
    for case in cases[:3]:
        operations.reply(case=case, body="Hello.", actor=by(people.ana), now=NOW)
        operations.add_note(case=case, text="A note.", actor=by(people.max), now=NOW)
    ana = people.client(people.ana)
    get(ana, INBOX)
    with django_assert_max_num_queries(24):
        get(ana, address(cases[0]))
    with django_assert_max_num_queries(19):
        get(ana, address(cases[1]), target="pane-case")
    with django_assert_max_num_queries(10):
        get(ana, INBOX, target="inbox-rows")


def test_the_customer_stands_beside_the_case(people: People) -> None:
    open_for(people, score=10, name="Theo Colleague")
    case = open_for(people, score=2)
    page = get(people.client(people.ana), address(case), target="pane-case")
    background = page.context["background"]
    assert [str(answer.contact) for answer in background.colleagues] == ["Theo Colleague"]
    assert [str(other.contact) for other in background.others] == ["Theo Colleague"]
    assert background.earlier == []


# --- empty --------------------------------------------------------------------------------------


def test_an_empty_inbox_says_what_to_do(people: People) -> None:
    page = get(people.client(people.ana), INBOX).content.decode()
    assert "No cases yet" in page
    assert "Answers open cases here." in page


def test_an_inbox_without_work_says_when_the_next_is_due(people: People) -> None:
    open_for(people, owner=people.max)
    ana = people.client(people.ana)
    page = get(ana, INBOX).content.decode()
    assert "Nothing is due" in page
    assert "The next case of the workspace is due" in page
    with clock.at(NOW + timedelta(days=3)):
        assert "The oldest open case of the workspace is" in ana.get(INBOX).content.decode()


def test_a_viewer_starts_with_everybody_s_cases(people: People) -> None:
    open_for(people, name="Nora First", owner=people.max)
    page = get(people.client(people.vic), INBOX)
    assert [tab["label"] for tab in page.context["tabs"]] == ["All", "Late", "Waiting", "Closed"]
    assert "Nora First" in page.content.decode()


# --- what scripts ask for -----------------------------------------------------------------------


def test_a_script_gets_the_panes_and_history_gets_the_page(people: People) -> None:
    case = open_for(people, owner=people.ana)
    ana = people.client(people.ana)
    part = get(ana, address(case), target="pane-case").content.decode()
    assert "<html" not in part
    assert 'id="pane-case"' in part
    assert 'id="pane-customer" aria-label="Customer" hx-swap-oob="true"' in part
    with clock.at(NOW):
        whole = ana.get(
            address(case),
            headers={"HX-Target": "pane-case", "HX-History-Restore-Request": "true"},
        )
    assert "<html" in whole.content.decode()


def test_an_unchanged_list_is_not_sent_again(people: People) -> None:
    case = open_for(people, owner=people.ana)
    ana = people.client(people.ana)
    seal = get(ana, INBOX, target="inbox-rows").context["seal"]
    assert get(ana, f"{INBOX}?seen={seal}", target="inbox-rows").status_code == 204
    later = NOW + timedelta(minutes=5)
    operations.add_note(case=case, text="A note.", actor=by(people.max), now=later)
    assert get(ana, f"{INBOX}?seen={seal}", target="inbox-rows").status_code == 200


def test_whoever_reads_a_case_hears_that_somebody_changed_it(people: People) -> None:
    case = open_for(people, owner=people.ana)
    ana = people.client(people.ana)
    known = case.changed_at.isoformat()
    seal = get(ana, INBOX, target="inbox-rows").context["seal"]
    asked = {"seen": seal, "case": case.public_id, "known": known}
    with clock.at(NOW + timedelta(hours=1)):
        quiet = ana.get(INBOX, asked, headers={"HX-Target": "inbox-rows"})
        assert quiet.status_code == 204
        operations.add_note(
            case=case, text="A note.", actor=by(people.max), now=NOW + timedelta(minutes=5)
        )
        news = ana.get(INBOX, asked, headers={"HX-Target": "inbox-rows"}).content.decode()
    assert "Something changed in this case." in news


# --- acting -------------------------------------------------------------------------------------


def test_each_act_works_as_a_plain_form(people: People) -> None:
    case = open_for(people, owner=people.ana)
    ana = people.client(people.ana)
    plain: list[tuple[str, dict[str, str]]] = [
        ("note", {"text": "A note."}),
        ("call", {"outcome": "not_reached", "text": "", "minutes": ""}),
        ("reply", {"subject": "Hello", "body": "Hello {{ first_name }}.", "follows_up": "on"}),
        ("heard", {"text": "Thank you."}),
        ("assign", {"owner": people.max.public_id}),
        ("close", {"outcome": "solved", "minutes": "5", "insight": "Timeouts."}),
        ("reopen", {"why": "It is back."}),
    ]
    for act, values in plain:
        answer = post(ana, address(case, act) + "?show=all", **values)
        assert answer.status_code == 302, act
        expected = INBOX if act == "close" else address(case)
        assert answer["Location"] == expected + "?show=all"
    case.refresh_from_db()
    assert (case.state, case.owner, case.minutes) == (State.REOPENED, people.max, 5)
    assert case.insight == "Timeouts."
    assert Message.objects.count() == 2
    facts = Entry.objects.filter(case=case).order_by("id").values_list("kind", flat=True)
    assert list(facts)[1:] == [
        "change", "note", "call", "reply", "change", "customer", "change", "change", "change",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "values", "says"),
    [
        ("reply", {"subject": "S", "body": "Hi {{ pasword }}, typed text"}, "no field"),
        ("reply", {"subject": "", "body": "typed text"}, "This field is required"),
        ("close", {"outcome": "not_closed", "insight": "typed text"}, "Say why the loop"),
        ("call", {"outcome": "reached", "text": "typed text", "minutes": "-3"}, "greater than"),
        ("assign", {"owner": "mem_x"}, "Select a valid choice"),
    ],
)
def test_a_refused_form_comes_back_open_with_all_that_was_typed(
    people: People, act: str, values: dict[str, str], says: str
) -> None:
    case = open_for(people, owner=people.ana)
    for target in ("", "pane-case"):
        page = post(people.client(people.ana), address(case, act), target, **values)
        text = page.content.decode()
        assert page.status_code == 422
        assert says in text
        assert f'value="{act}" checked' in text
        if act != "assign":
            assert "typed text" in text
    case.refresh_from_db()
    assert case.state == State.NEW


def test_the_second_to_close_reads_who_was_first(people: People) -> None:
    case = open_for(people, owner=people.ana)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.max), now=NOW)
    page = post(people.client(people.ana), address(case, "close"), outcome="thanked")
    assert page.status_code == 422
    assert "Max closed this case on 4 May at 09:00" in page.content.decode()


def test_after_closing_the_next_case_stands_there(people: People) -> None:
    case, following = (open_for(people, owner=people.ana) for _ in range(2))
    ana = people.client(people.ana)
    answer = post(
        ana, address(case, "close") + "?show=all", outcome="solved", next=following.public_id
    )
    assert answer["Location"] == address(following) + "?show=all"
    stranger = post(ana, address(following, "close"), outcome="solved", next="case_x")
    assert stranger["Location"] == INBOX


def test_reasons_for_giving_up_count_only_when_giving_up(people: People) -> None:
    case = open_for(people, owner=people.ana)
    post(people.client(people.ana), address(case, "close"), outcome="solved", reason="time")
    case.refresh_from_db()
    assert (case.state, case.not_closed_reason) == (State.CLOSED, "")


def test_texts_of_customers_are_shown_as_text(people: People) -> None:
    case = open_for(people, comment="<script>alert(1)</script> {{ name }}", owner=people.ana)
    page = get(people.client(people.ana), address(case)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    # In the draft the customer's braces have become text: the draft can be sent as it is.
    draft = get(people.client(people.ana), address(case)).context["acts"][0].form
    sent = post(
        people.client(people.ana),
        address(case, "reply"),
        subject=draft["subject"].value(),
        body=draft["body"].value(),
    )
    assert sent.status_code == 302
