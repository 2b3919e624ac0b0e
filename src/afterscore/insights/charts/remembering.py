"""Charts that were drawn already: building a spec takes longer than counting what is in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from afterscore.insights.charts.chart import Chart

_REMEMBERED = 256

Draw = TypeVar("Draw", bound=Callable[..., Chart])


def drawn_once(draw: Draw) -> Draw:
    """The same figures with the same words are the same chart: nobody changes one that was drawn.
    Figures and words are values that never change, so that they can be looked up."""
    remembered = lru_cache(_REMEMBERED)(draw)

    @wraps(draw)
    def look_up(given: Sequence[Any], **words: Any) -> Chart:
        return remembered(tuple(given), **words)

    return cast(Draw, look_up)
