"""What every page of figures has around its figures: the filter as a sentence, and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.urls import reverse

from afterscore.domain import calendars, withholding
from afterscore.domain.spans import Preset, Span
from afterscore.insights import analyses
from afterscore.insights.analyses import Condition, Dimension, Kind, Question
from afterscore.insights.composition import sentences
from afterscore.insights.composition.asking import CUSTOM, Asked
from afterscore.insights.composition.sentences import Phrase
from afterscore.insights.queries import pulse
from afterscore.kit.templatetags import display
from afterscore.programs.models import Wave
from afterscore.workspaces.models import Workspace

PAGES = {
    "pulse": ("Pulse", "insights:pulse"),
    "score": ("Score", "score:score"),
    "compare": ("Compare", "score:compare"),
    "explore": ("Explore", "score:explore"),
    "health": ("Health", "score:health"),
}
OF_WAVES = {"pulse", "health"}
"""Pages of a wave: what else is in the filter goes along, and does not narrow them."""

_MEASURED = {
    Kind.NUMBER: "but that is not a number such as 1200.50.",
    Kind.DATE: "but that is not a day such as 2026-05-31.",
}
"""Kinds whose values have an order; what is said of one that is written otherwise."""

_GONE = "which nobody can tell any more: that attribute is gone, or holds something else now."


@dataclass(frozen=True, slots=True)
class Lost:
    """A part of the filter that means nothing, and why: the end of a sentence."""

    phrase: Phrase
    why: str


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses for people who are signed in; on a shared page there are none, and figures stand
    without a link."""

    slug: str = ""

    def page(self, page: str, asked: Asked) -> str:
        return self._to(PAGES[page][1], asked)

    def explain(self, asked: Asked, **figure: str) -> str:
        return self._to("score:explain", asked.bare().asking(**figure))

    def answers(self, question: Question) -> str:
        """How the score of these answers comes about."""
        span = Span(question.since, question.until)
        return self.explain(Asked(CUSTOM, span, tuple(question.conditions)))

    def figure(self, view: str, *arguments: str, **figure: str) -> str:
        """What explains a figure that is of no filter."""
        return self._to(view, Asked.nothing().asking(**figure), *arguments)

    def table(self, page: str, table: str, asked: Asked) -> str:
        return self._to("score:csv", asked, page, table)

    def chooser(self, page: str, asked: Asked) -> str:
        return self._to("score:filter", asked, page)

    def _to(self, view: str, asked: Asked, *arguments: str) -> str:
        if not self.slug:
            return ""
        return reverse(view, args=[self.slug, *arguments]) + asked.address


