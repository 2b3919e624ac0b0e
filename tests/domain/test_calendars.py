from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from afterscore.domain import calendars
from afterscore.domain.calendars import Calendar

ZONES = calendars.zone_names()
# Half hours, a half-hour clock change, changes at midnight, a skipped day, far east and west.
HARD_ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Asia/Amman",
    "Asia/Pyongyang",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Chatham",
    "Antarctica/Troll",
]

zones = st.sampled_from(HARD_ZONES) | st.sampled_from(ZONES)
days = st.dates(min_value=date(2005, 1, 1), max_value=date(2036, 12, 31))
clock_times = st.times().map(lambda moment: moment.replace(microsecond=0))
instants = st.datetimes(
    min_value=datetime(2005, 1, 2), max_value=datetime(2036, 12, 30), timezones=st.just(UTC)
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@cache
def clock_changes(zone: str) -> list[datetime]:
    """The instants, to the second, at which a zone's clocks jumped in these years."""
    place = ZoneInfo(zone)
    changes = []
    for day in (utc(2005, 1, 2) + timedelta(days=n) for n in range(11_600)):
        before, after = day, day + timedelta(days=1)
        offset = before.astimezone(place).utcoffset()
        if after.astimezone(place).utcoffset() == offset:
            continue
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
            if middle.astimezone(place).utcoffset() == offset:
                before = middle
            else:
                after = middle
        changes.append(after)
    return changes


@st.composite
def places_in_time(draw) -> tuple[str, datetime]:
    """A zone and an instant, half of them within hours of a clock change."""
    zone = draw(zones)
    if changes := draw(st.sampled_from([clock_changes(zone), []])):
        distance = draw(st.integers(min_value=-100_000, max_value=100_000))
        return zone, draw(st.sampled_from(changes)) + timedelta(seconds=distance)
    return zone, draw(instants)


open_calendars = st.builds(
    Calendar,
    zone=zones,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    opens=clock_times,
    closes=clock_times,
    holidays=st.frozensets(days, max_size=5),
)
BERLIN = calendars.business_hours("Europe/Berlin")


# --- zones


@pytest.mark.parametrize(
    ("zone", "proper"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" UTC ", "UTC"),
        ("Mars/Olympus", "Asia/Tokyo"),
        ("", "Asia/Tokyo"),
        (None, "Asia/Tokyo"),
        ("../../etc/passwd", "Asia/Tokyo"),
        ("Europe", "Asia/Tokyo"),
        ("Europe/Berlin\x00", "Asia/Tokyo"),
        ("localtime", "Asia/Tokyo"),
    ],
)
def test_an_unknown_zone_falls_back(zone, proper):
    assert calendars.zone_or(zone, "Asia/Tokyo") == proper


@given(st.text())
def test_no_text_makes_the_fall_back_fail(text):
    assert calendars.zone_or(text, "UTC") in ZONES


@pytest.mark.parametrize(
    "use",
    [
        lambda: Calendar("Mars/Olympus", frozenset({0}), time(9), time(17)),
        lambda: calendars.localise(date(2026, 1, 1), time(9), "Mars/Olympus"),
        lambda: calendars.local_day(utc(2026, 1, 1), "Mars/Olympus"),
    ],
)
def test_elsewhere_an_unknown_zone_is_an_error(use):
    with pytest.raises(ValueError, match="not a time zone"):
        use()


# --- local times


def test_a_time_in_a_gap_becomes_the_first_instant_after_it():
    # 02:00 to 03:00 does not exist.
    for minute in (0, 1, 30, 59):
        shifted = calendars.localise(date(2026, 3, 29), time(2, minute), "Europe/Berlin")
        assert shifted == utc(2026, 3, 29, 1)


