"""Mail that a provider takes in for us and hands over by a request: back into a mail, word for word
where the provider passes it on so.

What is passed on in parts is put together by django-anymail. Providers that keep the mail and want
to be asked for it (Amazon SES, Brevo, Mailtrap, Resend) are not among them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import getaddresses
from typing import Any

from afterscore.outreach.channels import reports
from afterscore.outreach.channels.providers import Provider
from afterscore.outreach.channels.reports import Envelope, Garbled

# Their reports are signed with a key that was entered; what they take in is signed with another,
# or not at all: there the address is the secret.
_SIGNED_OTHERWISE = frozenset({"mailersend", "sendgrid"})


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail, and the addresses it may have been written to."""

    recipients: tuple[str, ...]
    raw: bytes


def check(provider: Provider, envelope: Envelope, entered: Mapping[str, str], *, at: float) -> None:
    """Raises Forged, as for reports."""
    if provider.key not in _SIGNED_OTHERWISE:
        reports.check(_taking(provider), envelope, entered, at=at)


def read(provider: Provider, envelope: Envelope) -> list[Arrived]:
    """Every mail in the request. Raises Garbled."""
    try:
        whole = _WHOLE[provider.key](envelope) if provider.key in _WHOLE else []
        return whole or [_arrived(event) for event in _parse(provider, envelope)]
    except Exception as error:
        raise Garbled(f"{type(error).__name__}: {error}") from error


def _taking(provider: Provider) -> Provider:
    return replace(provider, view=provider.inbound_view)


def _parse(provider: Provider, envelope: Envelope) -> list[Any]:
    events: list[Any] = reports.parse(_taking(provider), envelope)
    return [event for event in events if event.event_type == "inbound"]


def _arrived(event: Any) -> Arrived:
    mail = event.message
    named = [
        str(value) for name in ("To", "Cc", "Delivered-To") for value in mail.get_all(name, [])
    ]
    others = [address for _name, address in getaddresses(named)]
    return Arrived(_distinct(mail.envelope_recipient, *others), mail.as_bytes())


def _distinct(*addresses: Any) -> tuple[str, ...]:
    given = (str(each or "").strip().lower() for each in addresses)
    return tuple(dict.fromkeys(each for each in given if "@" in each))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _postal(envelope: Envelope) -> list[Arrived]:
    said = json.loads(envelope.content)
    is_packed = said.get("base64") is True
    raw = base64.b64decode(said["message"]) if is_packed else _bytes(said["message"])
    return [Arrived(_distinct(said.get("rcpt_to")), raw)]


def _sparkpost(envelope: Envelope) -> list[Arrived]:
    found = []
    for each in json.loads(envelope.content):
        relayed = each["msys"]["relay_message"]
        content = relayed["content"]
        text = content["email_rfc822"]
        is_packed = content["email_rfc822_is_base64"]
        raw = base64.b64decode(text) if is_packed else _bytes(text)
        found.append(Arrived(_distinct(relayed.get("rcpt_to")), raw))
    return found


def _mailersend(envelope: Envelope) -> list[Arrived]:
    data = json.loads(envelope.content)["data"]
    people = [each.get("email") for each in data.get("recipients", {}).get("rcptTo", [])]
    return [Arrived(_distinct(*people), _bytes(data["raw"]))]


def _postmark(envelope: Envelope) -> list[Arrived]:
    said = json.loads(envelope.content)
    if "RawEmail" not in said:
        return []
    people = [each.get("Email") for each in said.get("ToFull", [])]
    return [Arrived(_distinct(said.get("OriginalRecipient"), *people), _bytes(said["RawEmail"]))]


def _mandrill(envelope: Envelope) -> list[Arrived]:
    fields = reports.form_of(envelope)[0]
    told = [each for each in json.loads(fields["mandrill_events"]) if each["event"] == "inbound"]
    return [
        Arrived(_distinct(each["msg"]["email"]), _bytes(each["msg"]["raw_msg"])) for each in told
    ]


def _mailgun(envelope: Envelope) -> list[Arrived]:
    fields = reports.form_of(envelope)[0]
    if "body-mime" not in fields:
        return []
    people = str(fields.get("recipient", "")).split(",")
    return [Arrived(_distinct(*people), _bytes(fields["body-mime"]))]


def _sendgrid(envelope: Envelope) -> list[Arrived]:
    fields = reports.form_of(envelope)[0]
    if "email" not in fields:
        return []
    people = json.loads(fields["envelope"]).get("to", [])
    return [Arrived(_distinct(*people), _bytes(fields["email"]))]


_WHOLE: Mapping[str, Callable[[Envelope], list[Arrived]]] = {
    "mailersend": _mailersend,
    "mailgun": _mailgun,
    "mandrill": _mandrill,
    "postal": _postal,
    "postmark": _postmark,
    "sendgrid": _sendgrid,
    "sparkpost": _sparkpost,
}
