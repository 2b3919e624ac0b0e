"""Reports: who gets which, what they look like, and taking them along."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.bulletins import Picture
from afterscore.domain.departments import Department
from afterscore.domain.roles import Role
from afterscore.insights import forms, languages
from afterscore.insights.composition import documents, letters, telling
from afterscore.insights.composition.telling import Teller
from afterscore.insights.models import Report
from afterscore.insights.operations import reports as operations
from afterscore.insights.queries import editions, reporting
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.outreach.composition import bulletins
from afterscore.surveys import languages as known
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@require_safe
def list_reports(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    member = access.member_of(request)
    listed = editions.list_reports(workspace=workspace)
    mine = {
        each.report.pk: reader
        for each in listed
        for reader in each.readers
        if reader.member_id == member.pk
    }
    context = {
        "rows": [(each, mine.get(each.report.pk)) for each in listed],
        "may_change": access.may(request, Role.MANAGER),
        "form": forms.LanguageForm(member=member),
        "weekdays": forms.reports.DAYS,
    }
    return render(request, "insights/reports.html", context)


@access.needs(Role.MANAGER)
def new_report(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = forms.ReportForm(request.POST or None, workspace=workspace)
    return _edit(request, workspace, form, None)


@access.needs(Role.MANAGER)
def edit_report(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    report = editions.get_report(workspace=workspace, public_id=public_id)
    form = forms.ReportForm(request.POST or None, workspace=workspace, report=report)
    form.fields["readers"].initial = [
        member.public_id for member in editions.list_readers(report=report)
    ]
    return _edit(request, workspace, form, report)


def _edit(
    request: HttpRequest, workspace: Workspace, form: forms.ReportForm, report: Report | None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            saved = operations.save_report(
                workspace=workspace,
                report=report,
                actor=access.actor_of(request),
                now=clock.now(),
                **form.given(),
            )
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Saved. Below is what its readers would get today.")
            return redirect("reports:report", workspace.slug, saved.public_id)
    return render(request, "insights/report_edit.html", {"form": form, "report": report})


@require_safe
def show_report(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """As its readers would get it now, in any of its languages."""
    report = editions.get_report(workspace=workspace, public_id=public_id)
    teller = _teller(request, report)
    context: dict[str, Any] = {
        "report": report,
        "readers": editions.list_readers(report=report),
        "reader": editions.find_reader(report=report, member=access.member_of(request)),
        "subject": telling.subject(teller) if teller else "",
        "chosen": teller.phrases.code if teller else "",
        "languages": [(code, known.get(code).name) for code in languages.available()],
        "may_change": access.may(request, Role.MANAGER),
        "weekday": forms.reports.DAYS[report.weekday],
    }
    return render(request, "insights/report.html", context)


@require_safe
@xframe_options_sameorigin
def show_mail(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The mail alone, for the frame."""
    report = editions.get_report(workspace=workspace, public_id=public_id)
    teller = _needed(_teller(request, report))
    drawn = letters.pictures(teller)
    bulletin = telling.tell(teller, name=report.name, stop="#", pictures=drawn)
    html = bulletins.html(bulletin)
    for key, picture in drawn.items():
        html = html.replace(f'src="cid:{key}"', f'src="{_inline(picture)}"')
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY
    return response


def _inline(picture: Picture) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.content).decode()


@require_safe
def download_pdf(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    report = editions.get_report(workspace=workspace, public_id=public_id)
    teller = _needed(_teller(request, report))
    name = f"{documents.file_name(teller)}.pdf"
    return _file(documents.pdf(teller), "application/pdf", name)


@require_safe
def download_slides(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """Pictures for one's own slides, in one file."""
    report = editions.get_report(workspace=workspace, public_id=public_id)
    teller = _needed(_teller(request, report))
    name = f"{documents.file_name(teller)}-slides.zip"
    return _file(documents.slides_zip(teller), "application/zip", name)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _teller(request: HttpRequest, report: Report) -> Teller | None:
    """What the report says at this moment; None while there is no wave to tell of."""
    wish = request.GET.get("language", "")
    phrases = languages.choose(wish) if wish else letters.phrases_for(access.member_of(request))
    contents = reporting.report_now(
        workspace=report.workspace,
        department=Department(report.department),
        is_wave=report.every == Report.Every.WAVE,
        now=clock.now(),
    )
    return letters.teller_of(contents, phrases) if contents else None


def _needed(teller: Teller | None) -> Teller:
    if teller is None:
        raise NotFound("There is no wave yet to tell of.")
    return teller


@require_POST
def try_report(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    report = editions.get_report(workspace=workspace, public_id=public_id)
    member = access.member_of(request)
    try:
        operations.plan_trial(report=report, member=member, now=clock.now())
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"It is on its way to {member.user.email}.")
    return redirect("reports:report", workspace.slug, public_id)


@require_POST
@access.needs(Role.MANAGER)
def remove_report(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    report = editions.get_report(workspace=workspace, public_id=public_id)
    operations.remove_report(report=report, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"Nobody gets “{report.name}” any more.")
    return redirect("reports:list", workspace.slug)


def stop_report(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """By a reader for herself: the link in the mail asks first, for scanners follow links."""
    report = editions.get_report(workspace=workspace, public_id=public_id)
    member = access.member_of(request)
    reader = editions.find_reader(report=report, member=member)
    if request.method == "POST" and reader is not None:
        is_stopped = "begin" not in request.POST
        operations.stop_report(
            report=report,
            member=member,
            is_stopped=is_stopped,
            actor=access.actor_of(request),
            now=clock.now(),
        )
        words = "You get it no more." if is_stopped else "You get it again."
        messages.success(request, words)
        return redirect("reports:list", workspace.slug)
    return render(request, "insights/report_stop.html", {"report": report, "reader": reader})


@require_POST
def choose_language(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    member = access.member_of(request)
    form = forms.LanguageForm(request.POST, member=member)
    if form.is_valid():
        operations.choose_language(
            member=member,
            language=form.cleaned_data["language"],
            actor=access.actor_of(request),
            now=clock.now(),
        )
        messages.success(request, "Saved. Reports to you are written in it from now on.")
    else:
        messages.error(request, "Reports are not written in this language yet.")
    return redirect("reports:list", workspace.slug)
