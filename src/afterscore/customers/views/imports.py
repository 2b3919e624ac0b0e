"""Importing by hand: upload, look at the columns, answer what is asked, let it run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterscore.customers import operations, queries
from afterscore.customers.forms import UploadForm
from afterscore.customers.importers import delimiters, fields, headers, refusals
from afterscore.customers.models import Import
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

IMPORTS_SHOWN = 100
REFUSALS_SHOWN = 100
EXAMPLES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the file: some of its values, what it is taken for and what else it may be."""

    name: str
    key: str
    examples: list[str]
    field: str
    attributes: list[tuple[str, str]]


@require_safe
def show_imports(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    return _render_imports(request, workspace, UploadForm())


def _render_imports(request: HttpRequest, workspace: Workspace, form: UploadForm) -> HttpResponse:
    context = {
        "form": form,
        "imports": queries.list_imports(workspace=workspace)[:IMPORTS_SHOWN],
        "may_change": access.may(request, Role.MANAGER),
    }
    return render(request, "customers/imports.html", context, status=422 if form.errors else 200)


@require_POST
@access.needs(Role.MANAGER)
def upload(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render_imports(request, workspace, form)
    file = form.cleaned_data["file"]
    try:
        source = operations.start_import(
            workspace=workspace,
            file=file,
            file_name=file.name,
            actor=access.actor_of(request),
            now=clock.now(),
        )
    except Refused as error:
        form.add_error("file", error.message)
        return _render_imports(request, workspace, form)
    return redirect("customers:import", workspace.slug, source.public_id)


@require_safe
def show_import(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    source = queries.get_import(workspace=workspace, public_id=public_id)
    is_open = source.state == Import.State.UPLOADED
    found = queries.list_refusals(source=source)
    context: dict[str, Any] = {
        "source": source,
        "is_open": is_open,
        "was_rehearsed": is_open and source.finished_at is not None,
        "delimiter": delimiters.NAMES.get(source.delimiter, ""),
        "refusals": found.only("row", "column", "reason", "value")[:REFUSALS_SHOWN],
        "refusals_shown": REFUSALS_SHOWN,
        "may_change": access.may(request, Role.MANAGER),
    }
    if is_open:
        context |= {"columns": _columns(source), "groups": _groups(), **_news(source)}
    return render(request, "customers/import.html", context)


def _news(source: Import) -> dict[str, Any]:
    """What changes with every choice: the preview, and what is still to be said."""
    return {
        "source": source,
        "preview": queries.preview_of(source),
        "problem": queries.find_mapping_problem(source),
        "questions": queries.open_date_questions(source),
        "counts_months": "account.monthly_revenue" in source.mapping.values(),
    }


def _columns(source: Import) -> list[ColumnChoice]:
    rows = [cells for _number, cells in source.profile["preview"]]
    return [
        ColumnChoice(
            name=name,
            key=f"column-{position}",
            examples=[row[position] for row in rows if row[position]][:EXAMPLES_SHOWN],
            field=source.mapping.get(name, fields.LEFT_OUT),
            attributes=_attributes(name, position, source.mapping.get(name, "")),
        )
        for position, name in enumerate(source.header)
    ]


def _attributes(name: str, position: int, chosen: str) -> list[tuple[str, str]]:
    """The column as an attribute of the contact or the account; the chosen one as it is."""
    key = headers.slug(name) or f"column_{position + 1}"
    names = [f"{owner}.attribute.{key}" for owner in ("contact", "account")]
    if fields.is_attribute(chosen) and chosen not in names:
        names.append(chosen)
    return [(each, fields.label_of(each)) for each in names]


def _groups() -> list[tuple[str, list[fields.Field]]]:
    return [
        (owner.capitalize(), [f for f in fields.FIELDS.values() if f.name.startswith(owner)])
        for owner in ("contact", "account")
    ]


@require_POST
@access.needs(Role.MANAGER)
def choose(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """Keeps what was chosen; for htmx the preview comes back, with what is wrong above it."""
    source = queries.get_import(workspace=workspace, public_id=public_id)
    try:
        source = _chosen(request, source)
    except Refused as error:
        messages.error(request, error.message)
    if "HX-Request" in request.headers:
        return render(request, "customers/import_news.html", _news(source))
    return redirect("customers:import", workspace.slug, public_id)


def _chosen(request: HttpRequest, source: Import) -> Import:
    mapping = {
        name: request.POST[f"column-{position}"]
        for position, name in enumerate(source.header)
        if f"column-{position}" in request.POST
    }
    return operations.change_import(
        source=source,
        mapping=mapping,
        date_order=request.POST.get("date_order", ""),
        creates_accounts="creates_accounts" in request.POST,
    )


@require_POST
@access.needs(Role.MANAGER)
def launch(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """Starts the import, or a rehearsal that writes nothing; what was chosen is kept either way."""
    source = queries.get_import(workspace=workspace, public_id=public_id)
    try:
        if source.state == Import.State.UPLOADED:
            source = _chosen(request, source)
        operations.launch_import(
            source=source, is_dry_run="rehearse" in request.POST, now=clock.now()
        )
    except Refused as error:
        messages.error(request, error.message)
    return redirect("customers:import", workspace.slug, public_id)


@require_POST
@access.needs(Role.MANAGER)
def discard(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    source = queries.get_import(workspace=workspace, public_id=public_id)
    try:
        operations.discard_import(source=source)
    except Refused as error:
        messages.error(request, error.message)
        return redirect("customers:import", workspace.slug, public_id)
    messages.success(request, f"{source.file_name} was discarded. Nothing was imported from it.")
    return redirect("customers:imports", workspace.slug)


@require_safe
def show_progress(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The progress bar while it runs; the whole page anew once it does no more."""
    source = queries.get_import(workspace=workspace, public_id=public_id)
    response = render(request, "customers/import_progress.html", {"source": source})
    if source.state != Import.State.RUNNING:
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
def download_refused(
    request: HttpRequest,
    workspace: Workspace,
    public_id: str,
) -> StreamingHttpResponse:
    source = queries.get_import(workspace=workspace, public_id=public_id)
    lines = refusals.lines(source.header, queries.iterate_refused_rows(source=source))
    name = headers.slug(source.file_name.rpartition(".")[0]) or "customers"
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.refused.csv"'},
    )
