"""What somebody wrote, apart from what the mail repeats: by program, by language, without loss."""

from __future__ import annotations

import json
import tarfile
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterscore.outreach.inlet import letters, plaintext, quoting
from afterscore.surveys import languages
from tests.outreach import repliers

SPACE = str.maketrans("", "", " \t\n\r\u00a0")


@pytest.fixture(scope="module")
def talon(real_data: Path) -> dict[str, bytes]:
    with tarfile.open(real_data / "email" / "talon_replies.tar.gz") as archive:
        return {
            Path(member.name).name: file.read()
            for member in archive
            if (file := archive.extractfile(member)) is not None
        }


def test_the_replies_of_twelve_mail_programs_leave_what_was_written(
    talon: dict[str, bytes],
) -> None:
    expected: dict[str, str] = json.loads(talon["expected.json"])["expected"]
    assert len(expected) == 12
    for name, text in expected.items():
        said = letters.open_letter(talon[name]).said
        left = f"{said.text}\n\n{said.signature}"
        assert left.translate(SPACE) == text.translate(SPACE), name
        assert said.text.startswith("Hello")


def test_their_html_alone_says_the_same(talon: dict[str, bytes]) -> None:
    named = [name for name in talon if name.endswith(".eml") and b"text/html" in talon[name]]
    for name in set(named) - {"outlook.eml"}:  # whose two parts differ
        html = letters._body(message_from_bytes(talon[name]), "text/html")
        assert quoting.divide(html).text == "Hello", name


@pytest.mark.parametrize(("which", "text"), repliers.everything().items())
def test_every_language_and_program(which: str, text: str) -> None:
    divided = quoting.divide(text)
    assert divided.text == repliers.SAID, which
    assert repliers.ASKED.split("\n")[0] in divided.quoted


def test_the_programs_speak_every_language_of_the_surveys() -> None:
    assert set(repliers.GMAIL) == set(languages.available())


LINES = st.sampled_from(
    [
        "Hello", "", "> quoted", ">> deeper", "-- ", "--", "Sent from my iPhone",
        "From: a@b.example",
        "Sent: Monday 10:30", "Subject: x", "To: b@c.example", "wrote:",
        "On 4 May 2026 11:05 a wrote:",
        "-----Original Message-----", "____________", "| bar", "a <a@b.example> 11:05:", "Von: x",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=25), st.booleans())
def test_no_line_is_ever_lost(lines: list[str], may_be_empty: bool) -> None:
    divided = quoting.divide("\n".join(lines), may_be_empty=may_be_empty)
    kept = Counter(
        line.strip() for part in (divided.text, divided.rest) for line in part.split("\n")
    )
    for line, count in Counter(line.strip() for line in lines if line.strip()).items():
        assert kept[line] >= count


@given(st.lists(LINES, max_size=12))
def test_something_is_always_shown(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert bool(quoting.divide(text).text) == bool(text.strip())


@given(st.text(alphabet=st.characters(blacklist_characters=">|"), max_size=200))
def test_a_plain_text_without_marks_stays_whole_unless_it_is_introduced(text: str) -> None:
    divided = quoting.divide(text)
    if not divided.quoted and not divided.signature:
        assert divided.text == text.replace("\r\n", "\n").replace("\r", "\n").strip()


@pytest.mark.parametrize(
    "text",
    [
        "At 10:30 the export stops. Why?",
        "On Monday your colleague wrote: it will be fixed.",
        "Three things:\n\nName: Nora\nPhone: 555\nEmail: nora@quayside.example",
        "From: Dublin\nTo: Berlin\n\nThat is the way it goes.",
        "We use it daily -- well, nearly.",
        "- one\n- two\n\nThank you",
        "I met Ana at 11:05. She wrote:\n",
        "price > 400 is too much",
    ],
)
def test_what_only_looks_like_a_quotation_stays(text: str) -> None:
    assert quoting.divide(text).text == text.strip()


def test_an_answer_between_quotations_keeps_what_it_is_about() -> None:
    text = "On 4 May 2026 11:05 Ana wrote:\n> Is it slow?\nYes.\n\n> Every day?\nNo, on Mondays.\n"
    divided = quoting.divide(text)
    assert divided.text == "Yes.\n\n\n> Every day?\nNo, on Mondays."
    assert "> Is it slow?" in divided.quoted


def test_an_answer_below_the_quotation_is_found() -> None:
    assert quoting.divide("> Is it slow?\n\nYes.").text == "Yes."
    unmarked = "On Mon, May 4, 2026 at 11:05 AM Ana <ana@x.example> wrote:\n\nYes, it is."
    assert quoting.divide(unmarked).text == "Yes, it is."


def test_a_mail_that_was_only_passed_on_shows_what_it_passes_on() -> None:
    text = (
        "---------- Forwarded message ---------\nFrom: Tom <tom@quayside.example>\n"
        "Date: Mon, May 4, 2026 at 11:05 AM\nSubject: Export\nTo: <nora@quayside.example>\n\n"
        "It stops every Monday."
    )
    divided = quoting.divide(text)
    assert divided.text == "It stops every Monday."
    assert "From: Tom" in divided.quoted


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone",
        "Enviado desde mi iPhone", "Inviato da iPhone", "Verzonden vanaf mijn iPhone",
        "Skickat från min iPhone", "Wysłane z iPhone'a", "Отправлено с iPhone",
        "iPhoneから送信", "发自我的 iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>",
    ],
)  # fmt: skip
def test_what_a_telephone_adds_is_no_word_of_the_customer(line: str) -> None:
    divided = quoting.divide(f"Thank you.\n\n{line}\n")
    assert (divided.text, divided.signature) == ("Thank you.", line)


