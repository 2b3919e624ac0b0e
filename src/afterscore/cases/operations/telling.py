"""Telling customers what became of their words: by mail where one may go, else by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from afterscore.cases import composition as drafts
from afterscore.cases import queries
from afterscore.cases.languages.told import told_draft
from afterscore.cases.models import Case, Task
from afterscore.cases.operations import history, timing, writing
from afterscore.cases.queries import Telling
from afterscore.domain import calendars, events
from afterscore.domain.events import Actor
from afterscore.domain.steps import StepKind
from afterscore.improvements import operations as improvements
from afterscore.improvements.models import Improvement
from afterscore.kit.errors import Refused
from afterscore.surveys import languages as words

DUE_DAYS = 2  # business days in which a person tells whom no mail may tell


@dataclass(frozen=True, slots=True)
class Told:
    """People: to whom a mail goes, whom a person has to tell, and whom nobody can."""

    by_mail: int
    by_person: int
    erased: int


def tell_voices(*, improvement: Improvement, actor: Actor, now: datetime) -> Told:
    """Everybody who asked for it and does not know, each once and each by themselves.

    Safe to repeat: whoever has a mail or a task gets no second one.
    """
    counts = {"by_mail": 0, "by_person": 0, "erased": 0}
    for telling in queries.list_tellings(improvement=improvement):
        counts[_tell(improvement, telling, actor=actor, now=now)] += 1
    return Told(**counts)


@transaction.atomic
def _tell(improvement: Improvement, telling: Telling, *, actor: Actor, now: datetime) -> str:
    why = telling.why_not
    if not why and telling.case is not None:
        try:
            _write(improvement, telling, telling.case, actor=actor, now=now)
        except Refused as error:  # it was possible a moment ago
            why = error.message
        else:
            return "by_mail"
    for voice in telling.voices:
        improvements.note_not_told(voice=voice, why=why, actor=actor, now=now)
    if telling.is_erased:
        return "erased"
    if telling.case is not None:
        _ask_person(improvement, telling.case, why, actor=actor, now=now)
    return "by_person"


def _write(
    improvement: Improvement, telling: Telling, case: Case, *, actor: Actor, now: datetime
) -> None:
    draft = text_for(improvement, telling.language)
    with transaction.atomic():
        message = writing.plan_automated(
            case=case,
            subject=draft["subject"],
            body=draft["body"],
            due_at=now,
            told=f"A mail says what became of it: {improvement.title}",
            key=_key(improvement),
            actor=actor,
            now=now,
        )
        for voice in telling.voices:
            improvements.note_told(voice=voice, message=message, actor=actor, now=now)


def text_for(improvement: Improvement, language: str) -> dict[str, str]:
    """What was written for this language or its base, else the built-in words in it: nobody reads a
    neighbour's language while there is one of her own. A language that we do not have gets what was
    written for the workspace's, else at all. Raises Refused where nothing was written.
    """
    told: dict[str, dict[str, str]] = improvement.told
    if not told:
        raise Refused("Write what customers will read about it.", field="body")
    base = language.replace("_", "-").split("-")[0]
    for name in (language, base):
        if name in told:
            return told[name]
    if known := words.recognise(language):
        return told.get(known) or told_draft(known, title=drafts.inert(improvement.title))
    return told.get(improvement.workspace.language) or next(iter(told.values()))


def _ask_person(
    improvement: Improvement, case: Case, why: str, *, actor: Actor, now: datetime
) -> None:
    """A task for the owner of the case, once. It is no step of a playbook, which may change."""
    case = history.lock(case)
    title = f"Tell them what became of it: {improvement.title}"[:200]
    if Task.objects.filter(case=case, kind=StepKind.TODO, title=title).exists():
        return
    task = Task.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        kind=StepKind.TODO,
        position=100,
        title=title,
        text=f"No automated mail may do it. {why}",
        due_at=calendars.add_business_days(timing.calendar_at(case.workspace, now), now, DUE_DAYS),
        created_at=now,
    )
    event = events.TaskAdded(task.public_id, case=case.public_id)
    history.keep(case, event=event, actor=actor, now=now)


def _key(improvement: Improvement) -> str:
    return improvement.public_id
