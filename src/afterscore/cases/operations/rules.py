"""Deciding who gets which case. The ladder runs from top to bottom: the first that fits decides.

One rung is the owner of the account; rules above it hold even where an account has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from afterscore.cases import queries
from afterscore.cases.models import RoutingRule
from afterscore.cases.operations import assigning
from afterscore.domain import events, routing
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.domain.routing import Criteria
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member, Workspace

MOST_RULES = 100
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule is to say: which cases, and what becomes of them."""

    name: str
    criteria: Criteria
    member: Member | None = None
    department: Department | None = None
    is_urgent: bool = False


@transaction.atomic
def create_rule(*, workspace: Workspace, draft: Draft, actor: Actor, now: datetime) -> RoutingRule:
    """Below all others: above them it would take what they decide now."""
    rows = _lock_rules(workspace)
    if len(rows) >= MOST_RULES:
        raise Refused(f"{MOST_RULES} rules are enough for anybody to read. Remove one first.")
    rule = RoutingRule(workspace=workspace, position=len(rows))
    _fill(rule, draft)
    rule.save()
    _settle([*rows, rule])
    _record(rule, "added", actor=actor, now=now)
    return rule


@transaction.atomic
def change_rule(
    *,
    rule: RoutingRule,
    draft: Draft,
    is_active: bool,
    actor: Actor,
    now: datetime,
) -> RoutingRule:
    _lock_rules(rule.workspace)
    rule.is_active = is_active
    _fill(rule, draft)
    rule.save()
    _record(rule, "changed", actor=actor, now=now)
    return rule


@transaction.atomic
def move_rule(*, rule: RoutingRule, up: bool, actor: Actor, now: datetime) -> RoutingRule:
    """One rung up or down; at an end nothing happens. The owner of the account is a rung, too."""
    ladder = _ladder(_lock_rules(rule.workspace))
    place = next(number for number, row in enumerate(ladder) if row and row.pk == rule.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(ladder):
        return rule
    ladder[place], ladder[other] = ladder[other], ladder[place]
    owner = ladder.index(None)
    rows = []
    for number, row in enumerate(ladder):
        if row is not None:
            row.before_owner = number < owner
            rows.append(row)
    _settle(rows)
    rule.refresh_from_db()
    _record(rule, "moved", actor=actor, now=now)
    return rule


@transaction.atomic
def remove_rule(*, rule: RoutingRule, actor: Actor, now: datetime) -> None:
    """Cases that it gave away stay where they are."""
    rows = _lock_rules(rule.workspace)
    public_id, workspace = rule.public_id, rule.workspace
    rule.delete()
    _settle([row for row in rows if row.public_id != public_id])
    gone = RoutingRule(workspace=workspace, public_id=public_id)
    _record(gone, "removed", actor=actor, now=now)


def _lock_rules(workspace: Workspace) -> list[RoutingRule]:
    """Two who move rules at once take turns."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    return list(queries.list_rules(workspace=workspace))


def _ladder(rows: Sequence[RoutingRule]) -> list[RoutingRule | None]:
    """The rules in their order, None for the owner of the account."""
    above = [row for row in rows if row.before_owner]
    return [*above, None, *(row for row in rows if not row.before_owner)]


def _settle(rows: Sequence[RoutingRule]) -> None:
    ladder = [row for row in _ladder(rows) if row is not None]
    for position, row in enumerate(ladder):
        row.position = position
    RoutingRule.objects.bulk_update(ladder, ["position", "before_owner"])


def _fill(rule: RoutingRule, draft: Draft) -> None:
    name = " ".join(draft.name.split())[:LONGEST_NAME]
    if not name:
        raise Refused(
            "Give the rule a name; a case's history says by which rule it came.", field="name"
        )
    if not (draft.member or draft.department or draft.is_urgent):
        raise Refused("Say who gets these cases, or that they are more urgent.", field="member")
    _check_member(rule, draft.member)
    rule.name, rule.conditions = name, routing.to_data(draft.criteria)
    rule.member, rule.department = draft.member, draft.department or ""
    rule.is_urgent = draft.is_urgent


def _check_member(rule: RoutingRule, member: Member | None) -> None:
    if member is None:
        return
    if member.workspace_id != rule.workspace_id or not assigning.may_own(member):
        raise Refused(
            f"{member} cannot answer customers. Choose an active agent, manager or owner.",
            field="member",
        )


def _record(rule: RoutingRule, what: str, *, actor: Actor, now: datetime) -> None:
    names = queries.list_rules(workspace=rule.workspace).values_list("public_id", flat=True)
    journal.record(
        workspace=rule.workspace,
        event=events.RoutingChanged(rule.public_id, what=what, rules=tuple(names)),
        actor=actor,
        now=now,
    )
