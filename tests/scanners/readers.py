"""People, as they are: fast, slow, on two devices, with aids, without scripts, behind guards."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.scanners.browsing import CHROME, PHONE, Visitor, some_address
from tests.scanners.mails import Mail

Reader = Callable[[Mail, random.Random], None]
COMMENTS = 0.35
"""So many write something beside the number."""


def _reader(mail: Mail, chance: random.Random, agent: str = CHROME) -> Visitor:
    """Most mails are read within hours; one in fifty by somebody who sits before the inbox."""
    delay = chance.uniform(8, 40) if chance.random() < 0.02 else chance.lognormvariate(7.5, 1.5)
    return Visitor(mail.left_at, agent, some_address(chance)).wait(min(delay, 20 * 86_400))


def _pause(chance: random.Random, median: float = 2.2, spread: float = 0.6) -> float:
    """From the page to the first press, in seconds."""
    return max(0.25, chance.lognormvariate(0, spread) * median)


def _press(chance: random.Random) -> int:
    return max(25, round(chance.lognormvariate(4.45, 0.35)))


def _comment(chance: random.Random) -> str:
    return "Quick+and+friendly" if chance.random() < COMMENTS else ""


def _answer(
    visitor: Visitor, mail: Mail, chance: random.Random, *, conduct: str, reach: float
) -> None:
    """Follows one number, and sends; one in four picks another number on the page first."""
    visitor.get(chance.choice(mail.scores))
    visitor.wait(reach)
    score = chance.randint(0, 10)
    if conduct and chance.random() < 0.25:
        visitor.post(mail.path, f"score={score}&conduct={conduct}", in_background=True)
    visitor.wait(chance.uniform(0.5, 20))
    told = f"&conduct={conduct}" if conduct else ""
    visitor.post(mail.path, f"score={score}&comment={_comment(chance)}{told}")
    visitor.get(mail.path)


def with_a_mouse(mail: Mail, chance: random.Random) -> None:
    reach = _pause(chance)
    conduct = f"mouse+{reach * 1000:.0f}+{_press(chance)}+{chance.randint(3, 90)}+0"
    _answer(_reader(mail, chance), mail, chance, conduct=conduct, reach=reach)


def in_haste(mail: Mail, chance: random.Random) -> None:
    reach = _pause(chance, median=0.9, spread=0.4)
    conduct = f"mouse+{reach * 1000:.0f}+{_press(chance)}+{chance.randint(0, 20)}+0"
    _answer(_reader(mail, chance), mail, chance, conduct=conduct, reach=reach)


def slowly(mail: Mail, chance: random.Random) -> None:
    reach = _pause(chance, median=25)
    conduct = f"mouse+{reach * 1000:.0f}+{_press(chance) * 2}+{chance.randint(20, 400)}+0"
    _answer(_reader(mail, chance), mail, chance, conduct=conduct, reach=reach)


def with_a_finger(mail: Mail, chance: random.Random) -> None:
    reach = _pause(chance)
    conduct = f"touch+{reach * 1000:.0f}+{_press(chance)}+0+0"
    _answer(_reader(mail, chance, PHONE), mail, chance, conduct=conduct, reach=reach)


def with_the_keyboard(mail: Mail, chance: random.Random) -> None:
    reach = _pause(chance)
    conduct = f"key+{reach * 1000:.0f}+{_press(chance)}+0+0"
    _answer(_reader(mail, chance), mail, chance, conduct=conduct, reach=reach)


def without_scripts(mail: Mail, chance: random.Random) -> None:
    _answer(_reader(mail, chance), mail, chance, conduct="", reach=_pause(chance))


def with_a_screen_reader(mail: Mail, chance: random.Random) -> None:
    """Half of them press by the keyboard's events, most others bring a click without a press, and
    some readers bring a mouse's press that takes no time."""
    reach = _pause(chance, median=9)
    kind = chance.choices(["key+{}+40+0+0", "aid+{}+-+0+0", "mouse+{}+0+0+0"], [50, 40, 10])[0]
    conduct = kind.format(round(reach * 1000))
    _answer(_reader(mail, chance), mail, chance, conduct=conduct, reach=reach)


def on_two_devices(mail: Mail, chance: random.Random) -> None:
    """Opened on the phone in passing, answered at the desk; the script tells of the first look."""
    phone = _reader(mail, chance, PHONE)
    link = chance.choice(mail.scores)
    phone.get(link)
    phone.wait(6)
    told = f"score={link.partition('?score=')[2]}&means=opened&conduct=touch+3000+70+0+0"
    phone.post(mail.path, told, in_background=True)
    reach = _pause(chance)
    conduct = f"mouse+{reach * 1000:.0f}+{_press(chance)}+{chance.randint(3, 90)}+0"
    desk = Visitor(phone.at, CHROME, some_address(chance)).wait(chance.uniform(2, 7_200))
    _answer(desk, mail, chance, conduct=conduct, reach=reach)


def undecided(mail: Mail, chance: random.Random) -> None:
    """Follows two or three numbers of the mail before sending one."""
    visitor = _reader(mail, chance)
    for link in chance.sample(mail.scores, chance.choice([1, 1, 2])):
        visitor.get(link)
        visitor.wait(chance.uniform(3, 12))
    reach = _pause(chance)
    conduct = f"mouse+{reach * 1000:.0f}+{_press(chance)}+{chance.randint(3, 90)}+0"
    _answer(visitor, mail, chance, conduct=conduct, reach=reach)


def behind_a_guard(mail: Mail, chance: random.Random) -> None:
    """The guard opens every link as the mail comes in, and a third of them again the one that is
    clicked. One in four stands in the reader's own house and looks like a browser."""
    house = some_address(chance)
    is_own = chance.random() < 0.25
    guard = Visitor(mail.left_at, CHROME, house if is_own else some_address(chance)).wait(2)
    for link in mail.links:
        guard.get(link)
    reader = _reader(mail, chance)
    reader.address = house
    if chance.random() < 0.33:
        Visitor(reader.at, CHROME, guard.address).get(chance.choice(mail.scores))
    reach = _pause(chance)
    conduct = f"mouse+{reach * 1000:.0f}+{_press(chance)}+{chance.randint(3, 90)}+0"
    _answer(reader, mail, chance, conduct=conduct, reach=reach)


READERS: dict[str, tuple[Reader, int]] = {
    "mouse": (with_a_mouse, 30),
    "finger": (with_a_finger, 38),
    "in haste": (in_haste, 5),
    "slowly": (slowly, 5),
    "keyboard": (with_the_keyboard, 3),
    "without scripts": (without_scripts, 2),
    "screen reader": (with_a_screen_reader, 2),
    "two devices": (on_two_devices, 5),
    "undecided": (undecided, 3),
    "behind a guard": (behind_a_guard, 7),
}
"""With how many of a hundred they are assumed to be."""
