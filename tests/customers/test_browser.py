"""Importing in a browser: every choice shows at once; every page is usable by everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from afterscore.customers.models import Import
from tests.browser import OpenPage, axe, screen_overflow
from tests.customers import importing
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/w/harbourline/customers/"
FILE = (
    "E-Mail,Name,Firma,Renewal,MRR,Sitze\n"
    "ana@acme.example,Ana Lima,Acme,03/04/2027,100,12\n"
    "bo@bolt.example,Bo Berg,Bolt,05/06/2027,1250.50,7\n"
    "nobody,Zoë Brûlé,Bolt,07/08/2027,lots,\n"
)


@pytest.fixture
def desk(people: People, open_page: OpenPage) -> OpenPage:
    """Opens windows in which Max, a manager, is signed in."""
    session = people.client(people.max).cookies["session"].value

    def open_desk(**options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
        )
        return page

    return open_desk


def _upload(page: Page, folder: Path) -> None:
    file = folder / "customers.csv"
    file.write_text(FILE)
    page.goto(f"{HOME}imports/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("heading", name="customers.csv")).to_be_visible()


def test_a_file_is_looked_at_answered_and_sent_on_its_way(
    people: People, desk: OpenPage, tmp_path: Path
) -> None:
    page = desk()
    _upload(page, tmp_path)
    news = page.locator("#news")
    expect(news).to_contain_text("The dates in Renewal, such as 03/04/2027")
    page.get_by_label("Firma").select_option("contact.name")
    expect(news).to_contain_text("both go to Name. Leave one of them out.")
    page.get_by_label("Firma").select_option("account.name")
    page.get_by_label("Month first").check()
    expect(news).to_contain_text("2027-03-04")
    expect(news).to_contain_text("Monthly revenue is counted twelve times")
    expect(news).to_contain_text("refused")
    page.reload()
    expect(page.get_by_label("Month first")).to_be_checked()
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.locator("progress")).to_be_visible()
    source = Import.objects.get()
    assert (source.state, source.date_order) == (Import.State.RUNNING, "mdy")


def test_nobody_is_kept_out_of_an_import(people: People, desk: OpenPage, tmp_path: Path) -> None:
    """The other pages of customers are among those of tests/config/test_every_page.py."""
    done = importing.run(people, FILE, dates="dmy")
    page = desk(dark=True, width=390)
    _upload(page, tmp_path)
    for address in (f"{HOME}?q=nobody", page.url, f"{HOME}imports/{done.public_id}/"):
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(address)
            assert axe(page) == [], address
            assert screen_overflow(page) <= 0, (address, width)


def test_whoever_has_no_customers_yet_sees_how_to_get_them(desk: OpenPage) -> None:
    page = desk(width=390)
    page.goto(HOME)
    page.get_by_role("link", name="Import customers").click()
    expect(page.get_by_role("heading", name="Imports", exact=True)).to_be_visible()
    assert axe(page) == []
