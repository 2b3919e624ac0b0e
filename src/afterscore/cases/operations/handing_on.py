"""No case is lost: what nobody has, or somebody who is not there, finds its next owner."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from afterscore.cases import queries
from afterscore.cases.models import Case
from afterscore.cases.operations import alerting, assigning, history, opening, timing
from afterscore.domain.alerts import Kind
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM
from afterscore.improvements.models import Theme
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, Workspace

AT_ONCE = 500
UNOWNED = "cases"  # the key of the one alert that tells of all of them
LOOKS_BACK = timedelta(days=30)
GRACE = timedelta(minutes=10)  # in which an answer opens its case by itself


def hand_on(*, now: datetime) -> None:
    """In every workspace with work: from who has left, from who is away, from nobody."""
    for workspace in queries.list_working(kinds=[Kind.UNOWNED]):
        place_lost(workspace=workspace, now=now)
        hand_to_stand_ins(workspace=workspace, now=now)
        tell_unowned(workspace=workspace, now=now)


def list_lost(*, workspace: Workspace) -> QuerySet[Case]:
    """Open cases of nobody, or of somebody who cannot answer customers any more."""
    able = Q(owner__is_active=True, owner__role__in=queries.ANSWERING_ROLES)
    return Case.objects.filter(workspace=workspace, next_due_at__isnull=False).exclude(able)


def place_lost(*, workspace: Workspace, now: datetime) -> int:
    """Gives them away as if their answers had just come; how many found an owner."""
    found = 0
    lost = list_lost(workspace=workspace).order_by("next_due_at", "id")
    for case in lost.values_list("public_id", flat=True)[:AT_ONCE]:
        found += _place(queries.get_case(workspace=workspace, public_id=case), now=now)
    return found


def _place(case: Case, *, now: datetime) -> bool:
    themes = list(Theme.objects.filter(workspace=case.workspace, public_id__in=case.themes))
    placed = assigning.place(case.response, themes=themes, now=now)
    if placed.owner is None:
        return False
    left = f"{case.owner} does not answer customers any more. " if case.owner else ""
    return _give(
        case,
        placed.owner,
        department=placed.decision.department,
        why=left + placed.decision.why,
        now=now,
    )


@transaction.atomic
def _give(
    case: Case, owner: Member, *, department: Department | None, why: str, now: datetime
) -> bool:
    """Whoever gave it to somebody else in between, or closed it, knew better."""
    locked = history.lock(case)
    if locked.owner_id != case.owner_id or locked.next_due_at is None:
        return False
    assigning.assign(case=case, owner=owner, department=department, why=why, actor=SYSTEM, now=now)
    return True


def hand_to_stand_ins(*, workspace: Workspace, now: datetime) -> int:
    """What somebody has to act on before its owner is back; how many cases were handed over."""
    day = timing.working_day(workspace, now)
    shift = queries.shift_on(workspace=workspace, day=day)
    handed = 0
    for absence in queries.absences_with_stand_in(workspace=workspace, day=day):
        person = shift.team.get(absence.member.public_id)
        stand_in = shift.team.in_place_of(person) if person else None
        if person is None or person.away is None or stand_in is None:
            continue
        for case in queries.list_due_meanwhile(absence=absence)[:AT_ONCE]:
            handed += _give(
                case,
                shift.members[stand_in.id],
                department=Department(case.department) if case.department else None,
                why=f"{person.name} is {person.away.words}; {stand_in.name} stands in.",
                now=now,
            )
    return handed


def tell_unowned(*, workspace: Workspace, now: datetime) -> None:
    """One alert while there are any."""
    unowned = queries.count_unowned(workspace=workspace)
    if not unowned:
        alerting.settle_alerts(workspace=workspace, kind=Kind.UNOWNED, key=UNOWNED, now=now)
        return
    belong = "case belongs" if unowned == 1 else "cases belong"
    inbox = reverse("cases:inbox", args=[workspace.slug])
    alerting.raise_alert(
        workspace=workspace,
        kind=Kind.UNOWNED,
        key=UNOWNED,
        text=f"{unowned} open {belong} to nobody. Add a member who answers customers, or assign "
        f"{'it' if unowned == 1 else 'them'}.",
        url=f"{inbox}?show=unassigned",
        now=now,
    )


def open_missing(*, now: datetime) -> int:
    """Counted answers whose case was never opened, because a job failed for good."""
    missing = (
        Response.objects.filter(
            validity=Response.Validity.COUNTED,
            received_at__gte=now - LOOKS_BACK,
            changed_at__lt=now - GRACE,
        )
        .exclude(Exists(Case.objects.filter(response=OuterRef("pk"))))
        .select_related("workspace", "contact__account", "account__owner__user", "wave__program")
        .order_by("received_at")
    )
    answers = list(missing[:AT_ONCE])
    for answer in answers:
        opening.open_case(response=answer, now=now)
    return len(answers)
