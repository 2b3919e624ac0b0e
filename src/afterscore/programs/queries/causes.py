"""Whom a standing program is to ask now, and what for each of them is the cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet

from afterscore.customers.models import Contact, Signal
from afterscore.domain import calendars, triggers
from afterscore.domain.events import LaunchRefused
from afterscore.domain.triggers import AfterSignal, BeforeRenewal, EveryCadence, Rolling, Trigger
from afterscore.journal import queries as journal
from afterscore.journal.models import Fact
from afterscore.kit import signing
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.queries import overview

CHUNK = 5_000
ROLLING = "rolling"
_LOT_DIGITS = 12


def trigger_of(program: Program) -> Trigger:
    return triggers.parse(program.trigger)


def is_standing(program: Program) -> bool:
    """Whether it asks one person at a time, for as long as it stands."""
    return isinstance(trigger_of(program), triggers.Standing)


def list_due(*, program: Program, now: datetime) -> Iterator[dict[int, str]]:
    """The cause for each contact who is due and was not asked for it, in chunks.

    Whoever was left out before is among them: the reason may have passed.
    """
    match trigger_of(program):
        case AfterSignal() as trigger:
            yield from _after_signals(program, trigger, now)
        case BeforeRenewal() as trigger:
            yield _before_renewals(program, trigger, now)
        case Rolling():
            yield from _in_turn(program, now)
        case _:
            return


def _after_signals(
    program: Program, trigger: AfterSignal, now: datetime
) -> Iterator[dict[int, str]]:
    """The latest signal counts, where there are several; one about a company is about everybody
    there."""
    after, until = triggers.signals_due(trigger, now)
    found = Signal.objects.filter(
        workspace=program.workspace,
        name=trigger.name,
        occurred_at__gt=after,
        occurred_at__lte=until,
    ).order_by("occurred_at", "id")
    personal = found.exclude(contact=None).values_list("contact_id", "public_id")
    due = dict(personal.iterator(chunk_size=CHUNK))
    companies = dict(found.filter(contact=None).values_list("account_id", "public_id"))
    for contact, account in _contacts_at(program, companies):
        due.setdefault(contact, companies[account])
    yield _without_asked(program, due)


def _before_renewals(program: Program, trigger: BeforeRenewal, now: datetime) -> dict[int, str]:
    zone = calendars.zone_or(program.workspace.time_zone, "UTC")
    first, last = triggers.renewals_due(trigger, calendars.local_day(now, zone))
    contacts = _reachable(program).filter(
        account__renewal_on__range=(first, last), account__churned_on=None
    )
    rows = contacts.values_list("pk", "account__renewal_on")
    return _without_asked(program, {pk: f"renewal:{renewal}" for pk, renewal in rows})


def _contacts_at(program: Program, companies: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    people = _reachable(program).filter(account__in=companies)
    return people.values_list("pk", "account_id").iterator(chunk_size=CHUNK)


def _reachable(program: Program) -> QuerySet[Contact]:
    return Contact.objects.filter(workspace=program.workspace, erased_at=None)


def _without_asked(program: Program, due: Mapping[int, str]) -> dict[int, str]:
    """One cause asks once, in whichever quarter's wave that was."""
    asked = (
        Enrolment.objects.filter(
            workspace=program.workspace,
            wave__program__public_id=program.public_id,
            contact__in=list(due),
        )
        .exclude(state=Enrolment.State.EXCLUDED)
        .values_list("contact_id", "cause")
    )
    done = set(asked)
    return {contact: cause for contact, cause in due.items() if (contact, cause) not in done}


def _in_turn(program: Program, now: datetime) -> Iterator[dict[int, str]]:
    """Whoever was not asked for a cadence, and whoever has their first turn."""
    start = _began_at(program) or now
    asked = Enrolment.objects.filter(
        workspace=program.workspace,
        wave__program__public_id=program.public_id,
        contact=OuterRef("pk"),
    ).exclude(state=Enrolment.State.EXCLUDED)
    waiting = asked.filter(created_at__gt=now - timedelta(days=program.cadence_days))
    rows = (
        _reachable(program)
        .annotate(was_asked=Exists(asked))
        .exclude(Exists(waiting))
        .values_list("pk", "public_id", "created_at", "was_asked")
        .order_by("pk")
    )
    due: dict[int, str] = {}
    for contact, public_id, created_at, was_asked in rows.iterator(chunk_size=CHUNK):
        turn = triggers.first_turn(max(start, created_at), program.cadence_days, lot_of(public_id))
        if was_asked or turn <= now:
            due[contact] = ROLLING
        if len(due) == CHUNK:
            yield due
            due = {}
    yield due


def _began_at(program: Program) -> datetime | None:
    waves = Wave.objects.filter(
        workspace=program.workspace, program__public_id=program.public_id
    ).exclude(enrols_until=None)
    began: datetime | None = waves.aggregate(at=Min("launched_at"))["at"]
    return began


def lot_of(public_id: str) -> float:
    """From 0 to below 1, always the same for the same contact and evenly spread over all."""
    digits = signing.keyed_hash("rolling", public_id)[:_LOT_DIGITS]
    return int(digits, 16) / float(16**_LOT_DIGITS)


def list_standing_waves() -> QuerySet[Wave]:
    """Of all workspaces: the last wave of each program that asks by itself.

    A wave that was closed before its time ends the asking until the program is launched again.
    """
    newest = Wave.objects.order_by("program", "-number").distinct("program").values("pk")
    ended = Q(state=Wave.State.CLOSED, closes_at__lt=F("enrols_until"))
    return (
        Wave.objects.select_related("workspace", "program__workspace", "program__survey")
        .filter(pk__in=newest, enrols_until__isnull=False, program__is_archived=False)
        .exclude(ended)
        .order_by("pk")
    )


def last_cause_at(*, program: Program) -> datetime | None:
    """When the thing last happened; None for "never", and for triggers that are no such thing."""
    trigger = trigger_of(program)
    if not isinstance(trigger, AfterSignal):
        return None
    found = Signal.objects.filter(workspace=program.workspace, name=trigger.name)
    at: datetime | None = found.aggregate(at=Max("occurred_at"))["at"]
    return at


def list_cadence_programs() -> Iterator[tuple[Program, datetime]]:
    """Of all workspaces: programs that the calendar launches, with when their next wave is due.

    The first wave is a person's deliberate act; a program without one is not among them.
    """
    newest = Wave.objects.order_by("program", "-number").distinct("program").values("pk")
    waves = Wave.objects.select_related("program__workspace", "program__survey").filter(
        pk__in=newest,
        program__is_archived=False,
        program__trigger=triggers.to_data(EveryCadence()),
    )
    for wave in waves.order_by("pk"):
        yield wave.program, overview.next_wave_at(wave.program, wave)


def find_last_refusal(*, program: Program) -> Fact | None:
    """Why the program could not ask by itself, if that is the last that happened to it."""
    last = journal.list_facts(workspace=program.workspace, subjects=[program.public_id]).first()
    return last if last is not None and last.name == LaunchRefused.name else None
