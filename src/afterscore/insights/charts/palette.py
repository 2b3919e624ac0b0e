"""The house's colours by name, light and dark; the same as frontend/palette.json (a test checks).

A spec names colours as pages do, `var(--promoter)`, so that a page's theme reaches its charts;
where there is no page, `painted` puts the colours of one theme in their place.
"""

from __future__ import annotations

import re
from typing import Any, Literal

Theme = Literal["light", "dark"]

COLOURS: dict[str, tuple[str, str]] = {
    "paper": ("#faf8f3", "#10171f"),
    "ground": ("#fffefb", "#18212b"),  # what a drawing lies on; a page says its own
    "surface": ("#fffefb", "#18212b"),
    "sunken": ("#f3efe7", "#0c131a"),
    "line": ("#e6e0d5", "#2a3643"),
    "control": ("#8b8475", "#6e7d8d"),
    "ink": ("#17202c", "#ece8e0"),
    "ink-soft": ("#46505d", "#b6bec8"),
    "ink-faint": ("#626b76", "#939eab"),
    "accent": ("#0d6467", "#58bfb4"),
    "promoter": ("#0f7d77", "#45b9ad"),
    "promoter-ink": ("#0a6661", "#66cdc1"),
    "passive": ("#5d7085", "#95a8bc"),
    "passive-ink": ("#4c5e72", "#a9bacb"),
    "detractor": ("#c23b18", "#f28260"),
    "detractor-ink": ("#a63110", "#ff9d7f"),
    "warn-tint": ("#f9efd5", "#393015"),
    "warn-ink": ("#7a5200", "#e9bd63"),
}
_NAMED = re.compile(r"var\(--([a-z-]+)\)")


def colour(name: str) -> str:
    """As a style sheet says it; KeyError for a name that is not in the palette."""
    if name not in COLOURS:
        raise KeyError(name)
    return f"var(--{name})"


def painted(spec: Any, theme: Theme) -> Any:
    """The same with colours in place of their names."""
    place = 0 if theme == "light" else 1
    if isinstance(spec, str):
        return _NAMED.sub(lambda found: COLOURS[found.group(1)][place], spec)
    if isinstance(spec, dict):
        return {key: painted(value, theme) for key, value in spec.items()}
    if isinstance(spec, list):
        return [painted(value, theme) for value in spec]
    return spec


def style_sheet() -> str:
    """For documents that have both themes and no page around them."""
    lines = [f"--{name}:light-dark({pair[0]},{pair[1]});" for name, pair in COLOURS.items()]
    return f":root{{{''.join(lines)}}}"
