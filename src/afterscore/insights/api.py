from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from afterscore.cases.queries import EVER, Period
from afterscore.domain import benchmarks, calendars, predicting, targets
from afterscore.domain.departments import Department
from afterscore.domain.mentions import Change
from afterscore.domain.roles import Role
from afterscore.domain.satisfaction import Share
from afterscore.domain.tendency import Tendency
from afterscore.insights import mart, queries
from afterscore.insights.composition import asking, explanations, frames, scores, ways
from afterscore.insights.composition.frames import Frame, Links
from afterscore.insights.composition.ways import WayRow
from afterscore.insights.models import Benchmark, Target
from afterscore.insights.operations import aiming, comparing
from afterscore.insights.queries import benchmarks as others
from afterscore.insights.queries import measuring, satisfied, scoring
from afterscore.insights.queries import targets as goals
from afterscore.insights.queries.pulse import Measured, describe
from afterscore.insights.queries.satisfied import Rated
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.programs import queries as programs
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

router = Router(tags=["Score"])


class Score(Schema):
    nps: float | None = Field(description="Net Promoter Score in points, -100 to 100.")
    interval: tuple[float, float] | None = Field(description="95 % score interval, in points.")
    n: int
    accounts: int | None = Field(
        description="Whose people answered, whoever has none being one of her own; lots of "
        "accounts where there are more than 100,000 answers. Null where nothing is known of them."
    )
    effective_n: float = Field(
        description="So many independent answers tell as much: people of one account think alike."
    )
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
    interval: tuple[float, float] = Field(
        description="95 % Wilson interval of the ratio, from as many people as they are worth."
    )
    worth: float = Field(
        description="So many independent people tell as much: those of one account think alike."
    )
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
                "worth": row.rate.worth,
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


class FigureOut(Schema):
    score: float
    interval: tuple[float, float] = Field(description="95 %, in points.")
    n: int


class TargetOut(Schema):
    id: str
    program: str | None = Field(description="The program's slug; null: of all programs.")
    about: str = Field(description="Whose answers, in words; empty: everybody's.")
    days: int = Field(description="The score of the answers of so many days.")
    starts_on: date
    due_on: date
    start: FigureOut
    goal: float
    now: FigureOut | None = Field(description="Of an ended target: as it was on its last day.")
    verdict: targets.Verdict = Field(description="Of today; of the last day where it has ended.")
    reason: str
    needed: int | None = Field(description="About so many answers would tell.")
    expected: float = Field(description="Where a straight line from start to goal is now.")
    pace: targets.Pace
    outcome: str | None = Field(description="met, not_met, cannot_tell, given_up; null: runs.")
    ended_at: datetime | None
    proposed_goal: float | None = Field(description="Once it is met: the next one to set.")
    follows: str | None


class TargetIn(Schema):
    program: str | None = Field(default=None, description="A program's slug.")
    days: int = goals.USUAL_DAYS
    starts_on: date | None = Field(default=None, description="Today, if left out.")
    due_on: date
    goal: float
    why: str = ""
    follows: str | None = Field(default=None, description="The target whose bar it raises.")


class BenchmarkIn(Schema):
    score: float
    source: str
    link: str
    audience: str = Field(description="Who was asked.")
    method: benchmarks.Method
    n: int
    collected_on: date
    scale: str = "0-10"
    is_standard_question: bool = True


class BenchmarkOut(BenchmarkIn):
    id: str
    interval: tuple[float, float] = Field(description="Its own, from its score and n.")
    own_interval: tuple[float, float] | None
    overlaps: bool | None = Field(description="null: not comparable, or nobody answered you.")
    sentence: str
    warnings: list[str]


def _figure(value: float, low: float, high: float, n: int) -> dict[str, Any]:
    return {"score": value, "interval": (low, high), "n": n}


