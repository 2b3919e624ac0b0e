from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from afterscore.domain.nps import Group
from afterscore.insights import operations, queries
from afterscore.insights.models import Reading
from afterscore.insights.queries import Loop, Pulse
from afterscore.kit import clock
from afterscore.kit.templatetags.charts import FunnelStep, TrendPoint
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

MOST_LINKS = 3


@dataclass(frozen=True, slots=True)
class Todo:
    text: str
    url: str


@require_safe
def show_pulse(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The score, whether it moved, whether we answered, what is at stake, what to do."""
    waves = queries.list_waves(workspace=workspace)
    wave = queries.choose_wave(waves=waves, public_id=request.GET.get("wave", ""))
    if wave is None:
        return render(request, "insights/pulse_empty.html")
    pulse = queries.get_pulse(workspace=workspace, wave=wave, waves=waves, now=clock.now())
    context = {
        "pulse": pulse,
        "waves": waves,
        "steps": _steps(pulse),
        "points": _points(pulse, workspace),
        "loops": _loops(pulse),
        "todos": _todos(pulse, workspace)[:MOST_LINKS],
    }
    part = request.headers.get("HX-Request") == "true"
    if not part:
        member = access.member_of(request)
        operations.note_reading(member=member, page=Reading.Page.PULSE, now=clock.now())
    return render(
        request, "insights/pulse_figures.html" if part else "insights/pulse.html", context
    )


def _steps(pulse: Pulse) -> list[FunnelStep]:
    funnel = pulse.funnel
    left_out = funnel.considered - funnel.eligible
    or_shown = " or shown" if funnel.shown else ""
    return [
        FunnelStep(label="May be asked", count=funnel.eligible, note=f"{left_out:,} not asked"),
        FunnelStep(label=f"Sent{or_shown}", count=funnel.sent),
        FunnelStep(
            label=f"Delivered{or_shown}",
            count=funnel.delivered,
            note=f"{funnel.bounced:,} bounced",
        ),
        FunnelStep(
            label="Answered", count=funnel.answered, note=f"{funnel.unsubscribed:,} unsubscribed"
        ),
        FunnelStep(label="With a comment", count=funnel.commented),
    ]


def _points(pulse: Pulse, workspace: Workspace) -> list[TrendPoint]:
    page = reverse("insights:pulse", args=[workspace.slug])
    return [
        TrendPoint(
            label=f"Wave {entry.wave.number}",
            answers=entry.measured.tally.n,
            estimate=entry.measured.tally.score,
            low=entry.measured.low,
            high=entry.measured.high,
            href=f"{page}?wave={entry.wave.public_id}",
        )
        for entry in pulse.trend
    ]


def _loops(pulse: Pulse) -> list[tuple[str, Group | None, Loop]]:
    rows: list[tuple[str, Group | None, Loop]] = [
        (f"{group.value.capitalize()}s", group, pulse.loops.groups[group]) for group in Group
    ]
    rows.append(("With a comment", None, pulse.loops.speaking))
    rows.append(("Without a comment", None, pulse.loops.silent))
    return rows


def _todos(pulse: Pulse, workspace: Workspace) -> list[Todo]:
    """What to do now, the most pressing first."""
    inbox = reverse("cases:inbox", args=[workspace.slug])
    outbox = reverse("outreach:outbox", args=[workspace.slug])
    pressing = pulse.pressing
    found = []
    if pressing.overdue:
        found.append(Todo(f"Answer {_people(pressing.overdue)} past due", f"{inbox}?show=overdue"))
    if pressing.unowned:
        found.append(Todo(f"Give {_cases(pressing.unowned)} an owner", f"{inbox}?show=unassigned"))
    if pressing.in_doubt:
        found.append(
            Todo(f"Look at {pressing.in_doubt} messages in doubt", f"{outbox}?state=in_doubt")
        )
    if pressing.failed:
        found.append(Todo(f"Mend {pressing.failed} failed messages", f"{outbox}?state=failed"))
    if not found and pulse.wave.state == pulse.wave.State.CLOSED:
        program = reverse("programs:program", args=[workspace.slug, pulse.wave.program.slug])
        found.append(Todo("Plan the next wave", program))
    return found


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"