def test_a_time_that_occurs_twice_means_its_first_occurrence():
    twice = time(2, 30)
    assert calendars.localise(date(2026, 10, 25), twice, "Europe/Berlin") == utc(
        2026, 10, 25, 0, 30
    )
    late = twice.replace(fold=1)
    assert calendars.localise(date(2026, 10, 25), late, "Europe/Berlin") == utc(2026, 10, 25, 0, 30)


def test_a_half_hour_gap_is_half_an_hour_long():
    # Lord Howe: 02:00 to 02:30 does not exist.
    gap = calendars.localise(date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe")
    after = calendars.localise(date(2026, 10, 4), time(2, 30), "Australia/Lord_Howe")
    assert gap == after == utc(2026, 10, 3, 15, 30)


def test_a_gap_at_midnight_moves_the_start_of_the_day():
    start = calendars.localise(date(2018, 11, 4), time(0), "America/Sao_Paulo")
    assert start == utc(2018, 11, 4, 3)
    assert calendars.local_day(start, "America/Sao_Paulo") == date(2018, 11, 4)


def test_a_day_that_a_zone_skipped_shares_the_start_of_the_next():
    # Samoa went from 29 to 31 December 2011.
    skipped = calendars.localise(date(2011, 12, 30), time(10), "Pacific/Apia")
    following = calendars.localise(date(2011, 12, 31), time(0), "Pacific/Apia")
    assert skipped == following == utc(2011, 12, 30, 10)


def test_a_local_time_brings_no_zone_of_its_own():
    with pytest.raises(ValueError, match="takes its zone"):
        calendars.localise(date(2026, 1, 1), time(9, tzinfo=UTC), "UTC")


@given(places_in_time(), st.integers(-7200, 7200))
@example(("Pacific/Apia", utc(2011, 12, 30, 9, 59)), 7200)
@example(("Asia/Pyongyang", utc(2018, 5, 4, 14, 59)), 900)
def test_clocks_show_the_time_asked_for_or_have_just_jumped_over_it(place_in_time, seconds):
    zone, at = place_in_time
    wanted = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(seconds=seconds)
    day, clock = wanted.date(), wanted.time()
    instant = calendars.localise(day, clock, zone)
    place = ZoneInfo(zone)
    wall = datetime.combine(day, clock)
    shown = instant.astimezone(place).replace(tzinfo=None)
    assert instant.tzinfo is UTC
    if shown == wall:
        # No earlier instant shows it, too.
        earlier = datetime.combine(day, clock, tzinfo=place).astimezone(UTC)
        assert instant == earlier
    else:
        just_before = (instant - timedelta(seconds=1)).astimezone(place).replace(tzinfo=None)
        assert just_before < wall < shown


@pytest.mark.parametrize("zone", ZONES)
def test_every_local_day_of_ten_years_has_one_send_instant(zone):
    """Days in order have instants in order, whatever time of night was chosen."""
    place = ZoneInfo(zone)
    changes = [
        day
        for day in (date(2018, 1, 1) + timedelta(days=n) for n in range(3653))
        if datetime.combine(day, time(), tzinfo=place).utcoffset()
        != datetime.combine(day + timedelta(days=1), time(), tzinfo=place).utcoffset()
    ]
    for day in changes:
        for clock in (time(0), time(0, 30), time(1, 30), time(2, 30), time(3), time(23, 45)):
            around = [calendars.localise(day + timedelta(days=n), clock, zone) for n in (-1, 0, 1)]
            assert around == sorted(set(around))


@given(zones, days, clock_times)
@example("Pacific/Apia", date(2011, 12, 29), time(0))
def test_a_later_day_is_never_sent_earlier(zone, day, clock):
    today = calendars.localise(day, clock, zone)
    tomorrow = calendars.localise(day + timedelta(days=1), clock, zone)
    assert today <= tomorrow
    if day not in (date(2011, 12, 29), date(2011, 12, 30)):
        assert today < tomorrow


def test_the_local_day_follows_the_zone():
    late = utc(2026, 5, 1, 23, 30)
    assert calendars.local_day(late, "UTC") == date(2026, 5, 1)
    assert calendars.local_day(late, "Europe/Berlin") == date(2026, 5, 2)


# --- business hours


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (utc(2026, 11, 20, 7, 59, 59), False),
        (utc(2026, 11, 20, 8), True),
        (utc(2026, 11, 20, 15, 59, 59), True),
        (utc(2026, 11, 20, 16), False),
        (utc(2026, 11, 21, 10), False),
        (utc(2026, 7, 20, 7), True),
    ],
)
def test_nine_to_five_is_nine_to_five_on_berlins_clock(at, is_open):
    assert calendars.is_open(BERLIN, at) is is_open


