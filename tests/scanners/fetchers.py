"""What only fetches: guards of mailboxes, previews, proxies. None of it may leave a score."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.scanners.browsing import CHROME, HEADLESS, Visitor, some_address
from tests.scanners.mails import Mail

Fetcher = Callable[[Mail, random.Random], None]


def _visitor(mail: Mail, chance: random.Random, agent: str = CHROME, **headers: str) -> Visitor:
    return Visitor(mail.left_at, agent, some_address(chance), headers).wait(chance.uniform(1, 90))


def get_every_link(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance, "python-requests/2.31")
    for link in mail.links:
        visitor.get(link)


def pose_as_a_browser(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance)
    for link in chance.sample(mail.links, 2):
        visitor.head(link)
        visitor.get(link)


def ask_for_heads(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance, "Mozilla/5.0 (compatible; Barracuda Sentinel)")
    for link in mail.links:
        visitor.head(link)


def fetch_ahead(mail: Mail, chance: random.Random) -> None:
    visitor = _visitor(mail, chance)
    for link in mail.links[:2]:
        visitor.get(link, **{"Sec-Purpose": "prefetch;prerender"})


def proxy_images(mail: Mail, chance: random.Random) -> None:
    agent = (
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
    )
    visitor = _visitor(mail, chance, agent)
    for link in chance.sample(mail.links, 2):
        visitor.get(link)


def crawl(mail: Mail, chance: random.Random) -> None:
    """Follows the links of the pages too."""
    visitor = _visitor(mail, chance, "Mozilla/5.0 (compatible; MailGuardBot/2.0)")
    found: list[str] = [chance.choice(mail.scores)]
    for path in found:
        links = re.findall(r'href="(/[^"]+)"', visitor.get(path))
        found += [link for link in links if link.startswith("/s/") and link not in found]


def share_the_work(mail: Mail, chance: random.Random) -> None:
    """Each link from another address, within a second."""
    for link in chance.sample(mail.links, 3):
        _visitor(mail, chance).get(link)


def run_scripts_and_say_so(mail: Mail, chance: random.Random) -> None:
    """A headless browser in its natural state: the page's script tells nothing of its visit."""
    visitor = _visitor(mail, chance, HEADLESS)
    for link in chance.sample(mail.scores, 2):
        visitor.get(link)
        visitor.wait(6)


FETCHERS: dict[str, Fetcher] = {
    "GET of every link": get_every_link,
    "HEAD, then GET, as a browser": pose_as_a_browser,
    "HEAD of every link": ask_for_heads,
    "prefetch and prerender": fetch_ahead,
    "image proxy": proxy_images,
    "crawler": crawl,
    "many addresses": share_the_work,
    "headless browser that only looks": run_scripts_and_say_so,
}


def look_in_disguise(mail: Mail, chance: random.Random) -> None:
    """Runs scripts, hides what it is, opens each number for six seconds, and presses nothing."""
    visitor = _visitor(mail, chance)
    for link in chance.sample(mail.scores, chance.choice([1, 3, 11])):
        visitor.get(link)
        visitor.wait(5.5)
        score = link.partition("?score=")[2]
        told = f"score={score}&means=opened&conduct=none+5500+-+0+0"
        visitor.post(mail.path, told, in_background=True)
