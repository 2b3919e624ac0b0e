"""Letters of drawings that the renderer of drawings would lay over each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import typst

from afterscore.insights.charts import Chart, Row, segments
from afterscore.insights.charts.segmented import shorten
from afterscore.kit import lettering, typesetting
from tests.insights import gallery

MOVED = re.compile(r"(?:translate\(|matrix\(1 0 0 -1 )([-\d.]+) ([-\d.]+)\)")
HREF = "{http://www.w3.org/1999/xlink}href"
JOINED = {
    "Hindi": "ग्राहक सहायता",
    "Bengali": "গ্রাহক সন্তুষ্টি",
    "Thai": "ที่ปรึกษาน้ำ",
    "Arabic": "خدمة العملاء",
    "Persian": "پشتیبانی می‌خواهیم",
    "Urdu": "گاہکوں کی معاونت",
    "Hebrew": "שירות לקוחות",
    "Japanese": "お客様サポート",
    "Korean": "고객 지원",
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" viewBox="0 0 200 40">{}</svg>'
)


def drawing(text: str, **look: str) -> str:
    said = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in look.items())
    return SVG.format(
        f'<g transform="translate(10,20)"><text font-size="12px"{said}>{text}</text></g>'
    )


def drawn(label: str) -> Chart:
    return segments([Row(label=label, n=40, score=12.0, low=1.0, high=23.0)], title="x")


def set_over(svg: str) -> list[tuple[str, float, float]]:
    """The signs that are set over a drawing: which, and where."""
    data = {"drawing": lettering.apart(svg), "fonts": list(lettering.FONTS)}
    layout = typesetting._read("picture.typ")
    return signs(typesetting._compiled(layout, data, fonts_of_machine=True, format="svg"))


def signs(page: bytes) -> list[tuple[str, float, float]]:
    return list(_signs(ElementTree.fromstring(page), 0.0, 0.0))  # typst made it  # noqa: S314


def _signs(group: ElementTree.Element, x: float, y: float) -> Iterator[tuple[str, float, float]]:
    for each in group:
        if each.tag.endswith("}use"):
            yield each.attrib[HREF], round(x + float(each.attrib["x"]), 2), y
        found = MOVED.search(each.get("transform", ""))
        right, down = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
        yield from _signs(each, x + right, y + down)


@pytest.mark.parametrize("words", JOINED.values(), ids=JOINED)
def test_letters_in_a_drawing_are_those_of_plain_text_at_the_same_place(words: str) -> None:
    fonts = ", ".join(f'"{name}"' for name in lettering.FONTS)
    way = "rtl" if words[0] > "\u0590" and words[0] < "\u0900" else "ltr"
    plain = (
        f"#set page(width: 200pt, height: 40pt, margin: 0pt)\n#set text(font: ({fonts}), "
        'size: 12pt, top-edge: "baseline", bottom-edge: "baseline")\n'
        f'#place(dx: 10pt, dy: 20pt, text(dir: {way}, "{words}"))'
    )
    expected = signs(typst.compile(plain.encode(), format="svg"))
    assert len(expected) > 3
    assert set_over(drawing(words)) == expected


@pytest.mark.parametrize("chart", gallery.hang(), ids=lambda chart: chart.key)
def test_of_a_drawing_with_such_letters_every_line_is_taken_and_lies_within(chart: Chart) -> None:
    svg = chart.svg()
    found = lettering.apart(svg)
    texts = re.findall(r"<text", svg)
    if not lettering.is_beyond(svg):
        assert (found["svg"], found["letters"]) == (svg, [])
        return
    assert "<text" not in found["svg"]
    assert len(found["letters"]) >= len(texts)
    for line in found["letters"]:
        assert 0 <= line["x"] <= found["width"]
        assert 0 <= line["y"] <= found["height"]


def test_a_turned_line_stands_where_it_was_turned_about() -> None:
    look = 'transform="translate(30,10) rotate(-90)" text-anchor="middle"'
    text = f'<text {look}>ग्र<tspan dy="5">हक</tspan></text>'
    first, second = lettering.apart(SVG.format(text))["letters"]
    assert (first["x"], first["y"], first["angle"], first["anchor"]) == (30, 10, -90, "middle")
    assert (second["x"], second["y"]) == (pytest.approx(35), pytest.approx(10))


def test_what_is_unseen_is_not_set_and_half_seen_stays_so() -> None:
    assert lettering.apart(drawing("ग्र", opacity="0"))["letters"] == []
    (half,) = lettering.apart(drawing("ग्र", opacity="0.5"))["letters"]
    assert half["opacity"] == 0.5


def test_a_label_too_long_for_its_place_is_smaller_and_not_cut_off() -> None:
    def leftmost(anchor: str, words: str) -> float:
        text = f'<text font-size="12px" text-anchor="{anchor}" transform="translate(60,20)">'
        return min(x for _, x, _ in set_over(SVG.format(f"{text}{words}</text>")))

    assert leftmost("end", "சேவை") > 10
    assert leftmost("end", "வாடிக்கையாளர் சேவை மையம்") == pytest.approx(0, abs=0.01)
    assert leftmost("middle", "வாடிக்கையாளர் சேவை மையம்") == pytest.approx(0, abs=0.01)


def test_the_direction_is_that_of_the_first_letter() -> None:
    (line,) = lettering.apart(drawing("…12 خدمة Acme"))["letters"]
    assert line["direction"] == "rtl"
    (line,) = lettering.apart(drawing("Acme خدمة"))["letters"]
    assert line["direction"] == "ltr"


def test_kana_are_drawn_as_in_japan_and_a_named_language_decides() -> None:
    assert "Noto Sans CJK JP" in lettering.fonts(text="お客様")
    assert "Noto Sans CJK JP" not in lettering.fonts(text="客户")
    assert "Noto Sans CJK TC" in lettering.fonts("zh-Hant", text="お客様")


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("Customer success in the North", "Customer success in…"),
        ("ग्राहक सहायता क्षेत्रीय", "ग्राहक सहायता क्षे…"),
        ("お客様サポート窓口東京支店営業部", "お客様サポート窓口東京支店…"),
    ],
)
def test_labels_are_cut_between_signs(long: str, short: str) -> None:
    assert shorten(long) == short


@pytest.mark.parametrize("label", ["😭😸😕😋😣😚😞😢😉😻😕🙇😭😲😖😡😜", "W" * 9 + "😭" * 9])
def test_emoji_in_long_labels_do_not_break_pictures(label: str) -> None:
    chart = drawn(label)
    assert chart.png().startswith(b"\x89PNG")
    assert "<svg" in chart.svg(theme=None)
