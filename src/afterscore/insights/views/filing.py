"""Analyse a file: upload, say how it is to be read, see what an expert would say of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.roles import Role
from afterscore.insights import languages
from afterscore.insights.files import documents, findings, printing, reporting, speaking
from afterscore.insights.files.reporting import Report
from afterscore.insights.models import FileAnalysis
from afterscore.insights.operations import filing
from afterscore.insights.queries import filing as queries
from afterscore.insights.views.drawings import file_of
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.surveys import languages as known
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

ROLES = (
    ("", "leave out"), ("score", "the score"), ("comment", "the comment"), ("date", "the date"),
    ("account", "the company"), ("segment", "to tell apart by"), ("driver", "a rating beside it"),
    ("churn", "who left (yes or no)"), ("revenue", "what they pay"),
    ("csat", "satisfaction (CSAT)"), ("ces", "effort (CES)"),
)  # fmt: skip
DATES = (
    ("", "as the file shows"), ("dmy", "day first: 3 April"), ("mdy", "month first: 4 March"),
    ("ymd", "year first"),
)  # fmt: skip
SCALES = (("", "as the numbers show"), ("0-10", "0 to 10"), ("1-10", "1 to 10"), ("1-5", "1 to 5"))
LISTED = ", ".join(kind for kind in (*filing.KINDS, ".gz"))


@require_safe
def list_files(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    return _listed(request, workspace)


def _listed(request: HttpRequest, workspace: Workspace, problem: str = "") -> HttpResponse:
    context = {
        "analyses": queries.list_analyses(workspace=workspace),
        "problem": problem,
        "accept": LISTED,
        "may_change": access.may(request, Role.AGENT),
    }
    return render(request, "insights/files.html", context, status=422 if problem else 200)


@require_POST
@access.needs(Role.AGENT)
def upload(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    file: Any = request.FILES.get("file")
    if file is None:
        return _listed(request, workspace, "Choose a file first.")
    if (file.size or 0) > filing.MOST_BYTES:
        return _listed(
            request, workspace,
            "The file is larger than 200 MB. Analyse it on the server: afterscore analyze FILE",
        )  # fmt: skip
    try:
        analysis = filing.start_analysis(
            member=access.member_of(request),
            file=file,
            file_name=file.name or "file",
            now=clock.now(),
        )
    except Refused as error:
        return _listed(request, workspace, error.message)
    return redirect("files:file", workspace.slug, analysis.public_id)


@require_safe
def show_file(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The question, the wait or the answer; `?again` asks anew how the file is to be read."""
    analysis = queries.get_analysis(workspace=workspace, public_id=public_id)
    state = analysis.state
    if state == FileAnalysis.State.DONE and "again" not in request.GET:
        report = _report(analysis)
        if found := file_of(request, report.charts):
            return found
        context = _context(request, analysis, report=report) | _languages(request, analysis)
        return render(request, "insights/file.html", context)
    if state == FileAnalysis.State.RUNNING:
        return render(request, "insights/file_waits.html", _context(request, analysis))
    return render(request, "insights/file_asks.html", _context(request, analysis))


def _context(
    request: HttpRequest, analysis: FileAnalysis, *, report: Report | None = None
) -> dict[str, object]:
    return {
        "analysis": analysis,
        "report": report,
        "roles": ROLES,
        "dates": DATES,
        "scales": SCALES,
        "file_goes_at": analysis.created_at + filing.FILE_STAYS,
        "findings_go_at": analysis.created_at + timedelta(days=filing.FINDINGS_STAY.days),
        "may_change": access.may(request, Role.AGENT),
    }


def _languages(request: HttpRequest, analysis: FileAnalysis) -> dict[str, object]:
    """Those in which it can be taken along; none for one from before its sentences had keys."""
    if not _findings(analysis).get("said"):
        return {}
    member = access.member_of(request)
    codes = languages.available_for_files()
    return {
        "languages": [(code, known.get(code).name) for code in codes],
        "chosen": known.recognise(member.language) or languages.DEFAULT,
    }


def _report(analysis: FileAnalysis, language: str = "") -> Report:
    found = findings.read(_findings(analysis))
    return reporting.report_of(found, speaking.choose_for(found, language))


def _findings(analysis: FileAnalysis) -> dict[str, object]:
    if analysis.findings is None:
        raise NotFound("Nothing has been counted yet.")
    found: dict[str, object] = analysis.findings
    return found


@require_POST
@access.needs(Role.AGENT)
def choose(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    analysis = queries.get_analysis(workspace=workspace, public_id=public_id)
    roles = {
        column["name"]: request.POST.get(f"column-{place}", "")
        for place, column in enumerate(analysis.look["columns"])
    }
    try:
        analysis = filing.choose_columns(
            analysis=analysis,
            roles=roles,
            dates_order=request.POST.get("dates", ""),
            scale=request.POST.get("scale", ""),
        )
    except Refused as error:
        messages.error(request, error.message)
    else:
        if analysis.size <= filing.AT_ONCE:
            actor = access.actor_of(request)
            filing.run_analysis(analysis=analysis, actor=actor, now=clock.now())
    return redirect("files:file", workspace.slug, public_id)


@require_POST
@access.needs(Role.AGENT)
def forget(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    analysis = queries.get_analysis(workspace=workspace, public_id=public_id)
    name = analysis.file_name
    filing.forget_analysis(analysis=analysis, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"{name} and what was found in it are deleted.")
    return redirect("files:list", workspace.slug)


@require_safe
def download(request: HttpRequest, workspace: Workspace, public_id: str, kind: str) -> HttpResponse:
    analysis = queries.get_analysis(workspace=workspace, public_id=public_id)
    found, language = _findings(analysis), request.GET.get("language", "")
    if kind == "json":
        text = json.dumps(found, ensure_ascii=False, indent=2)
        return _attached(text.encode(), "application/json", "analysis.json")
    if kind == "html":
        page = documents.to_html(_report(analysis, language))
        return _attached(page.encode(), "text/html; charset=utf-8", "analysis.html")
    if kind == "pdf":
        return _attached(
            printing.to_pdf(_report(analysis, language)), "application/pdf", "analysis.pdf"
        )
    raise NotFound("There is no such report.")


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
