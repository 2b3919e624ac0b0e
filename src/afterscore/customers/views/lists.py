"""Contacts and accounts as tables: searched, filtered, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.customers import queries, registry
from afterscore.domain.roles import Role
from afterscore.kit.errors import NotFound
from afterscore.kit.templatetags.display import count
from afterscore.workspaces import access
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace

PAGE = 50
FILTERS = ("q", "plan", "language", "owner")
CONTACT_ORDERS = {
    "name": "name",
    "account": "account",
    "-asked": "asked last",
    "asked": "asked longest ago",
    "-added": "newest first",
}
ACCOUNT_ORDERS = {
    "name": "name",
    "-revenue": "highest revenue",
    "renewal": "next renewal",
}


@require_safe
def show_list(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Two tabs; the address holds everything that was chosen."""
    tab = "accounts" if request.GET.get("tab") == "accounts" else "contacts"
    chosen = {key: _typed(request, key) for key in (*FILTERS, "sort")}
    fill = _accounts if tab == "accounts" else _contacts
    context = {
        "tab": tab,
        "chosen": chosen,
        "is_filtered": any(chosen[key] for key in FILTERS),
        "contact_count": queries.count_contacts(workspace=workspace),
        "account_count": queries.count_accounts(workspace=workspace),
        "plans": queries.list_plans(workspace=workspace),
        "members": workspaces.list_members(workspace=workspace).filter(is_active=True),
        "may_change": access.may(request, Role.MANAGER),
        **fill(workspace, chosen, _page_number(request)),
    }
    return render(request, "customers/list.html", context)


def _typed(request: HttpRequest, key: str) -> str:
    """Without NUL, which no text in the database has."""
    return request.GET.get(key, "").replace("\x00", "").strip()


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _contacts(workspace: Workspace, chosen: Mapping[str, str], page: int) -> dict[str, Any]:
    found = queries.list_contacts(
        workspace=workspace,
        search=chosen["q"],
        plan=chosen["plan"],
        language=chosen["language"],
        owner=_owner(workspace, chosen["owner"]),
        order=chosen["sort"] or "name",
    )
    rows, pages = _page_of(found, page, {"tab": "", **chosen})
    scores = registry.latest_scores(workspace=workspace, contacts=rows)
    return {
        **pages,
        "rows": [(contact, scores.get(contact.pk)) for contact in rows],
        "languages": queries.list_languages(workspace=workspace),
        "orders": CONTACT_ORDERS,
    }


def _accounts(workspace: Workspace, chosen: Mapping[str, str], page: int) -> dict[str, Any]:
    found = queries.list_accounts(
        workspace=workspace,
        search=chosen["q"],
        plan=chosen["plan"],
        owner=_owner(workspace, chosen["owner"]),
        order=chosen["sort"] or "name",
    )
    rows, pages = _page_of(found, page, {"tab": "accounts", **chosen})
    return {**pages, "rows": rows, "orders": ACCOUNT_ORDERS}


def _owner(workspace: Workspace, public_id: str) -> Member | None:
    if not public_id:
        return None
    try:
        return workspaces.get_member(workspace=workspace, public_id=public_id)
    except NotFound:
        return None


def _page_of(
    found: QuerySet[Any], page: int, query: Mapping[str, str]
) -> tuple[list[Any], dict[str, Any]]:
    """The rows of a page, and what the page's foot needs."""
    total = found.count()
    start = (page - 1) * PAGE
    rows = list(found[start : start + PAGE])
    return rows, {
        "summary": f"{count(start + 1)} to {count(start + len(rows))} of {count(total)}"
        if rows
        else "",
        "previous_url": _address(query, page - 1) if page > 1 else "",
        "next_url": _address(query, page + 1) if start + PAGE < total else "",
    }


def _address(query: Mapping[str, str], page: int) -> str:
    pairs = {key: value for key, value in query.items() if value}
    return "?" + urlencode(pairs | {"page": page})
