"""A short message to colleagues, before anybody knows whether it becomes a mail or a post.

What matters first stands first; each line says one thing and leads to where it is done.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

ACUTE = "\N{COMBINING ACUTE ACCENT}"


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is what one reads and touches, `detail` what stands beneath it, `mark` a word or two
    that stand out ("late 2 days")."""

    text: str
    url: str = ""
    detail: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG; `says` is what somebody who does not see it reads instead. `width` is in pixels."""

    name: str
    content: bytes
    says: str
    width: int


@dataclass(frozen=True, slots=True)
class Section:
    """`more` says how many lines were left out, and leads to all of them; a `picture` repeats what
    the lines say. Without a `title` the bulletin's own is its heading."""

    title: str
    lines: tuple[Line, ...]
    more: Line | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Bulletin:
    """`title` is the subject of a mail, `lead` one sentence beneath it; `foot` says why one gets
    it and how to stop it. `direction` is that of its `language`."""

    title: str
    sections: tuple[Section, ...]
    lead: str = ""
    foot: tuple[Line, ...] = ()
    direction: str = "ltr"
    language: str = "en"

    @property
    def count(self) -> int:
        """How many things it tells; nothing with none is ever sent."""
        return sum(len(section.lines) for section in self.sections)


def as_text(bulletin: Bulletin) -> str:
    """For readers of plain text: the same words and the same links."""
    blocks = [f"{bulletin.title}\n{bulletin.lead}".strip()]
    shown = [section for section in bulletin.sections if section.lines]
    blocks += ["\n\n".join(_section(section, bulletin.language)) for section in shown]
    if bulletin.foot:
        blocks.append("\n".join(["-- ", *(_linked(line) for line in bulletin.foot)]))
    return "\n\n\n".join(blocks) + "\n"


def _section(section: Section, language: str) -> Iterator[str]:
    if section.title:
        yield _capitals(section.title, language)
    for line in section.lines:
        mark = f" ({line.mark})" if line.mark else ""
        parts = (f"* {line.text}{mark}", *_indented(line.detail), *_indented(line.url))
        yield "\n".join(parts)
    if section.more:
        yield _linked(section.more)


def _capitals(text: str, language: str) -> str:
    """Turkish keeps the dot of its i; Greek drops its accents, but not the two dots."""
    if language == "tr":
        return text.replace("i", "İ").upper()
    if language == "el":
        plain = unicodedata.normalize("NFD", text).replace(ACUTE, "")
        return unicodedata.normalize("NFC", plain).upper()
    return text.upper()


def _indented(text: str) -> tuple[str, ...]:
    return (f"  {text}",) if text else ()


def _linked(line: Line) -> str:
    return f"{line.text}: {line.url}" if line.url else line.text
