"""What `afterscore doctor` says of the files of answers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from afterscore.config import doctor
from afterscore.config.cli import session
from afterscore.config.cli.checks import doctor as command
from afterscore.config.doctor import Finding
from afterscore.config.doctor import mart as shelves
from afterscore.insights.mart import files
from afterscore.insights.models import SealedMonth
from afterscore.insights.operations import sealing
from afterscore.insights.queries import sealed
from tests.insights.answering import APRIL, MARCH, said
from tests.people import NOW, People

pytestmark = pytest.mark.django_db


@pytest.fixture
def march(people: People) -> Path:
    """The file of March; that of April lies beside it."""
    said(people, 9, at=MARCH)
    said(people, 3, at=APRIL)
    seal(people)
    return min(files.folder_of(people.workspace).iterdir())


def seal(people: People, *, anew: bool = False) -> None:
    sealing.seal_workspace(workspace=people.workspace, now=NOW, anew=anew)


def told(*, thorough: bool = False, now: datetime = NOW) -> list[Finding]:
    return list(shelves.examine(now=now, thorough=thorough))


def worst(*, thorough: bool = False) -> Finding:
    (found,) = [each for each in told(thorough=thorough) if each.level != "ok"]
    return found


def lose(file: Path) -> None:
    file.unlink()


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 7)


def stretch(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"more")


def swap(file: Path) -> None:
    """The file of another month in its place, whole in itself."""
    shutil.copyfile(sorted(file.parent.iterdir())[1], file)


def move_away(file: Path) -> None:
    SealedMonth.objects.filter(path__endswith=file.name).update(path=f"elsewhere/{file.name}")


def lay_out_as_before(file: Path) -> None:
    SealedMonth.objects.filter(path__endswith=file.name).update(version=1)


def cut_by_other_days(file: Path) -> None:
    SealedMonth.objects.filter(path__endswith=file.name).update(time_zone="Pacific/Apia")


def change_foot(file: Path) -> None:
    overwrite(file, file.stat().st_size - 20, b"garbage")


def change_inside(file: Path) -> None:
    overwrite(file, 8, b"garbage")


def overwrite(file: Path, place: int, what: bytes) -> None:
    with file.open("r+b") as held:
        held.seek(place)
        held.write(what)


def test_without_a_file_the_doctor_says_that_the_database_counts(people: People) -> None:
    (found,) = told()
    assert found.level == "ok"
    assert "No month of answers has a file yet" in found.text


def test_whole_files_are_fine_and_there_is_room_for_them(march: Path) -> None:
    for thorough, how in ((False, "by size and foot"), (True, "to the last byte")):
        mart, room = told(thorough=thorough)
        assert (mart.level, room.level) == ("ok", "ok")
        assert mart.text.startswith("2 files of answers (")
        assert mart.text.endswith(f"looked at {how}: whole.")


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lose, "are gone"),
        (cut_short, "are not as long as they were written"),
        (stretch, "are not as long as they were written"),
        (move_away, "outside the workspace's own folder"),
        (lay_out_as_before, "as an older version"),
        (cut_by_other_days, "of the time zone that the workspace had before"),
    ],
)
def test_what_the_worker_mends_is_a_warning_until_it_has(
    people: People, march: Path, harm: Callable[[Path], None], says: str
) -> None:
    harm(march)
    found = worst()
    assert found.level == "warning"
    assert says in found.text
    assert ": 2026-03. Until" in found.text
    assert found.mend.endswith("afterscore insights seal --workspace harbourline")
    seal(people)
    assert {each.level for each in told()} == {"ok"}


@pytest.mark.parametrize(("harm", "thorough"), [(change_foot, False), (change_inside, True)])
def test_a_changed_file_is_a_failure_which_a_rebuild_mends(
    people: People, march: Path, harm: Callable[[Path], None], thorough: bool
) -> None:
    harm(march)
    found = worst(thorough=thorough)
    assert found.level == "failure"
    assert "are damaged: 2026-03." in found.text
    assert "seal --rebuild --workspace harbourline" in found.mend
    seal(people)
    assert worst(thorough=thorough) == found, "only a rebuild writes it again"
    seal(people, anew=True)
    assert {each.level for each in told(thorough=True)} == {"ok"}


def test_a_change_in_the_midst_of_a_file_is_found_by_reading_all_of_it(march: Path) -> None:
    change_inside(march)
    assert {each.level for each in told()} == {"ok"}
    assert worst(thorough=True).level == "failure"


def test_a_whole_file_of_another_month_is_not_taken_for_this_one(march: Path) -> None:
    swap(march)
    size = march.stat().st_size
    SealedMonth.objects.filter(path__endswith=march.name).update(size=size)
    assert {each.level for each in told()} == {"ok"}, "one row of the same columns"
    assert worst(thorough=True).level == "failure"
    SealedMonth.objects.filter(path__endswith=march.name).update(rows=2)
    assert pq.read_metadata(march).num_rows == 1
    assert "are damaged" in worst().text


def test_a_file_that_may_not_be_read_is_a_failure(
    march: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(_place: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(files, "foot_of", shut)
    found = worst()
    assert found.level == "failure"
    assert "2026-03, 2026-04. They are counted in the database" in found.text
    assert "chown -R" in found.mend


def test_files_that_no_month_names_are_told_once_the_worker_should_have_deleted_them(
    people: People, march: Path, settings
) -> None:
    foreign = march.with_name("2019-01-copy.parquet")
    foreign.write_bytes(b"x" * 2048)
    stray = Path(settings.MART_DIR) / "old-install"
    stray.mkdir()
    (stray / "2020-01.parquet").write_bytes(b"x" * 4096)
    young = datetime.now(UTC)
    assert {each.level for each in told(now=young)} == {"ok"}
    own, others = (each for each in told(now=young + timedelta(hours=3)) if each.level != "ok")
    if "old-install" in own.text:
        own, others = others, own
    assert "that no month names (2.0 KiB): 2019-01-copy.parquet" in own.text
    assert own.mend.endswith("afterscore insights seal --workspace harbourline")
    assert "old-install" in others.text
    assert "neither reads nor deletes it" in others.mend
    sealing.sweep(workspace=people.workspace, now=young + timedelta(hours=3))
    assert not foreign.exists()


@pytest.mark.parametrize(
    ("needed", "level", "says"),
    [
        (max, "failure", "The largest month takes"),
        (sum, "warning", "To write every month again"),
    ],
)
def test_too_little_room_for_writing_anew_is_told(
    march: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    needed: Callable[[list[int]], int],
    level: str,
    says: str,
) -> None:
    room = needed([each.stat().st_size for each in march.parent.iterdir()]) - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(free=room))
    found = worst()
    assert found.level == level
    assert says in found.text


def test_a_folder_that_may_not_be_written_is_a_failure(
    march: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = worst()
    assert found.level == "failure"
    assert "no month gets a file" in found.text


def test_a_file_sealed_anew_while_the_doctor_looks_is_no_fault(
    people: People, march: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks(row: SealedMonth, *, thorough: bool) -> sealed.Fault:
        return sealed.Fault.MISSING

    monkeypatch.setattr(sealed, "fault_of", looks)
    assert len(sealed.examine_sealed(thorough=False).faulty) == 2
    still_named = sealed._still_named

    def meanwhile(found: list[Any]) -> list[Any]:
        seal(people, anew=True)
        return still_named(found)

    monkeypatch.setattr(sealed, "_still_named", meanwhile)
    assert sealed.examine_sealed(thorough=False).faulty == ()


def test_the_command_reads_every_byte_when_asked(
    march: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_inside(march)
    monkeypatch.setattr(session, "database", nullcontext)
    quick = CliRunner().invoke(command, [])
    assert "damaged" not in quick.output
    slow = CliRunner().invoke(command, ["--thorough"])
    assert "FAILURE  mart: Files of answers of the workspace harbourline are damaged" in slow.output
    assert slow.exit_code == 1
    assert [each.check for each in doctor.examine(now=NOW)].count("mart") >= 2
