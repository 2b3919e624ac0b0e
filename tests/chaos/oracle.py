"""What the mail server saw, and what must hold after every scenario whatever went wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from afterscore.journal.models import Fact
from afterscore.outreach import queries
from afterscore.outreach.models import Delivery, Message, State
from tests.chaos.crowd import STREAM, Crowd

ENDS = frozenset(
    {State.SENT, State.SUPPRESSED, State.EXPIRED, State.CANCELLED, State.FAILED, State.IN_DOUBT}
)
TAKEN = frozenset({"accepted", "silent"})
REFUSED = "never"
TRANSFER_SECONDS = 15.0  # what was handed over before an unsubscription has arrived by then


@dataclass
class Seen:
    """The sink's log. `words` is everything that was said to a recipient, in order."""

    mails: Counter[str] = field(default_factory=Counter)  # how often each Message-ID was taken
    recipients: Counter[str] = field(default_factory=Counter)
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    instants: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, log: Path) -> Seen:
        seen = cls()
        for line in log.read_text().splitlines():
            instant, word, recipient, message_id = line.split("\t")
            seen.words[recipient].append(word)
            if word in TAKEN:
                seen.mails[message_id] += 1
                seen.recipients[recipient] += 1
                seen.instants[recipient].append(float(instant))
        return seen


@dataclass(frozen=True)
class Verdict:
    """The figures of a run, and in words what is broken."""

    messages: int
    lost: int
    duplicated: int
    in_doubt: int
    arrived_in_doubt: int
    states: Counter[str]
    broken: tuple[str, ...]


def judge(crowd: Crowd, seen: Seen) -> Verdict:
    rows: list[Mapping[str, Any]] = list(
        Message.objects.filter(workspace=crowd.workspace).values(
            "pk", "public_id", "message_id", "to_email", "state", "reason", "handed_at"
        )
    )
    states = Counter(row["state"] for row in rows)
    doubtful = [row for row in rows if row["state"] == State.IN_DOUBT]
    lost = list(_lost(rows, seen, crowd))
    checks = (
        lost, _doubled(seen), _unasked(rows, seen), _silenced(rows, seen, crowd),
        _listed(crowd, doubtful), _counts(crowd, rows, states), _journal(crowd),
    )  # fmt: skip
    return Verdict(
        messages=len(rows),
        lost=len(lost),
        duplicated=sum(count - 1 for count in seen.mails.values()),
        in_doubt=len(doubtful),
        arrived_in_doubt=sum(bool(seen.mails[row["message_id"]]) for row in doubtful),
        states=states,
        broken=tuple(text for check in checks for text in check),
    )


def _lost(rows: list[Mapping[str, Any]], seen: Seen, crowd: Crowd) -> Iterator[str]:
    """Of those who were ever invited; a row that is gone or a false end is a loss as well."""
    by_email = {row["to_email"]: row for row in rows}
    for email in crowd.emails:
        row = by_email.get(email)
        if row is None:
            yield f"the invitation of {email} is gone"
        elif row["state"] not in ENDS:
            yield f"{row['public_id']} is still {row['state']}"
        elif row["state"] == State.SENT and not seen.mails[row["message_id"]]:
            yield f"{row['public_id']} is called sent, but the mail server never took it"
        elif not (
            seen.recipients[email]
            or row["state"] == State.IN_DOUBT
            or email in crowd.silenced
            or REFUSED in seen.words[email]
        ):
            yield (
                f"{email} got no mail, though nobody refused it: it is called {row['state']} "
                f"({row['reason']})"
            )


def _doubled(seen: Seen) -> Iterator[str]:
    for message_id, count in seen.mails.items():
        if count > 1:
            yield f"{message_id} was taken {count} times"
    for recipient, count in seen.recipients.items():
        if count > 1:
            yield f"{recipient} got {count} mails"


def _unasked(rows: list[Mapping[str, Any]], seen: Seen) -> Iterator[str]:
    """Whatever the mail server took must be called sent or in doubt, and be ours."""
    by_id = {row["message_id"]: row for row in rows}
    for message_id in seen.mails:
        row = by_id.get(message_id)
        if row is None:
            yield f"the mail server took {message_id}, which is nobody's"
        elif row["state"] not in {State.SENT, State.IN_DOUBT}:
            yield f"{row['public_id']} was taken by the mail server, but is called {row['state']}"


def _silenced(rows: list[Mapping[str, Any]], seen: Seen, crowd: Crowd) -> Iterator[str]:
    """Who has unsubscribed gets nothing that was handed over afterwards."""
    for row in rows:
        email = row["to_email"]
        if email not in crowd.silenced or not seen.recipients[email]:
            continue
        if row["handed_at"] is None or row["handed_at"] > crowd.silenced[email]:
            yield f"{email} had unsubscribed when the mail to it was handed over"
        elif max(seen.instants[email]) > crowd.silenced_at[email] + TRANSFER_SECONDS:
            yield f"{email} got a mail more than {TRANSFER_SECONDS:.0f} s after unsubscribing"


def _listed(crowd: Crowd, doubtful: list[Mapping[str, Any]]) -> Iterator[str]:
    shown = queries.list_messages(workspace=crowd.workspace, state=State.IN_DOUBT)
    listed = set(shown.values_list("public_id", flat=True))
    for row in doubtful:
        if row["public_id"] not in listed:
            yield f"{row['public_id']} is in doubt and not listed"


def _counts(crowd: Crowd, rows: list[Mapping[str, Any]], states: Counter[str]) -> Iterator[str]:
    shown = queries.count_by_state(workspace=crowd.workspace)
    if shown != dict(states):
        yield f"the outbox counts {shown}, the rows say {dict(states)}"
    report = queries.delivery_counts(workspace=crowd.workspace, streams=[STREAM])
    bounced = set(
        Delivery.objects.filter(workspace=crowd.workspace, kind=Delivery.Kind.BOUNCED).values_list(
            "message_id", flat=True
        )
    )
    fates = Counter("sent" if row["pk"] in bounced else row["state"] for row in rows)
    for name in ("sent", "in_doubt", "failed", "suppressed", "cancelled"):
        if report[name] != fates[name]:
            yield f"the report says {report[name]} {name}, the rows say {fates[name]}"


def _journal(crowd: Crowd) -> Iterator[str]:
    """Facts are added and never changed, and each bounce was told once."""
    before = {row[0]: row for row in crowd.facts}
    now = {row[0]: row for row in Fact.objects.filter(pk__in=list(before)).values_list()}
    if now != before:
        yield "facts that stood in the journal have changed or gone"
    bounces = Counter(
        Fact.objects.filter(workspace=crowd.workspace, name="message.bounced").values_list(
            "subject", flat=True
        )
    )
    failed = Message.objects.filter(
        workspace=crowd.workspace, state=State.FAILED, reason="The mail server refused it."
    ).values_list("public_id", flat=True)
    for public_id in failed:
        if bounces[public_id] != 1:
            yield f"{public_id} bounced once and was told {bounces[public_id]} times"
