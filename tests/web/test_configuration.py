"""What an operator may decide, and what is refused before anything starts."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from argon2 import Type, extract_parameters
from django.contrib.auth.hashers import make_password

from habeas.errors import Refused
from habeas.web.configuration import Configuration, OpenIdProvider, services, settings
from tests.web import hashing
from tests.web.conftest import INSTALLATION


def configuration(home: Path, **parts: object) -> Configuration:
    return Configuration(**{"home": home, "hosts": ("desk.example.org",), **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"hosts": ()}, "hosts"),
        ({"hosts": ("*",)}, "hosts"),
        ({"https": False}, "https"),
        ({"languages": ("de",)}, "languages"),
    ],
)
def test_a_site_that_cannot_be_safe_does_not_start(
    parts: dict[str, object], place: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        configuration(tmp_path, **parts)
    assert refused.value.place == place


def test_without_https_it_answers_on_a_loopback_address(tmp_path: Path) -> None:
    assert not configuration(tmp_path, hosts=("localhost", "127.0.0.1"), https=False).https


def test_with_https_cookies_belong_to_this_host_and_are_sent_by_no_script(tmp_path: Path) -> None:
    made = settings(configuration(tmp_path), INSTALLATION)
    assert made["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert made["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert made["SESSION_COOKIE_SECURE"]
    assert made["CSRF_COOKIE_SECURE"]
    assert made["SESSION_COOKIE_HTTPONLY"]
    assert made["CSRF_COOKIE_HTTPONLY"]
    assert (made["SESSION_COOKIE_SAMESITE"], made["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Strict")
    assert made["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert made["SECURE_SSL_REDIRECT"]
    assert not made["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
    assert not made["DEBUG"]


def test_a_forwarded_scheme_is_believed_only_behind_a_proxy_of_ours(tmp_path: Path) -> None:
    assert settings(configuration(tmp_path), INSTALLATION)["SECURE_PROXY_SSL_HEADER"] is None
    behind = settings(configuration(tmp_path, proxies=1), INSTALLATION)
    assert behind["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert behind["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_the_admin_site_is_not_there(tmp_path: Path) -> None:
    assert "django.contrib.admin" not in settings(configuration(tmp_path), INSTALLATION)["INSTALLED_APPS"]


def test_the_key_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    made = configuration(tmp_path)
    assert made.secret_key() == made.secret_key()
    assert stat.S_IMODE((tmp_path / "web.key").stat().st_mode) == 0o600


def test_systemd_hands_the_key_of_the_pages_over_and_then_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, home = tmp_path / "credentials", tmp_path / "home"
    held.mkdir()
    home.mkdir()
    (held / "habeas-web").write_text("k" * 64 + "\n", encoding="ascii")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(held))
    assert configuration(home).secret_key() == "k" * 64
    assert not (home / "web.key").exists()
    (held / "habeas-web").unlink()
    assert configuration(home).secret_key() != "k" * 64
    assert (home / "web.key").exists()


def test_a_password_costs_whoever_guesses_what_is_advised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OWASP's sheet on storing passwords: Argon2id with 19 MiB, two rounds and one lane at least."""
    hashing.in_force(monkeypatch)
    made = settings(configuration(tmp_path), INSTALLATION)["PASSWORD_HASHERS"]
    assert made == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = make_password("five words that nobody else drew").removeprefix("argon2")
    found = extract_parameters(kept)
    assert found.type is Type.ID
    assert (found.memory_cost >= 19 * 1024, found.time_cost >= 2, found.parallelism >= 1) == (True,) * 3


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "web.key").write_text("short", encoding="ascii")
    with pytest.raises(Refused):
        configuration(tmp_path).secret_key()


def test_accounts_can_live_in_postgresql(tmp_path: Path) -> None:
    address = "postgresql://desk:p%40ss@db.example:5433/accounts?sslmode=verify-full&sslrootcert=/ca.pem"
    found = configuration(tmp_path, database_url=address).database()
    assert found["ENGINE"].endswith("postgresql")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("accounts", "desk", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")
    assert found["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}


def test_accounts_do_not_cross_a_network_in_clear(tmp_path: Path) -> None:
    for word in ("", "?sslmode=require", "?sslmode=disable"):
        with pytest.raises(Refused, match="under its checked certificate only"):
            configuration(tmp_path, database_url=f"postgresql://desk@db.example/accounts{word}").database()
    found = configuration(tmp_path, database_url="postgresql:///accounts?host=/run/postgresql").database()
    assert found["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "accounts.sqlite"])
def test_another_database_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        configuration(tmp_path, database_url=url).database()
    assert refused.value.place == "database_url"


def test_a_sign_in_service_is_there_only_where_it_is_configured(tmp_path: Path) -> None:
    assert not any(
        "socialaccount" in app for app in settings(configuration(tmp_path), INSTALLATION)["INSTALLED_APPS"]
    )
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n", encoding="utf-8")
    service = OpenIdProvider(
        id="ours",
        name="Our service",
        client_id="desk",
        secret_file=secret,
        server="https://id.example.org",
    )
    made = settings(configuration(tmp_path, openid=(service,)), INSTALLATION)
    assert any("openid_connect" in app for app in made["INSTALLED_APPS"])
    (app,) = made["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert app["secret"] == "s3cret"
    assert not made["SOCIALACCOUNT_STORE_TOKENS"]


_SERVICES = """
[[service]]
id = "ours"
name = "Our service"
client_id = "desk"
secret_file = "secret"
server = "https://id.example.org"
"""


def test_sign_in_services_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "services.toml"
    file.write_text(_SERVICES, encoding="utf-8")
    (found,) = services(file)
    assert (found.id, found.secret_file) == ("ours", tmp_path / "secret")
    with pytest.raises(Refused) as refused:
        settings(configuration(tmp_path, openid=(found,)), INSTALLATION)
    assert refused.value.place == str(tmp_path / "secret")  # which is not there


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("https://", "http://", "server"),
        ("https://", "ftp://", "server"),
        ("https://id.example.org", "https://", "server"),
        ('"ours"', '"Our service"', "id"),
        ("client_id", "client", "file"),
        ("[[service]]", "[[services]]", "file"),
        ("[[service]]", "[service", "file"),
    ],
)
def test_a_sign_in_service_that_is_not_safe_is_refused(
    old: str, new: str, place: str, tmp_path: Path
) -> None:
    file = tmp_path / "services.toml"
    assert old in _SERVICES
    file.write_text(_SERVICES.replace(old, new), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        services(file)
    assert refused.value.place == (str(file) if place == "file" else place)


def test_two_sign_in_services_never_have_one_word(tmp_path: Path) -> None:
    file = tmp_path / "services.toml"
    file.write_text(_SERVICES + _SERVICES.replace("example.org", "example.net"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        configuration(tmp_path, openid=services(file))
    assert refused.value.place == "openid"
    file.write_text(_SERVICES + _SERVICES.replace('"ours"', '"theirs"'), encoding="utf-8")
    assert len(configuration(tmp_path, openid=services(file)).openid) == 2
    assert not services(_empty(tmp_path))
    with pytest.raises(Refused):
        services(tmp_path / "missing.toml")


def _empty(folder: Path) -> Path:
    (folder / "empty.toml").touch()
    return folder / "empty.toml"
