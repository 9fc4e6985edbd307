"""Which language a visitor is spoken to (语言): the one they chose, else the one their browser asks for, else Chinese."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from fourgates import i18n

COOKIE = "language"
DJANGO = {"zh": "zh-hans", "en": "en"}


class Languages:
    """Speaks the visitor's language while their page is made."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, in the visitor's language."""
        wishes = request.headers.get("Accept-Language", "").replace(" ", "").split(",")
        language = i18n.choose(request.COOKIES.get(COOKIE), *(wish.partition(";")[0] for wish in wishes))
        with i18n.speaking(language), translation.override(DJANGO[language]):
            response = self._answer(request)
            response.headers.setdefault("Content-Language", DJANGO[language])
            response.headers.setdefault("Vary", "Accept-Language, Cookie")
            return response
