"""Where one is: the section of every page is marked in the navigation."""

from __future__ import annotations

import re

import pytest

from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("programs/", "Programs"),
        ("settings/company/", "Settings"),
        ("settings/routes/", "Settings"),
        ("settings/routes/new/", "Settings"),
        ("set-aside/", "Pulse"),
    ],
)
def test_every_page_is_within_one_section(people: People, path: str, section: str):
    client = people.client(people.olivia)

    page = client.get(f"/w/{people.workspace.slug}/{path}").content.decode()

    navigation = page[page.index('class="desk-nav') : page.index("</nav>")]
    marked = re.findall(r'<a [^>]*aria-current="page"[^>]*>(.*?)</a>', navigation, flags=re.DOTALL)
    assert [re.sub(r"<[^>]+>", "", each).strip() for each in marked] == [section]
