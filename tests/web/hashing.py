"""What it costs to hash a password: in a house, and here.

Argon2id takes a tenth of a second and 100 MB for each password and each recovery code, so that guessing is
dear; tests make thousands of them, and have it at its least. Where the cost is the subject, `in_force` brings
back that of a house.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

_COSTS = ("time_cost", "memory_cost", "parallelism")
_IN_A_HOUSE = {name: getattr(Argon2PasswordHasher, name) for name in _COSTS}


def least() -> None:
    """From here on, in this process."""
    for name, cost in zip(_COSTS, (1, 8, 1), strict=True):
        setattr(Argon2PasswordHasher, name, cost)


def in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a house, until the test is over."""
    for name, cost in _IN_A_HOUSE.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)
