from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from afterscore.domain.departments import Department
from afterscore.domain.improving import State
from afterscore.improvements import operations, queries
from afterscore.improvements.models import Improvement, Theme
from afterscore.kit import clock
from afterscore.responses import queries as responses
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

router = Router(tags=["Improvements"])


class ThemeOut(Schema):
    id: str
    name: str
    words: list[str]
    department: Department | None = Field(description="Who acts on it.")
    is_active: bool


class ThemeIn(Schema):
    name: str
    words: list[str] = Field(description="Words and phrases in any languages; see the pages.")
    department: Department | None = None
    is_active: bool = True


class MatchIn(Schema):
    text: str


class MentionOut(Schema):
    theme: str = Field(description="The theme's id.")
    word: str = Field(description="The word of the list that says so.")
    start: int
    end: int


class ImprovementOut(Schema):
    id: str
    title: str
    description: str
    state: State
    department: Department | None
    theme: str | None = Field(description="The theme's id.")
    due_on: date | None
    ended_at: datetime | None
    voices: int = Field(description="How many answers ask for it.")
    told: int = Field(description="How many of them were told that it is done.")


class ImprovementIn(Schema):
    title: str
    description: str = ""
    theme: str | None = Field(default=None, description="A theme's id.")
    department: Department | None = None
    due_on: date | None = None


class StateIn(Schema):
    state: State = Field(description="Not done: that is said on the page, with what is told.")


class VoicesIn(Schema):
    responses: list[str] = Field(description="Ids of answers that ask for it.")


def _workspace(request: HttpRequest) -> Workspace:
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]
    return workspace


def _theme_out(theme: Theme) -> dict[str, Any]:
    return {
        "id": theme.public_id,
        "name": theme.name,
        "words": theme.words,
        "department": theme.department or None,
        "is_active": theme.is_active,
    }


def _out(improvement: Improvement, voices: int, told: int) -> dict[str, Any]:
    return {
        "id": improvement.public_id,
        "title": improvement.title,
        "description": improvement.description,
        "state": improvement.state,
        "department": improvement.department or None,
        "theme": improvement.theme.public_id if improvement.theme else None,
        "due_on": improvement.due_on,
        "ended_at": improvement.ended_at,
        "voices": voices,
        "told": told,
    }


def _shown(workspace: Workspace, improvement: Improvement) -> dict[str, Any]:
    heard = queries.list_voices(improvement=improvement)
    told = sum(each.knows in (queries.Knows.BY_MAIL, queries.Knows.BY_PERSON) for each in heard)
    return _out(
        queries.get_improvement(workspace=workspace, public_id=improvement.public_id),
        len(heard),
        told,
    )


@router.get("/themes", response=list[ThemeOut], summary="List themes with their words")
def list_themes(request: HttpRequest) -> list[dict[str, Any]]:
    return [_theme_out(theme) for theme in queries.list_themes(workspace=_workspace(request))]


@router.post("/themes", response={201: ThemeOut}, summary="Add a theme")
def add_theme(request: HttpRequest, data: ThemeIn) -> Status[dict[str, Any]]:
    """Answers that are there are looked through for it, too."""
    return Status(201, _theme_out(_save(request, None, data)))


@router.post("/themes/match", response=list[MentionOut], summary="Of what a text speaks")
def match_text(request: HttpRequest, data: MatchIn) -> list[dict[str, Any]]:
    """Every place that speaks of a theme; nothing is kept."""
    found = queries.list_mentions(workspace=_workspace(request), text=data.text)
    return [
        {"theme": each.theme, "word": each.word, "start": each.start, "end": each.end}
        for each in found
    ]


@router.put("/themes/{public_id}", response=ThemeOut, summary="Change a theme")
def change_theme(request: HttpRequest, public_id: str, data: ThemeIn) -> dict[str, Any]:
    theme = queries.get_theme(workspace=_workspace(request), public_id=public_id)
    return _theme_out(_save(request, theme, data))


def _save(request: HttpRequest, theme: Theme | None, data: ThemeIn) -> Theme:
    access.refuse_reading_key(request)
    return operations.save_theme(
        workspace=_workspace(request),
        theme=theme,
        name=data.name,
        words="\n".join(data.words),
        department=data.department,
        is_active=data.is_active,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )


@router.get("/improvements", response=list[ImprovementOut], summary="List improvements")
def list_improvements(
    request: HttpRequest, department: Department | None = None
) -> list[dict[str, Any]]:
    listed = queries.list_improvements(workspace=_workspace(request), department=department)
    return [_out(each.improvement, each.voices, each.told) for each in listed]


@router.post("/improvements", response={201: ImprovementOut}, summary="Propose an improvement")
def propose(request: HttpRequest, data: ImprovementIn) -> Status[dict[str, Any]]:
    access.refuse_reading_key(request)
    workspace = _workspace(request)
    theme = queries.get_theme(workspace=workspace, public_id=data.theme) if data.theme else None
    improvement = operations.save_improvement(
        workspace=workspace,
        proposal=operations.Proposal(
            title=data.title,
            description=data.description,
            theme=theme,
            department=data.department,
            due_on=data.due_on,
        ),
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return Status(201, _out(improvement, 0, 0))


@router.get("/improvements/{public_id}", response=ImprovementOut, summary="Get an improvement")
def get_improvement(request: HttpRequest, public_id: str) -> dict[str, Any]:
    workspace = _workspace(request)
    found = queries.get_improvement(workspace=workspace, public_id=public_id)
    return _shown(workspace, found)


@router.post(
    "/improvements/{public_id}/state", response=ImprovementOut, summary="Move an improvement"
)
def move(request: HttpRequest, public_id: str, data: StateIn) -> dict[str, Any]:
    access.refuse_reading_key(request)
    workspace = _workspace(request)
    moved = operations.move_improvement(
        improvement=queries.get_improvement(workspace=workspace, public_id=public_id),
        to=data.state,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _shown(workspace, moved)


@router.post(
    "/improvements/{public_id}/voices",
    response=ImprovementOut,
    summary="Link answers that ask for it",
)
def link_voices(request: HttpRequest, public_id: str, data: VoicesIn) -> dict[str, Any]:
    """Linking twice links once. When it is done, whoever gave the answer is told."""
    access.refuse_reading_key(request)
    workspace = _workspace(request)
    improvement = queries.get_improvement(workspace=workspace, public_id=public_id)
    operations.link_voices(
        improvement=improvement,
        responses=[
            responses.get_response(workspace=workspace, public_id=each) for each in data.responses
        ],
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _shown(workspace, improvement)
