"""How fast one worker sends: `python bench/send.py [messages]`, beside the raw limit of SMTP.

One `afterscore worker` on a private PostgreSQL that commits every step to disk sends a wave of
invitations to Debian's `smtp-sink` on this machine. Then `smtp-source` sends as many mails of the
same size to the same sink, over one connection and over four, as fast as the protocol allows.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

TOOLS = f"{os.environ.get('PATH', '')}:/usr/sbin"
STREAM = "wav_bench"


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    options = sys.argv[2] if len(sys.argv) > 2 else ""
    for tool in ("smtp-sink", "smtp-source"):
        if shutil.which(tool, path=TOOLS) is None:
            sys.exit(f"{tool} is not here. It comes with Debian's package postfix.")
    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    folder.chmod(0o755)
    with Sink.running() as sink:
        os.environ["AFTERSCORE_DATA_DIR"] = str(folder)
        os.environ["AFTERSCORE_SMTP_URL"] = f"smtp://127.0.0.1:{sink.port}{options}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
        os.environ.pop("DATABASE_URL", None)
        from afterscore.config import postgres

        try:
            with postgres.running(folder):
                _measure(messages, sink)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class Sink:
    """`smtp-sink` with its running count of what it took."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, counts: Path) -> None:
        self.process = process
        self.port = port
        self.counts = counts

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Sink]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with tempfile.NamedTemporaryFile() as counts:
            process = subprocess.Popen(
                ["smtp-sink", "-u", "nobody", "-c", f"127.0.0.1:{port}", "128"],
                env={**os.environ, "PATH": TOOLS}, stdout=counts, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            time.sleep(0.5)
            try:
                yield cls(process, port, Path(counts.name))
            finally:
                process.terminate()
                process.wait()

    def took(self) -> int:
        """All that it took since it began; ends it, so that it has told everything."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        counts = re.findall(rb"mesg=(\d+)", self.counts.read_bytes())
        return int(counts[-1]) if counts else 0


def _measure(number: int, sink: Sink) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from afterscore.outreach.models import Message

    call_command("migrate", verbosity=0)
    _require_durable_commits()
    _invite(number)
    size = _size_of(Message.objects.select_related("workspace").earliest("pk"))
    rate = _send(number)
    states = Counter(Message.objects.values_list("state", flat=True))
    raw = {sessions: _raw(sink.port, number, size, sessions) for sessions in (1, 4)}
    arrived = sink.took() - number * len(raw)
    print(f"{number:,} invitations of {size:,} bytes, one worker, every step committed to disk")
    print(f"sent           {rate:8,.0f} a second")
    for sessions, limit in raw.items():
        name = f"{sessions} connection{'s' if sessions > 1 else ''}"
        print(f"smtp-source    {limit:8,.0f} a second, {name}; ratio {rate / limit:.2f}")
    print(f"states: {dict(states)}; smtp-sink took {arrived:,}")
    if states != {"sent": number} or arrived != number:
        sys.exit("Not every message was sent once.")


def _require_durable_commits() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] != "on":
                sys.exit(f"{name} is off: the figure would be worth nothing.")


def _invite(number: int) -> None:
    from django.db import connection, transaction

    from afterscore.customers.models import Contact
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock, signing
    from afterscore.outreach import operations
    from afterscore.outreach.operations import Draft
    from afterscore.workspaces import operations as workspaces

    now = clock.now() - timedelta(seconds=5)
    workspace = workspaces.create_workspace(
        name="Harbourline", actor=SYSTEM, now=now,
        settings={
            "postal_address": "Harbourline, 1 Quay Street, Dublin",
            "sender_name": "Olivia Byrne", "sender_email": "olivia@harbourline.example",
        },
    )  # fmt: skip
    rows = (
        Contact(
            workspace=workspace, email=f"guest{index}@sink.example", name=f"Guest {index}",
            created_at=now, updated_at=now,
        )
        for index in range(number)
    )  # fmt: skip
    contacts = Contact.objects.bulk_create(rows, batch_size=5_000)
    with transaction.atomic():
        operations.plan_messages(
            drafts=(
                Draft(
                    workspace=workspace, kind="invitation", stream=STREAM, step=0,
                    scope="prg_bench",
                    contact=contact, sender_name="Olivia Byrne",
                    sender_email="olivia@harbourline.example", language="en",
                    time_zone="Europe/Dublin", due_at=now, send_window="always",
                    valid_until=now + timedelta(days=30),
                    fields={
                        "company": "Harbourline", "account": "Quayside Freight", "days": 5,
                        "survey_path": f"/s/{signing.sign('survey', f'enr_{contact.pk:022}')}",
                    },
                )
                for contact in contacts
            ),
            now=now,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("CHECKPOINT")


def _size_of(message: object) -> int:
    from afterscore.kit import clock
    from afterscore.outreach import composition
    from afterscore.outreach.models import Message

    assert isinstance(message, Message)
    return len(composition.as_bytes(composition.compose(message), date=clock.now()))


def _send(number: int) -> float:
    """A second, from the first hand-over to the last reply; starting up is not counted."""
    from django.db import connection

    subprocess.run([sys.executable, "-m", "afterscore", "worker", "--once"], check=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM max(sent_at) - min(handed_at)) FROM outreach_message"
        )
        return number / float(cursor.fetchone()[0])


def _raw(port: int, number: int, size: int, sessions: int) -> float:
    command = ["smtp-source", "-d", "-s", str(sessions), "-m", str(number), "-l", str(size)]
    started = time.monotonic()
    subprocess.run(
        [*command, "-f", "olivia@harbourline.example", "-t", "guest@sink.example",
         f"127.0.0.1:{port}"],
        env={**os.environ, "PATH": TOOLS}, check=True, capture_output=True,
    )  # fmt: skip
    return number / (time.monotonic() - started)


if __name__ == "__main__":
    main()
