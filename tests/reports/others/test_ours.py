"""Our own figures are taken as they were published, and a table with a mistake is refused whole."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from habeas.desk.public import GIVING
from habeas.errors import Refused
from habeas.reports.others import Band, Ours, Own, Period, read_ours, read_own
from habeas.reports.others.model import highest, lowest
from habeas.reports.transparency import How, Report, Restriction, figures
from habeas.reports.transparency.laying import laid
from tests.reports.transparency.made import BAND, HALF, entries, made

HEADING = "state,period,requests,accounts,disclosed"


def test_rounded_numbers_and_bands_are_kept_as_published() -> None:
    text = f'{HEADING}\ndeu,2025 H1,"1,250",250-499,<10\nFRA,2025 H1,0,,\n'
    assert read_ours(text.encode(), "o.csv") == {
        "DEU": {Period(2025, 1): (Own(requests=1250, accounts=Band(250, 499), disclosed=Band(0, 9)),)},
        "FRA": {Period(2025, 1): (Own(requests=0, accounts=None, disclosed=None),)},
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


# ---- a report of ours --------------------------------------------------------------------------------------

FIRST = Period(2026, 1)
NO_ACCOUNTS = Restriction(subject="accounts", footing="request", how=How.NEVER)


def folder(tmp_path: Path, report: Report) -> str:
    for name, data in laid(report).items():
        (tmp_path / name).write_bytes(data)
    return str(tmp_path)


def by_footing(ours: Ours, state: str) -> dict[str, Own]:
    return {each.footing: each for each in ours[state][FIRST]}


def holds(number: Band | int | None, true: int) -> bool:
    assert number is not None
    return lowest(number) <= true <= (highest(number) or 0)


def test_the_package_of_a_report_is_read_and_every_band_holds_the_true_number(tmp_path: Path) -> None:
    counted = entries()
    ours = read_own([folder(tmp_path, made(counted))])
    [counts] = figures.count(figures.columns(counted), [HALF.months])
    asked = 0
    for state in ours:
        for footing, own in by_footing(ours, state).items():

            def true(subject: str, row: tuple[str, str] = (footing, state)) -> int:
                truth = counts.truths[subject]
                return dict(zip(truth.rows, truth.totals.tolist(), strict=True)).get(row, 0)

            gave = sum(
                each.kind == "decision"
                and (each.footing or "request", each.state) == (footing, state)
                and each.decision in GIVING
                for each in counted
            )
            assert holds(own.requests, true("request"))
            assert holds(own.accounts, true("accounts"))
            assert holds(own.disclosed, gave)
            asked += true("request")
    assert asked > 300
    assert Own(footing="request", requests=Band(0, 4), accounts=Band(0, 4), disclosed=Band(0, 4)) in [
        *by_footing(ours, "AND").values()
    ]


def test_what_was_held_back_or_forbidden_is_not_published(tmp_path: Path) -> None:
    report = made(entries(), BAND, NO_ACCOUNTS)
    held = [msgspec.structs.replace(each, withheld=("decision",)) for each in report.units]
    cells = tuple(each for each in report.cells if each.subject != "decision")
    report = msgspec.structs.replace(report, units=tuple(held), cells=cells)
    ours = read_own([folder(tmp_path, report)])
    every = [each for periods in ours.values() for own in periods.values() for each in own]
    assert all(each.disclosed is None for each in every)
    assert all((each.accounts is None) == (each.footing == "request") for each in every)
    assert all((each.requests is None) == (each.footing == "order") for each in every)


def test_one_table_of_the_package_says_what_it_lists_and_no_more(tmp_path: Path) -> None:
    place = Path(folder(tmp_path, made(entries())))
    whole = read_own([str(place)])
    numbers, states = read_own([str(place / "numbers.csv")]), read_own([str(place / "states.csv")])
    assert ["AND" in each for each in (whole, numbers, states)] == [True, False, False]
    state = max(states, key=lambda each: lowest(states[each][FIRST][0].requests or 0))
    assert numbers[state][FIRST] == whole[state][FIRST]
    assert [(each.footing, each.requests) for each in states[state][FIRST]] == [
        (each.footing, each.requests) for each in whole[state][FIRST] if lowest(each.requests or 0)
    ]
    assert all(each.accounts is None for each in states[state][FIRST])


def test_the_same_half_twice_counts_once_and_never_in_two_ways(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    place = folder(tmp_path, made(entries()))
    assert read_own([place, place]) == read_own([place])
    other = folder(tmp_path / "other", made(entries(number=6)))
    with pytest.raises(Refused, match="something else than another"):
        read_own([place, other])
