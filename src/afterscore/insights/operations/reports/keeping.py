from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.insights import languages
from afterscore.insights.models import Reader, Report
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.surveys import languages as known
from afterscore.workspaces.models import Member, Workspace


@transaction.atomic
def save_report(
    *,
    workspace: Workspace,
    report: Report | None = None,
    name: str,
    department: Department,
    every: Report.Every,
    weekday: int = 0,
    has_pdf: bool = False,
    readers: Sequence[Member],
    actor: Actor,
    now: datetime,
) -> Report:
    """A new report, or another edition of one. Whoever stopped it herself stays stopped."""
    if not name.strip():
        raise Refused("Give the report a name.", field="name")
    if not readers:
        raise Refused("Choose who gets it.", field="readers")
    row = _lock(report) if report else Report(workspace=workspace, created_at=now)
    row.name, row.department, row.every = name.strip(), department, every
    row.weekday, row.has_pdf = weekday, has_pdf
    row.save()
    _put_readers(row, readers)
    names = tuple(sorted(member.public_id for member in readers))
    return _keep(row, events.ReportSaved(row.public_id, readers=names), actor, now)


def _lock(report: Report) -> Report:
    return Report.objects.select_for_update().get(pk=report.pk)


def _put_readers(report: Report, readers: Sequence[Member]) -> None:
    Reader.objects.filter(report=report).exclude(member__in=readers).delete()
    rows = [
        Reader(workspace_id=report.workspace_id, report=report, member=member) for member in readers
    ]
    Reader.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def remove_report(*, report: Report, actor: Actor, now: datetime) -> None:
    """With what was sent of it: the mails are in their readers' mailboxes."""
    event = events.ReportRemoved(report.public_id, title=report.name)
    _keep(report, event, actor, now)
    report.delete()


@transaction.atomic
def stop_report(
    *, report: Report, member: Member, is_stopped: bool = True, actor: Actor, now: datetime
) -> None:
    """By a reader for herself, and back. Safe to repeat."""
    changed = Reader.objects.filter(
        report=report, member=member, stopped_at__isnull=is_stopped
    ).update(stopped_at=now if is_stopped else None)
    if changed:
        event = events.ReportStopped(
            report.public_id, member=member.public_id, is_stopped=is_stopped
        )
        _keep(report, event, actor, now)


@transaction.atomic
def choose_language(*, member: Member, language: str, actor: Actor, now: datetime) -> None:
    """Of the reports to her; "" takes the workspace's."""
    code = (known.recognise(language) or "") if language else ""
    if language and code not in languages.available():
        raise Refused("Reports are not written in this language yet.", field="language")
    Member.objects.filter(pk=member.pk).update(language=code)
    event = events.MemberChanged(member.public_id, changed=("language",))
    journal.record(workspace=member.workspace, event=event, actor=actor, now=now)


def _keep(report: Report, event: events.Event, actor: Actor, now: datetime) -> Report:
    journal.record(workspace=report.workspace, event=event, actor=actor, now=now)
    return report
