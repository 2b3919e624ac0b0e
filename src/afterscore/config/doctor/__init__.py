"""Looks at an install as an administrator would at night: what is wrong, and how to mend it."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from afterscore.config.doctor import engine, letters, mart
from afterscore.config.doctor.findings import Finding
from afterscore.kit.errors import Refused
from afterscore.outreach import channels, guards
from afterscore.outreach import queries as outreach
from afterscore.outreach.channels import Unreachable
from afterscore.workspaces.models import Workspace

__all__ = ["Finding", "examine"]

OLDEST_POSTGRES = 15_00_00
SKEW_WARNING_SECONDS = 2.0
SKEW_FAILURE_SECONDS = 60.0
DISK_WARNING_BYTES = 2 * 2**30
DISK_FAILURE_BYTES = 200 * 2**20
HEARTBEAT_SECONDS = 60
FORGED_LATELY = timedelta(days=7)


def examine(*, now: datetime, thorough: bool = False) -> Iterator[Finding]:
    """All findings, in the order an administrator would look. Needs a database that answers.
    `thorough` reads every byte of the files of answers."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _database,
        lambda: _clocks(now),
        _mail,
        _bounces,
        _replies,
        lambda: _routes(now),
        _disk,
        _public_address,
        _front_end,
        _worker,
        lambda: mart.examine(now=now, thorough=thorough),
        engine.examine,
        letters.examine,
        _guards,
        lambda: _late(now),
        _workspaces,
    )
    for check in checks:
        yield from check()


def _database() -> Iterator[Finding]:
    version = connection.pg_version  # type: ignore[attr-defined]
    shown = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < OLDEST_POSTGRES:
        yield Finding("database", "failure", f"{shown} is too old.", "Use PostgreSQL 15 or newer.")
    else:
        yield Finding("database", "ok", f"{shown} answers.")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        text = f"{len(missing)} migrations are not applied."
        yield Finding("schema", "failure", text, "Run: afterscore migrate")
    else:
        yield Finding("schema", "ok", "The schema is up to date.")


