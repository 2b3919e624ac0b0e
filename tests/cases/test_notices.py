"""Mail and posts to our own people: once, in business hours, gathered, and never for nothing."""

from __future__ import annotations

import email
import ipaddress
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest

from afterscore.cases import operations
from afterscore.cases.models import Alert, Case, Commitment, Notice, Task
from afterscore.cases.operations import alerting, notices
from afterscore.cases.queries import agendas
from afterscore.domain.alerts import Kind
from afterscore.kit import jobs
from afterscore.outreach.operations import rooms
from afterscore.workspaces.models import Absence, ChatRoom, Member
from tests.cases.answers import by, open_for
from tests.outreach import chat_server, mail_server
from tests.people import NOW, People

TUESDAY = NOW + timedelta(days=1)  # nine o'clock, when the desk opens
WEDNESDAY = TUESDAY + timedelta(days=1)
SATURDAY = NOW + timedelta(days=5)


@pytest.fixture
def server(settings: Any, people: People) -> Iterator[mail_server.MailServer]:
    with mail_server.running() as running:
        settings.AFTERSCORE_CHANNEL = "smtp"
        settings.AFTERSCORE_SMTP_URL = f"smtp://127.0.0.1:{running.port}"
        yield running


@pytest.fixture
def chat(settings: Any) -> Iterator[chat_server.ChatServer]:
    settings.AFTERSCORE_CHAT_NETWORKS = (ipaddress.ip_network("127.0.0.0/8"),)
    with chat_server.running() as running:
        yield running


def tell(now: datetime) -> None:
    """What the worker does every five minutes."""
    with jobs.inline() as queue:
        notices.plan_digests(now=now)
        notices.plan_alert_notices(now=now)
        names = [arguments["notice"] for _name, arguments in queue.jobs]
        queue.jobs.clear()
    for name in names:
        notices.send_notice(public_id=name, now=now)


def mails(server: mail_server.MailServer) -> list[EmailMessage]:
    return [email.message_from_bytes(each, policy=modern) for each in server.accepted]


def to(server: mail_server.MailServer, member: Member) -> list[EmailMessage]:
    return [mail for mail in mails(server) if member.user.email in str(mail["To"])]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def late_for_ana(people: People, **given: Any) -> Case:
    """Asked on Monday, due on Tuesday morning, still unanswered on Wednesday."""
    return open_for(people, owner=people.ana, comment="Exports take ten minutes.", **given)


def test_the_morning_mail_says_who_waits_longest(
    people: People, server: mail_server.MailServer
) -> None:
    case = late_for_ana(people)
    tell(WEDNESDAY)
    [mail] = to(server, people.ana)
    assert mail["Subject"] == "Nora Lindqvist has waited 2 days"
    assert mail["From"] == '"Afterscore, Harbourline" <olivia@harbourline.example>'
    assert mail["Auto-Submitted"] == "auto-generated"
    link = f"http://testserver/w/harbourline/inbox/{case.public_id}/"
    for kind in ("plain", "html"):
        body = text_of(mail, kind)
        assert link in body
        assert "Exports take ten minutes." in body
        assert "http://testserver/w/harbourline/notices/mine/" in body
    assert "style=" in text_of(mail, "html")


def test_one_mail_a_day_whatever_the_number_of_workers(
    people: People, server: mail_server.MailServer
) -> None:
    late_for_ana(people)
    for minutes in (0, 5, 10, 200):
        tell(WEDNESDAY + timedelta(minutes=minutes))
    assert len(to(server, people.ana)) == 1
    for notice in Notice.objects.all():
        assert notices.send_notice(public_id=notice.public_id, now=WEDNESDAY) is False
    tell(WEDNESDAY + timedelta(days=1))
    assert len(to(server, people.ana)) == 2


