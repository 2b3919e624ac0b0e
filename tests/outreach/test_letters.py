"""Opening a mail that somebody wrote: its words in whatever form, and its files as files."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from afterscore.outreach.inlet import letters
from afterscore.outreach.inlet.dangers import caution
from afterscore.outreach.inlet.letters import clean_name, open_letter

HEAD = b"From: Nora <NORA@quayside.example>\r\nSubject: Hello\r\n"


def html_only(html: str) -> bytes:
    made = EmailMessage()
    made["From"] = "nora@quayside.example"
    made.set_content(html, subtype="html")
    return made.as_bytes()


def test_who_wrote_to_whom_about_what() -> None:
    raw = (
        b"From: =?utf-8?q?N=C3=B3ra?= <NORA@quayside.example>\r\nTo: a@x.example\r\n"
        b"Cc: B <b@x.example>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n =?utf-8?q?s?=\r\n"
        b"Message-ID: <1@quayside.example>\r\nIn-Reply-To: <0@x.example>\r\n"
        b"References: <00@x.example> <0@x.example>\r\n\r\nYes."
    )
    letter = open_letter(raw)
    assert (letter.sender, letter.sender_name) == ("nora@quayside.example", "Nóra")
    assert letter.recipients == ("a@x.example", "b@x.example")
    assert (letter.subject, letter.message_id) == ("Cafés", "<1@quayside.example>")
    assert letter.references == ("<00@x.example>", "<0@x.example>")
    assert letter.said.text == "Yes."


def test_a_mail_of_html_alone_is_read_as_text() -> None:
    letter = open_letter(
        html_only(
            "<div>The export is <b>slow</b>.</div><div class='gmail_quote'><div class='gmail_attr'>"
            "Ana, 4 May</div><blockquote>What is slow?</blockquote></div>"
        )
    )
    assert letter.said.text == "The export is slow."
    assert letter.said.quoted == "> Ana, 4 May\n> What is slow?"


def test_scripts_and_pictures_of_html_do_nothing() -> None:
    letter = open_letter(
        html_only('<p>Hi</p><script>alert(1)</script><img src="https://x.example/a" onerror="b">')
    )
    assert letter.said.text == "Hi"


def test_markup_in_plain_text_stays_text() -> None:
    letter = open_letter(HEAD + b"\r\n<script>alert(1)</script>")
    assert letter.said.text == "<script>alert(1)</script>"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "koi8-r"])
def test_in_whatever_encoding(charset: str) -> None:
    text = "Привет" if charset == "koi8-r" else "Grüße"
    made = EmailMessage()
    made.set_content(text, charset=charset, cte="base64")
    assert open_letter(made.as_bytes()).said.text == text


@pytest.mark.parametrize("charset", ["utf-8", "no-such-charset", "us-ascii"])
def test_a_wrong_encoding_loses_no_more_than_it_must(charset: str) -> None:
    raw = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + b"Gr\xfc\xdfe"
    assert "Gr" in open_letter(raw).said.text


def test_softly_broken_lines_become_whole_again() -> None:
    raw = (
        HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\nThis line \r\ngoes on.\r\n"
        b"-- \r\nNora\r\n"
    )
    said = open_letter(raw).said
    assert (said.text, said.signature) == ("This line goes on.", "-- \nNora")


def test_control_characters_are_left_out() -> None:
    assert open_letter(HEAD + b"\r\nHi\x1b[31m\x00 there\x07\tyou").said.text == "Hi[31m there\tyou"


def test_pictures_calendars_and_mails_are_files() -> None:
    made = EmailMessage()
    made.set_content("Three files.")
    made.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar")
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", disposition="inline")
    inner = EmailMessage()
    inner["Subject"] = "The old one"
    inner.set_content("Inside.")
    made.add_attachment(inner)
    letter = open_letter(made.as_bytes())
    assert [file.name for file in letter.files] == [
        "attachment.ics",
        "attachment.png",
        "The old one.eml",
    ]
    assert b"Inside." in letter.files[2].content
    assert letter.said.text == "Three files."


def test_a_text_that_was_attached_is_a_file_and_not_said() -> None:
    made = EmailMessage()
    made.set_content("See the log.")
    made.add_attachment("10:30 stopped", filename="log.txt")
    letter = open_letter(made.as_bytes())
    assert letter.said.text == "See the log."
    assert [file.name for file in letter.files] == ["log.txt"]


def test_where_a_file_is_the_whole_answer_nothing_else_is_shown() -> None:
    made = EmailMessage()
    made.set_content("\nOn 4 May 2026 11:05 Ana wrote:\n> Send me the log\n")
    made.add_attachment("10:30 stopped", filename="log.txt")
    said = open_letter(made.as_bytes()).said
    assert (said.text, said.quoted.split("\n")[0]) == ("", "On 4 May 2026 11:05 Ana wrote:")


def test_the_same_picture_twice_is_one_file() -> None:
    made = EmailMessage()
    made.set_content("Hi")
    for _ in range(3):
        made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    assert len(open_letter(made.as_bytes()).files) == 1


def test_more_files_than_anybody_sends_are_counted_and_left_out() -> None:
    made = EmailMessage()
    made.set_content("Hi")
    for number in range(letters.MOST_FILES + 3):
        made.add_attachment(b"x", maintype="image", subtype="png", filename=f"{number}.png")
    letter = open_letter(made.as_bytes())
    assert (len(letter.files), letter.left_out) == (letters.MOST_FILES, 3)


def test_an_encrypted_mail_says_so() -> None:
    raw = (
        HEAD + b'Content-Type: multipart/encrypted; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\n"
        b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\nxyz\r\n--b--\r\n"
    )
    assert open_letter(raw).is_sealed


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.doc", "a.doc"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nSet-Cookie: b.txt", "aSet-Cookie: b.txt"),
        (".htaccess", "htaccess"),
        ("", "attachment"),
        ("///", "attachment"),
        ("ü  ber.png", "ü ber.png"),
    ],
)
def test_names_of_files_hide_nothing(given: str, clean: str) -> None:
    assert clean_name(given) == clean


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("x" * 500 + ".pdf")
    assert len(name) == letters.LONGEST_NAME
    assert name.endswith("x.pdf")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"%PDF-1.7", ""),
        ("photo.JPG", b"\xff\xd8\xff", ""),
        ("setup.EXE", b"MZ", "Can run as a program"),
        ("invoice.pdf.js", b"x", "Can run as a program"),
        ("invoice.pdf", b"MZ\x90", "Is not what its name says"),
        ("sheet.xlsm", b"PK", "Can hold macros"),
        ("logo.svg", b"<svg>", "Can run scripts when opened"),
        ("page.html", b"<p>", "Can run scripts when opened"),
        ("picture.png", b"\n<!DOCTYPE HTML>", "Is not what its name says"),
        ("all.zip", b"PK\x03\x04", "Packed: nobody looked inside"),
        ("notes.txt", b"hello", ""),
        ("script", b"#!/bin/sh", "Can run as a program"),
    ],
)
def test_dangerous_files_are_marked(name: str, content: bytes, why: str) -> None:
    assert caution(name, content) == why


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", bytes(range(256)) * 40, b"Content-Type: x/\r\n\r\n"]
)
def test_whatever_comes_it_is_opened(raw: bytes) -> None:
    open_letter(raw)
