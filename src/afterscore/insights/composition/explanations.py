"""What a number is made of: how many answers, which, the formula with its values, and the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from afterscore.domain import explaining
from afterscore.domain.explaining import Explanation
from afterscore.domain.nps import Group, Tally
from afterscore.insights import analyses
from afterscore.insights.composition import behind, comparing, healthy, scores, ways
from afterscore.insights.composition.behind import Rows
from afterscore.insights.composition.frames import PAGES, Frame, wave_sentence
from afterscore.insights.queries import pulse, scoring
from afterscore.insights.queries.pulse import Funnel, Measured
from afterscore.programs import queries as programs
from afterscore.programs.models import Wave
from afterscore.responses import queries as responses
from afterscore.responses.models import Response

PAGE, CSV_PAGE = behind.PAGE, 2_000
CLOSED, RESPONSE, STAKE, FUNNEL, FREQUENCY = "closed", "response", "stake", "funnel", "frequency"
OF_OTHERS = {CLOSED, RESPONSE, STAKE, FUNNEL, FREQUENCY}
"""Figures behind which others stand than answers."""

STAKED = "Accounts with revenue and an unhappy person whose case is open"
PARTS = {
    **{group.value: f" of {group.value}s" for group in Group},
    behind.SPEAKING: " of those with a comment",
    behind.SILENT: " of those without a comment",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """`sides` are the two that are compared, each with the address of its own explanation."""

    frame: Frame
    measured: Measured
    parts: tuple[Explanation, ...]
    rows: Rows | None
    sides: tuple[comparing.Side, ...]
    next_url: str
    first_url: str
    sentence: str
    csv_url: str
    page_url: str
    page_name: str

    @property
    def has_scores(self) -> bool:
        return self.rows is not None and any(row.score is not None for row in self.rows.shown)


def explain(frame: Frame, *, figure: str, after: str = "") -> Explained:
    """Of the score of the filter, unless another figure is asked for."""
    measured = scoring.count(
        workspace=frame.workspace, question=frame.asked.question(), now=frame.now
    )
    compared = comparing.compose_compare(frame) if figure in {"difference", "split"} else None
    sides = (compared.first, compared.second) if compared else ()
    links, kept = frame.links, frame.kept
    is_of_answers = figure not in OF_OTHERS
    rows = None if compared else _rows(frame, measured, figure, after)
    wave = kept.get("wave")
    page = _page_name(figure) if wave and not is_of_answers else "score"
    return Explained(
        frame=frame,
        measured=measured,
        parts=tuple(_parts(frame, measured, figure, compared)),
        rows=rows,
        sides=tuple(side for side in sides if side is not None),
        next_url=_again(frame, after=rows.next_after) if rows and rows.next_after else "",
        first_url=_again(frame, after="") if after else "",
        sentence=_sentence(frame, figure),
        csv_url=links.table("score", "answers", kept.bare()) if is_of_answers else "",
        page_url=links.page(page, kept.bare().asking(wave=wave) if wave else kept.bare()),
        page_name=PAGES[page][0],
    )


def _sentence(frame: Frame, figure: str) -> str:
    """Of what the number is: of answers, of the people of a wave, or of accounts."""
    if figure == STAKE:
        return STAKED
    wave = _wave(frame) if figure in OF_OTHERS else None
    return wave_sentence(wave) if wave else frame.sentence


def _page_name(figure: str) -> str:
    return "health" if figure in {FUNNEL, FREQUENCY} else "pulse"


def _again(frame: Frame, *, after: str) -> str:
    """The same figure, from another row on."""
    kept = frame.kept
    further = {name: kept.get(name) for name in ("figure", "wave", "one", "by", "step")}
    return frame.links.explain(kept, **further, after=after)


def _rows(frame: Frame, measured: Measured, figure: str, after: str) -> Rows | None:
    if figure == STAKE:
        return behind.staked_rows(frame, frame.asked.get("one"), after)
    if figure not in OF_OTHERS:
        return _answer_rows(frame, measured.tally.n, after)
    wave = _wave(frame)
    if wave is None:
        return None
    if figure == CLOSED:
        loops = behind.loops_of(frame, wave, frame.asked.get("one"))
        shown = partial(behind.loop_rows, frame.workspace)
        return behind.page_of(loops, after, shown, noun="loop", nouns="loops")
    one = frame.asked.get("one")
    if figure == FREQUENCY:
        people = behind.listed(programs.people_asked_before(wave=wave, times=_times(one)))
    else:
        people = behind.people_asked(frame, wave, one or "sent")
    shown = partial(behind.person_rows, frame.workspace)
    return behind.page_of(people, after, shown, noun="person", nouns="people")


def _answer_rows(frame: Frame, total: int, after: str) -> Rows:
    answers, has_more = page_of_answers(frame, after)
    return Rows(
        "answer",
        "answers",
        total,
        tuple(behind.answer_rows(frame.workspace, answers)),
        answers[-1].public_id if has_more else "",
    )


def page_of_answers(frame: Frame, after: str) -> tuple[list[Response], bool]:
    """The newest first, after the one with this public id; and whether more follow. Raises NotFound
    for an answer that does not exist."""
    last = None
    if after:
        last = responses.get_response(workspace=frame.workspace, public_id=after)
    return _page(frame, last)


def _page(frame: Frame, last: Response | None, size: int = PAGE) -> tuple[list[Response], bool]:
    """And whether more follow."""
    found = analyses.list_answers(
        workspace=frame.workspace, question=frame.asked.question(), limit=size + 1, after=last
    )
    return found[:size], len(found) > size


def _parts(
    frame: Frame, measured: Measured, figure: str, compared: comparing.ComparePage | None
) -> Iterator[Explanation]:
    tally = measured.tally
    match figure:
        case "difference" | "split" if compared is not None:
            found = [comparing.explain_difference(compared, frame, is_split=figure == "split")]
        case ways.FIGURE:
            found = [ways.explain_way(frame, frame.asked.get("one"))]
        case "believing":
            found = [_believing(frame)]
        case "group":
            found = [_group(measured, frame.asked.get("one"))]
        case "frequency" | "response" | "closed" | "stake" | "funnel":
            found = list(_of_others(frame, measured, figure))
        case "bounds" | "lateness":
            found = [_of_wave(frame, measured, figure)]
        case "noticeable" | scores.THROUGH:
            found = [_of_change(frame, tally, figure)]
        case _:
            found = list(of_the_score(measured))
    yield from (each for each in found if each is not None)


def of_the_score(measured: Measured) -> Iterator[Explanation]:
    """How it is counted, how sure it is, what its answers are worth; nothing without answers."""
    voices = explaining.accounts(measured.voices) if measured.voices else None
    for each in (explaining.score(measured.histogram), explaining.interval(measured.tally), voices):
        if each is not None:
            yield each


def _of_change(frame: Frame, tally: Tally, figure: str) -> Explanation | None:
    """Which change would show; or the line through the steps that the page shows."""
    if figure == "noticeable":
        return explaining.noticeable(tally.n, tally.n, design_effect=tally.design_effect)
    trend = scoring.get_trend(
        workspace=frame.workspace,
        question=frame.asked.question(),
        step=frame.asked.get("step"),
        now=frame.now,
    )
    points = trend.points if trend else ()
    return explaining.tendency([(each.label, each.begins, each.measured.tally) for each in points])


def _of_wave(frame: Frame, measured: Measured, figure: str) -> Explanation | None:
    wave = _wave(frame)
    if wave is None:
        return None
    sent = pulse.funnel_of(workspace=frame.workspace, wave=wave).sent
    if figure == "lateness":
        early, late = (
            healthy.count_side(frame, side).tally for side in healthy.early_and_late(frame, wave)
        )
        return explaining.lateness(early, late, asked=sent)
    return explaining.bounds(measured.tally, asked=max(sent, measured.tally.n))


def _wave(frame: Frame) -> Wave | None:
    """The one in the address, else the latest."""
    waves = pulse.list_waves(workspace=frame.workspace)
    return pulse.choose_wave(waves=waves, public_id=frame.asked.get("wave"))


def _of_others(frame: Frame, measured: Measured, figure: str) -> Iterator[Explanation | None]:
    one, wave = frame.asked.get("one"), None if figure == STAKE else _wave(frame)
    if figure == STAKE:
        yield _stake(frame, one)
    elif wave is None:
        return
    elif figure == CLOSED:
        yield _closed(frame, wave, one)
    elif figure == FUNNEL:
        yield _step(frame, wave, one)
    elif figure == FREQUENCY:
        yield from _frequency(wave, _times(one))
    else:
        yield _response(frame, measured, wave)


def _response(frame: Frame, measured: Measured, wave: Wave) -> Explanation | None:
    return explaining.share(
        measured.tally.n,
        pulse.count_asked(workspace=frame.workspace, wave=wave),
        title="How many have answered",
        done_word="answered",
        whole_word="asked",
    )


def _step(frame: Frame, wave: Wave, name: str) -> Explanation | None:
    """How many of the step before came to this one."""
    funnel = pulse.funnel_of(workspace=frame.workspace, wave=wave)
    if name in healthy.BESIDE_STEPS:
        return _beside_step(funnel, name)
    if name not in healthy.FUNNEL_STEPS:
        return None
    place = healthy.FUNNEL_STEPS.index(name)
    steps = list(healthy.funnel_steps(funnel))
    step = steps[place]
    whole, word = (
        (steps[place - 1].count, steps[place - 1].label)
        if place
        else (funnel.considered, "Considered")
    )
    return explaining.share(
        step.count,
        whole,
        title=step.label,
        done_word=step.label.lower(),
        whole_word=word.lower(),
    )


def _beside_step(funnel: Funnel, name: str) -> Explanation | None:
    """Who did not come further, or wants no more mail."""
    done, whole, words = {
        "left_out": (funnel.left_out, funnel.considered, ("not asked", "considered")),
        "bounced": (funnel.bounced, funnel.sent, ("came back", "sent")),
        "unsubscribed": (funnel.unsubscribed, funnel.sent, ("unsubscribed", "sent")),
    }[name]
    title = f"How many {words[0]}" if name != "left_out" else "How many were not asked"
    return explaining.share(done, whole, title=title, done_word=words[0], whole_word=words[1])


def _frequency(wave: Wave, times: int) -> Iterator[Explanation | None]:
    """Of the people who had been asked as often in the year before."""
    for each in programs.list_by_frequency(wave=wave):
        if each.times == times:
            yield explaining.share(
                each.responses.count,
                each.responses.n,
                title=f"How many answered of those {each.label} in the year before",
                done_word="answered",
                whole_word="asked",
            )
            yield explaining.interval(each.scores) if each.interval else None


def _times(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else -1


def _group(measured: Measured, name: str) -> Explanation | None:
    """The part of the answers that one group, or one score, is."""
    if name in set(Group):
        found, words = measured.tally.count_of(Group(name)), f"{name}s"
    elif name.isdecimal() and int(name) < len(measured.histogram):
        found, words = measured.histogram[int(name)], f"answers of {int(name)}"
    else:
        return None
    return explaining.share(
        found,
        measured.tally.n,
        title=f"The share of {words}",
        done_word=words,
        whole_word="answers",
    )


def _closed(frame: Frame, wave: Wave, part: str) -> Explanation | None:
    loop = pulse.loops_of(workspace=frame.workspace, wave=wave).part(part)
    return explaining.share(
        loop.closed,
        loop.total,
        title=f"How many loops are closed{PARTS.get(part, '')}",
        done_word="closed",
        whole_word="loops",
        page="loop-ledger",
    )


def _stake(frame: Frame, currency: str) -> Explanation | None:
    found = pulse.list_staked(workspace=frame.workspace, currency=currency)
    amounts = [(each.name, each.revenue) for each in found]
    return explaining.total(amounts, title="Revenue at stake", unit=currency)


def _believing(frame: Frame) -> Explanation | None:
    """One of the segments by which the page is split."""
    key = frame.choose(frame.asked.get("by"), *scores.PREFERRED)
    segments = scoring.list_segments(
        workspace=frame.workspace, question=frame.asked.question(), key=key, now=frame.now
    )
    tallies = {frame.say(key, each.key): each.measured.tally for each in segments}
    return explaining.shrinkage(tallies, frame.say(key, frame.asked.get("one")))


ANSWERS_HEADER = ("answer", "received_at", "score", "comment", "name", "account", "program", "wave")


def answers_table(frame: Frame) -> Iterator[tuple[str, ...]]:
    """Every answer behind a number, a page at a time."""
    yield ANSWERS_HEADER
    last, has_more = None, True
    while has_more:
        answers, has_more = _page(frame, last, CSV_PAGE)
        for last in answers:
            yield (
                last.public_id,
                last.received_at.isoformat(timespec="seconds"),
                str(last.score),
                last.comment,
                last.contact.name,
                last.account.name if last.account else "",
                last.wave.program.name,
                str(last.wave.number),
            )
