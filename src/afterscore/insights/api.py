from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from afterscore.cases.queries import Period
from afterscore.insights import queries
from afterscore.kit import clock

router = Router(tags=["Score"])


class Score(Schema):
    nps: float | None = Field(description="Net Promoter Score in points, -100 to 100.")
    interval: tuple[float, float] | None = Field(description="95 % score interval, in points.")
    n: int
    promoters: int
    passives: int
    detractors: int
    histogram: list[int] = Field(description="Eleven counts, for the scores 0 to 10.")
    suspected_automated: int = Field(
        description="Answers that look as if a program had given them; not in the score."
    )
    provisional: int = Field(description="Scores that nothing has confirmed yet; not in the score.")


class ScoreReport(Score):
    by: dict[str, Score] | None = None


@router.get("/nps", response=ScoreReport, summary="The score of a period")
def get_score(
    request: HttpRequest,
    by: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, Any]:
    """With its interval and, with `by` (such as `account.plan`), split by an attribute."""
    return queries.report(
        workspace=request.workspace,  # type: ignore[attr-defined]
        attribute=by,
        since=since,
        until=until,
    )


class LoopLine(Schema):
    answers: int = Field(description="Every counted answer of the period.")
    closed: int = Field(description="Closed with an outcome other than that it was not closed.")
    in_time: int = Field(description="Open, and nothing in the case is overdue.")
    late: int = Field(description="Open, and the next step is overdue.")
    not_closed: int = Field(description="Given up, with a reason.")
    no_case: int = Field(description="Answers whose case is not open yet.")
    closed_ratio: float | None = Field(description="Closed of all answers, 0 to 1.")
    closed_interval: tuple[float, float] | None = Field(description="95 %, Wilson.")
    heard_in_time: int = Field(description="Of those whose time is up.")
    heard_late: int
    minutes: int = Field(description="Minutes written down in these cases.")
    first_reply_median_hours: float | None = Field(
        description="Kaplan-Meier, open cases censored; null while fewer than half have a reply."
    )


class Care(Schema):
    verdict: str = Field(description="even, favoured, neglected or not_enough.")
    closed: int
    answers: int
    others_closed: int
    others_answers: int
    difference: float | None = Field(description="Ratio closed less that of all others.")
    interval: tuple[float, float] | None


class LoopReport(Schema):
    every: LoopLine
    parts: dict[str, LoopLine] = Field(
        description="detractor, passive, promoter, speaking, silent."
    )
    care: dict[str, Care]


@router.get("/loops", response=LoopReport, summary="The loop ledger of a period")
def get_loops(
    request: HttpRequest, since: datetime | None = None, until: datetime | None = None
) -> dict[str, Any]:
    """What became of every answer received from `since` on and before `until`."""
    return queries.describe_ledger(
        queries.get_ledger(
            workspace=request.workspace,  # type: ignore[attr-defined]
            period=Period(since=since, until=until),
            now=clock.now(),
        )
    )
