"""Posts in rooms of a company's chat. A kind of chat is one file here and one line in `STYLES`.

A style knows how its chat writes a message, what an answer of it means, and how the address of a
room looks. It knows nothing of tables and of networks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from afterscore.domain.bulletins import Bulletin

STYLES = {
    "slack": "afterscore.outreach.channels.chat.slack",
    "teams": "afterscore.outreach.channels.chat.teams",
    "google": "afterscore.outreach.channels.chat.google",
}
LONGEST = 3_800  # characters of a post: below what any of them cuts or refuses


@dataclass(frozen=True, slots=True)
class Style:
    """`write` makes the body of a request; `fault` reads, from an answer that looks like a yes,
    that it was a no ("" = it was a yes)."""

    write: Callable[[Bulletin], Mapping[str, Any]]
    fault: Callable[[str], str]


def style_of(key: str) -> Style:
    module = import_module(STYLES[key])
    return Style(write=module.write, fault=module.fault)


def joined(blocks: list[str], *, between: str = "\n\n") -> str:
    """As many whole blocks as fit into a post; what is left out is said to be."""
    kept: list[str] = []
    length = 0
    for block in blocks:
        length += len(block) + len(between)
        if length > LONGEST:
            return between.join([*kept, "…"])
        kept.append(block)
    return between.join(kept)
