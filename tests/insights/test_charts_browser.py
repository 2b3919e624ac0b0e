"""Charts in the browser: under the site's policy, in both themes, on a phone, without a jump."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response, expect

from tests.browser import OpenPage, axe, screen_overflow
from tests.insights import gallery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHIFTS = """() => { window.shifts = []; new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    window.shifts.push(...entry.sources.map(({node}) => node?.outerHTML?.slice(0, 200) ?? "?"));
}).observe({type: "layout-shift", buffered: true}); }"""


def drawn(page: Page) -> int:
    """Waits for the last chart; how many are there."""
    expect(page.locator("[data-drawn=yes]")).to_have_count(len(gallery.hang()))
    return page.locator(".drawing-place svg").count()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_all_charts_are_drawn_for_everybody_on_any_screen(
    open_page: OpenPage, settings: Any, width: int, dark: bool
) -> None:
    settings.ROOT_URLCONF = "tests.insights.gallery"
    page = open_page(width=width, dark=dark)
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", note)
    page.add_init_script(f"({SHIFTS})()")
    page.goto("/gallery/")
    assert drawn(page) == len(gallery.hang())
    assert said == []
    assert page.evaluate("window.shifts") == []
    assert screen_overflow(page) == 0
    assert axe(page) == []
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/gallery-{width}.png", full_page=True)
    for place in page.locator(".drawing-place").all():
        box, chart = place.bounding_box(), place.locator("svg").bounding_box()
        assert box is not None
        assert chart is not None
        assert chart["height"] == box["height"]
        assert chart["width"] <= box["width"]


def test_a_theme_reaches_charts_that_are_drawn_already(open_page: OpenPage, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.insights.gallery"
    page = open_page()
    page.goto("/gallery/")
    drawn(page)
    bar = "getComputedStyle(document.querySelector(\"path[fill='var(--promoter)']\")).fill"
    assert page.evaluate(bar) == "rgb(15, 125, 119)"
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert page.evaluate(bar) == "rgb(69, 185, 173)"


def test_the_script_comes_once_and_only_with_a_chart(open_page: OpenPage, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.insights.gallery"
    page = open_page()
    asked: list[Response] = []

    def note(response: Response) -> None:
        asked.append(response)

    page.on("response", note)
    page.goto("/gallery/")
    drawn(page)
    scripts = [each for each in asked if "/charts." in each.url]
    assert len(scripts) == 1
    asked.clear()
    page.goto("/accounts/login/")
    assert not [each for each in asked if "/charts." in each.url]
