"""How long the desk takes at the server: `make bench-desk`, `python bench/desk.py [cases] [open]`.

Everything that the inbox, its filters, its search, the board and the page of a case ask for, with
200,000 cases in a workspace of which half are open. Beside each list stands the bare SQL: the same
page, sorted by PostgreSQL alone on an equal table without our indexes. "work" is processor time of
the program and the database together, which is what a page takes on a machine with nothing else to
do; best and median are what the clock on the wall said. A line whose work is above the limit fails
the command.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

    from afterscore.workspaces.models import Member, Workspace

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
LIMIT = 150.0  # milliseconds
ROUNDS = 9
OWNERS = 20
COMMENTS = [
    "",
    "The import stops at about ten thousand rows and then says nothing.",
    "",
    "Planning used to take me all of Friday. Now it is an hour.",
    "Good, but the mobile pages feel like an afterthought.",
]
LANGUAGES = ["en", "en", "en", "de", "fr", "es", "ja"]
ENTERPRISE = "account_id IN (SELECT id FROM customers_account WHERE plan = 'enterprise')"
ROUGH = {"list: mine, in the order of the day", "filter: everything together"}
"""Lists whose bare SQL sorts or narrows in a simpler way: it is there for the time alone."""
PLANS = ["starter", "starter", "growth", "growth", "growth", "enterprise"]


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds: of the processor, and by the clock."""

    work: float
    best: float
    median: float


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    still_open = int(sys.argv[2]) if len(sys.argv) > 2 else cases // 2
    with _product():
        workspace, ana = make_workspace()
        began = time.perf_counter()
        fill(workspace, ana, cases=cases, still_open=still_open)
        _run("VACUUM")
        print(f"{cases:,} cases, {still_open:,} open, made in {time.perf_counter() - began:.0f} s")
        print(f"{f'milliseconds, {ROUNDS} rounds':40}     work     best   median bare SQL")
        slow = [name for name, work in measure(workspace, ana) if work > LIMIT]
    if slow:
        sys.exit(f"Above {LIMIT:.0f} ms: {', '.join(slow)}")


