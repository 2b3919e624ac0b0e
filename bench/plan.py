"""How long it takes to say who may be asked, and on which day: `python bench/plan.py [contacts]`.

The baseline reads the same columns of every contact from the same database and does nothing with
them; less than that, no check of everybody can take.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from afterscore.programs.models import Program
    from afterscore.programs.queries import Preview
    from afterscore.workspaces.models import Workspace

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "", "Australia/Sydney")
PLANS = ("starter", "team", "business", "enterprise")
PERSONAS = ("admin", "user", "buyer")
OWNERS = 40
PEOPLE = 60
FOLLOW_UPS = 150
MOST_SECONDS = 60.0
MOST_MEGABYTES = 1024.0


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    folder.chmod(0o755)
    os.environ["AFTERSCORE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    os.environ.pop("DATABASE_URL", None)
    from afterscore.config import postgres

    try:
        with postgres.running(folder):
            is_fine = _measure(people)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(not is_fine)


def _measure(people: int) -> bool:
    import django

    django.setup()
    from django.core.management import call_command

    from afterscore.programs import queries

    call_command("migrate", verbosity=0)
    with _Stopwatch() as filling:
        workspace = fill(people)
    program = _program(workspace)
    with _Stopwatch() as reading:
        rows = _read_only(workspace)
    with _Stopwatch() as planning:
        preview = queries.preview(program=program, now=NOW)
    peak = _megabytes()
    _check(preview, people)
    left_out = sum(group.people for group in preview.left_out)
    print(f"{people:,} contacts by COPY in {filling.seconds:.1f} s (not counted)")
    print(f"{preview.asked:,} may be asked, {left_out:,} not, for:")
    for group in preview.left_out:
        print(f"  {group.people:>9,}  {group.reason.label}")
    print(f"plan      {preview.drip.planned.sentence}")
    print(f"baseline  {reading.seconds:6.1f} s to read the columns of {rows:,} contacts")
    print(
        f"judged and planned in {planning.seconds:.1f} s, {planning.cpu_seconds:.1f} s of them at "
        f"work in this process ({planning.seconds / reading.seconds:.1f} times the baseline; "
        f"limit {MOST_SECONDS:.0f} s)"
    )
    print(
        f"memory    {peak:.0f} MB at its peak, this process alone, the COPY included; PostgreSQL's "
        f"own is not counted (limit {MOST_MEGABYTES:,.0f} MB)"
    )
    return planning.seconds < MOST_SECONDS and peak < MOST_MEGABYTES


def _check(preview: Preview, people: int) -> None:
    """Everybody has one verdict, and whoever may be asked has one day."""
    assert preview.asked + sum(group.people for group in preview.left_out) == people
    assert preview.asked == sum(day.invitations for day in preview.days)
    assert len(preview.invitation_days) > 1
    assert preview.drip.planned.plan.late_on is None


def _program(workspace: Workspace) -> Program:
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import jobs
    from afterscore.programs import operations

    with jobs.inline():
        return operations.apply(
            workspace=workspace,
            definition={
                "name": "Relationship",
                "slug": "relationship",
                "sender": "account_owner",
                "audience": {"not": {"field": "account.plan", "in": ["starter"]}},
                "pace": {"by": "capacity", "people": PEOPLE, "follow_ups_per_day": FOLLOW_UPS},
            },
            actor=SYSTEM,
            now=NOW,
        )


def fill(people: int) -> Workspace:
    """Four contacts to an account; one in seven was asked or written to lately, one in fifty does
    not want to be written to."""
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
    owners = _owners(workspace)
    accounts = range(1, people // 4 + 1)
    _copy(
        "customers_account",
        ("id", "workspace_id", "public_id", "name", "name_key", "plan", "owner_id", "industry",
         "country", "lifecycle_stage", "currency", "attributes", "created_at", "updated_at"),
        ((number, workspace.pk, f"acc_{number}", f"Company {number}", f"company {number}",
          PLANS[number % 4], owners[number % OWNERS] if number % 3 else None, "", "", "", "",
          "{}", NOW, NOW) for number in accounts),
    )  # fmt: skip
    _copy(
        "customers_contact",
        ("id", "workspace_id", "public_id", "email", "name", "persona", "language", "time_zone",
         "consent_basis", "consent_source", "attributes", "account_id", "last_asked_at",
         "created_at", "updated_at"),
        ((number, workspace.pk, f"con_{number}", f"person{number}@company.example",
          f"Person {number}", PERSONAS[number % 3], "en", ZONES[number % 5], "contract", "", "{}",
          1 + number % len(accounts), NOW - timedelta(days=40) if number % 7 == 0 else None,
          NOW, NOW) for number in range(1, people + 1)),
    )  # fmt: skip
    _history(workspace, people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return workspace


def _owners(workspace: Workspace) -> list[int]:
    from django.contrib.auth import get_user_model

    from afterscore.domain.roles import Role
    from afterscore.workspaces.models import Member

    found = []
    for number in range(OWNERS):
        user = get_user_model().objects.create(
            email=f"owner{number}@harbourline.example", name=f"Owner {number}", created_at=NOW
        )
        member = Member.objects.create(
            workspace=workspace, user=user, role=Role.AGENT, joined_at=NOW
        )
        found.append(member.pk)
    return found


def _history(workspace: Workspace, people: int) -> None:
    """Messages of the last weeks, of this system and of others, and who does not want any."""
    from afterscore.outreach.queries import address_hash

    _copy(
        "outreach_suppression",
        ("workspace_id", "address_hash", "scope", "reason", "source", "created_at"),
        ((workspace.pk, address_hash(f"person{number}@company.example"), "", "unsubscribed", "",
          NOW) for number in range(50, people + 1, 50)),
    )  # fmt: skip
    before = NOW - timedelta(days=30)
    _copy(
        "customers_signal",
        ("workspace_id", "public_id", "kind", "name", "contact_id", "source", "external_id",
         "attributes", "occurred_at", "recorded_at"),
        ((workspace.pk, f"sig_{number}_{each}", "message", "newsletter", number, "crm",
          f"{number}-{each}", "{}", before - timedelta(days=each), NOW)
         for number in range(11, people + 1, 11) for each in range(6)),
    )  # fmt: skip


def _copy(table: str, columns: Iterable[str], rows: Iterable[Sequence[object]]) -> None:
    from django.db import connection

    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _read_only(workspace: Workspace) -> int:
    from afterscore.programs.queries import judging

    rows = judging.read_people(workspace)
    return sum(1 for _ in rows)


class _Stopwatch:
    seconds = cpu_seconds = 0.0

    def __enter__(self) -> Self:
        self._started = time.perf_counter()
        self._started_cpu = time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._started
        self.cpu_seconds = time.process_time() - self._started_cpu


def _megabytes() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
