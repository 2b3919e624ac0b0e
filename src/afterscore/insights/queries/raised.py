"""The people, answers and accounts behind what is told of a theme, one by one.

By the same rules as they are counted in `speaking`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from afterscore.cases.models import Case
from afterscore.customers.models import Account
from afterscore.improvements.models import Theme
from afterscore.insights.queries.speaking import Spoken, count_speakers
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Stretch:
    """Answers of a workspace from `since` on and before `until`."""

    workspace: Workspace
    since: datetime
    until: datetime

    @classmethod
    def last(cls, workspace: Workspace, *, days: int, now: datetime) -> Stretch:
        return cls(workspace, now - timedelta(days=days), now)

    @property
    def before(self) -> Stretch:
        """As many days before it."""
        return Stretch(self.workspace, self.since - (self.until - self.since), self.since)

    def count(self) -> Spoken:
        return count_speakers(workspace=self.workspace, since=self.since, until=self.until)


def answers_of(stretch: Stretch, theme: Theme | None = None) -> QuerySet[Response]:
    """That speak of the theme; without one all of them. The newest first."""
    found = responses.list_responses(
        workspace=stretch.workspace, since=stretch.since, until=stretch.until
    )
    if theme is None:
        return found
    return found.filter(pk__in=_answers(stretch, Q(themes__contains=[theme.public_id])))


def people_of(stretch: Stretch, theme: Theme | None = None) -> QuerySet[Response]:
    """One answer of each person who raised the theme, without one of each who answered."""
    return _one_each(answers_of(stretch, theme))


def people_later(stretch: Stretch, theme: Theme) -> QuerySet[Response]:
    """One answer of each person who only came to the theme after it."""
    raised = answers_of(stretch, theme).order_by().values("contact")
    heard = _answers(stretch, Q(heard_themes__contains=[theme.public_id]))
    return _one_each(answers_of(stretch).filter(pk__in=heard).exclude(contact__in=raised))


def accounts_of(
    stretch: Stretch, theme: Theme | None = None, *, currency: str
) -> QuerySet[Account]:
    """With revenue in this currency and somebody who raised the theme; the largest first."""
    units = [currency, ""] if currency == stretch.workspace.currency else [currency]
    return Account.objects.filter(
        workspace=stretch.workspace,
        pk__in=answers_of(stretch, theme).order_by().values("account"),
        recurring_revenue__gt=0,
        currency__in=units,
    ).order_by("-recurring_revenue", "name", "id")


def _answers(stretch: Stretch, condition: Q) -> QuerySet[Case, int]:
    """Of the cases for which it holds."""
    return Case.objects.filter(condition, workspace=stretch.workspace).values_list(
        "response", flat=True
    )


def _one_each(answers: QuerySet[Response]) -> QuerySet[Response]:
    """The latest of each person."""
    latest = answers.order_by("contact", "-received_at", "-id").distinct("contact")
    return answers.filter(pk__in=latest.values("pk"))
