"""The system's Chromium, for tests that look at pages as people do.

`page` is a window on the live server that fails the test when a script breaks or when the page
asks another host for something; `open_page(width=320, dark=True)` gives further ones. Both say of
themselves what a person's browser says. `axe(page)` lists what keeps people out;
`screen_overflow(page)` says by how much one has to scroll sideways.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-blink-features=AutomationControlled",  # else pages are told that a program drives it
]
PERSONS_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
REPOSITORY = Path(__file__).resolve().parent.parent
FRONTEND = REPOSITORY / "frontend"
BUILT = REPOSITORY / "src/afterscore/kit/static/afterscore/survey.js"
AXE = FRONTEND / "node_modules/axe-core/axe.min.js"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"the browser is not here ({CHROMIUM} is absent)")
    _build_front_end()
    # Playwright keeps an event loop in this thread, in which Django would refuse to touch the
    # database; nothing here runs in that loop.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _build_front_end() -> None:
    if BUILT.exists() and AXE.exists():
        return
    if shutil.which("npm") is None:
        pytest.skip("the front end is not built, and there is no npm to build it")
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FRONTEND, check=True)
    subprocess.run(["node", "build.mjs"], cwd=FRONTEND, check=True)


class Busy:
    """What the live server is still working on: a window may close before its last word is saved,
    and the tables are emptied for the next test only after that."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._count = 0
        self._changed = threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self._add(1)
        try:
            return self._application(environ, start_response)
        finally:
            self._add(-1)

    def wait(self, seconds: float = 10) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._count == 0, seconds), "still at work"

    def _add(self, number: int) -> None:
        with self._changed:
            self._count += number
            self._changed.notify_all()


@pytest.fixture(scope="session")
def busy(live_server: Any) -> Busy:
    server = live_server.thread.httpd
    busy = Busy(server.get_app())
    server.set_app(busy)
    return busy


@pytest.fixture
def open_page(browser: Browser, live_server: Any, busy: Busy) -> Iterator[OpenPage]:
    """Opens a window: `width` and `height` in pixels, `dark`, and Playwright's own options."""
    contexts, troubles = [], []

    def note_request(url: str) -> None:
        if not url.startswith((live_server.url, "data:", "blob:")):
            troubles.append(f"asked another host: {url}")

    def open_page(
        *, width: int = 1280, height: int = 800, dark: bool = False, **options: Any
    ) -> Page:
        options.setdefault("user_agent", PERSONS_AGENT)
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: troubles.append(f"a script broke: {error}"))
        page.on("request", lambda request: note_request(request.url))
        return page

    yield open_page
    for context in contexts:
        context.close()
    busy.wait()
    assert troubles == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def axe(page: Page) -> list[str]:
    """Every violation that axe-core finds, with the elements; nothing is left out or excused."""
    return [
        f"{violation['id']}: {violation['help']} ({node['html']})"
        for violation in violations(page)
        for node in violation["nodes"]
    ]


def violations(page: Page, rules: Sequence[str] = ()) -> list[dict[str, Any]]:
    """By these rules of axe-core, or by all. What it finds in order is not carried over to us, and
    nothing is fetched twice: no rule for pages without sound or film needs it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = list(rules)
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(options).then(found => found.violations)", options
    )
    return found


def screen_overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
