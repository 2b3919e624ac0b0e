from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from afterscore.cases.models import Case, SavedView, Watching
from afterscore.cases.queries.filters import ACCOUNT_SEGMENTS, CONTACT_SEGMENTS
from afterscore.customers.models import Account, Contact
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Member, Workspace

MOST_CHOICES = 60


def list_views(*, member: Member, page: str = "inbox") -> list[SavedView]:
    """Of a page: her own and those that colleagues share, by name."""
    mine_or_shared = Q(member=member) | Q(is_shared=True)
    found = SavedView.objects.filter(mine_or_shared, workspace_id=member.workspace_id, page=page)
    return list(found.select_related("member__user").order_by("name", "id"))


def get_own_view(*, member: Member, public_id: str) -> SavedView:
    try:
        return SavedView.objects.select_related("workspace").get(
            workspace_id=member.workspace_id, member=member, public_id=public_id
        )
    except SavedView.DoesNotExist as error:
        raise NotFound("There is no such view.") from error


def list_watchers(*, case: Case) -> list[Member]:
    found = Watching.objects.filter(workspace_id=case.workspace_id, case=case)
    return [one.member for one in found.select_related("member__user").order_by("since", "id")]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the customers and cases of a workspace can be told apart by."""

    segments: Sequence[tuple[str, Sequence[str]]]
    languages: Sequence[str]


def choices_of(*, workspace: Workspace) -> Choices:
    accounts = Account.objects.filter(workspace=workspace)
    contacts = Contact.objects.filter(workspace=workspace)
    segments = [
        *((field, _values(accounts, field)) for field in ACCOUNT_SEGMENTS),
        *((field, _values(contacts, field)) for field in CONTACT_SEGMENTS),
    ]
    return Choices(
        segments=[(field, values) for field, values in segments if values],
        languages=list(_languages(workspace)),
    )


def _languages(workspace: Workspace) -> Iterator[str]:
    """From one to the next along the index: there are few, in very many cases."""
    found = Case.objects.filter(workspace=workspace).order_by("language")
    latest: str | None = ""
    while latest is not None:
        latest = found.filter(language__gt=latest).values_list("language", flat=True).first()
        if latest is not None:
            yield latest


def _values(found: object, field: str) -> Sequence[str]:
    rows = found.exclude((field, "")).order_by(field)  # type: ignore[attr-defined]
    return list(rows.values_list(field, flat=True).distinct()[:MOST_CHOICES])
