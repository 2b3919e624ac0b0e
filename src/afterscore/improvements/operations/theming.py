"""Themes: what they are called, which words stand for them, and who acts on them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain import themes as words_of
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.improvements.definitions import starters
from afterscore.improvements.models import Theme
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Workspace

MOST_THEMES = 60


@transaction.atomic
def plant_themes(*, workspace: Workspace, actor: Actor, now: datetime) -> list[Theme]:
    """The usual themes, but for those whose names are there already. Safe to repeat."""
    known = {name.casefold() for name in _names(workspace)}
    planted = [
        Theme.objects.create(
            workspace=workspace,
            name=starter.name,
            words=starter.all_words,
            department=starter.department,
            created_at=now,
        )
        for starter in starters()
        if starter.name.casefold() not in known
    ]
    if planted:
        event = events.ThemesPlanted(
            workspace.public_id, themes=tuple(theme.public_id for theme in planted)
        )
        journal.record(workspace=workspace, event=event, actor=actor, now=now)
    return planted


@transaction.atomic
def save_theme(
    *,
    workspace: Workspace,
    theme: Theme | None = None,
    name: str,
    words: str,
    department: Department | None = None,
    is_active: bool = True,
    actor: Actor,
    now: datetime,
) -> Theme:
    """A new theme, or another edition of one. `words` as domain.themes.parse_words reads them.

    Raises Refused for an empty or taken name, and for words that would find nothing or everything.
    """
    before = _lock(theme) if theme else Theme(workspace=workspace, created_at=now)
    counted_before = tuple(before.words) if before.pk and before.is_active else ()
    values = {
        "name": _free_name(workspace, name, before),
        "words": _read(words),
        "department": department or "",
        "is_active": is_active,
    }
    changed = tuple(key for key, value in values.items() if getattr(before, key) != value)
    if before.pk and not changed:
        return before
    for key, value in values.items():
        setattr(before, key, value)
    before.save()
    event = events.ThemeChanged(before.public_id, changed=changed, words_before=counted_before)
    journal.record(workspace=workspace, event=event, actor=actor, now=now)
    return before


def _lock(theme: Theme) -> Theme:
    return Theme.objects.select_for_update().get(pk=theme.pk)


def _names(workspace: Workspace) -> list[str]:
    return list(Theme.objects.filter(workspace=workspace).values_list("name", flat=True))


def _free_name(workspace: Workspace, text: str, theme: Theme) -> str:
    name = " ".join(text.split())
    if not name:
        raise Refused("Give the theme a name.", field="name")
    if len(name) > 80:
        raise Refused("A theme's name has at most 80 letters.", field="name")
    others = Theme.objects.filter(workspace=workspace).exclude(pk=theme.pk)
    if others.filter(name__iexact=name).exists():
        raise Refused(f"There is already a theme “{name}”.", field="name")
    if not theme.pk and others.count() >= MOST_THEMES:
        raise Refused(
            f"There are {MOST_THEMES} themes already. More than that nobody can tell apart; "
            "change one that is there.",
            field="name",
        )
    return name


def _read(text: str) -> list[str]:
    try:
        words = words_of.parse_words(text)
    except words_of.WordRefused as error:
        raise Refused(str(error), field="words") from error
    if not any(not word.startswith("-") for word in words):
        raise Refused("Write at least one word that customers use for it.", field="words")
    return words
