"""Cases as tests need them: somebody answered, and a case is open."""

from __future__ import annotations

from datetime import datetime

from afterscore.cases import operations
from afterscore.cases.models import Case
from afterscore.domain.events import Actor
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member
from tests import builders
from tests.people import NOW, People


def by(member: Member) -> Actor:
    return Actor("member", member.public_id)


def open_for(
    people: People,
    *,
    score: int = 3,
    comment: str = "",
    name: str = "Nora Lindqvist",
    account: str = "Quayside Freight",
    language: str = "en",
    owner: Member | None = None,
    now: datetime = NOW,
) -> Case:
    """A new person of the account answered, and her case is open; `owner` has it."""
    enrolment = builders.enrol(
        people,
        email=f"person{Response.objects.count()}@quayside.example",
        name=name,
        account=account,
        language=language,
        launched_at=now,
    )
    response = builders.answer(enrolment, score=score, comment=comment, now=now)
    case = operations.open_case(response=response, now=now)
    if owner is not None and case.owner != owner:
        case = operations.assign(case=case, owner=owner, actor=by(owner), now=now)
    return case
