from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from afterscore.domain import questionnaire
from afterscore.kit.errors import Refused
from afterscore.surveys import queries
from afterscore.surveys.models import Survey, SurveyVersion

if TYPE_CHECKING:
    from afterscore.domain.questionnaire import Questionnaire
    from afterscore.workspaces.models import Workspace

LONGEST_NAME = 120


@transaction.atomic
def save_survey(
    *,
    workspace: Workspace,
    survey: Survey | None,
    name: str,
    company: str,
    questionnaire: Questionnaire,
    now: datetime,
) -> SurveyVersion:
    """Creates a survey, or changes one; a new version only when what is asked has changed.

    A survey is edited as part of a program: the fact is the program's, written by the caller in
    the same transaction.
    """
    name = _line(name, "name", empty="Give the survey a name.")
    company = _line(company, "company", empty="Say which company people would recommend.")
    if survey is None:
        survey = Survey.objects.create(workspace=workspace, name=name, created_at=now)
    else:
        survey = _renamed(workspace, survey, name)
    return _version(survey, company, questionnaire, now)


def _line(text: str, field: str, *, empty: str) -> str:
    """The text on one line. Names such as "booking.com" stay as they are: a manager wrote them."""
    line = " ".join(text.split())
    if not line:
        raise Refused(empty, field=field)
    if not line.isprintable():
        raise Refused("Write it without invisible characters.", field=field)
    if len(line) > LONGEST_NAME:
        raise Refused(f"At most {LONGEST_NAME} characters; this has {len(line)}.", field=field)
    return line


def _renamed(workspace: Workspace, survey: Survey, name: str) -> Survey:
    """The survey's row, locked: two people who save at once get two numbers."""
    locked = Survey.objects.select_for_update().get(workspace=workspace, pk=survey.pk)
    if locked.name != name:
        locked.name = name
        locked.save(update_fields=["name"])
    return locked


def _version(survey: Survey, company: str, asked: Questionnaire, now: datetime) -> SurveyVersion:
    data = questionnaire.to_data(asked)
    latest = queries.find_latest_version(survey=survey)
    if latest and latest.company == company and latest.questionnaire == data:
        return latest
    return SurveyVersion.objects.create(
        workspace_id=survey.workspace_id,
        survey=survey,
        number=latest.number + 1 if latest else 1,
        company=company,
        questionnaire=data,
        created_at=now,
    )
