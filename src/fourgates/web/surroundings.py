"""What stands around every page (页面四周): language, roles, the way through the tree, banners."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from fourgates import i18n
from fourgates.web import access, navigation, roles
from fourgates.web.models import User


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The context every template has: ``room`` where a page is inside a selection."""
    room: access.Room | None = getattr(request, "room", None)
    user = getattr(request, "user", None)
    return {
        "language": i18n.spoken(),
        "room": room,
        "drill": room.row.rehearsal if room is not None else getattr(request, "drill", False),
        "tabs": navigation.tabs(room) if room is not None else [],
        "demo": settings.INSTALLATION.demo,
        "places": access.everywhere(user) if isinstance(user, User) else [],
        "words": roles.WORDS,
    }
