"""Whether the files of answers are what the database says of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from afterscore.insights.mart import columns, files
from afterscore.insights.models import SealedMonth
from afterscore.workspaces.models import Workspace

_AT_ONCE = 8  # a shared mount answers one after another slowly


class Fault(Enum):
    """What is wrong with a file. All but a damaged one are noticed before a question is asked: the
    month is read from the database then."""

    MISSING = "missing"
    OTHER_SIZE = "other size"
    OUTSIDE = "outside"  # of the folder of its workspace
    OLD_LAYOUT = "old layout"
    OTHER_ZONE = "other time zone"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Faulty:
    workspace: str
    month: date
    place: Path
    fault: Fault


@dataclass(frozen=True, slots=True)
class Unnamed:
    """What lies in the mart's folder and no month's row names. `workspace`: the slug of the one in
    whose folder it lies; None when the folder is nobody's."""

    workspace: str | None
    place: Path
    size: int
    written_at: float


@dataclass(frozen=True, slots=True)
class Shelf:
    files: int
    size: int
    largest: int
    faulty: tuple[Faulty, ...]


def examine_sealed(*, thorough: bool) -> Shelf:
    """Every sealed month of every workspace: size and foot of its file; when `thorough`, every
    byte of it."""
    rows = list(
        SealedMonth.objects.select_related("workspace").order_by("workspace__slug", "month")
    )
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        faults = list(pool.map(lambda row: fault_of(row, thorough=thorough), rows))
    found = [(row, fault) for row, fault in zip(rows, faults, strict=True) if fault is not None]
    return Shelf(
        files=len(rows),
        size=sum(row.size for row in rows),
        largest=max((row.size for row in rows), default=0),
        faulty=tuple(
            Faulty(row.workspace.slug, row.month, Path(settings.MART_DIR) / row.path, fault)
            for row, fault in _still_named(found)
        ),
    )


class _Found(NamedTuple):
    row: SealedMonth
    fault: Fault


def _still_named(found: list[tuple[SealedMonth, Fault]]) -> list[_Found]:
    """Without those that were sealed anew while we looked."""
    named = set(
        SealedMonth.objects.filter(pk__in=[row.pk for row, _ in found]).values_list("pk", flat=True)
    )
    return [_Found(row, fault) for row, fault in found if row.pk in named]


def fault_of(row: SealedMonth, *, thorough: bool) -> Fault | None:
    place = files.place_of(row.workspace, row.path)
    if place is None:
        return Fault.OUTSIDE
    try:
        size = place.stat().st_size
    except FileNotFoundError:
        return Fault.MISSING
    except OSError:
        return Fault.UNREADABLE
    if size != row.size:
        return Fault.OTHER_SIZE
    return _outdated(row) or _fault_within(row, place, thorough=thorough)


def _outdated(row: SealedMonth) -> Fault | None:
    if row.version != columns.VERSION:
        return Fault.OLD_LAYOUT
    return Fault.OTHER_ZONE if row.time_zone != row.workspace.time_zone else None


def _fault_within(row: SealedMonth, place: Path, *, thorough: bool) -> Fault | None:
    try:
        foot = files.foot_of(place)
        is_same = foot == (row.rows, tuple(row.columns))
        is_same = is_same and (not thorough or files.digest(place) == row.checksum)
    except OSError:
        return Fault.UNREADABLE
    return None if is_same else Fault.DAMAGED


class Readable(NamedTuple):
    place: Path
    rows: int


def find_newest() -> Readable | None:
    """The file written last of those that pages read."""
    for row in SealedMonth.objects.select_related("workspace").order_by("-sealed_at", "-month"):
        if fault_of(row, thorough=False) is None:
            return Readable(Path(settings.MART_DIR) / row.path, row.rows)
    return None


def list_unnamed() -> list[Unnamed]:
    """Files and folders directly in the mart's folder count as one each, unless a workspace's."""
    slugs = dict(Workspace.objects.values_list("public_id", "slug"))
    named = set(SealedMonth.objects.values_list("path", flat=True))
    found: list[Unnamed] = []
    for place in _within(Path(settings.MART_DIR)):
        slug = slugs.get(place.name)
        if slug is None:
            found += _unnamed(None, place)
        else:
            for file in _within(place):
                if f"{place.name}/{file.name}" not in named:
                    found += _unnamed(slug, file)
    return found


def _within(folder: Path) -> list[Path]:
    """Nothing of a folder that is not there, or shut: its files are told of one by one."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def _unnamed(slug: str | None, place: Path) -> Iterator[Unnamed]:
    with suppress(FileNotFoundError):  # just swept
        state = place.stat()
        size = sum(each.stat().st_size for each in place.rglob("*")) or state.st_size
        yield Unnamed(slug, place, size, state.st_mtime)


def may_write() -> bool:
    """Whether this user may put files where the mart is, or make its folder."""
    base = Path(settings.MART_DIR)
    folders = [base / name for name in Workspace.objects.values_list("public_id", flat=True)]
    while not base.exists():
        base = base.parent
    return all(os.access(place, os.W_OK | os.X_OK) for place in (base, *folders) if place.is_dir())
