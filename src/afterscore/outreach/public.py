"""The link at the foot of every mail. Whoever has it may unsubscribe that reader, nothing else.

Getting the page changes nothing, however often scanners do; posting to it, with whatever body,
unsubscribes (RFC 8058): no cookie, no form token, no redirect.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from afterscore.kit import clock, signing
from afterscore.outreach import composition, operations, queries

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
        operations.unsubscribe(message=message, now=clock.now())
    context = {
        **composition.unsubscribe_words(message),
        "is_done": queries.is_unsubscribed(message=message),
        "path": request.path,
    }
    return _page("outreach/unsubscribe.html", context)


def _page(template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """Without the request: nothing here reads a cookie or sets one."""
    return HttpResponse(render_to_string(template, context), status=status, headers=HEADERS)
