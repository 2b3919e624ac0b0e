"""What a changed answer changes in its case, and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from afterscore.cases import queries
from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import (
    assigning,
    history,
    opening,
    priorities,
    steps,
    timing,
    writing,
)
from afterscore.domain import casework, events, second_thoughts
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.routing import Rule
from afterscore.domain.second_thoughts import Change
from afterscore.improvements.models import Theme
from afterscore.improvements.queries import match_themes
from afterscore.journal import operations as journal
from afterscore.journal.queries import list_facts as journal_of
from afterscore.responses.models import Response


@transaction.atomic
def follow_response(*, response: Response, now: datetime) -> Case:
    """Takes over what the respondent changed. Safe to repeat: what is known already does nothing.

    Until our first reply, deadline and priority follow the answer. Later a new comment or a lower
    group is the customer's word: it brings the case back, even a closed one. Whoever has or watches
    the case hears of it, unless the customer only went on with the answer she was giving.
    """
    case = history.lock(opening.open_case(response=response, now=now))
    response = case.response
    change = _change(case, response)
    if not change.is_any:
        return case
    is_news = _is_news(case, response, now=now)
    case.score, case.comment_key = response.score, opening.comment_key(response)
    themes = match_themes(workspace=case.workspace, text=response.comment)
    rules = queries.rules_in_force(workspace=case.workspace)
    # Never fewer: somebody may have added a theme by hand.
    case.themes = sorted({*case.themes, *(theme.public_id for theme in themes)})
    case.heard_themes = [key for key in case.heard_themes if key not in case.themes]
    urgency = priorities.urgency(response, themes=themes, rules=rules, now=now)
    case.priority, case.priority_reasons = urgency.level, list(urgency.reasons)
    told = [f"The customer {deed}." for deed in change.deeds]
    if case.first_reply_at is None and case.closed_at is None:
        told += _place_anew(case, response, themes, rules, now=now)
        case.due_at = case.next_due_at = _due(case, response, change, now=now)
    elif change.is_word:
        opening.hear_customer(case, now=now)
        writing.cancel_follow_ups(case, why="The customer spoke again.", now=now)
    steps.lay_out_anew(case, now=now)
    for text in told:
        history.add_entry(case, kind=Entry.Kind.CHANGE, author=None, text=text, now=now)
    return history.keep(
        case,
        event=events.CaseChanged(
            case.public_id,
            changed=("response",),
            score_before=change.before,
            score=change.score,
            comment=change.comment,
            is_news=is_news,
        ),
        actor=Actor("contact", case.contact.public_id),
        now=now,
    )


def _change(case: Case, response: Response) -> Change:
    comment = second_thoughts.comment_deed(
        before=case.comment_key, now=opening.comment_key(response)
    )
    return Change(before=case.score, score=response.score, comment=comment)


def _is_news(case: Case, response: Response, *, now: datetime) -> bool:
    """Not while the answer is still being given and nobody has taken it up."""
    is_same = second_thoughts.is_same_sitting(answered_at=response.received_at, changed_at=now)
    return not is_same or not _is_untouched(case)


def _due(case: Case, response: Response, change: Change, *, now: datetime) -> datetime:
    """By the new group, from the answer on. What became worse long after it was given runs from
    the change, else it would be late the moment we hear of it; never later than it was due."""
    received = response.received_at
    is_same = second_thoughts.is_same_sitting(answered_at=received, changed_at=now)
    if is_same or not change.is_worse:
        return timing.answer_due(response, since=received, owner=case.owner)
    return min(case.due_at, timing.answer_due(response, since=now, owner=case.owner))


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
