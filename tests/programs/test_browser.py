"""A manager on Monday: from a name to a launch, on a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from afterscore.domain.events import Actor
from afterscore.kit import clock
from afterscore.programs import operations, queries
from afterscore.programs.models import Program, Wave
from tests.browser import OpenPage, screen_overflow
from tests.people import People
from tests.programs import scene
from tests.programs.test_definitions import EVERYTHING

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROGRAMS = "/w/harbourline/programs/"


@pytest.fixture
def desk(people: People, open_page: OpenPage) -> OpenPage:
    """Opens windows in which Max is signed in."""
    session = people.client(people.max).cookies["session"].value

    def open_desk(**options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
        )
        return page

    return open_desk


def fill(people: People) -> Wave:
    """Thirty customers, a program with everything, and a wave of which a third has answered."""
    now = clock.now()
    company = scene.account(people.workspace, plan="pro", attributes={"seats": 5})
    contacts = scene.contacts(people.workspace, 30, account=company)
    scene.contact(people.workspace, "Nomail", email=None)
    scene.contact(people.workspace, "Recent", last_asked_at=now - timedelta(days=3))
    everybody = {**EVERYTHING, "trigger": "by_hand", "audience": {}, "accounts": {}}
    program = scene.program(people.workspace, everybody)
    wave = operations.launch(program=program, actor=Actor("member", people.max.public_id), now=now)
    scene.send(wave, *contacts[:20])
    for person in contacts[:10]:
        operations.mark_answered(enrolment=scene.row_of(wave, person), now=now)
    return wave


def test_from_a_name_to_a_launch(people: People, desk: OpenPage) -> None:
    company = scene.account(people.workspace, plan="enterprise")
    scene.contact(people.workspace, account=company)
    scene.contact(people.workspace, "Other")
    page = desk()
    page.goto(PROGRAMS)
    page.get_by_role("link", name="Set up a program").click()
    counted = page.locator(".whom-count .answer")
    expect(counted).to_have_text("2 people would be asked now")

    page.get_by_label("Name", exact=True).fill("Quarterly relationship")
    page.get_by_role("button", name="Add a test").click()
    page.get_by_label("Field").select_option("account.plan")
    page.get_by_label("Value").fill("enterprise")
    page.get_by_label("Value").press("Tab")
    expect(counted).to_have_text("1 person would be asked now")

    page.get_by_role("button", name="Save").last.click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    page.get_by_role("link", name="Launch a wave").click()
    page.get_by_role("button", name="Ask 1 person").click()
    expect(page.locator("#messages")).to_contain_text("Launched. 1 person will be asked.")
    assert Wave.objects.get().eligible == 1
    assert Program.objects.get().slug == "quarterly-relationship"


def test_adding_a_row_keeps_what_is_typed_elsewhere(people: People, desk: OpenPage) -> None:
    page = desk()
    page.goto(f"{PROGRAMS}new/")
    page.get_by_label("Name", exact=True).fill("Renewals")
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill("What matters?")
    page.get_by_role("button", name="Add a question").click()
    expect(page.get_by_label("Question", exact=True)).to_have_count(2)

    expect(page.get_by_label("Question", exact=True).first).to_have_value("What matters?")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Renewals")


def test_the_samples_are_shown(people: People, desk: OpenPage) -> None:
    fill(people)
    page = desk()
    page.goto(f"{PROGRAMS}relationship/")
    page.locator("#what").scroll_into_view_if_needed()

    mail = page.frame_locator("iframe[title^='The mail']")
    expect(mail.get_by_text("Hello Alex")).to_be_visible()
    survey = page.frame_locator("iframe[title^='The survey']")
    expect(survey.get_by_role("radio", name="9")).to_be_checked()


def test_a_large_workspace_is_counted_after_the_page_has_come(
    people: People, desk: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterscore.programs.views.story.COUNTED_AT_ONCE", 0)
    scene.contact(people.workspace)
    scene.program(people.workspace)
    page = desk()
    page.goto(f"{PROGRAMS}relationship/")

    expect(page.get_by_text("1 person would be asked if you launched now.")).to_be_visible()
    expect(page.locator("#calendar")).to_contain_text("1 invitation")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_days_of_a_wave_are_drawn_to_one_scale(
    people: People, desk: OpenPage, width: int
) -> None:
    wave = fill(people)
    page = desk(width=width)
    page.goto(f"{PROGRAMS}waves/{wave.public_id}/")
    bars = page.locator(".send-days").first.locator(".send-bar")
    words = page.locator(".send-days").first.locator(".send-count").all_inner_texts()
    assert len({len(each) for each in words}) > 1  # else they would be as wide by chance
    places = [bar.bounding_box() for bar in bars.all()]
    assert len({(box["x"], box["width"]) for box in places if box}) == 1
    assert places[0] is not None
    assert places[0]["width"] > 60


def test_at_twice_the_size_nothing_is_cut_off(people: People, desk: OpenPage) -> None:
    wave = fill(people)
    page = desk(width=640)
    for path in ("", "relationship/", "relationship/edit/", f"waves/{wave.public_id}/"):
        page.goto(PROGRAMS + path)
        assert screen_overflow(page) == 0, path
    assert queries.exclusion_counts(wave=wave) == {"asked_recently": 1, "no_email": 1}


def test_a_positioning_fills_in_what_nobody_has_changed(people: People, desk: OpenPage) -> None:
    page = desk()
    page.goto(f"{PROGRAMS}new/")
    reminders = page.get_by_label("Reminders", exact=True)
    sender = page.locator('[name="sender"]:checked')
    why = page.get_by_text("None: the benefit is ours", exact=False)
    expect(why).to_be_hidden()

    page.get_by_label("Measurement", exact=False).check()
    expect(reminders).to_have_value("0")
    expect(why).to_be_visible()
    page.get_by_label("Help me to help you", exact=False).check()
    expect(reminders).to_have_value("1")
    expect(sender).to_have_value("account_owner")
    expect(page.locator('[name="heads_up"]:checked')).to_have_value("mail")

    reminders.fill("2")
    page.get_by_label("No word ahead").check()
    page.get_by_label("Measurement", exact=False).check()
    expect(reminders).to_have_value("2")  # changed by hand: it stays
    expect(sender).to_have_value("workspace")
    assert page.locator('[name="heads_up"]:checked').input_value() == "none"
