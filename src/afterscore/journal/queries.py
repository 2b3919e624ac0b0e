from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from afterscore.journal.models import Fact

if TYPE_CHECKING:
    from afterscore.workspaces.models import Workspace


def list_facts(*, workspace: Workspace, subjects: Sequence[str]) -> QuerySet[Fact]:
    """What happened to these objects, newest first."""
    return Fact.objects.filter(workspace=workspace, subject__in=subjects).order_by("-id")


def list_named(*, workspace: Workspace, name: str) -> QuerySet[Fact]:
    """Facts of this name about anything, newest first."""
    return Fact.objects.filter(workspace=workspace, name=name).order_by("-id")
