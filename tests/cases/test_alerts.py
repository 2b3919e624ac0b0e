"""Alerts: said once, taken back when it is over, and silent once somebody has seen to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterscore.cases.models import Alert
from afterscore.cases.operations import alerting
from afterscore.domain.alerts import Kind
from afterscore.journal.models import Fact
from afterscore.workspaces.models import Member
from tests.cases.answers import open_for
from tests.people import NOW, People

LATER = NOW + timedelta(hours=3)


def raise_late(
    people: People, *, member: Member | None = None, text: str = "Late."
) -> Alert | None:
    return alerting.raise_alert(
        workspace=people.workspace,
        kind=Kind.BREACH,
        key="case_x",
        text=text,
        member=member,
        now=NOW,
    )


def settle_late(people: People) -> int:
    return alerting.settle_alerts(
        workspace=people.workspace, kind=Kind.BREACH, key="case_x", now=LATER
    )


def test_the_same_is_told_once(people: People) -> None:
    first = raise_late(people, member=people.ana)
    assert first is not None
    assert first.member == people.ana
    assert raise_late(people) is None
    assert Alert.objects.count() == Fact.objects.filter(name="alert.raised").count() == 1


def test_another_workspace_may_know_the_same_key(people: People) -> None:
    raise_late(people)
    other = alerting.raise_alert(
        workspace=people.elsewhere, kind=Kind.BREACH, key="case_x", text="Late.", now=NOW
    )
    assert other is not None


def test_what_was_over_in_between_is_news_again(people: People) -> None:
    first = raise_late(people)
    assert first is not None
    Alert.objects.update(told_at=NOW)
    assert settle_late(people) == 1
    assert settle_late(people) == 0
    again = raise_late(people, text="Late again.")
    assert again is not None
    stored = Alert.objects.get()
    assert (stored.pk, stored.text) == (first.pk, "Late again.")
    assert (stored.settled_at, stored.told_at) == (None, None)


def test_what_somebody_put_away_is_never_told_again(people: People) -> None:
    first = raise_late(people)
    assert first is not None
    alerting.put_away(alert=first, by=people.max, now=LATER)
    alerting.put_away(alert=first, by=people.olivia, now=LATER)
    assert raise_late(people) is None
    assert Alert.objects.get().settled_by == people.max
    assert Fact.objects.filter(name="alert.settled").count() == 1


def test_everything_of_a_kind_about_a_case_is_settled_at_once(people: People) -> None:
    case = open_for(people)
    for key in ("first", "second"):
        alerting.raise_alert(
            workspace=people.workspace,
            kind=Kind.BROKEN_PROMISE,
            key=key,
            text="We said we would call.",
            case=case,
            now=NOW,
        )
    raise_late(people)
    ended = alerting.settle_alerts(
        workspace=people.workspace, kind=Kind.BROKEN_PROMISE, case=case, now=LATER
    )
    assert ended == 2
    assert [alert.kind for alert in Alert.objects.filter(settled_at=None)] == [Kind.BREACH]
    about = Fact.objects.filter(name="alert.settled").values_list("payload__about", flat=True)
    assert set(about) == {case.public_id}


def test_a_long_text_is_cut_where_one_sees_it(people: People) -> None:
    alert = raise_late(people, text="We said that we would call.  \n" * 40)
    assert alert is not None
    assert len(alert.text) == alerting.LONGEST_TEXT
    assert alert.text.endswith("…")
    assert "\n" not in alert.text


def test_settling_needs_to_be_told_what(people: People) -> None:
    with pytest.raises(ValueError, match="which key or case"):
        alerting.settle_alerts(workspace=people.workspace, kind=Kind.BREACH, now=NOW)
