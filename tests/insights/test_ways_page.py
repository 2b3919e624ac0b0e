"""The part "Other ways to count" of the page "Score", its explanations and the API."""

from __future__ import annotations

import pytest

from tests.insights.answering import said
from tests.people import NOW, People

pytestmark = pytest.mark.django_db
SCORE = "/w/harbourline/score/"


def text_of(people: People, address: str) -> str:
    return people.client(people.vic).get(address).content.decode()


def some_companies(people: People, companies: int) -> None:
    for number in range(companies):
        for person in range(1 + number % 3):
            said(
                people,
                10 if number % 2 else 3,
                at=NOW,
                account={
                    "name": f"Account {number}",
                    "plan": "pro" if number % 2 else "basic",
                    "recurring_revenue": 1000 * (number + 1),
                },
                contact={"persona": "boss" if person else "user"},
            )


def test_each_way_stands_with_its_interval_and_opens_how_it_comes_about(people: People) -> None:
    some_companies(people, 24)
    page = text_of(people, f"{SCORE}?period=all")
    assert "Other ways to count" in page
    assert "48 answers, worth" in page
    for way, title in (
        ("accounts", "Each account counts once"),
        ("roles", "Each role counts by a weight that was set"),
        ("revenue", "Each account counts by what it pays"),
        ("everybody", "The score of everybody"),
    ):
        assert title in text_of(people, f"{SCORE}explain/?period=all&figure=ways&one={way}")
    whole = text_of(people, f"{SCORE}explain/?period=all")
    assert "Do people of one account think alike?" in whole
    assert "of 24 accounts are worth" in whole


def test_what_is_missing_is_named_with_what_to_do(people: People) -> None:
    said(people, 9, account={"recurring_revenue": None}, contact={"persona": ""})
    page = text_of(people, f"{SCORE}?period=all")
    assert "recurring revenue" in page
    assert "Import your contacts with their role." in page
    filtered = text_of(people, f"{SCORE}?period=all&is=account.name:Quayside Freight")
    assert "Other ways to count" in filtered


def test_whether_the_score_predicts_anything_stands_on_health(people: People) -> None:
    said(people, 9)
    assert "Does the score predict anything here?" in text_of(people, f"{SCORE}health/")
    page = text_of(people, f"{SCORE}health/predicting/")
    assert "Cannot tell yet" in page
    assert "Record what became of contracts" in page


def test_early_and_late_answers_open_how_they_are_compared(people: People) -> None:
    for touch in ("invitation", "reminder"):
        for score in (3, 9, 10):
            said(people, score, touch=touch)
    page = text_of(people, f"{SCORE}health/")
    assert "figure=lateness" in page
    said_of_it = text_of(people, f"{SCORE}explain/?period=all&figure=lateness")
    assert "Do late answers differ from early ones?" in said_of_it
