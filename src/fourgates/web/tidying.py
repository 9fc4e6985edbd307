"""What is thrown away when its time is over (定期清理): who signed in from where, sessions, links and tokens that ended.

At every start, and while the site runs with the first who signs in on a day. The record is not touched: it has no such things.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from fourgates.web.models import Link, Token

_last: list[date] = []


def tidy(now: datetime) -> None:
    """Throw away what lay as long as the installation keeps such notes."""
    before = now - timedelta(days=settings.INSTALLATION.days)
    for noted in (AccessAttempt, AccessFailureLog, AccessLog):
        noted.objects.filter(attempt_time__lt=before).delete()
    for ended in (Link, Token):
        ended.objects.filter(until__lt=before).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def daily(**_told: object) -> None:
    """Tidy, once a day."""
    now = timezone.now()
    if _last != [now.date()]:
        _last[:] = [now.date()]
        tidy(now)
