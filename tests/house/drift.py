"""Does what is written down still equal the code? `python -m tests.house.drift [--write]`

Migrations against models, docs/api/openapi.json against the API.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests import database  # noqa: F401 (starts a private PostgreSQL)

OPENAPI = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"


def described() -> str:
    from afterscore.config.api import api

    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), indent=2) + "\n"


def main() -> int:
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.management.base import CommandError

    if "--write" in sys.argv:
        OPENAPI.parent.mkdir(parents=True, exist_ok=True)
        OPENAPI.write_text(described())
        return 0
    wrong = 0
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except (CommandError, SystemExit):
        print("Models and migrations differ: add a migration.")  # noqa: T201
        wrong = 1
    if not OPENAPI.exists() or OPENAPI.read_text() != described():
        print("docs/api/openapi.json is not what the code offers: run make openapi")  # noqa: T201
        wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
