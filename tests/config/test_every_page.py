"""Every page of the desk that a link leads to, by day and by night, on a desk and on a phone.

A new page is looked at without being named here. One that no link leads to fails until it is said
why, and so does a reason for a page that links do lead to by now.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from playwright.sync_api import Browser

from afterscore.config.demo import building
from afterscore.kit import clock
from afterscore.workspaces.models import Member
from tests import sweep
from tests.config.test_demo import NOW, SMALL

TINY = replace(SMALL, accounts=14, contacts=90)
STARTS = ("/w/small/pulse/", "/w/small/set-aside/", "/w/small/inbox/tasks/")
FRAMED = "stands in a frame within a page"
DOWNLOAD = "is a file"
MAILED = "a link in a mail leads to it"
LACKING = "shows what the small story has none of; tests of its own look at it"
ELSEWHERE = {
    "cases:file": DOWNLOAD,
    "cases:unwatch": MAILED,
    "customers:progress": LACKING,
    "customers:refused": DOWNLOAD,
    "files:file": LACKING,
    "files:report": DOWNLOAD,
    "insights:standing": "is a part of a page",
    "loops:csv": DOWNLOAD,
    "outreach:html": FRAMED,
    "programs:effects": "is a part of a page",
    "programs:left_out": DOWNLOAD,
    "programs:mail": FRAMED,
    "programs:preview": "is a part of a page",
    "programs:survey": FRAMED,
    "reports:mail": FRAMED,
    "reports:pdf": DOWNLOAD,
    "reports:slides": DOWNLOAD,
    "reports:stop": MAILED,
    "responses:download": DOWNLOAD,
    "routes:route": LACKING,
    "score:csv": DOWNLOAD,
    "score:satisfaction_csv": DOWNLOAD,
    "targets:benchmark": LACKING,
    "targets:csv": DOWNLOAD,
    "targets:line": "is a part of a page",
    "workspaces:settings": "leads on to the first of the settings",
}


@pytest.mark.django_db
def test_nobody_is_kept_out_of_any_page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "TRUTH", TINY)
    building.build(slug="small", password="a long password", now=NOW, say=lambda _text: None)
    client = Client()
    client.force_login(Member.objects.get(role="owner").user)
    with clock.at(NOW):
        pages = sweep.explore(client, STARTS)
        unseen = sweep.names_below("w/") - set(pages)
        silent = {name for name in unseen if not sweep.acts_only(client, name, "small")}
    assert silent == set(ELSEWHERE)
    with sweep.Window(browser, client, NOW) as window:
        faults = [fault for address in pages.values() for fault in window.look_at(address)]
    assert faults == []
