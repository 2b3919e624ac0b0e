"""What people keep of the pages of figures: views with a name, and one page for the board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from afterscore.cases import operations as cases
from afterscore.domain import calendars
from afterscore.domain.events import Actor
from afterscore.insights.models import SharedLink
from afterscore.insights.operations import sharing
from afterscore.workspaces.models import Member, Workspace

VIEWS = (
    ("score", "Enterprise, by industry", {
        "is.account.plan": "enterprise", "by": "account.industry",
    }),
    ("score", "Wave by wave", {"period": "all", "step": "wave"}),
    ("explore", "Plan by industry", {"period": "all"}),
    ("compare", "Starter beside enterprise", {
        "period": "all", "against": "groups", "across": "account.plan", "one": "starter",
        "other": "enterprise", "by": "account.industry",
    }),
)  # fmt: skip
BOARD_DAYS = 90


def keep(workspace: Workspace, members: Mapping[str, Member], *, now: datetime) -> None:
    """By the manager, for everybody."""
    max_ = next(member for email, member in members.items() if email.startswith("max@"))
    actor = Actor("member", max_.public_id)
    for page, name, asked in VIEWS:
        cases.save_view(
            member=max_, page=page, name=name, query=f"?{urlencode(asked)}", is_shared=True,
            actor=actor, now=now,
        )  # fmt: skip
    today = calendars.local_day(now, calendars.zone_or(workspace.time_zone, "UTC"))
    sharing.share_page(
        member=max_,
        page=SharedLink.Page.SCORE,
        query=urlencode({"since": date(today.year, 1, 1).isoformat(), "to": today.isoformat()}),
        title="The score this year, for the board",
        days=BOARD_DAYS,
        shows_words=False,
        actor=actor,
        now=now,
    )
