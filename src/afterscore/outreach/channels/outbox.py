"""Without a mail server: every message counts as sent and is read on the outbox page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from afterscore.outreach.channels import Accepted, HandOff, Letter, Outcome, Untried, Way

KEPT = "Kept in the outbox: no mail server is set."


class Outbox:
    batch_size = 500
    handful = 500
    needs_content = False  # the page composes what it shows
    repeat_window = None

    def __init__(self, way: Way) -> None:
        self.way = way

    def open(self) -> None:
        """Always ready."""

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        allowed = hand_off([letter.number for letter in letters])
        yield [
            Accepted(letter.number, KEPT) if letter.number in allowed else Untried(letter.number)
            for letter in letters
        ]

    def close(self) -> None:
        """Nothing to end."""
