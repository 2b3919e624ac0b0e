"""Sums over accounts, from which it follows how far people of one account think alike.

Whoever has no account is one of her own. Added up in the database: what comes back is as small as a
histogram, however many accounts there are.
"""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any, Unpack

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncMonth

from afterscore.domain import nps
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Group
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response
from afterscore.responses.queries.selecting import Selection, counted, frozen, select
from afterscore.workspaces.models import Workspace

_ADDED = (
    "sum(n), sum(up - down), sum(up + down), sum(n * n), sum((up - down) * (up - down)), "
    "sum(n * (up - down)), count(*), max(n)"
)


def sums(*, workspace: Workspace, **selection: Unpack[Selection]) -> Sums | None:
    """None without answers, as everywhere here."""
    return _sums(select(counted(workspace), selection), Value(0)).get(0)


def sums_of_enrolments(*, enrolments: QuerySet[Enrolment]) -> Sums | None:
    """Of what these people answered in their waves."""
    answers = Response.objects.filter(enrolment__in=enrolments, validity=Response.Validity.COUNTED)
    try:
        return _sums(answers, Value(0)).get(0)
    except EmptyResultSet:  # of nobody
        return None


def sums_by(
    *, workspace: Workspace, attribute: str, **selection: Unpack[Selection]
) -> dict[str, Sums]:
    """By the attribute's value as it was at the answer."""
    return _sums(select(counted(workspace), selection), frozen(attribute))


def sums_by_month(
    *, workspace: Workspace, zone: tzinfo, **selection: Unpack[Selection]
) -> dict[date, Sums]:
    """By the first day of the month, as the calendar of `zone` has it."""
    months = _sums(select(counted(workspace), selection), TruncMonth("received_at", tzinfo=zone))
    return {month.astimezone(zone).date(): found for month, found in months.items()}


def sums_by_wave(*, workspace: Workspace, **selection: Unpack[Selection]) -> dict[str, Sums]:
    """By the wave's public id."""
    found = _sums(select(counted(workspace), selection), F("wave_id"))
    names = Wave.objects.filter(workspace=workspace, pk__in=list(found))
    return {public_id: found[pk] for pk, public_id in names.values_list("pk", "public_id")}


def _sums(answers: QuerySet[Response], key: Combinable) -> dict[Any, Sums]:
    each = (
        answers.order_by()
        .annotate(key=key, voice=Coalesce("account_id", -F("contact_id")))
        .values("key", "voice")
        .annotate(
            n=Count("*"),
            up=Count("score", filter=Q(score__in=nps.scores_of(Group.PROMOTER))),
            down=Count("score", filter=Q(score__in=nps.scores_of(Group.DETRACTOR))),
        )
    )
    sql, parameters = each.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, {_ADDED} FROM ({sql}) AS each GROUP BY key", parameters)  # noqa: S608
        return {key: Sums(*map(int, numbers)) for key, *numbers in cursor.fetchall()}
