"""The page "Health": who was asked, who answered, and how far the score may be believed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from afterscore.domain import bounds, compare, lateness, repetition
from afterscore.domain.bounds import Bounds
from afterscore.domain.coverage import Audit, Criterion, Crowd, Finding, Grade, Lean
from afterscore.domain.effects import Effect
from afterscore.domain.experiments import Finding as Trial
from afterscore.domain.health import Rate
from afterscore.insights import charts
from afterscore.insights.analyses import Condition
from afterscore.insights.charts import Chart
from afterscore.insights.composition import scores
from afterscore.insights.composition.asking import Asked
from afterscore.insights.composition.frames import Frame
from afterscore.insights.queries import covering, pulse, scoring
from afterscore.insights.queries.covering import Coverage, Pair, Reach
from afterscore.insights.queries.pulse import Funnel, Measured
from afterscore.kit.templatetags.charts import DifferenceRow, FunnelStep
from afterscore.kit.templatetags.display import count, day, points, ratio
from afterscore.programs import queries as programs
from afterscore.programs.models import Wave
from afterscore.programs.queries import AskedBefore, ReminderEffect, TouchEffect, TouchHealth
from afterscore.programs.queries.frequency import MOST_APART

TOUCHES = {Effect.WORKED: "Yes.", Effect.DID_NOT: "No.", Effect.NOT_ENOUGH: "Can't tell yet."}
REMINDED = "reminder"
BY_DAYS = "days"
"""In place of a message that was kept from some by lot."""

_BY_CHANCE = {"Answered", "With a comment"}
"""Steps that people take of their own accord, so that chance has a part in them."""

CRITERIA = {
    Criterion.COMPLAINTS: ("Complaints", "a year, each"),
    Criterion.HEALTH: ("Health", "as another system tells it"),
    Criterion.USAGE: ("Usage", "signs of use in 90 days"),
    Criterion.TICKETS: ("Support tickets", "a year, each"),
    Criterion.REVENUE: ("Revenue", "a year, of the company"),
}
LEANS = {
    Lean.CANNOT_TELL: ("can't tell", "question", "quiet"),
    Lean.EVEN: ("alike", "check", "good"),
    Lean.FLATTERING: ("flatters the score", "alert", "warn"),
    Lean.UNFLATTERING: ("makes it look worse", "info", "busy"),
    Lean.DIFFERENT: ("different", "info", "busy"),
}
GRADES = {
    Grade.A: "Nothing speaks for picked customers.",
    Grade.B: "Slightly happier customers, or something that cannot be told.",
    Grade.C: "Clearly happier customers: the score looks better than it is.",
    Grade.D: "Far happier customers: this score says little about all of them.",
    Grade.UNKNOWN: "Can't tell: nothing is recorded by which happy customers could be told apart.",
}
FUNNEL_STEPS = ("eligible", "sent", "delivered", "answered", "commented")
"""As `funnel_steps` has them."""

BESIDE_STEPS = ("left_out", "bounced", "unsubscribed")
"""What their notes count."""

TOO_CLOSE = "Can't tell: with so few on one side, what is recorded does not decide it."
PAIRS = {
    Pair.ASKING: ("Was everybody asked?", "Asked", "Never asked"),
    Pair.ANSWERING: ("Who answered?", "Answered", "Silent"),
}
EXPLAIN_COVERAGE = "score:explain_coverage"
NOBODY_LEFT_OUT = "Nobody was left out: everybody whom one could ask was asked."


@dataclass(frozen=True, slots=True)
class EffectRow:
    """`words` are pieces of a sentence, each with the number that follows it; the numbers open
    `url`."""

    question: str
    answer: str
    words: tuple[tuple[str, str], ...]
    rows: tuple[DifferenceRow, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Lateness:
    early: Measured
    late: Measured
    found: lateness.Finding
    early_url: str
    late_url: str
    is_hidden: bool = False  # from strangers, both sides: one is the whole without the other
    explain_url: str = ""


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """The addresses are of both means and of their difference; "" where there is no such number."""

    name: str
    note: str
    finding: Finding
    badge: scores.Badge
    heard_url: str
    unheard_url: str
    difference_url: str

    @property
    def heard(self) -> str:
        return _mean(self.finding.heard)

    @property
    def unheard(self) -> str:
        return _mean(self.finding.unheard)


def _mean(crowd: Crowd) -> str:
    """With two decimals where they say something."""
    if not crowd.n:
        return "—"
    return f"{crowd.mean:,.0f}" if abs(crowd.mean) >= 100 else f"{crowd.mean:,.2f}"


@dataclass(frozen=True, slots=True)
class AuditRows:
    title: str
    heard: str
    unheard: str
    grade: str
    says: str
    rows: tuple[CriterionRow, ...]
    unknown: str

    @property
    def tone(self) -> str:
        return {"A": "good", "B": "good", "C": "warn", "D": "bad"}.get(self.grade, "quiet")


@dataclass(frozen=True, slots=True)
class CoveragePage:
    found: Coverage
    audits: tuple[AuditRows, ...]
    people_url: str
    asked_url: str
    answered_url: str


@dataclass(frozen=True, slots=True)
class HealthPage:
    frame: Frame
    wave: Wave
    funnel: Funnel
    measured: Measured
    steps: tuple[FunnelStep, ...]
    effects: tuple[EffectRow, ...]
    touches: tuple[TouchHealth, ...]
    lateness: Lateness | None
    frequency: tuple[AskedBefore, ...]
    frequency_hidden: frozenset[str]  # labels of what strangers are not told
    tiring: repetition.Curve | None
    bounds: Bounds | None
    bounds_url: str
    explain_url: str
    response_url: str
    funnel_urls: tuple[str, ...]
    beside_urls: tuple[str, ...]
    frequency_rows: tuple[tuple[AskedBefore, str], ...]

    @property
    def charts(self) -> list[Chart]:
        tiring = self.tiring_chart
        return [self.funnel_chart, *([tiring] if tiring else [])]

    @property
    def funnel_chart(self) -> Chart:
        stages = []
        for before, step in zip((None, *self.steps), self.steps, strict=False):
            known = Rate(min(step.count, before.count), before.count) if before else None
            limits = (known.low, known.high) if known is not None and known.n else (None, None)
            low, high = limits if step.label in _BY_CHANCE else (None, None)
            stages.append(
                charts.Stage(label=step.label, n=step.count, low=low, high=high, note=step.note)
            )
        return charts.funnel(stages, title="People of this wave")

    @property
    def tiring_chart(self) -> Chart | None:
        if self.tiring is None or len(self.tiring.points) < 2:
            return None
        hidden = {group.times for group in self.frequency if group.label in self.frequency_hidden}
        points = [
            charts.Point(label=str(each.requests), n=each.answered)
            if each.requests in hidden
            else charts.Point(
                label=str(each.requests) + ("+" if each.requests >= MOST_APART else ""),
                n=each.answered,
                score=each.score if each.answered >= compare.MINIMUM_ANSWERS else None,
                low=each.interval.low if each.interval else None,
                high=each.interval.high if each.interval else None,
            )
            for each in self.tiring.points
        ]
        return charts.trend(
            points,
            key="tiring",
            title="Score by how often people had been asked",
            axis="requests in the year before",
        )

    @property
    def tiring_urls(self) -> tuple[str, ...]:
        """Of the rows of its table."""
        urls = {group.times: url for group, url in self.frequency_rows}
        points = self.tiring.points if self.tiring else ()
        return tuple(urls.get(each.requests, "") for each in points)

    @property
    def launched(self) -> str:
        return day(self.wave.launched_at)

    @property
    def response_ratio(self) -> float | None:
        return self.measured.tally.n / self.funnel.sent if self.funnel.sent else None


def compose_health(frame: Frame) -> HealthPage | None:
    """None as long as nobody was ever asked."""
    wave = frame.wave
    if wave is None:
        return None
    funnel = pulse.funnel_of(workspace=frame.workspace, wave=wave)
    here = frame.asked.bare().everything().plus(Condition("wave", "is", (wave.public_id,)))
    measured = scoring.count(workspace=frame.workspace, question=here.question(), now=frame.now)
    tally = measured.tally

    def explain(figure: str, one: str) -> str:
        return frame.links.explain(here, figure=figure, wave=wave.public_id, one=one)

    frequency = tuple(programs.list_by_frequency(wave=wave))
    return HealthPage(
        frame=frame,
        wave=wave,
        funnel=funnel,
        measured=measured,
        steps=tuple(funnel_steps(funnel)),
        effects=tuple(_effects(frame, wave)),
        touches=tuple(programs.touches_health(waves=[wave])),
        lateness=_lateness(frame, wave, funnel.sent),
        frequency=frequency,
        frequency_hidden=frame.withholds(
            {group.label: group.scores.n for group in frequency},
            unshown=tally.n - sum(group.scores.n for group in frequency),
        ),
        tiring=_tiring(frequency),
        bounds=bounds.bounds(tally, asked=max(funnel.sent, tally.n)) if tally.n else None,
        bounds_url=frame.links.explain(here, figure="bounds", wave=wave.public_id),
        explain_url=frame.links.explain(here),
        response_url=explain("response", ""),
        funnel_urls=tuple(explain("funnel", step) for step in FUNNEL_STEPS),
        beside_urls=tuple(explain("funnel", step) if step else "" for step in _beside(funnel)),
        frequency_rows=tuple((each, explain("frequency", str(each.times))) for each in frequency),
    )


def _beside(funnel: Funnel) -> Iterator[str]:
    """What the note of each step counts; "" where it counts nobody."""
    counted = {"eligible": "left_out", "delivered": "bounced", "answered": "unsubscribed"}
    for step in FUNNEL_STEPS:
        name = counted.get(step, "")
        yield name if name and getattr(funnel, name) else ""


def _tiring(frequency: Sequence[AskedBefore]) -> repetition.Curve | None:
    """None where everybody was asked equally often."""
    if not frequency:
        return None
    people = {
        group.times: repetition.Requested(max(group.responses.n, group.scores.n), group.scores)
        for group in frequency
    }
    return repetition.curve(people, most=MOST_APART)


def funnel_steps(funnel: Funnel) -> Iterator[FunnelStep]:
    """What can be known. Openings are not among it: mail programs fetch pictures by themselves."""
    or_shown = " or shown" if funnel.shown else ""
    yield FunnelStep(
        label="May be asked", count=funnel.eligible, note=f"{funnel.left_out:,} not asked"
    )
    yield FunnelStep(label=f"Sent{or_shown}", count=funnel.sent)
    yield FunnelStep(
        label=f"Delivered{or_shown}",
        count=funnel.delivered,
        note=f"{funnel.bounced:,} bounced",
    )
    yield FunnelStep(
        label="Answered", count=funnel.answered, note=f"{funnel.unsubscribed:,} unsubscribed"
    )
    yield FunnelStep(label="With a comment", count=funnel.commented)


def _effects(frame: Frame, wave: Wave) -> Iterator[EffectRow]:
    """By the lots that were drawn; where there were none, by the days before and after."""
    waves = list(programs.list_waves(workspace=frame.workspace, program=wave.program))
    found = programs.list_effects(program=wave.program, waves=waves, now=frame.now)
    for effect in found:
        yield _by_lot(effect, _effect_url(frame, wave, effect.touch.key))
    if not found:
        spells = programs.reminder_effect(waves=[wave], now=frame.now)
        if spells.before.waiting:
            yield _by_days(spells, _effect_url(frame, wave, BY_DAYS))


def _effect_url(frame: Frame, wave: Wave, touch: str) -> str:
    return frame.links.figure("score:explain_effect", wave=wave.public_id, touch=touch)


def _by_days(spells: ReminderEffect, url: str) -> EffectRow:
    answer = TOUCHES[spells.verdict]
    if spells.verdict is not Effect.NOT_ENOUGH:
        answer = f"{answer.rstrip('.')}, as far as days tell."
    words = _pieces(
        "In the two days before it {} of those who had not answered did so, in the two days after "
        "it {}. Nobody was held out by lot who could be compared.",
        ratio(spells.before.ratio, 1),
        ratio(spells.after.ratio, 1),
    )
    return EffectRow("Did the reminder work?", answer, words, (), url)


def _pieces(words: str, *figures: str) -> tuple[tuple[str, str], ...]:
    """What stands before each {} and what is put there."""
    return tuple(zip_longest(words.split("{}"), figures, fillvalue=""))


def _by_lot(effect: TouchEffect, url: str) -> EffectRow:
    name = touch_name(effect)
    found = effect.answers
    row = DifferenceRow(
        label="All waves of the program",
        note=_short(found),
        difference=found.difference.difference if found.difference else None,
        low=found.difference.low if found.difference else None,
        high=found.difference.high if found.difference else None,
        tone={Effect.WORKED: "good", Effect.DID_NOT: "bad"}.get(found.verdict, ""),
        url=url,
    )
    question = f"Did {name} work?"
    return EffectRow(question, TOUCHES[found.verdict], _effect_words(found), (row,), url)


def touch_name(effect: TouchEffect) -> str:
    """As it stands in a sentence."""
    label = effect.touch.label
    name = label[:1].lower() + label[1:]
    return name if name.startswith("a ") else f"the {name}"


def _short(found: Trial) -> str:
    words = {Effect.WORKED: "works", Effect.DID_NOT: "does not"}
    return words.get(found.verdict, f"can't tell yet ({count(found.people)} people)")


def _effect_words(found: Trial) -> tuple[tuple[str, str], ...]:
    known = found.difference
    if known is None or found.verdict is Effect.NOT_ENOUGH:
        if not found.needed:
            return _pieces("{} people were counted so far.", count(found.people))
        return _pieces(
            "{} people were counted so far. It takes about {}.",
            count(found.people),
            count(found.needed),
        )
    low, high = (_hundred(value) for value in (known.low, known.high))
    if found.verdict is Effect.DID_NOT:
        return _pieces("Of a hundred people at most {} more answered because of it.", high)
    return _pieces(
        "Of a hundred people about {} more answered than without it, between {} and {}: about {} "
        "answers that would not have come.",
        _hundred(known.difference),
        low,
        high,
        count(found.gained),
    )


def _hundred(share: float) -> str:
    return points(100 * share, 1).removeprefix("+")


def _lateness(frame: Frame, wave: Wave, asked: int) -> Lateness | None:
    """Before the first reminder beside after one. None where no reminder brought an answer."""
    early, late = early_and_late(frame, wave)
    sides = [count_side(frame, each) for each in (early, late)]
    if not sides[1].tally.n:
        return None
    answered = sides[0].tally.n + sides[1].tally.n
    found = lateness.find(sides[0].tally, sides[1].tally, asked=max(asked, answered))
    return Lateness(
        sides[0],
        sides[1],
        found,
        frame.links.explain(early),
        frame.links.explain(late),
        is_hidden=any(frame.hides(side.tally.n) for side in sides),
        explain_url=frame.links.explain(
            frame.asked.bare().everything(), figure="lateness", wave=wave.public_id
        ),
    )


def early_and_late(frame: Frame, wave: Wave) -> tuple[Asked, Asked]:
    here = frame.asked.bare().everything().plus(Condition("wave", "is", (wave.public_id,)))
    early = here.plus(Condition("touch", "is_not", (REMINDED,)))
    return early, here.plus(Condition("touch", "is", (REMINDED,)))


def count_side(frame: Frame, side: Asked) -> Measured:
    return scoring.count(workspace=frame.workspace, question=side.question(), now=frame.now)


def compose_coverage(frame: Frame) -> CoveragePage:
    found = covering.audit_coverage(workspace=frame.workspace, now=frame.now)
    asking = _audit_rows(frame, Pair.ASKING, found.of_asking)
    if 0 < found.people == found.asked:
        asking = replace(asking, grade=Grade.A.value, says=NOBODY_LEFT_OUT, rows=(), unknown="")
    return CoveragePage(
        found,
        (asking, _audit_rows(frame, Pair.ANSWERING, found.of_answering)),
        *(
            frame.links.figure(EXPLAIN_COVERAGE, people=reach.value) if number else ""
            for reach, number in (
                (Reach.EVERYBODY, found.people),
                (Reach.ASKED, found.asked),
                (Reach.ANSWERED, found.answered),
            )
        ),
    )


def _audit_rows(frame: Frame, pair: Pair, audit: Audit) -> AuditRows:
    title, heard, unheard = PAIRS[pair]
    return AuditRows(
        title=title,
        heard=heard,
        unheard=unheard,
        grade=audit.grade.value if audit.grade is not Grade.UNKNOWN else "?",
        says=TOO_CLOSE if audit.grade is Grade.UNKNOWN and audit.findings else GRADES[audit.grade],
        rows=tuple(_criterion_row(frame, pair, each) for each in audit.findings),
        unknown=_listed([CRITERIA[each][0].lower() for each in audit.unknown]),
    )


def _criterion_row(frame: Frame, pair: Pair, finding: Finding) -> CriterionRow:
    def explain(side: str, *, is_known: bool) -> str:
        if not is_known:
            return ""
        return frame.links.figure(
            EXPLAIN_COVERAGE, pair=pair.value, criterion=finding.criterion.value, side=side
        )

    return CriterionRow(
        *CRITERIA[finding.criterion],
        finding,
        scores.Badge(*LEANS[finding.lean]),
        explain("heard", is_known=finding.heard.n > 0),
        explain("unheard", is_known=finding.unheard.n > 0),
        explain("", is_known=finding.difference is not None),
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def coverage_table(frame: Frame) -> Iterator[tuple[str, ...]]:
    yield ("question", "criterion", "heard_mean", "unheard_mean", "difference", "low", "high",
           "lean")  # fmt: skip
    for audit in compose_coverage(frame).audits:
        for row in audit.rows:
            finding = row.finding
            figures = (
                finding.heard.mean if finding.heard.n else None,
                finding.unheard.mean if finding.unheard.n else None,
                finding.difference,
                finding.low,
                finding.high,
            )
            yield (audit.title, row.name, *map(scores.number, figures), finding.lean.value)


def frequency_table(page: HealthPage) -> Iterator[tuple[str, ...]]:
    yield ("asked_before", "asked", "answered", "answered_ratio", *scores.FIGURE_HEADER[4:])
    for group in page.frequency:
        rate, scored = group.responses, group.interval
        limits = (scored.low, scored.high) if scored else (None, None)
        yield (
            group.label,
            str(rate.n),
            str(rate.count),
            scores.number(rate.ratio),
            *map(scores.number, (group.scores.score if scored else None, *limits)),
        )
