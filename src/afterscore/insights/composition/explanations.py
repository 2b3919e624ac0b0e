"""What a number is made of: how many answers, which, the formula with its values, and the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from afterscore.cases.models import Case
from afterscore.domain import explaining
from afterscore.domain.explaining import Explanation
from afterscore.insights import analyses
from afterscore.insights.composition import comparing, healthy, scores, ways
from afterscore.insights.composition.frames import Frame
from afterscore.insights.queries import pulse, scoring
from afterscore.insights.queries.pulse import Measured
from afterscore.responses import queries as responses
from afterscore.responses.models import Response

PAGE, CSV_PAGE = 25, 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """An answer behind the number, with its case where there is one."""

    answer: Response
    url: str


@dataclass(frozen=True, slots=True)
class Explained:
    """`sides` are the two that are compared, each with the address of its own explanation."""

    frame: Frame
    measured: Measured
    parts: tuple[Explanation, ...]
    rows: tuple[Row, ...]
    sides: tuple[comparing.Side, ...]
    next_url: str
    first_url: str
    csv_url: str
    page_url: str


def explain(frame: Frame, *, figure: str, after: str = "") -> Explained:
    """Of the score of the filter, unless another figure is asked for."""
    measured = scoring.count(
        workspace=frame.workspace, question=frame.asked.question(), now=frame.now
    )
    compared = comparing.compose_compare(frame) if figure in {"difference", "split"} else None
    sides = (compared.first, compared.second) if compared else ()
    answers, has_more = ([], False) if compared else _answers(frame, after)
    links, kept = frame.links, frame.kept.bare()
    return Explained(
        frame=frame,
        measured=measured,
        parts=tuple(_parts(frame, measured, figure, compared)),
        rows=tuple(_rows(frame, answers)),
        sides=tuple(side for side in sides if side is not None),
        next_url=links.explain(kept, after=answers[-1].public_id) if has_more else "",
        first_url=links.explain(kept) if after else "",
        csv_url=links.table("score", "answers", kept),
        page_url=links.page("score", kept),
    )


def _answers(frame: Frame, after: str) -> tuple[list[Response], bool]:
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
        case "bounds" | "lateness":
            found = [_of_wave(frame, measured, figure)]
        case "noticeable":
            effect = tally.design_effect
            found = [explaining.noticeable(tally.n, tally.n, design_effect=effect)]
        case _:
            found = [explaining.score(measured.histogram), explaining.interval(tally)]
            found += [explaining.accounts(measured.voices)] if measured.voices else []
    yield from (each for each in found if each is not None)


def _of_wave(frame: Frame, measured: Measured, figure: str) -> Explanation | None:
    waves = pulse.list_waves(workspace=frame.workspace)
    wave = pulse.choose_wave(waves=waves, public_id=frame.asked.get("wave"))
    if wave is None:
        return None
    sent = pulse.funnel_of(workspace=frame.workspace, wave=wave).sent
    if figure == "lateness":
        early, late = (
            healthy.count_side(frame, side).tally for side in healthy.early_and_late(frame, wave)
        )
        return explaining.lateness(early, late, asked=sent)
    return explaining.bounds(measured.tally, asked=max(sent, measured.tally.n))


def _believing(frame: Frame) -> Explanation | None:
    """One of the segments by which the page is split."""
    key = frame.choose(frame.asked.get("by"), *scores.PREFERRED)
    segments = scoring.list_segments(
        workspace=frame.workspace, question=frame.asked.question(), key=key, now=frame.now
    )
    tallies = {frame.say(key, each.key): each.measured.tally for each in segments}
    return explaining.shrinkage(tallies, frame.say(key, frame.asked.get("one")))


def _rows(frame: Frame, answers: Sequence[Response]) -> Iterator[Row]:
    found = Case.objects.filter(workspace=frame.workspace, response__in=answers)
    cases = dict(found.values_list("response_id", "public_id"))
    for answer in answers:
        case = cases.get(answer.pk)
        url = reverse("cases:case", args=[frame.workspace.slug, case]) if case else ""
        yield Row(answer, url)


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
