"""Ours and theirs stand side by side; nothing is added that counts different things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.reports.others import Band, Number, Own, Period, beside, legend, once
from habeas.reports.others.beside import OURS, total
from habeas.reports.others.model import highest, lowest
from tests.reports.others.tables import APPLE, CROSS_BORDER, REMOVALS, USER_DATA, table

H1, H2 = Period(2025, 1), Period(2025, 2)
OWN = {"DEU": {H1: (Own(requests=120, accounts=Band(250, 499), disclosed=Band(0, 9)),)}}
NUMBERS = st.one_of(
    st.integers(0, 1000),
    st.builds(lambda low, more: Band(low, low + more), st.integers(0, 1000), st.integers(1, 9)),
)


def test_every_type_keeps_a_line_of_its_own() -> None:
    read = table(
        APPLE,
        "2025 H1,Germany,device,10,20,5,50,,,",
        "2025 H1,Germany,account,7,9,,100,4,3,",
        "2025 H1,France,device,1,1,1,100,,,",
    )
    (stretch,) = beside("DEU", OWN, once([read])).stretches
    assert stretch.ours == ((H1, OWN["DEU"][H1]),)
    assert [(line.type, line.requests) for line in stretch.others] == [("account", 7), ("device", 10)]


def test_parts_of_one_whole_are_added_and_say_how_many() -> None:
    read = table(
        REMOVALS,
        "January - June 2025,DE,Germany,Police,Other,3,4,0",
        "January - June 2025,DE,Germany,Judicial,Defamation,1,9,0",
    )
    (line,) = beside("DEU", {}, once([read])).stretches[0].others
    assert (line.requests, line.accounts, line.with_data) == (4, 13, None)
    assert line.places == ("t.csv: line 2", "t.csv: line 3")


def test_a_sum_published_with_its_parts_is_not_added_to_them() -> None:
    read = table(USER_DATA, "2025-06-30,Germany,DE,All,9,,", "2025-06-30,Germany,DE,Subpoenas,9,,")
    lines = beside("DEU", {}, once([read])).stretches[0].others
    assert [line.requests for line in lines] == [9, 9]


def test_two_spellings_of_a_state_stay_apart() -> None:
    read = table(APPLE, "2025 H1,Turkey,device,1,1,1,100,,,", "2025 H1,Türkiye,device,2,2,2,100,,,")
    assert len(beside("TUR", {}, once([read])).stretches[0].others) == 2


def test_a_year_stands_beside_both_of_our_halves_and_is_not_split() -> None:
    read = table(CROSS_BORDER, "2025,Germany,DE,7")
    half, year = beside("DEU", OWN, once([read])).stretches
    assert (half.period, half.others) == (H1, ())
    assert year.period == Period(2025)
    assert year.ours == ((H1, OWN["DEU"][H1]), (H2, ()))
    assert [line.requests for line in year.others] == [7]


def test_what_is_about_no_state_is_under_no_state() -> None:
    read = table(CROSS_BORDER, "2025,Korea,,7")
    assert beside("KOR", {}, once([read])).stretches == ()
    assert beside("PRK", {}, once([read])).stretches == ()


def test_the_order_of_files_and_lines_does_not_matter() -> None:
    apple = table(APPLE, "2025 H1,Germany,device,10,20,5,50,,,", "2024 H2,Germany,device,1,2,1,100,,,")
    github = table(CROSS_BORDER, "2025,Germany,DE,7")
    there, back = once([apple, github]), once([github, apple])
    assert beside("DEU", OWN, there) == beside("DEU", OWN, back) == beside("DEU", OWN, reversed(there))


def test_the_same_line_in_two_files_counts_once() -> None:
    read = table(CROSS_BORDER, "2025,Germany,DE,7")
    assert len(once([read, read])) == 1


def test_two_editions_that_disagree_are_refused() -> None:
    with pytest.raises(Refused) as caught:
        once([table(CROSS_BORDER, "2025,Germany,DE,7"), table(CROSS_BORDER, "2025,Germany,DE,8")])
    assert "one edition" in caught.value.hint


def test_a_sentence_says_what_each_number_counts() -> None:
    read = table(APPLE, "2025 H1,Germany,device,10,20,5,50,,,")
    ours, apple = legend(beside("DEU", OWN, once([read])))
    assert ours == OURS.sentence("Ours")
    assert "rounded" in ours
    assert apple.startswith("Apple: “requests” counts requests about devices, “accounts” counts devices")


@pytest.mark.parametrize(
    ("numbers", "added"),
    [
        ((), 0),
        ((1, 2), 3),
        ((1, Band(0, 9)), Band(1, 10)),
        ((1, Band(5, None)), Band(6, None)),
        ((1, None), None),
    ],
)
def test_a_sum_is_no_more_exact_than_its_parts(numbers: tuple[Number, ...], added: Number) -> None:
    assert total(numbers) == added


@given(st.lists(NUMBERS, max_size=6), st.data())
def test_a_sum_holds_every_sum_of_what_its_parts_can_be(
    numbers: list[int | Band], data: st.DataObject
) -> None:
    true = sum(data.draw(st.integers(lowest(each), highest(each) or 0)) for each in numbers)
    found = total(numbers)
    assert found is not None
    assert lowest(found) <= true <= (highest(found) or 0)
    assert found == total(reversed(numbers))
