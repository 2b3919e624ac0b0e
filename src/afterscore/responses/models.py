from __future__ import annotations

from django.db import models

from afterscore.customers.models import Account, Contact
from afterscore.domain import scanners
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.programs.models import Enrolment, Wave
from afterscore.workspaces.models import WorkspaceRow


class Response(WorkspaceRow):
    """One answer of one person to one invitation, or what looks like one.

    Only a counted one is in any figure, opens a case and stops reminders. `evidence` says what was
    done and which signs of automation were seen: {"means": "sent", "signs": [["too_fast", "…"]]};
    until `settles_at` it also keeps who did it how, for the second look. It also counts what
    looked automated and would have changed the answer; the journal tells of it.

    `frozen` is a copy of the contact's and the account's attributes at the moment of the first
    answer: {"contact": {...}, "account": {...}}. The score may change until the wave closes.
    """

    class Validity(models.TextChoices):
        COUNTED = scanners.Validity.COUNTED.value, "Counted"
        PROVISIONAL = scanners.Validity.PROVISIONAL.value, "Provisional"
        QUARANTINED = scanners.Validity.QUARANTINED.value, "Suspected automated"
        DISCARDED = scanners.Validity.DISCARDED.value, "Discarded"

    public_id = ids.PublicIdField("rsp")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="+")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    score = models.PositiveSmallIntegerField()
    first_score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    drivers = models.JSONField(default=dict)
    channel = models.CharField(max_length=16, default="email")
    touch = models.CharField(max_length=12, blank=True)  # the last message sent before the answer
    language = models.CharField(max_length=16)
    frozen = models.JSONField(default=dict)
    edits = models.PositiveSmallIntegerField(default=0)
    seconds_to_answer = models.FloatField(null=True)  # from page view to score, as the page saw it
    received_at = models.DateTimeField()
    commented_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    validity = models.CharField(
        max_length=12, choices=Validity.choices, default=Validity.COUNTED, db_default="counted"
    )
    evidence = models.JSONField(default=dict, db_default={})
    settles_at = models.DateTimeField(null=True)  # when a provisional one is looked at again

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(score__lte=10, first_score__lte=10), name="score_on_scale"
            ),
            SameWorkspace("enrolment", name="response_enrolment_same_workspace"),
            SameWorkspace("wave", name="response_wave_same_workspace"),
            SameWorkspace("contact", name="response_contact_same_workspace"),
            SameWorkspace("account", name="response_account_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "received_at"],
                include=["score"],
                name="response_counted_by_time",
                condition=models.Q(validity="counted"),
            ),
            models.Index(
                fields=["workspace", "wave", "score"],
                name="response_counted_by_wave",
                condition=models.Q(validity="counted"),
            ),
            models.Index(
                fields=["workspace", "validity", "received_at"],
                name="response_beside",
                condition=~models.Q(validity="counted"),
            ),
            models.Index(
                fields=["settles_at"],
                name="response_to_settle",
                condition=models.Q(settles_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "contact", "received_at"], name="response_by_contact"
            ),
            models.Index(
                fields=["workspace", "account", "received_at"], name="response_by_account"
            ),
        ]

    @property
    def is_counted(self) -> bool:
        return self.validity == self.Validity.COUNTED

    @property
    def signs(self) -> list[tuple[str, str]]:
        """What spoke against a person, each with its sentence."""
        return [(sign, why) for sign, why in self.evidence.get("signs", ())]

    @property
    def refused_changes(self) -> int:
        """How often something that looks automated would have changed this answer."""
        return int(self.evidence.get("refused_changes", 0))

    @property
    def decided_why(self) -> str:
        """Why a person decided as they did; the journal knows who it was."""
        return str(self.evidence.get("decided_why", ""))


class Visit(WorkspaceRow):
    """A fetch of the survey page: an access log, from which alone nothing else ever changes.

    `visitor` is a keyed hash of the network (a /24 or /48) and of the kind of agent; neither the
    address nor the agent's name is kept. Bounded for each enrolment, and forgotten after a month.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    method = models.CharField(max_length=4)
    visitor = models.CharField(max_length=64)
    agent = models.CharField(max_length=8)  # domain.scanners.AgentKind
    score = models.PositiveSmallIntegerField(null=True)  # of the link that was followed
    is_trap = models.BooleanField()
    is_prefetch = models.BooleanField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("enrolment", name="visit_enrolment_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["enrolment", "at"], name="visit_by_enrolment"),
            models.Index(fields=["at"], name="visit_by_time"),
        ]
