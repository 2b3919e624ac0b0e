"""The whole way, by HTTP and SMTP: import, ask, answer, close the loop, see the score.

The answers are the first 500 of a real survey: ../shared/data/datasets/garden_fr_nps.csv.gz (CC0).
"""

from __future__ import annotations

import contextvars
import csv
import gzip
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from afterscore.cases.models import Case
from afterscore.config import workers
from afterscore.domain import nps
from afterscore.kit import clock
from afterscore.outreach import sender
from afterscore.outreach.models import Message, State
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response
from tests import people as cast
from tests.flows import forms, mailbox

ANSWERS = 500
LAUNCH = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)  # Monday, ten o'clock in Paris


@dataclass(frozen=True)
class Answer:
    email: str
    score: int
    comment: str


@pytest.fixture(scope="module")
def answers(real_data: Path) -> list[Answer]:
    found = []
    with gzip.open(real_data / "datasets" / "garden_fr_nps.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["nps"]:
                email = f"client{row['row']}@jardin.example"
                found.append(Answer(email, int(float(row["nps"])), row["verbatim"].strip()))
            if len(found) == ANSWERS:
                break
    return found


@pytest.fixture
def people(transactional_db: None) -> cast.People:
    return cast.invite_everybody()


@pytest.fixture
def post_office(settings: Any) -> Any:
    with mailbox.running() as (box, url):
        settings.AFTERSCORE_SMTP_URL = url
        settings.AFTERSCORE_CHANNEL = "smtp"
        yield box


def contacts_file(answers: list[Answer]) -> bytes:
    lines = ["email;nom;société;langue;fuseau horaire"]
    lines += [
        f"{a.email};Client {i};Jardin {i % 120};français;Europe/Paris"
        for i, a in enumerate(answers)
    ]
    return "\n".join(lines).encode("latin-1")


def work_through_jobs() -> None:
    """As the worker would, in a thread of its own that believes in the same time. Without waiting
    it goes home when it finds nothing at one moment, though a job may just be adding others."""
    for _round in range(5):
        context = contextvars.copy_context()
        with ThreadPoolExecutor(max_workers=1) as worker:
            worker.submit(context.run, workers.run_jobs, wait=False).result()
        if not _jobs_left():
            return


def _jobs_left() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL"
        )
        return int(cursor.fetchone()[0])


def import_contacts(client: Client, content: bytes) -> None:
    upload = SimpleUploadedFile("clients.csv", content, content_type="text/csv")
    page = client.get("/w/harbourline/customers/imports/")
    preview = forms.send(client, page, action="/upload/", file=upload)
    forms.send(client, preview, action="/launch/")
    work_through_jobs()


def test_from_a_file_of_customers_to_closed_cases_and_the_score(
    people: cast.People, post_office: mailbox.Mailbox, answers: list[Answer]
) -> None:
    max_ = people.client(people.max)
    with clock.at(LAUNCH):
        import_contacts(max_, contacts_file(answers))
        wave = launch_a_wave(max_)
    assert wave.eligible == ANSWERS

    with clock.at(LAUNCH + timedelta(minutes=5)):
        sender.drain(worker="test")
    assert len(post_office.mails) == ANSWERS
    assert Message.objects.filter(kind="invitation", state=State.SENT).count() == ANSWERS

    with clock.at(LAUNCH + timedelta(hours=3)):
        for answer in answers:
            give(answer, post_office)
        work_through_jobs()

    assert Response.objects.count() == ANSWERS
    assert Case.objects.count() == ANSWERS
    assert Enrolment.objects.filter(state=Enrolment.State.ANSWERED).count() == ANSWERS
    stored = dict(Response.objects.values_list("contact__email", "score"))
    assert stored == {answer.email: answer.score for answer in answers}

    expected = nps.tally(nps.histogram_of(answer.score for answer in answers)).score
    assert score_on_the_command_line(people) == expected
    with clock.at(LAUNCH + timedelta(hours=4)):
        pulse = people.client(people.vic).get("/w/harbourline/pulse/").content.decode()
    assert f"{expected:.0f}".replace("-", "−") in pulse
    seen = re.sub(r'<span class="visually-hidden">[^<]*</span>|<[^>]+>', "", pulse)
    assert f"{ANSWERS} of {ANSWERS} asked have answered" in seen

    close_one_loop(people, post_office, answers)


