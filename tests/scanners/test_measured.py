"""What the simulated clickers claim of themselves, and what Chromium says when it does the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from afterscore.domain.scanners import Conduct, Gesture, read_conduct
from afterscore.kit import clock
from afterscore.surveys import languages
from tests.browser import ARGUMENTS, CHROMIUM, PERSONS_AGENT, OpenPage
from tests.builders import enrol, survey_path
from tests.people import NOW, People
from tests.scanners import clickers
from tests.scanners.browsing import Visitor
from tests.scanners.mails import Mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Claims = Callable[[clickers.Clicker], list[Conduct]]

HIDES = "--disable-blink-features=AutomationControlled"
STEALTH = (
    clickers.stealth_on_every_link,
    clickers.stealth_that_follows_all_then_waits,
    clickers.stealth_that_waits,
    clickers.stealth_that_writes_at_once,
    clickers.many_addresses,
    clickers.waits_and_writes,
)


@pytest.fixture
def survey(people: People) -> str:
    """The address of a number in somebody's mail."""
    return f"{survey_path(enrol(people, launched_at=clock.now()))}?score=8"


@pytest.fixture
def frank_page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A window of a browser that says that a program drives it."""
    arguments = [argument for argument in ARGUMENTS if argument != HIDES]
    frank = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    yield frank.new_page(base_url=live_server.url, user_agent=PERSONS_AGENT)
    frank.close()


def told_by(page: Page, act: Callable[[], object]) -> Conduct:
    """What the page's script sends along with the form when this is done."""
    with page.expect_request(lambda request: request.method == "POST") as sent:
        act()
    thanks = languages.get("en").survey["thanks_title"]
    expect(page.get_by_role("heading", level=1)).to_have_text(thanks)
    (told,) = parse_qs(sent.value.post_data or "")["conduct"]
    conduct = read_conduct(told)
    assert conduct is not None, told
    return conduct


def press_send(page: Page) -> Conduct:
    return told_by(page, page.get_by_role("button", name="Send").click)


def hold(page: Page, milliseconds: int) -> None:
    page.mouse.down()
    page.wait_for_timeout(milliseconds)
    page.mouse.up()


@pytest.fixture
def claimed_by(monkeypatch: pytest.MonkeyPatch) -> Claims:
    """What a clicker of the simulation says of itself in each form it sends."""
    bodies: list[str] = []
    monkeypatch.setattr(Visitor, "get", lambda *_whatever: "")
    monkeypatch.setattr(Visitor, "post", lambda _visitor, _path, body: bodies.append(body))

    def claimed(clicker: clickers.Clicker) -> list[Conduct]:
        bodies.clear()
        links = tuple(f"/s/mail?score={score}" for score in range(11))
        clicker(Mail(1, "/s/mail", links, NOW), random.Random(1))
        told = [read_conduct(parse_qs(body)["conduct"][0]) for body in bodies]
        return [conduct for conduct in told if conduct is not None]

    return claimed


def traits(conduct: Conduct) -> tuple[Gesture, bool, bool, bool]:
    """All that a judgement looks at, but the time, which every program chooses for itself."""
    return conduct.gesture, conduct.is_driven, conduct.is_instant, conduct.is_jump


def test_a_browser_that_says_a_program_drives_it_presses_for_no_time(
    survey: str, frank_page: Page, claimed_by: Claims
):
    frank_page.goto(survey)

    measured = press_send(frank_page)

    assert traits(measured) == (Gesture.MOUSE, True, True, True)
    for clicker in (clickers.headless, clickers.headless_that_writes):
        assert {traits(claim) for claim in claimed_by(clicker)} == {traits(measured)}


def test_a_browser_that_hides_it_presses_the_same_way(
    survey: str, open_page: OpenPage, claimed_by: Claims
):
    page = open_page()
    page.goto(survey)

    measured = press_send(page)

    assert traits(measured) == (Gesture.MOUSE, False, True, True)
    for clicker in STEALTH:
        assert {traits(claim) for claim in claimed_by(clicker)} == {traits(measured)}


def test_a_form_that_a_script_sends_had_no_hand(
    survey: str, open_page: OpenPage, claimed_by: Claims
):
    page = open_page()
    page.goto(survey)

    measured = told_by(page, lambda: page.evaluate("document.forms[0].requestSubmit()"))

    assert traits(measured) == (Gesture.NONE, False, False, False)
    assert measured.press is None
    for clicker in (clickers.script_that_submits, clickers.script_on_every_link):
        assert {traits(claim) for claim in claimed_by(clicker)} == {traits(measured)}


def test_a_browser_that_moves_and_holds_looks_like_a_hand(
    survey: str, open_page: OpenPage, claimed_by: Claims
):
    page = open_page()
    page.goto(survey)
    box = page.get_by_role("button", name="Send").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 60)
    page.mouse.move(box["x"] + 5, box["y"] + 5, steps=25)

    measured = told_by(page, lambda: hold(page, 60))

    assert measured.is_human
    assert {traits(c) for c in claimed_by(clickers.imitates_a_hand)} == {traits(measured)}
