"""A bulletin as a mail to a colleague: plain text and HTML, short enough for a phone."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from afterscore.domain import bulletins
from afterscore.domain.bulletins import Bulletin, Line, Picture, Section
from afterscore.outreach.composition import headers, layouts, wire
from afterscore.outreach.composition.wire import Composed, Enclosed
from afterscore.workspaces.models import Member


def compose(
    bulletin: Bulletin,
    *,
    member: Member,
    sender: str,
    public_id: str,
    enclosed: tuple[Enclosed, ...] = (),
    now: datetime,
) -> Composed:
    """The same bulletin with the same id gives the same mail."""
    workspace = member.workspace
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return Composed(
        subject=bulletin.title,
        text=bulletins.as_text(bulletin),
        html=html(bulletin),
        headers={
            "From": headers.named(f"Afterscore, {workspace.name}", sender),
            "To": headers.named(member.user.name, member.user.email),
            "Subject": bulletin.title,
            "Message-ID": headers.message_id(public_id, "", workspace),
            "List-Id": f"<notices.{workspace.slug}.{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
        sender=sender,
        enclosed=(*(_shown(each) for each in _pictures(bulletin)), *enclosed),
    )


def _pictures(bulletin: Bulletin) -> list[Picture]:
    return [each.picture for each in bulletin.sections if each.lines and each.picture]


def _shown(picture: Picture) -> Enclosed:
    return Enclosed(f"{picture.name}.png", "image/png", picture.content, picture.name)


def as_bytes(composed: Composed, *, now: datetime) -> bytes:
    return wire.as_bytes(composed, date=now)


def html(bulletin: Bulletin) -> str:
    places = {
        "language": bulletin.language,
        "subject": format_html("{}", bulletin.title),
        "preview": format_html("{}", bulletin.lead),
        "lead": format_html('<p class="lead">{}</p>', bulletin.lead) if bulletin.lead else "",
        "sections": format_html_join(
            "", "{}", ((_section(each),) for each in bulletin.sections if each.lines)
        ),
        "foot": format_html_join("", "{}<br>", ((_foot(each),) for each in bulletin.foot)),
    }
    return layouts.fill("notice", bulletin.direction, places)


# Styles stand in each element: many readers know no other.
_INK, _QUIET, _TEAL, _RUST, _EDGE = "#17202c", "#5b6470", "#0d6467", "#a63d1f", "#e6e0d5"
_HEAD = (
    '<div class="head" style="font-size:13px;line-height:20px;font-weight:600;color:' + _QUIET
    + ';margin:24px 0 0 0;padding:0 0 8px 0">{}</div>'
)  # fmt: skip
_LINE = (
    '<div class="line" style="border-top:1px solid ' + _EDGE + ';padding:12px 0;'
    'line-height:22px">{}{}</div>'
)  # fmt: skip
_LINK = (
    '<a class="link" style="color:' + _TEAL + ';font-weight:600;text-decoration:none" '
    'href="{}">{}</a>'
)  # fmt: skip
_MARK = (
    '<span class="mark" style="color:' + _RUST + ';white-space:nowrap">{}</span>'
)  # fmt: skip
_DETAIL = '<div class="detail" style="color:' + _QUIET + ';font-size:14px">{}</div>'
_MORE = '<div class="line" style="border-top:1px solid ' + _EDGE + ';padding:12px 0">{}</div>'
_PICTURE = '<img src="cid:{}" alt="{}" width="{}" style="max-width:100%;height:auto;border:0">'
_WORDS = '<span style="font-weight:600">{}</span>'


def _section(section: Section) -> SafeString:
    lines = format_html_join("", "{}", ((_line(each),) for each in section.lines))
    more = format_html(_MORE, _link(section.more)) if section.more else ""
    shown = _picture(section.picture) if section.picture else ""
    head = format_html(_HEAD, section.title) if section.title else ""
    return format_html("{}{}{}{}", head, shown, lines, more)


def _picture(picture: Picture) -> SafeString:
    return format_html(_PICTURE, picture.name, picture.says, picture.width)


def _line(line: Line) -> SafeString:
    """What stands out begins the line below, so that it never dangles at the end of a name."""
    parts = [
        format_html(_MARK, line.mark) if line.mark else "",
        format_html("{}", line.detail) if line.detail else "",
    ]
    below = format_html_join(" \N{MIDDLE DOT} ", "{}", ((part,) for part in parts if part))
    return format_html(_LINE, _link(line), format_html(_DETAIL, below) if below else "")


def _link(line: Line) -> SafeString:
    return format_html(_LINK, line.url, line.text) if line.url else format_html(_WORDS, line.text)


def _foot(line: Line) -> SafeString:
    if not line.url:
        return format_html("{}", line.text)
    return format_html(
        '<a class="quiet" style="color:#46505d" href="{}">{}</a>', line.url, line.text
    )
