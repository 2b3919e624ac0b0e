"""How a rate is drawn: `{% load rates %}`. The bar is what was seen, the whisker what it may be."""

from __future__ import annotations

import math
from typing import Any, Protocol

from django import template

register = template.Library()


class Rated(Protocol):
    @property
    def ratio(self) -> float | None: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def scale_of(highest: float) -> float:
    """The end of the scale that all bars of a table share: a whole tenth, at most everybody."""
    return min(1.0, max(0.1, math.ceil(round(highest * 10, 6)) / 10))


@register.inclusion_tag("kit/parts/rate_bar.html")
def rate_bar(rate: Rated, *, scale: float = 1.0) -> dict[str, Any]:
    """Show how many of all it is, with its 95 % interval as a whisker; `scale` is the right end."""

    def place(ratio: float) -> float:
        return 100 * min(1.0, ratio / scale)

    return {
        "rate": rate,
        "width": place(rate.ratio or 0.0),
        "low": place(rate.low),
        "high": place(rate.high),
    }
