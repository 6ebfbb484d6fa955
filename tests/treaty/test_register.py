"""A confirmation names a role, a day that has come and a text, and speaks only for the words it saw."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.treaty import Confirmation, confirm, entry_text, law, outstanding, read_register

TODAY = date(2026, 11, 21)
CITE = "uncc:40(22)"


def _confirm(**changes: object) -> Confirmation:
    words: dict[str, object] = {
        "by": "treaty counsel",
        "on": TODAY,
        "text": "certified copy of A/RES/79/243",
        "today": TODAY,
        **changes,
    }
    cite = words.pop("citation", CITE)
    return confirm(cite, law().citations(), **words)  # type: ignore[arg-type]


def test_a_confirmed_citation_is_left_out_and_its_neighbour_is_not() -> None:
    names = {each.name for each in outstanding(law().citations(), (_confirm(),), on=TODAY)}
    assert CITE not in names
    assert "uncc:40(21)" in names


def test_before_its_day_a_confirmation_does_not_count() -> None:
    names = {each.name for each in outstanding(law().citations(), (_confirm(),), on=date(2026, 11, 20))}
    assert CITE in names


def test_a_confirmation_lapses_when_our_words_change() -> None:
    old = msgspec.structs.replace(_confirm(), fingerprint="0" * 16)
    assert CITE in {each.name for each in outstanding(law().citations(), (old,), on=TODAY)}


@pytest.mark.parametrize(
    ("changes", "sentence", "place"),
    [
        ({"citation": "uncc:99"}, "no law file cites uncc:99", "citation"),
        ({"on": date(2026, 11, 22)}, "2026-11-22 has not come yet", "--on"),
        ({"by": "  "}, "needs the role", "--by"),
        ({"text": ""}, "needs the certified text", "--text"),
    ],
)
def test_an_empty_or_impossible_confirmation_is_refused(
    changes: dict[str, object], sentence: str, place: str
) -> None:
    with pytest.raises(Refused) as caught:
        _confirm(**changes)
    assert sentence in caught.value.sentence
    assert caught.value.place == place


def test_the_day_itself_is_not_the_future() -> None:
    assert _confirm(on=TODAY).on == TODAY


def test_a_register_of_several_entries_reads_back() -> None:
    made = (_confirm(), _confirm(citation="uncc:42(8)", by="second reader"))
    assert read_register("\n".join(entry_text(each) for each in made)) == made


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_any_words_survive_being_written_and_read(by: str, text: str) -> None:
    made = Confirmation(citation=CITE, by=by, on=TODAY, text=text, fingerprint="f")
    assert read_register(entry_text(made)) == (made,)


def test_an_empty_register_confirms_nothing() -> None:
    assert read_register("") == ()


@pytest.mark.parametrize(
    "text", ["[[confirmation", '[[confirmation]]\ncitation = "uncc:1"\n', '[[confirmed]]\nby = "x"\n']
)
def test_a_register_that_does_not_read_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        read_register(text, place="law-confirmations.toml")
    assert caught.value.place == "law-confirmations.toml"
