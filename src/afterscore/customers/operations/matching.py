"""Which contact and which account each row of a chunk means: read in bulk, decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from afterscore.customers.importers import cells
from afterscore.customers.importers.records import Draft, Fault, account_key
from afterscore.customers.models import Account, Contact
from afterscore.workspaces.models import Workspace


class KnownContact(NamedTuple):
    id: int
    email: str | None
    external_id: str | None
    erased_at: datetime | None


@dataclass(slots=True)
class Slot:
    """An account as the chunk leaves it; `id` is None until a new one is written."""

    id: int | None
    external_id: str | None
    name_key: str
    values: dict[str, Any] = field(default_factory=dict)

    def take(self, account: Mapping[str, Any]) -> None:
        attributes = self.values.get("attributes", {}) | account.get("attributes", {})
        self.values |= account
        if attributes:
            self.values["attributes"] = attributes


@dataclass(slots=True)
class Match:
    draft: Draft
    contact_id: int | None
    account: Slot | None


class Contacts:
    """Finds by the file's own id first, then by address."""

    def __init__(
        self, workspace: Workspace, drafts: Sequence[Draft], columns: Mapping[str, str]
    ) -> None:
        self._columns = columns
        emails = [draft.contact["email"] for draft in drafts if "email" in draft.contact]
        ids = [draft.contact["external_id"] for draft in drafts if "external_id" in draft.contact]
        rows = Contact.objects.filter(workspace=workspace)
        found = rows.filter(email__in=emails).union(rows.filter(external_id__in=ids))
        known = [
            KnownContact(*row)
            for row in found.values_list("id", "email", "external_id", "erased_at")
        ]
        self._by_email = {contact.email: contact for contact in known if contact.email}
        self._by_id = {contact.external_id: contact for contact in known if contact.external_id}

    def find(self, draft: Draft) -> int | Fault | None:
        """The contact's key, None for a new one, or why the row cannot go in."""
        email, external_id = draft.contact.get("email"), draft.contact.get("external_id")
        by_id = self._by_id.get(external_id) if external_id else None
        by_email = self._by_email.get(email) if email else None
        if by_id is not None and by_id.erased_at is not None:
            return self._fault(
                "external_id", "This person's data was erased at own wish.", external_id
            )
        if by_id is not None and by_email not in (None, by_id):
            return self._fault("email", "This address belongs to another contact.", email)
        if by_id is None and by_email is not None and external_id and by_email.external_id:
            known = cells.excerpt(by_email.external_id)
            reason = f"The contact with this address has another id, “{known}”."
            return self._fault("external_id", reason, external_id)
        found = by_id or by_email
        if found is None and not email:
            reason = "No contact has this id, and there is no e-mail address to add one."
            return self._fault("external_id", reason, external_id)
        return found.id if found else None

    def _fault(self, name: str, reason: str, value: str | None) -> Fault:
        return Fault(self._columns[f"contact.{name}"], reason, cells.excerpt(value or ""))


class Accounts:
    """Finds by the file's own id first, then by name; keeps what is new for the rows after."""

    def __init__(
        self,
        workspace: Workspace,
        drafts: Sequence[Draft],
        columns: Mapping[str, str],
        *,
        may_create: bool,
    ) -> None:
        self._columns = columns
        self._may_create = may_create
        accounts = [draft.account for draft in drafts]
        ids = {account["external_id"] for account in accounts if "external_id" in account}
        keys = {account_key(account["name"]) for account in accounts if "name" in account}
        found = Account.objects.filter(
            Q(external_id__in=ids) | Q(name_key__in=keys), workspace=workspace
        )
        slots = [Slot(*row) for row in found.values_list("id", "external_id", "name_key")]
        self._by_id = {slot.external_id: slot for slot in slots if slot.external_id}
        self._by_name = {slot.name_key: slot for slot in slots}

    def find(self, account: Mapping[str, Any]) -> Slot | Fault:
        """The account a row means, made if need be, with what the row says of it taken in."""
        external_id: str | None = account.get("external_id")
        name: str = account.get("name", "")
        key = account_key(name)
        by_id = self._by_id.get(external_id) if external_id else None
        by_name = self._by_name.get(key) if key else None
        if by_id is None:
            return self._by_its_name(by_name, account, key)
        if by_name is not None and by_name is not by_id:
            return self._fault("name", "Another account has this name.", name)
        told = dict(account)
        if by_id.name_key == key:
            told.pop("name")
        elif key:
            self._rename(by_id, key)
            told["name_key"] = key
        by_id.take(told)
        return by_id

    def _rename(self, slot: Slot, key: str) -> None:
        """The old name stays taken until the next chunk, as it is in the table until then."""
        slot.name_key = key
        self._by_name[key] = slot

    def _by_its_name(self, slot: Slot | None, account: Mapping[str, Any], key: str) -> Slot | Fault:
        external_id: str | None = account.get("external_id")
        if slot is None:
            return self._create(account, key)
        if external_id and slot.external_id:
            known = cells.excerpt(slot.external_id)
            reason = f"The account of this name has another id, “{known}”."
            return self._fault("external_id", reason, external_id)
        if external_id:
            slot.external_id = external_id
            self._by_id[external_id] = slot
        slot.take({name: value for name, value in account.items() if name != "name"})
        return slot

    def _create(self, account: Mapping[str, Any], key: str) -> Slot | Fault:
        if not key:
            reason = "No account has this id, and there is no name to add one."
            return self._fault("external_id", reason, account["external_id"])
        if not self._may_create:
            reason = "There is no such account, and this import adds none."
            return self._fault("name", reason, account["name"])
        slot = Slot(None, account.get("external_id"), key)
        slot.take({**account, "name_key": key})
        self._by_name[key] = slot
        if slot.external_id:
            self._by_id[slot.external_id] = slot
        return slot

    def _fault(self, name: str, reason: str, value: str) -> Fault:
        return Fault(self._columns[f"account.{name}"], reason, cells.excerpt(value))
