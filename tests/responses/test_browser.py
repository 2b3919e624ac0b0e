"""The survey page as people meet it: with a finger, a keyboard, without scripts, on a bad line."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from afterscore.domain.questionnaire import Driver, DriverKind, Questionnaire
from afterscore.kit import clock
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response
from afterscore.surveys import languages
from tests.browser import PERSONS_AGENT, OpenPage, axe, screen_overflow
from tests.builders import answer, enrol, launch_wave, survey_path
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENGLISH = languages.get("en").survey
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
DRIVERS = Questionnaire(
    drivers=(
        Driver("speed", "Speed of replies", DriverKind.RATING),
        Driver("role", "Your role", DriverKind.CHOICE, ("Buyer", "User", "Something else")),
    )
)
BUDGET = 20_000


@pytest.fixture
def nora(people: People) -> Enrolment:
    return enrol(people, launched_at=clock.now())


def score(page: Page, number: int) -> Locator:
    return page.locator("[data-scale]").get_by_role("radio", name=str(number), exact=True)


def tap(page: Page, number: int) -> None:
    page.locator("[data-scale] label").nth(number).click()


def press(page: Page, target: Locator) -> None:
    """As a hand does: after a look, by way of some other place, and for a moment."""
    page.wait_for_timeout(900)
    box = target.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x + 60, y + 40)
    page.mouse.move(x, y, steps=8)
    page.mouse.down()
    page.wait_for_timeout(70)
    page.mouse.up()


def comment(page: Page) -> Locator:
    return page.get_by_role("textbox")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=ENGLISH[name])


def expect_title(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def expect_saved(page: Page, number: int) -> None:
    expect(page.get_by_role("status")).to_have_text(f"Your score of {number} is saved.")


def test_a_tap_is_saved_and_a_sentence_ends_it(nora: Enrolment, open_page: OpenPage):
    page = open_page(**PHONE)
    page.goto(survey_path(nora))
    expect(comment(page)).to_be_hidden()

    page.locator("[data-scale] label").nth(9).tap()
    expect_saved(page, 9)
    saved = Response.objects.get()
    assert (saved.score, saved.completed_at) == (9, None)
    assert saved.seconds_to_answer is not None
    expect(page.get_by_text(ENGLISH["prompt_promoter"])).to_be_visible()
    expect(button(page, "next")).to_be_hidden()
    comment(page).fill("Quick and friendly")
    button(page, "send").tap()

    expect_title(page, ENGLISH["thanks_title"])
    expect(page.get_by_text("Olivia Byrne")).to_be_visible()
    done = Response.objects.get()
    assert (done.score, done.comment) == (9, "Quick and friendly")
    assert done.completed_at is not None
    page.reload()
    expect_title(page, ENGLISH["thanks_title"])
    assert comment_drafts(page) == []


def comment_drafts(page: Page) -> list[str]:
    drafts: list[str] = page.evaluate("Object.keys(localStorage)")
    return drafts


def test_the_prompt_follows_the_score(nora: Enrolment, page: Page):
    page.goto(survey_path(nora))

    for number, group in ((0, "detractor"), (7, "passive"), (10, "promoter"), (6, "detractor")):
        tap(page, number)
        expect(page.get_by_text(ENGLISH[f"prompt_{group}"])).to_be_visible()

    expect_saved(page, 6)
    assert Response.objects.get().score == 6


def test_a_link_with_a_score_needs_one_tap_more(nora: Enrolment, open_page: OpenPage):
    page = open_page(**PHONE)
    page.goto(f"{survey_path(nora)}?score=8")
    expect(score(page, 8)).to_be_checked()
    expect(page.get_by_text(ENGLISH["prompt_passive"])).to_be_visible()

    button(page, "send").tap()

    expect_title(page, ENGLISH["thanks_title"])
    assert Response.objects.get().score == 8


def test_neither_a_page_that_was_opened_nor_a_script_that_clicks_saves_a_score(
    nora: Enrolment, page: Page
):
    page.goto(f"{survey_path(nora)}?score=9")
    page.evaluate("document.querySelector('input[value=\"3\"]').click()")

    page.wait_for_timeout(2_500)

    assert not Response.objects.exists()


@pytest.mark.parametrize("says_so", [True, False])
def test_a_browser_that_a_program_drives_is_set_aside(
    nora: Enrolment, open_page: OpenPage, says_so: bool
):
    options = {"user_agent": PERSONS_AGENT.replace("Chrome/", "HeadlessChrome/")} if says_so else {}
    page = open_page(**options)
    page.goto(f"{survey_path(nora)}?score=8")

    button(page, "send").click()

    expect_title(page, ENGLISH["thanks_title"])
    kept = Response.objects.get()
    assert kept.validity == "quarantined", kept.evidence
    assert {"hasty", "jump"} & {sign for sign, _why in kept.signs}


def test_a_hand_is_told_from_a_program(nora: Enrolment, page: Page):
    page.goto(f"{survey_path(nora)}?score=8")

    press(page, button(page, "send"))

    expect_title(page, ENGLISH["thanks_title"])
    kept = Response.objects.get()
    assert (kept.validity, kept.signs) == ("counted", [])


def test_the_keyboard_alone_is_enough(nora: Enrolment, page: Page):
    page.goto(survey_path(nora))

    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for step in range(9):
        page.wait_for_timeout(500 if step < 3 else 0)  # as fast as somebody listens to each number
        page.keyboard.press("ArrowRight")
    expect(score(page, 9)).to_be_checked()
    assert outline(score(page, 9).locator("+ span")) == "3px solid"
    expect_saved(page, 9)
    page.keyboard.press("Tab")
    expect(comment(page)).to_be_focused()
    assert outline(comment(page)) == "3px solid"
    page.keyboard.type("Quick and friendly")
    page.keyboard.press("Tab")
    expect(button(page, "send")).to_be_focused()
    page.keyboard.press("Enter")

    expect_title(page, ENGLISH["thanks_title"])
    done = Response.objects.get()
    assert (done.score, done.comment) == (9, "Quick and friendly")
    assert done.first_score == 9, "the numbers on the way were not meant"


def outline(element: Locator) -> str:
    style: str = element.evaluate(
        "it => { const s = getComputedStyle(it); return s.outlineWidth + ' ' + s.outlineStyle }"
    )
    return style


def test_it_works_without_scripts(people: People, open_page: OpenPage):
    wave = launch_wave(people.workspace, questionnaire=DRIVERS, launched_at=clock.now())
    nora = enrol(people, wave=wave)
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(survey_path(nora))

    tap(page, 2)
    button(page, "next").click()
    expect_title(page, "Your score of 2 is saved.")
    assert Response.objects.get().score == 2
    comment(page).fill("Two late ships")
    page.get_by_text("Buyer").click()
    button(page, "send").click()

    expect_title(page, ENGLISH["thanks_title"])
    done = Response.objects.get()
    assert (done.comment, done.drivers) == ("Two late ships", {"role": "Buyer"})
    page.get_by_role("link", name=ENGLISH["change_answer"]).click()
    expect(score(page, 2)).to_be_checked()
    expect(comment(page)).to_have_value("Two late ships")


def test_a_finished_answer_changes_only_with_the_button(nora: Enrolment, page: Page):
    answer(nora, score=9, now=clock.now())
    page.goto(survey_path(nora))
    page.get_by_role("link", name=ENGLISH["change_answer"]).click()

    press(page, page.locator("[data-scale] label").nth(3))
    page.wait_for_timeout(1_000)
    assert Response.objects.get().score == 9
    press(page, button(page, "send"))

    expect_title(page, ENGLISH["thanks_title"])
    changed = Response.objects.get()
    assert (changed.score, changed.first_score, changed.edits) == (3, 9, 1)


def test_nothing_typed_is_lost_when_the_line_drops(nora: Enrolment, page: Page):
    page.goto(survey_path(nora))
    page.context.set_offline(True)
    tap(page, 4)
    comment(page).fill("Two late ships")
    button(page, "send").click()
    page.wait_for_timeout(500)
    assert not Response.objects.exists()

    page.context.set_offline(False)

    expect_title(page, ENGLISH["thanks_title"])
    done = Response.objects.get()
    assert (done.score, done.comment) == (4, "Two late ships")


def test_nothing_typed_is_lost_on_a_reload(nora: Enrolment, page: Page):
    page.goto(survey_path(nora))
    tap(page, 4)
    expect_saved(page, 4)
    comment(page).fill("Two late ships")

    page.reload()

    expect(comment(page)).to_have_value("Two late ships")


def test_an_error_stands_beside_its_field_with_all_that_was_typed(nora: Enrolment, page: Page):
    page.goto(f"{survey_path(nora)}?score=4")
    comment(page).fill("x" * 5_001)

    button(page, "send").click()

    expect(page.get_by_role("alert")).to_have_text(ENGLISH["comment_too_long"])
    expect(comment(page)).to_have_accessible_description(ENGLISH["comment_too_long"])
    expect(comment(page)).to_have_value("x" * 5_001)
    expect(score(page, 4)).to_be_checked()


def test_arabic_runs_from_the_right(people: People, open_page: OpenPage):
    nora = enrol(people, language="ar", launched_at=clock.now())
    page = open_page(**PHONE)
    page.goto(survey_path(nora))

    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    zero, one = (page.locator("[data-scale] label").nth(number).bounding_box() for number in (0, 1))
    assert zero is not None
    assert one is not None
    assert zero["x"] > one["x"]
    tap(page, 0)
    expect(page.get_by_text(languages.get("ar").survey["prompt_detractor"])).to_be_visible()


def steps(people: People, language: str = "en") -> dict[str, str]:
    """An address for each page that a customer can see."""
    now = clock.now()
    wave = launch_wave(people.workspace, questionnaire=DRIVERS, launched_at=now)

    def asked(name: str) -> Enrolment:
        return enrol(people, email=f"{name}@quayside.example", language=language, wave=wave)

    closed = launch_wave(people.workspace, launched_at=now)
    closed.state = Wave.State.CLOSED
    closed.save()
    started, done = asked("started"), asked("done")
    answer(done, score=3, comment="Two late ships", now=now)
    answer(started, score=3, now=now)
    Response.objects.filter(enrolment=started).update(completed_at=None)
    return {
        "score": survey_path(asked("new")),
        "whole": f"{survey_path(asked('linked'))}?score=9",
        "comment": survey_path(started),
        "thanks": survey_path(done),
        "change": f"{survey_path(done)}?change",
        "closed": survey_path(enrol(people, language=language, wave=closed)),
        "lost": "/s/lost",
    }


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_keeps_anybody_out(people: People, open_page: OpenPage, language: str, dark: bool):
    page = open_page(**PHONE, dark=dark)

    for name, path in steps(people, language).items():
        page.goto(path)
        assert axe(page) == [], name
    page.goto(f"{steps(people, language)['score']}")
    tap(page, 3)
    expect(comment(page)).to_be_visible()
    assert axe(page) == [], "after a tap"
    comment(page).fill("x" * 5_001)
    page.locator(".send button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe(page) == [], "with an error"


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_smallest_screen_needs_no_scrolling_sideways(
    people: People, open_page: OpenPage, language: str
):
    page = open_page(width=320, height=568)

    for name, path in steps(people, language).items():
        page.goto(path)
        assert screen_overflow(page) == 0, name
        assert outside_main(page) == [], name
        targets = page.locator(".scores label:visible, button:visible, .choice:visible")
        for box in [target.bounding_box() for target in targets.all()]:
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, name


def outside_main(page: Page) -> list[str]:
    """What reaches into the margins."""
    found: list[str] = page.evaluate(
        "() => { const main = document.querySelector('main').getBoundingClientRect();"
        "return [...document.querySelectorAll('main *')].filter(it => {"
        "const box = it.getBoundingClientRect();"
        "return box.width > 0 && (box.left < main.left - 0.5 || box.right > main.right + 0.5) })"
        ".map(it => it.outerHTML) }"
    )
    return found


def test_nothing_moves_by_itself(nora: Enrolment, page: Page):
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { if (!entry.hadRecentInput) window.shift += entry.value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(survey_path(nora))
    tap(page, 9)
    expect_saved(page, 9)

    assert page.evaluate("window.shift") == 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_weighs_little(people: People, page: Page, language: str):
    responses: list[Any] = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - it wants a function

    page.goto(steps(people, language)["whole"])
    page.wait_for_load_state("networkidle")

    weight = sum(len(gzip.compress(response.body())) for response in responses)
    names = {response.url.rpartition("/")[2] for response in responses}
    assert names >= {"survey.css", "survey.js"}
    assert weight <= BUDGET, f"{weight} bytes"
