"""What the pulse shows: figures of one wave beside the wave before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from afterscore.cases import queries as cases
from afterscore.cases.models import Case
from afterscore.domain import alike, casework, intervals, mix, nps, trends
from afterscore.domain.alike import Sums
from afterscore.domain.mix import Decomposition
from afterscore.domain.nps import Group, Histogram, Tally
from afterscore.domain.scanners import SetAside
from afterscore.insights import analyses
from afterscore.insights.analyses import Cell, Condition, Question
from afterscore.kit.errors import NotFound
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import Message, State
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.responses.queries import Selection
from afterscore.workspaces.models import Workspace

WAVES_SHOWN = 12
VERBATIMS_SHOWN = 6
SPLIT_BY = "account.plan"
NOTHING_ASIDE = SetAside()
NOTHING_COUNTED = Cell((), Tally(0, 0, 0), nps.empty_histogram(), 0)
OPEN_STATES = sorted(casework.OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Measured:
    """A score with everything that has to stand beside it; `aside` is not in it."""

    tally: Tally
    interval: intervals.Interval | None
    aside: SetAside = NOTHING_ASIDE
    voices: Sums | None = None
    scores: Histogram | None = None

    @property
    def histogram(self) -> Histogram:
        """Raises LookupError where nobody asked how many answers there are of each score."""
        if self.scores is None:
            raise LookupError("nobody asked how many answers there are of each score")
        return self.scores

    @property
    def low(self) -> float | None:
        return self.interval.low if self.interval else None

    @property
    def high(self) -> float | None:
        return self.interval.high if self.interval else None


def measure(
    histogram: Histogram, aside: SetAside | None = None, *, voices: Sums | None = None
) -> Measured:
    """`voices` are the sums over accounts of the same answers; without them answers are taken for
    independent."""
    tally = nps.tally(histogram, design_effect=alike.design_effect(voices))
    return _measured(tally, aside, voices, histogram)


def measure_cell(cell: Cell, aside: SetAside | None = None) -> Measured:
    return _measured(cell.tally, aside, cell.voices, cell.scores)


def _measured(
    tally: Tally, aside: SetAside | None, voices: Sums | None, scores: Histogram | None
) -> Measured:
    interval = intervals.score_interval(tally)
    return Measured(tally, interval, aside or NOTHING_ASIDE, voices, scores)


@dataclass(frozen=True, slots=True)
class WaveScore:
    wave: Wave
    measured: Measured


@dataclass(frozen=True, slots=True)
class Funnel:
    """People, not messages: each step counts a person once. Whoever is asked in an application or
    portal is `shown` the question, which has reached them then like a mail that arrived."""

    considered: int
    eligible: int
    sent: int
    delivered: int
    bounced: int
    answered: int
    commented: int
    unsubscribed: int
    shown: int

    @property
    def left_out(self) -> int:
        return self.considered - self.eligible


@dataclass(frozen=True, slots=True)
class Loop:
    """How many of these people have been answered and the loop closed."""

    total: int
    closed: int

    @property
    def ratio(self) -> float | None:
        return self.closed / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Loops:
    every: Loop
    groups: dict[Group, Loop]
    speaking: Loop
    silent: Loop

    def part(self, name: str) -> Loop:
        """Of a group, "speaking" or "silent"; of all where it is none of them."""
        named = {group.value: loop for group, loop in self.groups.items()}
        return {**named, "speaking": self.speaking, "silent": self.silent}.get(name, self.every)


@dataclass(frozen=True, slots=True)
class Stake:
    """Yearly revenue of the accounts behind open cases of detractors, in one currency."""

    amount: Decimal
    currency: str
    accounts: int


@dataclass(frozen=True, slots=True)
class Pressing:
    """What waits for somebody, in numbers."""

    overdue: int
    unowned: int
    in_doubt: int
    failed: int


@dataclass(frozen=True, slots=True)
class Pulse:
    wave: Wave
    now: Measured
    before: Measured | None
    before_wave: Wave | None
    change: trends.ChangeSentence
    split: Decomposition | None  # of the change, by SPLIT_BY
    trend: tuple[WaveScore, ...]
    funnel: Funnel
    loops: Loops
    stakes: tuple[Stake, ...]
    verbatims: tuple[Response, ...]
    pressing: Pressing

    @property
    def response_ratio(self) -> float | None:
        """Of the people to whom an invitation went."""
        return self.now.tally.n / self.funnel.sent if self.funnel.sent else None


def list_waves(*, workspace: Workspace) -> list[Wave]:
    """The latest first."""
    found = Wave.objects.filter(workspace=workspace).select_related("program")
    return list(found.order_by("-launched_at", "-id")[: WAVES_SHOWN * 4])


def choose_wave(*, waves: Sequence[Wave], public_id: str) -> Wave | None:
    """The wave that is asked for, else the latest; None when there is none at all."""
    if not public_id:
        return waves[0] if waves else None
    for wave in waves:
        if wave.public_id == public_id:
            return wave
    raise NotFound("There is no such wave.")


def get_pulse(*, workspace: Workspace, wave: Wave, waves: Sequence[Wave], now: datetime) -> Pulse:
    """Everything the page shows of one wave, in as many queries whatever its size."""
    story = sorted((w for w in waves if w.program_id == wave.program_id), key=lambda w: w.number)
    counted = _count_waves(workspace, story, now)
    aside = responses.set_aside_by_wave(workspace=workspace, waves=story)

    def measured(one: Wave) -> Measured:
        cell = counted.whole.get(one.public_id, NOTHING_COUNTED)
        return measure_cell(cell, aside.get(one.pk))

    def segments(one: Wave) -> dict[str, Tally]:
        parts = counted.parts.get(one.public_id, {})
        return {name: cell.tally for name, cell in parts.items()}

    scores = tuple(WaveScore(one, measured(one)) for one in story[-WAVES_SHOWN:])
    current = measured(wave)
    earlier = [w for w in story if w.number < wave.number]
    before = measured(earlier[-1]) if earlier else None
    both = (before.tally if before else mix.NOBODY, current.tally)
    return Pulse(
        wave=wave,
        now=current,
        before=before,
        before_wave=earlier[-1] if earlier else None,
        change=trends.describe_change(*both),
        split=mix.decompose(segments(earlier[-1]), segments(wave), whole=both) if earlier else None,
        trend=scores,
        funnel=funnel_of(workspace=workspace, wave=wave),
        loops=loops_of(workspace=workspace, wave=wave),
        stakes=list_stakes(workspace=workspace),
        verbatims=_verbatims(workspace, wave),
        pressing=get_pressing(workspace=workspace, now=now),
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """By wave; and again by the segment that tells customers apart."""

    whole: dict[str, Cell]
    parts: dict[str, dict[str, Cell]]


def _count_waves(workspace: Workspace, waves: Sequence[Wave], now: datetime) -> _Counted:
    names = tuple(wave.public_id for wave in waves)
    question = Question(conditions=(Condition("wave", "is", names),), by=("wave",))
    whole, split = analyses.count_many(
        workspace=workspace, questions=[question, replace(question, by=("wave", SPLIT_BY))], now=now
    )
    found: dict[str, dict[str, Cell]] = {}
    for cell in split:
        wave, segment = cell.keys
        found.setdefault(wave or "", {})[segment or ""] = cell
    return _Counted({cell.keys[0] or "": cell for cell in whole}, found)


def funnel_of(*, workspace: Workspace, wave: Wave) -> Funnel:
    people = Enrolment.objects.filter(workspace=workspace, wave=wave).aggregate(
        considered=Count("id"),
        eligible=Count("id", filter=~Q(state=Enrolment.State.EXCLUDED)),
        answered=Count("id", filter=Q(state=Enrolment.State.ANSWERED)),
        shown=Count(
            "id",
            filter=~Q(state=Enrolment.State.EXCLUDED) & ~Q(channel=Enrolment.Channel.EMAIL),
        ),
    )
    delivered = outreach.delivery_counts(workspace=workspace, streams=[wave.public_id])
    answers = responses.list_responses(workspace=workspace, waves=[wave])
    commented = answers.exclude(comment="").count()
    return Funnel(
        **people,
        sent=delivered["sent"] + people["shown"],
        delivered=delivered["delivered"] + people["shown"],
        bounced=delivered["bounced"],
        commented=commented,
        unsubscribed=delivered["unsubscribed"],
    )


def count_asked(*, workspace: Workspace, wave: Wave) -> int:
    """People whom the question of the wave reached, or was sent to."""
    return funnel_of(workspace=workspace, wave=wave).sent


def loops_of(*, workspace: Workspace, wave: Wave) -> Loops:
    groups = {group: [0, 0] for group in Group}
    spoken = {True: [0, 0], False: [0, 0]}
    for score, has_comment, total, closed in cases.closure_counts(
        workspace=workspace, waves=[wave]
    ):
        for bucket in (groups[nps.group_of(score)], spoken[has_comment]):
            bucket[0] += total
            bucket[1] += closed
    speaking, silent = Loop(*spoken[True]), Loop(*spoken[False])
    return Loops(
        every=Loop(speaking.total + silent.total, speaking.closed + silent.closed),
        groups={group: Loop(*numbers) for group, numbers in groups.items()},
        speaking=speaking,
        silent=silent,
    )


@dataclass(frozen=True, slots=True)
class Staked:
    """An account at stake."""

    public_id: str
    name: str
    revenue: Decimal


def list_stakes(*, workspace: Workspace) -> tuple[Stake, ...]:
    """Each account once, however many of its people are unhappy; currencies are not mixed."""
    found = {
        unit: [each.revenue for each in accounts]
        for unit, accounts in _staked_by_currency(workspace).items()
    }
    stakes = [Stake(sum(values, Decimal(0)), unit, len(values)) for unit, values in found.items()]
    return tuple(sorted(stakes, key=lambda stake: -stake.accounts))


def list_staked(*, workspace: Workspace, currency: str) -> list[Staked]:
    """The accounts behind the stake in one currency, the largest first."""
    found = _staked_by_currency(workspace).get(currency, [])
    return sorted(found, key=lambda each: (-each.revenue, each.name, each.public_id))


def _staked_by_currency(workspace: Workspace) -> dict[str, list[Staked]]:
    rows = (
        Case.objects.filter(
            workspace=workspace,
            state__in=OPEN_STATES,
            response__score__in=nps.scores_of(Group.DETRACTOR),
            account__recurring_revenue__gt=0,
        )
        .order_by()
        .values_list(
            "account__currency",
            "account__public_id",
            "account__name",
            "account__recurring_revenue",
        )
        .distinct()
    )
    found: dict[str, list[Staked]] = {}
    for currency, public_id, name, revenue in rows:
        unit = currency or workspace.currency
        found.setdefault(unit, []).append(
            Staked(public_id or "", name or "", revenue or Decimal(0))
        )
    return found


def _verbatims(workspace: Workspace, wave: Wave) -> tuple[Response, ...]:
    found = responses.list_responses(workspace=workspace, waves=[wave]).exclude(comment="")
    return tuple(found[:VERBATIMS_SHOWN])


def get_pressing(*, workspace: Workspace, now: datetime) -> Pressing:
    waiting = Case.objects.filter(workspace=workspace, state__in=OPEN_STATES).aggregate(
        overdue=Count("id", filter=Q(next_due_at__lt=now)),
        unowned=Count("id", filter=Q(owner=None)),
    )
    stuck = Message.objects.filter(
        workspace=workspace, state__in=[State.IN_DOUBT, State.FAILED]
    ).aggregate(
        in_doubt=Count("id", filter=Q(state=State.IN_DOUBT)),
        failed=Count("id", filter=Q(state=State.FAILED)),
    )
    return Pressing(**waiting, **stuck)


def describe(
    histogram: Histogram, aside: SetAside | None = None, *, voices: Sums | None = None
) -> dict[str, object]:
    """One score as plain data: `nps` and `interval` in points, both None without answers; what is
    set aside is named and not counted."""
    measured = measure(histogram, aside, voices=voices)
    tally, interval = measured.tally, measured.interval
    return {
        "nps": tally.score,
        "interval": [interval.low, interval.high] if interval else None,
        "n": tally.n,
        "accounts": voices.accounts if voices else None,
        "effective_n": tally.worth,
        "promoters": tally.promoters,
        "passives": tally.passives,
        "detractors": tally.detractors,
        "histogram": list(histogram),
        "suspected_automated": measured.aside.suspected,
        "provisional": measured.aside.provisional,
    }


def report(
    *,
    workspace: Workspace,
    attribute: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, object]:
    """`describe` of all answers; with `attribute`, of each of its values under `by`."""
    period: Selection = {"since": since, "until": until}
    whole = responses.histogram(workspace=workspace, **period)
    figures = describe(
        whole,
        responses.count_set_aside(workspace=workspace, **period),
        voices=responses.sums(workspace=workspace, **period),
    )
    if attribute:
        parts = responses.histograms_by(workspace=workspace, attribute=attribute, **period)
        alike_by = responses.sums_by(workspace=workspace, attribute=attribute, **period)
        aside = responses.set_aside_by(workspace=workspace, attribute=attribute, **period)
        figures["by"] = {
            value: describe(
                parts.get(value, nps.empty_histogram()),
                aside.get(value),
                voices=alike_by.get(value),
            )
            for value in [*parts, *(value for value in aside if value not in parts)]
        }
    return figures
