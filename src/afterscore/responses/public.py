"""The survey page: the door of a customer. It knows her by the signed link alone, reads no cookie
and sets none, and writes only when she sends something; that a mail in doubt has arrived is noted
as soon as its link is opened, by whomever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.template.loader import render_to_string
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from afterscore.domain import nps
from afterscore.kit import clock, signing
from afterscore.kit.errors import Refused
from afterscore.programs import operations as asking
from afterscore.programs import queries as programs
from afterscore.programs.models import Enrolment
from afterscore.responses import composition, forms, operations, queries
from afterscore.responses.composition import Form
from afterscore.responses.forms import Submission
from afterscore.responses.models import Response
from afterscore.surveys import languages
from afterscore.surveys.composition import Wording

PURPOSE = "survey"
METHODS = ["GET", "HEAD", "POST"]
FORM_TYPE = "application/x-www-form-urlencoded"
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

View = Callable[[HttpRequest, str], HttpResponse]


class SeeOther(HttpResponseRedirect):
    """To a page that is got, whatever was sent; going back or reloading sends nothing again."""

    status_code = 303


@dataclass(frozen=True, slots=True)
class Visit:
    request: HttpRequest
    enrolment: Enrolment
    wording: Wording
    response: Response | None

    @property
    def wants_json(self) -> bool:
        kinds = ["text/html", "application/json"]
        return self.request.get_preferred_type(kinds) == "application/json"

    @property
    def is_finished(self) -> bool:
        return self.response is not None and self.response.completed_at is not None

    def render(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Without the request: no context processor gets to look at a cookie."""
        wording = self.wording
        shared = {
            "words": wording,
            "texts": wording.texts,
            "workspace_name": wording.company,
            "language": wording.language,
            "direction": wording.direction,
            "path": self.request.path,
        }
        return HttpResponse(render_to_string(template, {**shared, **context}), status=status)


def _discreet(view: View) -> View:
    """The address is a key: it goes to no other site, into no cache, and not into the log either,
    where Django would write it beside every answer that is not a plain success."""

    @wraps(view)
    def discreet(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        for name, value in HEADERS.items():
            response.headers[name] = value
        response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        return response

    return discreet


@csrf_exempt  # nothing here depends on a cookie, so there is nothing to forge
@_discreet
def answer(request: HttpRequest, token: str) -> HttpResponse:
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    enrolment = _find_enrolment(token)
    if enrolment is None:
        return _not_found(request)
    asking.note_view(enrolment=enrolment, now=clock.now())
    response = queries.find_response_to(enrolment=enrolment)
    visit = Visit(request, enrolment, composition.word(enrolment), response)
    if not operations.is_open(wave=enrolment.wave, now=clock.now()):
        return _closed(visit)
    return _take(visit) if request.method == "POST" else _show(visit)


def _find_enrolment(token: str) -> Enrolment | None:
    public_id = signing.unsign(PURPOSE, token)
    found = None if public_id is None else programs.find_enrolment(public_id=public_id)
    return found if found and operations.was_asked(enrolment=found) else None


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
    page = render_to_string("responses/notice.html", context)
    return HttpResponse(page, status=404)


def _closed(visit: Visit) -> HttpResponse:
    texts = visit.wording.texts
    status = 409 if visit.request.method == "POST" else 200
    if visit.wants_json:
        return JsonResponse({"saved": False, "error": texts["closed_title"]}, status=status)
    context = {"title": texts["closed_title"], "text": texts["closed_text"]}
    return visit.render("responses/notice.html", context, status=status)


def _show(visit: Visit) -> HttpResponse:
    """The step that comes next. A score in the address is preselected, nothing more."""
    query, response = visit.request.GET, visit.response
    score = forms.read_score(query.get("score", ""))
    asks_score = "change" in query or response is None or score not in {None, response.score}
    if response is not None and visit.is_finished and not asks_score:
        return visit.render(
            "responses/thanks.html",
            {"promise": visit.wording.thanks[nps.group_of(response.score)]},
        )
    form = composition.continue_form(response, asks_score=asks_score, score=score)
    return _ask(visit, form)


def _ask(visit: Visit, form: Form) -> HttpResponse:
    context = composition.compose_form(form, visit.wording)
    context["saves_at_once"] = not visit.is_finished
    return visit.render("responses/answer.html", context, status=422 if form.errors else 200)


def _take(visit: Visit) -> HttpResponse:
    """Saves what was sent; a form that had the comment's field was sent to the end.

    The page's script saves the score alone, and what comes late from it changes nothing that
    the person has sent meanwhile.
    """
    try:
        submission = forms.read(_data(visit.request), visit.wording.drivers)
    except RequestDataTooBig:
        return _refuse(visit, Submission(), "comment", visit.wording.texts["comment_too_long"])
    score = _score(visit, submission)
    if score is None:
        return _refuse(visit, submission, "score", visit.wording.texts["choose_score_error"])
    if visit.wants_json and visit.response is not None and visit.is_finished:
        return _confirm(visit, visit.response.score)
    try:
        response = _record(visit, submission, score)
    except Refused as refused:
        if refused.field is None:  # the survey was closed, or the person erased, in this moment
            return _closed(visit)
        return _refuse(visit, submission, refused.field, _sentence(visit, refused))
    return _confirm(visit, response.score) if visit.wants_json else SeeOther(visit.request.path)


def _record(visit: Visit, submission: Submission, score: int) -> Response:
    is_whole = submission.comment is not None and not visit.wants_json
    recorded = operations.record_response(
        enrolment=visit.enrolment,
        score=score,
        channel="email",
        seconds=submission.seconds,
        comment=submission.comment if is_whole else None,
        drivers=submission.drivers if is_whole else None,
        complete=is_whole,
        now=clock.now(),
    )
    return recorded.response


def _data(request: HttpRequest) -> QueryDict:
    """What a form sends. Anything else has no fields; files are not even read."""
    return request.POST if request.content_type == FORM_TYPE else QueryDict()


def _score(visit: Visit, submission: Submission) -> int | None:
    """The second step does not ask for the score again: there it is what was saved before."""
    if submission.score is None and not submission.is_score_wrong and visit.response is not None:
        return visit.response.score
    return submission.score


def _confirm(visit: Visit, score: int) -> HttpResponse:
    group = nps.group_of(score)
    return JsonResponse(
        {
            "saved": True,
            "score": score,
            "group": group,
            "prompt": visit.wording.prompts[group],
            "message": visit.wording.saved(score),
        }
    )


def _sentence(visit: Visit, refused: Refused) -> str:
    """In the customer's language what a person can cause; only a tampered form causes the rest."""
    sentences = {"score": "choose_score_error", "comment": "comment_too_long"}
    key = sentences.get(str(refused.field))
    return visit.wording.texts[key] if key else refused.message


def _refuse(visit: Visit, submission: Submission, name: str, sentence: str) -> HttpResponse:
    """The form again, with everything that was typed and the reason beside its field."""
    if visit.wants_json:
        error = {"saved": False, "error": sentence, "field": name}
        return JsonResponse(error, status=422)
    before = visit.response
    known = before.score if before is not None else None
    form = Form(
        asks_score=name == "score" or before is None or submission.score is not None,
        asks_comment=name == "comment" or submission.comment is not None,
        score=known if submission.score is None else submission.score,
        comment=submission.comment or "",
        drivers=submission.drivers,
        errors={name: sentence},
    )
    return _ask(visit, form)
