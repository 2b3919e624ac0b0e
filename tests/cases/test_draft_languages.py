"""The built-in drafts in every language of the survey: complete, neat, and right when filled in."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from afterscore.cases import languages
from afterscore.cases.languages import told
from afterscore.outreach.composition import check_template, compose, templates
from afterscore.surveys import languages as survey
from tests.outreach.test_composing import Reader, message
from tests.surveys.test_languages import (
    FOREIGN_PUNCTUATION,
    INVISIBLE,
    RIGHT_TO_LEFT,
    SCRIPTS,
    TELLING_LETTERS,
)

CODES = survey.available()
FOLDER = Path(languages.__file__).parent
QUOTES = {
    "ja": "「」",
    "zh-Hant": "「」",
    "nl": "“”",
    "sl": "»«",
    "he": "”“",
    "fr": "«\u00a0\u00a0»",
}
TELLING = {"zh-Hans": "谢这", "zh-Hant": "謝這"}
# Words of the address that the survey of this language does not use.
WRONG_ADDRESS = {
    "cs": r"ty|tvůj|tvoje|tě|tobě",
    "da": r"De|Deres|Dem",
    "de": r"du|dein|deine|dir|dich|ihr",
    "es": r"tú|tu|tus|ti|contigo",
    "fi": r"sinä|sinun|sinulle",
    "fr": r"tu|ton|ta|tes|toi",
    "it": r"tu|tuo|tua|ti",
    "nb": r"De|Deres|Dem",
    "nl": r"jij|je|jouw|jou",
    "pl": r"ty|twój|twoja|ciebie|tobie",
    "pt": r"você|tu|teu|tua|contigo",
    "pt-BR": r"tu|teu|tua|contigo|consigo",
    "ru": r"ты|твой|тебя|тебе",
    "sv": r"ni|er",
    "tr": r"sen|sana|senin",
    "uk": r"ти|твій|тебе|тобі",
}
FILLED: dict[str, Any] = {
    "first_name": "Nora",
    "name": "Nora Lindqvist",
    "account": "Quayside Freight",
    "company": "Harbourline",
    "sender_name": "Ana Duarte",
    "sender_first_name": "Ana",
    "days": 2,
    "minutes": 1,
    "score": 6,
    "comment": "Too many clicks",
    "theme": "Reports",
    "features": "Exports, Alerts",
}
BARE = FILLED | dict.fromkeys(("first_name", "name", "account", "comment", "theme", "features"), "")
LONG = FILLED | {"comment": "“word” {{ name }} " * 500, "company": "Harbour & Line of the North"}


def texts_of(code: str) -> dict[str, str]:
    """Every text of a language by its place in the file, and the news of what was done."""
    drafts = json.loads((FOLDER / f"{code}.json").read_text("utf-8"))
    news = told.told_draft(code, title="Reports open at once")
    return dict(_flat("", drafts)) | {f"told.{key}": text for key, text in news.items()}


def _flat(path: str, texts: Any) -> Iterator[tuple[str, str]]:
    if isinstance(texts, str):
        yield path.removeprefix("."), texts
        return
    for key, value in texts.items():
        yield from _flat(f"{path}.{key}", value)


ENGLISH = texts_of("en")


def plain(text: str) -> str:
    """Without fields, conditions and what a person will put into their own words."""
    return re.sub(r"{{.*?}}|{%.*?%}|Reports open at once", "", text)


def fields(text: str) -> Counter[str]:
    """How often each field is shown; one person's names count as one."""
    shown = re.findall(r"{{ (\w+) }}", text)
    return Counter(name.replace("first_name", "name") for name in set(shown))


def fill(text: str, values: dict[str, Any]) -> str:
    return templates.render(text, values).strip()


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_the_drafts_are_there_in_every_language_of_the_survey() -> None:
    assert languages.names() == told.names() == CODES


def test_every_language_has_every_draft_with_the_fields_of_the_english_one(code: str) -> None:
    ours = texts_of(code)
    assert list(ours) == list(ENGLISH)
    for place, text in ours.items():
        check_template(text, field=place)
        assert fields(text) == fields(ENGLISH[place]), place
        assert text.count("\n\n") == ENGLISH[place].count("\n\n"), place
        asked = sorted(set(re.findall(r"{% if (\w+) %}", text)) - {"name", "first_name"})
        assert asked == sorted(
            set(re.findall(r"{% if (\w+) %}", ENGLISH[place])) - {"name", "first_name"}
        ), place


def test_nothing_was_left_in_english(code: str) -> None:
    if code == "en":
        return
    english = {sentence for text in ENGLISH.values() for sentence in _sentences(text)}
    ours = {sentence for text in texts_of(code).values() for sentence in _sentences(text)}
    assert ours & english == set()


def _sentences(text: str) -> set[str]:
    found = re.split(r"[.?:,–\n]", plain(text))
    return {each.strip().casefold() for each in found if len(each.strip()) > 3}


def test_a_draft_greets_as_the_survey_does_and_closes_with_its_words(code: str) -> None:
    for place, text in texts_of(code).items():
        if not place.endswith("body"):
            continue
        first = fill(text, BARE).splitlines()[0]
        assert first == survey.get(code).greeting_plain, place
        named = fill(text, FILLED).splitlines()[0]
        assert "Nora" in named, place
        assert fill(text, FILLED).endswith("\nHarbourline"), place
        assert "Ana" in fill(text, FILLED).splitlines()[-2], place


