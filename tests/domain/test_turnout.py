from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import turnout
from afterscore.domain.turnout import Belief, Evidence

RATES = st.floats(0, 1)


def believe(earlier: dict[str, Evidence], current: dict[str, Evidence]) -> Belief:
    return turnout.believe(["pro"], earlier=earlier, current=current)["pro"]


def test_without_an_earlier_wave_a_quarter_is_assumed_with_little_weight():
    belief = believe({}, {})
    assert belief.ratio == pytest.approx(0.25)
    assert belief.weight == turnout.ASSUMED_WEIGHT


def test_earlier_waves_shape_the_belief_but_weigh_no_more_than_a_few_dozen_people():
    belief = believe({"pro": Evidence(4_000, 10_000)}, {})
    assert belief.ratio == pytest.approx(0.4, abs=0.001)
    assert belief.weight == pytest.approx(turnout.MOST_WEIGHT)


def test_a_segment_never_seen_before_is_believed_to_answer_like_the_others():
    beliefs = turnout.believe(["free", "pro"], earlier={"pro": Evidence(400, 1_000)}, current={})
    assert beliefs["free"].ratio == pytest.approx(0.4, abs=0.01)


def test_the_wave_itself_soon_decides():
    belief = believe({"pro": Evidence(4_000, 10_000)}, {"pro": Evidence(10, 200)})
    assert belief.yes == pytest.approx(16 + 10, abs=0.1)
    assert belief.no == pytest.approx(24 + 190, abs=0.1)
    assert belief.ratio == pytest.approx(26 / 240, abs=0.001)


@given(RATES, st.integers(1, 5_000))
def test_more_evidence_makes_surer(rate, people):
    before = believe({}, {})
    after = before.learn(Evidence(rate * people, people))
    assert after.weight > before.weight
    assert 0 < after.ratio < 1
    assert min(before.ratio, rate) - 1e-9 <= after.ratio <= max(before.ratio, rate) + 1e-9


@pytest.mark.parametrize("reminders", [0, 1, 2])
def test_all_answers_come_on_some_day(reminders):
    curve = turnout.assumed_curve(reminders=reminders, gap_days=5)
    assert curve.sum() == pytest.approx(1)
    assert (curve >= 0).all()


def test_a_reminder_brings_a_second_wave_of_answers():
    curve = turnout.assumed_curve(reminders=1, gap_days=5)
    assert curve[5] > curve[4]
    assert curve[0] == pytest.approx(0.6 * 0.5)


def test_answers_seen_bend_the_curve():
    assumed = turnout.assumed_curve(reminders=0, gap_days=5)
    learned = turnout.learned_curve(assumed, [0, 0, 0, 980])
    assert learned.sum() == pytest.approx(1)
    assert learned[3] > 0.95
    assert (turnout.learned_curve(assumed, []) == assumed).all()


def test_very_late_answers_count_for_the_last_day():
    assumed = turnout.assumed_curve(reminders=0, gap_days=5)
    late = [0] * 100 + [5]
    assert turnout.learned_curve(assumed, late)[-1] == pytest.approx(5 / 25)
