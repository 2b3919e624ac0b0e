"""The numbers of Health that are looked for after the page is shown, and those of its sisters."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from afterscore.customers.models import Account, Contact, Signal
from afterscore.outreach.models import Delivery, Message
from afterscore.programs.models import Enrolment
from tests import planner
from tests.insights import crowd, goals
from tests.insights.crowd import LATER
from tests.insights.test_every_number import HOME, get, told
from tests.insights.test_satisfaction_page import rate
from tests.people import NOW, People
from tests.programs.test_effects_page import played_out
from tests.programs.test_evidence import finished_wave


@pytest.fixture
def looked_at(people: People) -> People:
    """Some have answered, some are silent and some were never asked, and much is recorded."""
    crowd.answer_all(people, silent=30)
    for number in range(30):
        Contact.objects.create(
            workspace=people.workspace, email=f"never{number}@quayside.example",
            name=f"Nora {number}", created_at=NOW, updated_at=NOW,
        )  # fmt: skip
    for number, contact in enumerate(Contact.objects.filter(account=None).order_by("pk")):
        name = f"Quiet {number // 30}-{number % 30 % 24}"
        contact.account, _made = Account.objects.get_or_create(
            workspace=people.workspace, name_key=name.lower(),
            defaults={"name": name, "created_at": NOW, "updated_at": NOW},
        )  # fmt: skip
        contact.save()
    _record(people)
    return people


def _record(people: People) -> None:
    """Of every company another revenue and other signals, so that each criterion has a spread."""
    accounts = list(Account.objects.filter(workspace=people.workspace).order_by("pk"))
    signals = []
    for number, account in enumerate(accounts):
        account.recurring_revenue = Decimal(1000 + 700 * (number % 11))
        account.attributes = {"health": number % 7 + (2.5 if number < 60 else 0)}
        for kind, name, times in (
            ("usage", "login", number % 5), ("ticket", "slow", number % 3),
            ("interaction", "complaint", number % 4 == 0),
        ):  # fmt: skip
            signals += [
                Signal(
                    workspace=people.workspace, account=account, kind=kind, name=name,
                    source="crm", external_id=f"{account.name}{name}{time}",
                    occurred_at=NOW - timedelta(days=1), recorded_at=NOW,
                )
                for time in range(times)
            ]  # fmt: skip
    Account.objects.bulk_update(accounts, ["recurring_revenue", "attributes"])
    Signal.objects.bulk_create(signals)
    planner.count()


COVERAGE = f"{HOME}/score/health/coverage/"


def test_every_number_of_the_coverage_audit_leads_to_its_people(looked_at: People) -> None:
    figures = told(looked_at, COVERAGE)
    assert [figure.text for figure in figures[:3]] == ["118", "148", "88"]
    assert len(figures) == 3 + 2 * 5 * 3


def test_behind_a_mean_stands_what_is_known_of_each(looked_at: People) -> None:
    mean = get(looked_at, f"{COVERAGE}explain/?pair=asking&criterion=revenue&side=unheard")
    assert "Revenue, never asked: on average" in mean
    assert "€8,000 a year" in mean
    both = get(looked_at, f"{COVERAGE}explain/?pair=answering&criterion=tickets")
    assert "answered: 2 tickets" in both
    assert "standard deviations" in both


@pytest.mark.parametrize("query", ["", "pair=asking", "pair=asking&criterion=luck", "people=gods"])
def test_a_figure_that_there_is_not_is_not_found(people: People, query: str) -> None:
    assert people.client(people.vic).get(f"{COVERAGE}explain/?{query}").status_code == 404


HEALTH = f"{HOME}/score/health/"


def test_what_a_lot_brings_leads_to_the_people_of_both_arms(people: People) -> None:
    played_out(people, treated=30, held_out=5)
    texts = [each.text for each in told(people, HEALTH, only="touch=reminder")]
    assert texts == ["25.0", "14.8", "35.0", "25", "+25.0"]


def test_what_cannot_be_told_yet_says_how_many_were_counted_and_how_many_it_takes(
    people: People,
) -> None:
    played_out(people, treated=3, held_out=2, count=60)
    texts = [each.text for each in told(people, HEALTH, only="touch=reminder")]
    assert texts[:2] == ["60", "379"]


def test_without_a_lot_the_days_before_and_after_lead_to_who_was_waiting(people: People) -> None:
    wave = finished_wave(people, before=2, after=18)
    texts = [each.text for each in told(people, HEALTH, only="touch=days")]
    assert texts == ["2.0\N{NARROW NO-BREAK SPACE}%", "18.4\N{NARROW NO-BREAK SPACE}%"]
    behind = get(people, f"{HEALTH}messages/explain/?touch=days&wave={wave.public_id}")
    assert behind.count("· answered in the two days before") == 2
    assert get(people, f"{HEALTH}?wave={wave.public_id}")


def test_a_message_that_nobody_was_kept_from_has_no_lot(people: People) -> None:
    wave = finished_wave(people, before=2, after=18)
    for query in ("touch=reminder", "touch=luck", ""):
        address = f"{HEALTH}messages/explain/?{query}&wave={wave.public_id}"
        assert people.client(people.vic).get(address).status_code == 404


PREDICTING = f"{HOME}/score/health/predicting/"


@pytest.fixture
def ended(people: People) -> People:
    """The contracts of eighty-eight companies have ended: of those that gave little, half left."""
    crowd.answer_all(people, at=NOW - timedelta(days=60))
    for number, account in enumerate(Account.objects.order_by("pk")):
        has_left = number % 2 if number >= 45 else number % 15 == 0
        account.churned_on = NOW.date() if has_left else None
        account.renewal_on = None if has_left else NOW.date()
        account.save()
    return people


def test_whether_the_score_predicts_leads_to_pairs_odds_and_contracts(ended: People) -> None:
    texts = [figure.text for figure in told(ended, PREDICTING)]
    assert texts[:3] == ["88", "25", "63"]
    assert len(texts) == 4 + 3 * 3 + 2
    behind = get(ended, f"{PREDICTING}explain/?figure=left&group=detractor")
    assert "100 × 12 / 28" in behind
    assert behind.count("· left ·") == 12


def test_of_few_contracts_the_numbers_lead_to_them_too(people: People) -> None:
    crowd.answer_all(people, at=NOW - timedelta(days=60))
    few = Account.objects.order_by("pk").values("pk")[:12]
    Account.objects.filter(pk__in=few).update(churned_on=NOW.date())
    texts = [figure.text for figure in told(people, PREDICTING, only="figure=left")]
    assert texts == ["12"]


@pytest.mark.parametrize("query", ["", "figure=luck"])
def test_of_contracts_no_other_figure_is_told(people: People, query: str) -> None:
    assert people.client(people.vic).get(f"{PREDICTING}explain/?{query}").status_code == 404


SATISFACTION = f"{HOME}/score/satisfaction/"


def test_satisfaction_and_effort_lead_to_those_who_went_on(people: People) -> None:
    rate(people, [5] * 30 + [2] * 30, [4, 5] * 30, at=NOW - timedelta(days=90))
    rate(people, [5] * 55 + [2] * 5, [5, 4] * 30, at=NOW, silent=8)
    figures = told(people, SATISFACTION)
    texts = [figure.text for figure in figures]
    assert texts.count("60") == 2 * 4
    assert texts.count("68") == 2
    (change,) = [each for each in figures if "percentage points" in each.text]
    behind = get(people, change.url)
    assert "wave 1, gave 5 of 5" in get(people, f"{change.url}&after=100")
    assert "wave 2, gave 2 of 5" in behind or "wave 2, gave 5 of 5" in behind


@pytest.mark.parametrize("path", ["nothing/explain/?figure=value", "effort/explain/?figure=luck"])
def test_of_ratings_no_other_figure_is_told(people: People, path: str) -> None:
    wave = rate(people, [5] * 8, [7] * 8)
    address = f"{SATISFACTION}{path}&wave={wave.public_id}"
    assert people.client(people.vic).get(address).status_code == 404


def test_the_numbers_of_targets_lead_to_how_they_are_judged(people: People) -> None:
    written = goals.write_down(people, now=LATER)
    listed = [figure.text for figure in told(people, f"{HOME}/targets/")]
    assert listed[:3] == ["+30", "181", "+33"]  # now, the answers, and the straight line
    assert "676" in listed  # one's own answers of a year, beside the benchmark
    shown = [figure.text for figure in told(people, f"{HOME}/targets/{written.running.public_id}/")]
    assert shown.count("100") == 2  # answers at the start, as a figure and on the way
    assert told(people, f"{HOME}/targets/line/", only="explain")


def test_beside_the_funnel_stand_those_who_did_not_come_further(people: People) -> None:
    wave = finished_wave(people, before=2, after=18)
    first, second, third, fourth = Enrolment.objects.filter(wave=wave).order_by("-id")[:4]
    for enrolment in (first, second):
        enrolment.state, enrolment.reason = Enrolment.State.EXCLUDED, "own_wish"
        enrolment.save()
    for enrolment, kind in ((third, "bounced"), (fourth, "unsubscribed")):
        for message in Message.objects.filter(stream=wave.public_id, contact=enrolment.contact):
            Delivery.objects.create(
                workspace=people.workspace, message=message, kind=kind, is_permanent=True,
                event_id=f"{message.public_id}:{kind}", occurred_at=NOW + timedelta(days=9),
            )  # fmt: skip
    beside = {"left_out": "2 not asked", "bounced": "1 bounced", "unsubscribed": "1 unsubscribed"}
    for name, text in beside.items():
        (figure,) = told(people, HEALTH, only=f"one={name}")
        assert figure.text == text
        assert "Relationship, wave 1, of" in get(people, figure.url)
