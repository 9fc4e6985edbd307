"""WeCom as a way in (企业微信登录): what the library is told of it."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider

from fourgates.web.wecom.views import Adapter


class Account(ProviderAccount):  # type: ignore[misc]  # allauth ships no types
    """An account of the corporation: its number alone."""


class WeCom(OAuth2Provider):  # type: ignore[misc]  # as above
    """The corporation's accounts."""

    id = "wecom"
    name = "WeCom"
    account_class = Account
    oauth2_adapter_class = Adapter

    def extract_uid(self, said: dict[str, Any]) -> str:
        """The account's number in the corporation."""
        return str(said["userid"])

    def extract_common_fields(self, said: dict[str, Any]) -> dict[str, Any]:
        """What it is called there."""
        return {"username": said["userid"]}


provider_classes = [WeCom]
