"""Every address of the site (网址), one include a noun; what hangs under a selection begins with ``s/<slug>/``."""

from __future__ import annotations

from django.urls import include, path

NOUNS = (
    "county",
    "unit",
    "person",
    "screen",
    "figure",
    "log",
    "record",
    "department",
    "marks",
    "calls",
    "conflicts",
    "papers",
    "consultation",
    "concern",
)

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("fourgates.web.views.entering")),
    path("", include("fourgates.web.views.installation")),
    path("api/", include("fourgates.web.api.door")),
    path("account/", include("fourgates.web.views.security")),
    *(path("s/<slug:slug>/", include(f"fourgates.web.views.{noun}")) for noun in NOUNS),
]
