"""Improvements, objectives, and the answers that ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, F, Q, QuerySet

from afterscore.domain.departments import Department
from afterscore.domain.improving import State
from afterscore.improvements.models import Improvement, Objective, Theme, Voice
from afterscore.improvements.queries.matching import prepare
from afterscore.kit.errors import NotFound
from afterscore.outreach.models import Message
from afterscore.outreach.models import State as Sending
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

COMMENTS_LOOKED_AT = 1_000
SUGGESTED = 20
_ON_ITS_WAY = (Sending.PLANNED, Sending.DUE, Sending.CLAIMED, Sending.HANDOFF)
_GONE = (Sending.SENT, Sending.IN_DOUBT)


class Knows(StrEnum):
    """Whether somebody who asked for it knows what became of it."""

    NOT_YET = "not_yet"
    ON_ITS_WAY = "on_its_way"
    BY_MAIL = "by_mail"
    BY_PERSON = "by_person"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class Heard:
    """One voice with what is known of telling it."""

    voice: Voice
    knows: Knows
    why: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    improvement: Improvement
    voices: int
    told: int


def list_improvements(
    *, workspace: Workspace, department: Department | None = None, theme: Theme | None = None
) -> list[Listed]:
    """By state and age, with how many ask for it and how many of them were told."""
    found = Improvement.objects.filter(workspace=workspace).select_related(
        "theme", "owner__user", "objective"
    )
    if department is not None:
        found = found.filter(department=department)
    if theme is not None:
        found = found.filter(theme=theme)
    rows = list(found.order_by("due_on", "created_at", "id"))
    counts = _count_voices([row.pk for row in rows])
    return [Listed(row, *counts.get(row.pk, (0, 0))) for row in rows]


def list_alive(*, workspace: Workspace) -> QuerySet[Improvement]:
    """All that were not dropped, what is due first first: to choose one by its title."""
    found = Improvement.objects.filter(workspace=workspace).exclude(state=State.DROPPED)
    return found.order_by("due_on", "created_at", "id")


def _count_voices(keys: list[int]) -> dict[int, tuple[int, int]]:
    told = Q(told_at__isnull=False) | Q(message__state__in=_GONE)
    rows = (
        Voice.objects.filter(improvement__in=keys)
        .order_by()
        .values("improvement")
        .annotate(voices=Count("id"), told=Count("id", filter=told))
        .values_list("improvement", "voices", "told")
    )
    return {key: (voices, told) for key, voices, told in rows}


def get_improvement(*, workspace: Workspace, public_id: str) -> Improvement:
    rows = Improvement.objects.select_related("workspace", "theme", "objective", "owner__user")
    try:
        return rows.get(workspace=workspace, public_id=public_id)
    except Improvement.DoesNotExist as error:
        raise NotFound("There is no such improvement.") from error


def list_voices(*, improvement: Improvement) -> list[Heard]:
    """The newest answer first."""
    found = (
        Voice.objects.filter(improvement=improvement)
        .select_related(
            "improvement__workspace",
            "message",
            "response__contact",
            "response__account",
            "response__wave__program",
            "added_by__user",
        )
        .order_by("-response__received_at", "-id")
    )
    return [_heard(voice) for voice in found]


def get_voice(*, improvement: Improvement, response: Response) -> Voice:
    try:
        return Voice.objects.select_related("improvement__workspace", "response").get(
            improvement=improvement, response=response
        )
    except Voice.DoesNotExist as error:
        raise NotFound("This answer is not linked to the improvement.") from error


def list_improvements_of(*, response: Response) -> list[Heard]:
    """What this answer asks for."""
    found = (
        Voice.objects.filter(response=response)
        .select_related("improvement__workspace", "message", "response")
        .order_by("added_at", "id")
    )
    return [_heard(voice) for voice in found]


def _heard(voice: Voice) -> Heard:
    if voice.told_at is not None:
        return Heard(voice, Knows.BY_PERSON)
    message = voice.message
    if message is not None and message.state in _GONE:
        return Heard(voice, Knows.BY_MAIL)
    if message is not None and message.state in _ON_ITS_WAY:
        return Heard(voice, Knows.ON_ITS_WAY)
    if message is not None:
        return Heard(voice, Knows.NEEDS_PERSON, _never_left(message))
    if voice.not_told_why:
        return Heard(voice, Knows.NEEDS_PERSON, voice.not_told_why)
    return Heard(voice, Knows.NOT_YET)


def _never_left(message: Message) -> str:
    return message.reason or "The mail did not leave."


def list_suggestions(*, improvement: Improvement) -> list[Response]:
    """The newest answers that speak of its theme and are not linked yet."""
    theme = improvement.theme
    if theme is None:
        return []
    workspace = improvement.workspace
    linked = set(
        Voice.objects.filter(improvement=improvement).values_list("response_id", flat=True)
    )
    matcher = prepare(workspace=workspace)
    newest = responses.list_responses(workspace=workspace).exclude(comment="")
    found = []
    for response in newest[:COMMENTS_LOOKED_AT]:
        if response.pk not in linked and theme.public_id in matcher.match(response.comment):
            found.append(response)
            if len(found) == SUGGESTED:
                break
    return found


def list_objectives(
    *, workspace: Workspace, department: Department | None = None, open_only: bool = False
) -> QuerySet[Objective]:
    """Those that have not ended first, by what is due first."""
    found = Objective.objects.filter(workspace=workspace).select_related("theme", "owner__user")
    if department is not None:
        found = found.filter(department=department)
    if open_only:
        found = found.filter(ended_at=None)
    return found.order_by(
        F("ended_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "created_at", "id"
    )


def get_objective(*, workspace: Workspace, public_id: str) -> Objective:
    rows = Objective.objects.select_related("workspace", "theme", "owner__user")
    try:
        return rows.get(workspace=workspace, public_id=public_id)
    except Objective.DoesNotExist as error:
        raise NotFound("There is no such objective.") from error
