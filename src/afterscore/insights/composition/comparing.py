"""The page "Compare": two stretches of time, or two groups, and whether they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from afterscore.domain import compare, explaining, mix, spans, trends, withholding
from afterscore.domain.compare import Change, Comparison
from afterscore.domain.explaining import Explanation
from afterscore.domain.mix import Decomposition, Verdict
from afterscore.domain.nps import Tally
from afterscore.domain.spans import Span
from afterscore.insights import charts
from afterscore.insights.analyses import Condition
from afterscore.insights.charts import Chart
from afterscore.insights.composition import scores
from afterscore.insights.composition.asking import Asked
from afterscore.insights.composition.frames import Frame, Pick
from afterscore.insights.composition.sentences import period_words
from afterscore.insights.queries import scoring
from afterscore.insights.queries.pulse import Measured
from afterscore.kit.templatetags.charts import DifferenceRow
from afterscore.kit.templatetags.display import points

WAYS = {
    "before": "the stretch before it",
    "year": "the same days a year before",
    "span": "other days",
    "groups": "two groups of customers",
}
VERDICTS = {
    Verdict.REAL: "real",
    Verdict.MIX: "the mix",
    Verdict.NOISE: "chance",
    Verdict.NOT_ENOUGH: "can't tell yet",
}

TOO_FEW_TO_COMPARE = (
    "One of the two sides has too few answers to be shown here, so they are not compared."
)

HALVES_KEPT_BACK = (
    "What customers changed and what the mix changed is not told apart here: the two sums would "
    "tell what the few people said whose scores are kept back."
)


@dataclass(frozen=True, slots=True)
class Side:
    label: str
    measured: Measured
    url: str

    @property
    def says(self) -> str:
        tally = self.measured.tally
        answers = f"{tally.n:,} answer{'' if tally.n == 1 else 's'}"
        return f"{points(tally.score)}, from {answers}"


@dataclass(frozen=True, slots=True)
class SplitRow:
    label: str
    part: mix.Part
    is_hidden: bool = False  # from strangers, who see how many answered and no more


@dataclass(frozen=True, slots=True)
class ComparePage:
    frame: Frame
    way: str
    ways: Pick
    groups_by: Pick | None
    one: Pick | None
    other: Pick | None
    trouble: str
    first: Side | None = None
    second: Side | None = None
    comparison: Comparison | None = None
    verdict: Change = Change.NOT_ENOUGH
    sentence: str = ""
    split: Decomposition | None = None
    split_sentence: str = ""
    split_rows: tuple[SplitRow, ...] = ()
    split_pick: Pick | None = None
    split_label: str = ""
    from_text: str = ""
    until_text: str = ""
    explain_url: str = ""
    split_url: str = ""
    parts: tuple[dict[str, Tally], dict[str, Tally]] = ({}, {})

    @property
    def sides(self) -> tuple[Side, ...]:
        return tuple(side for side in (self.first, self.second) if side is not None)

    @property
    def names(self) -> tuple[str, str]:
        """Of the two sides, short enough for the head of a column."""
        if self.way != "groups":
            return ("before", "now")
        return (self.first.label, self.second.label) if self.first and self.second else ("", "")

    @property
    def question(self) -> str:
        if self.way == "groups":
            return "Where does it come from?"
        return "Did they change, or did others answer?"

    @property
    def rate_text(self) -> str:
        return points(self.split.rate, 1) if self.split and self.tells_halves else ""

    @property
    def mix_text(self) -> str:
        return points(self.split.mix, 1) if self.split and self.tells_halves else ""

    @property
    def tells_halves(self) -> bool:
        """Beside the rows that are shown the sums would tell of those that are not."""
        return not any(row.is_hidden for row in self.split_rows)

    @property
    def badge(self) -> scores.Badge:
        if self.way == "groups":
            return scores.Badge(*_GROUP_BADGES[self.verdict])
        return scores.Badge(*scores.CHANGES[self.verdict])

    @property
    def charts(self) -> list[Chart]:
        """What of the page is also a file."""
        return [self.sides_chart] if self.has_sides else []

    @property
    def has_sides(self) -> bool:
        return len(self.sides) > 1 and all(side.measured.tally.n for side in self.sides)

    @property
    def apart(self) -> float:
        """Of the two scores as they are shown, unrounded."""
        first, second = (side.measured.tally for side in self.sides)
        return compare.apart(first, second)

    @property
    def sides_chart(self) -> Chart:
        """Both scores on one axis, the second with what was found about the difference."""
        rows = [
            charts.Row(
                label=name[:1].upper() + name[1:],
                n=side.measured.tally.n,
                score=side.measured.tally.score,
                low=side.measured.low,
                high=side.measured.high,
                note=", ".join(self._said_of(side)),
            )
            for name, side in zip(self.names, self.sides, strict=True)
        ]
        return charts.segments(rows, title="The two scores", key="sides", by="Of")

    def _said_of(self, side: Side) -> Iterator[str]:
        """Its days, where its name is short, and what was found."""
        if self.way != "groups":
            yield side.label
        if side is self.second:
            yield self.badge.word

    @property
    def drawn(self) -> list[DifferenceRow]:
        """In hundredths, as the drawing has them: a point of the score is a hundredth."""
        found = self.comparison
        if found is None:
            return []
        told = (self.apart, found.low, found.high)
        difference, low, high = (value / 100 for value in told)
        return [
            DifferenceRow(
                label=self.second.label if self.second else "",
                note=self.badge.word,
                difference=difference,
                low=low,
                high=high,
                tone={"good": "good", "bad": "bad"}.get(self.badge.tone, ""),
            )
        ]


_GROUP_BADGES = {
    Change.RISE: ("beyond chance", "check", "good"),
    Change.FALL: ("beyond chance", "check", "good"),
    Change.NOISE: ("chance", "", "quiet"),
    Change.NOT_ENOUGH: ("can't tell yet", "question", "quiet"),
}


def compose_compare(frame: Frame) -> ComparePage:
    way = frame.asked.get("against")
    way = way if way in WAYS else "before"
    page = _page(frame, way)
    sides = _groups(frame, page) if way == "groups" else _spans(frame, way)
    if isinstance(sides, str):
        return replace(page, trouble=sides)
    (first_label, first), (second_label, second) = sides
    key = _split_key(frame, way)
    found = scoring.compare_sides(
        workspace=frame.workspace,
        first=first.question(),
        second=second.question(),
        by=key,
        now=frame.now,
    )
    if any(frame.hides(side.tally.n) for side in (found.first, found.second)):
        return replace(page, trouble=TOO_FEW_TO_COMPARE)
    one = Side(first_label, found.first, frame.links.explain(first))
    other = Side(second_label, found.second, frame.links.explain(second))
    verdict = compare.verdict(found.first.tally, found.second.tally)
    comparison = compare.compare(found.first.tally, found.second.tally)
    if way == "groups":
        sentence = _group_sentence(one, other, verdict, comparison)
    else:
        sentence = found.change.sentence
    return replace(
        page,
        first=one,
        second=other,
        comparison=comparison,
        verdict=verdict,
        sentence=sentence,
        split=found.split,
        split_sentence=HALVES_KEPT_BACK
        if _withheld_parts(frame, found.split)
        else split_words(found.split, scores.label_of(frame, key), are_groups=way == "groups"),
        split_rows=tuple(_split_rows(frame, key, found.split)),
        split_pick=frame.pick_dimension("by", "Split by", key, is_one=True),
        split_label=scores.label_of(frame, key),
        explain_url=_explain_url(frame, "difference"),
        split_url=_explain_url(frame, "split"),
        parts=found.parts,
    )


def _explain_url(frame: Frame, figure: str) -> str:
    names = ("against", "across", "one", "other", "from", "until", "by")
    asked = {name: frame.asked.get(name) for name in names}
    return frame.links.explain(frame.asked, figure=figure, **asked)


def explain_difference(page: ComparePage, frame: Frame, *, is_split: bool) -> Explanation | None:
    """How the difference comes about, or how it is split."""
    if page.first is None or page.second is None:
        return None
    if is_split:
        key = _split_key(frame, page.way)
        first, second = (
            {frame.say(key, name): tally for name, tally in side.items()} for side in page.parts
        )
        return explaining.mix(first, second, names=page.names, are_groups=page.way == "groups")
    return explaining.difference(
        page.first.measured.tally,
        page.second.measured.tally,
        names=(page.first.label, page.second.label),
    )


def _page(frame: Frame, way: str) -> ComparePage:
    asked = frame.asked
    groups_by = one = other = None
    if way == "groups":
        key = frame.choose(asked.get("across"), *scores.PREFERRED)
        dimension = frame.dimension(key)
        values = (
            [(each.value, frame.say(key, each.value)) for each in dimension.values]
            if dimension
            else []
        )
        chosen = _chosen(asked, [value for value, _label in values])
        groups_by = frame.pick_dimension("across", "Groups by", key)
        one = frame.pick("one", "One group", values, chosen[0])
        other = frame.pick(
            "other", "The other group", [*values, (REST, "everybody else")], chosen[1]
        )
    return ComparePage(
        frame=frame,
        way=way,
        ways=frame.pick("against", "Compare with", list(WAYS.items()), way),
        groups_by=groups_by,
        one=one,
        other=other,
        trouble="",
        from_text=asked.get("from"),
        until_text=asked.get("until"),
    )


REST = "*"


def _chosen(asked: Asked, values: Sequence[str]) -> tuple[str, str]:
    one = asked.get("one")
    one = one if one in values else (values[0] if values else "")
    other = asked.get("other")
    if other != REST and (other not in values or other == one):
        other = next((value for value in values if value != one), REST)
    return one, other


_Sides = tuple[tuple[str, Asked], tuple[str, Asked]]


def _groups(frame: Frame, page: ComparePage) -> _Sides | str:
    """The other group first: the difference is how far the one group lies from it."""
    key = frame.choose(frame.asked.get("across"), *scores.PREFERRED)
    dimension = frame.dimension(key)
    if dimension is None or not dimension.values:
        return "There is nothing that tells these customers apart yet. Import attributes first."
    one, other = _chosen(frame.asked, [each.value for each in dimension.values])
    apart = _all_but(frame.asked, key, one)
    if other != REST:
        apart = frame.asked.plus(Condition(key, "is", (other,)))
    words = "Everybody else" if other == REST else frame.say(key, other)
    return (words, apart), (frame.say(key, one), frame.asked.plus(Condition(key, "is", (one,))))


def _all_but(asked: Asked, key: str, value: str) -> Asked:
    """Beside what the filter leaves out already."""
    left_out: tuple[str, ...] = ()
    for each in asked.conditions:
        if (each.dimension, each.operator) == (key, "is_not"):
            left_out = each.values
    return asked.plus(Condition(key, "is_not", tuple(dict.fromkeys((*left_out, value)))))


def _spans(frame: Frame, way: str) -> _Sides | str:
    asked = frame.asked
    other: Span | None
    if way == "span":
        other = _custom(asked)
    else:
        other = spans.year_before(asked.span) if way == "year" else spans.before(asked.span)
    if other is None:
        return (
            "Choose the first and the last day of the other stretch."
            if way == "span"
            else "Of all time there is nothing before. Choose a period with a beginning."
        )
    earlier = asked.within(other)
    return (
        (_said(period_words(earlier, today=frame.today)), earlier),
        (_said(period_words(asked, today=frame.today)), asked),
    )


def _said(words: str) -> str:
    return words[:1].upper() + words[1:]


def _custom(asked: Asked) -> Span | None:
    try:
        since, last = date.fromisoformat(asked.get("from")), date.fromisoformat(asked.get("until"))
    except ValueError:
        return None
    since, last = min(since, last), max(since, last)
    return Span(since, last + timedelta(days=1))


def _split_key(frame: Frame, way: str) -> str:
    """Not the one by which the groups are told apart: all of it would be mix."""
    across = frame.choose(frame.asked.get("across"), *scores.PREFERRED) if way == "groups" else ""
    return frame.choose(frame.asked.get("by"), *scores.PREFERRED, other_than=across, is_one=True)


def _group_sentence(
    first: Side, second: Side, verdict: Change, comparison: Comparison | None
) -> str:
    """How far the second side lies from the first."""
    small = min((first, second), key=lambda side: side.measured.tally.n)
    if comparison is None or small.measured.tally.n < compare.MINIMUM_ANSWERS:
        return f"Can't tell: {_answers(small)}, too few to compare."
    interval = f"{points(comparison.low, 1)} to {points(comparison.high, 1)}"
    apart = trends.points_words(compare.apart(first.measured.tally, second.measured.tally))
    match verdict:
        case Change.RISE:
            return f"{second.label} lies {apart} above: more than chance gives ({interval})."
        case Change.FALL:
            return f"{second.label} lies {apart} below: more than chance gives ({interval})."
        case Change.NOISE:
            return f"No difference beyond chance ({interval})."
        case Change.NOT_ENOUGH:
            return (
                f"Can't tell yet: with these answers a difference below "
                f"{round(comparison.margin)} points does not show."
            )


def _answers(side: Side) -> str:
    count = side.measured.tally.n
    return f"{count:,} answer{'' if count == 1 else 's'} of {side.label}"


def split_words(found: Decomposition | None, label: str, *, are_groups: bool = False) -> str:
    """Why the scores differ, by a dimension."""
    if found is None:
        return ""
    others = (
        "the two are made up differently" if are_groups else "other kinds of customers answered"
    )
    halves = (
        f"{points(found.rate, 1)} because the same kinds of customers answer otherwise, "
        f"{points(found.mix, 1)} because {others}."
    )
    by = (
        f"Of the difference of {points(found.difference, 1)} points, told apart by {label.lower()}:"
    )
    match found.verdict:
        case Verdict.REAL:
            return f"Real. {by} {halves}"
        case Verdict.MIX:
            return f"Mostly the mix. {by} {halves}"
        case Verdict.NOISE:
            return f"Chance, so neither half means anything by itself. {by} {halves}"
        case Verdict.NOT_ENOUGH:
            return f"Can't tell yet which of the two it is. {by} {halves}"


def _split_rows(frame: Frame, key: str, found: Decomposition | None) -> Iterator[SplitRow]:
    """The largest contributions first."""
    if found is None:
        return
    withheld = _withheld_parts(frame, found)
    for part in sorted(found.parts, key=lambda each: _place(each, withheld)):
        yield SplitRow(frame.say(key, part.segment), part, part.segment in withheld)


def _withheld_parts(frame: Frame, found: Decomposition | None) -> frozenset[str]:
    if found is None or not frame.is_shared:
        return frozenset()
    return withholding.withheld_together(
        {part.segment: part.before for part in found.parts},
        {part.segment: part.after for part in found.parts},
    )


def _place(part: mix.Part, withheld: frozenset[str]) -> tuple[bool, float]:
    """What is withheld by its answers: its place among the others would tell what it adds."""
    is_hidden = part.segment in withheld
    return (is_hidden, -(part.before + part.after if is_hidden else abs(part.rate + part.mix)))


def split_table(page: ComparePage) -> Iterator[tuple[str, ...]]:
    yield ("segment", "answers_before", "answers_after", "score_before", "score_after",
           "rate_points", "mix_points")  # fmt: skip
    for row in page.split_rows:
        part = row.part
        yield (
            row.label,
            str(part.before),
            str(part.after),
            *map(scores.number, (part.score_before, part.score_after, part.rate, part.mix)),
        )
