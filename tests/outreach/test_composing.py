"""What a mail says, in every language, whatever is put into it."""

from __future__ import annotations

import email
import email.policy
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.kit import mailboxes, signing
from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.outreach.composition import headers, layouts, words
from afterscore.outreach.models import Kind, MailRoute, Message
from afterscore.surveys import languages
from afterscore.workspaces.models import Workspace
from tests.people import NOW

AUTOMATED = [kind for kind in Kind if kind != Kind.REPLY]


def workspace(**changes: object) -> Workspace:
    values = {
        "name": "Harbourline",
        "slug": "harbourline",
        "postal_address": "Harbourline,\r\n1 Quay Street,\r\nDublin",
        "sender_email": "olivia@harbourline.example",
    }
    return Workspace(**{**values, **changes})


def message(kind: str = "invitation", **changes: object) -> Message:
    values: dict[str, object] = {
        "workspace": workspace(),
        "stream": "wav_first",
        "to_email": "ana@example.com",
        "to_name": "Ana Lima",
        "sender_name": "Olivia Byrne",
        "sender_email": "olivia@harbourline.example",
        "language": "en",
        "fields": {"company": "Harbourline", "survey_path": "/s/enr_x.y", "days": 5},
    }
    if kind in {"reply", "follow_up"}:
        values |= {"subject": "Your answer", "body": "Hello Ana,\n\nthank you.\n\nOlivia"}
    return Message(kind=kind, **{**values, **changes})


