"""Reads the environment. The only module that does."""

from __future__ import annotations

import ipaddress
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet

from afterscore.config import postgres
from afterscore.domain import throttling


def data_dir() -> Path:
    return Path(os.environ.get("AFTERSCORE_DATA_DIR", "data")).expanduser().resolve()


def ledger_dir(data: Path) -> Path:
    """Where it is written down what left the house; best on another disk than the database."""
    return Path(os.environ.get("AFTERSCORE_LEDGER_DIR", data / "ledger")).expanduser().resolve()


def mart_dir(data: Path) -> Path:
    """Where answers lie as files for counting: a folder, shared by all machines."""
    return Path(os.environ.get("AFTERSCORE_MART", data / "mart")).expanduser().resolve()


def engine() -> str:
    """The Spark cluster that counts: spark://host:7077; "" for DuckDB in this process."""
    given = os.environ.get("AFTERSCORE_ENGINE", "")
    if given and not given.startswith("spark://"):
        raise ValueError(f"AFTERSCORE_ENGINE is '{given}'; it looks like spark://127.0.0.1:7077")
    return given


def port() -> int:
    return int(os.environ.get("AFTERSCORE_PORT", "8000"))


def public_url() -> str:
    """The address in mails and pages, without a slash at the end; never taken from a request."""
    return os.environ.get("AFTERSCORE_PUBLIC_URL", f"http://localhost:{port()}").rstrip("/")


def bounce_domain() -> str:
    """The domain to which mail comes back; "" where nothing listens for it."""
    return os.environ.get("AFTERSCORE_BOUNCE_DOMAIN", "").strip().strip("@").lower()


def reply_domain() -> str:
    """The domain for replies to cases, where it is another one than for bounces."""
    return os.environ.get("AFTERSCORE_REPLY_DOMAIN", "").strip().strip("@").lower()


def inlet() -> tuple[str, int] | None:
    """Where the worker listens for mail that comes back: `lmtp://127.0.0.1:8024`."""
    url = os.environ.get("AFTERSCORE_INLET", "")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme != "lmtp" or not parts.hostname or not parts.port:
        raise ValueError(f"AFTERSCORE_INLET is '{url}'; it looks like lmtp://127.0.0.1:8024")
    return parts.hostname, parts.port


def allowed_hosts(url: str) -> list[str]:
    host = urlsplit(url).hostname or "localhost"
    local = ["localhost", "127.0.0.1", "[::1]"] if host in {"localhost", "127.0.0.1"} else []
    return [host, *(name for name in local if name != host)]


def secret_key(data: Path) -> str:
    """From the environment, else made once and kept in the data folder."""
    given = os.environ.get("AFTERSCORE_SECRET_KEY")
    if given:
        return given
    path = data / "secret_key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def secrets_keys(data: Path) -> list[str]:
    """What opens the stored passwords of others: from AFTERSCORE_SECRETS_KEYS (with commas between,
    the newest first), else made once and kept in the data folder, one a line. Never the
    SECRET_KEY: that one lies in more hands, and changing it must not lose a password."""
    given = os.environ.get("AFTERSCORE_SECRETS_KEYS", "")
    keys = [key.strip() for key in given.split(",") if key.strip()]
    if keys:
        return _checked(keys, "AFTERSCORE_SECRETS_KEYS")
    path = secrets_keys_file(data)
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        _write_once(path, Fernet.generate_key().decode())
    return _checked(path.read_text().split(), str(path))


def add_secrets_key(data: Path) -> list[str]:
    """A fresh key in front of those in the data folder; returns them all."""
    keys = [Fernet.generate_key().decode(), *secrets_keys(data)]
    path = secrets_keys_file(data)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text("\n".join(keys))
    draft.replace(path)
    return keys


def secrets_keys_file(data: Path) -> Path:
    return data / "secrets_keys"


def _checked(keys: list[str], where: str) -> list[str]:
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            message = f"Key {number} of {where} is none. Make one with: afterscore secrets new-key"
            raise SystemExit(f"afterscore: {message}") from None
    return keys


def _write_once(path: Path, text: str) -> None:
    """Two processes starting together must end with the same content."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def database(data: Path) -> dict[str, Any]:
    """Django's settings for `DATABASE_URL`, or for the private server in the data folder."""
    url = os.environ.get("DATABASE_URL", "")
    shared: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    if not url:
        return shared | postgres.connection(data)
    parts = urlsplit(url)
    return shared | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def is_private_database() -> bool:
    return not os.environ.get("DATABASE_URL")


def channel_name(smtp_url: str) -> str:
    """Mail goes out by SMTP when it is set, else it stays in the outbox page."""
    return "smtp" if smtp_url else "outbox"


def per_minute() -> int | None:
    """Mails a minute by the install's own mail server; None: as fast as it takes them."""
    return int(os.environ.get("AFTERSCORE_MAILS_PER_MINUTE", "0")) or None


def domain_rates() -> dict[str, int]:
    """Mails a minute by the domain they go to, 0 for no limit; before the built-in ones."""
    return throttling.parse_rates(os.environ.get("AFTERSCORE_DOMAIN_RATES", ""))


def scanner_networks() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """From where your customers' mail guards look at links: "203.0.113.0/24, 2001:db8::/32"."""
    given = os.environ.get("AFTERSCORE_SCANNER_NETWORKS", "")
    return tuple(ipaddress.ip_network(part.strip()) for part in given.split(",") if part.strip())


def chat_networks() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Networks of your own in which a chat server stands: "10.20.0.0/16". None by default."""
    given = os.environ.get("AFTERSCORE_CHAT_NETWORKS", "")
    return tuple(ipaddress.ip_network(part.strip()) for part in given.split(",") if part.strip())


def static_root(data: Path) -> Path:
    """Empty: files are served from the packages; WhiteNoise wants the folder to exist."""
    folder = data / "static"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
