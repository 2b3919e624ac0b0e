from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory

from afterscore.domain import nps
from afterscore.domain.nps import Group
from afterscore.domain.questionnaire import Driver, DriverKind, Questionnaire
from afterscore.kit import clock, signing
from afterscore.programs.models import Enrolment
from afterscore.responses import public
from afterscore.responses.models import Response
from afterscore.surveys import languages
from tests.builders import answer, enrol, launch_wave, survey_path
from tests.people import NOW, People

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Page

ENGLISH = languages.get("en").survey
JSON = {"Accept": "application/json"}
DRIVERS = Questionnaire(
    drivers=(
        Driver("speed", "Speed of replies", DriverKind.RATING),
        Driver("role", "Your role", DriverKind.CHOICE, ("Buyer", "User")),
    )
)
FORM = "application/x-www-form-urlencoded"
PART = 'Content-Disposition: form-data; name="score"'
PROMPTS = {group: ENGLISH[f"prompt_{group}"] for group in Group}


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def nora(people: People) -> Enrolment:
    return enrol(people)


def get(path: str, **headers: str) -> Page:
    return Client().get(path, headers=headers)


def post(path: str, **fields: Any) -> Page:
    names = {name.replace("__", "-"): value for name, value in fields.items()}
    return form(path, "&".join(f"{name}={value}" for name, value in names.items()))


def form(path: str, body: str, **headers: str) -> Page:
    return Client().post(path, body, content_type=FORM, headers=headers)


def text(page: Page) -> str:
    return page.content.decode()


def test_the_page_asks_one_question_and_nothing_else(nora: Enrolment):
    page = get(survey_path(nora))

    assert page.status_code == 200
    assert "How likely are you to recommend Harbourline to a friend or colleague?" in text(page)
    assert text(page).count('type="radio"') == 11
    assert "checked" not in text(page)
    assert "<fieldset data-after hidden disabled>" in text(page)
    assert not Response.objects.exists()


def test_a_score_is_saved_at_once_and_the_comment_asked_next(nora: Enrolment):
    path = survey_path(nora)

    sent = post(path, score=3)

    response = Response.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, path)
    assert (response.score, response.completed_at) == (3, None)
    page = text(get(path))
    assert "Your score of 3 is saved." in page
    assert PROMPTS[Group.DETRACTOR] in page
    assert 'name="score"' not in page


def test_the_second_step_ends_with_thanks_and_a_promise(nora: Enrolment):
    path = survey_path(nora)
    post(path, score=3)

    sent = post(path, comment="Two+late+ships")

    response = Response.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, path)
    assert (response.score, response.comment) == (3, "Two late ships")
    assert response.completed_at == NOW
    page = text(get(path))
    assert (
        "Olivia Byrne will look into it personally and get back to you within 5 working days."
        in page
    )
    assert ENGLISH["change_answer"] in page


@pytest.mark.parametrize("score", range(11))
def test_prompt_and_thanks_react_to_the_group(nora: Enrolment, score: int):
    path, group = survey_path(nora), nps.group_of(score)
    post(path, score=score)

    assert PROMPTS[group] in text(get(path)).partition("<label")[2]
    post(path, comment="")
    promise = ENGLISH[f"thanks_{group}"].format(sender="Olivia Byrne", days=5)
    assert promise in text(get(path))


def test_a_score_in_the_link_is_preselected_and_one_button_finishes(nora: Enrolment):
    path = survey_path(nora)

    page = text(get(f"{path}?score=9"))

    assert 'value="9" required checked' in page
    assert page.count("checked") == 1
    assert page.count("<button") == 1
    assert PROMPTS[Group.PROMOTER] in page.partition("<label for")[2]
    assert not Response.objects.exists()

    post(path, score=9, comment="")
    assert Response.objects.get().completed_at == NOW
    assert ENGLISH["thanks_title"] in text(get(path))


@pytest.mark.parametrize("score", ["11", "-1", "9.5", "", "nine", "09", "٩", "9&score=3", "9%00"])
def test_a_score_in_the_link_that_is_none_preselects_nothing(nora: Enrolment, score: str):
    page = get(f"{survey_path(nora)}?score={score}")

    assert page.status_code == 200
    assert text(page).count("checked") <= score.count("&")


