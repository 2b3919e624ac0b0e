"""Who gets which report, and what became of the last one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from afterscore.insights.models import Edition, Reader, Report
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Member, Workspace


@dataclass(frozen=True, slots=True)
class Listed:
    """`last` is the newest edition to anybody; trials are none."""

    report: Report
    readers: tuple[Reader, ...]
    last: Edition | None
    failed: int  # of the newest slot


def list_reports(*, workspace: Workspace) -> list[Listed]:
    readers: dict[int, list[Reader]] = defaultdict(list)
    found = Reader.objects.filter(workspace=workspace, member__is_active=True)
    for reader in found.select_related("member__user").order_by("member__user__name", "pk"):
        readers[reader.report_id].append(reader)
    reports = Report.objects.filter(workspace=workspace).order_by("name", "pk")
    return [_listed(report, tuple(readers[report.pk])) for report in reports]


def _listed(report: Report, readers: tuple[Reader, ...]) -> Listed:
    editions = Edition.objects.filter(report=report).exclude(slot__startswith="trial")
    last = editions.order_by("-created_at", "-pk").first()
    failed = editions.filter(slot=last.slot).exclude(failed_why="").count() if last else 0
    return Listed(report, readers, last, failed)


def get_report(*, workspace: Workspace, public_id: str) -> Report:
    found = Report.objects.filter(workspace=workspace, public_id=public_id)
    report = found.select_related("workspace").first()
    if report is None:
        raise NotFound("There is no such report.")
    return report


def list_readers(*, report: Report) -> list[Member]:
    found = Reader.objects.filter(report=report).select_related("member__user")
    return [reader.member for reader in found.order_by("member__user__name", "pk")]


def find_reader(*, report: Report, member: Member) -> Reader | None:
    return Reader.objects.filter(report=report, member=member).first()
