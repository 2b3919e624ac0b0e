"""Whoever watches a case hears of the turns it takes: once, by mail or digest, as she wishes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from afterscore.cases import handlers, operations
from afterscore.cases.models import Alert, Case
from afterscore.cases.queries import notices
from afterscore.domain.alerts import Kind
from afterscore.domain.casework import Outcome
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.workspaces.models import ChatRoom, Member
from tests.cases import written
from tests.cases.answers import by, open_for
from tests.cases.test_notices import server, tell, text_of, to  # noqa: F401 (a fixture)
from tests.outreach.mail_server import MailServer
from tests.people import NOW, People

TUESDAY = NOW + timedelta(days=1)
WEDNESDAY = TUESDAY + timedelta(days=1)
NOON = TUESDAY + timedelta(hours=4)
INBOX = "/w/harbourline/inbox/"
NORA = "Nora Lindqvist (Quayside Freight)"


@pytest.fixture
def case(people: People) -> Case:
    """Ana's, watched by Vic, a viewer."""
    case = open_for(people, owner=people.ana)
    return operations.watch(case=case, member=people.vic, actor=by(people.vic), now=NOW)


def does(act: Callable[..., Any], *, at: datetime = NOON, **given: Any) -> None:
    """Something happens, and the worker does what follows."""
    with jobs.inline() as queue, clock.at(at):
        act(**given, now=at)
        queue.run()


def closes(case: Case, member: Member, *, at: datetime = NOON) -> None:
    does(operations.close_case, case=case, outcome=Outcome.SOLVED, actor=by(member), at=at)


def told(member: Member) -> list[str]:
    news = Alert.objects.filter(member=member, kind=Kind.WATCHED, settled_at=None)
    return [alert.text for alert in news.order_by("id")]


def test_a_watcher_hears_of_every_turn(people: People, case: Case) -> None:
    ana = by(people.ana)
    does(operations.record_customer_message, case=case, text="Still slow.", actor=ana)
    closes(case, people.ana)
    does(operations.reopen_case, case=case, actor=ana)
    does(operations.assign, case=case, owner=people.max, actor=ana)
    assert told(people.vic) == [
        f"{NORA} wrote.",
        f"Ana closed the case of {NORA}: the problem is solved.",
        f"Ana opened the case of {NORA} again.",
        f"Ana gave the case of {NORA} to Max.",
    ]


def test_a_mail_from_the_customer_is_told(people: People, case: Case, settings: Any) -> None:
    settings.AFTERSCORE_REPLY_DOMAIN = "replies.example"
    operations.reply(case=case, subject="Hello", body="Hello.", actor=by(people.ana), now=NOW)
    with clock.at(written.WROTE_AT):
        written.arrives(case, written.mail("It is still slow.", sender=case.contact.email or ""))
    assert told(people.vic) == [f"{NORA} wrote."]
    assert told(people.ana) == []


def test_notes_calls_and_replies_are_no_turns(people: People, case: Case) -> None:
    ana = by(people.ana)
    does(operations.add_note, case=case, text="They use the old plan.", actor=ana)
    does(operations.reply, case=case, subject="Hello", body="Hello.", actor=ana)
    assert told(people.vic) == []


def test_a_mention_is_told_as_a_mention_alone(people: People, case: Case) -> None:
    does(operations.add_note, case=case, text="@Vic, yours?", actor=by(people.ana))
    assert told(people.vic) == []


def test_nobody_is_told_what_she_did_herself(people: People, case: Case) -> None:
    operations.watch(case=case, member=people.max, actor=by(people.max), now=NOW)
    closes(case, people.max)
    assert told(people.max) == []
    assert told(people.vic) == [f"Max closed the case of {NORA}: the problem is solved."]


def test_an_owner_is_not_told_twice_of_what_stands_in_her_day(people: People, case: Case) -> None:
    operations.watch(case=case, member=people.ana, actor=by(people.ana), now=NOW)
    does(operations.record_customer_message, case=case, text="Hm.", actor=by(people.max))
    does(operations.assign, case=case, owner=people.max, actor=by(people.max))
    does(operations.assign, case=case, owner=people.ana, actor=by(people.max))
    assert told(people.ana) == [f"Max took over the case of {NORA}."]
    closes(case, people.max)
    assert told(people.ana)[1:] == [f"Max closed the case of {NORA}: the problem is solved."]


def test_the_same_fact_is_told_once(people: People, case: Case) -> None:
    closes(case, people.ana)
    fact = Fact.objects.get(name="case.closed")
    with clock.at(NOON):
        handlers.tell_watchers(fact)
        operations.see_news(case=case, member=people.vic, now=NOON)
        handlers.tell_watchers(fact)
    assert told(people.vic) == []


def test_whoever_began_to_watch_later_or_has_left_is_not_told(people: People, case: Case) -> None:
    Member.objects.filter(pk=people.vic.pk).update(is_active=False)
    with jobs.inline() as queue, clock.at(NOON):
        operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOON)
        later = NOON + timedelta(minutes=1)
        operations.watch(case=case, member=people.max, actor=by(people.max), now=later)
        queue.run()
    assert told(people.vic) == told(people.max) == []


