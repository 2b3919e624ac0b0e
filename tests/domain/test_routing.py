"""Who gets a case: owner, rule, load; each with its reason, and never nobody while somebody may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import routing, segments
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.domain.routing import Answer, Away, Criteria, Keeper, Names, Person, Rule, Team

TODAY = date(2026, 5, 4)
ANSWER = Answer(Group.DETRACTOR, has_comment=True, language="de-AT", themes=frozenset({"billing"}))
MAY = Away(date(2026, 5, 8))


def person(name: str, **values: Any) -> Person:
    return Person(id=name.lower(), name=name, **values)


def rule(name: str = "Bills", **values: Any) -> Rule:
    criteria = values.pop("criteria", routing.EVERYBODY)
    return Rule(id=name.lower(), name=name, criteria=criteria, **values)


def decide(
    *people: Person,
    answer: Answer = ANSWER,
    rules: tuple[Rule, ...] = (),
    keeper: Keeper | None = None,
) -> routing.Decision:
    return routing.route(answer, keeper=keeper, rules=rules, team=Team(people), today=TODAY)


ANA = person("Ana", department=Department.SUCCESS)
MAX = person("Max", department=Department.FINANCE)
KEEPER = Keeper("ana", "Ana")


# --- the order ------------------------------------------------------------------------------------


def test_the_owner_of_the_account_comes_before_the_rules():
    decision = decide(ANA, MAX, keeper=KEEPER, rules=(rule(member="max"),))
    assert (decision.owner, decision.rule) == (ANA, None)
    assert decision.why == "Ana looks after this account."


def test_unless_a_rule_says_otherwise():
    first = rule(department=Department.FINANCE, before_owner=True)
    decision = decide(ANA, MAX, keeper=KEEPER, rules=(first,))
    assert (decision.owner, decision.rule, decision.department) == (MAX, first, Department.FINANCE)
    assert decision.why == "By the rule “Bills”: Max has the fewest open cases in Finance."


def test_the_first_rule_that_fits_holds():
    rules = (
        rule("Praise", criteria=Criteria(groups=frozenset({Group.PROMOTER})), member="ana"),
        rule("Bills", member="max"),
        rule("Rest", member="ana"),
    )
    decision = decide(ANA, MAX, rules=rules)
    assert decision.owner == MAX
    assert decision.why == "By the rule “Bills”: it goes to Max."


def test_without_owner_and_rule_whoever_has_fewest_cases_takes_it():
    decision = decide(person("Ana", open_cases=2), person("Max", open_cases=1))
    assert decision.owner is not None
    assert (decision.owner.name, decision.is_meant) == ("Max", False)


def test_among_equals_whoever_has_waited_longest():
    decision = decide(person("Ana", latest=7), person("Max", latest=3))
    assert decision.owner is not None
    assert decision.owner.name == "Max"


def test_room_is_judged_by_the_pace_of_each():
    ana = person("Ana", open_cases=4, a_day=10)
    decision = decide(ana, person("Max", open_cases=2, a_day=2))
    assert decision.owner == ana
    assert decision.why == "Ana has the most room, with 4 open cases at 10 a day."


def test_whoever_is_given_nothing_a_day_comes_last():
    boss = person("Olivia", a_day=0)
    assert decide(boss, person("Ana", open_cases=50)).owner != boss
    assert decide(boss).owner == boss


# --- absence --------------------------------------------------------------------------------------


def test_a_stand_in_takes_the_cases_of_an_owner_who_is_away():
    ana = person("Ana", away=Away(date(2026, 5, 8), stand_in="max"))
    decision = decide(ana, MAX, person("Zoe"), keeper=KEEPER)
    assert decision.owner == MAX
    assert decision.why == "Ana looks after this account but is away until 8 May; Max stands in."


def test_a_stand_in_who_is_away_has_one_too():
    ana = person("Ana", away=Away(date(2026, 5, 8), stand_in="max"))
    max_ = person("Max", away=Away(date(2026, 5, 5), stand_in="zoe"))
    zoe = person("Zoe", open_cases=9)
    assert decide(ana, max_, zoe, keeper=KEEPER).owner == zoe


def test_two_who_stand_in_for_each_other_and_are_both_away_are_not_asked_for_ever():
    ana = person("Ana", away=Away(date(2026, 5, 8), stand_in="max"))
    max_ = person("Max", away=Away(date(2026, 5, 8), stand_in="ana"))
    zoe = person("Zoe", open_cases=9)
    decision = decide(ana, max_, zoe, keeper=KEEPER)
    assert decision.owner == zoe
    assert decision.passed == (
        "Ana looks after this account but is away until 8 May, and nobody stands in.",
    )


@pytest.mark.parametrize(("may_wait", "owner"), [(True, "Ana"), (False, "Max")])
def test_without_a_stand_in_a_case_waits_only_where_the_customer_can(may_wait, owner):
    ana = person("Ana", away=MAY)
    decision = decide(ana, MAX, keeper=Keeper("ana", "Ana", may_wait=may_wait))
    assert decision.owner is not None
    assert decision.owner.name == owner


def test_a_rule_that_names_somebody_away_falls_back_on_its_department():
    ana = person("Ana", away=MAY)
    decision = decide(ana, MAX, rules=(rule(member="ana", department=Department.FINANCE),))
    assert decision.owner == MAX
    assert decision.passed == (
        "The rule “Bills” names Ana, who is away until 8 May; nobody stands in.",
    )


def test_a_rule_for_a_department_without_people_passes_it_on_and_says_so():
    decision = decide(ANA, rules=(rule(department=Department.FINANCE),))
    assert decision.why == (
        "By the rule “Bills” it goes to Finance, but nobody there can take it. "
        "Ana has the fewest open cases."
    )


def test_where_everybody_is_away_whoever_is_back_first_has_it():
    decision = decide(person("Ana", away=MAY), person("Max", away=Away(date(2026, 5, 6))))
    assert decision.owner is not None
    assert decision.owner.name == "Max"
    assert decision.why == "Everybody is away; Max is back first, after 6 May."


def test_nobody_has_it_only_where_nobody_may():
    decision = decide(keeper=KEEPER)
    assert decision.owner is None
    assert decision.why == (
        "Ana looks after this account, but does not answer customers. "
        "Nobody is there to take it. Add a member who answers customers."
    )


people_of_any_kind = st.lists(
    st.builds(
        Person,
        id=st.sampled_from("abcdef"),
        name=st.just("Somebody"),
        department=st.none() | st.sampled_from(Department),
        open_cases=st.integers(0, 50),
        latest=st.integers(0, 50),
        a_day=st.none() | st.integers(0, 9),
        away=st.none() | st.builds(Away, st.dates(TODAY), st.sampled_from(["", *"abcdefz"])),
    ),
    unique_by=lambda one: one.id,
)
rules_of_any_kind = st.lists(
    st.builds(
        Rule,
        id=st.just("rule"),
        name=st.just("Rule"),
        criteria=st.builds(Criteria, groups=st.frozensets(st.sampled_from(Group))),
        member=st.sampled_from(["", *"abcz"]),
        department=st.none() | st.sampled_from(Department),
        before_owner=st.booleans(),
        is_urgent=st.booleans(),
    )
)
keepers = st.none() | st.builds(
    Keeper, st.sampled_from("abcz"), st.just("Keeper"), may_wait=st.booleans()
)


@given(people_of_any_kind, rules_of_any_kind, keepers)
def test_a_case_is_nobodys_only_where_there_is_nobody(people, rules, keeper):
    decision = decide(*people, rules=tuple(rules), keeper=keeper)
    assert (decision.owner is None) == (not people)
    assert decision.reason.endswith(".")


@given(people_of_any_kind, rules_of_any_kind, keepers)
def test_nobody_away_is_chosen_while_somebody_is_there_save_an_owner_one_may_wait_for(
    people, rules, keeper
):
    decision = decide(*people, rules=tuple(rules), keeper=keeper)
    if decision.owner and decision.owner.away and any(one.away is None for one in people):
        assert keeper is not None
        assert (keeper.id, keeper.may_wait) == (decision.owner.id, True)


# --- what a rule looks at -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criteria", "fits"),
    [
        (Criteria(), True),
        (Criteria(groups=frozenset({Group.DETRACTOR, Group.PASSIVE})), True),
        (Criteria(groups=frozenset({Group.PROMOTER})), False),
        (Criteria(comment=True), True),
        (Criteria(comment=False), False),
        (Criteria(themes=frozenset({"billing", "speed"})), True),
        (Criteria(themes=frozenset({"speed"})), False),
        (Criteria(languages=frozenset({"de"})), True),
        (Criteria(languages=frozenset({"DE_at"})), True),
        (Criteria(languages=frozenset({"de-CH"})), False),
        (Criteria(languages=frozenset({"d"})), False),
        (Criteria(departments=frozenset({Department.FINANCE})), True),
        (Criteria(departments=frozenset({Department.SALES})), False),
        (Criteria(customers=segments.parse({"field": "account.plan", "is": "Team"})), True),
        (Criteria(customers=segments.parse({"field": "account.plan", "is": "Free"})), False),
        (Criteria(comment=True, groups=frozenset({Group.PROMOTER})), False),
    ],
)
def test_a_rule_fits_when_all_it_asks_for_holds(criteria, fits):
    answer = Answer(
        Group.DETRACTOR,
        has_comment=True,
        language="de-AT",
        themes=frozenset({"billing"}),
        departments=frozenset({Department.FINANCE}),
        facts={"account.plan": "team"},
    )
    assert criteria.fits(answer, TODAY) is fits


any_criteria = st.builds(
    Criteria,
    groups=st.frozensets(st.sampled_from(Group)),
    comment=st.none() | st.booleans(),
    themes=st.frozensets(st.sampled_from(["thm_1", "thm_2"])),
    languages=st.frozensets(st.sampled_from(["de", "pt-BR"])),
    departments=st.frozensets(st.sampled_from(Department)),
    customers=st.sampled_from(
        [segments.EVERYONE, segments.parse({"field": "account.plan", "is": "Team"})]
    ),
)


@given(any_criteria)
def test_what_is_kept_is_what_was_meant(criteria):
    assert routing.parse(routing.to_data(criteria)) == criteria


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ([], "list of names"),
        ({"score": 9}, "no condition 'score'"),
        ({"groups": ["happy"]}, "no group 'happy'"),
        ({"groups": "detractor"}, "'groups' is a list"),
        ({"comment": "yes"}, "true, false"),
        ({"comment": []}, "true, false"),
        ({"departments": ["kitchen"]}, "no department 'kitchen'"),
        ({"themes": [7]}, "'7' is not"),
        ({"languages": [""]}, "is not the name"),
        ({"languages": ["de"] * 101}, "at most 100"),
        ({"customers": {"field": "account.secret", "is": 1}}, "Which customers"),
    ],
)
def test_what_is_not_in_the_grammar_is_refused(data, complaint):
    with pytest.raises(routing.CriteriaError, match=complaint):
        routing.parse(data)


# --- a rule as a sentence -------------------------------------------------------------------------

NAMES = Names(
    themes={"t1": "Billing", "t2": "Speed"},
    languages={"de": "German", "fr": "French"},
    members={"ana": "Ana"},
)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (rule(member="ana"), "All customers go to Ana."),
        (
            rule(department=Department.SALES, criteria=Criteria(groups=frozenset(Group))),
            "All promoters, passives and detractors go to Sales.",
        ),
        (
            rule(
                department=Department.FINANCE,
                before_owner=True,
                criteria=Criteria(
                    groups=frozenset({Group.DETRACTOR}), themes=frozenset({"t1", "t2"})
                ),
            ),
            (
                "Detractors who speak of Billing or Speed go to Finance, "
                "even if their account has an owner."
            ),
        ),
        (
            rule(
                member="ana",
                department=Department.SUCCESS,
                is_urgent=True,
                criteria=Criteria(
                    comment=False,
                    languages=frozenset({"de", "fr"}),
                    customers=segments.parse({"field": "account.plan", "is": "Team"}),
                ),
            ),
            (
                "Customers who left no comment and answer in French or German and whose plan is "
                "Team go to Ana, else to Customer success, and are more urgent."
            ),
        ),
        (
            rule(is_urgent=True, criteria=Criteria(departments=frozenset({Department.PRODUCT}))),
            "Customers who speak of something for Product are more urgent.",
        ),
        (
            rule(member="gone", criteria=Criteria(themes=frozenset({"t9"}))),
            "Customers who speak of a theme that is gone go to somebody who has left.",
        ),
    ],
)
def test_a_rule_is_a_sentence(made, sentence):
    assert routing.describe(made, NAMES) == sentence
