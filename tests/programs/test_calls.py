"""A word ahead by phone: to whom, with what outcome, and what it changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterscore.customers.models import Contact
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, HeadsUpCall, Wave
from tests.people import NOW, People
from tests.programs import scene

CALLS = {"sender": "account_owner", "touches": {"heads_up": "call", "heads_up_hold_out": 0}}
PAGE = "/w/harbourline/programs/calls/"


@pytest.fixture
def nora(people: People) -> Contact:
    account = scene.account(people.workspace, owner=people.ana)
    return scene.contact(people.workspace, account=account, language="de")


@pytest.fixture
def wave(people: People, nora: Contact) -> Wave:
    return scene.launch(scene.program(people.workspace, CALLS))


@pytest.fixture
def call(wave: Wave) -> HeadsUpCall:
    return HeadsUpCall.objects.get()


def record(call: HeadsUpCall, outcome: str) -> None:
    operations.record_call(call=call, outcome=outcome, actor=SYSTEM, now=NOW)


def kinds(wave: Wave) -> list[tuple[str, str]]:
    return [(message.kind, message.state) for message in scene.messages_of(wave)]


# The launch


def test_the_owner_is_to_call_before_the_invitation_is_due(
    people: People, wave: Wave, call: HeadsUpCall
):
    invitation = scene.messages_of(wave)[0]
    assert (invitation.kind, call.owner, call.due_at) == (
        "invitation",
        people.ana,
        invitation.due_at,
    )
    assert invitation.due_at >= NOW + timedelta(days=3)


def test_where_nobody_looks_after_the_account_nobody_is_to_call(people: People):
    scene.contact(people.workspace, "Otto")
    wave = scene.launch(scene.program(people.workspace, CALLS))

    assert not HeadsUpCall.objects.exists()
    assert Enrolment.objects.get(wave=wave).heads_up_arm == ""


def test_some_are_not_called_by_lot_and_asked_all_the_same(people: People):
    account = scene.account(people.workspace, owner=people.ana)
    scene.contacts(people.workspace, 20, account=account)
    touches = {"heads_up": "call", "heads_up_hold_out": 10}
    program = scene.program(people.workspace, {"touches": touches})
    preview = queries.preview(program=program, now=NOW)
    wave = scene.launch(program)

    told = queries.tell(preview, zone="UTC")
    assert "Before that, 18 people are called by the owner of their account." in told

    assert HeadsUpCall.objects.count() == 18
    assert Enrolment.objects.filter(wave=wave, heads_up_arm="held_out").count() == 2
    assert sum(kind == "invitation" for kind, _ in kinds(wave)) == 20


def test_a_call_is_no_automated_message(people: People, nora: Contact):
    two = {"touches": {"heads_up": "call", "heads_up_hold_out": 0, "reminders": 2}}
    program = scene.program(people.workspace, two)
    assert program.reminders == 2
    with pytest.raises(Refused, match="nobody gets more than 3"):
        scene.program(people.workspace, {"touches": {"heads_up": "mail", "reminders": 2}})


# The outcome


@pytest.mark.parametrize("outcome", ["reached", "not_reached", "skipped"])
def test_the_question_comes_as_planned(wave: Wave, call: HeadsUpCall, outcome: str):
    record(call, outcome)

    assert kinds(wave) == [("invitation", "planned"), ("reminder", "planned")]
    assert Fact.objects.get(name="heads_up.called").payload["outcome"] == outcome


def test_who_does_not_want_to_be_asked_is_not_asked(wave: Wave, nora: Contact, call: HeadsUpCall):
    record(call, "declined")

    assert kinds(wave) == [("invitation", "cancelled"), ("reminder", "cancelled")]
    row = scene.row_of(wave, nora)
    assert (row.state, row.stopped_why) == (
        "stopped",
        "Said on the phone that they do not want to be asked.",
    )


def test_a_no_stays_a_no(call: HeadsUpCall):
    record(call, "declined")
    with pytest.raises(Refused, match="taken back"):
        record(call, "reached")


def test_a_slip_may_be_corrected(call: HeadsUpCall):
    record(call, "not_reached")
    record(call, "reached")
    call.refresh_from_db()
    assert call.outcome == "reached"


def test_nothing_is_noted_of_a_closed_wave_or_without_an_outcome(wave: Wave, call: HeadsUpCall):
    with pytest.raises(Refused, match="Say what came of the call"):
        record(call, "")
    operations.close_wave(wave=wave, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="closed"):
        record(call, "reached")


def test_a_call_that_was_not_made_does_not_hold_the_invitation_up(wave: Wave, call: HeadsUpCall):
    """It simply stays on the list until the person answers or the wave ends."""
    scene.send(wave)
    assert kinds(wave)[0] == ("invitation", "sent")
    assert list(queries.list_calls_to_make(workspace=wave.workspace)) == [call]


def test_whoever_answered_need_not_be_called(wave: Wave, nora: Contact, call: HeadsUpCall):
    operations.mark_answered(enrolment=scene.row_of(wave, nora), now=NOW)
    assert not queries.list_calls_to_make(workspace=wave.workspace)


# The page


def test_the_list_says_whom_why_until_when_and_what_to_say(people: People, call: HeadsUpCall):
    with clock.at(NOW):
        page = people.client(people.ana).get(PAGE).content.decode()

    assert "Nora Lindqvist" in page
    assert "Relationship" in page
    assert "comes on 7 May 2026" in page
    assert 'lang="de"' in page
    assert "Harbourline" in page


def test_a_call_is_still_kind_when_the_question_has_gone_out(people: People, call: HeadsUpCall):
    with clock.at(NOW + timedelta(days=10)):
        page = people.client(people.ana).get(PAGE).content.decode()
    assert "was due on 7 May 2026; a call is still kind" in page


def test_others_see_it_among_everybodys(people: People, call: HeadsUpCall):
    olivia = people.client(people.olivia)
    assert "Nora Lindqvist" not in olivia.get(PAGE).content.decode()
    assert "Others still have calls to make" in olivia.get(PAGE).content.decode()
    page = olivia.get(f"{PAGE}?of=all").content.decode()
    assert "Ana calls" in page
    assert 'Mine <span class="muted figures">0</span>' in page
    assert """Everybody's <span class="muted figures">1</span>""" in page


