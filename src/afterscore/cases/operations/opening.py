"""From an answer to its case, and what a changed answer changes there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from afterscore.cases import queries
from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import assigning, history, priorities, steps, timing, writing
from afterscore.domain import casework, events, nps
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.routing import Rule
from afterscore.improvements.models import Theme
from afterscore.improvements.queries import match_themes
from afterscore.journal import operations as journal
from afterscore.journal.queries import list_facts as journal_of
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


@transaction.atomic
def follow_response(*, response: Response, now: datetime) -> Case:
    """Takes over what the respondent changed. Safe to repeat: what is known already does nothing.

    Until our first reply, deadline and priority follow the answer. Later a new comment or a lower
    group is the customer's word: it brings the case back, even a closed one.
    """
    case = history.lock(open_case(response=response, now=now))
    response = case.response
    changes = _changes(case, response)
    if not changes:
        return case
    is_word = _is_word(case, response)
    case.score, case.comment_key = response.score, comment_key(response)
    themes = match_themes(workspace=case.workspace, text=response.comment)
    rules = queries.rules_in_force(workspace=case.workspace)
    # Never fewer: somebody may have added a theme by hand.
    case.themes = sorted({*case.themes, *(theme.public_id for theme in themes)})
    case.heard_themes = [key for key in case.heard_themes if key not in case.themes]
    urgency = priorities.urgency(response, themes=themes, rules=rules, now=now)
    case.priority, case.priority_reasons = urgency.level, list(urgency.reasons)
    if case.first_reply_at is None and case.closed_at is None:
        changes += _place_anew(case, response, themes, rules, now=now)
        case.due_at = timing.answer_due(response, since=response.received_at, owner=case.owner)
        case.next_due_at = case.due_at
    elif is_word:
        hear_customer(case, now=now)
        writing.cancel_follow_ups(case, why="The customer spoke again.", now=now)
    steps.lay_out_anew(case, now=now)
    for text in changes:
        history.add_entry(case, kind=Entry.Kind.CHANGE, author=None, text=text, now=now)
    return history.keep(
        case,
        event=events.CaseChanged(case.public_id, changed=("response",)),
        actor=Actor("contact", case.contact.public_id),
        now=now,
    )


def _place_anew(
    case: Case,
    response: Response,
    themes: Sequence[Theme],
    rules: Sequence[Rule],
    *,
    now: datetime,
) -> list[str]:
    """Until somebody has taken it up, what the customer adds may make it somebody else's: most
    comments come a moment after the score. Load alone moves nothing."""
    if not _is_untouched(case):
        return []
    placed = assigning.place(response, themes=themes, rules=rules, now=now)
    owner, rule = placed.owner, placed.decision.rule
    if owner is None or owner == case.owner or not placed.decision.is_meant:
        return []
    is_there = case.owner is not None and case.owner.department == placed.department
    if rule is not None and not rule.member and is_there:
        return []
    before, case.owner, case.department = case.owner, owner, placed.department
    journal.record(
        workspace=case.workspace,
        event=events.CaseAssigned(case.public_id, owner=owner.public_id),
        actor=SYSTEM,
        now=now,
    )
    given = f"Handed over from {before} to {owner}." if before else f"Given to {owner}."
    return [f"{given} {placed.decision.why}"]


def _is_untouched(case: Case) -> bool:
    """Nobody has written, called, noted or handed it over."""
    if casework.State(case.state) is not casework.State.NEW:
        return False
    facts = journal_of(workspace=case.workspace, subjects=[case.public_id])
    return not facts.exclude(actor=str(SYSTEM)).exclude(actor__startswith="contact:").exists()


def _changes(case: Case, response: Response) -> list[str]:
    changes = []
    if case.score != response.score:
        changes.append(f"The customer changed the score from {case.score} to {response.score}.")
    known, comment = case.comment_key, comment_key(response)
    if known != comment:
        deed = "added" if not known else "changed" if comment else "removed"
        changes.append(f"The customer {deed} {'a' if not known else 'the'} comment.")
    return changes


def _is_word(case: Case, response: Response) -> bool:
    """Whether the change says something that wants an answer of its own."""
    comment = comment_key(response)
    scores = nps.scores_of(nps.group_of(case.score))
    return bool(comment and comment != case.comment_key) or response.score < min(scores)


def hear_customer(case: Case, *, now: datetime) -> None:
    """The customer spoke: the case is ours to act on, by the deadline of its group, from now."""
    history.move(case, casework.Action.CUSTOMER_REPLIED)
    if case.closed_at is not None:
        steps.note_reopening(case, now=now)
    case.closed_at = case.closed_by = None
    case.outcome = case.not_closed_reason = ""
    case.next_due_at = timing.answer_due(case.response, since=now, owner=case.owner)
    case.customer_wrote_at = now
