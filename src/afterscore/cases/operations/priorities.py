"""How urgent a case is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from afterscore.cases import queries
from afterscore.cases.models import Case
from afterscore.domain import calendars, casework, nps
from afterscore.domain.casework import History, Outcome
from afterscore.domain.routing import Rule
from afterscore.improvements.models import Theme
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace


def urgency(
    response: Response, *, themes: Sequence[Theme], now: datetime, rules: Sequence[Rule]
) -> casework.Priority:
    """From the group, revenue, renewal, what the same person said before, and the rules."""
    workspace = response.workspace
    today = local_today(workspace, now)
    answer = queries.answer_of(response, themes)
    account = response.account
    # Without exchange rates only amounts in the workspace's own currency can be compared.
    is_comparable = account is not None and account.currency in {"", workspace.currency}
    return casework.priority(
        answer.group,
        account.recurring_revenue if account and is_comparable else None,
        _renewal_in_days(response, today),
        answer.has_comment,
        history=_history(response),
        pressing=[
            rule.name for rule in rules if rule.is_urgent and rule.criteria.fits(answer, today)
        ],
    )


def reasons_of(case: Case, *, now: datetime) -> tuple[str, ...]:
    """As of now: a renewal comes nearer while a case is open. Without a query."""
    return casework.as_of_today(
        case.priority_reasons, _renewal_in_days(case.response, local_today(case.workspace, now))
    )


def _renewal_in_days(response: Response, today: date) -> int | None:
    account = response.account
    if account is None or account.renewal_on is None:
        return None
    return (account.renewal_on - today).days


def local_today(workspace: Workspace, now: datetime) -> date:
    return calendars.local_day(now, calendars.zone_or(workspace.time_zone, "UTC"))


def _history(response: Response) -> History:
    """Of the same person's answer before this one, and of its loop."""
    earlier = (
        Case.objects.filter(
            workspace_id=response.workspace_id,
            contact_id=response.contact_id,
            response__received_at__lt=response.received_at,
        )
        .exclude(response=response)
        .order_by("-response__received_at")
        .values_list("score", "outcome", "first_reply_at", "closed_at")
        .first()
    )
    if earlier is None:
        return casework.NO_HISTORY
    score, outcome, first_reply_at, closed_at = earlier
    never_answered = first_reply_at is None and closed_at is None
    return History(
        before=nps.group_of(score),
        left_open=never_answered or outcome == Outcome.NOT_CLOSED,
    )
