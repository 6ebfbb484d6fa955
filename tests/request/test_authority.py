from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.request.authority import (
    FRESH_DAYS,
    REGISTERS,
    Evidence,
    EvidenceKind,
    Identification,
    Level,
    Register,
    identify,
    nameable,
)
from habeas.request.model import Authority

ON = date(2024, 6, 1)
CLAIMED = Authority(name="District Prosecutor")


def evidence(kind: EvidenceKind, **changes: Any) -> Evidence:
    return Evidence(
        **{
            "kind": kind,
            "holds": True,
            "register_entry": "nor-017",
            "register_state": "NOR",
            "register_read_on": date(2024, 1, 1),
            "seen_on": ON,
            **changes,
        }
    )


def asked(
    *pieces: Evidence, claimed: Authority | None = CLAIMED, state: str | None = "NOR"
) -> Identification:
    return identify(claimed, pieces, state=state, on=ON)


def test_nobody_named_is_nobody_identified_whatever_the_evidence() -> None:
    strong = evidence(EvidenceKind.SIGNATURE)
    assert asked(strong, claimed=None).level is Level.NONE
    assert asked(strong, claimed=Authority(name=" ")).level is Level.NONE


def test_a_name_without_evidence_is_only_a_claim() -> None:
    assert asked().level is Level.CLAIMED
    assert asked().why[-1] == "Nothing was checked, so the name remains a claim."


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (EvidenceKind.SIGNATURE, Level.CONFIRMED),
        (EvidenceKind.CALL_BACK, Level.CONFIRMED),
        (EvidenceKind.DIPLOMATIC_CHANNEL, Level.CONFIRMED),
        (EvidenceKind.DOMAIN, Level.PLAUSIBLE),
        (EvidenceKind.UNKNOWN, Level.CLAIMED),
    ],
)
def test_each_kind_of_evidence_carries_its_own_weight(kind: EvidenceKind, level: Level) -> None:
    assert asked(evidence(kind)).level is level


def test_a_mailbox_alone_is_never_more_than_plausible_however_often() -> None:
    assert asked(*[evidence(EvidenceKind.DOMAIN, detail=str(n)) for n in range(5)]).level is Level.PLAUSIBLE


@pytest.mark.parametrize(
    "weakness",
    [
        {"register_entry": None},
        {"register_state": "SWE"},
        {"register_state": None},
        {"holds": None},
        {"seen_on": None},
        {"seen_on": ON + timedelta(days=1)},
    ],
)
def test_a_call_back_that_does_not_rest_on_our_register_carries_nothing(weakness: dict[str, Any]) -> None:
    assert asked(evidence(EvidenceKind.CALL_BACK, **weakness)).level is Level.CLAIMED
    assert asked(evidence(EvidenceKind.CALL_BACK)).level is Level.CONFIRMED


def test_a_request_without_a_state_is_not_identified_by_any_register_entry() -> None:
    assert asked(evidence(EvidenceKind.SIGNATURE), state=None).level is Level.CLAIMED


def test_an_entry_nobody_verified_for_a_year_confirms_nothing() -> None:
    edge = ON - timedelta(days=FRESH_DAYS)
    assert asked(evidence(EvidenceKind.SIGNATURE, register_read_on=edge)).level is Level.CONFIRMED
    stale = evidence(EvidenceKind.SIGNATURE, register_read_on=edge - timedelta(days=1))
    assert asked(stale).level is Level.PLAUSIBLE
    assert asked(evidence(EvidenceKind.SIGNATURE, register_read_on=None)).level is Level.PLAUSIBLE


def test_a_denial_by_the_authority_ends_it() -> None:
    denial = evidence(EvidenceKind.CALL_BACK, holds=False)
    assert asked(denial, evidence(EvidenceKind.SIGNATURE)).level is Level.NONE


def test_a_denial_at_a_number_from_the_request_is_not_a_denial_by_the_authority() -> None:
    denial = evidence(EvidenceKind.CALL_BACK, holds=False, register_entry=None)
    assert asked(denial, evidence(EvidenceKind.SIGNATURE)).level is Level.CLAIMED


def test_a_broken_signature_outweighs_a_fitting_domain() -> None:
    broken = evidence(EvidenceKind.SIGNATURE, holds=False)
    assert asked(broken, evidence(EvidenceKind.DOMAIN)).level is Level.CLAIMED
    assert asked(evidence(EvidenceKind.DOMAIN)).level is Level.PLAUSIBLE


def test_every_piece_of_evidence_gets_its_sentence() -> None:
    pieces = [evidence(kind) for kind in EvidenceKind]
    assert len(asked(*pieces).why) == 1 + len(pieces)


@pytest.mark.parametrize("register", [each for each in Register if each is not Register.OTHER])
def test_a_register_of_the_list_carries_in_full_and_is_named_in_the_sentence(register: Register) -> None:
    found = asked(evidence(EvidenceKind.CALL_BACK, register=register))
    assert found.level is Level.CONFIRMED
    assert found.why[-1] == f"The call back holds by the entry nor-017 in {REGISTERS[register]}."


def test_a_register_on_no_list_carries_no_more_than_a_mailbox() -> None:
    other = evidence(EvidenceKind.CALL_BACK, register=Register.OTHER, register_named="a web page")
    found = asked(other)
    assert (found.level, "no list of ours: a web page" in found.why[-1]) == (Level.PLAUSIBLE, True)
    denied = evidence(EvidenceKind.CALL_BACK, register=Register.OTHER, register_named="a page", holds=False)
    assert asked(denied, evidence(EvidenceKind.SIGNATURE)).level is Level.NONE


def test_every_register_has_its_words() -> None:
    assert set(REGISTERS) == set(Register)


def test_what_is_newly_recorded_names_the_register_of_its_entry() -> None:
    nameable(evidence(EvidenceKind.CALL_BACK, register_entry=None))
    nameable(evidence(EvidenceKind.CALL_BACK, register=Register.PUBLIC_REGISTER))
    nameable(evidence(EvidenceKind.CALL_BACK, register=Register.OTHER, register_named="the yearbook"))
    with pytest.raises(Refused, match="in which register"):
        nameable(evidence(EvidenceKind.CALL_BACK))
    with pytest.raises(Refused, match="has no name"):
        nameable(evidence(EvidenceKind.CALL_BACK, register=Register.OTHER, register_named=" "))


pieces = st.builds(
    evidence,
    st.sampled_from(EvidenceKind),
    holds=st.sampled_from((True, False, None)),
    register_entry=st.sampled_from(("nor-017", None)),
    register=st.sampled_from((*Register, None)),
    register_state=st.sampled_from(("NOR", "SWE", None)),
    seen_on=st.sampled_from((ON, None)),
)


@given(st.lists(pieces, max_size=4))
def test_the_order_of_the_evidence_does_not_matter(found: list[Evidence]) -> None:
    answers = {(asked(*order).level, asked(*order).why) for order in permutations(found)}
    assert len(answers) == 1


@given(st.lists(pieces, max_size=4), pieces)
def test_evidence_that_does_not_hold_never_raises_the_level(found: list[Evidence], more: Evidence) -> None:
    if more.holds is not True:
        assert asked(*found).level.at_least(asked(*found, more).level)


@given(st.lists(pieces, max_size=4))
def test_more_than_a_claim_always_rests_on_our_register(found: list[Evidence]) -> None:
    if asked(*found).level.at_least(Level.PLAUSIBLE):
        assert any(piece.holds and piece.register_entry and piece.register_state == "NOR" for piece in found)
