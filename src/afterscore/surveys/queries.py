from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from afterscore.domain import questionnaire
from afterscore.kit.errors import NotFound
from afterscore.surveys.models import Survey, SurveyVersion

if TYPE_CHECKING:
    from afterscore.domain.questionnaire import Questionnaire


def find_latest_version(*, survey: Survey) -> SurveyVersion | None:
    """What is asked from now on; None for a survey whose first version is being written."""
    return list_versions(survey=survey).first()


def latest_version(*, survey: Survey) -> SurveyVersion:
    version = find_latest_version(survey=survey)
    if version is None:
        raise NotFound(f"The survey '{survey.name}' has no version.")
    return version


def list_versions(*, survey: Survey) -> QuerySet[SurveyVersion]:
    """All that was ever asked with this survey, newest first."""
    return SurveyVersion.objects.filter(workspace=survey.workspace_id, survey=survey).order_by(
        "-number"
    )


def questionnaire_of(version: SurveyVersion) -> Questionnaire:
    return questionnaire.parse(version.questionnaire)
