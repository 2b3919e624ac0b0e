"""The bench of the desk in small: every page answers, and each list shows what bare SQL finds."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from afterscore.kit import clock

pytestmark = pytest.mark.django_db
FILE = Path(__file__).resolve().parents[2] / "bench/desk.py"


def _bench() -> Any:
    spec = importlib.util.spec_from_file_location("bench_desk", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_each_list_shows_what_bare_sql_finds() -> None:
    bench = _bench()
    workspace, ana = bench.make_workspace()
    bench.fill(workspace, ana, cases=1_200, still_open=600)
    client = Client()
    client.force_login(ana.user)
    compared = 0
    with clock.at(bench.NOW):
        for name, (path, target, sql) in bench.pages(f"/w/{workspace.slug}/inbox/").items():
            page = client.get(path, headers={"HX-Target": target} if target else {})
            assert page.status_code == 200, name
            if sql and name not in bench.ROUGH:
                shown = [row.case.public_id for row in page.context["rows"]]
                assert shown == _first(sql, len(shown)), name
                compared += bool(shown)
    assert compared >= 10


def _first(sql: str, number: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT public_id FROM ({sql}) AS found")
        return [row[0] for row in cursor.fetchall()][: max(number, 1)]
