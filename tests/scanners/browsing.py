"""What visitors have in common: an address, a kind of agent, a clock, the product's real doors."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from afterscore.kit import clock

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
HEADLESS = CHROME.replace("Chrome/", "HeadlessChrome/")
_CLIENT = Client()
FORM = "application/x-www-form-urlencoded"


@dataclass
class Visitor:
    """Whoever follows a link. Time passes only by `wait`; a request takes a tenth of a second."""

    at: datetime
    agent: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)

    def wait(self, seconds: float) -> Visitor:
        self.at += timedelta(seconds=seconds)
        return self

    def get(self, path: str, **headers: str) -> str:
        return str(self._ask("get", path, headers=headers).content.decode())

    def head(self, path: str) -> None:
        self._ask("head", path)

    def post(self, path: str, body: str, *, in_background: bool = False) -> None:
        accepted = {"Accept": "application/json"} if in_background else {}
        self._ask("post", path, data=body, content_type=FORM, headers=accepted)

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        self.wait(0.1)
        headers = {"User-Agent": self.agent, **self.headers, **options.pop("headers", {})}
        _CLIENT.cookies.clear()
        with clock.at(self.at):
            answer = getattr(_CLIENT, method)(
                path, headers=headers, REMOTE_ADDR=self.address, **options
            )
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code}"
        return answer


def some_address(chance: random.Random) -> str:
    return f"{chance.randint(11, 99)}.{chance.randint(0, 255)}.{chance.randint(0, 255)}.7"
