"""F6: providers report again and again, in any order, and others report in their name."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import requests

from afterscore.domain.events import SYSTEM
from tests.chaos import ground
from tests.chaos.ground import Ground, wait_for
from tests.chaos.registry import Report
from tests.outreach import reporters

if TYPE_CHECKING:
    from afterscore.outreach.models import MailRoute
    from tests.chaos.crowd import Crowd

PROVIDERS = ("sendgrid", "resend", "postmark")
MOST_TIMES, MEAN_TIMES = 46, 3.0
FORGED, UNKNOWN = 0.05, 0.05
HOURS = 29
CALLERS = 6
LATEST_SECONDS = 0.2  # for 99 of 100 answers, when nothing else is on the machine
SOFT = "452 4.2.2 The mailbox is full"
HARD = "550 5.1.1 User unknown"
REPLIES = {"soft": SOFT, "hard": HARD}

STORIES = (
    ("processed", "delivered"),
    ("processed", "soft", "delivered"),
    ("processed", "hard"),
    ("delivered", "complained"),
    ("delivered", "unsubscribed"),
    ("soft",) * 6,
    (*("soft",) * 5, "delivered"),
    ("delivered", "hard", "complained", "unsubscribed"),
    ("processed",),
    ("soft", "soft", "hard"),
)


@dataclass(frozen=True)
class Told:
    """Something that happened to one mail, as its provider would say it."""

    guest: int
    kind: str  # processed, delivered, soft, hard, complained, unsubscribed
    at: datetime
    number: int
    is_unknown: bool = False


@dataclass
class Side:
    """A workspace with its routes: on one everything goes wrong, on the other nothing does."""

    crowd: Crowd
    routes: dict[str, MailRoute]
    own: dict[int, str] = field(default_factory=dict)  # our id of each guest's mail


def run(*, seed: int, short: bool) -> Report:
    mails = 30 if short else 1_000
    chance = random.Random(seed)
    with ground.prepare(seed=seed, haste=1.0) as place:
        start = datetime.now(tz=UTC).replace(microsecond=0) - timedelta(hours=HOURS + 1)
        suffers = _side("suffers", mails, start)
        right = _side("right", mails, start)
        told = list(_stories(chance, mails, start))
        requests_made, forged = _shuffled(chance, told, suffers)
        with _web(place) as address:
            place.start_workers(1 if short else 2)
            answers, delays = _post(address, [*requests_made, *forged], chance)
            wait_for(_is_all_heard, seconds=900, what="everything that was kept is heard")
        place.stop_workers()
        _tell_once_in_order(told, right)
        broken = [
            *_refusals(answers, len(requests_made), len(forged), suffers),
            *_differences(suffers, right, mails),
            *_unlisted(suffers, told),
        ]
    slowest = sorted(delays)[int(len(delays) * 0.99)]
    if not short and slowest > LATEST_SECONDS * CALLERS:
        broken.append(f"one answer of a hundred took longer than {slowest:.2f} s")
    line = (
        f"{sum(each.times for each in requests_made):,} events told ({len(told):,} different, each "
        f"up to {MOST_TIMES} times) for {mails:,} mails in {len(requests_made):,} requests, "
        f"{len(forged):,} forged ones beside them: {answers[True][200]} forged accepted, "
        f"{len(broken)} differences; answers to {CALLERS} at once: median "
        f"{sorted(delays)[len(delays) // 2] * 1000:.0f} ms, p99 {slowest * 1000:.0f} ms"
    )
    return Report(line, tuple(broken))


def _side(slug: str, mails: int, start: datetime) -> Side:
    """Every guest has got an invitation, some of them perhaps; a reminder waits for each."""
    from django.db import transaction

    from afterscore.customers.models import Contact
    from afterscore.outreach import operations
    from afterscore.outreach.models import Message, State
    from tests.chaos import crowd

    guests = crowd.gather(mails, slug=slug)
    now = crowd.database_now()
    routes = {
        key: operations.create_route(
            workspace=guests.workspace, name=key, provider=key, addresses=[f"{key}.example"],
            entered=_keys(key), actor=SYSTEM, now=now,
        )
        for key in PROVIDERS
    }  # fmt: skip
    contacts = Contact.objects.filter(workspace=guests.workspace).order_by("pk")
    later = {"kind": "reminder", "step": 1, "due_at": now + timedelta(days=30)}
    with transaction.atomic():
        drafts = [guests._draft(contact, now, later) for contact in contacts]
        operations.plan_messages(drafts=drafts, now=now)
    side = Side(guests, routes)
    for message in Message.objects.filter(workspace=guests.workspace, kind="invitation"):
        guest = int(message.to_email.removeprefix("guest").partition("@")[0])
        side.own[guest] = message.public_id
        is_doubtful = guest % 10 == 0
        Message.objects.filter(pk=message.pk).update(
            state=State.IN_DOUBT if is_doubtful else State.SENT,
            handed_at=start,
            sent_at=None if is_doubtful else start,
            provider_id="" if is_doubtful else f"esp-{guest}",
            route=routes[_provider_of(guest)],
        )
    return side


def _keys(provider: str) -> dict[str, str]:
    key = reporters.secret_of(provider)
    return {
        "sendgrid": {"api_key": "k", "tracking_webhook_verification_key": key},
        "resend": {"api_key": "k", "signing_secret": key},
        "postmark": {"server_token": "k"},
    }[provider]


def _provider_of(guest: int) -> str:
    """What is in doubt was never named by its provider: SendGrid tells our own name."""
    return "sendgrid" if guest % 10 == 0 else PROVIDERS[guest % 3]


def _stories(chance: random.Random, mails: int, start: datetime) -> Iterator[Told]:
    number = 0
    for guest in range(mails):
        kinds = chance.choice(STORIES)
        instants = sorted(chance.sample(range(1, HOURS * 3_600), len(kinds)))
        for kind, second in zip(kinds, instants, strict=True):
            number += 1
            is_unknown = chance.random() < UNKNOWN
            yield Told(guest, kind, start + timedelta(seconds=second), number, is_unknown)


@dataclass(frozen=True)
class Call:
    address: str
    post: reporters.Post
    times: int  # how many events are in it
    is_forged: bool = False


def _shuffled(
    chance: random.Random, told: Sequence[Told], side: Side
) -> tuple[list[Call], list[Call]]:
    """Each event between once and 46 times, all of them in disorder, SendGrid's in batches."""
    often = [each for each in told for _ in range(_times(chance))]
    chance.shuffle(often)
    calls = [
        _call(side, [each], salt=str(chance.random()))
        for each in often
        if _provider_of(each.guest) != "sendgrid"
    ]
    batched = [each for each in often if _provider_of(each.guest) == "sendgrid"]
    while batched:
        size = chance.randint(1, 20)
        calls.append(_call(side, batched[:size]))
        batched = batched[size:]
    number = round(len(calls) * FORGED / (1 - FORGED))
    return calls, [_forged(chance, chance.choice(told), side) for _ in range(number)]


