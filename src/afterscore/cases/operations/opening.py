"""From an answer to its case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.cases import queries
from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import assigning, history, priorities, steps, timing
from afterscore.domain import casework, events
from afterscore.domain.events import SYSTEM
from afterscore.improvements.queries import match_themes
from afterscore.journal import operations as journal
from afterscore.kit import signing
from afterscore.responses.models import Response


@transaction.atomic
def open_case(*, response: Response, now: datetime) -> Case:
    """The case of an answer, whatever its score and with or without a comment. Safe to repeat."""
    found = Case.objects.filter(workspace_id=response.workspace_id, response=response).first()
    if found is not None:
        return found
    themes = match_themes(workspace=response.workspace, text=response.comment)
    rules = queries.rules_in_force(workspace=response.workspace)
    placed = assigning.place(response, themes=themes, rules=rules, now=now)
    due_at = timing.answer_due(response, since=response.received_at, owner=placed.owner)
    urgency = priorities.urgency(response, themes=themes, rules=rules, now=now)
    case, is_new = Case.objects.get_or_create(
        workspace_id=response.workspace_id,
        response=response,
        defaults={
            "contact_id": response.contact_id,
            "account_id": response.account_id,
            "owner": placed.owner,
            "department": placed.department,
            "themes": [theme.public_id for theme in themes],
            "score": response.score,
            "comment_key": comment_key(response),
            "language": response.language,
            "priority": urgency.level,
            "priority_reasons": list(urgency.reasons),
            "opened_at": now,
            "due_at": due_at,
            "next_due_at": due_at,
            "changed_at": now,
        },
    )
    if is_new:
        _tell_opening(case, placed.decision.why, now=now)
        steps.lay_out(case, now=now)
    return case


def _tell_opening(case: Case, why: str, *, now: datetime) -> None:
    history.add_entry(
        case, kind=Entry.Kind.CHANGE, author=None, text=f"Case opened. {why}", now=now
    )
    journal.record(
        workspace=case.workspace,
        event=events.CaseOpened(case.public_id, response=case.response.public_id),
        actor=SYSTEM,
        now=now,
    )


def comment_key(response: Response) -> str:
    """Tells whether a comment is still the same, without keeping it twice."""
    comment = response.comment.strip()
    return signing.keyed_hash("comment", comment) if comment else ""


def hear_customer(case: Case, *, now: datetime) -> None:
    """The customer spoke: the case is ours to act on, by the deadline of its group, from now."""
    history.move(case, casework.Action.CUSTOMER_REPLIED)
    if case.closed_at is not None:
        steps.note_reopening(case, now=now)
    case.closed_at = case.closed_by = None
    case.outcome = case.not_closed_reason = ""
    case.next_due_at = timing.answer_due(case.response, since=now, owner=case.owner)
    case.customer_wrote_at = now
