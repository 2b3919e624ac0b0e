"""Findings in words and bars, for a terminal of eighty columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from afterscore.domain import scales
from afterscore.domain.nps import Group
from afterscore.domain.scales import Scale
from afterscore.insights.files import changing, parts, ratings
from afterscore.insights.files.findings import Analysis, Figure, Segments
from afterscore.insights.files.speaking import Speech

BAR = 40
WIDTH = 80
WIDEST_NAME = 28
_NARROW = "[^\\s\u0e00-\u0e7f\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]"
_AFTER = "[、。，．：；！？」』）〉》】・ー\u0e30-\u0e3a\u0e45-\u0e4e]"
_PIECE = re.compile(f"(?:{_NARROW}+|\\S){_AFTER}*\\s*")
"""A word, or one letter of a language that sets no spaces, with what may not begin a line."""


def tell(found: Analysis, speech: Speech) -> Iterator[str]:
    """Lines of at most eighty letters, but for names that are longer."""
    for line in _lines(found, speech):
        yield from wrapped(line)


def wrapped(line: str) -> list[str]:
    """What follows the first line stands two letters further in."""
    indent = line[: len(line) - len(line.lstrip())]
    lines, now = [], indent
    for piece in _PIECE.findall(line.lstrip()):
        if width_of(now + piece.rstrip()) > WIDTH and now.strip():
            lines.append(now.rstrip())
            now = f"{indent}  "
        now += piece
    return [*lines, now.rstrip()]


def _lines(found: Analysis, speech: Speech) -> Iterator[str]:
    yield from _head(found, speech)
    yield from _score(found, speech)
    if found.comments is not None:
        yield from _section(speech.say("comments"), parts.comments_of(found.comments, speech))
        yield from _of_groups(found.comments.by_group, speech)
    yield from _trend(found, speech)
    for each in found.segments:
        yield from _segments(each, speech)
    yield from _rest(found, speech)
    yield from _section(speech.say("mind"), parts.minds_of(found, speech))
    yield from _section(speech.say("cannot"), parts.unsaid_of(found, speech))


def _section(heading: str, sentences: Sequence[str] | Iterator[str]) -> Iterator[str]:
    """Nothing where nothing is to be said."""
    if said := list(sentences):
        yield from ("", heading, *(f"  {sentence}" for sentence in said))


def padded(text: str, width: int) -> str:
    """To the same width on the terminal, where some letters take two places and marks none."""
    return text + " " * max(0, width - width_of(text))


def shortened(text: str, width: int) -> str:
    """With an ellipsis where it is wider; reports and JSON have all of it."""
    if width_of(text) <= width:
        return text
    while width_of(text) >= width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def width_of(text: str) -> int:
    return sum(
        0 if unicodedata.category(each) in {"Mn", "Me", "Cf"}
        else 2 if unicodedata.east_asian_width(each) in {"W", "F"}
        else 1
        for each in text
    )  # fmt: skip


def _head(found: Analysis, speech: Speech) -> Iterator[str]:
    yield str(found.file["name"])
    yield from (f"  {sentence}" for sentence in parts.rows_of(found, speech))
    columns = list(parts.columns_of(found, speech))
    widest = max(width_of(label) for label, _, _ in columns)
    for label, names, is_guessed in columns:
        guessed = f"   ({speech.say('guessed')})" if is_guessed else ""
        yield f"  {padded(label, widest)}  {', '.join(names)}{guessed}"


def interval(figure: Figure, speech: Speech) -> str:
    if figure.score is None or figure.low is None or figure.high is None:
        return speech.say("no_answers")
    low, high = speech.points(figure.low), speech.points(figure.high)
    return f"{speech.points(figure.score)}  [{speech.span(low, high)}]"


def _score(found: Analysis, speech: Speech) -> Iterator[str]:
    overall = found.overall
    yield ""
    scale = speech.scale(found.scale["used"])
    asked = speech.say("asked", n=speech.count(overall.n), scale=scale)
    line = f"{speech.say('nps')}  {interval(overall, speech)}"
    together = f"{line}   {asked}"
    yield from [together] if width_of(together) <= WIDTH else [line, f"  {asked}"]
    tallies = (overall.promoters, overall.passives, overall.detractors)
    words = [speech.group(group) for group in Group]
    widest = max(map(width_of, words))
    for word, count in zip(words, tallies, strict=True):
        share = speech.percent(count / overall.n if overall.n else 0.0, 1)
        yield f"  {padded(word, widest)}  {share:>7}  {speech.count(count):>9}"
    yield ""
    most = max(found.histogram) or 1
    used = Scale(found.scale["used"])
    for number in range(used.highest, used.lowest - 1, -1):
        count = found.histogram[scales.stands_for(number, used)]
        bar = "█" * round(BAR * count / most)
        yield f"  {number:>2} {bar:<{BAR}} {speech.count(count):>9}"
    for missing in found.missing:
        shown = f" ({', '.join(missing.examples)})" if missing.examples else ""
        label = speech.say(missing.reason)
        yield f"  {found.columns['score']}, {label}: {speech.count(missing.count)}{shown}"
    yield f"  {changing.noticeable(found, speech)}"


def _of_groups(ratios: Sequence[float | None], speech: Speech) -> Iterator[str]:
    shares = [
        f"{speech.group(group)} {speech.percent(ratio)}"
        for group, ratio in zip(Group, ratios, strict=True)
        if ratio is not None
    ]
    yield f"  {' · '.join(shares)}"


def _trend(found: Analysis, speech: Speech) -> Iterator[str]:
    trend = found.trend
    if trend is None:
        return
    yield from ("", speech.say(f"by_{trend.window}"))
    labels = [speech.period(point.start, trend.window) for point in trend.points]
    widest = max(map(width_of, labels))
    for point, label in zip(trend.points, labels, strict=True):
        mark = {"rise": "▲", "fall": "▼"}.get(point.change, " ")
        shown = padded(interval(point.figure, speech), 28)
        yield f"  {padded(label, widest)}  {mark} {shown} {speech.count(point.figure.n):>9}"
    last = changing.sentences_of(trend, speech)[-1]
    yield f"  {last}" if last else ""
    if mixed := parts.mix_of(found, speech):
        yield f"  {mixed}"
    if through := changing.through(trend, speech):
        yield f"  {through}"


def _segments(found: Segments, speech: Speech) -> Iterator[str]:
    if not found.segments and not found.small:
        return
    yield from ("", speech.say("by", column=found.column))
    widest = max((width_of(each.value) for each in found.segments), default=0)
    for each in found.segments:
        name = padded(shortened(each.value, WIDEST_NAME), min(widest, WIDEST_NAME))
        shown = padded(interval(each.figure, speech), 20)
        verdict = speech.say(each.differs) if each.differs else ""
        yield f"  {name}  {shown} {speech.count(each.figure.n):>9}  {verdict}".rstrip()
    yield from (f"  {sentence}" for sentence in parts.unranked(found, speech))


def _rest(found: Analysis, speech: Speech) -> Iterator[str]:
    if found.satisfaction is not None:
        said = ratings.tell_satisfaction(found.satisfaction, speech)
        yield from _section(speech.say("satisfaction"), said)
    if found.effort is not None:
        yield from _section(speech.say("effort"), ratings.tell_effort(found.effort, speech))
    yield from _section(speech.say("companies"), parts.accounts_of(found, speech))
    if found.drivers is not None:
        yield from _drivers(found.drivers, speech)
    if found.leaving is not None:
        yield from _leaving(found.leaving, speech, str(found.columns["churn"]))
    if found.revenue:
        yield from ("", speech.say("revenue"))
        widest = max(width_of(speech.group(row["group"])) for row in found.revenue)
        for row in found.revenue:
            share = speech.percent(row["share"], 1) or "—"
            amount = speech.number(row["revenue"], 0)
            yield f"  {padded(speech.group(row['group']), widest)} {amount:>16}  {share:>7}"
        yield from (f"  {sentence}" for sentence in parts.without_revenue(found, speech))


def _drivers(found: dict[str, Any], speech: Speech) -> Iterator[str]:
    yield from ("", speech.say("drivers"))
    for each in found["drivers"]:
        name, share = padded(shortened(each["name"], 34), 34), speech.percent(each["lmg"], 1)
        yield f"  {name} {share:>7}{_limits(each, speech)}".rstrip()
    ratio, n = speech.percent(found["r2"]), speech.count(found["n"])
    yield f"  {speech.say('drivers_said', ratio=ratio, n=n)}"
    if found["incomplete"]:
        yield f"  {speech.say('incomplete', n=speech.count(found['incomplete']))}"


def _leaving(found: dict[str, Any], speech: Speech, column: str) -> Iterator[str]:
    yield from ("", speech.say("left_column"))
    rates = [rate for rate in found["rates"] if rate["ratio"] is not None]
    widest = max((width_of(speech.group(rate["group"])) for rate in rates), default=0)
    for rate in rates:
        name, share = padded(speech.group(rate["group"]), widest), speech.percent(rate["ratio"], 1)
        of = f"{speech.count(rate['left'])} / {speech.count(rate['n'])}"
        yield f"  {name} {share:>7}{_limits(rate, speech)}  {of}"
    yield from (f"  {sentence}" for sentence in parts.leaving_of(found, speech, column))


def _limits(found: dict[str, Any], speech: Speech) -> str:
    if found["low"] is None:
        return ""
    low, high = speech.percent(found["low"], 1), speech.percent(found["high"], 1)
    return f"  [{speech.span(low, high)}]"
