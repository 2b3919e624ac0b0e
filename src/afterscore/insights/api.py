from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from afterscore.insights import queries

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
