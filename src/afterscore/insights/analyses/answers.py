"""The answers behind a number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from afterscore.insights import engines
from afterscore.insights.analyses import expressions, steady
from afterscore.insights.analyses.asking import Question
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def list_answers(
    *, workspace: Workspace, question: Question, limit: int, after: Response | None = None
) -> list[Response]:
    """Newest first, with contact, account and program; those that come after the one given.

    Which ones is found by the very expression that counts them; `by` does not matter here.
    """
    place = None if after is None else (_microseconds(after), after.pk)
    engine = engines.choose()
    sql = expressions.rows_sql(question, limit, place, engine.dialect)
    rows = steady.ask(
        workspace,
        expressions.columns_of(question, *expressions.ROW_COLUMNS),
        since=question.since,
        until=question.until,
        of=lambda contents: engine.rows(contents=contents, sql=sql),
    )
    ids = [pk for (pk,) in rows]
    found = responses.list_responses(workspace=workspace).filter(pk__in=ids)
    return list(found)


def _microseconds(answer: Response) -> int:
    return (answer.received_at - _EPOCH) // _MICROSECOND
