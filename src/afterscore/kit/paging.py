"""Pages of a list, by number in the address."""

from __future__ import annotations


def number(text: str) -> int:
    """What somebody asked for; the first page where that is no number of a page."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
