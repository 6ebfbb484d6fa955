"""An ID token counts only where its service signed it, for us, now, and in answer to our question."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from habeas.web.accounts.id_token import Untrue, claims

NOW = 1_800_000_000
GOOD: dict[str, Any] = {
    "iss": "https://id.example.org",
    "aud": "desk",
    "sub": "17",
    "nonce": "asked",
    "iat": NOW - 5,
    "exp": NOW + 300,
}


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _published(*names: str, **more: Any) -> dict[str, Any]:
    found = []
    for name in names:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key(name).public_key()))
        found.append({**public, "kid": name, "use": "sig", "alg": "RS256", **more})
    return {"keys": found}


def _signed(by: str = "first", named: str | None = "first", **changed: Any) -> str:
    said = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    return jwt.encode(said, _key(by), "RS256", headers={"kid": named} if named else {})


def _read(token: object, keys: dict[str, Any] | None = None, nonce: str = "asked") -> dict[str, Any]:
    keys = _published("first", "second") if keys is None else keys
    return claims(token, keys, issuer=GOOD["iss"], audience="desk", nonce=nonce, now=NOW)


def test_a_token_that_holds_says_who_it_is() -> None:
    assert _read(_signed())["sub"] == "17"
    assert _read(_signed(named=None), _published("first"))["sub"] == "17"
    assert _read(_signed(aud=["desk", "other"], azp="desk"))["sub"] == "17"
    assert _read(_signed(exp=NOW - 59, iat=NOW + 60))["sub"] == "17"  # clocks differ by a minute


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://id.example.net"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"aud": ["desk", "other"]},
        {"aud": ["desk", "other"], "azp": "other"},
        {"azp": "other"},
        {"exp": NOW - 60},
        {"exp": None},
        {"exp": True},
        {"exp": "soon"},
        {"iat": NOW + 61},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 192},
        {"sub": 17},
        {"nbf": "never"},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Untrue):
        _read(_signed(**changed))


def test_a_token_somebody_else_signed_is_refused() -> None:
    head, body, seal = _signed().split(".")
    other = _signed(sub="18").split(".")[1]
    secret = jwt.encode(GOOD, b"x" * 32, "HS256", headers={"kid": "first"})
    none = jwt.encode(GOOD, "", "none", headers={"kid": "first"})
    shared = {
        "kty": "oct",
        "kid": "first",
        "k": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg",
        "alg": "HS256",
    }
    for token in (
        _signed(by="second"),
        _signed(named="third"),
        _signed(named=None),  # two keys, and none is named
        f"{head}.{other}.{seal}",
        f"{head}.{body}.",
        secret,
        none,
        "no token",
        "",
        None,
        17,
    ):
        with pytest.raises(Untrue):
            _read(token)
    for keys in ({"keys": [shared]}, {"keys": []}, {}, {"keys": "none"}, _published("first", use="enc")):
        with pytest.raises(Untrue):
            _read(secret, keys)
        with pytest.raises(Untrue):
            _read(_signed(), keys)


def test_without_a_question_of_ours_nothing_is_an_answer() -> None:
    with pytest.raises(Untrue):
        _read(_signed(nonce=""), nonce="")
