"""How accounts behave here (账号): nobody signs up alone, who tries too often waits, accounts elsewhere give no rights."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fourgates.web import factors, sealing
from fourgates.web.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """An account is made by whoever gives out roles, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        del request
        return False


class _Unmailed:
    """Without the way to have a new password mailed: no mail goes out, and no address is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # type: ignore[attr-defined]  # of the form it is mixed into


class Entrance(_Unmailed, LoginForm):  # type: ignore[misc]  # as above
    """Name and password."""


class Again(_Unmailed, ReauthenticateForm):  # type: ignore[misc]  # as above
    """The password once more."""


class Joined(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """An account elsewhere opens the account here that it was joined to, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        del request, sociallogin
        return False

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The door by its kind; no page where the installation has none."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise Http404 from None

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Who it would be here, by the name there."""
        del request
        user: User = sociallogin.user
        user.username = str(data.get("username") or "")
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Keep of the account elsewhere its number alone; join it where the list of doors says that names are the same."""
        app = sociallogin.account.get_provider(request).app
        name = sociallogin.user.username
        if sociallogin.is_existing or not name or not app.settings.get("same_names"):
            return
        user = User.objects.filter(username=name, is_active=True).first()
        if user is not None:
            sociallogin.connect(request, user)


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """The secrets of second factors lie sealed in the tables."""

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not the last one of somebody who must have one."""
        return factors.spared(authenticator.user, authenticator.pk)

    def encrypt(self, text: str) -> str:
        """Sealed, to be put in a row."""
        return Secret(sealing.words(text, NO_ROW))

    def decrypt(self, encrypted_text: str) -> str:
        """As it is compared; ``Broken`` (R.5) where it was sealed for another row."""
        return sealing.read(encrypted_text, getattr(encrypted_text, "row", NO_ROW))


SECRETS = {"secret", "seed"}
"""Where they stand in what is kept of a second factor."""


class Secret(str):
    """A sealed secret of a second factor, and the row for which it was sealed."""

    row = ""


NO_ROW = "second factor without a row"
"""What secrets are bound to until they have a row."""


def put(instance: Any, **_told: Any) -> None:
    """A second factor was made or read: its secrets open as those of its own row alone, and new ones are sealed for it."""
    row = sealing.factor(instance.user_id, instance.type)
    for name in SECRETS & instance.__dict__.get("data", {}).keys():
        sealed = instance.data[name]
        if isinstance(sealed, Secret) and sealed.row != row:
            sealed = sealing.words(sealing.read(sealed, sealed.row or NO_ROW), row)
        instance.data[name] = Secret(sealed)
        instance.data[name].row = row


def visitor(request: HttpRequest) -> str:
    """The address of whoever asks, as the server before this one tells it where there is one: tries are counted by it, and a
    county must not be shut out because it all comes through one door."""
    last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    told = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0) and last
    return str(told or request.META.get("REMOTE_ADDR", ""))


def locked_out(request: HttpRequest, credentials: object, *_rest: object) -> HttpResponse:
    """The page for somebody who tried too often."""
    del credentials
    return render(request, "locked.html", status=429)
