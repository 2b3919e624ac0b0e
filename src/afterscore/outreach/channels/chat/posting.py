"""One request to an address that somebody typed in.

It may lead anywhere, also to what only this machine can reach: the name is looked up once, every
address it has must be a public one or lie in a network that the install allows, and the connection
goes to just that address. Redirects and proxies are not followed.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from afterscore.outreach.channels import Unreachable, replies
from afterscore.outreach.channels.requesting import Watch, observe

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
ALL_SECONDS = 20.0  # an answer that comes letter by letter is cut off then
MOST_READ = 2_048  # bytes of an answer
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """`is_taken` None: it was handed over whole and nobody knows. `may_try_again`: certainly not
    taken now, perhaps later."""

    is_taken: bool | None
    said: str
    may_try_again: bool = False


class Forbidden(Unreachable):
    """The address leads into a network that is not for this."""


def check(url: str, *, allowed: Sequence[Network]) -> str:
    """What is wrong with an address as it is written; "" for nothing."""
    parts = urlsplit(url)
    if any(character.isspace() or not character.isprintable() for character in url):
        return "There is a space or an invisible character in the address. Copy it once more."
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        return "Copy the whole address that the chat shows; it begins with https://"
    if parts.username or parts.password:
        return "A name or password before the address is not supported."
    if parts.scheme == "http" and not allowed:
        return "The address has to begin with https://, so that nobody on the way can read it."
    return ""


def post(url: str, body: Mapping[str, Any], *, allowed: Sequence[Network]) -> Answer:
    """Raises Unreachable while nothing has left yet, Forbidden for where it may not go."""
    guard, watch = _Guard(tuple(allowed)), Watch()
    with observe(requests.Session(), watch, guard.connect) as session:
        session.trust_env = False  # a proxy would look the name up again, unguarded
        end = threading.Timer(ALL_SECONDS, guard.cut)
        end.start()
        try:
            reply = session.post(
                url,
                json=body,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                stream=True,
            )
            with reply:
                return _read(reply)
        except requests.TooManyRedirects:  # one is too many
            return Answer(is_taken=False, said="it leads elsewhere, which is not followed")
        except (requests.RequestException, HTTPError) as error:
            if guard.forbidden:
                raise Forbidden(guard.forbidden) from error
            if not watch.has_begun:
                raise Unreachable(_why(error)) from error
            return Answer(None, f"no clear answer came: {_why(error)}")
        finally:
            end.cancel()


def _read(reply: requests.Response) -> Answer:
    said = reply.raw.read(MOST_READ, decode_content=True).decode("utf-8", "replace")
    line = " ".join(said.split())[:200]
    text = f"{reply.status_code} {line}".strip()
    if 200 <= reply.status_code < 300:
        return Answer(is_taken=True, said=line)
    return Answer(is_taken=False, said=text, may_try_again=reply.status_code in _BUSY)


def _why(error: Exception) -> str:
    """The innermost reason: the ones around it speak of pools and retries."""
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    inner: BaseException = error
    while (cause := inner.__cause__ or inner.__context__) is not None:
        inner = cause
    return replies.reason(inner) if isinstance(inner, Exception) else str(inner)


class _Guard:
    """Connects only to where it may."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self.allowed = allowed
        self.forbidden = ""
        self._socket: socket.socket | None = None

    def connect(self, host: str, port: int) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        places = [place[0] for *_, place in found]
        wrong = next((place for place in places if not self._may(str(place))), None)
        if wrong is not None:
            self.forbidden = (
                f"{host} is {wrong}, an address inside a private network. Whoever runs this "
                "install can allow it with AFTERSCORE_CHAT_NETWORKS."
            )
            raise OSError(self.forbidden)
        self._socket = socket.create_connection((str(places[0]), port), timeout=CONNECT_SECONDS)
        return self._socket

    def cut(self) -> None:
        """Ends whatever is being waited for."""
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)

    def _may(self, place: str) -> bool:
        address = ipaddress.ip_address(place.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self.allowed):
            return True
        return address.is_global and not address.is_multicast and not _is_carrier(address)


_CARRIERS = tuple(
    ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
)


def _is_carrier(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """An IPv6 address that only stands for an IPv4 one, which might be a private one."""
    return any(address in network for network in _CARRIERS)
