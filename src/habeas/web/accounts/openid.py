"""Sign-in through a house's own service: it stands for the password of an account that is set up, no more.

The service must say who somebody is in answer to our own question (`state`, PKCE with S256, `nonce`; the ID
token is checked in `habeas.web.accounts.id_token`). The account is the one linked to that `sub`. Where none
is, it is the one whose name is the address that the service says it verified, at a domain the operator
lets this service speak for; the link is made only when the second factor was shown too. An account without a
second factor is not opened: whoever holds the service would otherwise choose one. What a foreign service
calls a second factor nobody here can check, so ours is asked for each time.

Whoever the account is refused to, unknown, ended or not set up, reads the same page.
"""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from allauth.account.signals import user_logged_in
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.decorators import rate_limit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from requests import RequestException, Session

from habeas.web.accounts import access, id_token
from habeas.web.accounts.access import Kind
from habeas.web.accounts.models import Account
from habeas.web.accounts.presence import has_second_factor
from habeas.web.configuration import OpenIdProvider
from habeas.web.door import configuration
from habeas.web.views.errors import shown

_NONCE = "nonce"


class OpenId(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What this house does differently from allauth: no sign-up, no page but ours, no redirect followed."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id)
        found.oauth2_adapter_class = Service
        return found

    def get_requests_session(self) -> Session:
        """Five seconds of silence end a question (allauth's own limit), and a redirect is no answer."""
        session: Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        account = _account(sociallogin)
        if account is None or not account.is_active or not has_second_factor(account):
            who = access.NOBODY if account is None else access.of(account)
            raise ImmediateHttpResponse(
                _ended(
                    request,
                    "no account",
                    "The service vouches for you, but no account here that is set up goes with it. Ask your "
                    "administrator; or sign in with your password and a code.",
                    who=who,
                    status=403,
                )
            )
        sociallogin.user = account

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str = "",
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Every way a sign-in ends early comes through here, and ends on a page of ours."""
        if error == AuthError.CANCELLED:
            answer = _ended(
                request, "cancelled", "The service says that you did not agree to sign in here.", status=403
            )
        elif exception is not None:
            answer = _failed(request, exception)
        elif "error" in request.GET and "state" in (extra_context or {}):  # it answers a question of ours
            answer = _ended(request, "an error of its own", "The service could not sign you in.", status=502)
        else:
            answer = _ended(
                request,
                "not our question",
                "This does not answer a question that we asked in this browser, or it was answered already. "
                "Begin again at the sign-in page.",
                status=400,
            )
        raise ImmediateHttpResponse(answer)


class Service(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """A service as we speak with it. nonce: what we sent with the question that is answered now."""

    nonce = ""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """What the service says about itself (OpenID Connect Discovery 1.0). Raises OAuth2Error where it is
        another's, or names addresses that we do not call."""
        said, ours = self._fetched(self.get_provider().server_url), _configured(self.provider_id)
        if said.get("issuer") != ours.server:
            raise OAuth2Error("the description of the service is another service's")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
            if name == "userinfo_endpoint" and name not in said:
                continue
            at = _origin(str(said.get(name, "")))
            if at != _origin(ours.server) and (name == "authorization_endpoint" or at[0] != "https"):
                raise OAuth2Error(f"the service names an address that we do not call: {name}")
        return said

    def get_access_token_data(self, *args: Any, **named: Any) -> dict[str, Any]:
        try:
            said = super().get_access_token_data(*args, **named)
        except (AttributeError, LookupError, TypeError, ValueError):
            raise OAuth2Error("the service gave no answer that can be read") from None
        if not isinstance(said, dict) or not isinstance(said.get("access_token"), str):
            raise OAuth2Error("the service gave no answer that can be read")
        return said

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """For the one question that follows; it is not kept, so its end does not matter."""
        return SocialToken(token=data["access_token"])

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, *, response: dict[str, Any], **_: Any
    ) -> SocialLogin:
        """Who it is. Nothing of what the service says is kept but the `sub`."""
        config = self.openid_config
        said = id_token.claims(
            response.get("id_token"),
            self._fetched(config["jwks_uri"]),
            issuer=config["issuer"],
            audience=app.client_id,
            nonce=self.nonce,
            now=time.time(),
        )
        address = said
        if "email" not in said and config.get("userinfo_endpoint"):
            address = self._fetched(config["userinfo_endpoint"], token.token)
            if address.get("sub") != said["sub"]:
                raise OAuth2Error("the service speaks of two people")
        login = self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": said["sub"]}})
        login.account.extra_data = {}
        login.vouched = str(address.get("email", "")) if address.get("email_verified") is True else ""
        return login

    def _fetched(self, address: str, token: str = "") -> dict[str, Any]:
        with OpenId(self.request).get_requests_session() as session:
            answer = session.get(address, headers={"Authorization": f"Bearer {token}"} if token else {})
            answer.raise_for_status()
            said = answer.json()
        if not isinstance(said, dict):
            raise OAuth2Error("the service gave no answer that can be read")
        return said


