"""What a digest says: the most pressing first, each customer once, nothing for a quiet day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import bulletins, digests
from afterscore.domain.bulletins import Line
from afterscore.domain.digests import Day, Load, Part, TeamDay, Waiting

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
INBOX, NOTICES = "https://nps.example/inbox", "https://nps.example/notices"


def waiting(
    who: str = "Nora Lindqvist", *, late: float = 24, since: float = 72, **given: Any
) -> Waiting:
    values: dict[str, Any] = {
        "who": who,
        "url": f"https://nps.example/{who}",
        "score": 3,
        "company": "Quayside Freight",
        "words": "Too slow to load.",
        "due_at": NOW - timedelta(hours=late),
        "since": NOW - timedelta(hours=since),
        **given,
    }
    return Waiting(**values)


def part(*items: Waiting | Line, total: int | None = None) -> Part:
    return Part(items, len(items) if total is None else total, f"{INBOX}?show=mine")


def day(**parts: Part) -> Day:
    return Day(now=NOW, currency="EUR", url=INBOX, settings_url=NOTICES, **parts)


def title_of(**parts: Part) -> str:
    made = digests.compose(day(**parts))
    assert made is not None
    return made.title


def test_a_quiet_day_has_no_digest() -> None:
    assert digests.compose(day()) is None


def test_the_title_is_who_waits_longest() -> None:
    late = part(waiting("Ben Ode", since=30), waiting("Nora Lindqvist", since=73))
    assert title_of(late=late) == "Nora Lindqvist has waited 3 days, and one more is late"
    many = part(waiting(), total=5)
    assert title_of(late=many) == "Nora Lindqvist has waited 3 days, and 4 more are late"


def test_without_anybody_late_the_title_is_the_next_pressing_thing() -> None:
    assert title_of(wrote=part(waiting())) == "Nora Lindqvist wrote to you"
    promise = part(Line("Send the corrected invoice"))
    assert title_of(promises=promise) == "Promised: Send the corrected invoice"
    assert title_of(today=part(waiting(), waiting("Ben"))) == "2 customers to answer today"
    assert title_of(mentions=part(Line("Max"))) == "You are mentioned in a note"
    assert title_of(tasks=part(Line("Call"), Line("Write"))) == "2 tasks today"


def test_the_lead_says_how_much_and_what_is_at_stake_each_account_once() -> None:
    late = part(
        waiting("Nora", stake=Decimal(48_000), account="acc_1"),
        waiting("Ben", stake=Decimal(48_000), account="acc_1"),
        waiting("Eva", stake=None),
    )
    made = digests.compose(day(late=late, today=part(waiting("Kim", late=-3))))
    assert made is not None
    assert made.lead == "3 late and 1 due today. €48k a year is with them."


def test_a_line_says_who_what_and_how_late_and_leads_there() -> None:
    made = digests.compose(day(late=part(waiting(late=49))))
    assert made is not None
    line = made.sections[0].lines[0]
    assert line == Line(
        "Nora Lindqvist, Quayside Freight",
        "https://nps.example/Nora Lindqvist",
        "3 · “Too slow to load.”",
        "2 days late",
    )


def test_the_silent_are_named_as_such() -> None:
    line = digests.line_of(waiting(words="", late=-5), NOW)
    assert (line.detail, line.mark) == ("3 · no comment", "in 5 hours")


def test_what_does_not_fit_is_one_link() -> None:
    late = part(*(waiting(f"Person {n}") for n in range(7)), total=40)
    made = digests.compose(day(late=late))
    assert made is not None
    section = made.sections[0]
    assert len(section.lines) == digests.MOST_LINES
    assert section.more == Line("35 more", f"{INBOX}?show=mine")


def test_a_title_that_names_its_section_is_said_once() -> None:
    alerts, praise = part(Line("The score fell")), part(Line("“Ana saved us”"))
    made = digests.compose(day(alerts=alerts, praise=praise))
    assert made is not None
    assert (made.title, made.lead) == ("One thing to know", "")
    assert [section.title for section in made.sections] == ["", "In customers' words, this week"]
    assert "TO KNOW" not in bulletins.as_text(made)
    made = digests.compose(day(alerts=alerts, late=part(waiting())))
    assert made is not None
    assert [section.title for section in made.sections] == ["Late", "To know"]


def test_the_mail_says_how_to_stop_it() -> None:
    made = digests.compose(day(wrote=part(waiting())))
    assert made is not None
    assert made.foot[-1].url == NOTICES
    assert NOTICES in bulletins.as_text(made)


def test_plain_text_carries_every_word_and_link() -> None:
    made = digests.compose(day(late=part(waiting(), total=9)))
    assert made is not None
    text = bulletins.as_text(made)
    for said in ("* Nora Lindqvist, Quayside Freight (24 hours late)", "“Too slow to load.”",
                 "8 more: https://nps.example/inbox?show=mine"):  # fmt: skip
        assert said in text


@given(
    st.dictionaries(
        st.sampled_from(["late", "wrote", "promises", "today", "tasks", "mentions", "calls"]),
        st.integers(1, 12),
    )
)
def test_every_day_with_something_to_say_says_it(counts: dict[str, int]) -> None:
    lines = {"promises", "tasks", "mentions", "calls"}
    parts = {
        name: part(*(Line(f"{name} {n}") if name in lines else waiting(f"{name} {n}")
                     for n in range(count)))
        for name, count in counts.items()
    }  # fmt: skip
    made = digests.compose(day(**parts))
    assert (made is None) == (not counts)
    if made:
        assert 0 < len(made.title) < 90
        assert made.count == sum(min(count, digests.MOST_LINES) for count in counts.values())


@given(st.text(max_size=400))
def test_a_quotation_stays_on_one_short_line(words: str) -> None:
    short = digests.shorten(words)
    assert len(short) <= digests.LONGEST_WORDS + 2
    assert "\n" not in short


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=900)))
def test_a_span_is_never_zero(length: timedelta) -> None:
    count = int(digests.span(length).split()[0].replace(",", ""))
    assert count >= 1


def test_a_team_hears_who_has_what() -> None:
    made = digests.compose_team(
        TeamDay(
            name="Harbourline",
            now=NOW,
            currency="EUR",
            url=INBOX,
            late=part(waiting(owner="Ana", stake=Decimal(9_000)), total=6),
            unowned=part(waiting("Ben", late=-4)),
            loads=(Load("Ana", 6, 2, 1), Load("Max", 0, 0, 0)),
        )
    )
    assert made is not None
    assert made.title == "Harbourline: 6 late, 1 nobody's and 2 due today"
    assert made.lead == "€9k a year is with those who wait longest."
    assert [section.title for section in made.sections] == [
        "Waiting longest", "Nobody has them", "Who has what",
    ]  # fmt: skip
    assert made.sections[2].lines == (Line("Ana", detail="6 late, 2 due today and 1 wrote"),)


def test_a_team_with_nothing_to_do_hears_nothing() -> None:
    quiet = TeamDay("Harbourline", NOW, "EUR", INBOX, loads=(Load("Ana", 0, 0, 0),))
    assert digests.compose_team(quiet) is None
