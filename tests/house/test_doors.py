"""Every address of the product, tried by people who have no business there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.people import People

VALUES = {"str": "x", "slug": "x", "int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}


def desk_routes() -> Iterator[tuple[str, str]]:
    """(name, path below /w/<workspace>/) of every page behind the sign-in."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern).startswith("w/"):
            yield from _walk(resolver, "/")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = prefix + _filled(str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield f"{resolver.namespace}:{entry.name}", path
        else:
            yield from _walk(entry, path)


def _filled(route: str) -> str:
    import re

    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES[found[1] or "str"], route)


ROUTES = sorted(desk_routes())
HER_OWN = {
    "notices:mine",  # what she hears, and whether she is named
    "cases:save_view",  # a list that she comes back to
    "cases:watch",
    "cases:see",
    "reports:language",  # in which she reads
}


@pytest.mark.parametrize(("name", "path"), ROUTES)
def test_a_stranger_gets_a_404(people: People, name: str, path: str) -> None:
    eve = people.client(people.eve)
    for method in (eve.get, eve.post):
        assert method(f"/w/harbourline{path}").status_code == 404, name


@pytest.mark.parametrize(("name", "path"), ROUTES)
def test_whoever_is_not_signed_in_is_asked_to(people: People, name: str, path: str) -> None:
    answer = Client().get(f"/w/harbourline{path}")
    assert answer.status_code == 302, name
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("name", "path"), ROUTES)
def test_a_viewer_changes_nothing(people: People, name: str, path: str) -> None:
    """A POST by a viewer is refused, or meets a page that does not exist or takes none; but for
    what is about herself alone."""
    if name in HER_OWN:
        pytest.skip("everybody's own choice")
    answer = people.client(people.vic).post(f"/w/harbourline{path}")
    assert answer.status_code in {403, 404, 405}, f"{name}: {answer.status_code}"


def test_there_are_pages_to_try() -> None:
    assert len(ROUTES) > 8