def test_a_day_with_nothing_to_say_has_no_mail(
    people: People, server: mail_server.MailServer
) -> None:
    tell(WEDNESDAY)
    assert not server.accepted
    assert set(Notice.objects.values_list("lines", flat=True)) == {0}


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (WEDNESDAY - timedelta(minutes=1), "before the day opens"),
        (WEDNESDAY + timedelta(hours=4), "the morning is over"),
        (SATURDAY, "nobody works"),
        (datetime.fromisoformat("2026-12-25T09:00+00:00"), "a holiday"),
    ],
)
def test_no_digest_at_other_times(
    people: People, server: mail_server.MailServer, when: datetime, why: str
) -> None:
    people.workspace.country = "IE"
    people.workspace.save()
    late_for_ana(people)
    tell(when)
    assert not server.accepted, why


def test_who_does_not_want_it_gets_none(people: People, server: mail_server.MailServer) -> None:
    late_for_ana(people)
    client = people.client(people.ana)
    client.post("/w/harbourline/notices/mine/", {"wants_alerts": "on"})
    tell(WEDNESDAY)
    assert not to(server, people.ana)


def test_who_is_away_gets_none(people: People, server: mail_server.MailServer) -> None:
    late_for_ana(people)
    Absence.objects.create(
        workspace=people.workspace,
        member=people.ana,
        starts_on=WEDNESDAY.date(),
        ends_on=WEDNESDAY.date(),
    )
    tell(WEDNESDAY)
    assert not to(server, people.ana)


def test_who_left_gets_none(people: People, server: mail_server.MailServer) -> None:
    late_for_ana(people)
    Member.objects.filter(pk=people.ana.pk).update(is_active=False)
    tell(WEDNESDAY)
    assert not to(server, people.ana)


def test_a_server_that_is_busy_is_tried_again_and_then_mails_once(
    people: People, server: mail_server.MailServer
) -> None:
    late_for_ana(people)
    server.says = {"MAIL": "451 4.3.0 come back later"}
    with pytest.raises(notices.NotTaken, match="come back later"):
        tell(WEDNESDAY)
    notice = Notice.objects.get(member=people.ana)
    assert "come back later" in notice.failed_why
    page = people.client(people.ana).get("/w/harbourline/notices/mine/").content.decode()
    assert "come back later" in page
    server.says = {}
    assert notices.send_notice(public_id=notice.public_id, now=WEDNESDAY)
    notice.refresh_from_db()
    assert (notice.failed_why, notice.sent_at) == ("", WEDNESDAY)
    assert len(to(server, people.ana)) == 1


def test_a_mail_of_which_nobody_knows_is_not_sent_again(
    people: People, server: mail_server.MailServer
) -> None:
    late_for_ana(people)
    server.says = {"dot": mail_server.HANG_UP}
    tell(WEDNESDAY)
    server.says = {}
    notice = Notice.objects.get(member=people.ana)
    assert (notice.begun_at, notice.sent_at) == (WEDNESDAY, None)
    assert notices.send_notice(public_id=notice.public_id, now=WEDNESDAY) is False
    assert len(server.accepted) == 1
    page = people.client(people.ana).get("/w/harbourline/notices/mine/").content.decode()
    assert "It may have arrived" in page


def test_without_a_mail_server_nothing_is_planned_for_people(people: People) -> None:
    late_for_ana(people)
    tell(WEDNESDAY)
    assert not Notice.objects.exists()
    page = people.client(people.ana).get("/w/harbourline/notices/mine/").content.decode()
    assert "Mail does not leave this install" in page


