"""Finding whom promoters name, of those who want to be named."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from afterscore.cases.models import Praise
from afterscore.cases.queries import praising
from afterscore.domain import events, nps, praise
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.nps import Group
from afterscore.domain.praise import Person
from afterscore.domain.scanners import Validity
from afterscore.journal import operations as journal
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member

LOOKS_BACK = timedelta(days=365)


@transaction.atomic
def find_praise(*, response: Response, now: datetime) -> tuple[str, ...]:
    """Whom a promoter names; what no longer holds is gone. Safe to repeat: only news is a fact."""
    people = praising.people_of(response.workspace)
    return _find(response, people, now=now)


def _find(response: Response, people: list[Person], *, now: datetime) -> tuple[str, ...]:
    named = _named(response, people)
    mine = Praise.objects.filter(workspace_id=response.workspace_id, response=response)
    mine.exclude(member__public_id__in=named).delete()
    known = set(mine.values_list("member__public_id", flat=True))
    willing = Member.objects.filter(
        workspace_id=response.workspace_id, public_id__in=named - known, wants_praise=True
    )
    found = tuple(sorted(member.public_id for member in willing))
    Praise.objects.bulk_create(
        [
            Praise(
                workspace_id=response.workspace_id, response=response, member=member, found_at=now
            )
            for member in willing
        ],
        ignore_conflicts=True,
    )
    if found:
        journal.record(
            workspace=response.workspace,
            event=events.PraiseFound(response.public_id, members=found),
            actor=SYSTEM,
            now=now,
        )
    return found


def _named(response: Response, people: list[Person]) -> set[str]:
    is_counted = response.validity == Validity.COUNTED
    if not is_counted or nps.group_of(response.score) is not Group.PROMOTER:
        return set()
    return {each.id for each in praise.find(response.comment, people)}


@transaction.atomic
def follow_wish(*, member: Member, now: datetime) -> int:
    """Who wants to be named is looked for in a year of answers; who does not want it any more is
    nowhere. How many answers name her."""
    if not member.wants_praise:
        Praise.objects.filter(member=member).delete()
        return 0
    people = praising.people_of(member.workspace)
    answers = (
        Response.objects.filter(
            workspace=member.workspace,
            validity=Validity.COUNTED,
            score__in=nps.scores_of(Group.PROMOTER),
            received_at__gte=now - LOOKS_BACK,
        )
        .exclude(comment="")
        .select_related("workspace")
    )
    return sum(
        member.public_id in _find(answer, people, now=now)
        for answer in answers.iterator(chunk_size=500)
        if any(each.id == member.public_id for each in praise.find(answer.comment, people))
    )


@transaction.atomic
def hide_praise(*, praise_row: Praise, by: Member, now: datetime) -> None:
    """Takes it off the wall for good; nothing happens a second time."""
    changed = Praise.objects.filter(pk=praise_row.pk, hidden_at=None).update(
        hidden_at=now, hidden_by=by
    )
    if changed:
        journal.record(
            workspace=praise_row.workspace,
            event=events.PraiseHidden(praise_row.public_id, member=praise_row.member.public_id),
            actor=Actor("member", by.public_id),
            now=now,
        )