@contextmanager
def _product() -> Iterator[None]:
    """A data folder and a database of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    folder.chmod(0o755)
    os.environ["AFTERSCORE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    os.environ.pop("DATABASE_URL", None)
    from afterscore.config import postgres

    try:
        with postgres.running(folder):
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(workspace: Workspace, ana: Member) -> Iterator[tuple[str, float]]:
    """Each page as a browser asks for it, everything included: session, SQL, template."""
    from django.test import Client

    from afterscore.kit import clock

    client = Client(headers={"Host": "localhost"})
    client.force_login(ana.user)
    inbox = f"/w/{workspace.slug}/inbox/"
    with clock.at(NOW):
        for name, (path, target, sql) in pages(inbox).items():

            def ask(path: str = path, target: str = target) -> None:
                answer = client.get(path, headers={"HX-Target": target} if target else {})
                assert answer.status_code == 200, (path, answer.status_code)

            took = _time(ask)
            bare = f"{_time(lambda sql=sql: _run(sql)).work:8.1f}" if sql else ""
            print(
                f"{name:40} {took.work:8.1f} {took.best:8.1f} {took.median:8.1f} {bare}",
                flush=True,
            )
            yield name, took.work


def pages(inbox: str) -> dict[str, tuple[str, str, str]]:
    """What is asked, the part of the page it is for, and the bare SQL of the same list."""
    from afterscore.cases.models import Case

    first = Case.objects.filter(next_due_at__isnull=False).order_by("next_due_at").first()
    assert first is not None
    is_open, by_due = "next_due_at IS NOT NULL", "next_due_at, priority DESC, id"

    def listed(query: str, where: str, order: str = by_due) -> tuple[str, str, str]:
        sql = f"SELECT * FROM bare_case WHERE {where} ORDER BY {order} LIMIT 51"
        return f"{inbox}{query}", "pane-list", sql

    everything = "?show=all"
    return {
        "whole inbox, first visit": (inbox, "", ""),
        "list: mine, in the order of the day": listed("", f"{is_open} AND owner_id = 1"),
        "list: all": listed(everything, is_open),
        "list: late": listed("?show=overdue", f"{is_open} AND next_due_at < '{NOW}'"),
        "list: waiting": listed("?show=waiting", f"{is_open} AND state = 'waiting'"),
        "list: nobody's": listed("?show=unassigned", f"{is_open} AND owner_id IS NULL"),
        "list: closed": listed("?show=closed", "closed_at IS NOT NULL", "closed_at DESC, id DESC"),
        **_filters(listed),
        "live update of the list": (f"{inbox}{everything}", "inbox-rows", ""),
        "search: two words": (f"{inbox}{everything}&q=friday+hour", "pane-list", _SEARCH),
        "search: one person": (f"{inbox}{everything}&q=person777", "pane-list", ""),
        "search: nobody": (f"{inbox}{everything}&q=zzzz", "pane-list", ""),
        "search: everybody": (f"{inbox}{everything}&q=company", "pane-list", ""),
        "search: closed ones": (f"{inbox}?show=closed&q=person+777", "pane-list", ""),
        "board of everybody": (f"{inbox}board/", "", ""),
        "what one may filter by": (f"{inbox}filters/", "pane-list", ""),
        "case, with its customer": (f"{inbox}{first.public_id}/", "pane-case", ""),
        "case, whole page": (f"{inbox}{first.public_id}/", "", ""),
    }


def _filters(listed: Callable[[str, str], tuple[str, str, str]]) -> dict[str, Any]:
    """Each by itself, and all that find nothing: then every open case is looked at."""
    from afterscore.workspaces.models import Member

    owner = Member.objects.get(user__email="agent3@bench.example")
    one = "next_due_at IS NOT NULL AND "
    return {
        f"filter: {name}": listed(f"?show=all&{query}", one + where)
        for name, query, where in (
            ("group", "group=detractor", "score < 7"),
            ("without a comment", "comment=without", "comment_key = ''"),
            ("theme", "theme=thm_7", "themes @> ARRAY['thm_7'::varchar]"),
            (
                "customers on a plan",
                "segment=plan:enterprise",
                ENTERPRISE,
            ),
            ("language", "language=ja", "language = 'ja'"),
            ("department", "department=product", "department = 'product'"),
            ("owner", f"owner={owner.public_id}", f"owner_id = {owner.pk}"),
            ("state", "state=waiting", "state = 'waiting'"),
            ("urgency", "urgency=3", "priority >= 3"),
            ("due", "due=today", f"next_due_at >= '{NOW}' AND next_due_at < '2026-05-05'"),
            ("nothing found", "department=finance&urgency=3", "department = 'finance'"),
            (
                "everything together",
                (
                    "group=detractor&comment=with&theme=thm_7&segment=plan:growth&language=de"
                    "&department=product&urgency=2&state=new&due=late&q=import"
                ),
                "score < 7 AND language = 'de'",
            ),
        )
    }


_SEARCH = (
    "SELECT c.* FROM bare_case c JOIN responses_response r ON r.id = c.response_id "
    "WHERE c.next_due_at IS NOT NULL AND r.comment ILIKE '%friday%' AND r.comment ILIKE '%hour%' "
    "ORDER BY c.next_due_at, c.priority DESC, c.id LIMIT 51"
)


def _run(sql: str) -> object:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def _time(action: Callable[[], object]) -> Took:
    action()
    walls = []
    began = _processor_time()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        walls.append((time.perf_counter() - start) * 1000)
    return Took((_processor_time() - began) / ROUNDS, min(walls), statistics.median(walls))


def _processor_time() -> float:
    """Of this process and of its process in the database together, in milliseconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    used = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    ticks = int(used[11]) + int(used[12])
    return (time.process_time() + ticks / os.sysconf("SC_CLK_TCK")) * 1000


# --- the workspace -------------------------------------------------------------------------------


def make_workspace() -> tuple[Workspace, Member]:
    from afterscore.domain.events import SYSTEM
    from afterscore.domain.roles import Role
    from afterscore.kit import jobs
    from afterscore.workspaces import operations
    from afterscore.workspaces.models import User

    with jobs.inline():
        workspace = operations.create_workspace(name="Bench", actor=SYSTEM, now=NOW)
        members = []
        for number in range(OWNERS):
            user = User.objects.create(
                email=f"agent{number}@bench.example", name=f"Agent {number}", created_at=NOW
            )
            members.append(
                operations.add_member(
                    workspace=workspace, user=user, role=Role.AGENT, actor=SYSTEM, now=NOW
                )
            )
    return workspace, members[0]


def fill(workspace: Workspace, ana: Member, *, cases: int, still_open: int) -> None:
    """One statement a table. Ana has 40 open cases, nobody has a twentieth of the others."""
    from afterscore.cases.models import Case, Entry
    from afterscore.customers.models import Account, Contact
    from afterscore.programs.models import Enrolment
    from afterscore.responses.models import Response

    _launch(workspace)
    values = {
        "w": workspace.pk,
        "n": cases,
        "open": still_open,
        "now": NOW,
        "ana": ana.pk,
        "comments": COMMENTS,
        "languages": LANGUAGES,
        "plans": PLANS,
    }
    for model, given, source in (
        (Account, ACCOUNT, "generate_series(1, %(n)s / 4) i"),
        (
            Contact,
            CONTACT,
            (
                "customers_account a JOIN generate_series(1, %(n)s) i ON a.public_id = "
                "'acc_' || (1 + i %% (%(n)s / 4))"
            ),
        ),
        (Enrolment, ENROLMENT, "customers_contact c, programs_wave v"),
        (Response, RESPONSE, "programs_enrolment e"),
        (
            Case,
            CASE,
            "(SELECT *, row_number() OVER (ORDER BY received_at DESC) n FROM responses_response) r",
        ),
        (Entry, ENTRY, "cases_case c, generate_series(1, 3) i"),
    ):
        _insert(model, given, source, values)
    with _cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE bare_case AS SELECT * FROM cases_case")
        cursor.execute("ANALYZE")


