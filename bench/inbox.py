"""How long the inbox takes: `python bench/inbox.py [cases] [open]`, one case for each answer.

Beside it, the same sorted page by a bare SELECT on an equal table without our indexes.
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
COMMENTS = [
    "",
    "The import stops at about ten thousand rows and then says nothing.",
    "",
    "Planning used to take me all of Friday. Now it is an hour.",
    "Good, but the mobile pages feel like an afterthought.",
]
ROUNDS = 9


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    still_open = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    folder.chmod(0o755)
    os.environ["AFTERSCORE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    os.environ.pop("DATABASE_URL", None)
    from afterscore.config import postgres

    try:
        with postgres.running(folder):
            _measure(cases, still_open)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(cases: int, still_open: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from afterscore.cases import queries
    from afterscore.cases.queries import Show
    from afterscore.domain.nps import Group

    call_command("migrate", verbosity=0)
    workspace, ana = _people()
    _fill(workspace, ana, cases, still_open)

    def page(**filters: object) -> Callable[[], object]:
        filters = {"show": Show.ALL, "member": ana} | filters
        return lambda: list(queries.list_cases(workspace=workspace, now=NOW, **filters)[:51])  # type: ignore[arg-type]

    client = Client(headers={"Host": "localhost"})
    client.force_login(ana.user)
    print(f"{cases:,} cases, {still_open:,} open; median of {ROUNDS}, milliseconds")
    for name, action in {
        "list: mine": page(show=Show.MINE),
        "list: all open": page(),
        "list: all open, page 21": lambda: list(
            queries.list_cases(workspace=workspace, now=NOW, show=Show.ALL)[1000:1051]
        ),
        "list: late": page(show=Show.OVERDUE),
        "list: waiting": page(show=Show.WAITING),
        "list: detractors without a comment": page(group=Group.DETRACTOR, has_comment=False),
        "list: closed": page(show=Show.CLOSED),
        "search in open": page(search="friday hour"),
        "search in open, no match": page(search="zzzz"),
        "search in closed": page(show=Show.CLOSED, search="person 777"),
        "search in closed, no match": page(show=Show.CLOSED, search="zzzz"),
        "counts of the drawers": lambda: queries.count_cases(
            workspace=workspace, member=ana, now=NOW
        ),
        "closure by score and comment": lambda: queries.closure_counts(workspace=workspace),
        "whole page": lambda: client.get(f"/w/{workspace.slug}/inbox/"),
        "list as the script asks for it": lambda: client.get(
            f"/w/{workspace.slug}/inbox/", headers={"HX-Target": "inbox-rows"}
        ),
        "baseline: sort without an index": _baseline,
    }.items():
        print(f"{name:36} {_median(action):8.1f}")


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
            "SELECT * FROM bare_case WHERE next_due_at IS NOT NULL "
            "ORDER BY next_due_at, priority DESC, id LIMIT 51"
        )
        return cursor.fetchall()


def _people() -> tuple[Workspace, Member]:
    from afterscore.domain.events import SYSTEM
    from afterscore.domain.roles import Role
    from afterscore.kit import jobs
    from afterscore.workspaces import operations
    from afterscore.workspaces.models import User

    with jobs.inline():
        workspace = operations.create_workspace(name="Bench", actor=SYSTEM, now=NOW)
        user = User.objects.create(email="ana@bench.example", name="Ana", created_at=NOW)
        ana = operations.add_member(
            workspace=workspace, user=user, role=Role.AGENT, actor=SYSTEM, now=NOW
        )
    return workspace, ana


def _fill(workspace: Workspace, ana: Member, cases: int, still_open: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in FILL.split(";"):
            cursor.execute(
                statement,
                {
                    "w": workspace.pk,
                    "n": cases,
                    "open": still_open,
                    "now": NOW,
                    "ana": ana.pk,
                    "comments": COMMENTS,
                },
            )


FILL = """
INSERT INTO surveys_survey (workspace_id, public_id, name, created_at)
VALUES (%(w)s, 'srv_1', 'S', %(now)s);
INSERT INTO surveys_surveyversion (workspace_id, public_id, survey_id, number, company,
    questionnaire, created_at)
