from __future__ import annotations

import click

from afterscore.config.cli import session


@click.group()
def insights() -> None:
    """Files of answers, for counting."""


@insights.command()
@session.workspace_option
@click.option("--rebuild", is_flag=True, help="Write every month anew that is over or has a file.")
@session.with_database
def seal(slug: str | None, rebuild: bool) -> None:
    """Write months of answers into files now, where they are due."""
    from afterscore.insights.operations import sealing
    from afterscore.kit import clock

    months = sealing.seal_workspace(
        workspace=session.workspace_of(slug), now=clock.now(), anew=rebuild
    )
    said = ", ".join(f"{month:%Y-%m}" for month in months)
    click.echo(f"Sealed: {said}." if months else "Nothing is due.")
