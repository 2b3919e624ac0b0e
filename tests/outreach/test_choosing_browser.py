"""The choices behind the link at the foot, on a desk and a phone, by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from afterscore.kit import signing
from afterscore.outreach.models import Message
from afterscore.surveys import languages
from tests.browser import OpenPage, axe, screen_overflow
from tests.outreach.post import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROGRAM = "prg_relationship"
LOOKS = [
    pytest.param(language, {"width": width, "dark": dark}, id=f"{language} {width} {dark}")
    for language, width, dark in (
        ("en", 1440, False), ("ar", 390, False), ("ar", 1440, True), ("he", 390, True),
    )
]  # fmt: skip


def open_choices(open_page: OpenPage, post: Post, language: str, **look: Any) -> Page:
    person = post.contact("ليلى حداد", "layla@example.com")
    message: Message = post.message(person, language=language, scope=PROGRAM)
    page: Page = open_page(**look)
    page.goto(f"/u/{signing.sign('unsubscribe', message.public_id)}")
    return page


def tab_to(page: Page, label: str) -> None:
    """Forward, as often as a person would put up with."""
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == label:
            return
    raise AssertionError(f"{label} was not reached by the keyboard")


@pytest.mark.parametrize(("language", "look"), LOOKS)
def test_choosing_keeps_nobody_out(
    open_page: OpenPage, post: Post, language: str, look: dict[str, Any]
) -> None:
    page = open_choices(open_page, post, language, **look)
    words = languages.get(language).mail
    for key, label in (("Enter", words["choice_once"]), ("Space", words["choice_twice"])):
        assert axe(page) == []
        assert screen_overflow(page) <= 0
        tab_to(page, label)
        page.keyboard.press(key)
        chosen = page.locator("button[aria-current=true]")
        chosen.get_by_text(label, exact=True).wait_for()
        assert chosen.count() == 1
        page.get_by_role("status").get_by_text(words["choice_saved"]).wait_for()
    assert axe(page) == []
    tab_to(page, words["unsubscribe_button"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=words["unsubscribe_done_title"]).wait_for()
    assert axe(page) == []
    assert screen_overflow(page) <= 0


@pytest.mark.parametrize("language", ["ar"])
def test_the_choices_of_those_who_read_from_the_right_begin_there(
    open_page: OpenPage, post: Post, language: str
) -> None:
    page = open_choices(open_page, post, language, width=390)
    heading = page.get_by_role("heading").first
    assert heading.evaluate("e => getComputedStyle(e).direction") == "rtl"
    button = page.get_by_role("button").first
    edges = button.evaluate(
        """e => { const range = document.createRange(); range.selectNodeContents(e);
        const text = range.getBoundingClientRect(), box = e.getBoundingClientRect();
        return [text.left - box.left, box.right - text.right]; }"""
    )
    assert edges[1] <= edges[0] + 1