def test_after_closing_comes_the_next_working_day():
    assert calendars.next_open(BERLIN, utc(2026, 11, 20, 16)) == utc(2026, 11, 23, 8)
    assert calendars.next_open(BERLIN, utc(2026, 11, 20, 12)) == utc(2026, 11, 20, 12)


def test_a_stretch_is_what_is_left_of_a_window_now_or_the_next():
    friday, monday = utc(2026, 11, 20, 16), utc(2026, 11, 23, 8)
    noon = utc(2026, 11, 20, 12)
    assert calendars.next_stretch(BERLIN, noon) == (noon, friday)
    assert calendars.next_stretch(BERLIN, friday) == (monday, monday + timedelta(hours=8))


def test_nothing_opens_on_a_holiday():
    monday_off = calendars.business_hours("Europe/Berlin", frozenset({date(2026, 11, 23)}))
    assert calendars.next_open(monday_off, utc(2026, 11, 21)) == utc(2026, 11, 24, 8)


def test_a_window_over_midnight_belongs_to_the_day_it_opens():
    friday_night = Calendar("UTC", frozenset({4}), time(22), time(2))
    assert not calendars.is_open(friday_night, utc(2026, 11, 20, 1))
    assert calendars.is_open(friday_night, utc(2026, 11, 20, 22))
    assert calendars.is_open(friday_night, utc(2026, 11, 21, 1, 59))
    assert not calendars.is_open(friday_night, utc(2026, 11, 21, 2))
    assert not calendars.is_open(friday_night, utc(2026, 11, 21, 22))


def test_equal_times_mean_round_the_clock():
    always = Calendar("Europe/Berlin", frozenset(range(7)), time(0), time(0))
    assert calendars.is_open(always, utc(2026, 3, 29, 0, 59, 59))
    assert calendars.is_open(always, utc(2026, 3, 29, 1))
    day_and_a_bit = calendars.add_business_hours(always, utc(2026, 3, 28, 23), 23)
    assert day_and_a_bit == utc(2026, 3, 29, 22)


def test_a_window_that_a_clock_change_swallowed_does_not_open():
    in_the_gap = Calendar("Europe/Berlin", frozenset(range(7)), time(2, 10), time(2, 50))
    assert calendars.next_open(in_the_gap, utc(2026, 3, 29, 0)) == utc(2026, 3, 30, 0, 10)


@pytest.mark.parametrize(
    ("opens", "closes", "stretches"),
    [
        # Half past one comes twice, and between the two it is shortly after one once more.
        (time(1, 30), time(2, 30), [((6, 30), (7, 0)), ((7, 30), (8, 30))]),
        (time(0), time(1, 30), [((5, 0), (6, 30)), ((7, 0), (7, 30))]),
        (time(0), time(3), [((5, 0), (9, 0))]),
        (time(3), time(4), [((9, 0), (10, 0))]),
    ],
)
def test_a_night_whose_clocks_are_put_back_in_a_window_parts_it(opens, closes, stretches):
    calendar = Calendar("America/Bahia_Banderas", frozenset({6}), opens, closes)
    at = utc(2020, 10, 25)
    for begins, ends in stretches:
        expected = utc(2020, 10, 25, *begins), utc(2020, 10, 25, *ends)
        assert calendars.next_stretch(calendar, at) == expected
        at = expected[1]
    assert calendars.next_stretch(calendar, at)[0] > utc(2020, 10, 31)


