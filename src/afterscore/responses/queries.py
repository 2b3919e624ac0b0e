"""Reading answers. Counts come as histograms: who is a promoter is not asked here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, TypedDict, Unpack

from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, TruncMonth

from afterscore.customers.models import Account, Contact
from afterscore.customers.registry import TimelineItem
from afterscore.domain import nps, segments
from afterscore.domain.nps import Histogram
from afterscore.kit.errors import NotFound, Refused
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

MOST_ON_TIMELINE = 200
UNKNOWN = ""
"""The value of an attribute that was empty or absent at the moment of the answer."""


class Selection(TypedDict, total=False):
    """Which answers; what is left out does not limit them.

    Received from `since` on and before `until`; in one of `waves`; with these attributes as they
    were at the answer ({"account.plan": "enterprise"}; UNKNOWN where there was none).
    """

    since: datetime | None
    until: datetime | None
    waves: Sequence[Wave] | None
    matching: Mapping[str, str] | None


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
    found = _select(workspace, selection)
    if scores is not None:
        found = found.filter(score__in=list(scores))
    for word in search.split()[:5]:
        found = found.filter(
            Q(comment__icontains=word)
            | Q(contact__name__icontains=word)
            | Q(contact__email__icontains=word)
            | Q(account__name__icontains=word)
        )
    return _with_people(found)


def list_responses_of(
    *, workspace: Workspace, contact: Contact | None = None, account: Account | None = None
) -> QuerySet[Response]:
    """What this person or this company has answered, newest first."""
    if contact is None and account is None:
        raise TypeError("say whose answers: of a contact or of an account")
    found = Response.objects.filter(workspace=workspace)
    if contact is not None:
        found = found.filter(contact=contact)
    if account is not None:
        found = found.filter(account=account)
    return _with_people(found)


def get_response(*, workspace: Workspace, public_id: str) -> Response:
    try:
        return list_responses(workspace=workspace).get(public_id=public_id)
    except Response.DoesNotExist as error:
        raise NotFound("There is no such answer.") from error


def find_response_to(*, enrolment: Enrolment) -> Response | None:
    return Response.objects.filter(workspace=enrolment.workspace_id, enrolment=enrolment).first()


def latest_scores(*, workspace: Workspace, contacts: Sequence[Contact]) -> dict[int, int]:
    """The latest score of each contact who ever gave one, by the contact's key."""
    latest = (
        Response.objects.filter(workspace=workspace, contact__in=contacts)
        .order_by("contact_id", "-received_at", "-id")
        .distinct("contact_id")
    )
    return dict(latest.values_list("contact_id", "score"))


def list_answers(*, workspace: Workspace, contacts: Sequence[Contact]) -> Iterator[TimelineItem]:
    """What these people answered, for their time line; newest first."""
    found = Response.objects.filter(workspace=workspace, contact__in=contacts)
    for answer in _with_people(found)[:MOST_ON_TIMELINE]:
        yield TimelineItem(
            at=answer.received_at,
            title=f"Answered {answer.score}",
            text=answer.comment,
            icon="message",
            tone=str(nps.group_of(answer.score)),
            score=answer.score,
            contact=answer.contact,
        )


def histogram(*, workspace: Workspace, **selection: Unpack[Selection]) -> Histogram:
    counted = _count(_select(workspace, selection), F("workspace_id"))
    return counted.get(workspace.pk, nps.empty_histogram())


def histogram_of_enrolments(*, enrolments: QuerySet[Enrolment]) -> Histogram:
    """The scores that these people gave in their waves."""
    counted = _count(Response.objects.filter(enrolment__in=enrolments), Value(0))
    return counted.get(0, nps.empty_histogram())


def histograms_by(
    *, workspace: Workspace, attribute: str, **selection: Unpack[Selection]
) -> dict[str, Histogram]:
    """By the attribute's value as it was at the answer, the most frequent first.

    "account.plan", "contact.language", "contact.attribute.region": the names that filters know.
    Answers without a value stand under UNKNOWN. Raises Refused for a name that does not exist.
    """
    counted = _count(_select(workspace, selection), _frozen(attribute))
    return dict(sorted(counted.items(), key=lambda item: (-sum(item[1]), item[0])))


def histograms_by_month(
    *, workspace: Workspace, zone: tzinfo, **selection: Unpack[Selection]
) -> dict[date, Histogram]:
    """By the first day of the month in which they came in, as the calendar of `zone` has it,
    oldest first. A month without answers is absent."""
    months = _count(_select(workspace, selection), TruncMonth("received_at", tzinfo=zone))
    return {month.date(): counts for month, counts in sorted(months.items())}


def histograms_by_wave(
    *, workspace: Workspace, **selection: Unpack[Selection]
) -> dict[str, Histogram]:
    """By the wave's public id. A wave without answers is absent."""
    counted = _count(_select(workspace, selection), F("wave_id"))
    names = Wave.objects.filter(workspace=workspace, pk__in=list(counted))
    return {public_id: counted[pk] for pk, public_id in names.values_list("pk", "public_id")}


def _select(workspace: Workspace, selection: Selection) -> QuerySet[Response]:
    found = Response.objects.filter(workspace=workspace)
    if since := selection.get("since"):
        found = found.filter(received_at__gte=since)
    if until := selection.get("until"):
        found = found.filter(received_at__lt=until)
    waves = selection.get("waves")
    if waves is not None:
        found = found.filter(wave__in=list(waves))
    for number, (attribute, value) in enumerate((selection.get("matching") or {}).items()):
        name = f"attribute_{number}"
        found = found.alias(**{name: _frozen(attribute)}).filter(**{name: value})
    return found


def _with_people(found: QuerySet[Response]) -> QuerySet[Response]:
    return found.select_related("contact", "account", "wave__program").order_by(
        "-received_at", "-id"
    )


def _frozen(attribute: str) -> Combinable:
    """The attribute in the copy that was made at the answer; UNKNOWN where it had no value."""
    if segments.kind_of(attribute) is None:
        raise Refused(f"There is no attribute '{attribute}'.", field="attribute")
    *path, name = attribute.split(".")
    place: Any = F("frozen")
    for key in path:
        place = KeyTransform(key, place)
    return Coalesce(KeyTextTransform(name, place), Value(UNKNOWN, TextField()))


def _count(answers: QuerySet[Response], key: Combinable) -> dict[Any, Histogram]:
    """One GROUP BY of key and score; where both are in an index, the rows are not read."""
    rows = (
        answers.order_by()
        .annotate(key=key)
        .values_list("key", "score")
        .annotate(answers=Count("*"))
    )
    histograms: dict[Any, list[int]] = {}
    for value, score, number in rows:
        histograms.setdefault(value, list(nps.empty_histogram()))[score] = number
    return {value: tuple(counts) for value, counts in histograms.items()}
