"""Which part of the inbox an address shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from afterscore.cases.queries import Show
from afterscore.domain.nps import Group

COMMENTS = {"with": True, "without": False}


@dataclass(frozen=True, slots=True)
class Selection:
    """A drawer and its filters, as they stand in the query of an address."""

    show: Show = Show.MINE
    group: Group | None = None
    comment: str = ""  # "with", "without" or "" for both
    search: str = ""
    page: int = 1
    home: Show = Show.MINE  # what an address without a query shows

    @property
    def has_comment(self) -> bool | None:
        return COMMENTS.get(self.comment)

    @property
    def is_filtered(self) -> bool:
        return bool(self.group or self.comment or self.search)

    @property
    def query(self) -> str:
        """With its question mark; "" for what the inbox shows by itself."""
        values = {
            "show": "" if self.show is self.home else self.show,
            "group": self.group or "",
            "comment": self.comment,
            "q": self.search,
            "page": "" if self.page == 1 else str(self.page),
        }
        text = urlencode({name: value for name, value in values.items() if value})
        return f"?{text}" if text else ""

    def change(self, **values: Any) -> Selection:
        """Another selection, from its first page on."""
        return replace(self, **{"page": 1, **values})


def read_selection(query: Mapping[str, str], *, home: Show = Show.MINE) -> Selection:
    """Whatever makes no sense is left out: an old bookmark still opens the inbox."""
    page = query.get("page", "")
    comment = query.get("comment", "")
    return Selection(
        show=_member_or(Show, query.get("show", ""), home),
        group=_member_or(Group, query.get("group", ""), None),
        comment=comment if comment in COMMENTS else "",
        search=" ".join(query.get("q", "").replace("\x00", "").split())[:200],
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        home=home,
    )


def _member_or(kind: Any, value: str, otherwise: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        return otherwise
