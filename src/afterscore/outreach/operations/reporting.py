"""What mail providers report: kept first, word for word, and heard later.

The door checks who speaks, keeps the request and answers. What follows happens in a job, an event
at a time: `hear` makes one thing of the same event told twice, in whatever order. What is about no
message of ours is kept and listed, and tried again for a while: a report may be here before the
answer to the request that it is about.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from django.db import transaction
from django.db.models import F, Q

from afterscore.domain import events
from afterscore.domain.events import SYSTEM, Actor
from afterscore.journal import operations as journal
from afterscore.kit import jobs
from afterscore.outreach import ledger, queries
from afterscore.outreach.channels import providers, reports
from afterscore.outreach.channels.providers import Provider
from afterscore.outreach.channels.reports import Envelope, Forged, Garbled, Report
from afterscore.outreach.models import Delivery, InboundEvent, MailRoute, Message
from afterscore.outreach.operations.deliveries import confirm_arrival
from afterscore.outreach.operations.hearing import hear

KEPT = timedelta(days=30)  # so that the same request again is known
PATIENCE = timedelta(minutes=5)  # a job that was asked for and has not run since is asked for again
TRIED_AGAIN = timedelta(hours=2)
MOST_AGAIN = 2_000
CONFIRM_SECONDS = 10.0
# The provider has it. Whether it arrives is said later, by another event.
_UNDER_WAY = frozenset({"queued", "sent", "deferred", "opened", "clicked"})
_KINDS = {
    "delivered": Delivery.Kind.DELIVERED,
    "bounced": Delivery.Kind.BOUNCED,
    "rejected": Delivery.Kind.BOUNCED,
    "failed": Delivery.Kind.BOUNCED,
    "complained": Delivery.Kind.COMPLAINED,
    "unsubscribed": Delivery.Kind.UNSUBSCRIBED,
    "autoresponded": Delivery.Kind.AUTO_REPLIED,
}
# The provider keeps a list of its own, and will never write to who stands there.
_LISTED_THERE = frozenset({"spam", "unsubscribed"})


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a request: how many events were heard, known, about nobody, of no matter."""

    heard: int = 0
    known: int = 0
    unmatched: int = 0
    unimportant: int = 0

    @property
    def words(self) -> str:
        told = (
            (self.heard, "heard"),
            (self.known, "known already"),
            (self.unmatched, "about no message that was sent from here"),
            (self.unimportant, "of no matter"),
        )
        return ", ".join(f"{count} {text}" for count, text in told if count) or "Nothing in it."


def receive_report(*, route: MailRoute, envelope: Envelope, now: datetime) -> bool:
    """Keeps what a provider says and asks for it to be heard. False for the same request again.
    Raises Forged, and counts it, where the signature does not fit."""
    provider = queries.provider_of(route)
    try:
        reports.check(provider, envelope, queries.secrets_of(route), at=now.timestamp())
    except Forged:
        count_forged(public_id=route.public_id, now=now)
        raise
    return _keep(route, provider, envelope, now)


@transaction.atomic
def _keep(route: MailRoute, provider: Provider, envelope: Envelope, now: datetime) -> bool:
    row, is_new = InboundEvent.objects.get_or_create(
        workspace=route.workspace,
        source=provider.key,
        event_id=f"{route.public_id}:{envelope.digest}",
        defaults={"route": route, "body": envelope.packed(), "received_at": now},
    )
    if is_new:
        jobs.defer("outreach.hear_reports", event=row.public_id)
    return is_new


def count_forged(*, public_id: str, now: datetime) -> None:
    """Nothing of it is kept but that it happened."""
    MailRoute.objects.filter(public_id=public_id).update(
        forged_reports=F("forged_reports") + 1, forged_at=now
    )


@transaction.atomic
def renew_report_address(*, route: MailRoute, actor: Actor, now: datetime) -> None:
    """The address for reports gets another secret; the one before is refused from now on."""
    row = MailRoute.objects.select_for_update().get(workspace=route.workspace, pk=route.pk)
    row.options = {**row.options, "hook": row.options.get("hook", 0) + 1}
    row.forged_reports, row.forged_at, row.updated_at = 0, None, now
    row.save(update_fields=["options", "forged_reports", "forged_at", "updated_at"])
    route.refresh_from_db()
    event = events.RouteChanged(route.public_id, changed=("report_address",))
    journal.record(workspace=route.workspace, event=event, actor=actor, now=now)


