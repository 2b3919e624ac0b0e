"""How long half of them waited: the step of the curve that crosses one half."""

from __future__ import annotations

import math
from dataclasses import dataclass

from afterscore.domain import intervals
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    answers,
    count,
    decimal,
    percent,
    points,
    quantile_step,
)
from afterscore.domain.survival import Curve, Point

PAGE = "loop-ledger"
HOURS_OF_A_DAY = 24
_SOURCE = (
    "Kaplan and Meier (1958), Journal of the American Statistical Association 53, p. 457-481; "
    "limits: Brookmeyer and Crowley (1982), Biometrics 38, p. 29-41."
)


@dataclass(frozen=True, slots=True)
class _Stair:
    """A point of the curve, with the ratio before it and Greenwood's sum up to it, which is
    infinite where nobody is left."""

    point: Point
    before: float
    spread: float

    @property
    def hours(self) -> str:
        return decimal(self.point.time)


def waiting(curve: Curve, *, title: str, done: str, fewest: int = 0) -> Explanation | None:
    """The median of a curve of hours; how far it has come where fewer than half are through.
    `done` is what became of them: "had a first reply". Where fewer than `fewest` are left to watch
    the curve tells nothing any more (`Curve.while_watched`). None of nobody."""
    if not curve.people:
        return None
    watched = curve.while_watched(fewest)
    stairs = _stairs(watched)
    middle = watched.middle
    crossing = next((each for each in stairs if each.point.time == middle.time), None)
    return Explanation(
        title=title,
        says=_sentence(watched, done),
        steps=(_people_step(curve, done), *_crossing_steps(watched, stairs, crossing, done)),
        source=_SOURCE,
        page=PAGE,
        notes=(*_notes(watched), *_left_out(curve, watched, fewest)),
    )


def stairs(curve: Curve) -> Explanation | None:
    """The whole curve, from which each of its steps can be reckoned. None without a step."""
    if not curve.points:
        return None
    return Explanation(
        title="The curve, step by step",
        says="One row for each time at which it happened.",
        steps=(),
        source="Kaplan and Meier, as above; Greenwood (1926).",
        page=PAGE,
        table=Table(
            (
                "Hours",
                "Waiting before",
                "Then",
                "Still waiting, %",
                "No longer, %",
                "Greenwood’s sum",
            ),
            tuple(_row(each) for each in _stairs(curve)),
        ),
        notes=(
            "Still waiting: that of the row before × (1 − then / waiting before).",
            (
                "Greenwood’s sum: that of the row before + then / (waiting before × "
                "(waiting before − then))."
            ),
        ),
    )


def _row(stair: _Stair) -> tuple[str, ...]:
    point = stair.point
    return (
        stair.hours,
        count(point.at_risk),
        count(point.happened),
        decimal(100 * point.ratio),
        decimal(100 * (1 - point.ratio)),
        "nobody is left" if math.isinf(stair.spread) else decimal(stair.spread, 8),
    )


def _stairs(curve: Curve) -> list[_Stair]:
    found, before, spread = [], 1.0, 0.0
    for point in curve.points:
        left = point.at_risk - point.happened
        spread = spread + point.happened / (point.at_risk * left) if left else math.inf
        found.append(_Stair(point, before, spread))
        before = point.ratio
    return found


def _sentence(curve: Curve, done: str) -> str:
    middle = curve.middle
    if middle.time is None:
        reached, hours = curve.reached() or (0.0, 0.0)
        by_when = f"within {_hours(hours)}" if curve.points else "so far"
        return (
            f"{points(100 * reached)} % of {answers(curve.people)} {done} {by_when}: half is not "
            "reached, so there is no median yet."
        )
    text = f"Half of {answers(curve.people)} {done} within {_hours(middle.time)}"
    limits = [
        f"not {word} {_hours(limit)}"
        for word, limit in (("before", middle.low), ("after", middle.high))
        if limit is not None
    ]
    if not limits:
        return f"{text}."
    return f"{text}; with {percent(curve.confidence)}, {' and '.join(limits)}."


def _hours(hours: float) -> str:
    text = f"{decimal(hours)} hour{'' if hours == 1 else 's'}"
    days = hours / HOURS_OF_A_DAY
    return text if days < 1.5 else f"{text} ({decimal(days, 1)} days)"


