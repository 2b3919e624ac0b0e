"""Findings in words and bars, for a terminal of eighty columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from afterscore.domain import scales
from afterscore.domain.nps import Group
from afterscore.domain.scales import Scale
from afterscore.insights.files import ratings
from afterscore.insights.files.findings import COMMENTS_USUAL, Analysis, Figure, Segments

BAR = 40
WIDTH = 80


def tell(found: Analysis) -> Iterator[str]:
    """Lines of at most eighty letters, but for names that are longer."""
    for line in _lines(found):
        yield from _wrapped(line)


def _wrapped(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line, WIDTH, subsequent_indent=indent + "  ", break_long_words=False, break_on_hyphens=False
    )


def _lines(found: Analysis) -> Iterator[str]:
    yield from _head(found)
    yield from _score(found)
    yield from _comments(found)
    yield from _trend(found)
    for each in found.segments:
        yield from _segments(each)
    yield from _rest(found)
    if found.warnings:
        yield from ("", "Mind")
        yield from (f"  {line}" for line in found.warnings)
    yield from ("", "What this file cannot say")
    yield from (f"  {line}" for line in found.cannot_say)


def _head(found: Analysis) -> Iterator[str]:
    file = found.file
    yield f"{file['name']}: {file['rows']:,} rows ({file['written']})"
    if file["broken_rows"]:
        yield f"  {file['broken_rows']:,} rows do not fit the columns and are left out."
    guessed = set(found.guessed)
    for role, label in (
        ("score", "score"), ("comment", "comment"), ("date", "date"), ("account", "account"),
    ):  # fmt: skip
        name = found.columns[role]
        if name:
            yield f"  {label:<9}{name}{'   (guessed)' if role in guessed else ''}"
    if found.columns["segments"]:
        names = ", ".join(found.columns["segments"])
        yield f"  {'by':<9}{names}{'   (guessed)' if 'segment' in guessed else ''}"


def interval(figure: Figure) -> str:
    if figure.score is None or figure.low is None or figure.high is None:
        return "no answers"
    return f"{points(figure.score)}  [{points(figure.low)} to {points(figure.high)}]"


def points(value: float) -> str:
    text = f"{abs(value):.0f}"
    return f"−{text}" if value < 0 and text != "0" else text


def period_label(start: str, window: str) -> str:
    year, month, _ = start.split("-")
    match window:
        case "year":
            return year
        case "quarter":
            return f"{year} Q{(int(month) + 2) // 3}"
        case "month":
            return f"{year}-{month}"
        case _:
            return start


def _score(found: Analysis) -> Iterator[str]:
    overall = found.overall
    yield ""
    asked = f"{overall.n:,} answers, scale {found.scale['label']}"
    yield f"Net promoter score  {interval(overall)}   {asked}"
    for label, count in (
        ("Promoters", overall.promoters), ("Passives", overall.passives),
        ("Detractors", overall.detractors),
    ):  # fmt: skip
        share = count / overall.n if overall.n else 0.0
        yield f"  {label:<11}{share:>6.1%}  {count:>9,}"
    yield ""
    most = max(found.histogram) or 1
    scale = Scale(found.scale["used"])
    for number in range(scale.highest, scale.lowest - 1, -1):
        count = found.histogram[scales.stands_for(number, scale)]
        bar = "█" * round(BAR * count / most)
        yield f"  {number:>2} {bar:<{BAR}} {count:>9,}"
    for missing in found.missing:
        shown = f" ({', '.join(missing.examples)})" if missing.examples else ""
        cells = "cell holds" if missing.count == 1 else "cells hold"
        yield f"  {missing.count:,} {cells} no score: {missing.label}{shown}"
    yield f"  {found.noticeable}"


def _comments(found: Analysis) -> Iterator[str]:
    if found.comments is None:
        return
    low, high = COMMENTS_USUAL
    yield ""
    yield (
        f"Comments  {found.comments.ratio:.0%} wrote one "
        f"({found.comments.with_comment:,}); {low:.0%} to {high:.0%} is usual."
    )
    if found.comments.says_nothing:
        yield f"  {found.comments.says_nothing:,} of them say nothing, such as “none” or “-”."
    labels = ("promoters", "passives", "detractors")
    shares = [
        f"{label} {ratio:.0%}"
        for label, ratio in zip(labels, found.comments.by_group, strict=True)
        if ratio is not None
    ]
    yield f"  {', '.join(shares)}."
    if found.comments.ratio < 1:
        yield "  Who wrote nothing wants an answer too."


def _trend(found: Analysis) -> Iterator[str]:
    if found.trend is None:
        return
    yield ""
    yield f"By {found.trend.window}"
    for point in found.trend.points:
        mark = {"rise": "▲", "fall": "▼"}.get(point.change, " ")
        label = period_label(point.start, found.trend.window)
        yield f"  {label:<10}  {mark} {interval(point.figure):<28} {point.figure.n:>9,}"
    yield f"  {found.trend.last}" if found.trend.last else ""
    if found.mix is not None and found.mix.verdict in {"mix", "real"}:
        yield (
            f"  By {found.mix.column}: {points(found.mix.rate)} points because people answered "
            f"otherwise, {points(found.mix.mix)} because others answered."
        )


def _segments(found: Segments) -> Iterator[str]:
    if not found.segments and not found.small:
        return
    yield ""
    yield f"By {found.column}"
    width = max((len(each.value) for each in found.segments), default=0)
    for each in found.segments:
        verdict = {"above": "above the rest", "below": "below the rest"}.get(each.differs, "")
        yield (
            f"  {each.value:<{min(width, 40)}}  {interval(each.figure):<24} "
            f"{each.figure.n:>9,}  {verdict}".rstrip()
        )
    if found.segments and not any(each.differs for each in found.segments):
        yield "  None differs from the rest beyond chance."
    if found.small:
        yield (
            f"  {found.small} more with fewer than 30 answers each "
            f"({found.small_answers:,} in all) are not ranked."
        )


def _rest(found: Analysis) -> Iterator[str]:
    yield from _ratings(found)
    if found.accounts is not None:
        accounts = found.accounts
        yield ""
        yield (
            f"Accounts  {accounts['accounts']:,}; each counted once the score is "
            f"{points(accounts['score'])}. {accounts['with_a_detractor']:,} have a detractor; of "
            f"{accounts['of_one_person']:,} one person answered."
        )
        worth = found.overall.effective_n
        if worth is not None and worth < found.overall.n:
            n = found.overall.n
            yield f"          {n:,} answers are worth {round(worth):,} independent ones:"
            yield "          people of one account think alike. Every interval allows for it."
    if found.drivers is not None:
        yield from _drivers(found.drivers)
    if found.leaving is not None:
        yield from _leaving(found.leaving)
    if found.revenue:
        yield ""
        yield "Revenue"
        for row in found.revenue:
            share = f"{row['share']:.1%}" if row["share"] is not None else "—"
            yield f"  {row['group'].capitalize() + 's':<11} {row['revenue']:>16,.0f}  {share:>6}"


def _ratings(found: Analysis) -> Iterator[str]:
    told = (
        ("Satisfaction", found.satisfaction, ratings.tell_satisfaction),
        ("Effort", found.effort, ratings.tell_effort),
    )
    for heading, figure, tell_it in told:
        if figure is not None:
            yield from ("", heading)
            yield from (f"  {sentence}" for sentence in tell_it(figure))


def _drivers(found: dict[str, Any]) -> Iterator[str]:
    yield ""
    answers = f"{found['n']:,} complete answers"
    yield f"What goes along with the score: {found['r2']:.0%} of it, on {answers}"
    for each in found["drivers"]:
        limits = f"  [{each['low']:.1%} to {each['high']:.1%}]" if each["low"] is not None else ""
        yield f"  {each['name']:<34.34} {each['lmg']:>6.1%}{limits}"
    yield "  Going along with is not causing."


def _leaving(found: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "Who left"
    for rate in found["rates"]:
        if rate["ratio"] is not None:
            name = f"{Group(rate['group']).value.capitalize()}s"
            yield (
                f"  {name:<11} {rate['ratio']:>6.1%}  [{rate['low']:.1%} to {rate['high']:.1%}]  "
                f"{rate['left']:,} of {rate['n']:,}"
            )
    yield f"  {relation(found)}"


def relation(found: Mapping[str, Any]) -> str:
    """Whether the score has to do with who left."""
    words = _RELATIONS[found["relation"]]
    if found["auc"] is not None and found["relation"] != "none":
        words += (
            ": of one who left and one who stayed, the one who left had given less in "
            f"{found['auc']:.0%} of cases [{found['low']:.0%} to {found['high']:.0%}]; "
            "a coin gives 50 %."
        )
    return words


_RELATIONS = {
    "none": "No relation between the score and leaving was found.",
    "lower_leave": "Who gave less left more often",
    "higher_leave": "Who gave more left more often",
    "not_enough": "Too few left, or too few stayed, to tell whether the score has to do with it.",
}
