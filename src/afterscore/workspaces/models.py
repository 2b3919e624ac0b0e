from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from afterscore.domain import roles
from afterscore.domain.departments import Department
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace


class Users(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What she may do is said by her membership in a workspace."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = Users()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Workspace(models.Model):
    """One company's customers, programs and answers; a wall around everything in it."""

    public_id = ids.PublicIdField("wsp")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=16, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=8, blank=True, default="")  # whose holidays hold, too
    closed_on = models.JSONField(default=list)  # ISO days: the company's own days off
    currency = models.CharField(max_length=3, default="EUR")
    postal_address = models.TextField(blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    sender_email = models.EmailField(blank=True)
    business_days = models.JSONField(default=list)
    business_opens = models.TimeField(default=time(9))
    business_closes = models.TimeField(default=time(17))
    minimum_gap_days = models.PositiveSmallIntegerField(default=90)
    answer_within_days = models.JSONField(default=dict)
    check_back_days = models.PositiveSmallIntegerField(default=5)  # after closing; 0 = never
    budget_messages = models.PositiveSmallIntegerField(default=6)  # automated, of all programs
    budget_days = models.PositiveSmallIntegerField(default=90)
    daily_cap = models.PositiveIntegerField(null=True)  # automated messages; None = no cap
    doubt_policy = models.CharField(max_length=12, default="hold")  # or "resend_once"
    answers_count = models.CharField(max_length=8, default="tapped")  # domain.scanners.Counting
    consent_required = models.BooleanField(default=False)
    praise_signature = models.CharField(
        max_length=12, default="first_name", db_default="first_name"
    )
    is_sending_paused = models.BooleanField(default=False)
    sending_paused_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WorkspaceRow(models.Model):
    """Base of every row that belongs to a workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "id"], name="%(app_label)s_%(class)s_workspace_id"
            )
        ]


class Member(WorkspaceRow):
    public_id = ids.PublicIdField("mem")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role, role) for role in roles.Role])
    department = models.CharField(
        max_length=16, choices=[(one.value, one.label) for one in Department], blank=True
    )
    follow_ups_a_day = models.PositiveSmallIntegerField(null=True)  # None = nobody has said
    language = models.CharField(max_length=16, blank=True, default="", db_default="")
    """Of reports to her; "" = the workspace's."""
    wants_digest = models.BooleanField(default=True)  # of her own day, by mail
    wants_alerts = models.BooleanField(default=True, db_default=True)  # between two digests
    wants_praise = models.BooleanField(default=False)  # may be named for what customers praised
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_a_user"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Absence(WorkspaceRow):
    """Days on which a member does not work, the last one included, and who takes over."""

    public_id = ids.PublicIdField("abs")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    stand_in = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="absence_in_order"
            ),
            SameWorkspace("member", name="absence_member_same_workspace"),
            SameWorkspace("stand_in", name="absence_stand_in_same_workspace"),
        ]
        indexes = [models.Index(fields=["workspace", "ends_on"], name="absence_by_end")]


class ChatRoom(WorkspaceRow):
    """A room of the company's chat that hears of something, by its incoming webhook."""

    class Style(models.TextChoices):
        SLACK = "slack", "Slack, Mattermost or Rocket.Chat"
        TEAMS = "teams", "Microsoft Teams"
        GOOGLE = "google", "Google Chat"

    public_id = ids.PublicIdField("rom")
    name = models.CharField(max_length=80)
    style = models.CharField(max_length=8, choices=Style.choices, default=Style.SLACK)
    secret = models.TextField()  # the address, encrypted: whoever has it may write there
    hears = models.JSONField(default=list)  # "digest", "alerts", "praise"
    department = models.CharField(
        max_length=16, choices=[(one.value, one.label) for one in Department], blank=True
    )
    is_active = models.BooleanField(default=True)
    failed_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "name"], name="room_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiKey(WorkspaceRow):
    """A key for machines. The secret itself is shown once; its SHA-256 is kept."""

    public_id = ids.PublicIdField("key")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=16, choices=[(role, role) for role in roles.Role])
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        pass
