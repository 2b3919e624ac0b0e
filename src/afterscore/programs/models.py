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

    class HeadsUp(models.TextChoices):
        NONE = "", "None"
        MAIL = "mail", "A mail"
        CALL = "call", "A call by the account's owner"

    public_id = ids.PublicIdField("prg")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    objective = models.TextField(blank=True)
    sponsor = models.CharField(max_length=120, blank=True)
    positioning = models.CharField(max_length=20, default="between")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    audience = models.JSONField(default=dict)  # domain.segments, as data; {} = everyone
    trigger = models.JSONField(default=dict)  # domain.triggers, as data; {} = launched by a person
    pace = models.JSONField(default=dict)  # domain.drip, as data; {} = everybody at once
    account_limit = models.PositiveSmallIntegerField(null=True)  # people of one account in a wave
    account_spread_days = models.PositiveSmallIntegerField(default=0)  # between two of them
    sender = models.CharField(max_length=16, choices=Sender.choices, default=Sender.NAMED)
    sender_name = models.CharField(max_length=120, blank=True)
    sender_email = models.CharField(max_length=254, blank=True)
    cadence_days = models.PositiveSmallIntegerField(default=90)
    reminders = models.PositiveSmallIntegerField(default=1)
    reminder_after_days = models.PositiveSmallIntegerField(default=5)
    reminder_hold_out = models.FloatField(default=0.1)  # ratio that is not reminded, by lot
    quotes_peers = models.BooleanField(default=False)  # "31 of 40 companies like yours answered"
    heads_up = models.CharField(max_length=8, choices=HeadsUp.choices, blank=True)
    heads_up_days = models.PositiveSmallIntegerField(default=3)  # before the invitation
    heads_up_hold_out = models.FloatField(default=0.1)  # ratio that gets no word ahead, by lot
    open_days = models.PositiveSmallIntegerField(default=30)
    send_window = models.CharField(max_length=16, default="business_hours")
    answer_within_days = models.PositiveSmallIntegerField(default=5)
    commitment = models.CharField(max_length=300, blank=True)  # Liquid; "" = the language's own
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
    enrols_until = models.DateTimeField(null=True)  # a standing wave takes people in until then
    paused_why = models.CharField(max_length=400, blank=True)
    watched_since = models.DateTimeField(null=True)  # resumed by a person, who saw the bounces
    seed = models.BigIntegerField(default=0)  # of the lots that were drawn for it
    plan = models.JSONField(default=dict)  # the drip plan as last worked out, with its reasons

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["program", "number"], name="one_wave_a_number"),
            SameWorkspace("program", name="wave_program_same_workspace"),
            SameWorkspace("survey_version", name="wave_version_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.program} · wave {self.number}"


HELD_OUT_OF_ANY = (
    models.Q(heads_up_arm="held_out")
    | models.Q(reminder_arm="held_out")
    | models.Q(second_reminder_arm="held_out")
)
"""Whom lots have kept from a message of a wave: few, or none."""


class Enrolment(WorkspaceRow):
    """One contact in one wave: asked, or not asked and why."""

    class State(models.TextChoices):
        EXCLUDED = "excluded", "Not asked"
        ENROLLED = "enrolled", "Asked"
        ANSWERED = "answered", "Answered"
        STOPPED = "stopped", "Stopped"

    class Channel(models.TextChoices):
        EMAIL = "email", "Mail"
        IN_APP = "in_app", "Application"
        PORTAL = "portal", "Portal"

    class Arm(models.TextChoices):
        TREATED = "treated", "Treated"
        HELD_OUT = "held_out", "Held out"

    public_id = ids.PublicIdField("enr")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    channel = models.CharField(  # by which they were asked first
        max_length=16, choices=Channel.choices, default=Channel.EMAIL, db_default="email"
    )
    reason = models.CharField(max_length=24, blank=True)  # domain.fatigue.Reason
    detail = models.CharField(max_length=300, blank=True)
    until = models.DateTimeField(null=True)
    language = models.CharField(max_length=16)
    sender_name = models.CharField(max_length=120, blank=True)
    sender_email = models.CharField(max_length=254, blank=True)
    answered_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=120, blank=True)
    heads_up_arm = models.CharField(max_length=10, choices=Arm.choices, blank=True)
    reminder_arm = models.CharField(max_length=10, choices=Arm.choices, blank=True)
    reminder_due_at = models.DateTimeField(null=True)  # in both arms; moves with the invitation
    second_reminder_arm = models.CharField(
        max_length=10, choices=Arm.choices, blank=True, db_default=""
    )
    second_reminder_at = models.DateTimeField(null=True)  # when it was decided
    second_reminder_why = models.CharField(max_length=300, blank=True, db_default="")
    peer_group = models.CharField(max_length=160, blank=True)  # segment and persona, as judged
    stratum = models.CharField(max_length=160, blank=True)  # within which the order was drawn
    draw = models.FloatField(null=True)  # the lot: the smaller, the earlier
    cause = models.CharField(max_length=120, blank=True)  # the signal or date that triggered it
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
            models.Index(fields=["wave"], name="enrolment_held_out", condition=HELD_OUT_OF_ANY),
        ]


class HeadsUpCall(WorkspaceRow):
    """A call that the account's owner makes before somebody is asked."""

    class Outcome(models.TextChoices):
        REACHED = "reached", "Reached"
        NOT_REACHED = "not_reached", "Not reached"
        DECLINED = "declined", "Does not want to be asked"
        SKIPPED = "skipped", "Not called"

    public_id = ids.PublicIdField("call")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)  # "" = to do
    note = models.TextField(blank=True)
    done_by = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("enrolment", name="heads_up_enrolment_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "owner", "due_at"],
                name="heads_up_to_do",
                condition=models.Q(outcome=""),
            ),
        ]
