"""What each message of an invitation brings, counted from the lots that were drawn for it.

Counted are the people who had a lot, by the arm it put them in, whatever became of their mail, and
for a reminder only those who were still silent at the moment when it was due for both arms alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.expressions import Combinable

from afterscore.domain import experiments
from afterscore.domain.experiments import Arm, Finding, Trial
from afterscore.outreach.models import Delivery, Kind, Message
from afterscore.programs.models import HELD_OUT_OF_ANY, Enrolment, Program, Wave
from afterscore.programs.queries import peers
from afterscore.programs.queries.shifts import LateAnswers, ScoreShift

PATIENCE = timedelta(days=2)
"""So long a message has to bring something before its people are counted."""

MOST_SEGMENTS = 8


class Touch(NamedTuple):
    """A message for which lots are drawn: where the arm stands, and from when it is compared."""

    key: str
    label: str
    arm: str
    since: Combinable
    is_reminder: bool = True


FIRST = Touch("reminder", "First reminder", "reminder_arm", F("reminder_due_at"))
SECOND = Touch("second_reminder", "Second reminder", "second_reminder_arm", F("second_reminder_at"))
HEADS_UP = Touch("heads_up", "A word ahead", "heads_up_arm", F("created_at"), is_reminder=False)
TOUCHES = (HEADS_UP, FIRST, SECOND)


@dataclass(frozen=True, slots=True)
class SegmentEffect:
    """The same of one peer group, with intervals that hold for all groups together."""

    name: str
    answers: Finding
    unsubscribes: Finding
    score: ScoreShift


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchEffect:
    """`answers` decides; unsubscribes and bounces are its price, `score` what it does to the
    score."""

    touch: Touch
    answers: Finding
    unsubscribes: Finding
    bounces: Finding
    score: ScoreShift
    segments: tuple[SegmentEffect, ...]


class _Counts(NamedTuple):
    people: int = 0
    answered: int = 0
    unsubscribed: int = 0
    bounced: int = 0


_Key = tuple[int, str, str]  # wave, peer group, arm
_NOTHING = _Counts()


def list_effects(*, program: Program, waves: Sequence[Wave], now: datetime) -> list[TouchEffect]:
    """Of every kind of message for which these waves drew lots."""
    return [
        effect
        for touch in _with_held_out(waves)
        if (effect := touch_effect(touch=touch, program=program, waves=waves, now=now))
    ]


def _with_held_out(waves: Sequence[Wave]) -> list[Touch]:
    """Those that were kept from anybody at all: an index knows who. To tell who of the others
    counts takes nine looks at everybody."""
    kept = {
        touch.key: Count("id", filter=Q(**{touch.arm: Enrolment.Arm.HELD_OUT})) for touch in TOUCHES
    }
    found = Enrolment.objects.filter(HELD_OUT_OF_ANY, wave__in=waves).aggregate(**kept)
    return [touch for touch in TOUCHES if found[touch.key]]


def touch_effect(
    *, touch: Touch, program: Program, waves: Sequence[Wave], now: datetime
) -> TouchEffect | None:
    """None where nobody was held out of it: there is no experiment."""
    people = _people(touch, waves, now)
    counts = _count(people, touch)
    if not any(
        arm == Enrolment.Arm.HELD_OUT and found.people for (_, _, arm), found in counts.items()
    ):
        return None
    hold_out = _hold_out(program, touch, counts)
    late = LateAnswers.of(people, touch.arm)
    return TouchEffect(
        touch=touch,
        answers=experiments.find(_trials(counts, "answered"), hold_out=hold_out),
        unsubscribes=experiments.find(_trials(counts, "unsubscribed"), hold_out=hold_out),
        bounces=experiments.find(_trials(counts, "bounced"), hold_out=hold_out),
        score=late.shift(),
        segments=_segments(counts, late, hold_out),
    )


def people_compared(*, touch: str, waves: Sequence[Wave], now: datetime) -> QuerySet[Enrolment]:
    """Whom a touch effect counts: `is_held_out` by lot, `has_answered` since it was due."""
    named = next(each for each in TOUCHES if each.key == touch)
    return _people(named, waves, now).annotate(
        is_held_out=_whether(Q(**{named.arm: Enrolment.Arm.HELD_OUT})),
        has_answered=_whether(Q(answered_at__gte=F("since"))),
    )


def _whether(condition: Q) -> Combinable:
    return ExpressionWrapper(condition, output_field=BooleanField())


def counting_begins(*, wave: Wave, now: datetime) -> datetime | None:
    """While lots are drawn and nobody is counted yet: when the first are. None where there is
    nothing to wait for."""
    held_out = Enrolment.objects.filter(wave=wave, reminder_arm=Enrolment.Arm.HELD_OUT)
    first: datetime | None = held_out.aggregate(first=Min("reminder_due_at"))["first"]
    begins = None if first is None else first + PATIENCE
    return begins if begins is not None and begins > now else None


def first_reminder(*, program: Program, waves: Sequence[Wave], now: datetime) -> Finding | None:
    """The verdict alone, for whoever decides about the second reminder."""
    counts = _count(_people(FIRST, waves, now), FIRST)
    trials = _trials(counts, "answered")
    if not any(trial.held_out.people for trial in trials):
        return None
    return experiments.find(trials, hold_out=_hold_out(program, FIRST, counts))


def _people(touch: Touch, waves: Sequence[Wave], now: datetime) -> QuerySet[Enrolment]:
    drawn = Enrolment.objects.filter(wave__in=waves).exclude(**{touch.arm: ""})
    drawn = drawn.annotate(since=touch.since)
    if not touch.is_reminder:
        return drawn.filter(_was_due(now - PATIENCE))
    silent = Q(answered_at__isnull=True) | Q(answered_at__gte=F("since"))
    left_before = _heard(
        Delivery.Kind.UNSUBSCRIBED, Delivery.Kind.COMPLAINED, Delivery.Kind.BOUNCED, after=False
    )
    return drawn.filter(
        silent, peers.invitation_of(before=OuterRef("since")), ~left_before,
        since__lte=now - PATIENCE,
    )  # fmt: skip


def _was_due(until: datetime) -> Exists:
    """The invitation's turn has come, whether or not it went out: the word ahead may be why not."""
    invitations = Message.objects.filter(
        workspace=OuterRef("workspace"), stream=OuterRef("wave__public_id"),
        contact=OuterRef("contact"), kind=Kind.INVITATION, due_at__lte=until,
    )  # fmt: skip
    return Exists(invitations)


