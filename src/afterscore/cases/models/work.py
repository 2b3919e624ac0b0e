from __future__ import annotations

from django.db import models

from afterscore.cases.models.case import Case
from afterscore.domain.departments import Department
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.outreach.models import Message
from afterscore.workspaces.models import Member, WorkspaceRow

DEPARTMENTS = [(department.value, department.label) for department in Department]


class Playbook(WorkspaceRow):
    """A workspace's own edition of a built-in playbook; without a row the built-in one holds."""

    key = models.CharField(max_length=40)
    steps = models.JSONField(default=list)
    changed_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "key"], name="playbook_by_key"),
            SameWorkspace("changed_by", name="playbook_changer_same_workspace"),
        ]


class Task(WorkspaceRow):
    """One thing to do in a case, by its owner, another member, or a whole department.

    Without an `owner` and a `department` it is the case owner's. `starts` and `days` say when a
    step falls due (domain.steps.Moment): without a `due_at` its moment has not come.
    """

    class State(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        SKIPPED = "skipped", "Left out"
        CANCELLED = "cancelled", "No longer needed"

    public_id = ids.PublicIdField("tsk")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)  # a key of the kinds of steps
    step = models.CharField(max_length=40, blank=True)  # of the playbook; "" = added by hand
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)  # a script, a hint, what to find out
    department = models.CharField(max_length=16, choices=DEPARTMENTS, blank=True)
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    starts = models.CharField(max_length=8, blank=True)
    days = models.PositiveSmallIntegerField(default=0)
    if_silent = models.BooleanField(default=False)  # not needed once we talk with the customer
    due_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=24, blank=True)  # a code of domain.steps
    outcome = models.TextField(blank=True)  # in words: what came of it, or why it was left out
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "step"], name="task_once_a_step", condition=~models.Q(step="")
            ),
            SameWorkspace("case", name="task_case_same_workspace"),
            SameWorkspace("owner", name="task_owner_same_workspace"),
            SameWorkspace("ended_by", name="task_ender_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["case", "position"], name="task_by_case"),
            models.Index(
                fields=["workspace", "owner", "due_at"],
                name="task_open_by_owner",
                condition=models.Q(state="open"),
            ),
            models.Index(
                fields=["workspace", "department", "due_at"],
                name="task_open_by_department",
                condition=models.Q(state="open"),
            ),
        ]


class Commitment(WorkspaceRow):
    """What we told a customer that we would do, and by when.

    Its word is kept or broken on its day; a broken one is still owed until it is `settled_at`.
    """

    class State(models.TextChoices):
        OPEN = "open", "Promised"
        KEPT = "kept", "Kept"
        BROKEN = "broken", "Broken"
        RELEASED = "released", "No longer wanted"

    public_id = ids.PublicIdField("cmt")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=300)
    promised_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    promised_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_text = models.CharField(max_length=300, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("case", name="commitment_case_same_workspace"),
            SameWorkspace("promised_by", name="commitment_promiser_same_workspace"),
            SameWorkspace("settled_by", name="commitment_settler_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["case"], name="commitment_by_case"),
            models.Index(
                fields=["workspace", "due_on"],
                name="commitment_owed",
                condition=models.Q(settled_at__isnull=True),
            ),
        ]


class CheckBack(WorkspaceRow):
    """Later, by one click: did we solve it? Asked at most once for each time a case is closed.

    An answer that looks automated is kept with its `validity` and its `evidence`, as answers to
    surveys are (domain.scanners), and changes nothing; one that waits for a second look settles at
    `settles_at`.
    """

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "In part"
        NO = "no", "No"

    public_id = ids.PublicIdField("chk")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    validity = models.CharField(max_length=12, blank=True)
    evidence = models.JSONField(default=dict)
    settles_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("case", name="check_back_case_same_workspace"),
            SameWorkspace("message", name="check_back_message_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["case"], name="check_back_by_case"),
            models.Index(fields=["workspace", "due_at"], name="check_back_by_time"),
            models.Index(
                fields=["settles_at"],
                name="check_back_to_settle",
                condition=models.Q(settles_at__isnull=False),
            ),
        ]


class RoutingRule(WorkspaceRow):
    """Who gets the cases that fit, where no account owner takes them. The first that fits holds.

    Without a department and a member it only makes them more urgent.
    """

    public_id = ids.PublicIdField("rul")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    conditions = models.JSONField(default=dict)  # domain.routing, as data
    department = models.CharField(max_length=16, choices=DEPARTMENTS, blank=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    before_owner = models.BooleanField(default=False)  # holds even where an account has an owner
    is_urgent = models.BooleanField(default=False)  # a step more, whoever owns the case
    is_active = models.BooleanField(default=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("member", name="rule_member_same_workspace"),
        ]
