"""The outbox on a desk and on a phone, and the mails themselves as a mail program shows them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from afterscore.kit import signing
from afterscore.outreach import composition
from afterscore.outreach.models import Message, State
from tests.browser import OpenPage, axe, screen_overflow
from tests.outreach import returned
from tests.outreach.post import Post
from tests.outreach.test_came_back import CAME_BACK, comes_back
from tests.outreach.test_composing import message as a_message
from tests.people import NOW, People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUTBOX = "/w/harbourline/outbox/"
# A mail is part of the mail program's page, which has its own landmarks and its own first heading.
OF_WHOLE_PAGES = ("landmark-one-main", "page-has-heading-one", "region")
LOOKS = [
    pytest.param({"width": width, "dark": dark}, id=f"{width} {'dark' if dark else 'light'}")
    for width in (1280, 390, 320)
    for dark in (False, True)
]
AT_THE_EDGES = [LOOKS[1], LOOKS[4]]  # between them looks tests/config/test_every_page.py


@pytest.fixture
def desk(people: People, open_page: OpenPage) -> OpenPage:
    """Opens windows in which Ana is signed in."""
    session = people.client(people.ana).cookies["session"].value

    def open_desk(**options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
        )
        return page

    return open_desk


@pytest.fixture
def message(post: Post) -> Message:
    """One that was sent; beside it one that failed, one in doubt, one that waits."""
    sent = post.message()
    post.send()
    for name, state in (("Ben Ito", State.FAILED), ("Chiara Rossi", State.IN_DOUBT)):
        row = post.message(post.contact(name))
        Message.objects.filter(pk=row.pk).update(
            state=state, reason="The mail server refused it.", reply="550 no", handed_at=NOW
        )
    post.message(post.contact("ليلى حداد", "layla@example.com"), language="ar")
    return sent


@pytest.mark.parametrize("look", AT_THE_EDGES)
def test_the_outbox_keeps_nobody_out(desk: OpenPage, message: Message, look) -> None:
    page = desk(**look)
    page.goto(OUTBOX)
    assert axe(page) == []
    assert screen_overflow(page) <= 0


@pytest.mark.parametrize("look", AT_THE_EDGES)
def test_a_message_keeps_nobody_out(desk: OpenPage, message: Message, look) -> None:
    page = desk(**look)
    for width in ("desk", "phone"):
        page.goto(f"{OUTBOX}{message.public_id}?width={width}")
        page.frame_locator("iframe").get_by_role("link", name="10").wait_for()
        assert axe(page) == []
        assert screen_overflow(page) <= 0


def test_a_score_in_the_frame_opens_beside_it(desk: OpenPage, message: Message) -> None:
    page = desk()
    page.goto(f"{OUTBOX}{message.public_id}")
    link = page.frame_locator("iframe").get_by_role("link", name="7", exact=True)
    link.wait_for()
    assert link.get_attribute("href") == "http://testserver/s/enr_x.y?score=7"
    assert page.frame_locator("iframe").locator("base").get_attribute("target") == "_blank"


@pytest.mark.parametrize("look", AT_THE_EDGES)
def test_unsubscribing_keeps_nobody_out(open_page: OpenPage, message: Message, look) -> None:
    page = open_page(**look)
    page.goto(f"/u/{signing.sign('unsubscribe', message.public_id)}")
    assert axe(page) == []
    assert screen_overflow(page) <= 0
    page.get_by_role("button", name="Unsubscribe").click()
    assert page.get_by_role("heading", name="You are unsubscribed").is_visible()
    assert axe(page) == []


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_a_mail_reads_everywhere(open_page: OpenPage, look, language: str) -> None:
    page = open_page(**look)
    page.set_content(composition.compose(a_message(language=language)).html)
    assert [fault for fault in axe(page) if not fault.startswith(OF_WHOLE_PAGES)] == []
    assert screen_overflow(page) <= 0


@pytest.mark.parametrize(("width", "rows"), [(600, 1), (390, 2), (320, 2)])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_scale_is_eleven_large_targets_in_order(
    open_page: OpenPage, language: str, width: int, rows: int
) -> None:
    page = open_page(width=width)
    page.set_content(composition.compose(a_message(language=language)).html)
    boxes = _targets(page)
    assert len(boxes) == 11
    assert all(box["width"] >= 40 and box["height"] >= 44 for box in boxes)
    lines = sorted({round(box["y"]) for box in boxes})
    assert len(lines) == rows
    for line in lines:
        across = [box["x"] for box in boxes if round(box["y"]) == line]
        assert across == sorted(across, reverse=language == "ar")


def _targets(page: Page) -> list[Any]:
    return [link.bounding_box() for link in page.locator("a[href*='?score=']").all()]


def test_without_styles_in_the_head_the_scale_still_wraps(open_page: OpenPage) -> None:
    """Some mail programs drop the whole <style>: what is inlined must do."""
    html = composition.compose(a_message()).html
    page = open_page(width=390)
    page.set_content(re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL))
    boxes = _targets(page)
    assert len({round(box["y"]) for box in boxes}) == 2
    assert screen_overflow(page) <= 0


@pytest.mark.parametrize("look", [{"width": 1280, "dark": True}, {"width": 320, "dark": False}])
def test_what_came_back_keeps_nobody_out(desk: OpenPage, post: Post, look) -> None:
    message = post.sent()
    event = comes_back(message, returned.report())
    page = desk(**look)
    for address in (CAME_BACK, f"{CAME_BACK}{event.public_id}", f"{OUTBOX}{message.public_id}"):
        page.goto(address)
        assert screen_overflow(page) == 0, address
        assert axe(page) == [], address
