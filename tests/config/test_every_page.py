"""Every page, in a workspace that has lived for a while and in one that begins today."""

from __future__ import annotations

import random
import re
import secrets
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from playwright.sync_api import Browser

from afterscore.cases.composition import check_back_path
from afterscore.cases.models import Case, CheckBack
from afterscore.config.demo import building
from afterscore.config.demo.truth import TRUTH
from afterscore.domain.roles import Role
from afterscore.insights.models import Report
from afterscore.kit import clock, signing
from afterscore.outreach.models import Kind, Message
from afterscore.programs.models import Enrolment
from afterscore.workspaces.models import Member
from tests import sweep
from tests.config.pages import NO_PAGES, NOT_IN_THE_STORY
from tests.people import NOW as TODAY
from tests.people import People

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
ASIDE = re.compile(r'<nav.*?</nav>|<a class="crumb".*?</a>', re.DOTALL)
NEXT = re.compile(r"<form[^>]+post|<a [^>]*href=|<details")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_page_keeps_nobody_out(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a desk and on a phone, by day and by night. A page that is new is looked at, too: it is
    found by a link that leads to it, or else missed."""
    tell_the_story(monkeypatch)
    olivia = Client()
    olivia.force_login(Member.objects.get(role=Role.OWNER).user)
    with clock.at(NOW):
        found = sweep.explore(olivia, [f"/w/small/{each}" for each in beginnings()])
        missed = sweep.names_below("w/") - set(found)
        silent = {name for name in missed if not sweep.acts_only(olivia, name, "small")}
        assert silent == {*NO_PAGES, *NOT_IN_THE_STORY}

    faults, titles = [], defaultdict(list)
    with sweep.Window(browser, olivia, NOW) as window:
        for name, address in found.items():
            faults += window.look_at(address)
            titles[window.page.title()].append(name)
    with sweep.Window(browser, Client(), NOW) as window:
        for address in doors():
            faults += window.look_at(address)
    assert faults == []
    assert [names for names in titles.values() if len(names) > 1] == []


def tell_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small one, and the same each time: lots are drawn by identifiers, so that with others
    there may be nobody who rated anything, and no page for it."""
    chance = random.Random(1)
    with monkeypatch.context() as fixed:
        fixed.setattr(secrets, "randbelow", chance.randrange)
        fixed.setattr(secrets, "token_hex", lambda count: chance.randbytes(count).hex())
        fixed.setattr(building, "TRUTH", replace(TRUTH, accounts=20, contacts=140, waves=2))
        building.build(slug="small", password="a long password", now=NOW, say=lambda _text: None)


def beginnings() -> list[str]:
    """The first page; what only a number above zero or a mail leads to; other faces of a page."""
    case, report = Case.objects.latest("id"), Report.objects.latest("id")
    rare = ["set-aside/", "inbox/tasks/", f"inbox/{case.public_id}/unwatch/",
            f"reports/{report.public_id}/stop/"]  # fmt: skip
    return ["pulse/", *rare, "customers/?tab=accounts", "programs/key-account-check-in/"]


def doors() -> list[str]:
    """What people without a login see."""
    asked = Enrolment.objects.filter(state=Enrolment.State.ENROLLED).latest("id")
    mail = Message.objects.filter(kind=Kind.INVITATION).latest("id")
    survey = f"/s/{signing.sign('survey', asked.public_id)}"
    return [
        survey,
        f"{survey}?score=3",
        *[check_back_path(each) for each in CheckBack.objects.all()[:1]],  # chance may bring none
        f"/u/{signing.sign('unsubscribe', mail.public_id)}",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
    ]


@pytest.mark.django_db
def test_a_page_without_data_says_what_to_do_next(people: People) -> None:
    """Beside the way back and the neighbours, each offers a next step."""
    olivia = people.client(people.olivia)
    with clock.at(TODAY):
        found = sweep.explore(olivia, ["/w/harbourline/pulse/", "/w/harbourline/set-aside/"])
        pages = {name: olivia.get(address).content.decode() for name, address in found.items()}
    assert len(pages) > 40
    shown = {name: MAIN.search(page) for name, page in pages.items() if name.count(":")}
    silent = {name for name, main in shown.items() if not (main and leads_on(main[0]))}
    assert silent == {
        "outreach:came_back",  # three steps in words, for whoever runs the server
        "responses:aside",  # that nothing looks automated asks for nothing
    }


def leads_on(main: str) -> bool:
    return NEXT.search(ASIDE.sub("", main)) is not None
