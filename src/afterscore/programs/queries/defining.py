"""A program's row read back as its definition."""

from __future__ import annotations

from afterscore.domain import segments
from afterscore.domain.reminders import Positioning
from afterscore.programs.models import Program
from afterscore.programs.schemas import Definition
from afterscore.surveys import queries as surveys


def definition_of(*, program: Program) -> Definition:
    """What applying again would change nothing about; the company is left out when it is the
    workspace's own name."""
    version = surveys.latest_version(survey=program.survey)
    own_name = version.company == program.workspace.name
    return Definition(
        name=program.name,
        slug=program.slug,
        objective=program.objective,
        sponsor=program.sponsor,
        positioning=Positioning(program.positioning),
        company="" if own_name else version.company,
        questionnaire=surveys.questionnaire_of(version),
        audience=segments.parse(program.audience),
        sender=program.sender,
        sender_name=program.sender_name,
        sender_email=program.sender_email,
        cadence_days=program.cadence_days,
        reminders=program.reminders,
        reminder_after_days=program.reminder_after_days,
        send_window=program.send_window,
        open_days=program.open_days,
        answer_within_days=program.answer_within_days,
        subject=program.subject,
        body=program.body,
    )