def launch_a_wave(client: Client) -> Wave:
    empty = client.get("/w/harbourline/programs/new/")
    saved = forms.send(client, empty, name="Relation", slug="relation")
    assert "/programs/relation/" in saved.redirect_chain[-1][0], saved.content.decode()[:3000]
    summary = client.get("/w/harbourline/programs/relation/launch/")
    forms.send(client, summary)
    return Wave.objects.get()


def give(answer: Answer, post_office: mailbox.Mailbox) -> None:
    """Opens the link of the chosen score in the mail, then sends the form as a browser would."""
    (mail,) = post_office.to(answer.email)
    link = mailbox.path(mailbox.score_links(mail)[answer.score])
    reader = Client(enforce_csrf_checks=True)
    page = reader.get(link)
    assert page.status_code == 200
    assert not Response.objects.filter(contact__email=answer.email).exists()
    forms.send(reader, page, comment=answer.comment, conduct="touch 2400 80 0 0")
    assert not reader.cookies


def score_on_the_command_line(people: cast.People) -> float:
    from afterscore.insights import queries

    report = queries.report(workspace=people.workspace)
    assert report["n"] == ANSWERS
    score: float = json.loads(json.dumps(report))["nps"]
    return score


def close_one_loop(
    people: cast.People, post_office: mailbox.Mailbox, answers: list[Answer]
) -> None:
    """The owner replies from the case; the customer gets a personal mail; the case is closed."""
    unhappy = next(a for a in answers if a.comment and nps.group_of(a.score) is nps.Group.DETRACTOR)
    case = Case.objects.select_related("owner").get(contact__email=unhappy.email)
    assert case.owner is not None
    ana = people.client(people.ana)
    page = f"/w/harbourline/inbox/{case.public_id}/"
    before = len(post_office.to(unhappy.email))
    with clock.at(LAUNCH + timedelta(hours=5)):
        assert unhappy.comment[:30] in ana.get(page).content.decode().replace("&#x27;", "'")
        shown = ana.get(page)
        text = "Bonjour {{ first_name }}, merci de votre franchise. Puis-je vous appeler demain ?"
        forms.send(ana, shown, action="/reply/", subject="Votre réponse", body=text)
        sender.drain(worker="test")
    mails = post_office.to(unhappy.email)
    assert len(mails) == before + 1
    assert "Bonjour Client" in mailbox.part(mails[-1], "plain")
    assert "List-Unsubscribe" not in mails[-1]
    with clock.at(LAUNCH + timedelta(days=1)):
        forms.send(ana, ana.get(page), action="/close/", outcome="solved", minutes="15")
    case.refresh_from_db()
    assert case.state == "closed"
    assert case.first_reply_at is not None


def test_whoever_unsubscribes_with_one_click_hears_no_more(
    people: cast.People, post_office: mailbox.Mailbox, answers: list[Answer]
) -> None:
    max_ = people.client(people.max)
    with clock.at(LAUNCH):
        import_contacts(max_, contacts_file(answers[:3]))
        launch_a_wave(max_)
        sender.drain(worker="test")
    (mail,) = post_office.to(answers[0].email)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mailbox.path(re.findall(r"<(https?://[^>]+)>", mail["List-Unsubscribe"])[0])
    reader = Client(enforce_csrf_checks=True)
    assert reader.get(link).status_code == 200
    reply = reader.post(
        link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert reply.status_code == 200
    with clock.at(LAUNCH + timedelta(hours=1)):  # the schedule closes waves by this clock
        work_through_jobs()
    with clock.at(LAUNCH + timedelta(days=8, hours=2)):
        sender.drain(worker="test")
    assert len(post_office.to(answers[0].email)) == 1
    assert len(post_office.to(answers[1].email)) == 2  # the invitation and one reminder


def test_the_command_line_has_a_help_for_everything() -> None:
    from afterscore.config.cli import COMMANDS, cli

    for name in COMMANDS:
        result = CliRunner().invoke(cli, [name, "--help"])
        assert result.exit_code == 0, f"{name}: {result.output}"
        assert "Usage:" in result.output
