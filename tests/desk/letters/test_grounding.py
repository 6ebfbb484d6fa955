"""A letter rests on what is open to its seat, and quotes only what somebody read in a certified text."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from habeas.desk.letters import Condition, Ground, Kind, open_grounds, open_kinds, verified
from habeas.desk.letters.grounding import Basis, OpenTo, bases, cites_of
from habeas.errors import Refused
from habeas.treaty import Arrival, Role, confirm, law

DAY = date(2026, 11, 21)
CITES = [
    cite
    for basis in (*bases().ground.values(), *bases().condition.values(), bases().persecution, bases().secrecy)
    for cites in basis.cites.values()
    for cite in cites
]


def test_every_ground_and_condition_has_its_basis() -> None:
    assert set(bases().ground) == set(Ground)
    assert set(bases().condition) == set(Condition)


@pytest.mark.parametrize("cite", sorted(set(CITES)))
def test_every_provision_is_on_file_and_so_can_be_confirmed(cite: str) -> None:
    assert cite in {entry.name for entry in law().citations()}


def test_provisions_stand_under_their_own_instrument() -> None:
    for basis in (*bases().ground.values(), *bases().condition.values()):
        for instrument, cites in basis.cites.items():
            assert {cite.split(":")[0] for cite in cites} == {instrument}


def test_a_ground_of_a_treaty_is_not_open_to_a_provider() -> None:
    of_states = {ground for ground, basis in bases().ground.items() if basis.open_to is OpenTo.STATE}
    assert {Ground.HUMAN_RIGHTS, Ground.DUAL_CRIMINALITY, Ground.ESSENTIAL_INTERESTS} <= of_states
    assert not open_grounds(Role.PROVIDER) & of_states
    for role in set(Role) - {Role.PROVIDER}:
        assert of_states <= open_grounds(role)
        assert Ground.NO_DUTY not in open_grounds(role)


def test_an_order_of_our_own_court_is_not_refused_by_letter() -> None:
    for role in Role:
        orders = open_kinds(role, Arrival.DOMESTIC_ORDER)
        assert not orders & {
            Kind.REFUSAL,
            Kind.PERSECUTION_REFUSAL,
            Kind.CONDITIONS,
            Kind.SECRECY_NOT_HONOURED,
            Kind.REROUTE,
            Kind.MORE_TIME,
        }
        assert {Kind.CHALLENGE, Kind.NARROWER_PROPOSAL, Kind.CLARIFICATION, Kind.NOTICE} <= orders
        assert open_kinds(role, Arrival.REQUEST) == set(Kind) - {Kind.CHALLENGE}


def test_a_provision_is_verified_when_it_was_confirmed_in_our_present_words() -> None:
    citations = law().citations()
    entry = confirm(
        "uncc:40(22)", citations, by="legal office", on=DAY, text="certified true copy", today=DAY
    )
    assert verified(citations, [], on=DAY) == frozenset()
    assert verified(citations, [entry], on=DAY) == {"uncc:40(22)"}
    assert verified(citations, [entry], on=date(2026, 11, 20)) == frozenset()
    lapsed = msgspec.structs.replace(entry, fingerprint="0000")
    assert verified(citations, [lapsed], on=DAY) == frozenset()
    stranger = msgspec.structs.replace(entry, citation="uncc:99(9)")
    assert verified(citations, [stranger], on=DAY) == frozenset()


def test_a_provider_rests_on_the_law_of_its_seat_only() -> None:
    basis = bases().ground[Ground.PERSONAL_DATA]
    given = ("EUU:GDPR 48",)
    assert cites_of(basis, given, role=Role.PROVIDER, instrument="uncc", what="x") == (given, "")
    cites, lacking = cites_of(basis, (), role=Role.PROVIDER, instrument="uncc", what="personal-data")
    assert cites == ()
    assert lacking == "personal-data: no provision of the law of the seat is on file or given"
    assert cites_of(basis, (), role=Role.CENTRAL_AUTHORITY, instrument="uncc", what="x") == (
        ("uncc:36(1)(a)",),
        "",
    )


def test_a_treaty_does_not_slip_in_as_the_law_of_a_seat() -> None:
    for cite in ("uncc:40(22)", "budapest:27(4)", "USA:", "18 USC 2702", ""):
        with pytest.raises(Refused, match="no provision of the law of a seat"):
            cites_of(Basis(), (cite,), role=Role.PROVIDER, instrument="uncc", what="x")


def test_a_rule_of_the_house_needs_no_provision() -> None:
    assert cites_of(Basis(house=True), (), role=Role.PROVIDER, instrument="", what="x") == ((), "")
