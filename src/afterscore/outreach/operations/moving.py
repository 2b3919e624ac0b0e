"""New days for messages that have not left yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from afterscore.outreach.models import Message, State
from afterscore.workspaces.models import Workspace

_TABLE = Message._meta.db_table
_MOVES = "outreach_moves"


class Move(NamedTuple):
    """The message of a stream that is this kind and step of this contact."""

    contact: int
    kind: str
    step: int
    due_at: datetime


@transaction.atomic
def move_messages(*, workspace: Workspace, stream: str, moves: Iterable[Move]) -> int:
    """Sets when messages are due; returns how many were moved. What a sender has taken up already,
    or what has an end, stays as it is."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute(f"TRUNCATE {_MOVES}")
        with cursor.copy(f"COPY {_MOVES} ({', '.join(Move._fields)}) FROM STDIN") as copy:
            for move in moves:
                copy.write_row(move)
        cursor.execute(
            _MOVE,
            {"workspace": workspace.pk, "stream": stream, "planned": State.PLANNED.value},
        )
        moved: int = cursor.rowcount
        return moved


def keep_valid(*, workspace: Workspace, stream: str, until: datetime) -> int:
    """What waits in the stream may still be sent until then."""
    return _waiting(workspace, stream).filter(valid_until__lt=until).update(valid_until=until)


def _waiting(workspace: Workspace, stream: str) -> QuerySet[Message]:
    return Message.objects.filter(workspace=workspace, stream=stream, state=State.PLANNED)


_CREATE = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS {_MOVES} (
    contact bigint, kind text, step smallint, due_at timestamptz
) ON COMMIT DELETE ROWS
"""
_MOVE = f"""
UPDATE {_TABLE} message SET due_at = moves.due_at
FROM {_MOVES} moves
WHERE message.workspace_id = %(workspace)s AND message.stream = %(stream)s
    AND message.contact_id = moves.contact AND message.kind = moves.kind
    AND message.step = moves.step AND message.state = %(planned)s
    AND message.due_at <> moves.due_at
"""  # noqa: S608 (our own names)
