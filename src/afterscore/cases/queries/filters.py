"""Narrowing the work list: what a case may be asked for, as one value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Lookup, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.sql.compiler import SQLCompiler

from afterscore.cases.models import Case, Words
from afterscore.customers.models import Account, Contact
from afterscore.domain import nps
from afterscore.domain.casework import State
from afterscore.domain.nps import Group
from afterscore.kit.among import among
from afterscore.workspaces.models import Member, Workspace

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup

MOST_LISTED = 10_000
"""So many cases found by words are listed first; more are looked for in the order of the list,
where so many of them are near."""

ACCOUNT_SEGMENTS = ("plan", "industry", "country", "lifecycle_stage")
CONTACT_SEGMENTS = ("persona",)


class Due(StrEnum):
    LATE = "late"
    TODAY = "today"
    WEEK = "week"

    @property
    def label(self) -> str:
        return {"late": "late", "today": "due today", "week": "due within a week"}[self.value]


@dataclass(frozen=True, slots=True)
class Filters:
    """Each narrows; None and "" let everything through. `segment` is a field and its value."""

    group: Group | None = None
    has_comment: bool | None = None
    state: State | None = None
    theme: str = ""
    segment: tuple[str, str] | None = None
    department: str = ""
    owner: Member | None = None
    language: str = ""
    urgency: int | None = None  # at least
    due: Due | None = None
    search: str = ""

    @property
    def are_any(self) -> bool:
        return any(getattr(self, field.name) not in (None, "") for field in fields(self))


NO_FILTERS = Filters()


def narrow(
    found: QuerySet[Case],
    filters: Filters,
    *,
    workspace: Workspace,
    now: datetime,
    day_ends_at: datetime,
) -> QuerySet[Case]:
    conditions = [*_of_case(filters), *_of_customer(filters, workspace)]
    if filters.due is not None:
        conditions.append(_due(filters.due, now, day_ends_at))
    if filters.search:
        conditions.append(_found_by(filters.search, workspace))
    return found.filter(*conditions)


def _of_case(filters: Filters) -> list[Q]:
    plain = {
        "state": filters.state,
        "department": filters.department,
        "owner": filters.owner,
        "language": filters.language,
        "priority__gte": filters.urgency,
        "score__in": nps.scores_of(filters.group) if filters.group else "",
    }
    conditions = [Q((name, value)) for name, value in plain.items() if value not in (None, "")]
    if filters.theme:
        named = [filters.theme]
        conditions.append(Q(themes__contains=named) | Q(heard_themes__contains=named))
    if filters.has_comment is not None:
        silent = Q(comment_key="")
        conditions.append(~silent if filters.has_comment else silent)
    return conditions


def _of_customer(filters: Filters, workspace: Workspace) -> list[Q]:
    if filters.segment is None:
        return []
    field, value = filters.segment
    if field in ACCOUNT_SEGMENTS:
        accounts = Account.objects.filter(Q((field, value)), workspace=workspace)
        return [Q(account__in=accounts.values("pk"))]
    contacts = Contact.objects.filter(Q((field, value)), workspace=workspace)
    return [Q(contact__in=contacts.values("pk"))]


def _due(due: Due, now: datetime, day_ends_at: datetime) -> Q:
    match due:
        case Due.LATE:
            return Q(next_due_at__lt=now)
        case Due.TODAY:
            return Q(next_due_at__gte=now, next_due_at__lt=day_ends_at)
        case Due.WEEK:
            return Q(next_due_at__lt=day_ends_at + timedelta(days=6))


def _found_by(search: str, workspace: Workspace) -> Q:
    """Every word, or its beginning, in name, address, company and comment."""
    asked = Func(Value(search), function="cases_beginnings", output_field=TextField())
    matching = Words.objects.filter(HasWords(F("vector"), asked), workspace=workspace)
    listed = list(matching.values_list("case", flat=True)[: MOST_LISTED + 1])
    if len(listed) <= MOST_LISTED:
        return Q(among("pk", listed))
    own = Words.objects.filter(case=OuterRef("pk")).values("vector")
    return Q(HasWords(Subquery(own), asked))  # not EXISTS: the database would list them after all


class HasWords(_Lookup):
    """`vector @@ query`; Django's own would parse the words once more, by a language's rules."""

    lookup_name = "has_words"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, column_params = self.process_lhs(compiler, connection)
        asked, asked_params = self.process_rhs(compiler, connection)
        return f"{column} @@ {asked}", (*column_params, *asked_params)
