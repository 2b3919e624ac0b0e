"""Which route each waiting message takes. It stands beside the message, so that the sender need
not ask; it is worked out when a message is planned, and anew when the routes change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from afterscore.domain import senders
from afterscore.outreach.composition import headers
from afterscore.outreach.models import MailRoute, Message, State
from afterscore.workspaces.models import Workspace

# What is being handed over keeps its route, and so does what may be repeated under the same key.
MOVABLE = (State.PLANNED, State.DUE, State.CLAIMED, State.FAILED, State.IN_DOUBT)
_ROUTING = 0x6D61696C  # a number of our own for the lock


@dataclass
class Routing:
    """The routes as they are in this transaction; whoever changes them waits for its end."""

    _routes: dict[int, Mapping[int, Sequence[str]]] = field(default_factory=dict)
    _chosen: dict[tuple[int, str], int | None] = field(default_factory=dict)

    def of(self, workspace: Workspace, sender_email: str) -> int | None:
        key = (workspace.pk, sender_email)
        if key not in self._chosen:
            address = headers.sender_of(sender_email, workspace)
            self._chosen[key] = senders.choose(self._of_workspace(workspace), address)
        return self._chosen[key]

    def _of_workspace(self, workspace: Workspace) -> Mapping[int, Sequence[str]]:
        if workspace.pk not in self._routes:
            _lock(workspace, "pg_advisory_xact_lock_shared")
            self._routes[workspace.pk] = senders_by_route(workspace)
        return self._routes[workspace.pk]


def senders_by_route(workspace: Workspace) -> dict[int, Sequence[str]]:
    """Routes that are switched off too: what is theirs waits for them."""
    rows = MailRoute.objects.filter(workspace=workspace)
    return dict(rows.values_list("pk", "senders"))


def lock_routes(workspace: Workspace) -> None:
    """Nothing is planned by the old routes after this; what is being planned is waited for."""
    _lock(workspace, "pg_advisory_xact_lock")


def _lock(workspace: Workspace, function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_ROUTING, workspace.pk])


def move_waiting(workspace: Workspace) -> int:
    """Gives everything that waits the route that is right by now; returns how many moved."""
    routing = Routing()
    waiting = Message.objects.filter(workspace=workspace, state__in=MOVABLE)
    given = list(waiting.order_by().values_list("sender_email", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            {
                "workspace": workspace.pk,
                "states": [state.value for state in MOVABLE],
                "senders": given,
                "routes": [routing.of(workspace, sender) for sender in given],
            },
        )
        moved: int = cursor.rowcount
        return moved


_MOVE = """
UPDATE outreach_message m SET route_id = x.route
FROM unnest(%(senders)s::text[], %(routes)s::bigint[]) AS x(sender, route)
WHERE m.workspace_id = %(workspace)s AND m.state = ANY(%(states)s)
    AND m.sender_email = x.sender AND m.route_id IS DISTINCT FROM x.route
    AND m.repeat_until IS NULL
"""