@pytest.mark.parametrize(
    ("opens", "closes", "begins", "ends"),
    [
        (time(1), time(2, 30), utc(2026, 3, 29, 0), utc(2026, 3, 29, 1)),
        (time(2, 30), time(4), utc(2026, 3, 29, 1), utc(2026, 3, 29, 2)),
        (time(1), time(4), utc(2026, 3, 29, 0), utc(2026, 3, 29, 2)),
        (time(2, 10), time(2, 50), utc(2026, 4, 5, 0, 10), utc(2026, 4, 5, 0, 50)),
    ],
)
def test_a_night_whose_clocks_are_put_on_shortens_a_window(opens, closes, begins, ends):
    calendar = Calendar("Europe/Berlin", frozenset({6}), opens, closes)
    assert calendars.next_stretch(calendar, utc(2026, 3, 28, 12)) == (begins, ends)


@pytest.mark.parametrize("days_open", [frozenset(), frozenset({7}), frozenset({-1, 0})])
def test_a_calendar_opens_on_some_weekday(days_open):
    with pytest.raises(ValueError, match="weekday"):
        Calendar("UTC", days_open, time(9), time(17))


@pytest.mark.parametrize(
    ("opens", "closes"), [(time(9, tzinfo=UTC), time(17)), (time(9), time(17, tzinfo=UTC))]
)
def test_opening_times_bring_no_zone_of_their_own(opens, closes):
    with pytest.raises(ValueError, match="follow the calendar's zone"):
        Calendar("UTC", frozenset({0}), opens, closes)


@pytest.mark.parametrize(
    "use",
    [
        lambda at: calendars.is_open(BERLIN, at),
        lambda at: calendars.next_open(BERLIN, at),
        lambda at: calendars.next_stretch(BERLIN, at),
        lambda at: calendars.add_business_days(BERLIN, at, 1),
        lambda at: calendars.add_business_hours(BERLIN, at, 1),
        lambda at: calendars.local_day(at, "UTC"),
        lambda at: calendars.is_quiet(at, "UTC", time(22), time(7)),
        lambda at: calendars.after_quiet(at, "UTC", time(22), time(7)),
    ],
)
def test_an_instant_without_a_zone_is_refused(use):
    with pytest.raises(ValueError, match="needs a time zone"):
        use(datetime(2026, 1, 1))


@given(open_calendars, places_in_time())
def test_the_next_opening_is_open_and_nothing_opens_before_it(calendar, place_in_time):
    zone, at = place_in_time
    calendar = replace(calendar, zone=zone)
    opening = calendars.next_open(calendar, at)
    assert opening >= at
    assert opening.tzinfo is UTC
    assert calendars.is_open(calendar, opening)
    assert calendars.is_open(calendar, at) == (opening == at)
    if opening > at:
        between = at + (opening - at) / 2
        assert calendars.next_open(calendar, between) == opening
        assert not calendars.is_open(calendar, opening - timedelta(microseconds=1))


def shows_open(calendar: Calendar, at: datetime) -> bool:
    """What somebody sees who looks at a clock and a calendar on the wall."""
    wall = at.astimezone(ZoneInfo(calendar.zone))
    clock, day = wall.time(), wall.date()
    overnight = calendar.closes <= calendar.opens
    if overnight and clock < calendar.closes:
        day -= timedelta(days=1)
    elif not (calendar.opens <= clock and (overnight or clock < calendar.closes)):
        return False
    return day.weekday() in calendar.days and day not in calendar.holidays


