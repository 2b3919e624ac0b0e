from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import spans
from afterscore.domain.spans import EVER, Preset, Span

TODAY = date(2026, 11, 26)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_today_belongs_to_the_last_thirty_days() -> None:
    span = spans.span_of(Preset.MONTH, today=TODAY)
    assert (span.since, span.last, span.days) == (date(2026, 10, 28), TODAY, 30)


def test_last_quarter_is_whole_and_this_one_ends_today() -> None:
    assert spans.span_of(Preset.LAST_QUARTER, today=TODAY) == Span(
        date(2026, 7, 1), date(2026, 10, 1)
    )
    assert spans.span_of(Preset.THIS_QUARTER, today=TODAY) == Span(
        date(2026, 10, 1), date(2026, 11, 27)
    )


def test_a_begun_quarter_is_set_beside_as_much_of_the_one_before() -> None:
    begun = spans.span_of(Preset.THIS_QUARTER, today=TODAY)
    assert spans.before(begun) == Span(date(2026, 7, 1), date(2026, 8, 27))


def test_a_whole_quarter_is_set_beside_the_whole_one_before() -> None:
    whole = Span(date(2026, 7, 1), date(2026, 10, 1))
    assert spans.before(whole) == Span(date(2026, 4, 1), date(2026, 7, 1))


@pytest.mark.parametrize("until", [date(2026, 11, 28), date(2027, 1, 1)])
def test_a_year_is_set_beside_as_much_of_the_one_before(until: date) -> None:
    assert spans.before(Span(date(2026, 1, 1), until)) == Span(
        date(2025, 1, 1), until.replace(year=until.year - 1)
    )


def test_without_a_beginning_nothing_lies_before() -> None:
    assert spans.before(EVER) is None
    assert spans.before(Span(None, TODAY)) is None


def test_the_leap_day_has_a_year_before() -> None:
    assert spans.year_before(Span(date(2028, 2, 29), date(2028, 3, 1))) == Span(
        date(2027, 2, 28), date(2027, 3, 1)
    )


@given(DAYS, st.integers(1, 800))
def test_what_lies_before_ends_where_the_span_begins_or_earlier(start: date, length: int) -> None:
    span = Span(start, start + timedelta(days=length))
    before = spans.before(span)
    assert before is not None
    assert before.since is not None
    assert before.until is not None
    assert before.since < before.until <= start


@given(DAYS, st.sampled_from(["week", "month", "quarter", "year"]))
def test_every_day_lies_in_its_step(day: date, step: str) -> None:
    start = spans.step_of(day, step)
    assert start <= day < spans.step_after(start, step)
    assert spans.step_of(start, step) == start


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (EVER, "of all time"),
        (Span(date(2026, 4, 1), None), "since 1 April"),
        (Span(date(2026, 4, 1), date(2026, 11, 27)), "since 1 April"),
        (Span(date(2025, 4, 1), None), "since 1 April 2025"),
        (Span(None, date(2026, 7, 1)), "until 30 June"),
        (Span(date(2026, 4, 1), date(2026, 7, 1)), "from 1 April to 30 June"),
        (Span(date(2025, 12, 1), date(2026, 2, 1)), "from 1 December 2025 to 31 January 2026"),
        (Span(date(2025, 4, 1), date(2025, 7, 1)), "from 1 April to 30 June 2025"),
        (Span(date(2026, 4, 1), date(2026, 4, 2)), "on 1 April"),
    ],
)
def test_a_span_is_said_as_people_say_it(span: Span, words: str) -> None:
    assert spans.words_of(span, today=TODAY) == words


@pytest.mark.parametrize("preset", Preset)
def test_every_preset_has_words_and_ends_by_today(preset: Preset) -> None:
    assert preset.words
    last = spans.span_of(preset, today=TODAY).last
    assert last is None or last <= TODAY


def test_weeks_of_several_years_name_theirs() -> None:
    assert spans.step_words(date(2026, 11, 2), "week") == "2 Nov"
    assert spans.step_words(date(2026, 11, 2), "week", of_one_year=False) == "2 Nov 2026"


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        spans.step_of(TODAY, "fortnight")
