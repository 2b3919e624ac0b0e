"""How long "why was this one not asked?" takes: `python bench/why.py [contacts]`.

Three waves for everybody; the pages of the last one, of one contact, and the command, through the
product's own doors. The baseline reads the same wave's rows from the same database and makes
nothing of them. Ends with 1 where something takes a second or more; what the page fetches after it
is shown, and the start of a process, are measured beside it.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import plan

if TYPE_CHECKING:
    from django.test import Client

    from afterscore.programs.models import Wave
    from afterscore.workspaces.models import Workspace

WAVES = 3
BETWEEN = timedelta(days=100)
TIMES = 3
MOST_SECONDS = 1.0


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
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

    call_command("migrate", verbosity=0)
    workspace = plan.fill(people)
    wave = _play(workspace)
    _check(wave, people)
    print(f"{people:,} contacts, {WAVES} waves; the last: {wave.eligible:,} asked, "
          f"{wave.excluded:,} not")  # fmt: skip
    baseline = _seconds(lambda: _read_only(wave))
    print(f"  {baseline:6.3f} s  baseline: the rows of everybody left out, by one query")
    slowest = 0.0
    for name, act in _acts(workspace, wave):
        seconds = _seconds(act)
        slowest = max(slowest, seconds)
        print(f"  {seconds:6.3f} s  {name} ({seconds / baseline:.1f} times the baseline)")
    print(f"slowest {slowest:.3f} s, limit {MOST_SECONDS:.0f} s; without a limit:")
    _time_effects(workspace, wave)
    _time_command(people)
    return slowest < MOST_SECONDS


def _play(workspace: Workspace) -> Wave:
    """Every wave but the last is over: a fifth answered, one in a hundred unsubscribed."""
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import jobs
    from afterscore.programs import operations

    with jobs.inline():
        program = operations.apply(
            workspace=workspace,
            definition={
                "name": "Relationship",
                "slug": "relationship",
                "sender": "account_owner",
                "audience": {"not": {"field": "account.plan", "in": ["starter"]}},
            },
            actor=SYSTEM,
            now=plan.NOW,
        )
        for number in range(WAVES):
            now = plan.NOW + number * BETWEEN
            wave = operations.launch(program=program, actor=SYSTEM, now=now)
            _live(wave)
            if number < WAVES - 1:
                operations.close_wave(wave=wave, actor=SYSTEM, now=now + timedelta(days=40))
    _sql("ANALYZE")
    return wave


def _live(wave: Wave) -> None:
    given = {"wave": wave.pk, "stream": wave.public_id}
    _sql(
        "UPDATE outreach_message SET state = 'sent', sent_at = due_at, handed_at = due_at "
        "WHERE stream = %(stream)s",
        given,
    )
    _sql(
        "UPDATE programs_enrolment SET state = 'answered', "
        "answered_at = created_at + interval '6 days' "
        "WHERE wave_id = %(wave)s AND state = 'enrolled' AND id %% 5 = 0",
        given,
    )
    _sql(
        "INSERT INTO responses_response (workspace_id, public_id, enrolment_id, wave_id, "
        "contact_id, account_id, score, first_score, comment, drivers, channel, touch, language, "
        "frozen, edits, received_at, changed_at) SELECT workspace_id, 'rsp_' || id, id, wave_id, "
        "contact_id, account_id, id %% 11, id %% 11, '', '{}', 'email', 'invitation', 'en', '{}', "
        "0, answered_at, answered_at FROM programs_enrolment "
        "WHERE wave_id = %(wave)s AND state = 'answered'",
        given,
    )
    _sql(
        "INSERT INTO outreach_delivery (workspace_id, message_id, kind, is_permanent, detail, "
        "event_id, occurred_at) SELECT workspace_id, id, 'unsubscribed', true, '', 'un_' || id, "
        "sent_at FROM outreach_message WHERE stream = %(stream)s AND id %% 100 = 0",
        given,
    )


def _sql(statement: str, given: dict[str, object] | None = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def _check(wave: Wave, people: int) -> None:
    """Everybody has a row in every wave, and everybody left out a reason and a sentence."""
    from afterscore.programs.models import Enrolment

    rows = Enrolment.objects.all()
    assert rows.count() == WAVES * people
    out = rows.filter(state="excluded")
    assert not out.filter(reason="").exists()
    assert not out.filter(detail="").exists()
    assert wave.eligible > people / 4
    assert wave.excluded > people / 4


def _read_only(wave: Wave) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.reason, e.detail, e.until, c.name, c.email FROM programs_enrolment e "
            "JOIN customers_contact c ON c.id = e.contact_id "
            "WHERE e.wave_id = %s AND e.state = 'excluded'",
            [wave.pk],
        )
        return len(cursor.fetchall())


def _acts(workspace: Workspace, wave: Wave) -> Sequence[tuple[str, Callable[[], object]]]:
    from afterscore.customers.models import Contact
    from afterscore.programs import queries
    from afterscore.programs.models import Enrolment

    now = wave.launched_at + timedelta(days=20)
    out = Enrolment.objects.filter(wave=wave, state="excluded").select_related("contact")
    someone = out.order_by("id")[out.count() // 2].contact
    fullest = Contact.objects.get(pk=Enrolment.objects.filter(state="answered").first().contact_id)
    page = f"/w/{workspace.slug}/programs/waves/{wave.public_id}/"
    pages = wave.excluded // 50

    get = _visitor(_client(workspace), wave)

    def whole_file() -> None:
        text = get(page + "not-asked.csv")().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) == wave.excluded + 1
        assert all(row[3] and row[4] for row in rows)

    reason = out.values_list("reason", flat=True).order_by("reason").last()
    return [
        ("the wave's page", get(page)),
        ("its second page of people", get(page + "?page=2")),
        ("its last page", get(f"{page}?page={pages}")),
        (f"one reason ({reason})", get(f"{page}?reason={reason}")),
        ("a name searched for", get(f"{page}?q=person+777")),
        ("a name that nobody has", get(f"{page}?q=zebra")),
        ("the whole CSV", whole_file),
        ("the page of somebody left out", get(_page_of(workspace, someone))),
        ("the page of somebody who answered", get(_page_of(workspace, fullest))),
        ("what the command asks", lambda: queries.tell_asking(contact=someone, now=now)),
    ]  # fmt: skip


def _visitor(client: Client, wave: Wave) -> Callable[[str], Callable[[], bytes]]:
    """Somebody who looks at pages twenty days after the launch."""
    from afterscore.kit import clock

    def get(path: str) -> Callable[[], bytes]:
        def act() -> bytes:
            with clock.at(wave.launched_at + timedelta(days=20)):
                answer = client.get(path)
                assert answer.status_code == 200, path
                return answer.getvalue()

        return act

    return get


def _time_effects(workspace: Workspace, wave: Wave) -> None:
    """What a page of a large wave fetches once it is shown."""
    from afterscore.programs import queries

    page = f"/w/{workspace.slug}/programs/waves/{wave.public_id}/"
    fetched = _visitor(_client(workspace), wave)(page + "effects/")
    seconds = _seconds(fetched)
    print(f"  {seconds:6.3f} s  what the messages bring, fetched after the wave's page is shown")
    seconds = _seconds(lambda: queries.list_by_frequency(wave=wave))
    print(f"  {seconds:6.3f} s  of these by how often people had been asked")


def _page_of(workspace: Workspace, contact: object) -> str:
    from django.urls import reverse

    return reverse("customers:contact", args=[workspace.slug, contact.public_id])  # type: ignore[attr-defined]


def _client(workspace: Workspace) -> Client:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from afterscore.domain.events import SYSTEM
    from afterscore.domain.roles import Role
    from afterscore.kit import jobs
    from afterscore.workspaces import operations

    user, is_new = get_user_model().objects.get_or_create(
        email="olivia@harbourline.example",
        defaults={"name": "Olivia", "created_at": plan.NOW},
    )
    if is_new:
        with jobs.inline():
            operations.add_member(
                workspace=workspace, user=user, role=Role.OWNER, actor=SYSTEM, now=plan.NOW
            )
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _seconds(act: Callable[[], object]) -> float:
    """The middle of three, after one that fills the caches."""
    act()
    return statistics.median(_once(act) for _ in range(TIMES))


def _once(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _time_command(people: int) -> None:
    """The whole process, its start included, which is most of it."""
    command = [str(Path(sys.executable).parent / "afterscore"), "why"]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, f"person{people // 2}@company.example"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    assert done.stdout.count("wave ") == WAVES, done.stdout
    print(f"  {seconds:6.3f} s  afterscore why EMAIL, the start of the process included")


if __name__ == "__main__":
    main()
