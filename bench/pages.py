"""How long the pages of figures take at the server: `make bench-pages`, `python bench/pages.py
[ANSWERS ...]`, by default as many answers as the demo has, and a million.

Answers lie in 36 months with a wave each, with 12 attributes of accounts and two of people; of the
running month about as many have changed as may before its file is written anew. Each page is asked
for as a browser does, everything included: session, SQL, template. "fresh": one more answer changes
before each load, so that what was remembered is counted again where it has to be; "again": nothing
has changed since. Beside each page stands what its figures take as bare SQL over the same rows in
PostgreSQL, written by hand. "work" is processor time of the program and of the database together,
which is what a page takes on a machine with nothing else to do. A page whose work is above the
limit fails the command.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import desk

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
MONTHS = 36
LIMIT = 300.0  # milliseconds
ROUNDS = 20
DEMO, LARGE = 1_200, 1_000_000
ATTRIBUTES = {f"a{n}": many for n, many in enumerate((2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40))}


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [DEMO, LARGE]
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    print(f"Load before the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if len(sizes) > 1:  # each with a database and a process of its own
        ran = [subprocess.run([sys.executable, __file__, str(size)], check=False) for size in sizes]
        sys.exit(max(each.returncode for each in ran))
    with desk._product():  # noqa: SLF001
        slow = list(measure(sizes[0]))
    if slow:
        sys.exit(f"Above {LIMIT:.0f} ms of work: {', '.join(slow)}")


def measure(answers: int) -> Iterator[str]:
    """The pages that are too slow."""
    from django.test import Client

    from afterscore.insights.operations import sealing
    from afterscore.kit import clock

    workspace, ana = desk.make_workspace()
    began = time.perf_counter()
    fill(workspace, answers)
    made = time.perf_counter()
    months = sealing.seal_workspace(workspace=workspace, now=NOW)
    change_many()
    desk._run("VACUUM ANALYZE")  # noqa: SLF001
    print(
        f"\n{answers:,} answers made in {made - began:.0f} s, {len(months)} months sealed in "
        f"{time.perf_counter() - made:.0f} s"
    )
    print(f"{'milliseconds':14}{'fresh: p50':>12}{'p95':>7}{'work':>7}{'again: p50':>12}{'p95':>7}"
          f"{'work':>7}{'bare SQL':>10}")  # fmt: skip
    client = Client(headers={"Host": "localhost"})
    client.force_login(ana.user)
    with clock.at(NOW):
        for name, (path, statements) in pages(workspace, ana).items():

            def ask(path: str = path) -> None:
                answer = client.get(path)
                assert answer.status_code == 200, (path, answer.status_code)

            ask()
            fresh, again = _time(ask, before=change_an_answer), _time(ask)
            bare = _time(lambda statements=statements: [desk._run(each) for each in statements])  # noqa: SLF001
            print(f"{name:14}{_words(fresh, 12)}{_words(again, 12)}{bare[0]:10.0f}", flush=True)
            if fresh[2] > LIMIT:
                yield name


def _words(took: tuple[float, float, float], width: int) -> str:
    return f"{took[0]:{width}.0f}{took[1]:7.0f}{took[2]:7.0f}"


def _time(
    action: Callable[[], object], *, before: Callable[[], object] | None = None
) -> tuple[float, float, float]:
    """The median and the 95th percentile by the clock, and the mean of the processors' time."""
    walls, work = [], 0.0
    for _ in range(ROUNDS):
        if before is not None:
            before()
        begun, start = _processor_time(), time.perf_counter()
        action()
        walls.append((time.perf_counter() - start) * 1000)
        work += _processor_time() - begun
    walls.sort()
    return statistics.median(walls), walls[int(0.95 * ROUNDS) - 1], work / ROUNDS


def _processor_time() -> float:
    """Of this process and everything of the database, those that have ended too; milliseconds."""
    ((backend,),) = desk._run("SELECT pg_backend_pid()")  # noqa: SLF001
    server = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            used = place.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(used[1]) == server:
            ticks += int(used[11]) + int(used[12])
        if int(place.parent.name) == server:
            ticks += sum(int(number) for number in used[11:15])
    return (time.process_time() + ticks / os.sysconf("SC_CLK_TCK")) * 1000


