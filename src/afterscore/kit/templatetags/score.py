"""How scores and groups are shown: `{% load score %}`.

Only `domain.nps` knows which score belongs to which group; everything here asks it. A group is
always told three ways: colour, shape (circle, square, diamond) and word.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django import template

from afterscore.domain import nps

register = template.Library()

SCORES = range(11)
WORDS = {
    "promoter": ("promoter", "promoters"),
    "passive": ("passive", "passives"),
    "detractor": ("detractor", "detractors"),
}
HISTOGRAM_HEIGHT = 96
"""Height of the highest bar in pixels; the number above it and the score below come on top."""


class Bar(NamedTuple):
    """One bar of the histogram; x and width in percent of the drawing, y and height in pixels."""

    score: int
    group: str
    answers: int
    x: float
    middle: float
    width: float
    y: float
    height: float
    number_y: float


class Share(NamedTuple):
    """One group's part of all answers; start and width in percent."""

    group: str
    word: str
    answers: int
    ratio: float
    start: float
    width: float
    first_score: int
    last_score: int


def name_group(score: int) -> str:
    """Return the group of a score as its lower-case word."""
    return str(nps.group_of(score).value)


@register.inclusion_tag("kit/parts/score_chip.html")
def score_chip(score: int | None, *, size: str = "") -> dict[str, Any]:
    """Show one answer: the number in its group's shape. `size` is empty or "large"."""
    return {
        "score": score,
        "group": None if score is None else name_group(score),
        "size": size,
    }


@register.inclusion_tag("kit/parts/group_badge.html")
def group_badge(group: object, *, answers: int | None = None) -> dict[str, Any]:
    """Show a group as shape and word, with a count where one is given."""
    name = str(getattr(group, "value", group))
    singular, plural = WORDS[name]
    return {"group": name, "word": singular if answers in {None, 1} else plural, "answers": answers}


@register.simple_tag
def score_groups_json() -> str:
    """List the group of each score from 0 to 10, for the survey page's script."""
    return json.dumps([name_group(score) for score in SCORES])


@register.simple_tag
def scale_scores() -> range:
    """Return the scores a person can give."""
    return SCORES


@register.inclusion_tag("kit/parts/group_bar.html")
def group_bar(histogram: Sequence[int], *, legend: bool = True) -> dict[str, Any]:
    """Draw the groups' shares of a histogram (eleven counts) as one bar, detractors first."""
    return {"shares": share_groups(histogram), "total": sum(histogram), "legend": legend}


@register.inclusion_tag("kit/parts/score_histogram.html")
def score_histogram(histogram: Sequence[int], *, title: str = "Answers by score") -> dict[str, Any]:
    """Draw eleven bars, one a score, with the groups named underneath."""
    return {
        "bars": lay_out_bars(histogram),
        "shares": share_groups(histogram),
        "total": sum(histogram),
        "title": title,
        "baseline": HISTOGRAM_HEIGHT + 20,
        "label_y": HISTOGRAM_HEIGHT + 38,
        "drawing_height": HISTOGRAM_HEIGHT + 44,
    }


def lay_out_bars(histogram: Sequence[int]) -> list[Bar]:
    """Place the bars of a histogram; a bar with an answer is at least two pixels high."""
    slot = 100 / len(SCORES)
    highest = max(histogram) or 1
    bars = []
    for score, answers in zip(SCORES, histogram, strict=True):
        height = max(2.0, answers / highest * HISTOGRAM_HEIGHT) if answers else 0.0
        top = HISTOGRAM_HEIGHT + 20 - height
        bars.append(
            Bar(
                score=score,
                group=name_group(score),
                answers=answers,
                x=score * slot + slot * 0.1,
                middle=score * slot + slot / 2,
                width=slot * 0.8,
                y=top,
                height=height,
                number_y=top - 6,
            )
        )
    return bars


def share_groups(histogram: Sequence[int]) -> list[Share]:
    """Sum a histogram by group, in the order of the scale; without answers all ratios are 0."""
    total = sum(histogram)
    shares: list[Share] = []
    start = 0.0
    for group, members in groupby(SCORES, key=name_group):
        scores = list(members)
        answers = sum(histogram[score] for score in scores)
        width = answers / total * 100 if total else 0.0
        share = Share(
            group=group,
            word=WORDS[group][1],
            answers=answers,
            ratio=width / 100,
            start=start,
            width=width,
            first_score=scores[0],
            last_score=scores[-1],
        )
        shares.append(share)
        start += width
    return shares
