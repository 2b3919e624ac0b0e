from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from afterscore.customers.models import Account, Contact
from afterscore.domain import casework
from afterscore.domain.departments import Department
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, WorkspaceRow


class Case(WorkspaceRow):
    """The conversation that follows one answer. Every answer has one.

    `due_at` is the instant by which the customer is to hear from us; `next_due_at` the instant by
    which somebody has to act next (None once closed): the same until the first reply, later when to
    come back to it. `score` and `comment_key` are what the case was last told of the answer.
    `themes` are public ids: what the answer speaks of; `heard_themes` those that only came up after
    it. `customer_wrote_at` is the customer's last word, until we answer it.
    `draw` is the lot, 0 to 1, that decides among cases of equal priority on `drawn_on`.
    """

    public_id = ids.PublicIdField("case")
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, default=casework.State.NEW.value)
    score = models.PositiveSmallIntegerField()
    comment_key = models.CharField(max_length=64, blank=True)  # a keyed hash; "" = no comment
    language = models.CharField(max_length=16, blank=True, default="", db_default="")
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
    department = models.CharField(
        max_length=16, choices=[(one.value, one.label) for one in Department], blank=True
    )
    themes = ArrayField(models.CharField(max_length=40), default=list)
    heard_themes = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    playbook = models.CharField(max_length=40, blank=True)
    root_cause = models.CharField(max_length=24, blank=True)
    customer_wrote_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)  # that it is about to be late
    escalated_at = models.DateTimeField(null=True)  # that it is late
    draw = models.FloatField(null=True)
    drawn_on = models.DateField(null=True)
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
                "next_due_at",
                models.F("priority").desc(),
                "id",
                name="case_waiting_by_due",
                condition=models.Q(next_due_at__isnull=False, state=casework.State.WAITING.value),
            ),
            models.Index(
                "workspace",
                "customer_wrote_at",
                name="case_wrote_by_time",
                condition=models.Q(next_due_at__isnull=False, customer_wrote_at__isnull=False),
            ),
            models.Index(
                "workspace",
                models.F("closed_at").desc(),
                models.F("id").desc(),
                name="case_closed_by_time",
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(fields=["workspace", "language"], name="case_by_language"),
            GinIndex(
                fields=["themes"],
                name="case_by_theme",
            ),
            GinIndex(fields=["heard_themes"], name="case_by_heard_theme"),
            models.Index(fields=["workspace", "contact"], name="case_by_contact"),
            models.Index(fields=["workspace", "account"], name="case_by_account"),
        ]


class Watching(WorkspaceRow):
    """A member who wants to hear what happens in somebody else's case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["case", "member"], name="watching_once"),
            SameWorkspace("case", name="watching_case_same_workspace"),
            SameWorkspace("member", name="watching_member_same_workspace"),
        ]


class SavedView(WorkspaceRow):
    """What a page shows, under a name: one's own, or everybody's. `page` is the inbox or one of
    the pages of figures; `query` is that of its address."""

    public_id = ids.PublicIdField("viw")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=16, default="inbox", db_default="inbox")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["member", "page", "name"], name="view_by_name"),
            SameWorkspace("member", name="view_member_same_workspace"),
        ]


class Draw(WorkspaceRow):
    """A day on which there was more equal work than time: who stood in line, and whom the lot
    chose. What contacting customers brings can be measured on it later."""

    public_id = ids.PublicIdField("drw")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    on = models.DateField()
    capacity = models.PositiveSmallIntegerField()
    priority = models.PositiveSmallIntegerField()  # of those among whom it was drawn
    seed = models.CharField(max_length=40)
    candidates = models.JSONField(default=list)  # public ids of cases, in the order drawn
    chosen = models.PositiveSmallIntegerField()  # so many of them, from the front
    drawn_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "owner", "on"], name="draw_once_a_day"),
            SameWorkspace("owner", name="draw_owner_same_workspace"),
        ]