def _times(chance: random.Random) -> int:
    times = 1
    while times < MOST_TIMES and chance.random() < 1 - 1 / MEAN_TIMES:
        times += 1
    return times


def _call(side: Side, told: Sequence[Told], *, salt: str = "", key: str = reporters.KEY) -> Call:
    from afterscore.outreach import queries

    provider = _provider_of(told[0].guest)
    address = queries.report_address(side.routes[provider])
    said: Any = [_said(provider, each, side) for each in told]
    if provider == "postmark":
        said = {**said[0], "Salt": salt}  # each time another request, with the same event
    elif provider == "resend":
        said = said[0]
    make = reporters.SIGNED.get(provider, reporters.unsigned)
    return Call(address, make(said, url=address, at=time.time(), key=key), len(told))


def _forged(chance: random.Random, told: Told, side: Side) -> Call:
    """Whoever forges knows everything but the keys; Postmark's have only the address."""
    bad = Told(told.guest, chance.choice(["hard", "complained", "unsubscribed"]), told.at, 0)
    call = _call(side, [bad], key="another key")
    if _provider_of(told.guest) == "postmark":
        return Call(call.address[:-6] + "forged", call.post, 1, is_forged=True)
    if chance.random() < 0.5:
        right = _call(side, [told])
        changed = right.post.content.replace(b"esp-", b"esp-9").replace(b"guest", b"guest1")
        return Call(call.address, reporters.Post(changed, headers=right.post.headers), 1, True)
    return Call(call.address, call.post, 1, is_forged=True)


