"""Promises, gifts and the question whether it is solved, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from afterscore.cases import composition, operations
from afterscore.cases.models import Case, CheckBack, Commitment
from afterscore.domain.casework import Outcome, State
from afterscore.kit import clock, jobs
from tests.browser import OpenPage, axe, screen_overflow
from tests.cases.answers import by, open_for
from tests.cases.test_gifts import THANKS, fund, offer
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/w/harbourline/"


def sign_in(people: People, open_page: OpenPage, **options: Any) -> Page:
    session = people.client(people.max).cookies["session"].value
    page = open_page(**options)
    page.context.add_cookies(
        [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
    )
    return page


def ask(people: People, **answer: Any) -> str:
    """The address in the mail of somebody whose case was closed a week ago."""
    before = clock.now() - timedelta(days=8)
    case = open_for(people, owner=people.ana, now=before, **answer)
    with jobs.inline() as queue, clock.at(before):
        operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=before)
        queue.run()
    return composition.check_back_path(CheckBack.objects.latest("id"))


def test_one_tap_on_a_phone_says_that_it_is_not_solved(people: People, open_page: OpenPage) -> None:
    path = ask(people, comment="The import stops at ten thousand rows.")
    page = open_page(width=390, height=780, has_touch=True, is_mobile=True)
    page.goto(f"{path}?answer=no")
    expect(page.get_by_role("radio", name="No, not yet")).to_be_checked()
    expect(page.get_by_label("What is still missing?")).to_be_visible()
    assert screen_overflow(page) == 0
    assert axe(page) == []
    page.get_by_label("What is still missing?").fill("It stops at twenty thousand now.")
    page.wait_for_timeout(900)  # nobody presses sooner
    page.get_by_role("button", name="Send answer").tap()
    expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Ana will look into it personally")
    assert axe(page) == []
    answered = CheckBack.objects.get()
    assert (answered.answer, answered.validity) == ("no", "counted"), answered.evidence
    assert answered.comment == "It stops at twenty thousand now."
    assert Case.objects.get().state == State.REOPENED


def test_yes_asks_for_nothing_more(people: People, open_page: OpenPage) -> None:
    page = open_page(width=390, height=780)
    page.goto(f"{ask(people)}?answer=yes")
    expect(page.get_by_label("What is still missing?")).to_be_hidden()
    page.get_by_role("radio", name="In part").check()
    expect(page.get_by_label("What is still missing?")).to_be_visible()
    page.get_by_role("radio", name="Yes, it is solved").check()
    page.wait_for_timeout(900)
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator("main")).to_contain_text("It is good to know that it is solved.")
    assert CheckBack.objects.get().answer == "yes"


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_a_promise_and_a_gift_are_added_without_leaving_the_case(
    people: People, open_page: OpenPage, width: int, dark: bool
) -> None:
    fund(people, "100", on=clock.now().date())
    offer(people)
    case = open_for(people, owner=people.max, comment="The import is slow.", now=clock.now())
    page = sign_in(people, open_page, width=width, height=900, dark=dark)
    page.goto(f"{HOME}inbox/{case.public_id}/")
    page.locator("#case-title").focus()
    page.keyboard.press("p")
    expect(page.get_by_label("What you promised")).to_be_focused()
    page.keyboard.type("A fix of the import")
    page.get_by_label("By", exact=True).fill(f"{clock.now() + timedelta(days=9):%Y-%m-%d}")
    assert axe(page) == []
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("#messages")).to_contain_text("The promise is written down.")
    expect(page.locator(".part-promises")).to_contain_text("A fix of the import")
    page.keyboard.press("h")
    page.get_by_label("What you thank them for").fill("For the 10/10")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.locator(".part-gifts .field-error")).to_contain_text("ties a gift to a score")
    page.get_by_label("What you thank them for").fill(THANKS)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.locator(".part-gifts")).to_contain_text("waits for approval")
    page.locator(".part-promises").get_by_role("button", name="Done").click()
    expect(page.locator(".part-promises")).to_contain_text("kept")
    assert Commitment.objects.get().state == "kept"
    assert axe(page) == []
    page.goto(f"{HOME}promises/?show=settled")
    assert axe(page) == []
    assert screen_overflow(page) == 0
