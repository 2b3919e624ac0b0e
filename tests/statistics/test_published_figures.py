"""Worked examples printed by papers and packages. They need no data.

Sources: Rocks (2016), The American Statistician 70(4), and the author's R package (brendan-R/NPS
2.0.999); PropCIs (R) for the score interval; MeasuringU for sample sizes; Market Strategies and
Cross Validated where named. Groups are (detractors, passives, promoters), figures proportions.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from afterscore.domain import compare, intervals, nps, scales
from afterscore.domain.intervals import Interval
from afterscore.domain.nps import Tally


def as_proportions(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return interval.low / 100, interval.high / 100


@pytest.mark.parametrize(
    ("groups", "score", "variance", "standard_error"),
    [
        ((1, 2, 3), 1 / 3, 5 / 9, 0.304),
        ((1, 0, 0), -1, 0, 0),
        ((0, 1, 0), 0, 0, 0),
        ((0, 0, 1), 1, 0, 0),
        ((1, 0, 1), 0, 1, 0.707),
        ((0, 1, 1), 0.5, 0.25, 0.354),
        ((1, 1, 1), 0, 2 / 3, 0.471),
    ],
)
def test_the_packages_basic_cases(groups, score, variance, standard_error):
    tally = Tally(*groups)
    assert tally.score == pytest.approx(100 * score, abs=1e-9)
    assert tally.variance == pytest.approx(variance, abs=1e-12)
    assert tally.standard_error == pytest.approx(100 * standard_error, abs=0.05)


def test_the_packages_example_scores():
    assert nps.tally(nps.histogram_of([0, 7, 7, 9, 9, 9])) == Tally(1, 2, 3)


INTERVALS_95 = """
1,2,3            -0.2630647146 0.9297313812 -0.2674325879 0.7118770324 -0.3110739390 0.7539567153
3,10,7           -0.0972432554 0.4972432554 -0.1061911002 0.4540171871 -0.1158778191 0.4763121605
10,30,60          0.3685216189 0.6314783811  0.3546659194 0.6162078670  0.3556919694 0.6187620759
150,300,550       0.3544545528 0.4455454472  0.3533112559 0.4442959226  0.3533652544 0.4444180250
1194,3953,8465    0.5232187884 0.5451032804  0.5231012686 0.5449854005  0.5231193687 0.5450043331
0,0,5             1            1             0.1749145303 1.0750854697  0.1310348511 1
8,30,49           0.3329798096 0.6095489261  0.3181297386 0.5929813725  0.3201639460 0.5970666573
9,32,93           0.5241214714 0.7296098719  0.5099780635 0.7162993087  0.5114201076 0.7179941455
"""


@pytest.mark.parametrize("line", INTERVALS_95.strip().splitlines())
def test_one_sample_intervals_at_95_percent(line):
    groups, *limits = line.split()
    tally = Tally(*map(int, groups.split(",")))
    wald, adjusted, score = (
        (float(low), float(high)) for low, high in zip(limits[::2], limits[1::2], strict=True)
    )
    # Printed to ten digits.
    assert as_proportions(intervals.wald(tally)) == pytest.approx(wald, abs=6e-11)
    assert as_proportions(intervals.adjusted_wald(tally)) == pytest.approx(adjusted, abs=6e-11)
    # Found there by bisection with a tolerance of 1e-7.
    assert as_proportions(intervals.score_interval(tally)) == pytest.approx(score, abs=1e-6)


def test_intervals_at_other_levels():
    small, carpentries, hundred = Tally(3, 10, 7), Tally(8, 30, 49), Tally(10, 30, 60)
    assert as_proportions(intervals.wald(small, 0.9)) == pytest.approx(
        (-0.0494544035, 0.4494544035), abs=6e-11
    )
    assert as_proportions(intervals.adjusted_wald(small, 0.9)) == pytest.approx(
        (-0.0611577641, 0.4089838510), abs=6e-11
    )
    assert as_proportions(intervals.score_interval(small, 0.9)) == pytest.approx(
        (-0.0631073952, 0.4355923653), abs=1e-6
    )
    assert as_proportions(intervals.adjusted_wald(carpentries, 0.9)) == pytest.approx(
        (0.3402241744, 0.5708869368), abs=6e-11
    )
    assert as_proportions(intervals.adjusted_wald(hundred, 0.99)) == pytest.approx(
        (0.3135747013, 0.6572990851), abs=6e-11
    )


def test_margins_printed_elsewhere():
    def margin(tally: Tally) -> float:
        low, high = as_proportions(intervals.wald(tally))
        return 100 * (high - low) / 2

    # A forum's 291 promoters, 476 passives and 395 detractors: -9 +- 4.4.
    forum = Tally(395, 476, 291)
    assert forum.score == pytest.approx(-9, abs=0.1)
    assert margin(forum) == pytest.approx(4.388, abs=5e-4)
    # Market Strategies: 40 % promoters, 20 % detractors of 500: 20 +- 6.6.
    assert margin(Tally(100, 200, 200)) == pytest.approx(6.6, abs=0.05)


def test_the_shares_of_promoters_and_detractors_are_not_independent():
    """Taking them so gives 14.3 to 20.5, which is too narrow."""
    interval = intervals.wald(Tally(75, 675, 250))
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((14.1, 20.9), abs=0.05)


# 95 % intervals' true coverage in percent: of Wald, adjusted Wald and score.
COVERAGE = [
    (10, (0.15, 0.30, 0.55), (86.72, 95.78, 96.15)),
    (10, (0.02, 0.08, 0.90), (64.94, 92.98, 95.92)),
    (20, (0.05, 0.15, 0.80), (85.98, 95.63, 96.22)),
    (50, (0.15, 0.30, 0.55), (93.63, 95.01, 95.16)),
    (100, (0.02, 0.08, 0.90), (93.03, 96.20, 95.55)),
]


def coverage(n: int, shares: tuple[float, float, float], method) -> float:
    """How often the interval holds the true score, in percent: every sample, by its probability."""
    detractors, passives, promoters = shares
    truth = 100 * (promoters - detractors)
    covered = 0.0
    for d in range(n + 1):
        for c in range(n - d + 1):
            interval = method(Tally(d, n - d - c, c))
            if interval.low <= truth <= interval.high:
                ways = math.comb(n, d) * math.comb(n - d, c)
                covered += ways * detractors**d * promoters**c * passives ** (n - d - c)
    return 100 * covered


@pytest.mark.parametrize(("n", "shares", "expected"), COVERAGE)
def test_the_exact_coverage_is_as_published_and_the_score_intervals_never_below_95(
    n, shares, expected
):
    methods = (intervals.wald, intervals.adjusted_wald, intervals.score_interval)
    computed = [coverage(n, shares, method) for method in methods]
    assert computed == pytest.approx(expected, abs=0.005)
    assert computed[2] >= 95


TWO_SAMPLES = [
    ((3, 10, 7), (5, 10, 5), False, (0.2, 0.2190890230, 0.3613104285)),
    ((3, 10, 7), (5, 10, 5), True, (0.1739130435, 0.2053368657, 0.3970148880)),
    ((150, 300, 550), (120, 320, 560), False, (0.04, 0.0320374781, 0.2118342016)),
    ((150, 300, 550), (120, 320, 560), True, (0.0398803589, 0.0320047277, 0.2127360832)),
    ((9, 32, 93), (8, 30, 49), False, (0.1556013038, 0.0878974884, 0.0766840353)),
    ((9, 32, 93), (8, 30, 49), True, (0.1575831306, 0.0876735715, 0.0722745780)),
]


@pytest.mark.parametrize(("first", "second", "adjusted", "expected"), TWO_SAMPLES)
def test_two_sample_tests(first, second, adjusted, expected):
    comparison = compare.compare(Tally(*first), Tally(*second), adjusted=adjusted)
    assert comparison is not None
    size, standard_error, p_value = expected
    assert abs(comparison.difference) / 100 == pytest.approx(size, abs=6e-11)
    assert comparison.standard_error / 100 == pytest.approx(standard_error, abs=6e-11)
    assert comparison.p_value == pytest.approx(p_value, abs=6e-11)


@pytest.mark.parametrize(
    ("margin", "variance", "expected"),
    [(10, 0.67, 255), (5, 0.67, 1027), (10, 1, 382), (5, 1, 1534)],
)
def test_sample_sizes_for_a_margin(margin, variance, expected):
    assert intervals.sample_size_for_margin(margin, variance) == expected


@pytest.mark.parametrize(("points", "expected"), [(10, 412), (5, 1654)])
def test_sample_sizes_for_a_benchmark(points, expected):
    assert intervals.sample_size_for_benchmark(points) == expected


def test_a_scale_of_fifteen_scores_has_its_figures_and_is_not_taken_for_ours():
    """Rocks' package, scores 1 to 15 with breaks 0-6, 7-8 and 9-15: 2/30 and 0.8622. The groups
    give the same; the scores beyond 10 are refused as not on the scale, never called promoters."""
    tally = Tally(6, 2, 7)
    assert tally.score == pytest.approx(100 * 2 / 30, abs=1e-9)
    assert tally.variance == pytest.approx(0.8622, abs=5e-5)
    beyond = {scales.score_of(number) for number in range(11, 16)}
    assert beyond == {scales.Missing.OUT_OF_RANGE}


def test_two_pseudo_answers_are_agresti_and_mins_interval():
    """PropCIs' manual, diffpropci.mp: of 160, 40 one way and 20 the other."""
    interval = intervals.adjusted_wald(Tally(40, 100, 20), added=2)
    assert as_proportions(interval) == pytest.approx((-0.2160172587, -0.0308963215), abs=6e-11)


