"""A page that asks again hears what is new in its case; a reply box holds no stale draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from afterscore.cases import composition, operations
from afterscore.cases.models import Case, Entry
from afterscore.kit import clock
from afterscore.outreach.models import Message
from afterscore.workspaces.models import Absence
from tests.cases.answers import by, open_for
from tests.people import NOW, People

INBOX = "/w/harbourline/inbox/"
LATER = NOW + timedelta(hours=1)


def latest(case: Case) -> str:
    return Entry.objects.filter(case=case).order_by("-pk").values_list("public_id", flat=True)[0]


def poll(people: People, case: Case, *, known: Any, seen: str) -> str:
    with clock.at(LATER):
        page = people.client(people.ana).get(
            INBOX,
            {"case": case.public_id, "known": known.isoformat(), "latest": seen},
            headers={"HX-Request": "true", "HX-Target": "inbox-rows"},
        )
    return str(page.content.decode())


def test_a_poll_brings_new_lines_alone_each_in_its_place(people: People) -> None:
    case = open_for(people, owner=people.ana)
    known, seen = case.changed_at, latest(case)
    operations.add_note(case=case, text="First.", actor=by(people.max), now=NOW)
    operations.add_note(case=case, text="Second.", actor=by(people.max), now=LATER)
    first, second = Entry.objects.filter(case=case, kind="note").order_by("pk")
    body = poll(people, case, known=known, seen=seen)
    assert (
        'hx-swap-oob="afterbegin:#case-history"><li class="timeline-entry case-note is-new"' in body
    )
    assert f'hx-swap-oob="afterend:#entry-{second.public_id}"' in body
    assert f'id="entry-{first.public_id}"' in body
    assert f'id="entry-{seen}"' not in body
    assert f'name="latest" value="{second.public_id}"' in body
    assert "New in this case: Note by Max; Note by Max." in body
    case.refresh_from_db()
    again = poll(people, case, known=case.changed_at, seen=second.public_id)
    assert "is-new" not in again
    assert "case-news" not in again, "what was announced stays until the page is shown anew"


def test_a_change_without_a_line_says_that_there_is_one(people: People) -> None:
    case = open_for(people, owner=people.ana)
    known = case.changed_at - timedelta(seconds=1)
    body = poll(people, case, known=known, seen=latest(case))
    assert "Something changed in this case." in body
    assert "is-new" not in body


def test_after_the_first_word_the_box_holds_no_draft(people: People) -> None:
    case = open_for(people, score=3, comment="Slow.", owner=people.ana)
    first = composition.next_reply(case, sender_name="Ana Duarte")
    assert "Slow." in first.body
    case = operations.reply(case=case, body="Hello.", subject="Hi", actor=by(people.ana), now=NOW)
    draft = composition.next_reply(case, sender_name="Ana Duarte")
    assert draft.subject == "Re: Hi"
    assert "Slow." not in draft.body
    assert draft.body.split("\n\n\n\n")[0] == "Hello Nora,"


def test_nor_where_the_customer_spoke_first(people: People) -> None:
    case = open_for(people, score=3, comment="Slow.", owner=people.ana)
    case = operations.record_customer_message(
        case=case, text="And the invoice is wrong.", actor=by(people.ana), now=NOW
    )
    assert "Slow." not in composition.next_reply(case).body
    operations.reply(case=case, body="I look.", actor=by(people.ana), now=LATER)
    assert Message.objects.get(stream=case.public_id).subject.startswith("Re: ")


def test_whoever_assigns_sees_who_is_away_and_how_much_each_has(people: People) -> None:
    case = open_for(people, owner=people.ana)
    Absence.objects.create(
        workspace=people.workspace,
        member=people.max,
        starts_on=NOW.date(),
        ends_on=NOW.date() + timedelta(days=3),
    )
    with clock.at(LATER):
        page = people.client(people.ana).get(f"{INBOX}{case.public_id}/").content.decode()
    assert "Ana (you): 1 open" in page
    assert "Max: 0 open, away until 7 May" in page
