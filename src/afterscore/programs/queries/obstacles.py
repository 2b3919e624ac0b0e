"""What stands in the way of a launch, in sentences that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from afterscore.programs.models import Program
from afterscore.programs.queries import finding, sending
from afterscore.programs.queries.previewing import Preview
from afterscore.programs.queries.telling import say_day, say_reasons


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`field` is what is missing: postal_address, sender, wave or audience."""

    field: str
    text: str


def list_obstacles(*, program: Program) -> tuple[Obstacle, ...]:
    """Everything that prevents a launch, except that there is nobody to ask."""
    return tuple(_obstacles(program))


def _obstacles(program: Program) -> Iterator[Obstacle]:
    workspace = program.workspace
    if not workspace.postal_address.strip():
        yield Obstacle(
            "postal_address",
            "Every invitation shows a postal address, and this workspace has none. "
            "Add it in the settings.",
        )
    if sending.needs_workspace_sender(program) and not workspace.sender_email:
        yield Obstacle(
            "sender",
            "Nobody is named as the sender. Name a person in the program, or set the workspace's "
            "sender in the settings.",
        )
    wave = finding.find_open_wave(program=program)
    if wave is not None:
        closes = say_day(wave.closes_at, workspace.time_zone)
        state = wave.get_state_display().lower()
        yield Obstacle(
            "wave",
            f"Wave {wave.number} is still {state}. It closes on {closes}; close it first, or wait.",
        )


def nobody_to_ask(*, preview: Preview, zone: str) -> Obstacle | None:
    """None when there is somebody; else who is left out, and from when somebody may be asked."""
    if preview.asked:
        return None
    if not preview.left_out:
        return Obstacle("audience", "There is nobody to ask yet. Import your customers first.")
    reasons = say_reasons(preview.left_out)
    ends = [group.until for group in preview.left_out if group.until is not None]
    again = f" The first may be asked again from {say_day(min(ends), zone)}." if ends else ""
    return Obstacle("audience", f"Nobody can be asked now: {reasons}.{again}")
