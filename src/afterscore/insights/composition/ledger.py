"""What a figure of the loop ledger is made of: the formula with its values, and those behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from afterscore.cases.models import Case
from afterscore.cases.queries import Period
from afterscore.domain import explaining, loops, parity, survival
from afterscore.domain.explaining import Explanation
from afterscore.domain.loops import Line
from afterscore.domain.survival import Curve
from afterscore.insights import queries
from afterscore.insights.composition import behind
from afterscore.insights.composition.behind import Rows
from afterscore.insights.queries import Figure
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

CLOSED, HEARD, REPLY, CLOSING = "closed", "heard", "reply", "closing"
MINUTES, CARE = "minutes", "care"
REPLIED, ENDED = "had a first reply", "had their loop closed"
PAGE = "loop-ledger"
Note = Callable[[Response, Case | None], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """`figure` says of whom, `one` which of several numbers of a kind; `after` is where the page of
    rows begins."""

    workspace: Workspace
    period: Period
    figure: Figure
    now: datetime
    one: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """`among` says which of those who answered stand behind it, where not all do."""

    parts: tuple[Explanation, ...]
    rows: Rows
    among: str = ""


def told(parts: list[Explanation | None], rows: Rows, among: str = "") -> Told:
    return Told(tuple(part for part in parts if part is not None), rows, among)


def closed(asked: Asked) -> Told:
    line, _replies = _line(asked)
    share = explaining.share(
        line.closed,
        line.answers,
        title="How many loops are closed",
        done_word="closed",
        whole_word="answers",
        page=PAGE,
    )
    return told([share], answers(asked, asked.figure, stands))


def heard(asked: Asked) -> Told:
    line, _replies = _line(asked)
    share = explaining.share(
        line.promise.count,
        line.promise.n,
        title="How many heard from us in time",
        done_word="heard in time",
        whole_word="whose time is up",
        page=PAGE,
    )
    due = replace(asked.figure, is_due=True)
    rows = answers(asked, due, _heard, noun="loop", nouns="loops")
    return told([share], rows, "those whose time to hear from us is up")


def _waiting(curve: Curve, *, title: str, done: str) -> Explanation | None:
    return explaining.waiting(curve, title=title, done=done, fewest=loops.FEWEST_WATCHED)


def reply(asked: Asked) -> Told:
    _sums, curve = _line(asked)
    waiting = _waiting(curve, title="Time to the first reply, median", done=REPLIED)
    rows = answers(asked, asked.figure, partial(_waited, asked.now))
    return told([waiting, explaining.stairs(curve)], rows)


def closing(asked: Asked) -> Told:
    curves = queries.closure_curves(workspace=asked.workspace, period=asked.period, now=asked.now)
    curve = curves.get(asked.figure.part or queries.EVERY, survival.curve([]))
    waiting = _waiting(curve, title="Time until closed, median", done=ENDED)
    rows = answers(asked, asked.figure, partial(_took, asked.now))
    return told([waiting, explaining.stairs(curve)], rows)


def minutes(asked: Asked) -> Told:
    line, _replies = _line(asked)
    figure = replace(asked.figure, has_minutes=True)
    spent = queries.count_minutes(asked.workspace, _found(asked, figure))
    rows = answers(asked, figure, _spent, noun="loop", nouns="loops")
    minutes_spent = explaining.minutes(spent, closed=line.closed)
    return told([minutes_spent], rows, "those for whom minutes are written down")


def care(asked: Asked) -> Told:
    """One part beside all others of its kind, so that behind it are all that are old enough."""
    ledger = queries.get_ledger(workspace=asked.workspace, period=asked.period, now=asked.now)
    found = ledger.care.get(asked.figure.part)
    compared = None
    if found is not None:
        compared = explaining.care(
            found,
            names=(queries.LABELS[asked.figure.part].lower(), "all others"),
            confidence=parity.confidence_of_each(queries.LOOKS),
        )
    rows = answers(asked, Figure(is_ripe=True), stands)
    return told([compared], rows, "those of at least 14 days ago, beside all others")


FIGURES: dict[str, Callable[[Asked], Told]] = {
    CLOSED: closed,
    HEARD: heard,
    REPLY: reply,
    CLOSING: closing,
    MINUTES: minutes,
    CARE: care,
}


def _line(asked: Asked) -> tuple[Line, Curve]:
    """Of a part of the ledger or of a row of its table; of nobody where there is no such row."""
    figure, workspace, period = asked.figure, asked.workspace, asked.period
    if not figure.key:
        ledger = queries.get_ledger(workspace=workspace, period=period, now=asked.now)
        part = ledger.part(figure.part or queries.EVERY)
        return part.line, part.replies
    rows = queries.list_rows(workspace=workspace, period=period, key=figure.key, now=asked.now)
    row = next((each for each in rows if each.key == figure.value), None)
    return (row.line, row.replies) if row else (Line(), survival.curve([]))


def _found(asked: Asked, figure: Figure) -> QuerySet[Response]:
    return queries.list_behind(
        workspace=asked.workspace, period=asked.period, figure=figure, now=asked.now
    )


def answers(
    asked: Asked, figure: Figure, note: Note, *, noun: str = "answer", nouns: str = "answers"
) -> Rows:
    rows = partial(behind.answer_rows, asked.workspace, note=note)
    return behind.page_of(_found(asked, figure), asked.after, rows, noun=noun, nouns=nouns)


def stands(_answer: Response, case: Case | None) -> str:
    return behind.stands(case)


def _heard(_answer: Response, case: Case | None) -> str:
    if case is None or case.first_reply_at is None:
        return "has not heard from us"
    return "heard in time" if case.first_reply_at <= case.due_at else "heard late"


def _waited(now: datetime, answer: Response, case: Case | None) -> str:
    if case is None or case.first_reply_at is None:
        return f"waiting for {_hours(answer.received_at, now)}"
    return f"replied to after {_hours(answer.received_at, case.first_reply_at)}"


def _took(now: datetime, answer: Response, case: Case | None) -> str:
    if case is not None and case.closed_at is not None and behind.stands(case) == "closed":
        return f"closed after {_hours(answer.received_at, case.closed_at)}"
    return f"{behind.stands(case)}, {_hours(answer.received_at, now)} so far"


def _hours(since: datetime, until: datetime) -> str:
    return loops.describe_hours(max((until - since).total_seconds(), 0) / 3600)


def _spent(_answer: Response, case: Case | None) -> str:
    spent = case.minutes if case else 0
    return f"{spent:,} minute{'' if spent == 1 else 's'}"
