from __future__ import annotations

from django.db import models

from afterscore.domain.departments import Department
from afterscore.domain.improving import State
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.outreach.models import Message
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, WorkspaceRow

DEPARTMENTS = [(department.value, department.label) for department in Department]
STATES = [(state.value, state.label) for state in State]


class Theme(WorkspaceRow):
    """Something that customers keep speaking of, known by words that stand for it."""

    public_id = ids.PublicIdField("thm")
    name = models.CharField(max_length=80)
    words = models.JSONField(default=list)  # words and phrases, in any language
    department = models.CharField(max_length=16, choices=DEPARTMENTS, blank=True)  # who acts on it
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "name"], name="theme_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Objective(WorkspaceRow):
    """What a department wants to reach, and the theme by which it will be seen."""

    public_id = ids.PublicIdField("obj")
    department = models.CharField(max_length=16, choices=DEPARTMENTS)
    title = models.CharField(max_length=200)
    theme = models.ForeignKey(Theme, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_reached = models.BooleanField(null=True)  # said when it ends
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("theme", name="objective_theme_same_workspace"),
            SameWorkspace("owner", name="objective_owner_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.title


class Improvement(WorkspaceRow):
    """Something that is done because customers said so. `told` is what they read about it."""

    public_id = ids.PublicIdField("imv")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    theme = models.ForeignKey(Theme, null=True, on_delete=models.SET_NULL, related_name="+")
    objective = models.ForeignKey(Objective, null=True, on_delete=models.SET_NULL, related_name="+")
    department = models.CharField(max_length=16, choices=DEPARTMENTS, blank=True)
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, choices=STATES, default=State.PROPOSED.value)
    due_on = models.DateField(null=True)
    told = models.JSONField(default=dict)  # by language: {"en": {"subject": …, "body": …}}
    ended_at = models.DateTimeField(null=True)  # done or dropped
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("theme", name="improvement_theme_same_workspace"),
            SameWorkspace("objective", name="improvement_objective_same_workspace"),
            SameWorkspace("owner", name="improvement_owner_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.title


class Voice(WorkspaceRow):
    """An answer that asked for an improvement, and the mail by which its author was told."""

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="+")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(null=True)
    not_told_why = models.CharField(max_length=200, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["improvement", "response"], name="voice_once"),
            SameWorkspace("improvement", name="voice_improvement_same_workspace"),
            SameWorkspace("response", name="voice_response_same_workspace"),
            SameWorkspace("added_by", name="voice_adder_same_workspace"),
            SameWorkspace("message", name="voice_message_same_workspace"),
        ]
        indexes = [models.Index(fields=["response"], name="voice_by_response")]
