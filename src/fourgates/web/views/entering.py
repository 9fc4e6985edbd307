"""Coming in (进入): the front door, the first administrator, links, the language, and one click in a demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model, login, password_validation
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourgates.i18n import _
from fourgates.web import access, languages, roles, sessions
from fourgates.web.models import Link, Role, User
from fourgates.web.roles import KINDS

OWN = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Where somebody lands: their one place, the choice between several, the demonstration, or the way in."""
    user = request.user
    if not isinstance(user, User):
        if settings.INSTALLATION.demo:
            return render(request, "entering/demo.html", {"entrances": entrances()})
        return redirect("account_login")
    places = access.everywhere(user)
    if len(places) == 1:
        return redirect("selection", places[0].selection.slug)
    return render(request, "entering/places.html")


def entrances() -> list[tuple[Role, str]]:
    """One role of each kind, for the doors of a demonstration."""
    found: dict[str, Role] = {}
    for role in Role.objects.select_related("user", "selection").order_by("pk"):
        found.setdefault(role.kind, role)
    return [(found[kind], roles.WORDS[kind]) for kind in KINDS if kind in found]


@login_not_required
@require_POST
def demonstrate(request: HttpRequest) -> HttpResponse:
    """Enter a demonstration as one of its roles; anywhere else there is no such thing."""
    if not settings.INSTALLATION.demo:
        raise Http404
    kind = request.POST.get("kind", "")
    for role, _word in entrances():
        if role.kind == kind:
            login(request, role.user, OWN)
            return redirect("selection", role.selection.slug)
    raise Http404


@login_not_required
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Change the language and go back to the page."""
    language = request.POST.get("language", "")
    where = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(where, {request.get_host()}, require_https=request.is_secure()):
        where = "/"
    response = HttpResponseRedirect(where)
    if language in languages.DJANGO:
        response.set_cookie(
            languages.COOKIE,
            language,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


class Account(forms.Form):
    """Name and password of an account."""

    def __init__(self, *args: Any, named: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if named:
            self.fields["username"] = forms.CharField(label=_("账号"), max_length=40)
            self.fields["name"] = forms.CharField(label=_("姓名"), max_length=40)
        self.fields["password"] = forms.CharField(
            label=_("密码"),
            help_text=_("至少十个字符，不要用常见的词。"),
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )

    def clean_username(self) -> str:
        """A name nobody has."""
        name: str = self.cleaned_data["username"]
        if get_user_model().objects.filter(username=name).exists():
            raise forms.ValidationError(_("这个账号已经有人用了"))
        return name

    def clean_password(self) -> str:
        """A password that is hard to guess."""
        word: str = self.cleaned_data["password"]
        password_validation.validate_password(word)
        return word


def _opened(secret: str) -> Link:
    """The link with this secret, not to be used by anybody else meanwhile; 404 when there is none that is good."""
    link = Link.objects.select_for_update().filter(digest=Link.digested(secret)).first()
    if link is None or not link.valid or (link.once and link.used is not None):
        raise Http404
    return link


@login_not_required
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Use a link: make the first account, set a password, or enter."""
    with transaction.atomic():
        found = _opened(secret)
        answer = {"first": _first, "set": _set, "enter": _enter}[found.purpose]
        return answer(request, found)


def _used(link: Link) -> None:
    link.used = timezone.now()
    link.save(update_fields=["used"])


def _status(form: Account) -> int:
    return 422 if form.is_bound else 200


def _first(request: HttpRequest, link: Link) -> HttpResponse:
    form = Account(request.POST or None)
    if User.objects.filter(is_superuser=True).exists():
        raise Http404
    if form.is_valid():
        username = form.cleaned_data["username"]
        user = User.objects.create_superuser(
            username,
            password=form.cleaned_data["password"],
            name=User.sealed(username, form.cleaned_data["name"]),
        )
        _used(link)
        login(request, user, OWN)
        return redirect("installation")
    return render(request, "entering/account.html", {"form": form, "first": True}, status=_status(form))


def _set(request: HttpRequest, link: Link) -> HttpResponse:
    form = Account(request.POST or None, named=False)
    if link.user is None or not link.user.is_active:
        raise Http404
    if form.is_valid():
        link.user.set_password(form.cleaned_data["password"])
        link.user.save()
        sessions.shut(link.user)
        _used(link)
        login(request, link.user, OWN)
        return redirect("front")
    return render(request, "entering/account.html", {"form": form, "first": False}, status=_status(form))


def _enter(request: HttpRequest, link: Link) -> HttpResponse:
    if link.user is None or not link.user.is_active:
        raise Http404
    if request.method != "POST":
        # A preview of the address must not use it up.
        return render(request, "entering/link.html", {"who": link.user})
    _used(link)
    login(request, link.user, OWN)
    return redirect("front")


@access.page(*KINDS)
def selection(room: access.Room) -> HttpResponse:
    """The first page of a selection for whoever comes: what they must do next."""
    kind = room.roles[0].kind
    if kind in roles.WHOLE:
        return redirect("county", room.row.slug)
    if kind in (roles.COMMITTEE, roles.BRANCH):
        return redirect("unit", room.row.slug, access.key(room.roles[0].unit))
    if kind == roles.DEPARTMENT:
        return redirect("department", room.row.slug, room.roles[0].department)
    return redirect("screen", room.row.slug)


front_door: list[Callable[..., HttpResponse]] = [front, demonstrate, speak, link]
"""What a visitor without an account may ask for."""

urlpatterns = [
    path("", front, name="front"),
    path("language/", speak, name="language"),
    path("demo/", demonstrate, name="demonstrate"),
    path("link/<str:secret>/", link, name="link"),
    path("s/<slug:slug>/", selection, name="selection"),
]
