"""What decides who gets a case: rules, people and answers, as the domain judges them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from afterscore.cases.models import Alert, Case, RoutingRule
from afterscore.cases.queries.background import ANSWERING_ROLES
from afterscore.customers import queries as customers
from afterscore.domain import nps, routing
from afterscore.domain.alerts import Kind
from afterscore.domain.departments import Department
from afterscore.domain.routing import Answer, Away, CriteriaError, Names, Person, Rule, Team
from afterscore.improvements import queries as improvements
from afterscore.improvements.models import Theme
from afterscore.kit.errors import NotFound
from afterscore.responses.models import Response
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Absence, Member, Workspace


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is there on a day, as rows and as the domain's team."""

    members: dict[str, Member]
    team: Team
    day: date


def list_rules(*, workspace: Workspace) -> QuerySet[RoutingRule]:
    return (
        RoutingRule.objects.filter(workspace=workspace)
        .select_related("member__user")
        .order_by("position", "id")
    )


def get_rule(*, workspace: Workspace, public_id: str) -> RoutingRule:
    try:
        return list_rules(workspace=workspace).get(public_id=public_id)
    except RoutingRule.DoesNotExist as error:
        raise NotFound("There is no such rule.") from error


def count_unowned(*, workspace: Workspace) -> int:
    """Open cases that belong to nobody."""
    return Case.objects.filter(
        workspace=workspace, next_due_at__isnull=False, owner__isnull=True
    ).count()


def list_working(*, kinds: Sequence[Kind] = ()) -> QuerySet[Workspace]:
    """Workspaces with open cases, or in which an alert of these kinds still stands."""
    return Workspace.objects.filter(
        Q(pk__in=Case.objects.filter(next_due_at__isnull=False).values("workspace"))
        | Q(pk__in=Alert.objects.filter(kind__in=kinds, settled_at=None).values("workspace"))
    ).order_by("id")


def rule_of(row: RoutingRule) -> Rule:
    """Raises CriteriaError where the conditions cannot be read any more."""
    return Rule(
        id=row.public_id,
        name=row.name,
        criteria=routing.parse(row.conditions),
        member=row.member.public_id if row.member else "",
        department=Department(row.department) if row.department else None,
        before_owner=row.before_owner,
        is_urgent=row.is_urgent,
    )


def rules_in_force(*, workspace: Workspace) -> list[Rule]:
    """In their order. One that cannot be read decides nothing; its page says so."""
    rules = []
    for row in list_rules(workspace=workspace).filter(is_active=True):
        try:
            rules.append(rule_of(row))
        except CriteriaError:
            continue
    return rules


def shift_on(*, workspace: Workspace, day: date) -> Shift:
    """Three queries: members, what they have, and who is away."""
    members = workspaces.list_members(workspace=workspace).filter(
        is_active=True, role__in=ANSWERING_ROLES
    )
    loads = {
        row["owner"]: (row["open"], row["latest"])
        for row in Case.objects.filter(workspace=workspace, next_due_at__isnull=False)
        .values("owner")
        .annotate(open=Count("id"), latest=Max("id"))
    }
    absences = workspaces.absences_on(workspace=workspace, day=day)
    rows = sorted(members, key=lambda member: member.pk)
    return Shift(
        members={member.public_id: member for member in rows},
        team=Team(
            _person(member, loads.get(member.pk, (0, 0)), absences.get(member.pk))
            for member in rows
        ),
        day=day,
    )


def _person(member: Member, load: tuple[int, int], absence: Absence | None) -> Person:
    away = None
    if absence is not None:
        stand_in = absence.stand_in.public_id if absence.stand_in else ""
        away = Away(absence.ends_on, stand_in)
    return Person(
        id=member.public_id,
        name=str(member),
        department=Department(member.department) if member.department else None,
        open_cases=load[0],
        latest=load[1],
        a_day=member.follow_ups_a_day,
        away=away,
    )


def theme_finder(*, workspace: Workspace) -> Callable[[str], list[Theme]]:
    """For many texts: two queries, and then none."""
    matcher = improvements.prepare(workspace=workspace)
    themes = {
        theme.public_id: theme
        for theme in Theme.objects.filter(workspace=workspace, is_active=True)
    }

    def find(text: str) -> list[Theme]:
        return [themes[found] for found in matcher.match(text) if found in themes]

    return find


def names_of(*, workspace: Workspace) -> Names:
    """What the ids in rules stand for; somebody who cannot answer any more has no name there."""
    members = workspaces.list_members(workspace=workspace).filter(
        is_active=True, role__in=ANSWERING_ROLES
    )
    return Names(
        themes=dict(Theme.objects.filter(workspace=workspace).values_list("public_id", "name")),
        members={member.public_id: str(member) for member in members},
    )


def answer_of(response: Response, themes: Sequence[Theme]) -> Answer:
    """As it is now, with what is known of the customer now."""
    return Answer(
        group=nps.group_of(response.score),
        has_comment=bool(response.comment.strip()),
        language=response.language,
        themes=frozenset(theme.public_id for theme in themes),
        departments=frozenset(Department(theme.department) for theme in themes if theme.department),
        facts=customers.facts_of(response.contact),
    )
