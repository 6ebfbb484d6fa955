"""Sign-in through a house's own service: it stands for the password of an account that is set up, no more.

The service must say who somebody is in answer to our own question (`state`, PKCE with S256, `nonce`; the ID
token is checked in `habeas.web.accounts.id_token`). The account is the one whose owner linked it to that
`sub` while signed in with both proofs; no address and no name that a service tells counts. An account
without a second factor is not opened: whoever holds the service would otherwise choose one. What a foreign
service calls a second factor nobody here can check, so ours is asked for each time.

Whoever the account is refused to, unknown, ended or not set up, reads the same page.

Whoever came through the service is led to it when they sign out, where it names an address for that (OpenID
Connect RP-Initiated Logout 1.0). For this alone the ID token is kept, in the sealed session and no longer.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import suppress
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account import views as signing
from allauth.account.authentication import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.decorators import rate_limit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from habeas.web.accounts import access, id_token
from habeas.web.accounts.access import Kind
from habeas.web.accounts.models import Account
from habeas.web.accounts.presence import fresh, has_second_factor, used_second_factor
from habeas.web.configuration import OpenIdProvider
from habeas.web.door import Visit, configuration
from habeas.web.views.errors import shown

ANSWER_SECONDS = 5.0  # for one answer as a whole, from the question to its last byte
ANSWER_BYTES = 1 << 20  # a set of keys or a description has some thousands
_NONCE = "nonce"
_CAME = "came through"  # in the session: which service, whom it named, its ID token, where to sign out there
_LEFT = "left through"  # in the session after it: the `state` that comes back from there
_LONGEST_HINT = 4096  # characters of an ID token that still fit into an address
_LOG = logging.getLogger("habeas.web")


class OpenId(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What this house does differently from allauth: no sign-up, no page but ours, no redirect followed."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id)
        found.oauth2_adapter_class = Service
        return found

    def get_requests_session(self) -> Session:
        """An answer has five seconds and a megabyte as a whole, and a redirect is no answer."""
        session: Session = super().get_requests_session()
        session.max_redirects = 0
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Bounded())
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(_linked(request, sociallogin))
        account = sociallogin.user if sociallogin.is_existing else None
        if account is None or not account.is_active or not has_second_factor(account):
            who = access.NOBODY if account is None else access.of(account)
            raise ImmediateHttpResponse(
                _ended(
                    request,
                    "no account",
                    "The service vouches for you, but no account here that is set up is linked to it. Sign "
                    "in with your password and a code, and link it under your account.",
                    who=who,
                    status=403,
                )
            )
        request.session[_CAME] = {
            "service": sociallogin.account.provider,
            "sub": sociallogin.account.uid,
            **request.came_through,  # type: ignore[attr-defined]  # by `complete_login`, of this very answer
        }

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


class _Cut:
    """A connection that hangs up by itself some time after a question, however lively the other side is."""

    sock: socket.socket

    def getresponse(self) -> Any:
        cut = threading.Timer(ANSWER_SECONDS, _hang_up, [self.sock])
        cut.daemon = True
        cut.start()
        return super().getresponse()  # type: ignore[misc]


class _CutPlain(_Cut, HTTPConnection):
    pass


class _CutTls(_Cut, HTTPSConnection):
    pass


class _Plain(HTTPConnectionPool):
    ConnectionCls = _CutPlain


class _Tls(HTTPSConnectionPool):
    ConnectionCls = _CutTls


class _Bounded(HTTPAdapter):
    """Answers that end in time and are no longer than they need to be; any other counts as none."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Plain, "https": _Tls}

    def send(self, request: PreparedRequest, *args: Any, **named: Any) -> Response:
        ends = time.monotonic() + ANSWER_SECONDS
        answer = super().send(request, *args, **{**named, "stream": True})
        try:
            said = answer.raw.read(ANSWER_BYTES + 1, decode_content=True)
        except (HTTPError, OSError) as error:
            raise RequestException("the answer broke off") from error
        finally:
            answer.raw.close()
        if len(said) > ANSWER_BYTES or time.monotonic() >= ends:  # an answer that was cut off can look whole
            raise RequestException("the answer took too long, or was too long")
        answer._content, answer._content_consumed = said, True
        return answer


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # it ended before
        line.shutdown(socket.SHUT_RDWR)


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
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
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
        """Who it is. Nothing of what the service says is kept with the account but the `sub`."""
        config = self.openid_config
        said = id_token.claims(
            response.get("id_token"),
            self._fetched(config["jwks_uri"]),
            issuer=config["issuer"],
            audience=app.client_id,
            nonce=self.nonce,
            now=time.time(),
        )
        request.came_through = {  # type: ignore[attr-defined]
            "token": response["id_token"],
            "ends": self._ends(),
        }
        login = self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": said["sub"]}})
        login.account.extra_data = {}
        return login

    def _ends(self) -> str:
        """Where one signs out there; empty where it says nothing of it, or names another origin than its own,
        to which no browser would follow the button of ours."""
        found, server = str(self.openid_config.get("end_session_endpoint", "")), self.openid_config["issuer"]
        return found if _origin(found) == _origin(server) and not urlsplit(found).fragment else ""

    def _fetched(self, address: str) -> dict[str, Any]:
        with OpenId(self.request).get_requests_session() as session:
            answer = session.get(address)
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
    """Lead to the service, to sign in."""
    return _asked(request, provider_id, AuthProcess.LOGIN, get_next_redirect_url(request))