def test_a_day_holds_everything_that_waits_each_in_one_place(people: People) -> None:
    late = late_for_ana(people)
    wrote = open_for(people, owner=people.ana, name="Ben Ode", score=10, now=TUESDAY)
    Case.objects.filter(pk=wrote.pk).update(customer_wrote_at=TUESDAY)
    _coming_up = open_for(people, owner=people.ana, name="Kim Ito", score=10, now=WEDNESDAY)
    Commitment.objects.create(
        workspace=people.workspace,
        case=late,
        text="Send the corrected invoice",
        promised_by=people.ana,
        promised_at=NOW,
        due_on=date(2026, 5, 5),
    )
    Task.objects.create(
        workspace=people.workspace,
        case=late,
        kind="call",
        title="Call Nora",
        owner=people.ana,
        due_at=WEDNESDAY,
        created_at=NOW,
    )
    operations.add_note(case=wrote, text="@Ana look", actor=by(people.max), now=NOW)
    day = agendas.get_day(member=people.ana, now=WEDNESDAY)
    names = {
        name: [getattr(item, "who", "") or item.text for item in getattr(day, name).items]
        for name in ("late", "wrote", "promises", "today", "tasks", "mentions")
    }
    assert names == {
        "late": ["Nora Lindqvist"],
        "wrote": ["Ben Ode"],
        "promises": ["Send the corrected invoice"],
        "today": [],
        "tasks": ["Call Nora"],
        "mentions": ["Max, about Ben Ode"],
    }
    assert getattr(day.promises.items[0], "mark", "") == "was due 5 May"


def test_what_is_at_stake_counts_only_the_workspaces_currency(people: People) -> None:
    case = late_for_ana(people)
    assert case.account is not None
    case.account.recurring_revenue, case.account.currency = Decimal(12_000), "USD"
    case.account.save()
    day = agendas.get_day(member=people.ana, now=WEDNESDAY)
    assert getattr(day.late.items[0], "stake", "") is None


# --- alerts --------------------------------------------------------------------------------------


def raise_for(
    people: People,
    key: str,
    *,
    member: Member | None = None,
    now: datetime = WEDNESDAY,
    **given: Any,
) -> Alert:
    alert = alerting.raise_alert(
        workspace=people.workspace,
        kind=given.pop("kind", Kind.BROKEN_PROMISE),
        key=key,
        text=f"We said we would call {key}.",
        member=member,
        now=now,
        **given,
    )
    assert alert is not None
    return alert


AFTERNOON = WEDNESDAY + timedelta(hours=5)  # too late for a digest


def test_an_alert_reaches_whom_it_concerns_and_is_told_once(
    people: People, server: mail_server.MailServer
) -> None:
    tell(WEDNESDAY)
    raise_for(people, "Nora", member=people.ana, now=AFTERNOON)
    for minutes in (1, 6, 200):
        tell(AFTERNOON + timedelta(minutes=minutes))
    assert [mail["Subject"] for mail in to(server, people.ana)] == ["We said we would call Nora."]
    assert len(server.accepted) == 1
    assert Alert.objects.get().told_at == AFTERNOON + timedelta(minutes=1)


def test_what_concerns_nobody_alone_goes_to_managers_and_owners(
    people: People, server: mail_server.MailServer
) -> None:
    raise_for(people, "Nora", now=AFTERNOON)
    tell(AFTERNOON)
    recipients = {str(mail["To"]) for mail in mails(server)}
    assert recipients == {"Max <max@harbourline.example>", "Olivia <olivia@harbourline.example>"}


def test_what_is_raised_in_between_is_gathered_into_one_mail(
    people: People, server: mail_server.MailServer
) -> None:
    raise_for(people, "first", member=people.ana, now=AFTERNOON)
    tell(AFTERNOON)
    for key in ("second", "third"):
        raise_for(people, key, member=people.ana, now=AFTERNOON + timedelta(minutes=30))
    tell(AFTERNOON + timedelta(minutes=35))
    assert len(server.accepted) == 1
    tell(AFTERNOON + timedelta(hours=2))
    [_first, gathered] = mails(server)
    assert gathered["Subject"] == "We said we would call second. (and 1 more)"
    assert "first" not in text_of(gathered)


def test_what_is_over_before_it_is_told_is_not_told(
    people: People, server: mail_server.MailServer
) -> None:
    raise_for(people, "Nora", member=people.ana, now=AFTERNOON)
    alerting.settle_alerts(
        workspace=people.workspace, kind=Kind.BROKEN_PROMISE, key="Nora", now=AFTERNOON
    )
    tell(AFTERNOON + timedelta(minutes=5))
    assert not server.accepted


