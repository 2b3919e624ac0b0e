"""What Harbourline did because customers said so: objectives, improvements, and who was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterscore.cases.languages.told import told_draft
from afterscore.domain import nps
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.domain.improving import State
from afterscore.domain.nps import Group
from afterscore.improvements import operations, queries
from afterscore.improvements.models import Improvement, Theme
from afterscore.workspaces.models import Member, Workspace

TOLD = {
    "en": "Reports can now put several sites side by side in one table, and send it to you by "
    "mail each Friday.",
    "de": "Berichte stellen jetzt mehrere Standorte in einer Tabelle nebeneinander, und auf Wunsch "
    "kommt sie jeden Freitag per Mail.",
    "es": "Los informes muestran ahora varios centros en una misma tabla, y puede recibirla por "
    "correo cada viernes.",
    "fr": "Les rapports présentent désormais plusieurs sites dans un même tableau, que vous pouvez "
    "recevoir par mail chaque vendredi.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    title: str
    description: str
    theme: str
    owner: str
    state: State
    due_in_days: int
    voices: int


PLANS = (
    Plan(
        "Several sites in one report",
        "One table with a column for each site, exportable, on a schedule.",
        "Reports and data",
        "priya@harbourline.example",
        State.IN_PROGRESS,
        25,
        9,
    ),
    Plan(
        "The nightly sync tells us before you notice",
        "Alarm on the first failed run, automatic second run, a line on the status page.",
        "Integrations and data exchange",
        "priya@harbourline.example",
        State.IN_PROGRESS,
        70,
        6,
    ),
    Plan(
        "A second answer within one working day",
        "A rota for open tickets, so that nobody waits for the person who began.",
        "Waiting for an answer",
        "jonas@harbourline.example",
        State.PLANNED,
        60,
        7,
    ),
    Plan(
        "Seats that nobody uses can be given back each month",
        "",
        "Price and value",
        "max@harbourline.example",
        State.PROPOSED,
        120,
        5,
    ),
)
OBJECTIVES = (
    (Department.PRODUCT, "Half as many people speak of outages and faults",
     "Reliability and faults", "priya@harbourline.example"),
    (Department.SUPPORT, "Nobody waits more than a day for the second answer",
     "Waiting for an answer", "jonas@harbourline.example"),
    (Department.SUCCESS, "Every new customer is live within six weeks",
     "Getting started and training", "ana@harbourline.example"),
)  # fmt: skip


def plan(
    *, workspace: Workspace, members: Mapping[str, Member], actor: Actor, now: datetime
) -> None:
    """Some weeks before the story ends: what is wanted, and who asked for it."""
    themes = {theme.name: theme for theme in queries.list_themes(workspace=workspace)}
    for department, title, theme, owner in OBJECTIVES:
        operations.save_objective(
            workspace=workspace,
            department=department,
            title=title,
            theme=themes.get(theme),
            owner=members[owner],
            due_on=(now + timedelta(days=120)).date(),
            actor=actor,
            now=now,
        )
    for each in PLANS:
        _propose(workspace, each, themes, members, actor=actor, now=now)


def _propose(
    workspace: Workspace,
    wanted: Plan,
    themes: Mapping[str, Theme],
    members: Mapping[str, Member],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    improvement = operations.save_improvement(
        workspace=workspace,
        proposal=operations.Proposal(
            title=wanted.title,
            description=wanted.description,
            theme=themes.get(wanted.theme),
            owner=members[wanted.owner],
            due_on=(now + timedelta(days=wanted.due_in_days)).date(),
        ),
        actor=actor,
        now=now,
    )
    asked = [
        response
        for response in queries.list_suggestions(improvement=improvement)
        if nps.group_of(response.score) is not Group.PROMOTER
    ][: wanted.voices]
    operations.link_voices(improvement=improvement, responses=asked, actor=actor, now=now)
    if wanted.state is not State.PROPOSED:
        operations.move_improvement(improvement=improvement, to=wanted.state, actor=actor, now=now)


def finish(*, workspace: Workspace, actor: Actor, now: datetime) -> None:
    """The first of them is done, and whoever asked for it hears of it."""
    improvement = Improvement.objects.select_related("workspace").get(
        workspace=workspace, title=PLANS[0].title
    )
    told = {language: told_draft(language, title=text) for language, text in TOLD.items()}
    operations.finish_improvement(improvement=improvement, told=told, actor=actor, now=now)


def instants(launches: Sequence[datetime], now: datetime) -> tuple[datetime, datetime]:
    """When it is planned, and when the first is done: in office hours, before the last wave."""
    planned = (launches[-1] - timedelta(days=34)).replace(hour=10)
    return planned, min(launches[-1] - timedelta(days=6), now).replace(hour=10)
