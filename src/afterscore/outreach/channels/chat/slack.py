"""Slack's incoming webhooks, which Mattermost and Rocket.Chat understand too.

Their marks: `*bold*`, `<address|words>`; `&`, `<` and `>` are written as in HTML. Nothing that a
customer wrote may call anybody: Slack hears `<!channel>`, Mattermost a bare `@channel`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterscore.domain.bulletins import Bulletin, Line, Section
from afterscore.outreach.channels import chat

_NO_CALL = "\N{WORD JOINER}"


def write(bulletin: Bulletin) -> Mapping[str, Any]:
    blocks = [f"*{_plain(bulletin.title)}*", *([_plain(bulletin.lead)] if bulletin.lead else [])]
    for section in bulletin.sections:
        blocks += _section(section)
    blocks += [_link(line) for line in bulletin.foot]
    return {"text": chat.joined(blocks), "unfurl_links": False, "unfurl_media": False}


def fault(_answer: str) -> str:
    """Their status says it all."""
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
    return f"<{line.url}|{_plain(line.text)}>" if line.url else _plain(line.text)


def _plain(text: str) -> str:
    """Words only: no mark-up, no call."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for sign in "@*_~`":
        safe = safe.replace(sign, sign + _NO_CALL)
    return safe
