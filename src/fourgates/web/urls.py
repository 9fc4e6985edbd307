"""Every address of the site (网址), one include a noun; what hangs under a selection begins with ``s/<slug>/``."""

from __future__ import annotations

from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from django.views.generic import RedirectView

from fourgates.web.views.attendance import arrive

NOUNS = (
    "county",
    "unit",
    "person",
    "looks",
    "erasing",
    "screen",
    "figure",
    "rule",
    "log",
    "record",
    "department",
    "marks",
    "calls",
    "conflicts",
    "papers",
    "consultation",
    "concern",
    "meetings",
    "attendance",
    "votes",
    "filing",
    "notice",
    "objection",
    "process",
    "supervision",
    "slate",
    "documents",
    "allotment",
    "rehearsal",
)

# No mail goes out and no address of one is kept: what of the library's pages is about mail is not there.
MAIL = r"^accounts/(?:email|confirm-email|password/reset|login/code)/"

urlpatterns = [
    re_path(MAIL, page_not_found, {"exception": None}, name="mail"),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="security"), name="sessions"),
    path("accounts/", include("allauth.urls")),
    path("", include("fourgates.web.views.entering")),
    path("", include("fourgates.web.views.installation")),
    path("api/", include("fourgates.web.api.door")),
    path("in/<slug:slug>/<str:name>/<str:shown>/", arrive, name="arrive"),
    path("public/", include("fourgates.web.views.public")),
    path("account/", include("fourgates.web.views.security")),
    *(path("s/<slug:slug>/", include(f"fourgates.web.views.{noun}")) for noun in NOUNS),
]