@given(open_calendars, places_in_time(), st.floats(0, 0.999))
def test_a_stretch_is_open_throughout_by_the_clock_and_nothing_before_it_is(
    calendar, place_in_time, share
):
    zone, at = place_in_time
    calendar = replace(calendar, zone=zone)
    begins, ends = calendars.next_stretch(calendar, at)
    assert at <= begins < ends
    assert shows_open(calendar, begins)
    assert shows_open(calendar, begins + (ends - begins) * share)
    assert shows_open(calendar, ends - timedelta(microseconds=1))
    if begins > at:
        assert not shows_open(calendar, at + (begins - at) * share)
        assert not shows_open(calendar, begins - timedelta(microseconds=1))


# --- adding business time


@pytest.mark.parametrize(
    ("at", "days_added", "due"),
    [
        # Friday 15:00 to Monday 15:00.
        (utc(2026, 11, 20, 14), 1, utc(2026, 11, 23, 14)),
        (utc(2026, 11, 20, 14), 5, utc(2026, 11, 27, 14)),
        # Half a day is half a window.
        (utc(2026, 11, 20, 8), 0.5, utc(2026, 11, 20, 12)),
        (utc(2026, 11, 20, 14), 0.5, utc(2026, 11, 23, 10)),
        # From outside, the day ends when the next window closes.
        (utc(2026, 11, 21, 12), 1, utc(2026, 11, 23, 16)),
        (utc(2026, 11, 20, 16), 1, utc(2026, 11, 23, 16)),
        (utc(2026, 11, 20, 8), 1, utc(2026, 11, 20, 16)),
        (utc(2026, 11, 20, 14), 0, utc(2026, 11, 20, 14)),
        (utc(2026, 11, 21, 12), 0, utc(2026, 11, 23, 8)),
        # The clock changed on Sunday 25 October: the wall clock's hour stays.
        (utc(2026, 10, 23, 13), 1, utc(2026, 10, 26, 14)),
    ],
)
def test_business_days_end_where_one_expects(at, days_added, due):
    assert calendars.add_business_days(BERLIN, at, days_added) == due


@pytest.mark.parametrize(
    ("at", "hours", "due"),
    [
        (utc(2026, 11, 20, 14), 2, utc(2026, 11, 20, 16)),
        (utc(2026, 11, 20, 14), 3, utc(2026, 11, 23, 9)),
        (utc(2026, 11, 20, 14), 2.5, utc(2026, 11, 23, 8, 30)),
        (utc(2026, 11, 21, 12), 8, utc(2026, 11, 23, 16)),
        (utc(2026, 11, 21, 12), 0, utc(2026, 11, 23, 8)),
    ],
)
def test_business_hours_end_where_one_expects(at, hours, due):
    assert calendars.add_business_hours(BERLIN, at, hours) == due


def test_hours_count_what_passes_on_the_night_of_a_clock_change():
    nights = Calendar("Europe/Berlin", frozenset(range(7)), time(22), time(6))
    before = utc(2026, 3, 28, 21)
    assert calendars.add_business_hours(nights, before, 7) == utc(2026, 3, 29, 4)
    assert calendars.add_business_days(nights, before, 1) == utc(2026, 3, 29, 4)
    assert calendars.add_business_hours(nights, before, 8) == utc(2026, 3, 29, 21)


@pytest.mark.parametrize("amount", [-1, -0.001, math.nan, math.inf])
@pytest.mark.parametrize("add", [calendars.add_business_days, calendars.add_business_hours])
def test_business_time_does_not_run_backwards(add, amount):
    with pytest.raises(ValueError, match="zero or more"):
        add(BERLIN, utc(2026, 1, 1), amount)


@given(open_calendars, places_in_time(), st.floats(0, 20), st.floats(0, 20))
def test_more_business_days_end_no_earlier(calendar, place_in_time, some, more):
    zone, at = place_in_time
    calendar = replace(calendar, zone=zone)
    first = calendars.add_business_days(calendar, at, min(some, more))
    second = calendars.add_business_days(calendar, at, max(some, more))
    assert calendars.next_open(calendar, at) <= first <= second


