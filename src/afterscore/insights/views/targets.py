"""Where the score is to be, by when, and whether the answers say that it is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterscore.domain import explaining
from afterscore.domain import targets as domain
from afterscore.domain.explaining import Explanation
from afterscore.domain.roles import Role
from afterscore.domain.targets import Pace, Verdict
from afterscore.insights import analyses, charts, mart
from afterscore.insights.charts import Chart
from afterscore.insights.composition import behind, sentences
from afterscore.insights.composition.asking import Asked, read_asked
from afterscore.insights.composition.behind import Rows
from afterscore.insights.composition.frames import Links
from afterscore.insights.composition.sentences import Phrase
from afterscore.insights.forms.targets import AimForm, GiveUpForm
from afterscore.insights.models import Target
from afterscore.insights.operations import aiming
from afterscore.insights.operations.aiming import Only
from afterscore.insights.queries import measuring
from afterscore.insights.queries import targets as queries
from afterscore.insights.queries.measuring import Window
from afterscore.insights.queries.targets import Standing, Start
from afterscore.insights.views import drawings, panels
from afterscore.insights.views.benchmarks import beside_context
from afterscore.insights.views.panels import Panel
from afterscore.kit import clock, sheets
from afterscore.kit.errors import NotFound, Refused
from afterscore.kit.templatetags.goals import Mark
from afterscore.programs.models import Program
from afterscore.responses import queries as responses
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

WAY = "way"
TONES = {Verdict.MET: "good", Verdict.NOT_MET: "warn", Verdict.CANNOT_TELL: "quiet"}
ICONS = {Verdict.MET: "check", Verdict.NOT_MET: "clock", Verdict.CANNOT_TELL: "question"}
PACES = {
    Pace.AHEAD: "ahead of the straight line, beyond chance",
    Pace.ON_COURSE: "on course, as far as one can tell",
    Pace.BEHIND: "behind the straight line, beyond chance",
    Pace.CANNOT_TELL: "too few answers to tell whether it is on course",
}


@dataclass(frozen=True, slots=True)
class Badge:
    word: str
    tone: str
    icon: str


@require_safe
@mart.look()
def list_targets(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    standings = [
        queries.stand(target=target, now=now)
        for target in queries.list_running(workspace=workspace)
    ]
    ended = queries.list_ended(workspace=workspace)
    context = {
        "rows": [(each, badge_of(each), pace_of(each)) for each in standings],
        "ended": [
            (each, badge_of_ended(each), _answers_url(each, queries.start_window(each)))
            for each in ended
        ],
        "none_title": "No target runs" if ended else "No target yet",
        "may_change": access.may(request, Role.MANAGER),
        **beside_context(workspace, now),
    }
    return render(request, "insights/targets.html", context)


@require_safe
@mart.look()
def show_line(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """A part of the pulse: what runs, each in a sentence."""
    now = clock.now()
    rows = []
    for target in queries.list_running(workspace=workspace):
        standing = queries.stand(target=target, now=now)
        rows.append((standing, badge_of(standing)))
    context = {"rows": rows, "may_change": access.may(request, Role.MANAGER)}
    return render(request, "insights/targets_line.html", context)


def badge_of(standing: Standing) -> Badge:
    if standing.target.outcome:
        return badge_of_ended(standing.target)
    verdict = standing.judgement.verdict
    word = "Not met yet" if verdict is Verdict.NOT_MET else verdict.label
    if verdict is Verdict.MET:
        word = "Met as of today"
    return Badge(word, TONES[verdict], ICONS[verdict])


def badge_of_ended(target: Target) -> Badge:
    outcome = Target.Outcome(target.outcome)
    if outcome is Target.Outcome.MET:
        return Badge(outcome.label, "good", "check")
    return Badge(
        outcome.label,
        "warn" if outcome is Target.Outcome.NOT_MET else "quiet",
        "question" if outcome is Target.Outcome.CANNOT_TELL else "close",
    )


def pace_of(standing: Standing) -> str:
    return PACES[standing.judgement.pace]


@require_safe
@mart.look()
def show_target(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    target = queries.get_target(workspace=workspace, public_id=public_id)
    standing = queries.stand(target=target, now=clock.now())
    marks = marks_of(standing)
    if file := drawings.file_of(request, _drawn(target, marks)):
        return file
    following = queries.find_next(target=target)
    context = {
        "target": target,
        "standing": standing,
        "badge": badge_of(standing),
        "pace": pace_of(standing),
        "marks": marks,
        "start_url": marks[0].url,
        "verdict_note": _note(standing),
        "proposal": _proposal(standing) if following is None else None,
        "following": following,
        "changes": queries.list_changes(target=target),
        "may_change": access.may(request, Role.MANAGER),
        "give_up": GiveUpForm(),
    }
    return render(request, "insights/target.html", context)


def _drawn(target: Target, marks: Iterable[Mark]) -> Iterator[Chart]:
    """The way until now as a file, made when somebody asks for it."""
    points = [
        charts.Point(
            label=f"{mark.on.day} {mark.on:%b %Y}",
            n=mark.answers,
            score=mark.estimate,
            low=mark.low,
            high=mark.high,
        )
        for mark in marks
    ]
    goal = charts.Target(value=target.goal, label=f"Goal, {domain.write_day(target.due_on)}")
    yield charts.trend(points, title=target.title, key=WAY, target=goal)


def _note(standing: Standing) -> str:
    """What becomes of today's verdict while the target runs."""
    target, judgement = standing.target, standing.judgement
    if target.outcome or judgement.verdict is not Verdict.MET:
        return ""
    return (
        "Called met for good when that still holds after "
        f"{domain.write_day(target.due_on)}, or before that beyond any doubt: who looks every day "
        "gives chance many tries."
    )


