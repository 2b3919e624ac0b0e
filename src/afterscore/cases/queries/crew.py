"""Everybody as one needs them to hand something over: how much each has, and who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import OuterRef, Subquery

from afterscore.cases.models import Case
from afterscore.cases.queries.background import ANSWERING_ROLES
from afterscore.cases.queries.counting import MOST_COUNTED, NumberOf
from afterscore.domain.routing import Away
from afterscore.improvements import queries as improvements
from afterscore.improvements.models import Theme
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Absence, Member, Workspace


@dataclass(frozen=True, slots=True)
class Colleague:
    member: Member
    open_cases: int
    away: Away | None

    @property
    def may_own(self) -> bool:
        return self.member.role in ANSWERING_ROLES

    @property
    def load(self) -> str:
        """ "12 open, away until 3 December"."""
        count = self.open_cases
        number = f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
        return ", ".join([f"{number} open", *([self.away.words] if self.away else [])])


class Offered:
    """What the forms of one page offer to choose from. Each list is read at most once."""

    def __init__(self, *, workspace: Workspace, today: date | None = None) -> None:
        self.workspace, self.today = workspace, today

    @cached_property
    def crew(self) -> list[Colleague]:
        return list_crew(workspace=self.workspace, today=self.today)

    @cached_property
    def themes(self) -> list[Theme]:
        return improvements.list_themes(workspace=self.workspace)

    @property
    def owners(self) -> list[Colleague]:
        return [one for one in self.crew if one.may_own]


def list_crew(*, workspace: Workspace, today: date | None) -> list[Colleague]:
    """Everybody active, by name; without `today` nobody is away."""
    cases = Case.objects.filter(
        workspace=workspace, owner=OuterRef("pk"), next_due_at__isnull=False
    ).order_by()
    away = Absence.objects.none()
    if today is not None:
        away = Absence.objects.filter(
            member=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today
        ).order_by("-ends_on")
    rows = (
        workspaces.list_members(workspace=workspace)
        .filter(is_active=True)
        .annotate(
            open_cases=NumberOf(cases.values("pk")[:MOST_COUNTED]),
            away_until=Subquery(away.values("ends_on")[:1]),
        )
    )
    return [
        Colleague(row, row.open_cases, Away(row.away_until) if row.away_until else None)
        for row in rows
    ]
