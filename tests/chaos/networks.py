"""Machines that are none: network namespaces on a bridge of their own. Needs root and `ip`."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Host:
    name: str
    cable: str  # its end on the bridge

    @property
    def prefix(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def cut_off(self) -> None:
        """As if somebody had pulled the cable: nothing arrives, nobody is told."""
        _ip("link", "set", self.cable, "down")

    def plug_in(self) -> None:
        _ip("link", "set", self.cable, "up")


@dataclass(frozen=True)
class Network:
    address: str  # of this machine, on the bridge
    range: str
    hosts: tuple[Host, ...]


def why_not() -> str:
    """Why there can be no such network here; "" when there can."""
    if os.geteuid() != 0:
        return "needs root for network namespaces"
    if shutil.which("ip") is None:
        return "needs the program ip (iproute2)"
    test = subprocess.run(
        ["ip", "netns", "exec", "none-such", "true"], capture_output=True, text=True, check=False
    )
    return "" if "none-such" in test.stderr else f"no network namespaces here: {test.stderr}"


@contextlib.contextmanager
def laid(number: int) -> Iterator[Network]:
    """A bridge and so many hosts on it; all of it goes at the end."""
    mark = os.getpid() % 100_000
    first, second = 128 + mark % 100, mark // 100 % 250
    bridge, start = f"ab{mark}", f"10.{first}.{second}"
    hosts = tuple(Host(f"afterscore-{mark}-{n}", f"ac{mark}-{n}") for n in range(number))
    try:
        _ip("link", "add", bridge, "type", "bridge")
        _ip("address", "add", f"{start}.1/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for n, host in enumerate(hosts):
            _connect(host, bridge, f"{start}.{n + 2}/24", inner=f"ad{mark}-{n}")
        yield Network(f"{start}.1", f"{start}.0/24", hosts)
    finally:
        for host in hosts:
            _ip_quietly("netns", "delete", host.name)
            _ip_quietly("link", "delete", host.cable)
        _ip_quietly("link", "delete", bridge)


def _connect(host: Host, bridge: str, address: str, *, inner: str) -> None:
    _ip("netns", "add", host.name)
    _ip("link", "add", host.cable, "type", "veth", "peer", "name", inner)
    _ip("link", "set", inner, "netns", host.name)
    _ip("link", "set", host.cable, "master", bridge, "up")
    _ip("-n", host.name, "address", "add", address, "dev", inner)
    _ip("-n", host.name, "link", "set", inner, "up")
    _ip("-n", host.name, "link", "set", "lo", "up")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _ip_quietly(*arguments: str) -> None:
    """What is not there any more needs no removing."""
    subprocess.run(["ip", *arguments], check=False, capture_output=True)
