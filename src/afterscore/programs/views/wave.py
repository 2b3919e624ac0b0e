from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.fatigue import label_of
from afterscore.domain.roles import Role
from afterscore.kit import clock, sheets
from afterscore.kit.errors import NotFound, Refused
from afterscore.kit.templatetags.charts import FunnelStep
from afterscore.outreach import queries as outreach
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.views import calendars, effects
from afterscore.workspaces import access
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

PAGE = 50


@require_safe
def show_wave(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The funnel, the days, the problems, and who was not asked and why."""
    now = clock.now()
    wave = queries.get_wave(workspace=workspace, public_id=public_id)
    stream = wave.public_id
    delivery = outreach.delivery_counts(workspace=workspace, streams=[stream])
    asked = queries.count_asked(wave=wave)
    days = queries.list_days(wave=wave)
    context = {
        "wave": wave,
        "program": wave.program,
        "launcher": _launcher(wave),
        "funnel": _funnel(wave, delivery, asked),
        "delivery": delivery,
        "asked": asked,
        "calls": queries.count_calls(wave=wave),
        "aside": queries.count_set_aside(wave=wave),
        "standstill": outreach.find_standstill(workspace=workspace, stream=stream, now=now),
        "days": days,
        "busiest": max((day.total for day in days), default=0),
        "may_change": access.may(request, Role.MANAGER),
        **_plan(wave),
        **effects.effects_of(wave, now),
        **_left_out(request, wave),
    }
    return render(request, "programs/wave.html", context)


def _plan(wave: Wave) -> dict[str, Any]:
    """Nothing where everybody has been asked: what is to come is seen in the inbox then."""
    kept = queries.kept_plan(wave)
    if kept is None or wave.state == Wave.State.CLOSED:
        return {}
    return calendars.calendar_of(kept)


def _launcher(wave: Wave) -> str:
    """Who launched it, by name; empty for the command line."""
    kind, _, public_id = wave.launched_by.partition(":")
    if kind != "member":
        return ""
    try:
        return str(workspaces.get_member(workspace=wave.workspace, public_id=public_id))
    except NotFound:
        return "somebody who has left"


def _funnel(wave: Wave, delivery: dict[str, int], asked: dict[str, int]) -> list[FunnelStep]:
    lost = {name: delivery[name] for name in ("bounced", "failed", "in_doubt") if delivery[name]}
    came_back = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in lost.items())
    left, shown = delivery["unsubscribed"], asked["shown"]
    or_shown = " or shown" if shown else ""
    return [
        FunnelStep(label="May be asked", count=wave.eligible, note=_shown(shown)),
        FunnelStep(
            label=f"Sent{or_shown}",
            count=delivery["sent"] + shown,
            note=_waiting(delivery["waiting"]),
        ),
        FunnelStep(
            label=f"Delivered{or_shown}", count=delivery["delivered"] + shown, note=came_back
        ),
        FunnelStep(
            label="Answered",
            count=asked["answered"],
            note=f"{left:,} unsubscribed" if left else "",
        ),
    ]


def _shown(people: int) -> str:
    return f"{people:,} of them in your application or portal, without a mail" if people else ""


def _waiting(people: int) -> str:
    return f"{people:,} still to come" if people else ""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which of the people left out are to be seen."""

    reason: str
    search: str

    @classmethod
    def of(cls, request: HttpRequest, counts: Mapping[str, int]) -> _Chosen:
        """Of the reasons that occur; any other stands for all."""
        reason = request.GET.get("reason", "")
        search = request.GET.get("q", "").replace("\x00", "").strip()[:100]
        return cls(reason if reason in counts else "", search)

    def rows(self, wave: Wave) -> QuerySet[Enrolment]:
        return queries.list_left_out(wave=wave, reason=self.reason, search=self.search)

    def query(self, **changes: object) -> str:
        given = {"reason": self.reason, "q": self.search, **changes}
        return urlencode({name: value for name, value in given.items() if value})


def _left_out(request: HttpRequest, wave: Wave) -> dict[str, Any]:
    counts = queries.exclusion_counts(wave=wave)
    chosen = _Chosen.of(request, counts)
    page = Paginator(chosen.rows(wave), PAGE).get_page(request.GET.get("page"))
    return {
        "reason": chosen.reason,
        "search": chosen.search,
        "all_query": chosen.query(reason=""),
        "csv_query": chosen.query(),
        "reasons": [
            (name, label_of(name), count, chosen.query(reason=name))
            for name, count in counts.items()
        ],
        "page": page,
        "previous_url": _page_url(page, chosen, -1),
        "next_url": _page_url(page, chosen, 1),
        "pages_summary": f"{page.start_index():,} to {page.end_index():,} of "
        f"{page.paginator.count:,}",
    }


def _page_url(page: Page[Enrolment], chosen: _Chosen, step: int) -> str:
    number = page.number + step
    if not 1 <= number <= page.paginator.num_pages:
        return ""
    return f"?{chosen.query(page=number)}#not-asked"


@require_safe
def download_left_out(
    request: HttpRequest, workspace: Workspace, public_id: str
) -> StreamingHttpResponse:
    """Who was not asked and why, as CSV, a chunk at a time."""
    wave = queries.get_wave(workspace=workspace, public_id=public_id)
    rows = _Chosen.of(request, queries.exclusion_counts(wave=wave)).rows(wave)

    return sheets.download(
        queries.csv_rows(rows), name=f"{wave.program.slug}-wave-{wave.number}-not-asked"
    )


def _change(
    request: HttpRequest, wave: Wave, operation: Callable[..., None], done: str
) -> HttpResponse:
    try:
        operation(wave=wave, actor=access.actor_of(request), now=clock.now())
        messages.success(request, done)
    except Refused as error:
        messages.error(request, error.message)
    return redirect("programs:wave", wave.workspace.slug, wave.public_id)


@require_POST
@access.needs(Role.MANAGER)
def pause_wave(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    wave = queries.get_wave(workspace=workspace, public_id=public_id)
    pause = partial(operations.pause_wave, why=request.POST.get("why", "").strip()[:300])
    done = "Paused. Nothing more is sent until you resume it; answers still come in."
    return _change(request, wave, pause, done)


@require_POST
@access.needs(Role.MANAGER)
def resume_wave(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    wave = queries.get_wave(workspace=workspace, public_id=public_id)
    done = "Resumed. What came due meanwhile goes out in its send window."
    return _change(request, wave, operations.resume_wave, done)


@require_POST
@access.needs(Role.MANAGER)
def close_wave(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    wave = queries.get_wave(workspace=workspace, public_id=public_id)
    done = "Closed. Nothing more is sent, and no more answers are taken."
    return _change(request, wave, operations.close_wave, done)
