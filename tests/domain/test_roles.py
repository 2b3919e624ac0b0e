from __future__ import annotations

import pytest

from afterscore.domain import roles
from afterscore.domain.roles import Role

DESCENDING = [Role.OWNER, Role.MANAGER, Role.AGENT, Role.VIEWER]


@pytest.mark.parametrize(("place", "role"), list(enumerate(DESCENDING)))
def test_a_role_includes_itself_and_all_below_it(place, role):
    included = [other for other in DESCENDING if roles.at_least(role, other)]
    assert included == DESCENDING[place:]


@pytest.mark.parametrize(
    ("own", "grantable"),
    [
        (Role.OWNER, {Role.OWNER, Role.MANAGER, Role.AGENT, Role.VIEWER}),
        (Role.MANAGER, {Role.MANAGER, Role.AGENT, Role.VIEWER}),
        (Role.AGENT, set()),
        (Role.VIEWER, set()),
    ],
)
def test_nobody_grants_more_than_they_have(own, grantable):
    assert {role for role in Role if roles.may_grant(own, role)} == grantable


@pytest.mark.parametrize("role", Role)
def test_each_role_says_in_one_line_what_it_may_do(role):
    assert role.description.endswith(".")
    assert "\n" not in role.description
    assert role.label == role.value.capitalize()
