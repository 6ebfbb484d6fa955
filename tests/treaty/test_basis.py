"""In force, not in force, unknown: dated, and never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.treaty import Law, law
from habeas.treaty.load import packaged_files

TODAY = date(2026, 11, 21)


def _answer(instrument: str, a: str | None, b: str | None, on: date = TODAY) -> bool | None:
    return law().in_force_between(instrument, a, b, on).answer


def test_the_un_convention_is_in_force_between_no_two_states_today() -> None:
    states = law().states
    assert len(states) == 200
    assert {_answer("uncc", a, b) for a in states for b in states} == {False}


def test_the_reason_names_the_forty_instruments_and_the_deposits_seen() -> None:
    answer = law().in_force_between("uncc", "QAT", "USA", TODAY)
    assert "deposits seen by 2026-08-01: 1 of the 40" in answer.why
    assert answer.articles[:2] == ("65(1)", "65(2)")
    assert answer.sources
    assert not answer.stale


def test_after_the_day_the_list_is_relied_on_nobody_knows() -> None:
    assert _answer("uncc", "QAT", "VNM", date(2026, 12, 31)) is False
    later = law().in_force_between("uncc", "QAT", "VNM", date(2027, 1, 1))
    assert later.answer is None
    assert later.stale


def test_as_if_treats_it_as_in_force_and_says_so() -> None:
    answer = law().in_force_between("uncc", "VNM", "DEU", TODAY, as_if=True)
    assert answer.answer is True
    assert answer.supposed
    assert answer.why.startswith("Treated as if")
    assert "On record:" in answer.why


def test_as_if_supposes_nothing_where_it_is_in_force_anyway() -> None:
    assert not law().in_force_between("budapest", "DEU", "USA", TODAY, as_if=True).supposed


@pytest.mark.parametrize(
    ("instrument", "a", "b"),
    [("uncc", "DEU", "DEU"), ("uncc", None, "DEU"), ("domestic-order", "DEU", "USA")],
)
def test_as_if_makes_no_pair_out_of_nothing(instrument: str, a: str | None, b: str) -> None:
    assert law().in_force_between(instrument, a, b, TODAY, as_if=True).answer is not True


def test_budapest_binds_two_parties() -> None:
    assert _answer("budapest", "DEU", "USA") is True
    assert _answer("budapest", "USA", "DEU") is True


def test_budapest_does_not_bind_a_state_that_is_no_party() -> None:
    assert _answer("budapest", "CHN", "USA") is False
    assert _answer("budapest", "USA", "RUS") is False


def test_a_signatory_may_have_joined_since_the_chart_was_read() -> None:
    # three months and the first of the month after them, from the day after the chart
    assert _answer("budapest", "IRL", "USA", date(2026, 7, 31)) is False
    answer = law().in_force_between("budapest", "IRL", "USA", date(2026, 8, 1))
    assert answer.answer is None
    assert answer.stale


def test_an_invited_state_is_unknown_where_an_uninvited_one_is_not() -> None:
    assert _answer("budapest", "KOR", "USA") is None
    assert _answer("budapest", "IDN", "USA") is False


def test_a_year_alone_leaves_the_months_around_it_unknown() -> None:
    # United States: 2006, so in force between 1 May 2006 and 1 April 2007
    assert _answer("budapest", "USA", "ALB", date(2006, 4, 30)) is False
    assert _answer("budapest", "USA", "ALB", date(2006, 8, 1)) is None
    assert _answer("budapest", "USA", "ALB", date(2007, 4, 1)) is True


def test_nobody_is_bound_before_the_treaty_itself() -> None:
    assert _answer("budapest", "ALB", "HRV", date(2004, 6, 30)) is False
    assert _answer("budapest", "ALB", "HRV", date(2004, 7, 1)) is True


def test_the_second_protocol_with_four_of_five_ratifications_seen_is_not_known() -> None:
    assert _answer("budapest-2ap", "JPN", "SRB", date(2026, 7, 31)) is False
    assert _answer("budapest-2ap", "JPN", "SRB") is None


def test_a_protocol_needs_its_treaty() -> None:
    assert _answer("budapest-2ap", "CHN", "JPN") is False


@pytest.mark.parametrize(
    ("a", "b", "on", "expected"),
    [
        ("DEU", "FRA", date(2026, 8, 18), True),
        ("DEU", "FRA", date(2026, 8, 17), False),
        ("DEU", "IRL", TODAY, True),
        ("DEU", "DNK", TODAY, False),
        ("DEU", "USA", TODAY, False),
        ("DEU", "EUU", TODAY, None),
    ],
)
def test_e_evidence_binds_all_members_but_denmark_from_18_august_2026(
    a: str, b: str, on: date, expected: bool | None
) -> None:
    assert _answer("eu-e-evidence", a, b, on) is expected


@pytest.mark.parametrize(
    ("a", "b", "on", "expected"),
    [
        ("DEU", "FRA", TODAY, True),
        ("DEU", "BEL", date(2017, 5, 22), True),
        ("DEU", "BEL", date(2017, 5, 21), False),
        ("DEU", "AUT", date(2018, 6, 30), False),
        ("DEU", "FRA", date(2018, 1, 1), None),  # the day of French law was not seen
        ("DEU", "IRL", TODAY, False),
        ("DEU", "DNK", TODAY, False),
        ("DEU", "GBR", TODAY, False),
        ("DEU", "GBR", date(2019, 1, 1), None),  # its day rests on memory
    ],
)
def test_the_investigation_order_binds_neither_denmark_nor_ireland(
    a: str, b: str, on: date, expected: bool | None
) -> None:
    assert _answer("eu-eio", a, b, on) is expected


@pytest.mark.parametrize(
    ("instrument", "a", "b", "expected"),
    [
        ("cloud-act-agreement", "USA", "GBR", True),
        ("cloud-act-agreement", "GBR", "USA", True),
        ("cloud-act-agreement", "USA", "AUS", None),  # recalled, not seen
        ("cloud-act-agreement", "USA", "CHN", None),  # no record
        ("cloud-act-agreement", "GBR", "AUS", False),  # the United States stand at one end
        ("bilateral-mla", "USA", "BRA", None),
        ("bilateral-mla", "NPL", "TGO", None),
        ("national-direct", "FRA", "USA", None),
        ("police-cooperation", "FRA", "USA", None),
        ("domestic-order", "USA", "USA", True),
        ("domestic-order", "FRA", "USA", False),
    ],
)
def test_pairs_and_roads_without_a_treaty(instrument: str, a: str, b: str, expected: bool | None) -> None:
    assert _answer(instrument, a, b) is expected


def test_before_its_day_the_agreement_was_not_in_force() -> None:
    assert _answer("cloud-act-agreement", "USA", "GBR", date(2022, 10, 2)) is False


def test_a_lead_from_memory_tells_counsel_where_to_look() -> None:
    answer = law().in_force_between("bilateral-mla", "BRA", "USA", TODAY)
    assert "treaty of 14 October 1997" in answer.why


@pytest.mark.parametrize(("a", "b"), [(None, "USA"), ("USA", None), ("XYZ", "USA"), ("GIB", "USA")])
def test_a_state_not_stated_or_not_known_is_unknown(a: str | None, b: str | None) -> None:
    assert _answer("budapest", a, b) is None


def test_one_state_needs_no_treaty_with_itself() -> None:
    assert _answer("budapest", "USA", "USA") is False


def test_an_instrument_not_on_file_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        law().in_force_between("atlantis", "USA", "FRA", TODAY)
    assert "atlantis" in caught.value.sentence


_DEPOSITS = 'instrument = "uncc"\nas_of = 2028-01-01\ncomplete = false\nrelied_until = 2028-06-30\n' + (
    'relied_because = "a supposed list"\nsource = "supposed"\n'
)


def _supposed(deposits: list[tuple[str, str, str]]) -> Law:
    """A law whose UN Convention has these deposits: (state, day, evidence)."""
    records = [
        f'[[record]]\nstate = "{state}"\naction = "ratification"\ndate = "{day}"\n'
        f'evidence = "{evidence}"\nsource = "supposed"\n'
        for state, day, evidence in deposits
    ]
    return Law({**packaged_files(), "parties/uncc.toml": _DEPOSITS + "\n".join(records)})


_FORTY = [code for code in law().states if code not in ("EUU", "FRA")][:40]


def test_ninety_days_after_the_fortieth_deposit_it_is_in_force() -> None:
    joined = _supposed([(state, "2027-01-01", "seen") for state in _FORTY])
    a, b = _FORTY[0], _FORTY[1]
    assert joined.in_force_between("uncc", a, b, date(2027, 3, 31)).answer is False
    assert joined.in_force_between("uncc", a, b, date(2027, 4, 1)).answer is True


def test_the_deposit_of_the_union_does_not_count_as_the_fortieth() -> None:
    joined = _supposed([(state, "2027-01-01", "seen") for state in [*_FORTY[:39], "EUU"]])
    assert joined.in_force_between("uncc", _FORTY[0], _FORTY[1], date(2027, 6, 1)).answer is False


def test_a_fortieth_deposit_that_was_not_seen_leaves_it_unknown() -> None:
    deposits = [(state, "2027-01-01", "seen") for state in _FORTY[:39]]
    joined = _supposed([*deposits, (_FORTY[39], "2027-01-01", "unverified")])
    assert joined.in_force_between("uncc", _FORTY[0], _FORTY[1], date(2027, 6, 1)).answer is None


def test_a_later_joiner_is_bound_thirty_days_after_its_deposit() -> None:
    deposits = [(state, "2027-01-01", "seen") for state in _FORTY]
    joined = _supposed([*deposits, ("FRA", "2027-05-01", "seen")])
    assert joined.in_force_between("uncc", "FRA", _FORTY[0], date(2027, 5, 30)).answer is False
    assert joined.in_force_between("uncc", "FRA", _FORTY[0], date(2027, 5, 31)).answer is True


def test_a_denunciation_takes_effect_after_its_notice_has_run() -> None:
    files = packaged_files()
    notice = (
        '\n[[record]]\nstate = "USA"\naction = "denunciation"\ndate = "2026-01-10"\n'
        'evidence = "seen"\nsource = "supposed"\n'
    )
    changed = Law({**files, "parties/budapest.toml": files["parties/budapest.toml"] + notice})
    assert changed.in_force_between("budapest", "USA", "DEU", date(2026, 4, 9)).answer is True
    assert changed.in_force_between("budapest", "USA", "DEU", TODAY).answer is False


@given(
    st.sampled_from([i.id for i in law().instruments]),
    st.sampled_from(law().states),
    st.sampled_from(law().states),
    st.dates(date(2000, 1, 1), date(2035, 1, 1)),
)
def test_the_order_of_the_two_states_does_not_matter(instrument: str, a: str, b: str, on: date) -> None:
    assert _answer(instrument, a, b, on) is _answer(instrument, b, a, on)


@given(st.sampled_from(law().states), st.sampled_from(law().states), st.integers(0, 5000))
def test_a_later_day_never_turns_in_force_into_unknown_without_a_record(a: str, b: str, days: int) -> None:
    on = date(2015, 1, 1)
    if _answer("budapest", a, b, on) is True:
        assert _answer("budapest", a, b, on + timedelta(days=days)) is True
