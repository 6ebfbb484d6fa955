"""What an ID token says, once it is sure that the service said it: signed by its key, to us, still good, and
in answer to our own question (OpenID Connect Core 1.0, 3.1.3.7).
"""

from __future__ import annotations

import hmac
from typing import Any

import jwt

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Of public keys only: a secret both sides know shows nobody who signed."""
LEEWAY = 60  # seconds by which two clocks may differ
_SUBJECT = 191  # characters of a `sub` that are kept


class Untrue(Exception):
    """The token does not hold; the words say why and nothing of what stood in it."""


def claims(
    token: object, keys: dict[str, Any], *, issuer: str, audience: str, nonce: str, now: float
) -> dict[str, Any]:
    """What the token says of somebody, with `sub` a text that is not empty.

    keys: the service's set of keys (RFC 7517). audience: what the service calls us. nonce: what we sent with
    the question. now: seconds since 1970. Raises Untrue.
    """
    try:
        if not isinstance(token, str):
            raise Untrue("there is no ID token")
        said: dict[str, Any] = jwt.decode(
            token,
            key=_key(token, keys),
            algorithms=list(ALGORITHMS),
            issuer=issuer,
            audience=audience,
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise Untrue(f"the ID token does not hold: {type(error).__name__}") from None
    for name in ("exp", "iat"):
        if isinstance(said[name], bool) or not isinstance(said[name], int | float):
            raise Untrue("the ID token does not say when it is good")
    if said["exp"] <= now - LEEWAY or said["iat"] > now + LEEWAY:
        raise Untrue("the ID token is not good at this time")
    several = isinstance(said["aud"], list) and len(said["aud"]) > 1
    if said.get("azp", None if several else audience) != audience:
        raise Untrue("the ID token was made for somebody else")
    if not nonce or not hmac.compare_digest(str(said.get("nonce", "")).encode(), nonce.encode()):
        raise Untrue("the ID token answers another question")
    if not 0 < len(said["sub"]) <= _SUBJECT:
        raise Untrue("the ID token names nobody")
    return said


def _key(token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """The one key the token can be signed with."""
    named = jwt.get_unverified_header(token).get("kid")
    fit = [
        each
        for each in jwt.PyJWKSet.from_dict(keys).keys
        if named in (None, each.key_id) and each.public_key_use in (None, "sig") and each.key_type != "oct"
    ]
    if len(fit) != 1:
        raise Untrue("no key of the service fits the ID token")
    return fit[0]
