"""What providers report about mails: checked, and read into one shape.

The requests are read by the parsers of django-anymail's webhook views. The views themselves take
their keys from Django's settings, one for the whole install; ours belong to a route, so a bare
view is given what its parser and its check look at.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from anymail.webhooks.base import AnymailCoreWebhookView
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from afterscore.outreach.channels import replies
from afterscore.outreach.channels.providers import Provider

OLDEST_SIGNATURE_SECONDS = 300
KEPT_HEADERS = frozenset(
    {
        "signature", "mailtrap-signature", "x-mandrill-signature", "x-postal-signature",
        "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp",
        "svix-id", "svix-timestamp", "svix-signature", "x-amz-sns-message-id",
        "x-amz-sns-message-type", "x-mailgun-signature-v2", "x-messagesystems-webhook-token",
    }
)  # fmt: skip
_OWN_ID = re.compile(r"(?<!\w)msg_[2-9A-HJ-NP-Za-km-z]{22}(?!\w)")
_SNS = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_STATUS = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")


class Forged(Exception):
    """The signature is missing or does not fit: nothing in it is believed."""


class Garbled(Exception):
    """It comes from the provider, as far as one can tell, and cannot be read."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request of a provider, word for word, with the few headers that matter."""

    content: bytes
    content_type: str
    url: str  # where it came in, as the provider knows it
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_form(self) -> bool:
        """One with files, perhaps; of the other sort Django reads any size."""
        return self.content_type.lower().startswith("multipart/form-data")

    @property
    def digest(self) -> str:
        """The same request again has the same; what a provider changes with each try has no say."""
        return hashlib.sha256(self.content_type.encode() + b"\n" + self.content).hexdigest()

    def packed(self) -> str:
        return json.dumps(
            {
                "content": base64.b64encode(self.content).decode(),
                "content_type": self.content_type,
                "url": self.url,
                "headers": dict(self.headers),
            }
        )

    @classmethod
    def unpacked(cls, text: str) -> Envelope:
        values = json.loads(text)
        return cls(**{**values, "content": base64.b64decode(values["content"])})


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that a provider says of one mail."""

    kind: str  # anymail's word for it
    event_id: str
    provider_id: str
    own_ids: frozenset[str]  # public ids of ours that stand anywhere in it
    recipient: str
    occurred_at: datetime | None
    reason: str  # why it was turned down, in anymail's word, or ""
    detail: str
    is_permanent: bool = True
    blames_address: bool = False


def check(provider: Provider, envelope: Envelope, entered: Mapping[str, str], *, at: float) -> None:
    """Raises Forged unless the provider's signature fits. Where no key was entered, or the provider
    has none, the secret in the address is all there is."""
    key = entered.get(provider.is_signed_by, "")
    if not key:
        return
    if provider.key == "resend":
        _check_standard_webhook(envelope, key, at=at)
        return
    view = _view(provider)
    attribute, convert = _KEYS[provider.key]
    setattr(view, attribute, convert(key))
    view.webhook_url = envelope.url
    try:
        _validate(view, _request(envelope))
    except Exception as error:  # what a stranger sends may break a check in any way: it has failed
        raise Forged(str(error)) from error


def is_usable(provider: Provider, key: str) -> bool:
    """Whether this can be the key with which the provider signs."""
    try:
        if provider.key == "resend":
            return bool(base64.b64decode(key.removeprefix("whsec_"), validate=True))
        return bool(_KEYS[provider.key][1](key))
    except ValueError:
        return False


def read(provider: Provider, envelope: Envelope) -> list[Report]:
    """Every event in the request that is about a mail of ours. Raises Garbled."""
    try:
        events = parse(provider, envelope)
        return [_report(provider, envelope, event) for event in events if _is_about_mail(event)]
    except Exception as error:
        raise Garbled(f"{type(error).__name__}: {error}") from error


def parse(provider: Provider, envelope: Envelope) -> list[Any]:
    """anymail's events, as its view for this provider reads them."""
    events: list[Any] = _view(provider).parse_events(_request(envelope))
    return events


def subscription_url(provider: Provider, envelope: Envelope) -> str:
    """Amazon asks once whether the topic may report here; the address with which to say yes."""
    if provider.key != "amazon_ses":
        return ""
    try:
        said = json.loads(envelope.content)
    except ValueError:
        return ""
    if not isinstance(said, dict) or said.get("Type") != "SubscriptionConfirmation":
        return ""
    return str(said.get("SubscribeURL", ""))


def is_amazon(url: str) -> bool:
    """Whether a question of Amazon's leads back to Amazon."""
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(_SNS.fullmatch(parts.netloc.lower()))


def _view(provider: Provider) -> Any:
    """anymail's view without its constructor, which would look for keys in Django's settings."""
    module = import_module(f"anymail.webhooks.{provider.module}")
    view = object.__new__(getattr(module, provider.view))
    if provider.key == "amazon_ses":
        view.auto_confirm_enabled = False
    return view


def _request(envelope: Envelope) -> Any:
    request: Any = RequestFactory().generic(
        "POST", "/", envelope.content, envelope.content_type, headers=dict(envelope.headers)
    )
    request._body = envelope.content  # noqa: SLF001 (the door has its own limit of size)
    if envelope.is_form:
        fields, files = form_of(envelope)
        request._post = _as_query(fields)  # noqa: SLF001 (for the same reason)
        request._files = MultiValueDict({name: [file] for name, file in files.items()})  # noqa: SLF001
    return request


