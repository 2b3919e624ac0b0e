"""The page "Pulse": is it better, is it real, do we keep our word, what is at stake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from afterscore.domain.mix import Verdict
from afterscore.domain.nps import Group
from afterscore.insights import charts, queries
from afterscore.insights.analyses import Condition
from afterscore.insights.charts import Chart
from afterscore.insights.composition import comparing
from afterscore.insights.composition.frames import Frame
from afterscore.insights.queries import Loop, Pulse
from afterscore.insights.queries.pulse import Measured, Stake
from afterscore.kit.templatetags.charts import TrendPoint
from afterscore.programs.models import Wave

MOST_LINKS = 3
WAVES, WAVES_TITLE = "waves", "Score by wave"


@dataclass(frozen=True, slots=True)
class Todo:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class LoopRow:
    label: str
    loop: Loop
    url: str


@dataclass(frozen=True, slots=True)
class StakeRow:
    stake: Stake
    url: str


@dataclass(frozen=True, slots=True)
class PulsePage:
    frame: Frame
    pulse: Pulse
    change: str
    why: str
    points: tuple[TrendPoint, ...]
    loops_by_group: tuple[LoopRow, ...]
    loops_by_voice: tuple[LoopRow, ...]
    todos: tuple[Todo, ...]
    stakes: tuple[StakeRow, ...]
    explain_url: str
    response_url: str
    closed_url: str
    difference_url: str
    loops_url: str
    health_url: str
    stake_url: str

    @property
    def charts(self) -> Iterator[Chart]:
        """What of the page is also a file, made when somebody asks for it."""
        if len(self.points) < 2:
            return
        waves = [
            charts.Point(
                label=each.label, n=each.answers, score=each.estimate, low=each.low, high=each.high
            )
            for each in self.points
        ]
        yield charts.trend(waves, title=WAVES_TITLE, key=WAVES)


def compose_pulse(frame: Frame) -> PulsePage | None:
    """None as long as nobody was ever asked."""
    wave = frame.wave
    if wave is None:
        return None
    pulse = queries.get_pulse(
        workspace=frame.workspace, wave=wave, waves=frame.waves, now=frame.now
    )
    loops = pulse.loops

    def closed(part: str) -> str:
        return _explain(frame, wave, figure="closed", one=part)

    return PulsePage(
        frame=frame,
        pulse=pulse,
        change="" if _is_before_hidden(frame, pulse) else pulse.change.sentence,
        why="" if _is_before_hidden(frame, pulse) else _why(frame, pulse),
        points=tuple(_points(frame, pulse)),
        loops_by_group=tuple(
            LoopRow(f"{group.value.capitalize()}s", loops.groups[group], closed(group.value))
            for group in Group
        ),
        loops_by_voice=(
            LoopRow("With a comment", loops.speaking, closed("speaking")),
            LoopRow("Without a comment", loops.silent, closed("silent")),
        ),
        todos=tuple(_todos(frame, pulse))[:MOST_LINKS],
        stakes=tuple(
            StakeRow(each, _explain(frame, None, figure="stake", one=each.currency))
            for each in pulse.stakes
        ),
        explain_url=_explain(frame, wave),
        response_url=_explain(frame, wave, figure="response"),
        closed_url=closed(""),
        difference_url=_difference(frame, pulse),
        loops_url=_address(frame, "loops:ledger"),
        health_url=frame.links.page("health", frame.asked.bare().asking(wave=wave.public_id)),
        stake_url=_address(frame, "cases:inbox", "?show=all&group=detractor"),
    )


def _explain(frame: Frame, wave: Wave | None, **figure: str) -> str:
    """Of a wave's answers, or of everything."""
    here = frame.asked.bare().everything()
    if wave is None:
        return frame.links.explain(here, **figure)
    here = here.plus(Condition("wave", "is", (wave.public_id,)))
    named = {"wave": wave.public_id} if figure else {}
    return frame.links.explain(here, **named, **figure)


def _difference(frame: Frame, pulse: Pulse) -> str:
    """This wave beside the one before it, as two groups."""
    if pulse.before_wave is None:
        return ""
    everything = frame.asked.bare().everything()
    return frame.links.page(
        "compare",
        everything.asking(
            against="groups",
            across="wave",
            one=pulse.wave.public_id,
            other=pulse.before_wave.public_id,
        ),
    )


def _is_before_hidden(frame: Frame, pulse: Pulse) -> bool:
    return pulse.before is not None and frame.hides(pulse.before.tally.n)


def _why(frame: Frame, pulse: Pulse) -> str:
    """Of a change that is one: whether customers changed, or others answered."""
    if pulse.split is None or pulse.split.verdict not in {Verdict.REAL, Verdict.MIX}:
        return ""
    if any(frame.hides(part.before) or frame.hides(part.after) for part in pulse.split.parts):
        return ""
    return comparing.split_words(pulse.split, "plan")


def _points(frame: Frame, pulse: Pulse) -> list[TrendPoint]:
    return [_point(frame, entry.wave, entry.measured) for entry in pulse.trend]


def _point(frame: Frame, wave: Wave, measured: Measured) -> TrendPoint:
    label, answers = f"Wave {wave.number}", measured.tally.n
    if frame.hides(answers):
        return TrendPoint(label=label, answers=answers, estimate=None, low=None, high=None)
    return TrendPoint(
        label=label,
        answers=answers,
        estimate=measured.tally.score,
        low=measured.low,
        high=measured.high,
        href=_address(frame, "insights:pulse", f"?wave={wave.public_id}"),
        explain_url=_explain(frame, wave),
    )


def _address(frame: Frame, view: str, query: str = "", *arguments: str) -> str:
    if frame.is_shared:
        return ""
    return reverse(view, args=[frame.workspace.slug, *arguments]) + query


def _todos(frame: Frame, pulse: Pulse) -> list[Todo]:
    """What to do now, the most pressing first."""
    pressing = pulse.pressing
    inbox, outbox = _address(frame, "cases:inbox"), _address(frame, "outreach:outbox")
    listed = (
        (pressing.overdue, "Answer {} past due", _people, f"{inbox}?show=overdue"),
        (pressing.unowned, "Give {} an owner", _cases, f"{inbox}?show=unassigned"),
        (pressing.in_doubt, "Look at {} in doubt", _messages, f"{outbox}?state=in_doubt"),
        (pressing.failed, "Mend {} that failed", _messages, f"{outbox}?state=failed"),
    )
    found = [Todo(text.format(say(number)), url) for number, text, say, url in listed if number]
    if not found and pulse.wave.state == pulse.wave.State.CLOSED:
        program = _address(frame, "programs:program", "", pulse.wave.program.slug)
        found.append(Todo("Plan the next wave", program))
    return found


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count:,} messages"