# Of relock2/nps_sample_size: margin, share of promoters and detractors, population, answers.
SAMPLE_SIZES = [
    (10, 0.5, 0.2, None, 232),
    (5, 0.5, 0.2, None, 935),
    (5, 0.5, 0.2, 2000, 637),
]
QUANTILE_IN_TWO_DIGITS = 2 * NormalDist().cdf(1.96) - 1
"""The confidence whose quantile is 1.96 itself: that package rounds it so."""


@pytest.mark.parametrize(("margin", "promoters", "detractors", "population", "n"), SAMPLE_SIZES)
def test_sample_sizes_of_another_package(*, margin, promoters, detractors, population, n):
    variance = promoters + detractors - (promoters - detractors) ** 2
    for confidence in (0.95, QUANTILE_IN_TWO_DIGITS):
        found = intervals.sample_size_for_margin(
            margin, variance, confidence, population=population
        )
        assert found == n


def test_that_package_asks_one_person_more_because_it_rounds_the_quantile():
    """Its documented example, 112 of 250: with 1.96 it is 111.001, rounded up; with the quantile
    itself, 1.95996, it is 110.999, and 111 are enough."""
    variance = 0.8 + 0.15 - 0.65**2
    rounded = intervals.sample_size_for_margin(10, variance, QUANTILE_IN_TWO_DIGITS, population=250)
    assert rounded == 112
    assert intervals.sample_size_for_margin(10, variance, population=250) == 111


def test_a_whole_small_population_is_never_more_than_itself():
    assert intervals.sample_size_for_margin(1, 1, population=40) <= 40
    with pytest.raises(ValueError, match="a population has somebody in it"):
        intervals.sample_size_for_margin(10, 1, population=0)
