"""The link at the foot of every mail: how often its reader wants to be asked, and by whom.

Whoever has the link may choose for that reader, nothing else. Getting the page changes nothing,
however often scanners do; posting to it, with whatever body, unsubscribes from everything
(RFC 8058) unless the body names one of the other choices: no cookie, no form token, no redirect.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from afterscore.kit import clock, signing
from afterscore.outreach import composition, operations, queries
from afterscore.outreach.models import Message
from afterscore.outreach.operations import Choice

FORM = "application/x-www-form-urlencoded"

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    public_id = signing.unsign("unsubscribe", token)
    message = queries.find_message(public_id=public_id) if public_id else None
    if message is None:
        return _page("outreach/unsubscribe_unknown.html", {"language": "en"}, status=404)
    if request.method == "POST":
        operations.choose(message=message, choice=_choice(request), now=clock.now())
        message.contact.refresh_from_db()
    context = {
        **composition.unsubscribe_words(message),
        "choices": _choices(message),
        "is_done": queries.is_unsubscribed(message=message),
        "is_saved": request.method == "POST",
        "path": request.path,
    }
    return _page("outreach/unsubscribe.html", context)


def _choice(request: HttpRequest) -> Choice:
    """Anything but one of our own buttons is a mail program's one click."""
    if request.content_type != FORM:
        return Choice.NOTHING
    given = request.POST.get("choice", "")
    return Choice(given) if given in tuple(Choice) else Choice.NOTHING


def _choices(message: Message) -> list[dict[str, object]]:
    """The buttons, and which of them are chosen at present."""
    contact = message.contact
    is_out = bool(message.scope) and queries.is_unsubscribed(message=message, scope=message.scope)
    chosen = {
        "opt_in": contact.consent_basis == operations.OPTED_IN and contact.ask_gap_days is None,
        "twice": contact.ask_gap_days == operations.GAPS[Choice.TWICE],
        "once": contact.ask_gap_days == operations.GAPS[Choice.ONCE],
        "not_this": is_out,
    }
    words = composition.choice_words(message)
    return [
        {"name": name, "label": label, "is_chosen": chosen[name]} for name, label in words.items()
    ]


def _page(template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """Without the request: nothing here reads a cookie or sets one."""
    return HttpResponse(render_to_string(template, context), status=status, headers=HEADERS)
