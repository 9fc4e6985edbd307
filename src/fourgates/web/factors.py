"""Who must have a second factor (第二重验证), and is led to set one up before anything else: by the installation's setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from fourgates.i18n import _
from fourgates.web import access, home
from fourgates.web.models import User

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts: recovery codes alone do not."""
HELD = "factor"
"""Noted in the session once somebody was seen to have one."""
OPEN = {"account_logout", "account_reauthenticate", "language"}
"""Where whoever lacks one may go, beside the pages on which it is set up."""


def required(user: User) -> bool:
    """Whether this account must have one: by being the administrator's, or by one of its roles."""
    from django.conf import settings

    asked = settings.INSTALLATION.factors
    if home.ADMINISTRATOR in asked and user.is_superuser:
        return True
    return any(role.kind in asked for role in access.everywhere(user))


def held(user: User) -> bool:
    """Whether this account has one."""
    return bool(Authenticator.objects.filter(user=user, type__in=KINDS).exists())


def spared(user: User, factor: int) -> bool:
    """Whether this account may do without the factor of this number: whoever must have one keeps the last."""
    others = Authenticator.objects.filter(user=user, type__in=KINDS).exclude(pk=factor)
    return not required(user) or bool(others.exists())


def lacking(user: User) -> bool:
    """Whether this account must have one and has none."""
    return required(user) and not held(user)


class Required:
    """Leads whoever must have a second factor, and has none, to the page where it is set up."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self._answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Another way, for who lacks one; pages for visitors without an account are everybody's."""
        del args
        user, match = request.user, request.resolver_match
        name = (match.url_name or "") if match is not None else ""
        if not isinstance(user, User) or not getattr(view, "login_required", True):
            return None
        if name == "mfa_remove_webauthn" and not spared(user, kwargs["pk"]):
            messages.warning(request, _("您的岗位要有第二重验证：这是最后一个，先另设一个，再删除它"))
            return redirect(reverse("mfa_index"))
        if request.session.get(HELD) or name in OPEN or name.startswith("mfa_"):
            return None
        if not required(user):
            return None
        if held(user):
            request.session[HELD] = True
            return None
        messages.warning(request, _("您的岗位要有第二重验证：先在这里设好动态口令或者通行密钥，再办别的"))
        return redirect(reverse("mfa_index"))
