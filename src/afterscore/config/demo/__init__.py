"""The demo workspace: a software company, its customers, and a year and a half of waves."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

SLUG = "harbourline"


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str
    password: str


def ensure(*, say: Callable[[str], object]) -> None:
    """Builds the demo unless it is there; takes a few minutes, once.

    An interrupted build leaves nothing behind that is taken for a whole one: it is begun anew.
    """
    if _path().exists():
        return
    from afterscore.config.demo import building
    from afterscore.kit import clock

    say("Filling the demo workspace; this takes a few minutes and happens once …")
    sign_in = SignIn(building.OWNER_EMAIL, secrets.token_urlsafe(9))
    building.build(slug=SLUG, password=sign_in.password, now=clock.now(), say=say)
    _write(sign_in)


def sign_in() -> SignIn | None:
    """How to sign in to the demo; None when there is no demo in this data folder."""
    path = _path()
    return SignIn(**json.loads(path.read_text())) if path.exists() else None


def _path() -> Path:
    folder: Path = settings.DATA_DIR
    return folder / "demo_sign_in.json"


def _write(sign_in: SignIn) -> None:
    draft = _path().with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(sign_in)))
    draft.replace(_path())
