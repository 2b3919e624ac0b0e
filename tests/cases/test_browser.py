"""Forty cases at nine o'clock: worked by keyboard, on a phone, and with nothing typed lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from afterscore.cases import operations
from afterscore.cases.models import Case, Entry, Mention
from afterscore.domain.casework import Outcome
from afterscore.kit import clock
from afterscore.outreach.models import Kind, Message
from tests.browser import OpenPage, axe, screen_overflow
from tests.cases.answers import by, open_for
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INBOX = "/w/harbourline/inbox/"
COMMENTS = (
    "The import stops at ten thousand rows.",
    "",
    "Support takes three days.",
    "We love it.",
)


@pytest.fixture
def desk(people: People, open_page: OpenPage) -> OpenPage:
    """Opens windows in which Ana is signed in."""
    client = people.client(people.ana)
    session = client.cookies["session"].value

    def open_desk(**options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
        )
        return page

    return open_desk


def fill(people: People, number: int) -> list[Case]:
    now = clock.now()
    return [
        open_for(
            people,
            score=(2, 9, 7, 10, 5)[index % 5],
            comment=COMMENTS[index % 4],
            name=f"Person Number{index}",
            owner=people.ana,
            now=now,
        )
        for index in range(number)
    ]


def test_twenty_cases_are_worked_by_keyboard_alone(people: People, desk: OpenPage) -> None:
    fill(people, 20)
    page = desk(width=1440, height=900)
    page.goto(INBOX)
    rows = page.locator("#inbox-rows [data-list-item]")
    expect(rows).to_have_count(20)
    for left in range(20, 0, -1):
        expect(page.locator("#inbox-tabs [aria-current]")).to_have_text(f"Mine {left}")
        name = page.locator("#case-title").inner_text()
        page.keyboard.press("r")
        expect(page.locator("#reply-body")).to_be_focused()
        page.keyboard.type("Typed by hand.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#messages")).to_contain_text(f"The reply to {name} is on its way.")
        expect(page.locator(".case-facts")).to_contain_text("waiting for the customer")
        page.keyboard.press("e")
        expect(page.locator('.act-close [name="outcome"]:checked')).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#messages")).to_contain_text(f"The case of {name} is closed.")
    expect(page.locator("#inbox-rows")).to_contain_text("Nothing is due")
    assert Case.objects.filter(closed_by=people.ana).count() == 20
    assert Message.objects.filter(kind=Kind.REPLY, body__contains="Typed by hand.").count() == 20


def test_keys_move_open_and_act(people: People, desk: OpenPage) -> None:
    fill(people, 6)
    page = desk(width=1440, height=900)
    page.goto(INBOX)
    names = page.locator(".inbox-who").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#case-title")).to_have_text(names[1])
    expect(page.locator("#case-title")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/inbox/case_"))
    expect(page.locator('[aria-current="true"]')).to_contain_text(names[1])
    # A key on another row means that row.
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("#case-title")).to_have_text(names[2])
    expect(page.locator('.act-call [name="outcome"]:checked')).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#assign-owner")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.press("Escape")


def test_several_cases_are_worked_at_once_by_keyboard(people: People, desk: OpenPage) -> None:
    fill(people, 5)
    page = desk(width=1440, height=900)
    page.goto(INBOX)
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("1 chosen")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("3 chosen")
    # The list's own update leaves the choice as it is.
    operations.add_note(
        case=Case.objects.latest("id"), text="From Max.", actor=by(people.max), now=clock.now()
    )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".inbox-pick:checked")).to_have_count(3)
    page.locator("#together summary", has_text="Close").press("Enter")
    page.locator("#together-outcome").select_option("thanked")
    page.locator("#together button", has_text="Close the cases").press("Enter")
    expect(page.locator("#messages")).to_contain_text("3 cases were closed")
    expect(page.locator("#inbox-rows [data-list-item]")).to_have_count(2)
    page.locator("#inbox-rows [data-list-item]").first.focus()
    page.keyboard.press("z")
    expect(page.locator("#messages")).to_contain_text("3 cases were put back as before")
    expect(page.locator("#inbox-rows [data-list-item]")).to_have_count(5)
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    expect(page.locator(".inbox-pick:checked")).to_have_count(0)


def test_the_filter_is_a_sentence_one_fills_in(people: People, desk: OpenPage) -> None:
    fill(people, 5)
    page = desk(width=1440, height=900)
    page.goto(INBOX)
    page.keyboard.press("f")
    expect(page.locator(".inbox-filters [name=show]")).to_be_focused()
    page.locator(".inbox-filters [name=group]").select_option("detractor")
    page.locator(".inbox-filters button", has_text="Show them").press("Enter")
    expect(page.locator(".inbox-sentence")).to_contain_text("My cases, of detractors")
    expect(page.locator("#inbox-rows [data-list-item]")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?group=detractor$"))
    page.keyboard.press("Escape")
    page.locator(".inbox-menu summary", has_text="Views").click()
    page.locator(".inbox-save [name=name]").fill("Hard ones")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("The view “Hard ones” is kept.")
    page.locator(".inbox-sentence a").click()
    expect(page.locator("#inbox-rows [data-list-item]")).to_have_count(5)
    page.locator(".inbox-menu summary", has_text="Views").click()
    page.locator(".inbox-views a", has_text="Hard ones").click()
    expect(page.locator("#inbox-rows [data-list-item]")).to_have_count(2)


def test_colleagues_are_offered_after_the_sign(people: People, desk: OpenPage) -> None:
    (case,) = fill(people, 1)
    page = desk(width=1440, height=900)
    page.goto(f"{INBOX}{case.public_id}/")
    page.keyboard.press("n")
    page.keyboard.type("Please, @")
    expect(page.locator(".naming [role=option]")).to_have_count(3)
    page.keyboard.type("m")
    expect(page.locator(".naming [role=option]")).to_have_text(["Max"])
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#note-text")).to_have_value("Please, @Max ")
    page.keyboard.type("look.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("The note is saved.")
    assert Mention.objects.get().member == people.max


def test_whoever_comes_from_another_field_and_types_at_once_is_offered_names_too(
    people: People, desk: OpenPage
) -> None:
    (case,) = fill(people, 1)
    page = desk(width=1440, height=900)
    page.goto(f"{INBOX}{case.public_id}/")
    page.keyboard.press("n")
    page.locator("#inbox-search").focus()
    page.locator("#note-text").focus()
    page.keyboard.type("@m")
    page.wait_for_timeout(400)
    expect(page.locator(".naming [role=option]")).to_have_text(["Max"])
    page.locator("#inbox-search").focus()
    expect(page.locator(".naming")).to_have_count(0)


def test_search_and_help_are_a_key_away(people: People, desk: OpenPage) -> None:
    fill(people, 6)
    page = desk(width=1440, height=900)
    page.goto(INBOX)
    page.keyboard.press("/")
    expect(page.locator("#inbox-search")).to_be_focused()
    page.keyboard.type("Number4")
    expect(page.locator("#inbox-rows [data-list-item]")).to_have_count(1)
    expect(page.locator("#inbox-search")).to_be_focused()
    expect(page).to_have_url(re.compile(r"q=Number4$"))
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keyboard-help")).to_contain_text("Log a call")


def test_going_back_shows_the_case_before(people: People, desk: OpenPage) -> None:
    fill(people, 3)
    page = desk(width=1440, height=900)
    page.goto(INBOX)
    names = page.locator(".inbox-who").all_inner_texts()
    for name in names[1:]:
        page.locator(".inbox-row", has_text=name).click()
        expect(page.locator("#case-title")).to_have_text(name)
    page.go_back()
    expect(page.locator("#case-title")).to_have_text(names[1])
    expect(page.locator(".panes")).to_have_count(1)


def test_what_is_typed_outlives_reload_error_and_other_cases(
    people: People, desk: OpenPage
) -> None:
    first, second = fill(people, 2)
    page = desk(width=1440, height=900)
    page.goto(f"{INBOX}{first.public_id}/")
    page.locator("#reply-body").fill("A long and careful reply.")
    page.locator("#reply-subject").fill("My subject")
    page.reload()
    expect(page.locator("#reply-body")).to_have_value("A long and careful reply.")
    expect(page.locator("#reply-subject")).to_have_value("My subject")
    # Another case and back.
    page.locator(f"#row-{second.public_id}").click()
    expect(page.locator("#case-title")).to_have_text(second.contact.name)
    expect(page.locator("#reply-body")).not_to_have_value("A long and careful reply.")
    page.locator(f"#row-{first.public_id}").click()
    expect(page.locator("#reply-body")).to_have_value("A long and careful reply.")
    # A refusal keeps it, also over a reload.
    page.locator("#reply-body").fill("Hello {{ nobody }}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#pane-case .field-error")).to_contain_text("no field 'nobody'")
    expect(page.locator("#reply-body")).to_be_focused()
    expect(page.locator("#reply-body")).to_have_value("Hello {{ nobody }}")
    page.reload()
    expect(page.locator("#reply-body")).to_have_value("Hello {{ nobody }}")
    # Once it is sent, nothing of it comes back.
    page.locator("#reply-body").fill("Hello.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("on its way")
    page.reload()
    page.keyboard.press("r")
    expect(page.locator("#reply-body")).not_to_have_value("Hello.")


def test_the_list_stays_true_while_somebody_types(people: People, desk: OpenPage) -> None:
    first, second = fill(people, 2)
    page = desk(width=1440, height=900)
    page.goto(f"{INBOX}{first.public_id}/")
    page.keyboard.press("n")
    page.keyboard.type("Half a no")
    now = clock.now()
    operations.add_note(case=first, text="From Max.", actor=by(people.max), now=now)
    operations.close_case(case=second, outcome=Outcome.SOLVED, actor=by(people.max), now=now)
    expect(page.locator("#inbox-rows [data-list-item]")).to_have_count(1, timeout=15_000)
    expect(page.locator("#inbox-tabs [aria-current]")).to_have_text("Mine 1")
    expect(page.locator("#case-news")).to_contain_text("New in this case: Note by Max.")
    expect(page.locator("#case-news")).to_have_attribute("aria-live", "polite")
    expect(page.locator("#case-history > li").first).to_contain_text("From Max.")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("te.")
    expect(page.locator("#note-text")).to_have_value("Half a note.")
    expect(page.locator('[aria-current="true"]')).to_have_count(1)
    operations.assign(case=first, owner=people.max, actor=by(people.max), now=clock.now())
    expect(page.locator("#case-owner")).to_have_text("Max", timeout=15_000)
    expect(page.locator("#note-text")).to_have_value("Half a note.")
    expect(page.locator("#case-history")).to_contain_text("Handed over from Ana to Max.")
    expect(page.locator("#case-history > li:has-text('From Max.')")).to_have_count(1)
    page.locator("#case-news a").click()
    expect(page.locator("#case-news")).to_be_empty()
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_have_value("Half a note.")


def test_on_a_phone_one_pane_at_a_time(people: People, desk: OpenPage) -> None:
    fill(people, 5)
    page = desk(width=390, height=844, has_touch=True)
    page.goto(INBOX)
    expect(page.locator("#pane-list")).to_be_visible()
    expect(page.locator("#pane-case")).to_be_hidden()
    name = page.locator(".inbox-who").nth(1).inner_text()
    page.locator(".inbox-row").nth(1).tap()
    expect(page.locator("#case-title")).to_have_text(name)
    expect(page.locator("#pane-case")).to_be_visible()
    expect(page.locator("#pane-list")).to_be_hidden()
    assert screen_overflow(page) == 0
    page.get_by_role("button", name="Customer").tap()
    expect(page.locator("#pane-customer")).to_be_visible()
    page.locator("#pane-customer .pane-back").tap()
    page.locator("#pane-case .pane-back").tap()
    expect(page.locator("#pane-list")).to_be_visible()
    assert screen_overflow(page) == 0


def test_without_scripts_a_case_is_answered_and_closed(people: People, desk: OpenPage) -> None:
    case, *_ = fill(people, 2)
    page = desk(width=1440, height=900, java_script_enabled=False)
    page.goto(f"{INBOX}{case.public_id}/")
    page.locator(".act-reply button").click()
    expect(page.locator("#messages")).to_contain_text("on its way")
    page.locator("[data-act=close]").click()
    page.locator(".act-close button").click()
    expect(page.locator("#messages")).to_contain_text("is closed")
    assert Entry.objects.filter(case=case, kind=Entry.Kind.REPLY).exists()


@pytest.mark.parametrize("width", [1440, 390])
def test_nobody_is_kept_out_of_lists_and_menus(people: People, desk: OpenPage, width: int) -> None:
    fill(people, 8)
    page = desk(width=width, height=900, dark=width == 390)
    with at_rest(page):
        page.goto(INBOX + "?show=all&group=detractor&q=support")
        assert axe(page) == []
        assert screen_overflow(page) == 0
        page.goto(INBOX)
        for menu in ("Views", "Filter"):
            page.locator(".inbox-menu summary", has_text=menu).click()
            page.wait_for_load_state("networkidle")
            assert axe(page) == [], menu
        page.keyboard.press("Escape")
        page.locator(".inbox-pick").first.check()
        page.locator("#together summary", has_text="Close").click()
        assert axe(page) == []


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_nobody_is_kept_out(people: People, desk: OpenPage, width: int, dark: bool) -> None:
    """Of what opens on the page of a case; the pages as they come are swept in all four ways."""
    cases = fill(people, 8)
    now = clock.now()
    operations.reply(case=cases[0], body="Hello.", follows_up=True, actor=by(people.ana), now=now)
    operations.close_case(
        case=cases[1], outcome=Outcome.THANKED, insight="Loves it.", actor=by(people.ana), now=now
    )
    page = desk(width=width, height=900, dark=dark)
    with at_rest(page):
        answered, closed = (f"{case.public_id}/" for case in cases[:2])
        for path in ("?q=zzz", answered, closed):
            page.goto(INBOX + path)
            assert axe(page) == [], path
        page.goto(f"{INBOX}{cases[2].public_id}/")
        for act in ("heard", "themes"):
            page.locator(".acts-more > summary").click()
            page.locator(f"[data-act={act}]").click()
            assert axe(page) == [], act
        for act in ("reply", "call", "note", "assign", "close"):
            page.locator(f"[data-act={act}]").click()
            assert axe(page) == [], act
        page.locator('[name="outcome"][value="not_closed"]').check()
        expect(page.locator('.act-close [name="reason"]').first).to_be_visible()
        page.locator(".act-close button").click()
        expect(page.locator(".act-close .field-error")).to_be_visible()
        assert axe(page) == []


@contextmanager
def at_rest(page: Page) -> Iterator[None]:
    """Colours are judged once they have stopped changing."""
    page.emulate_media(reduced_motion="reduce")
    yield
