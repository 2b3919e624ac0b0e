"""The list of the inbox: its drawers, its filters as a sentence, its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from afterscore.cases import queries, schemas
from afterscore.cases.forms.together import TogetherForm
from afterscore.cases.models import Case
from afterscore.cases.queries import Show
from afterscore.cases.schemas import Selection
from afterscore.cases.views import offering, sentences
from afterscore.domain.daylist import Section
from afterscore.domain.roles import Role
from afterscore.kit.errors import NotFound
from afterscore.workspaces import access
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace

PAGE_SIZE = 50
UNDO = "cases-undo"
"""Where the session keeps what can be taken back: the last thing done together."""
UNDO_IS_OFFERED = timedelta(minutes=5)
LABELS = {
    Show.MINE: "Mine",
    Show.ALL: "All",
    Show.UNASSIGNED: "Nobody’s",
    Show.OVERDUE: "Late",
    Show.WAITING: "Waiting",
    Show.WATCHED: "Watched",
    Show.CLOSED: "Closed",
}
LEFT = {"q", "at"}  # what a new search begins without
ALWAYS = {Show.ALL, Show.OVERDUE, Show.WAITING, Show.CLOSED}


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list; `heading` where a new section begins, `work` what else is to be done."""

    case: Case
    heading: str = ""
    count: int = 0
    work: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    rows: list[Row]
    before: str = ""
    after: str = ""
    total: int | None = None  # of everything selected, where it is known
    pool_left: int = 0  # further cases in which one's department is asked for


def selection_of(request: HttpRequest) -> Selection:
    """What the address selects; whoever has no cases of her own starts with everybody's."""
    home = Show.MINE if access.may(request, Role.AGENT) else Show.ALL
    return schemas.read_selection(request.GET, home=home)


def context_of(
    request: HttpRequest, workspace: Workspace, selection: Selection, *, now: datetime
) -> dict[str, Any]:
    member = access.member_of(request)
    filters = selection.filters(_owner(workspace, selection))
    shown = _rows(workspace, member, selection, filters, now=now)
    counts = queries.count_cases(workspace=workspace, member=member, now=now)
    inbox = reverse("cases:inbox", args=[workspace.slug])
    context: dict[str, Any] = {
        "may_act": access.may(request, Role.AGENT),
        "rows": shown.rows,
        "pool_left": shown.pool_left,
        "department": member.department,
        "previous_url": _page_url(inbox, selection, shown.before),
        "next_url": _page_url(inbox, selection, shown.after),
        "clear_url": inbox + selection.clear().query,
        "all_url": inbox + selection.change(show=Show.ALL).query,
        "total": _in_words(shown.total),
        "tabs": _tabs(inbox, selection, counts),
        "watched": counts.watched,
        "watched_url": inbox + selection.change(show=Show.WATCHED).query,
        "kept": [(name, value) for name, value in selection.values.items() if name not in LEFT],
        "beginning": sentences.beginning_of(selection),
        "phrases": sentences.phrases_of(workspace, selection, filters, inbox=inbox),
        "seal": _seal(shown.rows, counts, now),
    }
    if not shown.rows:
        context |= _emptiness(workspace, counts)
    return context


def tools_of(request: HttpRequest, workspace: Workspace, *, now: datetime) -> dict[str, Any]:
    """What stands around the rows and does not change with them."""
    may_act = access.may(request, Role.AGENT)
    undo = request.session.get(UNDO)
    is_fresh = undo is not None and now.timestamp() - undo["at"] < UNDO_IS_OFFERED.total_seconds()
    return {
        "views": queries.list_views(member=access.member_of(request)),
        "together": _together(request, workspace, now=now) if may_act else None,
        "undo": undo if is_fresh else None,
    }


def _together(request: HttpRequest, workspace: Workspace, *, now: datetime) -> TogetherForm:
    offered = offering.offered_for(request, workspace, now=now)
    return TogetherForm(workspace=workspace, offered=offered)


def _owner(workspace: Workspace, selection: Selection) -> Member | None:
    if not selection.owner:
        return None
    try:
        return workspaces.get_member(workspace=workspace, public_id=selection.owner)
    except NotFound:
        return None


