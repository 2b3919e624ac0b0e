from __future__ import annotations

from django.db import models

from afterscore.customers.models import Account, Contact
from afterscore.domain import casework
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.outreach.models import Message
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, WorkspaceRow


class Case(WorkspaceRow):
    """The conversation that follows one answer. Every answer has one."""

    public_id = ids.PublicIdField("case")
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, default=casework.State.NEW.value)
    priority = models.PositiveSmallIntegerField(default=0)  # 0 calm to 3 urgent
    priority_reasons = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_reply_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, blank=True)
    not_closed_reason = models.CharField(max_length=24, blank=True)
    insight = models.TextField(blank=True)
    minutes = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("response", name="case_response_same_workspace"),
            SameWorkspace("contact", name="case_contact_same_workspace"),
            SameWorkspace("account", name="case_account_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "due_at"], name="case_by_due"),
            models.Index(fields=["workspace", "owner", "state", "due_at"], name="case_by_owner"),
            models.Index(fields=["workspace", "account"], name="case_by_account"),
        ]


class Entry(WorkspaceRow):
    """One line of a case's history: a note, a call, a reply, a change."""

    class Kind(models.TextChoices):
        NOTE = "note", "Note"
        CALL = "call", "Call"
        REPLY = "reply", "Reply"
        CUSTOMER = "customer", "Customer wrote"
        CHANGE = "change", "Change"

    public_id = ids.PublicIdField("ent")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    minutes = models.PositiveSmallIntegerField(default=0)
    happened_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("case", name="entry_case_same_workspace"),
        ]
        indexes = [models.Index(fields=["case", "happened_at"], name="entry_by_case")]
