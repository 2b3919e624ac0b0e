"""A filter in an address: read without losing anything, and said as one says it."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain.spans import Preset, Span
from afterscore.insights.analyses import Condition, Dimension, Kind, Value
from afterscore.insights.composition import asking, sentences
from afterscore.insights.composition.asking import Asked

TODAY = date(2026, 11, 26)
DIMENSIONS = [
    Dimension(
        "account.plan",
        "Plan",
        Kind.CHOICE,
        (Value("enterprise", "enterprise", 40), Value("growth", "growth", 20)),
    ),
    Dimension("account.country", "Country", Kind.CHOICE, (Value("DE", "DE", 10),)),
    Dimension("account.attribute.region", "Region", Kind.CHOICE, (Value("EMEA", "EMEA", 9),)),
    Dimension("account.recurring_revenue", "Yearly revenue", Kind.NUMBER),
    Dimension("account.renewal_on", "Renewal", Kind.DATE),
    Dimension("program", "Program", Kind.CHOICE, (Value("prg_1", "Relationship", 60),)),
]


def read(query: str) -> Asked:
    return asking.read_text(query, today=TODAY)


def say(query: str) -> str:
    return sentences.sentence(read(query), DIMENSIONS, today=TODAY)


def test_without_anything_it_is_the_last_year_of_everybody() -> None:
    asked = read("")
    assert (asked.period, asked.conditions, asked.address) == (Preset.YEAR, (), "")
    assert asked.span.last == TODAY


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "is.account.plan=enterprise&is.account.country=DE&since=2026-04-01",
            "Answers of enterprise customers in Germany since 1 April",
        ),
        (
            "is.account.country=US&is.account.country=FR&period=all",
            "Answers in the United States or France of all time",
        ),
        ("period=quarter&is.program=prg_1", "Answers to Relationship this quarter"),
        (
            "is.account.plan=enterprise&is.account.plan=growth&period=all",
            "Answers of enterprise or growth customers of all time",
        ),
        (
            "not.account.plan=growth&period=30",
            "Answers of customers on another plan than growth in the last 30 days",
        ),
        (
            "is.account.attribute.region=EMEA&period=90",
            "Answers with the region EMEA in the last 90 days",
        ),
        (
            "min.account.recurring_revenue=10000&period=90",
            "Answers with a yearly revenue of 10,000 or more in the last 90 days",
        ),
        (
            "min.account.recurring_revenue=10000&max.account.recurring_revenue=20000&period=all",
            "Answers with a yearly revenue of 10,000 or more and 20,000 or less of all time",
        ),
        (
            "max.account.renewal_on=2026-12-31&period=90",
            "Answers with the renewal until 31 Dec 2026 in the last 90 days",
        ),
        ("none.account.plan=1&period=all", "Answers without a known plan of all time"),
        ("to=2026-06-30", "Answers until 30 June"),
        ("since=2026-04-01&to=2026-06-30", "Answers from 1 April to 30 June"),
    ],
)
def test_a_filter_reads_as_a_sentence(query: str, sentence: str) -> None:
    assert say(query) == sentence


def test_days_in_the_wrong_order_are_exchanged_and_told() -> None:
    asked = read("since=2026-06-30&to=2026-04-01")
    assert asked.span == Span(date(2026, 4, 1), date(2026, 7, 1))
    assert "exchanged" in str(asked.troubles[0])


def test_what_is_no_day_is_told_and_left_out() -> None:
    asked = read("since=2026-13-01&is.account.plan=growth")
    assert asked.period == Preset.YEAR
    assert asked.conditions == (Condition("account.plan", "is", ("growth",)),)
    assert "“2026-13-01” is not a day" in str(asked.troubles[0])


def test_a_form_turns_its_boxes_around_by_a_mode() -> None:
    asked = read("is.account.plan=growth&mode.account.plan=not")
    assert asked.conditions == (Condition("account.plan", "is_not", ("growth",)),)


def test_empty_fields_of_a_form_ask_nothing() -> None:
    assert read("min.account.recurring_revenue=&is.account.plan=&since=&to=").conditions == ()


def test_too_many_parts_are_told() -> None:
    asked = read("&".join(f"is.account.attribute.a{number}=x" for number in range(20)))
    assert len(asked.conditions) == asking.MOST_CONDITIONS
    assert "at most 12 parts" in str(asked.troubles[0])


def test_a_click_adds_to_the_filter_and_a_second_one_replaces() -> None:
    asked = read("is.account.country=DE").plus(Condition("account.plan", "is", ("growth",)))
    assert asked.query == "is.account.country=DE&is.account.plan=growth"
    again = asked.plus(Condition("account.plan", "is", ("enterprise",)))
    assert again.query == "is.account.country=DE&is.account.plan=enterprise"
    assert again.minus(again.conditions[0]).query == "is.account.plan=enterprise"


def test_what_the_pages_ask_besides_stays_when_the_filter_changes() -> None:
    asked = read("by=account.plan&step=month").plus(Condition("account.country", "is", ("DE",)))
    assert asked.query == "is.account.country=DE&by=account.plan&step=month"
    assert asked.asking(step="").query == "is.account.country=DE&by=account.plan"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)
NAMES = st.sampled_from(
    [
        "is.account.plan", "not.program", "min.account.recurring_revenue", "max.account.renewal_on",
        "none.account.country", "since", "to", "period", "by", "step", "mode.account.plan",
        "is.", "nonsense", "is.a.b.c",
    ]
)  # fmt: skip


@given(st.lists(st.tuples(NAMES, WORDS), max_size=12))
def test_any_address_is_read_and_what_is_written_is_read_as_the_same(
    pairs: list[tuple[str, str]],
) -> None:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    asked = asking.read_asked(query, today=TODAY)
    again = read(asked.query)
    assert (again.period, again.span, again.conditions, again.further) == (
        asked.period,
        asked.span,
        asked.conditions,
        asked.further,
    )
    sentence = sentences.sentence(asked, DIMENSIONS, today=TODAY)
    assert sentence.startswith("Answers")
    assert "  " not in sentence
