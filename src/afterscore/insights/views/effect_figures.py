"""What the numbers are made of that say what a message brings, and the people compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from afterscore.domain import explaining
from afterscore.domain.explaining import Explanation
from afterscore.insights.composition import behind
from afterscore.insights.composition.behind import Row
from afterscore.insights.composition.frames import wave_words
from afterscore.insights.composition.healthy import BY_DAYS, touch_name
from afterscore.insights.views import panels
from afterscore.insights.views.panels import Panel
from afterscore.kit import clock
from afterscore.kit.errors import NotFound
from afterscore.programs import queries as programs
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.queries import SPELL
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Compared:
    """`note` says of one of the people where they stand."""

    sentence: str
    explained: Explanation | None
    people: QuerySet[Enrolment]
    note: Callable[[Any], str]


@require_safe
def explain_effect(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    wave = programs.get_wave(workspace=workspace, public_id=request.GET.get("wave", ""))
    touch = request.GET.get("touch", "")
    found = _by_days(wave, now) if touch == BY_DAYS else _by_lot(wave, touch, now)
    rows = behind.page_of(
        behind.listed(found.people),
        request.GET.get("after", ""),
        partial(_rows, workspace, found.note),
        noun="person",
        nouns="people",
    )
    panel = Panel(
        sentence=found.sentence,
        parts=(found.explained,) if found.explained else (),
        rows=rows,
        page_url=f"{reverse('score:health', args=[workspace.slug])}?wave={wave.public_id}#effects",
        page_name="Health",
        **panels.around(request, rows),
    )
    return panels.show(request, panel)


def _by_days(wave: Wave, now: datetime) -> Compared:
    spells = programs.reminder_effect(waves=[wave], now=now)
    explained = explaining.spells(spells.before, spells.after, title="What the reminder brings")
    people = programs.people_reminded(waves=[wave], now=now)
    return Compared(wave_words(wave), explained, people, _note_of_days)


def _by_lot(wave: Wave, touch: str, now: datetime) -> Compared:
    waves = list(programs.list_waves(workspace=wave.workspace, program=wave.program))
    effects = programs.list_effects(program=wave.program, waves=waves, now=now)
    effect = next((each for each in effects if each.touch.key == touch), None)
    if effect is None:
        raise NotFound("There is no such figure.")
    explained = explaining.lots(effect.answers, title=f"What {touch_name(effect)} brings")
    people = programs.people_compared(touch=touch, waves=waves, now=now)
    sentence = f"All waves of {wave.program.name} for which a lot was drawn"
    return Compared(sentence, explained, people, _note_of_lot)


def _rows(
    workspace: Workspace, note: Callable[[Any], str], people: Sequence[Enrolment]
) -> Iterator[Row]:
    for row, person in zip(behind.person_rows(workspace, people), people, strict=True):
        yield replace(row, note=note(person))


def _note_of_lot(person: Any) -> str:
    arm = "held out" if person.is_held_out else "was to get it"
    return f"{arm}, {'answered after that' if person.has_answered else 'has not answered'}"


def _note_of_days(person: Any) -> str:
    answered, reminded = person.answered_at, person.reminder_at
    if answered is None or answered >= reminded + SPELL:
        return "did not answer in these days"
    return f"answered in the two days {'after' if answered >= reminded else 'before'}"
