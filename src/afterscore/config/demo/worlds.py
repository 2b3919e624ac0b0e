"""The demo's truth drawn a thousand times: customers and answers as arrays, without a database.

The demo is one such world: the same effects, shares and chances of answering, from the same
functions of truth.py and cast.py. Left out is what needs a calendar: nobody has been followed up
yet, no customer has left, and no address has changed. So a world is what a wave would be if it were
the first. With `true_scores` the score that answers must converge to is known exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from afterscore.config.demo import cast
from afterscore.config.demo.truth import (
    Truth,
    all_answer_chance,
    answer_regions,
    expected_loyalty,
    scores_of,
)
from afterscore.domain import nps
from afterscore.domain.nps import Tally

Numbers = NDArray[np.int64]
Real = NDArray[np.float64]
Mask = NDArray[np.bool_]

REMINDED = 0.9
"""The others of a wave are held out by lot."""


@dataclass(frozen=True, slots=True)
class Customers:
    """One entry a person, except for `revenue`: one an account. Plan, industry and persona are
    places in the truth's own order."""

    account: Numbers
    plan: Numbers
    industry: Numbers
    persona: Numbers
    leaning: Real
    works: Mask
    joins_wave: Numbers
    revenue: Real


@dataclass(frozen=True, slots=True)
class Answers:
    """One entry a person: who was asked, who answered, and what she says or would have said."""

    asked: Mask
    answered: Mask
    score: Numbers


def draw_customers(truth: Truth, chance: np.random.Generator) -> Customers:
    """As `cast.draw_companies` does, many at a time."""
    plans, industries = list(truth.plan), list(truth.industry)
    kind = _pick(chance, cast.PLAN_SHARES, plans, truth.accounts)
    industry = chance.integers(len(industries), size=truth.accounts)
    early = np.arange(truth.accounts) < truth.accounts * cast.EARLY
    joins = np.where(early, 1, chance.integers(2, max(truth.waves, 2) + 1, size=truth.accounts))
    account = np.repeat(np.arange(truth.accounts), _sizes(truth, chance, kind, plans))
    people = account.size
    low, high = np.array([cast.REVENUE[plan] for plan in plans], dtype=float)[kind].T
    company = chance.normal(0, truth.account_spread, truth.accounts)
    person = chance.normal(0, truth.contact_spread, people)
    return Customers(
        account=account,
        plan=kind[account],
        industry=industry[account],
        persona=_pick(chance, cast.PERSONAS, list(truth.persona), people),
        leaning=company[account] + person,
        works=chance.random(people) >= truth.bounces,
        joins_wave=joins[account],
        revenue=chance.uniform(low, high),
    )


def _pick(
    chance: np.random.Generator, shares: dict[str, float], order: list[str], count: int
) -> Numbers:
    sizes = np.array([shares[name] for name in order])
    drawn: Numbers = chance.choice(len(order), size=count, p=sizes / sizes.sum())
    return drawn


def _sizes(truth: Truth, chance: np.random.Generator, kind: Numbers, plans: list[str]) -> Numbers:
    """People of each account; together exactly as many as the truth says."""
    low, high = np.array([cast.PEOPLE[plan] for plan in plans])[kind].T
    weights = chance.integers(low, high + 1)
    wanted: Numbers = np.maximum(1, np.rint(weights * truth.contacts / weights.sum())).astype(int)
    while difference := truth.contacts - int(wanted.sum()):
        places = chance.integers(wanted.size, size=abs(difference))
        np.add.at(wanted, places, 1 if difference > 0 else -1)
        np.maximum(wanted, 1, out=wanted)
    return wanted


def draw_answers(
    truth: Truth, customers: Customers, wave: int, chance: np.random.Generator
) -> Answers:
    """Of a wave that asks everybody who has joined by then."""
    people = customers.account.size
    usual = _usual(truth, wave)[customers.plan, customers.industry, customers.persona]
    loyalty = usual + customers.leaning + chance.normal(0, truth.noise, people)
    reminded = chance.random(people) < REMINDED
    draw = chance.random(people)
    comes = np.zeros(people, dtype=bool)
    for place, persona in enumerate(truth.persona):
        for is_reminded in (False, True):
            mine = (customers.persona == place) & (reminded == is_reminded)
            likely = all_answer_chance(truth, loyalty[mine], persona, is_reminded=is_reminded)
            comes[mine] = draw[mine] < likely
    asked = customers.joins_wave <= wave
    return Answers(asked, asked & customers.works & comes, scores_of(loyalty))


def _usual(truth: Truth, wave: int) -> Real:
    """What is expected of each kind of person, by plan, industry and persona."""
    kinds = product(truth.plan, truth.industry, truth.persona)
    found = [
        expected_loyalty(truth, plan=plan, industry=industry, persona=persona, wave=wave)
        for plan, industry, persona in kinds
    ]
    return np.array(found).reshape(len(truth.plan), len(truth.industry), len(truth.persona))


