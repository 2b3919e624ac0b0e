"""What the messages of a wave bring, in sentences, a chart and a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from afterscore.domain import second_reminders
from afterscore.domain.compare import MINIMUM_ANSWERS, Change
from afterscore.domain.effects import Effect
from afterscore.domain.experiments import MINIMUM_ARM, Arm, Finding
from afterscore.kit import clock
from afterscore.kit.templatetags.charts import DifferenceRow
from afterscore.kit.templatetags.display import count, hundredths, points, ratio
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.queries import ScoreShift, SegmentEffect, TouchEffect
from afterscore.workspaces.models import Workspace

COUNTED_AT_ONCE = 1_000
"""So many people are compared while the page is made; for more, the comparison follows."""

MOST_GROUPS = 12
MOST_REASONS = 6
_WORDS = {Effect.WORKED: "Yes.", Effect.DID_NOT: "No.", Effect.NOT_ENOUGH: "Can't tell yet."}
_TONES = {Effect.WORKED: "good", Effect.DID_NOT: "bad", Effect.NOT_ENOUGH: ""}
_SHORT = {Effect.WORKED: "works", Effect.DID_NOT: "does not"}
_SCORES = {
    Change.RISE: "higher among those who got it",
    Change.FALL: "lower among those who got it",
    Change.NOISE: "no change beyond noise",
    Change.NOT_ENOUGH: "can't tell yet",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the figures."""

    label: str
    treated: str
    held_out: str
    difference: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One peer group: the three differences, each with its interval."""

    label: str
    people: str
    answers: str
    unsubscribes: str
    score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One kind of message: the question, its answer, the drawing and the figures."""

    key: str
    question: str
    verdict: str
    sentence: str
    rows: tuple[DifferenceRow, ...]
    figures: tuple[Row, ...]
    segments: tuple[SegmentRow, ...]


