from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from afterscore.domain import identity
from afterscore.kit import signing
from afterscore.kit.errors import Refused
from afterscore.outreach.composition import words
from afterscore.outreach.models import Kind, Message


def unsubscribe_url(message: Message) -> str:
    return f"{settings.PUBLIC_URL}/u/{signing.sign('unsubscribe', message.public_id)}"


def message_id(message: Message) -> str:
    """Made from the public id, so that a second sending would bear the same: some servers and
    readers then show it once."""
    return f"<{message.public_id}@{identity.domain_of(sender_email(message))}>"


def sender_email(message: Message) -> str:
    """Raises Refused where nobody has said who writes."""
    address = message.sender_email or message.workspace.sender_email
    if "@" not in address:
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if "@" not in address:
        raise Refused("There is no sender address. Set one in Settings.")
    return address


def make(message: Message, subject: str) -> dict[str, str]:
    """Every header of the mail but its date and those of MIME. Single lines, all of them."""
    headers = {
        "From": address(message.sender_name, sender_email(message)),
        "To": address(message.to_name, message.to_email),
        "Subject": subject,
        "Message-ID": message_id(message),
    }
    if message.reply_to:
        headers["Reply-To"] = address("", message.reply_to)
    if message.kind != Kind.REPLY:
        headers |= _automated(message)
    return headers


def _automated(message: Message) -> dict[str, str]:
    """RFC 8058 (one-click), RFC 2919 (list), RFC 3834 (no automatic replies, please)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(message)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{message.stream}.{message.workspace.slug}.{_host()}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "All",
    }


def address(name: str, email: str) -> str:
    """`"Lima, Ana" <ana@example.com>`; raises Refused for what is no address."""
    try:
        identity.normalise_email(email)
        return str(Address(display_name=words.one_line(name), addr_spec=email))
    except (identity.InvalidEmail, ValueError) as error:
        raise Refused(f"'{words.one_line(email)}' is not an e-mail address.") from error


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
