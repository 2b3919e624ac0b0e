"""Programs, waves and enrolments by name, by id and in lists."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, QuerySet

from afterscore.customers.models import Contact
from afterscore.kit.errors import NotFound
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.workspaces.models import Workspace

OPEN_STATES = (Wave.State.RUNNING, Wave.State.PAUSED)


def list_programs(*, workspace: Workspace) -> QuerySet[Program]:
    programs = Program.objects.select_related("workspace", "survey")
    return programs.filter(workspace=workspace, is_archived=False).order_by("name", "id")


def find_program(*, workspace: Workspace, slug: str) -> Program | None:
    programs = Program.objects.select_related("workspace", "survey")
    return programs.filter(workspace=workspace, slug=slug).first()


def get_program(*, workspace: Workspace, slug: str) -> Program:
    program = find_program(workspace=workspace, slug=slug)
    if program is None:
        raise NotFound(f"There is no program '{slug}'.")
    return program


def list_waves(*, workspace: Workspace, program: Program | None = None) -> QuerySet[Wave]:
    """Newest first; of one program, or of all."""
    waves = Wave.objects.select_related("program").filter(workspace=workspace)
    if program is not None:
        waves = waves.filter(program=program)
    return waves.order_by("-launched_at", "-id")


def get_wave(*, workspace: Workspace, public_id: str) -> Wave:
    try:
        return Wave.objects.select_related("workspace", "program", "survey_version").get(
            workspace=workspace, public_id=public_id
        )
    except Wave.DoesNotExist as error:
        raise NotFound("There is no such wave.") from error


def list_closed_waves(*, program: Program) -> list[Wave]:
    """Newest first. None for a program that is not saved yet: its public id is known nowhere."""
    closed = Wave.objects.filter(
        workspace=program.workspace,
        program__public_id=program.public_id,
        state=Wave.State.CLOSED,
    )
    return list(closed.select_related("workspace").order_by("-number"))


def next_number(*, program: Program) -> int:
    """Of the wave that a launch would make. By the public id: a draft has no key of its own."""
    return Wave.objects.filter(program__public_id=program.public_id).count() + 1


def find_open_wave(*, program: Program) -> Wave | None:
    """The wave that still runs or is paused: the newest, if an older one still takes answers."""
    waves = Wave.objects.filter(program=program, state__in=OPEN_STATES)
    return waves.order_by("-number").first()


def find_open_enrolment(*, program: Program, contact: Contact, now: datetime) -> Enrolment | None:
    """Where one of the program's waves that still take answers asks this person: the newest."""
    rows = Enrolment.objects.select_related("workspace", "wave", "contact").filter(
        contact=contact,
        wave__program=program,
        wave__state__in=OPEN_STATES,
        wave__closes_at__gt=now,
    )
    return rows.exclude(state=Enrolment.State.EXCLUDED).order_by("-wave__number").first()


def list_waves_to_close(*, now: datetime) -> QuerySet[Wave]:
    """Of all workspaces: open waves whose time is over, the oldest first."""
    return Wave.objects.filter(state__in=OPEN_STATES, closes_at__lte=now).order_by("closes_at")


def find_enrolment(*, public_id: str) -> Enrolment | None:
    """With everything the survey page shows, loaded in one query.

    The only reading without a workspace: the signed token of the link stands for it.
    """
    return (
        Enrolment.objects.select_related(
            "workspace",
            "wave__program",
            "wave__survey_version",
            "contact__account",
            "account",
            "owner__user",
        )
        .filter(public_id=public_id)
        .first()
    )


def list_enrolments_of(*, workspace: Workspace, contact: Contact) -> QuerySet[Enrolment]:
    """Every wave this contact was judged for, newest first."""
    return (
        Enrolment.objects.select_related("workspace", "wave__program")
        .filter(workspace=workspace, contact=contact)
        .order_by("-created_at", "-id")
    )


def exclusion_counts(*, wave: Wave) -> dict[str, int]:
    """How many were not asked, by reason (domain.fatigue.Reason), the most frequent first."""
    rows = (
        Enrolment.objects.filter(wave=wave, state=Enrolment.State.EXCLUDED)
        .values_list("reason")
        .annotate(people=Count("id"))
        .order_by("-people", "reason")
    )
    return dict(rows)
