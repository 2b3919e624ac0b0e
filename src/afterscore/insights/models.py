from __future__ import annotations

from django.db import models

from afterscore.kit import ids
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


class SharedLink(WorkspaceRow):
    """A page of figures with its filter, to be read without a login until a day.

    The address carries a secret that is shown once; its SHA-256 is kept. `query` is the filter as
    it stood, with days in place of "the last 90 days". `uses` counts how often it was opened.
    """

    class Page(models.TextChoices):
        PULSE = "pulse", "Pulse"
        SCORE = "score", "Score"
        COMPARE = "compare", "Compare"
        EXPLORE = "explore", "Explore"
        HEALTH = "health", "Health"

    public_id = ids.PublicIdField("shl")
    page = models.CharField(max_length=16, choices=Page.choices)
    query = models.CharField(max_length=2000, blank=True)
    title = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    shows_words = models.BooleanField(default=False)  # verbatims; never names
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="link_in_order"
            ),
            SameWorkspace("made_by", name="shared_link_maker_same_workspace"),
        ]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="shared_link_by_time")]
