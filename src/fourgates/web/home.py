"""The home of an installation (安装目录): its folder, its secret, its databases, and whether it is a demonstration.

Everything an installation owns lies here and nowhere else; whoever copies the folder (and the PostgreSQL database, where
there is one) has copied the installation, with the keys of the names: a backup keeps these apart. The environment is read
here once.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import msgspec

from fourgates.errors import Refused
from fourgates.web.roles import COUNTY, KINDS

HOME, DATABASE, HOSTS, ORIGIN = "FOURGATES_HOME", "FOURGATES_DATABASE", "FOURGATES_HOSTS", "FOURGATES_ORIGIN"
IDLE, DAYS, FACTOR = "FOURGATES_IDLE", "FOURGATES_LOG_DAYS", "FOURGATES_SECOND_FACTOR"
HOUR, HALF_A_YEAR = 60, 183
SECRET, DEMO = "secret.key", "demo"
ADMINISTRATOR = "administrator"
ALL, NONE = "all", "none"
GUARDED = (ADMINISTRATOR, COUNTY)
"""Who must have a second factor where the installation says nothing else."""
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Keys(msgspec.Struct, frozen=True):
    """What opens a site: when it was written, the installation's secret, and the keys of each selection's names by its slug
    (name → data key in hexadecimal)."""

    made: str
    secret: str
    names: dict[str, dict[str, str]]

    @classmethod
    def read(cls, file: Path) -> Keys:
        """The keys in a file; ``Refused`` (K.3) where it holds none."""
        try:
            return msgspec.json.decode(file.read_bytes(), type=cls)
        except (OSError, ValueError):
            raise Refused("K.3", "{file}不是存库：{what}", file=file.name, what="keys") from None


@dataclass(frozen=True, slots=True)
class Home:
    """``folder``: where everything lies, ``None`` for a home that keeps nothing (type checks, tests); ``database``: an
    address ``postgresql://…``, empty for SQLite in the folder; ``origin``: the address people type, when there is one;
    ``idle``: minutes after which a session that rests ends; ``days``: how long is kept who signed in from where; ``factor``:
    who must have a second factor, as the environment says it."""

    folder: Path | None = None
    database: str = ""
    hosts: tuple[str, ...] = LOOPBACK
    origin: str = ""
    idle: int = HOUR
    days: int = HALF_A_YEAR
    factor: str = ""

    @classmethod
    def of_environment(cls) -> Home:
        """The home that the environment names."""
        folder = os.environ.get(HOME, "")
        origin = os.environ.get(ORIGIN, "")
        own = urlsplit(origin).hostname if origin else None
        named = tuple(host for host in os.environ.get(HOSTS, "").split(",") if host)
        hosts = (*LOOPBACK, *named, *([own] if own else []))
        return cls(
            Path(folder).resolve() if folder else None,
            os.environ.get(DATABASE, ""),
            hosts,
            origin,
            _number(IDLE, HOUR),
            _number(DAYS, HALF_A_YEAR),
            _roles(FACTOR),
        )

    @property
    def demo(self) -> bool:
        """Whether this installation only shows: then one click enters as any role."""
        return self.folder is not None and (self.folder / DEMO).exists()

    @property
    def factors(self) -> frozenset[str]:
        """Which roles must have a second factor, the administrator's among them; nobody in a demonstration."""
        if not self.factor:
            return frozenset() if self.demo else frozenset(GUARDED)
        if self.factor in (ALL, NONE):
            return frozenset((ADMINISTRATOR, *KINDS)) if self.factor == ALL else frozenset()
        return frozenset(self.factor.split(","))

    @property
    def secure(self) -> bool:
        """Whether people reach the site by TLS."""
        return self.origin.startswith("https://")

    def secret(self) -> str:
        """The secret that signs sessions: made on the first start, readable by its owner alone."""
        if self.folder is None:
            return secrets.token_urlsafe(48)
        path = self.folder / SECRET
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(place, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii")

    def tables(self) -> dict[str, object]:
        """The database of the site's own tables, as Django wants it."""
        if self.database:
            parts = urlsplit(self.database)
            asked = dict(parse_qsl(parts.query))
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or "") or asked.get("host", ""),
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": None,
                "CONN_HEALTH_CHECKS": True,
            }
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(self.folder / "site.db") if self.folder else ":memory:",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }

    def store(self, slug: str) -> str:
        """Where the record of the selection ``slug`` is kept; the keys of its names lie in the folder either way."""
        if self.database:
            joint, keys = "&" if "?" in self.database else "?", (self.folder or Path()) / "keys"
            keys.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = f"record_{slug.replace('-', '_')}"
            return f"{self.database}{joint}schema={name}&keys={quote(str(keys / slug))}.json"
        folder = (self.folder or Path()) / "records"
        folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{folder / slug}.db"


def _roles(name: str) -> str:
    """Roles with a comma between them, ``all`` or ``none``; ``Refused`` (F.10) for anything else."""
    said = os.environ.get(name, "").replace(" ", "")
    if said not in ("", ALL, NONE) and not set(said.split(",")) <= {ADMINISTRATOR, *KINDS}:
        raise Refused("F.10", "{file}读不懂：{why}", file=name, why=said)
    return said


def _number(name: str, usual: int) -> int:
    """A whole number of the environment, from one on; ``Refused`` (F.10) for anything else."""
    said = os.environ.get(name, "")
    if said and not (said.isascii() and said.isdigit() and int(said)):
        raise Refused("F.10", "{file}读不懂：{why}", file=name, why=said)
    return int(said) if said else usual