@pytest.mark.parametrize(
    "score",
    ["11", "-1", "9.5", "", "null", "nine", "09", "+9", "9%00", "%5B9%5D", "٩", "9&score=3", "1e1"],
)
def test_only_whole_scores_are_taken(nora: Enrolment, score: str):
    path = survey_path(nora)

    for headers in ({}, JSON):
        refused = form(path, f"score={score}", **headers)
        assert refused.status_code == 422
        assert ENGLISH["choose_score_error"] in text(refused)
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"score": 9}'),
        ("text/plain", "score=9"),
        ("multipart/form-data; boundary=b", f"--b\r\n{PART}\r\n\r\n9\r\n--b--\r\n"),
        (FORM, "score[]=9"),
        (FORM, ""),
    ],
)
def test_only_forms_are_read(nora: Enrolment, content_type: str, body: str):
    refused = Client().post(survey_path(nora), body, content_type=content_type)

    assert refused.status_code == 422
    assert not Response.objects.exists()


def test_a_forgotten_score_is_asked_for_and_nothing_typed_is_lost(people: People):
    nora = enrol(people, wave=launch_wave(people.workspace, questionnaire=DRIVERS))

    page = text(
        post(survey_path(nora), comment="Two+late+ships", driver__speed=4, driver__role="User")
    )

    assert 'role="alert" id="score-error"' in page
    assert 'aria-describedby="score-error score-ends"' in page
    assert ENGLISH["choose_score_error"] in page
    assert "Two late ships</textarea>" in page
    assert page.count("checked") == 2
    assert "disabled" not in page


def test_a_comment_that_is_too_long_comes_back_whole(nora: Enrolment):
    path = survey_path(nora)
    comment = "x" * 5_001

    refused = post(path, score=2, comment=comment)

    assert refused.status_code == 422
    assert 'role="alert" id="comment-error"' in text(refused)
    assert f"{comment}</textarea>" in text(refused)
    assert 'value="2" required checked' in text(refused)
    assert not Response.objects.exists()


def test_a_wrong_second_step_keeps_the_score_that_is_saved(nora: Enrolment):
    path = survey_path(nora)
    post(path, score=0)

    refused = text(post(path, comment="x" * 5_001))

    assert "Your score of 0 is saved." in refused
    assert 'role="alert" id="comment-error"' in refused


def test_a_body_beyond_all_measure_is_refused_kindly(nora: Enrolment):
    refused = post(survey_path(nora), score=2, comment="x" * 300_000)

    assert refused.status_code == 422
    assert ENGLISH["comment_too_long"] in text(refused)


def test_further_questions_are_asked_with_the_comment(people: People):
    nora = enrol(people, wave=launch_wave(people.workspace, questionnaire=DRIVERS))
    path = survey_path(nora)
    post(path, score=8)
    assert "Speed of replies" in text(get(path))

    post(path, comment="", driver__speed=7, driver__role="Buyer")

    assert Response.objects.get().drivers == {"speed": 7, "role": "Buyer"}
    page = text(get(f"{path}?change"))
    assert 'name="driver-speed" value="7" checked' in page
    assert 'name="driver-role" value="Buyer" checked' in page


@pytest.mark.parametrize("field", ["driver__speed=11", "driver__role=Owner"])
def test_an_answer_that_a_further_question_does_not_have_is_refused(people: People, field: str):
    nora = enrol(people, wave=launch_wave(people.workspace, questionnaire=DRIVERS))

    refused = form(survey_path(nora), f"score=8&comment=&{field.replace('__', '-')}")

    assert refused.status_code == 422
    assert 'role="alert"' in text(refused)


def test_an_answer_can_be_changed_while_the_survey_is_open(nora: Enrolment):
    path = survey_path(nora)
    answer(nora, score=3, comment="Two late ships")

    page = text(get(f"{path}?change"))
    assert 'value="3" required checked' in page
    assert "Two late ships</textarea>" in page

    assert post(path, score=8, comment="Better+now").status_code == 303
    response = Response.objects.get()
    assert (response.score, response.first_score, response.comment) == (8, 3, "Better now")


def test_another_score_in_the_link_asks_again_and_the_same_one_thanks(nora: Enrolment):
    path = survey_path(nora)
    answer(nora, score=3)

    assert ENGLISH["thanks_title"] in text(get(f"{path}?score=3"))
    assert 'value="9" required checked' in text(get(f"{path}?score=9"))
    assert Response.objects.get().score == 3


def test_a_closed_survey_says_so_and_takes_nothing(nora: Enrolment):
    path = survey_path(nora)
    answer(nora, score=3)

    with clock.at(NOW + timedelta(days=31)):
        for address in (path, f"{path}?change", f"{path}?score=9"):
            page = get(address)
            assert page.status_code == 200
            assert ENGLISH["closed_title"] in text(page)
            assert "<form" not in text(page)
        assert post(path, score=9).status_code == 409
        assert form(path, "score=9", **JSON).json()["saved"] is False

    assert Response.objects.get().score == 3


