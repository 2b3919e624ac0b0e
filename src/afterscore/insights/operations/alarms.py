"""Ringing when a score really fell. Each look is a fact, so that none is taken twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from afterscore.cases.operations import alerting
from afterscore.domain import alike, drops, events, nps
from afterscore.domain.alerts import Kind
from afterscore.domain.drops import Fall
from afterscore.domain.events import SYSTEM
from afterscore.domain.nps import Tally
from afterscore.insights.queries.pulse import SPLIT_BY
from afterscore.journal import operations as journal
from afterscore.journal import queries as facts
from afterscore.programs.models import Wave
from afterscore.responses import queries as responses
from afterscore.responses.queries import Selection

Segments = Mapping[str, Tally]

LAST_LOOK_WITHIN = timedelta(days=14)
"""After a wave has closed; what is older is history, and rings nobody out of bed."""


def watch_scores(*, now: datetime) -> int:
    """Looks at each wave that has reached its next look; how many rang."""
    current = Wave.objects.exclude(state=Wave.State.CLOSED) | Wave.objects.filter(
        closes_at__gt=now - LAST_LOOK_WITHIN
    )
    return sum(_look(wave.pk, now=now) for wave in current.order_by("pk").only("pk"))


@transaction.atomic
def _look(pk: int, *, now: datetime) -> bool:
    """One look at one wave, if it is time for one. The wave is locked: two looks are not one."""
    wave = Wave.objects.select_for_update(of=("self",)).select_related("workspace", "program")
    row = wave.get(pk=pk)
    before = _before(row)
    look = _due_look(row) if before is not None else None
    if before is None or look is None or not _is_new(row, look):
        return False
    earlier, current = _sides(row, before, look, now)
    fall = drops.judge(nps.merge(earlier.values()), nps.merge(current.values()), look=look)
    others = fall is not None and drops.others_answered(earlier, current, fall)
    rings = fall is not None and not others
    if look == 1:
        _settle(before, now=now)
    _record(row, look, (earlier, current), fell=rings, others=others, now=now)
    if fall is not None and rings:
        _ring(row, before, nps.merge(current.values()), fall, now=now)
    return rings


def _before(wave: Wave) -> Wave | None:
    return (
        Wave.objects.filter(program=wave.program, number__lt=wave.number)
        .order_by("-number")
        .first()
    )


def _due_look(wave: Wave) -> int | None:
    if wave.state == Wave.State.CLOSED:
        return drops.LAST
    return drops.look_at(sum(responses.histogram(workspace=wave.workspace, waves=[wave])))


def _is_new(wave: Wave, look: int) -> bool:
    """Not taken yet, nor a later one, and nothing has rung."""
    told = facts.list_facts(workspace=wave.workspace, subjects=[wave.public_id]).filter(
        name=events.ScoreChecked.name
    )
    earlier = [fact.payload for fact in told]
    if any(payload["fell"] or payload["look"] == drops.LAST for payload in earlier):
        return False
    return look == drops.LAST or all(payload["look"] < look for payload in earlier)


def _sides(wave: Wave, before: Wave, look: int, now: datetime) -> tuple[Segments, Segments]:
    """The wave before and this one by what tells customers apart, as old as each other: whoever
    answers early is not like whoever answers late."""
    until = None if look == drops.LAST else before.launched_at + (now - wave.launched_at)
    return _segments(before, until), _segments(wave, None)


def _segments(wave: Wave, until: datetime | None) -> Segments:
    """Each with the design effect of the whole wave: a segment alone has few accounts to tell it
    from."""
    selection: Selection = {"waves": [wave], "until": until}
    effect = alike.design_effect(responses.sums(workspace=wave.workspace, **selection))
    found = responses.histograms_by(workspace=wave.workspace, attribute=SPLIT_BY, **selection)
    return {
        segment: nps.tally(histogram, design_effect=effect) for segment, histogram in found.items()
    }


def _record(
    wave: Wave,
    look: int,
    sides: tuple[Segments, Segments],
    *,
    fell: bool,
    others: bool,
    now: datetime,
) -> None:
    before, current = (nps.merge(each.values()) for each in sides)
    points = None
    if before.score is not None and current.score is not None:
        points = round(current.score - before.score, 1)
    event = events.ScoreChecked(
        wave.public_id, look=look, answers=current.n, fell=fell, others=others, points=points
    )
    journal.record(workspace=wave.workspace, event=event, actor=SYSTEM, now=now)


def _ring(wave: Wave, before: Wave, current: Tally, fall: Fall, *, now: datetime) -> None:
    page = reverse("insights:pulse", args=[wave.workspace.slug])
    alerting.raise_alert(
        workspace=wave.workspace,
        kind=Kind.SCORE_DROP,
        key=wave.public_id,
        text=(
            f"The score of {wave.program} really fell: by {abs(round(fall.points))} points against "
            f"wave {before.number} ({_points(fall.low)} to {_points(fall.high)}), after "
            f"{current.n:,} answers."
        ),
        url=f"{page}?wave={wave.public_id}",
        now=now,
    )


def _points(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(round(value))}"


def _settle(before: Wave, *, now: datetime) -> None:
    """With the next wave's first answers the one before is history."""
    alerting.settle_alerts(
        workspace=before.workspace, kind=Kind.SCORE_DROP, key=before.public_id, now=now
    )