SELECT %(w)s, 'svv_1', id, 1, 'Bench', '{}', %(now)s FROM surveys_survey;
INSERT INTO programs_program (workspace_id, public_id, slug, name, objective, sponsor, positioning,
    survey_id, audience, sender, sender_name, sender_email, cadence_days, reminders,
    reminder_after_days, open_days, send_window, answer_within_days, subject, body, is_archived,
    created_at, updated_at)
SELECT %(w)s, 'prg_1', 'p', 'Relationship', '', '', 'between', id, '{}', 'named', 'O',
    'o@b.example', 90, 1, 5, 30, 'business_hours', 5, '', '', false, %(now)s, %(now)s
FROM surveys_survey;
INSERT INTO programs_wave (workspace_id, public_id, program_id, number, survey_version_id, audience,
    state, eligible, excluded, launched_by, launched_at, closes_at)
SELECT %(w)s, 'wav_1', p.id, 1, v.id, '{}', 'running', 0, 0, 'system', %(now)s, %(now)s
FROM programs_program p, surveys_surveyversion v;
INSERT INTO customers_account (workspace_id, public_id, name, name_key, plan, industry, country,
    lifecycle_stage, recurring_revenue, currency, attributes, created_at, updated_at)
SELECT %(w)s, 'acc_' || i, 'Company ' || i, 'company ' || i, 'pro', '', '', '', i, 'EUR', '{}',
    %(now)s, %(now)s FROM generate_series(1, %(n)s / 4) i;
INSERT INTO customers_contact (workspace_id, public_id, email, name, persona, language, time_zone,
    consent_basis, consent_source, attributes, account_id, created_at, updated_at)
SELECT %(w)s, 'con_' || i, 'person' || i || '@company.example', 'Person ' || i, '', 'en', '', '',
    '', '{}', a.id, %(now)s, %(now)s
FROM generate_series(1, %(n)s) i JOIN customers_account a ON a.public_id = 'acc_' || (1 + i / 4);
INSERT INTO programs_enrolment (workspace_id, public_id, wave_id, contact_id, account_id, state,
    reason, detail, language, sender_name, sender_email, stopped_why, created_at)
SELECT %(w)s, 'enr_' || c.id, v.id, c.id, c.account_id, 'answered', '', '', 'en', '', '', '',
    %(now)s FROM customers_contact c, programs_wave v;
INSERT INTO responses_response (workspace_id, public_id, enrolment_id, wave_id, contact_id,
    account_id, score, first_score, comment, drivers, channel, touch, language, frozen, edits,
    received_at, changed_at)
SELECT %(w)s, 'rsp_' || e.id, e.id, e.wave_id, e.contact_id, e.account_id, e.id %% 11, e.id %% 11,
    (%(comments)s::text[])[1 + e.id %% 5], '{}', 'email', '', 'en', '{}', 0,
    %(now)s - e.id * interval '7 minutes', %(now)s FROM programs_enrolment e;
INSERT INTO cases_case (workspace_id, public_id, response_id, contact_id, account_id, owner_id,
    state, score, comment_key, priority, priority_reasons, opened_at, due_at, next_due_at,
    first_reply_at, closed_at, closed_by_id, outcome, not_closed_reason, insight, minutes,
    changed_at)
SELECT %(w)s, 'case_' || r.id, r.id, r.contact_id, r.account_id,
    CASE WHEN r.id %% 20 = 0 THEN %(ana)s END,
    CASE WHEN n > %(open)s THEN 'closed' WHEN n %% 7 = 0 THEN 'waiting' ELSE 'new' END,
    r.score, CASE WHEN r.comment = '' THEN '' ELSE md5(r.comment) END, r.id %% 4, '[]',
    r.received_at, r.received_at,
    CASE WHEN n <= %(open)s THEN r.received_at + interval '3 days' END,
    NULL, CASE WHEN n > %(open)s THEN r.received_at + interval '2 days' END, NULL,
    CASE WHEN n > %(open)s THEN 'solved' ELSE '' END, '', '', 0, %(now)s
FROM (SELECT *, row_number() OVER (ORDER BY received_at DESC) n FROM responses_response) r;
CREATE UNLOGGED TABLE bare_case AS SELECT * FROM cases_case;
ANALYZE
"""


if __name__ == "__main__":
    main()
