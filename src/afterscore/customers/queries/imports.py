"""Imports: their state, what they ask, what they refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from django.db.models import QuerySet

from afterscore.customers.importers import fields, headers, profiles
from afterscore.customers.models import Import, Refusal, RememberedMapping
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Workspace


def list_imports(*, workspace: Workspace) -> QuerySet[Import]:
    """Newest first."""
    return Import.objects.filter(workspace=workspace).order_by("-created_at", "-id")


def get_import(*, workspace: Workspace, public_id: str) -> Import:
    try:
        return Import.objects.select_related("workspace").get(
            workspace=workspace, public_id=public_id
        )
    except Import.DoesNotExist as error:
        raise NotFound("There is no such import.") from error


def find_import(*, public_id: str) -> Import | None:
    """For the worker, who knows of no workspace."""
    return Import.objects.select_related("workspace").filter(public_id=public_id).first()


def find_unfinished_import(*, workspace: Workspace, digest: str) -> Import | None:
    """One of the very same file that was started and neither ended nor failed."""
    return (
        Import.objects.select_related("workspace")
        .filter(workspace=workspace, digest=digest, state=Import.State.RUNNING, is_dry_run=False)
        .order_by("-id")
        .first()
    )


def open_date_questions(source: Import) -> dict[str, str]:
    """Columns whose dates can be read in two ways while nobody has said which, with examples."""
    if source.date_order:
        return {}
    dated = [column for column, field in source.mapping.items() if field in fields.DATES]
    return profiles.open_questions(source.profile, dated)


def find_mapping_problem(source: Import) -> str:
    """Why this import cannot run as its columns are mapped; "" if it can."""
    mapping = {column: source.mapping.get(column, fields.LEFT_OUT) for column in source.header}
    try:
        headers.check(mapping)
    except headers.MappingError as error:
        return str(error)
    return ""


def find_remembered_mapping(
    *, workspace: Workspace, columns: Iterable[str]
) -> Mapping[str, str] | None:
    """How a file with these column names was read last time."""
    row = RememberedMapping.objects.filter(
        workspace=workspace, fingerprint=headers.fingerprint(columns)
    ).first()
    return row.mapping if row else None


def list_refusals(*, source: Import) -> QuerySet[Refusal]:
    """In the order of the file's rows; a row with several reasons comes several times."""
    return Refusal.objects.filter(workspace=source.workspace, source=source).order_by("row", "id")


def iterate_refused_rows(*, source: Import) -> Iterator[tuple[int, list[str], list[str]]]:
    """Each refused row once: its number, its cells, the reasons with their columns."""
    refusals = list_refusals(source=source).iterator(chunk_size=2000)
    for number, group in groupby(refusals, key=lambda refusal: refusal.row):
        faults = list(group)
        reasons = [f"{fault.column}: {fault.reason}".removeprefix(": ") for fault in faults]
        yield number, next((fault.cells for fault in faults if fault.cells), []), reasons
