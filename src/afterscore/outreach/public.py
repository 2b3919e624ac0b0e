"""Three doors: the link at the foot of every mail, and the addresses to which mail providers
report and hand over mail that they take in.

Whoever has the link may choose for its reader how often to be asked and by whom, nothing else.
Getting the page changes nothing, however often scanners do; posting to it, with whatever body,
unsubscribes from everything (RFC 8058) unless the body names one of the other choices: no cookie,
no form token, no redirect.

Each mail route has an address of its own for reports, with a secret in it; where the provider signs
what it says, the signature is checked as well. What comes in is kept before it is answered.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from afterscore.kit import clock, signing
from afterscore.kit.discreet import HEADERS
from afterscore.kit.errors import Refused
from afterscore.outreach import composition, operations, queries
from afterscore.outreach.channels import reports
from afterscore.outreach.channels.reports import Envelope, Forged, Garbled
from afterscore.outreach.models import MailRoute, Message
from afterscore.outreach.operations import Choice

MOST_OF_A_REPORT = 8_000_000
MOST_OF_A_MAIL = 22_000_000  # bytes of a request: the largest mail, packed once more
FORM = "application/x-www-form-urlencoded"


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


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def take_report(request: HttpRequest, token: str) -> HttpResponse:
    """Providers look with GET or HEAD whether the address is there; that changes nothing."""
    route = queries.find_reporting_route(token=token)
    if route is None:
        if request.method == "POST":
            operations.count_forged(public_id=token.partition(".")[0], now=clock.now())
        return _say("This is not, or is no longer, an address for reports.", status=403)
    if request.method != "POST":
        return _say("A mail provider may report here, by POST.")
    content = request.read(MOST_OF_A_REPORT + 1)
    if len(content) > MOST_OF_A_REPORT:
        return _say(f"More than {MOST_OF_A_REPORT:,} bytes. Report in smaller parts.", status=413)
    try:
        operations.receive_report(
            route=route, envelope=_envelope(request, content), now=clock.now()
        )
    except Forged:
        return _say("The signature does not fit.", status=403)
    except (
        Refused
    ):  # no key of ours opens the key to check with: the administrator is told by doctor
        return _say("This cannot be checked at present. Try again later.", status=503)
    return _say("Kept.")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def take_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Mail for us that a provider has taken in. What is nobody's is answered like what is kept, so
    that it is not brought again; what cannot be read is refused, so that it shows there."""
    route = queries.find_reporting_route(token=token, purpose="inbound")
    if route is None:
        return _say("This is not, or is no longer, an address for mail.", status=403)
    if request.method != "POST":
        return _say("A mail provider may hand over mail here, by POST.")
    content = request.read(MOST_OF_A_MAIL + 1)
    if len(content) > MOST_OF_A_MAIL:
        return _say(f"More than {MOST_OF_A_MAIL:,} bytes.", status=413)
    return _hand_over(route, _envelope(request, content))


def _hand_over(route: MailRoute, envelope: Envelope) -> HttpResponse:
    try:
        taken = operations.receive_handed_over(route=route, envelope=envelope, now=clock.now())
    except Forged:
        return _say("The signature does not fit.", status=403)
    except Garbled:
        return _say("This is no mail that this provider would hand over.", status=400)
    except Refused:
        return _say("This cannot be checked at present. Try again later.", status=503)
    return _say("Kept." if taken.kept else f"Not kept. {' '.join(taken.refused)}".strip())


def _envelope(request: HttpRequest, content: bytes) -> Envelope:
    kept = {
        name.lower(): value
        for name, value in request.headers.items()
        if name.lower() in reports.KEPT_HEADERS
    }
    url = settings.PUBLIC_URL + request.get_full_path()  # as it was entered at the provider
    return Envelope(content, request.headers.get("Content-Type", ""), url, kept)


def _say(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain", headers=HEADERS)
