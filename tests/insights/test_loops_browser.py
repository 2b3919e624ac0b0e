"""An executive's minute with the ledger, on a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import OpenPage, axe, screen_overflow
from tests.insights import yardstick
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOPS = "/w/harbourline/loops/"


@pytest.fixture
def desk(people: People, open_page: OpenPage) -> OpenPage:
    """Opens windows in which Vic, who may only read, is signed in; a dozen people have answered."""
    yardstick.write_down(people)
    session = people.client(people.vic).cookies["session"].value

    def open_desk(**options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
        )
        return page

    return open_desk


def read_all(page: Page, address: str = "?period=all") -> None:
    """Waits until what comes after the first screen is there, too."""
    page.goto(f"{LOOPS}{address}")
    expect(page.get_by_role("heading", name="Why loops were not closed")).to_be_visible()
    expect(page.get_by_role("table", name="Loops by Owner, with 95 % intervals")).to_be_visible()
    expect(page.get_by_text("Nobody to compare yet").first).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_ledger_is_read_by_everybody_on_any_screen(
    desk: OpenPage, width: int, dark: bool
) -> None:
    page = desk(width=width, dark=dark)
    read_all(page)
    expect(page.get_by_text("6 of 12 loops closed")).to_be_visible()
    assert axe(page) == []
    assert screen_overflow(page) == 0


def test_from_a_figure_to_its_rows_and_from_owners_to_departments(desk: OpenPage) -> None:
    page = desk()
    read_all(page)
    page.get_by_role("link", name="Department", exact=True).click()
    expect(page.get_by_role("table", name="Loops by Department")).to_be_visible()
    page.get_by_label("Period").select_option(label="at any time")
    figure = page.get_by_role("row", name="Without a comment").get_by_role("link").first
    expect(figure).to_have_text("6")
    figure.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All loops: without a comment")
    expect(page.get_by_role("link", name="Person c")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_number_of_a_part_that_came_later_opens_beside_it(desk: OpenPage, width: int) -> None:
    page = desk(width=width)
    read_all(page)
    page.get_by_role("row", name="Max").get_by_role("link", name="minutes").click()
    panel = page.get_by_role("dialog", name="How this number comes about")
    expect(panel.get_by_text("45 minutes in 5 loops: 11.25 for each of 4 closed.")).to_be_visible()
    expect(panel.get_by_text("Everybody who ever answered, with the owner Max")).to_be_visible()
    expect(panel.get_by_role("link", name="Person e")).to_be_visible()
    assert axe(page) == []
    assert screen_overflow(page) == 0
