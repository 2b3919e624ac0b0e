"""What happened at customers, from other systems."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from afterscore.config.cli import session

if TYPE_CHECKING:
    from afterscore.customers.importers.happenings import Reading
    from afterscore.customers.operations import NewSignal

SHOWN = 10


@click.group()
def signals() -> None:
    """What happened at customers: events, tickets, usage, conversations, messages of others."""


@signals.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@session.workspace_option
@click.option("--kind", default="", help="For every row, where the file has no such column.")
@click.option("--name", default="", help="For every row, where the file has no such column.")
@click.option("--source", default="", help="The system it comes from; default: the file's name.")
@click.option("--dates", type=click.Choice(["dmy", "mdy", "ymd"]), help="How 03/04/2026 is meant.")
@session.json_option
@session.with_database
def import_signals(
    file: Path,
    slug: str | None,
    kind: str,
    name: str,
    source: str,
    dates: str | None,
    as_json: bool,
) -> None:
    """Take in a CSV file: kind, name, occurred_at, and whom it is about.

    Whom: email, contact_id, account or account_id. Other columns become attributes. Importing the
    same file again changes nothing. Exit status 1 when rows were refused, with their reasons.
    """
    from afterscore.customers import operations
    from afterscore.customers.importers import happenings
    from afterscore.customers.importers.files import FileError
    from afterscore.domain import calendars
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock
    from afterscore.kit.errors import Refused

    workspace = session.workspace_of(slug)
    given = {"kind": kind, "name": name, "source": source or file.stem[:60]}
    try:
        reading = happenings.prepare(
            file,
            zone=calendars.zone_or(workspace.time_zone, "UTC"),
            order=dates or "",
            given={key: value for key, value in given.items() if value},
        )
    except FileError as error:
        raise Refused(str(error)) from error
    faults: list[dict[str, object]] = []
    rows: list[int] = []
    intake = operations.record_signals(
        workspace=workspace,
        signals=_signals(reading, faults, rows),
        actor=SYSTEM,
        now=clock.now(),
    )
    faults += [
        {"row": rows[problem.number], "column": problem.field, "reason": problem.message}
        for problem in intake.problems
    ]
    faults.sort(key=lambda fault: str(fault["row"]).zfill(9))
    _say(intake.created, intake.known, faults, as_json=as_json)


def _signals(
    reading: Reading, faults: list[dict[str, object]], rows: list[int]
) -> Iterator[NewSignal]:
    from afterscore.customers.importers import happenings
    from afterscore.customers.operations import NewSignal

    for told in happenings.read(reading):
        if told.occurred_at is None:
            faults.append({"row": told.row, "column": told.column, "reason": told.fault})
            continue
        rows.append(told.row)
        texts = {key: text for key, text in told.values.items() if key != "occurred_at"}
        yield NewSignal(**texts, occurred_at=told.occurred_at, attributes=told.attributes)


def _say(created: int, known: int, faults: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        session.print_json({"created": created, "known": known, "refused": faults})
    else:
        click.echo(f"{created:,} taken in, {known:,} known before, {len(faults):,} refused.")
        for fault in faults[:SHOWN]:
            column = f", {fault['column']}" if fault["column"] else ""
            click.echo(f"  row {fault['row']}{column}: {fault['reason']}")
        if len(faults) > SHOWN:
            click.echo(f"  and {len(faults) - SHOWN:,} more; --json lists them all.")
    if faults:
        sys.exit(1)
