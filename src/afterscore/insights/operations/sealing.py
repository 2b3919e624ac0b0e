"""Months of answers into files.

A crash anywhere leaves right answers: a file counts from the commit that names it; the same commit
takes back the notes of those changes that it holds. What was changed meanwhile keeps its note.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from afterscore.domain import events, sealing
from afterscore.domain.events import SYSTEM
from afterscore.insights.mart import columns, files, progress, wire
from afterscore.insights.mart.files import Written
from afterscore.insights.mart.progress import Note
from afterscore.insights.models import ChangedAnswer, SealedMonth
from afterscore.journal import operations as journal
from afterscore.kit import crash
from afterscore.workspaces.models import Workspace

LEFTOVERS = timedelta(hours=1)
"""How long a file that nobody names any more stays, for whoever is just reading it."""
_AT_ONCE = 10_000
_log = logging.getLogger(__name__)


def seal_due(*, now: datetime) -> int:
    """In every workspace, the months whose file is due; how many were sealed."""
    return sum(
        len(seal_workspace(workspace=workspace, now=now)) for workspace in Workspace.objects.all()
    )


def seal_workspace(*, workspace: Workspace, now: datetime, anew: bool = False) -> list[date]:
    """The months whose file is due; with `anew` all that are over or have a file. One after
    another: what is done stays done."""
    states = progress.month_states(workspace=workspace)
    today = now.astimezone(ZoneInfo(workspace.time_zone)).date()
    due = sealing.months_to_seal(states, today=today)
    if anew:
        due = [
            each.month
            for each in states
            if each.rows is not None or sealing.is_over(each.month, today)
        ]
    done: list[date] = []
    for month in due:
        if month not in done:
            done += seal_months(workspace=workspace, months=[month], now=now)
    sweep(workspace=workspace, now=now, at_once=any(each.must_renew for each in states))
    return sorted(set(done))


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one snapshot showed, and the files that were made of it."""

    before: progress.Standing
    notes: list[Note]
    written: list[Written]


def seal_months(*, workspace: Workspace, months: Collection[date], now: datetime) -> list[date]:
    """Writes these months anew, and those between which an answer of theirs has moved. Nothing
    when somebody else has sealed one of them meanwhile: his file is as good."""
    made = _write(workspace, months)
    done = _name(workspace, made, now=now)
    crash.point("sealing.committed")
    return done


def _write(workspace: Workspace, months: Collection[date]) -> _Pass:
    with wire.connect() as link:
        before = progress.standing(link, workspace)
        notes = progress.list_notes(link, workspace)
        closed = progress.together(months, notes, sealed=before.files)
        written = [files.write(link, workspace=workspace, month=month) for month in sorted(closed)]
    return _Pass(before, notes, written)


@transaction.atomic
def _name(workspace: Workspace, made: _Pass, *, now: datetime) -> list[date]:
    """From here on the new files hold."""
    lock(workspace)
    with wire.connect() as link:
        if progress.standing(link, workspace) != made.before:
            _log.warning("%s: sealed or erased meanwhile; the next pass does it", workspace.slug)
            return []
    found = SealedMonth.objects.filter(workspace=workspace)
    months = {each.month for each in made.written}
    found.exclude(version=columns.VERSION, time_zone=workspace.time_zone).delete()
    found.filter(month__in=months).delete()
    SealedMonth.objects.bulk_create(
        [_row(workspace, each, now) for each in made.written if each.rows]
    )
    still = set(found.values_list("month", flat=True))
    _take_back(workspace, progress.settled(made.notes, now_in=months, sealed=still))
    journal.record(
        workspace=workspace,
        event=events.AnswersSealed(
            workspace.public_id,
            months=tuple(month.isoformat()[:7] for month in sorted(months)),
            rows=sum(each.rows for each in made.written),
        ),
        actor=SYSTEM,
        now=now,
    )
    crash.point("sealing.noted")
    return sorted(months)


def lock(workspace: Workspace) -> None:
    """Which files hold changes in one transaction after another; rows of the workspace may be
    written meanwhile."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def _row(workspace: Workspace, written: Written, now: datetime) -> SealedMonth:
    return SealedMonth(
        workspace=workspace,
        month=written.month,
        path=written.path,
        checksum=written.checksum,
        size=written.size,
        rows=written.rows,
        columns=list(written.columns),
        time_zone=workspace.time_zone,
        version=columns.VERSION,
        sealed_at=now,
    )


def _take_back(workspace: Workspace, notes: Iterable[int]) -> None:
    keys = list(notes)
    for first in range(0, len(keys), _AT_ONCE):
        ChangedAnswer.objects.filter(
            workspace=workspace, pk__in=keys[first : first + _AT_ONCE]
        ).delete()


def sweep(*, workspace: Workspace, now: datetime, at_once: bool = False) -> list[str]:
    """Deletes files that nobody names; `at_once` also those that somebody may be reading."""
    named = SealedMonth.objects.filter(workspace=workspace).values_list("path", flat=True)
    before = None if at_once else (now - LEFTOVERS).timestamp()
    return files.sweep(workspace=workspace, named=list(named), before=before)
