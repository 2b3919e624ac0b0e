from __future__ import annotations

from afterscore.cases import operations, queries
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.responses import queries as responses


def open_case(fact: Fact) -> None:
    """Every counted answer has a case. Safe to run twice, and before or after `follow_response`."""
    response = responses.get_response(workspace=fact.workspace, public_id=fact.subject)
    if response.is_counted:
        operations.open_case(response=response, now=clock.now())


def follow_response(fact: Fact) -> None:
    response = responses.get_response(workspace=fact.workspace, public_id=fact.subject)
    if response.is_counted:
        operations.follow_response(response=response, now=clock.now())


def plan_check_back(fact: Fact) -> None:
    """Whoever was told that something is solved is asked later whether it is. Safe to run twice."""
    case = queries.get_case(workspace=fact.workspace, public_id=fact.subject)
    operations.plan_check_back(case=case, now=clock.now())