def test_the_script_saves_the_score_in_the_background(nora: Enrolment):
    saved = form(survey_path(nora), "score=9&seconds=3.25", **JSON)

    assert saved.status_code == 200
    assert saved.json() == {
        "saved": True,
        "score": 9,
        "group": "promoter",
        "prompt": PROMPTS[Group.PROMOTER],
        "message": "Your score of 9 is saved.",
    }
    response = Response.objects.get()
    assert (response.seconds_to_answer, response.completed_at) == (3.25, None)


def test_a_background_save_that_comes_late_undoes_nothing(nora: Enrolment):
    path = survey_path(nora)
    post(path, score=9, comment="Quick+and+friendly")

    late = form(path, "score=2&comment=", **JSON)

    response = Response.objects.get()
    assert late.json()["score"] == 9
    assert (response.score, response.comment) == (9, "Quick and friendly")


@pytest.mark.parametrize("seconds", ["", "-1", "nan", "1e3", "99999999", "x"])
def test_a_strange_time_does_not_cost_the_answer(nora: Enrolment, seconds: str):
    assert form(survey_path(nora), f"score=9&seconds={seconds}").status_code == 303
    assert Response.objects.get().seconds_to_answer is None


def test_who_answers_is_said_by_the_link_alone(people: People, nora: Enrolment):
    omar = enrol(people, email="omar@quayside.example")
    claims = (
        f"score=9&contact={omar.contact.public_id}&contact_id={omar.contact.pk}&verified=true"
        f"&email=omar@quayside.example&workspace_id={people.elsewhere.pk}&enrolment={omar.pk}"
        "&received_at=2001-01-01&first_score=1&channel=api&touch=reminder&language=fr"
    )

    form(survey_path(nora), claims)

    response = Response.objects.get()
    assert response.enrolment == nora
    assert (response.contact, response.workspace) == (nora.contact, people.workspace)
    assert (response.received_at, response.first_score) == (NOW, 9)
    assert (response.channel, response.touch, response.language) == ("email", "", "en")


def test_a_link_that_leads_nowhere_gives_one_and_the_same_page(people: People, nora: Enrolment):
    token = signing.sign("survey", nora.public_id)
    value, _, signature = token.rpartition(".")
    erased = enrol(people, email="gone@quayside.example")
    left_out = enrol(people, email="out@quayside.example")
    erased.contact.erased_at = NOW
    erased.contact.save()
    left_out.state = Enrolment.State.EXCLUDED
    left_out.save()
    paths = [
        survey_path(erased),
        survey_path(left_out),
        f"/s/{signing.sign('survey', 'enr_nobody')}",
        f"/s/{signing.sign('unsubscribe', nora.public_id)}",
        f"/s/{signing.sign('Survey', nora.public_id)}",
        f"/s/{value}.",
        f"/s/{value}",
        f"/s/{value}.{signature[:-1]}",
        f"/s/{token}x",
        f"/s/{token}.",
        f"/s/x{token}",
        f"/s/{token.swapcase()}",
        "/s/%00", "/s/é.é", "/s/" + "a" * 5_000, "/s/.",
    ]  # fmt: skip

    pages = [get(path) for path in paths] + [post(path, score=9) for path in paths]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert len({str(sorted(page.headers.items())) for page in pages}) == 1
    assert ENGLISH["not_found_title"] in text(pages[0])
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("ar", "ar"),
        ("tlh, fr;q=0.5", "fr"),
        ("tlh", "en"),
        ("", "en"),
        ("*", "en"),
        ("x" * 9_000, "en"),
    ],
)
@pytest.mark.django_db
def test_a_lost_customer_is_told_in_the_language_of_her_browser(accepted: str, code: str):
    page = text(get("/s/lost", **{"Accept-Language": accepted}))

    assert languages.get(code).survey["not_found_title"] in page
    assert f'lang="{code}" dir="{languages.get(code).direction}"' in page


def test_the_page_speaks_the_language_of_the_enrolment(people: People):
    nora = enrol(people, language="ar")

    page = text(get(survey_path(nora), **{"Accept-Language": "de"}))

    assert '<html lang="ar" dir="rtl">' in page
    assert languages.get("ar").survey["least"] in page


def test_the_versions_own_words_go_before_those_of_the_language(people: People):
    own = Questionnaire(
        question="Würden Sie uns empfehlen?",
        low_label="Nie",
        high_label="Gewiss",
        comment_prompts={**Questionnaire().comment_prompts, Group.PASSIVE: "Was fehlt?"},
    )
    nora = enrol(people, language="de", wave=launch_wave(people.workspace, questionnaire=own))
    path = survey_path(nora)

    page = text(get(f"{path}?score=7"))

    assert all(words in page for words in ("Würden Sie uns empfehlen?", "Nie", "Gewiss"))
    assert "Was fehlt?" in page
    assert languages.get("de").survey["prompt_promoter"] in page


