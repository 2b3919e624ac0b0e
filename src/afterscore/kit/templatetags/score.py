"""How scores and groups are shown: `{% load score %}`.

Only `domain.nps` knows which score belongs to which group; everything here asks it. A group is
always told three ways: colour, shape (circle, square, diamond) and word.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from django import template

from afterscore.domain import nps

register = template.Library()

SCORES = range(nps.LOWEST_SCORE, nps.HIGHEST_SCORE + 1)
GROUPS = sorted(nps.Group, key=nps.scores_of)
"""In the order of the scale: detractors, passives, promoters."""

SLOT = 100 / len(SCORES)
"""Width of one score in a histogram, in percent."""
BASELINE = 116
"""Where the bars of a histogram stand, in pixels from the top."""
HIGHEST_BAR = 96


class Bar(NamedTuple):
    """One bar of a histogram; x and width in percent of the drawing, y and height in pixels."""

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
    """One group's part of all answers.

    `start` and `width` place it on a bar of shares, `first`, `middle` and `last` place its scores
    on the scale; all in percent.
    """

    group: str
    word: str
    answers: int
    ratio: float
    start: float
    width: float
    first: float
    middle: float
    last: float


@register.inclusion_tag("kit/parts/score_chip.html")
def score_chip(score: int | None, *, size: str = "") -> dict[str, Any]:
    """Show one answer: the number in its group's shape. `size` is empty or "large"."""
    return {
        "score": score,
        "group": None if score is None else nps.group_of(score).value,
        "size": size,
    }


@register.inclusion_tag("kit/parts/group_badge.html")
def group_badge(group: nps.Group | str, *, answers: int | None = None) -> dict[str, Any]:
    """Show a group as shape and word, with a count where one is given."""
    name = nps.Group(group).value
    return {"group": name, "word": name if answers in {None, 1} else f"{name}s", "answers": answers}


@register.simple_tag
def score_groups_json() -> str:
    """List the group of each score from 0 to 10, for the survey page's script."""
    return json.dumps([nps.group_of(score).value for score in SCORES])


@register.simple_tag
def scale_scores() -> range:
    """Return the scores a person can give."""
    return SCORES


@register.inclusion_tag("kit/parts/group_bar.html")
def group_bar(histogram: nps.Histogram, *, legend: bool = True, url: str = "") -> dict[str, Any]:
    """Draw the groups' shares of a histogram (eleven counts) as one bar, detractors first; `url`
    explains the score; with the group's name it explains the share."""
    shares = share_groups(histogram)
    glue = "&" if "?" in url else "?"
    shown = [
        (share, f"{url}{glue}figure=group&one={share.group}" if url else "") for share in shares
    ]
    return {"shares": shares, "shown": shown, "legend": legend}


@register.inclusion_tag("kit/parts/score_histogram.html")
def score_histogram(histogram: nps.Histogram, *, title: str = "Answers by score") -> dict[str, Any]:
    """Draw eleven bars, one a score, with the groups named underneath."""
    return {
        "bars": lay_out_bars(histogram),
        "shares": share_groups(histogram),
        "title": title,
        "baseline": BASELINE,
    }


def lay_out_bars(histogram: nps.Histogram) -> list[Bar]:
    """Place the bars of a histogram; a bar with an answer is at least two pixels high."""
    highest = max(histogram) or 1
    bars = []
    for score, answers in zip(SCORES, histogram, strict=True):
        height = max(2.0, answers / highest * HIGHEST_BAR) if answers else 0.0
        bars.append(
            Bar(
                score=score,
                group=nps.group_of(score).value,
                answers=answers,
                x=(score + 0.1) * SLOT,
                middle=(score + 0.5) * SLOT,
                width=0.8 * SLOT,
                y=BASELINE - height,
                height=height,
                number_y=BASELINE - height - 6,
            )
        )
    return bars


def share_groups(histogram: nps.Histogram) -> list[Share]:
    """Sum a histogram by group, in the order of the scale; without answers all ratios are 0."""
    tally = nps.tally(tuple(histogram))
    shares: list[Share] = []
    start = 0.0
    for group in GROUPS:
        scores = nps.scores_of(group)
        first, last = (scores[0] + 0.1) * SLOT, (scores[-1] + 0.9) * SLOT
        share = Share(
            group=group.value,
            word=f"{group.value}s",
            answers=tally.count_of(group),
            ratio=tally.share_of(group),
            start=start,
            width=tally.share_of(group) * 100,
            first=first,
            middle=(first + last) / 2,
            last=last,
        )
        shares.append(share)
        start += share.width
    return shares
