from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from afterscore.domain import identity
from afterscore.kit import mailboxes, signing
from afterscore.kit.errors import Refused
from afterscore.outreach.composition import words
from afterscore.outreach.models import Kind, Message
from afterscore.workspaces.models import Workspace

LONGEST_REFERENCES = 900  # characters
BOUNCE, UNSUBSCRIBE = "bounce", "unsubscribe"  # of mailboxes: what is written to them is about


def unsubscribe_url(message: Message) -> str:
    return f"{settings.PUBLIC_URL}/u/{signing.sign('unsubscribe', message.public_id)}"


def message_id(public_id: str, given_sender: str, workspace: Workspace) -> str:
    """Made from the public id, so that a second sending would bear the same: some servers and
    readers then show it once."""
    return f"<{public_id}@{identity.domain_of(sender_of(given_sender, workspace)) or _host()}>"


def sender_email(message: Message) -> str:
    """The message's, the workspace's, else the install's own; raises Refused for no address."""
    given = sender_of(message.sender_email, message.workspace)
    is_ours = not (message.sender_email or message.workspace.sender_email)
    return given if is_ours else _checked(given)


def sender_of(given: str, workspace: Workspace) -> str:
    """Whose address a mail bears: the given one, the workspace's, else the install's."""
    return given or workspace.sender_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def bounce_domain(message: Message) -> str:
    """Where mail about this message comes back to; "" where nothing is set up for it."""
    own = message.route.options.get("bounce_domain") if message.route is not None else ""
    domain: str = str(own or settings.AFTERSCORE_BOUNCE_DOMAIN)
    return domain


def envelope_sender(message: Message) -> str:
    """An address that names the message, so that whatever comes back says what it is about; the
    sender's own where there is none."""
    domain = bounce_domain(message)
    made = mailboxes.address(BOUNCE, message.public_id, domain) if domain else None
    return made or sender_email(message)


def make(message: Message, subject: str) -> dict[str, str]:
    """Every header of the mail but its date and those of MIME. Single lines, all of them."""
    headers = {
        "From": named(message.sender_name, sender_email(message)),
        "To": named(message.to_name, _checked(message.to_email)),
        "Subject": subject,
        "Message-ID": message.message_id
        or message_id(message.public_id, message.sender_email, message.workspace),
    }
    if message.reply_to:
        headers["Reply-To"] = named(message.sender_name, _checked(message.reply_to))
    headers |= _threaded(message)
    if message.kind != Kind.REPLY:
        headers |= _automated(message)
    return headers


def _threaded(message: Message) -> dict[str, str]:
    """What was written before, so that mail programs show one conversation (RFC 5322): the first
    mail and the latest ones, as many as fit on a line that every server takes."""
    known = [str(each) for each in message.fields.get("references") or ()]
    if not known:
        return {}
    first, *others = known
    while others and len(" ".join((first, *others))) > LONGEST_REFERENCES:
        others.pop(0)
    return {"In-Reply-To": known[-1], "References": " ".join((first, *others))}


def _automated(message: Message) -> dict[str, str]:
    """RFC 8058 (one-click), RFC 2919 (list), RFC 3834 (no automatic replies, please)."""
    return {
        "List-Unsubscribe": ", ".join(_ways_out(message)),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{message.stream}.{message.workspace.slug}.{_host()}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "All",
    }


def _ways_out(message: Message) -> list[str]:
    """By the web, which is the one that counts, and by mail where mail can come back."""
    domain = bounce_domain(message)
    made = mailboxes.address(UNSUBSCRIBE, message.public_id, domain) if domain else None
    ways = [f"<{unsubscribe_url(message)}>"]
    return ways if made is None else [*ways, f"<mailto:{made}>"]


def named(name: str, email: str) -> str:
    """`"Lima, Ana" <ana@example.com>`"""
    local, _, domain = email.rpartition("@")
    shown = identity.clean_name(words.one_line(name))
    return str(Address(display_name=shown, username=local, domain=domain))


def _checked(email: str) -> str:
    try:
        return identity.normalise_email(email)
    except identity.InvalidEmail as error:
        raise Refused(f"'{words.one_line(email)}' is no address to write with: {error}") from error


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
