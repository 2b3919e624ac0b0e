"""The yardstick of `make bench-insights`: its sides find the same, and each limit can be broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bench.insights import found, product, sides
from bench.insights.found import (
    BARE,
    EXACT,
    FRESH,
    MEANT,
    PANDAS,
    POSTGRES,
    PRODUCT,
    Line,
    Size,
    judge,
)

from afterscore.insights import engines

ROWS = 3_600
PULSE, SLOWEST = "pulse", "a x b"


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    engine = type(engines.choose())
    monkeypatch.setattr(engine, "rows", engine.rows)  # which the yardstick listens to
    filled = product.fill(ROWS)
    paths = [str(path) for path in filled.paths]
    sides.fill_postgres("plain", paths)
    yield {"slug": filled.slug, "paths": paths, "table": "plain", "in_lots": False}
    sides.drop_postgres("plain")


@pytest.mark.django_db(transaction=True)
def test_all_sides_find_the_same(job: dict[str, Any]) -> None:
    pages = product.ask_pages(job["slug"])
    pairs = product.pairs(pages["explore"])
    assert len(pairs) == 66
    for name in ("pulse", "score", "account.country"):
        calls = pages[name] if name in pages else next(p for n, p in pairs.items() if name in n)
        told = {}
        for side in (PRODUCT, FRESH, BARE, EXACT, POSTGRES, PANDAS):
            ask, form = sides.SIDES[side]
            told[side] = form(ask(calls, job)())
        ours = told.pop(PRODUCT)
        assert sum(sum(histogram) for each in ours for _keys, histogram in each.counts) > ROWS / 4
        for side, theirs in told.items():
            assert theirs == ours, (name, side)


def line(product_takes: float, **others: float) -> Line:
    best = {PRODUCT: product_takes, BARE: product_takes, **others}
    return Line(best=best, counts=dict.fromkeys(best, "same"))


def size(**changes: Any) -> Size:
    lines = {PULSE: line(100.0, **{POSTGRES: 600.0}), SLOWEST: line(200.0)}
    given: dict[str, Any] = {
        "rows": MEANT,
        "lines": lines,
        "peaks": {PRODUCT: 400.0},
        "chosen": [PULSE],
    }
    return Size(**(given | changes))


def test_what_holds_all_limits_is_told_nothing() -> None:
    assert list(judge([size()])) == []


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({PULSE: line(160.0, **{BARE: 100.0, POSTGRES: 900.0})}, "1.60 times as long as bare"),
        ({PULSE: line(100.0, **{POSTGRES: 499.0})}, "only 5.0 times"),
        ({PULSE: line(100.0)}, "PostgreSQL was not asked."),
        ({SLOWEST: line(301.0)}, "took 301 ms"),
    ],
)
def test_a_limit_of_time_that_is_broken_is_told(broken: dict[str, Line], sentence: str) -> None:
    lines = size().lines | broken
    (told,) = judge([size(lines=lines)])
    assert sentence in told


def test_limits_of_time_hold_at_one_size_and_where_nobody_else_works(
    capsys: pytest.CaptureFixture[str],
) -> None:
    slow = size().lines | {SLOWEST: line(301.0)}
    assert list(judge([size(rows=1_000_000, lines=slow)])) == []
    slow[SLOWEST].others = 1.0
    assert list(judge([size(lines=slow)])) == []
    assert capsys.readouterr().out.count("not judged") == 2


def test_another_answer_other_limits_and_much_memory_are_told() -> None:
    other = size()
    other.lines[PULSE].counts[BARE] = "other"
    assert "do not count the same" in next(judge([other]))
    wide = {str(cell): 1.0 for cell in range(found.FEWEST_CELLS)}
    exact = size()
    exact.lines[PULSE].widths = {PRODUCT: [wide], BARE: [wide | {"0": 1.1}]}
    assert "the same limits" in next(judge([exact]))
    lots = size(are_lots=True)
    wider = dict.fromkeys(wide, 1.2)
    lots.lines[PULSE].widths = {PRODUCT: [wider], BARE: [wider], EXACT: [wide]}
    assert "1.20 times as wide" in next(judge([lots]))
    assert "took 1,025 MiB" in next(judge([size(peaks={PRODUCT: 1025.0})]))
