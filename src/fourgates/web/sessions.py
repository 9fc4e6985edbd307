"""Sessions (登录会话): each ends after an hour of rest and after half a day; listed, and ended one by one or all with the tokens.

How long ago somebody last asked for a page is noted in the session itself, at most once a minute: it is read anyway.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from fourgates.web.models import User

BEGAN, SEEN = "began", "seen"
OFTEN = 60
"""Seconds between two notes that somebody is there."""


class SessionStore(db.SessionStore):
    """A session as it lies in the tables, until its time is over."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and it is gone, where its time is over."""
        kept: dict[str, Any] = super().load()
        now = int(time.time())
        if SESSION_KEY not in kept:
            return kept
        if over(kept, now):
            self.delete(self.session_key)
            self._session_key = None
            return {}
        if now - kept.get(SEEN, 0) >= OFTEN:
            kept.setdefault(BEGAN, now)
            kept[SEEN] = now
            self.modified = True
        return kept


def over(kept: dict[str, Any], now: int) -> bool:
    """Whether the session has rested, or lasted, too long; times are whole seconds."""
    rested, lasted = (now - int(kept.get(since, now)) for since in (SEEN, BEGAN))
    return bool(rested >= settings.INSTALLATION.idle * 60 or lasted >= settings.SESSION_COOKIE_AGE)


def begin(request: HttpRequest, user: User, **_told: object) -> None:
    """Somebody has signed in: the session's time begins, and it is listed, whichever way they came."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    if "REMOTE_ADDR" in request.META:
        request.user = user
        UserSession.objects.create_from_request(request)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session of somebody: where from, with what, since when, when last there; ``here``: the one that asks."""

    number: int
    address: str
    browser: str
    began: datetime
    seen: datetime
    here: bool


def own(user: User, here: str | None) -> list[Sitting]:
    """The sessions of a user that still go on, the newest first."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user).order_by("-created_at")}
    now = int(time.time())
    kept = {
        one.session_key: one.get_decoded()
        for one in Session.objects.filter(session_key__in=rows, expire_date__gt=datetime.now(UTC))
    }
    return [
        Sitting(
            row.pk,
            row.ip,
            row.user_agent,
            row.created_at,
            datetime.fromtimestamp(kept[key].get(SEEN, now), UTC),
            key == here,
        )
        for key, row in rows.items()
        if key in kept and not over(kept[key], now)
    ]


def shut(user: User, but: str | None = None) -> None:
    """End every token of a user and every session, except the one with the key ``but``."""
    user.tokens.all().delete()
    for one in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        one.end()


def changed(request: HttpRequest, user: User, **_told: object) -> None:
    """A password or a second factor is another one now, or gone: what was opened with the old one ends, but for this session,
    which is asked for a second factor anew."""
    request.session.pop("factor", None)
    shut(user, request.session.session_key)


def used(request: HttpRequest, user: User, authenticator: Any, **_told: object) -> None:
    """Whoever comes with a recovery code has lost the second factor: what was opened with it ends."""
    if authenticator.type == "recovery_codes":
        shut(user, request.session.session_key)
