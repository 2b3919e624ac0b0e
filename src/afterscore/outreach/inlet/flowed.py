"""Lines that a mail program broke softly become whole again (RFC 3676)."""

from __future__ import annotations


def unfold(text: str, *, deletes_space: bool = False) -> str:
    lines: list[str] = []
    depth, is_open = 0, False
    for raw in text.replace("\r\n", "\n").split("\n"):
        bare = raw.lstrip(">")
        level = len(raw) - len(bare)
        bare = bare.removeprefix(" ")
        is_mark = bare == "-- "
        if is_open and level == depth and not is_mark:
            lines[-1] += bare
        else:
            lines.append(f"{'>' * level} {bare}" if level else bare)
        depth, is_open = level, bare.endswith(" ") and not is_mark
        if is_open and deletes_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
