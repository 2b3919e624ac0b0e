from __future__ import annotations

from django.db import models

from afterscore.domain import benchmarks, targets
from afterscore.domain.departments import Department
from afterscore.improvements.models import Objective
from afterscore.kit import ids
from afterscore.kit.tenancy import SameWorkspace
from afterscore.programs.models import Program, Wave
from afterscore.workspaces.models import Member, Workspace, WorkspaceRow


class Reading(WorkspaceRow):
    """A member looked at one of the pages that show how it goes, on a day: whether executives
    read is asked of these rows, and nothing else is."""

    class Page(models.TextChoices):
        PULSE = "pulse", "Pulse"
        DEPARTMENT = "department", "Department"
        LOOPS = "loops", "Loops"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=16, choices=Page.choices)
    on = models.DateField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["member", "page", "on"], name="reading_once_a_day"),
            SameWorkspace("member", name="reading_member_same_workspace"),
        ]
        indexes = [models.Index(fields=["workspace", "on"], name="reading_by_day")]


class SharedLink(WorkspaceRow):
    """A page of figures with its filter, to be read without a login until a day.

    The address carries a secret that is shown once; its SHA-256 is kept. `query` is the filter as
    it stood, with days in place of "the last 90 days". `uses` counts how often it was opened.
    """

    class Page(models.TextChoices):
        PULSE = "pulse", "Pulse"
        SCORE = "score", "Score"
        COMPARE = "compare", "Compare"
        EXPLORE = "explore", "Explore"
        HEALTH = "health", "Health"

    public_id = ids.PublicIdField("shl")
    page = models.CharField(max_length=16, choices=Page.choices)
    query = models.CharField(max_length=2000, blank=True)
    title = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    shows_words = models.BooleanField(default=False)  # verbatims; never names
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="link_in_order"
            ),
            SameWorkspace("made_by", name="shared_link_maker_same_workspace"),
        ]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="shared_link_by_time")]


class Target(WorkspaceRow):
    """Where the score is to be by a day, of all programs or of one; of all answers or those for
    which some conditions hold ({"dimension", "operator", "values"}).

    `start` was measured from the answers of the `days` before it began, and stays as it was. While
    it runs it has no outcome; `result` is what the answers said when it got one.
    """

    class Outcome(models.TextChoices):
        MET = targets.Verdict.MET.value, "Met"
        NOT_MET = targets.Verdict.NOT_MET.value, "Not met"
        CANNOT_TELL = targets.Verdict.CANNOT_TELL.value, "Could not tell"
        GIVEN_UP = "given_up", "Given up"

    public_id = ids.PublicIdField("tgt")
    program = models.ForeignKey(Program, null=True, on_delete=models.CASCADE, related_name="+")
    conditions = models.JSONField(default=list, db_default=[])  # of a filter, all of which hold
    about = models.CharField(max_length=300, blank=True, db_default="")  # the same in words
    days = models.PositiveSmallIntegerField()  # the answers of how many days show the score
    start = models.FloatField()
    start_low = models.FloatField()
    start_high = models.FloatField()
    start_answers = models.PositiveIntegerField()
    goal = models.FloatField()
    starts_on = models.DateField()
    due_on = models.DateField()
    why = models.TextField(blank=True)
    department = models.CharField(
        max_length=16, choices=[(each.value, each.label) for each in Department], blank=True
    )
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    objective = models.ForeignKey(Objective, null=True, on_delete=models.SET_NULL, related_name="+")
    follows = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    result = models.FloatField(null=True)
    result_low = models.FloatField(null=True)
    result_high = models.FloatField(null=True)
    result_answers = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("starts_on"), goal__gt=models.F("start")),
                name="target_goes_up",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", ended_at=None)
                | (~models.Q(outcome="") & models.Q(ended_at__isnull=False)),
                name="target_ends_with_an_outcome",
            ),
            SameWorkspace("program", name="target_program_same_workspace"),
            SameWorkspace("owner", name="target_owner_same_workspace"),
            SameWorkspace("objective", name="target_objective_same_workspace"),
            SameWorkspace("follows", name="target_follows_same_workspace"),
        ]

    def __str__(self) -> str:
        whose = f"the score of {self.program or 'all programs'}"
        return f"{whose}, from answers {self.about}," if self.about else whose

    @property
    def title(self) -> str:
        whose = str(self.program or "All programs")
        return f"{whose}, answers {self.about}" if self.about else whose


