"""The pages of alerts and of what one hears."""

from __future__ import annotations

import pytest
from django.test import Client

from afterscore.cases.models import Alert
from afterscore.cases.operations import alerting
from afterscore.domain.alerts import Kind
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.journal.models import Fact
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Member
from tests.cases.answers import open_for
from tests.people import NOW, People

ALERTS, MINE = "/w/harbourline/notices/", "/w/harbourline/notices/mine/"


def raise_one(people: People, *, member: Member | None = None, text: str = "Late.") -> Alert:
    alert = alerting.raise_alert(
        workspace=people.workspace,
        kind=Kind.BREACH,
        key=text,
        text=text,
        member=member,
        case=open_for(people),
        now=NOW,
    )
    assert alert is not None
    return alert


def test_nothing_to_worry_about_says_what_would_stand_here(people: People) -> None:
    page = people.client(people.ana).get(ALERTS).content.decode()
    assert "Nothing to worry about" in page


def test_everybody_sees_what_concerns_her_and_managers_may_see_all(people: People) -> None:
    raise_one(people, member=people.vic, text="For Vic.")
    raise_one(people, text="For the managers.")
    seen = {
        person: [text for text in ("For Vic.", "For the managers.") if text in page]
        for person, page in (
            (person, people.client(person).get(f"{ALERTS}?whose={whose}").content.decode())
            for person, whose in ((people.vic, "all"), (people.max, "mine"), (people.olivia, "all"))
        )
    }
    assert seen == {
        people.vic: ["For Vic."],
        people.max: ["For the managers."],
        people.olivia: ["For Vic.", "For the managers."],
    }


def test_who_reads_everybodys_reads_each_case_once(people: People) -> None:
    case = open_for(people)
    for member, whom in ((people.ana, "you"), (people.max, "Ana")):
        alerting.raise_alert(
            workspace=people.workspace,
            kind=Kind.BREACH,
            key=f"{case.public_id} {member.public_id}",
            text=f"Nora was to hear from {whom} by noon.",
            member=member,
            case=case,
            now=NOW,
        )
    page = people.client(people.olivia).get(f"{ALERTS}?whose=all").content.decode()
    assert page.count('<p class="heed-text">') == 1
    assert "was to hear from Ana by noon" in page


def test_the_navigation_counts_what_concerns_the_reader(people: People) -> None:
    raise_one(people, member=people.ana)
    page = people.client(people.ana).get("/w/harbourline/inbox/").content.decode()
    assert '<span class="desk-nav-count">1<' in page
    assert "desk-nav-count" not in people.client(people.vic).get(ALERTS).content.decode()


def test_what_was_seen_to_leaves_the_list(people: People) -> None:
    alert = raise_one(people, member=people.ana)
    client = people.client(people.ana)
    answer = client.post(f"{ALERTS}{alert.public_id}/seen-to/", follow=True)
    assert "Ana saw to it" in answer.content.decode()
    alert.refresh_from_db()
    assert alert.settled_by == people.ana


def test_nobody_puts_away_what_does_not_concern_her(people: People) -> None:
    alert = raise_one(people, text="For the managers.")
    Alert.objects.filter(pk=alert.pk).update(case=None)
    answer = people.client(people.ana).post(f"{ALERTS}{alert.public_id}/seen-to/")
    assert answer.status_code == 404
    assert people.client(people.vic).post(f"{ALERTS}{alert.public_id}/seen-to/").status_code == 404


def test_a_viewer_puts_away_what_is_said_to_her(people: People) -> None:
    alert = raise_one(people, member=people.vic)
    client = people.client(people.vic)
    assert (
        "Vic saw to it"
        in client.post(f"{ALERTS}{alert.public_id}/seen-to/", follow=True).content.decode()
    )


def test_putting_away_leads_back_only_within_the_house(people: People) -> None:
    alert = raise_one(people, member=people.ana)
    url = f"{ALERTS}{alert.public_id}/seen-to/"
    answer = people.client(people.ana).post(url, {"back": "//evil.example/"})
    assert answer["Location"] == ALERTS


@pytest.mark.parametrize("who", ["olivia", "max", "ana", "vic"])
def test_each_member_chooses_for_herself(people: People, who: str) -> None:
    member: Member = getattr(people, who)
    people.client(member).post(MINE, {"wants_praise": "on"})
    member.refresh_from_db()
    assert (member.wants_digest, member.wants_alerts, member.wants_praise) == (False, False, True)
    fact = Fact.objects.get(name="member.changed", subject=member.public_id)
    assert fact.payload["changed"] == ["wants_digest", "wants_alerts", "wants_praise"]
    others = Member.objects.filter(workspace=people.workspace).exclude(pk=member.pk)
    assert not others.filter(wants_praise=True).exists()


def test_my_day_shows_what_the_mail_would_say(people: People) -> None:
    open_for(people, owner=people.ana, comment="Exports take ten minutes.")
    page = people.client(people.ana).get("/w/harbourline/notices/today/").content.decode()
    assert "Nora Lindqvist" in page
    assert "Exports take ten minutes." in page
    quiet = people.client(people.vic).get("/w/harbourline/notices/today/").content.decode()
    assert "Nothing waits for you" in quiet


def test_the_account_menu_leads_to_what_one_hears(people: People) -> None:
    page = people.client(people.vic).get("/w/harbourline/pulse/").content.decode()
    assert f'href="{MINE}"' in page


def test_a_program_reads_the_alerts(people: People) -> None:
    raise_one(people, member=people.ana)
    _key, secret = workspaces.create_key(
        workspace=people.workspace, name="CRM", role=Role.VIEWER, actor=SYSTEM, now=NOW
    )
    header = {"Authorization": f"Bearer {secret}"}
    [alert] = Client().get("/api/v1/alerts", headers=header).json()
    assert (alert["kind"], alert["member"]) == ("breach", "ana@harbourline.example")
    assert alert["url"].startswith("http://testserver/w/harbourline/inbox/case_")
    assert Client().get("/api/v1/alerts?kind=parity", headers=header).json() == []
