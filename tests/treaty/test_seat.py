"""The law of the seat: a bar is a bar, unknown is unknown, and an exception opens only its own door."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.request.model import Category, Measure
from habeas.treaty import Arrival, Certainty, Law, Permits, Role, SeatAnswer, law
from habeas.treaty.load import packaged_files

TODAY = date(2026, 11, 21)


def _ask(**changes: Any) -> SeatAnswer:
    return _ask_of(law(), **changes)


def _ask_of(book: Law, **changes: Any) -> SeatAnswer:
    asked: dict[str, Any] = {
        "seat_state": "USA",
        "role": "provider",
        "arrival": "request",
        "measure": "direct-to-provider",
        "category": "content",
        "requesting_state": "FRA",
        "instrument": "national-direct",
        "emergency": False,
        "on": TODAY,
        **changes,
    }
    return book.seat_law(**asked)


def _ids(answer: SeatAnswer) -> list[str]:
    return [rule.id for rule in answer.rules]


# --- United States ---


def test_a_us_provider_may_not_give_content_to_a_foreign_government() -> None:
    answer = _ask()
    assert answer.permits is False
    assert _ids(answer) == ["us-2702-content"]
    assert answer.reroute_to == "Department of Justice, Criminal Division, Office of International Affairs"
    assert answer.conditions == ()


def test_not_even_in_an_emergency() -> None:
    answer = _ask(emergency=True, measure="emergency")
    assert answer.permits is False
    assert "us-2702-b8-foreign" in _ids(answer)


def test_the_emergency_exception_is_for_authorities_of_the_united_states() -> None:
    assert _ask(emergency=True, measure="emergency", requesting_state="USA").permits is True
    assert _ask(emergency=False, measure="emergency", requesting_state="USA").permits is False


@pytest.mark.parametrize("category", ["subscriber", "traffic"])
def test_records_may_go_to_a_foreign_government_only_of_ones_own_will(category: str) -> None:
    answer = _ask(category=category)
    assert answer.permits is True
    assert any(condition.startswith("voluntary") for condition in answer.conditions)


def test_records_may_not_go_to_the_own_government_on_a_mere_request() -> None:
    assert _ask(category="subscriber", requesting_state="USA").permits is False


def test_content_may_follow_an_order_under_an_agreement_in_force() -> None:
    answer = _ask(instrument="cloud-act-agreement", requesting_state="GBR")
    assert answer.permits is True
    assert _ids(answer) == ["us-2702-b9"]
    assert any("freedom of speech" in condition for condition in answer.conditions)


def test_the_same_order_before_the_agreement_was_in_force_is_barred() -> None:
    answer = _ask(instrument="cloud-act-agreement", requesting_state="GBR", on=date(2022, 10, 2))
    assert answer.permits is False


def test_an_agreement_nobody_has_checked_leaves_it_unknown() -> None:
    assert _ask(instrument="cloud-act-agreement", requesting_state="AUS").permits is None
    assert _ask(instrument="cloud-act-agreement", requesting_state="AUS", category="traffic").permits is None


def test_a_warrant_of_the_own_court_is_answered_within_its_terms() -> None:
    answer = _ask(
        arrival="domestic-order",
        measure="domestic-order",
        instrument="domestic-order",
        requesting_state="USA",
    )
    assert answer.permits is True
    assert _ids(answer) == ["us-2703-content"]


def test_a_us_central_authority_goes_through_a_federal_judge() -> None:
    answer = _ask(role="central-authority", measure="stored-access", instrument="budapest")
    assert answer.permits is True
    assert any("federal judge" in condition for condition in answer.conditions)


@pytest.mark.parametrize("category", ["realtime-traffic", "realtime-content"])
@pytest.mark.parametrize("instrument", ["national-direct", "cloud-act-agreement"])
def test_live_data_is_barred_for_providers_on_every_road(category: str, instrument: str) -> None:
    assert _ask(category=category, instrument=instrument, requesting_state="GBR").permits is False


# --- European Union ---


@pytest.mark.parametrize("seat", ["EUU", "FRA", "DEU", "IRL", "NLD", "DNK"])
def test_a_provider_in_the_union_gives_nothing_on_a_letter_from_a_third_state(seat: str) -> None:
    answer = _ask(seat_state=seat, requesting_state="USA", category="subscriber")
    assert answer.permits is False
    assert _ids(answer) == ["eu-gdpr-48"]


def test_a_state_of_the_economic_area_is_no_third_state_for_the_gdpr() -> None:
    assert "eu-gdpr-48" not in _ids(_ask(seat_state="FRA", requesting_state="NOR", category="subscriber"))


def test_an_emergency_letter_from_a_third_state_is_for_counsel_and_content_stays_barred() -> None:
    emergency = {"seat_state": "FRA", "requesting_state": "USA", "measure": "emergency", "emergency": True}
    assert _ask(**emergency, category="subscriber").permits is None
    assert _ask(**emergency, category="content").permits is False


def test_a_production_order_of_a_bound_member_opens_the_door_from_its_day() -> None:
    order = {"seat_state": "FRA", "instrument": "eu-e-evidence", "measure": "stored-access"}
    assert _ask(**order, requesting_state="ESP").permits is True
    assert _ask(**order, requesting_state="ESP", on=date(2026, 8, 17)).permits is not True
    assert _ask(**order, requesting_state="DNK").permits is False
    assert _ask(**order, requesting_state="USA").permits is False


def test_an_investigation_order_opens_nothing_in_ireland() -> None:
    order = {"role": "executing-authority", "instrument": "eu-eio", "measure": "stored-access"}
    assert _ask(**order, seat_state="FRA", requesting_state="ESP").permits is True
    assert _ask(**order, seat_state="IRL", requesting_state="ESP").permits is None


def test_limits_alone_open_nothing() -> None:
    # Union law limits what a French authority transfers; the power comes from French law, not on file
    request = {"role": "central-authority", "measure": "stored-access", "instrument": "budapest"}
    answer = _ask(**request, seat_state="FRA", requesting_state="USA")
    assert answer.permits is None
    assert _ids(answer) == ["eu-led-35"]
    german = _ask(**request, seat_state="DEU", requesting_state="USA")
    assert german.permits is True
    assert {"eu-led-35", "de-irg-59"} == set(_ids(german))
    assert any("article 36" in condition for condition in german.conditions)


# --- other seats ---


def test_a_provider_in_switzerland_does_no_act_for_a_foreign_state() -> None:
    for category in ("subscriber", "traffic", "content"):
        answer = _ask(seat_state="CHE", category=category, emergency=True, measure="emergency")
        assert answer.permits is False
        assert answer.reroute_to == "Federal Office of Justice"
    assert _ask(
        seat_state="CHE", role="central-authority", measure="stored-access", instrument="budapest"
    ).permits


def test_a_uk_provider_opens_content_only_under_the_designated_agreement() -> None:
    asked = {"seat_state": "GBR", "measure": "stored-access"}
    assert _ask(**asked, requesting_state="USA").permits is False
    assert _ask(**asked, requesting_state="USA", instrument="cloud-act-agreement").permits is True
    assert _ask(**asked, requesting_state="FRA", instrument="cloud-act-agreement").permits is False


def test_brazilian_logs_and_contents_need_a_brazilian_court() -> None:
    for category in ("traffic", "content"):
        assert _ask(seat_state="BRA", category=category).permits is False
    assert _ask(
        seat_state="BRA",
        arrival="domestic-order",
        measure="domestic-order",
        instrument="domestic-order",
        requesting_state="BRA",
    ).permits


def test_an_indian_letter_of_request_goes_through_the_central_government() -> None:
    request = {"seat_state": "IND", "measure": "stored-access", "instrument": "bilateral-mla"}
    assert _ask(**request, role="central-authority").permits is True
    assert _ask(**request, role="central-authority", on=date(2024, 6, 30)).permits is None
    assert _ask(**request, role="provider").permits is None


@pytest.mark.parametrize("seat", ["CAN", "AUS", "NZL", "SGP", "JPN"])
def test_an_outline_permits_nothing_and_bars_nothing_by_itself(seat: str) -> None:
    for role in Role:
        for arrival in Arrival:
            for category in Category:
                assert _ask(seat_state=seat, role=role, arrival=arrival, category=category).permits is None


# --- in general ---

_WORDS = {
    "role": st.sampled_from(list(Role)),
    "arrival": st.sampled_from(list(Arrival)),
    "measure": st.sampled_from(list(Measure)),
    "category": st.sampled_from(list(Category)),
    "instrument": st.sampled_from([i.id for i in law().instruments]),
    "emergency": st.booleans(),
    "on": st.dates(date(1990, 1, 1), date(2035, 1, 1)),
    "requesting_state": st.sampled_from([None, "USA", "GBR", "DEU", "IND", "CHN", "NOR", "EUU"]),
}
_UNKNOWN_SEATS = [None, "EGY", "CHN", "XKX", "NOR"]


@given(st.fixed_dictionaries(_WORDS), st.sampled_from(_UNKNOWN_SEATS))
def test_an_unknown_seat_is_unknown_whatever_is_asked(words: dict[str, Any], seat: str | None) -> None:
    answer = _ask(**words, seat_state=seat)
    assert answer.permits is None
    assert answer.rules == ()


@given(st.fixed_dictionaries(_WORDS), st.sampled_from(law().seats))
def test_a_permission_rests_on_a_checked_opening_rule_and_on_no_bar(words: dict[str, Any], seat: str) -> None:
    answer = _ask(**words, seat_state=seat)
    if answer.permits:
        assert all(rule.permits in (Permits.YES, Permits.CONDITIONS) for rule in answer.rules)
        assert any(rule.opens and rule.certainty is not Certainty.CHECK for rule in answer.rules)
        assert answer.conditions


@given(st.fixed_dictionaries(_WORDS), st.sampled_from(law().seats))
def test_nobody_is_ever_permitted_to_give_credentials_or_live_data(words: dict[str, Any], seat: str) -> None:
    for category in (Category.CREDENTIALS, Category.REALTIME_CONTENT, Category.REALTIME_TRAFFIC):
        assert _ask(**{**words, "category": category}, seat_state=seat).permits is not True


@given(st.fixed_dictionaries(_WORDS), st.sampled_from(law().seats))
def test_adding_a_bar_never_helps(words: dict[str, Any], seat: str) -> None:
    answer = _ask_of(_with_a_bar(seat), **words, seat_state=seat)
    assert answer.permits is False


_BARRED: dict[str, Law] = {}


def _with_a_bar(seat: str) -> Law:
    if seat not in _BARRED:
        files = packaged_files()
        bar = (
            '\n[[rule]]\nid = "bar-of-a-test"\ncitation = "Test Act"\nsince = "1900"\nforce = "shall"\n'
            'roles = ["provider", "central-authority", "24/7-point", "executing-authority"]\n'
            'arrival = ["request", "domestic-order"]\npermits = "no"\ntext = "Nothing leaves."\n'
            'source = "invented for a test"\nas_of = 2026-11-21\ncertainty = "seen"\n'
        )
        _BARRED[seat] = Law({**files, f"seats/{seat}.toml": files[f"seats/{seat}.toml"] + bar})
    return _BARRED[seat]


@pytest.mark.parametrize(
    ("word", "value"), [("role", "spy"), ("arrival", "rumour"), ("measure", "hack"), ("category", "thoughts")]
)
def test_a_word_that_does_not_exist_is_refused(word: str, value: str) -> None:
    with pytest.raises(Refused) as caught:
        _ask(**{word: value})
    assert value in caught.value.sentence
    assert caught.value.place == word


def test_an_instrument_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refused):
        _ask(instrument="atlantis")


def test_a_requesting_state_not_stated_leaves_rules_about_foreigners_open() -> None:
    assert _ask(seat_state="CHE", requesting_state=None).permits is None
    assert _ask(seat_state="USA", requesting_state=None).permits is False  # content is barred to anybody
