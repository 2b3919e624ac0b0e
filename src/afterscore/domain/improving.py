"""The life of an improvement: from somebody's proposal to what customers hear of it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    PROPOSED = "proposed"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def is_ended(self) -> bool:
        return self in (State.DONE, State.DROPPED)


# What is absent is not allowed. What was done can turn out not to be; what was dropped comes back
# as a proposal.
_MOVES = {
    State.PROPOSED: (State.PLANNED, State.IN_PROGRESS, State.DONE, State.DROPPED),
    State.PLANNED: (State.IN_PROGRESS, State.DONE, State.PROPOSED, State.DROPPED),
    State.IN_PROGRESS: (State.DONE, State.PLANNED, State.DROPPED),
    State.DONE: (State.IN_PROGRESS,),
    State.DROPPED: (State.PROPOSED,),
}


class NotAllowed(Exception):
    """A move that an improvement in this state does not take; its text is a sentence."""

    def __init__(self, state: State, to: State) -> None:
        now, then = state.label.lower(), to.label.lower()
        super().__init__(f"This improvement is {now}; it cannot become {then} from there.")


def moves_from(state: State) -> tuple[State, ...]:
    """Where it may go, the usual next step first."""
    return _MOVES[state]


def move(state: State, to: State) -> State:
    if to not in _MOVES[state]:
        raise NotAllowed(state, to)
    return to
