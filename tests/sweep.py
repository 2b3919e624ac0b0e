"""Every page of the desk, found as a person finds it: by following the links.

`explore` walks from page to page and says which address belongs to which entry of the URL
configuration; what nothing leads to is missing from it. A `Window` shows pages in the browser
without a server: the application answers each request itself, within the test's own transaction.
"""

from __future__ import annotations

import html
import mimetypes
import re
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

from afterscore.kit import clock
from tests.browser import AXE, PERSONS_AGENT, screen_overflow, violations

ORIGIN = "http://localhost"
LINK = re.compile(r'\bhref="([^"#]+)')
DESK, PHONE = (1440, 900), (390, 780)
OF_COLOURS = ("color-contrast", "link-in-text-block")  # all that another theme can break
# Colours change at once, as for those who asked their machine for less motion.
AT_REST = """const still = new CSSStyleSheet();
still.replaceSync('*, ::before, ::after { transition: none !important }');
document.adoptedStyleSheets = [still]"""
# Rows that are alike need not be looked at fifty times.
SHORTEN = """for (const list of document.querySelectorAll('tbody, ul, ol'))
  if (list.children.length > 12) [...list.children].slice(8).forEach(row => row.remove())"""


def names_below(prefix: str) -> set[str]:
    """What the URL configuration calls the addresses below this one."""
    return {
        name
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and str(resolver.pattern).startswith(prefix)
        for name in _walk(resolver)
    }


def _walk(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{resolver.namespace}:{entry.name}"
        else:
            yield from _walk(entry)


def explore(client: Client, starts: Iterable[str]) -> dict[str, str]:
    """By the name of each kind of page that links lead to: the first address of it. Links are
    read on that page, and on each of `starts`."""
    found: dict[str, str] = {}
    waiting = deque(starts)
    begun, seen = set(waiting), set(waiting)
    while waiting:
        address = waiting.popleft()
        name = _name_of(address)
        if name is None or (name in found and address not in begun):
            continue
        answer = client.get(address)
        if not _is_page(answer):
            continue
        found.setdefault(name, address)
        for further in _links(address, answer.content.decode()):
            if further not in seen:
                seen.add(further)
                waiting.append(further)
    return found


def acts_only(client: Client, name: str, workspace: str) -> bool:
    """Whether this address takes a POST and shows nothing."""
    return client.get(_some_address(name, workspace)).status_code == 405


def _some_address(name: str, workspace: str) -> str:
    namespace, _, short = name.partition(":")
    routes = get_resolver().namespace_dict[namespace][1].reverse_dict.getlist(short)
    wanted = {key for possible, *_rest in routes[:1] for _text, keys in possible for key in keys}
    return reverse(name, kwargs=dict.fromkeys(wanted, "x") | {"workspace": workspace})


def _links(address: str, page: str) -> Iterator[str]:
    for link in LINK.findall(page):
        further = urljoin(address, html.unescape(link))
        if further.startswith(("/w/", "/accounts/")):
            yield further


def _name_of(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return None


def _is_page(answer: Any) -> bool:
    """Neither a download nor a part of a page."""
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return False
    return b"<!doctype" in answer.content[:200]


class Window:
    """A tab of the browser in which `client` is at home, at the instant `now`."""

    def __init__(self, browser: Browser, client: Client, now: datetime) -> None:
        self.client, self.now = client, now
        self.connection = connections["default"]
        self.files: dict[str, tuple[str, bytes]] = {}
        self.troubles: list[str] = []
        self.looks: tuple[tuple[int, int], str] | None = None
        context = browser.new_context(base_url=ORIGIN, user_agent=PERSONS_AGENT)
        context.set_default_timeout(60_000)
        context.add_init_script(AXE.read_text(encoding="utf-8"))
        context.add_init_script(AT_REST)
        context.route("**/*", self._answer)
        self.page: Page = context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.troubles.append(f"a script broke: {error}"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.page.context.close()

    def look_at(self, address: str) -> list[str]:
        """Everything that is wrong with this page, on a desk and a phone, by day and by night."""
        self.troubles.clear()
        self._turn_to(PHONE, "light")
        self.page.goto(address)
        found = [*self._widths(), *_headings(self.page), *self._barriers()]
        return [f"{address}: {each}" for each in [*found, *self.troubles]]

    def _widths(self) -> Iterator[str]:
        for size in (PHONE, DESK):
            self._turn_to(size, "light")
            if over := screen_overflow(self.page):
                yield f"{over} pixels too wide for {size[0]}"

    def _barriers(self) -> Iterator[str]:
        self.page.evaluate(SHORTEN)
        for size, theme in ((DESK, "light"), (DESK, "dark"), (PHONE, "dark"), (PHONE, "light")):
            self._turn_to(size, theme)
            for fault in _axe(self.page, OF_COLOURS if theme == "dark" else ()):
                yield f"{fault} ({size[0]} {theme})"

    def _turn_to(self, size: tuple[int, int], theme: Any) -> None:
        if self.looks != (size, theme):
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            self.looks = (size, theme)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"the console says: {message.text}")

    def _answer(self, route: Route) -> None:
        """Playwright calls from a context of its own, which has no connection to the database."""
        connections["default"] = self.connection
        path = route.request.url.removeprefix(ORIGIN)
        if not path.startswith("/"):
            self.troubles.append(f"asked another host: {path}")
            route.abort()
        elif path.startswith("/static/"):
            kind, body = self.files.get(path) or self._read(path)
            route.fulfill(body=body, content_type=kind)
        else:
            with clock.at(self.now):
                answer = _ask(self.client, path, route.request)
            headers = dict(answer.headers.items())
            route.fulfill(status=answer.status_code, body=answer.content, headers=headers)

    def _read(self, path: str) -> tuple[str, bytes]:
        file = Path(str(finders.find(path.removeprefix("/static/"))))
        self.files[path] = (mimetypes.guess_type(file.name)[0] or "", file.read_bytes())
        return self.files[path]


def _ask(client: Client, path: str, request: Request) -> Any:
    wanted = {name: text for name, text in request.headers.items() if name.startswith("hx-")}
    kind = request.headers.get("content-type", "text/plain")
    body = request.post_data_buffer or b""
    return client.generic(request.method, path, body, content_type=kind, headers=wanted)


def _headings(page: Page) -> Iterator[str]:
    headings = page.locator("h1:visible").all_inner_texts()
    if len(headings) != 1:
        yield f"has not one main heading but {headings}"


def _axe(page: Page, rules: tuple[str, ...]) -> list[str]:
    return [
        f"{violation['id']} in {node['html'][:160]}: {node['failureSummary'][:300]}"
        for violation in violations(page, rules)
        for node in violation["nodes"]
    ]
