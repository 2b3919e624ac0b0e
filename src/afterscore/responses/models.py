from __future__ import annotations

from django.db import models

from afterscore.customers.models import Account, Contact
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.programs.models import Enrolment, Wave
from afterscore.workspaces.models import WorkspaceRow


class Response(WorkspaceRow):
    """One answer of one person to one invitation.

    `frozen` is a copy of the contact's and the account's attributes at the moment of the first
    answer: {"contact": {...}, "account": {...}}. The score may change until the wave closes.
    """

    public_id = ids.PublicIdField("rsp")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="+")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    score = models.PositiveSmallIntegerField()
    first_score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    drivers = models.JSONField(default=dict)
    channel = models.CharField(max_length=16, default="email")
    touch = models.CharField(max_length=12, blank=True)  # the last message sent before the answer
    language = models.CharField(max_length=16)
    frozen = models.JSONField(default=dict)
    edits = models.PositiveSmallIntegerField(default=0)
    seconds_to_answer = models.FloatField(null=True)  # from page view to score, as the page saw it
    received_at = models.DateTimeField()
    commented_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(score__lte=10, first_score__lte=10), name="score_on_scale"
            ),
            SameWorkspace("enrolment", name="response_enrolment_same_workspace"),
            SameWorkspace("wave", name="response_wave_same_workspace"),
            SameWorkspace("contact", name="response_contact_same_workspace"),
            SameWorkspace("account", name="response_account_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "received_at"], include=["score"], name="response_by_time"
            ),
            models.Index(fields=["workspace", "wave", "score"], name="response_by_wave"),
            models.Index(
                fields=["workspace", "contact", "received_at"], name="response_by_contact"
            ),
            models.Index(
                fields=["workspace", "account", "received_at"], name="response_by_account"
            ),
        ]
