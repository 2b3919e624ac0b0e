from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from afterscore.config.cli import session
from afterscore.kit.errors import Refused

if TYPE_CHECKING:
    from afterscore.customers.models import Import
    from afterscore.workspaces.models import Workspace

REFUSED_SHOWN = 5


@click.group()
def contacts() -> None:
    """Customers: the people one may ask, and their accounts."""


@contacts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@session.workspace_option
@click.option(
    "--map", "map_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML, one line a column: “Firma: account.name”, “Notes:” to leave one out.",
)  # fmt: skip
@click.option("--dates", type=click.Choice(["dmy", "mdy", "ymd"]), help="How 03/04/2026 is meant.")
@click.option("--no-new-accounts", is_flag=True, help="Refuse rows of accounts not yet known.")
@click.option("--dry-run", is_flag=True, help="Read and judge everything, write nothing.")
@click.option(
    "--refused", type=click.Path(dir_okay=False, path_type=Path),
    help="Where the refused rows go. Default: FILE.refused.csv in this folder.",
)  # fmt: skip
@session.json_option
@session.with_database
def import_contacts(
    file: Path,
    slug: str | None,
    map_file: Path | None,
    dates: str | None,
    no_new_accounts: bool,
    dry_run: bool,
    refused: Path | None,
    as_json: bool,
) -> None:
    """Import contacts and accounts from a CSV file; good rows go in, the others are listed.

    Importing the same file again changes nothing. An import that was killed goes on where it
    stopped. Exit status: 0 when every row went in, 1 when rows were refused, 2 when the file or
    the mapping cannot be used.
    """
    workspace = session.workspace_of(slug)
    try:
        source = _prepare(
            file, workspace, map_file, dates=dates or "", may_create=not no_new_accounts,
            is_dry_run=dry_run,
        )  # fmt: skip
        source = _run(source)
    except Refused as error:
        raise UnusableFileError(error.message) from error
    refused_file = _write_refused(source, refused or Path(f"{file.stem}.refused.csv"))
    if as_json:
        session.print_json(_summary(source, refused_file))
    else:
        _say(source, refused_file)
    _forget_dry_run(source)
    if source.refused:
        sys.exit(1)


@contacts.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@session.workspace_option
@session.with_database
def erase_contact(email: str, yes: bool, slug: str | None) -> None:
    """Forget the person with the address EMAIL, for good: name, address, every word.

    Scores stay without a name. Nothing more is sent to the address, should a list bring it back.
    """
    from afterscore.customers import operations, queries
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock

    workspace = session.workspace_of(slug)
    contact = queries.find_contact(workspace=workspace, email=email)
    if contact is None:
        raise Refused(f"No contact of {workspace.name} has the address {email}.")
    if not yes:
        click.confirm(f"Erase {contact} ({contact.email}) for good?", abort=True)
    operations.erase_contact(contact=contact, actor=SYSTEM, now=clock.now())
    click.echo("Erased. Nothing more is sent to this person.")


class UnusableFileError(click.ClickException):
    exit_code = 2


def _prepare(
    file: Path,
    workspace: Workspace,
    map_file: Path | None,
    *,
    dates: str,
    may_create: bool,
    is_dry_run: bool,
) -> Import:
    """A launched import: the interrupted one of this very file, or a new one."""
    from afterscore.customers import operations, queries
    from afterscore.customers.importers import files
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock

    digest = files.digest_of(file)
    interrupted = queries.find_unfinished_import(workspace=workspace, digest=digest)
    if interrupted is not None and not is_dry_run:
        click.echo(f"Going on after row {interrupted.done_rows:,} of {file.name}.", err=True)
        return interrupted
    now = clock.now()
    with file.open("rb") as content:
        source = operations.start_import(
            workspace=workspace, file=content, file_name=file.name, actor=SYSTEM, now=now
        )
    try:
        mapping = None if map_file is None else _read_map(map_file, source.header)
        source = operations.change_import(
            source=source, mapping=mapping, date_order=dates, creates_accounts=may_create
        )
        return operations.launch_import(
            source=source, is_dry_run=is_dry_run, now=now, in_background=False
        )
    except Refused as error:
        operations.discard_import(source=source)
        hint = " Use --dates dmy or --dates mdy." if error.field == "date_order" else ""
        raise Refused(f"{error.message}{hint}") from error


def _read_map(path: Path, columns: list[str]) -> dict[str, str]:
    from afterscore.customers.importers import maps
    from afterscore.customers.importers.headers import MappingError

    try:
        return maps.read_map(path.read_text(encoding="utf-8-sig"), columns)
    except (MappingError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name}: {error}") from error


def _run(source: Import) -> Import:
    from afterscore.customers import operations
    from afterscore.kit import clock

    shows_progress = sys.stderr.isatty()

    def report(now_at: Import) -> None:
        if shows_progress:
            click.echo(f"\r{now_at.done_rows:,} of {now_at.total_rows:,} rows", err=True, nl=False)

    done = operations.run_import(source=source, now=clock.now(), report=report)
    if shows_progress:
        click.echo("\r\033[K", err=True, nl=False)
    if done.failure:
        raise Refused(done.failure)
    return done


def _write_refused(source: Import, path: Path) -> Path | None:
    if not source.refused:
        return None
    from afterscore.customers import queries
    from afterscore.customers.importers import refusals

    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            refusals.write(file, source.header, queries.iterate_refused_rows(source=source))
    except OSError as error:
        message = f"The refused rows cannot be written to {path}: {error.strerror}. Use --refused."
        raise UnusableFileError(message) from error
    return path


def _summary(source: Import, refused_file: Path | None) -> dict[str, Any]:
    from afterscore.customers import queries

    faults = queries.list_refusals(source=source)[:100]
    return {
        "id": None if source.is_dry_run else source.public_id,
        "dry_run": source.is_dry_run,
        "rows": source.total_rows,
        "created": source.created,
        "updated": source.updated,
        "unchanged": source.unchanged,
        "refused": source.refused,
        "accounts_created": source.accounts_created,
        "mapping": source.mapping,
        "refusals": [
            {"row": fault.row, "column": fault.column, "reason": fault.reason, "value": fault.value}
            for fault in faults
        ],
        "refused_file": refused_file,
    }


def _say(source: Import, refused_file: Path | None) -> None:
    from afterscore.customers import queries
    from afterscore.customers.importers import fields

    for column in source.header:
        field = source.mapping[column]
        if source.is_dry_run or field == "account.monthly_revenue":
            click.echo(f"  {column}: {fields.label_of(field)}")
    would = "Nothing was written. It would be: " if source.is_dry_run else ""
    click.echo(
        f"{would}{source.created:,} created, {source.updated:,} updated, "
        f"{source.unchanged:,} unchanged, {source.refused:,} refused; "
        f"{source.accounts_created:,} accounts created."
    )
    if refused_file is None:
        return
    for fault in queries.list_refusals(source=source)[:REFUSED_SHOWN]:
        column = f", {fault.column}" if fault.column else ""
        click.echo(f"  row {fault.row}{column}: {fault.reason}")
    click.echo(f"All refused rows, with the reasons: {refused_file}")


def _forget_dry_run(source: Import) -> None:
    from afterscore.customers import operations

    if source.is_dry_run:
        operations.discard_import(source=source)
