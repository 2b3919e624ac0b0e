"""Which words of a notice are about which reader."""

from __future__ import annotations

import re
from collections.abc import Collection

_ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
_START = re.compile(
    rf"^[ \t]*(?:\d{{3}}[ -])?(?:to:|recipient:|addressed to:)?[ \t]*[<\"'(\[]*({_ADDRESS})"
    r"[>\"')\]]*(?=[ \t]*(?:$|:|\.\.\.|[(\[]|\s))",
    re.IGNORECASE | re.MULTILINE,
)
_ANYWHERE = re.compile(_ADDRESS)
_NOT_A_READER = re.compile(r"^(mailer-?daemon|postmaster|abuse|noc|support|help)@", re.IGNORECASE)
_BY_SENDER = re.compile(rf"(?:mail from:|sender:?|from:)\s*<?({_ADDRESS})", re.IGNORECASE)


def sections(notice: str, *, besides: Collection[str] = ()) -> dict[str, str]:
    """What is said of each address: from the line that begins with it to the next such line."""
    ours = {*besides, *(each.lower() for each in _BY_SENDER.findall(notice))}
    starts = [
        found
        for found in _START.finditer(notice)
        if found[1].lower() not in ours and not _NOT_A_READER.match(found[1])
    ]
    said: dict[str, str] = {}
    ends = [found.start() for found in starts[1:]] + [len(notice)] * bool(starts)
    for found, end in zip(starts, ends, strict=True):
        address = found[1].lower()
        text = notice[found.start() : end]
        said[address] = f"{said.get(address, '')}\n{text}".strip()
    return said


def readers_in(notice: str) -> list[str]:
    """Every address of a notice that may be a reader's."""
    found = (each.lower() for each in _ANYWHERE.findall(notice))
    return [each for each in found if not _NOT_A_READER.match(each)]