def _as_query(fields: Mapping[str, str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(fields)
    return query


def form_of(envelope: Envelope) -> tuple[dict[str, str], dict[str, SimpleUploadedFile]]:
    """The fields and files of a form, of whatever size."""
    if not envelope.is_form:
        told = QueryDict(envelope.content, encoding="utf-8")
        return {name: str(told[name]) for name in told}, {}
    fields: dict[str, str] = {}
    files: dict[str, SimpleUploadedFile] = {}
    head = f"Content-Type: {envelope.content_type}\r\nMIME-Version: 1.0\r\n\r\n"
    form = message_from_bytes(head.encode() + envelope.content)
    for part in form.get_payload() if form.is_multipart() else []:
        if isinstance(part, Message):
            name = str(part.get_param("name", "", header="content-disposition"))
            decoded = part.get_payload(decode=True)
            content = decoded if isinstance(decoded, bytes) else b""
            if part.get_filename() is None:
                fields[name] = content.decode("utf-8", "surrogateescape")
            else:
                kind = part.get_content_type()
                files[name] = SimpleUploadedFile(part.get_filename() or "file", content, kind)
    return fields, files


def _validate(view: Any, request: Any) -> None:
    for cls in type(view).__mro__:
        if cls is not AnymailCoreWebhookView and "validate_request" in vars(cls):
            vars(cls)["validate_request"](view, request)


def _check_standard_webhook(envelope: Envelope, key: str, *, at: float) -> None:
    """https://www.standardwebhooks.com, as Resend signs."""
    headers = envelope.headers
    name, sent_at = headers.get("svix-id", ""), headers.get("svix-timestamp", "")
    if not sent_at.isdecimal() or abs(at - int(sent_at)) > OLDEST_SIGNATURE_SECONDS:
        raise Forged("The signature has no time, or an old one.")
    signed = f"{name}.{sent_at}.".encode() + envelope.content
    secret = base64.b64decode(key.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(secret, signed, "sha256"))
    given = [each.partition(",")[2].encode() for each in headers.get("svix-signature", "").split()]
    if not any(hmac.compare_digest(each, expected) for each in given):
        raise Forged("The signature does not fit.")


def _pem(key: str) -> Any:
    lines = ("-----BEGIN PUBLIC KEY-----", _bare_pem(key), "-----END PUBLIC KEY-----")
    return load_pem_public_key("\n".join(lines).encode())


def _bare_pem(key: str) -> str:
    """With or without the lines around it, as it was pasted."""
    return re.sub(r"-----[A-Z ]+-----|\s", "", key)


def _checked_pem(key: str) -> str:
    _pem(key)
    return _bare_pem(key)


_KEYS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "mailersend": ("signing_secret", str.encode),
    "mailgun": ("webhook_signing_key", str.encode),
    "mailtrap": ("signing_secret", str.encode),
    "mandrill": ("webhook_key", str.encode),
    "postal": ("webhook_key", _checked_pem),
    "sendgrid": ("webhook_verification_key", _pem),
    "unisender_go": ("api_key_bytes", str.encode),
}


def _is_about_mail(event: Any) -> bool:
    return bool(event.event_type != "inbound")


def _report(provider: Provider, envelope: Envelope, event: Any) -> Report:
    said = _as_mapping(event.esp_event)
    reason = str(event.reject_reason or "")
    reply = str(event.mta_response or event.description or "")
    is_permanent = event.event_type != "bounced" or not _is_soft(provider.key, said, reply)
    return Report(
        kind=str(event.event_type),
        event_id=str(event.event_id or ""),
        provider_id=str(event.message_id or "").strip("<>"),
        own_ids=frozenset(_OWN_ID.findall(json.dumps(said, default=str))),
        recipient=str(event.recipient or "").strip().lower(),
        occurred_at=event.timestamp,
        reason=reason,
        detail=reply or reason,
        is_permanent=is_permanent,
        blames_address=is_permanent and _blames_address(event.event_type, reason, reply),
    )


def _as_mapping(esp_event: Any) -> Mapping[str, Any]:
    """Forms come as Django's QueryDict."""
    if hasattr(esp_event, "dict"):
        return dict(esp_event.dict())
    return esp_event if isinstance(esp_event, Mapping) else {"event": esp_event}


def _blames_address(kind: str, reason: str, reply: str) -> bool:
    """What the other side's mail server says goes before what the provider makes of it."""
    if _STATUS.search(reply):
        return replies.blames_address(reply)
    return reason == "invalid" or (kind in {"bounced", "rejected"} and reason == "bounced")


def _is_soft(key: str, said: Mapping[str, Any], reply: str) -> bool:
    """Whether the provider calls a bounce one that may pass."""
    status = _STATUS.search(reply)
    if status is not None and status[0].startswith("4"):
        return True
    return _SOFT[key](said) if key in _SOFT else False


def _at(said: Any, *path: str) -> str:
    for name in path:
        said = said.get(name) if isinstance(said, Mapping) else None
    return str(said if said is not None else "").lower()


_SOFT: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "amazon_ses": lambda said: _at(said, "bounce", "bounceType") != "permanent",
    "brevo": lambda said: _at(said, "event") in {"soft_bounce", "deferred"},
    "mailersend": lambda said: "soft" in _at(said, "type") + _at(said, "data", "type"),
    "mailgun": lambda said: _at(said, "severity") == "temporary",
    "mailjet": lambda said: _at(said, "hard_bounce") in {"false", "0"},
    "mandrill": lambda said: _at(said, "event") == "soft_bounce",
    "postal": lambda said: _at(said, "status") == "softfail",
    "postmark": lambda said: _at(said, "Type") not in {"hardbounce", "bademailaddress"},
    "resend": lambda said: _at(said, "data", "bounce", "type") in {"transient", "undetermined"},
    "sendgrid": lambda said: _at(said, "type") == "blocked",
    "unisender_go": lambda said: _at(said, "status") == "soft_bounced",
    "sparkpost": lambda said: _at(said, "bounce_class") not in {"", "1", "10", "30", "90"},
}  # fmt: skip
