from __future__ import annotations

import pytest

from habeas.errors import Refused
from habeas.request.states import STATES, check_state


def test_the_list_holds_the_249_codes_of_the_standard_and_two_more() -> None:
    assert len(STATES) == 251
    assert {"NOR", "PSE", "TWN", "ESH", "EUU", "XKX"} <= STATES
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in STATES)


@pytest.mark.parametrize("code", ["NO", "nor", "NOR ", "XXX", "", "ZZZ", "ＮＯＲ", "N\u200bR", "N" * 1000])
def test_a_code_outside_the_list_is_refused(code: str) -> None:
    with pytest.raises(Refused) as caught:
        check_state(code, "requesting_state")
    assert caught.value.place == "requesting_state"
    assert len(caught.value.sentence) < 80


def test_a_code_in_the_list_is_given_back() -> None:
    assert check_state("NOR", "requesting_state") == "NOR"
