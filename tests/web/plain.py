"""The site with nothing around what decides: its own addresses, asked in this process, with no frame to draw around a page."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from fourgates.web.models import User
from fourgates.web.urls import urlpatterns

__all__ = ["asking", "handler404", "site", "urlpatterns"]

DECIDING = [
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "fourgates.web.refusals.Refusals",
]
FRAME = {"base.html": "{% block content %}{% endblock %}"}


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)


def _templates() -> Any:
    made: Any = copy.deepcopy(settings.TEMPLATES)
    made[0]["OPTIONS"]["loaders"][0][1].insert(0, ("django.template.loaders.locmem.Loader", FRAME))
    return made


@contextmanager
def site() -> Iterator[None]:
    """The site stripped; nothing is said of what is not there."""
    logging.disable(logging.WARNING)
    try:
        with override_settings(MIDDLEWARE=DECIDING, ROOT_URLCONF=__name__, TEMPLATES=_templates()):
            yield
    finally:
        logging.disable(logging.NOTSET)


def asking(names: Iterable[str], method: str = "GET") -> Callable[[str, str], HttpResponse]:
    """Asks for a path as somebody who signed in before, or sends nothing there; their roles are read once."""
    handler, made = BaseHandler(), RequestFactory()
    handler.load_middleware()
    users = {name: User.objects.get(username=name) for name in names}

    def ask(name: str, path: str) -> HttpResponse:
        request = made.generic(method, path)
        request.user, request.session = users[name], {}  # type: ignore[assignment]  # nothing is kept in it
        request._messages = default_storage(request)  # type: ignore[attr-defined]  # nor said on a next page
        return handler.get_response(request)  # type: ignore[return-value]  # no page is streamed

    return ask
