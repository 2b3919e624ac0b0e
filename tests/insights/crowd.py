"""Many people who answered, written down at once: for pages that count them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterscore.customers.models import Account, Contact
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response
from tests import builders, planner
from tests.people import NOW, People

LATER = NOW + timedelta(days=10)


@dataclass(frozen=True)
class Part:
    """So many people of one plan and country who gave these scores, one after the other."""

    plan: str
    country: str
    scores: Sequence[int]
    comment: str = ""


PARTS = (
    Part("enterprise", "DE", (10,) * 24 + (9,) * 8 + (7,) * 6 + (3,) * 2, "Runs by itself"),
    Part("enterprise", "FR", (10,) * 3 + (2,) * 2),
    Part("starter", "DE", (10,) * 6 + (8,) * 10 + (4,) * 18 + (0,) * 6, "Too dear"),
    Part("", "FR", (9,) * 3),
)


def answer_all(
    people: People,
    parts: Sequence[Part] = PARTS,
    *,
    wave: Wave | None = None,
    at: datetime = NOW,
    silent: int = 0,
    prefix: str = "p",
) -> Wave:
    """In one wave, a minute apart; `silent` more were asked."""
    workspace = people.workspace
    wave = wave or builders.launch_wave(workspace, launched_at=at - timedelta(days=1))
    known = [(part, score) for part in parts for score in part.scores]
    accounts = Account.objects.bulk_create(
        Account(
            workspace=workspace, name=f"{prefix}{number} Ltd", name_key=f"{prefix}{number} ltd",
            plan=part.plan, country=part.country, created_at=at, updated_at=at,
        )
        for number, (part, _score) in enumerate(known)
    )  # fmt: skip
    companies: list[Account | None] = [*accounts, *[None] * silent]
    contacts = Contact.objects.bulk_create(
        Contact(
            workspace=workspace, email=f"{prefix}{number}@quayside.example",
            name=f"Person {prefix}{number}", account=account, language="en", created_at=at,
            updated_at=at,
        )
        for number, account in enumerate(companies)
    )  # fmt: skip
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            workspace=workspace, wave=wave, contact=contact, account=contact.account,
            state=Enrolment.State.ANSWERED if number < len(known) else Enrolment.State.ENROLLED,
            language="en", sender_name="Olivia Byrne", sender_email="olivia@harbourline.example",
            created_at=wave.launched_at,
        )
        for number, contact in enumerate(contacts)
    )  # fmt: skip
    Response.objects.bulk_create(
        Response(
            workspace=workspace, enrolment=enrolment, wave=wave, contact=enrolment.contact,
            account=enrolment.account, score=score, first_score=score, comment=part.comment,
            language="en", touch="invitation", received_at=at + timedelta(minutes=number),
            changed_at=at, frozen=_frozen(part, enrolment),
        )
        for number, (enrolment, (part, score)) in enumerate(
            zip(enrolments, known, strict=False)
        )
    )  # fmt: skip
    planner.count(Account, Contact, Enrolment, Response)
    return wave


def _frozen(part: Part, enrolment: Enrolment) -> dict[str, dict[str, object]]:
    account: dict[str, object] = {"country": part.country, "attribute": {"region": "EMEA"}}
    if part.plan:
        account["plan"] = part.plan
    if enrolment.account:
        account |= {"id": enrolment.account.public_id, "name": enrolment.account.name}
    return {"contact": {"language": "en", "attribute": {}}, "account": account}
