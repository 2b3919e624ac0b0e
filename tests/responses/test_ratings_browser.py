"""Satisfaction and effort on the survey page, by finger and by keyboard, in any language."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from afterscore.domain import questionnaire
from afterscore.kit import clock
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Response
from afterscore.surveys import languages
from tests.browser import OpenPage, axe, screen_overflow
from tests.builders import enrol, launch_wave, survey_path
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASKED = questionnaire.parse({"drivers": [{"kind": "satisfaction"}, {"kind": "effort"}]})
BUDGET = 20_000


def ask(people: People, language: str) -> Enrolment:
    wave = launch_wave(people.workspace, questionnaire=ASKED, launched_at=clock.now())
    return enrol(
        people,
        email=f"nora.{language.lower()}@quayside.example",
        language=language,
        wave=wave,
        launched_at=clock.now(),
    )


def question(page: Page, text: str) -> Any:
    return page.get_by_role("group", name=text)


@pytest.mark.parametrize(
    ("language", "window"),
    [("en", {"width": 1440, "dark": True}), ("de", {"width": 390}), ("ar", {"width": 320})],
)
def test_both_are_reached_and_read_on_any_screen(
    people: People, open_page: OpenPage, language: str, window: dict[str, Any]
) -> None:
    page = open_page(**window)
    weighed: list[Any] = []
    page.on("response", lambda response: weighed.append(response))  # noqa: PLW0108 - it wants a function
    page.goto(f"{survey_path(ask(people, language))}?score=6")
    page.wait_for_load_state("networkidle")
    texts = languages.get(language).survey
    for name, numbers in (("satisfaction", 5), ("effort", 7)):
        asked = question(page, texts[f"{name}_question"])
        expect(asked.get_by_role("radio")).to_have_count(numbers)
        expect(asked.get_by_text(texts[f"{name}_least"])).to_be_visible()
        expect(asked.get_by_text(texts[f"{name}_most"])).to_be_visible()
        box = asked.locator(".scores span").first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    assert axe(page) == []
    assert screen_overflow(page) == 0
    assert sum(len(gzip.compress(each.body())) for each in weighed) <= BUDGET


def test_by_keyboard_alone(people: People, page: Page) -> None:
    page.goto(f"{survey_path(ask(people, 'en'))}?score=6")
    question(page, "How satisfied are you overall?").get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()
    assert Response.objects.get().drivers == {"satisfaction": 2, "effort": 6}
