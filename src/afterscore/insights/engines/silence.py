from __future__ import annotations

from afterscore.kit.errors import Unavailable


class Silent(Unavailable):
    """The engine did not answer in time."""

    def __init__(self, engine: object, seconds: float) -> None:
        super().__init__(
            f"{engine} has not answered within {seconds:.0f} seconds: "
            "see whether its workers run and have cores and memory to give"
        )
