"""The demo's story: the same every time, and made by the product's own operations."""

from __future__ import annotations

import random
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from afterscore.cases.models import Case, CheckBack, Commitment, Entry, Gesture, Gift, Task
from afterscore.config.demo import building, cast, outcomes, worlds
from afterscore.config.demo.programs import WHY_LEFT
from afterscore.config.demo.truth import TRUTH, churn_chance, expected_loyalty, score_of
from afterscore.customers.models import Account, Contact, Signal
from afterscore.domain import nps
from afterscore.domain.casework import Outcome
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.domain.steps import StepKind
from afterscore.outreach import guards
from afterscore.outreach.models import InboundEvent, Kind, Message, State
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.responses.models import Response
from afterscore.workspaces.models import User, Workspace

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
SMALL = replace(TRUTH, accounts=40, contacts=300, waves=2)


def companies() -> list[cast.Company]:
    return cast.draw_companies(TRUTH, owners=building.OWNERS, first_wave_on=date(2025, 1, 7))


def test_the_cast_is_as_large_as_the_truth_says_and_always_the_same() -> None:
    first, second = companies(), companies()
    people = [person for company in first for person in company.people]
    assert len(first) == 400
    assert len(people) == 2500
    assert len({person.email for person in people}) == 2500
    assert [c.name for c in first] == [c.name for c in second]
    assert [p.leaning for p in people] == [p.leaning for c in second for p in c.people]


def test_all_people_speak_one_of_four_languages_and_have_words_for_every_mood() -> None:
    assert {company.language for company in companies()} == {"en", "de", "fr", "es"}
    themes = set(cast.sentences("en"))
    for language in ("en", "de", "fr", "es"):
        words = cast.sentences(language)
        assert set(words) == themes
        assert all(words[theme][group] for theme in themes for group in nps.Group)


def test_the_effects_of_the_truth_add_up() -> None:
    loyalty = expected_loyalty(
        TRUTH, plan="enterprise", industry="logistics", persona="user", wave=3
    )
    assert loyalty == pytest.approx(7.3 + 0.6 + 0.5 - 0.2 + 0.28)


@pytest.mark.parametrize(("loyalty", "score"), [(-2, 0), (0.4, 0), (6.6, 7), (9.5, 10), (14, 10)])
def test_a_score_is_loyalty_held_on_the_scale(loyalty: float, score: int) -> None:
    assert score_of(loyalty) == score


def test_unhappy_companies_leave_more_often() -> None:
    assert churn_chance(TRUTH, 5) > 2 * churn_chance(TRUTH, 7) > 2 * churn_chance(TRUTH, 9)


