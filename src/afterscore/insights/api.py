from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from afterscore.cases.queries import Period
from afterscore.domain.departments import Department
from afterscore.domain.mentions import Change
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


class ThemeRate(Schema):
    theme: str = Field(description="The theme's id.")
    name: str
    is_own: bool = Field(description="Whether the department acts on it.")
    people: int = Field(description="How many raised it at least once.")
    of: int = Field(description="How many people answered.")
    later: int = Field(description="How many more came to it only after their answer.")
    ratio: float | None
    interval: tuple[float, float] = Field(description="95 % Wilson interval of the ratio.")
    before: float | None = Field(description="The ratio in the period before.")
    change: Change = Field(description="Named only where it is real, all themes judged together.")
    revenue: Decimal = Field(description="Of a year, of the companies behind it, each once.")
    currency: str


class DepartmentReport(Schema):
    department: Department
    days: int
    themes: list[ThemeRate]
    open_tasks: int
    open_cases: int


@router.get(
    "/departments/{department}",
    response=DepartmentReport,
    summary="What answers mean for a department",
    tags=["Departments"],
)
def get_department(
    request: HttpRequest, department: Department, days: Annotated[int, Field(ge=7, le=730)] = 90
) -> dict[str, Any]:
    view = queries.get_department(
        workspace=request.workspace,  # type: ignore[attr-defined]
        department=department,
        days=days,
        now=clock.now(),
    )
    rows = [(row, True) for row in view.own] + [(row, False) for row in view.others]
    return {
        "department": department,
        "days": days,
        "themes": [
            {
                "theme": row.theme.public_id,
                "name": row.theme.name,
                "is_own": is_own,
                "people": row.rate.count,
                "of": row.rate.n,
                "later": row.later,
                "ratio": row.rate.ratio,
                "interval": (row.rate.low, row.rate.high),
                "before": row.before.ratio,
                "change": row.change,
                "revenue": row.revenue,
                "currency": row.currency,
            }
            for row, is_own in rows
        ],
        "open_tasks": view.work.open_tasks,
        "open_cases": view.work.open_cases,
    }
