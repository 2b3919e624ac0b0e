"""Counts come as histograms: who is a promoter is not asked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any, Unpack

from django.db.models import Count, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth

from afterscore.domain import nps
from afterscore.domain.nps import Histogram
from afterscore.domain.scanners import SetAside, Validity
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response
from afterscore.responses.queries.selecting import (
    Selection,
    counted,
    frozen,
    select,
    set_aside,
)
from afterscore.workspaces.models import Workspace


def histogram(*, workspace: Workspace, **selection: Unpack[Selection]) -> Histogram:
    found = _count(select(counted(workspace), selection), F("workspace_id"))
    return found.get(workspace.pk, nps.empty_histogram())


def histogram_of_enrolments(*, enrolments: QuerySet[Enrolment]) -> Histogram:
    """The scores that these people gave in their waves."""
    answers = Response.objects.filter(enrolment__in=enrolments, validity=Validity.COUNTED)
    return _count(answers, Value(0)).get(0, nps.empty_histogram())


def histograms_by(
    *, workspace: Workspace, attribute: str, **selection: Unpack[Selection]
) -> dict[str, Histogram]:
    """By the attribute's value as it was at the answer, the most frequent first.

    "account.plan", "contact.language", "contact.attribute.region": the names that filters know.
    Answers without a value stand under UNKNOWN. Raises Refused for a name that does not exist.
    """
    found = _count(select(counted(workspace), selection), frozen(attribute))
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1]), item[0])))


def histograms_by_month(
    *, workspace: Workspace, zone: tzinfo, **selection: Unpack[Selection]
) -> dict[date, Histogram]:
    """By the first day of the month in which they came in, as the calendar of `zone` has it,
    oldest first. A month without answers is absent."""
    months = _count(select(counted(workspace), selection), TruncMonth("received_at", tzinfo=zone))
    return {month.date(): counts for month, counts in sorted(months.items())}


def histograms_by_wave(
    *, workspace: Workspace, **selection: Unpack[Selection]
) -> dict[str, Histogram]:
    """By the wave's public id. A wave without answers is absent."""
    found = _count(select(counted(workspace), selection), F("wave_id"))
    names = Wave.objects.filter(workspace=workspace, pk__in=list(found))
    return {public_id: found[pk] for pk, public_id in names.values_list("pk", "public_id")}


def count_set_aside(*, workspace: Workspace, **selection: Unpack[Selection]) -> SetAside:
    """What stands beside the histogram of the same selection, and is not in it."""
    return _set_aside(count_by_validity(workspace=workspace, **selection))


def count_by_validity(*, workspace: Workspace, **selection: Unpack[Selection]) -> dict[str, int]:
    """Of what does not count."""
    rows = (
        select(set_aside(workspace), selection)
        .order_by()
        .values_list("validity")
        .annotate(answers=Count("*"))
    )
    return dict(rows)


def set_aside_by(
    *, workspace: Workspace, attribute: str, **selection: Unpack[Selection]
) -> dict[str, SetAside]:
    """By the attribute's value, as `histograms_by` has it; values without any are absent."""
    return _set_aside_by(select(set_aside(workspace), selection), frozen(attribute))


def set_aside_by_wave(
    *, workspace: Workspace, **selection: Unpack[Selection]
) -> dict[int, SetAside]:
    """By the wave's key. A wave with nothing to tell is absent."""
    return _set_aside_by(select(set_aside(workspace), selection), F("wave_id"))


def _set_aside_by(answers: QuerySet[Response], key: Combinable) -> dict[Any, SetAside]:
    found: dict[Any, Counter[str]] = {}
    rows = answers.order_by().annotate(key=key).values_list("key", "validity")
    for value, validity, number in rows.annotate(answers=Count("*")):
        found.setdefault(value, Counter())[validity] += number
    return {value: _set_aside(counts) for value, counts in found.items()}


def _set_aside(counts: Mapping[str, int]) -> SetAside:
    """What a person has discarded is still named: nothing disappears from beside a score."""
    suspected = (Validity.QUARANTINED, Validity.DISCARDED)
    return SetAside(
        suspected=sum(counts.get(validity, 0) for validity in suspected),
        provisional=counts.get(Validity.PROVISIONAL, 0),
    )


def _count(answers: QuerySet[Response], key: Combinable) -> dict[Any, Histogram]:
    """One GROUP BY of key and score; where both are in an index, the rows are not read."""
    rows = (
        answers.order_by()
        .annotate(key=key)
        .values_list("key", "score")
        .annotate(answers=Count("*"))
    )
    histograms: dict[Any, list[int]] = {}
    for value, score, number in rows:
        histograms.setdefault(value, list(nps.empty_histogram()))[score] = number
    return {value: tuple(counts) for value, counts in histograms.items()}