def _said(provider: str, told: Told, side: Side) -> dict[str, Any]:
    name = f"nobody-{told.number}" if told.is_unknown else f"esp-{told.guest}"
    to = f"guest{told.guest}@sink.example"
    reply = REPLIES.get(told.kind, "")
    if provider == "resend":
        return _by_resend(told, name, to, reply)
    if provider == "postmark":
        return _by_postmark(told, name, to, reply)
    words = {
        "soft": "bounce", "hard": "bounce", "complained": "spamreport",
        "unsubscribed": "unsubscribe",
    }  # fmt: skip
    own = {} if told.is_unknown else {"message": side.own[told.guest]}
    return {
        "event": words.get(told.kind, told.kind), "email": to, "sg_message_id": f"{name}.filter",
        "sg_event_id": f"evt-{told.number}", "timestamp": int(told.at.timestamp()),
        "type": "blocked" if told.kind == "soft" else "bounce",
        **({"reason": reply} if reply else {}), **own,
    }  # fmt: skip


def _by_resend(told: Told, name: str, to: str, reply: str) -> dict[str, Any]:
    words = {
        "processed": "sent",
        "soft": "bounced",
        "hard": "bounced",
        "unsubscribed": "complained",
    }
    kind = "Transient" if told.kind == "soft" else "Permanent"
    bounce = {"bounce": {"type": kind, "message": reply}} if reply else {}
    return {
        "type": f"email.{words.get(told.kind, told.kind)}",
        "created_at": told.at.isoformat(),
        "data": {"email_id": name, "to": [to], "number": told.number, **bounce},
    }


def _by_postmark(told: Told, name: str, to: str, reply: str) -> dict[str, Any]:
    words = {
        "soft": "Bounce", "hard": "Bounce", "complained": "SpamComplaint",
        "unsubscribed": "SubscriptionChange", "processed": "Delivery", "delivered": "Delivery",
    }  # fmt: skip
    at = told.at.isoformat()
    return {
        "RecordType": words[told.kind], "MessageID": name, "Recipient": to, "Email": to,
        "DeliveredAt": at, "BouncedAt": at, "ChangedAt": at, "SuppressSending": True,
        "Type": {"soft": "SoftBounce", "hard": "HardBounce"}.get(told.kind, ""),
        "SuppressionReason": "ManualSuppression", "Details": reply,
    }  # fmt: skip


class _web:  # noqa: N801 (read as a verb phrase: with _web(place))
    """`afterscore web`, as an administrator starts it."""

    def __init__(self, place: Ground) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "afterscore", "web", "--port", str(self.port)]
        self.log = (place.data / "web.log").open("wb")
        self.process = subprocess.Popen(
            command, env=place.environment(), cwd=ground.ROOT, stdout=self.log, stderr=self.log
        )

    def __enter__(self) -> str:
        wait_for(self._answers, seconds=60, what="the web pages answer")
        return f"http://127.0.0.1:{self.port}"

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def _post(
    web: str, calls: list[Call], chance: random.Random
) -> tuple[dict[bool, Counter[int]], list[float]]:
    """By several at once; how they were answered, forged and not, and in how many seconds."""
    chance.shuffle(calls)
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=CALLERS))

    def one(call: Call) -> tuple[bool, int, float]:
        start = time.monotonic()
        path = call.address.removeprefix("http://chaos.example")
        headers = {
            **call.post.headers, "Host": "chaos.example", "Content-Type": call.post.content_type
        }  # fmt: skip
        status = session.post(web + path, data=call.post.content, headers=headers, timeout=60)
        return call.is_forged, status.status_code, time.monotonic() - start

    with ThreadPoolExecutor(CALLERS) as callers:
        done = list(callers.map(one, calls))
    answers: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for is_forged, status, _seconds in done:
        answers[is_forged][status] += 1
    return answers, [seconds for _forged, _status, seconds in done]


