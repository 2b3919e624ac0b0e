"""Whom a customer names, and whom she does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import praise
from afterscore.domain.praise import Person

TEAM = (
    Person("ana", "Ana Lima"),
    Person("zoe", "Zoë Müller"),
    Person("jean", "Jean-Luc Picard"),
    Person("will", "Will Stone"),
    Person("max1", "Max Braun"),
    Person("max2", "Max Ode"),
    Person("mono", "Priya"),
    Person("nobody", ""),
)


def named(text: str) -> list[str]:
    return [each.id for each in praise.find(text, TEAM)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Ana fixed our import in an hour.", ["ana"]),
        ("Thanks to ANA LIMA and zoe muller!", ["ana", "zoe"]),
        ("Zoë is great", ["zoe"]),
        ("Zoe is great", ["zoe"]),
        ("Ana's help, and Ana again", ["ana", "ana"]),
        ("ana lima", ["ana"]),
        ("ana helped", []),
        ("Anatoly helped, and Joana", []),
        ("write to Ana@harbourline.example", []),
        ("Jean-Luc listened", ["jean"]),
        ("Jean listened", []),
        ("Max helped", []),
        ("Max Braun helped", ["max1"]),
        ("Will you fix it? Will.", []),
        ("Great help from Will last week", ["will"]),
        ("Will Stone is great", ["will"]),
        ("Priya, you are the best", ["mono"]),
        ("I met Ana\nLima on Monday", ["ana"]),
        ("", []),
    ],
)
def test_whom_a_customer_names(text: str, ids: list[str]) -> None:
    assert named(text) == ids


def test_whoever_does_not_want_to_be_named_is_a_colleague() -> None:
    text = "Zoë and Ana Lima saved our launch, thank you Zoë"
    found = praise.find(text, TEAM)
    hidden = praise.hide(text, found, frozenset({"ana"}))
    assert hidden == "A colleague and Ana Lima saved our launch, thank you a colleague"


def test_a_name_in_a_script_without_capitals_is_found() -> None:
    team = (Person("yuki", "雪"), Person("ivan", "Иван Петров"))
    assert [each.id for each in praise.find("Спасибо, Иван!", team)] == ["ivan"]
    assert [each.id for each in praise.find("雪 ありがとう", team)] == ["yuki"]


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=80))
def test_every_place_that_is_found_is_a_place_of_the_text(
    before: str, name: str, after: str
) -> None:
    text = f"{before} {name} {after}"
    for each in praise.find(text, (Person("one", name), Person("two", "Ana Lima"))):
        assert 0 <= each.start < each.end <= len(text)


@given(st.text(alphabet="Ana Limzoë.,-@", max_size=60))
def test_what_is_hidden_is_never_named(text: str) -> None:
    hidden = praise.hide(text, praise.find(text, TEAM), frozenset())
    assert "ana lima" not in hidden.casefold().split(praise.SOMEBODY)
