"""Pages of figures as people see them: on a desk and on a phone, in the light and in the dark."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import OpenPage, axe, screen_overflow
from tests.insights import crowd
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/w/harbourline"
PAGES = (
    f"{HOME}/pulse/",
    f"{HOME}/score/?by=account.country",
    f"{HOME}/score/?is.account.plan=starter&is.account.attribute.tier=gold&since=nonsense",
    f"{HOME}/score/?is.account.plan={'x' * 200}",
    f"{HOME}/score/explain/?is.account.plan={'x' * 200}",
    f"{HOME}/score/compare/?against=groups&across=account.plan&one=starter&other=enterprise",
    f"{HOME}/score/explore/?by=account.plan&across=account.country",
    f"{HOME}/score/health/",
    f"{HOME}/score/explain/?is.account.plan=starter",
    f"{HOME}/score/filter/score/?is.account.plan=starter",
    f"{HOME}/score/share/score/",
    f"{HOME}/score/links/",
)


@pytest.fixture
def desk(people: People, open_page: OpenPage) -> OpenPage:
    """Opens windows in which Max is signed in; eighty-eight people have answered lately."""
    crowd.answer_all(people, at=datetime.now(UTC) - timedelta(days=5), silent=12)
    session = people.client(people.max).cookies["session"].value

    def open_desk(**options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
        )
        return page

    return open_desk


def test_whoever_goes_back_reads_the_filter_of_the_figures(desk: OpenPage) -> None:
    page = desk()
    page.goto(f"{HOME}/score/")
    period = page.locator("select[name=period]")
    usual = period.input_value()
    with page.expect_navigation():
        period.select_option("quarter")
    expect(page).to_have_url(re.compile("period=quarter"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("period=quarter"))
    expect(period).to_have_value(usual)


def test_a_chart_is_whole_on_paper(desk: OpenPage) -> None:
    page = desk(width=1440)
    page.goto(f"{HOME}/score/")
    drawn = page.locator("[data-drawing=histogram] svg").first
    expect(drawn).to_be_visible()
    page.emulate_media(media="print")
    page.evaluate("document.querySelector('main').style.width = '600px'")
    assert drawn.evaluate("svg => svg.getBoundingClientRect().width") <= 600


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_everybody_can_read_the_figures_on_any_screen(
    desk: OpenPage, width: int, dark: bool
) -> None:
    """With every drawing drawn; the pages as they come are swept in all four ways."""
    page = desk(width=width, dark=dark)
    for address in PAGES:
        page.goto(address)
        for figure in page.locator("[data-drawing]").all():
            expect(figure).to_have_attribute("data-drawn", "yes")
        assert axe(page) == [], address
        assert screen_overflow(page) == 0, address


def test_a_number_opens_what_it_is_made_of_beside_the_page(desk: OpenPage) -> None:
    page = desk(width=1440)
    page.goto(f"{HOME}/score/")
    page.get_by_role("row", name=re.compile("^Starter")).get_by_role(
        "link", name="40", exact=True
    ).click()
    panel = page.get_by_role("dialog", name="How this number comes about")
    expect(panel.get_by_text("100 × (6 − 24) / 40")).to_be_visible()
    expect(panel.get_by_role("heading", name="The 40 answers behind it")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_what_was_told_of_another_number_is_gone_while_the_next_is_on_its_way(
    desk: OpenPage,
) -> None:
    page = desk(width=1440)
    page.goto(f"{HOME}/score/")
    row = page.get_by_role("row", name=re.compile("^Starter"))
    row.get_by_role("link", name="40", exact=True).click()
    panel = page.get_by_role("dialog", name="How this number comes about")
    expect(panel.get_by_role("heading", name="The 40 answers behind it")).to_be_visible()
    page.keyboard.press("Escape")
    page.route("**/explain/**", lambda _route: None)  # which never comes
    row.get_by_role("link", name="40", exact=True).click()
    expect(panel.get_by_text("One moment")).to_be_visible()
    expect(panel.get_by_role("heading", name="The 40 answers behind it")).to_be_hidden()


def test_a_filter_is_put_together_and_taken_apart_like_a_sentence(desk: OpenPage) -> None:
    page = desk(width=1440)
    page.goto(f"{HOME}/score/")
    page.get_by_role("link", name="Filter").click()
    panel = page.get_by_role("dialog", name="Filter")
    panel.locator("summary").get_by_text("Plan", exact=True).click()
    panel.get_by_role("checkbox", name="Starter").check()
    panel.get_by_role("button", name="Show these answers").click()
    expect(page.get_by_text("from 40 answers")).to_be_visible()
    expect(page.locator(".sentence-phrase")).to_contain_text("of starter")
    page.get_by_role("link", name="Take it out").click()
    expect(page.get_by_text("from 88 answers")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_a_shared_page_is_read_without_a_login(
    desk: OpenPage, open_page: OpenPage, width: int, dark: bool
) -> None:
    maker = desk(width=1440)
    maker.goto(f"{HOME}/score/share/score/?is.account.plan=starter")
    maker.get_by_role("button", name="Make the link").click()
    address = maker.locator("#address").inner_text()
    reader = open_page(width=width, dark=dark)
    reader.goto(re.sub(r"^https?://[^/]+", "", address))
    expect(reader.get_by_text("from 40 answers")).to_be_visible()
    for figure in reader.locator("[data-drawing]").all():
        expect(figure).to_have_attribute("data-drawn", "yes")
    assert axe(reader) == []
    assert screen_overflow(reader) == 0
