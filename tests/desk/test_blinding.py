"""What identifies people is covered letter by letter, by the machine and by what a person names besides."""

from __future__ import annotations

import msgspec
import pytest

from habeas.desk.blinding import (
    COVER,
    confirmation,
    covered,
    covered_words,
    further,
    numbered,
    secrets_of,
)
from habeas.errors import Refused
from habeas.request import Attachment
from tests import world


def test_every_identifier_is_covered_letter_by_letter() -> None:
    asked = world.identifying()
    blind = covered(asked, asked)
    text = msgspec.json.encode(blind).decode()
    for secret in secrets_of(asked):
        assert secret.lower() not in text.lower()
    assert len(blind.facts) == len(asked.facts)
    assert COVER * len(world.SECRET) in blind.facts


def test_what_was_not_secret_stays_as_it_was() -> None:
    asked = world.identifying()
    blind = covered(asked, asked)
    assert world.RANSOMWARE in blind.facts
    assert blind.offences == asked.offences


def test_a_letter_that_grows_when_it_is_made_small_moves_no_mark() -> None:
    asked = world.request(
        supposed=(), facts=f"İstanbul: {world.SECRET}", targets=(world.target(value=world.SECRET),)
    )
    assert covered(asked, asked).facts == "İstanbul: " + COVER * len(world.SECRET)


@pytest.mark.parametrize(
    "found",
    [
        "ana.ruiz+x@school.example",
        "https://site.example/ana?x=1",
        "www.site.example",
        "@ana_r",
        "+33 1 99 00 11 22",
        "192.0.2.17",
        "0049123456",
    ],
)
def test_what_looks_like_an_address_or_a_number_is_covered_wherever_it_stands(found: str) -> None:
    asked = world.request(supposed=(), facts=f"On 2026-11-22 she used {found}. Article 217 applies.")
    assert covered(asked, asked).facts == f"On 2026-11-22 she used {COVER * len(found)}. Article 217 applies."


def test_words_that_a_person_names_are_covered_in_every_case_of_letters() -> None:
    asked = world.request(supposed=(), facts="Ana Ruiz wrote. ANA RUIZ was seen.")
    words = further(asked, [" Ana Ruiz ", "", "Ana Ruiz"])
    assert words == ("Ana Ruiz",)
    name = COVER * len("Ana Ruiz")
    assert covered(asked, asked, words).facts == f"{name} wrote. {name} was seen."
    assert covered_words("Is ana ruiz a journalist?", asked, words) == f"Is {name} a journalist?"
    with pytest.raises(Refused, match="does not stand in the request"):
        further(asked, ["Anna Ruiz"])
    with pytest.raises(Refused, match="one letter alone"):
        further(asked, ["A"])


def test_what_is_attached_has_a_number_in_place_of_its_name() -> None:
    """A name can give away whom, or which order, everything else covers."""
    named = (Attachment(name="karar-2026-5512.pdf", sha256="0" * 64), Attachment(name="ana.pdf"))
    asked = world.request(supposed=(), attachments=named)
    assert covered(asked, asked).attachments == (
        Attachment(name="Attachment 1"),
        Attachment(name="Attachment 2"),
    )
    assert asked.attachments == named


def test_what_is_confirmed_is_this_covered_text_and_no_other() -> None:
    asked = world.identifying()
    one, other = covered(asked, asked), covered(asked, asked, ["letters"])
    assert confirmation(one) == confirmation(covered(asked, asked))
    assert confirmation(one) != confirmation(other)


def test_attachments_have_numbers_and_a_reference_is_covered_however_it_is_joined() -> None:
    asked = world.request(
        supposed=(),
        reference="2026/5512",
        facts="See karar-2026-5512.pdf, order 2026.5512 and letter.txt.",
        attachments=(Attachment(name="karar-2026-5512.pdf"), Attachment(name="order")),
    )
    blind = covered(asked, asked)
    assert [each.name for each in blind.attachments] == ["Attachment 1", "Attachment 2"]
    assert "5512" not in blind.facts
    assert "karar" not in blind.facts
    assert blind.facts.endswith("letter.txt.")
    assert numbered(blind) == blind
