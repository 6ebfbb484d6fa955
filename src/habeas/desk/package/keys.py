"""To whom a package may be sealed: keys of authorities, compared on another road, no older than a year.

Only two kinds of key, those of age and SSH's Ed25519, because each further kind is a way to be misled. Who
registers a key, and whether a second person confirmed it, is decided elsewhere (`habeas.desk.desk`).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import date

import pyrage

from habeas.desk.package.values import Value
from habeas.errors import Refused

KEY_DAYS = 365  # a key nobody looked at for a year may have changed hands

_SSH_HEAD = b"\0\0\0\x0bssh-ed25519\0\0\0\x20"  # RFC 8709 section 4; 32 bytes of key follow


class RegisteredKey(Value, frozen=True):
    """A public key of an authority, as the house registered it.

    recipient: `age1...` (X25519) or `ssh-ed25519 ...`. fingerprint: what was compared with the authority on
    another road, e.g. by a call-back; see `fingerprint`. verified_by, verified_on: who did so, and when.
    """

    authority: str
    state: str
    recipient: str
    fingerprint: str
    verified_by: str = ""
    verified_on: date | None = None


def _ssh_blob(recipient: str) -> bytes:
    words = recipient.split()
    try:
        blob = base64.b64decode(words[1], validate=True) if len(words) > 1 else b""
    except ValueError:
        blob = b""
    if not blob.startswith(_SSH_HEAD) or len(blob) != len(_SSH_HEAD) + 32:
        raise _unknown_key()
    return blob


def _unknown_key() -> Refused:
    return Refused(
        "this is no key that a package can be sealed to",
        hint="register an age key (age1...) or an SSH key of the kind ssh-ed25519",
    )


def _recipient(text: str) -> object:
    """The key as the age library wants it. Only two kinds: each further kind is a way to be misled."""
    try:
        if text.startswith("ssh-ed25519 "):
            _ssh_blob(text)
            return pyrage.ssh.Recipient.from_str(text)
        if re.fullmatch(r"age1[a-z0-9]+", text):
            return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        pass  # said below, in words
    raise _unknown_key()


def fingerprint(recipient: str) -> str:
    """What two people read to each other: SHA-256 of the key, as `ssh-keygen -l` shows it.

    Of an SSH key it is the hash of its blob, so that `ssh-keygen` shows the same; of an age key, of its text.
    """
    _recipient(recipient)
    data = _ssh_blob(recipient) if recipient.startswith("ssh-") else recipient.encode()
    return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def _check_key(key: RegisteredKey, authority: str, state: str, on: date) -> object:
    recipient = _recipient(key.recipient)
    if (key.authority, key.state) != (authority, state):
        raise Refused(
            "this key belongs to another authority", hint="seal to keys of the authority that asked"
        )
    if key.fingerprint != fingerprint(key.recipient):
        raise Refused(
            "the fingerprint that was verified is not that of this key",
            hint="compare the fingerprint with the authority again",
        )
    if key.verified_on is None or not key.verified_by.strip():
        raise Refused(
            "nobody has verified this key", hint="call the authority back and compare the fingerprint"
        )
    if key.verified_on > on:
        raise Refused("this key is said to have been verified on a day still to come")
    if (on - key.verified_on).days > KEY_DAYS:
        raise Refused(
            f"this key was verified more than {KEY_DAYS} days ago", hint="compare the fingerprint again"
        )
    return recipient


def check_keys(keys: Sequence[RegisteredKey], *, authority: str, state: str, on: date) -> tuple[object, ...]:
    """The recipients a package for this authority may be sealed to on this day; every key must pass."""
    if not keys:
        raise Refused(
            "there is no key to seal to, and nothing leaves unsealed", hint="register a key of the authority"
        )
    found = []
    for number, key in enumerate(keys):
        try:
            found.append(_check_key(key, authority, state, on))
        except Refused as refusal:
            raise refusal.at(f"keys[{number}]") from None
    return tuple(found)
