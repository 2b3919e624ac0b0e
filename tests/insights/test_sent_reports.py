"""Reports: what they say, who gets them, when, and each once."""

from __future__ import annotations

import email
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterscore.cases import languages as case_languages
from afterscore.cases.operations.notices import NotTaken
from afterscore.domain.bulletins import Bulletin, Line, Section, as_text
from afterscore.domain.compare import Change
from afterscore.domain.departments import Department
from afterscore.domain.mentions import Change as ThemeChange
from afterscore.insights import languages
from afterscore.insights.composition import documents, letters, telling
from afterscore.insights.composition.telling import Teller
from afterscore.insights.languages import figures
from afterscore.insights.models import Edition, Reader, Report
from afterscore.insights.operations import reports
from afterscore.insights.queries import reporting
from afterscore.journal.models import Fact
from afterscore.kit import jobs, lettering
from afterscore.kit.errors import Refused
from afterscore.outreach.composition import bulletins
from afterscore.programs.models import Wave
from afterscore.responses.models import Response
from afterscore.surveys import languages as known
from afterscore.workspaces.models import Member
from tests.cases.answers import by, open_for
from tests.outreach import mail_server
from tests.people import NOW, People

TUESDAY = NOW + timedelta(days=1)
NEXT_MONDAY = NOW + timedelta(days=7)
SATURDAY = NOW + timedelta(days=5)
NEWS = Path(case_languages.__file__).parent / "told"


@pytest.fixture
def server(settings: Any, people: People) -> Iterator[mail_server.MailServer]:
    with mail_server.running() as running:
        settings.AFTERSCORE_CHANNEL = "smtp"
        settings.AFTERSCORE_SMTP_URL = f"smtp://127.0.0.1:{running.port}"
        yield running


def begin(people: People, *readers: Member, **changes: Any) -> Report:
    given = {
        "name": "The week",
        "department": Department.LEADERSHIP,
        "every": Report.Every.WEEK,
        "readers": readers or (people.vic,),
    } | changes
    return reports.save_report(workspace=people.workspace, actor=by(people.max), now=NOW, **given)


def answers(people: People, *scores: int, now: datetime = NOW, comment: str = "") -> None:
    for score in scores:
        open_for(people, score=score, comment=comment, now=now)


def told(people: People, until: datetime = NEXT_MONDAY, language: str = "en") -> Teller:
    contents = reporting.report_week(
        workspace=people.workspace, department=Department.LEADERSHIP, until=until
    )
    return letters.teller_of(contents, languages.choose(language))


def text_of(teller: Teller) -> str:
    return as_text(telling.tell(teller, name="The week", stop="https://stop", pictures={}))


def morning(now: datetime) -> None:
    """What the worker does every five minutes."""
    with jobs.inline() as queue:
        reports.plan_editions(now=now)
        names = [arguments["edition"] for _name, arguments in queue.jobs]
        queue.jobs.clear()
    for name in names:
        reports.send_edition(public_id=name, now=now)


def mails(server: mail_server.MailServer) -> list[EmailMessage]:
    return [email.message_from_bytes(each, policy=modern) for each in server.accepted]


def test_the_answer_stands_in_the_subject_and_the_verdict_below(people: People) -> None:
    answers(people, *[10] * 30, *[3] * 10)
    teller = told(people)
    measured = teller.contents.measured
    assert measured.tally.score == 50
    assert telling.subject(teller) == (
        f"Harbourline: +50 (+{round(measured.low or 0)} to +{round(measured.high or 0)})"
    )
    assert "Nothing to compare with yet." in text_of(teller)


def test_a_change_is_called_real_only_where_it_is(people: People) -> None:
    answers(people, *[3] * 40)
    Response.objects.update(received_at=NOW - timedelta(days=100))
    answers(people, *[10] * 40)
    assert telling.verdict(told(people)).startswith("A real change: +200 points")
    few = told(people, until=NOW - timedelta(days=60))
    assert few.contents.before.tally.n == 0


def test_everybody_is_counted_silent_ones_beside_speaking_ones(people: People) -> None:
    answers(people, 10, 9, 3)
    answers(people, 4, comment="The report is late")
    text = text_of(told(people))
    assert "Loops closed: 0 of 4 (0\N{NARROW NO-BREAK SPACE}%)" in text
    assert "Without a comment: 0 of 3 · With a comment: 0 of 1" in text.replace(
        "With a comment: 0 of 1 · Without a comment: 0 of 3",
        "Without a comment: 0 of 3 · With a comment: 0 of 1",
    )


def test_without_answers_it_says_so_and_draws_nothing(people: People) -> None:
    teller = told(people)
    assert telling.subject(teller) == "Harbourline: no answers yet"
    assert letters.pictures(teller) == {}
    assert documents.pdf(teller).startswith(b"%PDF-")


def test_people_are_not_named_where_it_is_passed_on(people: People) -> None:
    open_for(people, score=2, comment="The report is late", name="Nora Lindqvist")
    assert "Nora" not in text_of(told(people))


