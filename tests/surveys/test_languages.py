from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from afterscore.surveys import languages
from afterscore.surveys.languages import Language

CODES = languages.available()
ENGLISH = languages.get("en")
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
EXAMPLES = {
    "company": "Harbourline",
    "sender": "Alexandra",
    "first_name": "Alexandra",
    "days": 2,
    "minutes": 1,
    "score": 10,
    "answered": 31,
    "asked": 40,
}
# First words of the Unicode names of the letters each language is written in; else Latin.
SCRIPTS = {
    "ar": ("ARABIC",),
    "bg": ("CYRILLIC",),
    "bn": ("BENGALI",),
    "el": ("GREEK",),
    "fa": ("ARABIC",),
    "he": ("HEBREW",),
    "hi": ("DEVANAGARI",),
    "ja": ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"),
    "ko": ("HANGUL",),
    "ru": ("CYRILLIC",),
    "th": ("THAI",),
    "uk": ("CYRILLIC",),
    "ur": ("ARABIC",),
    "zh-Hans": ("CJK",),
    "zh-Hant": ("CJK",),
}
LOAN_WORDS = {"el": "email"}
INVISIBLE = {"fr": {"\u00a0"}, "fa": {"\u200c"}}  # no-break space, zero-width non-joiner
FOREIGN_PUNCTUATION = {
    **dict.fromkeys(("ja", "zh-Hans", "zh-Hant"), "?,.:;()"),
    **dict.fromkeys(("ar", "fa"), "?,;"),
    "bn": ".",
    "el": "?",
    "hi": ".",
    "th": "?,.",
    "ur": "?,;.",
}
# Letters that a neighbour does not have: a text pasted into the wrong file shows.
TELLING_LETTERS = {
    "bg": "щъ",
    "cs": "ěřů",
    "da": "æø",
    "de": "äöü",
    "et": "õ",
    "fa": "گچپ",
    "hr": "šćč",
    "hu": "ő",
    "is": "ðþ",
    "lt": "ėųš",
    "lv": "āēī",
    "nb": "åø",
    "pl": "łęą",
    "pt": "ãç",
    "ro": "șăț",
    "ru": "ыё",
    "sk": "ľď",
    "sv": "äöå",
    "tr": "ığş",
    "uk": "їєі",
    "ur": "ہےٹ",
    "vi": "ượđ",
    "zh-Hans": "荐择",
    "zh-Hant": "薦擇",
}


def strings(language: Language) -> dict[str, str]:
    head = {"greeting_named": language.greeting_named, "greeting_plain": language.greeting_plain}
    parts = (("survey", language.survey), ("mail", language.mail))
    return head | {f"{part}.{key}": text for part, texts in parts for key, text in texts.items()}


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"{.*?}", text))


def letters(text: str) -> Iterator[str]:
    return (letter for letter in re.sub(r"{.*?}", "", text) if letter.isalpha())


@pytest.fixture(params=CODES)
def language(request: pytest.FixtureRequest) -> Language:
    return languages.get(request.param)


def test_many_languages_are_spoken():
    assert len(CODES) >= 44
    assert tuple(sorted(CODES)) == CODES


def test_a_language_is_named_in_its_file_as_the_file_is(language: Language):
    assert languages.get(language.code) is language
    assert language.name
    assert language.english_name


def test_every_language_has_names_of_its_own():
    everybody = [languages.get(code) for code in CODES]

    assert len({each.name for each in everybody}) == len(CODES)
    assert len({each.english_name for each in everybody}) == len(CODES)


def test_every_language_says_what_english_says_in_the_same_order(language: Language):
    assert list(strings(language)) == list(strings(ENGLISH))


def test_every_string_has_the_placeholders_of_the_english_one(language: Language):
    ours = {key: placeholders(text) for key, text in strings(language).items()}

    assert ours == {key: placeholders(text) for key, text in strings(ENGLISH).items()}


def test_english_has_no_other_placeholders_than_those_there_are_values_for():
    used = set(chain.from_iterable(placeholders(text) for text in strings(ENGLISH).values()))

    assert used == {f"{{{name}}}" for name in EXAMPLES}


def test_four_languages_are_written_from_right_to_left(language: Language):
    assert language.direction == ("rtl" if language.code in RIGHT_TO_LEFT else "ltr")


def test_the_texts_of_a_language_cannot_be_changed():
    with pytest.raises(TypeError):
        ENGLISH.survey["question"] = "Why?"  # type: ignore[index]


def test_nothing_is_shouted(language: Language):
    shouted = [
        text
        for text in strings(language).values()
        if any("EXCLAMATION" in unicodedata.name(sign, "") for sign in text)
    ]

    assert shouted == []


def test_strings_are_neat(language: Language):
    for key, text in strings(language).items():
        assert text == text.strip() != "", key
        assert "  " not in text, key
        assert text == unicodedata.normalize("NFC", text), key
        invisible = {sign for sign in text if sign != " " and not sign.isprintable()}
        assert invisible <= INVISIBLE.get(language.code, set()), key


def test_straight_quotes_and_apostrophes_are_not_used(language: Language):
    assert not {"'", '"'} & set(chain(*strings(language).values()))


def test_nothing_was_left_in_english(language: Language):
    if language is ENGLISH:
        return
    pairs = zip(strings(language).items(), strings(ENGLISH).values(), strict=True)

    assert [key for (key, ours), english in pairs if ours.casefold() == english.casefold()] == []


def test_the_question_names_the_company_and_fits_on_the_page(language: Language):
    question = language.survey["question"]

    assert "{company}" in question
    assert len(question.format_map(EXAMPLES)) <= 160


