"""The lots that were drawn where somebody had more equal work than time."""

from __future__ import annotations

from django.db.models import QuerySet

from afterscore.cases.models import Draw
from afterscore.workspaces.models import Workspace


def list_draws(*, workspace: Workspace) -> QuerySet[Draw]:
    """The latest first, with whose work it was."""
    return (
        Draw.objects.filter(workspace=workspace)
        .select_related("owner__user")
        .order_by("-drawn_at", "-id")
    )
