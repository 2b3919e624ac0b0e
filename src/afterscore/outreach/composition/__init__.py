"""A message row becomes a mail: subject, plain text, HTML and headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afterscore.outreach.composition import templates
from afterscore.outreach.models import Message

FIELDS = templates.FIELDS


@dataclass(frozen=True, slots=True)
class Composed:
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


def check_template(text: str, *, field: str) -> None:
    """Raises Refused(field=field), naming line and culprit, unless the text will always render."""
    templates.check(text, field=field)
