"""Files of answers from elsewhere: kept for a day, read as somebody says, forgotten."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from afterscore.customers.importers import cells, dates
from afterscore.customers.importers.files import FileError
from afterscore.domain import events
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.scales import Scale
from afterscore.insights.files import analysing, inspecting
from afterscore.insights.files.counting import Ambiguous
from afterscore.insights.files.guessing import Role, Unclear
from afterscore.insights.models import FileAnalysis
from afterscore.journal import operations as journal
from afterscore.kit import ids, jobs
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member

MOST_BYTES = 200 * 1024 * 1024
AT_ONCE = 5 * 1024 * 1024  # larger files are counted by a job
MOST_HELD = 20
FILE_STAYS = timedelta(hours=24)
FINDINGS_STAY = timedelta(days=30)
KINDS = (
    ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", ".pq",
    ".jsonl", ".ndjson", ".json",
)  # fmt: skip
_CHUNK = 1 << 20
State = FileAnalysis.State


def path_of(analysis: FileAnalysis) -> Path:
    """Its ending says how it is read; nothing else of its name reaches the disk."""
    ends = [each.lower() for each in PurePath(analysis.file_name).suffixes[-2:]]
    packed = ".gz" if ends[-1:] == [".gz"] else ""
    kind = next((each for each in ends if each in KINDS), ".csv")
    return Path(settings.MEDIA_ROOT) / "analyses" / f"{analysis.public_id}{kind}{packed}"


def start_analysis(
    *, member: Member, file: BinaryIO, file_name: str, now: datetime
) -> FileAnalysis:
    """Keeps the file and looks at its columns. Raises Refused where it cannot be read."""
    workspace = member.workspace
    held = FileAnalysis.objects.filter(workspace=workspace, has_file=True).count()
    if held >= MOST_HELD:
        raise Refused(f"{MOST_HELD} files are held already. Delete one of them first.")
    analysis = FileAnalysis(
        workspace=workspace,
        public_id=ids.make("fil"),
        file_name=cells.excerpt(PurePath(file_name.replace("\\", "/")).name, 200),
        size=0,
        made_by=member,
        created_at=now,
    )
    path = path_of(analysis)
    try:
        analysis.size = _keep(file, path)
        found = inspecting.look(path)
    except FileError as error:
        path.unlink(missing_ok=True)
        raise Refused(str(error).replace(path.name, analysis.file_name), field="file") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    analysis.look, analysis.problem = inspecting.to_data(found), found.problem
    analysis.save()
    return analysis


def _keep(file: BinaryIO, target: Path) -> int:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    size = 0
    with os.fdopen(handle, "wb") as copy:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise Refused("The file is larger than 200 MB.", field="file")
            copy.write(chunk)
    return size


@transaction.atomic
def choose_columns(
    *,
    analysis: FileAnalysis,
    roles: Mapping[str, str],
    dates_order: str,
    scale: str,
) -> FileAnalysis:
    """Keeps what was said and has it counted: small files at once, large ones by a job."""
    locked = FileAnalysis.objects.select_for_update().get(pk=analysis.pk)
    if not locked.has_file:
        raise Refused("The file is gone. Upload it again to read it in another way.")
    if locked.state == State.RUNNING:
        raise Refused("It is being counted already.")
    known = {role.value for role in Role} | {""}
    for column in locked.look["columns"]:
        role = roles.get(column["name"], "")
        column["role"] = role if role in known else ""
    locked.dates = dates_order if dates_order in dates.ORDERS else ""
    locked.scale = scale if scale in {"0-10", "1-10", "1-5"} else ""
    locked.problem, locked.state = "", State.RUNNING
    locked.save()
    if locked.size > AT_ONCE:
        jobs.defer("insights.analyse_file", analysis=locked.public_id)
    return locked


def run_analysis(*, analysis: FileAnalysis, actor: Actor, now: datetime) -> FileAnalysis:
    """Counts and judges. What has to be said first becomes a question of the page; nothing
    happens to what does not wait."""
    if analysis.state != State.RUNNING:
        return analysis
    try:
        given = inspecting.given_of(
            {each["name"]: each["role"] for each in analysis.look["columns"]}
        )
        wishes = analysing.Wishes(
            given=given, scale=Scale(analysis.scale) if analysis.scale else None,
            dates=analysis.dates,
        )  # fmt: skip
        found = analysing.analyse(path_of(analysis), wishes)
    except (FileError, Unclear, Ambiguous, analysing.NotAScore) as error:
        return _ask(analysis, inspecting.for_page(str(error)))
    except BaseException:
        _ask(analysis, "It could not be counted. The fault is ours; what went wrong is in the log.")
        raise
    found.file["name"] = analysis.file_name
    return _finish(analysis, found.to_data(), actor=actor, now=now)


def _ask(analysis: FileAnalysis, problem: str) -> FileAnalysis:
    text = problem.replace(path_of(analysis).name, analysis.file_name)
    analysis.problem, analysis.state = text[:1000], State.ASKING
    analysis.save(update_fields=["problem", "state"])
    return analysis


@transaction.atomic
def _finish(
    analysis: FileAnalysis, findings: dict[str, object], *, actor: Actor, now: datetime
) -> FileAnalysis:
    analysis.findings, analysis.state = findings, State.DONE
    analysis.save(update_fields=["findings", "state"])
    rows = int(analysis.look["rows"])
    event = events.FileAnalysed(analysis.public_id, rows=rows)
    journal.record(workspace=analysis.workspace, event=event, actor=actor, now=now)
    return analysis


def forget_analysis(*, analysis: FileAnalysis, actor: Actor, now: datetime) -> None:
    """The file first: what is on disk must never outlive the row that knows of it."""
    path_of(analysis).unlink(missing_ok=True)
    with transaction.atomic():
        event = events.FileForgotten(analysis.public_id)
        journal.record(workspace=analysis.workspace, event=event, actor=actor, now=now)
        analysis.delete()


def forget_old_files(*, now: datetime) -> int:
    """Hourly: files after a day, findings after a month; how many went."""
    old = FileAnalysis.objects.filter(has_file=True, created_at__lte=now - FILE_STAYS)
    gone = 0
    for analysis in old:
        path_of(analysis).unlink(missing_ok=True)
        FileAnalysis.objects.filter(pk=analysis.pk).update(has_file=False)
        gone += 1
    ended = FileAnalysis.objects.filter(created_at__lte=now - FINDINGS_STAY)
    unread = FileAnalysis.objects.filter(has_file=False).exclude(state=State.DONE)
    for analysis in (ended | unread).select_related("workspace"):
        forget_analysis(analysis=analysis, actor=SYSTEM, now=now)
    return gone
