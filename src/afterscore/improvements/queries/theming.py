"""Themes by name, and what a text has to do with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from afterscore.domain import themes as words
from afterscore.improvements.models import Theme
from afterscore.kit.errors import NotFound
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

COMMENTS_TRIED = 500
EXAMPLES_SHOWN = 8
_EXCERPT = 220


def list_themes(*, workspace: Workspace, active_only: bool = False) -> list[Theme]:
    """Those in use first, by name."""
    found = Theme.objects.filter(workspace=workspace)
    if active_only:
        found = found.filter(is_active=True)
    return list(found.order_by("-is_active", "name", "id"))


def get_theme(*, workspace: Workspace, public_id: str) -> Theme:
    try:
        return Theme.objects.get(workspace=workspace, public_id=public_id)
    except Theme.DoesNotExist as error:
        raise NotFound("There is no such theme.") from error


def names_of(*, workspace: Workspace, public_ids: Iterable[str]) -> list[str]:
    """The names of these themes, in the order of the alphabet; unknown ones are left out."""
    found = Theme.objects.filter(workspace=workspace, public_id__in=list(public_ids))
    return list(found.order_by("name").values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_mention: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A comment, cut where a word of the theme begins and ends."""

    response: Response
    pieces: tuple[Piece, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """How many of the newest comments these words find, and some of them."""

    tried: int
    found: int
    examples: tuple[Example, ...]


def try_words(*, workspace: Workspace, text: str) -> Trial:
    """What words would find in the newest comments. Raises domain.themes.WordRefused."""
    matcher = words.matcher({"": words.parse_words(text)})
    comments = list(_newest_comments(workspace))
    spoken = [(each, matcher.mentions(each.comment)) for each in comments]
    found = [_example(response, mentions) for response, mentions in spoken if mentions]
    return Trial(len(comments), len(found), tuple(found[:EXAMPLES_SHOWN]))


def _newest_comments(workspace: Workspace) -> list[Response]:
    found = responses.list_responses(workspace=workspace).exclude(comment="")
    return list(found[:COMMENTS_TRIED])


def _example(response: Response, mentions: list[words.Mention]) -> Example:
    return Example(
        response,
        tuple(_pieces(response.comment, mentions)),
        tuple(dict.fromkeys(mention.word for mention in mentions)),
    )


def _pieces(text: str, mentions: list[words.Mention]) -> list[Piece]:
    """The text around the first mention, mentions apart from what lies between them."""
    begin = max(0, mentions[0].start - _EXCERPT // 2) if len(text) > _EXCERPT else 0
    end = min(len(text), begin + _EXCERPT)
    pieces = [Piece("… ", is_mention=False)] if begin else []
    last = begin
    for mention in mentions:
        if mention.end > end:
            break
        pieces.append(Piece(text[last : mention.start], is_mention=False))
        pieces.append(Piece(text[mention.start : mention.end], is_mention=True))
        last = mention.end
    pieces.append(Piece(text[last:end] + (" …" if end < len(text) else ""), is_mention=False))
    return pieces
