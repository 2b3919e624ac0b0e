"""The page "Explore": the score by any two attributes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from afterscore.domain import rankings, withholding
from afterscore.domain.rankings import Ranked, Stands
from afterscore.domain.withholding import Withheld
from afterscore.insights import analyses, charts
from afterscore.insights.analyses import Cell
from afterscore.insights.charts import Chart
from afterscore.insights.composition import scores
from afterscore.insights.composition.frames import Frame, Pick
from afterscore.insights.queries.pulse import NOTHING_COUNTED, Measured, measure_cell

MOST_ROWS, MOST_COLUMNS = 30, 8
SORTS = (("", "answers"), ("score", "score"), ("name", "name"))
WARM, HOT = 8.0, 20.0
"""Points away from the whole, from which on a cell is tinted lightly and strongly."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`heat` is -2 to 2: how far from the score of all; small cells have none and are hatched."""

    measured: Measured
    ranked: Ranked | None
    url: str
    narrow_url: str
    heat: int = 0
    is_whole: bool = False
    is_hidden: bool = False  # from strangers, who are told how many answered and no more

    @property
    def is_ranked(self) -> bool:
        if self.is_hidden:
            return False
        return self.is_whole or (self.ranked is not None and self.ranked.is_ranked)

    @property
    def css(self) -> str:
        if not self.measured.tally.n:
            return "heat-none"
        if not self.is_ranked:
            return "heat-few"
        return {-2: "heat-cold", -1: "heat-cool", 0: "heat-even", 1: "heat-warm", 2: "heat-hot"}[
            self.heat
        ]

    @property
    def apart(self) -> str:
        """In words what the outline says."""
        stands = self.ranked.stands if self.ranked and self.is_ranked else Stands.TOO_FEW
        return {Stands.ABOVE: "above the others", Stands.BELOW: "below the others"}.get(stands, "")


@dataclass(frozen=True, slots=True)
class HeatRow:
    key: str
    label: str
    whole: HeatCell
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class ExplorePage:
    frame: Frame
    measured: Measured
    rows_by: Pick
    columns_by: Pick
    sort: Pick
    rows_label: str
    columns_label: str
    columns: tuple[tuple[str, HeatCell], ...]
    rows: tuple[HeatRow, ...]
    rows_left_out: int
    columns_left_out: int
    key: str
    across: str
    corner: HeatCell

    @property
    def hot(self) -> int:
        return round(HOT)

    @property
    def png_url(self) -> str:
        """The page's own address, asked for its picture."""
        asked = self.frame.kept.asking(chart="cells", **{"as": "png"})
        return self.frame.links.page("explore", asked)

    @property
    def own_hidden(self) -> list[tuple[str, str]]:
        """For the form that asks for rows, columns and order at once."""
        own = {"by", "across", "sort"}
        return [pair for pair in self.frame.kept.pairs if pair[0] not in own]

    @property
    def charts(self) -> list[Chart]:
        """What of the page is also a picture; the table itself is drawn by the page."""
        return [self.heat_chart] if self.measured.tally.n else []

    @property
    def heat_chart(self) -> Chart:
        by = f" and {self.columns_label.lower()}" if self.across else ""
        names = ["All", *(label for label, _cell in self.columns)]
        lines = [(row.label, (row.whole, *row.cells)) for row in self.rows]
        if self.columns:
            lines.insert(0, ("All", (self.corner, *(cell for _label, cell in self.columns))))
        return charts.heat(
            [
                _drawn(row, column, cell)
                for row, cells in lines
                for column, cell in zip(names, cells, strict=bool(self.columns))
            ],
            title=f"Score by {self.rows_label.lower()}{by}",
            rows=self.rows_label,
            columns=self.columns_label or "All",
        )

    @property
    def fewest(self) -> int:
        return rankings.FEWEST_TO_RANK


