from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Unpack

from django.db.models import Q, QuerySet

from afterscore.customers.models import Account, Contact
from afterscore.domain.scanners import Validity
from afterscore.kit.errors import NotFound
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response, Visit
from afterscore.responses.queries.selecting import (
    Selection,
    counted,
    select,
    set_aside,
    with_people,
)
from afterscore.workspaces.models import Workspace


def list_responses(
    *,
    workspace: Workspace,
    scores: Iterable[int] | None = None,
    search: str = "",
    **selection: Unpack[Selection],
) -> QuerySet[Response]:
    """Newest first, with contact, account and program.

    `search` looks for every word in comment, name, address and company.
    """
    found = select(counted(workspace), selection)
    if scores is not None:
        found = found.filter(score__in=list(scores))
    for word in search.split()[:5]:
        found = found.filter(
            Q(comment__icontains=word)
            | Q(contact__name__icontains=word)
            | Q(contact__email__icontains=word)
            | Q(account__name__icontains=word)
        )
    return with_people(found)


def list_responses_of(
    *, workspace: Workspace, contact: Contact | None = None, account: Account | None = None
) -> QuerySet[Response]:
    """What this person or this company has answered, newest first."""
    if contact is None and account is None:
        raise TypeError("say whose answers: of a contact or of an account")
    found = counted(workspace)
    if contact is not None:
        found = found.filter(contact=contact)
    if account is not None:
        found = found.filter(account=account)
    return with_people(found)


def list_set_aside(
    *,
    workspace: Workspace,
    validity: Validity = Validity.QUARANTINED,
    **selection: Unpack[Selection],
) -> QuerySet[Response]:
    """What does not count, for this reason, newest first."""
    return with_people(select(set_aside(workspace), selection).filter(validity=validity))


def answer_ids(*, waves: Sequence[Wave]) -> QuerySet[Response, str]:
    """The public ids of everything these waves were answered, whether or not it counts."""
    return Response.objects.filter(wave__in=waves).order_by().values_list("public_id", flat=True)


def get_response(*, workspace: Workspace, public_id: str) -> Response:
    """Whatever it is worth: see its validity."""
    try:
        return with_people(Response.objects.filter(workspace=workspace)).get(public_id=public_id)
    except Response.DoesNotExist as error:
        raise NotFound("There is no such answer.") from error


def find_response_to(*, enrolment: Enrolment) -> Response | None:
    return Response.objects.filter(workspace=enrolment.workspace_id, enrolment=enrolment).first()


def latest_scores(*, workspace: Workspace, contacts: Sequence[Contact]) -> dict[int, int]:
    """The latest score of each contact who ever gave one, by the contact's key."""
    latest = (
        counted(workspace)
        .filter(contact__in=contacts)
        .order_by("contact_id", "-received_at", "-id")
        .distinct("contact_id")
    )
    return dict(latest.values_list("contact_id", "score"))


def list_to_settle(*, now: datetime) -> QuerySet[Response]:
    """Of every workspace: the answers that waited for what would follow, the longest first."""
    return (
        Response.objects.filter(settles_at__lte=now)
        .select_related("workspace", "enrolment__contact", "enrolment__wave", "contact")
        .order_by("settles_at", "id")
    )


def list_visits(*, enrolment: Enrolment, since: datetime, until: datetime) -> QuerySet[Visit]:
    """Fetches of this person's survey page in that time, in order of time."""
    return Visit.objects.filter(enrolment=enrolment, at__range=(since, until)).order_by("at", "id")
