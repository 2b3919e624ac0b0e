from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Func, JSONField, QuerySet, Value, When
from psycopg.types.json import Jsonb

from afterscore.customers.models import Contact
from afterscore.domain import identity
from afterscore.kit import ids
from afterscore.outreach import queries
from afterscore.outreach.composition import headers
from afterscore.outreach.models import Message, State
from afterscore.outreach.operations.routing import Routing
from afterscore.workspaces.models import Workspace

CHUNK = 5_000
MAX_SUBJECT = 300
PREFIX = "msg"
NOT_AGAIN = "It may have arrived. It was not sent once more:"
_TABLE = Message._meta.db_table
_DRAFTS = "outreach_drafts"
_CREATE = f"CREATE TEMPORARY TABLE IF NOT EXISTS {_DRAFTS} ON COMMIT DELETE ROWS"
_clean_sender = lru_cache(maxsize=256)(identity.clean_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message to plan. Address and name are the contact's unless they are given.

    `fields` is what the text may name (composition.FIELDS) beside the names of reader and sender:
    company, account, days, minutes, score, comment, theme, features, and `survey_path`, which
    becomes the link.
    """

    workspace: Workspace
    kind: str
    stream: str
    step: int
    contact: Contact
    sender_name: str
    sender_email: str
    language: str
    time_zone: str
    due_at: datetime
    scope: str = ""  # the program's public id, where there is one
    to_email: str = ""
    to_name: str = ""
    reply_to: str = ""
    subject: str = ""
    body: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    send_window: str = "business_hours"
    valid_until: datetime | None = None


def plan_messages(*, drafts: Iterable[Draft], now: datetime) -> int:
    """Adds the messages that are not there yet and returns how many those are.

    A message is the same when stream, contact, kind and step are: planning twice plans once.
    Contacts without an address (erased meanwhile) are left out. The caller is in a transaction.
    """
    routing = Routing()
    rows = (_row(draft, routing, now) for draft in drafts if draft.to_email or draft.contact.email)
    return sum(_insert(chunk) for chunk in _chunks(rows))


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _insert(rows: list[dict[str, Any]]) -> int:
    """By COPY, the fastest way in, through a table of this session that knows no conflicts."""
    names = ", ".join(connection.ops.quote_name(name) for name in rows[0])
    create = f"{_CREATE} AS SELECT {names} FROM {_TABLE} WITH NO DATA"  # noqa: S608 (our own names)
    move = f"INSERT INTO {_TABLE} ({names}) SELECT {names} FROM {_DRAFTS} ON CONFLICT DO NOTHING"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(create)
        cursor.execute(f"TRUNCATE {_DRAFTS}")
        with cursor.copy(f"COPY {_DRAFTS} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))
        cursor.execute(move)
        added: int = cursor.rowcount
        return added


def _row(draft: Draft, routing: Routing, now: datetime) -> dict[str, Any]:
    """Every column but the id."""
    public_id = ids.make(PREFIX)
    return {
        "workspace_id": draft.workspace.pk,
        "public_id": public_id,
        "kind": draft.kind,
        "stream": draft.stream,
        "step": draft.step,
        "scope": draft.scope,
        "route_id": routing.of(draft.workspace, draft.sender_email),
        "contact_id": draft.contact.pk,
        "to_email": draft.to_email or draft.contact.email,
        "to_name": identity.clean_name(draft.to_name or draft.contact.name),
        "sender_name": _clean_sender(draft.sender_name),
        "sender_email": draft.sender_email,
        "reply_to": draft.reply_to,
        "language": draft.language,
        "subject": " ".join(draft.subject.split())[:MAX_SUBJECT],
        "body": draft.body,
        "fields": Jsonb(dict(draft.fields)),
        "state": State.PLANNED.value,
        "reason": "",
        "is_held": False,
        "send_window": draft.send_window,
        "time_zone": draft.time_zone,
        "due_at": draft.due_at,
        "valid_until": draft.valid_until,
        "attempt": 0,
        "failures": 0,
        "claimed_by": "",
        "lease_until": None,
        "message_id": headers.message_id(public_id, draft.sender_email, draft.workspace),
        "provider_id": "",
        "resends": 0,
        "repeat_until": None,
        "reply": "",
        "handed_at": None,
        "sent_at": None,
        "created_at": now,
    }


def refresh_fields(
    *, workspace: Workspace, messages: Sequence[int], fields: Mapping[str, Any]
) -> int:
    """Says anew what these messages (by their keys) may name, as far as they still wait."""
    waiting = Message.objects.filter(
        workspace=workspace, pk__in=messages, state__in=(State.PLANNED, State.DUE)
    )
    added = Value(dict(fields), JSONField())
    joined = Func(
        F("fields"), added, template="(%(expressions)s)", arg_joiner=" || ",
        output_field=JSONField(),
    )  # fmt: skip
    return waiting.update(fields=joined)


def cancel_messages(
    *,
    workspace: Workspace,
    why: str,
    now: datetime,
    stream: str | None = None,
    contact: Contact | None = None,
) -> int:
    """Cancels what is not yet handed over, of a stream, of a contact, or of both together. What
    was to be sent once more out of doubt is in doubt again: it may have arrived."""
    if stream is None and contact is None:
        raise ValueError("say the stream, the contact or both: not every message at once")
    waiting = waiting_messages(workspace, stream=stream, contact=contact)
    perhaps = queries.PERHAPS
    return waiting.update(
        state=Case(When(perhaps, then=Value(State.IN_DOUBT)), default=Value(State.CANCELLED)),
        reason=Case(
            When(perhaps, then=Value(f"{NOT_AGAIN} {why}"[:300])), default=Value(why[:300])
        ),
        is_held=False,
    )


def hold_messages(*, workspace: Workspace, stream: str) -> int:
    """Keeps everything of the stream that is not yet handed over where it is, until released."""
    return waiting_messages(workspace, stream=stream).filter(is_held=False).update(is_held=True)


def release_messages(*, workspace: Workspace, stream: str) -> int:
    return waiting_messages(workspace, stream=stream).filter(is_held=True).update(is_held=False)


def waiting_messages(
    workspace: Workspace, *, stream: str | None = None, contact: Contact | None = None
) -> QuerySet[Message]:
    """What is not yet handed over."""
    found = Message.objects.filter(workspace=workspace, state__in=queries.NOT_HANDED_OVER)
    if stream is not None:
        found = found.filter(stream=stream)
    return found if contact is None else found.filter(contact=contact)
