"""Providers that send mail with JSON in it: Amazon's notifications."""

from __future__ import annotations

import json
from typing import Any

from afterscore.domain import refusals
from afterscore.outreach.inlet.findings import Bounce, Complaint, Delivered, Finding

_KINDS = ("notificationType", "eventType")


def parse(text: str) -> dict[str, Any] | None:
    """The notification in a text, or None where there is none."""
    content = _json_of(text)
    if content is not None and isinstance(content.get("Message"), str):
        content = _json_of(content["Message"])
    if content is None or not any(isinstance(content.get(kind), str) for kind in _KINDS):
        return None
    return content


def read(content: dict[str, Any]) -> list[Finding]:
    kind = str(content.get("notificationType") or content.get("eventType"))
    inner = content.get(kind.lower())
    if not isinstance(inner, dict):
        return []
    if kind == "Bounce":
        return [_bounce(each, inner) for each in _dicts(inner.get("bouncedRecipients"))]
    if kind == "Complaint":
        said = str(inner.get("complaintFeedbackType") or "abuse")
        people = _dicts(inner.get("complainedRecipients"))
        return [Complaint(_email(each), said) for each in people]
    if kind == "Delivery":
        given = inner.get("recipients")
        return [Delivered(str(each).lower()) for each in given] if isinstance(given, list) else []
    return []


def message_ids(content: dict[str, Any]) -> list[str]:
    mail = content.get("mail")
    headers = _dicts(mail.get("headers")) if isinstance(mail, dict) else []
    return [
        str(each.get("value"))
        for each in headers
        if str(each.get("name")).lower() in ("message-id", "x-afterscore-message")
    ]


def _bounce(person: dict[str, Any], inner: dict[str, Any]) -> Bounce:
    said = str(person.get("diagnosticCode") or "").removeprefix("smtp; ")
    status = str(person.get("status") or "") or refusals.status_in(said)
    fault = refusals.judge(said, status=status)
    is_final = inner.get("bounceType") == "Permanent"
    return Bounce(_email(person), fault, status, said[:1000], is_final)


def _email(person: dict[str, Any]) -> str:
    return str(person.get("emailAddress") or "").lower()


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _json_of(text: str) -> dict[str, Any] | None:
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        content = json.loads(text[start : end + 1], strict=False)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
