from __future__ import annotations

from django.db import models

from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.workspaces.models import WorkspaceRow


class Survey(WorkspaceRow):
    public_id = ids.PublicIdField("srv")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        pass


class SurveyVersion(WorkspaceRow):
    """What was asked, word for word; a version that was used is never changed."""

    public_id = ids.PublicIdField("svv")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    company = models.CharField(max_length=120)  # whom one would recommend
    questionnaire = models.JSONField(default=dict)  # domain.questionnaire, as data
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["survey", "number"], name="one_version_a_number"),
            SameWorkspace("survey", name="version_survey_same_workspace"),
        ]
