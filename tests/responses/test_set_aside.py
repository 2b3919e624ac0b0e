"""What looks automated stands apart, is named beside every score, and waits for the customer."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from afterscore.cases.models import Case
from afterscore.customers.models import Contact
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.domain.scanners import Validity
from afterscore.insights import queries as insights
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.programs.models import Enrolment
from afterscore.responses import operations
from afterscore.responses.models import Response, Visit
from afterscore.responses.operations import refusing
from afterscore.responses.operations.visiting import MOST_AN_HOUR
from afterscore.workspaces import operations as workspaces
from tests.builders import answer, enrol, launch_wave, survey_path
from tests.people import NOW, People

BOT = {"User-Agent": "python-requests/2.31"}
CHROME = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
}
FORM = "application/x-www-form-urlencoded"
ASIDE = "/w/harbourline/set-aside/"


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def nora(people: People) -> Enrolment:
    return enrol(people)


@pytest.fixture
def api_key(people: People) -> str:
    _key, secret = workspaces.create_key(
        workspace=people.workspace, name="CRM", role=Role.AGENT, actor=SYSTEM, now=NOW
    )
    return secret


def automated(enrolment: Enrolment, score: int = 2) -> Response:
    """What a program that presses Send leaves behind."""
    path = survey_path(enrolment)
    robot = Client(headers=BOT)
    robot.get(f"{path}?score={score}")
    robot.post(path, f"score={score}&comment=", content_type=FORM)
    return Response.objects.get(enrolment=enrolment)


def by_hand(enrolment: Enrolment, score: int, comment: str = "", *, means: str = "") -> None:
    told = "conduct=touch+2400+80+0+0"
    body = f"score={score}&comment={comment}&{told}"
    headers = {}
    if means:
        body, headers = f"score={score}&means={means}&{told}", {"Accept": "application/json"}
    reader = Client(headers={**CHROME, **headers}, REMOTE_ADDR="198.51.100.7")
    reader.post(survey_path(enrolment), body, content_type=FORM)


def test_a_program_that_presses_send_is_in_no_score_and_has_no_case(
    people: People, nora: Enrolment
):
    with jobs.inline() as queue:
        answer(enrol(people, email="omar@quayside.example"), score=9)
        kept = automated(nora)
        queue.run()

    assert kept.validity == Validity.QUARANTINED
    assert [sign for sign, _why in kept.signs] == ["agent", "no_gesture", "no_comment"]
    assert [case.response.score for case in Case.objects.all()] == [9]
    nora.refresh_from_db()
    assert nora.state == Enrolment.State.ENROLLED
    report = insights.report(workspace=people.workspace)
    assert (report["n"], report["nps"], report["suspected_automated"]) == (1, 100.0, 1)


def test_the_customers_answer_takes_its_place_without_a_trace(people: People, nora: Enrolment):
    automated(nora, score=2)

    by_hand(nora, 9, "Quick")

    kept = Response.objects.get()
    assert (kept.validity, kept.score, kept.first_score, kept.edits) == ("counted", 9, 9, 0)
    report = insights.report(workspace=people.workspace)
    assert (report["n"], report["suspected_automated"]) == (1, 0)
    assert [fact.name for fact in Fact.objects.filter(subject=kept.public_id).order_by("id")] == [
        "response.quarantined",
        "response.received",
    ]


def test_a_program_changes_no_answer_that_counts_and_its_attempt_is_written_down(
    people: People, nora: Enrolment
):
    by_hand(nora, 9, "Quick")

    automated(nora, score=2)

    kept = Response.objects.get()
    assert (kept.validity, kept.score, kept.comment) == ("counted", 9, "Quick")
    assert (kept.edits, kept.changed_at, kept.refused_changes) == (0, NOW, 1)
    fact = Fact.objects.get(name="response.change_refused", subject=kept.public_id)
    assert (fact.payload["score"], fact.payload["changed"]) == (2, ["comment", "score"])
    assert fact.payload["signs"] == ["agent", "no_gesture", "no_comment"]
    contact = f"/w/harbourline/customers/contacts/{nora.contact.public_id}/"
    history = people.client(people.vic).get(contact).content.decode()
    assert "A program tried to change the answer to 2; it stays as it was" in history
    assert "names itself, and is no browser" in history


def test_a_program_that_says_the_same_again_has_tried_to_change_nothing(nora: Enrolment):
    by_hand(nora, 9)

    automated(nora, score=9)

    assert Response.objects.get().refused_changes == 0
    assert not Fact.objects.filter(name="response.change_refused").exists()


def test_what_is_decided_stays_so_and_a_programs_next_attempt_is_written_down(nora: Enrolment):
    kept = automated(nora, score=2)
    operations.discard_answer(response=kept, why="Their guard.", actor=SYSTEM, now=NOW)

    automated(nora, score=10)

    kept.refresh_from_db()
    assert (kept.validity, kept.score, kept.decided_why) == ("discarded", 2, "Their guard.")
    assert Fact.objects.filter(name="response.change_refused").count() == 1


def test_a_program_that_goes_on_is_counted_and_fills_no_journal(
    nora: Enrolment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(refusing, "MOST_TOLD", 2)
    by_hand(nora, 9, "Quick")

    for score in range(5):
        automated(nora, score=score)

    assert Response.objects.get().refused_changes == 5
    assert Fact.objects.filter(name="response.change_refused").count() == 2


def test_the_page_shows_nobody_what_a_program_has_said(nora: Enrolment):
    automated(nora, score=2)

    with clock.at(NOW + timedelta(hours=1)):
        page = Client(headers=CHROME).get(survey_path(nora)).content.decode()

    assert "Your score of 2" not in page
    assert "checked" not in page


def test_a_page_that_was_looked_at_is_kept_apart_until_it_is_confirmed(
    people: People, nora: Enrolment
):
    by_hand(nora, 8, means="opened")
    with clock.at(NOW + timedelta(minutes=2)):
        operations.settle(now=clock.now())
    kept = Response.objects.get()
    assert (kept.validity, kept.settles_at) == ("provisional", None)
    report = insights.report(workspace=people.workspace)
    assert (report["n"], report["provisional"]) == (0, 1)

    with clock.at(NOW + timedelta(minutes=3)):
        by_hand(nora, 8, "Fine")

    assert Response.objects.get().validity == "counted"


@pytest.mark.parametrize(
    ("choice", "counts"),
    [
        ("sent", ["sent"]),
        ("tapped", ["tapped", "sent"]),
        ("opened", ["opened", "tapped", "sent"]),
    ],
)
def test_a_workspace_chooses_from_when_on_an_answer_counts(
    people: People, choice: str, counts: list[str]
):
    address = "/w/harbourline/settings/counting/"
    people.client(people.olivia).post(address, {"answers_count": choice})
    for means in ("opened", "tapped", "sent"):
        asked = enrol(people, email=f"{means}@quayside.example", name=means)
        by_hand(asked, 8, means="" if means == "sent" else means)

    operations.settle(now=NOW + timedelta(minutes=2))

    found = Response.objects.filter(validity="counted").order_by("id")
    assert [kept.contact.name for kept in found] == counts


def test_whoever_comes_back_to_the_same_number_has_confirmed_it(nora: Enrolment):
    by_hand(nora, 8, means="opened")

    with clock.at(NOW + timedelta(hours=2)):
        by_hand(nora, 8, means="opened")

    assert Response.objects.get().validity == "counted"


def test_what_is_opened_by_a_program_is_not_even_provisional(nora: Enrolment):
    robot = Client(headers={**BOT, "Accept": "application/json"})

    robot.post(survey_path(nora), "score=8&means=opened", content_type=FORM)

    assert not Response.objects.exists()


def test_one_strong_sign_waits_a_minute_and_then_counts(nora: Enrolment):
    hasty = "score=9&comment=Quick&conduct=touch+300+80+0+0"
    Client(headers=CHROME).post(survey_path(nora), hasty, content_type=FORM)
    assert Response.objects.get().validity == "provisional"

    assert operations.settle(now=NOW + timedelta(seconds=59)) == 0
    assert operations.settle(now=NOW + timedelta(seconds=60)) == 1

    kept = Response.objects.get()
    assert kept.validity == "counted"
    assert "act" not in kept.evidence, "who did it how is kept no longer"


def test_one_strong_sign_and_links_that_are_followed_afterwards_make_it_automated(nora: Enrolment):
    path = survey_path(nora)
    robot = Client(headers=CHROME)
    robot.post(path, "score=9&comment=x&conduct=touch+300+80+0+0", content_type=FORM)
    with clock.at(NOW + timedelta(seconds=3)):
        robot.get(f"{path}/all")

    operations.settle(now=NOW + timedelta(minutes=2))

    assert Response.objects.get().validity == "quarantined"


def test_a_manager_counts_an_answer_with_a_reason(people: People, nora: Enrolment):
    kept = automated(nora)
    max_ = people.client(people.max)
    with jobs.inline() as queue:
        page = max_.post(
            f"{ASIDE}decide/",
            {"answers": [kept.public_id], "why": "She told me.", "decision": "accept"},
            follow=True,
        )
        queue.run()

    assert "1 answer counts now and has a case." in page.content.decode()
    kept.refresh_from_db()
    nora.refresh_from_db()
    assert (kept.validity, nora.state) == ("counted", "answered")
    assert Case.objects.get().response == kept
    fact = Fact.objects.get(name="response.accepted")
    assert (fact.payload["why"], fact.actor) == ("She told me.", f"member:{people.max.public_id}")


def test_what_is_discarded_stays_named_and_can_be_taken_back(people: People, nora: Enrolment):
    kept = automated(nora)
    max_ = people.client(people.max)
    max_.post(
        f"{ASIDE}decide/",
        {"answers": [kept.public_id], "why": "Their guard.", "decision": "discard"},
    )

    kept.refresh_from_db()
    assert kept.validity == "discarded"
    assert insights.report(workspace=people.workspace)["suspected_automated"] == 1
    page = max_.get(f"{ASIDE}?show=discarded").content.decode()
    assert "Their guard." in page
    operations.accept_answer(response=kept, why="No.", actor=SYSTEM, now=NOW)
    assert insights.report(workspace=people.workspace)["n"] == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"why": "x", "decision": "accept"}, "Choose at least one answer."),
        ({"answers": ["rsp_x"], "decision": "accept"}, "Say why"),
        ({"answers": ["rsp_x"], "why": "x" * 301, "decision": "accept"}, "at most 300"),
        ({"answers": ["rsp_gone"], "why": "x", "decision": "discard"}, "There is no such answer."),
    ],
)
def test_a_decision_without_an_answer_or_a_reason_says_so(people: People, fields, sentence):
    page = people.client(people.max).post(f"{ASIDE}decide/", fields, follow=True)
    assert sentence in page.content.decode()


def test_others_see_the_list_and_decide_nothing(people: People, nora: Enrolment):
    kept = automated(nora)
    vic = people.client(people.vic)

    page = vic.get(ASIDE).content.decode()

    assert "Nora Lindqvist" in page
    assert "names itself, and is no browser" in page
    assert "discard" not in page.partition("<main")[2].replace("show=discarded", "")
    fields = {"answers": [kept.public_id], "why": "x", "decision": "accept"}
    assert vic.post(f"{ASIDE}decide/", fields).status_code == 403


@pytest.mark.parametrize("address", ["pulse/", "programs/relationship/", "programs/wave/"])
def test_every_score_says_what_is_beside_it(people: People, nora: Enrolment, address: str):
    automated(nora)
    if address == "programs/wave/":
        address = f"programs/waves/{nora.wave.public_id}/"

    page = people.client(people.vic).get(f"/w/harbourline/{address}").content.decode()

    assert "uspected automated: 1" in page


def test_the_list_is_narrowed_to_a_wave_and_downloaded(people: People, nora: Enrolment):
    later = launch_wave(people.workspace)
    omar = enrol(people, email="omar@quayside.example", name="=Omar", wave=later)
    automated(nora, score=2)
    automated(omar, score=10)
    vic = people.client(people.vic)
    wave = f"wave={later.public_id}"

    shown = vic.get(f"{ASIDE}?{wave}").content.decode()
    whole = vic.get(f"{ASIDE}download/?show=quarantined")
    part = vic.get(f"{ASIDE}download/?show=quarantined&{wave}")
    none = vic.get(f"{ASIDE}download/?show=discarded")

    assert "=Omar" in shown
    assert "Nora" not in shown
    rows = table(whole)
    assert [row["name"] for row in rows] == ["'=Omar", "Nora Lindqvist"]
    assert (rows[1]["score"], rows[1]["validity"]) == ("2", "quarantined")
    assert "names itself, and is no browser" in rows[1]["what_was_seen"]
    assert rows[1]["received_at"] == "2026-05-04T09:00:00+00:00"
    assert [row["wave"] for row in table(part)] == [str(later.number)]
    assert table(none) == []


def table(download: HttpResponseBase) -> list[dict[str, str]]:
    assert isinstance(download, StreamingHttpResponse)
    text = download.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_wave_links_to_what_is_set_aside_of_it(people: People, nora: Enrolment):
    automated(nora)
    vic = people.client(people.vic)
    page = vic.get(f"/w/harbourline/programs/waves/{nora.wave.public_id}/").content.decode()
    assert f'href="{ASIDE}?wave={nora.wave.public_id}"' in page


def test_a_wave_of_somebody_else_is_not_there(people: People):
    theirs = launch_wave(people.elsewhere)
    vic = people.client(people.vic)
    for address in (ASIDE, f"{ASIDE}download/"):
        assert vic.get(f"{address}?wave={theirs.public_id}").status_code == 404


def test_the_api_tells_of_it_too(people: People, nora: Enrolment, api_key: str):
    kept = automated(nora)
    client = Client(headers={"Authorization": f"Bearer {api_key}"})

    score = client.get("/api/v1/nps?by=contact.language").json()
    listed = client.get("/api/v1/responses").json()["data"]
    aside = client.get("/api/v1/responses?validity=quarantined").json()["data"]

    assert (score["n"], score["suspected_automated"], score["provisional"]) == (0, 1, 0)
    assert score["by"]["en"]["suspected_automated"] == 1
    assert listed == []
    assert [(one["id"], one["validity"]) for one in aside] == [(kept.public_id, "quarantined")]


def test_fetches_are_bounded_say_nothing_of_the_person_and_are_forgotten(nora: Enrolment):
    reader = Client(headers=CHROME, REMOTE_ADDR="198.51.100.7")
    for _ in range(MOST_AN_HOUR + 5):
        reader.get(survey_path(nora))

    assert Visit.objects.count() == MOST_AN_HOUR
    stored = json.dumps(list(Visit.objects.values()), default=str)
    assert "198.51" not in stored
    assert "Chrome" not in stored
    operations.forget_visits(now=NOW + timedelta(days=31))
    assert not Visit.objects.exists()


def test_who_is_erased_leaves_no_visits(people: People, nora: Enrolment):
    omar = enrol(people, email="omar@quayside.example", name="Omar Haddad")
    for enrolment in (nora, omar):
        Client(headers=CHROME).get(survey_path(enrolment))
    Contact.objects.filter(pk=nora.contact_id).update(erased_at=NOW, email=None, name="")

    assert Client(headers=CHROME).get(survey_path(nora)).status_code == 404
    assert operations.forget_visits(now=NOW) == 1

    assert [visit.enrolment for visit in Visit.objects.all()] == [omar]


def test_who_is_deleted_leaves_no_visits(nora: Enrolment):
    Client(headers=CHROME).get(survey_path(nora))
    nora.contact.delete()
    assert not Visit.objects.exists()
