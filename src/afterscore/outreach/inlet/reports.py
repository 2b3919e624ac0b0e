"""Delivery reports as RFC 3464 wants them, wherever in a mail they stand."""

from __future__ import annotations

import re

from afterscore.domain import refusals
from afterscore.domain.refusals import Fault
from afterscore.outreach.inlet.findings import Bounce, Delivered, Finding, Other
from afterscore.outreach.inlet.sections import sections

_FIELD = re.compile(r"^([A-Za-z][A-Za-z-]*):[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_RECIPIENTS = ("final-recipient", "original-recipient", "x-actual-recipient")
_ADDRESS = re.compile(r"[^\s<>;\"',()@]{1,64}@[^\s<>;\"',()]{1,255}")
_TYPE = re.compile(r"[\w-]+ *; *")
_ARRIVED = ("delivered", "relayed", "expanded")


def stands_in(text: str) -> bool:
    return re.search(r"(?im)^(final|original)-recipient:", text) is not None


def read(report: str, *, notice: str) -> list[Finding]:
    """A finding for each recipient. What the report leaves unsaid is looked for in the notice."""
    found: list[Finding] = []
    blocks = _blocks(report)
    said = sections(notice) if len(blocks) > 1 else {}
    for fields in blocks:
        address = _address(fields)
        found.append(_judge(fields, said.get(address, "") if len(blocks) > 1 else notice))
    return found


def _blocks(report: str) -> list[dict[str, str]]:
    blocks = []
    for text in re.split(r"\n[ \t]*\n", report.replace("\r\n", "\n")):
        fields = {name.lower(): value.strip() for name, value in reversed(_FIELD.findall(text))}
        if any(name in fields for name in _RECIPIENTS):
            blocks.append(fields)
    return blocks


def _judge(fields: dict[str, str], notice: str) -> Finding:
    address = _address(fields)
    action = fields.get("action", "failed").split()[0:1]
    if action and action[0].lower() in _ARRIVED:
        is_there = action[0].lower() == "delivered"
        return Delivered(address) if is_there else Other("It was passed on.")
    diagnostic = _said(fields.get("diagnostic-code", ""))
    status = refusals.status_in(diagnostic) if not _enhanced(fields) else _enhanced(fields)
    fault = refusals.judge(diagnostic, status=status, transcript=notice)
    if fault is Fault.UNKNOWN or not refusals.has_words(diagnostic):
        by_notice = refusals.judge(notice, status=status, transcript=notice)
        fault = by_notice if by_notice is not Fault.UNKNOWN else fault
        diagnostic = diagnostic or " ".join(notice.split())
    if fault is Fault.ADDRESS and _is_hearsay(fields, status):
        fault = Fault.UNKNOWN
    is_final = not action or action[0].lower() != "delayed"
    return Bounce(address, fault, status, diagnostic[:1000], is_final)


def _is_hearsay(fields: dict[str, str], status: str) -> bool:
    """Words that no mail server vouches for: neither a code nor, against RFC 3464, a type."""
    said = fields.get("diagnostic-code", "")
    is_bare = said != "" and _TYPE.match(said) is None and not refusals.status_in(said)
    return is_bare and status[1:] in ("", ".0.0")


def _address(fields: dict[str, str]) -> str:
    for name in _RECIPIENTS:
        found = _ADDRESS.search(fields.get(name, ""))
        if found is not None:
            return found[0].lower()
    return ""


def _enhanced(fields: dict[str, str]) -> str:
    found = refusals.ENHANCED.search(fields.get("status", ""))
    return "" if found is None else found[0]


def _said(diagnostic: str) -> str:
    """Without its type and its line breaks: `smtp; 550 5.1.1 …`"""
    found = _TYPE.match(diagnostic)
    return " ".join(diagnostic[found.end() if found else 0 :].split())