class _Back(OAuth2CallbackView):  # type: ignore[misc]
    adapter: Service

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get(_NONCE, "")
        return state, answer


@rate_limit(action="login")  # type: ignore[untyped-decorator]
def lead(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the service, with a question that only its answer to this browser fits."""
    _configured(provider_id)
    nonce = get_random_string(32)
    provider = OpenId(request).get_provider(request, provider_id)
    try:
        answer: HttpResponse = provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=get_next_redirect_url(request),
            auth_params={_NONCE: nonce},
            **{_NONCE: nonce},
        )
    except (RequestException, OAuth2Error) as error:
        return _failed(request, error)
    return answer


def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the service leads back to. It is asked once for each question of ours, and those are limited."""
    ours = _configured(provider_id)
    try:
        if request.GET.get("iss", ours.server) != ours.server:  # RFC 9207
            raise OAuth2Error("this is the answer of another service")
        answer: HttpResponse = _Back.adapter_view(Service(request, provider_id))(request)
    except (RequestException, OAuth2Error, id_token.Untrue) as error:
        return _failed(request, error)
    return answer


@receiver(user_logged_in)
def _linked(request: HttpRequest, user: Account, sociallogin: SocialLogin | None = None, **_: Any) -> None:
    """After both proofs: from now on the service's `sub` means this account."""
    if sociallogin is None:
        return
    with transaction.atomic():
        named = {"provider": sociallogin.account.provider, "uid": sociallogin.account.uid}
        _link, made = SocialAccount.objects.get_or_create(**named, defaults={"user": user})
        if made:
            access.noted(request, Kind.LINKED, access.of(user), how="sign-in service")


def _configured(provider_id: str) -> OpenIdProvider:
    """Raises Http404 for any other."""
    for each in configuration().openid:
        if each.id == provider_id:
            return each
    raise Http404


def _account(login: SocialLogin) -> Account | None:
    """Whose account this is; for a first time by an address the service may speak for. None for nobody's, and
    where the account belongs to another `sub` of the same service."""
    if login.is_existing:
        return login.user if isinstance(login.user, Account) else None
    address = login.vouched.lower()
    if (
        not login.vouched.isascii()
    ):  # small letters of another script can be ours: of the sign for kelvin, a k
        return None
    if address.rpartition("@")[2] not in _configured(login.account.provider).domains:
        return None
    account = Account.objects.filter(login=address).first()
    linked = SocialAccount.objects.filter(provider=login.account.provider, user=account)
    return None if account is None or linked.exists() else account


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, RequestException):
        return _ended(
            request, "it did not answer", "The service does not answer. Try again later.", status=502
        )
    return _ended(
        request,
        "its answer does not hold",
        "What the service answered could not be relied on. Begin again; if it happens again, tell your "
        "administrator.",
        status=502,
    )


def _ended(
    request: HttpRequest, how: str, said: str, *, status: int, who: access.Who = access.NOBODY
) -> HttpResponse:
    access.refused(request, Kind.NOT_SIGNED_IN, who, how=f"sign-in service: {how}")
    return shown(
        request,
        status,
        over="Through your own house",
        heading="You were not signed in",
        said=f"{said} Nothing was opened and nothing was changed.",
    )
