"""The addresses of signing in with WeCom (企业微信登录网址)."""

from __future__ import annotations

from allauth.socialaccount.providers.oauth2.urls import default_urlpatterns

from fourgates.web.wecom.provider import WeCom

urlpatterns = default_urlpatterns(WeCom)
