"""The loop ledger against a dozen answers worked out by hand (yardstick.py)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterscore.cases import operations
from afterscore.cases import queries as cases
from afterscore.cases.models import Case, Commitment
from afterscore.cases.queries import EVER, Period
from afterscore.domain.casework import Outcome
from afterscore.domain.loops import Line, Standing
from afterscore.domain.parity import Care
from afterscore.domain.roles import Role
from afterscore.insights import queries
from afterscore.insights.queries import Figure, Ledger
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.responses.models import Response
from afterscore.workspaces import operations as workspaces
from tests import builders
from tests.cases.answers import by, open_for
from tests.insights import busy, yardstick
from tests.people import NOW, People

PAGE = "/w/harbourline/loops/"


@pytest.fixture
def dozen(people: People) -> dict[str, Case]:
    return yardstick.write_down(people)


def ledger_of(people: People, period: Period = EVER) -> Ledger:
    return queries.get_ledger(workspace=people.workspace, period=period, now=NOW)


@pytest.mark.usefixtures("dozen")
def test_the_dozen_stands_as_worked_out_by_hand(people: People) -> None:
    ledger = ledger_of(people)
    assert ledger.every.line == Line(
        closed=6, in_time=2, late=2, given_up=2, no_case=0, kept=4, broken=6, uncontacted=1,
        minutes=95,
    )  # fmt: skip
    lines = {part.key: part.line for part in ledger.parts}
    assert lines["detractor"] == Line(closed=2, in_time=1, late=1, kept=1, broken=2, minutes=50)
    assert lines["passive"] == Line(closed=1, late=1, given_up=1, kept=1, broken=2, minutes=15)
    assert lines["promoter"] == Line(
        closed=3, in_time=1, given_up=1, kept=2, broken=2, uncontacted=1, minutes=30
    )
    assert lines["speaking"] == Line(
        closed=5, in_time=1, kept=3, broken=2, uncontacted=1, minutes=75
    )
    assert lines["silent"] == Line(
        closed=1, in_time=1, late=2, given_up=2, kept=1, broken=4, minutes=20
    )


@pytest.mark.usefixtures("dozen")
def test_shares_are_of_all_with_their_interval(people: People) -> None:
    share = ledger_of(people).every.line.share
    assert (share.count, share.n, share.ratio) == (6, 12, 0.5)
    assert (share.low, share.high) == pytest.approx((0.2538, 0.7462), abs=0.0001)  # Wilson
    promise = ledger_of(people).every.line.promise
    assert (promise.count, promise.n) == (4, 10)


@pytest.mark.usefixtures("dozen")
def test_the_time_to_the_first_reply_counts_everybody_who_still_waits(people: People) -> None:
    """Replied after 5, 10, 30, 40, 50, 80 and 100 hours; 20 hours waited so far: d; of 400 and
    more: f, c, i, k, given up or not.

    5: 11/12. 10: 10/12. (d leaves.) 30: 10/12 * 8/9... of nine at risk: 20/27. 40: of eight:
    35/54. 50: 5/9. 80: of six: 25/54. 100: of five: 10/27."""
    curve = ledger_of(people).every.replies
    assert [point.time for point in curve.points] == [5, 10, 30, 40, 54, 84, 102]
    assert [point.at_risk for point in curve.points] == [12, 11, 9, 8, 7, 6, 5]
    ratios = [11 / 12, 10 / 12, 20 / 27, 35 / 54, 5 / 9, 25 / 54, 10 / 27]
    assert [point.ratio for point in curve.points] == pytest.approx(ratios)
    assert (curve.people, curve.events, curve.middle.time) == (12, 7, 84)


@pytest.mark.usefixtures("dozen")
def test_the_time_until_closed_keeps_the_given_up_waiting(people: People) -> None:
    """Closed after 50, 50, 90, 100, 110 and 120 hours; open for 20 (d), 30 (l), 390 (g), 600 (c);
    given up, so still not closed after 400 (f) and 1000 (k)."""
    curves = queries.closure_curves(workspace=people.workspace, period=EVER, now=NOW)
    curve = curves[queries.EVERY]
    assert [(point.time, point.at_risk, point.happened) for point in curve.points] == [
        (54, 10, 2), (90, 8, 1), (102, 7, 1), (114, 6, 1), (120, 5, 1),
    ]  # fmt: skip
    assert curve.points[-1].ratio == pytest.approx(0.4)
    assert curves["passive"].events == 1


@pytest.mark.usefixtures("dozen")
def test_owners_and_segments_add_up_to_everybody(people: People) -> None:
    rows = queries.list_rows(workspace=people.workspace, period=EVER, key=cases.OWNER, now=NOW)
    assert [(row.label, row.line.answers, row.line.closed) for row in rows] == [
        ("Max", 8, 4), ("Ana", 4, 2),
    ]  # fmt: skip
    for key in (cases.OWNER, cases.DEPARTMENT, "account.plan", "contact.language"):
        split = queries.list_rows(workspace=people.workspace, period=EVER, key=key, now=NOW)
        assert sum(row.line.answers for row in split) == 12, key
        assert sum(row.line.minutes for row in split) == 95, key
    with pytest.raises(Refused, match="no attribute"):
        queries.list_rows(workspace=people.workspace, period=EVER, key="account.shoe", now=NOW)


def test_behind_every_figure_are_just_its_cases(people: People, dozen: dict[str, Case]) -> None:
    ledger = ledger_of(people)
    names = {case.response_id: name for name, case in dozen.items()}

    def behind(
        part: str = "", standing: Standing | None = None, is_contacted: bool | None = None
    ) -> str:
        found = queries.list_behind(
            workspace=people.workspace,
            period=EVER,
            figure=Figure(part=part, standing=standing, is_contacted=is_contacted),
            now=NOW,
        )
        return "".join(sorted(names[answer.pk] for answer in found))

    assert behind(standing=Standing.CLOSED) == "abehij"
    assert behind(standing=Standing.LATE) == "cg"
    assert behind(standing=Standing.IN_TIME) == "dl"
    assert behind(standing=Standing.GIVEN_UP) == "fk"
    assert behind(standing=Standing.NO_CASE) == ""
    assert behind(standing=Standing.CLOSED, is_contacted=False) == "i"
    assert behind(part="silent", standing=Standing.LATE) == "cg"
    for part in ledger.parts:
        assert len(behind(part=part.key)) == part.line.answers
        for standing in Standing:
            assert len(behind(part=part.key, standing=standing)) == part.line.count_of(standing)
    for case in Case.objects.all():
        assert names[case.response_id] in behind(standing=queries.standing_of(case, NOW))


@pytest.mark.usefixtures("dozen")
def test_a_period_is_of_answers_not_of_closings(people: People) -> None:
    lately = Period(since=NOW - timedelta(hours=450))
    assert ledger_of(people, lately).every.line.answers == 5  # d, f, g, j, l
    earlier = Period(until=NOW - timedelta(hours=450))
    assert ledger_of(people, earlier).every.line.answers == 7
    assert ledger_of(people, Period(waves=[])).every.line.answers == 0


def test_what_is_set_aside_is_in_no_figure(people: People, dozen: dict[str, Case]) -> None:
    Response.objects.filter(pk=dozen["c"].response_id).update(validity="quarantined")
    line = ledger_of(people).every.line
    assert (line.answers, line.late) == (11, 1)


@pytest.mark.usefixtures("dozen")
def test_an_answer_without_a_case_is_counted_named_and_listed(people: People) -> None:
    enrolment = builders.enrol(people, email="new@quayside.example", name="Person new")
    answer = builders.answer(enrolment, score=9, now=NOW)
    line = ledger_of(people).every.line
    assert (line.answers, line.no_case, line.closed) == (13, 1, 6)
    assert line.promise.n == 10

    def behind(**figure: Any) -> QuerySet[Response]:
        return queries.list_behind(
            workspace=people.workspace, period=EVER, figure=Figure(**figure), now=NOW
        )

    assert list(behind(standing=Standing.NO_CASE)) == [answer]
    assert answer in behind()
    assert answer in behind(part="silent")
    assert answer in behind(key=cases.OWNER, value=cases.NOBODY)
    for figure in (
        {"part": "speaking"},
        {"key": cases.OWNER, "value": people.max.public_id},
        {"standing": Standing.IN_TIME},
        {"is_due": True},
        {"has_minutes": True},
    ):
        assert answer not in behind(**figure), figure


def test_behind_every_row_of_a_split_table_are_just_its_answers(people: People) -> None:
    busy.work(people)
    for key in queries.KEYS:
        rows = queries.list_rows(workspace=people.workspace, period=EVER, key=key, now=NOW)
        assert len(rows) > 1 or key in {"account.industry", "contact.persona", "contact.language"}
        for row in rows:
            for standing in (None, *Standing):
                found = queries.list_behind(
                    workspace=people.workspace,
                    period=EVER,
                    figure=Figure(key=key, value=row.key, standing=standing),
                    now=NOW,
                )
                expected = row.line.count_of(standing) if standing else row.line.answers
                assert found.count() == expected, (key, row.label, standing)


def test_a_case_that_is_reopened_is_open_again(people: People, dozen: dict[str, Case]) -> None:
    operations.reopen_case(case=dozen["a"], actor=by(people.ana), now=NOW)
    line = ledger_of(people).every.line
    assert (line.closed, line.in_time) == (5, 3)


def test_another_workspace_sees_nothing(people: People, dozen: dict[str, Case]) -> None:
    assert dozen
    found = queries.get_ledger(workspace=people.elsewhere, period=EVER, now=NOW)
    assert found.every.line == Line()


def test_a_dozen_is_too_few_to_speak_of_neglect(people: People, dozen: dict[str, Case]) -> None:
    assert dozen
    ledger = ledger_of(people)
    assert {found.care for found in ledger.care.values()} == {Care.NOT_ENOUGH}
    # Older than 14 days: all but d and l.
    assert (ledger.care["silent"].own.people, ledger.care["silent"].rest.people) == (5, 5)
    assert ledger.neglected == []


def test_reasons_are_counted_by_group_and_voice(people: People, dozen: dict[str, Case]) -> None:
    assert dozen
    found = cases.count_endings(workspace=people.workspace)
    given_up = [each for each in found if each.outcome == Outcome.NOT_CLOSED]
    assert {(each.score, each.has_comment, each.reason, each.cases) for each in given_up} == {
        (8, False, "time", 1), (9, False, "time", 1),
    }  # fmt: skip
    assert sum(each.cases for each in found) == 8


def test_promises_past_their_day_are_told_apart(people: People, dozen: dict[str, Case]) -> None:
    today = NOW.date()
    for state, days in (("kept", -3), ("broken", -2), ("open", -1), ("open", 0), ("released", 1)):
        Commitment.objects.create(
            workspace=people.workspace,
            case=dozen["a"],
            text="We call you back.",
            promised_at=NOW,
            due_on=today + timedelta(days=days),
            state=state,
        )
    found = cases.count_promises(workspace=people.workspace, today=today)
    assert found == cases.Promises(kept=1, broken=1, open=1, overdue=1, released=1)


# --- the pages -----------------------------------------------------------------------------------


@pytest.fixture
def read(people: People, dozen: dict[str, Case]):
    """A viewer reads a page of the ledger."""
    assert dozen
    client = people.client(people.vic)

    def get(path: str = "", **headers: str) -> str:
        with clock.at(NOW):
            answer = client.get(f"{PAGE}{path}", headers=headers)
        assert answer.status_code == 200, path
        content = b"".join(answer) if answer.streaming else answer.content
        return " ".join(content.decode().split())

    return get


def words(page: str) -> str:
    """As somebody reads it who does not see what opens."""
    return re.sub(r"<[^>]+>", "", page)


def test_the_page_says_in_one_sentence_how_it_stands(read) -> None:
    page = read()
    assert (
        "6 of 12 loops closed, 50 %, of the answers of the last 90 days. "
        "2 open and late, 2 still in time and 2 given up." in words(page)
    )
    assert "Can't tell yet" in page.replace("&#x27;", "'")
    assert "1 closed</a> without a reply or call that is written down" in page


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("figure=closed", "Everybody who answered in the last 90 days."),
        ("figure=closed&period=all", "Everybody who ever answered."),
        (
            "figure=closed&part=silent&program=relationship",
            (
                "Everybody without a comment who answered in the last 90 days, in the program "
                "Relationship."
            ),
        ),
        (
            "figure=heard&part=detractor&period=30",
            "Detractors who answered in the last 30 days: those whose time to hear from us is up.",
        ),
        (
            "figure=reply&key=owner&period=all",
            "Everybody who ever answered, without an owner.",
        ),
        (
            "figure=reply&key=department&value=support&period=all",
            "Everybody who ever answered, with the department Support.",
        ),
        (
            "figure=reply&key=account.plan&period=all",
            "Everybody who ever answered, whose plan is not known.",
        ),
        (
            "figure=minds&period=all",
            (
                "Everybody who ever answered: those who were no promoters then and answered again "
                "later."
            ),
        ),
    ],
)
def test_a_panel_says_whose_loops_it_is_of(read, address: str, sentence: str) -> None:
    assert f'<p class="explained-sentence">{sentence}</p>' in read(f"explain/?{address}")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("", "All loops"),
        ("standing=late&part=silent", "Open and late: without a comment"),
        ("standing=closed&contacted=no", "Closed, no reply or call written down"),
        ("reason=time&part=passive", "Not closed, “No time for it”: passives"),
        ("outcome=solved", "Closed, “The problem is solved”"),
        ("ripe=yes", "All loops, older than 14 days"),
        ("standing=late&key=owner", "Open and late: without an owner"),
    ],
)
def test_a_list_says_what_it_is_of(read, address: str, title: str) -> None:
    assert f">{title}</h1>" in read(f"rows/?{address}")


def test_a_short_period_narrows_everything(read) -> None:
    assert "5 of 10 loops closed" in words(read("?period=30"))
    assert "6 of 12 loops closed" in words(read("?period=all"))


@pytest.mark.parametrize(
    "path",
    [
        "closures/",
        "endings/",
        "returns/",
        "minds/",
        "table/owner/",
        "table/account.plan/",
        "rows/?standing=late",
    ],
)
def test_the_parts_are_pages_of_their_own_without_a_script(read, path: str) -> None:
    assert "<html" in read(path)


@pytest.mark.parametrize("path", ["closures/", "endings/", "returns/", "minds/", "table/owner/"])
def test_the_parts_come_alone_where_a_script_asks(read, path: str) -> None:
    assert "<html" not in read(path, **{"HX-Request": "true"})


def test_the_rows_behind_a_figure_name_people_and_lead_to_their_cases(
    read, dozen: dict[str, Case]
) -> None:
    page = read("rows/?standing=late")
    assert "Person c" in page
    assert "Person g" in page
    assert "Person a" not in page
    assert f"/inbox/{dozen['c'].public_id}" in page


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("ledger", "respondents,answers,closed"),
        ("owner", "owner,answers,closed"),
        ("replies", "respondents,hours,happened_ratio"),
        ("closures", "respondents,hours,happened_ratio"),
        ("endings", "score,has_comment,outcome"),
        ("rows", "case,name,account,score"),
        ("renewals", "lowest_score,contacted,stayed"),
        ("next-scores", "score,contacted,next_score"),
    ],
)
def test_every_table_is_a_spreadsheet(read, name: str, header: str) -> None:
    assert read(f"csv/{name}/").lstrip("\N{BYTE ORDER MARK}").startswith(header)


def test_the_rows_of_a_spreadsheet_are_those_of_the_page(read) -> None:
    assert read("csv/ledger/").split()[1].startswith("every,12,6,2,2,2,0,0.5,0.2538,0.7462,4,6,0.4")
    assert read("csv/rows/?standing=late").count("case_") == 2


def test_what_does_not_exist_is_a_404(people: People) -> None:
    client = people.client(people.vic)
    for path in ("table/account.shoe/", "csv/shoes/", "?program=none"):
        assert client.get(f"{PAGE}{path}").status_code == 404, path


def test_without_answers_the_page_says_what_will_be_here(people: People) -> None:
    page = people.client(people.vic).get(f"{PAGE}?period=all").content.decode()
    assert "how many of them heard from you" in page


def test_the_page_takes_few_queries_whatever_its_size(people: People, read) -> None:
    read()
    client = people.client(people.vic)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen, clock.at(NOW):
        client.get(PAGE)
    assert len(seen) <= 12
    open_for(people, score=9)


@pytest.mark.usefixtures("dozen")
def test_the_api_tells_the_same_figures(people: People) -> None:
    _, secret = workspaces.create_key(
        workspace=people.workspace, name="K", role=Role.VIEWER, actor=by(people.olivia), now=NOW
    )
    with clock.at(NOW):
        answer = Client().get("/api/v1/loops", headers={"Authorization": f"Bearer {secret}"})
    found = answer.json()
    assert found["every"]["closed"] == 6
    assert found["every"]["closed_ratio"] == 0.5
    assert found["parts"]["silent"]["late"] == 2
    assert found["care"]["silent"]["verdict"] == "not_enough"
