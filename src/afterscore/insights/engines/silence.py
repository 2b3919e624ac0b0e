from __future__ import annotations


class Silent(Exception):
    """The engine did not answer in time."""

    def __init__(self, engine: object, seconds: float) -> None:
        super().__init__(
            f"{engine} has not answered within {seconds:.0f} seconds: "
            "see whether its workers run and have cores and memory to give"
        )
