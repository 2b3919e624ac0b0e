"""Three automated messages for an invitation, whatever is set and changed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Count

import afterscore
from afterscore.domain.reminders import MAX_INVITATION_MESSAGES
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Message
from afterscore.programs import operations
from afterscore.programs.models import Wave
from tests.people import NOW, People
from tests.programs import scene

KINDS = ("heads_up", "invitation", "reminder")
EVERYTHING = [
    {"heads_up": ahead, "reminders": reminders, "heads_up_hold_out": 50, "reminder_hold_out": 0}
    for ahead in ("none", "mail", "call")
    for reminders in range(4)
]
PLANNING = {
    "programs/operations/launching.py",
    "programs/operations/reminding.py",
    "cases/operations/writing.py",
}
"""Each asks `domain.reminders` first: by its plan, `may_remind`, `may_follow_up`."""


def most_of_anybody(wave: Wave) -> int:
    counted = Message.objects.filter(stream=wave.public_id).values("contact").order_by()
    return max(counted.annotate(messages=Count("id")).values_list("messages", flat=True))


def play(wave: Wave) -> None:
    """Everything is sent, nobody answers, and every hour looks for second reminders."""
    for kind in KINDS:
        scene.send(wave, kind=kind)
    for days in (20, 25, 29):
        operations.remind_again(now=NOW + timedelta(days=days))
        scene.send(wave, kind="reminder")


@pytest.mark.parametrize("touches", EVERYTHING, ids=str)
def test_no_setting_passes_three_messages(people: People, touches: dict[str, object]):
    """Everybody opted in, so that second reminders are unlocked as far as they ever are."""
    scene.contacts(people.workspace, 8, consent_basis="opt_in")
    messages = 1 + int(str(touches["reminders"])) + (touches["heads_up"] == "mail")
    if messages > MAX_INVITATION_MESSAGES:
        with pytest.raises(Refused, match=r"found 3\.|nobody gets more than") as refused:
            scene.program(people.workspace, {"touches": touches})
        assert str(refused.value.field).startswith("touches.")
        return
    program = scene.program(people.workspace, {"touches": touches})
    wave = scene.launch(program)
    play(wave)
    assert most_of_anybody(wave) <= MAX_INVITATION_MESSAGES


@pytest.mark.parametrize("ahead", ["none", "mail", "call"])
def test_neither_does_a_change_while_the_wave_is_under_way(people: People, ahead: str):
    scene.contacts(people.workspace, 8, consent_basis="opt_in")
    first = {"heads_up": ahead, "heads_up_hold_out": 50, "reminders": 1}
    wave = scene.launch(scene.program(people.workspace, {"touches": first}))
    for second in ({"heads_up": "none", "reminders": 2}, {"heads_up": "call", "reminders": 2}):
        scene.program(people.workspace, {"touches": second})
        wave.program.refresh_from_db()
        play(wave)
    assert most_of_anybody(wave) == MAX_INVITATION_MESSAGES


def test_messages_are_planned_where_the_caps_are_asked_and_nowhere_else():
    source = Path(afterscore.__file__).parent
    planning = re.compile(r"(?<!def )\bplan_messages\(|\bMessage\.objects\.(bulk_)?create\(")
    found = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if planning.search(path.read_text(encoding="utf-8"))
    }
    assert found == PLANNING
