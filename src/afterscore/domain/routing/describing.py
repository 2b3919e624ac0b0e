"""A rule as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from afterscore.domain import segments
from afterscore.domain.nps import Group
from afterscore.domain.routing.rules import Criteria, Rule


@dataclass(frozen=True, slots=True)
class Names:
    """What ids stand for; an id without a name is something that is gone."""

    themes: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)


def describe(rule: Rule, names: Names, *, says_place: bool = True) -> str:
    """ "Detractors who speak of Billing go to Finance, even if their account has an owner."

    Without `says_place` its place among the others says the last part.
    """
    return f"{_whom(rule.criteria, names)} {_what_then(rule, names, says_place=says_place)}."


def _whom(criteria: Criteria, names: Names) -> str:
    groups = _joined([f"{group}s" for group in Group if group in criteria.groups], "and")
    deeds = _joined(list(_deeds(criteria, names)), "and")
    conditions = [f"who {deeds}"] if deeds else []
    if criteria.customers != segments.EVERYONE:
        conditions.append(f"whose {segments.describe(criteria.customers)}")
    if not conditions:
        return f"All {groups or 'customers'}"
    return f"{groups.capitalize() or 'Customers'} {' and '.join(conditions)}"


def _deeds(criteria: Criteria, names: Names) -> Iterable[str]:
    if criteria.comment is not None:
        yield "left a comment" if criteria.comment else "left no comment"
    if criteria.themes:
        yield f"speak of {_listed(criteria.themes, names.themes, 'a theme that is gone')}"
    if criteria.departments:
        labels = sorted(department.label for department in criteria.departments)
        yield f"speak of something for {_joined(labels, 'or')}"
    if criteria.languages:
        yield f"answer in {_listed(criteria.languages, names.languages, '')}"


def _what_then(rule: Rule, names: Names, *, says_place: bool) -> str:
    deeds = []
    if rule.gives_away:
        is_first = rule.before_owner and says_place
        first = ", even if their account has an owner" if is_first else ""
        deeds.append(f"go to {_whither(rule, names)}{first}")
    if rule.is_urgent:
        deeds.append("are more urgent")
    return ", and ".join(deeds) or "are treated as usual"


def _whither(rule: Rule, names: Names) -> str:
    member = names.members.get(rule.member, "somebody who has left") if rule.member else ""
    department = rule.department.label if rule.department else ""
    if member and department:
        return f"{member}, else to {department}"
    return member or department


def _listed(ids: Iterable[str], names: Mapping[str, str], gone: str) -> str:
    return _joined(sorted(names.get(each, gone or each) for each in ids), "or")


def _joined(words: list[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
