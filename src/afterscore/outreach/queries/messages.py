"""Single messages, and lists of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from afterscore.kit.errors import NotFound
from afterscore.outreach.models import Delivery, Message
from afterscore.outreach.queries.conditions import GROUPS, LATEST, LEFT
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a message's time line; `what` is a state or the kind of a delivery."""

    what: str
    at: datetime | None
    text: str = ""


def get_message(*, workspace: Workspace, public_id: str) -> Message:
    try:
        return Message.objects.select_related("workspace", "contact").get(
            workspace=workspace, public_id=public_id
        )
    except Message.DoesNotExist as error:
        raise NotFound("There is no such message.") from error


def find_message(*, public_id: str) -> Message | None:
    """By the public id alone: for doors whose token names the message."""
    return (
        Message.objects.select_related("workspace", "contact").filter(public_id=public_id).first()
    )


def find_handed_over(*, public_id: str) -> Message | None:
    """As `find_message`, and only what has left the house: of the rest nothing can come back."""
    message = find_message(public_id=public_id)
    has_left = message is not None and (message.handed_at or message.state in LEFT)
    return message if has_left else None


def find_only_message_to(*, email: str, since: datetime) -> Message | None:
    """The one message that was handed over to this address since then; None for none or several."""
    everywhere = list(Workspace.objects.values_list("pk", flat=True))  # each has an index
    sent = Message.objects.select_related("workspace", "contact").filter(
        contact__workspace__in=everywhere,
        contact__email=email,
        to_email=email,
        handed_at__gte=since,
    )
    found = list(sent[:2])
    return found[0] if len(found) == 1 else None


def _refused() -> Subquery:
    """Whether a message came back or was reported as spam, which is the stronger of the two."""
    kinds = (Delivery.Kind.BOUNCED, Delivery.Kind.COMPLAINED)
    heard = Delivery.objects.filter(
        workspace=OuterRef("workspace"), message=OuterRef("pk"), kind__in=kinds
    )
    return Subquery(heard.order_by("-kind").values("kind")[:1])


def list_messages(
    *,
    workspace: Workspace,
    kind: str | None = None,
    state: str | None = None,
    search: str = "",
    heard: str = "",
    stream: str = "",
) -> QuerySet[Message]:
    """Newest first, by when it was sent or else planned; what waits, by when it is due.

    `state` is a state or a name of GROUPS; `search` looks at address, name and subject; `heard`
    is what was heard of them afterwards (a kind of delivery). Each row says whether it was
    `refused`: a kind of delivery, or None.
    """
    found = Message.objects.filter(workspace=workspace).annotate(refused=_refused())
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state__in=GROUPS.get(state, (state,)))
    if stream:
        found = found.filter(stream=stream)
    if heard:
        of_it = Delivery.objects.filter(workspace=workspace, message=OuterRef("pk"), kind=heard)
        found = found.filter(Exists(of_it))
    for word in search.split()[:5]:
        found = found.filter(
            Q(to_email__icontains=word) | Q(to_name__icontains=word) | Q(subject__icontains=word)
        )
    if state == "waiting":
        return found.order_by("due_at", "id")
    return found.order_by(LATEST.desc(), "-id")


def count_by_state(*, workspace: Workspace) -> dict[str, int]:
    rows = Message.objects.filter(workspace=workspace).values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in rows.order_by()}


def timeline_of(*, message: Message) -> list[Step]:
    """What has happened to the message, in order of time."""
    sent = Step("sent", message.sent_at, message.reply)
    steps = [
        Step("planned", message.created_at),
        Step("due", message.due_at),
        Step("handoff", message.handed_at),
        sent,
    ]
    reached = [step for step in steps if step.at is not None]
    deliveries = Delivery.objects.filter(workspace=message.workspace, message=message)
    heard = [Step(row.kind, row.occurred_at, row.detail) for row in deliveries]
    return sorted([*reached, *heard], key=lambda step: (step.at is None, step.at))
