"""Calls before asking: a list to work through."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.programs import operations, queries
from afterscore.programs.models import HeadsUpCall
from afterscore.programs.queries import Phone, Script
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

PAGE = 25
_DONE = {
    HeadsUpCall.Outcome.REACHED: "Noted. The question comes as planned.",
    HeadsUpCall.Outcome.NOT_REACHED: "Noted. The question comes as planned all the same.",
    HeadsUpCall.Outcome.DECLINED: "Noted. They are not asked in this wave.",
    HeadsUpCall.Outcome.SKIPPED: "Noted. The question comes without a word ahead.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    call: HeadsUpCall
    script: Script
    is_late: bool
    phone: Phone | None


@require_safe
def list_calls(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """One's own calls first; everybody's, and those already made, one click away."""
    member = access.member_of(request)
    everybody = request.GET.get("of") == "all"
    made = request.GET.get("show") == "made"
    owner = None if everybody else member
    listing = queries.list_calls_made if made else queries.list_calls_to_make
    found = listing(workspace=workspace, owner=owner)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "page": page,
        "calls": [
            Shown(
                call,
                queries.script_of(call=call),
                not made and call.due_at < now,
                queries.phone_of(call=call),
            )
            for call in page
        ],
        "everybody": everybody,
        "made": made,
        "outcomes": HeadsUpCall.Outcome,
        "may_change": access.may(request, Role.AGENT),
        "mine": queries.list_calls_to_make(workspace=workspace, owner=member).count(),
        "to_make": queries.list_calls_to_make(workspace=workspace).count(),
        "previous_url": _url(page.number - 1, page.paginator.num_pages, request),
        "next_url": _url(page.number + 1, page.paginator.num_pages, request),
        "pages_summary": f"{page.start_index():,} to {page.end_index():,} of "
        f"{page.paginator.count:,}",
    }
    return render(request, "programs/calls.html", context)


def _url(number: int, last: int, request: HttpRequest) -> str:
    if not 1 <= number <= last:
        return ""
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@require_POST
@access.needs(Role.AGENT)
def record_call(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    call = queries.get_call(workspace=workspace, public_id=public_id)
    outcome = request.POST.get("outcome", "")
    try:
        operations.record_call(
            call=call,
            outcome=outcome,
            note=request.POST.get("note", ""),
            actor=access.actor_of(request),
            now=clock.now(),
        )
        messages.success(request, _DONE[HeadsUpCall.Outcome(outcome)])
    except Refused as error:
        messages.error(request, error.message)
    url = reverse("programs:calls", args=[workspace.slug])
    return redirect(f"{url}?of=all" if request.POST.get("of") == "all" else url)
