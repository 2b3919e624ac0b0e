"""Benchmarks: only with source, n, date and method, and compared only as far as they can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import benchmarks
from afterscore.domain.benchmarks import Benchmark, Draft, Method, Standing
from afterscore.domain.nps import Tally

TODAY = date(2026, 11, 26)
WHOLE = Draft(30, "XM Institute, grocery", 2000, date(2026, 6, 1), Method.PANEL)
OWN = Tally(100, 300, 600)


def test_a_benchmark_without_its_provenance_is_refused_and_it_is_said_what_is_missing() -> None:
    assert [gap.field for gap in benchmarks.gaps(Draft(), today=TODAY)] == [
        "score",
        "source",
        "n",
        "collected_on",
        "method",
    ]
    with pytest.raises(ValueError, match="Say how many answers are behind it"):
        benchmarks.accept(replace(WHOLE, n=None), today=TODAY)


@pytest.mark.parametrize(
    ("field", "draft"),
    [
        ("score", replace(WHOLE, score=None)),
        ("source", replace(WHOLE, source="  ")),
        ("n", replace(WHOLE, n=None)),
        ("collected_on", replace(WHOLE, collected_on=None)),
        ("method", replace(WHOLE, method=None)),
    ],
)
def test_each_part_of_the_provenance_is_needed(field: str, draft: Draft) -> None:
    assert [gap.field for gap in benchmarks.gaps(draft, today=TODAY)] == [field]


def test_what_cannot_be_is_refused() -> None:
    wrong = replace(WHOLE, score=130, n=0, collected_on=date(2027, 1, 1))
    assert [gap.field for gap in benchmarks.gaps(wrong, today=TODAY)] == [
        "score",
        "n",
        "collected_on",
    ]


def compare(benchmark: Benchmark, own: Tally = OWN, method: Method = Method.RELATIONAL):
    return benchmarks.compare(benchmark, own, method=method, today=TODAY)


def test_a_score_is_above_only_when_beyond_both_uncertainties() -> None:
    found = compare(benchmarks.accept(WHOLE, today=TODAY))
    assert found.standing is Standing.ABOVE
    assert found.sentence == (
        "Above XM Institute, grocery (2026, 2,000 answers): +20 points (+14 to +25.8)."
    )
    assert compare(benchmarks.accept(replace(WHOLE, score=70), today=TODAY)).standing is (
        Standing.BELOW
    )
    close = compare(benchmarks.accept(replace(WHOLE, score=47), today=TODAY))
    assert close.standing is Standing.CANNOT_TELL
    assert close.sentence.startswith("Cannot be told from XM Institute, grocery")


def test_reviews_are_not_compared_with_what_was_asked() -> None:
    found = compare(benchmarks.accept(replace(WHOLE, method=Method.REVIEWS), today=TODAY))
    assert (found.standing, found.difference, found.low) == (Standing.NOT_COMPARABLE, None, None)
    assert found.sentence.startswith("Not comparable: one was reckoned from public reviews")


def test_two_scales_are_not_compared() -> None:
    found = compare(benchmarks.accept(replace(WHOLE, scale="1-5"), today=TODAY))
    assert found.standing is Standing.NOT_COMPARABLE
    assert "theirs was asked on 1-5, yours on 0-10" in found.sentence


def test_every_doubt_is_told() -> None:
    old = Benchmark(30, "A blog", 40, date(2023, 1, 1), Method.TRANSACTIONAL)
    assert compare(old).warnings == (
        "Their customers, countries and way of asking are not yours.",
        (
            "Collected another way: theirs asked by the company itself, after one event; yours "
            "asked by the company itself, about the whole relation."
        ),
        "It is 3 years old.",
        "Only 40 answers behind it: it may be 30 points off to either side.",
    )
    same = Benchmark(30, "A peer group", 4000, date(2026, 9, 1), Method.RELATIONAL)
    assert compare(same).warnings == (
        "Their customers, countries and way of asking are not yours.",
    )


def test_without_answers_of_ones_own_nothing_is_said() -> None:
    found = compare(benchmarks.accept(WHOLE, today=TODAY), Tally(0, 0, 0))
    assert (found.standing, found.sentence) == (
        Standing.CANNOT_TELL,
        "No answers of your own yet.",
    )


@given(
    st.builds(Tally, *[st.integers(0, 300)] * 3),
    st.floats(-100, 100),
    st.integers(1, 10_000),
    st.integers(1, 10_000),
)
def test_more_answers_behind_a_benchmark_never_widen_the_difference(own, score, n, more) -> None:
    small = Benchmark(score, "A", n, date(2026, 1, 1), Method.RELATIONAL)
    one, two = compare(small, own), compare(replace(small, n=n + more), own)
    if one.difference is None or one.low is None or one.high is None:
        assert own.n == 0
        return
    assert two.low is not None
    assert two.high is not None
    assert one.low - 1e-9 <= two.low <= one.difference + 1e-9
    assert one.difference - 1e-9 <= two.high <= one.high + 1e-9


def test_beside_each_other_it_is_only_said_whether_the_intervals_overlap() -> None:
    benchmark = benchmarks.accept(WHOLE, today=TODAY)
    far = benchmarks.beside(benchmark, OWN, method=Method.PANEL, today=TODAY)
    assert far.overlaps is False
    assert far.sentence == (
        "Yours, 45.7 to 54, and theirs, 25.8 to 34.2, do not overlap: yours lies above."
    )
    near = benchmarks.beside(benchmark, Tally(20, 30, 50), method=Method.PANEL, today=TODAY)
    assert near.overlaps is True
    assert near.sentence.endswith("overlap: no difference can be told.")
    silent = benchmarks.beside(benchmark, Tally(0, 0, 0), method=Method.PANEL, today=TODAY)
    assert (silent.own, silent.overlaps) == (None, None)


def test_what_was_not_asked_alike_is_not_held_beside_each_other() -> None:
    reviews = benchmarks.accept(replace(WHOLE, method=Method.REVIEWS), today=TODAY)
    found = benchmarks.beside(reviews, OWN, method=Method.RELATIONAL, today=TODAY)
    assert found.overlaps is None
    assert found.sentence.startswith("Not comparable")


def test_another_question_is_warned_of() -> None:
    other = benchmarks.accept(replace(WHOLE, is_standard_question=False), today=TODAY)
    found = benchmarks.beside(other, OWN, method=Method.PANEL, today=TODAY)
    assert any(each.startswith("Other words were asked") for each in found.warnings)


@given(st.floats(-100, 100), st.integers(1, 10**6))
def test_the_limits_of_a_benchmark_stay_on_the_scale(score: float, n: int) -> None:
    benchmark = benchmarks.accept(replace(WHOLE, score=score, n=n), today=TODAY)
    low, high = benchmarks.interval_of(benchmark)
    assert -100 <= low <= score <= high <= 100
