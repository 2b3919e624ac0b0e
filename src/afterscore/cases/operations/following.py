"""Telling those who watch a case of the turns it takes, by the ways of alerts; and whoever has it
of an answer that changed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.cases import queries
from afterscore.cases.models import Alert, Case, Watching
from afterscore.cases.operations import alerting
from afterscore.domain import alerts, events, watching
from afterscore.domain.alerts import Kind
from afterscore.domain.watching import Turn
from afterscore.journal.models import Fact
from afterscore.kit.errors import NotFound
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member


@transaction.atomic
def tell_watchers(*, fact: Fact, now: datetime) -> int:
    """How many are told. Safe to run twice: each fact is told once to each."""
    turn = watching.turn_of(fact.name, fact.payload)
    if turn is None:
        return 0
    case = queries.get_case(workspace=fact.workspace, public_id=_case_of(fact))
    hearers = [(member, Kind.WATCHED) for member in _hearers(case, fact, turn)]
    if turn is Turn.CHANGED and case.owner is not None and case.owner.is_active:
        hearers.append((case.owner, Kind.ANSWER_CHANGED))
    told = 0
    for member, kind in hearers:
        alert = alerting.raise_alert(
            workspace=fact.workspace,
            kind=kind,
            key=f"{fact.public_id} {member.public_id}",
            text=_sentence(case, fact, turn),
            case=case,
            member=member,
            now=now,
        )
        told += alert is not None
    return told


def _case_of(fact: Fact) -> str:
    if fact.name == events.CheckBackAnswered.name:
        return str(fact.payload["case"])
    return fact.subject


def _hearers(case: Case, fact: Fact, turn: Turn) -> list[Member]:
    """Of those who watched it by then; whoever began later has seen how it stands."""
    rows = Watching.objects.filter(
        workspace_id=case.workspace_id,
        case=case,
        since__lte=fact.occurred_at,
        member__is_active=True,
    )
    owner = case.owner.public_id if case.owner else ""
    return [
        row.member
        for row in rows.select_related("member__user").order_by("since", "id")
        if watching.hears(row.member.public_id, turn=turn, actor=_actor_of(fact), owner=owner)
    ]


def _actor_of(fact: Fact) -> str:
    """The member behind a fact; "" for a customer, a key and the system."""
    kind, _, public_id = fact.actor.partition(":")
    return public_id if kind == "member" else ""


def _sentence(case: Case, fact: Fact, turn: Turn) -> str:
    whom = f"{case.contact} ({case.account})" if case.account else str(case.contact)
    if turn is Turn.CHANGED:
        return watching.describe_change(watching.change_in(fact.payload), whom=whom)
    return watching.describe(
        turn,
        whom=whom,
        who=_name(case, _actor_of(fact)),
        to=_name(case, str(fact.payload.get("owner", ""))),
        outcome=str(fact.payload.get("outcome", "")),
    )


def _name(case: Case, public_id: str) -> str:
    if not public_id:
        return ""
    try:
        return str(workspaces.get_member(workspace=case.workspace, public_id=public_id))
    except NotFound:  # removed meanwhile
        return ""


@transaction.atomic
def see_news(*, case: Case, member: Member, now: datetime) -> int:
    """The member has the case before her: what she was told of it needs no more telling."""
    news = Alert.objects.filter(
        workspace_id=case.workspace_id,
        case=case,
        member=member,
        kind__in=alerts.NEWS,
        settled_at=None,
    )
    found = list(news.select_related("case"))
    for alert in found:
        alerting.put_away(alert=alert, by=member, now=now)
    return len(found)
