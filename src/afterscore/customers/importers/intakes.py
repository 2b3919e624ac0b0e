"""The rows of a file as customers, judged against each other as well as each by itself."""

from __future__ import annotations

from collections.abc import Iterator

from afterscore.customers.importers import cells
from afterscore.customers.importers.files import Row
from afterscore.customers.importers.ledger import Ledger
from afterscore.customers.importers.records import Draft, Fault, Reader, Rules, account_key


class Intake:
    """Reads rows in order. The same rows in the same order give the same answers.

    A row that is accepted speaks for its address, its id and its account: a later row with the
    same address or id is refused, and so is one that says something else of the same account.
    """

    def __init__(self, rules: Rules) -> None:
        self._reader = Reader(rules)
        self._column_of = {name: column for column, name in rules.mapping.items() if name}
        self._people = Ledger()
        self._accounts = Ledger()

    def take(self, row: Row) -> Draft | list[Fault]:
        draft = self._reader.read(row)
        if isinstance(draft, list):
            return draft
        faults = self._repeated(draft) or self._contradicted(draft)
        if faults:
            return faults
        self._remember(draft)
        return draft

    def settle(self) -> None:
        """Call it once a chunk: it keeps memory flat."""
        self._people.settle()
        self._accounts.settle()

    def _repeated(self, draft: Draft) -> list[Fault]:
        for name in ("email", "external_id"):
            value: str = draft.contact.get(name, "")
            row = self._people.first_row((name, value)) if value else None
            if row is not None:
                field = f"contact.{name}"
                reason = f"The same {_WORDS[name]} is in row {row} already."
                return [Fault(self._column_of[field], reason, cells.excerpt(value))]
        return []

    def _contradicted(self, draft: Draft) -> list[Fault]:
        for key, name, value in _statements(draft):
            row = self._accounts.contradicted_row((*key, name), value)
            if row is not None:
                column = self._column(name)
                reason = f"Row {row} says something else of the same account."
                return [Fault(column, reason, cells.excerpt(str(value)))]
        return []

    def _column(self, name: str) -> str:
        """The column that spoke; a month's revenue stands for a year's."""
        wanted = (f"account.{name}", _ALIASES.get(name, ""))
        return next((self._column_of[each] for each in wanted if each in self._column_of), "")

    def _remember(self, draft: Draft) -> None:
        for name in ("email", "external_id"):
            if name in draft.contact:
                self._people.add((name, draft.contact[name]), draft.row)
        for key, name, value in _statements(draft):
            self._accounts.add((*key, name), draft.row, value)


_WORDS = {"email": "e-mail address", "external_id": "id"}
_ALIASES = {"owner_id": "account.owner", "recurring_revenue": "account.monthly_revenue"}


def _statements(draft: Draft) -> Iterator[tuple[tuple[str, str], str, object]]:
    """What the row says of its account, under the account's key; a key says nothing of itself."""
    key = draft.account_key
    if key is None:
        return
    for name, value in draft.account.items():
        if name == "attributes":
            for attribute, said in value.items():
                yield key, f"attribute.{attribute}", said
        elif name == "name" and key[0] == "id":
            yield key, name, account_key(value)
        elif name not in ("name", "external_id"):
            yield key, name, value
