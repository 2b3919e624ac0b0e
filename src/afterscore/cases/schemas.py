"""Which part of the inbox an address shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from afterscore.cases.queries import Due, Filters, Show
from afterscore.cases.queries.filters import ACCOUNT_SEGMENTS, CONTACT_SEGMENTS
from afterscore.domain.casework import State
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.workspaces.models import Member

COMMENTS = {"with": True, "without": False}


@dataclass(frozen=True, slots=True)
class Selection:
    """A drawer and its filters, as they stand in the query of an address."""

    show: Show = Show.MINE
    group: Group | None = None
    comment: str = ""  # "with", "without" or "" for both
    theme: str = ""  # a public id
    segment: str = ""  # "plan:enterprise"
    department: Department | None = None
    owner: str = ""  # a public id
    language: str = ""
    state: State | None = None
    urgency: int | None = None  # at least
    due: Due | None = None
    search: str = ""
    at: str = ""  # the place in the list where the page begins
    home: Show = Show.MINE  # what an address without a query shows

    @property
    def is_filtered(self) -> bool:
        return self.clear() != self.change()

    @property
    def values(self) -> dict[str, str]:
        """What stands in the query of the address, by name; nothing for what is usual."""
        values = {
            "show": "" if self.show is self.home else self.show,
            "group": self.group,
            "comment": self.comment,
            "theme": self.theme,
            "segment": self.segment,
            "department": self.department,
            "owner": self.owner,
            "language": self.language,
            "state": self.state,
            "urgency": self.urgency,
            "due": self.due,
            "q": self.search,
            "at": self.at,
        }
        return {name: str(value) for name, value in values.items() if value}

    @property
    def query(self) -> str:
        """With its question mark; "" for what the inbox shows by itself."""
        text = urlencode(self.values)
        return f"?{text}" if text else ""

    def change(self, **values: Any) -> Selection:
        """Another selection, from its first row on."""
        return replace(self, **{"at": "", **values})

    def clear(self) -> Selection:
        """The same drawer, with everything in it."""
        return Selection(show=self.show, home=self.home)

    def filters(self, owner: Member | None) -> Filters:
        """`owner` is the member whom the selection names."""
        field, _, value = self.segment.partition(":")
        return Filters(
            group=self.group,
            has_comment=COMMENTS.get(self.comment),
            state=self.state,
            theme=self.theme,
            segment=(field, value) if self.segment else None,
            department=self.department or "",
            owner=owner,
            language=self.language,
            urgency=self.urgency,
            due=self.due,
            search=self.search,
        )


def read_selection(query: Mapping[str, str], *, home: Show = Show.MINE) -> Selection:
    """Whatever makes no sense is left out: an old bookmark still opens the inbox."""
    comment = query.get("comment", "")
    urgency = query.get("urgency", "")
    return Selection(
        show=_member_or(Show, query.get("show", ""), home),
        group=_member_or(Group, query.get("group", ""), None),
        comment=comment if comment in COMMENTS else "",
        theme=_word(query, "theme", 60),
        segment=_segment(_word(query, "segment", 140)),
        department=_member_or(Department, query.get("department", ""), None),
        owner=_word(query, "owner", 60),
        language=_word(query, "language", 16),
        state=_member_or(State, query.get("state", ""), None),
        urgency=int(urgency) if urgency in {"1", "2", "3"} else None,
        due=_member_or(Due, query.get("due", ""), None),
        search=_word(query, "q", 200),
        at=_word(query, "at", 120),
        home=home,
    )


def _word(query: Mapping[str, str], name: str, longest: int) -> str:
    return " ".join(query.get(name, "").replace("\x00", "").split())[:longest]


def _segment(text: str) -> str:
    field, _, value = text.partition(":")
    return text if value and field in {*ACCOUNT_SEGMENTS, *CONTACT_SEGMENTS} else ""


def _member_or(kind: Any, value: str, otherwise: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        return otherwise
