from __future__ import annotations

from django.db import models

from afterscore.cases.models.case import Case
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.responses.models import Response
from afterscore.workspaces.models import ChatRoom, Member, WorkspaceRow


class Alert(WorkspaceRow):
    """Something that somebody has to know now. `key` says what it is about: told once each, and
    again only where it was over in between. What somebody has put away is never told again."""

    public_id = ids.PublicIdField("alt")
    kind = models.CharField(max_length=24)  # domain.alerts.Kind
    key = models.CharField(max_length=120)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=300, blank=True)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # it is no longer so, or somebody saw to it
    settled_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "kind", "key"], name="alert_once"),
            SameWorkspace("case", name="alert_case_same_workspace"),
            SameWorkspace("member", name="alert_member_same_workspace"),
            SameWorkspace("settled_by", name="alert_settler_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "-raised_at"],
                name="alert_open",
                condition=models.Q(settled_at__isnull=True),
            )
        ]


class Notice(WorkspaceRow):
    """One mail to a colleague, or one post in a chat room: at most one of a kind and slot.

    `begun_at` is written before it is handed over and `sent_at` after. What was begun and neither
    sent nor refused may have arrived: it is not sent again.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", "The day ahead"
        ALERTS = "alerts", "Alerts"
        PRAISE = "praise", "Praise"

    public_id = ids.PublicIdField("ntc")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    room = models.ForeignKey(ChatRoom, null=True, on_delete=models.CASCADE, related_name="+")
    slot = models.CharField(max_length=40)  # a day, a week, or an instant
    lines = models.PositiveSmallIntegerField(default=0)  # 0 = there was nothing to say
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "member", "slot"],
                name="notice_once_a_member",
                condition=models.Q(member__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["kind", "room", "slot"],
                name="notice_once_a_room",
                condition=models.Q(room__isnull=False),
            ),
            SameWorkspace("member", name="notice_member_same_workspace"),
            SameWorkspace("room", name="notice_room_same_workspace"),
        ]


class Praise(WorkspaceRow):
    """A promoter named somebody of ours. It is shown only while that member wants to be named."""

    public_id = ids.PublicIdField("prs")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)  # taken off the wall
    hidden_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["response", "member"], name="praise_once"),
            SameWorkspace("response", name="praise_response_same_workspace"),
            SameWorkspace("member", name="praise_member_same_workspace"),
            SameWorkspace("hidden_by", name="praise_hider_same_workspace"),
        ]
        indexes = [models.Index(fields=["workspace", "member"], name="praise_by_member")]
