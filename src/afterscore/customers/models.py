from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.workspaces.models import Member, WorkspaceRow


class Account(WorkspaceRow):
    """A company that is a customer."""

    public_id = ids.PublicIdField("acc")
    external_id = models.CharField(max_length=120, null=True)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)  # the name as it is matched: trimmed, case folded
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    plan = models.CharField(max_length=80, blank=True)
    industry = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    lifecycle_stage = models.CharField(max_length=40, blank=True)
    recurring_revenue = models.DecimalField(max_digits=16, decimal_places=2, null=True)  # a year
    currency = models.CharField(max_length=3, blank=True)
    renewal_on = models.DateField(null=True)
    churned_on = models.DateField(null=True)
    quarantined_until = models.DateTimeField(null=True)  # nobody there is asked before
    quarantine_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    attributes = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "name_key"], name="account_by_name"),
            models.UniqueConstraint(
                fields=["workspace", "external_id"], name="account_by_external"
            ),
            SameWorkspace("owner", name="account_owner_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(WorkspaceRow):
    """A person at a customer whom one may ask."""

    public_id = ids.PublicIdField("con")
    external_id = models.CharField(max_length=120, null=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    email = models.CharField(max_length=254, null=True)  # normalised; None once erased
    name = models.CharField(max_length=120, blank=True)
    persona = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=16, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    consent_basis = models.CharField(max_length=40, blank=True)
    consent_source = models.CharField(max_length=120, blank=True)
    consent_on = models.DateField(null=True)
    attributes = models.JSONField(default=dict)
    last_asked_at = models.DateTimeField(null=True)
    ask_gap_days = models.PositiveSmallIntegerField(null=True)  # their own wish: less often
    quarantined_until = models.DateTimeField(null=True)  # not asked before
    quarantine_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "email"], name="contact_by_email"),
            models.UniqueConstraint(
                fields=["workspace", "external_id"], name="contact_by_external"
            ),
            SameWorkspace("account", name="contact_account_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["workspace", "account"], name="contact_by_account"),
            models.Index(fields=["workspace", "name", "id"], name="contact_by_name"),
            GinIndex(fields=["attributes"], name="contact_attributes"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or "(erased)"


class Signal(WorkspaceRow):
    """Something that happened at a customer, told by another system: the raw material of triggers,
    and of everything that is set beside the scores.

    `external_id` is the source's own name for it, so that telling it twice tells it once.
    """

    class Kind(models.TextChoices):
        EVENT = "event", "Event"  # onboarding finished, a release adopted, anything with a name
        TICKET = "ticket", "Support ticket"
        USAGE = "usage", "Usage"
        INTERACTION = "interaction", "Conversation"  # somebody of ours spoke with them
        MESSAGE = "message", "Message of another system"  # counts in the fatigue budget
        OUTCOME = "outcome", "Outcome"  # renewed, expanded, left

    public_id = ids.PublicIdField("sig")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=80)  # "onboarding_finished", "ticket_closed"
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=120)
    attributes = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "source", "external_id"], name="signal_once"
            ),
            SameWorkspace("account", name="signal_account_same_workspace"),
            SameWorkspace("contact", name="signal_contact_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "kind", "name", "occurred_at"], name="signal_by_name"
            ),
            models.Index(fields=["workspace", "contact", "-occurred_at"], name="signal_by_contact"),
            models.Index(fields=["workspace", "account", "-occurred_at"], name="signal_by_account"),
        ]


class Import(WorkspaceRow):
    """One file of customers on its way in; resumable from `done_rows`."""

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    public_id = ids.PublicIdField("imp")
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, blank=True, default="")  # SHA-256 of the file
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    header = models.JSONField(default=list)
    profile = models.JSONField(default=dict)  # importers.profiles: what each column holds
    mapping = models.JSONField(default=dict)  # column name -> field, or "" for "leave out"
    date_order = models.CharField(max_length=3, blank=True)  # dmy, mdy or ymd
    creates_accounts = models.BooleanField(default=True)
    is_dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    total_rows = models.PositiveIntegerField(null=True)
    done_rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    accounts_created = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["workspace", "-created_at"], name="import_by_time")]


class Refusal(WorkspaceRow):
    """Why one row of a file did not go in, in words; a row may have several reasons."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()  # as a spreadsheet counts: the header is row 1
    column = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300)
    value = models.CharField(max_length=200, blank=True)
    cells = models.JSONField(null=True)  # the whole row, with the first of its refusals

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("source", name="refusal_same_workspace"),
        ]
        indexes = [models.Index(fields=["source", "row"], name="refusal_by_row")]


class RememberedMapping(WorkspaceRow):
    """How a file with these column names was mapped last time."""

    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "fingerprint"], name="mapping_by_header"),
        ]
