"""Everything the web side can be told, as one frozen value, and Django's settings made from it.

No other module of this package asks the environment or holds a setting. A number here has its reason beside
it; those of sessions and passwords follow NIST SP 800-63B-4 (sections 2.2.3 and 3.1.1) for the second
assurance level.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from habeas.app.home import ACCOUNTS, PAGES_KEY
from habeas.errors import Refused
from habeas.store import handed_over
from habeas.store.postgres import protected

HERE = Path(__file__).parent

PAGES_CREDENTIAL = "habeas-web"  # the name of the key of the pages among systemd's credentials
PASSWORD_LENGTH = 12  # at least; no rules of composition, which make passwords worse
INVITATION_SECONDS = 72 * 3600  # over a weekend, not over a holiday
FRESH_SECONDS = 15 * 60  # how long a proof of presence serves for acts that ask for one
BODY_BYTES = 5 * 1024 * 1024  # a request, a letter, a form; a custodian's files have a page of their own
YEAR_SECONDS = 31_536_000
COSTLY = {
    "search": "60/m/user,600/h/user",
    "export": "60/m/user,300/h/user",
    "upload": "60/m/user,600/h/user",
}
"""How often a colleague searches, takes papers or lists out, and brings files in: several times what a busy
day asks of anybody, and far less than it takes to carry a house away."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")  # of the United Nations; the person's door speaks them


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdProvider:
    """A house's own sign-in service (OpenID Connect). The second factor stays ours.

    id: a word for its address here. name: what the button says. client_id, secret_file: what the service
    knows us by. server: its issuer, letter by letter. A person is known by the service's own word for them
    (`sub`), which they linked to their account themselves.
    """

    id: str
    name: str
    client_id: str
    secret_file: Path
    server: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", self.id):
            raise Refused(
                "this is no word for a sign-in service",
                place="id",
                hint="small letters, digits and hyphens, 32 at most",
            )
        parts = urlsplit(self.server)
        plain = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
        if not (parts.scheme == "https" or plain) or not parts.netloc or parts.query or parts.fragment:
            raise Refused(
                "a sign-in service is reached over https",
                place="server",
                hint="its issuer, for example https://id.example.org",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What an operator decides.

    home: of the installation; accounts.sqlite and web.key lie there unless said otherwise. hosts: names this
    site answers to. https: False only on a loopback address. proxies: how many of ours stand in front.
    database_url: postgresql://user:password@host:port/name; empty for SQLite. demo: every page says that
    nothing on it is real. password_words: what no password may contain, beside the names of house and
    site. breached: the published list of passwords from breaches, where the house keeps one.
    """

    home: Path
    hosts: tuple[str, ...]
    https: bool = True
    proxies: int = 0
    languages: tuple[str, ...] = LANGUAGES
    database_url: str = ""
    demo: bool = False
    openid: tuple[OpenIdProvider, ...] = ()
    password_words: tuple[str, ...] = ()
    breached: Path | None = None

    def __post_init__(self) -> None:
        if not self.hosts or "*" in self.hosts:
            raise Refused(
                "this site must know its own names",
                place="hosts",
                hint="name each host as people type it, e.g. desk.example.org",
            )
        if not self.https and not set(self.hosts) <= _LOOPBACK:
            raise Refused(
                "without https this site answers on a loopback address only",
                place="https",
                hint="put a certificate in front, or name localhost alone",
            )
        if len({each.id for each in self.openid}) < len(self.openid):
            raise Refused("two sign-in services have the same word", place="openid", hint="give each its own")
        if unknown := set(self.languages) - set(LANGUAGES):
            raise Refused(
                f"no catalogue for {', '.join(sorted(unknown))}",
                place="languages",
                hint=f"there are {', '.join(LANGUAGES)}",
            )

    def key_path(self) -> Path:
        """Where the key of the pages lies: where systemd put it, or in the home folder."""
        return handed_over(PAGES_CREDENTIAL) or self.home / PAGES_KEY

    def secret_key(self) -> str:
        """The key that signs sessions and seals second factors. Where systemd hands none over it is made at
        the first start, for us alone."""
        path = self.key_path()
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass  # made by an earlier start
        key = path.read_text("ascii").strip()
        if len(key) < 50:
            raise Refused("the key file of the web side is too short", place=str(path), hint="make a new one")
        return key

    def database(self) -> dict[str, Any]:
        if not self.database_url:
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": self.home / ACCOUNTS,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                },
            }
        parts = urlsplit(self.database_url)
        if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
            raise Refused(
                "this is no address of a database for accounts",
                place="database_url",
                hint="postgresql://user:password@host:port/name",
            )
        known = protected(self.database_url)
        names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        return {
            "ENGINE": "django.db.backends.postgresql",
            **{name: known.pop(word, "") for name, word in names.items()},
            "OPTIONS": known,
            "CONN_MAX_AGE": 60,
        }


def services(path: Path) -> tuple[OpenIdProvider, ...]:
    """The sign-in services a file names: TOML, a table `[[service]]` for each with the fields of
    `OpenIdProvider`. The file of a secret is looked for beside it. Raises Refused."""
    try:
        found = msgspec.convert(
            tomllib.loads(path.read_text("utf-8")),
            dict[Literal["service"], tuple[OpenIdProvider, ...]],
            dec_hook=lambda _kind, words: path.parent / words,
        )
    except (OSError, ValueError) as error:
        raise Refused(
            "the file of sign-in services cannot be used",
            place=str(path),
            hint=str(error) if isinstance(error, msgspec.ValidationError) else "see docs/running.md",
        ) from None
    return found.get("service", ())


def _secret(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise Refused(
            "the secret of the sign-in service cannot be read", place=str(path), hint=str(error.strerror)
        ) from None


def settings(configuration: Configuration, installation: object) -> dict[str, Any]:
    """Django's settings. installation: what the views ask for cases (`habeas.app`)."""
    https = configuration.https
    prefix = "__Host-" if https else ""  # a cookie no other host or path can have set (RFC 6265bis)
    openid = (
        ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
        if configuration.openid
        else []
    )
    breached = [
        {"NAME": "habeas.web.accounts.breached.BreachedPasswords", "OPTIONS": {"path": path}}
        for path in (configuration.breached,)
        if path is not None
    ]
    return {
        "HABEAS": configuration,
        "HABEAS_INSTALLATION": installation,
        "SECRET_KEY": configuration.secret_key(),
        "DEBUG": False,
        "ALLOWED_HOSTS": list(configuration.hosts),
        "ROOT_URLCONF": "habeas.web.urls",
        "INSTALLED_APPS": [
            "django.contrib.auth",  # the base of accounts; its groups, permissions and admin are not used
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "habeas.web.accounts",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "allauth.usersessions",
            *openid,
        ],
        "MIDDLEWARE": [
            "habeas.web.headers.Headers",
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "habeas.web.sessions.SessionLimits",
            "allauth.account.middleware.AccountMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [HERE / "templates"],
                "APP_DIRS": False,
                "OPTIONS": {
                    "environment": "habeas.web.shown.environment",
                    "context_processors": [
                        "django.contrib.messages.context_processors.messages",
                        "habeas.web.door.furniture",
                    ],
                },
            }
        ],
        "FORM_RENDERER": "django.forms.renderers.Jinja2",
        "WSGI_APPLICATION": None,
        "DATABASES": {"default": configuration.database()},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        # One counter of failed sign-ins for all processes, so that ten processes are not ten tries.
        "CACHES": {
            "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "counters"}
        },
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "USE_I18N": True,
        "LANGUAGE_CODE": "en",
        "LANGUAGES": [(code, code) for code in configuration.languages],
        "LOCALE_PATHS": [HERE / "locale"],
        # ---- answers
        "STATIC_URL": "/static/",
        "STATIC_ROOT": configuration.home / "static",
        "STATICFILES_DIRS": [HERE / "static"],
        "STATICFILES_FINDERS": ["django.contrib.staticfiles.finders.FileSystemFinder"],
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
        "WHITENOISE_KEEP_ONLY_HASHED_FILES": True,
        "SECURE_SSL_REDIRECT": https,
        "SECURE_HSTS_SECONDS": 2 * YEAR_SECONDS if https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": https,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")
        if https and configuration.proxies
        else None,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": BODY_BYTES,
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": BODY_BYTES,
        # ---- sessions and forms
        "SESSION_ENGINE": "habeas.web.sessions",
        "SESSION_COOKIE_NAME": f"{prefix}habeas",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",  # a link to a case in a colleague's note must open it
        "SESSION_COOKIE_AGE": 12 * 3600,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_NAME": f"{prefix}habeas-form",
        "CSRF_COOKIE_SECURE": https,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_AGE": None,  # with the browser, like the session
        "CSRF_FAILURE_VIEW": "habeas.web.views.errors.form_too_old",
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        # ---- accounts
        "AUTH_USER_MODEL": "accounts.Account",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": PASSWORD_LENGTH},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {
                "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
                "OPTIONS": {"user_attributes": ("login", "person", "organisation")},
            },
            {
                "NAME": "habeas.web.accounts.house_words.HouseWords",
                "OPTIONS": {"words": (*configuration.hosts, *configuration.password_words)},
            },
            *breached,
        ],
        "PASSWORD_RESET_TIMEOUT": INVITATION_SECONDS,  # invitations use the same signed tokens
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_ADAPTER": "habeas.web.accounts.adapters.Accounts",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": "login",
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_PRESERVE_USERNAME_CASING": False,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": FRESH_SECONDS,
        "ACCOUNT_RATE_LIMITS": {
            "login": "30/m/ip",
            "login_failed": "10/m/ip,5/5m/key",
            "reauthenticate": "10/m/user",
            "change_password": "5/m/user",
            **COSTLY,
        },
        "ALLAUTH_TRUSTED_PROXY_COUNT": configuration.proxies,
        "MFA_ADAPTER": "habeas.web.accounts.adapters.SecondFactors",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        # A passkey alone signs in, so it must itself be two factors: the device and its PIN or finger.
        "MFA_WEBAUTHN_USER_VERIFICATION": "required",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not https,
        "MFA_TOTP_TOLERANCE": 1,  # clocks of phones: one step of 30 seconds either way
        "MFA_TOTP_ISSUER": "Habeas",
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "SOCIALACCOUNT_ADAPTER": "habeas.web.accounts.openid.OpenId",
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_PROVIDERS": {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "SCOPE": ["openid"],  # who it is, and neither their name nor their address
                "APPS": [
                    {
                        "provider_id": each.id,
                        "name": each.name,
                        "client_id": each.client_id,
                        "secret": _secret(each.secret_file),
                        "settings": {"server_url": each.server.rstrip("/")},
                    }
                    for each in configuration.openid
                ],
            }
        },
        # Sentences of ours go where the operator's logs go; Django's mails to administrators are not used.
        "LOGGING_CONFIG": None,
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    }
