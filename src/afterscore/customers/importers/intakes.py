"""The rows of a file as customers, judged against each other as well as each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from afterscore.customers.importers import cells
from afterscore.customers.importers.files import Row
from afterscore.customers.importers.ledger import Ledger
from afterscore.customers.importers.records import Draft, Fault, Reader, Rules, account_key

Statements = frozenset[tuple[str, Any]]
_WORDS = {"email": "e-mail address", "external_id": "id"}
_ALIASES = {"owner_id": "account.owner", "recurring_revenue": "account.monthly_revenue"}


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
        key = draft.account_key
        statements = frozenset(_statements(draft))
        faults = self._repeated(draft) or self._contradicted(key, statements)
        if faults:
            return faults
        self._remember(draft, key, statements)
        return draft

    def settle(self) -> None:
        """Call it once a chunk: it keeps memory flat."""
        self._people.settle()
        self._accounts.settle()

    def _repeated(self, draft: Draft) -> list[Fault]:
        for name, word in _WORDS.items():
            value: str = draft.contact.get(name, "")
            row = self._people.first_row((name, value)) if value else None
            if row is not None:
                column = self._column_of[f"contact.{name}"]
                return [Fault(column, f"The same {word} is in row {row}.", cells.excerpt(value))]
        return []

    def _contradicted(self, key: tuple[str, str] | None, statements: Statements) -> list[Fault]:
        """Most rows repeat to the letter what the account's first row said: one look tells."""
        if key is None or self._accounts.says(key, statements):
            return []
        for name, value in sorted(statements, key=lambda statement: statement[0]):
            row = self._accounts.contradicted_row((key, name), value)
            if row is not None:
                reason = f"Row {row} says something else of the same account."
                return [Fault(self._column(name), reason, cells.excerpt(str(value)))]
        return []

    def _column(self, name: str) -> str:
        """The column that spoke; a month's revenue stands for a year's."""
        wanted = (f"account.{name}", _ALIASES.get(name, ""))
        return next((self._column_of[each] for each in wanted if each in self._column_of), "")

    def _remember(self, draft: Draft, key: tuple[str, str] | None, statements: Statements) -> None:
        for name in _WORDS:
            if name in draft.contact:
                self._people.add((name, draft.contact[name]), draft.row)
        if key is None or self._accounts.says(key, statements):
            return
        self._accounts.add(key, draft.row, statements)
        for name, value in statements:
            self._accounts.add((key, name), draft.row, value)


def _statements(draft: Draft) -> Iterator[tuple[str, Any]]:
    """What the row says of its account, its key left out: a key says nothing of itself."""
    has_id = "external_id" in draft.account
    for name, value in draft.account.items():
        if name == "attributes":
            for attribute, said in value.items():
                yield f"attribute.{attribute}", said
        elif name == "name":
            if has_id:
                yield name, account_key(value)
        elif name != "external_id":
            yield name, value
