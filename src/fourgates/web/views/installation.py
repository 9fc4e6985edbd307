"""Accounts and selections of the installation (账号与推选): made by the administrator, who sees no record by that alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourgates.i18n import _
from fourgates.web import listing, roles, sessions
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.models import Link, Role, Selection, User
from fourgates.web.roles import COUNTY, KINDS, WORDS


def administrator(request: HttpRequest) -> User:
    """The administrator; for anybody else there is no such page."""
    user = request.user
    if not isinstance(user, User) or not user.is_superuser:
        raise Http404
    return user


@require_safe
def installation(request: HttpRequest) -> HttpResponse:
    """Every selection and every account."""
    administrator(request)
    rows = Selection.objects.all()
    users = User.objects.prefetch_related("roles__selection").order_by("username")
    if listing.wanted(request):
        return listing.workbook(begun(rows), accounts(users))
    return render(request, "installation/installation.html", {"selections": rows, "users": users})


def begun(rows: Iterable[Selection]) -> Listing:
    """The selections, one a row."""
    heads = [Head(_("名称")), Head(_("简称")), Head(_("演练"))]
    return Listing(
        _("推选"),
        heads,
        [Row([cell(row.title), cell(row.slug), cell(_("是") if row.rehearsal else _("否"))]) for row in rows],
    )


def accounts(users: Iterable[User]) -> Listing:
    """The accounts, one a row for each role, and one for who has none."""
    heads = [
        Head(_("账号")),
        Head(_("姓名")),
        Head(_("推选")),
        Head(_("岗位")),
        Head(_("党组织")),
        Head(_("部门")),
    ]
    rows = [
        Row(
            [
                cell(one.username),
                cell(one.called),
                *map(cell, (role.selection.slug, _(WORDS[role.kind]), role.unit, _(role.department)) if role else ("",) * 4),
            ]
        )
        for one in users
        for role in (*one.roles.all(),) or (None,)
    ]  # fmt: skip
    return Listing(_("账号"), heads, rows)


class Begin(forms.Form):
    """What a new selection needs to be told."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = forms.CharField(label=_("名称"), max_length=200)
        self.fields["slug"] = forms.SlugField(
            label=_("网址中的简称"), max_length=40, help_text=_("小写字母、数字和连字符。")
        )

    def clean_slug(self) -> str:
        """An address nobody has."""
        slug: str = self.cleaned_data["slug"].lower()
        if Selection.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("这个简称已经有了"))
        return slug


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a selection; whoever begins it holds the county office until they give it on."""
    user = administrator(request)
    form = Begin(request.POST or None)
    if form.is_valid():
        slug = form.cleaned_data["slug"]
        with transaction.atomic():
            row = Selection.objects.create(
                slug=slug, title=form.cleaned_data["title"], store=settings.INSTALLATION.store(slug)
            )
            Role.objects.create(user=user, selection=row, kind=COUNTY)
        return redirect("selection", slug)
    status = 422 if form.is_bound else 200
    return render(request, "installation/begin.html", {"form": form}, status=status)


class Seat(forms.Form):
    """A role: in which selection, of what kind, where."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.CharField(label=_("账号"), max_length=40)
        self.fields["selection"] = forms.ModelChoiceField(
            label=_("推选"), queryset=Selection.objects.all(), to_field_name="slug"
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("岗位"), choices=[(kind, _(roles.WORDS[kind])) for kind in KINDS]
        )
        self.fields["place"] = forms.CharField(
            label=_("党组织或部门的全称"),
            required=False,
            max_length=200,
            help_text=_("县委组织部、纪检监督和观察员不填。"),
        )

    def clean_username(self) -> str:
        """The name of an account."""
        name: str = self.cleaned_data["username"]
        if not User.objects.filter(username=name).exists():
            raise forms.ValidationError(_("没有这个账号"))
        return name

    def clean(self) -> dict[str, Any]:
        """A place where the role needs one, and only there."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        needs = found.get("kind") in (roles.COMMITTEE, roles.BRANCH, roles.DEPARTMENT)
        if needs != bool(found.get("place")):
            raise forms.ValidationError(_("党委、支部和部门的岗位要写全称，其他岗位不写"))
        return found

    def give(self, user: User) -> None:
        """Give ``user`` the role."""
        said = self.cleaned_data
        department = said["kind"] == roles.DEPARTMENT
        Role.objects.get_or_create(
            user=user,
            selection=said["selection"],
            kind=said["kind"],
            unit="" if department else said["place"],
            department=said["place"] if department else "",
        )


class Invite(Seat):
    """A new account with its first role."""

    field_order = ("username", "name", "selection", "kind", "place")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(label=_("姓名"), max_length=40)
        self.order_fields(self.field_order)

    def clean_username(self) -> str:
        """A name nobody has."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username=name).exists():
            raise forms.ValidationError(_("这个账号已经有人用了"))
        return name


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account; it has no password until its owner sets one through the link shown once."""
    administrator(request)
    form = Invite(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            username = form.cleaned_data["username"]
            user = User(username=username, name=User.sealed(username, form.cleaned_data["name"]))
            user.set_unusable_password()
            user.save()
            form.give(user)
            secret = Link.issue("set", user)
        where = request.build_absolute_uri(reverse("link", args=[secret]))
        return render(request, "installation/link.html", {"who": user, "where": where})
    status = 422 if form.is_bound else 200
    return render(request, "installation/invite.html", {"form": form}, status=status)


@require_POST
def renew(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody in again who has lost a password or a second factor: both are gone, with every session and token, and a link
    is shown once, as for a new account."""
    administrator(request)
    user = get_object_or_404(User, pk=number)
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
        sessions.shut(user)
        user.links.filter(purpose="set").delete()
        secret = Link.issue("set", user)
    where = request.build_absolute_uri(reverse("link", args=[secret]))
    return render(request, "installation/link.html", {"who": user, "where": where})


@require_http_methods(["GET", "POST"])
def seat(request: HttpRequest) -> HttpResponse:
    """Give somebody who has an account one more role."""
    administrator(request)
    form = Seat(request.POST or None)
    if form.is_valid():
        form.give(User.objects.get(username=form.cleaned_data["username"]))
        return redirect("installation")
    status = 422 if form.is_bound else 200
    return render(request, "installation/seat.html", {"form": form}, status=status)


@require_POST
def unseat(request: HttpRequest, number: int) -> HttpResponse:
    """Take a role away."""
    administrator(request)
    get_object_or_404(Role, pk=number).delete()
    return redirect("installation")


urlpatterns = [
    path("installation/", installation, name="installation"),
    path("installation/selections/new/", begin, name="begin"),
    path("installation/accounts/new/", invite, name="invite"),
    path("installation/roles/new/", seat, name="seat"),
    path("installation/roles/<int:number>/away/", unseat, name="unseat"),
    path("installation/accounts/<int:number>/renew/", renew, name="renew"),
]
