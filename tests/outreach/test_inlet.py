"""What mail that comes back turns out to be, on real mails and on invented ones."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain.refusals import Fault
from afterscore.outreach import inlet
from afterscore.outreach.inlet import AutoReply, Bounce, Complaint, Delivered, Other
from tests.outreach import returned

BENCH = Path(__file__).resolve().parents[2] / "bench" / "bounces.py"


@pytest.fixture(scope="module")
def bounces() -> Any:
    spec = importlib.util.spec_from_file_location("bench_bounces", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_real_bounces_are_understood(bounces: Any, real_data: Path) -> None:
    figures = bounces.measure(real_data)
    for half in figures.values():
        assert half.ratio >= 0.95, half.wrong
        assert half.false_hard == 0
        assert half.hard_for_good_news == 0
        assert half.complaints_found == half.complaints
        assert half.wrong_kind == 0, half.wrong
    assert figures["all"].readers == 299


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("arf-18.eml", "kijitora@example.com"),
        ("arf-21.eml", "kijitora@example.org"),
        ("arf-22.eml", "kijitora@example.com"),
        ("arf-25.eml", "hashed@example.com"),
        ("arf-26.eml", "example@icloud.com"),
    ],
)
def test_complaints_name_the_reader(real_data: Path, name: str, reader: str) -> None:
    raw = (real_data / "email" / "sisimai" / "bsd" / name).read_bytes()
    (finding,) = inlet.read(raw).findings
    assert isinstance(finding, Complaint)
    assert finding.address == reader


def test_a_report_says_who_why_and_about_which_mail() -> None:
    found = inlet.read(returned.report())
    assert found.findings == (
        Bounce("ana.lima@example.com", Fault.ADDRESS, "5.1.1", "550 5.1.1 User unknown"),
    )
    assert found.about.message_ids == (returned.OURS,)
    assert found.about.recipients == ("ana.lima@example.com",)


def test_words_without_a_code_or_a_type_accuse_nobody() -> None:
    words = "The account that you tried to reach does not exist."

    def fault_of(said: str, status: str, kind: str) -> Fault:
        (finding,) = inlet.read(returned.report("failed", status, said, kind=kind)).findings
        assert isinstance(finding, Bounce)
        return finding.fault

    assert fault_of(words, "5.0.0", "") is Fault.UNKNOWN
    assert fault_of(words, "5.0.0", "x-notes; ") is Fault.ADDRESS
    assert fault_of(words, "5.1.1", "") is Fault.ADDRESS
    assert fault_of(f"550 {words}", "5.0.0", "") is Fault.ADDRESS


def test_a_delay_blames_nobody() -> None:
    (finding,) = inlet.read(returned.report("delayed")).findings
    assert isinstance(finding, Bounce)
    assert not finding.is_final
    assert not finding.blames_address


def test_a_report_may_bring_good_news() -> None:
    assert inlet.read(returned.report("delivered", "2.1.5")).findings == (
        Delivered("ana.lima@example.com"),
    )
    (relayed,) = inlet.read(returned.report("relayed", "2.1.5")).findings
    assert isinstance(relayed, Other)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: A question", "Automatische Antwort: Frage", "Réponse automatique",
        "Respuesta automática: fuera", "Risposta automatica: domanda", "Resposta automática",
        "Automatisch antwoord", "Automatyczna odpowiedź", "Autosvar: spørsmål",
        "Автоматический ответ", "自動応答", "自动回复",
    ],
)  # fmt: skip
def test_automatic_replies_are_known_by_their_subject(subject: str) -> None:
    (finding,) = inlet.read(returned.mail(subject)).findings
    assert isinstance(finding, AutoReply)
    assert finding.address == "ana@example.com"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied (vacation)"}, {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"}, {"X_Autorespond": "A question"},
    ],
)  # fmt: skip
def test_automatic_replies_are_known_by_their_headers(headers: dict[str, str]) -> None:
    (finding,) = inlet.read(returned.mail("Re: A question", **headers)).findings
    assert isinstance(finding, AutoReply)


def test_an_absence_is_told_from_other_automatic_replies() -> None:
    away = inlet.read(returned.mail("Abwesenheit bis Montag", Auto_Submitted="auto-replied"))
    assert away.findings == (AutoReply("absence", "ana@example.com"),)
    ticket = inlet.read(returned.mail("[#123] We have your mail", Auto_Submitted="auto-replied"))
    assert ticket.findings == (AutoReply("automatic", "ana@example.com"),)


@pytest.mark.parametrize(
    "raw",
    [
        returned.mail("Re: A question"),
        returned.mail("Re: A question", Auto_Submitted="no"),
        returned.mail("Vacation plans for the team"),
        returned.mail("Failure of the pump"),
        returned.mail("Re: Undelivered Mail Returned to Sender", "I had this. What shall I do?"),
    ],
)
def test_what_people_write_is_nothing_of_the_kind(raw: bytes) -> None:
    (finding,) = inlet.read(raw).findings
    assert isinstance(finding, Other)


def test_a_reply_names_the_mail_it_answers() -> None:
    found = inlet.read(
        returned.mail("Out of office", Auto_Submitted="auto-replied", In_Reply_To=returned.OURS)
    )
    assert found.about.message_ids == (returned.OURS,)


def test_unsubscribing_by_mail_is_a_request_of_its_own() -> None:
    (finding,) = inlet.read(returned.mail("unsubscribe", "")).findings
    assert finding == Complaint("ana@example.com", "opt-out")


@given(st.binary(max_size=600))
def test_any_bytes_are_read(raw: bytes) -> None:
    assert inlet.read(raw).findings


@given(
    st.lists(st.sampled_from(returned.report("failed", "5.1.1", "550").splitlines()), max_size=40)
)
def test_any_broken_report_is_read(lines: list[bytes]) -> None:
    assert inlet.read(b"\r\n".join(lines)).findings


def test_parts_within_parts_within_parts_are_left_alone() -> None:
    layers = (
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(9000)
    )
    (finding,) = inlet.read(b"".join(layers)).findings
    assert isinstance(finding, Other)


@pytest.mark.parametrize("filler", [b"a@", b"a.", b"<", b"<a@b.c>\n", b"5.1.1", b"-a", b"\n \n"])
def test_a_long_hostile_mail_costs_little_time(filler: bytes) -> None:
    began = time.perf_counter()
    raw = b"From: mailer-daemon@x\nSubject: failure notice\n\n" + filler * 200_000
    assert inlet.read(raw).findings
    assert time.perf_counter() - began < 10
