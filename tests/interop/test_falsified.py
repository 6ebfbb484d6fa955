"""A house's public site, falsified: `habeas audit` refuses what two strangers' programs refuse.

The site is a real house's, published twice by its publisher, with a witness that runs; each fraud is made
with the keys that whoever commits it would have. `habeas audit` has to say of each what is wrong. `make soak`
asks the strangers too, and all of them about a million entries; of a log alone they are asked in
`test_interop`, every time.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import publishing
from habeas.app.installation import utc_now
from habeas.cli import habeas
from habeas.cli.witness import read_keys
from habeas.tlog import (
    WIDTH,
    Checkpoint,
    Key,
    Note,
    Signer,
    bundle,
    entries_path,
    grown,
    leaf_hash,
    root_of,
    unbundle,
)
from tests.interop.world import PYTHON_SOURCE, made_signer, said
from tests.soaking import SOAK

DAY = 86_400  # seconds


@dataclass(frozen=True)
class Site:
    """folder: the site as a reader fetches it. seen: the signed tree of their last visit. log: the key they
    know. keys: those of log and witness, for whoever falsifies it."""

    folder: Path
    seen: bytes
    log: Key
    keys: tuple[Signer, Signer]

    @property
    def checkpoint(self) -> bytes:
        return (self.folder / "checkpoint").read_bytes()

    @property
    def tree(self) -> Checkpoint:
        return Checkpoint.parse(Note.parse(self.checkpoint).text)

    def put(self, path: str, data: bytes) -> None:
        """The file is replaced: other copies of the site share its bytes."""
        (self.folder / path).unlink(missing_ok=True)
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(data)

    def signed(
        self, tree: Checkpoint, *, log: Signer | None = None, cosigned: str = "", ago: int = 0
    ) -> None:
        """Shows a signed tree. cosigned: what the witness signed, where it is not this tree."""
        signer, witness = self.keys
        cosignature = witness.sign(cosigned or tree.text, int(time.time()) - ago)
        note = Note(text=tree.text, signatures=((log or signer).sign(tree.text), cosignature))
        self.put("checkpoint", note.encoded())

    def entries(self) -> list[bytes]:
        """All of them, as they lie there."""
        found: list[bytes] = []
        for index in range(-(-self.tree.size // WIDTH)):
            found += unbundle((self.folder / _entries(index, self.tree.size)).read_bytes())
        return found


@pytest.fixture(scope="module", params=[700, pytest.param(1_000_000, marks=SOAK)], ids=["700", "a million"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A house that published so many leaves yesterday, and a few today."""
    folder = tmp_path_factory.mktemp("house") / "house"
    with publishing.witnessed(folder) as home:
        app = publishing.house(home, publishing.Clock(utc_now()))
        site = app.site(publishing.ORGANISATION)
        publishing.asked(home, "fill", request.param, 1)
        seen = (site / "checkpoint").read_bytes()
        publishing.asked(home, "day", 50, 0)
        log = app.log_signer(publishing.ORGANISATION, app.kept(publishing.ORGANISATION))
        found = Site(site, seen, log.key, (log, read_keys(folder / "key")[0]))
        assert found.tree.size > request.param
        yield found
        app.close()


@pytest.fixture
def site(house: Site, tmp_path: Path) -> Site:
    """A copy of it, to falsify."""
    return replace(
        house, folder=Path(shutil.copytree(house.folder, tmp_path / "site", copy_function=os.link))
    )


# ---- the readers -------------------------------------------------------------------------------------------

Reader = Callable[[Site], tuple[bool, str]]


THEIRS = [pytest.param(each, marks=SOAK) for each in ("go", "aics")]


