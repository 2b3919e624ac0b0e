"""Who fetches or sends a survey page, as far as a request tells: a network and a kind of agent.

Neither the address nor the agent's name leaves this file; what does is a keyed hash of the
network's prefix and of the kind.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from afterscore.domain import scanners
from afterscore.domain.scanners import Act, AgentKind, Means
from afterscore.kit import signing
from afterscore.responses.forms.submission import Submission, read_score

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PREFIXES = {4: 24, 6: 48}
_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_AHEAD_WORDS = ("prefetch", "prerender", "preview")


def read_visit(request: HttpRequest, *, at: datetime, is_trap: bool) -> scanners.Visit:
    agent = scanners.kind_of(request.headers.get("User-Agent", ""))
    return scanners.Visit(
        at=at,
        visitor=_visitor(_address(request), agent),
        agent=agent,
        method=str(request.method),
        score=read_score(request.GET.get("score", "")),
        is_trap=is_trap,
        is_prefetch=_is_ahead(request),
    )


def read_act(request: HttpRequest, submission: Submission, *, means: Means, at: datetime) -> Act:
    agent = scanners.kind_of(request.headers.get("User-Agent", ""))
    address = _address(request)
    return Act(
        at=at,
        means=means,
        has_comment=bool((submission.comment or "").strip()),
        visitor=_visitor(address, agent),
        agent=agent,
        conduct=submission.conduct,
        is_from_scanner_network=_is_listed(address),
        is_prefetch=_is_ahead(request),
    )


def _is_ahead(request: HttpRequest) -> bool:
    """The browser fetches the page in case it will be wanted; nobody has asked for it yet."""
    told = " ".join(request.headers.get(name, "") for name in _AHEAD).lower()
    return any(word in told for word in _AHEAD_WORDS)


def _address(request: HttpRequest) -> Address | None:
    """Of the browser: the last address that a proxy of ours has added, without proxies the peer."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    known = told[-proxies] if 0 < proxies <= len(told) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(known)
    except ValueError:  # a proxy that speaks through a socket file, or tells nonsense
        return None
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address


def _visitor(address: Address | None, agent: AgentKind) -> str:
    network = ""
    if address is not None:
        network = str(ipaddress.ip_network(f"{address}/{PREFIXES[address.version]}", strict=False))
    return signing.keyed_hash("visitor", f"{network} {agent}")


def _is_listed(address: Address | None) -> bool:
    networks = settings.AFTERSCORE_SCANNER_NETWORKS
    return address is not None and any(address in network for network in networks)
