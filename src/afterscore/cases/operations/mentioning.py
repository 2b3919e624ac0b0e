"""Colleagues named in a note: they find the case in their day, and are told (see notices)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.cases.models import Case, Entry, Mention
from afterscore.domain import events, naming
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member


def name_members(entry: Entry, *, case: Case) -> tuple[str, ...]:
    """Keeps who is named in the entry, its author left out; their public ids."""
    if "@" not in entry.text:
        return ()
    members = {
        member.public_id: member
        for member in workspaces.list_members(workspace=case.workspace).filter(is_active=True)
    }
    people = {key: (member.user.name, member.user.email) for key, member in members.items()}
    found = dict.fromkeys(named.key for named in naming.find(entry.text, people))
    named = [key for key in found if members[key].pk != entry.author_id]
    Mention.objects.bulk_create(
        Mention(workspace_id=case.workspace_id, entry=entry, member=members[key]) for key in named
    )
    return tuple(named)


@transaction.atomic
def see_mentions(*, case: Case, member: Member, actor: Actor, now: datetime) -> int:
    """The member has looked at the case: it leaves her day. How many mentions were new."""
    unseen = Mention.objects.filter(
        workspace_id=case.workspace_id, entry__case=case, member=member, seen_at=None
    )
    seen = unseen.update(seen_at=now)
    if seen:
        journal.record(
            workspace=case.workspace,
            event=events.CaseChanged(case.public_id, changed=("mentions",)),
            actor=actor,
            now=now,
        )
    return seen
