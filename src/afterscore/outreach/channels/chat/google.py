"""Google Chat's incoming webhooks: `*bold*`, `<address|words>`.

It knows no way to write `<` itself, and `<users/all>` would call everybody: brackets are drawn
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterscore.domain.bulletins import Bulletin, Line, Section
from afterscore.outreach.channels import chat

_NO_MARK = "\N{WORD JOINER}"
_BRACKETS = str.maketrans({"<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
                           ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"})  # fmt: skip


def write(bulletin: Bulletin) -> Mapping[str, Any]:
    blocks = [f"*{_plain(bulletin.title)}*", *([_plain(bulletin.lead)] if bulletin.lead else [])]
    for section in bulletin.sections:
        blocks += _section(section)
    blocks += [_link(line) for line in bulletin.foot]
    return {"text": chat.joined(blocks)}


def fault(_answer: str) -> str:
    """Its status says it all."""
    return ""


def _section(section: Section) -> Iterator[str]:
    lines = [_line(line) for line in section.lines]
    if section.more:
        lines.append(_link(section.more))
    if lines:
        lines[0] = f"*{_plain(section.title)}*\n{lines[0]}"
    yield from lines


def _line(line: Line) -> str:
    mark = f" · *{_plain(line.mark)}*" if line.mark else ""
    detail = f"\n{_plain(line.detail)}" if line.detail else ""
    return f"• {_link(line)}{mark}{detail}"


def _link(line: Line) -> str:
    words = _plain(line.text).replace("|", "¦")
    return f"<{line.url}|{words}>" if line.url else words


def _plain(text: str) -> str:
    safe = text.translate(_BRACKETS)
    for sign in "@*_~`":
        safe = safe.replace(sign, sign + _NO_MARK)
    return safe
