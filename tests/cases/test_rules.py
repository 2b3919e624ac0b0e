"""The rules of who gets a case: kept, moved, tried, and understood on their page."""

from __future__ import annotations

from typing import Any

import pytest

from afterscore.cases import queries
from afterscore.cases.models import Case, RoutingRule
from afterscore.cases.operations import rehearsing, rules
from afterscore.cases.operations.rules import Draft
from afterscore.domain import routing
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM
from afterscore.domain.nps import Group
from afterscore.domain.routing import Criteria
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member
from tests.cases.answers import open_for
from tests.people import NOW, People

DETRACTORS = Criteria(groups=frozenset({Group.DETRACTOR}))


def add(people: People, name: str, **values: Any) -> RoutingRule:
    values.setdefault("criteria", routing.EVERYBODY)
    values.setdefault("member", people.ana)
    return rules.create_rule(
        workspace=people.workspace, draft=Draft(name=name, **values), actor=SYSTEM, now=NOW
    )


def move(rule: RoutingRule, *, up: bool) -> None:
    rules.move_rule(rule=rule, up=up, actor=SYSTEM, now=NOW)


def ladder(people: People) -> list[str]:
    """The names in their order, a line for the owner of the account."""
    rows = list(queries.list_rules(workspace=people.workspace))
    above = [row.name for row in rows if row.before_owner]
    return [*above, "-", *(row.name for row in rows if not row.before_owner)]


def test_a_new_rule_comes_below_all_others(people: People) -> None:
    add(people, "first")
    add(people, "second")
    assert ladder(people) == ["-", "first", "second"]
    fact = Fact.objects.filter(name="routing.changed").latest("id")
    assert (fact.payload["what"], len(fact.payload["rules"])) == ("added", 2)


def test_moving_up_over_the_owner_puts_a_rule_before_her(people: People) -> None:
    add(people, "first")
    second = add(people, "second")
    seen = []
    for _ in range(3):
        move(second, up=True)
        seen.append(ladder(people))
    assert seen == [
        ["-", "second", "first"],
        ["second", "-", "first"],
        ["second", "-", "first"],
    ]
    for _ in range(3):
        move(second, up=False)
    assert ladder(people) == ["-", "first", "second"]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"name": "  "}, "Give the rule a name"),
        ({"member": None}, "Say who gets these cases"),
        ({"member": "vic"}, "cannot answer customers"),
        ({"member": "eve"}, "cannot answer customers"),
    ],
)
def test_a_rule_that_leads_nowhere_is_refused(
    people: People, values: dict[str, Any], complaint: str
) -> None:
    if isinstance(values.get("member"), str):
        values = {**values, "member": getattr(people, values["member"])}
    with pytest.raises(Refused, match=complaint):
        add(people, **{"name": "Somewhere", **values})


def test_a_rule_may_only_make_cases_urgent(people: People) -> None:
    assert add(people, "Urgent", member=None, is_urgent=True).is_urgent


def test_removing_closes_the_gap(people: People) -> None:
    first = add(people, "first")
    add(people, "second")
    rules.remove_rule(rule=first, actor=SYSTEM, now=NOW)
    assert [(row.name, row.position) for row in RoutingRule.objects.all()] == [("second", 0)]


def test_trying_changes_nothing_and_spreads_the_load(people: People) -> None:
    for number in range(6):
        open_for(people, score=9 - number)
    before = list(Case.objects.order_by("id").values())
    add(people, "Detractors", criteria=DETRACTORS, member=people.max)
    rehearsed = rehearsing.rehearse(workspace=people.workspace, now=NOW)
    assert [str(each.placement.owner) for each in rehearsed][:3] == ["Max"] * 3  # 4, 5 and 6
    assert len({each.placement.owner for each in rehearsed[3:]}) == 3  # one after another
    assert list(Case.objects.order_by("id").values()) == before