@pytest.mark.parametrize("code", languages.available())
def test_it_is_written_in_every_language_there_is(people: People, code: str) -> None:
    answers(people, *[10] * 5, 3)
    teller = told(people, language=code)
    html = bulletins.html(telling.tell(teller, name="X", stop="#", pictures={}))
    assert f'<html lang="{code}" dir="{teller.phrases.direction}"' in html


def test_reports_are_written_in_every_language_that_surveys_are() -> None:
    assert languages.available() == known.available()
    assert len(languages.available()) == 44


@pytest.mark.parametrize("code", languages.available())
def test_each_language_has_each_phrase_and_its_places(code: str) -> None:
    own, english = languages.choose(code).texts, languages.choose("en").texts
    assert own.keys() == english.keys()
    for key, text in english.items():
        assert set(re.findall(r"{\w+}", own[key])) == set(re.findall(r"{\w+}", text)), key
        assert own[key].strip()
        assert not set(own[key]) & set("!\"'"), key
        assert not re.search(r"\s\s", own[key]), key


@pytest.mark.parametrize("code", languages.available())
def test_no_phrase_is_left_in_english(code: str) -> None:
    own, english = languages.choose(code).texts, languages.choose("en").texts
    same = {key: re.sub(r"{\w+}", "", text) for key, text in own.items() if text == english[key]}
    left = {key for key, text in same.items() if len(re.findall(r"[^\W\d]+", text)) > 1}
    assert code == "en" or not left


@pytest.mark.parametrize("code", languages.available())
def test_words_of_customers_stand_in_the_quotation_marks_of_the_language(code: str) -> None:
    marks = languages.choose(code).say("quoted", words="")
    told_in = json.loads((NEWS / f"{code}.json").read_text("utf-8"))["body"]
    opening, closing = marks[0], marks[-1]
    assert re.search(rf"{opening}\s?{{{{ comment }}}}\s?{closing}", told_in)


def test_signs_stay_before_their_numbers_where_letters_run_to_the_left() -> None:
    arabic, english = languages.choose("ar"), languages.choose("en")
    assert figures.score(english, 50) == "+50"
    assert figures.score(arabic, 50) == "\u200e+50"
    assert figures.score(arabic, -50) == "\u200e\u221250"
    assert figures.score(arabic, 0) == "0"
    assert figures.limit(english, 0.04) == "+0"
    assert figures.limit(english, -0.3) == "\u22120.3"


def test_serbian_months_are_in_the_letters_of_its_phrases() -> None:
    assert figures.day(languages.choose("sr"), NOW.date(), ZoneInfo("UTC")).isascii()


def test_a_date_that_ends_with_a_full_stop_gets_no_second(people: People) -> None:
    answers(people, 10)
    for code in ("hr", "bg", "sr", "lt"):
        assert ".." not in telling.lead(told(people, language=code)), code


@pytest.mark.parametrize(
    ("code", "small", "capitals"),
    [
        ("tr", "Risk: iş", "RİSK: İŞ"),
        ("el", "Τι έγινε, Μαΐου", "ΤΙ ΕΓΙΝΕ, ΜΑΪΟΥ"),
        ("en", "i", "I"),
    ],
)
def test_titles_in_capitals_are_spelled_as_the_language_does(
    code: str, small: str, capitals: str
) -> None:
    section = Section(small, (Line("x"),))
    assert capitals in as_text(Bulletin("Title", (section,), language=code))


def test_each_language_is_set_in_its_own_letters_first() -> None:
    cjk = {
        code: next(f for f in lettering.fonts(code) if "CJK" in f) for code in ("ja", "ko", "de")
    }
    assert cjk == {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR", "de": "Noto Sans CJK SC"}


@pytest.mark.parametrize(
    "value",
    [
        Change.RISE, Change.FALL, Change.NOISE, ThemeChange.MORE, ThemeChange.FEWER,
        *(each for each in Department if each is not Department.LEADERSHIP),
    ],
)  # fmt: skip
def test_what_the_domain_decides_has_a_phrase(value: str) -> None:
    assert languages.choose("en").texts[str(value)]


def test_the_pdf_is_tagged_and_the_slides_are_pictures(people: People) -> None:
    answers(people, *[10] * 5, 3)
    teller = told(people)
    pdf = documents.pdf(teller)
    assert b"pdfuaid" in pdf
    assert b"/StructTreeRoot" in pdf or b"/MarkInfo" in pdf
    packed = zipfile.ZipFile(io.BytesIO(documents.slides_zip(teller)))
    assert len(packed.namelist()) >= 2
    assert all(packed.read(name).startswith(b"\x89PNG") for name in packed.namelist())


@pytest.mark.parametrize("code", ["hi", "bn", "th"])
def test_drawings_in_joined_letters_are_drawn_in_the_pdf_and_not_pictured(
    people: People, code: str
) -> None:
    answers(people, *[10] * 5, 3)
    pdf = documents.pdf(told(people, language=code))
    assert b"pdfuaid" in pdf
    assert b"/Subtype/Image" not in pdf


def test_letters_that_no_font_has_do_not_keep_the_pdf_away(people: People) -> None:
    answers(people, 3, comment="Late \U0010fff0 again \U0001f9ff, 遅い")
    assert documents.pdf(told(people)).startswith(b"%PDF-")


def test_a_reader_gets_one_mail_a_week_with_pictures_and_pdf(
    people: People, server: mail_server.MailServer
) -> None:
    answers(people, *[10] * 5, 3, now=NOW - timedelta(days=1))
    begin(people, has_pdf=True)
    morning(NOW)
    morning(NOW + timedelta(minutes=5))
    (mail,) = mails(server)
    assert mail["To"] == "Vic <vic@harbourline.example>"
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "image/png", "application/pdf"]
    html = mail.get_body(("html",))
    assert html is not None
    assert 'src="cid:score"' in html.get_content()
    picture = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<score>"
    assert picture.get_content().startswith(b"\x89PNG")
    morning(NEXT_MONDAY)
    assert len(server.accepted) == 2


