"""Mails leave in the reader's hours: in every zone, on every day, whatever a clock change does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from afterscore.domain import calendars
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Message, State
from afterscore.outreach.sender.windows import Window, Windows
from afterscore.workspaces.models import Workspace
from tests.outreach.post import Post

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(3_653)]
ZONES = calendars.zone_names()
EVERY_DAY = list(range(7))
SECOND = timedelta(seconds=1)


@cache
def patterns() -> list[str]:
    """A zone for each way in which offsets went and will go, seen daily in ten years."""
    instants = [datetime.combine(day, time(12), tzinfo=UTC) for day in DAYS]
    seen: dict[tuple[timedelta | None, ...], str] = {}
    for zone in ZONES:
        place = ZoneInfo(zone)
        seen.setdefault(tuple(at.astimezone(place).utcoffset() for at in instants), zone)
    return list(seen.values())


def changes(zone: str) -> list[date]:
    place = ZoneInfo(zone)
    offsets = [datetime.combine(day, time(), tzinfo=place).utcoffset() for day in DAYS]
    return [
        day for day, offset, later in zip(DAYS, offsets, offsets[1:], strict=False)
        if offset != later
    ]  # fmt: skip


@pytest.mark.parametrize("clock", [time(0), time(2, 30)])
def test_every_local_day_of_ten_years_has_exactly_one_send_instant(clock: time) -> None:
    """The day it belongs to is the day that the clock on the wall shows, and none comes twice."""
    assert len(patterns()) > 60
    for zone in patterns():
        place = ZoneInfo(zone)
        instants = [calendars.localise(day, clock, zone) for day in DAYS]
        assert [instant.astimezone(place).date() for instant in instants] == DAYS, zone
        assert instants == sorted(set(instants)), zone


def window(zone: str, at: datetime, opens: time, closes: time) -> Window:
    workspace = Workspace(
        time_zone="UTC", business_days=EVERY_DAY, business_opens=opens, business_closes=closes
    )
    return Windows(workspace, at).of(Message(time_zone=zone, send_window="business_hours"))


hours = st.sampled_from(
    [(time(9), time(17)), (time(0), time(3)), (time(1, 30), time(2, 30)), (time(22), time(23, 59))]
)


@st.composite
def nights(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone, and an instant in the day and a half around one of its clock changes."""
    zone = draw(st.sampled_from(patterns()))
    day = draw(st.sampled_from(changes(zone) or DAYS))
    start = datetime.combine(day, time(), tzinfo=UTC)
    return zone, start + timedelta(seconds=draw(st.integers(-43_200, 129_600)))


BAHIA = ("America/Bahia_Banderas", datetime(2020, 10, 25, tzinfo=UTC))
AROUND_TWO = (time(1, 30), time(2, 30))


@example(BAHIA, AROUND_TWO, 0.5)  # half past one comes twice; before the second it is quiet
@example(BAHIA, (time(0), time(1, 30)), 0.5)
@given(nights(), hours, st.floats(0, 1, exclude_max=True))
def test_no_hand_off_is_outside_the_window_and_none_waits_without_need(night, day, share) -> None:
    """What the claim allows at an instant the fence allows until the window closes."""
    (zone, at), (opens, closes) = night, day
    place = ZoneInfo(zone)

    def is_in_hours(instant: datetime) -> bool:
        return bool(opens <= instant.astimezone(place).time() < closes)

    found = window(zone, at, opens, closes)
    assert found.closes is not None
    if not found.is_open(at):
        between = at + (found.opens - SECOND - at) * share
        assert not is_in_hours(between.replace(microsecond=0))
    handed = max(at, found.opens)
    allowed = handed + (found.closes - SECOND - handed) * share
    assert is_in_hours(allowed.replace(microsecond=0))
    assert timedelta() < found.closes - handed <= timedelta(hours=9)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5)])
def test_sent_through_a_night_of_clock_changes_nothing_arrives_in_quiet_hours(
    post: Post, memory: type[Memory], day: date
) -> None:
    """Twenty-six zones, a workspace that writes in the small hours, a look every quarter."""
    Workspace.objects.filter(pk=post.workspace.pk).update(
        business_days=EVERY_DAY, business_opens=time(1), business_closes=time(3, 30)
    )
    zones = [
        "Europe/Dublin", "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Athens",
        "Europe/Chisinau", "America/New_York", "America/Havana", "America/Sao_Paulo",
        "America/Santiago", "America/St_Johns", "America/Los_Angeles", "America/Nuuk",
        "Atlantic/Azores", "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Jerusalem",
        "Asia/Kathmandu", "Asia/Tehran", "Asia/Tokyo", "Australia/Sydney", "Australia/Lord_Howe",
        "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati",
    ]  # fmt: skip
    start = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=14)
    post.plan(
        *(
            post.draft(
                post.contact(zone, f"reader@{_domain_of(zone)}.example"),
                time_zone=zone,
                due_at=start,
                send_window="business_hours",
            )
            for zone in zones
        ),
        now=start,
    )
    for quarter in range(4 * 52):
        post.send(start + timedelta(minutes=15 * quarter))
    sent = Message.objects.filter(state=State.SENT)
    assert sent.count() == len(zones)
    for message in sent:
        assert message.handed_at is not None
        shown = message.handed_at.astimezone(ZoneInfo(message.time_zone)).time()
        assert time(1) <= shown < time(3, 30), message.time_zone


def _domain_of(zone: str) -> str:
    return zone.lower().replace("_", "-").replace("/", ".")
