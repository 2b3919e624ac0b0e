from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.urls import reverse

from afterscore.customers.models import Contact
from afterscore.customers.registry import TimelineItem
from afterscore.domain import doubts, events
from afterscore.domain.doubts import Doubt
from afterscore.journal import queries as journal
from afterscore.kit import secrets, signing
from afterscore.kit.among import among, as_array
from afterscore.kit.errors import NotFound, Refused
from afterscore.outreach.channels import INSTALL, Way, providers
from afterscore.outreach.channels.providers import Provider
from afterscore.outreach.models import (
    Delivery,
    Guard,
    InboundEvent,
    Kind,
    MailRoute,
    Message,
    State,
    Suppression,
)
from afterscore.workspaces.models import Workspace

# The strongest reason first: the one that is shown, and the last one to be lifted.
STRENGTH = (
    Suppression.Reason.COMPLAINED,
    Suppression.Reason.UNSUBSCRIBED,
    Suppression.Reason.BOUNCED,
    Suppression.Reason.ERASED,
    Suppression.Reason.MANUAL,
)
ASKING = (Kind.INVITATION, Kind.REMINDER)
AUTOMATED = (Kind.HEADS_UP, Kind.INVITATION, Kind.REMINDER, Kind.FOLLOW_UP)
WAITING = (State.PLANNED, State.DUE)
NOT_HANDED_OVER = (State.PLANNED, State.DUE, State.CLAIMED)
# Perhaps arrived: in doubt, or about to be sent once more out of doubt.
# Handed over before, without a clear answer: by somebody's choice once more, or under the same key.
PERHAPS = Q(resends__gt=0) | Q(repeat_until__isnull=False)
DOUBTFUL = Q(state=State.IN_DOUBT) | (Q(state__in=NOT_HANDED_OVER) & PERHAPS)
FOR_A_PERSON = "Kept for you to read."  # how an outcome ends that is left to a person
STOPS = "Nothing more is sent to it."  # how an outcome ends that silences the address
MAIL = "mail"  # the source of what came by mail
# Nothing could be made of it, or a person has to.
OPEN = Q(processed_at=None) | Q(message=None) | Q(outcome__endswith=FOR_A_PERSON)
LEFT = (State.HANDOFF, State.SENT, State.IN_DOUBT, State.FAILED)
PROBLEMS = (State.IN_DOUBT, State.FAILED)
GROUPS: Mapping[str, tuple[State, ...]] = {
    "waiting": (*NOT_HANDED_OVER, State.HANDOFF),
    "sent": (State.SENT,),
    "problems": PROBLEMS,
    "not_sent": (State.SUPPRESSED, State.EXPIRED, State.CANCELLED),
}
PATIENCE = timedelta(minutes=15)
LATEST = Coalesce("sent_at", "created_at")  # when something last happened; there is an index


@dataclass(frozen=True, slots=True)
class Turn:
    """Messages of one workspace that leave by one way; senders take turns between these."""

    workspace: Workspace
    route: MailRoute | None


@dataclass(frozen=True, slots=True)
class Overdue:
    count: int
    reason: str  # what the sender wrote beside the first of them, if anything


@dataclass(frozen=True, slots=True)
class Standstill:
    """What keeps mails from leaving: a guard of the whole install (with why it is closed), a pause
    of the workspace, or else something on the way, told by what is late."""

    guard: str | None = None
    is_paused: bool = False
    overdue: Overdue | None = None

    def __bool__(self) -> bool:
        return self.guard is not None or self.is_paused or self.overdue is not None


class Suppressed(NamedTuple):
    """Why an address gets no mail; `only_here` when that holds for the one program asked about."""

    reason: str
    only_here: bool = False


class Lifted(NamedTuple):
    """When somebody had an address written to again, and who: as the journal names them."""

    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a message's time line; `what` is a state or the kind of a delivery."""

    what: str
    at: datetime | None
    text: str = ""


def address_hash(email: str) -> str:
    """How an address stands in the suppression list; only this install can compute it."""
    return signing.keyed_hash("suppression", email.strip().lower())


def suppression_reasons(
    *, workspace: Workspace, emails: Iterable[str], scope: str = ""
) -> dict[str, str]:
    """The strongest reason for each of these addresses that gets no mail; the others are absent.

    `scope` is a program's public id: what was unsubscribed from it alone counts then as well.
    """
    found = find_suppressed(workspace=workspace, emails=emails, scope=scope)
    return {email: each.reason for email, each in found.items()}


