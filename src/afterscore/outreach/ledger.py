"""What left the house, written down beside the database: after a restore it knows what the
database has forgotten.

A folder of files that are only ever added to, one for each process and day; a JSON object a line.
Addresses stand there as keyed hashes, so the ledger names nobody and outlives an erasure. Reading
stops at nothing: a line that a crash has torn is left out. docs/algorithms/sending.md says how it
is used.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from afterscore.kit import clock
from afterscore.kit.errors import Refused

SUFFIX = ".jsonl"
MAX_REPLY = 200


@dataclass(frozen=True, slots=True)
class Handed:
    """About to leave: from now on it may have arrived, whatever the database says."""

    workspace: str
    message: str
    attempt: int
    address: str  # a keyed hash
    kind: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an attempt: sent, in_doubt, declined or untried."""

    message: str
    attempt: int
    outcome: str
    reply: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Silenced:
    """An address gets no more mail; or, with `is_lifted`, it does again."""

    workspace: str
    address: str  # a keyed hash
    scope: str
    reason: str
    source: str = ""
    is_lifted: bool = False
    at: str = ""


Entry = Handed | Settled | Silenced
KINDS: Mapping[str, type[Handed | Settled | Silenced]] = {
    "handed": Handed, "settled": Settled, "silenced": Silenced,
}  # fmt: skip
_NAMES = {kind: name for name, kind in KINDS.items()}


def handed_over(entries: Iterable[Handed]) -> None:
    """On the disk before it returns; raises Refused when that cannot be. Then nothing may leave."""
    with _refusing():
        _pen().write(entries, is_synced=True)


def make_ready() -> None:
    """Raises Refused where nothing can be written."""
    with _refusing():
        _pen()


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(f"The send ledger in {folder()} cannot be written: {error}") from error


def settled(entries: Iterable[Settled]) -> None:
    """Not waited for: an outcome that a power cut takes away reads as "in doubt", never as due."""
    _pen().write(entries, is_synced=False)


def silenced(entries: Iterable[Silenced]) -> None:
    _pen().write(entries, is_synced=True)


def without_addresses(reply: str) -> str:
    """Servers like to repeat whom they refuse."""
    words = ("…" if "@" in word else word for word in reply.split())
    return " ".join(words)[:MAX_REPLY]


def folder() -> Path:
    path: Path = settings.LEDGER_DIR
    return path


class _Pen:
    """This process's file of today."""

    def __init__(self, place: Path, day: str) -> None:
        self.place, self.day, self.process = place, day, os.getpid()
        place.mkdir(parents=True, exist_ok=True)
        name = f"{day}.{socket.gethostname()}.{self.process}.{secrets.token_hex(3)}{SUFFIX}"
        self.descriptor = os.open(
            place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600
        )
        _sync_folder(place)
        self.is_torn = False  # the last write broke off within a line

    def fits(self, place: Path, day: str) -> bool:
        return (self.place, self.day, self.process) == (place, day, os.getpid())

    def write(self, entries: Iterable[Entry], *, is_synced: bool) -> None:
        at = clock.real().isoformat()
        lines = [_line(entry, at) for entry in entries]
        if not lines:
            return
        with _lock:
            data = (b"\n" if self.is_torn else b"") + b"".join(lines)
            self.is_torn = True
            while data:
                data = data[os.write(self.descriptor, data) :]
            self.is_torn = False
        if is_synced:
            os.fdatasync(self.descriptor)


def _line(entry: Entry, at: str) -> bytes:
    values = {name: getattr(entry, name) for name in entry.__slots__}
    text = {"what": _NAMES[type(entry)], **values, "at": at}
    return _encode(text).encode() + b"\n"


def _sync_folder(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_lock = threading.Lock()
_opening = threading.Lock()
_current: _Pen | None = None


def _pen() -> _Pen:
    global _current
    place, day = folder(), clock.real().date().isoformat()
    with _opening:
        if _current is None or not _current.fits(place, day):
            old, _current = _current, _Pen(place, day)
            if old is not None and old.process == os.getpid():
                os.close(old.descriptor)
            _forget_old(place)
        return _current


def _forget_old(place: Path) -> None:
    """Older than any backup that anybody would restore."""
    oldest = (clock.real() - timedelta(days=settings.LEDGER_DAYS)).date()
    for path in files(place):
        if path.name.partition(".")[0] < oldest.isoformat():
            with contextlib.suppress(FileNotFoundError):  # another process was quicker
                path.unlink()


def files(place: Path) -> list[Path]:
    """By day; none where nothing was ever written."""
    return sorted(place.glob(f"*{SUFFIX}"))


def process_of(path: Path) -> str:
    """Which machine and process wrote this file, whatever the day."""
    return path.name.partition(".")[2].rsplit(".", 2)[0]


def read(path: Path, *, start: int = 0) -> tuple[list[Entry], int]:
    """The entries from a position on, and the position after the last whole line."""
    with path.open("rb") as file:
        file.seek(start)
        data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    return list(_entries(whole)), start + len(whole)


def _entries(data: bytes) -> Iterator[Entry]:
    for line in data.splitlines():
        try:
            values = json.loads(line)
            kind = KINDS[values.pop("what")]
            yield kind(**values)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # torn by a crash: whatever it told of did not go on