def _people_step(curve: Curve, done: str) -> Step:
    return Step(
        "Answers",
        f"n = {done} + wait still",
        f"{count(curve.events)} + {count(curve.people - curve.events)}",
        count(curve.people),
        curve.people,
    )


def _crossing_steps(
    curve: Curve, stairs: list[_Stair], crossing: _Stair | None, done: str
) -> list[Step]:
    if crossing is None:
        return _last_steps(stairs[-1], done) if stairs else []
    found = _time_steps("Median", "first time at which 100 × S ≤ 50", crossing)
    return [_survival_step(crossing), *found, *_limit_steps(curve, stairs)]


def _survival_step(stair: _Stair) -> Step:
    point = stair.point
    return Step(
        f"Share still waiting after {stair.hours} hours, in percent",
        "100 × S = 100 × S before × (1 − then / waiting before)",
        f"100 × {decimal(stair.before, 6)} × (1 − {count(point.happened)} / "
        f"{count(point.at_risk)})",
        points(100 * point.ratio),
        100 * point.ratio,
    )


def _last_steps(stair: _Stair, done: str) -> list[Step]:
    """How far it has come, and by when."""
    ratio = 1 - stair.point.ratio
    share = Step(
        f"Share that {done} within {stair.hours} hours, in percent",
        "100 × (1 − S) at the last step",
        f"100 × (1 − {decimal(stair.point.ratio, 6)})",
        points(100 * ratio),
        100 * ratio,
    )
    return [share, *_time_steps("Last step", "last time at which it happened", stair)]


def _time_steps(name: str, formula: str, stair: _Stair) -> list[Step]:
    """In hours, and in days where it is more than a day and a half."""
    hours = stair.point.time
    steps = [Step(f"{name}, in hours", formula, stair.hours, stair.hours, hours)]
    days = hours / HOURS_OF_A_DAY
    if days >= 1.5:
        filled = f"{stair.hours} / {HOURS_OF_A_DAY}"
        steps.append(Step(f"{name}, in days", "hours / 24", filled, points(days), days))
    return steps


def _limit_steps(curve: Curve, stairs: list[_Stair]) -> list[Step]:
    """Where the limits of the curve pass one half; a limit that never does has no step."""
    steps: list[Step] = []
    ends = (("Lower", curve.middle.low, ""), ("Upper", curve.middle.high, "−"))
    for name, time, sign in ends:
        stair = next((each for each in stairs if each.point.time == time), None)
        if stair is None:
            continue
        steps += _curve_limit(name, sign, stair, curve.confidence)
        limit = "lower" if name == "Lower" else "upper"
        steps += _time_steps(
            f"{name} limit of the median", f"first time at which that {limit} limit ≤ 50", stair
        )
    return [quantile_step(curve.confidence), *steps] if steps else []


def _curve_limit(name: str, sign: str, stair: _Stair, confidence: float) -> list[Step]:
    """On the log-log scale; without a formula where nobody is left, for then it is 0."""
    point = stair.point
    if math.isinf(stair.spread) or point.ratio <= 0:
        return []
    z, ratio = decimal(intervals.quantile(confidence), 6), decimal(point.ratio, 6)
    value = 100 * (point.low if name == "Lower" else point.high)
    return [
        Step(
            f"Greenwood’s sum after {stair.hours} hours",
            "V = Σ then / (waiting before × (waiting before − then))",
            decimal(stair.spread, 8),
            decimal(stair.spread, 8),
            stair.spread,
        ),
        Step(
            f"{name} limit of the share still waiting then, in percent",
            f"100 × exp(ln S × exp({sign}z × √V / |ln S|))",
            f"100 × exp(ln({ratio}) × exp({sign}{z} × √({decimal(stair.spread, 8)}) / "
            f"|ln({ratio})|))",
            points(value),
            value,
        ),
    ]


def _left_out(curve: Curve, watched: Curve, fewest: int) -> tuple[str, ...]:
    if watched is curve:
        return ()
    return (
        (
            f"Later steps are left out, because fewer than {fewest} are left there and the time of "
            "most is not up yet: one or two of them would decide."
        ),
    )


def _notes(curve: Curve) -> tuple[str, ...]:
    notes = [
        (
            "Whoever still waits counts with the time waited so far. Hours are by the clock, "
            "nights and weekends included, and rounded up."
        )
    ]
    if curve.points and curve.points[-1].ratio <= 0:
        notes.append("Where nobody is left waiting, the lower limit of that share is 0.")
    return tuple(notes)
