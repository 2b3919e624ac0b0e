"""What is said of changes from one period to the next."""

from __future__ import annotations

from itertools import pairwise

from afterscore.domain import power, trends, verdicts
from afterscore.domain.nps import Tally
from afterscore.domain.verdicts import Step, Verdict
from afterscore.insights.files.findings import Analysis, Figure, Trend
from afterscore.insights.files.speaking import Speech
from afterscore.insights.languages import figures


def sentences_of(trend: Trend, speech: Speech) -> list[str]:
    """One for each period, against the one before; nothing of the first."""
    if speech.is_english:
        return [point.sentence for point in trend.points]
    tallies = [_tally(point.figure) for point in trend.points]
    steps = verdicts.judge(tallies)
    return [
        "",
        *(
            _too_few(*pair, speech)
            if step.verdict is Verdict.NOT_ENOUGH
            else _sentence(step, speech, comparisons=len(steps))
            for pair, step in zip(pairwise(tallies), steps, strict=True)
        ),
    ]


def _too_few(before: Tally, now: Tally, speech: Speech) -> str:
    needed = trends.describe_change(before, now).needed
    if needed is None:
        return speech.say("cannot_tell")
    n, about = speech.count(now.n), speech.count(trends.rounded(needed))
    return speech.say("not_enough", n=n, needed=about)


def _tally(figure: Figure) -> Tally:
    effect = figure.n / figure.effective_n if figure.effective_n else 1.0
    return Tally(figure.detractors, figure.passives, figure.promoters, effect)


def _sentence(step: Step, speech: Speech, *, comparisons: int) -> str:
    found = step.comparison
    if found is None:
        return speech.say("cannot_tell")
    if step.verdict is Verdict.PERHAPS:
        return speech.say("perhaps", n=speech.count(comparisons))
    low, high = (figures.limit(speech.phrases, end) for end in (found.low, found.high))
    difference = speech.points(found.difference) or "0"
    return speech.say(step.verdict.value, difference=difference, low=low, high=high)


def through(trend: Trend, speech: Speech) -> str:
    """What a straight line through all periods shows; nothing where they are few."""
    found = trend.through
    if found is None:
        return ""
    low, high = (figures.limit(speech.phrases, end) for end in (found.low, found.high))
    difference = speech.points(found.difference) or "0"
    shown = speech.say(found.change, difference=difference, low=low, high=high)
    return f"{speech.say('through')}: {shown}"


def noticeable(found: Analysis, speech: Speech) -> str:
    """What change so many answers would show."""
    if speech.is_english:
        return found.noticeable
    n = found.overall.n
    worth = found.overall.effective_n or n
    points = power.noticeable_points(worth, worth)
    if points is None:
        return speech.say("nothing_noticeable", n=speech.count(n))
    return speech.say("noticeable", n=speech.count(n), points=speech.count(points))


def in_short(trend: Trend, speech: Speech) -> str:
    """How many of the changes are real."""
    changes = trend.points[1:]
    if not changes:
        return speech.say("one_period")
    real = [
        f"{speech.period(point.start, trend.window)} ({speech.say(f'{point.change}_word')})"
        for point in changes
        if point.change in {"rise", "fall"}
    ]
    if not real:
        return speech.say("none_real", n=speech.count(len(changes)))
    return speech.say("real", changes=speech.listed(real))
