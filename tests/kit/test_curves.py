from __future__ import annotations

import itertools
from typing import Any

import pytest

from afterscore.kit.templatetags import curves
from afterscore.kit.templatetags.curves import CurveLine, Stair


def line(label: str, *steps: tuple[float, float], ends: float = 100) -> CurveLine:
    stairs = [
        Stair(hours=hours, ratio=ratio, low=ratio / 2, high=(1 + ratio) / 2)
        for hours, ratio in steps
    ]
    return CurveLine(label=label, stairs=stairs, ends=ends)


def drawn(*lines: CurveLine) -> dict[str, Any]:
    return curves.curve_chart(list(lines), title="T", verb="are closed")


def test_a_stair_goes_along_and_then_up():
    (one,) = drawn(line("A", (12, 0.5), (24, 1.0)))["lines"]
    assert one["path"] == "M0.00 200.0L50.00 200.0L50.00 106.0L100.00 106.0L100.00 12.0L100.00 12.0"
    assert one["ratio"] == 1.0


def test_the_axis_ends_where_the_last_line_has_settled():
    chart = drawn(line("A", (5, 0.5), (30, 0.9), (90, 0.91)), line("B", (100, 0.3)))
    assert [tick["label"] for tick in chart["ticks"]] == ["0", "1", "2", "3", "4", "5 days"]
    chart = drawn(line("A", (5, 0.5), (30, 0.9), (90, 0.91)))
    assert [tick["label"] for tick in chart["ticks"]] == ["0", "12", "24", "36", "48 hours"]


def test_labels_do_not_lie_on_each_other_nor_below_the_axis():
    chart = drawn(*(line(str(each), (10, each / 100)) for each in range(4)))
    places = sorted(each["label_y"] for each in chart["lines"])
    gaps = [after - before for before, after in itertools.pairwise(places)]
    assert min(gaps) == pytest.approx(curves.LABEL_GAP)
    assert max(places) <= curves.BOTTOM


def test_of_nothing_there_is_an_empty_frame():
    assert drawn()["lines"] == []
    assert drawn(line("A", ends=0))["lines"] == []
