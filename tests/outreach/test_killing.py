"""A sender killed at any instant: nothing is lost, nothing is sent twice, the rest is listed."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import time
from collections import Counter

import pytest

from afterscore.kit import clock
from afterscore.outreach import sender
from afterscore.outreach.models import Message, State
from tests.outreach import children, mail_server
from tests.outreach.mail_server import SILENCE, MailServer
from tests.outreach.post import Post, minutes

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES = 150
KILLS = 4


def _kill(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGKILL)
    child.wait()
    # The time that the leases of the dead still run, over in an instant.
    Message.objects.filter(lease_until__isnull=False).update(lease_until=clock.now() - minutes(1))
    sender.recover()


def _wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


def _recipients(server: MailServer) -> Counter[str]:
    found = (re.search(rb"^To: .*?<(.+?)>", mail, re.MULTILINE) for mail in server.accepted)
    return Counter(match[1].decode() for match in found if match)


def test_killed_while_the_reply_is_awaited_it_is_in_doubt(post: Post) -> None:
    message = post.message()
    with mail_server.running(says={"dot": SILENCE}) as server:
        child = children.start(server)
        _wait_for(lambda: server.accepted)
        assert post.state(message) == State.HANDOFF
        _kill(child)
        assert post.state(message) == State.IN_DOUBT
    with mail_server.running() as server:
        assert children.start(server).wait() == 0
    assert not server.accepted


def test_killed_before_the_hand_off_it_is_sent_by_the_next(post: Post) -> None:
    message = post.message()
    with mail_server.running(says={"DATA": SILENCE}) as server:
        child = children.start(server)
        _wait_for(lambda: "DATA" in server.commands)
        assert post.state(message) == State.CLAIMED
        _kill(child)
        assert post.state(message) == State.DUE
    with mail_server.running() as server:
        assert children.start(server).wait() == 0
    assert len(server.accepted) == 1


def test_whenever_it_is_killed_nothing_is_lost_or_doubled(post: Post) -> None:
    post.plan(*(post.draft(post.contact(f"Guest {number}")) for number in range(MESSAGES)))
    with mail_server.running() as server:
        for _ in range(KILLS):
            enough = len(server.accepted) + random.randint(5, MESSAGES // (KILLS + 2))
            child = children.start(server)
            _wait_for(lambda enough=enough: len(server.accepted) >= enough)
            time.sleep(random.random() / 100)
            _kill(child)
        assert children.start(server).wait() == 0
    delivered = _recipients(server)
    states = dict(Message.objects.values_list("to_email", "state"))
    assert set(states.values()) <= {State.SENT, State.IN_DOUBT}
    assert set(delivered.values()) == {1}
    sent = {email for email, state in states.items() if state == State.SENT}
    assert sent <= set(delivered)
    assert len(states) - len(sent) <= KILLS  # at most the one that was open at each kill
