from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from afterscore.kit.errors import Refused

PORTS = {"none": 25, "starttls": 587, "tls": 465}
SCHEMES = frozenset({"smtp", "smtps"})


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    security: str  # none, starttls or tls


def parse_url(url: str) -> Server:
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host` (TLS at once).

    Without a user and another port, `smtp://host` is a relay next door, spoken to in the clear;
    `?security=none`, `starttls` or `tls` overrides. Raises Refused.
    """
    parts = urlsplit(url)
    security = parse_qs(parts.query).get("security", [_usual_security(parts)])[0]
    if parts.scheme not in SCHEMES or security not in PORTS or not parts.hostname:
        raise Refused(
            "The mail server is written like smtp://user:password@mail.example.com:587, "
            "or smtps://… where TLS starts at once."
        )
    return Server(
        host=parts.hostname,
        port=parts.port or PORTS[security],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
    )


def _usual_security(parts: SplitResult) -> str:
    if parts.scheme == "smtps":
        return "tls"
    return "starttls" if parts.username or parts.port == PORTS["starttls"] else "none"
