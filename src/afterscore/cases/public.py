"""The door of this app without a sign-in: the page that asks whether something is solved.

Whoever has the link of the mail may answer for its reader, nothing else. Getting the page changes
nothing but the log of fetches: an answer in the address is preselected, and one tap sends it.
What was sent is judged as an answer to a survey is, for mail scanners come here too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from afterscore.cases import composition, operations, queries
from afterscore.cases.composition import Page
from afterscore.cases.models import CheckBack
from afterscore.cases.operations import timing
from afterscore.domain.check_backs import Answer
from afterscore.domain.scanners import Means
from afterscore.kit import clock, signing
from afterscore.kit.discreet import SeeOther, discreet
from afterscore.kit.errors import Refused
from afterscore.responses import forms as survey
from afterscore.responses import operations as responses
from afterscore.surveys import languages

FORM_TYPE = "application/x-www-form-urlencoded"


@csrf_exempt  # nothing here depends on a cookie, so there is nothing to forge
@require_http_methods(["GET", "HEAD", "POST"])
@discreet
def check_back(request: HttpRequest, token: str) -> HttpResponse:
    found = _find(token)
    if found is None:
        return _not_found(request)
    days = timing.answer_days(found.case.response)
    page = composition.check_back_page(found, days=days)
    if not operations.is_open_to_answer(check_back=found, now=clock.now()):
        return _closed(request, page)
    if request.method == "POST":
        return _take(request, found, page)
    _note(request, found, is_trap=False)
    return _show(request, found, page)


@require_safe
@discreet
def follow_trap(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link leads that is hidden from everybody. Whoever follows it is shown the page."""
    found = _find(token)
    if found is None:
        return _not_found(request)
    _note(request, found, is_trap=True)
    return SeeOther(reverse("care:check_back", args=[token]))


def _find(token: str) -> CheckBack | None:
    public_id = signing.unsign(composition.CHECK_BACK, token)
    return None if public_id is None else queries.find_check_back(public_id=public_id)


def _note(request: HttpRequest, found: CheckBack, *, is_trap: bool) -> None:
    """The place of the answer among the three stands for a score: whoever opens all three links
    of the mail within a minute is hardly a person."""
    answer = _read_answer(request.GET)
    place = list(Answer).index(answer) if answer else None
    visit = survey.read_visit(request, at=clock.now(), is_trap=is_trap)
    responses.note_visit(enrolment=found.case.response.enrolment, visit=replace(visit, score=place))


def _read_answer(data: QueryDict) -> Answer | None:
    given = data.get("answer", "")
    return Answer(given) if given in tuple(Answer) else None


def _show(request: HttpRequest, found: CheckBack, page: Page) -> HttpResponse:
    """The question; or the thanks, where it is answered and no other answer is in the address."""
    wanted = _read_answer(request.GET)
    said = composition.said(found, now=clock.now())
    if said is not None and "change" not in request.GET and wanted in {None, said}:
        context = {"promise": page.thanks(said)}
        return _render(request, "cases/public/check_back_thanks.html", page, context)
    comment = found.comment if said is not None else ""
    return _ask(request, page, chosen=wanted or said, comment=comment)


def _ask(
    request: HttpRequest,
    page: Page,
    *,
    chosen: Answer | None,
    comment: str = "",
    error: str = "",
    comment_error: str = "",
) -> HttpResponse:
    context = {
        "answers": page.answers,
        "about": page.about,
        "chosen": chosen,
        "comment": comment,
        "error": error,
        "comment_error": comment_error,
    }
    status = 422 if error or comment_error else 200
    return _render(request, "cases/public/check_back.html", page, context, status=status)


def _take(request: HttpRequest, found: CheckBack, page: Page) -> HttpResponse:
    texts = page.language.survey
    try:
        data = request.POST if request.content_type == FORM_TYPE else QueryDict()
    except RequestDataTooBig:
        return _ask(request, page, chosen=None, comment_error=texts["comment_too_long"])
    answer, comment = _read_answer(data), data.get("comment", "")
    if answer is None:
        return _ask(request, page, chosen=None, comment=comment, error=texts["check_choose_error"])
    now = clock.now()
    act = survey.read_act(request, survey.read(data, ()), means=Means.SENT, at=now)
    try:
        operations.answer_check_back(
            check_back=found, answer=answer, comment=comment, act=act, now=now
        )
    except Refused as refused:
        if refused.field is None:
            return _closed(request, page)
        too_long = texts["comment_too_long"]
        return _ask(request, page, chosen=answer, comment=comment, comment_error=too_long)
    return SeeOther(request.path)


def _render(
    request: HttpRequest,
    template: str,
    page: Page,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Without the request: no context processor gets to look at a cookie."""
    shared = {
        "texts": page.texts,
        "workspace_name": page.company,
        "language": page.language.code,
        "direction": page.language.direction,
        "path": request.path,
    }
    return HttpResponse(render_to_string(template, {**shared, **context}), status=status)


def _closed(request: HttpRequest, page: Page) -> HttpResponse:
    texts = page.texts
    context = {"title": texts["closed_title"], "text": texts["closed_text"]}
    status = 409 if request.method == "POST" else 200
    return _render(request, "responses/notice.html", page, context, status=status)


def _not_found(request: HttpRequest) -> HttpResponse:
    """The same page for a link that never was, was tampered with, or leads nowhere any more."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    found = (languages.recognise(code) for code, _weight in accepted)
    language = languages.get(next(filter(None, found), "en"))
    context = {
        "language": language.code,
        "direction": language.direction,
        "title": language.survey["not_found_title"],
        "text": language.survey["not_found_text"],
    }
    return HttpResponse(render_to_string("responses/notice.html", context), status=404)
