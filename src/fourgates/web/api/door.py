"""The way in for machines (接口入口): a token in the header, its owner's rights, and a rule's no as JSON."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, include, path
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer

from fourgates.errors import Broken, Refused
from fourgates.i18n import sentence
from fourgates.web.api.acting import acting
from fourgates.web.api.progress import progress
from fourgates.web.api.reading import reading
from fourgates.web.api.watched import watched
from fourgates.web.models import Token, User

SEEN = timedelta(minutes=1)


class Bearer(HttpBearer):
    """A token in the header ``Authorization: Bearer …``; cookies are not looked at, so that no other site can use them."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The owner of a token that is good."""
        found = Token.objects.select_related("user").filter(digest=Token.digested(token)).first()
        if found is None or not found.valid or not found.user.is_active:
            return None
        now = timezone.now()
        if found.used is None or now - found.used > SEEN:
            Token.objects.filter(pk=found.pk).update(used=now)
        request.user = found.user
        return found.user


api = NinjaAPI(
    title="Fourgates",
    version="1",
    description="The selections of an installation. A token has the rights of its owner; what a page would not show is 404.",
    auth=Bearer(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("", reading)
api.add_router("", progress)
api.add_router("", watched)
api.add_router("", acting)


def _no(request: HttpRequest, status: int, rule: str, why: str) -> HttpResponse:
    return api.create_response(request, {"rule": rule, "why": why}, status=status)


@api.exception_handler(Refused)
def refused(request: HttpRequest, no: Refused) -> HttpResponse:
    """A rule's no."""
    return _no(request, 409, no.rule, sentence(no))


@api.exception_handler(Broken)
def broken(request: HttpRequest, no: Broken) -> HttpResponse:
    """A record that does not hold."""
    return _no(request, 500, no.rule, sentence(no))


@api.exception_handler(Http404)
def absent(request: HttpRequest, _no_page: Http404) -> HttpResponse:
    """There is no such thing for the token's owner."""
    return _no(request, 404, "", "not found")


@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, _why: PermissionDenied) -> HttpResponse:
    """Nothing can be done in the past, or by somebody without an office."""
    return _no(request, 409, "K.4", "not here, or not now")


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, _why: AuthenticationError) -> HttpResponse:
    """No token, or none that is good."""
    return _no(request, 401, "", "a token is needed: Authorization: Bearer …")


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, why: ValidationError) -> HttpResponse:
    """What was sent is not as the description says."""
    said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in why.errors[:10])
    return _no(request, 422, "", said)


def opened() -> list[URLPattern]:
    """The addresses of the interface, entered without signing in: the token says who it is."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern)]
    for one in found:
        one.callback = login_not_required(one.callback)
    return found


urlpatterns = [path("", include((opened(), "ninja"), namespace="api"))]