def find_suppressed(
    *, workspace: Workspace, emails: Iterable[str], scope: str = ""
) -> dict[str, Suppressed]:
    """As `suppression_reasons`, and whether only this program must not write."""
    by_hash: dict[str, list[str]] = {}
    different = list(set(emails))
    if not different:
        return {}
    normal = (email.strip().lower() for email in different)
    hashes = signing.keyed_hashes("suppression", normal)
    for digest, email in zip(hashes, different, strict=True):
        by_hash.setdefault(digest, []).append(email)
    rows = Suppression.objects.filter(
        among("address_hash", by_hash), workspace=workspace, scope__in={"", scope}
    ).values_list("address_hash", "reason", "scope")
    found: dict[str, Suppressed] = {}
    for digest, reason, where in sorted(rows, key=_weakness, reverse=True):
        found.update(dict.fromkeys(by_hash[digest], Suppressed(reason, only_here=where != "")))
    return found


def _weakness(row: tuple[str, str, str]) -> tuple[bool, int]:
    """What holds for all mail is stronger than what holds for one program."""
    _digest, reason, scope = row
    return scope != "", STRENGTH.index(Suppression.Reason(reason))


def automated_times(
    *, workspace: Workspace, contacts: Sequence[int], since: datetime
) -> dict[int, list[datetime]]:
    """When each of these contacts was, or will be, sent something automated: every program, every
    kind but a person's reply. In doubt counts as sent; what was cancelled or refused does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            _AUTOMATED_TIMES,
            {
                "workspace": workspace.pk,
                "contacts": as_array(contacts),
                "since": since,
                "kinds": list(AUTOMATED),
                "states": [*NOT_HANDED_OVER, State.HANDOFF, State.SENT, State.IN_DOUBT],
            },
        )
        return dict(cursor.fetchall())


_AUTOMATED_TIMES = """
SELECT contact_id, array_agg(coalesce(sent_at, handed_at, due_at))
FROM outreach_message
WHERE workspace_id = %(workspace)s AND contact_id = ANY(%(contacts)s::bigint[])
    AND kind = ANY(%(kinds)s) AND state = ANY(%(states)s)
    AND coalesce(sent_at, handed_at, due_at) > %(since)s
