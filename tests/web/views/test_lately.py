"""The page of one's own way in. Who is led there, and by what, is tried in tests/web/accounts."""

from __future__ import annotations

from tests.web.house import House


def test_it_is_found_from_the_account_and_calm_where_there_is_nothing(house: House) -> None:
    client = house.client("custodian")
    assert 'href="/account/lately/"' in client.get("/account/").content.decode()
    page = client.get("/account/lately/").content.decode()
    assert "nothing that you have not looked at" in page


def test_looking_is_said_by_a_button_and_not_by_opening_the_page(house: House) -> None:
    client = house.client("custodian")
    client.post("/account/proofs/codes/new/")
    for _look in range(2):
        assert "I have looked" in client.get("/account/lately/").content.decode()
