from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from habeas.atlas import atlas, check
from habeas.atlas.files import state_of
from habeas.errors import Refused

BAD = Path(__file__).parents[1] / "bad" / "atlas"
DAY = date(2026, 6, 1)
WRONG = sorted(BAD.glob("*.toml"))
RIGHT = sorted((BAD / "neighbours").glob("*.toml"))


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_file_is_refused_with_its_sentence(path: Path) -> None:
    """Each bad file says in its first line what is wrong with it, and nothing else is."""
    sentence = path.read_text("utf-8").splitlines()[0].removeprefix("# refused: ")
    (refused,) = check(path, on=DAY)
    assert refused.sentence == sentence
    assert path.name in refused.place
    assert refused.hint
    assert "`" not in refused.sentence


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_its_neighbour_is_not(path: Path) -> None:
    assert check(path, on=DAY) == ()


def test_there_are_enough_bad_files() -> None:
    assert len(WRONG) >= 30
    assert len(RIGHT) >= 10


def test_a_wrong_file_is_not_loaded_at_all() -> None:
    path = BAD / "penalty-without-source.toml"
    with pytest.raises(Refused) as refusal:
        state_of(path.read_text("utf-8"), "NOR.toml", atlas().context)
    assert refusal.value.sentence == "the penalty names no source"
    assert refusal.value.place == "NOR.toml: nor-test-185: penalty[0]: sources"


def test_the_name_of_the_file_is_the_code_of_the_state(tmp_path: Path) -> None:
    text = (BAD / "neighbours" / "all-is-right.toml").read_text("utf-8")
    (tmp_path / "NOR.toml").write_text(text, "utf-8")
    assert check(tmp_path, on=DAY) == ()
    (tmp_path / "NOR.toml").rename(tmp_path / "SWE.toml")
    assert [one.sentence for one in check(tmp_path, on=DAY)] == ["the file SWE.toml describes the state NOR"]


def test_one_id_may_not_stand_in_two_files(tmp_path: Path) -> None:
    text = (BAD / "neighbours" / "all-is-right.toml").read_text("utf-8")
    (tmp_path / "one.toml").write_text(text, "utf-8")
    (tmp_path / "two.toml").write_text(text, "utf-8")
    assert [one.sentence for one in check(tmp_path, on=DAY)] == [
        "the id “nor-test-185” is used in one.toml too"
    ]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert [one.sentence for one in check(tmp_path / "none.toml", on=DAY)] == ["the file cannot be read"]
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    assert [one.sentence for one in check(tmp_path / "latin.toml", on=DAY)] == ["the file is not UTF-8 text"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert [one.sentence for one in check(tmp_path, on=DAY)] == ["there is no law file in this folder"]


def test_the_packaged_files_are_right() -> None:
    assert check(Path(str(atlas().folder.joinpath("states"))), on=DAY) == ()
