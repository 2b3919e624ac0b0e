"""What the doors have in common: who is visiting, and pages that tell nobody else of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation.trans_real import parse_accept_lang_header

from afterscore.domain import scanners
from afterscore.domain.scanners import Means, Validity
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Response
from afterscore.surveys import languages
from afterscore.surveys.composition import Wording


@dataclass(frozen=True, slots=True)
class Visit:
    """`said` is what this person has answered, as far as the page may show it: never what a
    scanner has left behind."""

    request: HttpRequest
    enrolment: Enrolment
    wording: Wording
    response: Response | None
    now: datetime

    @property
    def said(self) -> Response | None:
        response = self.response
        if response is None or response.is_counted:
            return response
        if response.validity == Validity.PROVISIONAL:
            return None if response.evidence.get("means") == Means.OPENED else response
        is_fresh = self.now - response.changed_at < scanners.SITTING
        return response if is_fresh and "score" not in self.request.GET else None

    @property
    def chosen_before(self) -> int | None:
        """The number of the link that this person has looked at before, without a tap."""
        response = self.response
        is_held = response is not None and response.validity == Validity.PROVISIONAL
        return response.score if response is not None and is_held and self.said is None else None

    @property
    def wants_json(self) -> bool:
        kinds = ["text/html", "application/json"]
        return self.request.get_preferred_type(kinds) == "application/json"

    @property
    def is_finished(self) -> bool:
        """Sent to the end, whether it counts already or waits for its minute."""
        said = self.response
        is_taken = said is not None and said.validity in (Validity.COUNTED, Validity.PROVISIONAL)
        return is_taken and said is not None and said.completed_at is not None

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


def not_found(request: HttpRequest) -> HttpResponse:
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


def closed(visit: Visit) -> HttpResponse:
    texts = visit.wording.texts
    status = 409 if visit.request.method == "POST" else 200
    if visit.wants_json:
        return JsonResponse({"saved": False, "error": texts["closed_title"]}, status=status)
    context = {"title": texts["closed_title"], "text": texts["closed_text"]}
    return visit.render("responses/notice.html", context, status=status)
