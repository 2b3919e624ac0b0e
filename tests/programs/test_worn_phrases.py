"""Phrases of mass mailings are known in the languages that customers write in most."""

from __future__ import annotations

import unicodedata

import pytest

from afterscore.programs import definitions
from afterscore.programs.definitions import worn
from afterscore.surveys import languages

# "Your feedback is important to us"; "your opinion matters".
MASS_MAILING = {
    "en": ("Your feedback is important to us.", "Your opinion matters."),
    "de": ("Ihr Feedback ist uns wichtig.", "Ihre Meinung zählt."),
    "fr": ("Votre avis nous est précieux.", "Votre avis compte."),
    "es": ("Su opinión es importante para nosotros.", "Su opinión cuenta."),
    "it": ("Il Suo feedback è importante per noi.", "La tua opinione conta."),
    "pt": ("O seu feedback é importante para nós.", "A sua opinião conta."),
    "nl": ("Uw feedback is belangrijk voor ons.", "Jouw mening telt."),
    "sv": ("Din feedback är viktig för oss.", "Din åsikt räknas."),
    "da": ("Din feedback er vigtig for os.", "Din mening tæller."),
    "nb": ("Din tilbakemelding er viktig for oss.", "Din mening teller."),
    "fi": ("Palautteenne on meille tärkeää.", "Mielipiteelläsi on merkitystä."),
    "pl": ("Państwa opinia jest dla nas ważna.", "Twoja opinia się liczy."),
    "cs": ("Vaše zpětná vazba je pro nás důležitá.", "Na vašem názoru nám záleží."),
    "hu": ("Visszajelzése fontos számunkra.", "Az Ön véleménye számít."),
    "ro": ("Părerea dumneavoastră este importantă pentru noi.", "Opinia ta contează."),
    "el": ("Η γνώμη σας είναι σημαντική για εμάς.", "Η άποψή σας μετράει."),
    "tr": ("Geri bildiriminiz bizim için çok önemli.", "Görüşünüz önemli."),
    "ru": ("Ваш отзыв очень важен для нас.", "Ваше мнение имеет значение."),
    "uk": ("Ваш відгук дуже важливий для нас.", "Ваша думка має значення."),
    "ar": ("ملاحظاتكم تهمنا.", "رأيكم يهمنا."),
    "he": ("המשוב שלכם חשוב לנו.", "דעתך חשובה."),
    "ja": ("お客様のご意見は私たちにとって大切です。", "お客様の声は重要です。"),
    "ko": ("고객님의 피드백은 저희에게 중요합니다.", "귀하의 의견은 소중합니다."),
    "zh-Hans": ("您的反馈对我们非常重要。", "您的意见很宝贵。"),
    "zh-Hant": ("您的回饋對我們非常重要。", "您的意見很寶貴。"),
}

# A person's own question, with the same words in it.
PERSONAL = {
    "en": "{{ name }}, I read your feedback on the dashboard, so we can plan what you need.",
    "it": "{{ name }}, ho letto la sua opinione su Harbourline: che cosa dovremmo cambiare?",
    "pt": "{{ name }}, li a sua opinião sobre o painel. O que devemos mudar?",
    "nl": "{{ name }}, ik las je mening over het dashboard. Wie bij jullie gebruikt het?",
    "sv": "{{ name }}, jag läste din åsikt om panelen. Vad ska vi ändra?",
    "pl": "{{ name }}, co możemy poprawić?",
    "ru": "{{ name }}, что нам изменить в первую очередь?",
    "tr": "{{ name }}, su sıralar en çok neyi değiştirmeliyiz?",
    "ja": "{{ name }}様、ダッシュボードについてのご意見をお聞かせください。",
    "zh-Hans": "{{ name }}，您对仪表板有什么意见？",
}


def cautions(body: str) -> list[str]:
    return [caution.text for caution in definitions.mail_cautions("", f"{{{{ name }}}} {body}")]


def test_worn_phrases_are_known_in_many_languages():
    assert set(MASS_MAILING) == set(worn.WORN)
    assert set(worn.WORN) <= set(languages.available())
    assert len(worn.WORN) == 25


@pytest.mark.parametrize("language", MASS_MAILING)
def test_a_mass_mailing_is_told_in_its_language(language: str):
    own = {said for _, said in worn.WORN[language]}
    for text in MASS_MAILING[language]:
        for written in (text, text.upper(), unicodedata.normalize("NFD", text)):
            (told, *_) = (each for each in cautions(written) if "every mass mailing" in each)
            assert any(f"“{said}”" in told for said in own), written


@pytest.mark.parametrize("language", worn.WORN)
def test_a_phrase_is_quoted_as_it_would_be_found(language: str):
    for _, said in worn.WORN[language]:
        assert "every mass mailing" in "".join(cautions(said)), said


@pytest.mark.parametrize("language", PERSONAL)
def test_a_persons_own_question_is_not_blamed(language: str):
    assert list(definitions.mail_cautions("", PERSONAL[language])) == []


@pytest.mark.parametrize("code", languages.available())
def test_the_standard_texts_of_no_language_are_worn(code: str):
    language = languages.get(code)
    for text in (*language.mail.values(), *language.survey.values()):
        assert "every mass mailing" not in "".join(cautions(text)), text