def test_the_night_is_quiet_and_the_morning_mail_tells_it(
    people: People, server: mail_server.MailServer
) -> None:
    raise_for(people, "Nora", member=people.ana, now=TUESDAY + timedelta(hours=14))
    tell(TUESDAY + timedelta(hours=14))
    assert not server.accepted
    tell(WEDNESDAY)
    [mail] = to(server, people.ana)
    assert mail["Subject"] == "One thing to know"
    tell(WEDNESDAY + timedelta(minutes=5))
    assert len(server.accepted) == 1


def test_who_wants_no_alerts_still_finds_them_on_the_page(
    people: People, server: mail_server.MailServer
) -> None:
    Member.objects.filter(pk=people.ana.pk).update(wants_alerts=False)
    raise_for(people, "Nora", member=people.ana, now=AFTERNOON)
    tell(AFTERNOON)
    assert not to(server, people.ana)
    page = people.client(people.ana).get("/w/harbourline/notices/").content.decode()
    assert "We said we would call Nora." in page


# --- rooms ---------------------------------------------------------------------------------------


def add_room(people: People, chat: chat_server.ChatServer, **given: Any) -> ChatRoom:
    usual = {"name": "#cs", "style": "slack", "hears": ["digest", "alerts"], "department": ""}
    return rooms.create_room(
        workspace=people.workspace,
        address=chat.address,
        actor=by(people.max),
        now=NOW,
        **{**usual, **given},
    )


def test_a_room_hears_of_the_day_once(people: People, chat: chat_server.ChatServer) -> None:
    add_room(people, chat)
    late_for_ana(people)
    tell(WEDNESDAY)
    tell(WEDNESDAY + timedelta(minutes=5))
    [post] = chat.posts
    assert post["text"].startswith("*Harbourline: 1 late*")
    assert "Nora Lindqvist, Quayside Freight" in post["text"]
    assert "Ana\n1 late" in post["text"]


def test_a_room_hears_alerts_but_not_that_ones_own_case_is_due_soon(
    people: People, chat: chat_server.ChatServer
) -> None:
    add_room(people, chat, hears=["alerts"])
    raise_for(people, "soon", member=people.ana, kind=Kind.BREACH_AHEAD, now=AFTERNOON)
    tell(AFTERNOON)
    assert not chat.posts
    raise_for(people, "Nora", member=people.ana, now=AFTERNOON)
    tell(AFTERNOON)
    [post] = chat.posts
    assert "We said we would call Nora." in post["text"]
    assert "Ana has it" in post["text"]


def test_a_room_of_a_department_hears_what_is_its_own(
    people: People, chat: chat_server.ChatServer
) -> None:
    add_room(people, chat, department="support")
    late_for_ana(people)
    raise_for(people, "Nora", member=people.ana, now=WEDNESDAY)
    tell(WEDNESDAY)
    assert not chat.posts
    Member.objects.filter(pk=people.ana.pk).update(department="support")
    tell(WEDNESDAY + timedelta(days=1))
    assert [post["text"].split("\n")[0] for post in chat.posts] == ["*Support: 1 late*"]


def test_a_busy_chat_is_tried_again_and_an_archived_room_is_not(
    people: People, chat: chat_server.ChatServer
) -> None:
    room = add_room(people, chat)
    late_for_ana(people)
    chat.mode, chat.status, chat.text = "refuse", 503, "busy"
    with pytest.raises(notices.NotTaken, match="503 busy"):
        tell(WEDNESDAY)
    chat.status, chat.text = 410, "channel_is_archived"
    notice = Notice.objects.get(room=room)
    assert notices.send_notice(public_id=notice.public_id, now=WEDNESDAY) is False
    page = people.client(people.max).get("/w/harbourline/settings/rooms/").content.decode()
    assert "410 channel_is_archived" in page
    assert chat.requests == 2


def test_what_was_told_a_quarter_ago_is_forgotten(people: People) -> None:
    Notice.objects.create(
        workspace=people.workspace, kind="digest", member=people.ana, slot="x", created_at=NOW
    )
    assert notices.forget_old_notices(now=NOW + timedelta(days=99)) == 0
    assert notices.forget_old_notices(now=NOW + timedelta(days=101)) == 1
