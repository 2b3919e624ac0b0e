"""Every number of the loop ledger opens what it is made of, or leads to a list of as many."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from tests.insights import busy
from tests.insights.test_every_number import HOME, get, numbers, told
from tests.people import People

PAGES = (
    "/loops/",
    "/loops/?period=all&program=relationship",
    "/loops/table/owner/",
    "/loops/table/account.plan/?period=all",
    "/loops/closures/",
    "/loops/endings/",
    "/loops/minds/",
    "/loops/returns/",
    "/loops/explain/",
)
ROWS = re.compile(r'<a href="([^"]+/loops/rows/[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
SAID = re.compile(r"([\d,]+) answers? behind the figure")
CELL = re.compile(
    r'<td class="number[^"]*"[^>]*>(.*?)</td>|<p class="stat-value">(.*?)</p>', re.DOTALL
)
NOTHING = {"0", "—", "too few", "none due yet"}


@pytest.fixture
def busy_desk(people: People) -> People:
    busy.work(people)
    return people


def test_the_same_care_is_told_of_everybody(busy_desk: People) -> None:
    page = get(busy_desk, f"{HOME}/loops/")
    assert page.count("figure=care&amp;part=") >= 10


def test_what_it_brings_is_told_by_group_by_lot_and_in_money(busy_desk: People) -> None:
    minds, staying = (get(busy_desk, f"{HOME}/loops/{page}/") for page in ("minds", "returns"))
    for address in ("figure=minds", "figure=minds&amp;part=detractor", "figure=minds&amp;one=lot"):
        assert address in minds, address
    for address in ("figure=staying", "figure=staying&amp;one=lot", "figure=kept"):
        assert address in staying, address


@pytest.mark.parametrize("page", PAGES)
def test_every_number_is_told_or_leads_to_as_many(busy_desk: People, page: str) -> None:
    assert told(busy_desk, f"{HOME}{page}")
    shown = get(busy_desk, f"{HOME}{page}")
    for url, text in ROWS.findall(shown):
        said = SAID.search(get(busy_desk, html.unescape(url)))
        assert said, url
        assert numbers(said.group(1)) == numbers(text)[:1], url
    for cell in _cells(shown):
        text = re.sub(r"<[^>]+>", "", cell).strip()
        assert "<a " in cell or text in NOTHING, cell


def _cells(page: str) -> Iterator[str]:
    """Of every table, and the large numbers of the tiles."""
    for groups in CELL.findall(page):
        yield from filter(None, groups)
