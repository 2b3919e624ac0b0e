"""How long the loop ledger takes: `python bench/loops.py [cases]`, one case for each answer.

Two years of answers of 20 owners; 2.5 % of the cases are open. Beside each page stands the bare
SELECT of a count over the same rows.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from afterscore.workspaces.models import Member, Workspace

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ROUNDS = 7
OWNERS = 20
PAGES = {
    "the page, last 90 days": "",
    "the page, all time": "?period=all",
    "owners, last 90 days": "table/owner/",
    "owners, all time": "table/owner/?period=all",
    "plans, all time": "table/account.plan/?period=all",
    "time until closed, all time": "closures/?period=all",
    "how loops end, all time": "endings/?period=all",
    "minds changed, all time": "minds/?period=all",
    "companies that stayed, all time": "returns/?period=all",
    "rows behind a figure, all time": "rows/?period=all&standing=late",
    "how a median comes about, all time": "explain/?period=all&figure=reply",
    "how a difference comes about, all time": "explain/?period=all&figure=minds",
}


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    folder.chmod(0o755)
    os.environ["AFTERSCORE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    os.environ.pop("DATABASE_URL", None)
    from afterscore.config import postgres

    try:
        with postgres.running(folder):
            _measure(cases)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(cases: int) -> None:
    from django.test import Client

    from afterscore.kit import clock

    workspace, reader = fill(cases)
    client = Client(headers={"Host": "localhost"})
    client.force_login(reader.user)
    bare = _median(_baseline)
    print(f"{cases:,} cases; median of {ROUNDS}, milliseconds, and times the bare SELECT")
    print(f"{'bare SELECT: answers and closed':34} {bare:8.1f}")
    with clock.at(NOW):
        for name, address in PAGES.items():
            each = _median(_page(client, workspace, address))
            print(f"{name:34} {each:8.1f} {each / bare:5.1f}")


def _page(client: object, workspace: Workspace, address: str) -> Callable[[], object]:
    path = f"/w/{workspace.slug}/loops/{address}"

    def get() -> object:
        answer = client.get(path)  # type: ignore[attr-defined]
        if answer.status_code != 200:
            raise AssertionError(f"{path} answers {answer.status_code}")
        return answer

    return get


def _median(action: Callable[[], object]) -> float:
    action()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _baseline() -> object:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.score, count(*), count(*) FILTER (WHERE c.closed_at IS NOT NULL) "
            "FROM responses_response r LEFT JOIN cases_case c ON c.response_id = r.id "
            "WHERE r.validity = 'counted' GROUP BY r.score"
        )
        return cursor.fetchall()


def fill(cases: int) -> tuple[Workspace, Member]:
    """A migrated database with one workspace, and somebody who may read in it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    workspace, members = _people()
    wave = _wave(workspace)
    values = {
        "w": workspace.pk,
        "n": cases,
        "now": NOW,
        "wave": wave,
        "owners": [member.pk for member in members],
    }
    with connection.cursor() as cursor:
        for statement in FILL.split(";"):
            cursor.execute(statement, values)
    return workspace, members[0]


def _people() -> tuple[Workspace, list[Member]]:
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
    return workspace, members


def _wave(workspace: Workspace) -> int:
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
    return Wave.objects.create(
        workspace=workspace,
        program=program,
        number=1,
        survey_version=version,
        launched_by="system",
        launched_at=NOW,
        closes_at=NOW,
    ).pk


