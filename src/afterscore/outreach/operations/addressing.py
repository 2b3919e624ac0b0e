"""Addresses of ours to which readers write back."""

from __future__ import annotations

from django.conf import settings

from afterscore.domain import senders
from afterscore.kit import mailboxes
from afterscore.outreach import queries
from afterscore.outreach.composition import headers
from afterscore.outreach.models import MailRoute
from afterscore.workspaces.models import Workspace


def reply_address(
    *, workspace: Workspace, kind: str, public_id: str, sender_email: str
) -> str | None:
    """The address that names this object, for a mailbox of this kind; None where mail of this
    sender's cannot come back to us."""
    domain = reply_domain(workspace=workspace, sender_email=sender_email)
    return mailboxes.address(kind, public_id, domain) if domain else None


def reply_domain(*, workspace: Workspace, sender_email: str) -> str:
    """Of the sender's mail route, else the install's; "" for none.

    A domain that was only set for bounces is taken when it is known that mail comes in by it: what
    a customer writes must not bounce."""
    route = _route_of(workspace, sender_email)
    options = {} if route is None else route.options
    meant = options.get("reply_domain") or settings.AFTERSCORE_REPLY_DOMAIN
    if meant:
        return str(meant)
    spare = str(options.get("bounce_domain") or settings.AFTERSCORE_BOUNCE_DOMAIN)
    return spare if spare and (settings.AFTERSCORE_INLET or queries.has_inbound()) else ""


def _route_of(workspace: Workspace, sender_email: str) -> MailRoute | None:
    routes = {route.pk: route for route in MailRoute.objects.filter(workspace=workspace)}
    by_sender = {key: route.senders for key, route in routes.items()}
    chosen = senders.choose(by_sender, headers.sender_of(sender_email, workspace))
    return None if chosen is None else routes[chosen]
