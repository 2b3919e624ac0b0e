from __future__ import annotations

import pytest

from afterscore.outreach.channels.memory import Memory
from tests.outreach.post import Post
from tests.people import People


@pytest.fixture
def post(people: People) -> Post:
    return Post(people.workspace)


@pytest.fixture
def memory(settings) -> type[Memory]:
    """The sender puts its letters into a list instead of onto the wire."""
    settings.AFTERSCORE_CHANNEL = "memory"
    Memory.letters.clear()
    return Memory
