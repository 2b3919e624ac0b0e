"""Charts say what they show, in drawing, table and words; and can be taken along."""

from __future__ import annotations

import csv
import io
import itertools
import json
from typing import Any

import pytest
from django.test import Client

from afterscore.domain import survival
from afterscore.domain.nps import Group
from afterscore.domain.survival import Span
from afterscore.insights import charts
from afterscore.insights.charts import Chart, Line, Point, Row, Step, palette
from afterscore.insights.views import loop_lines
from afterscore.kit.templatetags import drawings
from tests.browser import FRONTEND
from tests.insights import gallery

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def hung() -> dict[str, Chart]:
    return {chart.key: chart for chart in gallery.hang()}


def drawn(spec: Any, kind: str) -> list[dict[str, Any]]:
    """The layers with marks of a kind."""
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def rows(spec: Any, kind: str) -> list[dict[str, Any]]:
    """What marks of a kind are drawn from."""
    return [row for layer in drawn(spec, kind) for row in spec["datasets"][layer["data"]["name"]]]


def test_every_spec_is_what_vega_lite_understands(hung: dict[str, Chart]) -> None:
    import altair

    for chart in hung.values():
        altair.LayerChart.from_dict(chart.picture(width=720, theme="light"))


def test_colours_are_those_of_the_pages() -> None:
    known = json.loads((FRONTEND / "palette.json").read_text())
    ours = {name: list(pair) for name, pair in palette.COLOURS.items() if name != "ground"}
    assert ours == {name: known[name] for name in ours}


def test_no_score_is_drawn_without_its_interval(hung: dict[str, Chart]) -> None:
    for key, bounds in (("trend", "rule"), ("weeks", "area"), ("segments", "rule")):
        bounded = [row for row in rows(hung[key].spec, bounds) if "low" in row and "high" in row]
        scores = [row for row in hung[key].table.rows if row[2] is not None]
        assert len(bounded) == len(scores), key


def test_a_period_without_answers_breaks_the_line(hung: dict[str, Chart]) -> None:
    assert {row["label"]: row["run"] for row in rows(hung["trend"].spec, "line")} == {
        "P1": 0, "P2": 0, "P3": 0, "May": 1, "June": 1,
    }  # fmt: skip


def test_a_change_that_is_real_has_a_shape_and_a_word_beside_its_colour(
    hung: dict[str, Chart],
) -> None:
    shapes = [layer["mark"].get("shape") for layer in drawn(hung["trend"].spec, "point")]
    assert shapes == ["circle", "triangle-up", "triangle-down"]
    texts = [row.get("words") for row in rows(hung["trend"].spec, "text")]
    assert {"rise", "fall", "−12"} <= set(texts)


def test_the_words_say_what_the_drawing_shows(hung: dict[str, Chart]) -> None:
    said = {key: chart.description.replace("\u202f", " ") for key, chart in hung.items()}
    assert said["trend"].startswith("Score by month. P1: +1 (from −10 to +13); June: −12 (from ")
    assert said["trend"].endswith("−25 to +2); May: rise; June: fall.")
    assert said["histogram"] == "How often. Detractors 12 %, Passives 29 %, Promoters 59 %."
    assert "Starter: −22 (from −32 to −10), below the rest" in said["segments"]
    assert "Answered 420, 21 % of the step before" in said["funnel"]


def test_labels_that_are_cut_short_still_differ() -> None:
    given = [Row(label=f"A very long name of a company {i}", n=40, score=1) for i in range(3)]
    spec = charts.segments(given, title="By company").spec
    assert len({row["name"] for row in rows(spec, "point")}) == 3


def test_names_at_the_ends_of_curves_do_not_lie_on_each_other() -> None:
    lines = [
        Line(label=f"L{i}", people=30, ends=9, steps=[Step(at=1, ratio=0.02 * i)]) for i in range(4)
    ]
    spec = charts.curve(lines, title="Closed", unit="days").spec
    levels = sorted(row["ratio"] for row in rows(spec, "text"))
    assert min(b - a for a, b in itertools.pairwise(levels)) >= 0.149
    assert levels[0] >= 0


def test_the_curves_of_loops_are_a_picture_of_the_same_stairs() -> None:
    """As far as the page draws them, to the last time at which something happened."""
    curve = survival.curve([Span(24.0, 10), Span(48.0, 5), Span(60.0, 0, 15)])
    curves = {group.value: curve for group in Group}
    lines = loop_lines.group_curves(curves, lambda _figure: "")
    (chart,) = loop_lines.REPLIES.charts(lines, curves)
    assert chart.png().startswith(PNG)
    assert [row[:4] for row in chart.table.rows if row[0] == "Detractors"] == [
        ("Detractors", 30, 0.0, 0.0),
        ("Detractors", 30, 1.0, pytest.approx(1 / 3)),
        ("Detractors", 30, 2.0, pytest.approx(1 / 2)),
        ("Detractors", 30, 2.0, pytest.approx(1 / 2)),
    ]


@pytest.mark.parametrize("given", [[], [Point(label="May", n=0)]])
def test_nothing_to_draw_is_drawn_as_nothing(given: list[Point]) -> None:
    chart = charts.trend(given, title="Score")
    assert chart.description == "Score."
    assert chart.png().startswith(PNG)


def test_a_spreadsheet_gets_the_figures_and_runs_none_of_them(hung: dict[str, Chart]) -> None:
    lines = list(csv.reader(io.StringIO(hung["segments"].csv().removeprefix("\ufeff"))))
    assert lines[0] == [
        "Plan",
        "Answers",
        "Score",
        "from",
        "to",
        "Pooled estimate",
        "Against the rest",
    ]
    assert lines[1] == ["</script><b>Enterprise", "1204", "41", "36", "45", "40", "above the rest"]
    assert lines[4][0] == "'=SUM(A1)"


@pytest.mark.django_db
def test_a_page_answers_for_the_files_of_its_charts(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.insights.gallery"
    client = Client()
    picture = client.get("/gallery/", {"chart": "segments", "as": "png"})
    assert picture["Content-Type"] == "image/png"
    assert picture["Content-Disposition"] == 'attachment; filename="segments.png"'
    assert picture.content.startswith(PNG)
    # Twice as large as 720 pixels: sharp on any screen and on slides.
    assert int.from_bytes(picture.content[16:20], "big") == 1440
    table = client.get("/gallery/", {"chart": "histogram", "as": "csv"})
    assert table.content.decode().splitlines()[-1].startswith("10,Promoters,220,35.8")
    for query in ({"chart": "other", "as": "png"}, {"chart": "trend", "as": "exe"}, {"as": "csv"}):
        assert client.get("/gallery/", query).status_code == 404


@pytest.mark.django_db
def test_the_script_is_sent_packed_and_never_asked_for_again() -> None:
    address = f"/static/afterscore/{drawings.script_name()}"
    sent = Client().get(address, headers={"accept-encoding": "gzip"})
    assert sent["Content-Encoding"] == "gzip"
    assert int(sent["Content-Length"]) < 320_000
    assert "immutable" in sent["Cache-Control"]
    sent.close()
    styles = Client().get("/static/afterscore/desk.css")
    assert "immutable" not in styles["Cache-Control"]
    styles.close()