GROUP BY contact_id
"""


def is_unsubscribed(*, message: Message, scope: str = "") -> bool:
    """From all mail, or from one program (by its public id)."""
    return Suppression.objects.filter(
        workspace=message.workspace,
        address_hash=address_hash(message.to_email),
        scope=scope,
        reason=Suppression.Reason.UNSUBSCRIBED,
    ).exists()


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


def get_message(*, workspace: Workspace, public_id: str) -> Message:
    try:
        return Message.objects.select_related("workspace", "contact").get(
            workspace=workspace, public_id=public_id
        )
    except Message.DoesNotExist as error:
        raise NotFound("There is no such message.") from error


def find_message(*, public_id: str) -> Message | None:
    """By the public id alone: for doors whose token names the message."""
    return (
        Message.objects.select_related("workspace", "contact").filter(public_id=public_id).first()
    )


def find_handed_over(*, public_id: str) -> Message | None:
    """As `find_message`, and only what has left the house: of the rest nothing can come back."""
    message = find_message(public_id=public_id)
    has_left = message is not None and (message.handed_at or message.state in LEFT)
    return message if has_left else None


def find_only_message_to(*, email: str, since: datetime) -> Message | None:
    """The one message that was handed over to this address since then; None for none or several."""
    everywhere = list(Workspace.objects.values_list("pk", flat=True))  # each has an index
    sent = Message.objects.select_related("workspace", "contact").filter(
        contact__workspace__in=everywhere,
        contact__email=email,
        to_email=email,
        handed_at__gte=since,
    )
    found = list(sent[:2])
    return found[0] if len(found) == 1 else None


def find_only_workspace() -> Workspace | None:
    """Where there is no other, mail that names nobody can only be meant for this one."""
    found = list(Workspace.objects.all()[:2])
    return found[0] if len(found) == 1 else None


def list_inbound(*, workspace: Workspace, open_only: bool = False) -> QuerySet[InboundEvent]:
    """Mail that came to addresses of ours, newest first; of each `beginning` alone, not `body`."""
    rows = InboundEvent.objects.filter(workspace=workspace, source=MAIL)
    if open_only:
        rows = rows.filter(OPEN)
    rows = (
        rows.select_related("message__contact").defer("body").annotate(beginning=Left("body", 8000))
    )
    return rows.order_by("-received_at", "-id")


def has_inbound() -> bool:
    """Whether mail has come in of late, in whatever workspace."""
    everywhere = list(Workspace.objects.values_list("pk", flat=True))
    return InboundEvent.objects.filter(workspace__in=everywhere, source=MAIL).exists()


def list_inbound_about(*, message: Message) -> QuerySet[InboundEvent]:
    rows = InboundEvent.objects.filter(workspace=message.workspace, source=MAIL, message=message)
    return rows.defer("body").order_by("received_at", "id")


def list_lifted(*, message: Message) -> list[Lifted]:
    """When somebody said that the address of this message works after all; oldest first. It may
    have been said at another message to the same address."""
    same = Message.objects.filter(
        workspace=message.workspace, contact=message.contact_id, to_email=message.to_email
    )
    subjects = list(same.values_list("public_id", flat=True))
    facts = journal.list_facts(workspace=message.workspace, subjects=subjects)
    trusted = facts.filter(name=events.AddressTrusted.name).order_by("occurred_at", "id")
    return [Lifted(fact.occurred_at, fact.actor) for fact in trusted]


def count_inbound(*, workspace: Workspace) -> tuple[int, int]:
    """All of it, and what is left to a person."""
    rows = InboundEvent.objects.filter(workspace=workspace, source=MAIL)
    found = rows.aggregate(every=Count("pk"), left=Count("pk", filter=OPEN))
    return found["every"], found["left"]


def get_inbound(*, workspace: Workspace, public_id: str) -> InboundEvent:
    try:
        return InboundEvent.objects.select_related("message__contact").get(
            workspace=workspace, public_id=public_id, source=MAIL
        )
    except InboundEvent.DoesNotExist as error:
        raise NotFound("There is no such mail, or it is too old to be kept.") from error


def _refused() -> Subquery:
    """Whether a message came back or was reported as spam, which is the stronger of the two."""
    kinds = (Delivery.Kind.BOUNCED, Delivery.Kind.COMPLAINED)
    heard = Delivery.objects.filter(
        workspace=OuterRef("workspace"), message=OuterRef("pk"), kind__in=kinds
    )
    return Subquery(heard.order_by("-kind").values("kind")[:1])


def list_messages(
    *,
    workspace: Workspace,
    kind: str | None = None,
    state: str | None = None,
    search: str = "",
    heard: str = "",
    stream: str = "",
) -> QuerySet[Message]:
    """Newest first, by when it was sent or else planned; what waits, by when it is due.

    `state` is a state or a name of GROUPS; `search` looks at address, name and subject; `heard`
    is what was heard of them afterwards (a kind of delivery). Each row says whether it was
    `refused`: a kind of delivery, or None.
    """
    found = Message.objects.filter(workspace=workspace).annotate(refused=_refused())
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state__in=GROUPS.get(state, (state,)))
    if stream:
        found = found.filter(stream=stream)
    if heard:
        of_it = Delivery.objects.filter(workspace=workspace, message=OuterRef("pk"), kind=heard)
        found = found.filter(Exists(of_it))
    for word in search.split()[:5]:
        found = found.filter(
            Q(to_email__icontains=word) | Q(to_name__icontains=word) | Q(subject__icontains=word)
        )
    if state == "waiting":
        return found.order_by("due_at", "id")
    return found.order_by(LATEST.desc(), "-id")


def count_by_state(*, workspace: Workspace) -> dict[str, int]:
    rows = Message.objects.filter(workspace=workspace).values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in rows.order_by()}


def find_overdue(*, workspace: Workspace, now: datetime) -> Overdue | None:
    """Messages that should have gone out a while ago: nobody sends, or nobody can."""
    late = _late(workspace, now)
    count = 0 if workspace.is_sending_paused else late.count()
    if not count:
        return None
    reason = _reasons(late).values_list("reason", flat=True).first()
    return Overdue(count=count, reason=reason or "")


def find_standstill(*, workspace: Workspace, stream: str, now: datetime) -> Standstill:
    """Why mails of this stream do not leave, asked in one go; empty where all is well."""
    late = _late(workspace, now).filter(stream=stream)
    closed = Guard.objects.filter(is_closed=True).order_by("changed_at")
    counted = late.order_by().values("workspace").annotate(mails=Count("pk"))
    guard, count, reason = (
        Workspace.objects.filter(pk=workspace.pk)
        .annotate(
            guard=Subquery(closed.values("why")[:1]),
            late=Subquery(counted.values("mails")),
            late_why=Subquery(_reasons(late).values("reason")[:1]),
        )
        .values_list("guard", "late", "late_why")
        .get()
    )
    is_stopped = guard is not None or workspace.is_sending_paused
    overdue = Overdue(count, reason or "") if count and not is_stopped else None
    return Standstill(guard, workspace.is_sending_paused, overdue)


def _late(workspace: Workspace, now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(
        workspace=workspace, state__in=WAITING, is_held=False, due_at__lt=now - PATIENCE
    )


def _reasons(late: QuerySet[Message]) -> QuerySet[Message]:
    """Those beside which the sender wrote why, the longest late first."""
    return late.exclude(reason="").order_by("due_at")


def list_in_doubt(*, since: datetime) -> list[tuple[Message, Doubt]]:
    """Invitations and reminders of every workspace, the oldest first."""
    heard = Delivery.objects.filter(workspace=OuterRef("workspace"), message=OuterRef("pk"))
    later = Message.objects.filter(
        workspace=OuterRef("workspace"),
        stream=OuterRef("stream"),
        contact=OuterRef("contact"),
        handed_at__gt=OuterRef("handed_at"),
    )
    found = (
        Message.objects.filter(state=State.IN_DOUBT, kind__in=ASKING, handed_at__gt=since)
        .select_related("workspace", "contact")
        .annotate(is_heard_of=Exists(heard), is_overtaken=Exists(later))
    )
    return [(message, _doubt(message)) for message in found.order_by("handed_at", "pk")]


def _doubt(message: Any) -> Doubt:
    return Doubt(
        since=message.handed_at,
        resends=message.resends,
        valid_until=message.valid_until,
        is_heard_of=message.is_heard_of,
        is_overtaken=message.is_overtaken,
    )


def count_stale_doubts(*, workspace: Workspace, now: datetime) -> int:
    """In doubt for so long that nothing more is to be expected of anybody but a person."""
    return Message.objects.filter(
        workspace=workspace, state=State.IN_DOUBT, handed_at__lte=now - doubts.STALE
    ).count()


def timeline_of(*, message: Message) -> list[Step]:
    """What has happened to the message, in order of time."""
    sent = Step("sent", message.sent_at, message.reply)
    steps = [
        Step("planned", message.created_at),
        Step("due", message.due_at),
        Step("handoff", message.handed_at),
        sent,
    ]
    reached = [step for step in steps if step.at is not None]
    deliveries = Delivery.objects.filter(workspace=message.workspace, message=message)
    heard = [Step(row.kind, row.occurred_at, row.detail) for row in deliveries]
    return sorted([*reached, *heard], key=lambda step: (step.at is None, step.at))


def delivery_counts(*, workspace: Workspace, streams: Sequence[str]) -> dict[str, int]:
    """People, not mails: each contact of these streams counts once, by the best that happened.

    planned = sent + in_doubt + failed + suppressed + expired + cancelled + waiting, and
    sent = delivered + bounced. `unsubscribed` overlaps the others. Only invitations and reminders
    count; `sent` means handed over, whether or not it came back afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _DELIVERY_COUNTS,
            {"workspace": workspace.pk, "streams": list(streams), "kinds": list(ASKING)},
        )
        names = [column.name for column in cursor.description or ()]
        return dict(zip(names, cast(Sequence[int], cursor.fetchone()), strict=True))


