"""What `afterscore doctor` finds out about mail that does not leave, and figures that cannot be."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
import typst

from afterscore.config import doctor
from afterscore.config.doctor import Finding, engine
from afterscore.kit import typesetting
from afterscore.outreach.models import Message
from tests.outreach import mail_server
from tests.outreach.post import Post
from tests.people import NOW, People

WITHOUT_MACHINE = typst.Fonts(include_system_fonts=False)


def found(check: str) -> Finding | None:
    return next((each for each in doctor.examine(now=NOW) if each.check == check), None)


def use_mail_server(settings, url: str) -> None:
    settings.AFTERSCORE_CHANNEL, settings.AFTERSCORE_SMTP_URL = "smtp", url


def test_a_mail_server_that_answers_is_fine(people: People, settings) -> None:
    with mail_server.running() as server:
        use_mail_server(settings, f"smtp://127.0.0.1:{server.port}")
        mail = found("mail")
        assert server.connections
    assert mail is not None
    assert (mail.level, mail.mend) == ("ok", "")


def test_a_mail_server_that_is_down_is_a_failure_with_its_reason(people: People, settings) -> None:
    use_mail_server(settings, "smtp://127.0.0.1:1")
    mail = found("mail")
    assert mail is not None
    assert mail.level == "failure"
    assert mail.text == "The mail server 127.0.0.1:1 cannot be used: connection refused."
    assert "AFTERSCORE_SMTP_URL" in mail.mend


def test_a_mail_server_that_does_not_take_the_password_is_a_failure(
    people: People, settings
) -> None:
    with mail_server.running(says={"AUTH": "535 5.7.8 wrong"}) as server:
        use_mail_server(settings, f"smtp://ana:secret@127.0.0.1:{server.port}")
        mail = found("mail")
    assert mail is not None
    assert mail.level == "failure"
    assert "secret" not in mail.text


def test_late_mails_are_told_with_their_reason(people: People) -> None:
    assert found("late") is None
    message = Post(people.workspace).message(due_at=NOW - timedelta(hours=1))
    Message.objects.filter(pk=message.pk).update(reason="The mail server is away.")
    late = found("late")
    assert late is not None
    assert late.text == "In the workspace harbourline, 1 mail is late. The mail server is away."


def test_a_cluster_that_is_away_is_a_failure_and_no_cluster_is_none(
    people: People, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found("engine") is None
    monkeypatch.setattr(engine, "find_spec", lambda _name: object())
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        settings.AFTERSCORE_ENGINE = f"spark://127.0.0.1:{nobody.getsockname()[1]}"
    away = found("engine")
    assert away is not None
    assert away.level == "failure"
    assert "refused" in away.text
    assert "unset AFTERSCORE_ENGINE" in away.mend
    monkeypatch.setattr(engine, "find_spec", lambda _name: None)
    missing = found("engine")
    assert missing is not None
    assert missing.mend == "Run: pip install -r requirements-spark.txt"


def test_languages_whose_letters_no_font_here_has_are_told_to_whoever_has_readers(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = found("letters")
    assert fine is not None
    assert (fine.level, fine.mend) == ("ok", "")
    monkeypatch.setattr(typesetting, "_fonts", lambda *, of_machine: WITHOUT_MACHINE)
    unread = found("letters")
    assert unread is not None
    assert unread.level == "ok"
    for name in ("Bengali", "Japanese", "Thai"):
        assert name in unread.text
    assert "German" not in unread.text
    people.workspace.language = "bn"
    people.workspace.save()
    read = found("letters")
    assert read is not None
    assert read.level == "warning"
    assert read.text.startswith("No font here has all letters of Bengali: PDFs and pictures")
    assert "fonts-noto-core" in read.mend
