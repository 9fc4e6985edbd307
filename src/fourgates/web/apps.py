"""The one Django application (应用)."""

from __future__ import annotations

from django.apps import AppConfig


class Site(AppConfig):
    """Everything of the site under one label."""

    name = "fourgates.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
