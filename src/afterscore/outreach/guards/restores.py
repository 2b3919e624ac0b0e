"""A database that was restored believes that what left since the backup is still due.

Two signs give it away: it is another database than before (another server, or made anew), or the
ledger on this machine knows of something that it does not. What was once compared is not compared
again: how far, stands in the database itself, so that a restored one is compared from its backup.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import ProgrammingError, connection, transaction

from afterscore.kit import clock
from afterscore.outreach import ledger
from afterscore.outreach.guards import closing, comparing
from afterscore.outreach.guards.comparing import Comparison
from afterscore.outreach.models import Guard

NAME = "restore"
IDENTITY = "database"
ON_ITS_WAY = timedelta(seconds=10)
OTHER_DATABASE = (
    "This database is not the one that was used before: it was restored, copied or moved. "
)
OLDER_DATABASE = (
    "The send ledger knows of {count} hand-overs and suppressions that this database does not: it "
    "was restored from a backup. "
)
WHAT_TO_DO = (
    "Sending is paused so that nothing goes out twice. Run: afterscore restore check, then "
    "afterscore restore apply, then afterscore sending resume"
)


def look(*, now: datetime) -> str | None:
    """Closes the guard when something is wrong; else remembers how far all is well."""
    known = Guard.objects.filter(name=IDENTITY).values_list("value", flat=True).first()
    if known is None:
        closing.write(IDENTITY, identity(), now=now)
    elif known != identity():
        return closing.close(NAME, OTHER_DATABASE + WHAT_TO_DO, now=now)
    positions, entries = _unread()
    closed = Guard.objects.filter(name=NAME, is_closed=True).values_list("why", flat=True).first()
    if closed or not entries:
        return closed  # perhaps by another process, a moment ago
    found = comparing.compare(entries)
    if found.missing and not _may_be_on_its_way(found):
        text = OLDER_DATABASE.format(count=f"{found.missing:,}") + WHAT_TO_DO
        return closing.close(NAME, text, now=now)
    if not found.missing:
        closing.write(_ledger_of_here(), json.dumps(positions), now=now)
    return None


def _may_be_on_its_way(found: Comparison) -> bool:
    """A suppression that another process has just made and lifted again: the next look decides."""
    latest = (clock.real() - ON_ITS_WAY).isoformat()
    news = [each.at > latest for each in found.silenced]
    return found.missing == len(news) and all(news)


def accept(*, now: datetime) -> None:
    """This database is the right one from now on, and knows what it can."""
    closing.write(IDENTITY, identity(), now=now)
    ends = {path.name: ledger.read(path)[1] for path in ledger.files(ledger.folder())}
    closing.write(_ledger_of_here(), json.dumps(ends), now=now)


def identity() -> str:
    """Of the server and of the database in it: a restored copy differs in one of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::text FROM pg_database WHERE datname = current_database()")
        database: str = cursor.fetchone()[0]
    return f"{_system()}/{database}"


def _system() -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
            system: str = cursor.fetchone()[0]
            return system
    except ProgrammingError:
        return "?"  # some hosting services hide it; the ledger and the database's number remain


def _unread() -> tuple[dict[str, int], list[tuple[str, ledger.Entry]]]:
    known = Guard.objects.filter(name=_ledger_of_here()).values_list("value", flat=True).first()
    before: dict[str, int] = json.loads(known) if known else {}
    positions: dict[str, int] = {}
    entries: list[tuple[str, ledger.Entry]] = []
    for path in ledger.files(ledger.folder()):
        start = before.get(path.name, 0)
        if path.stat().st_size > start:
            found, start = ledger.read(path, start=start)
            entries += [(ledger.process_of(path), entry) for entry in found]
        positions[path.name] = start
    return positions, entries


def hosts_not_here(names: Iterable[str]) -> list[str]:
    """Machines that have sent for this database, of whose ledgers none is among these files."""
    known = Guard.objects.filter(name__startswith="ledger:").values_list("name", flat=True)
    hosts = {name.removeprefix("ledger:") for name in known}
    return sorted(host for host in hosts if not any(f".{host}." in name for name in names))


def _ledger_of_here() -> str:
    return f"ledger:{socket.gethostname()}"
