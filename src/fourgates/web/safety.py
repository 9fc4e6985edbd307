"""Headers that no page may lack (安全响应头): nothing is stored on the way, and the browser's sensors stay off."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

OFF = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class Headers:
    """Adds what Django's own middleware does not."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, not to be kept by anybody on the way."""
        response = self._answer(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Permissions-Policy", OFF)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