def change_many() -> None:
    """So many of the running month that its file is all but due to be written anew."""
    from afterscore.domain.sealing import FEWEST_OF_OPEN

    desk._run(  # noqa: SLF001
        "UPDATE responses_response SET language = 'fr' WHERE id > (SELECT max(id) FROM "
        f"responses_response) - {FEWEST_OF_OPEN} AND received_at >= '{NOW:%Y-%m}-01' RETURNING id"
    )


def change_an_answer() -> None:
    """One of the running month."""
    desk._run(  # noqa: SLF001
        "UPDATE responses_response SET score = (score + 1) % 11 WHERE id = (SELECT max(id) - "
        "floor(random() * 20)::int FROM responses_response) RETURNING id"
    )


def pages(workspace: Any, ana: Any) -> dict[str, tuple[str, list[str]]]:
    """The address of each page, and its figures by hand."""
    from afterscore.programs.models import Wave

    root = f"/w/{workspace.slug}/"
    last = Wave.objects.order_by("-launched_at").first()
    assert last is not None
    counted = "FROM responses_response r WHERE r.validity = 'counted'"
    year = f"{counted} AND r.received_at >= '{NOW - timedelta(days=364)}'"
    plan, industry = "r.frozen #>> '{account,plan}'", "r.frozen #>> '{account,industry}'"
    histogram = "SELECT r.score, count(*), count(*) FILTER (WHERE r.comment <> '')"
    by_day = f"{histogram}, r.received_at::date {year} GROUP BY 1, 4"
    by_plan = f"{histogram}, {plan} {year} GROUP BY 1, 4"
    by_account = f"{histogram}, r.account_id {year} GROUP BY 1, 4"
    before = (
        f"{histogram} {counted} AND r.received_at < '{NOW - timedelta(days=364)}' AND "
        f"r.received_at >= '{NOW - timedelta(days=729)}' GROUP BY 1"
    )
    both = f"{histogram}, {plan}, {industry} {year} GROUP BY 1, 4, 5"
    by_wave = f"{histogram}, r.wave_id, {plan} {counted} GROUP BY 1, 4, 5"
    of_wave = f"{histogram}, r.touch {counted} AND r.wave_id = {last.pk} GROUP BY 1, 4"
    newest = f"SELECT r.* {year} ORDER BY r.received_at DESC LIMIT 26"
    rated = f"SELECT r.wave_id, r.score, count(*) {counted} GROUP BY 1, 2"
    return {
        "Pulse": (f"{root}pulse/", [by_wave]),
        "Score": (f"{root}score/", [by_day, by_plan, by_account, before]),
        "Compare": (f"{root}score/compare/", [by_plan, before]),
        "Explore": (f"{root}score/explore/", [both]),
        "Health": (f"{root}score/health/", [of_wave]),
        "Targets": (f"{root}targets/", [by_day]),
        "Satisfaction": (f"{root}score/satisfaction/", [rated]),
        "Explain": (f"{root}score/explain/", [by_day, newest]),
        "Filter": (f"{root}score/filter/score/", [by_plan]),
        "Shared": (f"/shared/{_share(ana)}/", [by_day, by_plan, by_account, before]),
    }


def _share(ana: Any) -> str:
    """And a benchmark, beside which the page of targets puts the answers of a year."""
    from afterscore.domain.events import SYSTEM
    from afterscore.insights.models import Benchmark, SharedLink
    from afterscore.insights.operations import sharing
    from afterscore.kit import jobs

    Benchmark.objects.create(
        workspace=ana.workspace, source="A survey", link="https://example.com/", score=20,
        audience="Everybody", method="relational", answers=900, collected_on=NOW, created_at=NOW,
    )  # fmt: skip
    with jobs.inline():
        _link, secret = sharing.share_page(
            member=ana,
            page=SharedLink.Page.SCORE,
            query="",
            title="Score",
            days=30,
            shows_words=False,
            actor=SYSTEM,
            now=NOW,
        )
    return secret


# --- the workspace -------------------------------------------------------------------------------


