"""What is there: messages, answers and cases, as tables for people or JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from afterscore.config.cli import session
from afterscore.domain import calendars, casework
from afterscore.domain.nps import Group, scores_of
from afterscore.domain.scanners import Validity

if TYPE_CHECKING:
    from afterscore.workspaces.models import Workspace

MESSAGE_STATES = (
    "planned", "due", "claimed", "handoff", "sent", "suppressed", "expired", "cancelled", "failed",
    "in_doubt",
)  # fmt: skip
MESSAGE_KINDS = ("heads_up", "invitation", "reminder", "follow_up", "reply")

limit_option = click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=50,
    show_default=True,
    help="At most so many.",
)
since_option = click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="From this day on, by the workspace's calendar: 2026-05-04",
)
group_option = click.option(
    "--group", type=click.Choice([group.value for group in Group]), help="Only this group."
)


@click.group()
def messages() -> None:
    """Mails: planned, sent and everything between."""


@messages.command("list")
@session.workspace_option
@click.option("--state", type=click.Choice(MESSAGE_STATES))
@click.option("--kind", type=click.Choice(MESSAGE_KINDS))
@since_option
@limit_option
@session.json_option
@session.with_database
def list_messages(
    slug: str | None,
    state: str | None,
    kind: str | None,
    since: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """List messages, the latest due first."""
    from afterscore.outreach import queries

    workspace = session.workspace_of(slug)
    found = queries.list_messages(workspace=workspace, kind=kind, state=state)
    if since is not None:
        found = found.filter(due_at__gte=_instant(since, workspace))
    when = _clock(workspace, as_json=as_json)
    _print(
        (
            {
                "id": message.public_id,
                "kind": message.kind,
                "to": message.to_email,
                "state": message.state,
                "due": when(message.due_at),
                "sent": when(message.sent_at),
                "reason": message.reason or message.reply,
            }
            for message in found[:limit]
        ),
        as_json=as_json,
        empty="There are no such messages.",
    )


@click.group()
def responses() -> None:
    """Answers: scores and comments."""


@responses.command("list")
@session.workspace_option
@group_option
@click.option(
    "--validity",
    type=click.Choice([each.value for each in Validity]),
    default=Validity.COUNTED.value,
    show_default=True,
    help="quarantined looks automated, discarded was found to be, provisional is not confirmed.",
)
@since_option
@limit_option
@session.json_option
@session.with_database
def list_responses(
    slug: str | None,
    group: str | None,
    validity: str,
    since: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """List answers, the latest first: those that count, or what is set aside and why."""
    from afterscore.responses import queries

    workspace = session.workspace_of(slug)
    period: queries.Selection = {"since": _instant(since, workspace) if since else None}
    is_counted = validity == Validity.COUNTED
    if is_counted:
        found = queries.list_responses(workspace=workspace, **period)
    else:
        found = queries.list_set_aside(workspace=workspace, validity=Validity(validity), **period)
    if group:
        found = found.filter(score__in=scores_of(Group(group)))
    when = _clock(workspace, as_json=as_json)
    _print(
        (
            {
                "id": response.public_id,
                "score": response.score,
                "contact": str(response.contact),
                "account": str(response.account or ""),
                "received": when(response.received_at),
                "program": response.wave.program.slug,
                "comment": response.comment,
                **({} if is_counted else {"seen": " ".join(why for _sign, why in response.signs)}),
            }
            for response in found[:limit]
        ),
        as_json=as_json,
        empty="There are no such answers.",
    )


@click.group()
def cases() -> None:
    """Cases: the conversation that follows each answer."""


@cases.command("list")
@session.workspace_option
@click.option(
    "--state", type=click.Choice([state.value for state in casework.State]), help="Only this state."
)
@click.option("--open", "only_open", is_flag=True, help="Only open ones, the first due first.")
@group_option
@since_option
@limit_option
@session.json_option
@session.with_database
def list_cases(
    slug: str | None,
    state: str | None,
    only_open: bool,
    group: str | None,
    since: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """List cases, the latest first."""
    from afterscore.cases import queries
    from afterscore.kit import clock

    workspace = session.workspace_of(slug)
    found = queries.list_cases(
        workspace=workspace,
        now=clock.now(),
        show=queries.Show.ALL if only_open else None,
        filters=queries.Filters(
            state=casework.State(state) if state else None, group=Group(group) if group else None
        ),
        since=_instant(since, workspace) if since else None,
    )
    when = _clock(workspace, as_json=as_json)
    _print(
        (
            {
                "id": case.public_id,
                "score": case.response.score,
                "contact": str(case.contact),
                "account": str(case.account or ""),
                "state": case.state,
                "owner": str(case.owner or ""),
                "due": when(case.next_due_at),
                "outcome": case.outcome,
                "comment": case.response.comment,
            }
            for case in found[:limit]
        ),
        as_json=as_json,
        empty="There are no such cases.",
    )


def _zone(workspace: Workspace) -> ZoneInfo:
    return ZoneInfo(calendars.zone_or(workspace.time_zone, "UTC"))


def _instant(local: datetime, workspace: Workspace) -> datetime:
    return local.replace(tzinfo=_zone(workspace)).astimezone(UTC)


def _clock(workspace: Workspace, *, as_json: bool) -> Callable[[datetime | None], str | None]:
    """How instants are written: to the minute in the workspace's zone, in JSON as ISO in UTC."""
    zone = _zone(workspace)

    def write(at: datetime | None) -> str | None:
        if at is None:
            return None
        if as_json:
            return at.astimezone(UTC).isoformat()
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

    return write


def _print(rows: Iterable[dict[str, Any]], *, as_json: bool, empty: str) -> None:
    listed = list(rows)
    if not as_json:
        listed = [{name: _line(value) for name, value in row.items()} for row in listed]
    session.print_table(listed, as_json=as_json, empty=empty)


def _line(value: Any) -> Any:
    """A table keeps to one line a row, whatever customers typed."""
    return " ".join(value.split()) if isinstance(value, str) else value
