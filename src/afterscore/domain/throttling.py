"""How many mails a minute one mail server is sent, at most.

Large mailbox providers put off, and later distrust, a sender who comes too fast. They publish no
figures, so ours are cautious guesses: a wave of 1,000 to one of them takes 8 to 50 minutes, which
nobody notices, because it asks for an answer within days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

_MINUTE = timedelta(minutes=1)
BURST_SHARE = 20  # a twentieth of a minute's worth, three seconds, may leave at once


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket that holds `burst` tokens and gains `refill` a minute.

    The two are chosen so that no minute, wherever it begins, sees more than `per_minute`: the
    bucket may be full at its start, so what flows in meanwhile is less by what it holds.
    """

    per_minute: int

    def __post_init__(self) -> None:
        if self.per_minute < 1:
            raise ValueError("a rate is one a minute or more")

    @property
    def burst(self) -> int:
        return max(1, self.per_minute // BURST_SHARE)

    @property
    def refill(self) -> int:
        return self.per_minute - self.burst + 1

    @property
    def gap(self) -> timedelta:
        """Between two tokens."""
        return _MINUTE / self.refill


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    per_minute: int
    domains: tuple[str, ...]


PROVIDERS = (
    Provider("Google", 120, ("gmail.com", "googlemail.com")),
    Provider(
        "Microsoft",
        60,
        (
            "outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de", "outlook.fr",
            "outlook.es", "outlook.it", "hotmail.de", "hotmail.fr", "hotmail.co.uk", "hotmail.it",
            "hotmail.es", "live.de", "live.fr", "live.co.uk", "live.nl",
        ),
    ),
    Provider(
        "Yahoo",
        60,
        (
            "yahoo.com", "ymail.com", "rocketmail.com", "yahoo.de", "yahoo.fr", "yahoo.co.uk",
            "yahoo.es", "yahoo.it", "yahoo.co.in", "yahoo.com.br", "aol.com", "aim.com",
        ),
    ),
    Provider("Apple", 60, ("icloud.com", "me.com", "mac.com")),
    Provider("United Internet", 60, ("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de")),
    Provider("Telekom", 30, ("t-online.de", "magenta.de")),
    Provider("Orange", 20, ("orange.fr", "wanadoo.fr")),
    Provider("Free", 30, ("free.fr",)),
    Provider("La Poste", 30, ("laposte.net",)),
    Provider("SFR", 30, ("sfr.fr", "neuf.fr")),
    Provider("Comcast", 60, ("comcast.net", "xfinity.com")),
    Provider("NetEase", 30, ("163.com", "126.com", "yeah.net")),
    Provider("Tencent", 30, ("qq.com", "foxmail.com")),
    Provider("Mail.ru", 60, ("mail.ru", "inbox.ru", "list.ru", "bk.ru")),
    Provider("Yandex", 60, ("yandex.ru", "ya.ru", "yandex.com")),
    Provider("Libero", 30, ("libero.it", "virgilio.it")),
    Provider("Proton", 60, ("proton.me", "protonmail.com", "pm.me")),
)  # fmt: skip
_BY_DOMAIN = {domain: provider for provider in PROVIDERS for domain in provider.domains}


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one bucket: all domains of a provider share it."""

    key: str
    name: str
    rate: Rate


def limit_of(email: str, chosen: Mapping[str, int]) -> Limit | None:
    """`chosen` are an install's own rates by domain, 0 for none; they go before ours, and stand
    for a whole provider where the domain is one of its own. None: as fast as it goes."""
    domain = email.rpartition("@")[2].lower()
    provider = _BY_DOMAIN.get(domain)
    domains = provider.domains if provider else (domain,)
    own = next((chosen[each] for each in (domain, *domains) if each in chosen), None)
    per_minute = own if own is not None else provider.per_minute if provider else 0
    if not per_minute:
        return None
    name = provider.name if provider else domain
    return Limit(f"domain:{domains[0]}", name, Rate(per_minute))


def parse_rates(text: str) -> dict[str, int]:
    """`gmail.com=300 hotmail.com=0`. Raises ValueError with the entry that cannot be read."""
    rates = {}
    for entry in text.replace(",", " ").split():
        domain, _, number = entry.partition("=")
        if "." not in domain or not (number.isascii() and number.isdecimal()):
            raise ValueError(f"{entry!r} is not written like gmail.com=300")
        rates[domain.lower()] = int(number)
    return rates