def _heard(*kinds: str, after: bool) -> Exists:
    """Whether such a thing was heard of the person's mails of the wave, before or since then."""
    heard = Delivery.objects.filter(
        workspace=OuterRef("workspace"),
        message__stream=OuterRef("wave__public_id"),
        message__contact=OuterRef("contact"),
        kind__in=kinds,
        is_permanent=True,
    )
    if after:
        return Exists(heard.filter(occurred_at__gte=OuterRef("since")))
    return Exists(heard.filter(occurred_at__lt=OuterRef("since")))


def _count(people: QuerySet[Enrolment], touch: Touch) -> dict[_Key, _Counts]:
    """Three queries: what few people did is found from what was heard, not person by person."""
    rows = people.order_by().values_list("wave_id", "peer_group", touch.arm)
    left = _by_key(rows.filter(_heard(Delivery.Kind.UNSUBSCRIBED, after=True)))
    back = _by_key(rows.filter(_heard(Delivery.Kind.BOUNCED, after=True)))
    counted = rows.annotate(
        people=Count("id"), answered=Count("id", filter=Q(answered_at__gte=F("since")))
    )
    return {
        (wave, group, arm): _Counts(
            found, answered, left.get((wave, group, arm), 0), back.get((wave, group, arm), 0)
        )
        for wave, group, arm, found, answered in counted
    }


def _by_key(rows: QuerySet[Enrolment, Any]) -> dict[_Key, int]:
    return {
        (wave, group, arm): people for wave, group, arm, people in rows.annotate(people=Count("id"))
    }


def _trials(counts: Mapping[_Key, _Counts], what: str, group: str | None = None) -> list[Trial]:
    """One a wave; of one peer group, or of everybody."""
    arms: dict[tuple[int, str], Arm] = {}
    for (wave, each, arm), found in counts.items():
        if group is None or each == group:
            so_far = arms.get((wave, arm), experiments.NOBODY)
            arms[wave, arm] = so_far + Arm(found.people, getattr(found, what))
    waves = {wave for wave, _ in arms}
    return [
        Trial(
            arms.get((wave, Enrolment.Arm.TREATED), experiments.NOBODY),
            arms.get((wave, Enrolment.Arm.HELD_OUT), experiments.NOBODY),
        )
        for wave in sorted(waves)
    ]


def _hold_out(program: Program, touch: Touch, counts: Mapping[_Key, _Counts]) -> float:
    """The ratio with which the program goes on, or else the one it has had."""
    wanted = program.reminder_hold_out if touch.is_reminder else program.heads_up_hold_out
    if wanted:
        return wanted
    everybody = sum(found.people for found in counts.values())
    drawn = sum(
        found.people for (_, _, arm), found in counts.items() if arm == Enrolment.Arm.HELD_OUT
    )
    return drawn / everybody if everybody else 0.0


def _segments(
    counts: Mapping[_Key, _Counts], late: LateAnswers, hold_out: float
) -> tuple[SegmentEffect, ...]:
    """The largest first. Their intervals hold for all of them together (Bonferroni): whoever looks
    at eight segments finds one that seems to differ."""
    sizes: dict[str, int] = {}
    for (_, group, _), found in counts.items():
        sizes[group] = sizes.get(group, 0) + found.people
    if len(sizes) < 2:
        return ()
    largest = sorted(sizes, key=lambda group: (-sizes[group], group))[:MOST_SEGMENTS]
    confidence = 1 - 0.05 / len(largest)

    def find(what: str, group: str) -> Finding:
        trials = _trials(counts, what, group)
        return experiments.find(trials, hold_out=hold_out, confidence=confidence)

    return tuple(
        SegmentEffect(
            name=group,
            answers=find("answered", group),
            unsubscribes=find("unsubscribed", group),
            score=late.shift(group, confidence=confidence),
        )
        for group in largest
    )
