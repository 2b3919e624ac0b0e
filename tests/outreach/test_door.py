"""The two doors for mail that comes back: LMTP over a real connection, and a command."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, connections

from afterscore.config import lmtp
from afterscore.kit import mailboxes
from afterscore.outreach.models import InboundEvent, Message
from tests.outreach import returned
from tests.outreach.post import Post

pytestmark = pytest.mark.django_db(transaction=True)
SENDER = "mailer-daemon@mx.example"


@pytest.fixture
def door() -> Iterator[lmtp.Listening]:
    listening = lmtp.Listening("127.0.0.1", 0)
    listening.start()
    yield listening
    listening.stop()


@pytest.fixture
def message(post: Post) -> Message:
    return post.sent()


def address_of(message: Message) -> str:
    address = mailboxes.address("bounce", message.public_id, "bounces.example")
    assert address is not None
    return address


def _speak(door: lmtp.Listening) -> smtplib.LMTP:
    return smtplib.LMTP(door.host, door.port)


def test_a_mail_is_kept_before_it_is_answered(door: lmtp.Listening, message: Message) -> None:
    with _speak(door) as client:
        client.sendmail(SENDER, [address_of(message)], returned.report())
    event = InboundEvent.objects.get()
    assert event.workspace == message.workspace
    assert "5.1.1 User unknown" in event.body
    assert event.processed_at is None


def test_the_same_mail_twice_is_kept_once(door: lmtp.Listening, message: Message) -> None:
    with _speak(door) as client:
        for _ in range(2):
            client.sendmail(SENDER, [address_of(message)], returned.report())
    assert InboundEvent.objects.count() == 1


def test_mail_to_nobody_is_refused_by_name(door: lmtp.Listening, message: Message) -> None:
    with _speak(door) as client:
        for stranger in ("nobody@bounces.example", "spam@bounces.example"):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.sendmail(SENDER, [stranger], returned.report())
            assert refused.value.recipients[stranger][0] == 550
    assert not InboundEvent.objects.exists()


def test_forged_mail_is_refused_and_not_kept(door: lmtp.Listening, message: Message) -> None:
    forged = address_of(message).replace("+", "+a")
    with _speak(door) as client, pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
        client.sendmail(SENDER, [forged], returned.report())
    assert not InboundEvent.objects.exists()


def test_one_recipient_at_a_time(door: lmtp.Listening, message: Message) -> None:
    with _speak(door) as client:
        client.ehlo()
        client.mail(SENDER)
        assert client.rcpt(address_of(message))[0] == 250
        assert client.rcpt(address_of(message))[0] == 452


def test_more_than_a_megabyte_is_refused(door: lmtp.Listening, message: Message) -> None:
    lines = b"x" * 70 + b"\r\n"
    with _speak(door) as client, pytest.raises(smtplib.SMTPException, match="552"):
        client.sendmail(SENDER, [address_of(message)], returned.report() + lines * 14_000)
    assert not InboundEvent.objects.exists()


def test_while_the_database_is_away_the_mail_comes_again(
    door: lmtp.Listening, message: Message, monkeypatch, tmp_path: Path
) -> None:
    """Every mail opens a connection of its own, and there is nobody at the other end."""
    with _speak(door) as client:
        with monkeypatch.context() as patch:
            patch.setitem(connections.settings["default"], "HOST", str(tmp_path))
            with pytest.raises(smtplib.SMTPDataError, match="451"):
                client.sendmail(SENDER, [address_of(message)], returned.report())
        client.sendmail(SENDER, [address_of(message)], returned.report())
    assert InboundEvent.objects.count() == 1


def test_a_taken_port_is_no_reason_to_stop_working(door: lmtp.Listening, caplog) -> None:
    assert lmtp.listen_quietly((door.host, door.port)) is None
    assert "No inlet at" in caplog.text


def _run(
    tmp_path: Path, recipient: str, raw: bytes, **changes: str
) -> subprocess.CompletedProcess[bytes]:
    database = connection.settings_dict
    options = f"host={quote(str(database['HOST']))}&user={quote(str(database['USER']))}"
    surroundings = {
        **os.environ,
        "DATABASE_URL": f"postgresql:///{database['NAME']}?{options}",
        "AFTERSCORE_DATA_DIR": str(tmp_path),
        "ORIGINAL_RECIPIENT": recipient,
        **changes,
    }
    command = [sys.executable, "-m", "afterscore", "mail", "receive"]
    return subprocess.run(command, env=surroundings, input=raw, capture_output=True, check=False)


def test_a_mail_server_may_pipe_it_in(tmp_path: Path, message: Message) -> None:
    done = _run(tmp_path, address_of(message), returned.report())
    assert done.returncode == 0, done.stderr
    assert InboundEvent.objects.get().message is None


def test_the_command_says_in_the_mail_servers_words_what_went_wrong(
    tmp_path: Path, message: Message
) -> None:
    assert _run(tmp_path, "nobody@bounces.example", b"x").returncode == os.EX_NOUSER
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    done = _run(tmp_path, address_of(message), returned.report(), **away)
    assert done.returncode == os.EX_TEMPFAIL
    assert b"The database does not answer" in done.stderr or b"OperationalError" in done.stderr
    assert _run(tmp_path, "", b"x").returncode == os.EX_TEMPFAIL
    assert not InboundEvent.objects.exists()
