"""Cases follow their themes when the words of a theme change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from django.contrib.postgres.aggregates import StringAgg
from django.db import transaction
from django.db.models import Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat

from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import history
from afterscore.domain import themes as words
from afterscore.improvements.models import Theme
from afterscore.workspaces.models import Workspace

BATCH = 2_000
_MARK = "theme"
Texts: TypeAlias = "QuerySet[Case, tuple[int, str]]"


def match_again(*, theme: Theme, words_before: Sequence[str] = (), now: datetime) -> int:
    """Adds the theme where its words speak now and did not before, takes it away where they did
    and do not any more; returns how many cases changed. What somebody added or took away by hand
    stays. Safe to repeat."""
    before = words.matcher({_MARK: words_before})
    after = words.matcher({_MARK: theme.words if theme.is_active else ()})
    changed = 0
    for field, texts in (("themes", _comments), ("heard_themes", _conversations)):
        for rows in _batches(texts(theme.workspace)):
            found = [(key, bool(before.match(text)), bool(after.match(text))) for key, text in rows]
            gained = [key for key, was, is_now in found if is_now and not was]
            lost = [key for key, was, is_now in found if was and not is_now]
            changed += _change(theme, field, gained, lost, now=now)
    return changed


def _comments(workspace: Workspace) -> Texts:
    spoken = Case.objects.filter(workspace=workspace).exclude(comment_key="").order_by("id")
    return spoken.values_list("id", "response__comment")


def _conversations(workspace: Workspace) -> Texts:
    """What was said after the answer; a case where nothing was is left out."""
    spoken = Entry.objects.filter(case=OuterRef("pk"), kind__in=history.SPOKEN).order_by()
    texts = spoken.values("case").annotate(all=StringAgg("text", "\n\n")).values("all")
    heard = Coalesce(Subquery(texts), Value(""), output_field=TextField())
    said = Concat(heard, Value("\n\n"), "insight", output_field=TextField())
    cases = Case.objects.filter(workspace=workspace).annotate(said=said).order_by("id")
    return cases.exclude(said="\n\n").values_list("id", "said")


def _batches(found: Texts) -> Iterator[list[tuple[int, str]]]:
    """Cases and what was said in them, in order of their keys."""
    last = 0
    while rows := list(found.filter(id__gt=last)[:BATCH]):
        yield rows
        last = rows[-1][0]


@transaction.atomic
def _change(theme: Theme, field: str, gained: list[int], lost: list[int], *, now: datetime) -> int:
    mine = Case.objects.filter(workspace_id=theme.workspace_id)
    name = Value(theme.public_id)
    has = Q(themes__contains=[theme.public_id]) | Q(heard_themes__contains=[theme.public_id])
    added = mine.filter(pk__in=gained).exclude(has)
    taken = mine.filter(Q((f"{field}__contains", [theme.public_id])), pk__in=lost)
    return added.update(
        changed_at=now, **{field: Func(field, name, function="array_append")}
    ) + taken.update(changed_at=now, **{field: Func(field, name, function="array_remove")})
