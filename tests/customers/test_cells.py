"""What a single cell says, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from afterscore.customers.importers import cells, refusals
from afterscore.customers.importers.cells import CellError
from afterscore.domain import identity

ADDRESSES = st.from_regex(r"[a-z0-9._+-]{1,12}@[a-z0-9.-]{1,16}\.[a-z0-9]{1,6}", fullmatch=True)
NAMES = st.text("abcXYZ é.'-/<>,1", max_size=70)


def _domain_reading(text: str) -> str | None:
    try:
        return identity.normalise_email(text)
    except identity.InvalidEmail:
        return None


def _our_reading(text: str) -> str | None:
    try:
        return cells.read_email(text)
    except CellError:
        return None


@given(ADDRESSES)
@example("ana.lima@mail.example.com")
@example("a..b@example.com")
@example("a@-x.com")
def test_an_address_is_read_as_the_domain_reads_it(text: str) -> None:
    assert _our_reading(text) == _domain_reading(text)


@given(NAMES)
@example("Ana Lima")
@example("x" * 61)
def test_a_name_is_read_as_the_domain_reads_it(text: str) -> None:
    assert cells.read_name(text) == identity.clean_name(text)


@given(st.text(max_size=40))
@example("=SUM(A1)")
@example("'=x")
@example("\t=1")
@example("-5")
def test_a_cell_made_safe_for_spreadsheets_comes_back_as_it_was(text: str) -> None:
    def reading(cell: str) -> str | None:
        try:
            return cells.clean(cell)
        except CellError:
            return None

    assert not refusals.defused(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert reading(refusals.defused(text)) == reading(text)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("a\x00b", "NUL"),
        ("x" * 10_001, "10,001 characters"),
        ("caf\N{REPLACEMENT CHARACTER}", "could not be read"),
    ],
)
def test_a_cell_that_cannot_be_kept_says_why(cell: str, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        cells.clean(cell)


@pytest.mark.parametrize(
    ("text", "language"),
    [("EN", "en"), ("pt_br", "pt-BR"), ("Deutsch", "de"), ("français", "fr"), ("日本語", "ja")],
)
def test_a_language_is_known_by_code_and_by_name(text: str, language: str) -> None:
    assert cells.read_language(text) == language


@pytest.mark.parametrize(
    ("text", "country"), [("de", "DE"), ("Germany", "DE"), ("États-Unis", "US"), ("UK", "GB")]
)
def test_a_country_is_known_by_code_and_by_name(text: str, country: str) -> None:
    assert cells.read_country(text) == country


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Legitimate interest", "legitimate_interest"),
        ("YES", "consent"),
        ("opt-out", "refused"),
        ("contract", "contract"),
        ("withdrawn", "withdrawn"),
        ("opt in", "consent"),  # of a mailing list
        ("opt_in", "opt_in"),
        ("Feedback panel", "opt_in"),
    ],
)
def test_a_basis_of_consent_is_known_in_many_words(text: str, basis: str) -> None:
    assert cells.read_consent(text) == basis


@pytest.mark.parametrize(
    "read",
    [cells.read_language, cells.read_country, cells.read_currency, cells.read_time_zone,
     cells.read_consent],
)  # fmt: skip
def test_what_is_unknown_is_refused_and_quoted(read) -> None:
    with pytest.raises(CellError, match="“narnian”"):
        read("narnian")


@pytest.mark.parametrize("text", ["0", "7", "-7", "3.5", "123456789012345"])
def test_plain_figures_are_numbers(text: str) -> None:
    assert str(cells.read_number(text)) == text
    assert not isinstance(cells.read_number(text), str)


@pytest.mark.parametrize("text", ["007", "+49", "1e5", "1,5", "", "0.00001", "1234567890123456"])
def test_other_figures_stay_texts(text: str) -> None:
    assert cells.read_number(text) == text


def test_an_excerpt_is_one_short_printable_line() -> None:
    assert cells.excerpt("a\nb\x07c" + "d" * 100, 10) == "a b cdddd…"
