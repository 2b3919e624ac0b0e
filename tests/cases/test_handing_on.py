"""No case is lost: what nobody has finds an owner, whatever people do in whatever order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from afterscore.cases import operations, queries
from afterscore.cases.models import Alert, Case, Entry
from afterscore.cases.operations import handing_on
from afterscore.cases.queries import Show
from afterscore.domain import casework
from afterscore.domain.alerts import Kind
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.kit import clock, jobs
from afterscore.kit.errors import Refused
from afterscore.responses.models import Response
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Member
from tests import builders
from tests.cases.answers import by, open_for
from tests.people import NOW, People


def leave(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(is_active=False)


def last_line(case: Case) -> str:
    return str(Entry.objects.filter(case=case).latest("id").text)


def test_cases_of_somebody_who_left_go_on(people: People) -> None:
    case = open_for(people, owner=people.ana)
    leave(people.ana)
    assert handing_on.place_lost(workspace=people.workspace, now=NOW) == 1
    case.refresh_from_db()
    assert case.owner == people.olivia
    assert last_line(case) == (
        "Handed over from Ana to Olivia. Ana does not answer customers any more. "
        "Olivia has the fewest open cases."
    )


def test_they_go_on_as_soon_as_somebody_leaves(people: People) -> None:
    case = open_for(people, owner=people.ana)
    with jobs.inline() as queue, clock.at(NOW):
        workspaces.change_member(
            member=people.ana,
            role=Role.AGENT,
            is_active=False,
            department="",
            actor=SYSTEM,
            now=NOW,
        )
        queue.run()
    case.refresh_from_db()
    assert case.owner == people.olivia


def test_closed_cases_stay_with_whoever_closed_them(people: People) -> None:
    case = open_for(people, owner=people.ana)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=SYSTEM, now=NOW)
    leave(people.ana)
    assert handing_on.place_lost(workspace=people.workspace, now=NOW) == 0


def test_nobodys_cases_are_told_of_until_somebody_has_them(people: People) -> None:
    Member.objects.filter(workspace=people.workspace).update(is_active=False)
    case = open_for(people)
    assert case.owner is None
    for minutes in (0, 5):
        handing_on.hand_on(now=NOW + timedelta(minutes=minutes))
    alert = Alert.objects.get(kind=Kind.UNOWNED)
    assert alert.text.startswith("1 open case belongs to nobody.")
    assert alert.url == "/w/harbourline/inbox/?show=unassigned"
    Member.objects.filter(pk=people.ana.pk).update(is_active=True)
    handing_on.hand_on(now=NOW + timedelta(minutes=10))
    alert.refresh_from_db()
    assert Case.objects.get(pk=case.pk).owner == people.ana
    assert alert.settled_at is not None


def test_a_stand_in_gets_what_comes_due_before_its_owner_is_back(people: People) -> None:
    soon = open_for(people, owner=people.ana)  # due today
    later = open_for(people, score=10, owner=people.ana)
    Case.objects.filter(pk=later.pk).update(next_due_at=NOW + timedelta(days=9))
    workspaces.plan_absence(
        member=people.ana,
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 8),
        stand_in=people.max,
        actor=SYSTEM,
        now=NOW,
    )
    handing_on.hand_on(now=NOW)
    soon.refresh_from_db()
    later.refresh_from_db()
    assert (soon.owner, later.owner) == (people.max, people.ana)
    assert last_line(soon) == (
        "Handed over from Ana to Max. Ana is away until 8 May; Max stands in."
    )


def test_whoever_gave_a_case_away_in_between_knew_better(people: People) -> None:
    case = open_for(people)
    Case.objects.filter(pk=case.pk).update(owner=None)
    seen = queries.get_case(workspace=people.workspace, public_id=case.public_id)
    operations.assign(case=case, owner=people.ana, actor=by(people.max), now=NOW)
    assert handing_on._place(seen, now=NOW) is False
    case.refresh_from_db()
    assert case.owner == people.ana


def test_whoever_hands_a_case_to_somebody_away_reads_it_in_the_history(people: People) -> None:
    workspaces.plan_absence(
        member=people.ana,
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 8),
        actor=SYSTEM,
        now=NOW,
    )
    case = open_for(people)
    case = operations.assign(case=case, owner=people.ana, actor=by(people.max), now=NOW)
    assert last_line(case) == "Handed over from Olivia to Ana. Ana is away until 8 May."


def test_not_before_the_absence_begins(people: People) -> None:
    case = open_for(people, owner=people.ana)
    workspaces.plan_absence(
        member=people.ana,
        starts_on=date(2026, 5, 5),
        ends_on=date(2026, 5, 8),
        stand_in=people.max,
        actor=SYSTEM,
        now=NOW,
    )
    handing_on.hand_on(now=NOW)
    case.refresh_from_db()
    assert case.owner == people.ana
    handing_on.hand_on(now=NOW + timedelta(hours=8, minutes=1))  # after closing: for tomorrow
    case.refresh_from_db()
    assert case.owner == people.max


def test_an_answer_whose_case_was_never_opened_gets_one(people: People) -> None:
    response = builders.answer(builders.enrol(people), score=2)
    assert handing_on.open_missing(now=NOW + timedelta(minutes=5)) == 0  # its job may be at it
    assert handing_on.open_missing(now=NOW + timedelta(minutes=15)) == 1
    assert handing_on.open_missing(now=NOW + timedelta(minutes=15)) == 0
    assert Case.objects.get(response=response).owner is not None


def test_what_does_not_count_gets_no_case(people: People) -> None:
    response = builders.answer(builders.enrol(people), score=2)
    Response.objects.filter(pk=response.pk).update(validity=Response.Validity.QUARANTINED)
    assert handing_on.open_missing(now=NOW + timedelta(hours=1)) == 0


# --- whatever happens -----------------------------------------------------------------------------

DEEDS = (
    "answer", "comment", "lower", "call", "attempt", "note", "heard", "assign", "close",
    "give_up", "close_badly", "reopen", "leave", "come_back", "look_only", "away", "sweep",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 5)), max_size=14)


@examples(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_no_case_is_ever_lost_or_closed_without_a_reason(
    people: People, steps: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        story = Story(people)
        for deed, number in steps:
            story.do(deed, number)
            story.check()
        story.do("sweep", 0)
        story.check()
        story.check_owners()
        transaction.set_rollback(True)


class Story:
    """A workspace to which anything may happen; what is refused is no fault."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.now = NOW
        self.staff = [people.olivia, people.max, people.ana]

    def do(self, deed: str, number: int) -> None:
        self.now += timedelta(hours=7)
        if deed == "sweep":
            handing_on.open_missing(now=self.now)
            handing_on.hand_on(now=self.now)
            return
        act: Callable[[int], Any] = getattr(self, deed)
        with contextlib.suppress(Refused):
            act(number)

    def answer(self, number: int) -> None:
        email = f"p{Response.objects.count()}@quayside.example"
        enrolment = builders.enrol(self.people, email=email)
        response = builders.answer(enrolment, score=(0, 3, 7, 8, 9, 10)[number], now=self.now)
        if number % 2:
            operations.open_case(response=response, now=self.now)

    def case(self, number: int) -> Case:
        cases = list(Case.objects.order_by("id"))
        if not cases:
            raise Refused("There is no case yet.")
        return cases[number % len(cases)]

    def member(self, number: int) -> Member:
        return Member.objects.get(pk=self.staff[number % len(self.staff)].pk)

    def comment(self, number: int) -> None:
        self.follow(number, comment=f"It is slow, {self.now}.")

    def lower(self, number: int) -> None:
        self.follow(number, score=number)

    def follow(self, number: int, **values: Any) -> None:
        case = self.case(number)
        Response.objects.filter(pk=case.response_id).update(**values)
        operations.follow_response(response=case.response, now=self.now)

    def call(self, number: int) -> None:
        self.log(number, Entry.Call.REACHED)

    def attempt(self, number: int) -> None:
        self.log(number, Entry.Call.NOT_REACHED)

    def log(self, number: int, outcome: Entry.Call) -> None:
        operations.log_call(case=self.case(number), outcome=outcome, actor=SYSTEM, now=self.now)

    def note(self, number: int) -> None:
        actor = by(self.member(number))
        operations.add_note(case=self.case(number), text="Hm.", actor=actor, now=self.now)

    def heard(self, number: int) -> None:
        operations.record_customer_message(
            case=self.case(number), text="Still slow.", actor=SYSTEM, now=self.now
        )

    def assign(self, number: int) -> None:
        operations.assign(
            case=self.case(number), owner=self.member(number), actor=SYSTEM, now=self.now
        )

    def close(self, number: int) -> None:
        self.end(number, Outcome.SOLVED)

    def give_up(self, number: int) -> None:
        self.end(number, Outcome.NOT_CLOSED, reason=NotClosedReason.TIME)

    def close_badly(self, number: int) -> None:
        self.end(number, Outcome.NOT_CLOSED if number % 2 else None)

    def end(self, number: int, outcome: Outcome | None, **values: Any) -> None:
        operations.close_case(
            case=self.case(number), outcome=outcome, actor=SYSTEM, now=self.now, **values
        )

    def reopen(self, number: int) -> None:
        operations.reopen_case(case=self.case(number), actor=SYSTEM, now=self.now)

    def leave(self, number: int) -> None:
        Member.objects.filter(pk=self.member(number).pk).update(is_active=False)

    def come_back(self, number: int) -> None:
        Member.objects.filter(pk=self.member(number).pk).update(is_active=True, role=Role.AGENT)

    def look_only(self, number: int) -> None:
        Member.objects.filter(pk=self.member(number).pk).update(role=Role.VIEWER)

    def away(self, number: int) -> None:
        day = self.now.date()
        workspaces.plan_absence(
            member=self.member(number),
            starts_on=day,
            ends_on=day + timedelta(days=number),
            stand_in=self.member(number + 1) if number % 2 else None,
            actor=SYSTEM,
            now=self.now,
        )

    def check(self) -> None:
        """Each case is in a list, with a time to act on it, or has an end with its reason."""
        listed = {show: set(self.listed(show)) for show in (Show.ALL, Show.UNASSIGNED, Show.CLOSED)}
        for case in Case.objects.select_related("owner"):
            is_open = casework.State(case.state) in casework.OPEN_STATES
            assert is_open == (case.next_due_at is not None) == (case.pk in listed[Show.ALL])
            assert is_open == (case.closed_at is None) == (case.outcome == "")
            assert is_open != (case.pk in listed[Show.CLOSED])
            assert (case.outcome == Outcome.NOT_CLOSED) == bool(case.not_closed_reason)
            if is_open and case.owner is None:
                assert case.pk in listed[Show.UNASSIGNED]

    def listed(self, show: Show) -> Any:
        found = queries.list_cases(workspace=self.people.workspace, now=self.now, show=show)
        return found.values_list("pk", flat=True)

    def check_owners(self) -> None:
        """After the sweep: a case for every answer, and an owner wherever somebody may own."""
        recent = Response.objects.filter(changed_at__lt=self.now - handing_on.GRACE)
        assert not recent.exclude(pk__in=Case.objects.values("response")).exists()
        able = queries.list_assignable(workspace=self.people.workspace).exists()
        lost = handing_on.list_lost(workspace=self.people.workspace)
        assert not able or not lost.exists()
        unowned = queries.count_unowned(workspace=self.people.workspace)
        told = Alert.objects.filter(kind=Kind.UNOWNED, settled_at=None)
        assert bool(unowned) == told.exists()
