"""The one Django application (应用)."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_save


class Site(AppConfig):
    """Everything of the site under one label."""

    name = "fourgates.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep of accounts elsewhere nothing but their numbers."""
        pre_save.connect(_only_the_number, sender="socialaccount.SocialAccount")


def _only_the_number(instance: Any, **_told: Any) -> None:
    instance.extra_data = {}
