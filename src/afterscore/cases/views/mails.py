"""What came as a mail, in the history of a case: who wrote it, its files, and what it repeats.

A file is only ever handed out as a download, as bytes without a type: whatever is in it, no browser
shows it or runs it as a page of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from afterscore.cases import operations, queries
from afterscore.cases.models import Case, Entry
from afterscore.outreach import inlet
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KINDS = frozenset({Entry.Kind.CUSTOMER, Entry.Kind.AUTOMATIC, Entry.Kind.REPLY, Entry.Kind.NOTE})


@dataclass(frozen=True, slots=True)
class File:
    name: str
    size: int
    caution: str
    url: str


@dataclass(frozen=True, slots=True)
class Mail:
    """`stranger` is the address of a writer who is neither the customer nor one of ours."""

    subject: str
    stranger: str
    quoted: str
    files: Sequence[File]
    is_empty: bool
    is_cut: bool
    url: str  # of the mail as it came; "" once it is no longer kept


def mails_of(entries: Sequence[Entry], case: Case) -> dict[int, Mail]:
    """Of those entries that came as mails, by entry."""
    mails = [entry for entry in entries if entry.sender or entry.mail_id or entry.inbound_id]
    return {entry.pk: _mail_of(entry, case) for entry in mails}


def _mail_of(entry: Entry, case: Case) -> Mail:
    files: list[dict[str, Any]] = entry.files  # type: ignore[attr-defined]
    is_known = entry.author_id is not None or entry.sender == (case.contact.email or "").lower()
    return Mail(
        subject=entry.subject,
        stranger="" if is_known else entry.sender or "an unknown address",
        quoted=entry.quoted,
        files=[_file(file, case) for file in files],
        is_empty=not entry.text and not files,
        is_cut=max(len(entry.text), len(entry.quoted)) >= inlet.LONGEST_TEXT,
        url=_source(entry, case.workspace),
    )


def _file(file: dict[str, Any], case: Case) -> File:
    names = [case.workspace.slug, case.public_id, file["public_id"]]
    return File(file["name"], file["size"], file["caution"], reverse("cases:file", args=names))


def _source(entry: Entry, workspace: Workspace) -> str:
    if entry.inbound is None:
        return ""
    return reverse("outreach:came_back_once", args=[workspace.slug, entry.inbound.public_id])


def where_answers_go(request: HttpRequest, case: Case, _now: datetime) -> dict[str, Any]:
    """Whether what a customer answers comes into the case, or to the member's own mailbox."""
    member = access.member_of(request)
    return {"writes_back_here": operations.writes_back_here(case=case, member=member)}


@require_safe
def download(
    request: HttpRequest, workspace: Workspace, public_id: str, attachment: str
) -> HttpResponse:
    file = queries.get_attachment(workspace=workspace, case=public_id, public_id=attachment)
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    return HttpResponse(
        bytes(file.content),
        content_type="application/octet-stream",
        headers={**HEADERS, "Content-Disposition": disposition or "attachment"},
    )
