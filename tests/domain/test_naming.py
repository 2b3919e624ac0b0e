"""Who is named in a note."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import naming

PEOPLE = {
    "ana": ("Ana Costa", "ana@harbourline.example"),
    "max": ("Max Lindner", "max@harbourline.example"),
    "jo1": ("Jo Berg", "jo.berg@harbourline.example"),
    "jo2": ("Jo Bergmann", "jo.bergmann@harbourline.example"),
    "zoe": ("Zoë Müller", "zoe@harbourline.example"),
    "new": ("", "new@harbourline.example"),
}


def named(text: str) -> list[str]:
    return [one.key for one in naming.find(text, PEOPLE)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("@Ana, please call.", ["ana"]),
        ("Please, @ana costa: call", ["ana"]),
        ("(@Max)", ["max"]),
        ("@ana@harbourline.example knows", ["ana"]),
        ("@new@harbourline.example", ["new"]),
        ("@Anatol", []),
        ("@Ana Costas", ["ana"]),
        ("@Jo", []),
        ("@Jo Berg", ["jo1"]),
        ("@Jo Bergmann", ["jo2"]),
        ("@ZOË and @zoë müller", ["zoe", "zoe"]),
        ("write to ana@max.example", []),
        ("@@Ana", []),
        ("@ Ana", []),
        ("@nobody", []),
        ("", []),
        ("@", []),
        ("a@Ana", []),
    ],
)
def test_people_are_named_as_one_calls_them(text: str, keys: list[str]) -> None:
    assert named(text) == keys


def test_the_place_of_a_name_is_what_was_written() -> None:
    text = "Ask @Ana Costa."
    (found,) = naming.find(text, PEOPLE)
    assert text[found.start : found.end] == "@Ana Costa"


@given(st.text(alphabet="@ aAnMmxoJZü\n.", max_size=60))
def test_whatever_is_written_names_apart_from_each_other(text: str) -> None:
    found = naming.find(text, PEOPLE)
    for one, following in itertools.pairwise(found):
        assert one.start < one.end <= following.start
    assert all(text[one.start] == "@" for one in found)
