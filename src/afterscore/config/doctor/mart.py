"""The files of answers: whether each is what it was, and whether there is room for new ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from getpass import getuser
from itertools import groupby

from django.conf import settings

from afterscore.config.doctor.findings import Finding
from afterscore.insights.operations.sealing import LEFTOVERS
from afterscore.insights.queries import sealed
from afterscore.insights.queries.sealed import Fault, Faulty, Shelf, Unnamed

SWEPT_AFTER = LEFTOVERS + timedelta(hours=1)
"""By then the worker has deleted what it would."""
MOST_NAMED = 6

_FROM_DATABASE = {
    Fault.MISSING: "gone",
    Fault.OTHER_SIZE: "not as long as they were written",
    Fault.OUTSIDE: "noted at a place outside the workspace's own folder",
    Fault.OLD_LAYOUT: "laid out as an older version of Afterscore did it",
    Fault.OTHER_ZONE: "cut by the days of the time zone that the workspace had before",
}


def examine(*, now: datetime, thorough: bool) -> Iterator[Finding]:
    shelf = sealed.examine_sealed(thorough=thorough)
    if shelf.faulty:
        yield from _faulty(shelf.faulty)
    else:
        yield _whole(shelf, thorough=thorough)
    yield from _unnamed(sealed.list_unnamed(), now)
    yield from _room(shelf)


def _whole(shelf: Shelf, *, thorough: bool) -> Finding:
    if not shelf.files:
        text = "No month of answers has a file yet: figures are counted in the database."
        return Finding("mart", "ok", text)
    how = "to the last byte" if thorough else "by size and foot"
    many = f"{shelf.files:,} files" if shelf.files > 1 else "1 file"
    text = f"{many} of answers ({size(shelf.size)}) looked at {how}: whole."
    return Finding("mart", "ok", text)


def _faulty(found: Iterable[Faulty]) -> Iterator[Finding]:
    """One finding for each workspace and kind of fault."""
    order = list(Fault)
    ranked = sorted(found, key=lambda each: (each.workspace, order.index(each.fault), each.month))
    for (slug, fault), group in groupby(ranked, key=lambda each: (each.workspace, each.fault)):
        yield _said(slug, fault, list(group))


def _said(slug: str, fault: Fault, group: list[Faulty]) -> Finding:
    where = f"Files of answers of the workspace {slug} are"
    months = _named([f"{each.month:%Y-%m}" for each in group])
    if fault is Fault.UNREADABLE:
        text = (
            f"{where} not readable for the user {getuser()}: {months}. They are counted in the "
            "database, which is slower."
        )
        mend = f"Make this user the owner: chown -R {getuser()} {settings.MART_DIR}"
        return Finding("mart", "failure", text, mend)
    if fault is Fault.DAMAGED:
        text = f"{where} damaged: {months}. Figures of these months can be wrong, or pages fail."
        mend = (
            f"Run: afterscore insights seal --rebuild --workspace {slug}. It writes them again "
            "from the database, where nothing is lost. Then look after the disk."
        )
        return Finding("mart", "failure", text, mend)
    text = (
        f"{where} {_FROM_DATABASE[fault]}: {months}. Until they are written again these months "
        "are counted in the database: right, and slower."
    )
    mend = (
        "A worker writes them again within five minutes. At once: "
        f"afterscore insights seal --workspace {slug}"
    )
    return Finding("mart", "warning", text, mend)


def _unnamed(found: Iterable[Unnamed], now: datetime) -> Iterator[Finding]:
    """What just stopped being read, or is being written, is none of anybody's business."""
    before = (now - SWEPT_AFTER).timestamp()
    old = [each for each in found if each.written_at < before]
    for slug, group in groupby(old, key=lambda each: each.workspace):
        rest = list(group)
        total, names = size(sum(each.size for each in rest)), [each.place.name for each in rest]
        if slug is None:
            text = f"In {settings.MART_DIR} lies what is no workspace's ({total}): {_named(names)}."
            mend = (
                "Afterscore neither reads nor deletes it. Delete it, unless you know whose it is."
            )
        else:
            text = (
                f"In the folder of the workspace {slug} lie files that no month names ({total}): "
                f"{_named(names)}. Nobody reads them."
            )
            mend = f"A worker deletes them. At once: afterscore insights seal --workspace {slug}"
        yield Finding("mart", "warning", text, mend)


def _room(shelf: Shelf) -> Iterator[Finding]:
    """A month's new file is written before the old one goes, and all of them after an upgrade that
    lays them out in another way."""
    folder = settings.MART_DIR
    if not sealed.may_write():
        text = f"The user {getuser()} may not write into {folder}: no month gets a file."
        mend = f"Make this user the owner: chown -R {getuser()} {folder}"
        yield Finding("mart", "failure", text, mend)
        return
    if not shelf.files:
        return
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    text = f"{size(free)} are free for new files of answers under {folder}."
    if free < shelf.largest:
        text = f"{text} The largest month takes {size(shelf.largest)}: it cannot be written again."
        yield Finding(
            "mart", "failure", text, "Free some space, or move the folder: AFTERSCORE_MART"
        )
    elif free < shelf.size:
        text = f"{text} To write every month again, as some upgrades do, takes {size(shelf.size)}."
        yield Finding("mart", "warning", text, "Free some space before the next upgrade.")
    else:
        yield Finding("mart", "ok", f"{text} All months together take {size(shelf.size)}.")


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def size(number: int) -> str:
    """In the largest unit of which there is at least one."""
    for unit, of in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if number >= of:
            return f"{number / of:,.1f} {unit}"
    return f"{number:,} bytes"
