"""Which of a workspace's themes a text speaks of."""

from __future__ import annotations

from afterscore.domain import themes as words
from afterscore.domain.themes import Matcher, Mention
from afterscore.improvements.models import Theme
from afterscore.workspaces.models import Workspace


def match_themes(*, workspace: Workspace, text: str) -> list[Theme]:
    """The workspace's themes of which a text speaks, by name; none for an empty text."""
    if not text.strip():
        return []
    themes = _active(workspace)
    matched = set(_matcher(themes).match(text))
    return [theme for theme in themes if theme.public_id in matched]


def list_mentions(*, workspace: Workspace, text: str) -> list[Mention]:
    """Where the text speaks of which theme (by public id), and which word says so."""
    return _matcher(_active(workspace)).mentions(text)


def prepare(*, workspace: Workspace) -> Matcher:
    """For many texts: themes are named by their public ids."""
    return _matcher(_active(workspace))


def _active(workspace: Workspace) -> list[Theme]:
    return list(Theme.objects.filter(workspace=workspace, is_active=True).order_by("name", "id"))


def _matcher(themes: list[Theme]) -> Matcher:
    return words.matcher({theme.public_id: theme.words for theme in themes})
