"""Every key that `?` lists does what the list says."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from afterscore.cases.models import Case
from tests.browser import OpenPage
from tests.cases.test_browser import INBOX, desk, fill  # noqa: F401 (a fixture)
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Check = Callable[[Page], None]


def focused(selector: str) -> Check:
    return lambda page: expect(page.locator(selector)).to_be_focused()


def open_part(selector: str) -> Check:
    return lambda page: expect(page.locator(selector)).to_have_attribute("open", "")


def _help(page: Page) -> None:
    expect(page.locator("#keyboard-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keyboard-help")).to_be_hidden()


def _watched(page: Page) -> None:
    expect(page.locator("#messages")).to_contain_text("You watch this case now.")
    expect(page.locator('[data-key="s"]')).to_have_attribute("aria-pressed", "true")


def _second_is_open(page: Page) -> None:
    expect(page.locator("#inbox-rows [data-list-item]").nth(1)).to_have_attribute(
        "aria-current", "true"
    )


def _next_step(page: Page) -> None:
    expect(page.locator(".step-next :focus, #reply-body:focus")).to_have_count(1)


# What was pressed before, and what is so afterwards.
EFFECTS: dict[str, tuple[tuple[str, ...], Check]] = {
    "j": ((), lambda page: expect(page.locator("[data-list-item]").nth(1)).to_be_focused()),
    "k": (("j",), lambda page: expect(page.locator("[data-list-item]").nth(0)).to_be_focused()),
    "Enter": (("j",), _second_is_open),
    "x": ((), lambda page: expect(page.locator(".inbox-pick:checked")).to_have_count(1)),
    "r": ((), focused("#reply-body")),
    "c": ((), focused('.act-call [name="outcome"]:checked')),
    "n": ((), focused("#note-text")),
    "w": ((), focused("#heard-text")),
    "a": ((), focused("#assign-owner")),
    "e": ((), focused('.act-close [name="outcome"]:checked')),
    "l": ((), lambda page: expect(page.locator(".act-themes")).to_be_visible()),
    "s": ((), _watched),
    "d": ((), _next_step),
    "t": ((), focused("#task-title")),
    "p": ((), lambda page: expect(page.locator(".part-form[open] :focus")).to_have_count(1)),
    "f": ((), lambda page: expect(page.locator(".inbox-filters")).to_be_visible()),
    "v": ((), open_part('details:has(> [data-key="v"])')),
    "b": ((), lambda page: expect(page).to_have_url(re.compile(r"/inbox/board/$"))),
    "/": ((), focused("#inbox-search")),
    "?": ((), _help),
}  # fmt: skip


def listed(page: Page) -> list[str]:
    """The keys of the dialog, a sequence as "g i"."""
    page.keyboard.press("?")
    terms = page.locator("#keyboard-help [data-key-list] dt").all()
    keys = [" ".join(term.locator("kbd").all_inner_texts()) for term in terms]
    page.keyboard.press("Escape")
    return keys


def press(page: Page, keys: str) -> None:
    for key in keys.split(" "):
        page.keyboard.press(key)


def test_every_key_that_is_listed_does_what_it_says(
    people: People,
    desk: OpenPage,  # noqa: F811
) -> None:
    cases: list[Case] = fill(people, 3)
    page = desk(width=1440, height=900)
    page.goto(INBOX)
    start = INBOX + str(page.locator("#pane-case").get_attribute("data-case")) + "/"
    assert len(cases) == 3
    keys = listed(page)
    places = [key for key in keys if key.startswith("g ")]
    assert set(keys) == {*EFFECTS, *places}
    assert len(places) > 5
    for key, (before, check) in EFFECTS.items():
        page.goto(start)
        for earlier in (*before, key):
            press(page, earlier)
        check(page)
    page.goto(start)
    for key in places:
        link = page.locator(f'.desk-nav a[data-key="{key}"]')
        address = str(link.get_attribute("href"))
        press(page, key)
        expect(page).to_have_url(re.compile(re.escape(address) + r"(\\?.*)?$"))


@pytest.mark.parametrize("by_keyboard", [True, False])
def test_without_themes_another_form_opens_after_theirs(
    people: People,
    desk: OpenPage,  # noqa: F811
    by_keyboard: bool,
) -> None:
    fill(people, 1)
    page = desk(width=1440, height=900)
    page.goto(INBOX)
    if by_keyboard:
        page.keyboard.press("l")
    else:
        page.locator(".acts-more summary").click()
        page.locator('[data-act="themes"]').click()
    expect(page.locator(".act-themes")).to_contain_text("There are no themes yet.")
    if by_keyboard:
        page.keyboard.press("e")
    else:
        page.locator('[data-act="close"]').click()
    expect(page.locator(".act-themes")).to_be_hidden()
    expect(page.locator('.act-close [name="outcome"]:checked')).to_be_focused()
