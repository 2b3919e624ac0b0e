"""Pages whose address is a key: it goes to no other site, into no cache, and not into the log."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

View = Callable[[HttpRequest, str], HttpResponse]


class SeeOther(HttpResponseRedirect):
    """To a page that is got, whatever was sent; going back or reloading sends nothing again."""

    status_code = 303


def discreet(view: View) -> View:
    """Of the log, too: Django would write the address beside every answer that is not a plain
    success."""

    @wraps(view)
    def quiet(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        for name, value in HEADERS.items():
            response.headers[name] = value
        response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        return response

    return quiet