def _target_out(target: Target) -> dict[str, Any]:
    standing = goals.stand(target=target, now=clock.now())
    judgement, figure = standing.judgement, standing.judgement.figure
    proposal = judgement.proposal if target.outcome == Target.Outcome.MET else None
    return {
        "id": target.public_id,
        "program": target.program.slug if target.program else None,
        "about": target.about,
        "days": target.days,
        "starts_on": target.starts_on,
        "due_on": target.due_on,
        "start": _figure(target.start, target.start_low, target.start_high, target.start_answers),
        "goal": target.goal,
        "now": _figure(figure.value, figure.low, figure.high, figure.n) if figure else None,
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "needed": judgement.needed,
        "expected": judgement.expected,
        "pace": judgement.pace,
        "outcome": target.outcome or None,
        "ended_at": target.ended_at,
        "proposed_goal": proposal.target.goal if proposal and proposal.target else None,
        "follows": target.follows.public_id if target.follows else None,
    }


@router.get("/targets", response=list[TargetOut], summary="List targets", tags=["Targets"])
def list_targets(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that run first, by due day; then the others."""
    workspace = request.workspace  # type: ignore[attr-defined]
    found = [*goals.list_running(workspace=workspace), *goals.list_ended(workspace=workspace)]
    return [_target_out(target) for target in found]


@router.get("/targets/{public_id}", response=TargetOut, summary="Get a target", tags=["Targets"])
def get_target(request: HttpRequest, public_id: str) -> dict[str, Any]:
    workspace = request.workspace  # type: ignore[attr-defined]
    return _target_out(goals.get_target(workspace=workspace, public_id=public_id))


@router.post("/targets", response={201: TargetOut}, summary="Set a target", tags=["Targets"])
def set_target(request: HttpRequest, data: TargetIn) -> Status[dict[str, Any]]:
    """It starts from what was answered in the `days` before it begins."""
    access.refuse_key_below(request, Role.MANAGER)
    workspace, now = request.workspace, clock.now()  # type: ignore[attr-defined]
    program = None
    if data.program is not None:
        program = programs.get_program(workspace=workspace, slug=data.program)
    follows = None
    if data.follows is not None:
        follows = goals.get_target(workspace=workspace, public_id=data.follows)
    target = aiming.set_target(
        workspace=workspace,
        program=program,
        days=data.days,
        starts_on=data.starts_on or measuring.today_of(workspace, now),
        aim=aiming.Aim(goal=data.goal, due_on=data.due_on, why=data.why),
        follows=follows,
        actor=request.actor,  # type: ignore[attr-defined]
        now=now,
    )
    return Status(201, _target_out(target))


def _beside(workspace: Workspace, rows: list[Benchmark]) -> list[dict[str, Any]]:
    own = others.measure_own(workspace=workspace, now=clock.now())
    placed = others.place_beside(rows, own.tally, method=own.method, today=own.window.last)
    return [
        {
            "id": row.public_id,
            "score": row.score,
            "source": row.source,
            "link": row.link,
            "audience": row.audience,
            "method": row.method,
            "n": row.answers,
            "collected_on": row.collected_on,
            "scale": row.scale,
            "is_standard_question": row.is_standard_question,
            "interval": found.theirs,
            "own_interval": found.own,
            "overlaps": found.overlaps,
            "sentence": found.sentence,
            "warnings": list(found.warnings),
        }
        for row, found in placed
    ]


@router.get(
    "/benchmarks",
    response=list[BenchmarkOut],
    summary="List benchmarks beside one's own score",
    tags=["Targets"],
)
def list_benchmarks(request: HttpRequest) -> list[dict[str, Any]]:
    """Each with its provenance and what to bear in mind; in no order of who is better."""
    workspace = request.workspace  # type: ignore[attr-defined]
    return _beside(workspace, others.list_benchmarks(workspace=workspace))


@router.post(
    "/benchmarks", response={201: BenchmarkOut}, summary="Add a benchmark", tags=["Targets"]
)
def add_benchmark(request: HttpRequest, data: BenchmarkIn) -> Status[dict[str, Any]]:
    """Refused without its provenance."""
    access.refuse_key_below(request, Role.MANAGER)
    workspace = request.workspace  # type: ignore[attr-defined]
    fields = data.dict()
    row = comparing.save_benchmark(
        workspace=workspace,
        link=fields.pop("link"),
        draft=benchmarks.Draft(**fields),
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return Status(201, _beside(workspace, [row])[0])


class RatedWave(Schema):
    program: str
    wave: int
    scores: int = Field(description="Answers of the wave that gave a score.")
    n: int = Field(description="Of those, how many went on to this question.")
    value: float | None = Field(description="The ratio of the satisfied, or the mean effort.")
    interval: tuple[float, float] | None = Field(description="95 %: Wilson, or Student's t.")
    counts: dict[str, int] = Field(description="How many gave each number.")


class RatingOut(Schema):
    kind: str = Field(description="satisfaction, 1 to 5, or effort, 1 to 7 (7 is easy).")
    waves: list[RatedWave] = Field(description="The newest first.")


@router.get("/satisfaction", response=list[RatingOut], summary="Satisfaction and effort by wave")
def list_ratings(request: HttpRequest, program: str | None = None) -> list[dict[str, Any]]:
    """Secondary figures, each with its uncertainty; of the latest waves."""
    workspace = request.workspace  # type: ignore[attr-defined]
    chosen = programs.get_program(workspace=workspace, slug=program) if program else None
    found = satisfied.list_ratings(workspace=workspace, program=chosen)
    return [
        {"kind": rating.kind.value, "waves": [_rated(row) for row in rating.rows]}
        for rating in found
    ]


def _rated(row: Rated) -> dict[str, Any]:
    figure = row.figure
    value = figure.ratio if isinstance(figure, Share) else figure.mean if figure else None
    return {
        "program": row.wave.program.slug,
        "wave": row.wave.number,
        "scores": row.answers,
        "n": sum(row.counts.values()),
        "value": value,
        "interval": (figure.low, figure.high) if figure else None,
        "counts": {str(number): count for number, count in sorted(row.counts.items())},
    }


FILTERS = """
Filters as in the addresses of the pages: `period` (30, 90, 180, 365, quarter, last_quarter, year,
all) or `since` and `to` (the first and the last day); `is.<attribute>=value` (several: any of
them), `not.<attribute>`, `min.<attribute>`, `max.<attribute>`, `none.<attribute>=1`; such as
`is.account.plan=enterprise&since=2026-04-01`. What cannot be asked is refused, never left out.
"""


class Filtered(Score):
    sentence: str = Field(description="Which answers, as one says it.")


class TrendStep(Schema):
    label: str
    n: int
    nps: float | None
    interval: tuple[float, float] | None
    verdict: str | None = Field(
        description="Against the step before, among all steps: not_enough, noise, perhaps, mix, "
        "rise or fall."
    )
    says: str


class TrendLine(Schema):
    difference: float = Field(
        description="By how many points a straight line through all steps is higher at the end."
    )
    interval: tuple[float, float]
    verdict: str = Field(description="rise, fall or noise.")
    says: str


class TrendReport(Schema):
    sentence: str
    step: str = Field(description="week, month, quarter, year or wave.")
    why: str
    steps: list[TrendStep]
    through: TrendLine | None = Field(description="None where there are fewer than four steps.")


class SegmentScore(Schema):
    value: str = Field(description='"" for answers without a value.')
    n: int
    nps: float | None
    interval: tuple[float, float] | None
    stands: str = Field(description="above, below, like_others or too_few.")
    pooled: tuple[float, float, float] | None = Field(
        description="What its score is worth believing beside the others, with its limits."
    )


class SegmentReport(Schema):
    sentence: str
    by: str
    segments: list[SegmentScore] = Field(description="Ranked ones first, the highest on top.")


def _frame(request: HttpRequest) -> Frame:
    """Raises Refused for a filter of which a part would be left out."""
    workspace, now = request.workspace, clock.now()  # type: ignore[attr-defined]
    zone = calendars.zone_or(workspace.time_zone, "UTC")
    frame = frames.frame_of(
        workspace=workspace,
        page="score",
        asked=asking.read_asked(request.GET, today=calendars.local_day(now, zone)),
        now=now,
        links=Links(),
    )
    if frame.kept.troubles:
        raise Refused(f"{frame.kept.troubles[0].wrong}.")
    if unknown := asking.unknown_names(request.GET):
        raise Refused(f"There is no filter '{unknown[0]}'.", field=unknown[0])
    if frame.lost:
        condition = frame.lost[0].phrase.condition
        raise Refused(f"Answers cannot be filtered by '{condition.dimension}' like this.")
    return frame


def _interval(measured: Measured) -> tuple[float, float] | None:
    if measured.low is None or measured.high is None:
        return None
    return measured.low, measured.high


@router.get("/score", response=Filtered, summary="The score of a filter", description=FILTERS)
def get_filtered_score(request: HttpRequest) -> dict[str, Any]:
    with mart.look():
        frame = _frame(request)
        measured = scoring.count(
            workspace=frame.workspace, question=frame.asked.question(), now=frame.now
        )
    return describe(measured.histogram, voices=measured.voices) | {"sentence": frame.sentence}


class ExplainedStep(Schema):
    label: str
    formula: str = Field(description="In symbols.")
    filled: str = Field(description="The same with its values.")
    result: str = Field(description="As it is shown.")
    value: float = Field(description="Unrounded.")


class ExplainedPart(Schema):
    title: str
    says: str
    steps: list[ExplainedStep]
    notes: list[str]
    source: str
    page: str = Field(description="Of docs/algorithms, which has the rest.")


class AnswerBehind(Schema):
    id: str
    score: int
    received_at: datetime
    account: str | None
    program: str = Field(description="The program's slug.")
    wave: int


class ExplainedScore(Schema):
    sentence: str = Field(description="Which answers, as one says it.")
    n: int = Field(description="How many there are.")
    explanations: list[ExplainedPart]
    answers: list[AnswerBehind] = Field(description="The newest first, a page at a time.")
    next_after: str | None = Field(description="`after` of the next page; null on the last.")


@router.get(
    "/score/explain",
    response=ExplainedScore,
    summary="How the score of a filter comes about",
    description="The formula with its values, and the answers behind it.\n" + FILTERS,
)
def explain_score(request: HttpRequest, after: str = "") -> dict[str, Any]:
    with mart.look():
        frame = _frame(request)
        measured = scoring.count(
            workspace=frame.workspace, question=frame.asked.question(), now=frame.now
        )
        answers, has_more = explanations.page_of_answers(frame, after)
    return {
        "sentence": frame.sentence,
        "n": measured.tally.n,
        "explanations": list(explanations.of_the_score(measured)),
        "answers": [
            {
                "id": answer.public_id,
                "score": answer.score,
                "received_at": answer.received_at,
                "account": answer.account.name if answer.account else None,
                "program": answer.wave.program.slug,
                "wave": answer.wave.number,
            }
            for answer in answers
        ],
        "next_after": answers[-1].public_id if has_more else None,
    }


class PredictingReport(Schema):
    verdict: str
    relation: str
    sentence: str
    left: int
    stayed: int
    auc: tuple[float, float, float] | None = Field(
        description="Chance that one that left had given less than one that stayed, with its 95 % "
        "limits; 0.5 is what a coin does."
    )
    odds: tuple[float, float, float] | None = Field(
        description="How many times the odds of leaving, for each point less, with their limits."
    )


@router.get(
    "/score/predicting", response=PredictingReport, summary="Whether the score predicts who leaves"
)
def get_predicting(request: HttpRequest) -> dict[str, Any]:
    """From contracts that came to an end, each beside the lowest answer of the year before."""
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]
    found = predicting.judge(
        queries.list_renewals(workspace=workspace, period=EVER, now=clock.now())
    )
    leaving, slope = found.leaving, found.slope
    return {
        "verdict": found.verdict,
        "relation": leaving.relation,
        "sentence": found.sentence,
        "left": sum(found.left),
        "stayed": sum(found.stayed),
        "auc": None if leaving.auc is None else (leaving.auc, leaving.low, leaving.high),
        "odds": None if slope is None else (slope.odds, slope.low, slope.high),
    }


class WayLine(Schema):
    way: str
    label: str
    answers: str = Field(description="What it answers.")
    nps: float | None
    interval: tuple[float, float] | None
    n: int | None
    effective_n: float | None = Field(description="What the answers are worth, as weighted.")
    note: str = Field(description="What to bear in mind, or why it cannot be told.")


class WaysReport(Schema):
    sentence: str
    ways: list[WayLine]
    trouble: str = Field(description="Why there are none; empty where there are.")


@router.get(
    "/score/ways", response=WaysReport, summary="Other ways to count it", description=FILTERS
)
def get_ways(request: HttpRequest) -> dict[str, Any]:
    frame = _frame(request)
    measured = scoring.count(
        workspace=frame.workspace, question=frame.asked.question(), now=frame.now
    )
    shown = ways.compose_ways(frame, measured.tally.n)
    return {
        "sentence": frame.sentence,
        "trouble": shown.trouble,
        "ways": [_way_line(row) for row in shown.rows],
    }


def _way_line(row: WayRow) -> dict[str, Any]:
    found = row.found
    limits = (found.low, found.high) if found and found.low is not None else None
    return {
        "way": row.way.value,
        "label": row.words.label,
        "answers": row.words.answers,
        "nps": found.score if found else None,
        "interval": limits,
        "n": found.answers if found else None,
        "effective_n": found.worth if found else None,
        "note": found.note if found else row.reason,
    }


@router.get(
    "/score/trend", response=TrendReport, summary="The score over time", description=FILTERS
)
def get_trend(request: HttpRequest, step: str = "") -> dict[str, Any]:
    if step not in {"", *scoring.STEPS, scoring.BY_WAVE}:
        raise Refused(f"There are no steps by '{step}'.", field="step")
    with mart.look():
        frame = _frame(request)
        trend = scoring.get_trend(
            workspace=frame.workspace,
            question=frame.asked.question(),
            step=step,
            split_by=frame.choose("", *scores.PREFERRED, is_one=True),
            now=frame.now,
        )
    return {
        "sentence": frame.sentence,
        "step": trend.step if trend else "",
        "why": scoring.why_step(trend) if trend else "No answers.",
        "steps": [
            {
                "label": point.label,
                "n": point.measured.tally.n,
                "nps": point.measured.tally.score,
                "interval": _interval(point.measured),
                "verdict": point.verdict,
                "says": point.sentence,
            }
            for point in (trend.points if trend else ())
        ],
        "through": _trend_line(trend.through if trend else None),
    }


def _trend_line(found: Tendency | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "difference": found.difference,
        "interval": (found.low, found.high),
        "verdict": found.change.value,
        "says": found.sentence,
    }


@router.get(
    "/score/segments",
    response=SegmentReport,
    summary="The score by an attribute",
    description=FILTERS,
)
def get_segments(request: HttpRequest, by: str) -> dict[str, Any]:
    with mart.look():
        frame = _frame(request)
        if frame.choose(by) != by:
            raise Refused(f"Answers cannot be told apart by '{by}'.", field="by")
        found = scoring.list_segments(
            workspace=frame.workspace, question=frame.asked.question(), key=by, now=frame.now
        )
    return {
        "sentence": frame.sentence,
        "by": by,
        "segments": [
            {
                "value": segment.key,
                "n": segment.measured.tally.n,
                "nps": segment.measured.tally.score,
                "interval": _interval(segment.measured),
                "stands": segment.ranked.stands,
                "pooled": (pooled.score, pooled.low, pooled.high)
                if (pooled := segment.ranked.pooled)
                else None,
            }
            for segment in found
        ],
    }
