"""Words stand for themes: what is found, and what is rather overlooked than mistaken."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import themes
from afterscore.domain.themes import Matcher, WordRefused


def found(words: str, text: str) -> list[str]:
    """The places of the text in which the words are found."""
    matcher = Matcher({"theme": themes.parse_words(words)})
    return [text[each.start : each.end] for each in matcher.mentions(text)]


@pytest.mark.parametrize(
    ("words", "text", "places"),
    [
        ("delay", "Three DELAYS and a delay.", ["DELAYS", "delay"]),
        ("chère", "Trop chères, vos plantes, et CHERE livraison", ["chères", "CHERE"]),
        ("qualité", "La qualite\u0301 baisse", ["qualite\u0301"]),
        ("straße", "Unsere STRASSE", ["STRASSE"]),
        ("box", "Two boxes", ["boxes"]),
        ("delivery", "All deliveries were late", ["deliveries"]),
        ("customer service", "Your customer-service is slow", ["customer-service"]),
        ("d'attente", "le délai d’attente est long", ["d’attente"]),
        ("Vertrag*", "Vertragsverlängerung ohne Vertrag", ["Vertragsverlängerung", "Vertrag"]),
        ("*lieferung", "Die Nachlieferungen und die Lieferung", ["Lieferung"]),
        ("*lieferung", "Die Nachlieferung", ["Nachlieferung"]),
        ("價格", "我覺得價格太高，但是好用", ["我覺得價格太高"]),
        ("ราคา", "ราคาแพงเกินไป", ["ราคาแพงเกินไป"]),
        ("कीमत", "इसकी कीमत ज़्यादा है", ["कीमत"]),
        ("가격", "가격이 너무 비싸요", ["가격이"]),
        ("цена", "Цена выросла", ["Цена"]),
    ],
)
def test_a_word_is_found_as_people_write_it(words: str, text: str, places: list[str]):
    assert found(words, text) == places


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("cher", "Je cherche un vendeur"),
        ("plan", "The plane was old"),
        ("price", "pricey"),
        ("customer service", "I am a customer. Service was slow"),
        ("customer service", "the customer, service and all"),
        ("support, -back support", "The seat gave no back support"),
        ("seats", "my seat"),
        ("new", "No news is good"),
        ("bus", "business class"),
    ],
)
def test_what_only_looks_alike_is_left_alone(words: str, text: str):
    assert found(words, text) == []


def test_an_exception_bars_only_the_place_where_it_stands():
    text = "No back support in the seat, and no support on the phone"
    assert found("support, -back support", text) == ["support"]
    assert text.index("support on") == text.rindex("support")


def test_the_longest_of_several_words_is_the_one_that_is_shown():
    assert found("price, price increase", "A price increase again") == ["price increase"]


def test_every_theme_of_a_text_is_named_once_in_the_given_order():
    matcher = Matcher({"b": ["support"], "a": ["price"], "c": ["report"]})
    assert matcher.match("The price of support, the PRICE.") == ["b", "a"]


def test_a_list_is_read_by_lines_and_commas_and_every_word_is_kept_once():
    assert themes.parse_words(" price\nPrice; -price tag,,  too   expensive ") == [
        "price",
        "-price tag",
        "too expensive",
    ]


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("a", "single letter"),
        ("de*", "almost anywhere"),
        ("pr*ce", "beginning or the end"),
        ("!!!", "no letters"),
        ("*", "not alone"),
        ("waited * days", "not alone"),
        ("x" * 61, "longer than 60"),
    ],
)
def test_a_word_that_finds_nothing_or_everything_is_refused_with_the_reason(word: str, why: str):
    with pytest.raises(WordRefused, match=why):
        themes.parse_words(word)


def test_a_list_has_an_end():
    with pytest.raises(WordRefused, match="301 words are more than the 300"):
        themes.parse_words("\n".join(f"word{number}" for number in range(301)))


words = st.text(alphabet="abcdefgéïñ", min_size=4, max_size=9)


@given(words, st.text(max_size=60), st.text(max_size=60))
def test_a_word_that_stands_alone_is_always_found(word: str, before: str, after: str):
    text = f"{before} {word.upper()} {after}"
    assert word.upper() in found(word, text)


@given(st.text(max_size=200))
def test_places_lie_in_the_text_in_order_and_never_overlap(text: str):
    matcher = Matcher({"t": ["a b", "aaa*", "*bbb", "價"], "u": ["aa"]})
    places = [(each.start, each.end) for each in matcher.mentions(text) if each.theme == "t"]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(places))
