"""A law file that is wrong does not load, and says why; mended in that one place, it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.treaty.load import packaged_files, read_law

BAD = sorted((Path(__file__).parents[1] / "bad" / "treaty").glob("*.toml"))


def _parts(path: Path) -> tuple[dict[str, str], str]:
    """The comment lines of a bad file (`as`, `refused`, `at`, `mend`) and its body."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    head = dict(line.removeprefix("# ").rstrip("\n").split(": ", 1) for line in lines[:4])
    return head, "".join(lines[4:])


def test_there_are_bad_files_to_refuse() -> None:
    assert len(BAD) >= 12


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_law_file_is_refused_with_the_right_sentence_and_place(path: Path) -> None:
    head, body = _parts(path)
    with pytest.raises(Refused) as caught:
        read_law({**packaged_files(), head["as"]: body})
    assert head["refused"] in caught.value.sentence
    assert caught.value.place.startswith(head["at"])


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_the_same_file_mended_in_one_place_loads(path: Path) -> None:
    head, body = _parts(path)
    wrong, right = head["mend"].split(" => ")
    assert body.count(wrong) == 1
    read_law({**packaged_files(), head["as"]: body.replace(wrong, right)})


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("[" * 3000 + "]" * 3000, "nested too deeply"), ("9" * 5000, "a number too long")],
)
def test_a_law_file_that_no_reader_gets_through_is_refused(body: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_law({**packaged_files(), "instruments/uncc.toml": f"id = {body}"})


def test_the_packaged_files_load() -> None:
    files = read_law(packaged_files())
    assert set(files.parties) < set(files.instruments)


def test_a_test_file_for_an_instrument_that_is_not_there_is_refused() -> None:
    files = packaged_files()
    text = files["instruments/uncc_tests.toml"].replace('instrument = "uncc"', 'instrument = "atlantis"')
    with pytest.raises(Refused) as caught:
        read_law({**files, "instruments/uncc_tests.toml": text})
    assert "no instrument atlantis" in caught.value.sentence


def test_rules_that_silence_each_other_are_refused() -> None:
    files = packaged_files()
    usa = files["seats/USA.toml"].replace(
        'id = "us-2702-content"', 'id = "us-2702-content"\noverrides = ["us-2702-b8"]'
    )
    with pytest.raises(Refused) as caught:
        read_law({**files, "seats/USA.toml": usa})
    assert "override each other" in caught.value.sentence
