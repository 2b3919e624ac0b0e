"""What is said of a file, in the reader's language: phrases, numbers, shares, days and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from afterscore.domain.nps import Group
from afterscore.domain.scales import Scale
from afterscore.insights import languages
from afterscore.insights.charts import Words, wording
from afterscore.insights.files.findings import Analysis, Saying
from afterscore.insights.languages import Phrases, figures

MOST_LISTED = 5
_ALONE, _TOGETHER = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_NAMES = {"column", "name", "known", "option", "written"}
_GROUPS = {
    Group.PROMOTER: "promoter_group",
    Group.PASSIVE: "passive_group",
    Group.DETRACTOR: "detractor_group",
}
_SAID_AS = {"ratio": "percent", "month": "month", "scale": "scale", "before": "scale",
    "after": "scale", "n": "count"}  # fmt: skip
"""Of the values of a saying; others are said as they stand."""


@dataclass(frozen=True)
class Speech:
    phrases: Phrases

    @property
    def is_english(self) -> bool:
        return self.phrases.code == languages.DEFAULT

    @property
    def arrow(self) -> str:
        return "←" if self.phrases.direction == "rtl" else "→"

    def say(self, key: str, **values: object) -> str:
        """Names of the file do not mix with the numbers beside them where text runs from right to
        left: they stand by themselves."""
        values |= {name: self.alone(str(values[name])) for name in _NAMES & values.keys()}
        return self.phrases.say(key, **values)

    def alone(self, name: str) -> str:
        return f"{_ALONE}{name}{_TOGETHER}" if self.phrases.direction == "rtl" else name

    def count(self, number: int) -> str:
        return wording.count(number, self.words)

    def points(self, score: float | None) -> str:
        return wording.points(score, self.words)

    def percent(self, ratio: float | None, digits: int = 0) -> str:
        return wording.percent(ratio, digits, self.words)

    def number(self, value: float, digits: int) -> str:
        return figures.fixed(self.phrases, value, digits)

    def interval(self, low: str, high: str) -> str:
        return self.say("interval", low=low, high=high)

    def span(self, low: str, high: str) -> str:
        """As short as it gets, for brackets."""
        return f"{low} {'to' if self.is_english else '…'} {high}"

    def limits(self, low: float | None, high: float | None) -> str:
        """Those of a score; empty without answers."""
        if low is None or high is None:
            return ""
        return self.interval(self.points(low), self.points(high))

    def group(self, group: str) -> str:
        return self.say(_GROUPS[Group(group)])

    def scale(self, value: str) -> str:
        scale = Scale(value)
        return self.say("scale", low=scale.lowest, high=scale.highest)

    def listed(self, texts: Sequence[str]) -> str:
        shown, rest = list(texts[:MOST_LISTED]), len(texts) - MOST_LISTED
        return figures.several(self.phrases, shown) + (f" (+{rest})" if rest > 0 else "")

    def month(self, start: str) -> str:
        return figures.whole_month(self.phrases, date.fromisoformat(start))

    def period(self, start: str, window: str) -> str:
        return figures.period(self.phrases, date.fromisoformat(start), window)

    def saying(self, said: Saying) -> str:
        values: dict[str, Any] = {
            name: getattr(self, _SAID_AS[name])(value) if name in _SAID_AS else value
            for name, value in said.values.items()
        }
        return self.say(said.key, **values)

    def sayings(self, found: Analysis, part: str) -> tuple[str, ...]:
        return tuple(self.saying(each) for each in found.said if each.part == part)

    @cached_property
    def words(self) -> Words:
        """For charts."""
        say = self.say
        return Words(
            period=say("period"), answers=say("n"), score=say("score_column"), low=say("from"),
            high=say("to"), change=say("change"), rise=say("rise_word"), fall=say("fall_word"),
            promoters=say("promoter_group"), passives=say("passive_group"),
            detractors=say("detractor_group"), group=say("group"), share=say("share"),
            estimate=say("pooled"), all_together=say("all"), against=say("against"),
            above=say("above"), below=say("below"), limits_note=say("limits_note"),
            pooled_note=say("pooled_note"), share_note=say("share_note"),
            locale="" if self.is_english else self.phrases.locale,
            is_rtl=self.phrases.direction == "rtl",
        )  # fmt: skip


@cache
def choose(wish: str = languages.DEFAULT) -> Speech:
    """In the language that somebody means, as far as there is one for reports on files; else in
    English."""
    return Speech(languages.choose_for_files(wish))


def choose_for(found: Analysis, wish: str) -> Speech:
    """An analysis kept from before its sentences had keys can only be told in English."""
    return choose(wish) if found.said else choose()
