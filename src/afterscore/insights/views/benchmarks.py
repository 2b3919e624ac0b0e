"""Other people's scores beside one's own: with where they come from, and never as a table of who
is best."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from afterscore.domain import intervals
from afterscore.domain.roles import Role
from afterscore.insights.composition.frames import Links
from afterscore.insights.forms.benchmarks import BenchmarkForm
from afterscore.insights.models import Benchmark
from afterscore.insights.operations import comparing
from afterscore.insights.queries import benchmarks as queries
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


def beside_context(workspace: Workspace, now: datetime) -> dict[str, Any]:
    """One's own score and every benchmark beside it."""
    rows = queries.list_benchmarks(workspace=workspace)
    if not rows:
        return {"beside": []}
    own = queries.measure_own(workspace=workspace, now=now)
    tally = own.tally
    return {
        "beside": queries.place_beside(rows, tally, method=own.method, today=own.window.last),
        "own": tally,
        "own_url": Links(workspace.slug).answers(own.question),
        "own_interval": intervals.score_interval(tally),
        "own_window": own.window,
        "own_method": own.method,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def new_benchmark(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    return _edit(request, workspace, None)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def edit_benchmark(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    found = queries.get_benchmark(workspace=workspace, public_id=public_id)
    return _edit(request, workspace, found)


def _edit(request: HttpRequest, workspace: Workspace, benchmark: Benchmark | None) -> HttpResponse:
    form = BenchmarkForm(
        request.POST if request.method == "POST" else None,
        initial=(
            BenchmarkForm.values_of(benchmark) if benchmark else {"is_standard_question": True}
        ),
    )
    if form.is_valid():
        try:
            comparing.save_benchmark(
                workspace=workspace,
                benchmark=benchmark,
                draft=form.draft(),
                link=form.cleaned_data["link"],
                actor=access.actor_of(request),
                now=clock.now(),
            )
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Saved.")
            return redirect("targets:list", workspace.slug)
    context = {"benchmark": benchmark, "form": form}
    return render(request, "insights/benchmark.html", context, status=422 if form.errors else 200)


@require_POST
@access.needs(Role.MANAGER)
def remove_benchmark(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    found = queries.get_benchmark(workspace=workspace, public_id=public_id)
    comparing.remove_benchmark(benchmark=found, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"Removed: {found.source}.")
    return redirect("targets:list", workspace.slug)