@contextmanager
def told(blocker: DjangoDbBlocker, **changes: object) -> Iterator[None]:
    """A small demo, built once for all tests that look at it. What each of them does is taken back
    after it, and the whole at the end. Identifiers, by which lots are drawn, follow from the seed,
    so that it is the same world in each run."""
    with (
        blocker.unblock(),
        tempfile.TemporaryDirectory() as files,
        override_settings(MEDIA_ROOT=Path(files) / "files", LEDGER_DIR=Path(files) / "ledger"),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        guards.forget()
        by_chance = secrets.randbelow
        patch.setattr("secrets.randbelow", random.Random(SMALL.seed).randrange)
        patch.setattr(building, "TRUTH", SMALL)
        for name, value in changes.items():
            where, _, what = name.partition("__")
            patch.setattr(f"afterscore.config.demo.{where}.{what}", value)
        building.build(slug="small", password="a long password", now=NOW, say=lambda _text: None)
        patch.setattr("secrets.randbelow", by_chance)
        with blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _small_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with told(django_db_blocker):
        yield


@pytest.fixture
def small_world(_small_world: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "TRUTH", SMALL)


@pytest.mark.usefixtures("small_world")
def test_the_story_leaves_nothing_half_done() -> None:
    assert Account.objects.count() == 40
    assert Contact.objects.count() == 300
    waves = list(Wave.objects.filter(program__slug="relationship").order_by("number"))
    assert [wave.state for wave in waves] == [Wave.State.CLOSED, Wave.State.RUNNING]
    answers = Response.objects.count()
    assert answers > 20
    assert Case.objects.count() == answers
    assert not Case.objects.filter(owner=None).exists()
    answered = Enrolment.objects.filter(state=Enrolment.State.ANSWERED).count()
    assert answered == answers
    assert not Response.objects.filter(received_at__gt=NOW).exists()
    late = Message.objects.filter(state__in=[State.PLANNED, State.DUE], due_at__lt=NOW)
    assert late.count() == 0


@pytest.mark.usefixtures("small_world")
def test_tasks_come_to_an_end_also_those_of_departments_whose_case_is_closed() -> None:
    late = Task.objects.filter(state=Task.State.OPEN, due_at__lt=NOW - timedelta(days=60))
    assert list(late.values_list("case__public_id", "kind", "due_at")) == []
    ended = Task.objects.filter(kind=StepKind.DEPARTMENT, state=Task.State.DONE)
    assert ended.exists()
    assert not ended.filter(ended_by=None).exists()
    assert not ended.filter(ended_by__role=Role.VIEWER).exists()


@pytest.mark.usefixtures("small_world")
def test_newcomers_are_asked_about_their_first_weeks_and_then_left_alone_by_the_wave() -> None:
    touched = Enrolment.objects.filter(wave__program__slug="after-onboarding")
    asked = touched.exclude(state=Enrolment.State.EXCLUDED).values_list("contact", flat=True)
    assert asked
    in_wave = Enrolment.objects.filter(wave__program__slug="relationship", contact__in=asked)
    assert {row.state for row in in_wave} == {Enrolment.State.EXCLUDED}


@pytest.mark.usefixtures("small_world")
def test_the_check_in_is_not_launched_and_finds_people_to_ask() -> None:
    programs = {program.slug: program for program in Program.objects.select_related("workspace")}
    check_in, relationship = programs["key-account-check-in"], programs["relationship"]
    assert not Wave.objects.filter(program=check_in).exists()
    assert queries.preview(program=check_in, now=NOW).asked > 0
    decided = queries.list_decisions(program=relationship)
    assert [each.why for each in decided] == [WHY_LEFT, ""]


@pytest.mark.usefixtures("small_world")
def test_replies_are_signed_by_the_owner_who_writes() -> None:
    replies = Message.objects.filter(kind=Kind.REPLY)
    assert replies
    for reply in replies:
        assert reply.sender_name in {name for name, *_rest in building.PEOPLE}
        assert reply.sender_name.split()[0] in reply.body


@pytest.mark.usefixtures("small_world")
def test_a_story_cut_short_is_begun_anew() -> None:
    building.build(slug="small", password="another long one", now=NOW, say=lambda _text: None)
    assert Contact.objects.count() == 300
    assert User.objects.get(email=building.OWNER_EMAIL).check_password("another long one")


@pytest.fixture(scope="module")
def _eager_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Few people live there, so everybody does everything."""
    eager = {f"keeping__{share}": 1 for share in ("PROMISED", "GIVEN", "CHECKED")}
    solved = dict.fromkeys(nps.Group, (Outcome.SOLVED,))
    with told(
        django_db_blocker,
        **eager,
        answering__AWAY=0.3,
        answering__WRITES=0.7,
        building__OUTCOMES=solved,
    ):
        yield


@pytest.mark.usefixtures("_eager_world", "db")
def test_promises_gifts_check_backs_and_letters_have_a_story_too() -> None:
    assert Gift.objects.count() == 4
    assert {row.state for row in Commitment.objects.all()} >= {"kept"}
    assert {row.state for row in Gesture.objects.all()} >= {"arrived"}
    said = CheckBack.objects.filter(message__state=State.SENT, validity="counted")
    assert said.exists()
    assert not CheckBack.objects.filter(answered_at__gt=NOW).exists()
    assert Case.objects.exclude(root_cause="").exists()
    letters = Entry.objects.filter(kind=Entry.Kind.CUSTOMER).exclude(mail_id="")
    assert letters.count() > 3
    assert all(letter.text and "> " in letter.quoted for letter in letters)
    assert not letters.filter(text__contains="> ").exists()
    assert Entry.objects.filter(kind=Entry.Kind.AUTOMATIC).exists()
    assert not InboundEvent.objects.filter(processed_at=None).exists()


@pytest.mark.usefixtures("small_world")
def test_a_contract_that_ends_today_is_told_of_in_the_morning_already() -> None:
    workspace = Workspace.objects.get(slug="small")
    Account.objects.create(
        workspace=workspace, name="Quayside", name_key="quayside", created_at=NOW, updated_at=NOW
    )
    outcomes.tell(
        workspace, account="Quayside", has_left=False, on=NOW.date(), actor=SYSTEM,
        now=NOW.replace(hour=6),
    )  # fmt: skip
    told = Signal.objects.get(account__name="Quayside")
    assert told.occurred_at == NOW.replace(hour=6)


@pytest.mark.usefixtures("small_world")
def test_the_built_demo_is_one_of_the_worlds_that_its_truth_is_recovered_from() -> None:
    """By what its first wave asked, how many answered and what they scored: within the middle 99 %
    of drawn worlds, where nobody has been followed up yet either."""
    asked, answered, scores = [], [], []
    for seed in range(400):
        lots = np.random.default_rng(seed)
        customers = worlds.draw_customers(SMALL, lots)
        answers = worlds.draw_answers(SMALL, customers, 1, lots)
        tally = worlds.tally(answers)
        asked.append(int(answers.asked.sum()))
        answered.append(tally.n)
        scores.append(tally.score or 0.0)
    wave = Wave.objects.get(program__slug="relationship", number=1)
    enrolled = Enrolment.objects.filter(wave=wave)
    told = nps.tally(
        nps.histogram_of(Response.objects.filter(wave=wave).values_list("score", flat=True))
    )
    for found, drawn in (
        (enrolled.count(), asked),
        (told.n, answered),
        (told.score, scores),
    ):
        low, high = np.quantile(drawn, [0.005, 0.995])
        assert low <= (found or 0) <= high
