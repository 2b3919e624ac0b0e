"""One page of a drawer: first the keys by an index alone, then the rows that are shown.

Pages go on from a row, not by number: page 2,000 costs what page 2 costs, and a case that is
closed meanwhile does not push another one past the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from afterscore.cases.models import Case
from afterscore.cases.queries import listing
from afterscore.cases.queries.listing import Show
from afterscore.kit.among import among
from afterscore.workspaces.models import Workspace

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """`before` and `after` are places in the list, "" where nothing follows there."""

    cases: list[Case]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Beside which row a page begins, and on which side of it."""

    is_before: bool
    at: datetime
    priority: int
    public_id: str

    def __str__(self) -> str:
        side = "before" if self.is_before else "after"
        moment = (self.at - EPOCH) // timedelta(microseconds=1)
        return f"{side}.{moment}.{self.priority}.{self.public_id}"


def read_place(text: str) -> Place | None:
    """What makes no sense is the beginning of the list."""
    side, _, rest = text.partition(".")
    moment, _, rest = rest.partition(".")
    priority, _, public_id = rest.partition(".")
    is_sound = side in {"before", "after"} and moment.isdecimal() and priority.isdecimal()
    if not (is_sound and moment.isascii() and len(moment) < 18 and len(priority) < 3):
        return None
    at = EPOCH + timedelta(microseconds=int(moment))
    return Place(side == "before", at, int(priority), public_id[:60])


def page_of(
    found: QuerySet[Case], *, workspace: Workspace, show: Show, place: Place | None, size: int
) -> Page:
    """`size` rows beside a place, or from the first on."""
    is_back = place is not None and place.is_before
    order = listing.order_of(show)
    if place is not None:
        found = found.filter(_beyond(place, show, _id_of(workspace, place.public_id)))
    ordered = found.order_by(*map(_reversed, order)) if is_back else found.order_by(*order)
    keys = list(ordered.values_list("pk", flat=True)[: size + 1])
    goes_on = len(keys) > size
    cases = rows_of(keys[:size])
    if is_back:
        cases.reverse()
    if not cases:
        return Page([])
    has_before, has_after = (goes_on, True) if is_back else (place is not None, goes_on)
    return Page(
        cases,
        before=str(_place(cases[0], show, is_before=True)) if has_before else "",
        after=str(_place(cases[-1], show, is_before=False)) if has_after else "",
    )


def rows_of(keys: list[int]) -> list[Case]:
    """These cases in this order, with what a row shows."""
    rows = {
        row.pk: row for row in Case.objects.filter(among("pk", keys)).select_related(*listing.ROW)
    }
    return [rows[key] for key in keys if key in rows]


def _reversed(term: str) -> str:
    return term.removeprefix("-") if term.startswith("-") else f"-{term}"


def _id_of(workspace: Workspace, public_id: str) -> int:
    rows = Case.objects.filter(workspace=workspace, public_id=public_id)
    return rows.values_list("pk", flat=True).first() or 0


def _place(case: Case, show: Show, *, is_before: bool) -> Place:
    at = case.closed_at if show is Show.CLOSED else case.next_due_at
    return Place(is_before, at or EPOCH, case.priority, case.public_id)


def _beyond(place: Place, show: Show, key: int) -> Q:
    """What stands after the place in the order of the drawer, or before it."""
    if show is Show.CLOSED:
        terms: list[tuple[str, bool, Any]] = [("closed_at", False, place.at), ("id", False, key)]
    else:
        terms = [
            ("next_due_at", True, place.at),
            ("priority", False, place.priority),
            ("id", True, key),
        ]
    first, is_rising, value = terms[0]
    bound = Q((f"{first}__{'gte' if is_rising != place.is_before else 'lte'}", value))
    return bound & _after(terms, is_back=place.is_before)


def _after(terms: list[tuple[str, bool, Any]], *, is_back: bool) -> Q:
    name, is_rising, value = terms[0]
    beyond = Q((f"{name}__{'gt' if is_rising != is_back else 'lt'}", value))
    if len(terms) == 1:
        return beyond
    return beyond | (Q((name, value)) & _after(terms[1:], is_back=is_back))
