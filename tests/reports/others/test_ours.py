"""Our own figures are taken as they were published, and a table with a mistake is refused whole."""

from __future__ import annotations

import pytest

from habeas.errors import Refused
from habeas.reports.others import Band, Own, Period, read_ours

HEADING = "state,period,requests,accounts,disclosed"


def test_rounded_numbers_and_bands_are_kept_as_published() -> None:
    text = f'{HEADING}\ndeu,2025 H1,"1,250",250-499,<10\nFRA,2025 H1,0,,\n'
    assert read_ours(text.encode(), "o.csv") == {
        "DEU": {Period(2025, 1): Own(requests=1250, accounts=Band(250, 499), disclosed=Band(0, 9))},
        "FRA": {Period(2025, 1): Own(requests=0, accounts=None, disclosed=None)},
    }


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ("DE,2025 H1,1,1,1", "o.csv: line 2, state", "not the code of a state"),
        ("DEU,2025,1,1,1", "o.csv: line 2, period", "not a half-year"),
        ("DEU,2025 H1,1,1,1\nDEU,2025 H1,2,2,2", "o.csv: line 3, period", "twice"),
        ("DEU,2025 H1,many,1,1", "o.csv: line 2, requests", "no number"),
        ("DEU,2025 H1,1,1", "o.csv: line 2", "4 cells"),
        ("", "o.csv", "no line below"),
    ],
)
def test_a_mistake_refuses_the_whole_table(lines: str, place: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        read_ours(f"{HEADING}\n{lines}\n".encode(), "o.csv")
    assert caught.value.place == place
    assert words in caught.value.sentence


def test_another_heading_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_ours(b"state,period,requests\nDEU,2025 H1,1\n", "o.csv")
    assert "“accounts”, “disclosed” are missing" in caught.value.hint
