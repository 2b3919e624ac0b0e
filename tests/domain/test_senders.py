"""By which route a sender's mail leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import senders

ROUTES = {
    "people": ["olivia@harbourline.example"],
    "company": ["harbourline.example"],
    "north": ["north.harbourline.example"],
    "rest": [],
}


@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("olivia@harbourline.example", "people"),
        ("Olivia@Harbourline.EXAMPLE", "people"),
        ("ana@harbourline.example", "company"),
        ("ana@post.harbourline.example", "company"),  # with its subdomains
        ("ana@north.harbourline.example", "north"),  # the longest domain
        ("ana@deep.north.harbourline.example", "north"),
        ("olivia@north.harbourline.example", "north"),
        ("ana@notharbourline.example", "rest"),  # not the end of a word
        ("ana@elsewhere.example", "rest"),
        ("", "rest"),
    ],
)
def test_the_closest_wins(address: str, route: str) -> None:
    assert senders.choose(ROUTES, address) == route


def test_without_a_route_for_everybody_the_others_leave_by_the_install() -> None:
    assert senders.choose({"people": ["olivia@harbourline.example"]}, "ana@b.example") is None
    assert senders.choose({}, "ana@b.example") is None


@given(st.permutations(list(ROUTES)), st.sampled_from(["olivia", "ana"]))
def test_the_order_of_the_routes_does_not_matter(order: list[str], who: str) -> None:
    address = f"{who}@north.harbourline.example"
    assert senders.choose({key: ROUTES[key] for key in order}, address) == "north"


@pytest.mark.parametrize(
    ("given", "compared"),
    [
        (" Sales@Example.COM ", "sales@example.com"),
        ("@example.com", "example.com"),
        ("Example.com", "example.com"),
    ],
)
def test_senders_are_compared_without_case(given: str, compared: str) -> None:
    assert senders.normalise(given) == compared


@pytest.mark.parametrize("text", ["", "@", "no domain", "a@", "a@b@c", "ex ample.com"])
def test_what_is_neither_address_nor_domain_is_named(text: str) -> None:
    with pytest.raises(senders.InvalidSender, match="is n"):
        senders.normalise(text)


def test_two_routes_for_one_sender_are_noticed_before_they_are_saved() -> None:
    assert senders.clashes(ROUTES, ["a@b.example", "harbourline.example"]) == (
        "company",
        "harbourline.example",
    )
    assert senders.clashes(ROUTES, []) == ("rest", senders.EVERYBODY)
    assert senders.clashes(ROUTES, ["b.example"]) is None
