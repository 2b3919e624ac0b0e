from __future__ import annotations

from afterscore.cases import operations, queries
from afterscore.cases.operations import following, handing_on, praising
from afterscore.domain.events import SYSTEM
from afterscore.improvements import queries as improvements
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.responses import queries as responses
from afterscore.workspaces import queries as workspaces


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


def tell_watchers(fact: Fact) -> None:
    """A case took a turn: whoever watches it hears of it. Safe to run twice."""
    following.tell_watchers(fact=fact, now=clock.now())


def match_again(fact: Fact) -> None:
    """A theme is new, or its words changed: cases that are there follow it."""
    theme = improvements.get_theme(workspace=fact.workspace, public_id=fact.subject)
    operations.match_again(theme=theme, words_before=fact.payload["words_before"], now=clock.now())


def match_planted(fact: Fact) -> None:
    for public_id in fact.payload["themes"]:
        theme = improvements.get_theme(workspace=fact.workspace, public_id=public_id)
        operations.match_again(theme=theme, now=clock.now())


def tell_voices(fact: Fact) -> None:
    """Something is done, and whoever asked for it hears of it."""
    if fact.payload["tells"]:
        improvement = improvements.get_improvement(workspace=fact.workspace, public_id=fact.subject)
        operations.tell_voices(improvement=improvement, actor=SYSTEM, now=clock.now())


def hand_on(fact: Fact) -> None:
    """Somebody came, left or changed her role: cases without an owner may find one."""
    handing_on.place_lost(workspace=fact.workspace, now=clock.now())


def find_praise(fact: Fact) -> None:
    """Whom a promoter names. Safe to run twice."""
    response = responses.get_response(workspace=fact.workspace, public_id=fact.subject)
    praising.find_praise(response=response, now=clock.now())


def follow_wish(fact: Fact) -> None:
    """Somebody wants to be named from now on, or does not any more."""
    if "wants_praise" in fact.payload["changed"]:
        member = workspaces.get_member(workspace=fact.workspace, public_id=fact.subject)
        praising.follow_wish(member=member, now=clock.now())
