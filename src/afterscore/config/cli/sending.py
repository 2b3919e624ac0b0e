"""For whoever runs the install: what keeps it from sending, and the way back after a restore."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from afterscore.config.cli import session
from afterscore.kit.errors import Refused

if TYPE_CHECKING:
    from afterscore.outreach.guards.recovering import Report


@click.group()
def sending() -> None:
    """Whether mail leaves this install; go on after a standstill."""


@sending.command("status")
@session.json_option
@session.with_database
def status(as_json: bool) -> None:
    """What keeps the whole install from sending, and since when."""
    from afterscore.outreach import guards

    closed = guards.list_closed()
    if as_json:
        session.print_json(
            [
                {"guard": guard.name, "why": guard.why, "since": guard.changed_at.isoformat()}
                for guard in closed
            ]
        )
        return
    for guard in closed:
        click.echo(f"Paused since {guard.changed_at:%Y-%m-%d %H:%M} UTC: {guard.why}")
    if not closed:
        click.echo("Nothing keeps the install from sending.")


@sending.command("resume")
@click.option("--anyway", is_flag=True, help="Though the ledger knows more than the database.")
@session.with_database
def resume(anyway: bool) -> None:
    """Send again after a restore or a jump of the clock."""
    from afterscore.kit import clock
    from afterscore.outreach import guards

    if not anyway and guards.is_restore_open():
        raise Refused(
            "The send ledger knows of messages or suppressions that the database does not. Run: "
            "afterscore restore apply. To send without them, and some perhaps twice: "
            "afterscore sending resume --anyway"
        )
    names = guards.resume(now=clock.now())
    click.echo("Sending goes on." if names else "Nothing was paused.")


@click.group()
def restore() -> None:
    """After a backup was put back: read the send ledger into the database."""


@restore.command("check")
@session.json_option
@session.with_database
def check(as_json: bool) -> None:
    """What the ledger knows and the database does not. Changes nothing."""
    from afterscore.outreach.guards import recovering

    _show(recovering.check(), as_json=as_json, done=False)


@restore.command("apply")
@session.json_option
@session.with_database
def apply(as_json: bool) -> None:
    """Read it back. Sending stays paused until: afterscore sending resume."""
    from afterscore.kit import clock
    from afterscore.outreach.guards import recovering

    _show(recovering.apply(now=clock.now()), as_json=as_json, done=True)


def _show(report: Report, *, as_json: bool, done: bool) -> None:
    if as_json:
        session.print_json(asdict(report))
        return
    verb = "Read back" if done else "Not in the database"
    click.echo(
        f"Send ledger: {report.files} files, {report.oldest} to {report.newest}; "
        f"{report.known:,} entries are known to the database."
    )
    click.echo(
        f"{verb}: {report.sent:,} sent, {report.in_doubt:,} in doubt, {report.failed:,} refused, "
        f"{report.absent:,} of plans made after the backup, {report.silenced:,} suppressions."
    )
    if report.hosts_not_here:
        click.echo(
            f"No ledger of {', '.join(report.hosts_not_here)} is here: copy it into the same "
            "folder first, or what that machine sent may go out twice."
        )
    if report.missing and not done:
        click.echo("Next: afterscore restore apply")
    elif done:
        click.echo("Next: look at the messages in doubt, then: afterscore sending resume")
