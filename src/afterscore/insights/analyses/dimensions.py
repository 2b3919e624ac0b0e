"""By what answers can be told apart, and which values there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from afterscore.domain import nps, segments
from afterscore.domain.segments import Kind as FieldKind
from afterscore.insights.mart import columns
from afterscore.kit.errors import Refused

UNITS = ("day", "week", "month", "quarter")
CENT = 100
BANDS = (0, 1_000, 10_000, 50_000, 100_000, 500_000, 1_000_000)
"""Where bands of yearly revenue begin, in whole units of the currency."""


NUMBER = r"^-?[0-9]{1,15}([.][0-9]{1,10})?$"
ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class Kind(StrEnum):
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"

    def holds(self, text: str) -> bool:
        """Whether it is written so that it can be asked for; any text is a choice."""
        if self is Kind.NUMBER:
            return re.fullmatch(NUMBER, text) is not None
        return self is Kind.CHOICE or _is_day(text)


def _is_day(text: str) -> bool:
    """Python also reads "20260531" and "2026-W22-7", which stand in no file."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(ISO_DAY, text) is not None


@dataclass(frozen=True, slots=True)
class Value:
    """`answers` counts those that have it."""

    value: str
    label: str
    answers: int


@dataclass(frozen=True, slots=True)
class Dimension:
    """`values` are the most frequent first, at most MOST_VALUES of them; `empty` counts the answers
    without one. With `is_many` an answer has any number of values and stands under each."""

    key: str
    label: str
    kind: Kind
    values: tuple[Value, ...] = ()
    empty: int = 0
    is_many: bool = False


LABELS: Mapping[str, str] = {
    "program": "Program",
    "wave": "Wave",
    "channel": "Channel",
    "touch": "Last message before the answer",
    "language": "Language of the survey",
    "owner": "Owner of the account",
    "theme": "Theme",
    "group": "Group",
    "commented": "Comment",
    "revenue_band": "Revenue band",
    "contact.persona": "Role of the person",
    "contact.language": "Language of the person",
    "contact.time_zone": "Time zone",
    "contact.consent_basis": "Basis of consent",
    "account.name": "Account",
    "account.plan": "Plan",
    "account.industry": "Industry",
    "account.country": "Country",
    "account.lifecycle_stage": "Lifecycle stage",
    "account.currency": "Currency",
    "account.recurring_revenue": "Yearly revenue",
    "account.renewal_on": "Renewal",
}
KINDS: Mapping[str, Kind] = {
    "account.recurring_revenue": Kind.NUMBER,
    "account.renewal_on": Kind.DATE,
}
_COLUMNS: Mapping[str, str] = {
    "theme": "themes",
    "group": "score",
    "commented": "comment_length",
    "revenue_band": "revenue",
    "account.recurring_revenue": "revenue",
} | dict.fromkeys(UNITS, "day")


def column_of(key: str) -> str:
    """The column of the mart from which the dimension comes. Raises Refused for a name that does
    not exist."""
    if key in _COLUMNS:
        return _COLUMNS[key]
    if key in LABELS:
        return key
    if segments.kind_of(key) is FieldKind.ATTRIBUTE:
        return columns.name_of(key)
    raise Refused(f"Answers cannot be told apart by '{key}'.", field="by")


def band_label(low: int, high: int | None) -> str:
    return f"{low:,} or more" if high is None else f"{low:,} to {high - 1:,}"


def bands() -> list[tuple[str, int, int | None]]:
    """Key, first and one past the last; the key is the beginning: "10000"."""
    ends: list[int | None] = [*BANDS[1:], None]
    return [(str(low), low, high) for low, high in zip(BANDS, ends, strict=True)]


FIXED_LABELS: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "group": lambda: {group.value: f"{group.value.capitalize()}s" for group in nps.Group},
    "commented": lambda: {"yes": "With a comment", "no": "Without a comment"},
    "revenue_band": lambda: {key: band_label(low, high) for key, low, high in bands()},
}