@given(open_calendars, places_in_time(), st.integers(0, 600), st.integers(1, 600))
def test_business_hours_may_be_added_in_two_steps(calendar, place_in_time, first, second):
    """Where the first step ends at closing time, the second begins at the next opening."""
    zone, at = place_in_time
    calendar = replace(calendar, zone=zone)
    half_way = calendars.add_business_hours(calendar, at, first / 10)
    in_steps = calendars.add_business_hours(calendar, half_way, second / 10)
    at_once = calendars.add_business_hours(calendar, at, (first + second) / 10)
    assert in_steps == at_once


@given(zones, instants, st.integers(1, 30))
def test_whole_business_days_keep_the_time_of_day(zone, at, count):
    desk = calendars.business_hours(zone)
    start = calendars.next_open(desk, at)
    due = calendars.add_business_days(desk, start, count)
    place = ZoneInfo(zone)
    began, ended = start.astimezone(place), due.astimezone(place)
    if began.time() == time(9):
        assert ended.time() == time(17)
    else:
        clock_moved = datetime.combine(date.min, ended.time()) - datetime.combine(
            date.min, began.time()
        )
        assert abs(clock_moved) <= timedelta(milliseconds=1)


# --- quiet hours


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (utc(2026, 5, 1, 19, 59), False),
        (utc(2026, 5, 1, 20), True),
        (utc(2026, 5, 2, 4, 59), True),
        (utc(2026, 5, 2, 5), False),
    ],
)
def test_the_night_is_quiet_on_the_recipients_clock(at, quiet):
    assert calendars.is_quiet(at, "Europe/Berlin", time(22), time(7)) is quiet


def test_a_quiet_midday_lies_within_one_day():
    assert calendars.is_quiet(utc(2026, 5, 1, 12), "UTC", time(12), time(13))
    assert not calendars.is_quiet(utc(2026, 5, 1, 13), "UTC", time(12), time(13))


def test_equal_times_leave_no_hour_quiet():
    assert not calendars.is_quiet(utc(2026, 5, 1, 12), "UTC", time(12), time(12))


def test_after_the_night_comes_the_morning():
    morning = calendars.after_quiet(utc(2026, 5, 1, 22), "Europe/Berlin", time(22), time(7))
    assert morning == utc(2026, 5, 2, 5)
    awake = utc(2026, 5, 1, 12)
    assert calendars.after_quiet(awake, "Europe/Berlin", time(22), time(7)) == awake


def test_a_repeated_hour_is_quiet_both_times():
    # Clocks show 02:00 to 03:00 twice; quiet ends at 02:30.
    second_pass = utc(2026, 10, 25, 1, 10)
    assert calendars.is_quiet(second_pass, "Europe/Berlin", time(22), time(2, 30))
    awake = calendars.after_quiet(second_pass, "Europe/Berlin", time(22), time(2, 30))
    assert awake == utc(2026, 10, 25, 1, 30)


def test_a_quiet_end_inside_a_gap_is_the_end_of_the_gap():
    awake = calendars.after_quiet(utc(2026, 3, 29, 0, 30), "Europe/Berlin", time(22), time(2, 30))
    assert awake == utc(2026, 3, 29, 1)


@given(places_in_time(), clock_times, clock_times)
def test_nothing_is_sent_in_quiet_hours_and_nothing_waits_longer_than_needed(
    place_in_time, starts, ends
):
    zone, at = place_in_time
    awake = calendars.after_quiet(at, zone, starts, ends)
    assert awake >= at
    assert not calendars.is_quiet(awake, zone, starts, ends)
    assert awake - at <= timedelta(hours=50)
    if awake > at:
        assert calendars.is_quiet(awake - timedelta(microseconds=1), zone, starts, ends)
        assert calendars.is_quiet(at + (awake - at) / 2, zone, starts, ends)
