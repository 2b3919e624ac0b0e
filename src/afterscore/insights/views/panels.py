"""What a number is made of, as a panel beside it and, without scripts, as a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from afterscore.domain.explaining import Explanation
from afterscore.insights.composition.behind import Rows


@dataclass(frozen=True, slots=True)
class Side:
    """One of two that are compared: where its own number opens, and what is said of it."""

    label: str
    url: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """`sentence` says of what the number is, without its full stop."""

    sentence: str
    parts: tuple[Explanation, ...]
    rows: Rows
    page_url: str
    page_name: str
    next_url: str = ""
    first_url: str = ""
    csv_url: str = ""
    sides: tuple[Side, ...] = ()

    @property
    def has_scores(self) -> bool:
        return any(row.score is not None for row in self.rows.shown)


class Around(TypedDict):
    next_url: str
    first_url: str


def around(request: HttpRequest, rows: Rows) -> Around:
    """Addresses of the rows that follow, and of the first ones from further down."""
    asked = request.GET.copy()
    asked.pop("after", None)
    first = f"{request.path}?{asked.urlencode()}"
    after = rows.next_after
    return {
        "next_url": f"{first}&after={after}" if after else "",
        "first_url": first if request.GET.get("after") else "",
    }


def show(request: HttpRequest, panel: Panel) -> HttpResponse:
    is_part = request.headers.get("HX-Request") == "true"
    template = "insights/explain_body.html" if is_part else "insights/explain.html"
    page = render(request, template, {"found": panel, "is_part": is_part})
    patch_vary_headers(page, ["HX-Request"])
    return page
