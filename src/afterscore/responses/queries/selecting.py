"""Which answers are meant. Only counted ones, unless a name says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce

from afterscore.domain import segments
from afterscore.domain.scanners import Validity
from afterscore.kit.errors import Refused
from afterscore.programs.models import Wave
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

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


def counted(workspace: Workspace) -> QuerySet[Response]:
    return Response.objects.filter(workspace=workspace, validity=Validity.COUNTED)


def set_aside(workspace: Workspace) -> QuerySet[Response]:
    """Everything that is in no figure."""
    return Response.objects.filter(workspace=workspace).exclude(validity=Validity.COUNTED)


def select(found: QuerySet[Response], selection: Selection) -> QuerySet[Response]:
    if since := selection.get("since"):
        found = found.filter(received_at__gte=since)
    if until := selection.get("until"):
        found = found.filter(received_at__lt=until)
    waves = selection.get("waves")
    if waves is not None:
        found = found.filter(wave__in=list(waves))
    for number, (attribute, value) in enumerate((selection.get("matching") or {}).items()):
        name = f"attribute_{number}"
        found = found.alias(**{name: frozen(attribute)}).filter(**{name: value})
    return found


def with_people(found: QuerySet[Response]) -> QuerySet[Response]:
    return found.select_related("contact", "account", "wave__program").order_by(
        "-received_at", "-id"
    )


def frozen(attribute: str) -> Combinable:
    """The attribute in the copy that was made at the answer; UNKNOWN where it had no value."""
    if segments.kind_of(attribute) is None:
        raise Refused(f"There is no attribute '{attribute}'.", field="attribute")
    *path, name = attribute.split(".")
    place: Any = F("frozen")
    for key in path:
        place = KeyTransform(key, place)
    return Coalesce(KeyTextTransform(name, place), Value(UNKNOWN, TextField()))