def _drawn(row: str, column: str, cell: HeatCell) -> charts.Cell:
    """As on the page: too few answers have their limits and no score."""
    measured = cell.measured
    return charts.Cell(
        row=row,
        column=column,
        n=measured.tally.n,
        score=measured.tally.score if cell.is_ranked else None,
        low=None if cell.is_hidden else measured.low,
        high=None if cell.is_hidden else measured.high,
        heat=cell.heat if cell.is_ranked and measured.tally.n else None,
        note=scores.KEPT_BACK[0] if cell.is_hidden else cell.apart,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Cells of both dimensions, and of each by itself: an account that stands in several cells is
    one in their sum, so that sum is counted, and not added up."""

    cells: Mapping[tuple[str, str], Cell]
    rows: Mapping[str, Cell]
    columns: Mapping[str, Cell]
    whole: Cell


def compose_explore(frame: Frame) -> ExplorePage:
    asked = frame.asked
    key = frame.choose(asked.get("by"), *scores.PREFERRED)
    across = frame.choose(asked.get("across"), *scores.PREFERRED, other_than=key)
    counted = count(frame, key, across)
    whole = measure_cell(counted.whole)
    columns = _order(counted.columns, partial(frame.say, across))
    shown = columns[:MOST_COLUMNS]
    names = _order(counted.rows, partial(frame.say, key), sort=asked.get("sort"))
    withheld = _withheld(frame, counted, names, columns if across else ())
    names = _hidden_last(names, withheld, counted.rows)
    ranks = _cell_ranks(counted.cells)
    make = _Maker(frame, key, across, whole, withheld)
    row_ranks = _ranks(counted.rows)
    column_ranks = _ranks(counted.columns)
    rows = tuple(
        HeatRow(
            name,
            frame.say(key, name),
            make.cell(counted.rows[name], row_ranks.get(name), (name, None)),
            tuple(
                make.cell(
                    counted.cells.get((name, column), NOTHING_COUNTED),
                    ranks.get((name, column)),
                    (name, column),
                )
                for column in shown
            ),
        )
        for name in names[:MOST_ROWS]
    )
    return ExplorePage(
        frame=frame,
        measured=whole,
        rows_by=frame.pick_dimension("by", "Rows", key, without=across),
        columns_by=frame.pick_dimension("across", "Columns", across, without=key),
        sort=frame.pick("sort", "Order", SORTS, asked.get("sort")),
        rows_label=scores.label_of(frame, key),
        columns_label=scores.label_of(frame, across),
        columns=tuple(
            (
                frame.say(across, column),
                make.cell(counted.columns[column], column_ranks.get(column), (None, column)),
            )
            for column in shown
        )
        if across
        else (),
        rows=rows,
        rows_left_out=max(0, len(names) - MOST_ROWS),
        columns_left_out=max(0, len(columns) - MOST_COLUMNS),
        key=key,
        across=across,
        corner=HeatCell(
            whole,
            None,
            frame.links.explain(asked),
            frame.links.page("score", frame.kept.bare()),
            is_whole=True,
        ),
    )


def _withheld(
    frame: Frame, counted: Counted, names: Sequence[str], columns: Sequence[str]
) -> Withheld:
    """`columns` are none where there is no second attribute."""
    if not frame.is_shared:
        return Withheld(frozenset(), frozenset(), frozenset())
    rows = {name: counted.rows[name].tally.n for name in names}
    if not columns:
        return Withheld(frame.withholds(rows), frozenset(), frozenset())
    return withholding.withheld_of_table(
        {place: cell.tally.n for place, cell in counted.cells.items()},
        rows,
        {name: counted.columns[name].tally.n for name in columns},
        left_out_rows=names[MOST_ROWS:],
        left_out_columns=columns[MOST_COLUMNS:],
    )


def _hidden_last(names: Sequence[str], withheld: Withheld, rows: Mapping[str, Cell]) -> list[str]:
    """Among those that are shown, by how many answers they have: their place would tell a score."""
    shown = [name for name in names[:MOST_ROWS] if name not in withheld.rows]
    hidden = [name for name in names[:MOST_ROWS] if name in withheld.rows]
    hidden.sort(key=lambda name: -rows[name].tally.n)
    return [*shown, *hidden, *names[MOST_ROWS:]]


def count(frame: Frame, key: str, across: str) -> Counted:
    """In one look at the answers."""
    pairs = (key, across) if across else (key,)
    wanted = [(), *([pairs] if key else []), *((each,) for each in pairs if key and across)]
    found = analyses.count_many(
        workspace=frame.workspace,
        questions=[replace(frame.asked.question(*by), with_scores=False) for by in wanted],
        now=frame.now,
    )
    whole, *split = found
    cells = split[0] if split else []
    rows, columns = split[1:] if across else (cells, [])
    return Counted(
        {(cell.keys[0] or "", (cell.keys[1] or "") if across else ""): cell for cell in cells},
        {cell.keys[0] or "": cell for cell in rows},
        {cell.keys[0] or "": cell for cell in columns},
        whole[0],
    )


def _ranks(cells: Mapping[str, Cell]) -> dict[str, Ranked]:
    return {row.key: row for row in rankings.rank({n: cell.tally for n, cell in cells.items()})}


def _cell_ranks(cells: Mapping[tuple[str, str], Cell]) -> dict[tuple[str, str], Ranked]:
    """All cells are one family."""
    places = {str(index): place for index, place in enumerate(cells)}
    tallies = {index: cells[place].tally for index, place in places.items()}
    return {places[row.key]: row for row in rankings.rank(tallies)}


def _order(cells: Mapping[str, Cell], say: Callable[[str], str], *, sort: str = "") -> list[str]:
    """What is not known stands last; by score, so does what has too few answers for one."""
    tallies = {name: cell.tally for name, cell in cells.items()}

    def place(name: str) -> tuple[bool, bool, float, str]:
        tally, words = tallies[name], say(name).casefold()
        if sort == "score":
            few = tally.n < rankings.FEWEST_TO_RANK
            return (not name, few, -(tally.score or 0.0), words)
        return (not name, False, 0.0 if sort == "name" else -tally.n, words)

    return sorted(tallies, key=place)


@dataclass(frozen=True, slots=True)
class _Maker:
    frame: Frame
    key: str
    across: str
    whole: Measured
    withheld: Withheld

    def cell(
        self, cell: Cell, ranked: Ranked | None, place: tuple[str | None, str | None]
    ) -> HeatCell:
        conditions = [
            scores.value_condition(key, value)
            for key, value in zip((self.key, self.across), place, strict=True)
            if key and value is not None
        ]
        measured = measure_cell(cell)
        found = HeatCell(
            measured,
            ranked,
            self.frame.links.explain(self.frame.asked.plus(*conditions)),
            self.frame.links.page("score", self.frame.kept.bare().plus(*conditions)),
            is_hidden=self._hides(place),
        )
        return replace(found, heat=_heat(measured, self.whole)) if found.is_ranked else found

    def _hides(self, place: tuple[str | None, str | None]) -> bool:
        row, column = place
        if not self.across or column is None:
            return row in self.withheld.rows
        if row is None:
            return column in self.withheld.columns
        return self.withheld.hides(row, column)


def _heat(measured: Measured, whole: Measured) -> int:
    away = (measured.tally.score or 0.0) - (whole.tally.score or 0.0)
    size = 2 if abs(away) >= HOT else 1 if abs(away) >= WARM else 0
    return size if away > 0 else -size


def cells_table(frame: Frame) -> Iterator[tuple[str, ...]]:
    key = frame.choose(frame.asked.get("by"), *scores.PREFERRED)
    across = frame.choose(frame.asked.get("across"), *scores.PREFERRED, other_than=key)
    yield (key, across, *scores.FIGURE_HEADER, "ranked")
    for (name, column), cell in sorted(count(frame, key, across).cells.items()):
        measured = measure_cell(cell)
        ranked = "yes" if measured.tally.n >= rankings.FEWEST_TO_RANK else "no"
        second = frame.say(across, column) if across else ""
        yield (frame.say(key, name), second, *scores.figure_cells(measured), ranked)