def _rows(
    workspace: Workspace,
    member: Member,
    selection: Selection,
    filters: queries.Filters,
    *,
    now: datetime,
) -> Rows:
    if selection.show is Show.MINE:
        return _day(workspace, member, selection, filters, now=now)
    found = queries.select_cases(
        workspace=workspace, now=now, show=selection.show, member=member, filters=filters
    )
    page = queries.page_of(
        found,
        workspace=workspace,
        show=selection.show,
        place=queries.read_place(selection.at),
        size=PAGE_SIZE,
    )
    return Rows(
        [Row(case) for case in page.cases],
        before=page.before,
        after=page.after,
        total=_count(workspace, found, page) if filters.are_any else None,
    )


def _count(workspace: Workspace, found: QuerySet[Case], page: queries.Page) -> int:
    """Of a list that fits on one page it is known already."""
    if not page.before and not page.after:
        return len(page.cases)
    counted = queries.count_up_to({"found": found}, workspace=workspace, most=queries.MOST_COUNTED)
    return counted["found"]


def _day(
    workspace: Workspace,
    member: Member,
    selection: Selection,
    filters: queries.Filters,
    *,
    now: datetime,
) -> Rows:
    """One's own cases are few enough to be put in the order of the day, and paged by number."""
    start = int(selection.at) if selection.at.isdecimal() and selection.at.isascii() else 0
    day = queries.day_of(
        workspace=workspace, member=member, now=now, filters=filters, start=start, size=PAGE_SIZE
    )
    following = start + PAGE_SIZE
    return Rows(
        list(_sectioned(day)),
        before=str(max(start - PAGE_SIZE, 0)) if start else "",
        after=str(following) if following < day.total else "",
        total=day.total if filters.are_any else None,
        pool_left=0 if following < day.total else day.pool_left,
    )


def _sectioned(day: queries.Day) -> Iterator[Row]:
    before: Section | None = None
    for case in day.cases:
        section = day.sections[case.pk]
        work = day.work.get(case.pk)
        heading = section.label if section is not before else ""
        yield Row(case, heading, day.counts[section], work.title if work else "")
        before = section


def _page_url(inbox: str, selection: Selection, place: str) -> str:
    if not place:
        return ""
    return inbox + selection.change(at="" if place == "0" else place).query


def _in_words(total: int | None) -> str:
    if total is None:
        return ""
    if total >= queries.MOST_COUNTED:
        return f"{queries.MOST_COUNTED - 1}+ cases"
    return f"{total} case{'' if total == 1 else 's'}"


def _tabs(inbox: str, selection: Selection, counts: queries.Counts) -> list[dict[str, Any]]:
    tabs = []
    for show, label in LABELS.items():
        count = getattr(counts, show.value, None)
        is_asked_for = show in ALWAYS or show in {selection.home, selection.show}
        is_shown = is_asked_for or (count and show is not Show.WATCHED)  # that stands among views
        if is_shown:
            tabs.append(
                {
                    "label": label,
                    "count": _short(count),
                    "url": inbox + selection.change(show=show).query,
                    "active": show is selection.show,
                }
            )
    return tabs


def _short(count: int | None) -> str:
    if not count:
        return ""
    return f"{queries.MOST_COUNTED - 1}+" if count >= queries.MOST_COUNTED else str(count)


def _emptiness(workspace: Workspace, counts: queries.Counts) -> Mapping[str, Any]:
    """Why there is nothing to see: nothing was ever here, or everything is done."""
    return {
        "is_new": not counts.all and not queries.has_cases(workspace=workspace),
        "next_due_at": queries.find_next_due(workspace=workspace),
    }


def _seal(rows: list[Row], counts: queries.Counts, now: datetime) -> str:
    """Changes with every row, every count and every minute, so that times on the page stay true."""
    told = [(row.case.public_id, row.case.changed_at, row.heading, row.work) for row in rows]
    minute = int(now.timestamp()) // 60
    return hashlib.sha256(repr((told, counts, minute)).encode()).hexdigest()[:16]
