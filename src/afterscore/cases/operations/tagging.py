"""Themes that a person gives a case, or takes from it; the words of the comment give others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import history
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.improvements.models import Theme
from afterscore.kit.errors import Refused


@transaction.atomic
def tag(*, case: Case, theme: Theme, actor: Actor, now: datetime) -> Case:
    """The case is about this theme, too. Refused where it is already."""
    case = history.lock(case)
    if theme.workspace_id != case.workspace_id:
        raise Refused("There is no such theme.", field="theme")
    if theme.public_id in (*case.themes, *case.heard_themes):
        raise Refused(f"The case has the theme {theme} already.", field="theme")
    case.themes = [*case.themes, theme.public_id]
    return _keep(case, f"Theme added: {theme}.", actor, now=now)


@transaction.atomic
def untag(*, case: Case, theme: Theme, actor: Actor, now: datetime) -> Case:
    case = history.lock(case)
    if theme.public_id not in (*case.themes, *case.heard_themes):
        raise Refused(f"The case does not have the theme {theme}.", field="theme")
    _leave(case, {*case.themes, *case.heard_themes} - {theme.public_id})
    return _keep(case, f"Theme taken away: {theme}.", actor, now=now)


@transaction.atomic
def set_themes(*, case: Case, themes: Sequence[Theme], actor: Actor, now: datetime) -> Case:
    """The case is about these and no others."""
    case = history.lock(case)
    names = {theme.public_id: str(theme) for theme in themes}
    if any(theme.workspace_id != case.workspace_id for theme in themes):
        raise Refused("There is no such theme.", field="themes")
    if set(names) == {*case.themes, *case.heard_themes}:
        return case
    _leave(case, set(names))
    case.themes += [key for key in names if key not in (*case.themes, *case.heard_themes)]
    return _keep(case, f"Themes: {', '.join(names.values()) or 'none'}.", actor, now=now)


def _leave(case: Case, names: set[str]) -> None:
    """Takes all other themes away."""
    case.themes = [key for key in case.themes if key in names]
    case.heard_themes = [key for key in case.heard_themes if key in names]


def _keep(case: Case, text: str, actor: Actor, *, now: datetime) -> Case:
    author = history.author_of(case, actor)
    history.add_entry(case, kind=Entry.Kind.CHANGE, author=author, text=text, now=now)
    event = events.CaseChanged(case.public_id, changed=("themes",))
    return history.keep(case, event=event, actor=actor, now=now)
