"""Promises and gifts as a browser gets them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from afterscore.cases import operations
from afterscore.cases.models import Budget, Case, Commitment, Gesture, Gift
from afterscore.domain.gestures import State
from afterscore.kit import clock
from tests.cases.answers import by, open_for
from tests.cases.test_gifts import THANKS, fund, offer, wish
from tests.people import NOW, People

HOME = "/w/harbourline/"
FRIDAY = "2026-05-08"


def get(client: Client, path: str) -> str:
    with clock.at(NOW + timedelta(hours=1)):
        page = client.get(HOME + path)
    assert page.status_code == 200, page.status_code
    return str(page.content.decode())


def post(client: Client, path: str, **values: Any) -> Any:
    with clock.at(NOW + timedelta(hours=1)):
        return client.post(HOME + path, values)


@pytest.fixture
def case(people: People) -> Case:
    return open_for(people, comment="The import is slow.", owner=people.ana)


def test_a_promise_is_made_seen_and_kept_from_its_case(people: People, case: Case) -> None:
    ana = people.client(people.ana)
    page = post(ana, f"promises/for/{case.public_id}/", text="A fix", due_on=FRIDAY)
    assert (page.status_code, page["Location"]) == (302, f"{HOME}inbox/{case.public_id}/")
    given = Commitment.objects.get()
    html = get(ana, f"inbox/{case.public_id}/")
    assert "A fix" in html
    assert f"{HOME}promises/{given.public_id}/" in html
    assert post(ana, f"promises/{given.public_id}/", deed="keep").status_code == 302
    given.refresh_from_db()
    assert given.state == "kept"


def test_a_refused_promise_stands_open_with_what_was_typed(people: People, case: Case) -> None:
    ana = people.client(people.ana)
    page = post(ana, f"promises/for/{case.public_id}/", text="A fix", due_on="2026-05-01")
    assert page.status_code == 422
    html = page.content.decode()
    assert 'value="A fix"' in html
    assert "This day is over." in html
    assert '<details class="part-form" open>' in html
    assert page["HX-Push-Url"] == "false"


def test_all_promises_stand_on_a_page_the_most_overdue_first(people: People, case: Case) -> None:
    for text, days in (("Later", 9), ("Sooner", 2)):
        operations.promise(
            case=case, text=text, due_on=NOW.date() + timedelta(days=days), actor=by(people.ana),
            now=NOW,
        )  # fmt: skip
    html = get(people.client(people.ana), "promises/")
    assert html.index("Sooner") < html.index("Later")
    assert "Nothing is owed" in get(people.client(people.max), "promises/")
    assert "Sooner" in get(people.client(people.vic), "promises/")
    given = Commitment.objects.earliest("due_on")
    page = post(
        people.client(people.ana), f"promises/{given.public_id}/", deed="keep", back="promises"
    )
    assert page["Location"] == f"{HOME}promises/"
    assert "Sooner" in get(people.client(people.ana), "promises/?show=settled")


def test_a_promise_is_released_only_with_a_reason(people: People, case: Case) -> None:
    operations.promise(case=case, text="A fix", due_on=NOW.date(), actor=by(people.ana), now=NOW)
    given = Commitment.objects.get()
    ana = people.client(people.ana)
    post(ana, f"promises/{given.public_id}/", deed="release")
    given.refresh_from_db()
    assert given.settled_at is None
    post(ana, f"promises/{given.public_id}/", deed="release", text="Not needed any more")
    given.refresh_from_db()
    assert given.settled_text == "Not needed any more"


def test_a_gift_goes_from_the_case_through_approval_to_the_list_to_send(
    people: People, case: Case
) -> None:
    fund(people, "100")
    gift = offer(people)
    ana, manager = people.client(people.ana), people.client(people.max)
    assert "Ask for a gift" in get(ana, f"inbox/{case.public_id}/")
    post(ana, f"gifts/for/{case.public_id}/", gift=gift.public_id, why=THANKS)
    gesture = Gesture.objects.get()
    assert "Ask for a gift" not in get(ana, f"inbox/{case.public_id}/")
    assert "Approve" not in get(ana, "gifts/")
    assert THANKS in get(manager, "gifts/")
    assert post(ana, f"gifts/{gesture.public_id}/approve/").status_code == 403
    page = post(manager, f"gifts/{gesture.public_id}/approve/")
    assert page["Location"] == f"{HOME}gifts/?show=asked"
    assert "It is sent" in get(ana, "gifts/?show=approved")
    assert "spoken for" in get(ana, "gifts/")
    assert 'value="0.2500"' in get(ana, "gifts/")
    post(ana, f"gifts/{gesture.public_id}/send/")
    post(ana, f"gifts/{gesture.public_id}/arrive/")
    gesture.refresh_from_db()
    assert gesture.state == State.ARRIVED


def test_a_case_offers_no_gift_where_the_catalogue_is_empty(people: People, case: Case) -> None:
    assert "Ask for a gift" not in get(people.client(people.ana), f"inbox/{case.public_id}/")


def test_a_refused_gift_says_why_beside_its_field(people: People, case: Case) -> None:
    gift = offer(people)
    ana = people.client(people.ana)
    page = post(ana, f"gifts/for/{case.public_id}/", gift=gift.public_id, why="For the 10/10")
    assert page.status_code == 422
    assert "ties a gift to a score" in page.content.decode()


def test_declining_asks_for_a_reason(people: People) -> None:
    gesture = wish(people, offer(people))
    manager = people.client(people.max)
    post(manager, f"gifts/{gesture.public_id}/decline/")
    gesture.refresh_from_db()
    assert gesture.state == State.ASKED
    post(manager, f"gifts/{gesture.public_id}/decline/", why="Had one last month")
    assert "Had one last month" in get(manager, "gifts/?show=declined")


def test_a_manager_fills_the_catalogue_and_sets_the_budget(people: People) -> None:
    manager = people.client(people.max)
    values = {"name": "Note", "kind": "note", "cost": "0", "is_active": "on"}
    assert post(manager, "settings/gifts/", **values).status_code == 302
    gift = Gift.objects.get()
    assert not gift.needs_approval
    post(manager, "settings/gifts/budget/", amount="250")
    assert Budget.objects.get().amount == Decimal(250)
    path = f"settings/gifts/{gift.public_id}/"
    post(manager, path, **(values | {"name": "Letter"}))
    assert "Letter" in get(people.client(people.vic), "settings/gifts/")
    assert people.client(people.ana).get(HOME + path).status_code == 403
    assert post(people.client(people.ana), "settings/gifts/", **values).status_code == 403


def test_the_page_by_group_says_what_it_can(people: People) -> None:
    assert "it takes at least 10" in get(people.client(people.vic), "gifts/by-group/")