def test_a_mark_in_the_middle_of_a_long_text_is_no_signature() -> None:
    text = "First part.\n--\n" + "\n".join(f"Line {number}." for number in range(20))
    assert quoting.divide(text).text == text


@pytest.mark.parametrize(
    "html",
    [
        (
            '<p>Yes.</p><div class="gmail_quote"><div class="gmail_attr">L\'équipe, un lundi</div>'
            "<blockquote>Hello</blockquote></div>"
        ),
        '<div>Yes.</div><div id="x_divRplyFwdMsg"><b>Mystery:</b> Ana</div><div>Hello</div>',
        (
            '<p>Yes.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt">'
            "<p>Whoever: Ana</p></div><p>Hello</p>"
        ),
        (
            '<p>Yes.</p><div class="moz-cite-prefix">Irgendwann:</div>'
            '<blockquote type="cite"><p>Hello</p></blockquote>'
        ),
        '<p>Yes.</p><div class="yahoo_quoted"><p>Some day</p><p>Hello</p></div>',
        '<p>Yes.</p><div name="quote"><p>Irgendwann</p><p>Hello</p></div>',
    ],
)
def test_marks_of_html_divide_where_no_word_is_known(html: str) -> None:
    divided = quoting.divide(plaintext.from_html(html))
    assert divided.text == "Yes."
    assert "Hello" in divided.quoted


def test_html_becomes_lines_that_a_person_can_read() -> None:
    html = (
        "<head><title>x</title><style>p{}</style></head><body><p>Dear Ana,</p>"
        "<p>see <a href='https://quayside.example/log'>the log</a>&nbsp;&amp; tell me:</p>"
        "<ul><li>why</li><li>when</li></ul><script>alert(1)</script>"
        "<p style='display:none'>secret</p><table><tr><td>1</td><td>2</td></tr></table>"
        "<blockquote style='border:none'>an indented line</blockquote>Nora<br>Lindqvist</body>"
    )
    assert plaintext.from_html(html) == (
        "Dear Ana,\n\nsee the log <https://quayside.example/log>\u00a0& tell me:\n\n"
        "- why\n- when\n\n1 2\n\nan indented line\nNora\nLindqvist"
    )


@pytest.mark.parametrize(
    "text",
    [
        "> a\nb\n" * 10_000, ":\n" * 40_000, "a:\n\n\n" * 20_000, "From: x\n" * 30_000,
        "> x\n" + "\n" * 60_000 + "y", "On 1 wrote:" * 8_000, "|\n" * 40_000, "--\n" * 40_000,
        "a@b 10:30:\n> x\n" * 10_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_a_hostile_text_takes_no_longer_than_any_other(text: str) -> None:
    started = time.perf_counter()
    quoting.divide(text)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "html",
    ["<div>" * 50_000, "<a href=x>" * 50_000, "<blockquote>" * 3_000 + "x<br>" * 100, "<" * 99_999],
)
def test_hostile_html_takes_no_longer_than_any_other(html: str) -> None:
    started = time.perf_counter()
    plaintext.from_html(html)
    assert time.perf_counter() - started < 5
