"""From a row to a customer, or to the reasons why it is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from afterscore.customers.importers import amounts, cells, dates, fields
from afterscore.customers.importers.amounts import Amount
from afterscore.customers.importers.cells import CellError
from afterscore.customers.importers.files import Row
from afterscore.domain import segments

Read = Callable[[str], Any]
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row does not go in. `column` is "" where it is the row as a whole."""

    column: str
    reason: str
    value: str = ""


@dataclass(slots=True)
class Draft:
    """A customer as a row tells it: only what is not empty, under the names of the tables."""

    row: int
    contact: dict[str, Any] = field(default_factory=dict)
    account: dict[str, Any] = field(default_factory=dict)

    @property
    def account_key(self) -> tuple[str, str] | None:
        """What tells one account of a file from another: its id, else its name."""
        if "external_id" in self.account:
            return ("id", self.account["external_id"])
        return ("name", account_key(self.account["name"])) if "name" in self.account else None


def account_key(name: str) -> str:
    """The name as it is matched: case folded, spaces trimmed and joined."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Rules:
    """How the columns of one file are read.

    `profile` is `Profile.to_data()`; `date_order` is "" where each column follows its own
    evidence; `owners` holds the members' ids by address.
    """

    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    profile: Mapping[str, Any]
    date_order: str
    owners: Mapping[str, int]


class Reader:
    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._column_of = {name: column for column, name in rules.mapping.items() if name}
        self._plan: list[tuple[int, str, str, Read]] = [
            (index, column, rules.mapping[column], self._read_function(column))
            for index, column in enumerate(rules.columns)
            if rules.mapping.get(column)
        ]

    def read(self, row: Row) -> Draft | list[Fault]:
        if row.fault:
            return [Fault("", row.fault, cells.excerpt(" | ".join(row.cells[:4])))]
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for index, column, name, read in self._plan:
            cell = row.cells[index]
            if not cell:
                continue
            try:
                text = cells.clean(cell)
                if text:
                    values[name] = read(text)
            except CellError as error:
                faults.append(Fault(column, error.reason, cells.excerpt(cell)))
        return faults or self._assemble(row.number, values)

    def _read_function(self, column: str) -> Read:
        name = self._rules.mapping[column]
        known = self._rules.profile["columns"][column]
        if name in fields.DATES:
            return partial(dates.read_day, order=self._rules.date_order or known["order"])
        if name in fields.AMOUNTS:
            return partial(amounts.read_amount, mark=known["mark"])
        if name == "account.owner":
            return self._read_owner
        if fields.is_attribute(name):
            return cells.read_number if known["is_number"] else str
        return _READERS.get(name) or partial(cells.one_line, limit=fields.FIELDS[name].limit)

    def _read_owner(self, text: str) -> int:
        owner = self._rules.owners.get(text.strip().lower())
        if owner is None:
            raise CellError(f"Nobody with the address “{cells.excerpt(text)}” works here.")
        return owner

    def _assemble(self, row: int, values: dict[str, Any]) -> Draft | list[Fault]:
        draft = Draft(row)
        try:
            _join_name(values)
            _settle_revenue(values)
        except CellError as error:
            column = self._column_of.get("account.currency", "")
            return [Fault(column, error.reason)]
        for name, value in values.items():
            owner, _, rest = name.partition(".")
            target = draft.contact if owner == "contact" else draft.account
            key = segments.attribute_key(name)
            if key is None:
                target[_TABLE_NAMES.get(rest, rest)] = value
            else:
                target.setdefault("attributes", {})[key] = value
        fault = self._missing(draft)
        return draft if fault is None else [fault]

    def _missing(self, draft: Draft) -> Fault | None:
        if not draft.contact.keys() & {"email", "external_id"}:
            column = self._column_of.get("contact.email", "")
            return Fault(column, "There is no e-mail address in this row.")
        if draft.account and draft.account_key is None:
            name = next(name for name in self._column_of if name.startswith("account."))
            key_column = next(
                self._column_of[key] for key in fields.ACCOUNT_KEYS if key in self._column_of
            )
            return Fault(
                key_column,
                f"This row names no account, but has facts about one ({fields.label_of(name)}).",
            )
        return None


_TABLE_NAMES = {"owner": "owner_id"}
_READERS: Mapping[str, Read] = {
    "contact.email": cells.read_email,
    "contact.language": cells.read_language,
    "contact.time_zone": cells.read_time_zone,
    "contact.consent_basis": cells.read_consent,
    "account.country": cells.read_country,
    "account.currency": cells.read_currency,
}


def _join_name(values: dict[str, Any]) -> None:
    """First and last name make the name, unless the row has a whole one."""
    halves = [values.pop(name, "") for name in fields.HALF_NAMES]
    whole = values.pop("contact.name", "") or " ".join(filter(None, halves))
    name = cells.read_name(whole)
    if name:
        values["contact.name"] = name


def _settle_revenue(values: dict[str, Any]) -> None:
    """A year's revenue with its currency; a month's counts twelve times."""
    monthly: Amount | None = values.pop("account.monthly_revenue", None)
    yearly: Amount | None = values.pop("account.recurring_revenue", None)
    amount = yearly or monthly
    if amount is None:
        return
    value = amount.value if yearly else amount.value * MONTHS
    values["account.recurring_revenue"] = amounts.rounded(value)
    currency = values.setdefault("account.currency", amount.currency)
    if amount.currency and currency != amount.currency:
        raise CellError(f"The revenue is in {amount.currency}, the currency says {currency}.")
    if not currency:
        del values["account.currency"]
