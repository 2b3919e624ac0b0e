"""Contacts and accounts made and changed by form, and the facts that tell of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from afterscore.customers import operations, queries, registry
from afterscore.customers.models import Account, Contact
from afterscore.domain.events import SYSTEM, Actor
from afterscore.journal.models import Fact
from afterscore.kit.errors import NotFound, Refused
from tests.people import NOW, People


def _add(people: People, **values: Any) -> Contact:
    given = {"email": "ana@acme.example", "name": "Ana Lima", **values}
    return operations.create_contact(
        workspace=people.workspace, values=given, actor=SYSTEM, now=NOW
    )


def _facts(people: People, subject: str) -> list[tuple[str, list[str]]]:
    facts = Fact.objects.filter(workspace=people.workspace, subject=subject).order_by("id")
    return [(fact.name, fact.payload["changed"]) for fact in facts]


def test_a_contact_is_added_with_its_account_and_told_of(people: People) -> None:
    contact = _add(people, email=" ANA@Acme.example ", language="German", account_name="Acme")
    assert (contact.email, contact.language) == ("ana@acme.example", "de")
    assert str(contact.account) == "Acme"
    assert _facts(people, contact.public_id) == [
        ("contact.changed", ["account", "email", "language", "name"])
    ]


def test_an_account_is_found_by_name_whatever_its_case(people: People) -> None:
    first = _add(people, account_name="Acme")
    second = _add(people, email="bo@acme.example", account_name="  ACME ")
    assert first.account == second.account


def test_a_change_tells_what_changed_and_saving_the_same_again_tells_nothing(
    people: People,
) -> None:
    contact = _add(people)
    changes = {"name": "Ana Lima", "persona": "Buyer", "consent_on": date(2026, 1, 2)}
    for _ in range(2):
        operations.change_contact(contact=contact, changes=changes, actor=SYSTEM, now=NOW)
    assert _facts(people, contact.public_id)[1:] == [("contact.changed", ["consent_on", "persona"])]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"language": "klingon"}, "language"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"consent_basis": "maybe"}, "consent_basis"),
        ({"persona": "x" * 81}, "persona"),
        ({"attributes": {"a b": 1}}, "attributes"),
        ({"attributes": {"a": [1]}}, "attributes"),
        ({"attributes": {"a": 1e40}}, "attributes"),
        ({"attributes": {"a": "\x00"}}, "attributes"),
        ({"password": "x"}, "password"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(
    people: People, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        _add(people, **values)
    assert refused.value.field == field
    assert not Contact.objects.exists()


@pytest.mark.parametrize("field", ["email", "external_id"])
def test_two_contacts_cannot_share_an_address_or_an_id(people: People, field: str) -> None:
    _add(people, external_id="C1")
    with pytest.raises(Refused, match="Another contact has this") as refused:
        _add(people, **{"email": "bo@x.example", "external_id": "C2"} | {
            field: {"email": "ana@acme.example", "external_id": "C1"}[field]
        })  # fmt: skip
    assert refused.value.field == field


def test_whoever_was_erased_cannot_be_changed(people: People) -> None:
    contact = _add(people)
    Contact.objects.update(erased_at=NOW, email=None)
    with pytest.raises(Refused, match="was erased"):
        operations.change_contact(contact=contact, changes={"name": "X"}, actor=SYSTEM, now=NOW)


def test_an_account_is_added_and_changed(people: People) -> None:
    account = operations.create_account(
        workspace=people.workspace,
        values={
            "name": " Acme  Robotics ", "country": "Germany", "owner": people.max,
            "recurring_revenue": Decimal("10.005"), "attributes": {"seats": 3, "empty": ""},
        },
        actor=SYSTEM,
        now=NOW,
    )  # fmt: skip
    assert (account.name, account.name_key) == ("Acme Robotics", "acme robotics")
    assert (account.country, account.currency) == ("DE", "EUR")
    assert account.recurring_revenue == Decimal("10.01")
    assert account.attributes == {"seats": 3}
    operations.change_account(
        account=account, changes={"name": "ACME Robotics", "owner": None}, actor=SYSTEM, now=NOW
    )
    assert _facts(people, account.public_id)[-1] == ("account.changed", ["name", "owner"])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "acme"}, "name"),
        ({"name": "Bolt", "country": "Narnia"}, "country"),
        ({"name": "Bolt", "currency": "XYZ"}, "currency"),
        ({"name": "Bolt", "recurring_revenue": Decimal(-1)}, "recurring_revenue"),
        ({"name": "Bolt", "recurring_revenue": Decimal("NaN")}, "recurring_revenue"),
        ({"name": "Bolt", "external_id": "A1"}, "external_id"),
    ],
)
def test_an_account_that_cannot_be_kept_is_refused_by_its_field(
    people: People, values: dict[str, Any], field: str
) -> None:
    operations.create_account(
        workspace=people.workspace, values={"name": "Acme", "external_id": "A1"}, actor=SYSTEM,
        now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        operations.create_account(workspace=people.workspace, values=values, actor=SYSTEM, now=NOW)
    assert refused.value.field == field
    assert Account.objects.count() == 1


def test_lists_search_filter_and_sort(people: People) -> None:
    for number, (name, plan) in enumerate([("Acme", "pro"), ("Bolt", "free"), ("Cog", "pro")]):
        account = operations.create_account(
            workspace=people.workspace,
            values={"name": name, "plan": plan, "recurring_revenue": Decimal(number),
                    "owner": people.max if plan == "pro" else None},
            actor=SYSTEM,
            now=NOW,
        )  # fmt: skip
        _add(people, email=f"p{number}@x.example", name=f"Person {number}", account=account,
             language="en" if number else "fr")  # fmt: skip

    def names(**chosen: Any) -> list[str]:
        found = queries.list_contacts(workspace=people.workspace, **chosen)
        return [contact.name for contact in found]

    assert names(search="bolt") == ["Person 1"]
    assert names(search="P2@X") == ["Person 2"]
    assert names(plan="pro", order="-name") == ["Person 2", "Person 0"]
    assert names(language="fr") == ["Person 0"]
    assert names(owner=people.max, order="-account") == ["Person 2", "Person 0"]
    accounts = queries.list_accounts(workspace=people.workspace, order="-revenue")
    assert list(accounts.values_list("name", "contact_count")) == [
        ("Cog", 1), ("Bolt", 1), ("Acme", 1),
    ]  # fmt: skip
    assert queries.list_plans(workspace=people.workspace) == ["free", "pro"]
    assert queries.list_languages(workspace=people.workspace) == ["en", "fr"]


def test_a_stranger_finds_nobody(people: People) -> None:
    contact = _add(people, account_name="Acme")
    assert contact.account is not None
    for get, public_id in (
        (queries.get_contact, contact.public_id),
        (queries.get_account, contact.account.public_id),
        (queries.get_import, "imp_x"),
    ):
        with pytest.raises(NotFound):
            get(workspace=people.elsewhere, public_id=public_id)
    assert not queries.list_contacts(workspace=people.elsewhere).exists()


def test_the_time_line_tells_who_changed_what_newest_first(people: People) -> None:
    contact = _add(people, account_name="Acme")
    max_himself = Actor("member", people.max.public_id)
    operations.change_contact(
        contact=contact, changes={"persona": "Buyer"}, actor=max_himself, now=NOW
    )
    items = registry.timeline_of(workspace=people.workspace, contacts=[contact])
    told = {(item.title, item.text, item.actor) for item in items}
    assert ("Details were changed", "Role", "Max") in told
    assert ("Acme was changed", "Name", "") in told
    assert [item.at for item in items] == sorted((item.at for item in items), reverse=True)


def test_whoever_came_in_together_is_one_entry(people: People) -> None:
    contacts = [_add(people, email=f"p{n}@x.example", name=f"Person {n}") for n in range(7)]
    items = list(registry.timeline_of(workspace=people.workspace, contacts=contacts))
    [together] = [item for item in items if "added" in item.title]
    assert together.title == "7 contacts were added"
    assert together.text == "Person 0, Person 1, Person 2, Person 3, Person 4 and 2 more"


def test_scores_come_from_whoever_knows_them(people: People, settings: Any) -> None:
    contact = _add(people)
    assert registry.latest_scores(workspace=people.workspace, contacts=[contact]) == {}
    settings.AFTERSCORE_LATEST_SCORES = ("tests.customers.test_people.nine_for_everybody",)
    scores = registry.latest_scores(workspace=people.workspace, contacts=[contact])
    assert scores == {contact.pk: 9}


def test_an_answer_that_two_tell_of_is_one_entry(people: People, settings: Any) -> None:
    contact = _add(people)
    settings.AFTERSCORE_TIMELINE = (
        "tests.customers.test_people.an_answer",
        "tests.customers.test_people.the_same_answer_with_a_case",
    )
    [item] = registry.timeline_of(workspace=people.workspace, contacts=[contact])
    assert item.url == "/case"


def an_answer(*, workspace: Any, contacts: list[Contact]) -> list[registry.TimelineItem]:
    return [registry.TimelineItem(NOW, "Answered 9", score=9, contact=contacts[0])]


def the_same_answer_with_a_case(
    *, workspace: Any, contacts: list[Contact]
) -> list[registry.TimelineItem]:
    return [registry.TimelineItem(NOW, "Answered", score=9, url="/case", contact=contacts[0])]


def nine_for_everybody(*, workspace: Any, contacts: list[Contact]) -> dict[int, int]:
    return {contact.pk: 9 for contact in contacts if contact.workspace == workspace}