_DELIVERY_COUNTS = """
WITH heard AS (
    SELECT m.id,
        bool_or(d.kind = 'bounced' AND d.occurred_at >= CASE
            WHEN m.sent_at IS NULL THEN '-infinity' ELSE coalesce(m.handed_at, m.sent_at) END
        ) AS bounced,
        bool_or(d.kind = 'unsubscribed') AS unsubscribed
    FROM outreach_delivery d JOIN outreach_message m ON m.id = d.message_id
    WHERE d.workspace_id = %(workspace)s AND m.workspace_id = %(workspace)s
        AND m.stream = ANY(%(streams)s) AND m.kind = ANY(%(kinds)s)
    GROUP BY m.id
), person AS (
    SELECT m.contact_id,
        bool_or(m.state = 'sent' AND NOT coalesce(b.bounced, false)) AS delivered,
        bool_or(coalesce(b.bounced, false)) AS bounced,
        bool_or(m.state = 'in_doubt') AS in_doubt,
        bool_or(m.state = 'failed') AS failed,
        bool_or(m.state IN ('planned', 'due', 'claimed', 'handoff')) AS waiting,
        bool_or(m.state = 'suppressed') AS suppressed,
        bool_or(m.state = 'expired') AS expired,
        bool_or(coalesce(b.unsubscribed, false)) AS unsubscribed
    FROM outreach_message m LEFT JOIN heard b ON b.id = m.id
    WHERE m.workspace_id = %(workspace)s
        AND m.stream = ANY(%(streams)s) AND m.kind = ANY(%(kinds)s)
    GROUP BY m.contact_id
), judged AS (
    SELECT unsubscribed,
        CASE WHEN delivered THEN 'delivered' WHEN bounced THEN 'bounced'
            WHEN in_doubt THEN 'in_doubt' WHEN failed THEN 'failed' WHEN waiting THEN 'waiting'
            WHEN suppressed THEN 'suppressed' WHEN expired THEN 'expired' ELSE 'cancelled'
        END AS fate
    FROM person
)
SELECT count(*) AS planned,
    count(*) FILTER (WHERE fate IN ('delivered', 'bounced')) AS sent,
    count(*) FILTER (WHERE fate = 'delivered') AS delivered,
    count(*) FILTER (WHERE fate = 'bounced') AS bounced,
    count(*) FILTER (WHERE fate = 'waiting') AS waiting,
    count(*) FILTER (WHERE fate = 'suppressed') AS suppressed,
    count(*) FILTER (WHERE fate = 'failed') AS failed,
    count(*) FILTER (WHERE fate = 'in_doubt') AS in_doubt,
    count(*) FILTER (WHERE fate = 'cancelled') AS cancelled,
    count(*) FILTER (WHERE fate = 'expired') AS expired,
    count(*) FILTER (WHERE unsubscribed) AS unsubscribed
FROM judged
"""


