"""An improvement and who asked for it, as tests need them."""

from __future__ import annotations

from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM, Actor
from afterscore.improvements import operations
from afterscore.improvements.models import Improvement, Theme
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member
from tests import builders
from tests.people import NOW, People

TOLD = {"en": {"subject": "What became of it", "body": "Hello {{ first_name }}, it is there."}}


def by(member: Member) -> Actor:
    return Actor("member", member.public_id)


def save_theme(
    people: People,
    name: str = "Reports",
    words: str = "report",
    department: Department | None = Department.PRODUCT,
) -> Theme:
    return operations.save_theme(
        workspace=people.workspace,
        name=name,
        words=words,
        department=department,
        actor=by(people.max),
        now=NOW,
    )


def propose(
    people: People, title: str = "Two sites in one report", theme: Theme | None = None
) -> Improvement:
    return operations.save_improvement(
        workspace=people.workspace,
        proposal=operations.Proposal(title=title, theme=theme),
        actor=by(people.ana),
        now=NOW,
    )


def hear(
    people: People, name: str, comment: str, *, score: int = 3, language: str = "en"
) -> Response:
    """Somebody of this name answered."""
    enrolment = builders.enrol(
        people,
        email=f"{name.lower()}@quayside.example",
        name=f"{name} Lindqvist",
        language=language,
    )
    return builders.answer(enrolment, score=score, comment=comment)


def link(people: People, improvement: Improvement, *responses: Response) -> None:
    operations.link_voices(
        improvement=improvement, responses=list(responses), actor=SYSTEM, now=NOW
    )
