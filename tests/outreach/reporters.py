"""Mail providers that report: each makes a request as it would, and signs it with its own key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY = "only-the-provider-knows-this"
_EC = ec.generate_private_key(ec.SECP256R1())
_RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@dataclass(frozen=True)
class Post:
    """A request to the address for reports."""

    content: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def _public(key: Any) -> str:
    return str(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    )


def _hex(content: bytes, key: str) -> str:
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()


def mailersend(said: Any, *, url: str, at: float, key: str) -> Post:
    content = json.dumps(said).encode()
    return Post(content, headers={"Signature": _hex(content, key)})


def mailtrap(said: Any, *, url: str, at: float, key: str) -> Post:
    content = json.dumps({"events": said}).encode()
    return Post(content, headers={"Mailtrap-Signature": _hex(content, key)})


def mailgun(said: Any, *, url: str, at: float, key: str) -> Post:
    instant, token = str(int(at)), hashlib.sha256(json.dumps(said).encode()).hexdigest()[:50]
    signature = {
        "timestamp": instant, "token": token, "signature": _hex((instant + token).encode(), key)
    }  # fmt: skip
    return Post(json.dumps({"signature": signature, "event-data": said}).encode())


def mandrill(said: Any, *, url: str, at: float, key: str) -> Post:
    events = json.dumps(said)
    signed = (url + "mandrill_events" + events).encode()
    signature = base64.b64encode(hmac.new(key.encode(), signed, hashlib.sha1).digest()).decode()
    return Post(
        urlencode({"mandrill_events": events}).encode(),
        "application/x-www-form-urlencoded",
        {"X-Mandrill-Signature": signature},
    )


def postal(said: Any, *, url: str, at: float, key: str) -> Post:
    content = json.dumps(said).encode()
    signer = _RSA if key == KEY else rsa.generate_private_key(65_537, 2_048)
    signature = signer.sign(content, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 (Postal's)
    return Post(content, headers={"X-Postal-Signature": base64.b64encode(signature).decode()})


def sendgrid(said: Any, *, url: str, at: float, key: str) -> Post:
    content, instant = json.dumps(said).encode(), str(int(at))
    signer = _EC if key == KEY else ec.generate_private_key(ec.SECP256R1())
    signature = signer.sign(instant.encode() + content, ec.ECDSA(hashes.SHA256()))
    return Post(content, headers={
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": instant,
    })  # fmt: skip


def resend(said: Any, *, url: str, at: float, key: str) -> Post:
    content = json.dumps(said).encode()
    name, instant = "evt_" + hashlib.sha256(content).hexdigest()[:20], str(int(at))
    secret = base64.b64decode(secret_of("resend", key).removeprefix("whsec_"))
    digest = hmac.digest(secret, f"{name}.{instant}.".encode() + content, "sha256")
    return Post(content, headers={
        "Svix-Id": name, "Svix-Timestamp": instant,
        "Svix-Signature": "v1,bm90IHRoaXM= v1," + base64.b64encode(digest).decode(),
    })  # fmt: skip


def unisender_go(said: Any, *, url: str, at: float, key: str) -> Post:
    text = json.dumps({"events_by_user": [{"user_id": 1, "events": said}], "auth": "AUTH"})
    digest = hashlib.md5(text.replace("AUTH", key).encode()).hexdigest()  # noqa: S324 (theirs)
    return Post(text.replace("AUTH", digest).encode())


def unsigned(said: Any, *, url: str, at: float, key: str) -> Post:
    return Post(json.dumps(said).encode())


Reporter = Callable[..., Post]
SIGNED: Mapping[str, Reporter] = {
    each.__name__: each
    for each in (
        mailersend, mailgun, mailtrap, mandrill, postal, resend, sendgrid, unisender_go,
    )
}  # fmt: skip


def secret_of(provider: str, key: str = KEY) -> str:
    """What a person copies into the settings."""
    if provider == "resend":
        return "whsec_" + base64.b64encode(key.encode()).decode()
    return {"sendgrid": _public(_EC), "postal": _public(_RSA)}.get(provider, key)


# A bounce of an address that does not exist, in each provider's words.
def bounce(provider: str, *, name: str, own: str, to: str, at: int) -> Any:
    reply = f"550 5.1.1 <{to}>: Recipient address rejected: User unknown"
    return {
        "mailersend": {
            "type": "activity.hard_bounced", "created_at": "2026-05-04T09:00:00.000000Z",
            "data": {
                "id": f"evt-{name}", "type": "hard_bounced",
                "email": {"message": {"id": name}, "recipient": {"email": to}},
                "morph": {"object": "recipient_bounce", "reason": reply},
            },
        },
        "mailgun": {
            "event": "failed", "severity": "permanent", "id": f"evt-{name}", "timestamp": at,
            "recipient": to, "reason": "bounce", "message": {"headers": {"message-id": name}},
            "user-variables": {"message": own},
            "delivery-status": {"code": 550, "message": reply},
        },
        "mailtrap": [{
            "event": "bounce", "message_id": name, "sending_stream": "bulk", "email": to,
            "timestamp": at, "event_id": f"evt-{name}", "response": reply, "response_code": 550,
            "custom_variables": {"message": own},
        }],
        "mandrill": [{
            "event": "hard_bounce", "_id": name, "ts": at,
            "msg": {
                "_id": name, "ts": at, "email": to, "diag": reply, "metadata": {"message": own},
                "bounce_description": "bad_mailbox",
            },
        }],
        "postal": {
            "event": "MessageDeliveryFailed", "timestamp": at, "uuid": f"evt-{name}",
            "payload": {
                "status": "HardFail", "details": reply, "output": reply,
                "message": {"id": name, "message_id": f"{own}@harbourline.example", "to": to},
            },
        },
        "resend": {
            "type": "email.bounced", "created_at": "2026-05-04T09:00:00.000Z",
            "data": {
                "email_id": name, "to": [to], "created_at": "2026-05-04T09:00:00.000Z",
                "bounce": {"type": "Permanent", "subType": "General", "message": reply},
                "headers": [{"name": "X-Metadata", "value": json.dumps({"message": own})}],
            },
        },
        "sendgrid": [{
            "event": "bounce", "type": "bounce", "sg_event_id": f"evt-{name}", "email": to,
            "timestamp": at, "reason": reply, "status": "5.1.1", "sg_message_id": f"{name}.filter",
            "message": own,
        }],
        "unisender_go": [{
            "event_name": "transactional_email_status",
            "event_data": {
                "job_id": name, "email": to, "status": "hard_bounced",
                "event_time": "2026-05-04 09:00:00", "metadata": {"message": own},
                "delivery_info": {
                    "delivery_status": "err_user_unknown", "destination_response": reply,
                },
            },
        }],
    }[provider]  # fmt: skip
