"""Score and answers by how many requests somebody had lately."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import repetition
from afterscore.domain.nps import Tally
from afterscore.domain.repetition import WARNING, Finding, Requested


@st.composite
def requested(draw: st.DrawFn) -> Requested:
    tally = draw(st.builds(Tally, *[st.integers(0, 60)] * 3))
    return Requested(tally.n + draw(st.integers(0, 300)), tally)


PEOPLE = st.dictionaries(st.integers(0, 12), requested())


@given(PEOPLE)
def test_nobody_is_lost_and_every_point_has_its_limits(people) -> None:
    found = repetition.curve(people)
    assert sum(point.asked for point in found.points) == sum(p.asked for p in people.values())
    assert sum(point.answered for point in found.points) == sum(
        p.answers.n for p in people.values()
    )
    assert all(point.ratio_low <= point.ratio <= point.ratio_high for point in found.points)
    assert all((point.score is None) == (point.interval is None) for point in found.points)
    assert [point.requests for point in found.points] == sorted(
        {point.requests for point in found.points}
    )
    assert all(point.requests <= 6 for point in found.points)


@given(PEOPLE)
def test_a_slope_is_never_told_without_the_warning_that_it_proves_nothing(people) -> None:
    found = repetition.curve(people)
    tells = {found.answering, found.scoring} & {Finding.LOWER, Finding.HIGHER}
    assert (found.sentences[-1] == WARNING) == bool(tells)


def test_people_who_were_asked_often_answer_less() -> None:
    people = {
        step: Requested(1000, Tally(20 - step, 60 - 5 * step, 120 - 14 * step)) for step in range(5)
    }
    found = repetition.curve(people)
    assert found.answering is Finding.LOWER
    assert found.ratio_slope is not None
    assert found.ratio_slope.points == pytest.approx(-2.0)
    assert found.sentences[0] == "People with more requests behind them answer less often."


def test_without_a_second_number_of_requests_there_is_no_slope() -> None:
    found = repetition.curve({1: Requested(500, Tally(10, 20, 70))})
    assert (found.answering, found.scoring) == (Finding.NOT_ENOUGH, Finding.NOT_ENOUGH)
    assert len(found.points) == 1
    assert repetition.curve({}).points == ()


def test_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="only 3 were asked"):
        Requested(3, Tally(2, 2, 0))
    with pytest.raises(ValueError, match="less than never"):
        repetition.curve({-1: Requested(3, Tally(0, 0, 0))})


def test_where_asking_makes_no_difference_hardly_any_world_says_that_it_does() -> None:
    lots = np.random.default_rng(4)
    told = covered = 0
    for _ in range(800):
        people = {}
        for step, asked in enumerate((400, 300, 150, 60)):
            answered = int(lots.binomial(asked, 0.2))
            people[step] = Requested(
                asked, Tally(*map(int, lots.multinomial(answered, [0.2, 0.3, 0.5])))
            )
        found = repetition.curve(people)
        told += len(found.sentences) > 2
        assert found.ratio_slope is not None
        covered += found.ratio_slope.low <= 0 <= found.ratio_slope.high
    assert told <= 0.065 * 800
    assert covered >= 0.93 * 800
