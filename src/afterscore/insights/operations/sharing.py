"""Pages of figures for people without a login: given by a link, for a time, taken back at will."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from afterscore.domain import calendars, events
from afterscore.domain.events import Actor
from afterscore.insights.models import SharedLink
from afterscore.insights.queries import sharing
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member

DAYS = (7, 30, 90, 365)
USUAL_DAYS = 30
MOST_OPEN = 50
LONGEST_TITLE = 120
SECRET_BYTES = 24
_LONGEST_QUERY = 2_000


@transaction.atomic
def share_page(
    *,
    member: Member,
    page: SharedLink.Page,
    query: str,
    title: str,
    days: int,
    shows_words: bool,
    actor: Actor,
    now: datetime,
) -> tuple[SharedLink, str]:
    """The link and its secret, which nobody can read again."""
    title = " ".join(title.split()) or page.label
    if len(title) > LONGEST_TITLE:
        raise Refused(f"A title has at most {LONGEST_TITLE} characters.", field="title")
    if days not in DAYS:
        raise Refused("Choose for how long the link works.", field="days")
    if len(query) > _LONGEST_QUERY:
        raise Refused("This filter is too long to be shared. Take something out of it first.")
    workspace = member.workspace
    open_links = SharedLink.objects.filter(
        workspace=workspace, revoked_at=None, expires_at__gt=now
    ).count()
    if open_links >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} links are open already. Take one back first.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = SharedLink.objects.create(
        workspace=workspace,
        page=page,
        query=query,
        title=title,
        digest=sharing.digest_of(secret),
        shows_words=shows_words,
        made_by=member,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    zone = calendars.zone_or(workspace.time_zone, "UTC")
    journal.record(
        workspace=workspace,
        event=events.PageShared(
            link.public_id,
            page=page.value,
            expires_on=calendars.local_day(link.expires_at, zone).isoformat(),
            shows_words=shows_words,
        ),
        actor=actor,
        now=now,
    )
    return link, secret


@transaction.atomic
def end_sharing(*, link: SharedLink, actor: Actor, now: datetime) -> None:
    """Once; from the same moment nobody can open it."""
    ended = SharedLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)
    if ended:
        journal.record(
            workspace=link.workspace,
            event=events.SharingEnded(link.public_id, page=link.page),
            actor=actor,
            now=now,
        )


def note_use(*, link: SharedLink, now: datetime) -> None:
    """A log without facts, and the only thing that opening a link writes."""
    SharedLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1, last_used_at=now)
