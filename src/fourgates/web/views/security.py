"""One's own account (我的账号): password, second factor, sessions, and whose numbers one has looked at."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from fourgates.web.models import Look, User


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    looks = Look.objects.filter(user=user).select_related("selection").order_by("-at")[:50]
    return render(request, "security/security.html", {"looks": looks, "me": user})


urlpatterns = [path("", security, name="security")]
