"""What the demo's own people hear: alerts that stand, praise on the wall, a room for the team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from afterscore.domain import nps
from afterscore.domain.events import Actor
from afterscore.domain.nps import Group
from afterscore.kit import jobs
from afterscore.outreach.operations import rooms
from afterscore.programs.models import Wave
from afterscore.responses import operations as responses
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, Workspace
from afterscore.workspaces.operations import wishes

PRAISED = (
    "{name} took the time to understand how we work.",
    "Special thanks to {name}, who called back within the hour.",
    "{name} walked us through the migration twice. We would not be live without her.",
    "Please tell {name} that the training was the best we have had.",
    "When the export broke on a Friday evening, {name} stayed with us until it ran.",
    "{name} knows our business better than some of our own people.",
)


def fill(*, workspace: Workspace, members: Iterable[Member], actor: Actor, now: datetime) -> None:
    """The same answers and the same words every time."""
    willing = [member for member in members if member.is_active][:4]
    for member in willing:
        wishes.change_wishes(
            member=member,
            wants_digest=True,
            wants_alerts=True,
            wants_praise=True,
            actor=Actor("member", member.public_id),
            now=now,
        )
    _praise(workspace, willing, now)
    _open_room(workspace, actor, now)
    for name in ("cases.escalate", "cases.watch_key_contacts", "insights.watch_scores"):
        jobs.defer(name)


def _praise(workspace: Workspace, willing: list[Member], now: datetime) -> None:
    """Promoters of the running wave add whom they have in mind."""
    happy = (
        Response.objects.filter(
            workspace=workspace,
            wave__state=Wave.State.RUNNING,
            score__in=nps.scores_of(Group.PROMOTER),
            enrolment__language="en",
            validity=Response.Validity.COUNTED,
        )
        .exclude(comment="")
        .select_related("enrolment", "enrolment__wave", "workspace")
        .order_by("contact__email")
    )
    for number, response in enumerate(happy[: len(PRAISED)]):
        first = willing[number % len(willing)].user.name.split(" ")[0]
        added = PRAISED[number].format(name=first)
        responses.record_response(
            enrolment=response.enrolment,
            score=response.score,
            channel=response.channel,
            comment=f"{response.comment.strip()} {added}",
            now=now - timedelta(minutes=number),
        )


def _open_room(workspace: Workspace, actor: Actor, now: datetime) -> None:
    """Switched off: its address leads nowhere."""
    name, style, hears = "#customer-success", "slack", ["digest", "alerts", "praise"]
    room = rooms.create_room(
        workspace=workspace,
        name=name,
        style=style,
        address="https://hooks.slack.com/services/T000/B000/put-your-own-here",
        hears=hears,
        actor=actor,
        now=now,
    )
    rooms.change_room(
        room=room,
        name=name,
        style=style,
        address="",
        hears=hears,
        department="",
        is_active=False,
        actor=actor,
        now=now,
    )