def test_what_people_write_is_shown_as_text(people: People):
    evil = "</textarea><script>alert(1)</script>\"'{{ 7 }}{company}"
    wave = launch_wave(people.workspace, company="<b>{sender}</b>")
    nora = enrol(people, wave=wave)
    answer(nora, score=3, comment=evil)

    page = text(get(f"{survey_path(nora)}?change"))

    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;" in page
    assert "{company}" in page
    assert "recommend &lt;b&gt;{sender}&lt;/b&gt; to" in page


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_every_page_keeps_the_link_to_itself(nora: Enrolment, method: str):
    for path in (survey_path(nora), "/s/lost"):
        page = getattr(Client(), method)(path)

        assert page["Referrer-Policy"] == "no-referrer"
        assert page["Cache-Control"] == "no-store"
        assert page["X-Robots-Tag"].startswith("noindex")
        assert "default-src 'self'" in page["Content-Security-Policy"]


class Cookieless(WSGIRequest):
    """A request that does not let anybody look at its cookies, and has neither session nor user."""

    @property
    def COOKIES(self) -> dict[str, str]:  # type: ignore[override]  # noqa: N802 - Django's name
        raise AssertionError("somebody looked at the cookies")


def test_the_page_reads_no_cookie(nora: Enrolment):
    """It is exempt from the check against forged requests, because there is nothing to forge."""
    path = survey_path(nora)
    factory = RequestFactory()
    requests = [
        factory.get(path),
        factory.post(path, "score=9", content_type=FORM),
        factory.get(path),
        factory.post(path, "score=99", content_type=FORM),
        factory.post(path, "comment=Quick", content_type=FORM),
        factory.get(path),
    ]

    pages = [
        public.answer(Cookieless(request.environ), path.rpartition("/")[2]) for request in requests
    ]

    assert [page.status_code for page in pages] == [200, 303, 200, 422, 303, 200]


def test_the_page_sets_no_cookie_and_is_the_same_for_everybody(people: People, nora: Enrolment):
    client = people.client(people.olivia)
    path = survey_path(nora)

    sent = client.post(path, "score=9", content_type=FORM)

    for page in (sent, client.get(path), client.get("/s/lost")):
        assert not page.cookies
        assert "Cookie" not in page.headers.get("Vary", "")
    assert text(client.get(path)) == text(get(path))


def test_a_form_may_be_sent_from_anywhere(nora: Enrolment):
    """Mail programs, and pages under `no-referrer`, say "Origin: null"."""
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "null"})

    assert strict.post(survey_path(nora), "score=8", content_type=FORM).status_code == 303


@pytest.mark.parametrize(
    "query", ["url=//evil.example", "next=//evil.example", "r=%0d%0aLocation:x"]
)
def test_the_page_leads_nowhere_else(nora: Enrolment, query: str):
    sent = form(f"{survey_path(nora)}?{query}", "score=9")

    assert sent["Location"] == survey_path(nora)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_not_allowed(nora: Enrolment, method: str):
    refused = getattr(Client(), method)(survey_path(nora))

    assert refused.status_code == 405
    assert refused["Referrer-Policy"] == "no-referrer"


def test_scanners_that_follow_every_link_leave_only_the_evidence(people: People):
    nora, omar = enrol(people), enrol(people, email="omar@quayside.example")
    answer(omar, score=3)
    links = [f"{survey_path(who)}{query}" for who in (nora, omar) for query in queries_in_mails()]
    before = rows()

    for _round in range(5):
        for link in links:
            assert get(link).status_code in {200, 303}
            assert Client().head(link).status_code in {200, 303}
            Client().options(link)
            Client().get(link, headers={"Sec-Purpose": "prefetch", "User-Agent": "bot"})

    after = rows()
    assert after.pop("responses.Visit") != before.pop("responses.Visit")
    assert after == before


def queries_in_mails() -> list[str]:
    return ["", "?change", "/all", *(f"?score={score}" for score in range(11))]


def rows() -> dict[str, list[Any]]:
    """Every row of every table, word for word."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.managed
    }


def test_the_key_in_the_address_is_not_logged(nora: Enrolment, caplog: pytest.LogCaptureFixture):
    path = survey_path(nora)

    post(path, score=11)
    get(path + "x")
    Client().put(path)

    assert path not in caplog.text