@pytest.fixture(params=["habeas audit", *THEIRS])
def reads(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    """One reader after the other. All know the keys, and kept the tree of their last visit."""
    if request.param == "go":
        words: list[str | Path] = [request.getfixturevalue("in_go")]
    elif request.param == "aics":
        words = [request.getfixturevalue("in_python") / "python", PYTHON_SOURCE / "logcheck.py"]
    else:
        return lambda site: _audit(site, tmp_path)

    def theirs(site: Site) -> tuple[bool, str]:
        seen = tmp_path / "seen"
        seen.write_bytes(site.seen)
        told = ["--log", str(site.log), "--witness", str(site.keys[1].key), "--quorum", "1"]
        return said([*words, *told, "--max-age", str(DAY), "--older", seen, site.folder])

    return theirs


def _audit(site: Site, folder: Path) -> tuple[bool, str]:
    """The command itself."""
    policy, seen = folder / "policy", folder / "seen"
    policy.write_text(f"log {site.log}\nwitness w {site.keys[1].key} https://witness.example.org\nquorum w\n")
    seen.write_bytes(site.seen)
    result = CliRunner().invoke(
        habeas, ["audit", str(site.folder), "--policy", str(policy), "--seen", str(seen)]
    )
    assert result.exit_code in (0, 1), result.output
    assert (seen.read_bytes() != site.seen) is (result.exit_code == 0)  # what it found false it does not keep
    return result.exit_code == 0, result.stdout


# ---- frauds ------------------------------------------------------------------------------------------------


def _entries(index: int, size: int) -> str:
    """Where a bundle of a log of so many lies."""
    return entries_path(index, min(WIDTH, size - index * WIDTH))


def a_changed_leaf(site: Site) -> Site:
    index = site.tree.size // WIDTH // 2
    path = _entries(index, site.tree.size)
    held = list(unbundle((site.folder / path).read_bytes()))
    held[100] = held[100][:-1] + bytes([held[100][-1] ^ 1])
    site.put(path, bundle(held))
    return site


def a_dropped_leaf(site: Site) -> Site:
    path = _entries(site.tree.size // WIDTH, site.tree.size)
    site.put(path, bundle(unbundle((site.folder / path).read_bytes())[:-1]))
    return site


def a_leaf_left_out_of_a_tree_signed_anew(site: Site) -> Site:
    """The house itself takes a leaf out, makes the tree anew, and its witness goes along."""
    held = site.entries()
    del held[300]
    return _anew(site, held)


def a_fork(site: Site) -> Site:
    """A whole log of as many leaves, well signed and well cosigned, in which one is another."""
    held = site.entries()
    held[17] = held[17][:-1] + bytes([held[17][-1] ^ 1])
    return _anew(site, held)


def _anew(site: Site, held: list[bytes]) -> Site:
    files, root = grown(0, [leaf_hash(each) for each in held], lambda path: pytest.fail(path))
    shutil.rmtree(site.folder / "tile")
    for path, data in files.items():
        site.put(path, data)
    for index in range(-(-len(held) // WIDTH)):
        site.put(_entries(index, len(held)), bundle(held[index * WIDTH : (index + 1) * WIDTH]))
    site.signed(Checkpoint(origin=site.tree.origin, size=len(held), root=root))
    return site


def a_rolled_back_checkpoint(site: Site) -> Site:
    """Yesterday's tree is shown to somebody who saw today's."""
    newest = site.checkpoint
    held = site.entries()
    before = Checkpoint.parse(Note.parse(site.seen).text)
    assert root_of([leaf_hash(each) for each in held[: before.size]]) == before.root
    return replace(_anew(site, held[: before.size]), seen=newest)


def a_wrong_key(site: Site) -> Site:
    site.signed(site.tree, log=made_signer(site.log.name, 2))
    return site


def a_site_of_another_key_than_the_one_we_know(site: Site) -> Site:
    return replace(site, log=made_signer(site.log.name, 2).key)


def a_stale_checkpoint(site: Site) -> Site:
    site.signed(site.tree, ago=10 * DAY)
    return site


def a_forged_cosignature(site: Site) -> Site:
    site.signed(site.tree, cosigned=Note.parse(site.seen).text)
    return site


FRAUDS: dict[Callable[[Site], Site], str] = {
    a_changed_leaf: "do not give the root that was signed",
    a_dropped_leaf: "eaves of the log are missing",
    a_leaf_left_out_of_a_tree_signed_anew: "is not the beginning of this one",
    a_fork: "is not the beginning of this one",
    a_rolled_back_checkpoint: "was rolled back",
    a_wrong_key: "own signature is missing",
    a_site_of_another_key_than_the_one_we_know: "another key than the one you know",
    a_stale_checkpoint: "older than two days",
    a_forged_cosignature: "signature does not hold",
}
"""Each with what `habeas audit` says of it."""


@pytest.mark.parametrize("fraud", FRAUDS, ids=lambda fraud: fraud.__name__)
def test_a_falsified_site_is_refused_by_our_audit_and_by_strangers(
    fraud: Callable[[Site], Site], reads: Reader, site: Site, request: pytest.FixtureRequest
) -> None:
    holds, words = reads(fraud(site))
    assert not holds, words
    if "habeas audit" in request.node.callspec.id:
        assert "This log does not hold" in words
        assert any(FRAUDS[fraud] in line for line in words.splitlines() if "DOES NOT HOLD" in line), words


def test_the_same_site_as_it_is_holds_for_all_of_them(reads: Reader, site: Site) -> None:
    holds, words = reads(site)
    assert holds, words
