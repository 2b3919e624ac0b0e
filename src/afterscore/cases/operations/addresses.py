"""Where answers to a case's mails go, and how mail programs know that they belong together."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Coalesce

from afterscore.cases.models import Case, Entry
from afterscore.kit import mailboxes
from afterscore.outreach import operations as outreach
from afterscore.workspaces.models import Member

MAILBOX, PREFIX = "case", "case"  # case+<token>@; what the token names
MOST_REFERENCES = 20


def reply_to(case: Case, sender: Member) -> str:
    """The case's own address; where no mail comes in here, the sender's."""
    own = outreach.reply_address(
        workspace=case.workspace,
        kind=MAILBOX,
        public_id=case.public_id,
        sender_email=sender.user.email,
    )
    return own or sender.user.email


def writes_back_here(*, case: Case, member: Member) -> bool:
    """Whether what a customer answers to this member's mail comes into the case by itself."""
    email = member.user.email
    return bool(outreach.reply_domain(workspace=case.workspace, sender_email=email))


def case_named_by(token: str) -> str | None:
    """The public id in the address that somebody wrote to; None for a forged one."""
    return mailboxes.read(MAILBOX, token, prefix=PREFIX)


def threading(case: Case) -> dict[str, Any]:
    """The mails of this case so far, the oldest first: fields of the next one."""
    mails = (
        Entry.objects.filter(workspace_id=case.workspace_id, case=case)
        .exclude(mail_id="", message=None)
        .exclude(kind=Entry.Kind.AUTOMATIC)
        .exclude(kind=Entry.Kind.CHANGE, message__handed_at=None)  # planned, and perhaps never sent
        .annotate(name=Coalesce("message__message_id", "mail_id"))
        .order_by("happened_at", "id")
    )
    names = [name for name in mails.values_list("name", flat=True) if name]
    return {"references": [*names[:1], *names[1:][-MOST_REFERENCES:]]} if names else {}
