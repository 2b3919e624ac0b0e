"""What presses buttons: headless browsers that run scripts, fill in forms and send them.

They are imitations: they talk to the doors without a browser. `conduct` is what the page's script
would say of one; `test_measured.py` compares it with a real Chromium. Their waits are assumed.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.scanners.browsing import CHROME, HEADLESS, Visitor, some_address
from tests.scanners.mails import Mail

Clicker = Callable[[Mail, random.Random], None]


def _visitor(
    mail: Mail,
    chance: random.Random,
    agent: str = CHROME,
    *,
    soonest: float = 1,
    latest: float = 90,
) -> Visitor:
    visitor = Visitor(mail.left_at, agent, some_address(chance))
    return visitor.wait(chance.uniform(soonest, latest))


def _send(visitor: Visitor, mail: Mail, link: str, *, conduct: str = "", comment: str = "") -> None:
    """The page of one number, and its form sent as the browser would."""
    visitor.get(link)
    reach = float(conduct.split("+")[1]) / 1000 if conduct else 0.0
    visitor.wait(reach)
    score = link.partition("?score=")[2]
    told = f"&conduct={conduct}" if conduct else ""
    visitor.post(mail.path, f"score={score}&comment={comment}{told}")


def library(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance, "Go-http-client/2.0")
    for link in mail.links:
        visitor.get(link)
    _send(visitor, mail, chance.choice(mail.scores))


def library_in_disguise(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance)
    for link in mail.scores:
        _send(visitor, mail, link)


def library_that_writes(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance)
    for link in mail.scores:
        _send(visitor, mail, link, comment="hello")


def headless(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance, HEADLESS)
    _send(
        visitor, mail, chance.choice(mail.scores), conduct=f"mouse+{chance.randint(20, 400)}+0+1+1"
    )


def headless_that_writes(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance, HEADLESS)
    conduct = f"mouse+{chance.randint(20, 400)}+0+1+1"
    _send(visitor, mail, chance.choice(mail.scores), conduct=conduct, comment="test")


def stealth_on_every_link(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance)
    for link in chance.sample(mail.scores, 11):
        _send(visitor, mail, link, conduct=f"mouse+{chance.randint(20, 700)}+1+1+0")


def stealth_that_follows_all_then_waits(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance)
    for link in mail.links:
        visitor.get(link)
    conduct = f"mouse+{chance.randint(5_000, 30_000)}+1+1+0"
    _send(visitor, mail, chance.choice(mail.scores), conduct=conduct)


def stealth_that_waits(mail: Mail, chance: random.Random) -> None:
    """One link only, minutes later, a long look, then a press without a hand."""
    visitor = _visitor(mail, chance, soonest=300, latest=3_000)
    conduct = f"mouse+{chance.randint(3_000, 20_000)}+1+1+0"
    _send(visitor, mail, chance.choice(mail.scores), conduct=conduct)


def stealth_that_writes_at_once(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance, soonest=30, latest=3_000)
    conduct = f"mouse+{chance.randint(20, 500)}+1+1+0"
    _send(visitor, mail, chance.choice(mail.scores), conduct=conduct, comment="asdf")


def script_that_submits(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance, latest=3_000)
    conduct = f"none+{chance.randint(200, 9_000)}+-+0+0"
    _send(visitor, mail, chance.choice(mail.scores), conduct=conduct)


def script_on_every_link(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance)
    for link in mail.scores:
        comment = chance.choice(["", "hello"])
        _send(visitor, mail, link, conduct="none+900+-+0+0", comment=comment)


def many_addresses(mail: Mail, chance: random.Random) -> None:
    """The links are opened from everywhere, and one of the addresses sends."""
    visitor = _visitor(mail, chance)
    for link in mail.links:
        Visitor(visitor.at, CHROME, some_address(chance)).get(link)
    _send(
        visitor,
        mail,
        chance.choice(mail.scores),
        conduct=f"mouse+{chance.randint(800, 4_000)}+1+1+0",
    )


CLICKERS: dict[str, Clicker] = {
    "library, every link, one form": library,
    "library as a browser, every form": library_in_disguise,
    "library as a browser, writes": library_that_writes,
    "headless, one form": headless,
    "headless, one form, writes": headless_that_writes,
    "stealth, every form at once": stealth_on_every_link,
    "stealth, every link, waits, sends": stealth_that_follows_all_then_waits,
    "stealth, one link, waits, sends": stealth_that_waits,
    "stealth, one link, writes at once": stealth_that_writes_at_once,
    "script submits the form": script_that_submits,
    "script submits every form": script_on_every_link,
    "many addresses, one sends": many_addresses,
}


def waits_and_writes(mail: Mail, chance: random.Random) -> None:
    """One link, a long look, a press without a hand, and a comment: one sign is no proof."""
    visitor = _visitor(mail, chance, soonest=300, latest=3_000)
    conduct = f"mouse+{chance.randint(3_000, 20_000)}+1+1+0"
    _send(visitor, mail, chance.choice(mail.scores), conduct=conduct, comment="hello")


def imitates_a_hand(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance, soonest=300, latest=3_000)
    conduct = f"mouse+{chance.randint(1_500, 6_000)}+{chance.randint(50, 120)}+25+0"
    _send(visitor, mail, chance.choice(mail.scores), conduct=conduct)


IMITATORS: dict[str, Clicker] = {
    "one link, waits, writes": waits_and_writes,
    "one link, imitates a hand": imitates_a_hand,
}
"""Beyond what signs can tell; measured beside, and in no ratio."""
