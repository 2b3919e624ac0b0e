"""HTTP requests of which one knows whether they have begun to leave.

Names that do not resolve, ports that are closed, certificates that are wrong: then nothing left,
and nothing was taken. Once the first byte of a request is on its way, silence means doubt. The
exceptions of `requests` do not tell one from the other; the connection itself does.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Watch:
    """Of one session, which makes one request at a time."""

    def __init__(self) -> None:
        self.has_begun = False

    def reset(self) -> None:
        self.has_begun = False


Connect = Callable[[str, int], socket.socket]
"""Opens a connection to a host and a port, or refuses to by an OSError."""


class _Adapter(HTTPAdapter):
    def __init__(self, watch: Watch, connect: Connect | None) -> None:
        self._watch, self._connect = watch, connect
        super().__init__(pool_connections=2, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._watch, self._connect)


def _pools(watch: Watch, connect: Connect | None) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, self.port) if connect else super()._new_conn()

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            watch.has_begun = True
            super().send(data)

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, self.port) if connect else super()._new_conn()

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            watch.has_begun = True
            super().send(data)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def observe(
    session: requests.Session, watch: Watch, connect: Connect | None = None
) -> requests.Session:
    """The session tells `watch` when a request leaves, connects by `connect` where it is given, and
    follows no redirects: they would carry a key to where nobody meant it to go."""
    adapter = _Adapter(watch, connect)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.max_redirects = 0
    return session


def seconds_to_wait(headers: Mapping[str, str]) -> float:
    """For how long an answer asks not to be asked again; 0 where it does not say so legibly.

    Retry-After is a number of seconds or an instant (RFC 9110, 10.2.3). An instant is read by the
    other side's own clock, which stands in the same answer: ours may be wrong.
    """
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        instant, now = parsedate_to_datetime(said), parsedate_to_datetime(headers["Date"])
        return max(0.0, (instant - now).total_seconds())
    except (KeyError, TypeError, ValueError, OverflowError):
        return 0.0