def _launch(workspace: Workspace) -> None:
    from afterscore.domain.questionnaire import Questionnaire
    from afterscore.programs.models import Program, Wave
    from afterscore.surveys import operations as surveys

    version = surveys.save_survey(
        workspace=workspace,
        survey=None,
        name="Relationship",
        company="Bench",
        questionnaire=Questionnaire(),
        now=NOW,
    )
    program = Program.objects.create(
        workspace=workspace,
        slug="relationship",
        name="Relationship",
        survey=version.survey,
        created_at=NOW,
        updated_at=NOW,
    )
    Wave.objects.create(
        workspace=workspace,
        program=program,
        number=1,
        survey_version=version,
        launched_by="system",
        launched_at=NOW,
        closes_at=NOW,
    )


def _cursor() -> Any:
    from django.db import connection

    return connection.cursor()


def _insert(model: type[Model], given: dict[str, str], source: str, values: dict[str, Any]) -> None:
    """INSERT ... SELECT: columns that are not given get the model's own usual values."""
    from django.db.models import NOT_PROVIDED

    columns = {"workspace_id": "%(w)s"} | given
    values = dict(values)
    for field in model._meta.concrete_fields:
        if field.column in columns or field.null or field.primary_key:
            continue
        if field.db_default is not NOT_PROVIDED:
            continue
        default = field.get_db_prep_save(field.get_default(), _connection())
        columns[field.column] = f"%({field.column})s"
        values[field.column] = default
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM {source}"
    )
    with _cursor() as cursor:
        cursor.execute(sql, values)


def _connection() -> Any:
    from django.db import connection

    return connection


ACCOUNT = {
    "public_id": "'acc_' || i",
    "name": "'Company ' || i",
    "name_key": "'company ' || i",
    "plan": "(%(plans)s::text[])[1 + i %% 6]",
    "recurring_revenue": "i",
    "currency": "'EUR'",
    "created_at": "%(now)s",
    "updated_at": "%(now)s",
}
CONTACT = {
    "public_id": "'con_' || i",
    "email": "'person' || i || '@company.example'",
    "name": "'Person ' || i",
    "account_id": "a.id",
    "language": "(%(languages)s::text[])[1 + i %% 7]",
    "created_at": "%(now)s",
    "updated_at": "%(now)s",
}
ENROLMENT = {
    "public_id": "'enr_' || c.id",
    "wave_id": "v.id",
    "contact_id": "c.id",
    "account_id": "c.account_id",
    "state": "'answered'",
    "language": "c.language",
    "created_at": "%(now)s",
}
RESPONSE = {
    "public_id": "'rsp_' || e.id",
    "enrolment_id": "e.id",
    "wave_id": "e.wave_id",
    "contact_id": "e.contact_id",
    "account_id": "e.account_id",
    "score": "e.id %% 11",
    "first_score": "e.id %% 11",
    "comment": "(%(comments)s::text[])[1 + e.id %% 5]",
    "channel": "'email'",
    "language": "e.language",
    "received_at": "%(now)s - e.id * interval '2 minutes'",
    "changed_at": "%(now)s",
}
CASE = {
    "public_id": "'case_' || r.id",
    "response_id": "r.id",
    "contact_id": "r.contact_id",
    "account_id": "r.account_id",
    "owner_id": "CASE WHEN r.n <= 40 THEN %(ana)s WHEN r.n %% 20 > 0 THEN %(ana)s + r.n %% 20 END",
    "state": "CASE WHEN r.n > %(open)s THEN 'closed' WHEN r.n %% 7 = 0 THEN 'waiting' "
    "ELSE 'new' END",
    "score": "r.score",
    "language": "r.language",
    "comment_key": "CASE WHEN r.comment = '' THEN '' ELSE md5(r.comment) END",
    "priority": "r.id %% 4",
    "themes": "ARRAY['thm_' || r.id %% 12]",
    "department": "CASE WHEN r.id %% 9 = 0 THEN 'product' ELSE 'success' END",
    "opened_at": "r.received_at",
    "due_at": "r.received_at + interval '3 days'",
    "next_due_at": "CASE WHEN r.n <= %(open)s THEN r.received_at + interval '3 days' END",
    "closed_at": "CASE WHEN r.n > %(open)s THEN r.received_at + interval '2 days' END",
    "outcome": "CASE WHEN r.n > %(open)s THEN 'solved' ELSE '' END",
    "changed_at": "%(now)s",
}
ENTRY = {
    "public_id": "'ent_' || c.id || '_' || i",
    "case_id": "c.id",
    "kind": "CASE WHEN i = 1 THEN 'change' ELSE 'note' END",
    "text": "'What was noted of it: ' || c.id",
    "happened_at": "c.opened_at + i * interval '1 hour'",
}


if __name__ == "__main__":
    main()
