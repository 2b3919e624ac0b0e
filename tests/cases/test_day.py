"""One's own day, who is named, who watches, the views one keeps, and the board."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterscore.cases import operations
from afterscore.cases.models import Case, Mention, SavedView, Task, Watching
from afterscore.cases.queries.daily import POOL
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.workspaces.models import Member
from tests.cases.answers import by, open_for
from tests.people import NOW, People

pytestmark = pytest.mark.django_db
INBOX = "/w/harbourline/inbox/"
LATER = NOW + timedelta(days=7)


def get(people: People, path: str, *, at: Any = NOW, member: Any = None) -> Any:
    with clock.at(at):
        return people.client(member or people.ana).get(path, headers={"HX-Target": "pane-list"})


def sections(people: People, **options: Any) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    heading = ""
    for row in get(people, INBOX, **options).context["rows"]:
        heading = row.heading or heading
        told.setdefault(heading, []).append(row.case.contact.name)
    return told


def test_the_list_is_in_the_order_of_the_day(people: People) -> None:
    waits = open_for(people, name="Waits", score=9, owner=people.ana)
    operations.reply(case=waits, body="Hello.", actor=by(people.ana), now=LATER)
    wrote = open_for(people, name="Wrote", score=9, owner=people.ana)
    Case.objects.filter(pk=wrote.pk).update(customer_wrote_at=NOW)
    open_for(people, name="Late", score=2, owner=people.ana)
    open_for(people, name="Coming", score=9, owner=people.ana, now=LATER)
    other = open_for(people, name="Other", owner=people.max)
    operations.add_note(case=other, text="@Ana, what do you think?", actor=by(people.max), now=NOW)
    assert sections(people, at=LATER) == {
        "They wrote to you": ["Wrote"],
        "Late": ["Late"],
        "You were mentioned": ["Other"],
        "Coming up": ["Coming"],
        "Waiting for the customer": ["Waits"],
    }


def test_a_task_in_somebody_elses_case_is_in_ones_day(people: People) -> None:
    case = open_for(people, name="Theo", owner=people.max)
    Task.objects.create(
        workspace=people.workspace,
        case=case,
        kind="task",
        title="Check the import",
        owner=people.ana,
        due_at=NOW + timedelta(hours=1),
        created_at=NOW,
    )
    page = get(people, INBOX)
    assert [(row.heading, row.work) for row in page.context["rows"]] == [
        ("Today", "Check the import")
    ]
    assert "Check the import" in page.content.decode()


def ask_department(people: People, case: Case, **more: Any) -> Task:
    values = {"kind": "department", "title": "Look at it", "department": "product", **more}
    return Task.objects.create(
        workspace=people.workspace,
        case=case,
        due_at=NOW + timedelta(hours=1),
        created_at=NOW,
        **values,
    )


def test_what_ones_department_is_asked_for_does_not_bury_ones_own(people: People) -> None:
    Member.objects.filter(pk=people.ana.pk).update(department="product")
    for number in range(8):
        ask_department(people, open_for(people, name=f"Person {number}", owner=people.max))
    own = open_for(people, name="Own", owner=people.max)
    ask_department(people, own)
    ask_department(people, own, title="Hers", owner=people.ana)
    page = get(people, INBOX)
    works = [row.work for row in page.context["rows"]]
    assert works.count("Product: Look at it") == POOL
    assert works.count("Hers") == 1
    assert page.context["rows"][0].count == POOL + 1, "the heading counts what stands below it"
    text = page.content.decode()
    assert "and 3 more for anybody in your department" in text
    assert "/w/harbourline/inbox/tasks/?show=product" in text


def test_whoever_is_named_in_a_note_finds_it_until_she_has_looked(people: People) -> None:
    case = open_for(people, name="Theo", owner=people.max)
    operations.add_note(case=case, text="@Ana and @Max, and @Eve", actor=by(people.max), now=NOW)
    assert [mention.member for mention in Mention.objects.all()] == [people.ana]
    fact = Fact.objects.filter(name="case.noted").latest("id")
    assert fact.payload["mentioned"] == [people.ana.public_id]
    ana = people.client(people.ana)
    with clock.at(NOW):
        assert (
            "You are named in this case." in ana.get(f"{INBOX}{case.public_id}/").content.decode()
        )
        ana.post(f"{INBOX}{case.public_id}/see/")
        ana.post(f"{INBOX}{case.public_id}/see/")
    assert sections(people) == {}
    assert Fact.objects.filter(name="case.changed", payload__changed=["mentions"]).count() == 1


def test_watching_goes_on_and_off(people: People) -> None:
    case = open_for(people, name="Theo", owner=people.max)
    ana = people.client(people.ana)
    with clock.at(NOW):
        page = ana.post(f"{INBOX}{case.public_id}/watch/", follow=True)
        assert "Watching 1" in page.content.decode()
        assert [row.case for row in get(people, f"{INBOX}?show=watched").context["rows"]] == [case]
        ana.post(f"{INBOX}{case.public_id}/watch/")
    assert not Watching.objects.exists()


def test_a_view_is_kept_shared_and_removed(people: People) -> None:
    open_for(people)
    ana, vic = people.client(people.ana), people.client(people.vic)
    path = f"{INBOX}views/?show=all&group=detractor&at=after.1.1.case_x"
    with clock.at(NOW):
        ana.post(path, {"name": "  Hard   ones ", "is_shared": "on"})
        ana.post(path, {"name": "Hard ones", "is_shared": "on"})
        vic.post(path, {"name": "Mine", "is_shared": "on"})
        ana.post(path, {"name": " "})
    view = SavedView.objects.get(member=people.ana)
    assert (view.name, view.query) == ("Hard ones", "?show=all&group=detractor")
    assert SavedView.objects.get(member=people.vic).is_shared is False
    seen = [one.name for one in get(people, INBOX, member=people.vic).context["views"]]
    assert seen == ["Hard ones", "Mine"]
    assert [one.name for one in get(people, INBOX).context["views"]] == ["Hard ones"]
    remove = f"{INBOX}views/{view.public_id}/remove/"
    assert vic.post(remove).status_code == 404
    assert ana.post(remove).status_code == 302
    assert not SavedView.objects.filter(member=people.ana).exists()


def test_filters_read_as_a_sentence(people: People) -> None:
    open_for(people, score=2, name="Nora")
    page = get(
        people,
        f"{INBOX}?show=all&group=detractor&comment=without&language=de&urgency=2&due=late&q=import",
    )
    words = " ".join(page.content.decode().split())
    assert "All open cases, <a href=" in words
    assert [phrase.text for phrase in page.context["phrases"]] == [
        "of detractors",
        "without a comment",
        "in German",
        "urgent",
        "late",
        "with “import”",
    ]
    assert page.context["phrases"][0].url.endswith(
        "?show=all&comment=without&language=de&urgency=2&due=late&q=import"
    )
    assert page.context["total"] == "0 cases"


def test_the_filter_offers_what_there_is(people: People) -> None:
    for language in ("en", "de", "en"):
        open_for(people, language=language)
    page = get(people, f"{INBOX}filters/?group=passive")
    assert page.context["languages"] == [("English", "en"), ("German", "de")]
    assert '<option value="passive" selected>passives</option>' in page.content.decode()


def test_the_board_shows_everybody_and_nobody(people: People) -> None:
    open_for(people, score=2, owner=people.ana)
    waits = open_for(people, score=2, owner=people.ana)
    operations.reply(case=waits, body="Hello.", actor=by(people.ana), now=NOW)
    lost = open_for(people, score=2)
    Case.objects.filter(pk=lost.pk).update(owner=None)
    page = get(people, f"{INBOX}board/", at=LATER)
    lines = {str(line["owner"]): line for line in page.context["lines"]}
    assert list(lines) == ["None", "Ana", "Max", "Olivia"]
    assert (lines["Ana"]["open"][0], lines["Ana"]["late"][0]) == (2, 1)
    assert lines["Max"]["open"][0] == 0
    listed = get(people, lines["Ana"]["late"][1], at=LATER)
    assert len(listed.context["rows"]) >= 1
    assert len(get(people, lines["None"]["open"][1], at=LATER).context["rows"]) == 1
