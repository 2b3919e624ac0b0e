"""Explanations: what is printed can be reckoned by hand and gives what is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afterscore.domain import alike, explaining, intervals, nps, voices, weighting
from afterscore.domain.explaining import Explanation
from afterscore.domain.nps import Tally
from afterscore.domain.scales import Scale
from afterscore.domain.targets import Figure, Target

TALLY = st.builds(Tally, *[st.integers(0, 400)] * 3)
HISTOGRAM = st.tuples(*[st.integers(0, 300)] * 11)
CONFIDENCE = st.sampled_from([0.8, 0.9, 0.95, 0.99])

_SAID = {"−": "-", "×": "*", "²": "**2", "√": "sqrt", ",": "", " ": ""}
_ALLOWED = {
    "sqrt": math.sqrt,
    "abs": abs,
    "max": max,
    "min": min,
    "exp": math.exp,
    "ln": math.log,
}


def reckoned(filled: str) -> float:
    """What a reader with a pocket calculator gets."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", filled)
    for said, meant in _SAID.items():
        text = text.replace(said, meant) if said != "," else text
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    assert re.fullmatch(r"(sqrt|abs|max|min|exp|ln|[\d.()+\-*/,])+", text), text
    return float(eval(text, {"__builtins__": {}}, _ALLOWED))  # noqa: S307 (checked above)


def shown(result: str) -> float:
    return float(result.replace("−", "-").replace(",", ""))


def assert_can_be_reckoned(found: Explanation, *, within: float = 2e-3) -> None:
    for step in found.steps:
        value = reckoned(step.filled)
        assert value == pytest.approx(step.value, rel=within, abs=0.02), step
        assert shown(step.result) == pytest.approx(step.value, abs=0.51), step
    assert found.says
    assert found.source
    assert all(step.filled in found.text for step in found.steps)


@given(HISTOGRAM)
def test_a_score(histogram) -> None:
    found = explaining.score(histogram)
    tally = nps.tally(histogram)
    if found is None:
        assert tally.n == 0
        return
    assert_can_be_reckoned(found)
    assert found.steps[-1].value == tally.score


def test_the_score_in_words() -> None:
    found = explaining.score(nps.histogram_of([9] * 20 + [10] * 40 + [7] * 30 + [2] * 10))
    assert found is not None
    assert found.text == (
        "The score\n"
        "50 from 100 answers.\n"
        "\n"
        "Promoters: answers from 9 to 10 = 20 + 40 = 60\n"
        "Passives: answers from 7 to 8 = 30 + 0 = 30\n"
        "Detractors: answers from 0 to 6 = 0 + 0 + 10 + 0 + 0 + 0 + 0 = 10\n"
        "All answers: n = promoters + passives + detractors = 60 + 30 + 10 = 100\n"
        "Score: 100 × (promoters − detractors) / n = 100 × (60 − 10) / 100 = 50\n"
        "\n"
        "Only whole scores from 0 to 10 count; whoever gave none is left out.\n"
        "\n"
        "Source: Reichheld (2003), Harvard Business Review 81(12), p. 46-54."
    )


@given(TALLY, CONFIDENCE)
def test_at_the_ends_of_an_interval_both_sides_are_equal(tally, confidence) -> None:
    found = explaining.interval(tally, confidence)
    interval = intervals.score_interval(tally, confidence)
    if found is None or interval is None:
        assert tally.n == 0
        return
    assert_can_be_reckoned(found, within=0.01)
    for name, limit in (("Lower", interval.low), ("Upper", interval.high)):
        steps = [step for step in found.steps if step.label == f"{name} limit"]
        if abs(limit) == 100:
            assert steps == []
            assert any("end of the scale" in note for note in found.notes)
            continue
        at = found.steps.index(steps[0])
        distance, _, allowed = found.steps[at + 1 : at + 4]
        assert distance.value == pytest.approx(allowed.value, rel=1e-6, abs=1e-6)


@given(TALLY, TALLY, CONFIDENCE)
def test_a_difference(first, second, confidence) -> None:
    found = explaining.difference(first, second, names=("March", "April"), confidence=confidence)
    if found is None:
        assert min(first.n, second.n) == 0
        return
    assert_can_be_reckoned(found)


