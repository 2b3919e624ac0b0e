"""What every channel promises; a new line in the registry is greeted here."""

from __future__ import annotations

import pytest

from afterscore.outreach import channels
from afterscore.outreach.channels import Accepted, Letter, Outcome, Untried, Way
from tests.outreach import mail_server, provider_server

CONTENT = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: Hello\r\n\r\nHello.\r\n"


@pytest.fixture(params=sorted(channels.CHANNELS))
def channel(request):
    with mail_server.running() as server, provider_server.running() as provider:
        ways = {
            "smtp": Way("test", "smtp", secrets={"url": f"smtp://127.0.0.1:{server.port}"}),
            "provider": provider.way(),
        }
        made = channels.make(ways.get(request.param, Way("test", request.param)))
        made.open()
        yield made
        made.close()


def _letters(count: int) -> list[Letter]:
    return [Letter(n, "a@example.com", f"b{n}@example.com", CONTENT) for n in range(count)]


def _deliver(channel, letters: list[Letter], hand_off) -> list[Outcome]:
    return [outcome for some in channel.deliver(letters, hand_off) for outcome in some]


def test_each_letter_gets_one_outcome(channel) -> None:
    outcomes = _deliver(channel, _letters(5), frozenset)
    assert sorted(outcome.number for outcome in outcomes) == [0, 1, 2, 3, 4]
    assert all(isinstance(outcome, Accepted) and outcome.reply for outcome in outcomes)


def test_nothing_leaves_without_being_asked_for(channel) -> None:
    asked: list[int] = []

    def refuse(numbers) -> frozenset[int]:
        asked.extend(numbers)
        return frozenset()

    outcomes = _deliver(channel, _letters(3), refuse)
    assert all(isinstance(outcome, Untried) for outcome in outcomes)
    assert len(outcomes) == 3
    assert set(asked) <= {0, 1, 2}


def test_nothing_is_asked_for_twice(channel) -> None:
    asked: list[int] = []

    def note(numbers) -> frozenset[int]:
        asked.extend(numbers)
        return frozenset(numbers)

    _deliver(channel, _letters(4), note)
    assert sorted(asked) == [0, 1, 2, 3]


def test_no_letters_is_nothing_to_do(channel) -> None:
    assert _deliver(channel, [], frozenset) == []


def test_a_batch_is_small_enough_to_lose(channel) -> None:
    assert 1 <= channel.handful <= channel.batch_size <= 1000


def test_opening_twice_is_harmless(channel) -> None:
    channel.open()
    assert len(_deliver(channel, _letters(1), frozenset)) == 1


def test_closing_twice_is_harmless(channel) -> None:
    channel.close()
    channel.close()


def test_an_unknown_channel_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        channels.make(Way("test", "pigeon"))
