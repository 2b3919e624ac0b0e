"""What was said of an address, and whether somebody has said otherwise since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from afterscore.kit.errors import NotFound
from afterscore.outreach import queries
from afterscore.outreach.models import Delivery, InboundEvent, Message
from afterscore.outreach.queries import Lifted, Step
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Lift:
    """Mail to the address was made possible again; `who` by name."""

    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail that came back, and who lifted since then what followed from it."""

    event: InboundEvent
    lift: Lift | None


def lifts_of(message: Message) -> list[Lift]:
    """Oldest first."""
    found = queries.list_lifted(message=message)
    return [Lift(each.at, _name_of(message.workspace, each)) for each in found]


def returned(events: Iterable[InboundEvent], lifts: Sequence[Lift]) -> list[Returned]:
    return [Returned(event, lift_after(event, lifts)) for event in events]


def lift_after(event: InboundEvent, lifts: Sequence[Lift]) -> Lift | None:
    """The first after it, where the address was silenced for it."""
    if queries.STOPS not in event.outcome:
        return None
    return next((lift for lift in lifts if lift.at >= event.received_at), None)


def steps_of(timeline: Sequence[Step], lifts: Iterable[Lift]) -> Iterator[Step]:
    """The lifts that followed a mail of this time line that came back."""
    bounces = [step.at for step in timeline if step.what == Delivery.Kind.BOUNCED and step.at]
    for lift in lifts:
        if bounces and lift.at >= min(bounces):
            yield Step("lifted", lift.at, f"As {lift.who} says, the address works.")


def _name_of(workspace: Workspace, lifted: Lifted) -> str:
    kind, _, public_id = lifted.actor.partition(":")
    if kind != "member":
        return "somebody at the command line"
    try:
        return str(workspaces.get_member(workspace=workspace, public_id=public_id))
    except NotFound:
        return "somebody who has left"
