"""Pages of figures for people without a login."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.test import Client

from afterscore.insights.models import SharedLink
from afterscore.journal.models import Fact
from afterscore.kit import clock
from tests.insights import crowd
from tests.insights.crowd import LATER
from tests.people import NOW, People

HOME = "/w/harbourline/score/"


@pytest.fixture
def answered(people: People) -> People:
    crowd.answer_all(people)
    return people


def share(people: People, page: str = "score", query: str = "", **form: object) -> str:
    """The path of a new link, made by the manager."""
    with clock.at(LATER):
        made = people.client(people.max).post(
            f"{HOME}share/{page}/?{query}", {"title": "For the board", "days": "30"} | form
        )
    found = re.search(r"http://[^/]+(/shared/[\w-]+/)", made.content.decode())
    assert found is not None
    return found.group(1)


def opened(path: str, *, days: float = 0, status: int = 200) -> str:
    """As somebody sees it who has nothing but the link."""
    with clock.at(LATER + timedelta(days=days)):
        response = Client().get(path)
    assert response.status_code == status
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Cache-Control"] == "no-store"
    return response.content.decode()


def test_whoever_has_the_link_reads_the_page_and_nothing_else(answered: People) -> None:
    page = opened(share(answered, query="is.account.plan=starter"))
    assert "For the board" in page
    assert "Answers of starter customers" in page
    assert "from 40 answers" in page
    assert "/w/harbourline" not in page
    assert "Person p" not in page


@pytest.mark.parametrize("page", ["pulse", "score", "compare", "explore", "health"])
def test_every_page_can_be_shared_without_names_and_words(answered: People, page: str) -> None:
    shown = opened(share(answered, page))
    assert "Person p" not in shown
    assert "Ltd" not in shown
    assert "Too dear" not in shown
    assert "/w/harbourline" not in shown


def test_words_are_shown_where_the_maker_ticks_it_and_names_never(answered: People) -> None:
    shown = opened(share(answered, "pulse", shows_words="on"))
    assert "Too dear" in shown
    assert "Person p" not in shown


def test_the_period_is_frozen_as_it_was(answered: People) -> None:
    path = share(answered, query="period=30", days="365")
    assert "from 88 answers" in opened(path)
    assert "from 88 answers" in opened(path, days=200)


def test_a_small_segment_shows_no_figure_to_strangers(answered: People) -> None:
    shown = opened(share(answered, "explore", "by=account.plan&across=account.country"))
    cells = re.findall(r'<td class="heat-few">.*?</td>', shown, re.DOTALL)
    assert cells
    assert not any(re.search(r"heat-range\">[^<]*\d", cell) for cell in cells)


@pytest.mark.parametrize("page", ["score", "explore"])
def test_a_page_of_few_answers_shows_nothing_to_strangers(answered: People, page: str) -> None:
    shown = opened(share(answered, page, query="is.account.country=FR"))
    assert "Too few answers to be shown" in shown
    assert "interval-number" not in shown
    assert "<table" not in shown


def few(people: People) -> None:
    """Four more answers, a wave and a week later."""
    part = crowd.Part("gold", "IT", (10,) * 3 + (1,))
    crowd.answer_all(people, (part,), at=NOW + timedelta(days=8), prefix="q")


@pytest.mark.parametrize("page", ["pulse", "health"])
def test_a_wave_of_few_answers_shows_nothing_to_strangers(answered: People, page: str) -> None:
    few(answered)
    shown = opened(share(answered, page))
    assert "Too few answers to be shown" in shown
    assert "interval-number" not in shown


def test_a_small_wave_among_others_is_drawn_without_its_score(answered: People) -> None:
    few(answered)
    crowd.answer_all(answered, at=LATER - timedelta(days=1), prefix="r")
    shown = opened(share(answered, "pulse"))
    assert "from 88 answers" in shown
    assert "from 4 answers" not in shown
    assert "+50" not in shown


def test_a_small_step_shows_strangers_neither_score_nor_change(answered: People) -> None:
    few(answered)
    crowd.answer_all(answered, at=NOW + timedelta(days=15), prefix="r")
    with clock.at(LATER + timedelta(days=10)):
        own = answered.client(answered.max).get(f"{HOME}?step=week&period=all").content.decode()
    shared = opened(share(answered, query="step=week&period=all"), days=10)
    assert "<title>Score +50" in own
    assert "<title>Score +50" not in shared
    assert "too few</span>" in shared


def test_a_small_side_is_not_compared_before_strangers(answered: People) -> None:
    query = "against=groups&across=account.country&one=DE&other=FR"
    with clock.at(LATER):
        own = answered.client(answered.max).get(f"{HOME}compare/?{query}").content.decode()
    shared = opened(share(answered, "compare", query=query))
    assert "from 8 answers" in own
    assert "too few answers to be shown here" in shared
    assert "from 8 answers" not in shared
    assert "from 80 answers" not in shared


def test_after_its_time_and_when_taken_back_it_says_so_kindly(answered: People) -> None:
    path = share(answered)
    assert "is not shared any more" in opened(path, days=31, status=410)
    link = SharedLink.objects.get()
    with clock.at(LATER):
        answered.client(answered.max).post(f"{HOME}links/{link.public_id}/end/")
    told = opened(path, status=410)
    assert "Ask whoever sent you the link" in told
    assert "Max" not in told


def test_a_made_up_link_opens_nothing(answered: People) -> None:
    share(answered)
    assert "There is nothing here" in opened("/shared/abcdef/", status=404)


def test_the_secret_is_kept_as_a_fingerprint_alone(answered: People) -> None:
    secret = share(answered).split("/")[2]
    link = SharedLink.objects.get()
    assert link.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(vars(link))


def test_it_is_told_how_often_a_link_was_opened(answered: People) -> None:
    path = share(answered)
    opened(path)
    opened(path)
    with clock.at(LATER):
        Client().head(path)
    assert SharedLink.objects.get().uses == 2
    with clock.at(LATER):
        page = answered.client(answered.max).get(f"{HOME}links/").content.decode()
    assert "For the board" in page
    assert path not in page


def test_a_filter_by_what_is_gone_shows_nothing_rather_than_more(answered: People) -> None:
    path = share(answered, query="is.account.plan=starter")
    SharedLink.objects.update(query="is.account.attribute.tier=gold")
    told = opened(path, status=410)
    assert "answers" not in told.casefold().replace("answered", "")


def test_only_managers_share_and_facts_tell_of_it(answered: People) -> None:
    with clock.at(LATER):
        for member in (answered.ana, answered.vic):
            assert answered.client(member).get(f"{HOME}share/score/").status_code == 403
    share(answered)
    fact = Fact.objects.get(name="page.shared")
    assert fact.actor == f"member:{answered.max.public_id}"
    assert fact.payload["page"] == "score"


def test_nobody_takes_back_the_link_of_another_company(answered: People) -> None:
    share(answered)
    link = SharedLink.objects.get()
    eve = answered.client(answered.eve)
    assert eve.post(f"/w/elsewhere/score/links/{link.public_id}/end/").status_code == 404
    assert SharedLink.objects.filter(revoked_at=None).exists()