def test_what_the_house_does_by_itself_is_told_too(people: People, case: Case) -> None:
    does(operations.assign, case=case, owner=people.max, actor=SYSTEM)
    assert told(people.vic) == [f"Max has the case of {NORA} now."]


# --- mails ----------------------------------------------------------------------------------------


def test_it_comes_by_mail_with_a_link_to_stop(
    people: People,
    case: Case,
    server: MailServer,  # noqa: F811
) -> None:
    closes(case, people.ana)
    tell(NOON + timedelta(minutes=5))
    [mail] = to(server, people.vic)
    assert str(mail["Subject"]).startswith(f"Ana closed the case of {NORA}")
    link = f"http://testserver{INBOX}{case.public_id}/"
    for kind in ("plain", "html"):
        assert link in text_of(mail, kind)
        assert f"{link}unwatch/" in text_of(mail, kind)
    tell(WEDNESDAY)
    tell(WEDNESDAY + timedelta(hours=3))
    assert len(to(server, people.vic)) == 1, "the next morning's digest does not say it again"


def test_a_digest_tells_it_to_whoever_wants_no_alerts(
    people: People,
    case: Case,
    server: MailServer,  # noqa: F811
) -> None:
    Member.objects.filter(pk=people.vic.pk).update(wants_alerts=False)
    closes(case, people.ana)
    tell(NOON + timedelta(minutes=5))
    assert to(server, people.vic) == []
    for day in range(3):
        tell(WEDNESDAY + timedelta(days=day))
    [mail] = to(server, people.vic)
    assert mail["Subject"] == "News of a case you watch"
    assert text_of(mail).count("News of a case you watch") == 1
    assert "* Ana closed the case of Nora Lindqvist (Quayside Freight)" in text_of(mail)
    assert f"{INBOX}{case.public_id}/unwatch/" in text_of(mail)


def test_whoever_wants_no_mail_gets_none(
    people: People,
    case: Case,
    server: MailServer,  # noqa: F811
) -> None:
    Member.objects.filter(pk=people.vic.pk).update(wants_alerts=False, wants_digest=False)
    closes(case, people.ana)
    tell(NOON + timedelta(minutes=5))
    tell(WEDNESDAY)
    assert to(server, people.vic) == []
    assert told(people.vic)


def test_what_happened_on_a_friday_evening_is_told_on_monday(
    people: People,
    case: Case,
    server: MailServer,  # noqa: F811
) -> None:
    Member.objects.filter(pk=people.vic.pk).update(wants_digest=False)
    friday = NOW.replace(hour=20) + timedelta(days=4)
    closes(case, people.ana, at=friday)
    tell(friday + timedelta(minutes=5))
    assert to(server, people.vic) == []
    tell(NOW + timedelta(days=7, minutes=5))
    assert len(to(server, people.vic)) == 1


def test_chat_rooms_hear_nothing_of_it(people: People, case: Case) -> None:
    room = ChatRoom.objects.create(
        workspace=people.workspace, name="Care", style="slack", hears=["alerts"], created_at=NOW
    )
    closes(case, people.ana)
    assert notices.untold_for_room(room=room, now=NOON) == []


# --- pages ----------------------------------------------------------------------------------------


def test_the_case_says_what_happened_until_she_has_looked(people: People, case: Case) -> None:
    closes(case, people.ana)
    vic = people.client(people.vic)
    with clock.at(NOON):
        page = vic.get(f"{INBOX}{case.public_id}/").content.decode()
        assert f"Since you last looked: Ana closed the case of {NORA}" in page
        assert told(people.vic), "a page that was only fetched has not been seen"
        vic.post(f"{INBOX}{case.public_id}/see/")
        page = vic.get(f"{INBOX}{case.public_id}/").content.decode()
    assert "Since you last looked" not in page
    assert told(people.vic) == []


def test_the_link_of_a_mail_asks_before_it_stops(people: People, case: Case) -> None:
    closes(case, people.ana)
    vic, address = people.client(people.vic), f"{INBOX}{case.public_id}/unwatch/"
    assert "Stop watching this case?" in vic.get(address).content.decode()
    assert told(people.vic), "programs follow links, too"
    page = vic.post(address, follow=True).content.decode()
    assert "You no longer watch the case of Nora Lindqvist." in page
    assert told(people.vic) == []
    assert "You do not watch this case" in vic.get(address).content.decode()
    assert vic.post(address).status_code == 302, "stopping twice does no harm"
    does(operations.reopen_case, case=case, actor=by(people.ana))
    assert told(people.vic) == []


def test_what_one_watches_stands_on_ones_own_page_alone(people: People, case: Case) -> None:
    closes(case, people.ana)
    page = "/w/harbourline/notices/"
    mine = people.client(people.vic).get(page).content.decode()
    assert "In cases you watch" in mine
    assert f"{INBOX}{case.public_id}/unwatch/" in mine
    for member in (people.ana, people.max):
        assert "In cases you watch" not in people.client(member).get(page).content.decode()
    everybodys = people.client(people.max).get(f"{page}?whose=all").content.decode()
    assert f"closed the case of {NORA}" not in everybodys
