"""The mail routes on a desk and on a phone, light and dark."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from afterscore.domain.events import SYSTEM
from afterscore.outreach import operations
from afterscore.outreach.channels import providers
from afterscore.outreach.models import InboundEvent, MailRoute
from tests.browser import OpenPage, axe, screen_overflow
from tests.people import NOW, People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = "/w/harbourline/settings/routes/"


def add(people: People, provider: str, name: str, *addresses: str) -> MailRoute:
    entered = {
        each.name: each.choices[0][0] if each.choices else "mail.harbourline.example"
        for each in providers.PROVIDERS[provider].settings
        if each.is_required
    }
    return operations.create_route(
        workspace=people.workspace, name=name, provider=provider, addresses=addresses,
        entered=entered, actor=SYSTEM, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_pages_fit_and_can_be_used_by_everybody(
    people: People, open_page: OpenPage, width: int, dark: bool
) -> None:
    page = open_page(width=width, dark=dark)
    session = people.client(people.olivia).cookies["session"].value
    page.context.add_cookies(
        [{"name": "session", "value": session, "domain": "localhost", "path": "/"}]
    )
    page.goto(PAGES)
    _look(page, f"empty-{width}-{dark}")
    route = add(people, "sendgrid", "SendGrid")
    add(people, "smtp", "The old mail server", "news.example", "olivia@harbourline.example")
    MailRoute.objects.filter(pk=route.pk).update(forged_reports=3, forged_at=NOW)
    InboundEvent.objects.create(
        workspace=people.workspace, source="sendgrid", route=route, event_id="1", body="{}",
        received_at=NOW, processed_at=NOW, unmatched=2,
        outcome="1 heard, 2 about no message that was sent from here",
    )  # fmt: skip
    for path in ("", "new/", "new/mailgun/", f"{route.public_id}/"):
        page.goto(PAGES + path)
        name = path.strip("/").replace("/", "-").replace(route.public_id, "route") or "list"
        _look(page, f"{name}-{width}-{dark}")


def _look(page: Page, name: str) -> None:
    folder = os.environ.get("AFTERSCORE_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    assert axe(page) == []
    assert screen_overflow(page) <= 0
