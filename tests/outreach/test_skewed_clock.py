"""A worker whose own clock is wrong leaves the work to others, and says why."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from afterscore.kit import clock
from afterscore.outreach import queries
from afterscore.outreach.models import Message, State
from tests.outreach import children, mail_server
from tests.outreach.post import Post
from tests.people import People

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed"),
]


@pytest.mark.parametrize("shift", ["+1h", "-1h"])
def test_a_worker_an_hour_off_sends_nothing_and_says_why(
    post: Post, people: People, shift: str
) -> None:
    message = post.message(due_at=clock.now() - timedelta(minutes=20))
    soon = post.message(post.contact("Ben Ito"), due_at=clock.now() + timedelta(minutes=30))
    with mail_server.running() as server:
        assert children.start(server, "faketime", "-f", shift).wait() == 0
        assert not server.accepted
        assert post.state(message) == State.PLANNED
        assert message.reason.startswith("This worker's clock and the database's differ by")
        assert "chrony" in message.reason

        late = queries.find_overdue(workspace=post.workspace, now=clock.now())
        assert late is not None
        assert late.reason == message.reason  # as the outbox shows it

        assert children.start(server).wait() == 0
    assert (post.state(message), message.reason) == (State.SENT, "")
    assert post.state(soon) == State.PLANNED
    assert Message.objects.filter(attempt__gt=1).count() == 0
