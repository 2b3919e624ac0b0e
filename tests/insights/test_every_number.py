"""Every number of a page of figures opens what it is made of, and both say the same."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from afterscore.customers.models import Account
from afterscore.kit import clock, jobs
from afterscore.programs.models import Enrolment
from tests import builders, planner
from tests.insights import crowd
from tests.insights.crowd import LATER, Part
from tests.people import NOW, People

HOME = "/w/harbourline"
LINK = re.compile(r'<a class="figure" href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
RESULT = re.compile(r'class="formula-result">([^<]*)<')
NUMBER = re.compile(r"[−+]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Figure:
    text: str
    url: str


@pytest.fixture
def answered(people: People) -> People:
    """Two waves of one program, of which the later has loops, silent people and revenue."""
    before = builders.launch_wave(people.workspace, launched_at=NOW - timedelta(days=90))
    crowd.answer_all(people, [Part("starter", "DE", (9, 9, 8, 4) * 5)], wave=before, prefix="old",
                     at=NOW - timedelta(days=89))  # fmt: skip
    wave = crowd.answer_all(people, silent=12)
    Account.objects.filter(workspace=people.workspace).update(
        recurring_revenue=Decimal(12000), currency="EUR"
    )
    with jobs.inline() as queue:
        for number, score in enumerate((10, 9, 7, 3, 1)):
            enrolment = builders.enrol(
                people, wave=wave, email=f"case{number}@quayside.example", account=f"Case {number}"
            )
            builders.answer(enrolment, score=score, comment="Slow" if number % 2 else None, now=NOW)
        queue.run()
    Account.objects.filter(name__startswith="Case").update(
        recurring_revenue=Decimal("1500.5"), currency="EUR"
    )
    Enrolment.objects.filter(wave=wave).update(channel=Enrolment.Channel.PORTAL)
    planner.count()
    return people


def get(people: People, address: str) -> str:
    with clock.at(LATER):
        response = people.client(people.vic).get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def figures_of(page: str) -> Iterator[Figure]:
    for url, inner in LINK.findall(page):
        said = re.sub(r'<span class="visually-hidden">.*?</span>', "", inner)
        yield Figure(html.unescape(re.sub(r"<[^>]+>", "", said)).strip(), html.unescape(url))


def numbers(text: str) -> list[float]:
    """As they stand on a page: signs, thousands, a multiple at the end."""
    found = []
    for match in NUMBER.finditer(text):
        value = float(match.group().replace("−", "-").replace(",", ""))
        scale = {"k": 1e3, "m": 1e6}.get(text[match.end() : match.end() + 1], 1)
        found.append(value * scale)
    return found


def told_by(explained: str) -> list[float]:
    """The results of an explanation, and the values in its formulas."""
    return results_of(explained) + values_of(explained)


def results_of(explained: str) -> list[float]:
    return _numbers_in("result", explained) + cells(explained)


def values_of(explained: str) -> list[float]:
    return _numbers_in("how", explained)


def _numbers_in(kind: str, explained: str) -> list[float]:
    steps = re.findall(rf'<dd class="formula-{kind}">(.*?)</dd>', explained, re.DOTALL)
    return numbers(html.unescape(re.sub(r"<[^>]+>", " ", " ; ".join(steps))))


def cells(explained: str) -> list[float]:
    """Of the table of an explanation that sums over segments, and what each column sums up to."""
    parts = explained.split('<div class="table-frame">')[1:]
    rows = [
        [numbers(cell) for cell in re.findall(r'<td class="number">(.*?)</td>', row)]
        for part in parts
        for row in part.split("</table>")[0].split("<tr>")
        if '<td class="number">' in row
    ]
    sums = [sum(sum(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [number for row in rows for cell in row for number in cell] + sums


def behind(people: People, explained: str) -> tuple[int, int]:
    """How many are said to stand behind a number, and how many are listed page by page."""
    said = re.search(r'class="explained-rows">The ([\d,]+) ', explained)
    assert said
    listed, page = 0, explained
    while True:
        listed += page.split('<ul class="verbatims')[1].split("</ul>")[0].count("<li>")
        more = re.search(r'<a class="btn" href="([^"]+)"', page)
        if more is None:
            return int(said.group(1).replace(",", "")), listed
        page = get(people, html.unescape(more.group(1)))


PAGES = (
    "/pulse/",
    "/score/?by=account.plan",
    "/score/explore/?by=account.plan&across=account.country",
    "/score/compare/?against=groups&across=account.plan&one=starter&other=enterprise",
    "/score/health/",
    "/loops/",
)


def told(people: People, address: str, *, only: str = "") -> list[Figure]:
    """The figures of a page, each of which its explanation tells, with all who stand behind it;
    `only` is a part of the addresses of those that are looked at."""
    figures = [each for each in figures_of(get(people, address)) if only in each.url]
    assert figures
    explanations: dict[str, str] = {figure.url: get(people, figure.url) for figure in figures}
    for figure in figures:
        explained = explanations[figure.url]
        for number in numbers(figure.text):
            # Rounded, where it is a result; as it stands in the formula, where it is a part of it.
            apart = 0.51 if abs(number) < 1000 else abs(number) / 100
            is_result = any(abs(each - number) <= apart for each in results_of(explained))
            assert is_result or number in values_of(explained), figure
    for url, explained in explanations.items():
        if "The two sides" in explained:
            continue  # each side leads to its own answers
        said, listed = behind(people, explained)
        assert said == listed, url
        if "figure=believing" not in url:  # which draws on every segment's answers
            assert said in told_by(explained), url
    return figures


@pytest.mark.parametrize("page", PAGES)
def test_every_number_is_told_by_its_explanation(answered: People, page: str) -> None:
    told(answered, f"{HOME}{page}")


def test_loops_and_money_of_the_pulse_lead_to_those_behind(answered: People) -> None:
    texts = [figure.text for figure in figures_of(get(answered, f"{HOME}/pulse/"))]
    assert "€3k" in texts
    assert {"0 of 2", "0 of 1", "0 of 5"} & set(texts)
