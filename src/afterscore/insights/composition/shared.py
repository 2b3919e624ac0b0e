"""A page of figures as strangers may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from afterscore.domain import calendars, withholding
from afterscore.insights.composition import (
    asking,
    comparing,
    exploring,
    frames,
    healthy,
    pulses,
    scores,
)
from afterscore.insights.composition.frames import Frame, Links
from afterscore.insights.models import SharedLink

PARTS: dict[str, tuple[str, Callable[[Frame], Any]]] = {
    SharedLink.Page.PULSE.value: ("insights/pulse_figures.html", pulses.compose_pulse),
    SharedLink.Page.SCORE.value: ("insights/score_part.html", scores.compose_score),
    SharedLink.Page.COMPARE.value: ("insights/compare_part.html", comparing.compose_compare),
    SharedLink.Page.EXPLORE.value: ("insights/explore_part.html", exploring.compose_explore),
    SharedLink.Page.HEALTH.value: ("insights/health_part.html", healthy.compose_health),
}


def answers_of(shown: Any) -> int:
    """Of which the whole page is; two sides are looked at one by one where they are compared."""
    match shown:
        case comparing.ComparePage():
            return 0
        case pulses.PulsePage():
            return shown.pulse.now.tally.n
        case _:
            return int(shown.measured.tally.n)


def compose(*, link: SharedLink, now: datetime) -> dict[str, Any] | None:
    """None where the filter cannot be kept: with less of it the page would tell more than its maker
    wanted to."""
    zone = calendars.zone_or(link.workspace.time_zone, "UTC")
    asked = asking.read_text(link.query, today=calendars.local_day(now, zone))
    frame = frames.frame_of(
        workspace=link.workspace,
        page=link.page,
        asked=asked,
        now=now,
        links=Links(),
        shows_words=link.shows_words,
    )
    if frame.lost:
        return None
    template, composer = PARTS[link.page]
    shown = composer(frame)
    if shown is None:
        return None
    is_hidden = frame.hides(answers_of(shown))
    return {
        "link": link,
        "frame": frame,
        "part": "insights/shared_few.html" if is_hidden else template,
        "workspace_name": link.workspace.name,
        "shown": shown,
        "fewest": withholding.FEWEST,
    }
