"""Recovery codes: shown once, kept as hashes only (NIST SP 800-63B-4, 3.1.2 on look-up secrets).

allauth keeps a seed from which every code can be made again. Here each code is drawn by itself, stretched
with Argon2id like a password, and forgotten once its page was shown: until then it lies in the sealed session
of who made it. All of a set share one salt, so that one attempt costs one hash, however many codes are left.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import transaction

COUNT = 10
DIGITS = 12  # 40 bits, each guess at the price of a hash; digits, for the keyboard of a telephone
_TO_SHOW = "recovery-codes"


class HashedCodes(RecoveryCodes):  # type: ignore[misc]
    """allauth's recovery codes, with nothing kept that a code can be read from."""

    instance: Authenticator
    _plain: tuple[str, ...] = ()

    @classmethod
    def activate(cls, user: Any) -> HashedCodes:
        known = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
        if known is not None:
            return cls(known)
        codes, salt = [drawn() for _ in range(COUNT)], secrets.token_hex(16)
        made = Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.RECOVERY_CODES,
            data={"salt": salt, "left": [_hashed(each, salt) for each in codes]},
        )
        context.request.session[_TO_SHOW] = {"id": made.pk, "codes": codes}
        return cls(made)

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        """Whether it is one of those left; it is none from then on."""
        digits = code.replace("-", "").replace(" ", "")
        if len(digits) != DIGITS:  # a code of an authenticator: nothing needs to be stretched
            return False
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        typed = _hashed(digits, self.instance.data["salt"])
        left = [each for each in self.instance.data["left"] if not hmac.compare_digest(each, typed)]
        if len(left) == len(self.instance.data["left"]):
            return False
        self.instance.data["left"] = left
        self.instance.save(update_fields=["data"])
        return True

    @property
    def did_view(self) -> bool:
        return bool(context.request.session.get(_TO_SHOW, {}).get("id") != self.instance.pk)

    def mark_as_viewed(self) -> None:
        self._plain = tuple(context.request.session.pop(_TO_SHOW)["codes"])

    def get_unused_codes(self) -> list[str]:
        """The codes while they are shown this once, in groups; afterwards a sign for each."""
        shown = ["-".join(each[at : at + 4] for at in range(0, DIGITS, 4)) for each in self._plain]
        return shown or ["****"] * len(self.instance.data["left"])


def drawn() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _hashed(digits: str, salt: str) -> str:
    return Argon2PasswordHasher().encode(digits, salt)
