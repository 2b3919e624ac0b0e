"""How fast one mail server is sent to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import throttling
from afterscore.domain.throttling import PROVIDERS, Rate


def test_a_big_provider_has_a_limit_that_all_its_domains_share():
    gmail = throttling.limit_of("Nora@GMail.com", {})
    other = throttling.limit_of("nora@googlemail.com", {})
    assert gmail is not None
    assert gmail == other
    assert (gmail.name, gmail.rate.per_minute) == ("Google", 120)


def test_a_company_of_ones_own_has_none():
    assert throttling.limit_of("nora@quayside.example", {}) is None


def test_what_an_install_chooses_goes_before_ours():
    chosen = throttling.parse_rates("gmail.com=300, hotmail.com=0  quayside.example=5")
    google = throttling.limit_of("nora@googlemail.com", chosen)
    own = throttling.limit_of("nora@quayside.example", chosen)
    assert google is not None
    assert own is not None
    assert (google.rate.per_minute, own.rate.per_minute, own.name) == (300, 5, "quayside.example")
    assert throttling.limit_of("nora@outlook.com", chosen) is None  # the same provider


@pytest.mark.parametrize("text", ["gmail.com", "gmail.com=fast", "gmail=3", "gmail.com=-1", "=3"])
def test_a_rate_that_cannot_be_read_is_named(text: str):
    with pytest.raises(ValueError, match="is not written like"):
        throttling.parse_rates(text)


def test_no_domain_belongs_to_two_providers():
    domains = [domain for provider in PROVIDERS for domain in provider.domains]
    assert len(domains) == len(set(domains))


@given(st.integers(1, 100_000))
def test_no_minute_sees_more_than_the_rate_and_little_is_given_away(per_minute: int):
    rate = Rate(per_minute)
    assert rate.burst >= 1
    assert rate.refill >= 1
    assert rate.burst + rate.refill - 1 == per_minute
    assert rate.refill >= 0.95 * per_minute


def test_a_rate_is_one_a_minute_or_more():
    with pytest.raises(ValueError, match="one a minute"):
        Rate(0)
