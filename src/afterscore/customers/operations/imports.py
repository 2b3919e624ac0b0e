"""An import from the upload of its file to the moment it starts; `running` does the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import BinaryIO

from django.db import transaction

from afterscore.customers import queries
from afterscore.customers.importers import cells, dates, fields, files, headers, profiles
from afterscore.customers.importers.files import FileError
from afterscore.customers.models import Import, Refusal, RememberedMapping
from afterscore.customers.operations import uploads
from afterscore.domain.events import Actor
from afterscore.kit import ids, jobs
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Workspace

STALE_AFTER = timedelta(days=7)


def start_import(
    *, workspace: Workspace, file: BinaryIO, file_name: str, actor: Actor, now: datetime
) -> Import:
    """Keeps the file, reads all of it once and suggests a mapping; writes no customer.

    Raises Refused when the file as a whole cannot be read.
    """
    public_id = ids.make("imp")
    digest = uploads.keep(file, public_id)
    try:
        return _read_through(
            Import(
                workspace=workspace,
                public_id=public_id,
                file_name=cells.excerpt(PurePath(file_name.replace("\\", "/")).name, 200),
                digest=digest,
                created_by=str(actor),
                created_at=now,
            )
        )
    except BaseException:
        uploads.remove(public_id)
        raise


def _read_through(source: Import) -> Import:
    path = uploads.path_of(source.public_id)
    try:
        layout = files.read_layout(path)
        profile = profiles.read_profile(files.read_rows(path, layout), len(layout.columns))
    except FileError as error:
        raise Refused(str(error), field="file") from error
    if profile.rows == 0:
        raise Refused("The file has column names and no rows below them.", field="file")
    source.encoding, source.delimiter = layout.encoding, layout.delimiter
    source.header = list(layout.columns)
    source.profile = profile.to_data(layout.columns)
    source.total_rows = profile.rows
    remembered = queries.find_remembered_mapping(workspace=source.workspace, columns=layout.columns)
    source.mapping = headers.suggest(layout.columns, remembered=remembered)
    source.save()
    return source


@transaction.atomic
def change_import(
    *,
    source: Import,
    mapping: Mapping[str, str] | None = None,
    date_order: str | None = None,
    creates_accounts: bool | None = None,
) -> Import:
    """Says how the file is to be read, before it runs; None leaves things as they are.

    Raises Refused for a column the file does not have and a field that does not exist. Whether
    the whole makes sense is asked at the launch, so that nothing chosen on the way is lost.
    """
    locked = _locked(source)
    if locked.state in (Import.State.RUNNING, Import.State.DONE):
        raise Refused("This import has started; its columns cannot be changed any more.")
    if mapping is not None:
        _refuse_unknown(mapping, locked.header)
        locked.mapping = {**locked.mapping, **mapping}
    if date_order is not None:
        if date_order not in ("", *dates.ORDERS):
            raise Refused("Say day first, month first or year first.", field="date_order")
        locked.date_order = date_order
    if creates_accounts is not None:
        locked.creates_accounts = creates_accounts
    locked.save(update_fields=["mapping", "date_order", "creates_accounts"])
    return locked


def _locked(source: Import) -> Import:
    return Import.objects.select_for_update().select_related("workspace").get(pk=source.pk)


def _refuse_unknown(mapping: Mapping[str, str], header: list[str]) -> None:
    unknown = [column for column in mapping if column not in header]
    if unknown:
        known = ", ".join(header[:12])
        raise Refused(
            f"The file has no column “{unknown[0]}”. Its columns are: {known}.", field="mapping"
        )
    for column, field in mapping.items():
        if not fields.is_field(field):
            raise Refused(f"“{field}”, chosen for “{column}”, is not a field.", field="mapping")


def _refuse_senseless_mapping(source: Import) -> None:
    problem = queries.find_mapping_problem(source)
    if problem:
        raise Refused(problem, field="mapping")


@transaction.atomic
def launch_import(
    *, source: Import, is_dry_run: bool, now: datetime, in_background: bool = True
) -> Import:
    """From here on rows go in (none, in a dry run), by a job unless the caller runs it itself.

    Raises Refused while the order of its dates is open. Launching what runs changes nothing.
    """
    locked = _locked(source)
    if locked.state == Import.State.DONE:
        raise Refused("This import is done. Import the file again to repeat it.")
    if locked.state != Import.State.RUNNING:
        _refuse_senseless_mapping(locked)
        _refuse_open_questions(locked)
        _start_from_the_top(locked, is_dry_run=is_dry_run)
        _remember(locked, now)
    if in_background:
        jobs.defer("customers.import", lock=f"import:{locked.public_id}", source=locked.public_id)
    return locked


def _refuse_open_questions(source: Import) -> None:
    questions = queries.open_date_questions(source)
    if questions:
        column, example = next(iter(questions.items()))
        raise Refused(
            f"The dates in the column “{column}”, such as {example}, can be read day first and "
            "month first. Say which it is.",
            field="date_order",
        )


def _start_from_the_top(source: Import, *, is_dry_run: bool) -> None:
    """A failed import goes on where it stopped; anything else begins with nothing counted."""
    goes_on = source.state == Import.State.FAILED and source.is_dry_run == is_dry_run
    if not goes_on:
        Refusal.objects.filter(source=source).delete()
        for name in ("done_rows", "created", "updated", "unchanged", "refused", "accounts_created"):
            setattr(source, name, 0)
    source.state, source.is_dry_run = Import.State.RUNNING, is_dry_run
    source.failure, source.finished_at = "", None
    source.save()


def _remember(source: Import, now: datetime) -> None:
    RememberedMapping.objects.update_or_create(
        workspace=source.workspace,
        fingerprint=headers.fingerprint(source.header),
        defaults={"mapping": source.mapping, "updated_at": now},
    )


@transaction.atomic
def discard_import(*, source: Import) -> None:
    """Forgets an import that has not written anything, and its file."""
    locked = _locked(source)
    if locked.state in (Import.State.RUNNING, Import.State.DONE):
        raise Refused("This import has started; it stays in the list.")
    transaction.on_commit(lambda: uploads.remove(locked.public_id))
    locked.delete()


def discard_stale_imports(*, now: datetime) -> int:
    """Forgets files that were uploaded and never imported: they hold people's addresses."""
    stale = Import.objects.filter(state=Import.State.UPLOADED, created_at__lt=now - STALE_AFTER)
    count = 0
    for source in stale.iterator():
        discard_import(source=source)
        count += 1
    return count
