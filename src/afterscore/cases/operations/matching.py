"""Cases follow their themes when the words of a theme change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Func, Value

from afterscore.cases.models import Case
from afterscore.domain import themes as words
from afterscore.improvements.models import Theme
from afterscore.workspaces.models import Workspace

BATCH = 2_000
_MARK = "theme"


def match_again(*, theme: Theme, words_before: Sequence[str] = (), now: datetime) -> int:
    """Adds the theme where its words speak now and did not before, takes it away where they did
    and do not any more; returns how many cases changed. What somebody added or took away by hand
    stays. Safe to repeat."""
    before = words.matcher({_MARK: words_before})
    after = words.matcher({_MARK: theme.words if theme.is_active else ()})
    changed = 0
    for rows in _batches(theme.workspace):
        found = [(key, bool(before.match(text)), bool(after.match(text))) for key, text in rows]
        gained = [key for key, was, is_now in found if is_now and not was]
        lost = [key for key, was, is_now in found if was and not is_now]
        changed += _change(theme, gained, lost, now=now)
    return changed


def _batches(workspace: Workspace) -> Iterator[list[tuple[int, str]]]:
    """Cases whose customer wrote something, in order of their keys."""
    last = 0
    spoken = Case.objects.filter(workspace=workspace).exclude(comment_key="").order_by("id")
    while True:
        rows = list(spoken.filter(id__gt=last).values_list("id", "response__comment")[:BATCH])
        if not rows:
            return
        yield rows
        last = rows[-1][0]


@transaction.atomic
def _change(theme: Theme, gained: list[int], lost: list[int], *, now: datetime) -> int:
    mine = Case.objects.filter(workspace_id=theme.workspace_id)
    name = Value(theme.public_id)
    added = mine.filter(pk__in=gained).exclude(themes__contains=[theme.public_id])
    taken = mine.filter(pk__in=lost, themes__contains=[theme.public_id])
    return added.update(
        themes=Func("themes", name, function="array_append"), changed_at=now
    ) + taken.update(themes=Func("themes", name, function="array_remove"), changed_at=now)
