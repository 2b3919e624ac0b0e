"""Files of answers that somebody looks into."""

from __future__ import annotations

from afterscore.insights.models import FileAnalysis
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Workspace

MOST_SHOWN = 50


def list_analyses(*, workspace: Workspace) -> list[FileAnalysis]:
    found = FileAnalysis.objects.filter(workspace=workspace).select_related("made_by__user")
    return list(found.defer("findings").order_by("-created_at", "-id")[:MOST_SHOWN])


def get_analysis(*, workspace: Workspace, public_id: str) -> FileAnalysis:
    found = find_analysis(public_id=public_id)
    if found is None or found.workspace_id != workspace.pk:
        raise NotFound("There is no such analysis; it may have been deleted.")
    return found


def find_analysis(*, public_id: str) -> FileAnalysis | None:
    return FileAnalysis.objects.select_related("workspace").filter(public_id=public_id).first()