MOST_ON_TIMELINE = 200


# In words, with icon and tone.
_ON_TIMELINE = {
    Delivery.Kind.BOUNCED: ("A mail came back", "bounce", "bad"),
    Delivery.Kind.COMPLAINED: ("Reported a mail as spam", "flag", "bad"),
    Delivery.Kind.UNSUBSCRIBED: ("Unsubscribed", "ban", "bad"),
    Delivery.Kind.AUTO_REPLIED: ("Replied automatically", "auto", ""),
}


def list_touches(*, workspace: Workspace, contacts: Sequence[Contact]) -> Iterator[TimelineItem]:
    """What was sent to these people to ask them, and what bounced, for their time line."""
    asked = Message.objects.filter(
        workspace=workspace, contact__in=contacts, kind__in=ASKING, sent_at__isnull=False
    ).select_related("contact")
    for message in asked.order_by("-sent_at")[:MOST_ON_TIMELINE]:
        yield TimelineItem(
            at=message.sent_at or message.due_at,
            title=f"{Kind(message.kind).label} sent",
            icon="send",
            url=reverse("outreach:message", args=[workspace.slug, message.public_id]),
            actor=message.sender_name,
            contact=message.contact,
        )
    ended = Delivery.objects.filter(
        workspace=workspace,
        message__contact__in=contacts,
        kind__in=list(_ON_TIMELINE),
    ).select_related("message__contact")
    for delivery in ended.order_by("-occurred_at")[:MOST_ON_TIMELINE]:
        yield TimelineItem(
            at=delivery.occurred_at,
            title=_ON_TIMELINE[Delivery.Kind(delivery.kind)][0],
            text=delivery.detail,
            icon=_ON_TIMELINE[Delivery.Kind(delivery.kind)][1],
            tone=_ON_TIMELINE[Delivery.Kind(delivery.kind)][2],
            url=reverse("outreach:message", args=[workspace.slug, delivery.message.public_id]),
            contact=delivery.message.contact,
        )