@require_safe
def show_effects(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """A fragment of the wave's page, for waves of many people."""
    wave = queries.get_wave(workspace=workspace, public_id=public_id)
    return render(request, "programs/effects.html", _found(wave, clock.now()))


def effects_of(wave: Wave, now: datetime) -> dict[str, Any]:
    """For the page itself; for a large wave, where to get it."""
    if wave.eligible > COUNTED_AT_ONCE:
        url = reverse("programs:effects", args=[wave.workspace.slug, wave.public_id])
        return {"effects_url": url}
    return _found(wave, now)


def _found(wave: Wave, now: datetime) -> dict[str, Any]:
    waves = list(queries.list_waves(workspace=wave.workspace, program=wave.program))
    here = queries.list_effects(program=wave.program, waves=[wave], now=now)
    overall = {
        effect.touch.key: effect
        for effect in queries.list_effects(program=wave.program, waves=waves, now=now)
    }
    peers = queries.peers_of(wave=wave).groups()
    begins_at = None if here or _is_over(wave) else queries.counting_begins(wave=wave, now=now)
    return {
        "wave": wave,
        "begins_at": begins_at,
        "effects": [_show(effect, overall[effect.touch.key], len(waves)) for effect in here],
        "before_after": (
            None if here or begins_at else queries.reminder_effect(waves=[wave], now=now)
        ),
        "seconds": _seconds(wave),
        "peers": [(group or "Everybody else", found) for group, found in peers[:MOST_GROUPS]],
        "fewest_companies": second_reminders.FEWEST_COMPANIES,
        "touches": [
            *queries.touches_health(waves=[wave]),
            *queries.follow_ups_health(waves=[wave]),
        ],
        "owner_rates": queries.list_owner_rates(wave=wave, now=now),
        **_channels(wave),
        "frequency": queries.list_by_frequency(wave=wave),
        "accuracy": queries.wave_accuracy(wave=wave, now=now),
    }


def _is_over(wave: Wave) -> bool:
    """What a closed wave has not counted by now it never will."""
    return wave.state == Wave.State.CLOSED


def _channels(wave: Wave) -> dict[str, Any]:
    found = queries.find_channels(wave=wave)
    if found is None:
        return {}
    rows = [("Everybody", found.everybody)]
    if len(found.segments) > 1:
        rows += [(each.segment or "Everybody else", each) for each in found.segments[:MOST_GROUPS]]
    return {
        "channels": [
            {"label": label, "cells": list(zip(found.labels, coverage.rates, strict=True))}
            for label, coverage in rows
        ],
        "channel_labels": found.labels,
    }


def _seconds(wave: Wave) -> dict[str, Any] | None:
    decided = queries.list_second_decisions(wave=wave)
    if not decided:
        return None
    return {
        "sent": sum(row.people for row in decided if row.arm == Enrolment.Arm.TREATED),
        "held_out": sum(row.people for row in decided if row.arm == Enrolment.Arm.HELD_OUT),
        "locked": sum(row.people for row in decided if not row.arm),
        "reasons": [row for row in decided if not row.arm][:MOST_REASONS],
    }


def _show(here: TouchEffect, overall: TouchEffect, waves: int) -> Shown:
    """The verdict is over all waves of the program: it is what decides."""
    name = here.touch.label[:1].lower() + here.touch.label[1:]
    name = name if name.startswith("a ") else f"the {name}"
    return Shown(
        key=here.touch.key,
        question=f"Did {name} work?",
        verdict=_WORDS[overall.answers.verdict],
        sentence=_sentence(overall),
        rows=tuple(_drawn(here, overall, waves)),
        figures=tuple(_figures(here, overall, waves)),
        segments=tuple(_segment(segment) for segment in overall.segments),
    )


def _sentence(effect: TouchEffect) -> str:
    found = effect.answers
    who = "silent people" if effect.touch.is_reminder else "people"
    if found.verdict is Effect.NOT_ENOUGH or found.difference is None:
        return _not_enough(found, who)
    low, high = found.difference.low, found.difference.high
    if found.verdict is Effect.DID_NOT:
        return f"Of a hundred {who} at most {_plain(high)} more answered because of it."
    gained = round(found.gained or 0)
    return (
        f"Of a hundred {who} about {_plain(found.difference.difference)} more answered than "
        f"without it, between {_plain(low)} and {_plain(high)}. That makes about {count(gained)} "
        f"answers that would not have come."
    )


def _not_enough(found: Finding, who: str) -> str:
    counted = f"{count(found.people)} {who} were counted so far"
    if found.needed is None or found.needed <= found.people:
        return f"{counted}, and they leave both possible."
    return f"{counted}; it takes about {count(found.needed)}."


def _plain(value: float) -> str:
    """Of a hundred people: whole ones, where there is at least one."""
    people = 100 * value
    return points(people, 0 if abs(people) >= 1 else 1).removeprefix("+")


def _drawn(here: TouchEffect, overall: TouchEffect, waves: int) -> Iterator[DifferenceRow]:
    yield _row("This wave", here.answers)
    if waves > 1:
        yield _row("All waves", overall.answers)
    for segment in overall.segments:
        yield _row(segment.name or "Everybody else", segment.answers)


def _row(label: str, found: Finding) -> DifferenceRow:
    note = _SHORT.get(found.verdict) or _short_of(found)
    known = found.difference
    if known is None or min(found.treated.people, found.held_out.people) < MINIMUM_ARM:
        return DifferenceRow(label=label, note=note)
    return DifferenceRow(
        label=label,
        note=note,
        difference=known.difference,
        low=known.low,
        high=known.high,
        tone=_TONES[found.verdict],
    )


def _short_of(found: Finding) -> str:
    if found.needed is None or found.needed <= found.people:
        return "can't tell yet"
    return f"can't tell yet ({count(found.people)} of about {count(found.needed)} people)"


def _figures(here: TouchEffect, overall: TouchEffect, waves: int) -> Iterator[Row]:
    for label, effect in (("this wave", here), ("all waves", overall)):
        if effect is overall and waves < 2:
            continue
        for what, found in (
            ("Answered", effect.answers),
            ("Unsubscribed", effect.unsubscribes),
            ("Came back", effect.bounces),
        ):
            yield _figure(f"{what}, {label}", found)
    yield _score("Score of late answers, in points", overall.score)


def _segment(segment: SegmentEffect) -> SegmentRow:
    found = segment.answers
    return SegmentRow(
        label=segment.name or "Everybody else",
        people=f"{count(found.treated.people)} and {count(found.held_out.people)}",
        answers=_difference(found),
        unsubscribes=_difference(segment.unsubscribes),
        score=_shift(segment.score),
    )


def _figure(label: str, found: Finding) -> Row:
    return Row(label, _arm(found.treated), _arm(found.held_out), _difference(found))


def _difference(found: Finding) -> str:
    known = found.difference
    if known is None:
        return "—"
    interval = f"{hundredths(known.low)} to {hundredths(known.high)}"
    return f"{hundredths(known.difference)} ({interval})"


def _arm(arm: Arm) -> str:
    return f"{count(arm.events)} of {count(arm.people)} ({ratio(arm.ratio, 1)})"


def _score(label: str, found: ScoreShift) -> Row:
    """Of those who answered after that moment; the shift is in points."""
    return Row(label, _answers(found.treated), _answers(found.held_out), _shift(found))


def _shift(found: ScoreShift) -> str:
    shift = found.shift
    if shift is None or not found.is_comparable:
        return f"{_SCORES[Change.NOT_ENOUGH]}: fewer than {MINIMUM_ANSWERS} answers in an arm"
    interval = f"{points(shift.low)} to {points(shift.high)}"
    return f"{points(shift.difference)} ({interval}), {_SCORES[found.change]}"


def _answers(number: int) -> str:
    return "1 answer" if number == 1 else f"{count(number)} answers"
