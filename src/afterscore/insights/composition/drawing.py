"""The charts of a report, with words of its language."""

from __future__ import annotations

from afterscore.insights import charts
from afterscore.insights.charts import Chart, Point, Words
from afterscore.insights.composition.telling import Teller
from afterscore.insights.languages import figures


def drawn(teller: Teller) -> dict[str, Chart]:
    """By the section they belong to; nothing is drawn of nothing."""
    if not teller.contents.has_answers:
        return {}
    found = {"score": _histogram(teller)}
    if len(teller.contents.trend) > 1:
        found["trend"] = _trend(teller)
    return found


def _histogram(teller: Teller) -> Chart:
    return charts.histogram(
        teller.contents.measured.histogram,
        title=teller.say("histogram_title"),
        words=_words(teller),
    )


def _trend(teller: Teller) -> Chart:
    points = [
        Point(
            label=figures.month(teller.phrases, point.month),
            n=point.measured.tally.n,
            score=point.measured.tally.score,
            low=point.measured.low,
            high=point.measured.high,
        )
        for point in teller.contents.trend
    ]
    return charts.trend(points, title=teller.say("trend_section"), words=_words(teller))


def _words(teller: Teller) -> Words:
    say = teller.say
    return Words(
        period=say("month"),
        answers=say("n"),
        score=say("score_column"),
        low=say("from"),
        high=say("to"),
        change=say("change"),
        rise=say("rise_word"),
        fall=say("fall_word"),
        promoters=say("promoter_group"),
        passives=say("passive_group"),
        detractors=say("detractor_group"),
        group=say("group"),
        share=say("share"),
        limits_note=say("limits_note"),
        locale="" if teller.phrases.code == "en" else teller.phrases.locale,
        is_rtl=teller.phrases.direction == "rtl",
    )
