"""`afterscore contacts import`, as it is run in a shell; and killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from afterscore.customers.models import Contact, Import, Refusal
from afterscore.journal.models import Fact
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 20_000


@pytest.fixture
def shell(tmp_path: Path, people: People) -> dict[str, str]:
    """The environment of a command that works on the database of this test."""
    database = connection.settings_dict
    options = f"host={quote(str(database['HOST']))}&user={quote(str(database['USER']))}"
    if database["PORT"]:
        options += f"&port={database['PORT']}"
    if database["PASSWORD"]:
        options += f"&password={quote(str(database['PASSWORD']))}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql:///{database['NAME']}?{options}",
        "AFTERSCORE_DATA_DIR": str(tmp_path / "data"),
    }


def _command(file: Path, *options: str) -> list[str]:
    command = [sys.executable, "-m", "afterscore", "contacts", "import", file.name]
    return [*command, "--workspace", "harbourline", *options]


def _run(shell: dict[str, str], file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(file, *options), env=shell, cwd=file.parent, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def _file(folder: Path, text: str) -> Path:
    path = folder / "customers.csv"
    path.write_text(text)
    return path


def test_a_good_file_ends_with_status_0(tmp_path: Path, shell: dict[str, str]) -> None:
    file = _file(tmp_path, "Email,Company,MRR\nana@x.example,Acme,10\n")
    done = _run(shell, file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "  MRR: Recurring revenue a month (counted twelve times)\n"
        "1 created, 0 updated, 0 unchanged, 0 refused; 1 accounts created.\n"
    )
    assert not list(tmp_path.glob("data/files/imports/*"))


def test_refused_rows_end_with_status_1_and_lie_in_a_file(
    tmp_path: Path, shell: dict[str, str]
) -> None:
    file = _file(tmp_path, "Email,Language\nana@x.example,en\nbo@x.example,klingon\n")
    done = _run(shell, file, "--refused", "mend.csv")
    assert done.returncode == 1
    assert "row 3, Language: “klingon” is not a language" in done.stdout
    assert "All refused rows, with the reasons: mend.csv" in done.stdout
    assert "bo@x.example,klingon,3," in (tmp_path / "mend.csv").read_text()


@pytest.mark.parametrize(
    "case",
    [
        ("", (), "The file is empty."),
        ("Name\nAna\n", (), "No column holds the e-mail address."),
        (
            "Email,Company,Renewal\na@x.example,Acme,03/04/2026\n",
            (),
            "Use --dates dmy or --dates mdy.",
        ),
        ("Email\na@x.example\n", ("--map", "map.yaml"), "map.yaml: The file has no column “Mail”."),
        ("Email\na@x.example\n", ("--refused",), "requires an argument"),
    ],
)
def test_what_cannot_be_used_ends_with_status_2(
    tmp_path: Path, shell: dict[str, str], case: tuple[str, tuple[str, ...], str]
) -> None:
    text, options, message = case
    (tmp_path / "map.yaml").write_text("Mail: email\n")
    done = _run(shell, _file(tmp_path, text), *options)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not Import.objects.exists()
    assert not list(tmp_path.glob("data/files/imports/*"))


def test_a_dry_run_prints_json_and_leaves_no_trace(tmp_path: Path, shell: dict[str, str]) -> None:
    file = _file(tmp_path, "Mail,Firma,Datum\na@x.example,Acme,03/04/2026\nnobody,,\n")
    (tmp_path / "map.yaml").write_text("Datum: account.renewal_on\n")
    done = _run(shell, file, "--dry-run", "--json", "--map", "map.yaml", "--dates", "dmy")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["dry_run"], told["created"], told["refused"]) == (True, 1, 1)
    assert told["mapping"]["Datum"] == "account.renewal_on"
    assert told["refusals"][0]["row"] == 3
    assert not Contact.objects.exists()
    assert not Import.objects.exists()


def test_accounts_can_be_left_as_they_are(tmp_path: Path, shell: dict[str, str]) -> None:
    done = _run(shell, _file(tmp_path, "Email,Company\na@x.example,Acme\n"), "--no-new-accounts")
    assert done.returncode == 1
    assert "There is no such account, and this import adds none." in done.stdout


def _large_file(folder: Path) -> Path:
    """Every tenth row is refused: half of those for their language, half as repeated."""
    lines = ["Email,Company,Language"]
    for number in range(ROWS):
        language = "klingon" if number % 20 == 5 else "en"
        who = 0 if number % 20 == 15 else number
        lines.append(f"user{who}@x.example,Company {number % 500},{language}")
    return _file(folder, "\n".join(lines))


def test_an_import_that_was_killed_goes_on_where_it_stopped(
    tmp_path: Path, shell: dict[str, str]
) -> None:
    file = _large_file(tmp_path)
    process = subprocess.Popen(_command(file), env=shell, cwd=tmp_path)
    deadline = time.monotonic() + 120
    while not Import.objects.filter(done_rows__gt=0).exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()

    stopped = Import.objects.get()
    assert stopped.state == Import.State.RUNNING
    assert 0 < stopped.done_rows < ROWS
    assert stopped.created + stopped.refused == stopped.done_rows
    assert Contact.objects.count() == stopped.created

    done = _run(shell, file, "--json")
    told = json.loads(done.stdout)
    assert done.stderr == f"Going on after row {stopped.done_rows:,} of customers.csv.\n"
    assert (told["id"], told["created"], told["updated"], told["unchanged"], told["refused"]) == (
        stopped.public_id, ROWS * 9 // 10, 0, 0, ROWS // 10,
    )  # fmt: skip
    assert Contact.objects.count() == ROWS * 9 // 10
    assert Refusal.objects.values("row").distinct().count() == Refusal.objects.count() == ROWS // 10
    assert Fact.objects.filter(name="customers.imported").count() == 1


def test_an_import_runs_once_at_a_time(tmp_path: Path, shell: dict[str, str]) -> None:
    file = _large_file(tmp_path)
    first = subprocess.Popen(_command(file), env=shell, cwd=tmp_path, stdout=subprocess.DEVNULL)
    while not Import.objects.filter(state=Import.State.RUNNING).exists():
        assert first.poll() is None
        time.sleep(0.005)
    second = _run(shell, file)
    assert first.wait() == 1
    assert second.returncode == 2
    assert "This import is running already." in second.stderr
    assert Contact.objects.count() == ROWS * 9 // 10