def _clocks(now: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs((cursor.fetchone()[0] - now).total_seconds())
    text = f"This machine's clock and the database's differ by {skew:.1f} s."
    if skew > SKEW_FAILURE_SECONDS:
        yield Finding("clocks", "failure", text, "Run a time service (chrony) on both machines.")
    elif skew > SKEW_WARNING_SECONDS:
        yield Finding("clocks", "warning", text, "Run a time service (chrony) on both machines.")
    else:
        yield Finding("clocks", "ok", text)


def _mail() -> Iterator[Finding]:
    if not settings.AFTERSCORE_SMTP_URL:
        yield Finding(
            "mail",
            "warning",
            "No mail server is set: messages stay in the outbox page.",
            "Set AFTERSCORE_SMTP_URL, such as starttls://user:password@mail.example.com:587",
        )
        return
    server = urlsplit(settings.AFTERSCORE_SMTP_URL)
    shown = f"{server.hostname}:{server.port or ''}".rstrip(":")
    try:
        channel = channels.make(outreach.way_of(None))
        channel.open()
        channel.close()
        yield Finding("mail", "ok", f"The mail server {shown} answers and accepts us.")
    except (Unreachable, Refused) as error:
        mend = "Check host, port, user and password in AFTERSCORE_SMTP_URL."
        yield Finding("mail", "failure", str(error), mend)


def _bounces() -> Iterator[Finding]:
    domain = settings.AFTERSCORE_BOUNCE_DOMAIN
    inlet = settings.AFTERSCORE_INLET
    if domain:
        yield Finding("bounces", "ok", f"Mail that cannot be delivered comes back to {domain}.")
        yield from _no_inlet() if inlet is None else _inlet(*inlet)
    elif settings.AFTERSCORE_SMTP_URL:
        yield Finding(
            "bounces",
            "warning",
            "Mail that cannot be delivered comes back to its sender, where nobody counts it.",
            "Set AFTERSCORE_BOUNCE_DOMAIN to a domain whose mail reaches this machine.",
        )


def _replies() -> Iterator[Finding]:
    """Where customers answer cases, if that is said for the install."""
    domain = settings.AFTERSCORE_REPLY_DOMAIN
    if not domain:
        return
    yield Finding("replies", "ok", f"Customers answer cases at addresses of {domain}.")
    if not settings.AFTERSCORE_BOUNCE_DOMAIN:  # else it is said there
        inlet = settings.AFTERSCORE_INLET
        yield from _no_inlet() if inlet is None else _inlet(*inlet)


def _no_inlet() -> Iterator[Finding]:
    if outreach.has_inbound():
        yield Finding("inlet", "ok", "Mail comes in, by the command 'afterscore mail receive'.")
        return
    text = "Nothing listens for it here, and no mail has ever come in."
    mend = (
        "Set AFTERSCORE_INLET, or let the mail server run 'afterscore mail receive': docs/mail.md"
    )
    yield Finding("inlet", "warning", text, mend)


def _inlet(host: str, port: int) -> Iterator[Finding]:
    try:
        with smtplib.LMTP(host, port) as client:
            client.noop()
        yield Finding("inlet", "ok", f"The inlet for it answers at {host}:{port}.")
    except (OSError, smtplib.SMTPException) as error:
        text = f"The inlet for it does not answer at {host}:{port}: {error}"
        yield Finding("inlet", "failure", text, "Start a worker: afterscore worker")


def _routes(now: datetime) -> Iterator[Finding]:
    """Of every workspace: what its mail routes need, and whether their providers report."""
    for route in outreach.list_all_routes():
        where = f"The mail route '{route.name}' of {route.workspace.slug}"
        try:
            outreach.secrets_of(route)
            can_report = outreach.provider_of(route).reports
        except Refused as error:
            mend = "Put the key back, or enter the passwords anew in Settings, Mail routes."
            yield Finding("routes", "failure", f"{where}: {error.message}", mend)
            continue
        if route.forged_at and now - route.forged_at < FORGED_LATELY:
            text = f"{where} has refused forged reports: {route.forged_reports}."
            mend = "If they go on, make a new address on the route's page, for the provider alone."
            yield Finding("routes", "warning", text, mend)
        if can_report and outreach.is_unreported(route=route, now=now):
            text = f"{where} has sent mails for a day and its provider has reported nothing."
            mend = "Enter the address for reports at the provider: it stands on the route's page."
            yield Finding("routes", "warning", text, mend)
        elif can_report:
            yield Finding("routes", "ok", f"{where} can be used.")


def _disk() -> Iterator[Finding]:
    folder: Path = settings.DATA_DIR
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    text = f"{free / 2**30:.1f} GiB are free under {folder}."
    if free < DISK_FAILURE_BYTES:
        yield Finding("disk", "failure", text, "Free some space now: answers could be refused.")
    elif free < DISK_WARNING_BYTES:
        yield Finding("disk", "warning", text, "Free some space soon.")
    else:
        yield Finding("disk", "ok", text)


def _public_address() -> Iterator[Finding]:
    url = settings.PUBLIC_URL
    host = urlsplit(url).hostname or ""
    mend = "Set AFTERSCORE_PUBLIC_URL to the address that customers can open."
    if host in {"localhost", "127.0.0.1", "::1"}:
        text = f"Links in mails point at {url}, which only this machine can open."
        yield Finding("address", "warning", text, mend)
    elif not url.startswith("https://"):
        text = f"{url} is not https: answers and passwords travel in the clear."
        yield Finding("address", "failure", text, mend)
    else:
        yield Finding("address", "ok", f"Links in mails point at {url}.")


def _front_end() -> Iterator[Finding]:
    missing = [
        name
        for name in ("desk.css", "desk.js", "survey.css", "survey.js")
        if finders.find(f"afterscore/{name}") is None
    ]
    if missing:
        text = f"{', '.join(missing)} missing: pages have no style."
        yield Finding("pages", "failure", text, "Run: sh frontend/build.sh")
    else:
        yield Finding("pages", "ok", "The styles and scripts are built.")


def _worker() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [HEARTBEAT_SECONDS],
        )
        workers = cursor.fetchone()[0]
    if workers:
        yield Finding("worker", "ok", f"{workers} worker{'s' if workers > 1 else ''} at work.")
    else:
        text = "No worker has been seen in the last minute: nothing is sent."
        yield Finding("worker", "warning", text, "Start one: afterscore worker")


def _guards() -> Iterator[Finding]:
    closed = guards.list_closed()
    for guard in closed:
        yield Finding("sending", "failure", guard.why)
    if not closed:
        yield Finding("sending", "ok", "Nothing keeps the whole install from sending.")


def _late(now: datetime) -> Iterator[Finding]:
    for workspace in Workspace.objects.order_by("slug"):
        overdue = outreach.find_overdue(workspace=workspace, now=now)
        if overdue is not None:
            mails = "1 mail is" if overdue.count == 1 else f"{overdue.count:,} mails are"
            text = f"In the workspace {workspace.slug}, {mails} late. {overdue.reason}".strip()
            yield Finding("late", "warning", text, "They go by themselves once the cause is gone.")


def _workspaces() -> Iterator[Finding]:
    for workspace in Workspace.objects.order_by("slug"):
        lacking = [
            label
            for label, value in (
                ("postal address", workspace.postal_address),
                ("sender", workspace.sender_email),
            )
            if not value
        ]
        if lacking:
            text = f"The workspace {workspace.slug} has no {' and no '.join(lacking)}."
            yield Finding("workspace", "warning", text, "Add it in the workspace's settings.")