def test_trying_costs_a_dozen_queries_however_many_answers_there_are(
    people: People, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        open_for(people, comment="The invoice is wrong.")
    with django_assert_max_num_queries(12):
        assert len(rehearsing.rehearse(workspace=people.workspace, now=NOW)) == 8


# --- the pages ------------------------------------------------------------------------------------


def page(people: People, path: str = "", *, member: Member | None = None) -> str:
    answer = people.client(member or people.max).get(f"/w/harbourline/settings/routing/{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(people: People, path: str, who: Member | None = None, **values: Any) -> Any:
    client = people.client(who or people.max)
    return client.post(f"/w/harbourline/settings/routing/{path}", values)


def test_each_rule_is_a_sentence_in_its_place(people: People) -> None:
    Member.objects.filter(pk=people.max.pk).update(department=Department.FINANCE)
    first = add(people, "Complaints", criteria=DETRACTORS, member=None, department="finance")
    move(first, up=True)
    open_for(people)
    html = page(people)
    lines = ["All detractors go to Finance.", "Whoever looks after the account", "All others go to"]
    places = [html.index(line) for line in lines]
    assert places == sorted(places)
    assert "By the rule “Complaints”: Max has the fewest open cases in Finance." in html


def test_a_viewer_reads_and_a_manager_changes(people: People) -> None:
    rule = add(people, "Complaints", criteria=DETRACTORS)
    assert "Add a rule" not in page(people, member=people.vic)
    assert "Add a rule" in page(people)
    answer = send(people, f"{rule.public_id}/move/", people.ana, to="up")
    assert answer.status_code == 403
    assert send(people, f"{rule.public_id}/move/", to="up").status_code == 302
    rule.refresh_from_db()
    assert rule.before_owner


def test_a_rule_is_made_from_the_form(people: People) -> None:
    values: dict[str, Any] = {
        "name": "Big German complaints",
        "groups": ["detractor"],
        "comment": "with",
        "match": "all",
        "audience-0-field": "account.recurring_revenue",
        "audience-0-operator": "at_least",
        "audience-0-value": "50000",
        "member": people.ana.public_id,
        "department": "success",
        "is_urgent": "on",
    }
    assert send(people, "new/", **values).status_code == 302
    rule = RoutingRule.objects.get()
    assert rule.conditions == {
        "groups": ["detractor"],
        "comment": True,
        "customers": {"all": [{"field": "account.recurring_revenue", "at_least": 50000}]},
    }
    assert (rule.member, rule.department, rule.is_urgent) == (people.ana, "success", True)
    html = page(people)
    assert (
        "Detractors who left a comment and whose recurring revenue is at least 50,000 "
        "go to Ana, else to Customer success, and are more urgent." in html
    )
    again = page(people, f"{rule.public_id}/")
    assert 'value="50000"' in again


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(people: People) -> None:
    answer = send(people, "new/", name="Nowhere", groups=["passive"])
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Say who gets these cases" in html
    assert 'value="Nowhere"' in html
    wrong: dict[str, Any] = {
        "audience-0-field": "account.recurring_revenue",
        "audience-0-operator": "at_least",
        "audience-0-value": "much",
    }
    answer = send(people, "new/", name="Rich", member=people.ana.public_id, **wrong)
    assert "Which customers" in answer.content.decode()
    assert not RoutingRule.objects.exists()


def test_adding_a_test_saves_nothing(people: People) -> None:
    answer = send(people, "new/", name="Rich", member=people.ana.public_id, add="audience")
    assert answer.status_code == 200
    assert b"audience-0-field" in answer.content
    assert not RoutingRule.objects.exists()


def test_a_rule_is_tried_before_it_is_saved(people: People) -> None:
    open_for(people, score=2)
    open_for(people, score=9)
    answer = send(people, "try/", groups=["detractor"], member=people.ana.public_id)
    html = answer.content.decode()
    assert "All detractors go to Ana." in html
    assert 'Fits <strong class="figures">1</strong> of the last 2' in html
    assert 'decides <strong class="figures">1</strong>' in html
    assert not RoutingRule.objects.exists()


def test_a_rule_that_cannot_be_read_says_so_and_can_be_saved_anew(people: People) -> None:
    rule = add(people, "Old")
    RoutingRule.objects.update(conditions={"mood": "bad"})
    assert "There is no condition" in page(people)
    values: dict[str, Any] = {"name": "Old", "groups": ["passive"], "member": people.ana.public_id}
    assert send(people, f"{rule.public_id}/", is_active="on", **values).status_code == 302
    assert "All passives go to Ana." in page(people)


def test_cases_that_belong_to_nobody_are_shown(people: People) -> None:
    Case.objects.filter(pk=open_for(people).pk).update(owner=None)
    assert "1 open case belongs to nobody" in page(people)


def test_a_rule_that_leads_to_nobody_is_warned_of(people: People) -> None:
    add(people, "Sales", member=None, department=Department.SALES)
    assert "Nobody in Sales answers customers, so the lines below decide." in page(people)
    Member.objects.filter(pk=people.ana.pk).update(department=Department.SALES)
    assert "so the lines below decide" not in page(people)
