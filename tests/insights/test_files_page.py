"""Analyse a file: what is not clear is asked, nothing enters the workspace, nothing stays."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import expect

from afterscore.insights.files import findings, reading, sheets
from afterscore.insights.models import FileAnalysis
from afterscore.insights.operations import filing
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from tests.browser import OpenPage, axe, screen_overflow
from tests.insights import test_reports
from tests.people import People

pytestmark = pytest.mark.django_db
FILES = "/w/harbourline/files/"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "held"


@pytest.fixture
def ana(people: People) -> Client:
    return people.client(people.ana)


def upload(client: Client, content: bytes, name: str = "answers.csv") -> Any:
    given = SimpleUploadedFile(name, content)
    return client.post(f"{FILES}upload/", {"file": given}, follow=True)


def answers(tmp_path: Path) -> bytes:
    return test_reports.written(tmp_path).read_bytes()


def held(tmp_path: Path) -> list[str]:
    folder = tmp_path / "held" / "analyses"
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def choose(client: Client, **said: str) -> Any:
    """Says of each column what it was taken for, but for `said`."""
    analysis = FileAnalysis.objects.get()
    columns = {
        f"column-{place}": said.pop(column["name"], column["role"])
        for place, column in enumerate(analysis.look["columns"])
    }
    return client.post(f"{FILES}{analysis.public_id}/choose/", columns | said, follow=True)


def test_guesses_are_shown_before_anything_is_counted(ana: Client, tmp_path: Path) -> None:
    page = upload(ana, answers(tmp_path)).content.decode()
    assert "What the columns hold" in page
    assert "It took far too long" in page  # such as
    assert '<option value="score" selected>' in page
    assert FileAnalysis.objects.get().findings is None
    page = choose(ana).content.decode()
    assert "The score is +29." in page
    assert "What this file cannot say" in page
    assert Fact.objects.filter(name="file.analysed").count() == 1


def test_what_is_left_out_is_not_guessed_again(ana: Client, tmp_path: Path) -> None:
    upload(ana, answers(tmp_path))
    choose(ana, Region="", Date="", Left="")
    found = FileAnalysis.objects.get().findings
    assert found is not None
    assert (found["segments"], found["trend"]) == ([], None)


def test_dates_that_can_be_read_in_two_ways_are_asked(ana: Client) -> None:
    lines = ["Date,NPS", *(f"0{1 + n % 9}/0{1 + n % 7}/2025,{n % 11}" for n in range(200))]
    page = upload(ana, "\n".join(lines).encode()).content.decode()
    assert "can be read in two ways" in page
    page = choose(ana).content.decode()
    assert "can be read in two ways" in page
    assert FileAnalysis.objects.get().state == FileAnalysis.State.ASKING
    choose(ana, dates="mdy")
    assert FileAnalysis.objects.get().state == FileAnalysis.State.DONE


def test_a_scale_of_five_steps_is_asked_in_words_of_the_page(ana: Client) -> None:
    upload(ana, "\n".join(["NPS", *(str(1 + n % 5) for n in range(200))]).encode())
    page = choose(ana).content.decode()
    assert "choose “1 to 5” below" in page
    assert "--scale" not in page
    assert "asked on a scale of 1 to 5" in choose(ana, scale="1-5").content.decode()


def test_no_or_two_scores_are_asked_about(ana: Client, tmp_path: Path) -> None:
    upload(ana, answers(tmp_path))
    assert "Say which column holds the score" in choose(ana, NPS="").content.decode()
    assert (
        "Only one column can be the score"
        in choose(ana, NPS="score", Region="score").content.decode()
    )


def test_a_large_file_is_counted_by_a_job(
    ana: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "AT_ONCE", 100)
    upload(ana, answers(tmp_path))
    with jobs.inline() as queue:
        page = choose(ana).content.decode()
        assert "Counting 240 rows" in page
        queue.run()
    assert FileAnalysis.objects.get().state == FileAnalysis.State.DONE


def test_findings_can_be_taken_along(ana: Client, tmp_path: Path) -> None:
    upload(ana, answers(tmp_path))
    choose(ana)
    base = f"{FILES}{FileAnalysis.objects.get().public_id}/"
    assert json.loads(ana.get(f"{base}report/json/").content)["overall"]["n"] == 240
    assert b"+29" in ana.get(f"{base}report/html/").content
    assert ana.get(f"{base}report/pdf/").content.startswith(b"%PDF")
    assert ana.get(base, {"chart": "by-1", "as": "csv"}).content.decode().count("\n") == 3
    assert ana.get(f"{base}report/exe/").status_code == 404


def test_the_report_is_taken_along_in_ones_own_language(
    people: People, ana: Client, tmp_path: Path
) -> None:
    people.ana.language = "de"
    people.ana.save()
    upload(ana, answers(tmp_path))
    page = choose(ana).content.decode()
    assert "What this file cannot say" in page, "pages are in English"
    assert '<option value="de" lang="de" selected>Deutsch</option>' in page
    report = f"{FILES}{FileAnalysis.objects.get().public_id}/report/html/"
    german = ana.get(report, {"language": "de"}).content.decode()
    assert '<html lang="de"' in german
    assert "Was diese Datei nicht sagen kann" in german
    assert '<html lang="en"' in ana.get(report, {"language": "klingon"}).content.decode()


def test_an_analysis_from_before_there_were_languages_offers_none(
    ana: Client, tmp_path: Path
) -> None:
    upload(ana, answers(tmp_path))
    choose(ana)
    analysis = FileAnalysis.objects.get()
    analysis.findings = {**(analysis.findings or {}), "said": []}
    analysis.save()
    page = ana.get(f"{FILES}{analysis.public_id}/").content.decode()
    assert "Take it along" not in page
    assert "What this file cannot say" in page


def test_the_file_goes_after_a_day_and_the_findings_after_a_month(
    ana: Client, tmp_path: Path
) -> None:
    upload(ana, answers(tmp_path))
    choose(ana)
    assert len(held(tmp_path)) == 1
    now = clock.now()
    filing.forget_old_files(now=now + timedelta(hours=23))
    assert len(held(tmp_path)) == 1
    filing.forget_old_files(now=now + timedelta(hours=25))
    assert held(tmp_path) == []
    assert (
        "The score is +29."
        in ana.get(f"{FILES}{FileAnalysis.objects.get().public_id}/").content.decode()
    )
    filing.forget_old_files(now=now + timedelta(days=31))
    assert not FileAnalysis.objects.exists()


def test_both_go_at_once_when_somebody_says_so(ana: Client, tmp_path: Path) -> None:
    upload(ana, answers(tmp_path))
    ana.post(f"{FILES}{FileAnalysis.objects.get().public_id}/forget/")
    assert held(tmp_path) == []
    assert not FileAnalysis.objects.exists()


REAL = {
    "carpentries_longterm_nps.csv": {},
    "ecsi_mobi.csv": {"CUSL3": "score"},
    "garden_fr_nps.csv.gz": {},
    "ibm_telco_v11.csv.gz": {"Satisfaction Score": "score", "Churn Value": "churn", "scale": "1-5"},
    "rpkg_nps_testdata.csv": {},
    "skytrax_airline_sample.csv.gz": {},
    "skytrax_seat.csv.gz": {},
}


@pytest.mark.parametrize(("name", "said"), REAL.items())
def test_real_files_are_read_as_by_the_command(
    ana: Client, real_data: Path, name: str, said: dict[str, str]
) -> None:
    upload(ana, (real_data / "datasets" / name).read_bytes(), name)
    page = choose(ana, **said).content.decode()
    analysis = FileAnalysis.objects.get()
    assert analysis.problem == ""
    assert analysis.findings is not None
    found = findings.read(analysis.findings)
    assert found.overall.n + sum(each.count for each in found.missing) == found.file["rows"]
    assert found.file["name"] == name
    assert f"{found.overall.n:,} answers" in page


def sheet_of(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b" " * size)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bomb.csv.gz", gzip.compress(b"NPS\n" + b"9\n" * 400_000), "unpacks to more than"),
        ("bomb.xlsx", sheet_of(400_000), "unpacks to more than"),
        ("broken.csv.gz", b"\x1f\x8b\x08\x00nonsense", "cannot be unpacked"),
        ("broken.xlsx", b"PK\x03\x04 nothing", "cannot be read as a spreadsheet"),
        ("broken.parquet", b"PAR1 nothing", "cannot be read as Parquet"),
        ("a.pdf", b"%PDF-1.7", "This is a PDF file"),
        ("wide.csv", b",".join(b"c%d" % n for n in range(600)) + b"\n1\n", "600 columns"),
        ("../../evil.csv", b"", "empty"),
    ],
)
def test_files_that_would_hurt_are_refused_and_gone(  # noqa: PLR0917 (a table's row)
    ana: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    says: str,
) -> None:
    monkeypatch.setattr(reading, "MOST_UNPACKED", 200_000)
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 200_000)
    answer = upload(ana, content, name)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "fil_" not in answer.content.decode().partition("message-error")[2][:400]
    assert held(tmp_path) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_the_upload_to_the_findings_in_a_browser(
    people: People, open_page: OpenPage, tmp_path: Path
) -> None:
    session = people.client(people.ana).cookies["session"].value
    path = test_reports.written(tmp_path)
    for width, dark in ((1440, False), (390, True)):
        page = open_page(width=width, dark=dark)
        cookie = {"name": "session", "value": session, "domain": "localhost", "path": "/"}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(FILES)
        assert axe(page) == []
        page.get_by_label("File", exact=True).set_input_files(path)
        page.get_by_role("button", name="Upload and look at it").click()
        expect(page.get_by_role("heading", name="What the columns hold")).to_be_visible()
        assert axe(page) == []
        assert screen_overflow(page) == 0
        page.get_by_role("button", name="Analyse", exact=True).click()
        expect(page.locator("[data-drawn=yes]")).to_have_count(4)
        assert axe(page) == []
        assert screen_overflow(page) == 0
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/file-{width}.png", full_page=True)
