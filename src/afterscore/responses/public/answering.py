"""The survey page: the door of a customer. It knows her by the signed link alone, reads no cookie
and sets none. Only what she sends becomes an answer. That the page was fetched is noted beside, and
that a mail in doubt has arrived, for its link was opened, by whomever."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from afterscore.domain import nps
from afterscore.domain.scanners import Means
from afterscore.kit import clock, signing
from afterscore.kit.discreet import SeeOther, discreet
from afterscore.kit.errors import Refused
from afterscore.programs import operations as asking
from afterscore.programs import queries as programs
from afterscore.programs.models import Enrolment
from afterscore.responses import composition, forms, operations, queries
from afterscore.responses.composition import Form
from afterscore.responses.forms import Submission
from afterscore.responses.models import Response
from afterscore.responses.public.pages import Visit, closed, not_found

PURPOSE = "survey"
METHODS = ["GET", "HEAD", "POST"]
FORM_TYPE = "application/x-www-form-urlencoded"


@csrf_exempt  # nothing here depends on a cookie, so there is nothing to forge
@discreet
def answer(request: HttpRequest, token: str) -> HttpResponse:
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    enrolment = _find_enrolment(token)
    if enrolment is None:
        return not_found(request)
    now = clock.now()
    asking.note_view(enrolment=enrolment, now=now)
    response = queries.find_response_to(enrolment=enrolment)
    visit = Visit(request, enrolment, composition.word(enrolment), response, now)
    if not operations.is_open(wave=enrolment.wave, now=now):
        return closed(visit)
    if request.method == "POST":
        return _take(visit)
    if response is None or not (visit.is_finished and response.is_counted):
        _note(visit.request, enrolment, at=now, is_trap=False)
    return _show(visit)


@require_safe
@discreet
def follow_trap(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link leads that is hidden from everybody. Whoever follows it is shown the survey."""
    enrolment = _find_enrolment(token)
    if enrolment is None:
        return not_found(request)
    now = clock.now()
    if operations.is_open(wave=enrolment.wave, now=now):
        _note(request, enrolment, at=now, is_trap=True)
    return SeeOther(reverse("survey:answer", args=[token]))


def _note(request: HttpRequest, enrolment: Enrolment, *, at: datetime, is_trap: bool) -> None:
    visit = forms.read_visit(request, at=at, is_trap=is_trap)
    operations.note_visit(enrolment=enrolment, visit=visit)


def _find_enrolment(token: str) -> Enrolment | None:
    public_id = signing.unsign(PURPOSE, token)
    found = None if public_id is None else programs.find_enrolment(public_id=public_id)
    return found if found and operations.was_asked(enrolment=found) else None


def _show(visit: Visit) -> HttpResponse:
    """The step that comes next. A score in the address is preselected, nothing more."""
    query, said = visit.request.GET, visit.said
    score = forms.read_score(query.get("score", ""))
    asks_score = "change" in query or said is None or score not in {None, said.score}
    if said is not None and said.completed_at is not None and not asks_score:
        return visit.render(
            "responses/thanks.html",
            {"promise": visit.wording.thanks[nps.group_of(said.score)]},
        )
    chosen = visit.chosen_before if score is None else score
    form = composition.continue_form(said, asks_score=asks_score, score=chosen)
    return _ask(visit, form, is_by_link=score is not None and said is None)


def _ask(visit: Visit, form: Form, *, is_by_link: bool = False) -> HttpResponse:
    context = composition.compose_form(form, visit.wording)
    context["saves_at_once"] = not visit.is_finished
    context["is_by_link"] = is_by_link
    context["trap"] = f"{visit.request.path}/all"
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
    try:
        return _save(visit, submission, score)
    except Refused as refused:
        if refused.field is None:  # the survey was closed, or the person erased, in this moment
            return closed(visit)
        return _refuse(visit, submission, refused.field, _sentence(visit, refused))


def _save(visit: Visit, submission: Submission, score: int) -> HttpResponse:
    if visit.wants_json and visit.response is not None and visit.is_finished:
        return _confirm(visit, visit.response.score)
    if submission.is_opening:
        return _take_opening(visit, submission, score)
    response = _record(visit, submission, score)
    return _confirm(visit, response.score) if visit.wants_json else SeeOther(visit.request.path)


def _take_opening(visit: Visit, submission: Submission, score: int) -> HttpResponse:
    """The page's script tells that a score's link was looked at. The page says nothing of it."""
    act = forms.read_act(visit.request, submission, means=Means.OPENED, at=visit.now)
    kept = operations.record_opening(
        enrolment=visit.enrolment,
        score=score,
        channel=visit.enrolment.channel,
        act=act,
        now=visit.now,
    )
    return JsonResponse({"saved": kept is not None})


def _record(visit: Visit, submission: Submission, score: int) -> Response:
    is_whole = submission.comment is not None and not visit.wants_json
    means = Means.SENT if is_whole else Means.TAPPED
    recorded = operations.record_response(
        enrolment=visit.enrolment,
        score=score,
        channel=visit.enrolment.channel,
        seconds=submission.seconds,
        comment=submission.comment if is_whole else None,
        drivers=submission.drivers if is_whole else None,
        complete=is_whole,
        act=forms.read_act(visit.request, submission, means=means, at=visit.now),
        now=visit.now,
    )
    return recorded.response


def _data(request: HttpRequest) -> QueryDict:
    """What a form sends. Anything else has no fields; files are not even read."""
    return request.POST if request.content_type == FORM_TYPE else QueryDict()


def _score(visit: Visit, submission: Submission) -> int | None:
    """The second step does not ask for the score again: there it is what was saved before."""
    if submission.score is None and not submission.is_score_wrong and visit.said is not None:
        return visit.said.score
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
    before = visit.said
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
