"""Who gets a message that something waits: people of the case's house, at an address, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from habeas.app.worker import Tiding
from habeas.gateways.mail import Message
from habeas.web.telling import tell
from tests.web.house import House

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _told(house: House, *people: str) -> list[Message]:
    sent: list[Message] = []
    tiding = Tiding(house.organisation, "2026-ABCD-EFGH", people, "A time limit comes near.")
    assert tell(tiding, sent.append, AT) == len(sent)
    return sent


def test_a_message_names_the_case_and_says_that_somebody_should_look(house: House) -> None:
    house.account("reviewer")
    (message,) = _told(house, "reviewer")
    assert message.to == f"reviewer@{house.organisation}.example"
    assert message.subject == "Case 2026-ABCD-EFGH"
    assert "A time limit comes near." in message.text


def test_a_message_leads_to_what_needs_its_reader_and_says_nothing_else_of_the_case(house: House) -> None:
    house.account("second")
    case = house.reviewed()
    tiding = Tiding(house.organisation, case.id, ("second",), "A case needs you.")
    sent: list[Message] = []
    tell(tiding, sent.append, AT, "https://desk.example.org")
    (message,) = sent
    link = f"https://desk.example.org/cases/{case.id}/#now"
    assert message.text == f"A case needs you.\n\nCase {case.id}\n{link}\n"
    assert message.subject == f"Case {case.id}"


def test_what_is_due_in_the_public_log_leads_to_its_page(house: House) -> None:
    house.account("counsel")
    sent: list[Message] = []
    tiding = Tiding(house.organisation, "", ("counsel",), "The totals of 2026-10 are due in the public log.")
    tell(tiding, sent.append, AT, "https://desk.example.org")
    (message,) = sent
    assert message.subject == "The public log"
    assert message.text == f"{tiding.words}\n\nThe public log\nhttps://desk.example.org/log/#totals\n"


@pytest.mark.parametrize("how", ["ended", "no address", "nobody"])
def test_nobody_else_is_written_to(house: House, how: str) -> None:
    account = house.account("counsel")
    if how == "ended":
        account.is_active = False
    if how == "no address":
        account.mail = ""
    account.save()
    assert _told(house, "nobody" if how == "nobody" else "counsel") == []


def test_a_colleague_of_another_house_is_not_written_to(house: House) -> None:
    other = House(house.installation)
    other.account("reviewer")
    assert _told(house, "reviewer") == []