@dataclass(frozen=True, slots=True)
class Pick:
    """One choice of a page besides its filter, sent as it is changed."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]
    hidden: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Frame:
    """`asked` is what is shown: parts of the filter that mean nothing any more are in `lost`, are
    left out of the figures, and stay in the address (`kept`)."""

    workspace: Workspace
    page: str
    asked: Asked
    kept: Asked
    lost: tuple[Lost, ...]
    dimensions: tuple[Dimension, ...]
    links: Links
    now: datetime
    today: date
    shows_words: bool = True  # verbatims
    wave: Wave | None = None
    waves: tuple[Wave, ...] = ()

    @property
    def wave_choices(self) -> list[tuple[str, str, bool]]:
        return [(each.public_id, wave_words(each), each == self.wave) for each in self.waves]

    @property
    def phrases(self) -> list[Phrase]:
        found = sentences.phrases(self.asked, self.dimensions)
        lost = tuple(each.phrase.condition for each in self.lost)
        return [
            replace(
                each, without=replace(each.without, conditions=(*each.without.conditions, *lost))
            )
            for each in found
        ]

    @property
    def sentence(self) -> str:
        """Of what the page is; pages of a wave say which one."""
        if self.wave is not None:
            return wave_sentence(self.wave)
        return sentences.sentence(self.asked, self.dimensions, today=self.today)

    @property
    def period_words(self) -> str:
        return sentences.period_words(self.asked, today=self.today)

    @property
    def periods(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen; a custom one stands first."""
        custom = [("", self.period_words, True)] if self.asked.period == CUSTOM else []
        return custom + [
            (preset.value, preset.words, preset.value == self.asked.period) for preset in Preset
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """For forms that change the period alone."""
        names = {"period", "since", "to"}
        return [(name, value) for name, value in self.kept.pairs if name not in names]

    @property
    def chooser_url(self) -> str:
        return self.links.chooser(self.page, self.kept)

    @property
    def clear_url(self) -> str:
        return self.links.page(self.page, replace(self.kept, conditions=()))

    @property
    def ever_url(self) -> str:
        return self.links.page(self.page, self.kept.everything())

    @property
    def is_shared(self) -> bool:
        return not self.links.slug

    @property
    def tabs(self) -> list[tuple[str, str, str]]:
        """Key, name and address; the filter goes along, what only one page asks does not."""
        moved = self.kept.bare()
        return [
            (key, PAGES[key][0], self.links.page(key, moved)) for key in PAGES if key != "compare"
        ]

    @property
    def has_files(self) -> bool:
        """Whether charts come as files, too."""
        return not self.is_shared

    def hides(self, answers: int) -> bool:
        """Whether so few are not told to strangers."""
        return self.is_shared and withholding.is_few(answers)

    def withholds(self, counts: Mapping[str, int], *, unshown: int = 0) -> frozenset[str]:
        """What strangers are not told of the parts of a whole that is shown."""
        if not self.is_shared:
            return frozenset()
        return withholding.withheld(counts, unshown=max(unshown, 0))

    @property
    def title(self) -> str:
        return PAGES[self.page][0]

    @property
    def tab(self) -> str:
        """Comparing belongs to the score."""
        return "score" if self.page == "compare" else self.page

    @property
    def compare_url(self) -> str:
        return self.links.page("compare", self.kept.bare())

    @property
    def score_url(self) -> str:
        return self.links.page("score", self.kept.bare())

    @property
    def own_url(self) -> str:
        """Without a query."""
        return self.links.page(self.page, Asked.nothing())

    @property
    def subject(self) -> str:
        return "Answers"

    @property
    def since_text(self) -> str:
        since = self.asked.span.since if self.asked.period == CUSTOM else None
        return since.isoformat() if since else ""

    @property
    def last_text(self) -> str:
        last = self.asked.span.last if self.asked.period == CUSTOM else None
        return last.isoformat() if last else ""

    def pick(self, name: str, label: str, options: Iterable[tuple[str, str]], value: str) -> Pick:
        hidden = [pair for pair in self.kept.pairs if pair[0] != name]
        return Pick(
            name, label, tuple((each, words, each == value) for each, words in options), hidden
        )

    def pick_dimension(
        self, name: str, label: str, key: str, *, without: str = "", is_one: bool = False
    ) -> Pick:
        options = [
            (each.key, each.label)
            for each in self.groupable
            if each.key != without and not (is_one and each.is_many)
        ]
        return self.pick(name, label, options, key)

    def dimension(self, key: str) -> Dimension | None:
        return next((each for each in self.dimensions if each.key == key), None)

    def say(self, key: str, value: str) -> str:
        """A value of a dimension in words; what is not known is said to be so."""
        if not value:
            return "Not known"
        words = sentences.value_words(key, value, self.dimension(key))
        return words[:1].upper() + words[1:]

    def choose(
        self, wanted: str, *preferred: str, other_than: str = "", is_one: bool = False
    ) -> str:
        """A dimension to group by: the wanted one if it can be, else the first that tells the
        answers apart; "" where there is none. With `is_one` an answer stands under one value."""
        keys = [
            each.key
            for each in self.groupable
            if each.key != other_than and not (is_one and each.is_many)
        ]
        return next((key for key in (wanted, *preferred, *keys) if key in keys), "")

    @property
    def groupable(self) -> list[Dimension]:
        return [each for each in self.dimensions if each.kind == "choice" and each.values]


def frame_of(
    *,
    workspace: Workspace,
    page: str,
    asked: Asked,
    now: datetime,
    links: Links,
    shows_words: bool = True,
) -> Frame:
    zone = calendars.zone_or(workspace.time_zone, "UTC")
    is_filtered = page not in OF_WAVES
    dimensions = tuple(analyses.list_dimensions(workspace=workspace)) if is_filtered else ()
    shown, lost = _apart(asked, dimensions) if is_filtered else ((), ())
    gone = tuple(_lost(each, asked, dimensions) for each in lost)
    waves = () if is_filtered else tuple(pulse.list_waves(workspace=workspace))
    wave = None if is_filtered else pulse.choose_wave(waves=waves, public_id=asked.get("wave"))
    return Frame(
        workspace,
        page,
        replace(asked, conditions=shown),
        asked,
        gone,
        dimensions,
        links,
        now,
        calendars.local_day(now, zone),
        shows_words,
        wave,
        waves,
    )


def wave_words(wave: Wave) -> str:
    return f"{wave.program.name}, wave {wave.number}"


def wave_sentence(wave: Wave) -> str:
    return f"{wave_words(wave)}, of {display.day(wave.launched_at)}"


def _apart(
    asked: Asked, dimensions: Sequence[Dimension]
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    known = {each.key: each for each in dimensions}
    holds = [_can_be_asked(each, known.get(each.dimension)) for each in asked.conditions]
    pairs = list(zip(asked.conditions, holds, strict=True))
    return (
        tuple(each for each, is_known in pairs if is_known),
        tuple(each for each, is_known in pairs if not is_known),
    )


def _can_be_asked(condition: Condition, dimension: Dimension | None) -> bool:
    if dimension is None:
        return False
    if dimension.kind in _MEASURED:
        return all(dimension.kind.holds(value) for value in condition.values)
    return condition.operator not in {"at_least", "at_most"}


def _lost(condition: Condition, asked: Asked, dimensions: Sequence[Dimension]) -> Lost:
    dimension = next((each for each in dimensions if each.key == condition.dimension), None)
    why = _MEASURED.get(dimension.kind, _GONE) if dimension else _GONE
    return Lost(sentences.phrase(condition, dimension, asked.minus(condition)), why)


def frozen(frame: Frame) -> Asked:
    """With days in place of "the last 90 days", and the wave where it was the latest: what is shown
    later is what was looked at."""
    asked = frame.asked
    if frame.wave is not None:
        return Asked.nothing().asking(wave=frame.wave.public_id)
    if asked.period in {CUSTOM, Preset.ALL.value}:
        return asked
    return asked.within(asked.span)


MOST_OFFERED = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """A value to tick; `value` as it stands in addresses."""

    value: str
    label: str
    answers: int
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Chooser:
    """A dimension in the form behind "Filter"."""

    dimension: Dimension
    offers: tuple[Offer, ...]
    is_not: bool
    is_empty: bool
    least: str
    most: str

    @property
    def key(self) -> str:
        return self.dimension.key

    @property
    def is_used(self) -> bool:
        ticked = any(offer.is_ticked for offer in self.offers)
        return bool(ticked or self.is_empty or self.least or self.most)


def choosers(frame: Frame) -> Iterator[Chooser]:
    """Of every dimension, with what is chosen now; ticked values are offered also where nobody has
    answered with them."""
    used = {each.dimension for each in frame.asked.conditions}
    ordered = sorted(frame.dimensions, key=lambda each: _place_in_form(each.key, used))
    for dimension in ordered:
        held = {
            each.operator: each.values
            for each in frame.asked.conditions
            if each.dimension == dimension.key
        }
        ticked = held.get("is", held.get("is_not", ()))
        yield Chooser(
            dimension,
            tuple(_offers(frame, dimension, ticked)),
            is_not="is_not" in held,
            is_empty="is_empty" in held,
            least=next(iter(held.get("at_least", ())), ""),
            most=next(iter(held.get("at_most", ())), ""),
        )


def _place_in_form(key: str, used: set[str]) -> tuple[bool, int]:
    """What is in the filter first, then by what customers are usually told apart."""
    usual = _USUAL.index(key) if key in _USUAL else len(_USUAL)
    return (key not in used, usual)


_USUAL = (
    "account.plan",
    "account.industry",
    "account.country",
    "account.lifecycle_stage",
    "contact.persona",
    "contact.language",
    "program",
    "wave",
    "theme",
    "owner",
)


def _offers(frame: Frame, dimension: Dimension, ticked: Sequence[str]) -> Iterator[Offer]:
    counts = {each.value: each.answers for each in dimension.values[:MOST_OFFERED]}
    for value in (*counts, *(value for value in ticked if value not in counts)):
        label = frame.say(dimension.key, value)
        yield Offer(value, label, counts.get(value, 0), value in ticked)
