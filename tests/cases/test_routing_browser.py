"""The pages of routing and absence: readable by everybody, on a phone and in the dark."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from afterscore.cases.models import RoutingRule
from afterscore.cases.operations import rules
from afterscore.cases.operations.rules import Draft
from afterscore.customers.models import Account
from afterscore.domain import routing, segments
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM
from afterscore.domain.nps import Group
from afterscore.domain.routing import Criteria
from afterscore.improvements.models import Theme
from afterscore.kit import clock
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Member
from tests.browser import OpenPage, axe, screen_overflow
from tests.cases.answers import open_for
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SETTINGS = "/w/harbourline/settings"
PICTURES = os.environ.get("AFTERSCORE_PICTURES")  # a folder, to look at the pages


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


def prepare(people: People) -> RoutingRule:
    """Rules of every kind, answers to try them on, and Ana away from tomorrow."""
    now = clock.now()
    Member.objects.filter(pk=people.max.pk).update(department=Department.FINANCE)
    Member.objects.filter(pk=people.ana.pk).update(department=Department.SUCCESS)
    bills = Theme.objects.create(
        workspace=people.workspace, name="Billing", words=["invoice"], created_at=now
    )
    Theme.objects.create(workspace=people.workspace, name="Outages", words=["down"], created_at=now)

    def add(name: str, **values: Any) -> RoutingRule:
        draft = Draft(name=name, **values)
        return rules.create_rule(workspace=people.workspace, draft=draft, actor=SYSTEM, now=now)

    first = add(
        "Complaints about bills",
        criteria=Criteria(groups=frozenset({Group.DETRACTOR}), themes=frozenset({bills.public_id})),
        department=Department.FINANCE,
    )
    rules.move_rule(rule=first, up=True, actor=SYSTEM, now=now)
    german = Criteria(
        languages=frozenset({"de"}),
        customers=segments.parse({"field": "account.recurring_revenue", "at_least": 50_000}),
    )
    add("Large German customers", criteria=german, member=people.ana, is_urgent=True)
    add("Anything for sales", criteria=routing.EVERYBODY, department=Department.SALES)
    add("Promoters", criteria=Criteria(groups=frozenset({Group.PROMOTER})), is_urgent=True)
    comments = ("The invoice is wrong again.", "", "It was down for an hour.", "We love it.")
    for number in range(9):
        open_for(
            people,
            score=(2, 9, 7)[number % 3],
            comment=comments[number % 4],
            name=f"Person Number{number}",
            account=("Quayside Freight", "Brightwater Dairy")[number % 2],
            now=now,
        )
    Account.objects.filter(name="Quayside Freight").update(owner=people.ana)
    tomorrow = now.date() + timedelta(days=1)
    workspaces.plan_absence(
        member=people.ana,
        starts_on=tomorrow,
        ends_on=tomorrow + timedelta(days=9),
        stand_in=people.olivia,
        actor=SYSTEM,
        now=now,
    )
    people.workspace.country = "DE"
    people.workspace.save()
    return first


def test_everybody_can_read_the_pages_of_routing(people: People, desk: OpenPage) -> None:
    rule = prepare(people)
    paths = {
        "rules": "/routing/",
        "rule": f"/routing/{rule.public_id}/",
        "absences": "/absences/",
        "answering": "/answering/",
    }
    for width, dark in ((1440, False), (390, True)):
        page = desk(width=width, height=900, dark=dark)
        for name, path in paths.items():
            page.goto(SETTINGS + path)
            if name == "rule":
                expect(page.locator(".rule-try .answer")).to_contain_text("Detractors who speak")
            assert axe(page) == [], name
            assert screen_overflow(page) == 0, name
            if PICTURES:
                target = Path(PICTURES) / f"{name}-{width}.png"
                page.screenshot(path=str(target), full_page=True)


def test_a_rule_is_tried_while_it_is_written(people: People, desk: OpenPage) -> None:
    prepare(people)
    page = desk(width=1280)
    page.goto(f"{SETTINGS}/routing/new/")
    page.get_by_label("Passives").check()
    page.get_by_label("Goes to").select_option(label="Ana")
    sentence = page.locator(".rule-try .answer")
    expect(sentence).to_have_text("All passives go to Ana.")
    page.get_by_role("textbox", name="Name").fill("Passives")
    page.get_by_role("button", name="Add the rule").last.click()
    expect(page.get_by_text("The rule holds from now on, below all others.")).to_be_visible()
    expect(page.get_by_text("All passives go to Ana.")).to_be_visible()
