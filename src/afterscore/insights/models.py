from __future__ import annotations

from django.db import models

from afterscore.kit.tenancy import SameWorkspace
from afterscore.workspaces.models import Member, WorkspaceRow


class Reading(WorkspaceRow):
    """A member looked at one of the pages that show how it goes, on a day: whether executives
    read is asked of these rows, and nothing else is."""

    class Page(models.TextChoices):
        PULSE = "pulse", "Pulse"
        DEPARTMENT = "department", "Department"
        LOOPS = "loops", "Loops"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=16, choices=Page.choices)
    on = models.DateField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["member", "page", "on"], name="reading_once_a_day"),
            SameWorkspace("member", name="reading_member_same_workspace"),
        ]
        indexes = [models.Index(fields=["workspace", "on"], name="reading_by_day")]
