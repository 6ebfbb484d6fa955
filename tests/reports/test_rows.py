"""Who asks whom for what, as the requester stated it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from habeas.reports.brief import Row
from habeas.reports.rows import item_lines, request_rows, title, wanted
from habeas.request import (
    Assurance,
    Attachment,
    Authorisation,
    AuthorisationKind,
    Emergency,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
    Request,
    Secrecy,
)
from tests.reports.samples import ANSWER, REQUEST, request


def rows(asked: Request = REQUEST) -> dict[str, list[str]]:
    return {row.label: lines(row) for row in request_rows(asked)}


def lines(row: Row) -> list[str]:
    return ["".join(str(part) for part in line) for line in row.lines]


def test_the_title_says_who_asks_for_what() -> None:
    assert title(REQUEST) == "Kuwait asks for subscriber data and content"


def test_a_title_without_items_names_the_measure() -> None:
    assert title(request(targets=(), requesting_state=None)) == "A state not named asks for stored data"


def test_who_asks_and_who_is_asked() -> None:
    found = rows()
    assert found["Who asks"] == ["Public prosecutor's office, media section", "Kuwait"]
    assert found["Who is asked"] == ["social network", "Ireland"]


def test_an_authority_that_is_not_named_is_said_not_to_be() -> None:
    assert rows(request(issuing=None))["Who asks"] == ["no authority is named", "Kuwait"]


def test_the_instrument_stands_beside_what_they_call_it() -> None:
    stated = rows()["Under"]
    assert stated[0].startswith("United Nations Convention against Cybercrime")
    assert stated[1] == "in their words: article 44"


def test_an_offence_stands_with_its_provision_and_the_maximum_claimed() -> None:
    assert rows()["Offence"] == [
        "insulting the head of state",
        "cited: Art. 25, Law 31 of 1970",
        "maximum claimed: 5 years",
    ]
    assert rows(request(offences=()))["Offence"] == ["not stated"]


@pytest.mark.parametrize(
    ("claimed", "says"),
    [
        (Penalty(kind=PenaltyKind.YEARS, years=1), "1 year"),
        (Penalty(kind=PenaltyKind.YEARS, years=1.5), "1.5 years"),
        (Penalty(kind=PenaltyKind.DEATH), "death"),
    ],
)
def test_a_maximum_is_said_as_it_was_claimed(claimed: Penalty, says: str) -> None:
    offence = Offence(label="x", claimed_maximum=claimed)
    assert rows(request(offences=(offence,)))["Offence"][-1] == f"maximum claimed: {says}"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Authorisation(), "not stated"),
        (Authorisation(kind=AuthorisationKind.NONE), "nobody, they say"),
        (
            Authorisation(
                kind=AuthorisationKind.JUDGE,
                reference="7/26",
                issued_on=date(2026, 1, 2),
                document_attached=False,
            ),
            "a judge, they say, 7/26, on 2026-01-02, document not attached",
        ),
    ],
)
def test_an_authorisation_is_what_they_say(given: Authorisation, says: str) -> None:
    assert rows(request(authorisation=given))["Authorised by"] == [says]


def test_secrecy_without_reason_and_end_says_so() -> None:
    assert rows()["Secrecy"] == ["asked; reason: none given; no end given"]
    asked = Secrecy(asked=True, reason="a raid is planned", until=date(2026, 12, 1))
    assert rows(request(secrecy=asked))["Secrecy"] == ["asked; reason: a raid is planned; until 2026-12-01"]
    assert "Secrecy" not in rows(request(secrecy=Secrecy()))


def test_what_was_not_stated_and_is_not_owed_has_no_row() -> None:
    assert not {"Emergency", "Deadline named", "Undertakings", "Attached", "Conduct"} & rows().keys()


def test_what_was_stated_has_its_row() -> None:
    found = rows(
        request(
            emergency=Emergency(claimed=True, deadline=datetime(2026, 11, 10, 6, tzinfo=UTC)),
            deadline=date(2026, 12, 1),
            assurances=(Assurance(kind="no-death-penalty"), Assurance(kind="speciality", text="this case")),
            attachments=(Attachment(name="order.pdf"),),
            conduct=Period(start=date(2026, 8, 1)),
        )
    )
    assert found["Emergency"] == ["claimed, until 2026-11-10, 06:00 UTC"]
    assert found["Deadline named"] == ["2026-12-01"]
    assert found["Undertakings"] == ["no death penalty", "speciality: this case"]
    assert found["Attached"] == ["order.pdf"]
    assert found["Conduct"] == ["2026-08-01 to no end"]


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("2026-11-10T06:00:31.240266+01:00", "2026-11-10, 06:00 UTC+01:00"),
        ("2026-11-10T06:00:00", "2026-11-10, 06:00 in a zone not stated"),
    ],
)
def test_the_end_of_an_emergency_stands_in_the_zone_it_was_stated_in(stated: str, shown: str) -> None:
    claimed = Emergency(claimed=True, deadline=datetime.fromisoformat(stated))
    assert rows(request(emergency=claimed))["Emergency"] == [f"claimed, until {shown}"]


def test_a_missing_day_of_receipt_is_said() -> None:
    assert rows(request(received_on=None, reference=None))["Received"] == ["day not stated"]
    assert rows()["Received"] == ["2026-11-09, their reference file 12/2026"]


def test_an_item_stands_with_account_period_and_ceiling() -> None:
    first, second = item_lines(REQUEST, ANSWER)
    assert [str(account) for account in first.accounts] == ["@account"]
    assert (first.category, first.period, first.ceiling) == (
        "subscriber data",
        "2026-08-01 to 2026-09-30",
        "nothing",
    )
    assert str(second.description) == "messages with journalists"
    assert second.period == "period not stated"


def test_a_decision_about_a_target_the_request_does_not_hold_is_still_shown() -> None:
    first, _second = item_lines(request(targets=()), ANSWER)
    assert (str(first.target), first.accounts, first.period) == ("t1", (), "period not stated")


def test_a_list_says_which_data_are_wanted_and_of_how_many_accounts() -> None:
    assert wanted(REQUEST) == "Subscriber data and content of 1 account"
    (one,) = REQUEST.targets
    group = msgspec.structs.replace(
        one, id="t2", identifiers=(msgspec.structs.replace(one.identifiers[0], bulk=True),)
    )
    both = request(targets=(one, msgspec.structs.replace(one, id="t3"), group))
    assert wanted(both) == "Subscriber data and content of 2 accounts and 1 group of accounts"
    assert wanted(request(targets=())) == "Stored data"