def linking(request: Visit, provider_id: str) -> HttpResponse:
    """Whether one's own account is linked to the service; link it, or undo that."""
    ours, account = _configured(provider_id), request.viewer.account
    link = SocialAccount.objects.filter(provider=provider_id, user=account)
    if request.method == "POST" and request.POST.get("what") == "link":
        return _asked(request, provider_id, AuthProcess.CONNECT, account=account.pk)
    if request.method == "POST" and request.POST.get("what") == "unlink":
        if link.delete()[0]:
            access.noted(request, Kind.UNLINKED, access.of(account), how="sign-in service")
            messages.success(request, f"{ours.name} opens your account no more.")
        return HttpResponseRedirect(reverse("account"))
    return render(request, "service.html", {"service": ours, "linked": link.exists()})


def _asked(
    request: HttpRequest, provider_id: str, process: str, onward: str | None = None, **kept: Any
) -> HttpResponse:
    """To the service, with a question that only its answer to this browser fits. kept: comes back with it."""
    _configured(provider_id)
    nonce = get_random_string(32)
    provider = OpenId(request).get_provider(request, provider_id)
    try:
        answer: HttpResponse = provider.redirect(
            request, process, next_url=onward, auth_params={_NONCE: nonce}, **{_NONCE: nonce}, **kept
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


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here, and be led to the service to sign out there, where one came through it and it says how.

    The session is over before anything else happens, whatever becomes of the rest.
    """
    came = _came(request)
    ours = next((each for each in configuration().openid if came and each.id == came["service"]), None)
    request.sign_in_service = (  # type: ignore[attr-defined]  # what the page says beforehand
        None if came is None or ours is None else {"name": ours.name, "ends": bool(came["ends"])}
    )
    answer: HttpResponse = signing.logout(request)
    if request.method != "POST" or came is None or ours is None:
        return answer
    if not came["ends"]:
        messages.warning(
            request,
            f"{ours.name} says no way to sign out there. Whoever uses this browser next may still be signed "
            "in with it.",
        )
        return answer
    state = request.session[_LEFT] = get_random_string(32)
    asked = {
        "client_id": ours.client_id,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("openid_out", args=[ours.id])),
        "state": state,
    }
    if len(came["token"]) <= _LONGEST_HINT:
        asked["id_token_hint"] = came["token"]
    joined = "&" if urlsplit(came["ends"]).query else "?"
    return HttpResponseRedirect(f"{came['ends']}{joined}{urlencode(asked)}")


def out(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the service leads back to after a sign-out there. It opens nothing and ends nothing."""
    ours, state = _configured(provider_id), request.session.pop(_LEFT, "")
    if state and constant_time_compare(state, request.GET.get("state", "")):
        messages.success(request, f"You are signed out at {ours.name} too.")
    return HttpResponseRedirect(reverse("account_login"))


def _came(request: HttpRequest) -> dict[str, str] | None:
    """What is kept of the service through which this session was opened; None for another way in."""
    came: dict[str, str] | None = request.session.get(_CAME)
    if came is None or not request.user.is_authenticated:
        return None
    through = {"method": "socialaccount", "provider": came["service"], "uid": came["sub"]}
    records = get_authentication_records(request, request.user)
    return came if any(through.items() <= record.items() for record in records) else None


@receiver(user_logged_in)
def _came_otherwise(request: HttpRequest, **_kwargs: Any) -> None:
    """What is left of a way through a service that was not gone to its end is not kept beside another way;
    nor is what stands in sessions that ended without a sign-out."""
    if _came(request) is None:
        request.session.pop(_CAME, None)
    request.session.clear_expired()


def _linked(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """From now on the service's `sub` means the account of who is signed in here, who asked for it, and who
    proved a moment ago that it is them. A `sub` means one account, and an account has one of a service."""
    account = request.user
    if (
        not isinstance(account, Account)
        or login.state.get("account") != account.pk
        or not used_second_factor(request, account)
        or not fresh(request, account)
    ):
        return _ended(
            request, "not linked", "Sign in, and link your account to the service anew.", status=403
        )
    named = {"provider": login.account.provider, "uid": login.account.uid}
    others = SocialAccount.objects.filter(**named) | SocialAccount.objects.filter(
        provider=login.account.provider, user=account
    )
    if others.exclude(**named, user=account).exists():
        return _ended(
            request,
            "not linked",
            "One of the two is linked already: your account to somebody else at the service, or whom the "
            "service named to another account. Undo that first.",
            who=access.of(account),
            status=409,
        )
    with transaction.atomic():
        if SocialAccount.objects.get_or_create(**named, defaults={"user": account})[1]:
            access.noted(request, Kind.LINKED, access.of(account), how="sign-in service")
    messages.success(request, "Your account is linked: the service can take the place of your password.")
    return HttpResponseRedirect(reverse("account"))


def _configured(provider_id: str) -> OpenIdProvider:
    """Raises Http404 for any other."""
    for each in configuration().openid:
        if each.id == provider_id:
            return each
    raise Http404


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    _LOG.warning("a sign-in service could not be relied on", extra={"error": type(error).__name__})
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
        heading="Nothing was linked" if request.user.is_authenticated else "You were not signed in",
        said=f"{said} Nothing was opened and nothing was changed.",
    )
