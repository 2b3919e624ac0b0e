from __future__ import annotations

from django.db import models

from afterscore.cases.models.case import Case
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.outreach.models import InboundEvent, Message
from afterscore.workspaces.models import Member, WorkspaceRow


class Entry(WorkspaceRow):
    """One line of a case's history: a note, a call, a reply, a change.

    Of a mail that came in, `text` is what was written, `quoted` what it repeated of earlier mails,
    `sender` who wrote it: not always the contact; `mail_id` is its Message-ID.
    """

    class Kind(models.TextChoices):
        NOTE = "note", "Note"
        CALL = "call", "Call"
        REPLY = "reply", "Reply"
        CUSTOMER = "customer", "Customer wrote"
        AUTOMATIC = "automatic", "Automatic reply"
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
    subject = models.CharField(max_length=300, blank=True)
    quoted = models.TextField(blank=True)
    sender = models.CharField(max_length=254, blank=True)
    mail_id = models.CharField(max_length=260, blank=True, db_default="")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    inbound = models.ForeignKey(
        InboundEvent, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    minutes = models.PositiveSmallIntegerField(default=0)
    happened_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("case", name="entry_case_same_workspace"),
            SameWorkspace("author", name="entry_author_same_workspace"),
            SameWorkspace("message", name="entry_message_same_workspace"),
            SameWorkspace("inbound", name="entry_inbound_same_workspace"),
            models.UniqueConstraint(
                fields=["case", "mail_id"],
                name="entry_once_a_mail",
                condition=~models.Q(mail_id=""),
            ),
        ]
        indexes = [models.Index(fields=["case", "happened_at"], name="entry_by_case")]


class Mention(WorkspaceRow):
    """Somebody was named in a note and is to read it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["entry", "member"], name="mention_once"),
            SameWorkspace("entry", name="mention_entry_same_workspace"),
            SameWorkspace("member", name="mention_member_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["member"], name="mention_unseen", condition=models.Q(seen_at__isnull=True)
            )
        ]


class Attachment(WorkspaceRow):
    """A file that came with a customer's mail. It is only ever handed out as a download.

    `caution` says why to be careful with it, as far as name and beginning tell.
    """

    public_id = ids.PublicIdField("att")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256
    caution = models.CharField(max_length=60, blank=True, db_default="")
    content = models.BinaryField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("entry", name="attachment_entry_same_workspace"),
        ]
        indexes = [models.Index(fields=["entry"], name="attachment_by_entry")]
