"""What a reader will see, for frames in the story."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from afterscore.domain.nps import Group, scores_of
from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.outreach.models import Kind
from afterscore.programs import queries
from afterscore.workspaces.models import Workspace

# Texts that people wrote are shown without script, without forms, and load nothing from elsewhere.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
SURVEY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'self'; sandbox"
)


@require_safe
@xframe_options_sameorigin
def show_mail(request: HttpRequest, workspace: Workspace, slug: str) -> HttpResponse:
    program = queries.get_program(workspace=workspace, slug=slug)
    wanted = request.GET.get("mail", "")
    message = queries.sample_message(
        program=program,
        kind=wanted if wanted in {Kind.REMINDER, Kind.HEADS_UP} else Kind.INVITATION,
        language=request.GET.get("language", ""),
    )
    try:
        page = composition.preview(message, is_dark=request.GET.get("theme") == "dark")
    except Refused as error:
        page = escape(error.message)
    return HttpResponse(page, headers={"Content-Security-Policy": MAIL_POLICY})


@require_safe
@xframe_options_sameorigin
def show_survey(request: HttpRequest, workspace: Workspace, slug: str) -> HttpResponse:
    """The survey after a score was chosen, so that the comment's prompt shows."""
    program = queries.get_program(workspace=workspace, slug=slug)
    wording = queries.sample_wording(program=program, language=request.GET.get("language", ""))
    given = request.GET.get("group", "")
    group = Group(given) if given in tuple(Group) else Group.PROMOTER
    context = {
        "words": wording,
        "texts": wording.texts,
        "language": wording.language,
        "direction": wording.direction,
        "selected": scores_of(group)[0],
        "prompt": wording.prompts[group],
    }
    page = render_to_string("programs/survey.html", context)
    return HttpResponse(page, headers={"Content-Security-Policy": SURVEY_POLICY})
