"""What is looked up when mail comes in, and the files that came with it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from afterscore.cases.models import Attachment, Case, Entry
from afterscore.cases.queries.background import ANSWERING_ROLES
from afterscore.kit.errors import NotFound
from afterscore.outreach.models import Message
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace


def find_case_written_to(*, public_id: str) -> Case | None:
    """By the public id alone, for the door whose token names the case; None where the customer's
    data was erased: nothing more is kept of them."""
    cases = Case.objects.select_related("workspace", "contact")
    return cases.filter(public_id=public_id, contact__erased_at=None).first()


def find_case_of_message(*, message: Message) -> Case | None:
    """The case that a mail belongs to, by itself or by the answer it follows."""
    cases = Case.objects.select_related("workspace", "contact").filter(
        workspace=message.workspace, contact=message.contact, contact__erased_at=None
    )
    mine = Q(public_id=message.stream) | Q(response__public_id=message.stream)
    return cases.filter(mine).first()


def find_latest_message(*, case: Case, among: Collection[str] = ()) -> Message | None:
    """The mail of ours that is answered: one that the answer names, else the latest that left."""
    own = Message.objects.select_related("workspace", "contact").filter(
        workspace=case.workspace,
        stream__in=(case.public_id, case.response.public_id),
        contact=case.contact,
        handed_at__isnull=False,
    )
    named = own.filter(message_id__in=list(among)).order_by("-handed_at", "-id").first()
    return named or own.order_by("-handed_at", "-id").first()


def has_mail(*, case: Case, mail_id: str) -> bool:
    mails = Entry.objects.filter(workspace=case.workspace, case=case, mail_id=mail_id)
    return bool(mail_id) and mails.exists()


def find_last_subject(*, case: Case) -> str:
    """Of the mails between a customer and us, whoever wrote it; "" for none."""
    return last_subjects(case).first() or ""


def last_subjects(case: Case) -> QuerySet[Entry, str]:
    """Of all mails that have one, the newest first."""
    mails = Entry.objects.filter(
        workspace=case.workspace, case=case, kind__in=(Entry.Kind.CUSTOMER, Entry.Kind.REPLY)
    )
    subject = Coalesce(NullIf("subject", Value("")), "message__subject", Value(""))
    named = mails.annotate(named=subject).exclude(named="").order_by("-happened_at", "-id")
    return named.values_list("named", flat=True)


def find_member_writing(*, case: Case, email: str) -> Member | None:
    """An active member who answers customers from this address."""
    members = workspaces.list_members(workspace=case.workspace)
    theirs = members.filter(is_active=True, role__in=ANSWERING_ROLES, user__email__iexact=email)
    return theirs.first() if email else None


def get_attachment(*, workspace: Workspace, case: str, public_id: str) -> Attachment:
    """Raises NotFound, also for a file of another case."""
    try:
        return _files(workspace).get(entry__case__public_id=case, public_id=public_id)
    except Attachment.DoesNotExist as error:
        raise NotFound("There is no such file.") from error


def _files(workspace: Workspace) -> QuerySet[Attachment]:
    return Attachment.objects.filter(workspace=workspace)
