"""By which way mail leaves, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet
from django.urls import reverse

from afterscore.kit import secrets, signing
from afterscore.kit.errors import NotFound, Refused
from afterscore.outreach.channels import INSTALL, Way, providers
from afterscore.outreach.channels.providers import Provider
from afterscore.outreach.models import InboundEvent, MailRoute, Message
from afterscore.outreach.queries.conditions import NOT_HANDED_OVER
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Turn:
    """Messages of one workspace that leave by one way; senders take turns between these."""

    workspace: Workspace
    route: MailRoute | None


def list_turns(*, at: datetime | None) -> list[Turn]:
    """Where something is due at `at` (None: by the database's clock) and may be sent."""
    with connection.cursor() as cursor:
        cursor.execute(_TURNS, {"at": at})
        found = cursor.fetchall()
    if not found:
        return []
    workspaces = Workspace.objects.in_bulk({row[0] for row in found})
    routes = MailRoute.objects.in_bulk({row[1] for row in found} - {None})
    return [Turn(workspaces[row[0]], routes.get(row[1])) for row in found]


_DUE = """
    m.state IN ('planned', 'due') AND NOT m.is_held
        AND m.due_at <= coalesce(%(at)s, statement_timestamp())
"""
_TURNS = f"""
SELECT w.id, NULL::bigint AS route FROM workspaces_workspace w
WHERE NOT w.is_sending_paused AND EXISTS (
    SELECT FROM outreach_message m WHERE m.workspace_id = w.id AND m.route_id IS NULL AND {_DUE})
UNION ALL
SELECT w.id, r.id FROM workspaces_workspace w JOIN outreach_mailroute r ON r.workspace_id = w.id
WHERE NOT w.is_sending_paused AND EXISTS (
    SELECT FROM outreach_message m WHERE m.workspace_id = w.id AND m.route_id = r.id AND {_DUE})
ORDER BY 1, 2 NULLS FIRST
"""  # noqa: S608 (our own words)


def way_of(route: MailRoute | None) -> Way:
    """How mail leaves by a route, or by the install's own way. Raises Refused where it cannot."""
    if route is None:
        return Way(
            INSTALL,
            settings.AFTERSCORE_CHANNEL,
            secrets={"url": settings.AFTERSCORE_SMTP_URL},
            per_minute=settings.AFTERSCORE_PER_MINUTE,
        )
    if not route.is_active:
        raise Refused(f"The mail route '{route.name}' is switched off.")
    hidden = secrets_of(route)
    if route.channel == "smtp":
        hidden = {"url": providers.smtp_url({**route.options, **hidden})}
    return Way(route.public_id, route.channel, route.options, hidden, route.per_minute)


def secrets_of(route: MailRoute) -> dict[str, str]:
    """The passwords and keys of a route, in the clear: for senders and checks, never for a page.
    Raises Refused when none of the install's keys opens them."""
    return secrets.unlock(route.secrets, owner=route.public_id)


def provider_of(route: MailRoute) -> Provider:
    """What the route leads to. Raises Refused for one that this version does not know."""
    key = route.options.get("provider", route.channel)
    if key not in providers.PROVIDERS:
        raise Refused(f"There is no mail provider '{key}'. Choose one of the list.")
    return providers.PROVIDERS[key]


def install_way() -> str:
    """What carries the mail that no route is for, as a person would say it; never its password."""
    if settings.AFTERSCORE_CHANNEL != "smtp":
        return "the outbox, where mails can be read and none leaves"
    server = urlsplit(settings.AFTERSCORE_SMTP_URL)
    return f"the mail server {server.hostname}"


def list_routes(*, workspace: Workspace) -> list[MailRoute]:
    """Those for certain senders first, the one for everybody else last."""
    rows = MailRoute.objects.filter(workspace=workspace).order_by("name")
    return sorted(rows, key=lambda route: (not route.senders, route.name.casefold()))


def list_all_routes() -> list[MailRoute]:
    """Of every workspace: for whoever looks after the install."""
    rows = MailRoute.objects.select_related("workspace")
    return list(rows.order_by("workspace__slug", "name"))


def is_unreported(*, route: MailRoute, now: datetime) -> bool:
    """Mails have left by it for a day or more, and nothing was ever reported of them."""
    sent = Message.objects.filter(
        workspace=route.workspace, route=route, sent_at__lt=now - timedelta(days=1)
    )
    return last_report_at(route=route) is None and sent.exists()


def get_route(*, workspace: Workspace, public_id: str) -> MailRoute:
    try:
        return MailRoute.objects.select_related("workspace").get(
            workspace=workspace, public_id=public_id
        )
    except MailRoute.DoesNotExist as error:
        raise NotFound("There is no such mail route.") from error


def find_route(*, public_id: str) -> MailRoute | None:
    """By the public id alone: for the door whose token names the route."""
    return MailRoute.objects.select_related("workspace").filter(public_id=public_id).first()


def report_address(route: MailRoute) -> str:
    """Where the route's provider reports what became of mails; whoever knows it may report."""
    token = signing.sign("reports", f"{route.public_id}.{route.options.get('hook', 0)}")
    return settings.PUBLIC_URL + reverse("mail:reports", args=[token])


def inbound_address(route: MailRoute) -> str:
    """Where the route's provider hands over mail that it takes in for us."""
    token = signing.sign("inbound", f"{route.public_id}.{route.options.get('hook', 0)}")
    return settings.PUBLIC_URL + reverse("mail:inbound", args=[token])


def find_reporting_route(*, token: str, purpose: str = "reports") -> MailRoute | None:
    """The route to whose address the token belongs, unless it has a newer one."""
    value = signing.unsign(purpose, token) or ""
    public_id, _, generation = value.rpartition(".")
    route = find_route(public_id=public_id) if public_id else None
    if route is None or generation != str(route.options.get("hook", 0)):
        return None
    return route


def list_unmatched(*, route: MailRoute) -> QuerySet[InboundEvent]:
    """What the route's provider reported of mails that are none of ours, newest first."""
    rows = InboundEvent.objects.filter(workspace=route.workspace, route=route, unmatched__gt=0)
    return rows.order_by("-received_at", "-pk")


def last_report_at(*, route: MailRoute) -> datetime | None:
    rows = InboundEvent.objects.filter(workspace=route.workspace, route=route)
    return rows.order_by("-pk").values_list("received_at", flat=True).first()


def count_waiting_by_route(*, workspace: Workspace) -> dict[int | None, int]:
    rows = Message.objects.filter(workspace=workspace, state__in=NOT_HANDED_OVER)
    return dict(rows.order_by().values_list("route").annotate(n=Count("id")))
