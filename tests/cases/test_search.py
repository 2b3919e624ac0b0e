"""The words of a case follow whatever changes them, and nothing else finds it."""

from __future__ import annotations

import pytest

from afterscore.cases import queries
from afterscore.cases.models import Case
from afterscore.cases.queries import Filters, Show
from afterscore.customers.models import Account, Contact
from afterscore.responses.models import Response
from tests.cases.answers import open_for
from tests.people import NOW, People

pytestmark = pytest.mark.django_db


def find(people: People, search: str) -> list[Case]:
    return list(
        queries.list_cases(
            workspace=people.workspace, now=NOW, show=Show.ALL, filters=Filters(search=search)
        )
    )


@pytest.mark.parametrize(
    "search",
    [
        "zoë",
        "ZOE",
        "zo fr",
        "Müller-Łódź",
        "muller",
        "quayside.example",
        "person0@quayside",
        "freight 10.000",
        "o'hara",
        "'quoted'",
        "導入が",
        "入",
        "“curly”",
        "50%",
    ],
)
def test_every_word_or_its_beginning_finds_the_case(people: People, search: str) -> None:
    case = open_for(
        people,
        name="Zoë Müller-Łódź O'Hara",
        comment="It stops at 10.000 rows, 50% “curly” 'quoted'. 導入が難しい",
    )
    assert find(people, search) == [case]


@pytest.mark.parametrize("search", ["ulle", "zoe nobody", "quays xx", "難導x", "a & ! | b", ":*"])
def test_other_words_do_not(people: People, search: str) -> None:
    open_for(people, name="Zoe Muller", comment="導入が難しい")
    assert find(people, search) == []


def test_what_is_renamed_is_found_by_its_new_name_alone(people: People) -> None:
    case = open_for(people, name="Nora Lindqvist", account="Quayside Freight", comment="Slow.")
    Contact.objects.update(name="Nora Berg", email="berg@north.example")
    Account.objects.update(name="Northern Lines")
    Response.objects.update(comment="Fast now.")
    for search in ("berg", "north.example", "lines", "fast"):
        assert find(people, search) == [case], search
    for search in ("lindqvist", "quayside", "slow"):
        assert find(people, search) == [], search


def test_whoever_was_erased_cannot_be_found(people: People) -> None:
    open_for(people, name="Nora Lindqvist")
    Contact.objects.update(name="", email=None)
    assert find(people, "nora") == []
    assert find(people, "person0") == []


def test_a_case_that_moves_to_another_company_takes_its_words_along(people: People) -> None:
    case = open_for(people, account="Quayside Freight")
    other = open_for(people, account="Northern Lines", name="Max Own")
    Case.objects.filter(pk=case.pk).update(account=other.account)
    assert set(find(people, "northern")) == {case, other}
    assert find(people, "freight") == []


def test_words_that_very_many_cases_have_are_found_too(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterscore.cases.queries.filters.MOST_LISTED", 2)
    cases = {open_for(people) for _ in range(4)}
    assert set(find(people, "quayside")) == cases


def test_nobody_finds_words_of_another_workspace(people: People) -> None:
    open_for(people, name="Nora Lindqvist")
    found = queries.list_cases(
        workspace=people.elsewhere, now=NOW, show=Show.ALL, filters=Filters(search="nora")
    )
    assert list(found) == []