def fill(workspace: Any, answers: int) -> None:
    """One statement a table; what is to be sealed is written without the notes of changes, which
    the seal would take back."""
    from afterscore.customers.models import Account, Contact
    from afterscore.programs.models import Enrolment
    from afterscore.responses.models import Response

    desk._launch(workspace)  # noqa: SLF001
    _launch_waves()
    a_wave = max(20, answers // MONTHS)
    values = {
        "w": workspace.pk,
        "n": a_wave,
        "accounts": max(5, a_wave // 5),
        "months": MONTHS,
        "now": NOW,
        "comments": desk.COMMENTS,
        "languages": desk.LANGUAGES,
        "plans": desk.PLANS,
    }
    desk._insert(Account, desk.ACCOUNT, "generate_series(1, %(accounts)s) i", values)  # noqa: SLF001
    desk._insert(  # noqa: SLF001
        Contact,
        desk.CONTACT,
        "generate_series(1, %(n)s * 2) i JOIN customers_account a "
        "ON a.public_id = 'acc_' || (1 + i %% %(accounts)s)",
        values,
    )
    desk._insert(Enrolment, ENROLMENT, "customers_contact c, programs_wave v "  # noqa: SLF001
                 "WHERE c.id %% 2 = v.number %% 2", values)  # fmt: skip
    desk._run("ALTER TABLE responses_response DISABLE TRIGGER insights_answer_changed")  # noqa: SLF001
    desk._insert(Response, RESPONSE, f"{ANSWERED} WHERE v.number < %(months)s", values)  # noqa: SLF001
    desk._run("ALTER TABLE responses_response ENABLE TRIGGER insights_answer_changed")  # noqa: SLF001
    desk._insert(Response, RESPONSE, f"{ANSWERED} WHERE v.number = %(months)s", values)  # noqa: SLF001
    desk._run("ANALYZE")  # noqa: SLF001


def _launch_waves() -> None:
    from afterscore.programs.models import Wave

    only = Wave.objects.get()
    made = []
    for number in range(1, MONTHS + 1):
        months = NOW.year * 12 + NOW.month - 1 - (MONTHS - number)
        begun = datetime(months // 12, months % 12 + 1, 1, 6, tzinfo=UTC)
        made.append(
            Wave(
                workspace=only.workspace,
                program=only.program,
                survey_version=only.survey_version,
                number=number,
                launched_by=only.launched_by,
                launched_at=begun,
                closes_at=begun + timedelta(days=28),
            )
        )
    only.delete()
    Wave.objects.bulk_create(made)


ANSWERED = (
    "programs_enrolment e JOIN programs_wave v ON v.id = e.wave_id "
    "JOIN customers_account a ON a.id = e.account_id"
)
_OWN = ", ".join(
    f"'{name}', 'value ' || (a.id * {7 + place} + {place}) %% {many}"
    for place, (name, many) in enumerate(ATTRIBUTES.items())
)
_FROZEN = f"""jsonb_build_object(
    'contact', jsonb_build_object('persona', 'role ' || e.contact_id %% 5, 'language', e.language,
        'time_zone', 'Europe/Berlin', 'attribute', jsonb_build_object(
            'hobby', 'hobby ' || e.contact_id %% 9, 'seat', e.contact_id %% 50)),
    'account', jsonb_build_object('name', a.name, 'plan', a.plan, 'industry', 'ind ' || a.id %% 12,
        'country', 'C' || a.id %% 20, 'currency', 'EUR', 'recurring_revenue', a.id %% 90000,
        'lifecycle_stage', 'stage ' || a.id %% 4, 'attribute', jsonb_build_object({_OWN})))"""
ENROLMENT = {
    "public_id": "'enr_' || c.id || '_' || v.number",
    "wave_id": "v.id",
    "contact_id": "c.id",
    "account_id": "c.account_id",
    "state": "'answered'",
    "language": "c.language",
    "created_at": "v.launched_at",
}
RESPONSE = {
    "public_id": "'rsp_' || e.id",
    "enrolment_id": "e.id",
    "wave_id": "e.wave_id",
    "contact_id": "e.contact_id",
    "account_id": "e.account_id",
    "score": "least(10, (hashint8(e.id) & 15) %% 13 %% 11 + a.id %% 2)",
    "first_score": "5",
    "comment": "(%(comments)s::text[])[1 + e.id %% 5]",
    "channel": "'email'",
    "touch": "CASE WHEN e.id %% 4 = 0 THEN 'reminder' ELSE 'invitation' END",
    "language": "e.language",
    "frozen": _FROZEN,
    "received_at": "v.launched_at + (e.id %% 27000) * interval '1 minute'",
    "changed_at": "v.launched_at",
}


if __name__ == "__main__":
    main()
