from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from afterscore.config.cli import session


@click.command()
@session.workspace_option
@click.option("--by", "attribute", help="Split by an attribute, such as account.plan.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Answers from this day on (UTC).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Answers before this day (UTC).")
@session.with_database
def nps(
    slug: str | None, attribute: str | None, since: datetime | None, until: datetime | None
) -> None:
    """Print the Net Promoter Score as JSON, with its 95 % interval and everything behind it."""
    from afterscore.insights import queries

    session.print_json(
        queries.report(
            workspace=session.workspace_of(slug),
            attribute=attribute,
            since=_utc(since),
            until=_utc(until),
        )
    )


@click.command()
@session.workspace_option
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Answers from this day on (UTC).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Answers before this day (UTC).")
@session.with_database
def loops(slug: str | None, since: datetime | None, until: datetime | None) -> None:
    """Print the loop ledger as JSON: what became of every answer, by group and by voice."""
    from afterscore.cases.queries import Period
    from afterscore.insights import queries
    from afterscore.kit import clock

    ledger = queries.get_ledger(
        workspace=session.workspace_of(slug),
        period=Period(since=_utc(since), until=_utc(until)),
        now=clock.now(),
    )
    session.print_json(queries.describe_ledger(ledger))


def _utc(day: datetime | None) -> Any:
    return day.replace(tzinfo=UTC) if day else None
