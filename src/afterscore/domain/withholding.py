"""What a page for strangers keeps back, so that nobody's answer can be worked out from it.

Statistical disclosure control of tables (Hundepool et al. 2012, *Statistical Disclosure Control*,
Wiley, chapter 4): cells of few answers are withheld, and then as many others as it takes that
neither one of them nor a sum of fewer than `FEWEST` answers follows from the totals beside them.
How many answered is told everywhere; what they said is withheld. See docs/algorithms/withholding.md
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

FEWEST = 10
"""Answers below which strangers are told no figure: somebody might be recognised."""

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def is_few(answers: int) -> bool:
    """Nobody is recognised where nobody answered."""
    return 0 < answers < FEWEST


def withheld(
    counts: Mapping[Key, int], *, hidden: Collection[Key] = (), unshown: int = 0
) -> frozenset[Key]:
    """Of parts whose whole is shown: the small ones and, while what remains of the whole without
    the shown parts is still of few answers, the smallest of the others.

    `hidden` are withheld anyway, `unshown` answers are of the whole and of no part."""
    found = {key for key, answers in counts.items() if key in hidden or is_few(answers)}
    for key in sorted((key for key in counts if key not in found), key=lambda each: counts[each]):
        if not is_few(unshown + sum(counts[each] for each in found)):
            break
        if counts[key]:
            found.add(key)
    return frozenset(found)


def withheld_together(*sides: Mapping[Key, int]) -> frozenset[Key]:
    """Of parts that are shown side by side, such as before and now, and withheld on all sides."""
    found: frozenset[Key] = frozenset()
    while True:
        more = found.union(*(withheld(counts, hidden=found) for counts in sides))
        if more == found:
            return found
        found = more


@dataclass(frozen=True, slots=True)
class Withheld:
    """Of a table with its totals. All cells of a row or column whose total is withheld are, too."""

    rows: frozenset[Hashable]
    columns: frozenset[Hashable]
    cells: frozenset[tuple[Hashable, Hashable]]

    def hides(self, row: Hashable, column: Hashable) -> bool:
        return row in self.rows or column in self.columns or (row, column) in self.cells


def withheld_of_table(
    cells: Mapping[tuple[Row, Column], int],
    rows: Mapping[Row, int],
    columns: Mapping[Column, int],
    *,
    left_out_rows: Collection[Row] = (),
    left_out_columns: Collection[Column] = (),
) -> Withheld:
    """Of cells by two attributes beside the totals of rows, of columns and of all. Those left out
    of the page are withheld anyway."""
    hidden_rows = withheld(rows, hidden=left_out_rows)
    hidden_columns = withheld(columns, hidden=left_out_columns)
    while True:
        table = _Table.of(cells, hidden_rows, hidden_columns)
        derived = table.protect()
        # Where all cells around one are withheld already, one of the totals has to be.
        more_rows = _one_more(rows, hidden_rows, derived and derived[0])
        more_columns = _one_more(columns, hidden_columns, derived and derived[1])
        if derived is None or not (more_rows or more_columns):
            break
        if more_rows:
            hidden_rows = withheld(rows, hidden={*hidden_rows, *more_rows})
        else:
            hidden_columns = withheld(columns, hidden={*hidden_columns, *more_columns})
    return Withheld(
        frozenset(hidden_rows),
        frozenset(hidden_columns),
        frozenset(place for place in cells if table.hides(*place)),
    )


def _one_more(
    totals: Mapping[Key, int], hidden: Collection[Key], wanted: Hashable | None
) -> list[Key]:
    """Of the totals that are shown, the wanted one, else the smallest."""
    left = [key for key, answers in totals.items() if answers and key not in hidden]
    return sorted(left, key=lambda key: (key != wanted, totals[key]))[:1]


class _Hidden:
    """The place of all rows, or columns, whose totals are withheld: only what they have together
    follows from the others."""


_HIDDEN = _Hidden()
_Edge = tuple[Hashable, Hashable]
_Node = tuple[bool, Hashable]


@dataclass(slots=True)
class _Table:
    """Withheld cells as edges between their row and their column. What follows from the totals is
    what goes out of a set of rows and columns: their rows' totals less their columns'. It is a sum
    of answers where no withheld cell leads into the set."""

    shown: dict[_Edge, int]
    withheld: dict[_Edge, int]
    rows: Collection[Hashable]
    columns: Collection[Hashable]

    @classmethod
    def of(
        cls,
        cells: Mapping[tuple[Row, Column], int],
        rows: Collection[Row],
        columns: Collection[Column],
    ) -> _Table:
        table = cls({}, {}, rows, columns)
        for (row, column), answers in cells.items():
            edge = table.place(row, column)
            is_hidden = is_few(answers) or _HIDDEN in edge
            held = table.withheld if is_hidden else table.shown
            if answers:
                held[edge] = held.get(edge, 0) + answers
        return table

    def place(self, row: Hashable, column: Hashable) -> _Edge:
        return (
            _HIDDEN if row in self.rows else row,
            _HIDDEN if column in self.columns else column,
        )

    def hides(self, row: Hashable, column: Hashable) -> bool:
        return self.place(row, column) in self.withheld

    def protect(self) -> _Edge | None:
        """Withhold cells until no small sum follows; the place of one for which no cell is left."""
        for edge in [each for each, answers in self.withheld.items() if answers < FEWEST]:
            while (inside := self._small_sum_with(edge)) is not None:
                more = [each for each in self.shown if _crosses(each, inside)]
                if not more:
                    return edge
                best = min(more, key=lambda each: self._rank(each, edge, inside))
                self.withheld[best] = self.shown.pop(best)
        return None

    def _rank(self, each: _Edge, edge: _Edge, inside: Collection[_Node]) -> tuple[bool, bool, int]:
        """What closes a way around, then what lengthens one, then what has the fewest answers."""
        row, column = each
        is_row_inside = (True, row) in inside
        return (not (is_row_inside and column == edge[1]), is_row_inside, self.shown[each])

    def _small_sum_with(self, edge: _Edge) -> set[_Node] | None:
        """The rows and columns out of which the least sum goes that holds this cell; None where it
        has enough answers. The least cut is the greatest flow (Ford and Fulkerson 1956)."""
        room: dict[_Node, dict[_Node, float]] = {}
        for (row, column), answers in self.withheld.items():
            room.setdefault((True, row), {})[(False, column)] = answers
            room.setdefault((False, column), {})[(True, row)] = float("inf")
        start, end = (True, edge[0]), (False, edge[1])
        flow = 0.0
        while flow < FEWEST:
            came_from = _reach(room, start)
            if end not in came_from:
                return set(came_from)
            flow += _push(room, came_from, end)
        return None


def _crosses(edge: _Edge, inside: Collection[_Node]) -> bool:
    return ((True, edge[0]) in inside) != ((False, edge[1]) in inside)


def _reach(room: Mapping[_Node, Mapping[_Node, float]], start: _Node) -> dict[_Node, _Node]:
    """From where each place was reached that has room on the way to it."""
    came_from = {start: start}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there, left in room[here].items():
            if left > 0 and there not in came_from:
                came_from[there] = here
                waiting.append(there)
    return came_from


def _push(
    room: Mapping[_Node, dict[_Node, float]], came_from: Mapping[_Node, _Node], end: _Node
) -> float:
    way = []
    here = end
    while came_from[here] != here:
        way.append((came_from[here], here))
        here = came_from[here]
    least = min(room[before][after] for before, after in way)
    for before, after in way:
        room[before][after] -= least
        room[after][before] += least
    return least
