"""What these people answered, for their time line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from afterscore.customers.models import Contact
from afterscore.customers.registry import TimelineItem
from afterscore.domain import events, nps
from afterscore.journal import queries as journal
from afterscore.responses.models import Response
from afterscore.responses.queries.selecting import counted, with_people
from afterscore.workspaces.models import Workspace

MOST_ON_TIMELINE = 200


def list_answers(*, workspace: Workspace, contacts: Sequence[Contact]) -> Iterator[TimelineItem]:
    """Newest first; then what looked automated and would have changed one of them."""
    found = with_people(counted(workspace).filter(contact__in=contacts))[:MOST_ON_TIMELINE]
    answers = {answer.public_id: answer for answer in found}
    for answer in answers.values():
        yield TimelineItem(
            at=answer.received_at,
            title=f"Answered {answer.score}",
            text=answer.comment,
            icon="message",
            tone=str(nps.group_of(answer.score)),
            score=answer.score,
            contact=answer.contact,
        )
    yield from _refusals(workspace, answers)


def _refusals(workspace: Workspace, answers: Mapping[str, Response]) -> Iterator[TimelineItem]:
    tried = [public_id for public_id, answer in answers.items() if answer.refused_changes]
    if not tried:
        return
    facts = journal.list_facts(workspace=workspace, subjects=tried)
    for fact in facts.filter(name=events.ResponseChangeRefused.name)[:MOST_ON_TIMELINE]:
        answer = answers[fact.subject]
        said = fact.payload["score"]
        what = f"to {said}" if said != answer.score else f"of {said}"
        yield TimelineItem(
            at=fact.occurred_at,
            title=f"A program tried to change the answer {what}; it stays as it was",
            text=fact.payload["why"],
            icon="alert",
            contact=answer.contact,
        )
