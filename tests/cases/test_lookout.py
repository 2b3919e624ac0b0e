"""What nobody would tell: that a key contact went silent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from afterscore.cases.models import Alert
from afterscore.cases.operations import lookout
from afterscore.programs.models import Enrolment
from afterscore.workspaces.models import Member
from tests import builders
from tests.people import NOW, People

TWO_WEEKS = NOW + timedelta(days=15)


@pytest.fixture
def asked(people: People) -> Enrolment:
    """Nora decides at an account that renews in a month; Ana looks after it."""
    enrolment = builders.enrol(people, email="nora@quayside.example", name="Nora Lindqvist")
    contact, account = enrolment.contact, enrolment.account
    assert account is not None
    contact.persona = "decision maker"
    contact.save()
    account.owner, account.renewal_on = people.ana, (TWO_WEEKS + timedelta(days=30)).date()
    account.save()
    return enrolment


def test_the_silence_of_a_key_contact_is_told_to_whoever_looks_after_her(
    people: People, asked: Enrolment
) -> None:
    assert lookout.watch_key_contacts(now=NOW + timedelta(days=13)) == 0
    assert lookout.watch_key_contacts(now=TWO_WEEKS) == 1
    assert lookout.watch_key_contacts(now=TWO_WEEKS + timedelta(days=1)) == 0
    alert = Alert.objects.get()
    assert alert.member == people.ana
    assert alert.text == (
        "Nora Lindqvist, decision maker at Quayside Freight, has been silent for 15 days since "
        "Relationship asked: renews in 30 days. A call may tell why."
    )
    assert asked.contact.public_id in alert.url


def test_an_answer_ends_the_alert(people: People, asked: Enrolment) -> None:
    lookout.watch_key_contacts(now=TWO_WEEKS)
    builders.answer(asked, score=8, now=TWO_WEEKS)
    lookout.watch_key_contacts(now=TWO_WEEKS + timedelta(hours=1))
    assert Alert.objects.get().settled_at == TWO_WEEKS + timedelta(hours=1)


@pytest.mark.parametrize(
    "changed",
    [
        {"renewal_on": None},
        {"renewal_on": None, "recurring_revenue": Decimal(20_000), "currency": "USD"},
        {"churned_on": NOW.date()},
    ],
)
def test_where_little_depends_on_it_nobody_is_told(
    people: People, asked: Enrolment, changed: dict[str, object]
) -> None:
    account = asked.account
    assert account is not None
    for name, value in changed.items():
        setattr(account, name, value)
    account.save()
    assert lookout.watch_key_contacts(now=TWO_WEEKS) == 0


def test_without_somebody_who_looks_after_her_managers_are_told(
    people: People, asked: Enrolment
) -> None:
    Member.objects.filter(pk=people.ana.pk).update(is_active=False)
    lookout.watch_key_contacts(now=TWO_WEEKS)
    assert Alert.objects.get().member is None
