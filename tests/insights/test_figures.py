"""Score, Compare, Explore and Health as they are read, and what each number opens."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from afterscore.cases.models import SavedView
from afterscore.customers import operations as signals
from afterscore.customers.models import Account, Contact
from afterscore.customers.operations import NewSignal
from afterscore.domain.events import SYSTEM
from afterscore.insights.composition import asking, exploring, frames, healthy, scores
from afterscore.insights.composition.asking import Asked
from afterscore.insights.composition.frames import Frame, Links
from afterscore.kit import clock
from afterscore.programs.models import Enrolment
from tests import builders
from tests.insights import crowd
from tests.insights.crowd import LATER, Part
from tests.people import NOW, People

HOME = "/w/harbourline/score/"


@pytest.fixture
def answered(people: People) -> People:
    crowd.answer_all(people)
    return people


def frame(people: People, query: str = "", *, page: str = "score") -> Frame:
    asked = asking.read_text(query, today=LATER.date())
    return frames.frame_of(
        workspace=people.workspace, page=page, asked=asked, now=LATER, links=Links("harbourline")
    )


def get(people: People, address: str, *, client: Client | None = None) -> str:
    with clock.at(LATER):
        response = (client or people.client(people.vic)).get(address)
    assert response.status_code == 200, address
    if response.streaming:
        return b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return response.content.decode()


def rows_of(people: People, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(get(people, address))))


def test_the_score_of_a_filter_says_how_sure_it_is_and_of_whom_it_is(answered: People) -> None:
    page = get(answered, f"{HOME}?is.account.plan=enterprise&is.account.country=DE")
    assert "<b>enterprise</b>" in re.sub(r"<b>(\w+)</b><svg.*?</svg>", r"<b>\1</b>", page)
    assert "+75" in page
    assert "from 40 answers" in page


def test_the_number_on_the_page_and_its_explanation_agree(answered: People) -> None:
    shown = scores.compose_score(frame(answered, "is.account.plan=starter"))
    explained = get(answered, shown.explain_url)
    tally = shown.measured.tally
    assert (tally.promoters, tally.detractors, tally.n) == (6, 24, 40)
    assert "100 × (6 − 24) / 40" in explained
    assert "The 40 answers behind it" in explained
    assert "Answers of starter customers" in explained


def test_an_explanation_leads_to_every_answer_page_by_page(answered: People) -> None:
    address = f"{HOME}explain/?is.account.plan=starter"
    names: set[str] = set()
    while address:
        page = get(answered, address)
        names |= set(re.findall(r"Person p\d+", page))
        more = re.search(r'href="([^"]+)"[^>]*>More answers', page)
        address = more.group(1).replace("&amp;", "&") if more else ""
    assert len(names) == 40
    rows = rows_of(answered, f"{HOME}csv/score/answers/?is.account.plan=starter")
    assert {row["name"] for row in rows} == names


def test_a_segment_with_few_answers_is_not_ranked(answered: People) -> None:
    page = scores.compose_score(frame(answered, "by=account.country"))
    assert [(row.label, row.is_ranked) for row in page.segments] == [
        ("Germany", True),
        ("France", False),
    ]
    assert "too few to rank" in get(answered, f"{HOME}?by=account.country")


def test_every_segment_explains_itself_by_the_same_number(answered: People) -> None:
    for row in scores.compose_score(frame(answered)).segments:
        number = row.measured.tally.n
        ending = "s" if number > 1 else ""
        assert f"The {number} answer{ending} behind it" in get(answered, row.url), row.label


def test_a_fresh_answer_is_in_the_next_page_load(answered: People) -> None:
    client = answered.client(answered.vic)
    before = get(answered, HOME, client=client)
    builders.answer(builders.enrol(answered, email="new@quayside.example"), score=10, now=NOW)
    after = get(answered, HOME, client=client)
    assert "from 88 answers" in before
    assert "from 89 answers" in after


def test_two_periods_are_compared_with_what_the_mix_did(answered: People) -> None:
    crowd.answer_all(
        answered,
        [Part("enterprise", "DE", (10,) * 10 + (3,) * 2), Part("starter", "DE", (3,) * 30)],
        at=NOW - timedelta(days=400),
        prefix="old",
    )
    page = get(answered, f"{HOME}compare/?by=account.plan")
    assert "A real change: up" in page
    assert "because the same kinds of customers answer otherwise" in page
    parts = rows_of(answered, f"{HOME}csv/compare/split/?by=account.plan")
    total = sum(float(row["rate_points"]) + float(row["mix_points"]) for row in parts)
    assert total == pytest.approx(18.18 - (-52.38), abs=0.01)


def test_two_groups_are_compared_and_each_opens_its_answers(answered: People) -> None:
    address = f"{HOME}compare/?against=groups&across=account.plan&one=starter&other=enterprise"
    page = get(answered, address)
    assert "lies 113.9 points below: more than chance gives" in page
    assert "<b>−113.9</b>" in page  # the drawing
    assert "+200" in page  # on an axis that holds it
    explained = get(
        answered,
        address.replace("compare/?", "explain/?figure=difference&"),
    )
    assert "The two sides" in explained
    assert "−113.89 points (" in explained  # with one digit more
    assert "from 40 answers" in explained


def test_a_group_beside_everybody_else_keeps_what_the_filter_leaves_out(
    answered: People,
) -> None:
    page = get(
        answered,
        f"{HOME}compare/?against=groups&across=account.plan&one=starter&other=*"
        "&not.account.plan=enterprise",
    )
    assert "Can&#x27;t tell: 3 answers of Everybody else, too few to compare." in page


def test_explore_counts_every_cell_and_ranks_only_large_ones(answered: People) -> None:
    page = exploring.compose_explore(
        frame(answered, "by=account.plan&across=account.country", page="explore")
    )
    cells = {
        (row.label, label): cell
        for row in page.rows
        for (label, _whole), cell in zip(page.columns, row.cells, strict=True)
    }
    assert cells["Enterprise", "Germany"].measured.tally.n == 40
    assert cells["Enterprise", "Germany"].css == "heat-hot"
    assert cells["Enterprise", "France"].css == "heat-few"
    assert cells["Starter", "France"].css == "heat-none"
    assert page.rows[-1].label == "Not known"
    assert page.measured.tally.n == 88


def test_a_cell_of_explore_is_a_filter(answered: People) -> None:
    page = exploring.compose_explore(
        frame(answered, "by=account.plan&across=account.country", page="explore")
    )
    cell = next(row for row in page.rows if row.label == "Starter").cells[0]
    assert "from 40 answers" in get(answered, cell.narrow_url)
    assert "The 40 answers behind it" in get(answered, cell.url)


def test_health_tells_the_funnel_and_what_everybody_could_say(people: People) -> None:
    crowd.answer_all(people, silent=12)
    page = healthy.compose_health(frame(people, page="health"))
    assert page is not None
    assert (page.funnel.eligible, page.funnel.answered) == (100, 88)
    assert page.bounds is not None
    explained = get(people, page.bounds_url)
    assert "What everybody who was asked could say" in explained
    assert "Was everybody asked?" in get(people, f"{HOME}health/coverage/")


def test_where_everybody_was_asked_nobody_was_left_out(people: People) -> None:
    """And with somebody who never was: one person decides nothing of who is happy."""
    crowd.answer_all(people, silent=12)
    Contact.objects.exclude(pk__in=Enrolment.objects.values("contact")).delete()
    assert "Nobody was left out" in get(people, f"{HOME}health/coverage/")
    account = Account.objects.earliest("id")
    usage = NewSignal(kind="usage", name="login", source="product", occurred_at=NOW,
                      account=account.name)  # fmt: skip
    signals.record_signals(workspace=people.workspace, signals=[usage], actor=SYSTEM, now=LATER)
    Contact.objects.create(
        workspace=people.workspace, account=account, email="new@example.com",
        created_at=LATER, updated_at=LATER,
    )  # fmt: skip
    page = get(people, f"{HOME}health/coverage/")
    assert "Nobody was left out" not in page
    assert "what is recorded does not decide it" in page


def test_without_a_wave_health_says_what_to_do_first(people: People) -> None:
    assert "Import your customers" in get(people, f"{HOME}health/")


def test_an_attribute_that_is_gone_is_told_and_nothing_is_lost(answered: People) -> None:
    page = get(answered, f"{HOME}?is.account.attribute.tier=gold&is.account.plan=starter")
    assert "which nobody can tell any more" in page
    assert "from 40 answers" in page
    assert 'name="is.account.attribute.tier" value="gold"' in page


@pytest.mark.parametrize("limit", ["nan", "-Infinity", "1e400", "abc", "1_000", "9" * 40])
@pytest.mark.parametrize("how", ["min", "max", "is", "not"])
def test_a_limit_that_is_no_number_is_left_out_and_said(
    answered: People, how: str, limit: str
) -> None:
    page = get(answered, f"{HOME}?{how}.account.recurring_revenue={limit}")
    assert "but that is not a number such as 1200.50" in page
    assert "yearly revenue" in page
    assert "from 88 answers" in page


def test_a_limit_that_is_no_day_is_left_out_and_said(answered: People) -> None:
    page = get(answered, f"{HOME}?min.account.renewal_on=20260401")
    assert "but that is not a day such as 2026-05-31" in page


def test_a_period_that_does_not_exist_is_said(answered: People) -> None:
    assert "“fortnight” is not a period" in get(answered, f"{HOME}?period=fortnight")


def test_a_filter_that_nobody_fits_says_how_to_go_on(answered: People) -> None:
    page = get(answered, f"{HOME}?is.account.plan=galactic")
    assert "No answer fits this filter" in page
    assert "Without the filter" in page


def test_a_line_breaks_where_nobody_answered(answered: People) -> None:
    """Answers of one week, and of another three weeks later."""
    crowd.answer_all(answered, at=LATER - timedelta(days=23), prefix="early")
    shown = scores.compose_score(frame(answered, "step=week"))
    chart = shown.trend_chart
    assert chart is not None
    counts = [row[1] for row in chart.table.rows]
    assert counts[0] == counts[-1] == 88
    assert set(counts[1:-1]) == {0}
    assert len(shown.trend_rows) == 2


def test_a_stretch_without_answers_leads_to_all_of_them(answered: People) -> None:
    page = get(answered, f"{HOME}?since=2020-01-01&to=2020-12-31")
    assert "No answers in this stretch of time" in page
    assert f'href="{HOME}?period=all"' in page


def test_two_groups_stand_in_the_order_in_which_they_are_chosen(answered: People) -> None:
    page = get(answered, f"{HOME}compare/?against=groups&across=account.plan&one=starter")
    chosen = [page.index(f'aria-label="{name}"') for name in ("The other group", "One group")]
    shown = [page.index(f'aria-label="{name}"') for name in ("Enterprise", "Starter")]
    assert chosen == sorted(chosen)
    assert shown == sorted(shown)
    assert "Answers, Enterprise" in page
    assert "Score, Starter" in page


def test_the_split_of_two_groups_speaks_of_groups(answered: People) -> None:
    asked = "figure=split&against=groups&across=account.plan&one=starter&by=account.country"
    page = get(answered, f"{HOME}explain/?{asked}")
    assert "the two are made up differently" in page
    assert "Score, Starter" in page


def test_the_form_behind_filter_offers_values_with_their_answers(answered: People) -> None:
    page = get(answered, f"{HOME}filter/score/?is.account.plan=starter")
    box = re.search(
        r'<input type="checkbox" name="is.account.plan" value="starter"( checked)?>', page
    )
    assert box is not None
    assert box.group(1)
    assert "all but those ticked" in page


def test_a_view_is_kept_for_its_page_and_taken_away_again(answered: People) -> None:
    vic = answered.client(answered.vic)
    with clock.at(LATER):
        vic.post(f"{HOME}views/score/?is.account.plan=starter", {"name": "The small"})
        assert "The small" in vic.get(HOME).content.decode()
        assert "The small" not in vic.get(f"{HOME}explore/").content.decode()
        assert "The small" not in vic.get("/w/harbourline/inbox/").content.decode()
        view = SavedView.objects.get(member=answered.vic)
        assert (view.page, view.query) == ("score", "?is.account.plan=starter")
        vic.post(f"{HOME}views/{view.public_id}/remove/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("page", ["", "compare/", "explore/", "explain/", "csv/score/trend/"])
def test_answers_of_another_company_are_in_no_figure(answered: People, page: str) -> None:
    with clock.at(LATER):
        response = answered.client(answered.eve).get(f"/w/elsewhere/score/{page}")
    assert response.status_code == 200
    content = b"".join(response) if response.streaming else response.content
    assert b"Person p" not in content
    assert b"88 answers" not in content


def test_steps_are_as_fine_as_the_answers_bear(answered: People) -> None:
    page = scores.compose_score(frame(answered))
    assert page.trend is not None
    assert page.trend.step == "week"
    by_wave = scores.compose_score(frame(answered, "step=wave"))
    assert [row.label for row in by_wave.trend_rows] == ["Wave 1"]


def test_waves_of_two_programs_are_no_series(answered: People) -> None:
    other = builders.launch_wave(answered.workspace, program="onboarding")
    crowd.answer_all(answered, [Part("starter", "DE", (9,) * 12)], wave=other, prefix="new")
    trend = scores.compose_score(frame(answered, "step=wave"))
    assert [row.measured.tally.n for row in trend.trend_rows] == [88]
    assert trend.why_step.startswith("Waves of Relationship;")


def test_tables_for_spreadsheets_tell_what_the_page_tells(answered: People) -> None:
    (starter,) = [
        row
        for row in rows_of(answered, f"{HOME}csv/score/segments/")
        if row["account.plan"] == "Starter"
    ]
    assert (starter["answers"], starter["score"], starter["ranked"]) == ("40", "-45", "yes")
    cells = rows_of(answered, f"{HOME}csv/explore/cells/?by=account.plan&across=account.country")
    assert sum(int(row["answers"]) for row in cells) == 88


def test_asked_nothing_is_the_page_itself() -> None:
    assert Asked.nothing().address == ""


@pytest.mark.parametrize(
    ("page", "key", "first"),
    [
        ("compare/?against=groups&across=account.plan&one=starter&other=enterprise", "sides",
         ["Of", "Answers", "Score"]),
        ("explore/?by=account.plan&across=account.country", "cells",
         ["Plan", "Country", "Answers", "Score"]),
    ],
)  # fmt: skip
def test_what_is_compared_and_explored_can_be_taken_along(
    answered: People, page: str, key: str, first: list[str]
) -> None:
    client = answered.client(answered.vic)
    shown = client.get(f"{HOME}{page}").content.decode()
    assert f"chart={key}&amp;as=png" in shown
    picture = client.get(f"{HOME}{page}&chart={key}&as=png")
    assert picture.content.startswith(b"\x89PNG")
    table = client.get(f"{HOME}{page}&chart={key}&as=csv").content.decode("utf-8-sig")
    assert table.splitlines()[0].split(",")[: len(first)] == first
    assert "40" in table
    assert client.get(f"{HOME}{page}&chart=other&as=png").status_code == 404


def test_a_filter_by_country_offers_names_and_keeps_codes(answered: People) -> None:
    form = get(answered, f"{HOME}filter/explore/")
    assert "Germany" in form
    assert 'value="DE"' in form


def test_a_slow_rise_is_told_of_all_steps_together_and_can_be_reckoned(people: People) -> None:
    """Half a year of waves of which none differs beyond chance from the one before."""
    for month in range(6):
        at = NOW - timedelta(days=30 * (6 - month))
        scores_given = (10,) * (20 + 4 * month) + (7,) * 20 + (3,) * (40 - 4 * month)
        crowd.answer_all(people, [Part("", "DE", scores_given)], at=at, prefix=f"m{month}-")
    page = get(people, f"{HOME}?span=12-months&step=month")
    assert "real rise" not in page.split('aria-labelledby="trend"')[1]
    line = re.search(r"Over the whole time a straight line rises by ([\d.]+) points", page)
    assert line
    link = re.search(r'href="([^"]+)"[^>]*>How the line comes about', page)
    assert link
    explained = get(people, html.unescape(link.group(1)))
    assert line.group(0) in explained
    assert explained.count("<td", explained.index("v</th>")) >= 6 * 4


def test_a_line_through_few_steps_is_not_drawn(answered: People) -> None:
    assert "Over the whole time a straight line" not in get(answered, HOME)
