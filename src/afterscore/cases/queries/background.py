"""What stands around a case: its history, and the customer behind the answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from afterscore.cases.models import Attachment, Case, Entry
from afterscore.domain.roles import ASCENDING, Role, at_least
from afterscore.outreach import queries as outbox
from afterscore.outreach.models import Kind, Message
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace

FEW = 8
ANSWERING_ROLES = tuple(role for role in ASCENDING if at_least(role, Role.AGENT))


@dataclass(frozen=True, slots=True)
class Background:
    """The customer around one answer, the newest first; `suppressed` says why no mail can go."""

    earlier: list[Response]
    colleagues: list[Response]
    messages: list[Message]
    others: list[Case]
    suppressed: str


def background_of(*, case: Case, suppressed_as: str) -> Background:
    """Three queries, whatever the customer's history. `suppressed_as` is the reason why her address
    gets no mail, "" for none."""
    earlier, colleagues = _other_answers(case)
    return Background(
        earlier=earlier,
        colleagues=colleagues,
        messages=list(
            outbox.list_messages(workspace=case.workspace)
            .filter(contact=case.contact)
            .order_by(Coalesce("sent_at", "due_at").desc(), "-id")[:FEW]
        ),
        others=list(_other_cases(case)[:FEW]),
        suppressed=suppressed_as if case.contact.email else "no e-mail address",
    )


def _other_answers(case: Case) -> tuple[list[Response], list[Response]]:
    """Of the contact itself, and the latest of each colleague at the same account."""
    theirs = Q(contact=case.contact)
    if case.account_id is not None:
        theirs |= Q(account=case.account_id)
    answers = (
        responses.list_responses(workspace=case.workspace)
        .filter(theirs)
        .exclude(pk=case.response_id)[: 5 * FEW]
    )
    own: list[Response] = []
    latest: dict[int, Response] = {}
    for answer in answers:
        if answer.contact_id == case.contact_id:
            own.append(answer)
        else:
            latest.setdefault(answer.contact_id, answer)
    return own[:FEW], list(latest.values())[:FEW]


def _other_cases(case: Case) -> QuerySet[Case]:
    theirs = Q(contact=case.contact)
    if case.account_id is not None:
        theirs |= Q(account=case.account_id)
    return (
        Case.objects.filter(theirs, workspace=case.workspace, next_due_at__isnull=False)
        .exclude(pk=case.pk)
        .select_related("contact", "owner__user")
        .order_by("next_due_at", "id")
    )


def list_entries(*, case: Case) -> QuerySet[Entry]:
    """The history, newest first, with authors, mails, and what is to be known of `files`."""
    files = Attachment.objects.filter(entry=OuterRef("pk")).order_by("id")
    told = JSONObject(public_id="public_id", name="name", size="size", caution="caution")
    return (
        Entry.objects.filter(workspace=case.workspace, case=case)
        .annotate(files=ArraySubquery(files.values(told=told)))
        .select_related("author__user", "message", "inbound")
        .defer("inbound__body")
        .order_by("-happened_at", "-id")
    )


def count_follow_ups(*, case: Case) -> int:
    """Automated mails planned after this answer, whatever became of them."""
    return follow_ups_of(case).count()


def follow_ups_of(case: Case) -> QuerySet[Message]:
    return Message.objects.filter(
        workspace=case.workspace, stream=case.response.public_id, kind=Kind.FOLLOW_UP
    )


def list_assignable(*, workspace: Workspace) -> QuerySet[Member]:
    """Members who can own a case: active, and more than viewers."""
    members = workspaces.list_members(workspace=workspace)
    return members.filter(is_active=True, role__in=ANSWERING_ROLES)


def list_active(*, workspace: Workspace) -> QuerySet[Member]:
    """Everybody who is here, viewers too: whom one may name in a note, or ask to do something."""
    return workspaces.list_members(workspace=workspace).filter(is_active=True)
