from __future__ import annotations

from tests.people import NOW, People
from tests.programs import scene


def test_zero(people: People):
    nora = scene.contact(people.workspace)
    wave = scene.launch(scene.program(people.workspace))
    assert (wave.eligible, wave.excluded) == (1, 0)
    assert [(m.kind, m.step) for m in scene.messages_of(wave, nora)] == [("invitation", 0), ("reminder", 1)]
    assert NOW
