"""One's own account (我的账号): password, second factor, sessions, and whose numbers one has looked at."""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fourgates.errors import Refused
from fourgates.web import looks, sessions
from fourgates.web.models import Look, Token, User

MOST, DAYS = 20, 90
"""Keys of machines that one account may have, and for how long each is good."""


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return _shown(request, user)


def _shown(request: HttpRequest, user: User, secret: str = "") -> HttpResponse:
    own = Look.objects.filter(user=user).select_related("selection").order_by("-at")[:50]
    return render(
        request,
        "security/security.html",
        {
            "looks": [(one, looks.reason(one)) for one in own],
            "me": user,
            "sessions": sessions.own(user, request.session.session_key),
            "tokens": user.tokens.order_by("pk"),
            "secret": secret,
            "idle": settings.INSTALLATION.idle,
        },
    )


@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Make a key for a machine, with one's own rights for ninety days; it is shown this once."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if user.tokens.count() >= MOST:
        raise Refused("F.10", "已经有{count}个接口令牌，先收回不用的", count=MOST)
    secret = secrets.token_urlsafe(32)
    Token.objects.create(
        digest=Token.digested(secret),
        user=user,
        name=request.POST.get("name", "")[:80],
        until=timezone.now() + timedelta(days=DAYS),
    )
    return _shown(request, user, secret)


@require_POST
def untoken(request: HttpRequest, number: int) -> HttpResponse:
    """Take a machine's key away."""
    get_object_or_404(Token, pk=number, user=request.user).delete()
    return redirect("security")


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's sessions; this one too."""
    get_object_or_404(UserSession, pk=number, user=request.user).end()
    return redirect("security")


@require_POST
def end_all(request: HttpRequest) -> HttpResponse:
    """End every session but this one, and every token."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    sessions.shut(user, request.session.session_key)
    return redirect("security")


urlpatterns = [
    path("sessions/<int:number>/away/", end, name="end"),
    path("sessions/away/", end_all, name="end-all"),
    path("tokens/", token, name="token"),
    path("tokens/<int:number>/away/", untoken, name="untoken"),
    path("", security, name="security"),
]
