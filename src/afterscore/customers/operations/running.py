"""Running an import: chunk after chunk, each with its progress in one transaction.

Killed at any moment, it goes on after the last whole chunk: the rows before it are read again to
know what the file has said so far, and not written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from afterscore.customers import queries
from afterscore.customers.importers import files
from afterscore.customers.importers.cells import MAX_LENGTH
from afterscore.customers.importers.files import Layout, Row
from afterscore.customers.importers.intakes import Intake
from afterscore.customers.importers.records import Draft, Fault
from afterscore.customers.models import Import, Refusal
from afterscore.customers.operations import chunks, matching, uploads
from afterscore.customers.operations.matching import Match, Slot
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused

CHUNK_ROWS = 5000
_RUN_LOCK, _WRITE_LOCK = 7_301, 7_302
Report = Callable[[Import], None]


@dataclass(slots=True)
class Chunk:
    """Rows that were read: those that may go in, and those that may not with the reasons."""

    rows: int = 0
    drafts: list[Draft] = field(default_factory=list)
    cells: dict[int, list[str]] = field(default_factory=dict)
    faults: list[tuple[int, list[Fault]]] = field(default_factory=list)


def run_import(*, source: Import, now: datetime, report: Report | None = None) -> Import:
    """Writes what is left of a launched import and returns it done (or failed, saying why).

    Runs once at a time: raises Refused while another process has it. An import that is not
    running is returned as it is. `report` hears of the progress after each chunk.
    """
    with _only_runner(source):
        source = Import.objects.select_related("workspace").get(pk=source.pk)
        if source.state != Import.State.RUNNING:
            return source
        if not uploads.path_of(source.public_id).exists():
            return _fail(source, "The uploaded file is gone. Upload it again.", now)
        for chunk in _unwritten_chunks(source):
            source = _write_chunk(source, chunk, now)
            if report is not None:
                report(source)
        return _finish(source, now)


@contextmanager
def _only_runner(source: Import) -> Iterator[None]:
    """A lock of the database session: it ends with the process that holds it, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_RUN_LOCK, source.pk])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise Refused("This import is running already. Its progress shows on its page.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_RUN_LOCK, source.pk])


def _unwritten_chunks(source: Import) -> Iterator[Chunk]:
    layout = Layout(source.encoding, source.delimiter, tuple(source.header))
    intake = Intake(queries.rules_of(source))
    rows = files.read_rows(uploads.path_of(source.public_id), layout)
    for number, row in enumerate(islice(rows, source.done_rows), start=1):
        intake.take(row)
        if number % CHUNK_ROWS == 0:
            intake.settle()
    while batch := list(islice(rows, CHUNK_ROWS)):
        yield _read_chunk(intake, batch)
        intake.settle()


def _read_chunk(intake: Intake, rows: list[Row]) -> Chunk:
    chunk = Chunk(rows=len(rows))
    for row in rows:
        taken = intake.take(row)
        chunk.cells[row.number] = row.cells
        if isinstance(taken, Draft):
            chunk.drafts.append(taken)
        else:
            chunk.faults.append((row.number, taken))
    return chunk


@transaction.atomic
def _write_chunk(source: Import, chunk: Chunk, now: datetime) -> Import:
    """Imports of one workspace write one after the other, so that none meets half of another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_WRITE_LOCK, source.workspace_id])
    locked = Import.objects.select_for_update().get(pk=source.pk)
    if locked.done_rows != source.done_rows or locked.state != Import.State.RUNNING:
        raise Refused("This import was changed elsewhere while it ran.")
    locked.workspace = source.workspace
    with transaction.atomic():
        counts = _write_customers(locked, chunk, now)
        transaction.set_rollback(locked.is_dry_run)
    _write_refusals(locked, chunk)
    locked.done_rows += chunk.rows
    locked.created += counts.created
    locked.updated += counts.updated
    locked.unchanged += counts.unchanged
    locked.accounts_created += counts.accounts_created
    locked.refused += len(chunk.faults)
    locked.save()
    return locked


def _write_customers(source: Import, chunk: Chunk, now: datetime) -> chunks.Counts:
    """Rows that meet what is in the tables badly join the chunk's faults."""
    columns = {name: column for column, name in source.mapping.items() if name}
    contacts = matching.Contacts(source.workspace, chunk.drafts, columns)
    accounts = matching.Accounts(
        source.workspace, chunk.drafts, columns, may_create=source.creates_accounts
    )
    matches: list[Match] = []
    slots: dict[int, Slot] = {}
    for draft in chunk.drafts:
        match = _match(draft, contacts, accounts)
        if isinstance(match, Fault):
            chunk.faults.append((draft.row, [match]))
            continue
        matches.append(match)
        if match.account is not None:
            slots[id(match.account)] = match.account
    return chunks.write(
        workspace=source.workspace, matches=matches, slots=list(slots.values()), now=now
    )


def _match(draft: Draft, contacts: matching.Contacts, accounts: matching.Accounts) -> Match | Fault:
    contact = contacts.find(draft)
    if isinstance(contact, Fault):
        return contact
    account = accounts.find(draft.account) if draft.account else None
    return account if isinstance(account, Fault) else Match(draft, contact, account)


def _write_refusals(source: Import, chunk: Chunk) -> None:
    rows: list[Refusal] = []
    for number, faults in sorted(chunk.faults, key=lambda refused: refused[0]):
        cells = [cell.replace("\x00", "")[:MAX_LENGTH] for cell in chunk.cells[number]]
        rows.extend(
            Refusal(
                workspace=source.workspace,
                source=source,
                row=number,
                column=fault.column,
                reason=fault.reason[:300],
                value=fault.value,
                cells=None if position else cells,
            )
            for position, fault in enumerate(faults)
        )
    Refusal.objects.bulk_create(rows, batch_size=1000)


def _fail(source: Import, why: str, now: datetime) -> Import:
    source.state, source.failure, source.finished_at = Import.State.FAILED, why, now
    source.save(update_fields=["state", "failure", "finished_at"])
    return source


@transaction.atomic
def _finish(source: Import, now: datetime) -> Import:
    """A dry run leaves the import where it was before, with its counts to look at."""
    source.finished_at = now
    if source.is_dry_run:
        source.state = Import.State.UPLOADED
        source.save(update_fields=["state", "finished_at"])
        return source
    source.state = Import.State.DONE
    source.save(update_fields=["state", "finished_at"])
    kind, _, key = source.created_by.partition(":")
    journal.record(
        workspace=source.workspace,
        event=events.CustomersImported(
            source.public_id,
            created=source.created,
            updated=source.updated,
            unchanged=source.unchanged,
            refused=source.refused,
        ),
        actor=Actor(kind, key),
        now=now,
    )
    transaction.on_commit(lambda: uploads.remove(source.public_id))
    return source
