from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import nps
from afterscore.domain.nps import Group, Tally

counts = st.integers(min_value=0, max_value=10**9)
tallies = st.builds(Tally, detractors=counts, passives=counts, promoters=counts)
scores = st.lists(st.integers(min_value=0, max_value=10))


@pytest.mark.parametrize(
    ("score", "group"),
    [
        (0, Group.DETRACTOR),
        (6, Group.DETRACTOR),
        (7, Group.PASSIVE),
        (8, Group.PASSIVE),
        (9, Group.PROMOTER),
        (10, Group.PROMOTER),
    ],
)
def test_groups_begin_and_end_where_the_field_says(score, group):
    assert nps.group_of(score) is group


@pytest.mark.parametrize("score", [-1, 11, 100])
def test_what_is_not_on_the_scale_has_no_group(score):
    with pytest.raises(ValueError, match="not a whole score"):
        nps.group_of(score)


def test_half_a_point_has_no_group():
    with pytest.raises(ValueError, match=r"9\.5"):
        nps.group_of(9.5)  # type: ignore[arg-type]


def test_every_score_belongs_to_exactly_one_group():
    listed = [score for group in Group for score in nps.scores_of(group)]
    assert sorted(listed) == list(range(11))
    assert all(score in nps.scores_of(nps.group_of(score)) for score in listed)


def test_a_histogram_counts_each_score():
    assert nps.histogram_of([0, 10, 10, 7]) == (1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2)
    assert nps.histogram_of([]) == nps.empty_histogram()
    assert len(nps.empty_histogram()) == 11


@pytest.mark.parametrize("stranger", [-1, 11])
def test_a_histogram_refuses_a_score_off_the_scale(stranger):
    with pytest.raises(ValueError, match="not a whole score"):
        nps.histogram_of([5, stranger])


@given(scores, scores)
def test_adding_histograms_is_counting_together(first, second):
    together = nps.histogram_of(first + second)
    assert nps.add(nps.histogram_of(first), nps.histogram_of(second)) == together


def test_histograms_of_different_length_do_not_add():
    with pytest.raises(ValueError, match="zip"):
        nps.add(nps.empty_histogram(), (1,))


@given(scores)
def test_a_tally_counts_the_groups_of_the_scores(given_scores):
    tally = nps.tally(nps.histogram_of(given_scores))
    groups = [nps.group_of(score) for score in given_scores]
    assert tally.n == len(given_scores)
    for group in Group:
        assert tally.count_of(group) == groups.count(group)


@pytest.mark.parametrize("histogram", [(), (1,) * 10, (1,) * 12])
def test_a_tally_needs_eleven_counts(histogram):
    with pytest.raises(ValueError, match="eleven"):
        nps.tally(histogram)


@pytest.mark.parametrize("groups", [(-1, 1, 1), (1, -1, 1), (1, 1, -1)])
def test_a_tally_holds_no_negative_number(groups):
    with pytest.raises(ValueError, match="negative"):
        Tally(*groups)


def test_without_answers_there_is_no_score():
    nobody = nps.tally(nps.empty_histogram())
    assert nobody.score is None
    assert nobody.variance == 0
    assert nobody.standard_error == 0
    assert nobody.share_of(Group.PROMOTER) == 0


@given(tallies)
def test_figures_stay_within_their_scales(tally):
    assert 0 <= tally.variance <= 1
    assert 0 <= tally.standard_error <= 100
    if tally.n:
        assert tally.score is not None
        assert -100 <= tally.score <= 100
        assert sum(tally.share_of(group) for group in Group) == pytest.approx(1)


@given(tallies)
def test_swapping_promoters_and_detractors_turns_the_score_round(tally):
    mirrored = Tally(tally.promoters, tally.passives, tally.detractors)
    if tally.n:
        assert mirrored.score == -tally.score
    assert mirrored.variance == tally.variance


@given(tallies)
def test_the_variance_is_that_of_minus_one_nought_and_one(tally):
    if not tally.n:
        return
    p, d = tally.share_of(Group.PROMOTER), tally.share_of(Group.DETRACTOR)
    assert tally.variance == pytest.approx(p + d - (p - d) ** 2, abs=1e-12)
