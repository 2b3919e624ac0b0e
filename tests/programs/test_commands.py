"""`afterscore program …`, run inside the tests' own database."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from afterscore.config.cli import session
from afterscore.config.cli.programs import program
from afterscore.kit import clock
from afterscore.programs.models import Program, Wave
from tests.people import NOW, People
from tests.programs import scene


@pytest.fixture(autouse=True)
def same_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command would start and stop a server of its own."""

    @contextlib.contextmanager
    def running() -> Iterator[None]:
        yield

    monkeypatch.setattr(session, "database", running)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "relationship.yaml"
    path.write_text("name: Relationship\nslug: relationship\nobjective: Learn.\n")
    return path


def run(*arguments: object, typed: str = "") -> Result:
    words = [str(argument) for argument in arguments]
    with clock.at(NOW):
        return CliRunner().invoke(program, [*words, "-w", "harbourline"], input=typed)


def test_a_file_is_applied_once_and_then_as_it_is(people: People, file: Path):
    assert run("apply", file).output == "Created the program relationship.\n"
    again = "The program relationship is as the file says; nothing to change.\n"
    assert run("apply", file).output == again

    file.write_text(file.read_text() + "cadence: 182\n")
    assert run("apply", file).output == "Changed the program relationship: cadence.\n"
    assert Program.objects.get().cadence_days == 182


def test_a_dry_run_says_what_it_would_do_and_does_nothing(people: People, file: Path):
    assert run("apply", file, "--dry-run").output == "Would create the program relationship.\n"
    assert not Program.objects.exists()


def test_what_is_worth_a_second_thought_is_said(people: People, file: Path):
    file.write_text("name: R\nslug: r\nobjective: Learn.\npositioning: measurement\n")

    assert "Note on positioning: A measurement without" in run("apply", file).output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "name: R\nslug: r\naudience: {any: [{field: account.plann, is: x}]}\n",
            "audience.any[0].field: “account.plann” is not a field. Did you mean account.plan?",
        ),
        ("name: R\nslug: r\nmail: {body: '{{ nmae }}'}\n", "mail.body: Line 1: There is no field"),
        ("name: R\nname: S\n", "Line 2: “name” is there twice."),
        ("slug: r\n", "name: A program needs a name."),
        ("name: [\n", "Line 2, column 1"),
    ],
)
def test_an_error_is_one_line_that_names_the_file_and_the_path(
    people: People, file: Path, text: str, message: str
):
    file.write_text(text)

    result = run("apply", file)

    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {file}: {message}")
    assert result.output.count("\n") == 1
    assert not Program.objects.exists()


def test_a_file_that_is_no_text_is_refused(people: People, file: Path):
    file.write_bytes(b"\xff\xfe\x00name")

    result = run("apply", file)

    assert result.exit_code == 1
    assert result.output.count("\n") == 1


def test_a_launch_says_what_it_will_do_and_asks(people: People, file: Path):
    scene.contact(people.workspace)
    run("apply", file)

    refused = run("launch", "relationship", typed="n\n")
    assert "1 person will get an invitation on Monday 4 May 2026." in refused.output
    assert refused.exit_code == 1
    assert not Wave.objects.exists()

    result = run("launch", "relationship", typed="y\n")
    assert "Launched wave 1 of relationship: 1 asked, 0 not. wav_" in result.output
    assert Wave.objects.get().launched_by == "system"


def test_a_dry_launch_launches_nothing_and_a_sure_one_does_not_ask(people: People, file: Path):
    scene.contact(people.workspace)
    run("apply", file)

    assert "1 person will get an invitation" in run("launch", "relationship", "--dry-run").output
    assert not Wave.objects.exists()
    assert run("launch", "relationship", "--yes").output.startswith("Launched wave 1")


@pytest.mark.parametrize("option", ["--dry-run", "--yes"])
def test_a_launch_that_cannot_be_says_why_in_one_line(people: People, file: Path, option: str):
    run("apply", file)

    result = run("launch", "relationship", option)

    assert result.exit_code == 1
    assert result.output == ("Error: There is nobody to ask yet. Import your customers first.\n")


def test_a_program_that_is_not_there_is_named(people: People):
    result = run("launch", "onboarding")

    assert result.exit_code == 1
    assert "There is no program 'onboarding'" in result.output


def test_programs_are_listed_for_people_and_for_machines(people: People, file: Path):
    assert "No program yet" in run("list").output
    assert json.loads(run("list", "--json").output) == []
    scene.contact(people.workspace)
    run("apply", file)
    run("launch", "relationship", "--yes")

    assert "relationship" in run("list").output
    (row,) = json.loads(run("list", "--json").output)
    expected: dict[str, Any] = {
        "slug": "relationship",
        "name": "Relationship",
        "cadence_days": 90,
        "wave": 1,
        "state": "running",
        "asked": 1,
        "answered": 0,
        "response_rate": None,
        "next_wave_on": "2026-08-02",
    }
    assert row == expected