def hear_reports(*, event: str, now: datetime) -> None:
    """Reads what was kept and does what follows from it. Safe to repeat: each of its events is a
    transaction of its own, and heard once."""
    row = InboundEvent.objects.select_related("workspace").filter(public_id=event).first()
    if row is None or row.source not in providers.PROVIDERS or not row.body:
        return
    provider = providers.PROVIDERS[row.source]
    envelope = Envelope.unpacked(row.body)
    subscription = reports.subscription_url(provider, envelope)
    if subscription:
        _settle(row, _confirm(subscription), unmatched=0, now=now)
        return
    try:
        found = reports.read(provider, envelope)
    except Garbled as error:
        why = ledger.without_addresses(str(error))
        _settle(row, f"It cannot be read: {why}", unmatched=1, now=now)
        return
    made = Made(**Counter(_hear(row, report, now) for report in found))
    _settle(row, made.words, unmatched=made.unmatched, now=now)


def hear_again(*, now: datetime) -> int:
    """What was never read, because a job was lost, and what may have found its message by now."""
    lost = Q(processed_at=None, received_at__lt=now - PATIENCE)
    early = Q(unmatched__gt=0, received_at__gt=now - TRIED_AGAIN)
    rows = InboundEvent.objects.filter(lost | early, source__in=list(providers.PROVIDERS))
    chosen = list(rows.order_by("pk").values_list("public_id", flat=True)[:MOST_AGAIN])
    for public_id in chosen:
        hear_reports(event=public_id, now=now)
    return len(chosen)


def forget_words(*, now: datetime) -> int:
    """A request may name many people, some of whom are nobody's customers. Once it is read, and
    would not be tried again, its words are of no more use."""
    read = InboundEvent.objects.filter(
        source__in=list(providers.PROVIDERS), received_at__lte=now - TRIED_AGAIN
    )
    return read.exclude(processed_at=None).exclude(body="").update(body="")


def forget_old_reports(*, now: datetime) -> int:
    """What was made of them stays with the messages."""
    old = InboundEvent.objects.filter(
        source__in=list(providers.PROVIDERS), received_at__lt=now - KEPT
    )
    return old.exclude(processed_at=None).delete()[0]


def _settle(row: InboundEvent, words: str, *, unmatched: int, now: datetime) -> None:
    InboundEvent.objects.filter(pk=row.pk).update(
        outcome=words[:200], unmatched=min(unmatched, 32_000), processed_at=now
    )


def _hear(row: InboundEvent, report: Report, now: datetime) -> str:
    """In the words of `Made`."""
    if report.kind not in _UNDER_WAY and report.kind not in _KINDS:
        return "unimportant"
    message = _message_of(row, report)
    if message is None:
        return "unmatched"
    if report.kind in _UNDER_WAY:
        ends_doubt = confirm_arrival(message=message, actor=SYSTEM, now=now)
        return "heard" if ends_doubt else "unimportant"
    is_theirs = report.recipient in ("", message.to_email.lower())
    is_news = hear(
        message=message,
        kind=_KINDS[report.kind],
        is_permanent=report.is_permanent,
        blames_address=is_theirs and _blames_address(report),
        event_id=_event_id(row, report),
        occurred_at=min(report.occurred_at or row.received_at, row.received_at),
        detail=report.detail,
        now=now,
    )
    return "heard" if is_news else "known"


def _blames_address(report: Report) -> bool:
    """What stands on the provider's own list is never written to again, whatever we think."""
    is_listed = report.kind == "rejected" and report.reason in _LISTED_THERE
    return report.is_permanent and (report.blames_address or is_listed)


def _event_id(row: InboundEvent, report: Report) -> str:
    """The provider's own, or what distinguishes the event where it has none: told again in another
    request it is the same."""
    if report.event_id:
        return f"{row.source}:{report.event_id}"
    parts = (report.kind, report.provider_id, report.recipient, report.occurred_at, report.detail)
    return f"{row.source}:{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _message_of(row: InboundEvent, report: Report) -> Message | None:
    """By our own id, which travels with the letter; else by the provider's name for it."""
    ours = Message.objects.select_related("workspace", "contact").filter(workspace=row.workspace)
    if report.own_ids:
        found = list(ours.filter(public_id__in=report.own_ids)[:2])
        if len(found) == 1:
            return found[0]
    if not report.provider_id:
        return None
    named = ours.filter(Q(route=row.route_id) | Q(route=None), provider_id=report.provider_id[:200])
    found = list(named[:2])
    return found[0] if len(found) == 1 else None


def _confirm(url: str) -> str:
    """Amazon's question whether its topic may report here; asked by a request that came to an
    address nobody else knows."""
    if not reports.is_amazon(url):
        return "A subscription that leads elsewhere than to Amazon. Nothing was done with it."
    answer = requests.get(url, timeout=CONFIRM_SECONDS, allow_redirects=False)
    answer.raise_for_status()
    return "The subscription of the topic is confirmed."
