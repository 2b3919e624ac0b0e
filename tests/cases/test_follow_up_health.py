"""What comes of automated follow-ups stands beside what comes of the messages that asked."""

from __future__ import annotations

from afterscore.cases import operations
from afterscore.cases.models import Case
from afterscore.outreach.models import Delivery, Kind, Message, State
from afterscore.programs import queries
from afterscore.programs.models import Wave
from tests.cases.answers import by, open_for
from tests.people import NOW, People


def follow_up(people: People, case: Case, state: State = State.SENT) -> Message:
    operations.plan_follow_up(case=case, actor=by(people.ana), now=NOW)
    message = Message.objects.filter(kind=Kind.FOLLOW_UP).latest("id")
    message.state, message.sent_at = state, NOW
    message.save()
    return message


def hear(message: Message, kind: str, *, is_permanent: bool = True) -> None:
    Delivery.objects.create(
        workspace=message.workspace, message=message, kind=kind, is_permanent=is_permanent,
        event_id=f"{kind}-{message.pk}", occurred_at=NOW,
    )  # fmt: skip


def wave_of(case: Case) -> Wave:
    wave: Wave = case.response.wave
    return wave


def test_each_follow_up_has_rates_of_its_own(people: People) -> None:
    cases = [open_for(people, owner=people.ana) for _ in range(4)]
    first = [follow_up(people, case) for case in cases]
    second = follow_up(people, cases[0])
    hear(first[0], "unsubscribed")
    hear(first[1], "complained")
    hear(first[2], "bounced")
    hear(first[3], "bounced", is_permanent=False)
    hear(second, "unsubscribed")

    found = queries.follow_ups_health(waves=[wave_of(cases[0])])

    assert [(touch.label, touch.sent) for touch in found] == [("Follow-up", 4), ("Follow-up 2", 1)]
    one, two = found
    assert (one.bounced, one.unsubscribed, one.complained) == (1, 1, 1)
    assert (two.bounced, two.unsubscribed, two.complained) == (0, 1, 0)
    assert not one.is_asking


def test_what_was_not_handed_over_is_not_counted(people: People) -> None:
    case = open_for(people, owner=people.ana)
    refused = follow_up(people, case, State.FAILED)
    assert queries.follow_ups_health(waves=[wave_of(case)]) == []

    hear(refused, "bounced")
    (touch,) = queries.follow_ups_health(waves=[wave_of(case)])
    assert (touch.sent, touch.bounced) == (1, 1)


def test_follow_ups_of_another_wave_or_of_nobody_are_not_counted(people: People) -> None:
    case = open_for(people, owner=people.ana)
    follow_up(people, case)
    operations.reply(
        case=case, subject="Thank you", body="I will call you.", actor=by(people.ana), now=NOW
    )
    other = Wave.objects.get(pk=wave_of(case).pk)
    other.pk, other.number, other.public_id = None, other.number + 1, "wav_other"
    other.save(force_insert=True)

    assert queries.follow_ups_health(waves=[]) == []
    assert queries.follow_ups_health(waves=[other]) == []
    (touch,) = queries.follow_ups_health(waves=[wave_of(case), other])
    assert touch.sent == 1


def test_the_waves_page_shows_them(people: People) -> None:
    case = open_for(people, owner=people.ana)
    hear(follow_up(people, case), "unsubscribed")

    answer = people.client(people.vic).get(
        f"/w/harbourline/programs/waves/{wave_of(case).public_id}/"
    )
    page = " ".join(answer.content.decode().split())
    row = page.split('<th scope="row">Follow-up</th>')[1].split("</tr>")[0]
    assert 'data-label="Sent">1</td>' in row
    assert 'data-label="Answered"><span class="muted">—</span>' in row
    assert "100" in row.split('data-label="Unsubscribed">')[1].split("</td>")[0]
