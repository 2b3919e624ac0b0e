"""Who is away: everybody says so for herself, managers for all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from afterscore.domain.events import SYSTEM
from afterscore.kit import clock
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Absence, Member
from tests.cases.answers import open_for
from tests.people import NOW, People

WEEK = {"starts_on": "2026-05-04", "ends_on": "2026-05-08"}


def send(people: People, who: Member, path: str = "", **values: Any) -> Any:
    with clock.at(NOW):
        return people.client(who).post(f"/w/harbourline/settings/absences/{path}", values)


def read(people: People, who: Member, path: str = "absences/") -> str:
    with clock.at(NOW):
        answer = people.client(who).get(f"/w/harbourline/settings/{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_agent_plans_her_own_days(people: People) -> None:
    answer = send(people, people.ana, stand_in=people.max.public_id, **WEEK)
    assert answer.status_code == 302
    absence = Absence.objects.get()
    assert (absence.member, absence.stand_in) == (people.ana, people.max)
    # Naming somebody else changes nothing: it is her own form.
    days = {"starts_on": "2026-06-01", "ends_on": "2026-06-02"}
    send(people, people.ana, member=people.max.public_id, **days)
    assert Absence.objects.get(starts_on=date(2026, 6, 1)).member == people.ana


def test_a_manager_plans_for_all_and_sees_what_comes_due_meanwhile(people: People) -> None:
    open_for(people, owner=people.ana)
    open_for(people, owner=people.ana)
    assert send(people, people.max, member=people.ana.public_id, **WEEK).status_code == 302
    html = read(people, people.max)
    assert "4 May to 8 May" in html
    assert '<span class="figures">2</span> cases' in html
    assert "nobody stands in" in html
    assert "away now" in html


def test_what_cannot_be_is_said_beside_its_field(people: People) -> None:
    answer = send(people, people.ana, starts_on="2026-05-08", ends_on="2026-05-04")
    assert answer.status_code == 422
    assert "The last day lies before the first." in answer.content.decode()
    assert 'value="2026-05-08"' in answer.content.decode()


def test_others_absences_are_not_an_agents_to_change(people: People) -> None:
    absence = workspaces.plan_absence(
        member=people.max,
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 8),
        actor=SYSTEM,
        now=NOW,
    )
    path = f"{absence.public_id}/"
    assert send(people, people.ana, path, **WEEK).status_code == 403
    assert send(people, people.ana, f"{path}remove/").status_code == 403
    assert send(people, people.olivia, path, **{**WEEK, "ends_on": "2026-05-06"}).status_code == 302
    absence.refresh_from_db()
    assert absence.ends_on == date(2026, 5, 6)
    assert send(people, people.max, f"{path}remove/").status_code == 302
    assert not Absence.objects.exists()


def test_a_viewer_reads_and_plans_nothing(people: People) -> None:
    assert "Plan" not in read(people, people.vic).split("Settings", 1)[1]
    assert send(people, people.vic, **WEEK).status_code == 403


def test_the_settings_name_the_next_days_off(people: People) -> None:
    people.workspace.country = "DE"
    people.workspace.save()
    html = read(people, people.olivia, "answering/")
    assert "Bayern (BY)" in html
    assert "Ascension Day" in html
    values = {
        "business_days": ["0", "1", "2", "3", "4"], "business_opens": "09:00",
        "business_closes": "17:00", "detractor": "1", "passive": "3", "promoter": "5",
        "check_back_days": "5", "region": "BY", "closed_on": "2026-05-15\n2026-12-24",
    }  # fmt: skip
    with clock.at(NOW):
        people.client(people.olivia).post("/w/harbourline/settings/answering/", values)
    html = read(people, people.olivia, "answering/")
    assert "Fri 15 May 2026" in html
    assert "Corpus Christi" in html  # in Bavaria, not in all of Germany
    people.workspace.refresh_from_db()
    assert people.workspace.closed_on == ["2026-05-15", "2026-12-24"]


@pytest.mark.parametrize(("typed", "kept"), [("6", 6), ("0", 0), ("", None)])
def test_how_much_somebody_can_do_a_day_is_said_with_the_member(
    people: People, typed: str, kept: int | None
) -> None:
    values = {"role": "agent", "department": "", "is_active": "on", "follow_ups_a_day": typed}
    path = f"/w/harbourline/settings/people/{people.ana.public_id}/"
    assert people.client(people.olivia).post(path, values).status_code == 302
    people.ana.refresh_from_db()
    assert people.ana.follow_ups_a_day == kept
