"""One's own account: the zone times are shown in, the way in, and the way to begin."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as own_sessions
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from habeas.errors import Refused
from habeas.web.accounts import access
from habeas.web.accounts.adapters import SecondFactors
from habeas.web.accounts.inviting import fits, invited
from habeas.web.accounts.models import Account
from habeas.web.door import Visit, configuration

_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,120}@[A-Za-z0-9][A-Za-z0-9.-]{0,120}")


def sign_in_page(request: HttpRequest) -> HttpResponse:
    """allauth's own, with the services this house signs in through."""
    view = LoginView.as_view(extra_context={"openid": configuration().openid})
    answer: HttpResponse = view(request)
    return answer


def own(request: Visit) -> HttpResponse:
    """What the house knows of this account, its zone, and where messages go."""
    refused = None
    if request.method == "POST" and "mail" in request.POST:
        refused = _addressed(request, request.POST["mail"].strip())
        if refused is None:
            return HttpResponseRedirect(reverse("account"))
    elif request.method == "POST":
        zone = request.POST.get("zone", "").strip()
        if zone in available_timezones():
            account = request.viewer.account
            account.zone = zone
            account.save(update_fields=["zone"])
            messages.success(request, f"Times are shown in {zone} now.")
            return HttpResponseRedirect(reverse("account"))
        refused = Refused("this is no zone", place="zone", hint="an IANA name, for example Europe/Paris")
    return render(
        request,
        "account.html",
        {"refused": refused, "zones": sorted(available_timezones()), "openid": configuration().openid},
        status=422 if refused else 200,
    )


def _addressed(request: Visit, mail: str) -> Refused | None:
    """Messages go there from now on, or nowhere; why not, where it is no address."""
    if mail and not _ADDRESS.fullmatch(mail):
        return Refused("this is no address", place="mail", hint="for example desk@ministry.example")
    account = request.viewer.account
    with transaction.atomic():
        account.mail = mail
        account.save(update_fields=["mail"])
        access.noted(request, access.Kind.MAIL_SET, access.of(account))
    messages.success(request, f"Messages go to {mail} now." if mail else "No messages are sent to you now.")
    return None


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """allauth's own, but the last second factor stays: without it the account would open nothing."""
    key = get_object_or_404(Authenticator, pk=pk, user_id=request.user.pk, type=Authenticator.Type.WEBAUTHN)
    if not SecondFactors().can_delete_authenticator(key):
        messages.info(request, "It is your only second proof. Add another first; then it can be removed.")
        return HttpResponseRedirect(reverse("mfa_list_webauthn"))
    answer: HttpResponse = passkeys.remove_webauthn(request, pk=pk)
    return answer


def sessions(request: HttpRequest) -> HttpResponse:
    """allauth's own; that other sessions were ended is written down."""
    answer: HttpResponse = own_sessions.list_usersessions(request)
    if request.method == "POST" and answer.status_code == 302:
        access.noted(request, access.Kind.SESSIONS_ENDED, access.whose(request))
    return answer


def _whole(account: Account, half: str) -> bool:
    """Whether both halves of an invitation are there, where it has two."""
    return not account.asked_by or fits(account, half)


def invitation(request: HttpRequest, number: int, token: str) -> HttpResponse:
    """Choose a password, once. Whatever is wrong with an invitation, it does not exist."""
    account = invited(number, token)
    if account is None:
        raise Http404
    form = SetPasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid() and not _whole(account, request.POST.get("half", "")):
        access.noted(request, access.Kind.NOT_SIGNED_IN, access.of(account), how="invitation")
        form.add_error(None, "This is not the number of your invitation. Ask who holds it.")
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            access.noted(request, access.Kind.PASSWORD_SET, access.of(account), how="invitation")
        messages.success(request, "Your password is set. Sign in with it; then add a second proof.")
        return HttpResponseRedirect(reverse("account_login"))
    return render(
        request,
        "account/invitation.html",
        {"form": form, "login": account.login, "halved": bool(account.asked_by)},
        status=422 if form.errors else 200,
    )
