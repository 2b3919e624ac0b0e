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
from afterscore.responses.models import Response
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
    assert not re.search("comes? about|they are compared", shown)  # which leads nowhere for them


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
    assert "kept back</span>" in shared


def test_a_line_through_a_small_step_is_not_told_to_strangers(answered: People) -> None:
    """It would tell the score of that step to whoever knows the others."""
    few(answered)
    for week in (15, 22, 29):
        crowd.answer_all(answered, at=NOW + timedelta(days=week), prefix=f"w{week}")
    query = "step=week&period=all"
    with clock.at(LATER + timedelta(days=25)):
        own = answered.client(answered.max).get(f"{HOME}?{query}").content.decode()
    assert "Over the whole time a straight line" in own
    shared = opened(share(answered, query=query), days=25)
    assert "kept back</span>" in shared
    assert "Over the whole time a straight line" not in shared


def test_a_small_side_is_not_compared_before_strangers(answered: People) -> None:
    query = "against=groups&across=account.country&one=DE&other=FR"
    with clock.at(LATER):
        own = answered.client(answered.max).get(f"{HOME}compare/?{query}").content.decode()
    shared = opened(share(answered, "compare", query=query))
    assert "from 8 answers" in own
    assert "too few answers to be shown here" in shared
    assert "from 8 answers" not in shared
    assert "from 80 answers" not in shared


def cells_of(page: str) -> dict[str, list[str]]:
    """The text of each cell of all tables, by the head of its row."""
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", page, re.DOTALL)
    return {
        plain(head): [plain(each) for each in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        for head, row in rows
    }


def plain(markup: str) -> str:
    """With what a drawing is called in its place."""
    named = re.sub(r'<svg[^>]*aria-label="([^"]*)"[^>]*>', r" \1 ", markup)
    return " ".join(re.sub(r"<[^>]*>", " ", named).split())


COUNTRIES = (
    crowd.Part("gold", "IT", (10,) * 4),
    crowd.Part("gold", "AT", (10,) * 6 + (3,) * 8),
    crowd.Part("gold", "DE", (9,) * 20 + (4,) * 40),
    crowd.Part("silver", "DE", (9,) * 30 + (4,) * 10),
)


def test_a_small_segment_does_not_follow_from_the_whole(people: People) -> None:
    """Four of Italy are the whole without Germany and Austria, so Austria is kept back, too."""
    crowd.answer_all(people, COUNTRIES)
    cells = cells_of(opened(share(people, query="by=account.country")))
    assert cells["Italy"][1:] == ["kept back", "—", "kept back"]
    assert cells["Austria"][1:] == ["kept back", "—", "kept back"]
    assert cells["Germany"][1].startswith("0 Score 0")
    assert "kept back" not in cells["Germany"][2:]
    assert cells["Germany"][2] == "—"  # which is drawn towards the middle of all


def test_members_see_what_strangers_do_not(people: People) -> None:
    crowd.answer_all(people, COUNTRIES)
    with clock.at(LATER):
        page = people.client(people.max).get(f"{HOME}?by=account.country").content.decode()
    assert "kept back" not in page


def test_a_cell_does_not_follow_from_its_row_and_column(people: People) -> None:
    crowd.answer_all(people, COUNTRIES)
    page = opened(share(people, "explore", "by=account.country&across=account.plan"))
    cells = cells_of(page)
    assert all("kept back" in each for each in cells["Italy"] if each != "no answers")
    assert all("kept back" in each for each in cells["Austria"] if each != "no answers")
    assert "+100" not in page


def test_a_segment_of_ten_is_shown_to_strangers_as_to_members(answered: People) -> None:
    """Ranked from thirty on, kept back below ten: between the two there are its limits."""
    crowd.answer_all(answered, (crowd.Part("gold", "DE", (10,) * 12 + (1,) * 3),), prefix="g")
    crowd.answer_all(answered, (crowd.Part("silver", "DE", (10,) * 12 + (1,) * 8),), prefix="s")
    cells = cells_of(opened(share(answered, query="by=account.plan")))
    assert re.search(r"\d to \+\d", cells["Silver"][1])


def test_a_few_late_answers_do_not_follow_from_the_early_ones(answered: People) -> None:
    late = Response.objects.order_by("pk")[:4]
    Response.objects.filter(pk__in=[each.pk for each in late]).update(touch="reminder")
    cells = cells_of(opened(share(answered, "health")))
    assert cells["before a reminder"] == ["84", "kept back"]
    assert cells["after one"] == ["4", "kept back"]


def test_a_small_kind_of_customer_is_kept_back_from_what_is_compared(people: People) -> None:
    before = (*COUNTRIES, crowd.Part("gold", "FR", (10,) * 9 + (1,) * 6))
    crowd.answer_all(people, before, at=NOW - timedelta(days=20), prefix="b")
    crowd.answer_all(people, before)
    since = (NOW - timedelta(days=10)).date()
    query = f"period=custom&since={since}&to={LATER.date()}&by=account.country"
    page = opened(share(people, "compare", query=query))
    cells = cells_of(page)
    assert cells["Italy"] == ["4", "4", "—", "—", "—", "—"]
    assert cells["Austria"][2:] == ["—", "—", "—", "—"]
    assert cells["Germany"][2].startswith("0")
    assert cells["Together"][-2:] == ["", ""]
    assert "is not told apart here" in page


def test_a_way_to_count_that_hangs_on_one_company_is_kept_back(answered: People) -> None:
    for number, answer in enumerate(Response.objects.order_by("pk")[:12]):
        answer.frozen["account"] |= {"recurring_revenue": 100 if number else 1_000_000}
        answer.save()
    cells = cells_of(opened(share(answered)))
    (told,) = [row for head, row in cells.items() if head.startswith("Each account by what it")]
    assert told == ["Kept back: it would tell what a few people or one company said."]


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
