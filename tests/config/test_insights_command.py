"""afterscore insights seal: files of answers, made at once."""

from __future__ import annotations

import contextlib

import pytest
from click.testing import CliRunner

from afterscore.config.cli import insights, session
from afterscore.insights.models import SealedMonth
from tests.insights.answering import MARCH, said
from tests.people import People

pytestmark = pytest.mark.django_db


def test_months_are_sealed_once_and_anew_when_asked(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "database", contextlib.nullcontext)
    said(people, 9, at=MARCH)
    slug = people.workspace.slug

    def seal(*options: str) -> str:
        done = CliRunner().invoke(insights.insights, ["seal", "--workspace", slug, *options])
        assert done.exit_code == 0, done.output
        return done.output

    assert "Sealed: 2026-03." in seal()
    assert "Nothing is due." in seal()
    first = SealedMonth.objects.get()
    assert "Sealed: 2026-03." in seal("--rebuild")
    assert SealedMonth.objects.get().pk != first.pk
