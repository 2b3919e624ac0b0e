"""What a customer is still unhappy with: as long as there is something, nobody asks for favours."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from afterscore.cases.models import Case
from afterscore.domain import calendars, casework, nps
from afterscore.domain.favours import Complaint
from afterscore.domain.improving import State
from afterscore.domain.nps import Group
from afterscore.improvements.models import Voice

_UNDONE = (State.PROPOSED, State.PLANNED, State.IN_PROGRESS)
_UNHAPPY = nps.scores_of(Group.DETRACTOR)


def list_complaints(*, case: Case) -> list[Complaint]:
    """Of the whole account, or of the contact alone where there is none; the oldest first."""
    return [*_open_cases(case), *_open_wishes(case)]


def _open_cases(case: Case) -> list[Complaint]:
    found = (
        _not_helped()
        .filter(_same_customer(case, ""), workspace=case.workspace)
        .select_related("contact")
        .order_by("opened_at", "id")
    )
    return [
        Complaint(
            "the complaint",
            of=str(one.contact),
            since=_day(case, one.opened_at),
            reference=one.public_id,
        )
        for one in found
    ]


def _not_helped() -> QuerySet[Case]:
    """Detractors' cases that are open, or the latest of their customer and given up."""
    is_open = Q(state__in=casework.OPEN_STATES)
    is_given_up = Q(outcome=casework.Outcome.NOT_CLOSED) & ~Exists(
        Case.objects.filter(
            workspace=OuterRef("workspace"),
            contact=OuterRef("contact"),
            opened_at__gt=OuterRef("opened_at"),
        )
    )
    return Case.objects.filter(is_open | is_given_up, score__in=_UNHAPPY)


def _open_wishes(case: Case) -> list[Complaint]:
    """What they complained of and is not mended yet: an improvement that waits, with their name."""
    voices = (
        _not_mended()
        .filter(_same_customer(case, "response__"), workspace=case.workspace)
        .select_related("improvement", "response__contact")
        .order_by("added_at", "id")
    )
    return [
        Complaint(
            f"“{voice.improvement.title}”",
            of=str(voice.response.contact),
            since=_day(case, voice.added_at),
        )
        for voice in voices
    ]


def _not_mended() -> QuerySet[Voice]:
    return Voice.objects.filter(improvement__state__in=_UNDONE, response__score__in=_UNHAPPY)


def complains() -> Q:
    """For rows that have a `case`: its customer has complaints, as `list_complaints` finds them."""
    here, account, contact = map(OuterRef, ("workspace", "case__account", "case__contact"))
    of_account = Exists(_not_helped().filter(workspace=here, account=account)) | Exists(
        _not_mended().filter(workspace=here, response__account=account)
    )
    of_contact = Exists(_not_helped().filter(workspace=here, contact=contact)) | Exists(
        _not_mended().filter(workspace=here, response__contact=contact)
    )
    return Q(of_account) | (Q(case__account=None) & Q(of_contact))


def _same_customer(case: Case, path: str) -> Q:
    if case.account_id is None:
        return Q(**{f"{path}contact": case.contact_id})
    return Q(**{f"{path}account": case.account_id})


def _day(case: Case, at: datetime) -> str:
    zone = ZoneInfo(calendars.zone_or(case.workspace.time_zone, "UTC"))
    return f"{at.astimezone(zone):%-d %B}"
