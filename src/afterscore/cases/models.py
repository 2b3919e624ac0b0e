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
    """The conversation that follows one answer. Every answer has one.

    `due_at` is the instant by which the customer is to hear from us; `next_due_at` the instant by
    which somebody has to act next (None once closed): the same until the first reply, later when to
    come back to it. `score` and `comment_key` are what the case was last told of the answer.
    """

    public_id = ids.PublicIdField("case")
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, default=casework.State.NEW.value)
    score = models.PositiveSmallIntegerField()
    comment_key = models.CharField(max_length=64, blank=True)  # a keyed hash; "" = no comment
    priority = models.PositiveSmallIntegerField(default=0)  # 0 calm to 3 urgent
    priority_reasons = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
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
            SameWorkspace("owner", name="case_owner_same_workspace"),
            SameWorkspace("closed_by", name="case_closer_same_workspace"),
        ]
        indexes = [
            models.Index(
                "workspace",
                "next_due_at",
                models.F("priority").desc(),
                "id",
                name="case_open_by_due",
                condition=models.Q(next_due_at__isnull=False),
            ),
            models.Index(
                "workspace",
                "owner",
                "next_due_at",
                models.F("priority").desc(),
                "id",
                name="case_open_by_owner",
                condition=models.Q(next_due_at__isnull=False),
            ),
            models.Index(
                "workspace",
                models.F("closed_at").desc(),
                models.F("id").desc(),
                name="case_closed_by_time",
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(fields=["workspace", "contact"], name="case_by_contact"),
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

    class Call(models.TextChoices):
        """What became of a call."""

        REACHED = "reached", "Spoke with them"
        LEFT_MESSAGE = "left_message", "Left a message"
        NOT_REACHED = "not_reached", "Did not reach them"

    public_id = ids.PublicIdField("ent")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    call = models.CharField(max_length=12, choices=Call.choices, blank=True)
    author = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    minutes = models.PositiveSmallIntegerField(default=0)
    happened_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("case", name="entry_case_same_workspace"),
            SameWorkspace("author", name="entry_author_same_workspace"),
            SameWorkspace("message", name="entry_message_same_workspace"),
        ]
        indexes = [models.Index(fields=["case", "happened_at"], name="entry_by_case")]
