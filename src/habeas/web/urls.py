"""Every page there is, with who may see it. Nothing gets an address in another way."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account import views as sign_in
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpResponse
from django.urls import URLPattern

from habeas.desk.moves import Act
from habeas.web import uploads
from habeas.web.door import LOG, PEOPLE, Anybody, Enrolling, Member, configuration, route
from habeas.web.views import (
    access,
    account,
    acts,
    case,
    extracting,
    files,
    forms,
    house_history,
    importing,
    knowledge,
    lately,
    letters,
    package,
    people,
    public_log,
    queue,
    receive,
    settings,
    stories,
    typing_in,
    you,
)

_OWN = Enrolling("one's own second proofs; an account without one gets it here")
_PROVING = Enrolling("where presence is proved", proving=True)
_DOOR = Anybody("the way in; it says the same whether or not an account exists")
_LAW = Member("published law and what we know of it; nothing of any case")
_SECONDS = Member("what waits for their own word, or is about themselves; the desk says for whom that is")
_PERSON = Anybody(
    "the door of the person concerned, who has no account; it shows nothing without the code of a notice"
)

_SEALS = {Act.PREPARE: uploads.prepared, Act.ATTACH: uploads.along(Act.ATTACH)}
"""The acts whose files are sealed as they come."""

handler400 = "habeas.web.views.errors.bad"
handler403 = "habeas.web.views.errors.forbidden"
handler404 = "habeas.web.views.errors.missing"
handler429 = "habeas.web.views.errors.too_many"
handler500 = "habeas.web.views.errors.ours"

_DESK = [
    route("", queue.page, name="queue", needs=Member("the queue; it lists what the viewer may read")),
    route("next/", queue.go_on, name="next", needs=Member("only a case that they may act in is named")),
    route(
        "find/",
        queue.find,
        name="find",
        needs=Member("the exact search, over the same list"),
        methods="POST",
        costs="search",
    ),
    route("receive/", receive.page, name="receive", needs=Act.RECEIVE, methods="GET POST", costs="upload"),
    route("receive/type/", typing_in.begin, name="type", needs=Act.RECEIVE),
    route(
        "receive/type/<str:place>/",
        typing_in.page,
        name="type_in",
        needs=Act.RECEIVE,
        methods="GET POST",
        files=uploads.apart,
        costs="upload",
    ),
    route(
        "receive/import/",
        importing.page,
        name="import",
        needs=Act.RECEIVE,
        methods="GET POST",
        costs="upload",
    ),
    route("filters/", queue.filters_of, name="filters", needs=Member("one's own filters"), methods="POST"),
    route("cases/<str:case>/", case.page, name="case", needs=Act.READ),
    route("cases/<str:case>/letters/", letters.page, name="letters", needs=Act.READ),
    route(
        "cases/<str:case>/letters/<str:sha256>/", case.letter, name="letter", needs=Act.READ, costs="export"
    ),
    route("cases/<str:case>/letters/<str:sha256>/read/", letters.one, name="letter_read", needs=Act.READ),
    route(
        "cases/<str:case>/objections/<str:sha256>/",
        case.objection,
        name="objection",
        needs=Act.READ,
        costs="export",
    ),
    route("cases/<str:case>/files/", files.page, name="files", needs=Act.READ),
    route("cases/<str:case>/files/<str:sha256>/", files.one, name="file", needs=Act.READ, costs="export"),
    *(
        route(
            f"cases/<str:case>/{act}/type/",
            typing_in.version(act),
            name=f"type_{act}",
            needs=act,
            methods="GET POST",
            files=uploads.along(act),
            costs="upload",
        )
        for act in (Act.ANSWER, Act.ACCEPT_NARROWING)
    ),
    route("cases/<str:case>/promise/", case.promise, name="promise", needs=Act.READ, costs="export"),
    route("cases/<str:case>/receipt/", case.receipt, name="receipt", needs=Act.READ, costs="export"),
    route(
        "cases/<str:case>/extract/",
        extracting.page,
        name="extract",
        needs=Act.PREPARE,
        methods="GET POST",
        files=uploads.prepared,
        costs="upload",
    ),
    route("cases/<str:case>/package/", package.page, name="package", needs=Act.READ),
    route(
        "cases/<str:case>/leaving/<str:sha256>/",
        package.open_file,
        name="open_file",
        needs=Act.READ,
        fresh=True,
        costs="export",
    ),
    *(
        route(
            f"cases/<str:case>/package/<str:sha256>/{part}/",
            package.fetch(part),
            name=f"package_{part}",
            needs=Act.RELEASE,
            fresh=True,
            costs="export",
        )
        for part in package.KINDS
    ),
    route(
        "cases/<str:case>/delivery/<str:sha256>/",
        package.fetch_receipt,
        name="delivery_receipt",
        needs=Act.READ,
        costs="export",
    ),
    *(
        route(
            f"cases/<str:case>/{form.act}/",
            acts.page(form, case.with_form),
            name=form.act,
            needs=form.act,
            methods="GET POST",
            fresh=form.fresh,
            files=_SEALS.get(form.act),
            costs="upload" if form.files else "",
        )
        for form in forms.FORMS
    ),
    route("law/", knowledge.page, name="knowledge", needs=_LAW),
    route("law/find/", knowledge.find, name="find_law", needs=_LAW),
    route("law/instruments/<str:instrument>/", knowledge.instrument, name="instrument", needs=_LAW),
    route("law/instruments/<str:instrument>/parties/", knowledge.parties, name="parties", needs=_LAW),
    route("law/seats/<str:state>/", knowledge.seat, name="seat_law", needs=_LAW),
    route("law/states/<str:state>/", knowledge.state, name="state_law", needs=_LAW),
    route("law/provisions/<str:provision>/", knowledge.provision, name="provision", needs=_LAW),
    route("settings/", settings.page, name="settings", needs=PEOPLE),
    route(
        "settings/change/",
        settings.configure,
        name="configure",
        needs=Act.RUN_HOUSE,
        methods="GET POST",
        fresh=True,
    ),
    route("settings/history/", house_history.page, name="house_history", needs=PEOPLE),
    route("settings/keys/", settings.keys, name="keys", needs=PEOPLE),
    route(
        "settings/keys/register/",
        settings.register_key,
        name="register_key",
        needs=Act.RUN_HOUSE,
        methods="GET POST",
        fresh=True,
    ),
    route("settings/proposals/", settings.proposals, name="proposals", needs=_SECONDS),
    route(
        "settings/proposals/answer/",
        settings.answer_proposal,
        name="answer_proposal",
        needs=_SECONDS,
        methods="GET POST",
        fresh=True,
    ),
    route("log/", public_log.page, name="public_log", needs=LOG),
    route("log/totals/", public_log.totals, name="totals", needs=public_log.TOTALLERS, methods="POST"),
    route("log/report/", public_log.inside, name="inside_report", needs=public_log.OPENERS, costs="export"),
    route("log/openings/", public_log.openings, name="openings", needs=public_log.OPENERS, costs="export"),
    route("log/ledgers/", public_log.ledgers, name="ledgers", needs=public_log.OPENERS, costs="export"),
    route("log/stories/", stories.page, name="stories", needs=stories.READERS),
    route("log/stories/write/", stories.write, name="write_story", needs=Act.TELL, methods="GET POST"),
    route("log/stories/answer/", stories.answer, name="answer_story", needs=Act.TELL, methods="POST"),
    route(
        "log/keep/",
        public_log.keep,
        name="keep_log",
        needs=Act.RUN_HOUSE,
        methods="GET POST",
        fresh=True,
    ),
    route("access/", access.page, name="access", needs=PEOPLE),
    route("people/", people.page, name="people", needs=PEOPLE),
    route("people/admit/", people.admit, name="admit", needs=Act.RUN_HOUSE, methods="GET POST", fresh=True),
    route(
        "people/<str:person>/", people.one, name="person", needs=Act.RUN_HOUSE, methods="GET POST", fresh=True
    ),
    route(
        "absence/",
        people.absence,
        name="absence",
        needs=Member("everybody states their own"),
        methods="GET POST",
    ),
    route(
        "account/lately/",
        lately.page,
        name="lately",
        needs=Member("what was tried and changed about one's own way in"),
        methods="GET POST",
    ),
    route("account/", account.own, name="account", needs=Member("one's own account"), methods="GET POST"),
]

_ACCOUNTS = [
    route("sign-in/", account.sign_in_page, name="account_login", needs=_DOOR, methods="GET POST"),
    route("sign-in/code/", factors.authenticate, name="mfa_authenticate", needs=_DOOR, methods="GET POST"),
    route(
        "sign-in/passkey/",
        passkeys.login_webauthn,
        name="mfa_login_webauthn",
        needs=_DOOR,
        methods="GET POST",
    ),
    route("sign-in/inactive/", sign_in.account_inactive, name="account_inactive", needs=_DOOR),
    route(
        "invitation/<int:number>/<str:token>/",
        account.invitation,
        name="invitation",
        needs=Anybody("whoever holds the link; it works once"),
        methods="GET POST",
    ),
    route(
        "presence/", sign_in.reauthenticate, name="account_reauthenticate", needs=_PROVING, methods="GET POST"
    ),
    route(
        "presence/code/",
        factors.reauthenticate,
        name="mfa_reauthenticate",
        needs=_PROVING,
        methods="GET POST",
    ),
    route(
        "presence/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
        needs=_PROVING,
        methods="GET POST",
    ),
    route(
        "account/password/",
        sign_in.password_change,
        name="account_change_password",
        needs=_OWN,
        methods="GET POST",
        fresh=True,
    ),
    route(
        "account/sessions/",
        account.sessions,
        name="usersessions_list",
        needs=_OWN,
        methods="GET POST",
        fresh=True,
    ),
    route("account/proofs/", factors.index, name="mfa_index", needs=_OWN),
    route(
        "account/proofs/app/", totp.activate_totp, name="mfa_activate_totp", needs=_OWN, methods="GET POST"
    ),
    route(
        "account/proofs/app/remove/",
        totp.deactivate_totp,
        name="mfa_deactivate_totp",
        needs=_OWN,
        methods="GET POST",
    ),
    route("account/proofs/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes", needs=_OWN),
    route(
        "account/proofs/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
        needs=_OWN,
        methods="GET POST",
    ),
    route("account/proofs/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn", needs=_OWN),
    route(
        "account/proofs/passkeys/add/",
        passkeys.add_webauthn,
        name="mfa_add_webauthn",
        needs=_OWN,
        methods="GET POST",
    ),
    route(
        "account/proofs/passkeys/<int:pk>/rename/",
        passkeys.edit_webauthn,
        name="mfa_edit_webauthn",
        needs=_OWN,
        methods="GET POST",
    ),
    route(
        "account/proofs/passkeys/<int:pk>/remove/",
        account.remove_passkey,
        name="mfa_remove_webauthn",
        needs=_OWN,
        methods="GET POST",
    ),
]

_PERSON_CONCERNED = [
    route("you/", you.choose, name="you", needs=_PERSON),
    route("you/<str:language>/", you.page, name="you_in", needs=_PERSON, methods="GET POST"),
    route("you/<str:language>/answer/", you.answer, name="your_answer", needs=_PERSON, methods="GET POST"),
    route("you/<str:language>/outcome/", you.outcome, name="your_outcome", needs=_PERSON, methods="GET POST"),
    route("you/<str:language>/receipt/", you.receipt, name="your_receipt", needs=_PERSON, methods="GET POST"),
]


def _openid() -> list[URLPattern]:
    """The way through a house's own service, where one is configured. No other page of allauth's has an
    address: nothing is connected, confirmed or signed up for by a link."""
    if not configuration().openid:
        return [_sign_out(sign_in.logout)]
    from habeas.web.accounts import openid

    return [
        route(
            "openid/<str:provider_id>/", openid.lead, name="openid_connect_login", needs=_DOOR, methods="POST"
        ),
        route(
            "account/service/<str:provider_id>/",
            openid.linking,
            name="link_service",
            needs=Member("one's own way in"),
            methods="GET POST",
            fresh=True,
        ),
        route("openid/<str:provider_id>/back/", openid.back, name="openid_connect_callback", needs=_DOOR),
        route("openid/<str:provider_id>/out/", openid.out, name="openid_out", needs=_DOOR),
        _sign_out(openid.sign_out),
    ]


def _sign_out(view: Callable[..., HttpResponse]) -> URLPattern:
    return route("sign-out/", view, name="account_logout", needs=_PROVING, methods="GET POST")


urlpatterns: list[URLPattern] = [*_DESK, *_ACCOUNTS, *_PERSON_CONCERNED, *_openid()]
