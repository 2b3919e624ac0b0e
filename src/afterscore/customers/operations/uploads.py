"""Files of customers on disk: readable by us alone, gone when their import is over."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from afterscore.kit.errors import Refused

MAX_BYTES = 500 * 1024 * 1024
_CHUNK_BYTES = 1 << 20


def keep(file: BinaryIO, name: str) -> str:
    """Copies the file to `<name>.csv`; returns its SHA-256. Raises Refused when it is too large."""
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    size = 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as copy:
        while chunk := file.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > MAX_BYTES:
                remove(name)
                raise Refused("The file is larger than 500 MB. Cut it into parts.", field="file")
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / f"{name}.csv"


def remove(name: str) -> None:
    path_of(name).unlink(missing_ok=True)
