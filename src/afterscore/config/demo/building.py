"""Plays the story through the real operations, with virtual time."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection

from afterscore.cases import composition as drafts
from afterscore.cases import operations as cases
from afterscore.cases import queries as case_queries
from afterscore.cases.models import Case, Entry
from afterscore.config.demo import (
    cast,
    customers,
    desk,
    figures,
    goals,
    improving,
    noticing,
    outcomes,
    reporting,
    routing,
    usage,
)
from afterscore.config.demo import programs as programs_of
from afterscore.config.demo.answering import Answering
from afterscore.config.demo.cast import Company, Person
from afterscore.config.demo.keeping import Keeping
from afterscore.config.demo.tidying import Tidying
from afterscore.config.demo.truth import (
    TRUTH,
    Truth,
    answer_chance,
    comment_chance,
    expected_loyalty,
    score_of,
)
from afterscore.domain import nps
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.nps import Group
from afterscore.domain.roles import Role
from afterscore.kit import clock, jobs
from afterscore.outreach import operations as outreach
from afterscore.outreach import sender
from afterscore.outreach.models import Delivery, Kind, Message
from afterscore.programs import operations as programs
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.responses import operations as responses
from afterscore.responses.models import Response
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Member, Workspace

OWNER_EMAIL = "olivia@harbourline.example"
PEOPLE = (
    ("Olivia Byrne", OWNER_EMAIL, Role.OWNER, Department.LEADERSHIP),
    ("Max Lindner", "max@harbourline.example", Role.MANAGER, Department.MARKETING),
    ("Ana Costa", "ana@harbourline.example", Role.AGENT, Department.SUCCESS),
    ("Jonas Weber", "jonas@harbourline.example", Role.AGENT, Department.SUCCESS),
    ("Claire Martin", "claire@harbourline.example", Role.AGENT, Department.SUCCESS),
    ("Priya Nair", "priya@harbourline.example", Role.VIEWER, Department.PRODUCT),
)
OWNERS = [email for _name, email, role, _department in PEOPLE if role is Role.AGENT]
LAST_WAVE_AGE = timedelta(days=4)
SEND_TIMES = (time(8, 5), time(9, 5), time(12, 5))  # in UTC: when the sender is let loose
REMINDER_AFTER = timedelta(days=programs_of.REMINDER_AFTER_DAYS)
FIRST_STEPS = timedelta(days=20)  # from the first program to its first wave
TIDIED_FROM = timedelta(days=21, hours=6)  # after the first wave, in an afternoon
ONBOARDED_WAVES = 2  # whose new customers are asked about their first weeks, too
GOES_ON = 0.55  # the share that answers more than the first question
CALLS = 0.5  # the share of cases that are answered by telephone
GIVE_UP_AFTER = timedelta(days=32)
WORKED = {  # the share of cases that somebody takes up: with a comment, without one
    Group.DETRACTOR: (0.93, 0.62),
    Group.PASSIVE: (0.72, 0.38),
    Group.PROMOTER: (0.78, 0.45),
}
OUTCOMES = {
    Group.DETRACTOR: (Outcome.SOLVED, Outcome.UNDERSTOOD, Outcome.PASSED_ON),
    Group.PASSIVE: (Outcome.FEATURE_SHOWN, Outcome.UNDERSTOOD, Outcome.PASSED_ON),
    Group.PROMOTER: (Outcome.THANKED, Outcome.REFERRAL_GIVEN, Outcome.TESTIMONIAL_GIVEN),
}


def build(*, slug: str, password: str, now: datetime, say: Callable[[str], object]) -> None:
    """The whole workspace, up to `now`. An unfinished one of the same slug is removed first."""
    Program.objects.filter(workspace__slug=slug).delete()  # programs protect their surveys
    Workspace.objects.filter(slug=slug).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")  # a demo cut short is built anew anyway
    try:
        with jobs.inline() as queue:
            Story(TRUTH, slug=slug, password=password, now=now, queue=queue).play(say)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO on")


class Story:
    """Six waves and what people made of them. Events run in the order of their instants."""

    def __init__(
        self, truth: Truth, *, slug: str, password: str, now: datetime, queue: jobs.InlineQueue
    ) -> None:
        self.truth = truth
        self.now = now
        self.queue = queue
        self.chance = random.Random(truth.seed + 1)  # noqa: S311 (a story, not a secret)
        self.launches = _launch_instants(truth, now)
        self.workspace = _open_workspace(slug, self.launches[0] - timedelta(days=30))
        self.members = _invite(self.workspace, password, self.launches[0] - timedelta(days=29))
        self.actors: dict[int | None, Actor] = {
            member.pk: Actor("member", member.public_id) for member in self.members.values()
        }
        self.companies = cast.draw_companies(
            truth, owners=OWNERS, first_wave_on=self.launches[0].date()
        )
        self.people = {p.email: p for company in self.companies for p in company.people}
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = itertools.count()
        self.evenings: set[datetime] = set()
        self.touchpoint: Program | None = None
        self.decided: set[int] = set()  # the enrolments whose story is written
        self.answering = Answering(seed=truth.seed + 4, at=self._at)
        self.keeping = Keeping(
            self.workspace,
            manager=self._member(1),
            seed=truth.seed + 3,
            at=self._at,
            send=_send,
        )
        self.tidying = Tidying(
            self.workspace, members=self.members.values(), seed=truth.seed + 5, at=self._at
        )

    def play(self, say: Callable[[str], object]) -> None:
        program = _apply(self.workspace, programs_of.RELATIONSHIP, self.launches[0] - FIRST_STEPS)
        self.keeping.stock(self.launches[0] - FIRST_STEPS)
        self.tidying.begin(self.launches[0] + TIDIED_FROM)
        self._improve()
        goals.schedule(self.workspace, members=self.members, launches=self.launches, at=self._at)
        reporting.schedule(
            self.workspace, members=self.members, begins_at=self.launches[0], at=self._at
        )
        for number, launch_at in enumerate(self.launches, start=1):
            joins_at = launch_at - self._days_ahead(number)
            self._run_until(joins_at)
            self._welcome(number, joins_at)
            self._run_until(launch_at - timedelta(days=6))
            self._part(number, launch_at - timedelta(days=5))
            self._run_until(launch_at)
            if number == len(self.launches):
                program = self._leave_some_to_the_check_in(launch_at)
            wave = programs.launch(program=program, actor=self._member(1), now=launch_at)
            self.queue.run()
            self._cast_wave(wave, number)
            self._at(wave.closes_at, lambda _now: jobs.defer("programs.close_waves"))
            say(f"  wave {number} of {len(self.launches)}: {wave.eligible:,} people asked")
        self._run_until(self.now)
        _apply(self.workspace, programs_of.CHECK_IN, self.now)
        routing.settle_in(
            workspace=self.workspace, members=self.members, actor=self._member(0), now=self.now
        )
        with clock.at(self.now):
            usage.tell(
                self.workspace,
                self.companies,
                seed=self.truth.seed,
                actor=self._member(1),
                now=self.now,
            )
            desk.dress(self.workspace, self.members, seed=self.truth.seed, now=self.now)
            figures.keep(self.workspace, self.members, now=self.now)
            noticing.fill(
                workspace=self.workspace,
                members=self.members.values(),
                actor=self._member(1),
                now=self.now,
            )
            self.queue.run()
            _send(self.now)
        outcomes.draw_lots(seed=self.truth.seed, now=self.now)

    def _improve(self) -> None:
        """Between the last waves something is planned, and one thing done and told."""
        planned_at, done_at = improving.instants(self.launches, self.now)
        self._at(
            planned_at,
            lambda now: improving.plan(
                workspace=self.workspace, members=self.members, actor=self._member(1), now=now
            ),
        )
        self._at(
            done_at,
            lambda now: improving.finish(workspace=self.workspace, actor=self._member(1), now=now),
        )
        self._at(done_at + timedelta(hours=2), _send)

    def _leave_some_to_the_check_in(self, now: datetime) -> Program:
        return programs.apply(
            workspace=self.workspace,
            definition=programs_of.LEFT_TO_THE_CHECK_IN,
            why=programs_of.WHY_LEFT,
            actor=self._member(1),
            now=now,
        )

    def _member(self, number: int) -> Actor:
        return Actor("member", self.members[PEOPLE[number][1]].public_id)

    def _at(self, instant: datetime, happening: Callable[[datetime], None]) -> None:
        if instant <= self.now:
            heapq.heappush(self.events, (instant, next(self.order), happening))

    def _run_until(self, limit: datetime) -> None:
        while self.events and self.events[0][0] <= limit:
            instant, _order, happening = heapq.heappop(self.events)
            with clock.at(instant):
                happening(instant)
                self.queue.run()

    def _days_ahead(self, number: int) -> timedelta:
        """Late joiners come early enough to be asked about their first weeks before the wave."""
        return timedelta(days=50 if self._is_onboarded(number) else 5)

    def _is_onboarded(self, number: int) -> bool:
        return number > max(1, len(self.launches) - ONBOARDED_WAVES)

    def _welcome(self, number: int, at: datetime) -> None:
        """New customers come in as a file."""
        joining = [company for company in self.companies if company.joins_wave == number]
        customers.bring_in(self.workspace, joining, actor=self._member(1), now=at)
        if joining and self._is_onboarded(number):
            self._onboard(joining, number, at)

    def _onboard(self, companies: Sequence[Company], number: int, at: datetime) -> None:
        """They finish their first steps in two groups; a week later the touchpoint asks."""
        if self.touchpoint is None:
            self.touchpoint = _apply(self.workspace, programs_of.ONBOARDING, at)
            programs.launch(program=self.touchpoint, actor=self._member(1), now=at)
        for group, days in enumerate((12, 20)):
            finished = at + timedelta(days=days)
            done = companies[group::2]
            self._at(finished, lambda now, done=done: self._finish_onboarding(done, now))  # type: ignore[misc]
            asked = finished + timedelta(days=programs_of.ASKED_AFTER_DAYS, hours=1)
            self._at(asked, lambda _now: self._ask_touched(number))

    def _finish_onboarding(self, companies: Sequence[Company], now: datetime) -> None:
        customers.tell_of_onboarding(self.workspace, companies, actor=self._member(1), now=now)

    def _ask_touched(self, number: int) -> None:
        jobs.defer("programs.close_waves")
        jobs.defer("programs.launch_due_waves")
        jobs.defer("programs.keep_asking")
        self.queue.run()
        for wave in Wave.objects.filter(program=self.touchpoint).select_related("workspace"):
            self._cast_wave(wave, number)

    def _part(self, number: int, at: datetime) -> None:
        """Contracts end: customers renew or leave."""
        for company in self.companies:
            renews = company.renewal_on <= at.date()
            if company.joins_wave < number and company.left_on is None and renews:
                self._renew(company, number, at)

    def _renew(self, company: Company, number: int, at: datetime) -> None:
        loyalty = [self._loyalty(person, number, 0.0) for person in company.people]
        ended_on = company.renewal_on
        if cast.leaves(self.truth, self.chance, sum(loyalty) / len(loyalty)):
            company.left_on = company.renewal_on
        else:
            company.renewal_on += timedelta(days=365)
        customers.renew(self.workspace, company, actor=self._member(1), now=at)
        outcomes.tell(
            self.workspace,
            account=company.name,
            has_left=company.left_on is not None,
            on=ended_on,
            actor=self._member(1),
            now=at,
        )

    def _loyalty(self, person: Person, number: int, noise: float) -> float:
        company = person.company
        usual = expected_loyalty(
            self.truth,
            plan=company.plan,
            industry=company.industry,
            persona=person.persona,
            wave=number,
        )
        return usual + company.leaning + person.leaning + person.boost + noise

    def _cast_wave(self, wave: Wave, number: int) -> None:
        """Decides for everybody who was asked what she will do, and when."""
        invitations = _invitations(wave)
        asked = [enrolment for enrolment in _asked(wave) if enrolment.pk not in self.decided]
        self.decided |= {enrolment.pk for enrolment in asked}
        for enrolment in asked:
            invitation = invitations[enrolment.contact_id]
            person = self.people[invitation.to_email]
            self._cast_person(enrolment, invitation, person, number)
        for instant in _sending_instants(invitations[each.contact_id] for each in asked):
            self._at(instant, _send)

    def _cast_person(
        self, enrolment: Enrolment, invitation: Message, person: Person, number: int
    ) -> None:
        arrives = invitation.due_at + timedelta(hours=4)
        draw = self.chance.random
        if not person.address_works:
            self._at(arrives, lambda now: _bounce(invitation, now))
            return
        if draw() < self.truth.unsubscribes:
            self._at(arrives, lambda now: _unsubscribe(invitation, now))
            return
        loyalty = self._loyalty(person, number, self.chance.gauss(0, self.truth.noise))
        likely = answer_chance(self.truth, loyalty, person.persona, was_heard=person.was_heard)
        answers = draw() < likely
        if not answers and enrolment.reminder_arm != Enrolment.Arm.HELD_OUT:
            arrives += REMINDER_AFTER
            if draw() < self.truth.reminder_unsubscribes:
                self._at(arrives, lambda now: _unsubscribe(invitation, now))
                return
            answers = draw() < self.truth.reminder_answers
        if answers:
            at = arrives + timedelta(hours=min(100, self.chance.lognormvariate(math.log(7), 1.2)))
            self._at(at, lambda now: self._answer(enrolment, person, loyalty, now))

    def _ratings(self, enrolment: Enrolment, person: Person) -> dict[str, int] | None:
        """Of the drivers that this survey asks about, where the person goes on to the next page."""
        asked = enrolment.wave.survey_version.questionnaire.get("drivers", [])
        keys = {driver["key"] for driver in asked}
        goes_on = self.chance.random() < GOES_ON
        ratings = {key: value for key, value in person.opinions.items() if key in keys}
        return ratings if goes_on and ratings else None

    def _answer(self, enrolment: Enrolment, person: Person, loyalty: float, now: datetime) -> None:
        """Whoever comes after the survey has closed is told so, as anybody would be."""
        if not responses.is_open(wave=enrolment.wave, now=now):
            return
        score = score_of(loyalty)
        speaks = self.chance.random() < comment_chance(self.truth, loyalty)
        group = nps.group_of(score)
        recorded = responses.record_response(
            enrolment=enrolment,
            score=score,
            channel="email",
            comment=cast.draw_comment(self.chance, person, group) if speaks else None,
            drivers=self._ratings(enrolment, person),
            seconds=self.chance.lognormvariate(math.log(25), 0.6),
            complete=True,
            now=now,
        )
        self.queue.run()
        case = case_queries.find_case_of(workspace=self.workspace, response=recorded.response)
        if case is not None:
            case.workspace, case.response = self.workspace, _at_hand(recorded.response, enrolment)
            self._cast_case(case, person, group, now, speaks=speaks)

    def _cast_case(
        self, case: Case, person: Person, group: Group, now: datetime, *, speaks: bool
    ) -> None:
        """Decides what the owner will make of it: answer soon, late, or never."""
        person.boost += self.truth.never_answered
        if self.chance.random() >= WORKED[group][0 if speaks else 1]:
            self._at(now + GIVE_UP_AFTER, lambda at: self._give_up(case, at, speaks=speaks))
            return
        days = self.chance.lognormvariate(math.log(0.7 if group is Group.DETRACTOR else 2.2), 0.6)
        replies_at = _working_hour(now + timedelta(days=days), self.chance)
        self._at(replies_at, lambda at: self._respond(case, group, at))
        self._at(replies_at, lambda at: self._promise(case, group, at))
        closes_at = _working_hour(
            replies_at + timedelta(days=self.chance.uniform(1, 6)), self.chance
        )
        self._at(closes_at, lambda at: self._close(case, person, group, replies_at, at))

    def _respond(self, case: Case, group: Group, now: datetime) -> None:
        owner = self._owner_of(case)
        if self.chance.random() < CALLS:
            text = "Talked it through and agreed on what comes next."
            cases.log_call(
                case=case, outcome=Entry.Call.REACHED, text=text, minutes=12, actor=owner, now=now
            )
            return
        draft = drafts.suggest(case.response, sender_name=self._name_of(case))
        cases.reply(case=case, subject=draft.subject, body=draft.body, actor=owner, now=now)
        sent_at = self._send_in_the_evening(now)
        sender = self._name_of(case)
        self.answering.after_reply(
            case, group, sender=sender, body=draft.body, now=now, sent_at=sent_at
        )

    def _promise(self, case: Case, group: Group, now: datetime) -> None:
        self.keeping.after_contact(case, group, actor=self._owner_of(case), now=now)

    def _send_in_the_evening(self, now: datetime) -> datetime:
        """Replies of one day leave together: one round of the sender instead of dozens."""
        evening = now.replace(hour=18, minute=0, second=0, microsecond=0)
        evening = max(evening, now + timedelta(minutes=1))
        if evening not in self.evenings:
            self.evenings.add(evening)
            self._at(evening, _send)
        return evening

    def _close(  # noqa: PLR0917 (what happens at one instant)
        self, case: Case, person: Person, group: Group, replied_at: datetime, now: datetime
    ) -> None:
        in_time = replied_at <= case.due_at
        gain = self.truth.closed_in_time if in_time else self.truth.closed_late
        person.boost += gain - self.truth.never_answered
        person.was_heard = True
        cases.close_case(
            case=case,
            outcome=self.chance.choice(OUTCOMES[group]),
            root_cause=self.keeping.cause_of(case),
            minutes=self.chance.randint(4, 35),
            actor=self._owner_of(case),
            now=now,
        )
        self.queue.run()
        self.keeping.after_closing(case, actor=self._owner_of(case))

    def _give_up(self, case: Case, now: datetime, *, speaks: bool) -> None:
        reason = NotClosedReason.TIME if speaks else NotClosedReason.NO_COMMENT
        cases.close_case(
            case=case,
            outcome=Outcome.NOT_CLOSED,
            reason=reason,
            actor=self._owner_of(case),
            now=now,
        )

    def _owner_of(self, case: Case) -> Actor:
        return self.actors.get(case.owner_id, SYSTEM)

    def _name_of(self, case: Case) -> str:
        return next((str(each) for each in self.members.values() if each.pk == case.owner_id), "")


def _at_hand(response: Response, enrolment: Enrolment) -> Response:
    """The answer with what it points at, as it was loaded with the enrolment."""
    response.workspace, response.wave = enrolment.workspace, enrolment.wave
    response.contact, response.account = enrolment.contact, enrolment.account
    return response


def _launch_instants(truth: Truth, now: datetime) -> list[datetime]:
    """At 08:00 UTC on a day from Monday to Thursday; the last one some days ago."""
    last = (now - LAST_WAVE_AGE).replace(hour=8, minute=0, second=0, microsecond=0)
    last -= timedelta(days=max(0, last.weekday() - 3))
    gap = timedelta(days=truth.days_between_waves - truth.days_between_waves % 7)
    return [last - gap * number for number in reversed(range(truth.waves))]


def _open_workspace(slug: str, now: datetime) -> Workspace:
    return workspaces.create_workspace(
        name="Harbourline",
        slug=slug,
        actor=SYSTEM,
        now=now,
        settings={
            "postal_address": "Harbourline Software, 1 Quay Street, Dublin D02, Ireland",
            "sender_name": "Olivia Byrne",
            "sender_email": OWNER_EMAIL,
            "time_zone": "Europe/Dublin",
            "country": "IE",
            "currency": "EUR",
        },
    )


def _invite(workspace: Workspace, password: str, now: datetime) -> dict[str, Member]:
    members = {}
    for name, email, role, department in PEOPLE:
        member, _is_new = workspaces.invite_member(
            workspace=workspace,
            email=email,
            name=name,
            role=role,
            department=department,
            actor=SYSTEM,
            now=now,
        )
        # Of a story that was cut short she is there already, with another password.
        if role is Role.OWNER:
            member.user.set_password(password)
            member.user.save(update_fields=["password"])
        members[email] = member
    return members


def _apply(workspace: Workspace, definition: Mapping[str, Any], now: datetime) -> Program:
    return programs.apply(workspace=workspace, definition=definition, actor=SYSTEM, now=now)


def _asked(wave: Wave) -> Iterable[Enrolment]:
    return (
        Enrolment.objects.filter(
            workspace=wave.workspace, wave=wave, state=Enrolment.State.ENROLLED
        )
        .select_related(
            "workspace",
            "wave__survey_version",
            "wave__program",
            "contact__account",
            "account",
            "owner",
        )
        .order_by("id")
    )


def _invitations(wave: Wave) -> dict[int, Message]:
    found = Message.objects.filter(
        workspace=wave.workspace, stream=wave.public_id, kind=Kind.INVITATION
    ).select_related("workspace", "contact")
    return {message.contact_id: message for message in found}


def _sending_instants(invitations: Iterable[Message]) -> list[datetime]:
    """When mail goes out: a few times on each day on which something falls due."""
    days = {message.due_at.date() for message in invitations}
    days |= {day + REMINDER_AFTER for day in days}
    days |= {day + timedelta(days=extra) for day in days for extra in (1, 2, 3)}
    return [datetime.combine(day, at, UTC) for day in sorted(days) for at in SEND_TIMES]


def _working_hour(instant: datetime, chance: random.Random) -> datetime:
    """The same day between nine and five, or the Monday after a weekend."""
    moved = instant + timedelta(days=max(0, 7 - instant.weekday()) if instant.weekday() > 4 else 0)
    wanted = moved.replace(hour=chance.randint(9, 16), minute=chance.randint(0, 59))
    return max(wanted, instant)


def _send(_now: datetime) -> None:
    sender.drain(worker="demo")


def _bounce(message: Message, now: datetime) -> None:
    message.refresh_from_db(fields=["state"])
    outreach.hear(
        message=message,
        kind=Delivery.Kind.BOUNCED,
        blames_address=True,
        event_id="demo",
        occurred_at=now,
        detail="550 5.1.1 No such person at this address",
        now=now,
    )


def _unsubscribe(message: Message, now: datetime) -> None:
    outreach.unsubscribe(message=message, now=now)