def tally(answers: Answers, among: Mask | None = None) -> Tally:
    """Of those who answered, or of those among some."""
    heard = answers.answered if among is None else answers.answered & among
    counts = np.bincount(answers.score[heard], minlength=nps.HIGHEST_SCORE + 1)
    return nps.tally(tuple(int(count) for count in counts))


def tallies_by_account(
    answers: Answers, customers: Customers, among: Mask | None = None
) -> list[Tally]:
    """One for each account in its order, also where nobody answered."""
    heard = answers.answered if among is None else answers.answered & among
    counts = _counts(customers.account[heard], answers.score[heard], customers.revenue.size)
    return [_tally(*row) for row in counts.tolist()]


def tallies_by_cell(
    answers: Answers, customers: Customers, cell: Numbers
) -> list[dict[int, Tally]]:
    """For each account that answered, its answers by a number that each person has."""
    heard = answers.answered
    kinds = int(cell.max()) + 1
    places, where = np.unique(customers.account[heard] * kinds + cell[heard], return_inverse=True)
    counts = _counts(where, answers.score[heard], places.size)
    found: dict[int, dict[int, Tally]] = {}
    for place, row in zip(places.tolist(), counts.tolist(), strict=True):
        found.setdefault(place // kinds, {})[place % kinds] = _tally(*row)
    return list(found.values())


def _counts(place: Numbers, score: Numbers, places: int) -> Numbers:
    """Detractors, passives and promoters of each place."""
    order = [nps.Group.DETRACTOR, nps.Group.PASSIVE, nps.Group.PROMOTER]
    group = np.array([order.index(nps.group_of(each)) for each in range(nps.HIGHEST_SCORE + 1)])
    return np.bincount(place * 3 + group[score], minlength=places * 3).reshape(places, 3)


@cache
def _tally(detractors: int, passives: int, promoters: int) -> Tally:
    """Most accounts have none, one or two answers: one tally for all that have the same."""
    return Tally(detractors, passives, promoters)


_DOWN, _MIDDLE, _UP = nps.Group.DETRACTOR, nps.Group.PASSIVE, nps.Group.PROMOTER


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of person, and what is true of it, before anything is drawn. `share` is its part of
    all people, `answering` the part of them that answers, and the score is of those who do."""

    plan: str
    industry: str
    persona: str
    share: float
    answering: float
    score: float


def true_kinds(truth: Truth, wave: int) -> Iterator[Kind]:
    """Exactly, from the normal distribution: within each region of the same chance of answering
    and the same group."""
    people = {plan: share * sum(cast.PEOPLE[plan]) for plan, share in cast.PLAN_SHARES.items()}
    for plan, industry, persona in product(truth.plan, truth.industry, truth.persona):
        expected = expected_loyalty(truth, plan=plan, industry=industry, persona=persona, wave=wave)
        share = people[plan] / sum(people.values()) / len(truth.industry) * cast.PERSONAS[persona]
        answering, score = _answering_and_score(truth, expected, persona)
        yield Kind(plan, industry, persona, share, answering, score)


def _answering_and_score(truth: Truth, expected: float, persona: str) -> tuple[float, float]:
    spread = float(np.sqrt(truth.account_spread**2 + truth.contact_spread**2 + truth.noise**2))
    loyalty = NormalDist(expected, spread)
    edges = sorted({*answer_regions(), *(score + 0.5 for score in range(10))})
    answering = balance = 0.0
    for low, high in zip([-np.inf, *edges], [*edges, np.inf], strict=True):
        inside = _middle(float(low), float(high))
        mass = _below(loyalty, float(high)) - _below(loyalty, float(low))
        likely = sum(
            part
            * float(all_answer_chance(truth, np.array([inside]), persona, is_reminded=reminded)[0])
            for reminded, part in ((True, REMINDED), (False, 1 - REMINDED))
        )
        group = nps.group_of(int(scores_of(np.array([inside]))[0]))
        answering += mass * likely
        balance += mass * likely * ((group is _UP) - (group is _DOWN))
    return answering, 100 * balance / answering


def _middle(low: float, high: float) -> float:
    if np.isinf(low):
        return high - 1
    return low + 1 if np.isinf(high) else (low + high) / 2


def _below(loyalty: NormalDist, limit: float) -> float:
    if np.isinf(limit):
        return 1.0 if limit > 0 else 0.0
    return loyalty.cdf(limit)


def true_score(truth: Truth, wave: int, **only: str) -> float:
    """Of all who answer, or of those with the plan, industry or persona given."""
    kinds = [
        kind
        for kind in true_kinds(truth, wave)
        if all(getattr(kind, name) == value for name, value in only.items())
    ]
    answering = sum(kind.share * kind.answering for kind in kinds)
    return sum(kind.share * kind.answering * kind.score for kind in kinds) / answering
