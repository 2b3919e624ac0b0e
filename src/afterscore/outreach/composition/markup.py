"""Plain text as the HTML of a mail. Everything is escaped; only paragraphs and links are made."""

from __future__ import annotations

import re

from django.utils.html import escape

_PARAGRAPH = '<p style="margin:0 0 16px 0">{}</p>'
_LINK = '<a class="link" style="color:#0d6467;text-decoration:underline" href="{0}">{0}</a>'
_URL = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}]", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def escaped(text: str) -> str:
    return str(escape(text))


def lines(text: str) -> str:
    """Inline HTML: line breaks stay, web addresses become links."""
    pieces: list[str] = []
    end = 0
    for match in _URL.finditer(text):
        pieces += [escaped(text[end : match.start()]), _LINK.format(escaped(match[0]))]
        end = match.end()
    pieces.append(escaped(text[end:]))
    return "".join(pieces).replace("\n", "<br>")


def paragraphs(text: str) -> str:
    """One paragraph for each piece between blank lines; "" for nothing."""
    pieces = _BLANK_LINE.split(text.strip()) if text.strip() else []
    return "".join(_PARAGRAPH.format(lines(piece)) for piece in pieces)
