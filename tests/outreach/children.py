"""Senders in processes of their own, on the database of the test."""

from __future__ import annotations

import os
import subprocess
import sys

from django.db import connection

from tests.outreach.mail_server import MailServer

PROGRAM = """
import os, django
django.setup()
from afterscore.outreach import sender
sender.drain(worker=f"child:{os.getpid()}")
"""


def start(server: MailServer, *before: str) -> subprocess.Popen[bytes]:
    """`before` is a command that starts it, such as `faketime`, with its arguments."""
    settings = connection.settings_dict
    address = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "afterscore.config.settings",
        "DATABASE_URL": address,
        "AFTERSCORE_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
    }
    return subprocess.Popen([*before, sys.executable, "-c", PROGRAM], env=surroundings)