SEGMENTS = st.dictionaries(st.sampled_from(["north", "south", "east", "west"]), TALLY, min_size=1)


@given(SEGMENTS, SEGMENTS)
def test_a_mix(before, after) -> None:
    found = explaining.mix(before, after)
    if found is None:
        return
    assert_can_be_reckoned(found)
    assert found.table is not None
    assert len(found.table.rows) == len({*before, *after})
    assert all(len(row) == len(found.table.header) for row in found.table.rows)


@given(st.dictionaries(st.sampled_from("abcdef"), TALLY, min_size=1), st.sampled_from("abcdef"))
def test_a_shrunken_segment(tallies, segment) -> None:
    found = explaining.shrinkage(tallies, segment)
    if found is None:
        assert segment not in tallies or sum(1 for t in tallies.values() if t.n) < 3
        return
    assert_can_be_reckoned(found)


@given(
    st.lists(TALLY, min_size=4, max_size=4),
    st.lists(st.integers(50, 200), min_size=4, max_size=4),
)
def test_a_weighted_score(tallies, sizes) -> None:
    cells = [(plan, place) for plan in ("small", "large") for place in ("east", "west")]
    held: dict[weighting.Cell, Tally] = dict(zip(cells, tallies, strict=True))
    assume(all(tally.n for tally in tallies))
    population = [
        {"small": sizes[0], "large": sizes[1]},
        {"east": sizes[2], "west": sizes[3]},
    ]
    raked = weighting.rake({cell: tally.n for cell, tally in held.items()}, population)
    found = explaining.weighting(held, raked)
    assert found is not None
    steps = {step.label: step for step in found.steps}
    for label in ("Lower limit", "Upper limit"):
        value = reckoned(steps[label].filled)
        assert max(-100, min(100, value)) == pytest.approx(steps[label].value, abs=0.2)
    plain = [step for step in found.steps if "limit" not in step.label]
    for step in plain:
        assert reckoned(step.filled) == pytest.approx(step.value, rel=5e-3, abs=0.1), step


@given(TALLY, st.integers(0, 1000))
def test_bounds(tally, silent) -> None:
    found = explaining.bounds(tally, asked=tally.n + silent)
    if found is None:
        assert tally.n + silent == 0
        return
    assert_can_be_reckoned(found)


@given(st.integers(0, 3000), st.integers(0, 3000), CONFIDENCE)
def test_what_shows(before, after, confidence) -> None:
    found = explaining.noticeable(before, after, confidence=confidence)
    if found is not None:
        assert_can_be_reckoned(found)


COUNTS = st.fixed_dictionaries({number: st.integers(0, 300) for number in range(1, 8)})


@pytest.mark.parametrize("explain", [explaining.satisfaction, explaining.effort])
@given(counts=COUNTS, confidence=CONFIDENCE)
def test_secondary_figures(
    explain: Callable[..., Explanation | None], counts: dict[int, int], confidence: float
) -> None:
    found = explain(counts, Scale.ONE_TO_SEVEN, confidence=confidence)
    if found is None:
        assert sum(counts.values()) == 0
        return
    assert_can_be_reckoned(found)


@given(st.floats(-90, 90), st.floats(0.5, 40), st.integers(1, 5000), st.integers(-9, 300))
def test_a_target(value, reach, n, days) -> None:
    target = Target(-95, 20, date(2026, 1, 1), date(2026, 7, 1))
    figure = Figure(value, value - reach, value + reach, n)
    found = explaining.target(target, figure, today=target.starts_on + timedelta(days=days))
    for step in found.steps:
        if step.label == "Answers that would tell":
            continue
        assert reckoned(step.filled) == pytest.approx(step.value, abs=0.02)
    assert "20" in found.text
    assert explaining.target(target, None, today=target.due_on).says.startswith("Cannot tell yet")


