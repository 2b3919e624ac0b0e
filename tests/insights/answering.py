"""Answers of many kinds in few lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from afterscore.customers.models import Account, Contact
from afterscore.programs.models import Wave
from afterscore.responses.models import Response
from tests import builders
from tests.people import NOW, People

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
MARCH = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)


def said(
    people: People,
    score: int,
    *,
    comment: str = "",
    at: datetime = NOW,
    wave: Wave | None = None,
    account: dict[str, Any] | None = None,
    contact: dict[str, Any] | None = None,
    **changes: Any,
) -> Response:
    """A new person of the account answered: `account` and `contact` are what is known of them at
    that moment, `changes` what the answer itself is made to hold."""
    known = {"name": "Quayside Freight"} | (account or {})
    number = Response.objects.count()
    enrolment = builders.enrol(
        people,
        email=f"person{number}@quayside.example",
        name=f"Person {number}",
        account=known["name"],
        wave=wave or _wave(people),
    )
    Account.objects.filter(name=known["name"], workspace=people.workspace).update(**known)
    Contact.objects.filter(pk=enrolment.contact.pk).update(**(contact or {}))
    enrolment.contact.refresh_from_db()
    answer = builders.answer(enrolment, score=score, comment=comment or None, now=at)
    if changes:
        Response.objects.filter(pk=answer.pk).update(**changes)
        answer.refresh_from_db()
    return answer


def _wave(people: People) -> Wave:
    """One that takes answers in all of the tests' time."""
    found = Wave.objects.filter(workspace=people.workspace).first()
    if found is None:
        found = builders.launch_wave(people.workspace, launched_at=LONG_AGO)
        Wave.objects.filter(pk=found.pk).update(closes_at=NOW + timedelta(days=365))
        found.refresh_from_db()
    return found
