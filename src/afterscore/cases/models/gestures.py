from __future__ import annotations

from django.db import models

from afterscore.cases.models.case import Case
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.workspaces.models import Member, WorkspaceRow


class Gift(WorkspaceRow):
    """What one may give to say thank you: a line of the catalogue."""

    class Kind(models.TextChoices):
        NOTE = "note", "A note by hand"
        CARD = "card", "Gift card"
        GOODS = "goods", "Something to hold"
        OTHER = "other", "Something else"

    public_id = ids.PublicIdField("gft")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=80)
    cost = models.DecimalField(max_digits=10, decimal_places=2)  # the workspace's currency
    needs_approval = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "name"], name="gift_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Budget(WorkspaceRow):
    """What may be given away in a quarter, in the workspace's currency."""

    starts_on = models.DateField()  # the first day of the quarter
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "starts_on"], name="budget_once"),
        ]


class Gesture(WorkspaceRow):
    """A gift to a customer, after an answer and never because of its score."""

    class State(models.TextChoices):
        ASKED = "asked", "Waits for approval"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        SENT = "sent", "On its way"
        ARRIVED = "arrived", "Arrived"
        CANCELLED = "cancelled", "Called off"

    public_id = ids.PublicIdField("ges")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="+")
    cost = models.DecimalField(max_digits=10, decimal_places=2)  # as it was when it was asked for
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("case", name="gesture_case_same_workspace"),
            SameWorkspace("gift", name="gesture_gift_same_workspace"),
            SameWorkspace("asked_by", name="gesture_asker_same_workspace"),
            SameWorkspace("decided_by", name="gesture_decider_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["case"], name="gesture_by_case"),
            models.Index(fields=["workspace", "state", "asked_at"], name="gesture_by_state"),
        ]
