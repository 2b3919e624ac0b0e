"""How far a workspace's answers are in files, and what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from afterscore.domain.sealing import MonthState
from afterscore.insights.mart import columns, reading, spans, wire
from afterscore.insights.mart.spans import Span
from afterscore.insights.mart.wire import Wire
from afterscore.insights.models import SealedMonth
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Note:
    """One change of one answer: in which month it was before (None: nowhere), and is now (None: it
    is gone)."""

    key: int
    was: date | None
    now: date | None

    @property
    def months(self) -> frozenset[date]:
        return frozenset(month for month in (self.was, self.now) if month)


@dataclass(frozen=True, slots=True)
class Standing:
    """What must not change between the reading of a month and the naming of its file: the rows that
    name files (by month), which of them must go, and how many people were erased."""

    files: Mapping[date, int]
    must_renew: frozenset[date]
    erased: int


def standing(link: Wire, workspace: Workspace) -> Standing:
    rows = link.table(
        "SELECT month, id, must_renew FROM insights_sealedmonth "
        f"WHERE workspace_id = {workspace.pk:d}",
        pa.schema([("month", pa.date32()), ("id", pa.int64()), ("must", pa.bool_())]),
    ).to_pylist()
    erased = link.table(
        "SELECT count(*) FROM customers_contact "
        f"WHERE workspace_id = {workspace.pk:d} AND erased_at IS NOT NULL",
        pa.schema([("erased", pa.int64())]),
    ).to_pylist()
    return Standing(
        files={row["month"]: row["id"] for row in rows},
        must_renew=frozenset(row["month"] for row in rows if row["must"]),
        erased=erased[0]["erased"],
    )


def list_notes(link: Wire, workspace: Workspace) -> list[Note]:
    zone = columns.literal(workspace.time_zone)
    rows = link.table(
        f"SELECT c.id, date_trunc('month', c.was_at AT TIME ZONE {zone})::date, "
        f"date_trunc('month', r.received_at AT TIME ZONE {zone})::date "
        "FROM insights_changedanswer c LEFT JOIN responses_response r ON r.id = c.response_key "
        f"WHERE c.workspace_id = {workspace.pk:d}",
        pa.schema([("id", pa.int64()), ("was", pa.date32()), ("now", pa.date32())]),
    )
    held = rows.to_pydict()
    return [Note(*each) for each in zip(held["id"], held["was"], held["now"], strict=True)]


def together(
    months: Collection[date], notes: Iterable[Note], *, sealed: Collection[date]
) -> set[date]:
    """These months, and every month with a file that an answer has left for one of them or entered
    from one: only a pass over both may forget that it moved."""
    moved = [note.months for note in notes if len(note.months) > 1]
    found = set(months)
    while True:
        beside = {
            month for pair in moved if pair & found for month in pair if month in sealed
        } - found
        if not beside:
            return found
        found |= beside


def settled(
    notes: Iterable[Note], *, now_in: Collection[date], sealed: Collection[date]
) -> Iterator[int]:
    """The changes that the files of `now_in` hold, as far as any file (`sealed`) does."""
    for note in notes:
        if all(month in now_in or month not in sealed for month in note.months):
            yield note.key


def month_states(*, workspace: Workspace) -> list[MonthState]:
    """Every month that has a file or an answer, oldest first."""
    with wire.connect() as link:
        sealed = {each.month: each.rows for each in reading.list_sealed(link, workspace)}
        beside: dict[date, int] = {}
        for note in list_notes(link, workspace):
            for month in note.months:
                if month in sealed:
                    beside[month] = beside.get(month, 0) + 1
        for span in spans.without(Span(None, None), sealed):
            beside |= _counts(link, workspace, span)
    must = set(
        SealedMonth.objects.filter(workspace=workspace, must_renew=True).values_list(
            "month", flat=True
        )
    )
    return [
        MonthState(month, sealed.get(month), beside.get(month, 0), must_renew=month in must)
        for month in sorted({*sealed, *beside, *must})
    ]


def _counts(link: Wire, workspace: Workspace, span: Span) -> dict[date, int]:
    """Answers by month, those that do not count too."""
    zone = columns.literal(workspace.time_zone)
    rows = link.table(
        f"SELECT date_trunc('month', r.received_at AT TIME ZONE {zone})::date, count(*) "
        f"FROM responses_response r WHERE r.workspace_id = {workspace.pk:d} "
        f"AND {span.sql(workspace.time_zone)} GROUP BY 1",
        pa.schema([("month", pa.date32()), ("answers", pa.int64())]),
    )
    return {row["month"]: row["answers"] for row in rows.to_pylist()}