class Reader(HTMLParser):
    """Links, words and attributes of an HTML part, as a mail program would meet them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self.tags: list[str] = []
        self.root: dict[str, str | None] = {}
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "html":
            self.root = dict(attrs)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")
        self._hidden = tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("code", languages.available())
def test_an_invitation_is_whole_in_every_language(code: str) -> None:
    language = languages.get(code)
    mail = composition.compose(message(language=code))
    seen = Reader(mail.html)
    scores = [link for link in seen.links if "?score=" in link]
    assert scores == [f"http://testserver/s/enr_x.y?score={score}" for score in range(11)]
    assert seen.root["lang"] == code
    assert seen.root["dir"] == language.direction
    for part in (mail.subject, mail.text, seen.text):
        assert not re.search(r"[{}\[\]]", part), part
        assert "None" not in part
    assert "Olivia Byrne" in mail.text
    assert "Olivia Byrne" in seen.text


@pytest.mark.parametrize("code", languages.available())
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_composes_in_every_language(kind: Kind, code: str) -> None:
    mail = composition.compose(message(kind, language=code))
    assert mail.subject
    assert mail.html.startswith("<!DOCTYPE html>")
    parsed = email.message_from_bytes(
        composition.as_bytes(mail, date=NOW), policy=email.policy.default
    )
    assert parsed["Subject"] == mail.subject
    plain, html = parsed.iter_parts()
    assert plain.get_content().split() == mail.text.split()
    assert html.get_content().splitlines() == mail.html.splitlines()
    assert [part.get_content_type() for part in (plain, html)] == ["text/plain", "text/html"]


@pytest.mark.parametrize("kind", AUTOMATED)
def test_both_parts_offer_the_same_links(kind: Kind) -> None:
    mail = composition.compose(message(kind))
    in_text = set(re.findall(r"http://\S+", mail.text))
    in_html = {link.split("?score=")[0] for link in Reader(mail.html).links}
    assert in_text == {link for link in in_html if not link.endswith("/all")}
    assert any("/u/msg_" in link for link in in_text)


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.REMINDER])
def test_one_link_is_for_programs_that_follow_everything_and_for_nobody_else(kind: Kind) -> None:
    mail = composition.compose(message(kind))
    ((style, anchor),) = re.findall(
        r'<div style="([^"]*)" aria-hidden="true">(<a [^>]*/all"[^>]*></a>)', mail.html
    )
    assert "display:none" in style.replace(" ", "")
    assert 'tabindex="-1"' in anchor
    assert "/all" not in mail.text


@pytest.mark.parametrize("kind", AUTOMATED)
def test_what_the_law_asks_for_is_in_both_parts(kind: Kind) -> None:
    mail = composition.compose(message(kind))
    for part in (mail.text, Reader(mail.html).text):
        assert "Harbourline, 1 Quay Street, Dublin" in part
        assert "because you are a customer of Harbourline" in part
        assert "Unsubscribe" in part


def test_nothing_is_fetched_by_opening_a_mail() -> None:
    for kind in Kind:
        mail = composition.compose(message(kind))
        tags = Reader(mail.html).tags
        assert not {"img", "script", "link", "iframe", "object", "form"} & set(tags)
        assert "url(" not in mail.html
        assert "@import" not in mail.html


def test_a_layout_reads_in_the_dark_and_on_a_phone() -> None:
    html = composition.compose(message()).html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media (max-width: 479px)" in html


def test_right_to_left_mirrors_the_layout() -> None:
    html = composition.compose(message(language="ar")).html
    assert 'dir="rtl"' in html
    assert "text-align:right" in html
    assert "direction:ltr" not in html


@pytest.mark.parametrize("kind", AUTOMATED)
def test_automated_mail_says_that_it_is(kind: Kind) -> None:
    row = message(kind)
    sent = composition.compose(row).headers
    token = signing.sign("unsubscribe", row.public_id)
    assert sent["List-Unsubscribe"] == f"<http://testserver/u/{token}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["List-Id"] == "<wav_first.harbourline.testserver>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Precedence"] == "bulk"
    assert sent["X-Auto-Response-Suppress"] == "All"


def test_a_persons_reply_looks_like_a_persons_mail() -> None:
    mail = composition.compose(message("reply", reply_to="olivia@harbourline.example"))
    assert set(mail.headers) == {"From", "To", "Subject", "Message-ID", "Reply-To"}
    assert mail.text == "Hello Ana,\n\nthank you.\n\nOlivia\n"
    seen = Reader(mail.html)
    assert seen.text == "Hello Ana, thank you. Olivia"
    assert seen.links == []


def test_the_message_id_never_changes() -> None:
    row = message()
    expected = f"<{row.public_id}@harbourline.example>"
    assert composition.compose(row).headers["Message-ID"] == expected
    assert composition.compose(row).headers["Message-ID"] == expected


def test_without_a_first_name_nobody_is_called_by_a_wrong_one() -> None:
    mail = composition.compose(message(to_name="Dr. Smith"))
    assert mail.subject == "How likely are you to recommend Harbourline?"
    assert mail.text.startswith("Hello,\n")


def test_no_promise_is_made_where_none_was_given() -> None:
    fields = {"company": "Harbourline", "survey_path": "/s/enr_x.y"}
    mail = composition.compose(message(fields=fields))
    assert "It takes about 1 min." in mail.text
    assert "working days" not in mail.text


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
def test_an_own_promise_takes_the_place_of_the_languages(kind: str) -> None:
    fields = {
        "company": "Harbourline",
        "survey_path": "/s/enr_x.y",
        "days": 3,
        "commitment": "I call you within {{ days }} days, {{ first_name }}.",
    }
    mail = composition.compose(message(kind, fields=fields))
    assert "It takes about 1 min. I call you within 3 days, Ana." in mail.text
    assert "I call you within 3 days, Ana." in Reader(mail.html).text
    assert "working days" not in mail.text


def test_the_workspaces_own_words_replace_the_languages() -> None:
    own = message(
        subject="{{ first_name }}, one question",
        body="Dear {{ first_name | default: 'friend' }},\n\nhow was {{ account }}?",
        fields={"company": "Harbourline", "survey_path": "/s/x", "account": "Booking.com"},
    )
    mail = composition.compose(own)
    assert mail.subject == "Ana, one question"
    assert mail.text.startswith("Dear Ana,\n\nhow was Booking.com?\n\nHow likely")
    assert "I read every answer" not in mail.text


def test_a_reminder_in_own_words_still_says_that_it_is_one() -> None:
    mail = composition.compose(message("reminder", body="Dear {{ first_name }}, how are we doing?"))
    assert "A short reminder" in mail.text


def test_the_surveys_own_question_is_the_one_in_the_mail() -> None:
    fields = {
        "company": "Harbourline", "survey_path": "/s/x", "question": "Would you come back?",
        "low_label": "Never", "high_label": "Tomorrow",
    }  # fmt: skip
    mail = composition.compose(message(fields=fields))
    seen = Reader(mail.html).text
    assert "Would you come back?" in seen
    assert "0 = Never" in seen
    assert "10 = Tomorrow" in seen
    assert "Would you come back?\n\n0 = Never, 10 = Tomorrow\nhttp://" in mail.text


@pytest.mark.parametrize("code", ["en", "ar", "fa", "he", "ur"])
def test_a_letter_is_signed_once(code: str) -> None:
    """Also where names are set apart from the direction of what surrounds them."""
    body = "Dear Ana,\n\nall is well.\n\n{{ sender_name }}"
    signed = composition.compose(message("follow_up", body=body, language=code))
    assert signed.text.count("Olivia") == 1
    unsigned = composition.compose(message("follow_up", body="Hello Ana,\n\nthank you."))
    assert "Kind regards,\nOlivia Byrne\nHarbourline" in unsigned.text


def test_links_that_a_person_writes_can_be_followed() -> None:
    body = 'See https://example.com/a?b=1&c=2). "Quoted" <b>not bold</b>'
    mail = composition.compose(message("reply", body=body))
    seen = Reader(mail.html)
    assert seen.links == ["https://example.com/a?b=1&c=2"]
    assert "<b>not bold</b>" in seen.text
    assert body in mail.text


def test_a_mail_without_a_survey_is_refused_not_sent_without_links() -> None:
    with pytest.raises(Refused, match="no link"):
        composition.compose(message(fields={"company": "Harbourline"}))


def test_a_sender_that_is_no_address_is_refused() -> None:
    with pytest.raises(Refused, match="no address"):
        composition.compose(message(sender_email="olivia at home"))


HOSTILE_NAMES = [
    "<h1>Big</h1>",
    "<script>alert(1)</script>",
    'Ana" <evil@example.com>, "',
    "http://evil.example Click here",
    "evil.example",
    "Ana\r\nBcc: evil@example.com",
    "Ana\nX-Evil: 1",
    "Ana\u2028Bcc: evil@example.com",
    "Ana\x00Lima",
    "Ana\u202eamiL",
    "{{ sender_name }}",
    "{% for i in (1..9) %}x{% endfor %}",
    "{0.__class__}",
    "%(x)s ${x} #{x}",
    "[[survey_url]]",
    "[[unsubscribe_url]]",
    "=?utf-8?q?=0ABcc:evil=40example.com?=",
    "A" * 5000,
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_hostile_name_stays_a_name(kind: Kind, name: str) -> None:
    row = message(
        kind,
        to_name=name,
        sender_name=name,
        fields={"company": name, "account": name, "comment": name, "survey_path": "/s/x"},
        subject="{{ name }} {{ account }} {{ company }}",
        body="{{ name }} {{ first_name }} {{ account }} {{ comment }}",
    )
    mail = composition.compose(row)
    plain = composition.compose(message(kind, subject="x", body="y"))
    assert Reader(mail.html).tags.count("a") <= Reader(plain.html).tags.count("a") + 1
    assert not {"h1", "script"} & set(Reader(mail.html).tags)
    raw = composition.as_bytes(mail, date=NOW)
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    expected = set(plain.headers) | {"Date", "MIME-Version", "Content-Type"}
    assert set(parsed.keys()) == expected
    assert [address.addr_spec for address in parsed["To"].addresses] == ["ana@example.com"]
    assert [a.addr_spec for a in parsed["From"].addresses] == ["olivia@harbourline.example"]
    assert len(mail.subject) <= words.LINE_LENGTH


@given(text=st.text(max_size=80))
def test_no_name_breaks_a_header(text: str) -> None:
    header = headers.named(text, "ana@example.com")
    assert "\n" not in header
    assert "\r" not in header
    assert header.endswith("ana@example.com>") or header == "ana@example.com"


@given(body=st.text(max_size=300))
def test_whatever_a_person_writes_arrives_as_text(body: str) -> None:
    row = message("reply", body=body or "x")
    html = composition.compose(row).html
    places = composition.compose(message("reply", body="x")).html
    assert set(Reader(html).tags) <= set(Reader(places).tags) | {"br", "a", "p"}


def test_only_our_own_parts_are_ever_included() -> None:
    with pytest.raises(ValueError, match="no part"):
        layouts.fill("../../../../etc/passwd", "ltr", {})


def test_composing_is_quick() -> None:
    composition.compose(message())
    started = time.perf_counter()
    for _ in range(100):
        composition.as_bytes(composition.compose(message()), date=NOW)
    assert (time.perf_counter() - started) / 100 < 0.02  # a few ms; room for a busy machine


def test_without_a_bounce_domain_mail_comes_back_to_its_sender() -> None:
    mail = composition.compose(message())
    assert mail.sender == "olivia@harbourline.example"
    assert "mailto:" not in mail.headers["List-Unsubscribe"]


def test_with_one_the_envelope_names_the_message(settings) -> None:
    settings.AFTERSCORE_BOUNCE_DOMAIN = "bounces.example"
    row = message()
    mail = composition.compose(row)
    local, _, domain = mail.sender.partition("@")
    kind, _, token = local.partition("+")
    assert (kind, domain) == ("bounce", "bounces.example")
    assert mailboxes.read("bounce", token, prefix="msg") == row.public_id
    assert mail.headers["From"].endswith("<olivia@harbourline.example>")


def test_with_one_readers_may_unsubscribe_by_mail_too(settings) -> None:
    settings.AFTERSCORE_BOUNCE_DOMAIN = "bounces.example"
    row = message()
    given = composition.compose(row).headers["List-Unsubscribe"]
    web, by_mail = re.findall(r"<([^>]+)>", given)
    assert web.startswith("http://testserver/u/")
    token = by_mail.removeprefix("mailto:unsubscribe+").removesuffix("@bounces.example")
    assert mailboxes.read("unsubscribe", token, prefix="msg") == row.public_id


def test_a_route_may_have_a_domain_of_its_own(settings) -> None:
    settings.AFTERSCORE_BOUNCE_DOMAIN = "bounces.example"
    row = message()
    row.route = MailRoute(options={"bounce_domain": "mail.other.example"})
    assert composition.compose(row).sender.endswith("@mail.other.example")
