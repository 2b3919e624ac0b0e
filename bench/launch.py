"""How long a launch takes: `python bench/launch.py [contacts]`, beside a bare INSERT ... SELECT.

The baseline writes as many enrolments and messages with two INSERT ... SELECT, judging nobody.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from django.db.models import Model

    from afterscore.programs.models import Wave
    from afterscore.workspaces.models import Workspace

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "", "Australia/Sydney")
LANGUAGES = ("en", "de", "fr", "", "es")


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    folder.chmod(0o755)
    os.environ["AFTERSCORE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    os.environ.pop("DATABASE_URL", None)
    from afterscore.config import postgres

    try:
        with postgres.running(folder):
            _measure(people)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(people: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from afterscore.domain.events import SYSTEM
    from afterscore.kit import jobs
    from afterscore.programs import operations, queries

    call_command("migrate", verbosity=0)
    workspace = _fill(people)
    with jobs.inline():
        program = operations.apply(
            workspace=workspace,
            definition={
                "name": "Relationship",
                "slug": "relationship",
                "sender": "account_owner",
                "audience": {"field": "account.plan", "in": ["pro", "enterprise"]},
            },
            actor=SYSTEM,
            now=NOW,
        )
        before = _megabytes()
        with _Stopwatch() as previewing:
            preview = queries.preview(program=program, now=NOW)
        with _Stopwatch() as launching:
            wave = operations.launch(program=program, actor=SYSTEM, now=NOW)
        grown = _megabytes() - before
        with _Stopwatch() as writing:
            _write_only(wave)
    assert (preview.asked, preview.outside) == (wave.eligible, wave.excluded)
    print(f"{people:,} contacts, {wave.eligible:,} asked, {wave.excluded:,} not")
    print(f"preview   {previewing.seconds:6.2f} s")
    print(f"launch    {launching.seconds:6.2f} s, memory grown by {grown:.0f} MB")
    print(f"baseline  {writing.seconds:6.2f} s (the same rows by INSERT ... SELECT, nobody judged)")


def _fill(people: int) -> Workspace:
    from django.db import connection

    from afterscore.domain.events import SYSTEM
    from afterscore.kit import jobs
    from afterscore.workspaces import operations

    with jobs.inline():
        workspace = operations.create_workspace(
            name="Bench",
            actor=SYSTEM,
            now=NOW,
            settings={
                "postal_address": "1 Quay Street, Dublin",
                "sender_name": "Olivia Byrne",
                "sender_email": "olivia@harbourline.example",
            },
        )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_account (workspace_id, public_id, name, name_key, plan, industry,
                country, lifecycle_stage, currency, attributes, created_at, updated_at)
            SELECT %s, 'acc_' || i, 'Company ' || i, 'company ' || i,
                (ARRAY['free', 'pro', 'enterprise'])[1 + i %% 3], '', '', '', '', '{}', %s, %s
            FROM generate_series(1, %s) i
            """,
            [workspace.pk, NOW, NOW, max(1, people // 4)],
        )
        cursor.execute(
            """
            INSERT INTO customers_contact (workspace_id, public_id, email, name, persona, language,
                time_zone, consent_basis, consent_source, attributes, account_id, created_at,
                updated_at)
            SELECT %s, 'con_' || i, 'person' || i || '@company.example', 'Person ' || i, '',
                (%s::text[])[1 + i %% 5], (%s::text[])[1 + i %% 5], '', '', '{}', account.id, %s, %s
            FROM generate_series(1, %s) i
            JOIN customers_account account ON account.public_id = 'acc_' || (1 + i %% %s)
            """,
            [workspace.pk, list(LANGUAGES), list(ZONES), NOW, NOW, people, max(1, people // 4)],
        )
        cursor.execute("ANALYZE")
    return workspace


def _write_only(wave: Wave) -> None:
    """The wave's own rows once more, as another wave's, taken back at the end."""
    from django.db import transaction

    from afterscore.outreach.models import Message
    from afterscore.programs.models import Enrolment, Wave

    with transaction.atomic():
        copy = Wave.objects.get(pk=wave.pk)
        copy.pk, copy.number, copy.public_id = None, wave.number + 1, "wav_copy"
        copy.save(force_insert=True)
        public_id = "'copy_' || public_id"
        _copy(Enrolment, {"public_id": public_id, "wave_id": str(copy.pk)}, f"wave_id = {wave.pk}")
        of_wave = f"stream = '{wave.public_id}'"
        _copy(Message, {"public_id": public_id, "stream": "'wav_copy'"}, of_wave)
        transaction.set_rollback(True)


def _copy(model: type[Model], changed: dict[str, str], condition: str) -> None:
    from django.db import connection

    columns = [str(field.column) for field in model._meta.concrete_fields if field.column != "id"]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {', '.join(changed.get(column, column) for column in columns)} "
            f"FROM {table} WHERE {condition}"
        )


class _Stopwatch:
    seconds = 0.0

    def __enter__(self) -> Self:
        self._started = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._started


def _megabytes() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
