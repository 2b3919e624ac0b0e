from __future__ import annotations

from afterscore.domain.events import SYSTEM
from afterscore.improvements import operations
from afterscore.journal.models import Fact
from afterscore.kit import clock


def plant_themes(fact: Fact) -> None:
    """A new workspace begins with the usual themes."""
    operations.plant_themes(workspace=fact.workspace, actor=SYSTEM, now=clock.now())
