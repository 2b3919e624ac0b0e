"""Brings together what is known of an act and asks the domain what to make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Max

from afterscore.domain import scanners
from afterscore.domain.scanners import Act, AgentKind, Conduct, Gesture, Judgement, Means
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import State
from afterscore.programs.models import Enrolment
from afterscore.responses import queries
from afterscore.responses.models import Visit

AROUND = scanners.SITTING
GONE_OUT = (State.SENT, State.IN_DOUBT)  # in doubt, it may well be the one that was answered


def judge(*, enrolment: Enrolment, act: Act, now: datetime) -> Judgement:
    visits = queries.list_visits(enrolment=enrolment, since=act.at - AROUND, until=act.at + AROUND)
    return scanners.judge(act, [_visit(row) for row in visits], now=now)


def with_hand_over(act: Act, *, enrolment: Enrolment) -> Act:
    """The act, with when the last mail before it left."""
    sent = outreach.list_messages(workspace=enrolment.workspace).filter(
        stream=enrolment.wave.public_id,
        contact=enrolment.contact,
        state__in=GONE_OUT,
        handed_at__lte=act.at,
    )
    return replace(act, handed_over_at=sent.order_by().aggregate(at=Max("handed_at"))["at"])


def evidence_of(judgement: Judgement) -> dict[str, Any]:
    """What the answer's row keeps for whoever has to decide."""
    return {
        "means": judgement.means.value,
        "signs": [[finding.sign.value, finding.why] for finding in judgement.findings],
    }


def act_in(evidence: dict[str, Any], *, has_comment: bool) -> Act | None:
    """The act that is still to be judged, as `act_as_data` kept it."""
    data = evidence.get("act")
    if data is None:
        return None
    conduct = data["conduct"]
    return Act(
        at=datetime.fromisoformat(data["at"]),
        means=Means(evidence["means"]),
        has_comment=has_comment,
        visitor=data["visitor"],
        agent=AgentKind(data["agent"]),
        conduct=None
        if conduct is None
        else Conduct(**{**conduct, "gesture": Gesture(conduct["gesture"])}),
        handed_over_at=datetime.fromisoformat(data["left_at"]) if data["left_at"] else None,
        is_from_scanner_network=data["listed"],
        is_prefetch=data["prefetch"],
    )


def act_as_data(act: Act) -> dict[str, Any]:
    """Who did it how: kept beside the evidence until the second look, and no longer."""
    told = act.conduct
    data = {
        "at": act.at.isoformat(),
        "visitor": act.visitor,
        "agent": act.agent.value,
        "conduct": None
        if told is None
        else {
            "gesture": told.gesture.value,
            "reach": told.reach,
            "press": told.press,
            "moves": told.moves,
            "is_driven": told.is_driven,
        },
        "left_at": act.handed_over_at.isoformat() if act.handed_over_at else None,
        "listed": act.is_from_scanner_network,
        "prefetch": act.is_prefetch,
    }
    return {"act": data}


def _visit(row: Visit) -> scanners.Visit:
    return scanners.Visit(
        at=row.at,
        visitor=row.visitor,
        agent=AgentKind(row.agent),
        method=row.method,
        score=row.score,
        is_trap=row.is_trap,
        is_prefetch=row.is_prefetch,
    )
