"""Mail that is written to addresses of ours: stored first, word for word, and made sense of later.

What belongs to nobody is refused at the door, so that whoever handed it over knows; what is
accepted is kept and listed with its outcome, whatever it is, and never answered.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from afterscore.kit import jobs, mailboxes
from afterscore.kit.errors import Refused
from afterscore.outreach import registry
from afterscore.outreach.models import InboundEvent
from afterscore.outreach.queries import MAIL
from afterscore.outreach.registry import Mailbox

MAX_BYTES = 15_000_000  # of the largest mail that any mailbox takes: files of ten megabytes
NOBODYS = "This mail is about no message that was sent from here."
KEPT = timedelta(days=90)
_RECIPIENT = "Delivered-To: "  # the first line of what is kept, as other mail systems add it


class NotOurs(Refused):
    """No such mailbox, a forged token, or a mail about nothing of ours."""


class TooLarge(Refused):
    """More than anybody needs to say that a mail came back."""


def check_recipient(*, address: str) -> None:
    """Raises NotOurs for addresses that nobody here reads and for forged ones. Does not look at the
    database."""
    kind, token = _parts_of(address)
    prefix = _mailbox(kind).prefix
    if token and mailboxes.read(kind, token, prefix=prefix) is None:
        raise NotOurs(NOBODYS)


@transaction.atomic
def receive(*, recipient: str, raw: bytes, now: datetime) -> InboundEvent:
    """Keeps the mail and asks for its reading. The same mail again is the same event."""
    kind, token = _parts_of(recipient)
    mailbox = _mailbox(kind)
    if len(raw) > mailbox.most_bytes:
        raise TooLarge(f"The mail is larger than {mailbox.most_bytes:,} bytes.")
    owner = mailbox.find_owner(token=token, raw=raw, now=now)
    if owner is None:
        raise NotOurs(NOBODYS)
    line = f"{_RECIPIENT}{recipient.strip().lower()}\n"
    event, is_new = InboundEvent.objects.get_or_create(
        workspace=owner,
        source=MAIL,
        event_id=hashlib.sha256(line.encode() + raw).hexdigest(),
        defaults={"body": line + _as_text(raw), "received_at": now},
    )
    if is_new:
        jobs.defer("outreach.read_mail", event=event.public_id)
    return event


@transaction.atomic
def make_sense(*, event: str, now: datetime) -> None:
    """Reads what is kept and does what follows from it. Once, however often it is asked for."""
    row = (
        InboundEvent.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .filter(public_id=event, source=MAIL, processed_at=None)
        .first()
    )
    if row is None:
        return
    first, _, rest = row.body.partition("\n")
    kind, token = _parts_of(first.removeprefix(_RECIPIENT))
    outcome = _mailbox(kind).read(token=token, event=row, raw=rest.encode("latin-1"), now=now)
    row.outcome = outcome.words[:200]
    row.message = outcome.message
    row.processed_at = now
    row.save(update_fields=["outcome", "message", "processed_at"])


def forget_old_mail(*, now: datetime) -> int:
    """What was made of it stays with the messages; the words are somebody's and are not kept."""
    old = InboundEvent.objects.filter(source=MAIL, received_at__lt=now - KEPT)
    return old.exclude(processed_at=None).delete()[0]


def forget_mail_of_erased(*, now: datetime) -> int:
    """All that came back from people whose data was erased. What was never read waits: nobody
    knows yet whose it is."""
    theirs = InboundEvent.objects.filter(source=MAIL, message__contact__erased_at__lte=now)
    return theirs.exclude(processed_at=None).delete()[0]


def recipient_of(*, event: InboundEvent) -> str:
    return event.body.partition("\n")[0].removeprefix(_RECIPIENT)


def _parts_of(address: str) -> tuple[str, str]:
    """`bounce+token@domain`, in whatever case."""
    local = address.strip().strip("<>").rpartition("@")[0].lower()
    kind, _, token = local.partition("+")
    return kind, token


def _mailbox(kind: str) -> Mailbox:
    mailbox = registry.find_mailbox(kind)
    if mailbox is None:
        raise NotOurs("Nobody reads mail at this address.")
    return mailbox


def _as_text(raw: bytes) -> str:
    """Byte for byte, but for zeros: no database text and no mail may hold one."""
    return raw.replace(b"\0", b"").decode("latin-1")
