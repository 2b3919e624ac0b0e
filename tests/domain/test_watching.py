"""Which turns of a case a watcher hears of, and in which words."""

from __future__ import annotations

import pytest

from afterscore.domain.watching import Turn, describe, hears, turn_of


@pytest.mark.parametrize(
    ("name", "payload", "turn"),
    [
        ("case.customer_replied", {}, Turn.WROTE),
        ("case.noted", {"kind": "customer"}, Turn.WROTE),
        ("case.noted", {"kind": "note"}, None),
        ("case.noted", {"kind": "call"}, None),
        ("case.noted", {"kind": "automatic"}, None),
        ("check_back.answered", {"answer": "no"}, Turn.WROTE),
        ("check_back.answered", {"answer": "partly"}, Turn.WROTE),
        ("check_back.answered", {"answer": "yes"}, Turn.CONFIRMED),
        ("case.closed", {"outcome": "solved"}, Turn.CLOSED),
        ("case.reopened", {}, Turn.REOPENED),
        ("case.assigned", {"owner": "mem_1"}, Turn.HANDED_OVER),
        ("case.replied", {}, None),
        ("case.changed", {"changed": ["watchers"]}, None),
    ],
)
def test_turns_are_told_and_steps_are_not(
    name: str, payload: dict[str, object], turn: Turn | None
) -> None:
    assert turn_of(name, payload) is turn


@pytest.mark.parametrize("turn", list(Turn))
def test_nobody_hears_of_her_own_acts(turn: Turn) -> None:
    assert not hears("ana", turn=turn, actor="ana", owner="max")
    assert hears("ana", turn=turn, actor="max", owner="max")
    assert hears("ana", turn=turn, actor="", owner="")


@pytest.mark.parametrize("turn", list(Turn))
def test_an_owner_hears_only_of_what_her_day_does_not_say(turn: Turn) -> None:
    assert hears("ana", turn=turn, actor="max", owner="ana") is (
        turn in {Turn.CLOSED, Turn.CONFIRMED}
    )


@pytest.mark.parametrize(
    ("turn", "given", "sentence"),
    [
        (Turn.WROTE, {}, "Nora (Quay) wrote."),
        (Turn.CONFIRMED, {}, "Nora (Quay) says that it is solved."),
        (Turn.CLOSED, {"who": "Ana", "outcome": "solved"},
         "Ana closed the case of Nora (Quay): the problem is solved."),
        (Turn.CLOSED, {}, "The case of Nora (Quay) was closed."),
        (Turn.REOPENED, {"who": "Ana"}, "Ana opened the case of Nora (Quay) again."),
        (Turn.REOPENED, {}, "The case of Nora (Quay) is open again."),
        (Turn.HANDED_OVER, {"who": "Ana", "to": "Max"}, "Ana gave the case of Nora (Quay) to Max."),
        (Turn.HANDED_OVER, {"who": "Ana", "to": "Ana"}, "Ana took over the case of Nora (Quay)."),
        (Turn.HANDED_OVER, {"to": "Max"}, "Max has the case of Nora (Quay) now."),
        (Turn.HANDED_OVER, {"who": "Ana"}, "Ana gave the case of Nora (Quay) to somebody else."),
    ],
)  # fmt: skip
def test_each_is_one_sentence(turn: Turn, given: dict[str, str], sentence: str) -> None:
    assert describe(turn, whom="Nora (Quay)", **given) == sentence
