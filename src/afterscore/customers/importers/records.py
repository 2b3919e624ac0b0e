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
        self._plan = [
            self._target(index, column)
            for index, column in enumerate(rules.columns)
            if rules.mapping.get(column)
        ]
        self._splits_names = not self._column_of.keys().isdisjoint(fields.HALF_NAMES)

    def read(self, row: Row) -> Draft | list[Fault]:
        if row.fault:
            return [Fault("", row.fault, cells.excerpt(" | ".join(row.cells[:4])))]
        draft = Draft(row.number)
        faults: list[Fault] = []
        for target in self._plan:
            cell = row.cells[target.index]
            if not cell:
                continue
            try:
                text = cells.clean(cell)
                if text:
                    target.put(draft, target.read(text))
            except CellError as error:
                faults.append(Fault(target.column, error.reason, cells.excerpt(cell)))
        return faults or self._settle(draft)

    def _target(self, index: int, column: str) -> Target:
        name = self._rules.mapping[column]
        owner, _, rest = name.partition(".")
        key = segments.attribute_key(name)
        return Target(
            index=index,
            column=column,
            owner=owner,
            key=_TABLE_NAMES.get(rest, rest) if key is None else key,
            is_attribute=key is not None,
            read=self._read_function(column, name),
        )

    def _read_function(self, column: str, name: str) -> Read:
        known = self._rules.profile["columns"][column]
        if name in fields.DATES:
            order = self._rules.date_order or known["order"]
            return lambda text: dates.read_day(text, order)
        if name in fields.AMOUNTS:
            return lambda text: amounts.read_amount(text, known["mark"])
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

    def _settle(self, draft: Draft) -> Draft | list[Fault]:
        if self._splits_names:
            _join_name(draft.contact)
        if "email" not in draft.contact and "external_id" not in draft.contact:
            column = self._column_of.get("contact.email", "")
            return [Fault(column, "There is no e-mail address in this row.")]
        if draft.account:
            fault = self._settle_account(draft.account)
            if fault is not None:
                return [fault]
        return draft

    def _settle_account(self, account: dict[str, Any]) -> Fault | None:
        if account.keys().isdisjoint({"name", "external_id"}):
            keys = (self._column_of.get(name, "") for name in fields.ACCOUNT_KEYS)
            column = next(filter(None, keys), "")
            return Fault(column, "This row has facts about an account, but names none.")
        try:
            _settle_revenue(account)
        except CellError as error:
            return Fault(self._column_of.get("account.currency", ""), error.reason)
        return None


@dataclass(frozen=True, slots=True)
class Target:
    """Where the cells of one column go, and how they are read."""

    index: int
    column: str
    owner: str
    key: str
    is_attribute: bool
    read: Read

    def put(self, draft: Draft, value: Any) -> None:
        values = draft.contact if self.owner == "contact" else draft.account
        if self.is_attribute:
            values.setdefault("attributes", {})[self.key] = value
        elif value != "":
            values[self.key] = value


_TABLE_NAMES = {"owner": "owner_id"}
_READERS: Mapping[str, Read] = {
    "contact.email": cells.read_email,
    "contact.name": cells.read_name,
    "contact.language": cells.read_language,
    "contact.time_zone": cells.read_time_zone,
    "contact.consent_basis": cells.read_consent,
    "account.country": cells.read_country,
    "account.currency": cells.read_currency,
}


def _join_name(contact: dict[str, Any]) -> None:
    """First and last name make the name, unless the row has a whole one."""
    halves = (contact.pop("first_name", ""), contact.pop("last_name", ""))
    name = cells.read_name(" ".join(filter(None, halves)))
    if name:
        contact.setdefault("name", name)


def _settle_revenue(account: dict[str, Any]) -> None:
    """A year's revenue with its currency; a month's counts twelve times."""
    monthly: Amount | None = account.pop("monthly_revenue", None)
    yearly: Amount | None = account.pop("recurring_revenue", None)
    amount = yearly or monthly
    if amount is None:
        return
    value = amount.value if yearly else amount.value * MONTHS
    account["recurring_revenue"] = amounts.rounded(value)
    if not amount.currency:
        return
    currency = account.setdefault("currency", amount.currency)
    if currency != amount.currency:
        raise CellError(f"The revenue is in {amount.currency}, the currency says {currency}.")
