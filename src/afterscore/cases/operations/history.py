"""What every operation on a case shares: the lock, the move, the line in its history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from afterscore.cases.models import Case, Entry
from afterscore.domain import casework
from afterscore.domain.events import Actor, Event
from afterscore.improvements.queries import match_themes
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Message
from afterscore.workspaces.models import Member

MOST_MINUTES = 24 * 60
SPOKEN = (Entry.Kind.CUSTOMER, Entry.Kind.CALL)
"""What a customer said; notes speak of colleagues, too."""
RELATED = ("contact", "owner__user", "response")
"""Few tables on purpose: planning a join of a dozen takes longer than reading all of them."""


def lock(case: Case) -> Case:
    """The case as it is now, kept from everybody else until the transaction ends.

    Two queries: rows joined to a locked one may be older than the lock.
    """
    mine = Case.objects.filter(workspace_id=case.workspace_id, pk=case.pk)
    mine.select_for_update().values_list("pk").get()
    locked = mine.select_related(*RELATED).get()
    locked.workspace = case.workspace
    locked.response.workspace, locked.response.contact = locked.workspace, locked.contact
    return locked


def author_of(case: Case, actor: Actor) -> Member | None:
    """The member behind an actor; None for a key, a customer or the system."""
    if actor.kind != "member":
        return None
    return (
        Member.objects.select_related("user")
        .filter(workspace_id=case.workspace_id, public_id=actor.id)
        .first()
    )


def move(case: Case, action: casework.Action) -> None:
    try:
        case.state = casework.transition(casework.State(case.state), action)
    except casework.NotAllowed as error:
        raise Refused(f"{error} Reopen it first.") from error


def come_up(case: Case, at: datetime) -> None:
    """An open case is to be looked at again at this instant; a finished one is not."""
    if casework.State(case.state) in casework.OPEN_STATES:
        case.next_due_at = at


def add_minutes(case: Case, minutes: int) -> None:
    if not 0 <= minutes <= MOST_MINUTES:
        raise Refused(f"Minutes are a number from 0 to {MOST_MINUTES}.", field="minutes")
    case.minutes += minutes


def add_entry(
    case: Case,
    *,
    kind: Entry.Kind,
    author: Member | None,
    text: str,
    now: datetime,
    message: Message | None = None,
    call: str = "",
    minutes: int = 0,
    **mail: Any,
) -> Entry:
    """`mail` is what only an entry that came as a mail has: subject, sender and the like."""
    entry = Entry.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        kind=kind,
        author=author,
        text=text,
        message=message,
        call=call,
        minutes=minutes,
        happened_at=now,
        **mail,
    )
    if kind in SPOKEN:
        hear_themes(case, text, now=now)
    return entry


def hear_themes(case: Case, text: str, *, now: datetime) -> None:
    """A comment is rarely all there is to say: what comes up later belongs to the case, too."""
    known = {*case.themes, *case.heard_themes}
    found = match_themes(workspace=case.workspace, text=text)
    new = [theme for theme in found if theme.public_id not in known]
    if not new:
        return
    case.heard_themes = [*case.heard_themes, *(theme.public_id for theme in new)]
    names = ", ".join(str(theme) for theme in new)
    add_entry(case, kind=Entry.Kind.CHANGE, author=None, text=f"Also about: {names}.", now=now)


def keep(case: Case, *, event: Event, actor: Actor, now: datetime) -> Case:
    """Saves what was changed and writes the fact."""
    case.changed_at = now
    case.save()
    journal.record(workspace=case.workspace, event=event, actor=actor, now=now)
    return case
