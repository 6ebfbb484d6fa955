from __future__ import annotations

import pytest

from habeas.request.formats.instruments import instrument_named


@pytest.mark.parametrize(
    ("stated", "instrument", "measure"),
    [
        ("UNCC art 44 (stored data MLA under art 40)", "uncc", "stored-access"),
        ("UNCC art 42 (expedited preservation)", "uncc", "preservation"),
        ("UNCC art 41(3)", "uncc", "emergency"),
        ("UNCC article 43", "uncc", "traffic-disclosure"),
        ("UNCC art. 45", "uncc", "realtime-traffic"),
        ("UN Convention against Cybercrime, Article 46", "uncc", "interception"),
        ("UNCC art 40(4) spontaneous information", "uncc", "spontaneous"),
        ("UNCC art 40(15)", "uncc", "general-assistance"),
        ("UNCC art 47", "uncc", "police-to-police"),
        ("UNCC arts 42 and 44", "uncc", "stored-access"),
        ("UNCC arts 44, 45", "uncc", "realtime-traffic"),
        ("UNCC", "uncc", "general-assistance"),
        ("UNCC art 99", "uncc", "general-assistance"),
        ("Budapest Convention arts 29/31", "budapest", "stored-access"),
        ("Budapest Convention art 29", "budapest", "preservation"),
        ("Convention on Cybercrime (CETS 185), art 30", "budapest", "traffic-disclosure"),
        (
            "Second Additional Protocol to the Budapest Convention, art 7",
            "budapest-2ap",
            "direct-to-provider",
        ),
        ("Second Additional Protocol, art 8", "budapest-2ap", "stored-access"),
        ("Second Additional Protocol, art 10", "budapest-2ap", "emergency"),
        ("European Investigation Order (Dir. 2014/41)", "eu-eio", "stored-access"),
        ("EPOC", "eu-e-evidence", "direct-to-provider"),
        ("EPOC-PR", "eu-e-evidence", "preservation"),
        ("European Production Order", "eu-e-evidence", "direct-to-provider"),
        ("European Preservation Order", "eu-e-evidence", "preservation"),
        ("CLOUD Act agreement", "cloud-act-agreement", "direct-to-provider"),
        ("bilateral or regional MLAT", "bilateral-mla", "general-assistance"),
        ("letter rogatory", "bilateral-mla", "general-assistance"),
        ("commission rogatoire internationale", "bilateral-mla", "general-assistance"),
        ("direct request to provider", "national-direct", "direct-to-provider"),
        ("domestic order", "domestic-order", "domestic-order"),
        ("court order", "domestic-order", "domestic-order"),
        ("a friendly letter", "unknown", "general-assistance"),
        ("", "unknown", "general-assistance"),
    ],
)
def test_the_words_name_their_instrument_and_measure(stated: str, instrument: str, measure: str) -> None:
    assert instrument_named(stated, stated, False) == (instrument, measure)


def test_an_agreement_named_among_the_provisions_is_the_instrument_of_a_direct_request() -> None:
    stated = "direct request to provider"
    assert instrument_named(f"{stated} s. 3 Act 1995 (CLOUD Act agreement)", stated, False) == (
        "cloud-act-agreement",
        "direct-to-provider",
    )


@pytest.mark.parametrize(
    "stated", ["UNCC art 44", "Budapest Convention arts 29/31", "MLAT", "EPOC", "unheard of"]
)
def test_asking_only_to_keep_data_is_preservation(stated: str) -> None:
    assert instrument_named(stated, stated, True)[1] == "preservation"


def test_a_direct_request_or_an_order_stays_what_it_is_when_it_only_asks_to_keep_data() -> None:
    assert instrument_named("x", "direct request to provider", True)[1] == "direct-to-provider"
    assert instrument_named("x", "court order", True)[1] == "domestic-order"
