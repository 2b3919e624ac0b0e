from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from afterscore.customers.models import Contact
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.workspaces.models import WorkspaceRow


class Kind(models.TextChoices):
    HEADS_UP = "heads_up", "Heads-up"
    INVITATION = "invitation", "Invitation"
    REMINDER = "reminder", "Reminder"
    FOLLOW_UP = "follow_up", "Follow-up"  # automated, counts against the cap
    REPLY = "reply", "Reply"  # written by a person


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    DUE = "due", "Due"
    CLAIMED = "claimed", "Claimed"
    HANDOFF = "handoff", "Being handed over"
    SENT = "sent", "Sent"
    SUPPRESSED = "suppressed", "Suppressed"
    EXPIRED = "expired", "Expired"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"
    IN_DOUBT = "in_doubt", "In doubt"


class MailRoute(WorkspaceRow):
    """How the mail of certain senders leaves the house; without one, the install's own way."""

    public_id = ids.PublicIdField("rte")
    name = models.CharField(max_length=120)
    senders = models.JSONField(default=list)  # addresses and domains; [] = every other sender
    channel = models.CharField(max_length=20)  # a key of channels.CHANNELS
    secrets = models.TextField(blank=True)  # encrypted: passwords, keys of a provider
    options = models.JSONField(default=dict)  # whatever else the channel needs
    per_minute = models.PositiveIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    forged_reports = models.PositiveIntegerField(default=0, db_default=0)  # refused at the door
    forged_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "name"], name="route_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Throttle(models.Model):
    """A bucket of tokens: how much may still leave by this route, or to this domain."""

    key = models.CharField(max_length=160, unique=True)
    tokens = models.FloatField()
    refilled_at = models.DateTimeField()


class Message(WorkspaceRow):
    """One message to one person. The row is the queue.

    `stream` is the public id of what it belongs to (a wave, a case); with contact, kind and step
    it is unique, so that planning twice plans once. What the text needs is frozen in `fields`.
    """

    public_id = ids.PublicIdField("msg")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    stream = models.CharField(max_length=60)
    step = models.PositiveSmallIntegerField(default=0)
    scope = models.CharField(max_length=60, blank=True)  # the program's public id
    route = models.ForeignKey(MailRoute, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    to_email = models.CharField(max_length=254)
    to_name = models.CharField(max_length=120, blank=True)
    sender_name = models.CharField(max_length=120)
    sender_email = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=16)
    subject = models.CharField(max_length=300, blank=True)  # "" = the language's own
    body = models.TextField(blank=True)  # Liquid text above the scale, or the whole reply
    fields = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    is_held = models.BooleanField(default=False)
    send_window = models.CharField(max_length=16, default="business_hours")
    time_zone = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)  # fences off whoever claimed it before
    failures = models.PositiveSmallIntegerField(default=0)  # temporary refusals of the mail server
    claimed_by = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)  # the mail provider's name for it
    repeat_until = models.DateTimeField(null=True)  # in doubt, and safe to ask once more until then
    resends = models.PositiveSmallIntegerField(default=0)  # sent once more out of doubt
    reply = models.TextField(blank=True)  # what the mail server said, word for word
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "stream", "contact", "kind", "step"], name="message_once"
            ),
            SameWorkspace("contact", name="message_contact_same_workspace"),
            SameWorkspace("route", name="message_route_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "route", "due_at"],
                name="message_waiting",
                condition=models.Q(state__in=["planned", "due"], is_held=False),
            ),
            models.Index(
                fields=["lease_until"],
                name="message_leased",
                condition=models.Q(state__in=["claimed", "handoff"]),
            ),
            models.Index(fields=["workspace", "stream", "kind", "state"], name="message_by_stream"),
            models.Index(fields=["workspace", "contact", "-due_at"], name="message_by_contact"),
            models.Index(
                "workspace",
                Coalesce("sent_at", "created_at").desc(),
                models.F("id").desc(),
                name="message_by_time",
            ),
            models.Index(fields=["workspace", "state", "-due_at"], name="message_by_state"),
            models.Index(
                fields=["workspace", "provider_id"],
                name="message_by_provider",
                condition=~models.Q(provider_id=""),
            ),
        ]


class Delivery(WorkspaceRow):
    """What became of a message after it left: said by a mail server, a provider, or the reader."""

    class Kind(models.TextChoices):
        DELIVERED = "delivered"
        BOUNCED = "bounced"
        COMPLAINED = "complained"
        UNSUBSCRIBED = "unsubscribed"
        AUTO_REPLIED = "auto_replied"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    is_permanent = models.BooleanField(default=True)
    detail = models.TextField(blank=True)
    event_id = models.CharField(max_length=200)
    occurred_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "event_id"], name="delivery_once"),
            SameWorkspace("message", name="delivery_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["message", "kind"], name="delivery_by_message"),
            models.Index(
                fields=["workspace", "message"],
                name="delivery_refused",
                condition=models.Q(kind__in=["bounced", "complained"]),
            ),
        ]


class Suppression(WorkspaceRow):
    """An address that gets no more mail. Kept as a keyed hash, so that it survives erasure."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed"
        BOUNCED = "bounced"
        COMPLAINED = "complained"
        MANUAL = "manual"
        ERASED = "erased"

    address_hash = models.CharField(max_length=64)
    scope = models.CharField(max_length=60, blank=True)  # a program's public id; "" = all mail
    reason = models.CharField(max_length=14, choices=Reason.choices)
    source = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "address_hash", "scope", "reason"], name="suppression_once"
            ),
        ]


class InboundEvent(WorkspaceRow):
    """What a mail server or a provider told us, word for word, before anything is made of it.

    `event_id` is the sender's own, or a hash of what it says: told twice, it is kept once.
    """

    public_id = ids.PublicIdField("inb")
    source = models.CharField(max_length=40)  # "mail", or the provider's name
    route = models.ForeignKey(MailRoute, null=True, on_delete=models.SET_NULL, related_name="+")
    event_id = models.CharField(max_length=200)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+")
    body = models.TextField()
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    unmatched = models.PositiveSmallIntegerField(default=0, db_default=0)  # about nothing of ours
    outcome = models.CharField(max_length=200, blank=True)  # what was made of it, in words

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "source", "event_id"], name="inbound_once"
            ),
            SameWorkspace("route", name="inbound_route_same_workspace"),
            SameWorkspace("message", name="inbound_message_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "-received_at", "-id"],
                name="inbound_by_time",
            ),
            models.Index(
                fields=["received_at"],
                name="inbound_unprocessed",
                condition=models.Q(processed_at=None),
            ),
            models.Index(
                fields=["received_at"],
                name="inbound_unmatched",
                condition=models.Q(unmatched__gt=0),
            ),
        ]


class Guard(models.Model):
    """Of the whole install: while one is closed, nothing is sent. `value` is what it compares."""

    name = models.CharField(max_length=160, unique=True)
    is_closed = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    value = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["is_closed"], name="guard_closed", condition=models.Q(is_closed=True)
            )
        ]

    def __str__(self) -> str:
        return self.name
