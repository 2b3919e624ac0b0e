"""The mail routes of a workspace: which there are, whether one works. They are set up on pages,
where passwords do not end in a shell's history."""

from __future__ import annotations

import click

from afterscore.config.cli import session
from afterscore.kit.errors import Refused


@click.group()
def routes() -> None:
    """Mail routes: list them, send a test mail."""


@routes.command("list")
@session.workspace_option
@session.json_option
@session.with_database
def list_routes(slug: str | None, as_json: bool) -> None:
    """By which way the mail of each sender leaves. Never shows a password."""
    from afterscore.outreach import queries

    workspace = session.workspace_of(slug)
    waiting = queries.count_waiting_by_route(workspace=workspace)
    rows = [
        {
            "route": route.name,
            "provider": queries.provider_of(route).name,
            "senders": ", ".join(route.senders) or "everybody else",
            "active": route.is_active,
            "waiting": waiting.get(route.pk, 0),
            "forged_reports": route.forged_reports,
            "last_report_at": queries.last_report_at(route=route),
        }
        for route in queries.list_routes(workspace=workspace)
    ]
    session.print_table(rows, as_json=as_json, empty="No routes: all mail goes one way.")


@routes.command("try")
@click.argument("name")
@click.argument("email")
@session.workspace_option
@session.with_database
def try_route(name: str, email: str, slug: str | None) -> None:
    """Send a test mail to EMAIL by the route NAME and print the answer."""
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock
    from afterscore.outreach import operations, queries

    workspace = session.workspace_of(slug)
    found = [each for each in queries.list_routes(workspace=workspace) if each.name == name]
    if not found:
        raise Refused(f"There is no mail route '{name}'. See: afterscore routes list")
    trial = operations.try_route(
        workspace=workspace, route=found[0], recipient=email, actor=SYSTEM, now=clock.now()
    )
    if not trial.is_taken:
        raise Refused(f"The test mail for {email} was not taken. {trial.reply}")
    click.echo(f"The test mail for {email} was taken: {trial.reply}")
