from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from afterscore.cases import queries
from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import history, priorities, timing
from afterscore.domain import events, routing
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.domain.routing import Away, Decision, Keeper, Rule
from afterscore.improvements.models import Theme
from afterscore.kit.errors import Refused
from afterscore.responses.models import Response
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a case goes: the decision, and the member it means."""

    decision: Decision
    owner: Member | None

    @property
    def department(self) -> str:
        return str(self.decision.department or "")


def may_own(member: Member | None) -> bool:
    """Whether somebody can work on cases: an active member who is more than a viewer."""
    return member is not None and member.is_active and member.role in queries.ANSWERING_ROLES


def place(
    response: Response,
    *,
    themes: Sequence[Theme],
    now: datetime,
    rules: Sequence[Rule] | None = None,
    shift: queries.Shift | None = None,
) -> Placement:
    """Who gets the case of an answer, and why; nobody only in a workspace nobody works in.

    `rules` and `shift` are read where they are not given, for one answer after another.
    """
    workspace = response.workspace
    if rules is None:
        rules = queries.rules_in_force(workspace=workspace)
    if shift is None:
        day = timing.working_day(workspace, now)
        shift = queries.shift_on(workspace=workspace, day=day)
    decision = routing.route(
        queries.answer_of(response, themes),
        keeper=_keeper(response, shift, now=now),
        rules=rules,
        team=shift.team,
        today=priorities.local_today(workspace, now),
    )
    owner = shift.members[decision.owner.id] if decision.owner else None
    return Placement(decision, owner)


def _keeper(response: Response, shift: queries.Shift, *, now: datetime) -> Keeper | None:
    owner = response.account.owner if response.account else None
    if owner is None:
        return None
    person = shift.team.get(owner.public_id)
    is_away = person is not None and person.away is not None
    may_wait = is_away and timing.may_wait_for(owner, response, since=now)
    return Keeper(owner.public_id, str(owner), may_wait=may_wait)


@transaction.atomic
def assign(
    *,
    case: Case,
    owner: Member,
    department: Department | None = None,
    why: str = "",
    actor: Actor,
    now: datetime,
) -> Case:
    """Gives the case to a member. Nothing happens when she has it already.

    The case is her department's from then on, unless another is named.
    """
    case = history.lock(case)
    if owner.workspace_id != case.workspace_id or not may_own(owner):
        raise Refused(
            f"{owner} cannot answer customers. Choose an active agent, manager or owner.",
            field="owner",
        )
    if case.owner_id == owner.pk:
        return case
    before, case.owner = case.owner, owner
    case.department = department or owner.department or case.department
    text = f"Handed over from {before} to {owner}." if before else f"Given to {owner}."
    history.add_entry(
        case,
        kind=Entry.Kind.CHANGE,
        author=history.author_of(case, actor),
        text=" ".join(part for part in (text, why, _away(owner, now)) if part),
        now=now,
    )
    return history.keep(
        case,
        event=events.CaseAssigned(case.public_id, owner=owner.public_id),
        actor=actor,
        now=now,
    )


def _away(owner: Member, now: datetime) -> str:
    """What whoever hands a case to somebody who is away should know."""
    day = timing.working_day(owner.workspace, now)
    absence = workspaces.absences_on(workspace=owner.workspace, day=day).get(owner.pk)
    return f"{owner} is {Away(absence.ends_on).words}." if absence else ""
