"""Whether the demo's truth is found again in what its customers answer, over many drawn worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from afterscore.config.demo import worlds
from afterscore.config.demo.truth import Truth
from afterscore.config.demo.worlds import Answers, Customers
from afterscore.domain import alike, intervals, nps, voices, weighting
from afterscore.domain.nps import Tally

FIRST, SIXTH = 1, 6
PLAIN = "taking answers for independent"  # names of figures whose limits are too narrow
WEIGHTS = {"decision maker": 3.0, "administrator": 1.0, "user": 1.0}

Name = TypeVar("Name")
Limits = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One world: its customers, and what they answer in the first and in the sixth wave."""

    customers: Customers
    first: Answers
    sixth: Answers


@dataclass(frozen=True, slots=True)
class Figure:
    """What is estimated: its truth, and the limits that the product gives in one world."""

    name: str
    truth: float
    limits: Callable[[Drawn], Limits]


@dataclass(frozen=True, slots=True)
class Line:
    """`covered` is the part of worlds in which the limits hold the truth, `width` their mean
    width in points."""

    figure: str
    truth: float
    covered: float
    width: float


def recover(truth: Truth, *, worlds_drawn: int, seed: int = 20261126) -> list[Line]:
    figures = list(_figures(truth))
    held, width = np.zeros(len(figures)), np.zeros(len(figures))
    for number in range(worlds_drawn):
        world = _draw(truth, np.random.default_rng((seed, number)))
        for place, figure in enumerate(figures):
            low, high = figure.limits(world)
            if low is not None and high is not None:
                held[place] += low <= figure.truth <= high
                width[place] += high - low
    return [
        Line(figure.name, figure.truth, float(part), float(wide))
        for figure, part, wide in zip(
            figures, held / worlds_drawn, width / worlds_drawn, strict=True
        )
    ]


def _draw(truth: Truth, chance: np.random.Generator) -> Drawn:
    customers = worlds.draw_customers(truth, chance)
    first = worlds.draw_answers(truth, customers, FIRST, chance)
    return Drawn(customers, first, worlds.draw_answers(truth, customers, SIXTH, chance))


def _figures(truth: Truth) -> Iterator[Figure]:
    whole = worlds.true_score(truth, SIXTH)
    first = worlds.true_score(truth, FIRST)
    plans = {plan: worlds.true_score(truth, SIXTH, plan=plan) for plan in truth.plan}
    yield Figure("score of a first wave", first, lambda w: _answers(w.first, w))
    yield Figure("score of the sixth wave", whole, lambda w: _answers(w.sixth, w))
    yield Figure("the same, as shown on the pages", whole, _shown)
    yield Figure(f"the same, {PLAIN}", whole, lambda w: _plain(w.sixth))
    yield Figure("score of accounts, one voice each", _true_of_accounts(truth), _of_accounts)
    for plan, score in plans.items():
        place = list(truth.plan).index(plan)
        yield Figure(f"score of {plan} customers", score, _among(place, is_plain=False))
        if plan == "enterprise":
            yield Figure("enterprise customers, as shown on the pages", score, _shown_of(place))
            name = f"enterprise customers, {PLAIN}"
            yield Figure(name, score, _among(place, is_plain=True))
    apart = plans["enterprise"] - plans["starter"]
    yield Figure("enterprise against starter customers", apart, lambda w: _plans(w, truth))
    yield Figure("change from the first wave to the sixth", whole - first, _change)
    yield Figure(
        "score with decision makers counted three times",
        _true_blend(truth),
        lambda w: _blend(w, truth),
    )
    yield Figure(
        "score re-weighted to all customers", _true_raked(truth), lambda w: _raked(w, truth)
    )


def _answers(answers: Answers, world: Drawn) -> Limits:
    found = voices.by_answers(worlds.tallies_by_account(answers, world.customers))
    return (None, None) if found is None else (found.low, found.high)


def _plain(answers: Answers) -> Limits:
    found = intervals.score_interval(worlds.tally(answers))
    return (None, None) if found is None else (found.low, found.high)


def _shown(world: Drawn) -> Limits:
    return _as_shown(worlds.tallies_by_account(world.sixth, world.customers))


def _shown_of(plan: int) -> Callable[[Drawn], Limits]:
    return lambda world: _as_shown(
        worlds.tallies_by_account(world.sixth, world.customers, world.customers.plan == plan)
    )


def _as_shown(accounts: Sequence[Tally]) -> Limits:
    """The interval of every page: answers count as much as they are worth."""
    effect = alike.design_effect(voices.sums_of(accounts))
    found = intervals.score_interval(replace(nps.merge(accounts), design_effect=effect))
    return (None, None) if found is None else (found.low, found.high)


