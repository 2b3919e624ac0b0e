"""The HTML of mails: MJML compiled and inlined once a layout, then filled by joining strings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SCORES = range(11)
# Side by side on a desk, one above the other on a phone: six columns, the last one empty below.
ROWS = {"row-low": SCORES[:6], "row-high": SCORES[6:]}
DARK = "@media (prefers-color-scheme: dark)"
_FOLDER = Path(__file__).resolve().parent.parent / "templates" / "outreach" / "mail"
PARTS = frozenset(
    {"asking.mjml", "checking.mjml", "letter.mjml", "notice.mjml", "personal.mjml", "head.mjml"}
)
_PLACE = re.compile(r"\[\[(\w+)\]\]")
_LAYOUT_SPACE = re.compile(r">\s*\n\s*")
_SIDES = {
    "ltr": {"start": "left", "end": "right", "cell_padding": "0 6px 8px 0"},
    "rtl": {"start": "right", "end": "left", "cell_padding": "0 0 8px 6px"},
}


def fill(name: str, direction: str, values: Mapping[str, str]) -> str:
    """The layout with its places filled. Values are HTML already; a missing one is a KeyError."""
    pieces = _pieces(name, direction)
    filled = list(pieces)
    filled[1::2] = [values[place] for place in pieces[1::2]]
    return "".join(filled)


@cache
def _pieces(name: str, direction: str) -> tuple[str, ...]:
    """Text and names of places in turn."""
    return tuple(_PLACE.split(_compiled(name, direction)))


def _compiled(name: str, direction: str) -> str:
    import css_inline
    import mjml

    known = {"scale": _scale(), "direction": direction, **_SIDES[direction]}

    def read(path: str) -> str:
        """Only our own parts: nothing is ever read from elsewhere."""
        if path not in PARTS:
            raise ValueError(f"{path} is no part of a mail layout")
        text = (_FOLDER / path).read_text(encoding="utf-8")
        return _PLACE.sub(lambda place: known.get(place[1], place[0]), text)

    html = mjml.mjml2html(
        read(f"{name}.mjml"), disable_comments=True, fonts={}, include_loader=read
    )
    inliner = css_inline.CSSInliner(
        keep_at_rules=True, minify_css=True, load_remote_stylesheets=False
    )
    aligned = html.replace("margin:0px auto", "margin:0px")  # a letter begins at the margin
    aligned = aligned.replace('align="center"', f'align="{known["start"]}"')
    return _LAYOUT_SPACE.sub(">", inliner.inline(aligned))


def _scale() -> str:
    """Two tables of links; the hidden third makes Outlook set them side by side."""
    rows = (
        f'<table class="row {name}" role="presentation" cellpadding="0" cellspacing="0" border="0">'
        f"<tr>{''.join(map(_cell, scores))}</tr></table>"
        for name, scores in ROWS.items()
    )
    return (
        '<!--[if mso]><table role="presentation"><tr><td><![endif]-->'
        + "<!--[if mso]></td><td><![endif]-->".join(rows)
        + "<!--[if mso]></td></tr></table><![endif]-->"
    )


def _cell(score: int) -> str:
    return f'<td class="cell"><a class="score" href="[[survey_url]]?score={score}">{score}</a></td>'
