"""Leaving people alone by the form, and how their pages tell of it."""

from __future__ import annotations

import pytest
from django.test import Client

from afterscore.customers.models import Account, Contact
from afterscore.kit import clock
from tests.people import NOW, People
from tests.programs import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(people: People) -> Contact:
    return scene.contact(people.workspace, account=scene.account(people.workspace))


def post(people: People, kind: str, row: Contact | Account, **data: str) -> tuple[int, str]:
    client = Client()
    client.force_login(people.max.user)
    base = f"/w/{people.workspace.slug}/customers/{kind}/{row.public_id}/"
    with clock.at(NOW):
        answer = client.post(f"{base}quarantine/", data)
        page = client.get(base)
    row.refresh_from_db()
    return answer.status_code, page.content.decode()


def test_a_contact_is_left_alone_until_the_day_begins_where_the_workspace_is(
    people: People, nora: Contact
):
    people.workspace.time_zone = "Europe/Dublin"
    people.workspace.save()
    status, page = post(people, "contacts", nora, until="2026-06-01", why="an escalation")
    assert status == 302
    assert nora.quarantined_until is not None
    assert nora.quarantined_until.isoformat() == "2026-05-31T23:00:00+00:00"
    assert "<dt>Left alone</dt>" in page
    assert "Until 1 June 2026: an escalation" in page


def test_an_account_is_left_alone_and_may_be_asked_again(people: People, nora: Contact):
    assert nora.account is not None
    assert post(people, "accounts", nora.account, until="2026-06-01")[0] == 302
    assert nora.account.quarantined_until is not None
    _, page = post(people, "contacts", nora, until="")
    assert "the whole account" in page
    assert post(people, "accounts", nora.account, until="2026-06-01", end="1")[0] == 302
    assert nora.account.quarantined_until is None


def test_without_a_day_nobody_is_left_alone_and_the_form_says_so(people: People, nora: Contact):
    client = people.client(people.max)
    address = f"/w/{people.workspace.slug}/customers/contacts/{nora.public_id}/quarantine/"
    answer = client.post(address, {"until": "", "why": "an escalation"})
    assert answer.status_code == 422
    assert "Choose the day from which they may be asked again." in answer.content.decode()
    assert post(people, "contacts", nora, until="2026-06-01")[0] == 302
    assert "Left empty, they may be asked at once." in client.get(address).content.decode()
    assert post(people, "contacts", nora, until="")[0] == 302
    assert nora.quarantined_until is None


def test_a_day_that_has_passed_is_refused_beside_the_field(people: People, nora: Contact):
    status, _ = post(people, "contacts", nora, until="2026-01-01")
    assert status == 422
    assert nora.quarantined_until is None