# Every person answers twice, half a year apart or more; every fourth company has left.
FILL = """
INSERT INTO customers_account (workspace_id, public_id, name, name_key, plan, industry, country,
    lifecycle_stage, recurring_revenue, currency, attributes, created_at, updated_at, renewal_on,
    churned_on)
SELECT %(w)s, 'acc_' || i, 'Company ' || i, 'company ' || i, 'pro', '', '', '', 1000 + i, 'EUR',
    '{}', %(now)s, %(now)s, date(%(now)s) - (i %% 300),
    CASE WHEN i %% 4 = 0 THEN date(%(now)s) - (i %% 300) END
FROM generate_series(1, %(n)s / 8) i;
INSERT INTO customers_contact (workspace_id, public_id, email, name, persona, language, time_zone,
    consent_basis, consent_source, attributes, account_id, created_at, updated_at)
SELECT %(w)s, 'con_' || i, 'person' || i || '@company.example', 'Person ' || i, '', 'en', '', '',
    '', '{}', a.id, %(now)s, %(now)s
FROM generate_series(1, %(n)s / 2) i
JOIN customers_account a ON a.public_id = 'acc_' || (1 + (i - 1) / 4);
CREATE TEMPORARY TABLE given AS SELECT id AS contact, account_id, turn,
    row_number() OVER (ORDER BY turn, id) AS number
FROM customers_contact, generate_series(0, 1) turn;
INSERT INTO programs_wave (workspace_id, public_id, program_id, number, survey_version_id, audience,
    state, eligible, excluded, launched_by, launched_at, closes_at, paused_why, seed, plan)
SELECT workspace_id, 'wav_2', program_id, 2, survey_version_id, audience, state, eligible, excluded,
    launched_by, launched_at, closes_at, '', 0, '{}' FROM programs_wave WHERE id = %(wave)s;
INSERT INTO programs_enrolment (workspace_id, public_id, wave_id, contact_id, account_id, state,
    reason, detail, language, sender_name, sender_email, stopped_why, heads_up_arm, reminder_arm,
    peer_group, stratum, cause, created_at)
SELECT %(w)s, 'enr_' || g.number, v.id, contact, account_id, 'answered', '', '', 'en', '', '', '',
    '', '', '', '', '', %(now)s FROM given g JOIN programs_wave v ON v.number = g.turn + 1;
INSERT INTO responses_response (workspace_id, public_id, enrolment_id, wave_id, contact_id,
    account_id, score, first_score, comment, drivers, channel, touch, language, frozen, edits,
    received_at, changed_at)
SELECT %(w)s, 'rsp_' || e.id, e.id, e.wave_id, e.contact_id, e.account_id, e.id * 7 %% 11,
    e.id * 7 %% 11, CASE WHEN e.id %% 3 = 0 THEN '' ELSE repeat('It works, mostly. ', 5) END, '{}',
    'email', '', 'en',
    jsonb_build_object('account', jsonb_build_object('plan',
        (ARRAY['starter', 'business', 'enterprise'])[1 + e.id %% 3])), 0,
    %(now)s - interval '730 days' * (1 - (e.id - low.id)::float / %(n)s), %(now)s
FROM programs_enrolment e, (SELECT min(id) AS id FROM programs_enrolment) low;
INSERT INTO cases_case (workspace_id, public_id, response_id, contact_id, account_id, owner_id,
    state, score, comment_key, priority, priority_reasons, opened_at, due_at, next_due_at,
    first_reply_at, closed_at, outcome, not_closed_reason, root_cause, insight, minutes, department,
    themes, playbook, changed_at)
SELECT %(w)s, 'case_' || id, id, contact_id, account_id,
    (%(owners)s::bigint[])[1 + id %% cardinality(%(owners)s::bigint[])],
    CASE WHEN age > 40 THEN 'closed' ELSE 'new' END, score,
    CASE WHEN comment = '' THEN '' ELSE md5(comment) END, id %% 4, '[]',
    received_at, received_at + interval '3 days',
    CASE WHEN age > 40 THEN NULL ELSE received_at + interval '3 days' END,
    CASE WHEN id %% 5 < 4 AND age > id %% 97 THEN received_at + interval '1 hour' * (id %% 97) END,
    CASE WHEN age > 40 THEN received_at + interval '1 hour' * (id %% 900) END,
    CASE WHEN age <= 40 THEN '' WHEN id %% 7 = 0 THEN 'not_closed' ELSE 'solved' END,
    CASE WHEN age > 40 AND id %% 7 = 0 THEN 'time' ELSE '' END, '', '', id %% 30, '', '{}', '',
    %(now)s
FROM (SELECT *, extract(epoch FROM %(now)s - received_at) / 3600 / 11 AS age
      FROM responses_response) r;
ANALYZE
"""


if __name__ == "__main__":
    main()