def test_every_explanation_names_a_page_that_there_is(request: pytest.FixtureRequest) -> None:
    pages = request.config.rootpath / "docs" / "algorithms"
    tally, other = Tally(10, 30, 60), Tally(20, 20, 60)
    tallies = {"a": tally, "b": other, "c": tally}
    raked = weighting.rake({("a",): 100}, [{"a": 5}])
    made = [
        explaining.score(nps.histogram_of([9])),
        explaining.interval(tally),
        explaining.difference(tally, other),
        explaining.mix(tallies, tallies),
        explaining.shrinkage(tallies, "a"),
        explaining.weighting({("a",): tally}, raked),
        explaining.bounds(tally, asked=200),
        explaining.noticeable(60, 60),
        explaining.satisfaction({5: 3}, Scale.ONE_TO_FIVE),
        explaining.effort({5: 3}, Scale.ONE_TO_FIVE),
        explaining.target(
            Target(0, 9, date(2026, 1, 1), date(2026, 2, 1)), None, today=date(2026, 1, 5)
        ),
    ]
    for each in made:
        assert each is not None
        assert (pages / f"{each.page}.md").exists()


@given(st.lists(st.builds(Tally, *[st.integers(0, 9)] * 3), max_size=40))
def test_what_answers_of_one_account_are_worth(accounts) -> None:
    sums = voices.sums_of(accounts)
    found = explaining.accounts(sums)
    if found is None:
        assert sums.answers == 0
        return
    assert_can_be_reckoned(found)
    worth = alike.weigh(sums)
    if sums.largest > 1 and sums.accounts > 1:
        assert found.steps[-1].value == pytest.approx(worth.design_effect)


@given(st.builds(Tally, *[st.integers(0, 400)] * 3, st.floats(1.01, 6)), CONFIDENCE)
def test_an_interval_of_answers_that_are_alike(tally, confidence) -> None:
    found = explaining.interval(tally, confidence)
    if found is not None:
        assert_can_be_reckoned(found)


@given(*[st.builds(Tally, *[st.integers(0, 400)] * 3, st.floats(1.01, 6))] * 2)
def test_a_difference_of_answers_that_are_alike(first, second) -> None:
    found = explaining.difference(first, second)
    if found is not None:
        assert_can_be_reckoned(found)


@given(st.lists(st.tuples(st.builds(Tally, *[st.integers(0, 9)] * 3), st.floats(1, 9e5))))
def test_accounts_that_count_once_or_by_what_they_pay(accounts) -> None:
    for found in (
        explaining.by_accounts([tally for tally, _revenue in accounts]),
        explaining.by_revenue(accounts),
    ):
        if found is not None:
            assert_can_be_reckoned(found)


@given(st.dictionaries(st.sampled_from("abcd"), st.builds(Tally, *[st.integers(0, 60)] * 3)))
def test_roles_that_count_the_same(groups) -> None:
    found = explaining.by_group(groups, dict.fromkeys(groups, 1.0))
    if found is not None:
        assert_can_be_reckoned(found)


@given(*[st.builds(Tally, *[st.integers(0, 300)] * 3)] * 2, st.integers(0, 2_000))
def test_early_and_late_answers(early, late, asked) -> None:
    found = explaining.lateness(early, late, asked=asked)
    if found is not None:
        assert_can_be_reckoned(found)


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_share(one, other) -> None:
    done, whole = sorted((one, other))
    found = explaining.share(done, whole, title="", done_word="answered", whole_word="asked")
    if found is None:
        assert whole == 0
        return
    assert_can_be_reckoned(found)
    low, high = intervals.wilson(done / whole, whole)
    assert [step.value for step in found.steps] == pytest.approx(
        [100 * done / whole, intervals.quantile(0.95), 100 * low, 100 * high]
    )


def test_more_answers_than_people_asked_are_a_share_without_limits() -> None:
    found = explaining.share(6, 5, title="", done_word="answered", whole_word="asked")
    assert found is not None
    assert [step.result for step in found.steps] == ["120"]


@given(st.lists(st.decimals(1, 10**6, places=2), max_size=30))
def test_a_sum_of_money(amounts) -> None:
    named = [(f"Account {place}", amount) for place, amount in enumerate(amounts)]
    found = explaining.total(named, title="Revenue", unit="EUR")
    if found is None:
        assert not amounts
        return
    assert_can_be_reckoned(found)
    assert found.steps[0].value == float(sum(amounts, Decimal(0)))