@pytest.mark.parametrize("language", sorted(WRONG_ADDRESS))
def test_a_draft_addresses_its_reader_as_the_survey_does(language: str) -> None:
    wrong = re.compile(rf"(?<!\w)(?:{WRONG_ADDRESS[language]})(?!\w)")
    said = {*survey.get(language).survey.values(), *survey.get(language).mail.values()}
    assert [text for text in said if wrong.search(text)] == []
    found = [place for place, text in texts_of(language).items() if wrong.search(plain(text))]
    assert found == []


def test_a_draft_is_whole_with_every_field_with_none_and_with_a_long_comment(code: str) -> None:
    for place, text in texts_of(code).items():
        for values in (FILLED, BARE, LONG):
            shown = fill(text, values)
            left = shown.replace(str(values["comment"]).strip() or "\0", "")
            assert not re.search(r"[{}%]", left), place
            assert "  " not in left, place
            assert "\n\n\n" not in left, place
            assert not re.search(r" [.,:]", left), place


def test_a_comment_is_quoted_whole_in_the_quotation_marks_of_the_language(code: str) -> None:
    for place in ("detractor.spoken.body", "follow_up.body", "told.body"):
        paragraphs = fill(texts_of(code)[place], FILLED).split("\n\n")
        quoted = next(each for each in paragraphs if "Too many clicks" in each)
        marks = quoted.replace("Too many clicks", "")
        assert marks.strip() == marks
        assert marks == QUOTES.get(code, marks)
        assert len(marks.replace("\u00a0", "")) == 2
        assert set(marks) <= set("«»“”„‚‘’「」\u00a0")
    assert not set(fill(texts_of(code)["follow_up.body"], BARE)) & set("「”»") - set("”")


def test_subjects_fit_into_an_inbox(code: str) -> None:
    for place, text in texts_of(code).items():
        if place.endswith("subject"):
            assert len(fill(text, FILLED)) <= 90, place
            assert "\n" not in text
            assert not any(unicodedata.category(sign) == "Cf" for sign in text), place


def test_texts_are_neat(code: str) -> None:
    for place, text in texts_of(code).items():
        said = plain(text)
        assert text == text.strip(), place
        assert text == unicodedata.normalize("NFC", text), place
        assert not {"'", '"'} & set(said), place
        assert not any("EXCLAMATION" in unicodedata.name(sign, "") for sign in said), place
        odd = {sign for sign in said if sign not in " \n" and not sign.isprintable()}
        assert odd <= INVISIBLE.get(code, set()), place


def test_every_letter_is_of_the_language_s_script(code: str) -> None:
    scripts = SCRIPTS.get(code, ("LATIN",))
    for place, text in texts_of(code).items():
        letters = (sign for sign in plain(text) if sign.isalpha())
        strange = {sign for sign in letters if unicodedata.name(sign).split(" ")[0] not in scripts}
        assert strange == set(), place


@pytest.mark.parametrize("language", FOREIGN_PUNCTUATION)
def test_punctuation_is_that_of_the_script(language: str) -> None:
    said = "".join(plain(text) for text in texts_of(language).values())
    joined = said.replace(": ", "") if language not in ("ja", "zh-Hans", "zh-Hant") else said
    assert not set(FOREIGN_PUNCTUATION[language]) & set(joined)


def test_french_keeps_its_double_signs_on_the_line() -> None:
    for place, text in texts_of("fr").items():
        assert re.findall(r"[^\u00a0][?:;»]|«[^\u00a0]", text) == [], place


def test_spanish_opens_the_questions_it_closes() -> None:
    for place, text in texts_of("es").items():
        assert text.count("¿") == text.count("?"), place


@pytest.mark.parametrize("language", sorted(TELLING_LETTERS))
def test_a_language_has_the_letters_that_tell_it_from_its_neighbours(language: str) -> None:
    said = "".join(chain.from_iterable(texts_of(language).values())).casefold()
    assert set(TELLING.get(language, TELLING_LETTERS[language])) <= set(said)


def test_a_follow_up_goes_out_in_its_language_and_direction(code: str) -> None:
    draft = languages.follow_up_draft(code)
    mail = compose(
        message(
            "follow_up",
            language=code,
            subject=draft.subject,
            body=draft.body,
            fields={"company": "Harbourline", "score": 3, "comment": "Too many clicks"},
        )
    )
    page = Reader(mail.html)
    assert page.root["lang"] == code
    assert page.root["dir"] == ("rtl" if code in RIGHT_TO_LEFT else "ltr")
    assert "Harbourline" in mail.subject
    assert "Too many clicks" in mail.text
    assert "{" not in mail.text
    assert "Too many clicks" in " ".join(page.words)


@pytest.mark.parametrize(
    ("language", "fallback", "code"),
    [
        ("pt-BR", "en", "pt-BR"),
        ("pt_br", "en", "pt-BR"),
        ("pt-PT", "en", "pt"),
        ("zh-TW", "en", "zh-Hant"),
        ("zh-CN", "en", "zh-Hans"),
        ("no", "en", "nb"),
        ("iw", "en", "he"),
        ("de-AT", "en", "de"),
        ("tlh", "de-CH", "de"),
        ("", "fr", "fr"),
        ("tlh", "", "en"),
    ],
)
def test_the_language_is_chosen_as_for_the_survey(language: str, fallback: str, code: str) -> None:
    assert languages.choose(language, fallback) == code
    assert survey.choose(language, survey.recognise(fallback) or "en").code == code
