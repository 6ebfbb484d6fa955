from __future__ import annotations

import pytest

from habeas.desk.package.sealing import Sealed
from tests.desk.package.packages import sealed


@pytest.fixture(scope="module")
def package_1() -> tuple[bytes, Sealed]:
    return sealed()
