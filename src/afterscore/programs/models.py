from __future__ import annotations

from django.db import models

from afterscore.customers.models import Account, Contact
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.surveys.models import Survey, SurveyVersion
from afterscore.workspaces.models import Member, WorkspaceRow


class Program(WorkspaceRow):
    """Why, whom, what, when and what then: one way of asking customers."""

    class Sender(models.TextChoices):
        NAMED = "named", "A named person"
        ACCOUNT_OWNER = "account_owner", "The account's owner"

    public_id = ids.PublicIdField("prg")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    objective = models.TextField(blank=True)
    sponsor = models.CharField(max_length=120, blank=True)
    positioning = models.CharField(max_length=20, default="between")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    audience = models.JSONField(default=dict)  # domain.segments, as data; {} = everyone
    sender = models.CharField(max_length=16, choices=Sender.choices, default=Sender.NAMED)
    sender_name = models.CharField(max_length=120, blank=True)
    sender_email = models.CharField(max_length=254, blank=True)
    cadence_days = models.PositiveSmallIntegerField(default=90)
    reminders = models.PositiveSmallIntegerField(default=1)
    reminder_after_days = models.PositiveSmallIntegerField(default=5)
    open_days = models.PositiveSmallIntegerField(default=30)
    send_window = models.CharField(max_length=16, default="business_hours")
    answer_within_days = models.PositiveSmallIntegerField(default=5)
    subject = models.CharField(max_length=300, blank=True)  # Liquid; "" = the language's own
    body = models.TextField(blank=True)  # Liquid; "" = the language's own
    is_archived = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "slug"], name="program_by_slug"),
            SameWorkspace("survey", name="program_survey_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name


class Wave(WorkspaceRow):
    """One round of a program with its audience frozen."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"

    public_id = ids.PublicIdField("wav")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    survey_version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="+")
    audience = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    eligible = models.PositiveIntegerField(default=0)
    excluded = models.PositiveIntegerField(default=0)
    launched_by = models.CharField(max_length=80)
    launched_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["program", "number"], name="one_wave_a_number"),
            SameWorkspace("program", name="wave_program_same_workspace"),
            SameWorkspace("survey_version", name="wave_version_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.program} · wave {self.number}"


class Enrolment(WorkspaceRow):
    """One contact in one wave: asked, or not asked and why."""

    class State(models.TextChoices):
        EXCLUDED = "excluded", "Not asked"
        ENROLLED = "enrolled", "Asked"
        ANSWERED = "answered", "Answered"
        STOPPED = "stopped", "Stopped"

    public_id = ids.PublicIdField("enr")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=24, blank=True)  # domain.fatigue.Reason
    detail = models.CharField(max_length=300, blank=True)
    until = models.DateTimeField(null=True)
    language = models.CharField(max_length=16)
    sender_name = models.CharField(max_length=120, blank=True)
    sender_email = models.CharField(max_length=254, blank=True)
    answered_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["wave", "contact"], name="enrolled_once"),
            SameWorkspace("wave", name="enrolment_wave_same_workspace"),
            SameWorkspace("contact", name="enrolment_contact_same_workspace"),
            SameWorkspace("account", name="enrolment_account_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["workspace", "wave", "state"], name="enrolment_by_state"),
            models.Index(
                fields=["workspace", "contact", "-created_at"], name="enrolment_by_contact"
            ),
        ]
