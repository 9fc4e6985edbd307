"""The one Django application (应用)."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_init, pre_save


class Site(AppConfig):
    """Everything of the site under one label."""

    name = "fourgates.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep of accounts elsewhere nothing but their numbers; end what was opened with a password that is another now."""
        # Here and not above: models may be named only once every application is there.
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_removed, authenticator_used

        from fourgates.web import accounts, sessions, tidying

        pre_save.connect(_only_the_number, sender="socialaccount.SocialAccount")
        post_init.connect(accounts.put, sender="mfa.Authenticator")
        user_logged_in.connect(sessions.begin)
        user_logged_in.connect(tidying.daily)
        for lost in (password_changed, password_reset, password_set, authenticator_removed):
            lost.connect(sessions.changed)
        authenticator_used.connect(sessions.used)


def _only_the_number(instance: Any, **_told: Any) -> None:
    instance.extra_data = {}
