"""Who gets the demo's cases: a few rules, days of work, and somebody on holiday next week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from afterscore.cases.operations import rules
from afterscore.cases.operations.rules import Draft
from afterscore.domain import calendars, segments
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.domain.nps import Group
from afterscore.domain.routing import Criteria
from afterscore.improvements.models import Theme
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Member, Workspace

KEY_ACCOUNT = Decimal(60_000)
FAULTS = "Reliability and faults"


def settle_in(
    *, workspace: Workspace, members: Mapping[str, Member], actor: Actor, now: datetime
) -> None:
    """As of now: what came before went by account owners alone."""
    max_, claire, jonas = (_named(members, name) for name in ("max", "claire", "jonas"))
    key_accounts = rules.create_rule(
        workspace=workspace,
        draft=Draft(
            name="Unhappy key accounts",
            criteria=Criteria(
                groups=frozenset({Group.DETRACTOR}),
                customers=segments.parse(
                    {"field": "account.recurring_revenue", "at_least": KEY_ACCOUNT}
                ),
            ),
            member=max_,
            is_urgent=True,
        ),
        actor=actor,
        now=now,
    )
    rules.move_rule(rule=key_accounts, up=True, actor=actor, now=now)
    for draft in (
        Draft(
            name="Answers in French",
            criteria=Criteria(languages=frozenset({"fr"})),
            member=claire,
            department=Department.SUCCESS,
        ),
        Draft(
            name="Praise",
            criteria=Criteria(groups=frozenset({Group.PROMOTER}), comment=True),
            department=Department.MARKETING,
        ),
        *_about_faults(workspace),
    ):
        rules.create_rule(workspace=workspace, draft=draft, actor=actor, now=now)
    for name, pace in (("ana", 8), ("jonas", 6), ("claire", 4)):
        workspaces.set_pace(
            member=_named(members, name), follow_ups_a_day=pace, actor=actor, now=now
        )
    _plan_holiday(workspace, claire, jonas, actor=actor, now=now)


def _about_faults(workspace: Workspace) -> list[Draft]:
    theme = Theme.objects.filter(workspace=workspace, name=FAULTS).first()
    if theme is None:
        return []
    criteria = Criteria(themes=frozenset({theme.public_id}))
    return [Draft(name="Faults", criteria=criteria, is_urgent=True)]


def _plan_holiday(
    workspace: Workspace, member: Member, stand_in: Member, *, actor: Actor, now: datetime
) -> None:
    """From next Monday on, for a week."""
    today = calendars.local_day(now, workspace.time_zone)
    monday = today + timedelta(days=7 - today.weekday())
    workspaces.plan_absence(
        member=member,
        starts_on=monday,
        ends_on=monday + timedelta(days=6),
        stand_in=stand_in,
        actor=actor,
        now=now,
    )


def _named(members: Mapping[str, Member], name: str) -> Member:
    return next(member for email, member in members.items() if email.startswith(f"{name}@"))
