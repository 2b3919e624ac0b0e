from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from afterscore.insights import mart
from afterscore.insights.mart import Contents, FilesGone
from afterscore.workspaces.models import Workspace

Answer = TypeVar("Answer")
_ATTEMPTS = 3


def ask(
    workspace: Workspace,
    names: Iterable[str],
    *,
    since: date | None,
    until: date | None,
    of: Callable[[Contents], Answer],
) -> Answer:
    """What `of` finds in the answers; once more where a file was replaced meanwhile."""
    names = tuple(names)
    with mart.look() as look:
        for _attempt in range(_ATTEMPTS - 1):
            try:
                return of(mart.read(workspace=workspace, names=names, since=since, until=until))
            except FilesGone:
                look.forget()
        return of(mart.read(workspace=workspace, names=names, since=since, until=until))
