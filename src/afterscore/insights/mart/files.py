"""The files of the mart: one folder a workspace, names by content, never written twice."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from afterscore.insights.mart import columns, spans
from afterscore.insights.mart.spans import Span
from afterscore.insights.mart.wire import Wire
from afterscore.kit import crash
from afterscore.workspaces.models import Workspace

ROWS_IN_A_GROUP = 122_880  # what DuckDB hands to one thread
_WHOLE_NUMBERS = ("id", "received", "comment_length", "account", "voice", "revenue")
"""Written as differences to the value before: read in half the time of a dictionary or of none."""


@dataclass(frozen=True, slots=True)
class Written:
    """`path` within the folder of the mart."""

    month: date
    path: str
    checksum: str
    size: int
    rows: int
    columns: tuple[str, ...]


def folder_of(workspace: Workspace) -> Path:
    return Path(settings.MART_DIR) / workspace.public_id


def place_of(workspace: Workspace, path: str) -> Path | None:
    """Where a file lies; None for one that is not in the workspace's own folder."""
    place = Path(settings.MART_DIR) / path
    return place if place.parent == folder_of(workspace) else None


def is_whole(place: Path, size: int) -> bool:
    """Whether it can be read as it was written."""
    try:
        return place.stat().st_size == size and os.access(place, os.R_OK)
    except OSError:
        return False


def write(link: Wire, *, workspace: Workspace, month: date) -> Written:
    """The month's answers, whatever they are worth, into a file that appears under its name only
    when all of it is on the disk."""
    halves = _halves(workspace, spans.month(month))
    names = (*columns.EVERY, *attributes_in(link, halves))
    sql = columns.select(
        names, zone=workspace.time_zone, where=" OR ".join(f"({half})" for half in halves)
    )
    folder = folder_of(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{month:%Y-%m}-{secrets.token_hex(6)}"
    batches = link.batches(f"{sql} ORDER BY {columns.ORDER}", columns.schema(names))
    rows = _write_rows(draft, names, batches)
    checksum = digest(draft)
    crash.point("sealing.written")
    place = folder / f"{month:%Y-%m}-{checksum[:20]}.parquet"
    size = draft.stat().st_size
    draft.replace(place)
    _sync(folder)
    crash.point("sealing.named")
    path = f"{workspace.public_id}/{place.name}"
    return Written(month, path, checksum, size, rows, names)


def _halves(workspace: Workspace, span: Span) -> list[str]:
    """Two indexes share the answers."""
    mine = f"r.workspace_id = {workspace.pk:d} AND {span.sql(workspace.time_zone)}"
    return [f"{mine} AND r.validity {sign} 'counted'" for sign in ("=", "<>")]


def attributes_in(link: Wire, conditions: Iterable[str]) -> list[str]:
    """The columns of the attributes that answers have for which one of the conditions holds."""
    parts = [
        f"SELECT '{side}.attribute.' || jsonb_object_keys(r.frozen #> '{{{side},attribute}}') "
        f"FROM responses_response r WHERE {condition} "
        f"AND jsonb_typeof(r.frozen #> '{{{side},attribute}}') = 'object'"
        for condition in conditions
        for side in ("contact", "account")
    ]
    if not parts:
        return []
    table = link.table(" UNION ".join(parts), pa.schema([("path", pa.string())]))
    paths = table.column("path").to_pylist()
    names = (columns.name_of(path) for path in paths if "^" not in path)
    return sorted(name for name in names if columns.is_attribute(name))


def _write_rows(draft: Path, names: Iterable[str], batches: Iterable[Any]) -> int:
    schema = columns.schema(names)
    rows = 0
    with draft.open("xb") as file:
        with pq.ParquetWriter(file, schema, **layout(schema.names)) as writer:
            for group in _groups(batches):
                writer.write_table(group, row_group_size=ROWS_IN_A_GROUP)
                rows += group.num_rows
        file.flush()
        os.fsync(file.fileno())
    return rows


def layout(names: Iterable[str]) -> dict[str, Any]:
    """How the columns lie in a file, as pyarrow takes it."""
    names = list(names)
    return {
        "compression": "snappy",  # a fifth more to keep than zstd, a fifth less to count
        "use_dictionary": [name for name in names if name not in _WHOLE_NUMBERS],
        "column_encoding": {
            name: "DELTA_BINARY_PACKED" for name in names if name in _WHOLE_NUMBERS
        },
    }


def _groups(batches: Iterable[Any]) -> Iterable[Any]:
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= ROWS_IN_A_GROUP:
            whole = pa.Table.from_batches(waiting)
            rest = whole.num_rows % ROWS_IN_A_GROUP
            yield whole.slice(0, whole.num_rows - rest)
            waiting = whole.slice(whole.num_rows - rest).to_batches()
    if waiting:
        yield pa.Table.from_batches(waiting)


def digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def foot_of(place: Path) -> tuple[int, tuple[str, ...]] | None:
    """How many rows of which columns a file says it has; None where its foot cannot be read."""
    with place.open("rb") as file:
        try:
            foot = pq.read_metadata(file)
        except (pa.ArrowException, OSError):
            return None
    return foot.num_rows, tuple(foot.schema.to_arrow_schema().names)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(*, workspace: Workspace, named: Iterable[str], before: float | None) -> list[str]:
    """Deletes what lies in the workspace's folder and is not `named`, last written before that
    instant (None: whenever). Whoever was about to use it reads the database instead."""
    keep, gone = {Path(path).name for path in named}, []
    folder = folder_of(workspace)
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        if place.name in keep or not place.is_file():
            continue
        if before is not None and place.stat().st_mtime >= before:
            continue
        place.unlink(missing_ok=True)
        gone.append(place.name)
    return gone
