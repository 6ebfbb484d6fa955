from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from habeas.atlas import Atlas, Category, Tier, atlas
from habeas.errors import Refused
from habeas.request.model import PenaltyKind

COUNTS = tomllib.loads(Path(__file__).with_name("counts.toml").read_text("utf-8"))
FROM_STATUTE_READINGS = 18  # provisions that came with a reading of the statutes; their ids begin with ISO2


def test_every_state_has_the_provisions_it_had() -> None:
    assert {code: len(atlas().provisions(code)) for code in atlas().states()} == COUNTS


def test_nothing_of_the_source_is_lost() -> None:
    provisions = atlas().provisions()
    assert len(provisions) == 1298 + FROM_STATUTE_READINGS
    assert len({provision.id for provision in provisions}) == len(provisions)
    assert sum(provision.id[:2].isupper() for provision in provisions) == FROM_STATUTE_READINGS
    assert len(atlas().states()) == 200
    states = [atlas().state(code) for code in atlas().states()]
    assert sum(len(state.facts.facts) for state in states) == 5547
    assert sum(fact.evidence == "memory" for state in states for fact in state.facts.facts.values()) == 1097
    assert sum(len(state.defaults) for state in states) == 122
    assert sum(bool(state.indicators) for state in states) == 176
    assert {len(state.indicators) for state in states} == {0, 7}


def test_the_totals_are_as_they_were() -> None:
    provisions = atlas().provisions()
    standing = Counter(str(provision.standing) for provision in provisions)
    assert standing == {"in force": 1234, "unclear": 30, "repealed": 29, "struck down": 23}
    top = [p for provision in provisions for p in provision.penalties if p.tier in (Tier.HIGHEST, Tier.FLOOR)]
    assert len(top) == len(provisions)
    checked = Counter(str(penalty.verification) for penalty in top)
    assert checked == {"statute-text": 589, "secondary": 158, "partial": 53, "knowledge": 516}
    assert (
        sum(penalty.tier is Tier.BASIC for provision in provisions for penalty in provision.penalties) == 62
    )
    categories = Counter(provision.category for provision in provisions)
    assert set(categories) == set(Category)
    assert categories[Category.ORDINARY_CRIME] == 231


def test_every_value_has_a_source() -> None:
    for code in atlas().states():
        state = atlas().state(code)
        assert all(fact.source and fact.as_of for fact in state.facts.facts.values())
        assert all(rule.source and rule.provision for rule in state.defaults)
        for provision in state.provisions:
            assert all(penalty.sources and penalty.as_of for penalty in provision.penalties)
            assert provision.state == code


def test_a_known_provision_reads_as_the_law_does() -> None:
    fakes = atlas().provision("rus-cc-207-3")
    assert (fakes.state, fakes.article, fakes.category) == ("RUS", "Art. 207.3", Category.FALSE_NEWS)
    (penalty,) = fakes.penalties
    assert penalty.maximum is not None
    assert (penalty.maximum.kind, penalty.maximum.years) == (PenaltyKind.YEARS, 15)
    assert penalty.verified
    assert atlas().provision("CN:hk-nsl-2020:第二十一条").state == "HKG"
    assert atlas().state("NOR").indicator("v2x_jucon") is not None
    assert atlas().state("NOR").indicator("v2x_polyarchy") is None


def test_an_unknown_state_or_provision_is_refused() -> None:
    with pytest.raises(Refused, match="the atlas holds no state “XYZ”"):
        atlas().state("XYZ")
    with pytest.raises(Refused, match="the atlas holds no provision “rus-cc-1”"):
        atlas().provision("rus-cc-1")
    assert not atlas().knows("XYZ")
    assert atlas().knows("XKX")


def test_the_version_changes_with_one_letter_of_one_file(tmp_path: Path) -> None:
    source = Path(str(atlas().folder))
    for name in (
        "columns.toml",
        "called.toml",
        "citation_words.toml",
        "latin.toml",
        "vdem/indicators_2023.toml",
        "states/NOR.toml",
    ):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(source.joinpath(name).read_bytes())
    before = Atlas(tmp_path).version
    assert before == Atlas(tmp_path).version
    assert len(before) == 64
    norway = tmp_path / "states" / "NOR.toml"
    norway.write_text(norway.read_text("utf-8").replace("max = 3", "max = 4", 1), "utf-8")
    assert Atlas(tmp_path).version != before


def test_states_are_read_one_at_a_time(tmp_path: Path) -> None:
    source = Path(str(atlas().folder))
    for name in ("columns.toml", "called.toml", "vdem/indicators_2023.toml", "states/NOR.toml"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(source.joinpath(name).read_bytes())
    (tmp_path / "states" / "SWE.toml").write_text("= wrong", "utf-8")
    here = Atlas(tmp_path)
    assert here.find(["straffeloven § 185"], state="NOR")
    with pytest.raises(Refused, match="not correct TOML"):
        here.state("SWE")


def test_the_columns_say_what_they_mean() -> None:
    used = {column for code in atlas().states() for column in atlas().state(code).facts.facts}
    assert used == set(atlas().columns)
    assert all(column.meaning and column.source and column.as_of for column in atlas().columns.values())


def test_v_dem_figures_stand_apart_with_their_licence() -> None:
    folder = Path(str(atlas().folder)) / "vdem"
    licence = (folder / "LICENSE.md").read_text("utf-8")
    assert "CC BY-SA 4.0" in licence
    assert "University of Gothenburg" in licence
    for file in (Path(str(atlas().folder)) / "states").glob("*.toml"):
        assert "v2x_" not in file.read_text("utf-8")
