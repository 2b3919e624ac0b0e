"""The figures for programs: the same filters, and nothing left out in silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.workspaces import operations
from tests.insights import crowd
from tests.insights.crowd import LATER, Part
from tests.people import NOW, People


@pytest.fixture
def caller(people: People) -> Client:
    """Of a program that may read; eighty-eight people have answered."""
    crowd.answer_all(people)
    _key, secret = operations.create_key(
        workspace=people.workspace, name="BI", role=Role.VIEWER, actor=SYSTEM, now=NOW
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def get(caller: Client, path: str, status: int = 200) -> Any:
    with clock.at(LATER):
        response = caller.get(f"/api/v1/{path}")
    assert response.status_code == status
    return response.json()


def test_a_score_comes_with_its_filter_in_words(caller: Client) -> None:
    found = get(caller, "score?is.account.plan=starter&since=2026-04-01")
    assert (found["n"], found["nps"]) == (40, -45.0)
    assert found["sentence"] == "Answers of starter customers since 1 April"


def test_segments_are_ranked_only_where_their_answers_bear_it(caller: Client) -> None:
    found = get(caller, "score/segments?by=account.country")
    assert [(each["value"], each["stands"] == "too_few") for each in found["segments"]] == [
        ("DE", False),
        ("FR", True),
    ]


def test_a_trend_says_why_its_steps_are_as_they_are(caller: Client) -> None:
    found = get(caller, "score/trend")
    assert found["step"] == "week"
    assert found["why"].startswith("By week: 1 week with typically 88 answers")
    assert sum(step["n"] for step in found["steps"]) == 88
    assert found["through"] is None  # of one step


def test_a_trend_says_what_all_its_steps_show_together(caller: Client, people: People) -> None:
    for month in range(1, 5):
        part = Part("", "DE", (9, 2) * 10 + (2,) * 8 * month)
        crowd.answer_all(people, [part], at=NOW - timedelta(days=30 * month), prefix=f"m{month}-")
    found = get(caller, "score/trend?step=month")["through"]
    assert found["verdict"] == "rise"
    assert 0 < found["interval"][0] < found["difference"] < found["interval"][1]
    assert "rises by" in found["says"]


@pytest.mark.parametrize(
    "path",
    [
        "score?is.account.attribute.tier=gold",
        "score?since=yesterday",
        "score?min.account.recurring_revenue=much",
        "score?min.account.recurring_revenue=nan",
        "score?period=fortnight",
        "score?account.plan=starter",
        "score/trend?step=fortnight",
        "score/segments?by=account.shoe_size",
    ],
)
def test_what_cannot_be_asked_is_refused(caller: Client, path: str) -> None:
    assert get(caller, path, status=422)["error"]["type"] == "refused"


def test_a_refusal_says_what_is_wrong_and_nothing_of_pages(caller: Client) -> None:
    found = get(caller, "score?period=a;b", status=422)["error"]["message"]
    assert found == "“a;b” is not a period such as 90 or quarter."


def test_a_score_is_explained_down_to_its_answers(caller: Client) -> None:
    asked = "is.account.plan=starter"
    score = get(caller, f"score?{asked}")
    found = get(caller, f"score/explain?{asked}")
    assert found["n"] == score["n"] == 40
    counted, believed, *_others = found["explanations"]
    assert [step["value"] for step in counted["steps"] if step["label"] == "Score"] == [-45.0]
    limits = {step["label"]: step["value"] for step in believed["steps"]}
    assert [limits["Lower limit"], limits["Upper limit"]] == pytest.approx(score["interval"])

    answers = found["answers"]
    while found["next_after"]:
        found = get(caller, f"score/explain?{asked}&after={found['next_after']}")
        answers += found["answers"]
    assert len({answer["id"] for answer in answers}) == len(answers) == 40
    balance = sum((a["score"] >= 9) - (a["score"] <= 6) for a in answers)
    assert 100 * balance / 40 == -45.0
    assert {answer["wave"] for answer in answers} == {1}


def test_nothing_is_explained_after_an_answer_that_does_not_exist(caller: Client) -> None:
    assert get(caller, "score/explain?after=rsp_nobody", status=404)["error"]["type"] == "not_found"


def test_other_ways_to_count(caller: Client) -> None:
    found = {each["way"]: each for each in get(caller, "score/ways")["ways"]}
    assert list(found) == ["accounts", "roles", "revenue", "everybody"]
    assert all(each["nps"] is not None or each["note"] for each in found.values())
    filtered = get(caller, "score/ways?is.account.plan=starter")["ways"]
    assert "With a filter" in filtered[3]["note"]