def test_a_wave_says_how_many_calls_are_left(people: People, wave: Wave, call: HeadsUpCall):
    olivia, address = (
        people.client(people.olivia),
        f"/w/harbourline/programs/waves/{wave.public_id}/",
    )
    assert "<strong>1</strong> call to make</a>, none made." in olivia.get(address).content.decode()

    record(call, "reached")

    page = olivia.get(address).content.decode()
    assert "No call is left to make" in page
    assert ">1 made</a>." in page


def test_an_agent_notes_the_outcome_and_the_list_is_shorter(people: People, call: HeadsUpCall):
    ana = people.client(people.ana)
    answer = ana.post(f"{PAGE}{call.public_id}/", {"outcome": "reached", "note": "Glad to help"})

    assert answer.status_code == 302
    assert "No calls to make" in ana.get(PAGE).content.decode()
    assert "Glad to help" in ana.get(f"{PAGE}?of=all&show=made").content.decode()
    call.refresh_from_db()
    assert (call.outcome, call.done_by) == ("reached", f"member:{people.ana.public_id}")


def test_an_unknown_outcome_is_refused_on_the_page(people: People, call: HeadsUpCall):
    ana = people.client(people.ana)
    page = ana.post(f"{PAGE}{call.public_id}/", {"outcome": "shouted"}, follow=True)
    assert "Say what came of the call." in page.content.decode()


def test_a_viewer_only_reads(people: People, call: HeadsUpCall):
    vic = people.client(people.vic)
    assert "Not reached" not in vic.get(f"{PAGE}?of=all").content.decode()
    assert vic.post(f"{PAGE}{call.public_id}/", {"outcome": "reached"}).status_code == 403
