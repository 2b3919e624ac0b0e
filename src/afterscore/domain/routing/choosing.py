from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from afterscore.domain.departments import Department
from afterscore.domain.routing.rules import Answer, Rule
from afterscore.domain.routing.team import Choice, Person, Team

NOBODY = "Nobody is there to take it. Add a member who answers customers."


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who looks after the account. `may_wait`: when away without a stand-in, still back in time."""

    id: str
    name: str
    may_wait: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`owner` is None only where nobody may own a case; `rule` is the one that decided, if any.

    `passed` says, in order, whom it would have gone to and why it did not.
    """

    owner: Person | None
    department: Department | None
    rule: Rule | None
    reason: str
    passed: tuple[str, ...] = ()
    urgent_by: tuple[Rule, ...] = ()

    is_meant: bool = False  # by a rule or by who looks after the account, not by load alone

    @property
    def why(self) -> str:
        return " ".join((*self.passed, self.reason))


def route(
    answer: Answer, *, keeper: Keeper | None, rules: Sequence[Rule], team: Team, today: date
) -> Decision:
    """Who gets the case of an answer. The order of the rules is theirs."""
    fitting = [rule for rule in rules if rule.criteria.fits(answer, today)]
    giving = [rule for rule in fitting if rule.gives_away]
    passed: list[str] = []
    meant, rule = _choose(giving, keeper, team, passed)
    chosen = meant or team.most_room() or team.first_back()
    owner = chosen.person if chosen else None
    return Decision(
        owner=owner,
        department=(rule and rule.department) or (owner and owner.department) or None,
        rule=rule,
        reason=chosen.why if chosen else NOBODY,
        passed=tuple(passed),
        urgent_by=tuple(rule for rule in fitting if rule.is_urgent),
        is_meant=meant is not None,
    )


def _choose(
    rules: Sequence[Rule], keeper: Keeper | None, team: Team, passed: list[str]
) -> tuple[Choice | None, Rule | None]:
    for rule in rules:
        if rule.before_owner and (choice := _by_rule(rule, team, passed)):
            return choice, rule
    if keeper and (choice := _by_keeper(keeper, team, passed)):
        return choice, None
    for rule in rules:
        if not rule.before_owner and (choice := _by_rule(rule, team, passed)):
            return choice, rule
    return None, None


def _by_keeper(keeper: Keeper, team: Team, passed: list[str]) -> Choice | None:
    cares = f"{keeper.name} looks after this account"
    person = team.get(keeper.id)
    if person is None:
        passed.append(f"{cares}, but does not answer customers.")
        return None
    if person.away is None:
        return Choice(person, f"{cares}.")
    away = f"{cares} but is {person.away.words}"
    if stand_in := team.in_place_of(person):
        return Choice(stand_in, f"{away}; {stand_in.name} stands in.")
    if keeper.may_wait:
        return Choice(person, f"{away}, which is soon enough.")
    passed.append(f"{away}, and nobody stands in.")
    return None


def _by_rule(rule: Rule, team: Team, passed: list[str]) -> Choice | None:
    """Its member, her stand-in, else whoever has the most room in its department."""
    named = f"By the rule “{rule.name}”"
    if rule.member and (choice := _member_of(rule, team, passed)):
        return Choice(choice.person, f"{named}: {choice.why}")
    if rule.department is None:
        return None
    if choice := team.most_room(rule.department):
        return Choice(choice.person, f"{named}: {choice.why}")
    passed.append(f"{named} it goes to {rule.department.label}, but nobody there can take it.")
    return None


def _member_of(rule: Rule, team: Team, passed: list[str]) -> Choice | None:
    person = team.get(rule.member)
    if person is None:
        passed.append(f"The rule “{rule.name}” names somebody who does not answer customers.")
        return None
    if person.away is None:
        return Choice(person, f"it goes to {person.name}.")
    if stand_in := team.in_place_of(person):
        return Choice(stand_in, f"{person.name} is {person.away.words}; {stand_in.name} stands in.")
    passed.append(
        f"The rule “{rule.name}” names {person.name}, who is {person.away.words}; nobody stands in."
    )
    return None