def _of_accounts(world: Drawn) -> Limits:
    found = voices.by_accounts(worlds.tallies_by_account(world.sixth, world.customers))
    return (None, None) if found is None else (found.low, found.high)


def _true_of_accounts(truth: Truth) -> float:
    """Has no closed form, since it depends on who of an account answers: from one huge world."""
    huge = replace(
        truth, accounts=150_000, contacts=round(150_000 * truth.contacts / truth.accounts)
    )
    chance = np.random.default_rng(1)
    customers = worlds.draw_customers(huge, chance)
    answers = worlds.draw_answers(huge, customers, SIXTH, chance)
    found = voices.by_accounts(worlds.tallies_by_account(answers, customers))
    return float("nan") if found is None else found.score


def _among(plan: int, *, is_plain: bool) -> Callable[[Drawn], Limits]:
    def limits(world: Drawn) -> Limits:
        mine = world.customers.plan == plan
        if is_plain:
            found = intervals.score_interval(worlds.tally(world.sixth, mine))
            return (None, None) if found is None else (found.low, found.high)
        tallies = worlds.tallies_by_account(world.sixth, world.customers, mine)
        voiced = voices.by_answers(tallies)
        return (None, None) if voiced is None else (voiced.low, voiced.high)

    return limits


def _plans(world: Drawn, truth: Truth) -> Limits:
    sides = [
        worlds.tallies_by_account(
            world.sixth, world.customers, world.customers.plan == list(truth.plan).index(plan)
        )
        for plan in ("starter", "enterprise")
    ]
    found = voices.difference(*sides)
    return (None, None) if found is None else (found.low, found.high)


def _change(world: Drawn) -> Limits:
    found = voices.difference(
        worlds.tallies_by_account(world.first, world.customers),
        worlds.tallies_by_account(world.sixth, world.customers),
    )
    return (None, None) if found is None else (found.low, found.high)


def _true_blend(truth: Truth) -> float:
    scores = {each: worlds.true_score(truth, SIXTH, persona=each) for each in truth.persona}
    return sum(WEIGHTS[each] * scores[each] for each in scores) / sum(WEIGHTS.values())


def _blend(world: Drawn, truth: Truth) -> Limits:
    accounts = [
        {list(truth.persona)[place]: tally for place, tally in account.items()}
        for account in worlds.tallies_by_cell(world.sixth, world.customers, world.customers.persona)
    ]
    found = voices.by_group(_added(accounts), WEIGHTS, accounts=accounts)
    return (None, None) if found is None else (found.low, found.high)


def _added(accounts: Sequence[Mapping[Name, Tally]]) -> dict[Name, Tally]:
    found: dict[Name, Tally] = {}
    for account in accounts:
        for name, tally in account.items():
            found[name] = _sum(found[name], tally) if name in found else tally
    return found


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        one.detractors + other.detractors,
        one.passives + other.passives,
        one.promoters + other.promoters,
    )


def _true_raked(truth: Truth) -> float:
    """What raking by plan and persona converges to, with as many answers as one likes."""
    answers: dict[weighting.Cell, float] = {}
    balance: dict[weighting.Cell, float] = {}
    population: list[dict[str, float]] = [{}, {}]
    for kind in worlds.true_kinds(truth, SIXTH):
        cell = (kind.plan, kind.persona)
        came = kind.share * kind.answering
        answers[cell] = answers.get(cell, 0.0) + came
        balance[cell] = balance.get(cell, 0.0) + came * kind.score
        for margin, value in enumerate(cell):
            population[margin][value] = population[margin].get(value, 0.0) + kind.share
    raked = weighting.rake({cell: round(1e9 * part) for cell, part in answers.items()}, population)
    total = sum(raked.weights[cell] * answers[cell] for cell in answers)
    return sum(raked.weights[cell] * balance[cell] for cell in answers) / total


def _raked(world: Drawn, truth: Truth) -> Limits:
    plans, personas = list(truth.plan), list(truth.persona)
    customers = world.customers
    cells: list[weighting.Cell] = [(plan, persona) for plan in plans for persona in personas]
    accounts = [
        {cells[place]: tally for place, tally in account.items()}
        for account in worlds.tallies_by_cell(
            world.sixth, customers, customers.plan * len(personas) + customers.persona
        )
    ]
    tallies = _added(accounts)
    population = [
        {name: int(count) for name, count in zip(names, np.bincount(column), strict=True)}
        for names, column in ((plans, customers.plan), (personas, customers.persona))
    ]
    raked = weighting.rake({cell: each.n for cell, each in tallies.items()}, population)
    found = weighting.weighted_score(tallies, raked, accounts=accounts)
    return (None, None) if found is None else (found.low, found.high)