def _proposal(standing: Standing) -> domain.Proposal | None:
    """Only of a target that is met for good; it is proposed and never set by itself."""
    if standing.target.outcome != Target.Outcome.MET:
        return None
    return standing.judgement.proposal


def marks_of(standing: Standing) -> list[Mark]:
    target = standing.target
    start = queries.start_window(target)
    first = Mark(
        on=target.starts_on,
        answers=target.start_answers,
        estimate=target.start,
        low=target.start_low,
        high=target.start_high,
        url=_answers_url(target, start) if target.start_answers else "",
    )
    return [first, *_later_marks(standing)]


def _later_marks(standing: Standing) -> Iterator[Mark]:
    for point in standing.points:
        interval = point.interval
        yield Mark(
            on=point.on,
            answers=point.tally.n,
            estimate=point.tally.score,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            url=_answers_url(standing.target, queries.window_on(standing.target, point.on))
            if point.tally.n
            else "",
        )


def _answers_url(target: Target, window: Window) -> str:
    """How the score of these days comes about."""
    return Links(target.workspace.slug).answers(queries.question_of(target, window))


@require_safe
@mart.look()
def explain_target(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The verdict with its numbers put in, and the answers behind it."""
    target = queries.get_target(workspace=workspace, public_id=public_id)
    standing = queries.stand(target=target, now=clock.now())
    window, rows = standing.window, _rows(standing, request.GET.get("after", ""))
    first, last = domain.write_day(window.first), domain.write_day(window.last)
    panel = Panel(
        sentence=f"{target.title}: answers from {first} to {last}",
        parts=tuple(_explanations(standing)),
        rows=rows,
        page_url=reverse("targets:target", args=[workspace.slug, target.public_id]),
        page_name="Target",
        **panels.around(request, rows),
    )
    return panels.show(request, panel)


def _explanations(standing: Standing) -> Iterator[Explanation]:
    figure, tally = standing.judgement.figure, standing.tally
    yield explaining.target(standing.aim, figure, today=standing.window.last)
    for each in (explaining.score(standing.histogram), explaining.interval(tally)):
        if each is not None:
            yield each
    if standing.thresholds is not None and not standing.target.outcome:
        yield explaining.thresholds(standing.target.goal, standing.thresholds)


def _rows(standing: Standing, after: str) -> Rows:
    workspace = standing.target.workspace
    last = responses.get_response(workspace=workspace, public_id=after) if after else None
    found = queries.list_behind_target(standing=standing, limit=behind.PAGE + 1, after=last)
    shown = found[: behind.PAGE]
    return Rows(
        "answer",
        "answers",
        standing.tally.n,
        tuple(behind.answer_rows(workspace, shown)),
        shown[-1].public_id if len(found) > len(shown) else "",
    )


@require_safe
def download_target(
    request: HttpRequest, workspace: Workspace, public_id: str
) -> StreamingHttpResponse:
    """The way until now, as a table."""
    target = queries.get_target(workspace=workspace, public_id=public_id)
    standing = queries.stand(target=target, now=clock.now())
    return sheets.download(_csv(standing), name=f"target-{target.public_id}")


def _csv(standing: Standing) -> Iterator[tuple[str, ...]]:
    yield ("day", "score", "low", "high", "answers", "straight_line", "goal")
    for mark in marks_of(standing):
        yield (
            mark.on.isoformat(),
            *(
                "" if value is None else f"{value:.2f}"
                for value in (mark.estimate, mark.low, mark.high)
            ),
            str(mark.answers),
            f"{domain.expected_on(standing.aim, mark.on):.2f}",
            f"{standing.target.goal:g}",
        )


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new target is to be about, as its address says it."""

    program: Program | None
    programs: tuple[Program, ...]
    days: int
    starts_on: date
    follows: Target | None
    only: Only
    phrases: tuple[Phrase, ...]
    pairs: tuple[tuple[str, str], ...]
    start: Start

    @property
    def query(self) -> str:
        """The filter and the target it follows, for addresses of the same page."""
        after = [("after", self.follows.public_id)] if self.follows else []
        return urlencode([*self.pairs, *after])


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def new_target(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    beginning = _begin(request, workspace, now)
    form = AimForm(
        request.POST if request.method == "POST" else None,
        workspace=workspace,
        initial=_initial(request, beginning, now),
    )
    if form.is_valid():
        try:
            target = aiming.set_target(
                workspace=workspace,
                program=beginning.program,
                days=beginning.days,
                starts_on=beginning.starts_on,
                aim=form.aim(),
                only=beginning.only,
                follows=beginning.follows,
                actor=access.actor_of(request),
                now=now,
            )
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "The target is set.")
            return redirect("targets:target", workspace.slug, target.public_id)
    context = {
        "form": form,
        "beginning": beginning,
        "all_days": queries.DAYS,
        "suggestions": _suggestions(beginning),
        "warnings": _warnings(form, beginning),
    }
    return render(request, "insights/target_new.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest, workspace: Workspace, now: datetime) -> Beginning:
    asked = request.GET
    follows = None
    if asked.get("after"):
        follows = queries.get_target(workspace=workspace, public_id=asked["after"])
    programs = tuple(Program.objects.filter(workspace=workspace).order_by("name"))
    slug = asked.get("program", follows.program.slug if follows and follows.program else "")
    program = next((each for each in programs if each.slug == slug), None)
    if slug and program is None:
        raise NotFound("There is no such program.")
    usual = follows.days if follows else queries.USUAL_DAYS
    offered = {str(each): each for each in queries.DAYS}
    days = offered.get(asked.get("days", ""), usual)
    today = measuring.today_of(workspace, now)
    starts_on = _day(asked.get("starts_on", ""), today)
    asked_for, phrases = _filter(request, workspace, follows, today)
    only = Only(asked_for.conditions, " ".join(each.text for each in phrases))
    start = queries.measure_start(
        workspace=workspace,
        program=program,
        days=days,
        starts_on=starts_on,
        conditions=only.conditions,
        now=now,
    )
    pairs = tuple(asked_for.pairs)
    return Beginning(program, programs, days, starts_on, follows, only, phrases, pairs, start)


def _filter(
    request: HttpRequest, workspace: Workspace, follows: Target | None, today: date
) -> tuple[Asked, tuple[Phrase, ...]]:
    """As the address has it, or as the target had it that is followed; without the period, which
    is the target's own."""
    asked = read_asked(request.GET, today=today).bare()
    if follows is not None and not asked.conditions:
        asked = replace(asked, conditions=queries.conditions_of(follows))
    asked = replace(asked, period=asked.usual.value)
    dimensions = analyses.list_dimensions(workspace=workspace) if asked.conditions else []
    return asked, tuple(sentences.phrases(asked, dimensions))


def _day(text: str, usual: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return usual


def _initial(request: HttpRequest, beginning: Beginning, now: datetime) -> dict[str, Any]:
    follows = beginning.follows
    due = beginning.starts_on + timedelta(days=domain.TEMPLATE_DAYS)
    goal = request.GET.get("goal", "")
    initial: dict[str, Any] = {"due_on": _day(request.GET.get("due_on", ""), due), "goal": goal}
    if follows is not None:
        initial |= {
            "department": follows.department,
            "owner": follows.owner,
            "objective": follows.objective,
        }
        proposal = _proposal(queries.stand(target=follows, now=now))
        if proposal is not None and proposal.target is not None:
            initial["goal"] = goal or f"{proposal.target.goal:g}"
            initial["due_on"] = beginning.starts_on + (follows.due_on - follows.starts_on)
    return initial


def _suggestions(beginning: Beginning) -> list[tuple[domain.Suggestion, date]]:
    return [
        (each, beginning.starts_on + timedelta(days=each.days))
        for each in beginning.start.suggestions
    ]


def _warnings(form: AimForm, beginning: Beginning) -> tuple[str, ...]:
    """Of the goal that stands in the form now."""
    score = beginning.start.tally.score
    try:
        goal = float(form["goal"].value() or "")
    except ValueError:
        return ()
    if score is None or not score < goal <= 100:
        return ()
    aim = domain.Target(score, goal, beginning.starts_on, beginning.starts_on + timedelta(days=1))
    return domain.warnings(aim, answers=beginning.start.tally.n)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def change_target(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    target = queries.get_target(workspace=workspace, public_id=public_id)
    form = AimForm(
        request.POST if request.method == "POST" else None,
        workspace=workspace,
        initial=AimForm.values_of(target),
    )
    if form.is_valid():
        try:
            aiming.change_target(
                target=target, aim=form.aim(), actor=access.actor_of(request), now=clock.now()
            )
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Saved. What it was before stays in its history.")
            return redirect("targets:target", workspace.slug, target.public_id)
    context = {"form": form, "target": target}
    return render(
        request, "insights/target_change.html", context, status=422 if form.errors else 200
    )


@require_POST
@access.needs(Role.MANAGER)
def give_up(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    target = queries.get_target(workspace=workspace, public_id=public_id)
    try:
        aiming.give_up(
            target=target,
            reason=request.POST.get("reason", ""),
            actor=access.actor_of(request),
            now=clock.now(),
        )
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Given up. It stays in the history, with your reason.")
    return redirect("targets:target", workspace.slug, target.public_id)