class Benchmark(WorkspaceRow):
    """Somebody else's score with where it comes from; `domain.benchmarks` says what is needed."""

    public_id = ids.PublicIdField("bmk")
    source = models.CharField(max_length=200)
    link = models.URLField(max_length=500)
    audience = models.CharField(max_length=300)  # who was asked
    method = models.CharField(
        max_length=16, choices=[(each.value, each.label) for each in benchmarks.Method]
    )
    scale = models.CharField(max_length=8, default="0-10")
    is_standard_question = models.BooleanField(default=True)
    score = models.FloatField()
    answers = models.PositiveIntegerField()
    collected_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(score__gte=-100, score__lte=100), name="benchmark_on_scale"
            ),
        ]

    def __str__(self) -> str:
        return self.source


class Report(WorkspaceRow):
    """What a department reads by mail: each week on a day of its own, or when a wave has ended."""

    class Every(models.TextChoices):
        WEEK = "week", "Every week"
        WAVE = "wave", "After every wave"

    public_id = ids.PublicIdField("rep")
    name = models.CharField(max_length=120)
    department = models.CharField(
        max_length=16, choices=[(one.value, one.label) for one in Department]
    )
    every = models.CharField(max_length=8, choices=Every.choices)
    weekday = models.PositiveSmallIntegerField(default=0)  # 0 = Monday; of weekly ones
    has_pdf = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="report_weekday_of_a_week"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reader(WorkspaceRow):
    """A member who gets a report, until she stops it herself or is taken off the list."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    stopped_at = models.DateTimeField(null=True)  # by herself: only she can begin again

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["report", "member"], name="reader_once_a_report"),
            SameWorkspace("report", name="reader_report_same_workspace"),
            SameWorkspace("member", name="reader_member_same_workspace"),
        ]


class Edition(WorkspaceRow):
    """One mail of a report to one reader: at most one of a week or wave.

    `begun_at` is written before it is handed over and `sent_at` after. What was begun and neither
    sent nor refused may have arrived: it is not sent again.
    """

    public_id = ids.PublicIdField("edt")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wave = models.ForeignKey(Wave, null=True, on_delete=models.CASCADE, related_name="+")
    slot = models.CharField(max_length=40)  # a week, or a wave
    until = models.DateTimeField()  # the end of what it tells of
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["report", "member", "slot"], name="edition_once_a_reader"
            ),
            SameWorkspace("report", name="edition_report_same_workspace"),
            SameWorkspace("member", name="edition_member_same_workspace"),
            SameWorkspace("wave", name="edition_wave_same_workspace"),
        ]


class FileAnalysis(WorkspaceRow):
    """A file of answers that somebody looks into. The file itself goes a day after its upload,
    what was found in it a month after; both at once when somebody says so."""

    class State(models.TextChoices):
        ASKING = "asking"  # how it is to be read
        RUNNING = "running"
        DONE = "done"

    public_id = ids.PublicIdField("fil")
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKING)
    look = models.JSONField(default=dict)  # columns with examples; roles as they were chosen
    dates = models.CharField(max_length=3, blank=True)
    scale = models.CharField(max_length=4, blank=True)
    problem = models.CharField(max_length=1000, blank=True)
    findings = models.JSONField(null=True)
    has_file = models.BooleanField(default=True)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("made_by", name="file_analysis_maker_same_workspace"),
        ]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="file_analysis_by_time")]


class SealedMonth(WorkspaceRow):
    """A month of answers in a file that never changes. What is said here decides which file holds:
    one that nobody names, whoever wrote it, is rubbish.

    `path` is within the folder of the mart. The month is one of the calendar in `time_zone`, and
    the file laid out as `version` says; where one of the two is another by now, the rows are read
    from the database until the month is sealed again. `must_renew`: somebody in it was erased.
    """

    month = models.DateField()
    path = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)  # SHA-256 of the file
    size = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    columns = models.JSONField(default=list)
    time_zone = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    must_renew = models.BooleanField(default=False)
    sealed_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "month"], name="sealed_once_a_month"),
        ]


class ChangedAnswer(WorkspaceRow):
    """An answer became another one than a file may hold: it came, changed or went, or what is
    counted with it did. Written by triggers of the database alone, so that no change can forget it,
    and in the transaction of the change, so that both are there or neither.

    `was_at` is when the answer had been received before the change (None: there was none). Rows are
    only added, one for each change, so that two changes never wait for each other here.
    """

    workspace = models.ForeignKey(
        Workspace, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    response_key = models.BigIntegerField()
    was_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        indexes = [
            models.Index(fields=["workspace", "response_key"], name="changed_answer_by_answer")
        ]
