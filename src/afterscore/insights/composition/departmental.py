"""What a number on the page of a department is made of, and what stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse

from afterscore.cases.models import Case, Task
from afterscore.customers.models import Account
from afterscore.domain import explaining, nps
from afterscore.domain.departments import Department
from afterscore.domain.explaining import Explanation
from afterscore.domain.health import Rate
from afterscore.domain.improving import State
from afterscore.improvements import queries as improvements
from afterscore.improvements.models import Theme
from afterscore.improvements.queries import Listed
from afterscore.insights.composition import behind
from afterscore.insights.composition.behind import Row, Rows
from afterscore.insights.queries import departments, raised
from afterscore.insights.queries.raised import Stretch
from afterscore.kit.errors import NotFound
from afterscore.kit.templatetags import display
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace


class Figure(StrEnum):
    ANSWERED = "answered"
    RATE = "rate"
    CHANGE = "change"
    LATER = "later"
    WHO = "who"
    REVENUE = "revenue"
    TASKS = "tasks"
    LATE_TASKS = "late_tasks"
    CASES = "cases"
    LATE_CASES = "late_cases"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which figure, of which days. `after` is how many of those behind it were shown before."""

    workspace: Workspace
    figure: Figure
    now: datetime
    days: int
    is_before: bool = False
    theme: Theme | None = None
    department: Department | None = None
    after: str = ""

    @property
    def stretch(self) -> Stretch:
        last = Stretch.last(self.workspace, days=self.days, now=self.now)
        return last.before if self.is_before else last

    @property
    def period(self) -> str:
        last = f"the last {self.days} days"
        return f"the {self.days} days before {last}" if self.is_before else last

    @property
    def own_theme(self) -> Theme:
        if self.theme is None:
            raise NotFound("There is no such figure.")
        return self.theme

    @property
    def own_department(self) -> Department:
        if self.department is None:
            raise NotFound("There is no such figure.")
        return self.department


@dataclass(frozen=True, slots=True)
class Told:
    """`sentence` says of what the number is, `sides` before and after where two are compared."""

    sentence: str
    parts: tuple[Explanation, ...]
    rows: Rows
    sides: tuple[Rate, Rate] | None = None


def explain(asked: Asked) -> Told:
    return _FIGURES[asked.figure](asked)


def _told(sentence: str, parts: Iterable[Explanation | None], rows: Rows) -> Told:
    return Told(sentence, tuple(part for part in parts if part is not None), rows)


def _answered(asked: Asked) -> Told:
    rows = _people(asked, raised.people_of(asked.stretch))
    counted = explaining.counted(
        rows.total,
        title="How many people answered",
        says=f"{_of(rows)} answered. Whoever answered twice counts once.",
    )
    return _told(f"Everybody who answered in {asked.period}", [counted], rows)


def _rate(asked: Asked) -> Told:
    """Where nobody raised it, everybody who answered stands behind it."""
    theme, spoken = asked.own_theme, asked.stretch.count()
    rate = spoken.rate_of(theme.public_id)
    share = explaining.share(
        rate.count,
        rate.n,
        title=f"How many raised {theme.name}",
        done_word="raised it",
        whole_word="who answered",
        design_effect=rate.design_effect,
        page="themes",
    )
    people = raised.people_of(asked.stretch, theme if rate.count else None)
    return _told(
        f"Of everybody who answered in {asked.period}, how many raised the theme at least once",
        [share, explaining.people(spoken.sums_of(theme.public_id))],
        _people(asked, people),
    )


def _change(asked: Asked) -> Told:
    """Its two sides stand behind it."""
    stretch = asked.stretch
    rates = departments.list_rates(
        workspace=asked.workspace, earlier=stretch.before.count(), current=stretch.count()
    )
    if asked.own_theme not in rates:
        raise NotFound("This theme is not in use.")
    named = {theme.name: pair for theme, pair in rates.items()}
    return Told(
        f"{asked.own_theme.name}, in {asked.period} and in as many days before",
        (explaining.theme_change(named, asked.own_theme.name),),
        Rows("person", "people", 0, ()),
        sides=rates[asked.own_theme],
    )


def _later(asked: Asked) -> Told:
    theme = asked.own_theme
    rows = _people(asked, raised.people_later(asked.stretch, theme))
    counted = explaining.counted(
        rows.total,
        title=f"Who came to {theme.name} only later",
        says=(
            f"{_of(rows)} said nothing of it in the answer, but spoke of it in a mail or a call "
            "after it. They are not in the rate: whoever is called says more."
        ),
    )
    return _told(f"Of everybody who answered in {asked.period}", [counted], rows)


def _who(asked: Asked) -> Told:
    theme = asked.own_theme
    answers = raised.answers_of(asked.stretch, theme)
    histogram = asked.stretch.count().of(theme.public_id).histogram
    return _told(
        f"Answers of {asked.period} that speak of {theme.name}",
        [explaining.groups(nps.tally(histogram), title="Who they are")],
        behind.page_of(
            answers,
            asked.after,
            partial(behind.answer_rows, asked.workspace),
            noun="answer",
            nouns="answers",
        ),
    )