def _is_all_heard() -> bool:
    from afterscore.outreach.models import InboundEvent

    return not InboundEvent.objects.filter(processed_at=None).exists()


def _tell_once_in_order(told: Sequence[Told], side: Side) -> None:
    from afterscore.kit import jobs
    from afterscore.outreach import operations
    from afterscore.outreach.channels.reports import Envelope
    from tests.chaos import crowd

    for each in sorted(told, key=lambda each: each.at):
        call = _call(side, [each])
        headers = {name.lower(): value for name, value in call.post.headers.items()}
        envelope = Envelope(call.post.content, call.post.content_type, call.address, headers)
        route = side.routes[_provider_of(each.guest)]
        with jobs.inline() as queue:
            operations.receive_report(route=route, envelope=envelope, now=crowd.database_now())
            queue.run()


def _refusals(
    answers: Mapping[bool, Counter[int]], made: int, forged: int, side: Side
) -> Iterator[str]:
    if answers[False] != Counter({200: made}):
        yield f"genuine requests were answered {dict(answers[False])}"
    if forged and answers[True] != Counter({403: forged}):
        yield f"forged requests were answered {dict(answers[True])}"
    counted = 0
    for route in side.routes.values():
        route.refresh_from_db()
        counted += route.forged_reports
    if counted != forged:
        yield f"{forged} forged requests, {counted} counted"


def _differences(suffers: Side, right: Side, mails: int) -> Iterator[str]:
    one, other = _ends(suffers), _ends(right)
    if len(other) != mails:
        yield f"{len(other)} mails to compare instead of {mails}"
    for email, expected in other.items():
        if one.get(email) != expected:
            yield f"{email}: {one.get(email)} instead of {expected}"


def _ends(side: Side) -> dict[str, Any]:
    """All that can be seen of each guest, without what differs between two workspaces anyway."""
    from afterscore.journal.models import Fact
    from afterscore.outreach import queries
    from afterscore.outreach.models import Delivery, Message, Suppression

    workspace = side.crowd.workspace
    reasons: dict[str, list[str]] = {}
    for digest, reason in Suppression.objects.filter(workspace=workspace).values_list(
        "address_hash", "reason"
    ):
        reasons.setdefault(digest, []).append(reason)
    facts = Counter(
        Fact.objects.filter(
            workspace=workspace,
            name__in=("message.bounced", "message.complained", "contact.unsubscribed",
                      "message.confirmed"),
        ).values_list("subject", "name")
    )  # fmt: skip
    ends: dict[str, Any] = {}
    for message in Message.objects.filter(workspace=workspace).select_related("contact"):
        heard = Delivery.objects.filter(message=message)
        ends.setdefault(message.to_email, {})[message.kind] = (
            message.state,
            sorted(heard.values_list("kind", "is_permanent", "occurred_at", "detail")),
            sorted(reasons.get(queries.address_hash(message.to_email), [])),
            sorted(
                (name, count)
                for (subject, name), count in facts.items()
                if subject in (message.public_id, message.contact.public_id)
            ),
        )
    return ends


def _unlisted(side: Side, told: Sequence[Told]) -> Iterator[str]:
    """What is about nobody is kept, listed, and says of what it was."""
    from afterscore.outreach import queries
    from afterscore.outreach.channels.reports import Envelope

    listed = [
        Envelope.unpacked(row.body).content.decode()
        for route in side.routes.values()
        for row in queries.list_unmatched(route=route)
    ]
    words = json.dumps(listed)
    for each in told:
        if each.is_unknown and f"nobody-{each.number}" not in words:
            yield f"a report about nobody-{each.number} is not listed"
