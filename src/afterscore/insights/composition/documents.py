"""A report as a PDF that screen readers can read (PDF/UA), and as pictures of slides."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from afterscore.domain.bulletins import Line
from afterscore.insights.composition import drawing, telling
from afterscore.insights.composition.telling import Teller
from afterscore.insights.languages import figures
from afterscore.kit import lettering, typesetting

_FOLDER = Path(__file__).parent / "typst"
REGIONS = {"zh-Hans": "CN", "zh-Hant": "TW", "pt-BR": "BR"}

SLIDE_DPI = 144  # 1,920 pixels wide
CHART_WIDTH = 620


def pdf(teller: Teller) -> bytes:
    return typesetting.to_pdf(_layout("page.typ"), _data(teller), fonts="machine").pdf


def slides(teller: Teller) -> list[bytes]:
    """One PNG a slide, 1,920 by 1,080."""
    return typesetting.to_pictures(_layout("slides.typ"), _data(teller), ppi=SLIDE_DPI)


def slides_zip(teller: Teller) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as files:
        for number, page in enumerate(slides(teller), start=1):
            files.writestr(f"{file_name(teller)}-{number}.png", page)
    return packed.getvalue()


def file_name(teller: Teller) -> str:
    """In letters that every system takes: acme-leadership-2026-11-23."""
    contents = teller.contents
    day = telling.last_day(teller).astimezone(teller.zone).date().isoformat()
    wave = f"-wave-{contents.wave.number}" if contents.wave else ""
    return re.sub(
        r"[^a-z0-9-]", "-", f"{contents.workspace.slug}-{contents.department}{wave}-{day}"
    )


@cache
def _layout(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


def _data(teller: Teller) -> dict[str, Any]:
    phrases, measured = teller.phrases, teller.contents.measured
    low, high = teller.points(measured.low), teller.points(measured.high)
    day = figures.day(phrases, telling.last_day(teller), teller.zone)
    return {
        "language": phrases.code.split("-")[0],
        "region": REGIONS.get(phrases.code),
        "direction": phrases.direction,
        "fonts": lettering.fonts(phrases.code),
        "workspace": teller.contents.workspace.name,
        "title": telling.title(teller),
        "reader": teller.say("for", department=teller.department),
        "score": teller.points(measured.tally.score),
        "has_score": teller.contents.has_answers,
        "interval": teller.say("interval", low=low, high=high) if measured.interval else "",
        "verdict": telling.verdict(teller),
        "around": telling.around(teller) if teller.contents.has_answers else "",
        "method": teller.say("method"),
        "privacy": teller.say("privacy"),
        "page": phrases.texts["page"],
        "as_of": teller.say("as_of", date=day),
        "pictures": {
            key: lettering.apart(chart.svg(width=CHART_WIDTH)) | {"says": chart.description}
            for key, chart in drawing.drawn(teller).items()
        },
        "sections": [
            {"key": key, "title": title, "lines": [_line(line) for line in lines]}
            for key, title, lines in telling.sections(teller)
        ],
    }


def _line(line: Line) -> dict[str, str]:
    return {"text": line.text, "url": line.url, "detail": line.detail, "mark": line.mark}
