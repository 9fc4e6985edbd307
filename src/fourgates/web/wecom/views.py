"""The way to WeCom and back (企业微信登录过程): the browser is sent there, comes back with a code, and the code says who."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest

SIGN_IN, ASK = "https://login.work.weixin.qq.com", "https://qyapi.weixin.qq.com"


class Client(OAuth2Client):  # type: ignore[misc]  # allauth ships no types
    """WeCom has its own words for what OAuth calls client, secret and token."""

    agent = ""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, Any]) -> str:
        """Where the browser is sent to show the code that is scanned."""
        del scope, extra_params
        asked = {
            "login_type": "CorpApp",
            "appid": self.consumer_key,
            "agentid": self.agent,
            "redirect_uri": self.callback_url,
            "state": self.state,
        }
        return f"{authorization_url}?{urlencode(asked)}"

    def get_access_token(self, code: str, pkce_code_verifier: str | None = None) -> dict[str, Any]:
        """The corporation's token, for the application to ask with; and the code it will ask about."""
        del pkce_code_verifier
        asked = {"corpid": self.consumer_key, "corpsecret": self.consumer_secret}
        said = answered(self.access_token_url, asked)
        return {"access_token": said["access_token"], "expires_in": said.get("expires_in", 0), "code": code}


class Adapter(OAuth2Adapter):  # type: ignore[misc]  # as above
    """Where WeCom is asked what."""

    provider_id = "wecom"
    client_class = Client

    def _at(self, usual: str) -> str:
        return str(self.get_provider().app.settings.get("server_url") or usual).rstrip("/")

    @property
    def authorize_url(self) -> str:
        """Where the browser signs in."""
        return f"{self._at(SIGN_IN)}/wwlogin/sso/login"

    @property
    def access_token_url(self) -> str:
        """Where the application gets its token."""
        return f"{self._at(ASK)}/cgi-bin/gettoken"

    def get_client(self, request: HttpRequest, app: Any) -> Client:
        """The client, which also names the application."""
        client = super().get_client(request, app)
        client.agent = app.key
        return client  # type: ignore[no-any-return]  # of the class above

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **told: Any) -> Any:
        """Ask whose code it was. A guest of the corporation is nobody of it, and comes to nothing."""
        del app
        asked = {"access_token": token.token, "code": told["response"]["code"]}
        said = answered(f"{self._at(ASK)}/cgi-bin/auth/getuserinfo", asked)
        if not said.get("userid"):
            raise OAuth2Error("nobody of the corporation")
        return self.get_provider().sociallogin_from_response(request, {"userid": said["userid"]})


def answered(where: str, asked: dict[str, str]) -> dict[str, Any]:
    """What WeCom says; ``OAuth2Error`` where it says no."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(where, params=asked)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
    if said.get("errcode"):
        raise OAuth2Error(f"WeCom says {said['errcode']}")
    return said


oauth2_login = OAuth2LoginView.adapter_view(Adapter)
oauth2_callback = OAuth2CallbackView.adapter_view(Adapter)
