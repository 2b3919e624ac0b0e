"""A manager and her readers with targets, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from afterscore.insights.models import Target
from afterscore.kit import clock
from afterscore.responses.models import Response
from tests.browser import OpenPage, axe, screen_overflow
from tests.insights import goals
from tests.insights.test_satisfaction_page import rate
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGETS = "/w/harbourline/targets/"


@pytest.fixture
def desk(people: People, open_page: OpenPage) -> Callable[..., Page]:
    """Opens windows in which Max, who may change targets, is signed in."""
    session = people.client(people.max).cookies["session"].value

    def open_desk(*, width: int = 1280, dark: bool = False) -> Page:
        page = open_page(width=width, dark=dark)
        page.context.add_cookies(
            [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
        )
        return page

    return open_desk


def test_every_page_is_read_on_any_screen(people: People, desk: Callable[..., Page]) -> None:
    found = goals.write_down(people, now=clock.now())
    paths = ["", f"{found.running.public_id}/", f"{found.met.public_id}/"]
    rate(people, [5] * 8 + [2] * 4, [7] * 5 + [3] * 6, at=clock.now(), program="support")
    for width, dark in ((1440, False), (390, True)):
        page = desk(width=width, dark=dark)
        for path in paths:
            page.goto(TARGETS + path)
            assert axe(page) == [], path
            assert screen_overflow(page) == 0, path
        page.goto("/w/harbourline/score/satisfaction/")
        page.get_by_text("The formula with its values").first.click()
        assert axe(page) == []
        assert screen_overflow(page) == 0
        page.goto("/w/harbourline/pulse/")
        aims = page.get_by_role("region", name="Is the score getting where it should?")
        expect(
            aims.get_by_role("link", name=re.compile(r"^Relationship: \+40 by "))
        ).to_be_visible()
        expect(aims.get_by_role("link", name="How this is judged")).to_be_visible()
        expect(aims.get_by_text("With 181 answers it may be anything from")).to_be_visible()


def test_from_a_proposal_to_a_target(people: People, desk: Callable[..., Page]) -> None:
    goals.write_down(people, now=clock.now())
    page = desk()
    page.goto(f"{TARGETS}new/")
    page.get_by_label("Program").select_option(label="Onboarding")
    expect(page.get_by_text("from 240 answers")).to_be_visible()
    page.get_by_label("Program").select_option(label="all programs")
    page.get_by_role("link", name="Take").last.click()
    expect(page.get_by_role("spinbutton", name="Goal")).not_to_have_value("")
    page.get_by_role("button", name="Set the target").click()
    expect(page.get_by_text("The target is set.")).to_be_visible()
    assert Target.objects.filter(outcome="").count() == 2


def test_from_the_score_of_some_customers_to_their_target(
    people: People, desk: Callable[..., Page]
) -> None:
    goals.write_down(people, now=clock.now())
    Response.objects.update(frozen={"account": {"plan": "enterprise"}, "contact": {}})
    page = desk()
    page.goto("/w/harbourline/score/?is.account.plan=enterprise")
    page.get_by_role("link", name="Set a target").click()
    expect(page.get_by_text("of enterprise customers")).to_be_visible()
    expect(page.get_by_text("from 421 answers")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("spinbutton", name="Goal").fill("80")
    page.get_by_role("button", name="Set the target").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("answers of enterprise customers")
