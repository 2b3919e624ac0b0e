"""Rows that many tests need: somebody at a customer who was asked, and what she answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from afterscore.customers.models import Account, Contact
from afterscore.domain.questionnaire import Questionnaire
from afterscore.kit import signing
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.responses import operations as responses
from afterscore.surveys import operations as surveys
from tests.people import NOW, People

if TYPE_CHECKING:
    from afterscore.responses.models import Response
    from afterscore.workspaces.models import Workspace

OPEN_DAYS = 30


def launch_wave(
    workspace: Workspace,
    *,
    program: str = "relationship",
    company: str = "Harbourline",
    questionnaire: Questionnaire | None = None,
    launched_at: datetime = NOW,
) -> Wave:
    """A running wave of a program of this slug, with its survey; every call adds a wave."""
    version = surveys.save_survey(
        workspace=workspace,
        survey=None,
        name=program.capitalize(),
        company=company,
        questionnaire=questionnaire or Questionnaire(),
        now=launched_at,
    )
    row, _created = Program.objects.get_or_create(
        workspace=workspace,
        slug=program,
        defaults={
            "name": program.capitalize(),
            "survey": version.survey,
            "sender_name": "Olivia Byrne",
            "sender_email": "olivia@harbourline.example",
            "open_days": OPEN_DAYS,
            "created_at": launched_at,
            "updated_at": launched_at,
        },
    )
    return Wave.objects.create(
        workspace=workspace,
        program=row,
        number=Wave.objects.filter(program=row).count() + 1,
        survey_version=version,
        launched_by="system",
        launched_at=launched_at,
        closes_at=launched_at + timedelta(days=OPEN_DAYS),
    )


def enrol(
    people: People,
    *,
    email: str = "nora@quayside.example",
    name: str = "Nora Lindqvist",
    account: str = "Quayside Freight",
    language: str = "en",
    wave: Wave | None = None,
    launched_at: datetime = NOW,
) -> Enrolment:
    """Nora of Quayside Freight, or whom you name, asked in the running wave or the one you give.

    With `account=""` she belongs to no company. The wave is launched when there is none yet.
    """
    workspace = people.workspace
    wave = wave or _running_wave(workspace, launched_at)
    company = _account(workspace, account, launched_at) if account else None
    contact, _created = Contact.objects.get_or_create(
        workspace=workspace,
        email=email,
        defaults={
            "name": name,
            "account": company,
            "language": language,
            "created_at": launched_at,
            "updated_at": launched_at,
        },
    )
    return Enrolment.objects.create(
        workspace=workspace,
        wave=wave,
        contact=contact,
        account=contact.account,
        state=Enrolment.State.ENROLLED,
        language=language,
        sender_name="Olivia Byrne",
        sender_email="olivia@harbourline.example",
        created_at=wave.launched_at,
    )


def survey_path(enrolment: Enrolment) -> str:
    """The address in this person's mail, without the score."""
    return f"/s/{signing.sign('survey', enrolment.public_id)}"


def answer(
    enrolment: Enrolment, *, score: int, comment: str | None = None, now: datetime = NOW
) -> Response:
    """What record_response makes of a finished answer."""
    return responses.record_response(
        enrolment=enrolment, score=score, channel="email", comment=comment, complete=True, now=now
    ).response


def _running_wave(workspace: Workspace, launched_at: datetime) -> Wave:
    found = Wave.objects.filter(workspace=workspace, state=Wave.State.RUNNING).last()
    return found or launch_wave(workspace, launched_at=launched_at)


def _account(workspace: Workspace, name: str, now: datetime) -> Account:
    account, _created = Account.objects.get_or_create(
        workspace=workspace,
        name_key=name.casefold(),
        defaults={"name": name, "created_at": now, "updated_at": now},
    )
    return account
