"""Addresses of ours that are read by the product, by what stands before the plus sign: dotted
paths, so that this file imports nothing. Each is a `Mailbox` (`outreach.registry`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MAILBOXES: Mapping[str, str] = {
    "case": "afterscore.cases.operations.letters.CaseMail",
    "bounce": "afterscore.outreach.operations.returns.Bounces",
    "unsubscribe": "afterscore.outreach.operations.returns.Requests",
}

READERS: Sequence[str] = ("afterscore.cases.operations.letters.take_answer",)
"""Who is offered what people write to the addresses for bounces, in this order."""