def test_it_waits_for_its_day_and_for_a_day_of_work(
    people: People, server: mail_server.MailServer
) -> None:
    begin(people, weekday=1)
    morning(NOW)
    assert not server.accepted
    morning(TUESDAY)
    assert len(server.accepted) == 1
    begin(people, name="Saturdays", weekday=5)
    morning(SATURDAY)
    assert len(server.accepted) == 1


def test_a_wave_that_has_ended_is_told_of_once(
    people: People, server: mail_server.MailServer
) -> None:
    answers(people, *[10] * 5, 3)
    begin(people, every=Report.Every.WAVE)
    Wave.objects.update(state=Wave.State.CLOSED, closes_at=NOW + timedelta(hours=1))
    waves = Wave.objects.count()
    morning(TUESDAY)
    morning(TUESDAY + timedelta(minutes=5))
    assert len(server.accepted) == waves
    text = mails(server)[0].get_body(("plain",))
    assert text is not None
    assert "Relationship, wave 1." in text.get_content()


def test_whoever_stops_it_gets_no_more_and_can_begin_again(
    people: People, server: mail_server.MailServer
) -> None:
    report = begin(people, people.vic, people.ana)
    page = f"/w/harbourline/reports/{report.public_id}/stop/"
    client = people.client(people.vic)
    assert client.get(page).status_code == 200
    assert Reader.objects.filter(stopped_at=None).count() == 2
    client.post(page)
    morning(NOW)
    assert [mail["To"] for mail in mails(server)] == ["Ana <ana@harbourline.example>"]
    begin(people, people.vic, people.ana)
    client.post(page, {"begin": "1"})
    morning(NEXT_MONDAY)
    assert "Vic <vic@harbourline.example>" in [mail["To"] for mail in mails(server)]


def test_a_mail_that_was_refused_for_now_is_tried_again_and_a_doubtful_one_is_not(
    people: People, server: mail_server.MailServer
) -> None:
    report = begin(people)
    with jobs.inline():
        edition = reports.plan_trial(report=report, member=people.vic, now=NOW)
    server.says = {"DATA": "451 later"}
    with pytest.raises(NotTaken):
        reports.send_edition(public_id=edition.public_id, now=NOW)
    server.says = {}
    assert reports.send_edition(public_id=edition.public_id, now=NOW)
    assert not reports.send_edition(public_id=edition.public_id, now=NOW)
    Edition.objects.update(sent_at=None, begun_at=NOW, failed_why="")
    assert not reports.send_edition(public_id=edition.public_id, now=NOW)
    assert len(server.accepted) == 1


def test_each_reads_her_own_language(people: People, server: mail_server.MailServer) -> None:
    reports.choose_language(member=people.vic, language="English", actor=by(people.vic), now=NOW)
    people.vic.refresh_from_db()
    assert people.vic.language == "en"
    with pytest.raises(Refused):
        reports.choose_language(member=people.vic, language="tlh", actor=by(people.vic), now=NOW)


def test_everybody_reads_and_takes_along_and_managers_change(people: People) -> None:
    answers(people, *[10] * 5, 3)
    report = begin(people)
    base = f"/w/harbourline/reports/{report.public_id}/"
    viewer = people.client(people.vic)
    for page in ("", "mail/", "pdf/", "slides/"):
        assert viewer.get(base + page).status_code == 200, page
    for page in ("edit/", "remove/"):
        assert viewer.post(base + page).status_code == 403, page
    assert people.client(people.eve).get(base).status_code == 404
    manager = people.client(people.max)
    given = {
        "name": "Product", "department": "product", "every": "week", "weekday": "2",
        "readers": [people.vic.public_id, people.ana.public_id],
    }  # fmt: skip
    assert manager.post(base + "edit/", given).status_code == 302
    report.refresh_from_db()
    assert (report.name, report.weekday, report.department) == ("Product", 2, "product")
    assert manager.post(base + "edit/", given | {"readers": []}).status_code == 200
    manager.post(base + "remove/")
    assert not Report.objects.exists()
    names = Fact.objects.filter(name__startswith="report.").values_list("name", flat=True)
    assert list(names.order_by("id")) == ["report.saved", "report.saved", "report.removed"]
