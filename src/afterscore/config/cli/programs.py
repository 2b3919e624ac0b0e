from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click

from afterscore.config.cli import session
from afterscore.kit.errors import NotFound, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from afterscore.programs.models import Program
    from afterscore.programs.queries import Overview
    from afterscore.workspaces.models import Workspace


@click.group()
def program() -> None:
    """Programs: why, whom, what, when and what then."""


@program.command("apply")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@session.workspace_option
@click.option("--dry-run", is_flag=True, help="Check the file and say what it would change.")
@click.option("--why", default="", metavar="TEXT", help="Kept with the program's decisions.")
@session.with_database
def apply_program(file: IO[str], slug: str | None, dry_run: bool, why: str) -> None:
    """Make or change the program described in FILE (YAML or JSON; - reads standard input).

    Applying the same file again changes nothing. A wave under way keeps what it was launched with.
    """
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock
    from afterscore.programs import definitions, operations, queries

    workspace = session.workspace_of(slug)
    try:
        data = definitions.read_text(file.read())
        wanted = queries.read_definition(data)
    except (definitions.DefinitionError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    except Refused as error:
        raise click.ClickException(f"{file.name}: {error.field}: {error.message}") from error
    before = queries.find_program(workspace=workspace, slug=wanted.slug)
    changed = queries.list_changes(program=before, wanted=wanted)
    if not dry_run:
        operations.apply(
            workspace=workspace, definition=data, why=why, actor=SYSTEM, now=clock.now()
        )
    click.echo(_outcome(wanted.slug, before, changed, dry_run))
    for caution in definitions.cautions_of(wanted):
        click.echo(f"Note on {caution.path}: {caution.text}")


def _outcome(slug: str, before: Program | None, changed: tuple[str, ...], dry_run: bool) -> str:
    would = "Would create" if dry_run else "Created"
    if before is None:
        return f"{would} the program {slug}."
    if not changed:
        return f"The program {slug} is as the file says; nothing to change."
    would = "Would change" if dry_run else "Changed"
    return f"{would} the program {slug}: {', '.join(changed)}."


@program.command("launch")
@click.argument("name", metavar="SLUG")
@session.workspace_option
@click.option("--yes", is_flag=True, help="Launch without asking.")
@click.option("--dry-run", is_flag=True, help="Say what a launch would do, and do nothing.")
@session.with_database
def launch_program(name: str, slug: str | None, yes: bool, dry_run: bool) -> None:
    """Ask everybody in the program's audience who may be asked now."""
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock
    from afterscore.programs import operations

    now = clock.now()
    found = _get(session.workspace_of(slug), name)
    if dry_run or not yes:
        _show(found, now)
    if dry_run:
        return
    if not yes:
        click.confirm("Launch?", abort=True)
    wave = operations.launch(program=found, actor=SYSTEM, now=now)
    click.echo(
        f"Launched wave {wave.number} of {found.slug}: {wave.eligible:,} asked, "
        f"{wave.excluded:,} not. {wave.public_id}"
    )


def _get(workspace: Workspace, name: str) -> Program:
    from afterscore.programs import queries

    try:
        return queries.get_program(workspace=workspace, slug=name)
    except NotFound as error:
        raise Refused(f"{error} See: afterscore program list") from error


def _show(found: Program, now: datetime) -> None:
    """What a launch would do; refused, with everything in its way, when it cannot be done."""
    from afterscore.programs import queries

    preview = queries.preview(program=found, now=now)
    zone = found.workspace.time_zone
    empty = queries.nobody_to_ask(preview=preview, zone=zone)
    obstacles = [*queries.list_obstacles(program=found), *([empty] if empty else [])]
    if obstacles:
        raise Refused(" ".join(obstacle.text for obstacle in obstacles))
    for sentence in queries.tell(preview, zone=zone):
        click.echo(sentence)


@program.command("list")
@session.workspace_option
@session.json_option
@session.with_database
def list_programs(slug: str | None, as_json: bool) -> None:
    """List the programs with their last wave."""
    from afterscore.programs import queries

    workspace = session.workspace_of(slug)
    rows = [_line(entry) for entry in queries.list_overview(workspace=workspace)]
    session.print_table(
        rows, as_json=as_json, empty="No program yet. Create one with: afterscore program apply"
    )


def _line(entry: Overview) -> dict[str, Any]:
    wave, rate = entry.wave, entry.rate
    return {
        "slug": entry.program.slug,
        "name": entry.program.name,
        "cadence_days": entry.program.cadence_days,
        "wave": wave.number if wave else None,
        "state": wave.state if wave else None,
        "asked": wave.eligible if wave else None,
        "answered": rate.answered if rate else None,
        "response_rate": rate.ratio if rate else None,
        "next_wave_on": entry.next_at.date() if entry.next_at else None,
    }
