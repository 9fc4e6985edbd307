"""The way in for machines (接口入口): a token in the header, its owner's rights, and a rule's no as JSON."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, include, path
from django.utils import timezone
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from fourgates.errors import Broken, Refused
from fourgates.i18n import sentence
from fourgates.web import factors
from fourgates.web.api.acting import acting
from fourgates.web.api.asking import asking
from fourgates.web.api.boxing import boxing
from fourgates.web.api.choosing import choosing
from fourgates.web.api.described import ABOUT, Described
from fourgates.web.api.handing import handing
from fourgates.web.api.keeping import keeping
from fourgates.web.api.meeting import met
from fourgates.web.api.progress import progress
from fourgates.web.api.reading import reading
from fourgates.web.api.watched import watched
from fourgates.web.models import Token, User
from fourgates.web.views.interface import page

SEEN = timedelta(minutes=1)


class Bearer(HttpBearer):
    """A token in the header ``Authorization: Bearer …``; cookies are not looked at, so that no other site can use them."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The owner of a token that is good."""
        found = Token.objects.select_related("user").filter(digest=Token.digested(token)).first()
        if found is None or not found.valid or not found.user.is_active:
            return None
        if factors.lacking(found.user):
            raise Refused("F.10", "这个账号的岗位要有第二重验证：先在网站上设好，令牌才能用")
        now = timezone.now()
        if found.used is None or now - found.used > SEEN:
            Token.objects.filter(pk=found.pk).update(used=now)
        request.user = found.user
        return found.user


api = Described(
    title="Fourgates",
    version="1",
    description=ABOUT,
    auth=Bearer(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
for router in (reading, progress, met, choosing, asking, watched, handing, acting, boxing, keeping):
    api.add_router("", router)


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


@api.exception_handler(HttpError)
def broken_body(request: HttpRequest, why: HttpError) -> HttpResponse:
    """What was sent cannot be read at all."""
    return _no(request, 422, "", str(why))


def opened() -> list[URLPattern]:
    """The addresses of the interface, entered without signing in: the token says who it is."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern)]
    for one in found:
        one.callback = login_not_required(one.callback)
    return found


@login_not_required
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """There is no such address; said to programs, so not as a page."""
    return _no(request, 404, "", f"no such address: {rest[:200]}")


urlpatterns = [
    path("", page(api), name="interface"),
    path("", include((opened(), "ninja"), namespace="api")),
    path("<path:rest>", nowhere),
]
