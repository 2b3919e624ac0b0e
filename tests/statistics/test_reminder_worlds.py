"""Worlds whose truth is known: how often the interval covers it, how often "yes" is wrong.

Each world is a program of three waves of different sizes, moods and hold-outs, as in life.
"""

from __future__ import annotations

import numpy as np
import pytest

from afterscore.domain import experiments
from afterscore.domain.effects import Effect
from afterscore.domain.experiments import Arm, Finding, Trial

WORLDS = 1_500
WAVES = ((400, 0.1, 0.12), (250, 0.2, 0.06), (900, 0.1, 0.2))
"""Silent people, hold-out, and how many of them answer without a reminder."""


def world(lots: np.random.Generator, lift: float) -> Finding:
    trials = []
    for people, hold_out, base in WAVES:
        held_out = round(people * hold_out)
        treated = people - held_out
        trials.append(
            Trial(
                Arm(treated, int(lots.binomial(treated, base + lift))),
                Arm(held_out, int(lots.binomial(held_out, base))),
            )
        )
    return experiments.find(trials, hold_out=0.1)


def worlds(lift: float) -> list[Finding]:
    lots = np.random.default_rng(20261125)
    return [world(lots, lift) for _ in range(WORLDS)]


@pytest.mark.parametrize("lift", [0.0, 0.05, 0.1, 0.2])
def test_the_interval_covers_the_truth_in_95_of_100_worlds(lift: float):
    covered = 0
    for found in worlds(lift):
        assert found.difference is not None
        covered += found.difference.low <= lift <= found.difference.high
    assert 0.93 <= covered / WORLDS <= 0.97


def test_where_reminding_does_nothing_yes_is_said_in_at_most_one_world_of_forty():
    said = sum(found.verdict is Effect.WORKED for found in worlds(0.0))
    assert said / WORLDS <= 0.025


def test_where_it_does_something_it_is_found():
    """Ten more of a hundred, from 160 people held out: found in most worlds."""
    said = sum(found.verdict is Effect.WORKED for found in worlds(0.1))
    assert said / WORLDS >= 0.8


@pytest.mark.parametrize(
    ("treated", "held_out", "base", "lift"),
    [(90, 90, 0.1, 0.0), (180, 20, 0.2, 0.0), (450, 50, 0.1, 0.08), (180, 20, 0.2, 0.1)],
)
def test_in_one_wave_the_coverage_is_exact_by_enumeration(
    treated: int, held_out: int, base: float, lift: float
):
    """Every outcome that can happen, with its probability: no luck of the draw."""
    from scipy.stats import binom

    covered = yes = 0.0
    ours, theirs = binom(treated, base + lift), binom(held_out, base)
    for answered in range(int(ours.ppf(1e-6)), int(ours.ppf(1 - 1e-6)) + 1):
        for answered_anyway in range(int(theirs.ppf(1 - 1e-6)) + 1):
            found = experiments.find(
                [Trial(Arm(treated, answered), Arm(held_out, answered_anyway))], hold_out=0.1
            )
            assert found.difference is not None
            chance = ours.pmf(answered) * theirs.pmf(answered_anyway)
            covered += chance * (found.difference.low <= lift <= found.difference.high)
            yes += chance * (found.verdict is Effect.WORKED)
    assert 0.93 <= covered <= 0.97
    if lift == 0:
        assert yes <= 0.025