def _revenue(asked: Asked) -> Told:
    theme, everybody = asked.own_theme, asked.stretch.count().everybody
    currency = departments.main_currency(everybody, asked.workspace)
    accounts = raised.accounts_of(asked.stretch, theme, currency=currency)
    amounts = [(each.name, each.recurring_revenue or Decimal(0)) for each in accounts]
    parts = [
        explaining.total(
            amounts, title=f"Revenue behind {theme.name}", unit=currency, page="themes"
        ),
        explaining.part_of_total(
            sum((amount for _name, amount in amounts), Decimal(0)),
            everybody.revenue.get(currency, Decimal(0)),
            title="Its part of all that answered",
            of="of all accounts that answered",
        ),
    ]
    rows = behind.page_of(
        accounts,
        asked.after,
        partial(_account_rows, asked.workspace, currency),
        noun="account",
        nouns="accounts",
    )
    return _told(f"Accounts of which somebody raised the theme in {asked.period}", parts, rows)


def _tasks(asked: Asked) -> Told:
    department = asked.own_department
    found = departments.open_tasks(workspace=asked.workspace, department=department)
    is_late = asked.figure is Figure.LATE_TASKS
    rows = behind.page_of(
        found.filter(due_at__lt=asked.now) if is_late else found,
        asked.after,
        partial(_task_rows, asked),
        noun="task",
        nouns="tasks",
    )
    state = "late" if is_late else "open"
    return _work(asked, rows, title=f"{state.capitalize()} tasks", has=_in_hand(rows, state))


def _cases(asked: Asked) -> Told:
    department = asked.own_department
    found = departments.open_cases(workspace=asked.workspace, department=department)
    is_late = asked.figure is Figure.LATE_CASES
    rows = behind.page_of(
        found.filter(next_due_at__lt=asked.now) if is_late else found,
        asked.after,
        partial(_case_rows, asked),
        noun="case",
        nouns="cases",
    )
    state = "late" if is_late else "open"
    return _work(asked, rows, title=f"{state.capitalize()} cases", has=_in_hand(rows, state))


def _improvements(asked: Asked) -> Told:
    department = asked.own_department
    listed = improvements.list_improvements(workspace=asked.workspace, department=department)
    is_done = asked.figure is Figure.DONE
    found = (
        departments.done_of(listed, since=asked.stretch.since)
        if is_done
        else departments.running_of(listed)
    )
    rows = behind.page_of(
        found,
        asked.after,
        partial(_improvement_rows, asked.workspace),
        noun="improvement",
        nouns="improvements",
    )
    if is_done:
        return _work(asked, rows, title="Done", has=f"has done {_of(rows)} in {asked.period}")
    return _work(asked, rows, title="Under way", has=f"has {_of(rows)} under way")


def _work(asked: Asked, rows: Rows, *, title: str, has: str) -> Told:
    label = asked.own_department.label
    counted = explaining.counted(rows.total, title=title, says=f"{label} {has}.")
    return _told(f"What {label} has in hand", [counted], rows)


def _in_hand(rows: Rows, state: str) -> str:
    return f"has {rows.total:,} {state} {rows.noun if rows.total == 1 else rows.nouns}"


def _of(rows: Rows) -> str:
    return f"{rows.total:,} {rows.noun if rows.total == 1 else rows.nouns}"


def _people(asked: Asked, answers: QuerySet[Response]) -> Rows:
    return behind.page_of(
        answers,
        asked.after,
        partial(behind.answer_rows, asked.workspace),
        noun="person",
        nouns="people",
    )


def _account_rows(
    workspace: Workspace, currency: str, accounts: Sequence[Account]
) -> Iterator[Row]:
    for each in accounts:
        yield Row(
            name=each.name,
            url=reverse("customers:account", args=[workspace.slug, each.public_id]),
            note=f"{display.money(each.recurring_revenue, currency, exact=True)} a year",
        )


def _task_rows(asked: Asked, tasks: Sequence[Task]) -> Iterator[Row]:
    for each in tasks:
        whose = str(each.owner) if each.owner else "whoever takes it"
        due = _due(each.due_at, asked.now)
        yield Row(
            name=each.title,
            url=reverse("cases:case", args=[asked.workspace.slug, each.case.public_id]),
            note=" · ".join(filter(None, (_customer(each.case), whose, due))),
        )


def _case_rows(asked: Asked, cases: Sequence[Case]) -> Iterator[Row]:
    rows = behind.loop_rows(asked.workspace, cases)
    for row, case in zip(rows, cases, strict=True):
        yield replace(row, note=_due(case.next_due_at, asked.now))


def _improvement_rows(workspace: Workspace, listed: Sequence[Listed]) -> Iterator[Row]:
    for each in listed:
        state = State(each.improvement.state)
        asked_for = f"{each.voices:,} asked for it"
        if state is State.DONE:
            asked_for = f"{each.told:,} of {each.voices:,} told"
        yield Row(
            name=each.improvement.title,
            url=reverse(
                "improvements:improvement", args=[workspace.slug, each.improvement.public_id]
            ),
            note=f"{state.label.lower()} · {asked_for}",
        )


def _customer(case: Case) -> str:
    return f"{case.contact}, {case.account}" if case.account else str(case.contact)


def _due(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    return f"{'late since' if at < now else 'due'} {display.day(at)}"


_FIGURES: dict[Figure, Callable[[Asked], Told]] = {
    Figure.ANSWERED: _answered,
    Figure.RATE: _rate,
    Figure.CHANGE: _change,
    Figure.LATER: _later,
    Figure.WHO: _who,
    Figure.REVENUE: _revenue,
    Figure.TASKS: _tasks,
    Figure.LATE_TASKS: _tasks,
    Figure.CASES: _cases,
    Figure.LATE_CASES: _cases,
    Figure.RUNNING: _improvements,
    Figure.DONE: _improvements,
}
