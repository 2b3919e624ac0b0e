from __future__ import annotations

import itertools

import pytest

from afterscore.domain import improving
from afterscore.domain.improving import NotAllowed, State


def test_a_proposal_is_planned_begun_and_done():
    state = State.PROPOSED
    for step in (State.PLANNED, State.IN_PROGRESS, State.DONE):
        state = improving.move(state, step)
    assert state is State.DONE


def test_every_move_is_either_listed_or_refused_with_a_sentence():
    for state, to in itertools.product(State, State):
        if to in improving.moves_from(state):
            assert improving.move(state, to) is to
        else:
            with pytest.raises(NotAllowed, match=r"cannot become .* from there\."):
                improving.move(state, to)


def test_no_state_is_a_dead_end():
    assert all(improving.moves_from(state) for state in State)
    assert [state for state in State if state.is_ended] == [State.DONE, State.DROPPED]
