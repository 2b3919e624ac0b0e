"""Microsoft Teams: an adaptive card, as its workflow "when a webhook request is received" takes it.

A text block reads a little Markdown, which is written with backslashes where it is not meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from afterscore.domain.bulletins import Bulletin, Line, Section
from afterscore.outreach.channels import chat

_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~])")
# The older connectors answer 200 and say in the text that it went wrong.
_FAULTS = ("failed with error", "returned http error", "bad payload")


def write(bulletin: Bulletin) -> Mapping[str, Any]:
    body = [_block(_plain(bulletin.title), size="Medium", weight="Bolder")]
    if bulletin.lead:
        body.append(_block(_plain(bulletin.lead)))
    for section in bulletin.sections:
        if section.lines:
            title = _block(_plain(section.title), weight="Bolder", separator=True)
            body += [title, _block(chat.joined(list(_lines(section))))]
    body += [_block(_link(line), size="Small", isSubtle=True) for line in bulletin.foot]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def fault(answer: str) -> str:
    said = answer.casefold()
    return answer if any(each in said for each in _FAULTS) else ""


def _block(text: str, **options: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **options}


def _lines(section: Section) -> Iterator[str]:
    for line in section.lines:
        mark = f" · **{_plain(line.mark)}**" if line.mark else ""
        detail = f"\n\n{_plain(line.detail)}" if line.detail else ""
        yield f"{_link(line)}{mark}{detail}"
    if section.more:
        yield _link(section.more)


def _link(line: Line) -> str:
    return f"[{_plain(line.text)}]({line.url})" if line.url else _plain(line.text)


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
