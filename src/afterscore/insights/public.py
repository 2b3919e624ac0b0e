"""The door of this app without a sign-in: a page of figures that somebody shared, to be read.

Whoever has the link sees what its maker froze, and nothing else: no names, no verbatims unless the
maker said so, no segment so small that one could guess who it is. Getting it writes one thing, how
often it was opened.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from afterscore.domain import calendars
from afterscore.insights import mart
from afterscore.insights.composition import shared
from afterscore.insights.models import SharedLink
from afterscore.insights.operations import sharing
from afterscore.insights.queries import sharing as links
from afterscore.kit import clock
from afterscore.kit.discreet import discreet


@require_safe
@discreet
def show_shared(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    link = links.find_link(secret=token)
    if link is None:
        return _tell("There is nothing here", "Look whether the link is complete.", status=404)
    if not links.is_open(link, now=now):
        return _over(link)
    zone = calendars.zone_or(link.workspace.time_zone, "UTC")
    with timezone.override(zone), mart.look():
        found = shared.compose(link=link, now=now)
        if found is None:
            return _tell(
                "This page cannot be shown any more",
                "It was filtered by something that is not recorded any more. "
                "Ask whoever sent you the link for a new one.",
                status=410,
            )
        page = render_to_string("insights/shared.html", found)
    if request.method == "GET":
        sharing.note_use(link=link, now=now)
    return HttpResponse(page)


def _over(link: SharedLink) -> HttpResponse:
    """In the same words, whether its time is up or it was taken back."""
    return _tell(
        "This page is not shared any more",
        f"“{link.title}” of {link.workspace.name} could be read for some time, which is over. "
        "Ask whoever sent you the link for a new one.",
        status=410,
    )


def _tell(heading: str, text: str, *, status: int) -> HttpResponse:
    page = render_to_string("insights/shared_over.html", {"heading": heading, "text": text})
    return HttpResponse(page, status=status)