def test_subjects_fit_into_an_inbox_and_have_no_invisible_signs(language: Language):
    subjects = {key: text for key, text in language.mail.items() if key.startswith("subject_")}

    for key, text in subjects.items():
        assert len(text.format_map(EXAMPLES)) <= 90, key
        assert not any(unicodedata.category(sign) == "Cf" for sign in text), key


def test_labels_are_short(language: Language):
    for key in ("next", "send", "least", "most", "change_answer", "optional"):
        assert len(language.survey[key]) <= 40, key
    for key in ("unsubscribe", "unsubscribe_button", "view_in_browser"):
        assert len(language.mail[key]) <= 40, key


def test_every_letter_is_of_the_languages_script(language: Language):
    scripts = SCRIPTS.get(language.code, ("LATIN",))
    loan_word = LOAN_WORDS.get(language.code, "{}")
    for key, text in strings(language).items():
        names = {unicodedata.name(letter) for letter in letters(text.replace(loan_word, ""))}
        assert {name for name in names if name.split(" ")[0] not in scripts} == set(), key


def test_every_string_has_letters_of_its_own(language: Language):
    assert [key for key, text in strings(language).items() if not list(letters(text))] == []


@pytest.mark.parametrize("code", FOREIGN_PUNCTUATION)
def test_punctuation_is_that_of_the_script(code: str):
    text = "".join(re.sub(r"{.*?}", "", each) for each in strings(languages.get(code)).values())

    assert not set(FOREIGN_PUNCTUATION[code]) & set(text)


def test_french_keeps_question_marks_and_colons_on_the_line():
    for key, text in strings(languages.get("fr")).items():
        assert re.findall(r"[^\u00a0][?:;]", text) == [], key


def test_spanish_opens_the_questions_it_closes():
    for key, text in strings(languages.get("es")).items():
        assert text.count("¿") == text.count("?"), key


@pytest.mark.parametrize("code", sorted(TELLING_LETTERS))
def test_a_language_has_the_letters_that_tell_it_from_its_neighbours(code: str):
    text = "".join(strings(languages.get(code)).values()).casefold()

    assert set(TELLING_LETTERS[code]) <= set(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("en", "en"),
        ("EN", "en"),
        (" de ", "de"),
        ("de-AT", "de"),
        ("de_CH.UTF-8", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("de-Latn-DE-1996", "de"),
        ("German", "de"),
        ("deutsch", "de"),
        ("German (Austria)", "de"),
        ("English - United States", "en"),
        ("Francais", "fr"),
        ("FRANÇAIS", "fr"),
        ("Franc\u0327ais", "fr"),
        ("pt", "pt"),
        ("pt-PT", "pt"),
        ("pt_BR", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("Portuguese (Brazil)", "pt-BR"),
        ("Brazilian Portuguese", "pt-BR"),
        ("Portuguese (Portugal)", "pt"),
        ("es-419", "es"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-hant-cn", "zh-Hant"),
        ("Chinese", "zh-Hans"),
        ("Chinese (Traditional)", "zh-Hant"),
        ("Chinese (Taiwan)", "zh-Hant"),
        ("繁體中文", "zh-Hant"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("Norwegian", "nb"),
        ("Norsk bokmal", "nb"),
        ("iw", "he"),
        ("עברית", "he"),
        ("in", "id"),
        ("in_ID", "id"),
        ("sr@latin", "sr"),
        ("sr-Cyrl-RS", "sr"),
        ("Српски", "sr"),
        ("हिन्दी", "hi"),
        ("日本語", "ja"),
        ("한국어", "ko"),
        ("Farsi", "fa"),
        ("cz", "cs"),
        ("", None),
        ("   ", None),
        ("-", None),
        ("x", None),
        ("tlh", None),
        ("Klingon", None),
        ("deu-", None),
        ("../en", None),
    ],
)
def test_what_people_write_for_a_language_is_recognised(text: str, code: str | None):
    assert languages.recognise(text) == code


@pytest.mark.parametrize("code", CODES)
def test_each_language_is_recognised_by_its_code_and_its_names(code: str):
    language = languages.get(code)

    for spelling in (code, code.upper(), language.name, language.english_name):
        assert languages.recognise(spelling) == code


def test_no_spelling_stands_for_two_languages():
    spellings = [spelling for code in CODES for spelling in languages.spellings_of(code)]

    assert len(spellings) == len(set(spellings))


def test_choosing_gives_the_requested_language_or_the_default():
    assert languages.choose("pt_BR").code == "pt-BR"
    assert languages.choose("Klingon").code == "en"
    assert languages.choose(None).code == "en"
    assert languages.choose("", default="de").code == "de"
    assert languages.choose("fr", default="de").code == "fr"


def test_an_unknown_code_is_an_error_that_says_which_there_are():
    with pytest.raises(KeyError, match=r"no language 'tlh'; there are ar, bg, .*, zh-Hant"):
        languages.get("tlh")
    with pytest.raises(KeyError):
        languages.get("../languages/en")


def test_the_documentation_lists_the_languages_there_are():
    page = Path(__file__).parents[2] / "docs" / "languages.md"
    rows = re.findall(r"^\| `(\S+)` \| (.+?) \| (.+?) \|$", page.read_text("utf-8"), re.MULTILINE)

    assert rows == [_row(languages.get(code)) for code in CODES]


def _row(language: Language) -> tuple[str, str, str]:
    side = ", right to left" if language.direction == "rtl" else ""
    return language.code, language.english_name + side, language.name
