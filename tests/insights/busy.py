"""A desk that has worked for a quarter, so that every number of the ledger's pages appears."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from afterscore.cases.models import Case, Commitment, Draw
from afterscore.customers.models import Account
from afterscore.domain.casework import NotClosedReason, Outcome, State
from afterscore.domain.causes import RootCause
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Response
from tests import builders, planner
from tests.insights import crowd
from tests.insights.crowd import Part
from tests.people import NOW, People

FIRST, SECOND = NOW - timedelta(days=75), NOW - timedelta(days=40)
PARTS = (
    Part("enterprise", "DE", (9, 3, 6, 8, 10) * 12, "Runs by itself"),
    Part("starter", "FR", (2, 7, 5, 9) * 12),
)
OUTCOMES = (Outcome.SOLVED, Outcome.THANKED, Outcome.NOT_CLOSED, Outcome.SOLVED)


def work(people: People) -> None:
    """Two waves of the same people; most of the first have a case, and it became of them what
    their number says."""
    crowd.answer_all(people, PARTS, at=FIRST, prefix="b")
    answers = list(Response.objects.filter(workspace=people.workspace).order_by("received_at"))
    # Whoever came last has no case yet.
    cases = [_case(people, number, answer) for number, answer in enumerate(answers[:-2])]
    _promise(people, Case.objects.bulk_create(cases))
    _draw(people, cases)
    _answer_again(people, answers)
    _renew(people)
    planner.count()


def _case(people: People, number: int, answer: Response) -> Case:
    """Of each four two are replied to, detractors more often; of each three one is closed."""
    at = answer.received_at
    is_replied = number % 4 < (3 if answer.score < 7 else 1)
    is_closed = number % 3 == 0
    outcome = OUTCOMES[number % 4] if is_closed else ""
    gives_up = outcome == Outcome.NOT_CLOSED
    return Case(
        workspace=people.workspace,
        response=answer,
        contact=answer.contact,
        account=answer.account,
        owner=(people.ana, people.max, None)[number % 3],
        department=("", "support")[number % 2],
        state=State.CLOSED if is_closed else State.IN_PROGRESS,
        score=answer.score,
        comment_key="said" if answer.comment else "",
        opened_at=at,
        due_at=at + timedelta(days=2),
        next_due_at=None if is_closed else at + timedelta(days=(2, 200)[number % 2]),
        first_reply_at=at + timedelta(hours=4 + number) if is_replied else None,
        closed_at=at + timedelta(hours=30 + number) if is_closed else None,
        outcome=outcome,
        not_closed_reason=NotClosedReason.TIME if gives_up else "",
        root_cause=(RootCause.PRICE, RootCause.EASE)[number % 2] if is_closed else "",
        minutes=5 * (number % 17),
        changed_at=at,
    )


def _promise(people: People, cases: list[Case]) -> None:
    states = Commitment.State
    for case, (state, days) in zip(
        cases,
        [(states.KEPT, -9)] * 5
        + [(states.BROKEN, -8)] * 2
        + [(states.OPEN, -3), (states.OPEN, 3), (states.RELEASED, 1)],
        strict=False,
    ):
        Commitment.objects.create(
            workspace=people.workspace,
            case=case,
            text="We call you back.",
            promised_at=FIRST,
            due_on=(NOW + timedelta(days=days)).date(),
            state=state,
        )


def _answer_again(people: People, answers: list[Response]) -> None:
    """A month later, some happier than before."""
    wave = builders.launch_wave(people.workspace, launched_at=SECOND)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            workspace=people.workspace, wave=wave, contact=answer.contact, account=answer.account,
            state=Enrolment.State.ANSWERED, language="en", sender_name="Olivia Byrne",
            sender_email="olivia@harbourline.example", created_at=SECOND,
        )
        for answer in answers
    )  # fmt: skip
    Response.objects.bulk_create(
        Response(
            workspace=people.workspace, enrolment=enrolment, wave=wave, contact=enrolment.contact,
            account=enrolment.account, score=score, first_score=score, language="en",
            touch="invitation", received_at=SECOND + timedelta(minutes=number), changed_at=SECOND,
            frozen={"account": {}, "contact": {"language": "en"}},
        )
        for number, enrolment in enumerate(enrolments)
        for score in [(9, 4, 10, 6, 8)[number % 5]]
    )  # fmt: skip


def _renew(people: People) -> None:
    """Every contract came up a week ago; half of those left whom nobody had replied to."""
    replied = Case.objects.filter(workspace=people.workspace, first_reply_at__isnull=False)
    contacted = set(replied.values_list("account", flat=True))
    accounts = list(Account.objects.filter(workspace=people.workspace).order_by("pk"))
    day = (NOW - timedelta(days=7)).date()
    for number, account in enumerate(accounts):
        account.recurring_revenue, account.currency = Decimal(1000 + 10 * number), "EUR"
        if number % 2 and account.pk not in contacted:
            account.churned_on = day
        else:
            account.renewal_on = day
    Account.objects.bulk_update(
        accounts, ["recurring_revenue", "currency", "renewal_on", "churned_on"]
    )


def _draw(people: People, cases: list[Case]) -> None:
    """Two lots, before anybody had a reply."""
    for owner, lot in ((people.ana, cases[:30]), (people.max, cases[30:60])):
        Draw.objects.create(
            workspace=people.workspace,
            owner=owner,
            on=FIRST.date(),
            capacity=12,
            priority=1,
            seed="s",
            candidates=[case.public_id for case in lot],
            chosen=12,
            drawn_at=FIRST + timedelta(hours=2),
        )
