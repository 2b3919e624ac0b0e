"""The list of calls, filled, and what it brought: on a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from afterscore.domain.events import SYSTEM
from afterscore.kit import clock
from afterscore.programs import operations
from afterscore.programs.models import Enrolment, HeadsUpCall, Wave
from tests.browser import OpenPage, axe, screen_overflow
from tests.people import People
from tests.programs import scene
from tests.programs.test_browser import desk

__all__ = ["desk"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALLS = {
    "objective": "Decide what we build first in spring, and mend what slows you down.",
    "sender": "account_owner",
    "touches": {"heads_up": "call", "heads_up_hold_out": 50},
}
LANGUAGES = ("en", "de", "ar")
LOOKS = [
    pytest.param({"width": width, "dark": dark}, id=f"{width} {'dark' if dark else 'light'}")
    for width, dark in ((1440, False), (390, True))
]


def fill(people: People, *, days_ago: int, made: int) -> Wave:
    """A wave of which half are to be called: whoever was told ahead answers more."""
    begun = clock.now() - timedelta(days=days_ago)
    names = ("Quayside Freight", "Nordlicht Reederei", "شركة الميناء")
    companies = [
        scene.account(people.workspace, name, plan="pro", owner=owner)
        for name, owner in zip(names, (people.max, people.ana, people.max), strict=True)
    ]
    everybody = scene.contacts(people.workspace, 48)
    for number, person in enumerate(everybody):
        person.account = companies[number % 3]
        person.language = LANGUAGES[number % 3]
        person.name = ("Nora Lindqvist", "Jürgen Groß", "ليلى حداد")[number % 3]
        person.attributes = {"phone": "+49 (40) 123-4567"} if number % 2 else {}
        person.save()
    wave = scene.launch(scene.program(people.workspace, CALLS, now=begun), now=begun)
    calls = HeadsUpCall.objects.filter(enrolment__wave=wave).order_by("due_at", "id")
    outcomes = ("reached", "reached", "not_reached", "declined", "skipped")
    for number, call in enumerate(calls[:made]):
        operations.record_call(
            call=call, outcome=outcomes[number % 5], note="Glad to help." if number % 2 else "",
            actor=SYSTEM, now=begun + timedelta(hours=2),
        )  # fmt: skip
    if days_ago > 5:
        scene.send(wave)
        _answer(wave, begun + timedelta(days=6))
    return wave


def _answer(wave: Wave, at) -> None:
    """Half of those told ahead, a quarter of the others."""
    for arm, every in (("treated", 2), ("held_out", 4)):
        rows = Enrolment.objects.filter(wave=wave, heads_up_arm=arm, state="enrolled")
        for row in list(rows.select_related("wave").order_by("id"))[::every]:
            operations.mark_answered(enrolment=row, now=at)


def look_at(page: Page, path: str) -> None:
    page.goto(path)
    assert axe(page) == []
    assert screen_overflow(page) <= 0


@pytest.mark.parametrize("look", LOOKS)
def test_calls_to_make_and_calls_made(people: People, desk: OpenPage, look) -> None:
    fill(people, days_ago=0, made=5)
    page = desk(**look)
    for path in ("", "?of=all", "?of=all&show=made"):
        look_at(page, f"/w/harbourline/programs/calls/{path}")
    page.goto("/w/harbourline/programs/calls/?of=all")
    assert page.get_by_role("link", name="+49 (40) 123-4567").first.get_attribute("href") == (
        "tel:+49401234567"
    )


@pytest.mark.parametrize("look", LOOKS)
def test_what_the_calls_brought(people: People, desk: OpenPage, look) -> None:
    wave = fill(people, days_ago=12, made=10)
    page = desk(**look)
    look_at(page, f"/w/harbourline/programs/waves/{wave.public_id}/")
    assert page.get_by_role("heading", name="Did a word ahead work?").is_visible()
