"""No password contains a word that whoever knows the house tries first."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from habeas.errors import Refused
from habeas.web.accounts import inviting
from habeas.web.accounts.house_words import HouseWords, listed
from habeas.web.accounts.models import Account
from habeas.web.configuration import Configuration, settings
from tests.web.conftest import INSTALLATION
from tests.web.house import House

OURS = HouseWords(("desk.example.org", "Lac Léman", "Treppenhaus"))
SOMEBODY = Account(login="r@x.example", organisation="ministry-of-justice", person="reviewer")


@pytest.mark.parametrize(
    "password",
    [
        "treppenhaus and more words",
        "many words TREPPENHAUS many",
        "t-r-e-p-p-e-n-h-a-u-s many words",
        "7r3pp3nh4u5 with digits",
        "ＴＲＥＰＰＥＮＨＡＵＳ in wide letters",
        "swimming in the lac léman",
        "all of example and nothing",
        "habeas habeas habeas",
        "justice for everybody here",
        "ministry of nobody at all",
        "MinistryOfJustice2026",
    ],
)
def test_a_password_with_a_word_of_the_house_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="of this site"):
        OURS.validate(password, SOMEBODY)


@pytest.mark.parametrize(
    "password", ["a long sentence that nobody guesses", "trepp and hauses", "org of words", "leman grass"]
)
def test_any_other_is_taken(password: str) -> None:
    OURS.validate(password, SOMEBODY)
    OURS.validate(password)


def test_the_operators_list_is_read_and_in_force(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# where we sit\nTreppenhaus   # the building\n\nLac Léman\n", "utf-8")
    words = listed(file)
    assert words == ("Treppenhaus", "Lac Léman")
    made = settings(
        Configuration(home=tmp_path, hosts=("desk.example.org",), password_words=words), INSTALLATION
    )
    (ours,) = [each for each in made["AUTH_PASSWORD_VALIDATORS"] if each["NAME"].endswith("HouseWords")]
    with pytest.raises(ValidationError):
        HouseWords(**ours["OPTIONS"]).validate("up and down the treppenhaus")


@pytest.mark.parametrize("content", [b"abc\n", b"\xff\xfe", None])
def test_a_list_that_cannot_be_used_is_refused(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        listed(file)
    assert str(file) in refused.value.place


def test_it_is_asked_where_a_password_is_chosen(house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="intake")
    for password, status in (("where habeas comes from", 422), ("where anything comes from", 302)):
        chosen = {"new_password1": password, "new_password2": password}
        assert Client(SERVER_NAME="localhost").post(path, chosen).status_code == status
