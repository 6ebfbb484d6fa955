"""A log never forks, never loses an entry and never shows what is not durable and witnessed: at any crash.

The power fails at every step that lasts. What survives is looked at twice: as a crash of the process leaves
it (everything that was written), and as a power cut may leave it (only what was brought to the disk).
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from habeas.errors import Refused
from habeas.tlog import log as publishing
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.log import Log, Published
from habeas.tlog.note import Algorithm, Key, Note, Signature, Signer
from habeas.tlog.policy import Policy, opened
from habeas.tlog.storage import S3, CheckpointFile, Folder, Overtaken, Tiles, ignore, reader
from habeas.tlog.tiles import Tree, entries_path, tile_path
from habeas.tlog.tree import EMPTY_ROOT, Unproven, check_consistency, check_inclusion, leaf_hash, root_of

ORIGIN = "log.example.org/house"
SIGNER = Signer.from_seed(ORIGIN, b"\x01" * 32, Algorithm.ED25519)
ANOTHER = Signer.from_seed(ORIGIN, b"\x02" * 32, Algorithm.ED25519)
NOON = 1_793_000_000  # seconds; witnesses of the tests have a stopped clock


class Crash(Exception):
    """The power fails here."""


class CrashAt:
    """A `step` that lets so many steps pass and stops at the next; all pass where `after` is negative."""

    def __init__(self, after: int = -1) -> None:
        self.left = after
        self.names: list[str] = []
        self._one = threading.Lock()  # a bucket is written to by several threads

    def __call__(self, name: str) -> None:
        with self._one:
            if self.left == 0:
                raise Crash(name)
            self.left -= 1
            self.names.append(name)


class Watching:
    """A witness with a memory: it checks each proof and cosigns one line of trees only."""

    def __init__(self, name: str, seed: int) -> None:
        self.signer = Signer.from_seed(name, bytes([seed]) * 32, Algorithm.COSIGNATURE)
        self.last = Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT)
        self.asked = 0
        self.away = False

    @property
    def key(self) -> Key:
        return self.signer.key

    def cosign(self, checkpoint: bytes, prove: Callable[[int], tuple[bytes, ...]]) -> Signature:
        self.asked += 1
        if self.away:
            raise ConnectionRefusedError("nobody answers")
        note = Note.parse(checkpoint)
        assert note.verified([SIGNER.key])
        new = Checkpoint.parse(note.text)
        proof = prove(self.last.size)
        if self.last.size in (0, new.size):
            assert proof == ()
            assert new.size != self.last.size or new.root == self.last.root, "the log forked"
        else:
            check_consistency(proof, old=self.last.size, old_root=self.last.root, new=new.size, root=new.root)
        self.last = new
        return self.signer.sign(note.text, NOON)


def witnesses(count: int = 3) -> list[Watching]:
    return [Watching(f"witness.example.org/{number}", 10 + number) for number in range(count)]


def policy_of(watching: Sequence[Watching], quorum: int) -> Policy:
    return Policy.k_of_n(SIGNER.key, [(each.key, "") for each in watching], quorum)


def entries(start: int, count: int, tag: bytes = b"") -> list[bytes]:
    return [b"%d:%s" % (number, tag) + bytes(number % 90) for number in range(start, start + count)]


Where = Callable[[Path, Callable[[str], None]], Tiles]


def in_folder(place: Path, step: Callable[[str], None]) -> Tiles:
    return Folder(place / "public", step=step)


class House:
    """One log, its tiles in a folder or in a bucket; the newest checkpoint is always on the disk."""

    def __init__(self, place: Path, step: Callable[[str], None] = ignore, where: Where = in_folder) -> None:
        self.place = place
        self.tiles = where(place, step)
        self.newest = CheckpointFile(place / "apart" / "newest", step=step)
        self.log = Log(ORIGIN, SIGNER, self.tiles, self.newest, step=step)


def outside(place: Path, policy: Policy, expected: Sequence[bytes], where: Where = in_folder) -> int:
    """The size that an outsider sees after checking all of it; 0 where nothing is published."""
    tiles = where(place, ignore)
    data = tiles.read("checkpoint")
    if data is None:
        return 0
    seen = opened(data, policy)
    assert seen.quorum_met
    size = seen.checkpoint.size
    assert size <= len(expected)
    if size == 0:
        return 0
    tree = Tree(size, reader(tiles))
    leaves = [leaf_hash(entry) for entry in expected[:size]]
    assert tree.root() == seen.checkpoint.root == root_of(leaves)
    assert list(tree.entries(0, size)) == list(expected[:size])
    for index in {0, size // 2, size - 1}:
        check_inclusion(tree.inclusion(index), index=index, size=size, root=tree.root(), leaf=leaves[index])
    return size


# --- the ordinary way ---------------------------------------------------------------------------------------


def test_entries_are_signed_cosigned_and_published(tmp_path: Path) -> None:
    house, watching = House(tmp_path), witnesses()
    policy = policy_of(watching, 2)
    assert (house.log.size, house.log.checkpoint) == (0, None)
    data = house.log.extend(entries(0, 300), start=0)
    assert (house.log.size, house.log.checkpoint) == (300, data)
    assert house.tiles.read("checkpoint") is None  # nobody has witnessed it yet
    done = house.log.publish(watching, policy)
    assert done.quorum_met
    assert (done.size, done.missing) == (300, ())
    assert {each.key for each in done.cosigned} == {each.key for each in watching}
    assert house.tiles.read("checkpoint") == done.checkpoint
    assert Note.parse(done.checkpoint).text == Note.parse(data).text
    assert outside(tmp_path, policy, entries(0, 300)) == 300


def test_a_log_may_begin_with_the_checkpoint_of_the_empty_tree(tmp_path: Path) -> None:
    house, watching = House(tmp_path), witnesses()
    data = house.log.extend([], start=0)
    assert Checkpoint.parse(Note.parse(data).text) == Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT)
    assert house.log.extend([], start=0) == data
    assert house.log.publish(watching, policy_of(watching, 3)).quorum_met
    house.log.extend(entries(0, 3), start=0)
    assert house.log.publish(watching, policy_of(watching, 3)).size == 3


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 512, 600])
@pytest.mark.parametrize("more", [1, 255, 256, 257, 600])
def test_a_log_grows_over_the_borders_of_tiles(tmp_path: Path, size: int, more: int) -> None:
    house, watching = House(tmp_path), witnesses(1)
    policy = policy_of(watching, 1)
    house.log.extend(entries(0, size), start=0)
    house.log.publish(watching, policy)
    House(tmp_path).log.extend(entries(size, more), start=size)
    House(tmp_path).log.publish(watching, policy)
    assert outside(tmp_path, policy, entries(0, size + more)) == size + more
    # The tree of the former checkpoint is still served (tlog-tiles, "Partial Tiles").
    assert Tree(size, reader(house.tiles)).root() == root_of([leaf_hash(each) for each in entries(0, size)])


def test_the_log_serves_its_tree_where_partial_files_were_removed(tmp_path: Path) -> None:
    """tlog-tiles: a partial tile may go once the full one is there."""
    house = House(tmp_path)
    house.log.extend(entries(0, 200), start=0)
    before = CheckpointFile(tmp_path / "kept")
    before.swap(None, house.newest.current() or b"")
    house.log.extend(entries(200, 56), start=200)
    for path in (entries_path(0, 200), tile_path(0, 0, 200)):
        (tmp_path / "public" / path).unlink()
    # As a crash between tiles and swap leaves it: full files are there, the checkpoint is of 200.
    again = Log(ORIGIN, SIGNER, house.tiles, before)
    assert again.extend(entries(200, 56), start=200) == house.newest.current()


# --- what is refused ----------------------------------------------------------------------------------------


def test_the_same_entries_again_give_the_same_checkpoint(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.log.extend(entries(0, 700), start=0)
    data = house.log.extend(entries(700, 5), start=700)
    assert house.log.extend(entries(700, 5), start=700) == data
    assert house.log.extend(entries(0, 705), start=0) == data
    assert house.log.extend(entries(250, 10), start=250) == data
    assert house.log.size == 705


def test_the_same_entries_again_are_held_against_the_root(tmp_path: Path) -> None:
    """A tile in the middle is not read where the log grows; it is where entries are said to stand there."""
    house = House(tmp_path)
    house.log.extend(entries(0, 700), start=0)
    file = tmp_path / "public" / tile_path(0, 0)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Unproven):
        house.log.extend(entries(0, 1), start=0)
    file.write_bytes(whole)
    house.log.extend(entries(0, 1), start=0)


@pytest.mark.parametrize(
    ("start", "count", "tag"),
    [
        (301, 1, b""),  # a gap
        (10**9, 1, b""),
        (299, 1, b"another"),
        (0, 300, b"another"),
        (299, 2, b""),  # half there, half new
    ],
)
def test_a_gap_another_entry_and_half_a_batch_are_refused(
    tmp_path: Path, start: int, count: int, tag: bytes
) -> None:
    house = House(tmp_path)
    data = house.log.extend(entries(0, 300), start=0)
    with pytest.raises(Refused):
        house.log.extend(entries(start, count, tag), start=start)
    assert house.log.checkpoint == data
    house.log.extend(entries(300, 1), start=300)


def test_an_entry_that_fits_in_no_bundle_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    house = House(tmp_path)
    with pytest.raises(Refused) as refused:
        house.log.extend([b"", b"x" * 65_536], start=0)
    assert refused.value.place == "entries[1]"
    assert not tmp_path.joinpath("public").exists()
    house.log.extend([b"", b"x" * 65_535], start=0)


def test_other_entries_after_a_crash_are_refused_loudly(tmp_path: Path) -> None:
    step = CrashAt()
    step_of_swap = CrashAt()
    House(tmp_path / "whole", step_of_swap).log.extend(entries(0, 10), start=0)
    step.left = step_of_swap.names.index("swap")
    with pytest.raises(Crash):
        House(tmp_path / "log", step).log.extend(entries(0, 10), start=0)
    house = House(tmp_path / "log")
    with pytest.raises(Refused) as refused:
        house.log.extend(entries(0, 10, b"another"), start=0)
    assert "the entries that were given before" in refused.value.hint
    assert house.log.size == 0
    house.log.extend(entries(0, 10), start=0)


def test_a_key_of_another_name_or_kind_is_refused(tmp_path: Path) -> None:
    house = House(tmp_path)
    for signer in (
        Signer.from_seed("other.example.org", b"\x01" * 32, Algorithm.ED25519),
        Signer.from_seed(ORIGIN, b"\x01" * 32, Algorithm.COSIGNATURE),
    ):
        with pytest.raises(Refused):
            Log(ORIGIN, signer, house.tiles, house.newest)


def _right_edge(size: int) -> list[str]:
    return [tile_path(0, size // 256, size % 256), tile_path(1, 0, size // 256)]


@pytest.mark.parametrize("path", [*_right_edge(700), entries_path(2, 700 - 512)])
@pytest.mark.parametrize("how", ["changed", "cut", "gone"])
def test_nothing_is_signed_over_a_file_that_does_not_fit(tmp_path: Path, path: str, how: str) -> None:
    house, watching = House(tmp_path), witnesses(1)
    data = house.log.extend(entries(0, 700), start=0)
    file = tmp_path / "public" / path
    whole = file.read_bytes()
    match how:
        case "changed":
            file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        case "cut":
            file.write_bytes(whole[:-1])
        case _:
            file.unlink()
    with pytest.raises(Unproven):
        house.log.extend(entries(700, 10), start=700)
    if "entries" not in path:
        with pytest.raises(Unproven):
            house.log.publish(watching, policy_of(watching, 1))
    assert house.log.checkpoint == data
    assert watching[0].asked == 0 or "entries" in path
    file.write_bytes(whole)
    house.log.extend(entries(700, 10), start=700)


@pytest.mark.parametrize("what", ["signature", "key", "origin", "root", "nonsense"])
def test_nothing_is_built_on_a_newest_checkpoint_that_is_not_ours(tmp_path: Path, what: str) -> None:
    house = House(tmp_path)
    data = house.log.extend(entries(0, 3), start=0)
    real = Checkpoint.parse(Note.parse(data).text)
    false = {
        "signature": real,
        "key": real,
        "origin": Checkpoint(origin="other.example.org", size=3, root=real.root),
        "root": Checkpoint(origin=ORIGIN, size=3, root=bytes(32)),
        "nonsense": real,
    }[what]
    signer = ANOTHER if what == "key" else SIGNER
    encoded = Note(text=false.text, signatures=(signer.sign(false.text),)).encoded()
    if what == "signature":
        encoded = encoded[:-8] + (b"AAAAAA=\n" if encoded[-8:] != b"AAAAAA=\n" else b"BBBBBA=\n")
    house.newest.path.write_bytes(b"nonsense" if what == "nonsense" else encoded)
    with pytest.raises(Refused):
        house.log.extend(entries(3, 1), start=3)
    house.newest.path.write_bytes(data)
    house.log.extend(entries(3, 1), start=3)


def test_a_newest_checkpoint_older_than_the_published_one_signs_nothing(tmp_path: Path) -> None:
    """Restored from a copy of yesterday, or lost: today's tree was shown to the world already."""
    house, watching = House(tmp_path), witnesses(1)
    policy = policy_of(watching, 1)
    yesterday = house.log.extend(entries(0, 3), start=0)
    house.log.extend(entries(3, 3), start=3)
    house.log.publish(watching, policy)
    published = house.tiles.read("checkpoint")
    house.log.extend([], start=6)  # it has seen that all is well
    for restored in (yesterday, None):
        if restored is None:
            house.newest.path.unlink()
        else:
            house.newest.path.write_bytes(restored)
        for again in (house, House(tmp_path)):
            with pytest.raises(Unproven):
                again.log.extend(entries(3, 3, b"another"), start=3 if restored else 0)
        with pytest.raises(Refused):
            house.log.publish(watching, policy)
    assert house.tiles.read("checkpoint") == published


def test_a_published_checkpoint_of_another_tree_stops_the_log(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.log.extend(entries(0, 5), start=0)
    for size in (3, 5):
        false = Checkpoint(origin=ORIGIN, size=size, root=bytes(32)).text
        house.tiles.publish("checkpoint", Note(text=false, signatures=(SIGNER.sign(false),)).encoded())
        with pytest.raises(Unproven):
            house.log.extend(entries(5, 1), start=5)
    assert house.log.size == 5


# --- witnesses ----------------------------------------------------------------------------------------------


def test_below_the_quorum_nothing_new_is_published_and_each_failure_is_named(tmp_path: Path) -> None:
    house, watching = House(tmp_path), witnesses(3)
    policy = policy_of(watching, 2)
    house.log.extend(entries(0, 3), start=0)
    first = house.log.publish(watching, policy)
    house.log.extend(entries(3, 3), start=3)
    watching[0].away = watching[2].away = True
    done = house.log.publish(watching, policy)
    assert not done.quorum_met
    assert [(each.witness, each.why) for each in done.missing] == [
        (watching[0].key.name, "nobody answers"),
        (watching[2].key.name, "nobody answers"),
    ]
    assert house.tiles.read("checkpoint") == first.checkpoint
    assert outside(tmp_path, policy, entries(0, 6)) == 3
    watching[2].away = False
    assert house.log.publish(watching, policy).quorum_met
    assert outside(tmp_path, policy, entries(0, 6)) == 6


def test_a_tree_published_already_is_cosigned_only_by_those_still_missing(tmp_path: Path) -> None:
    house, watching = House(tmp_path), witnesses(3)
    policy = policy_of(watching, 2)
    house.log.extend(entries(0, 3), start=0)
    watching[1].away = True
    assert len(house.log.publish(watching, policy).cosigned) == 2
    watching[1].away = False
    done = House(tmp_path).log.publish(watching, policy)
    assert len(done.cosigned) == 3
    assert [each.asked for each in watching] == [1, 2, 1]
    assert House(tmp_path).log.publish(watching, policy) == done
    assert House(tmp_path).log.publish([], policy).cosigned == done.cosigned  # none is lost
    assert [each.asked for each in watching] == [1, 2, 1]


def test_a_cosignature_that_was_spoilt_where_it_is_published_is_asked_for_again(tmp_path: Path) -> None:
    house, watching = House(tmp_path), witnesses(2)
    policy = policy_of(watching, 2)
    house.log.extend(entries(0, 3), start=0)
    done = house.log.publish(watching, policy)
    note = Note.parse(done.checkpoint)
    spoilt = tuple(
        Signature(name=each.name, id=each.id, signature=each.signature[:-1] + bytes([each.signature[-1] ^ 1]))
        if each.name == watching[1].key.name
        else each
        for each in note.signatures
    )
    house.tiles.publish("checkpoint", Note(text=note.text, signatures=spoilt).encoded())
    assert house.log.publish(watching, policy).quorum_met
    assert [each.asked for each in watching] == [1, 2]
    assert outside(tmp_path, policy, entries(0, 3)) == 3


class Lying(Watching):
    """Signs something else, or as somebody else."""

    def __init__(self, how: str) -> None:
        super().__init__("witness.example.org/1", 11)
        self.how = how

    def cosign(self, checkpoint: bytes, prove: Callable[[int], tuple[bytes, ...]]) -> Signature:
        text = Note.parse(checkpoint).text
        match self.how:
            case "another text":
                return self.signer.sign(text.replace(ORIGIN, "other.example.org"), NOON)
            case "another key":
                return Watching("witness.example.org/1", 99).signer.sign(text, NOON)
            case "the log's own":
                return SIGNER.sign(text)
            case _:
                raise Refused("this witness does not know the log")


@pytest.mark.parametrize("how", ["another text", "another key", "the log's own", "refused"])
def test_a_cosignature_that_does_not_hold_is_none_and_spoils_nothing(tmp_path: Path, how: str) -> None:
    house = House(tmp_path)
    watching = [Watching("witness.example.org/0", 10), Lying(how), Watching("witness.example.org/2", 12)]
    house.log.extend(entries(0, 3), start=0)
    done = house.log.publish(watching, policy_of(watching, 2))
    assert done.quorum_met
    assert [each.witness for each in done.missing] == ["witness.example.org/1"]
    assert all(each.why for each in done.missing)
    assert not house.log.publish(watching, policy_of(watching, 3)).quorum_met


def test_a_witness_that_has_seen_more_than_there_is_gets_no_proof(tmp_path: Path) -> None:
    house, watching = House(tmp_path), witnesses(1)
    house.log.extend(entries(0, 3), start=0)
    watching[0].last = Checkpoint(origin=ORIGIN, size=4, root=bytes(32))
    done = house.log.publish(watching, policy_of(watching, 1))
    assert not done.quorum_met
    assert "has seen 4 entries" in done.missing[0].why


def test_a_policy_that_does_not_know_the_log_publishes_nothing(tmp_path: Path) -> None:
    house, watching = House(tmp_path), witnesses(1)
    house.log.extend(entries(0, 3), start=0)
    stranger = Policy.k_of_n(ANOTHER.key, [(watching[0].key, "")], 1)
    with pytest.raises(Unproven):
        house.log.publish(watching, stranger)
    assert watching[0].asked == 0
    assert house.tiles.read("checkpoint") is None


def test_a_log_without_a_checkpoint_has_nothing_to_publish(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        House(tmp_path).log.publish([], policy_of(witnesses(1), 1))


# --- the power fails ----------------------------------------------------------------------------------------


class Disk:
    """What a power cut would leave of a folder: names and bytes that were brought to the disk, and no more.

    It listens to the real fsync: of a file, its bytes last from then on; of a folder, its names do, as they
    are then. The calls go through.
    """

    def __init__(self, top: Path, patch: pytest.MonkeyPatch) -> None:
        self.top = str(top)
        self.files: dict[tuple[str, int], bytes] = {}  # (path when it was brought, inode): bytes
        self.bytes: dict[int, bytes] = {}
        self.names: dict[
            str, dict[str, bytes | None]
        ] = {}  # a folder's names; a file's bytes, None of a folder
        real = os.fsync

        def fsync(handle: int) -> None:
            real(handle)
            path = os.readlink(f"/proc/self/fd/{handle}")
            if path.startswith(self.top):
                self._brought(path, handle)

        patch.setattr(os, "fsync", fsync)

    def _brought(self, path: str, handle: int) -> None:
        if not os.path.isdir(path):
            self.bytes[os.fstat(handle).st_ino] = Path(path).read_bytes()
            return
        found: dict[str, bytes | None] = {}
        for each in os.scandir(path):
            if each.name == ".half" or each.name.endswith((".half", ".lock")):
                continue
            # A name without bytes of its own on the disk may lead to an empty file after the cut.
            found[each.name] = None if each.is_dir() else self.bytes.get(each.inode(), b"")
        self.names[path] = found

    def cut(self, to: Path) -> None:
        self._cut(self.top, to)

    def _cut(self, folder: str, to: Path) -> None:
        to.mkdir(parents=True)
        for name, data in self.names.get(folder, {}).items():
            if data is None:
                self._cut(f"{folder}/{name}", to / name)
            else:
                (to / name).write_bytes(data)


# Sizes before, and of the batch in which the power fails: within a tile, up to its border, over it, over two.
BATCHES = [(0, 1), (0, 256), (0, 257), (3, 5), (200, 56), (255, 2), (256, 256), (300, 600)]


def _committed(place: Path) -> dict[int, bytes]:
    data = CheckpointFile(place / "apart" / "newest").current()
    return {} if data is None else {Checkpoint.parse(Note.parse(data).text).size: data}


def _grown(
    place: Path,
    step: Callable[[str], None],
    size: int,
    more: int,
    watching: Sequence[Watching],
    where: Where = in_folder,
) -> None:
    house = House(place, step, where)
    house.log.extend(entries(size, more), start=size)
    house.log.publish(watching, policy_of(watching, 2))


@pytest.mark.parametrize(("size", "more"), BATCHES)
@pytest.mark.parametrize("cut", [False, True], ids=["process", "power"])
def test_whatever_step_fails_the_same_calls_complete_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, more: int, cut: bool
) -> None:
    failed = _failed_and_completed(tmp_path, monkeypatch, size, more, cut, in_folder)
    kinds = {name.split()[0] for name in failed}
    assert {"tiles", "write", "fsync", "rename", "swap", "cosign", "publish"} <= kinds
    assert len(failed) > 20


@pytest.mark.parametrize(("size", "more"), [(0, 1), (3, 5), (255, 2)])
@pytest.mark.parametrize("cut", [False, True], ids=["process", "power"])
def test_whatever_step_fails_the_same_calls_complete_it_in_a_bucket(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bucket: Callable[..., S3],
    size: int,
    more: int,
    cut: bool,
) -> None:
    """A power cut takes nothing from the bucket: only from the newest checkpoint on our own disk."""

    def in_bucket(place: Path, step: Callable[[str], None]) -> Tiles:
        return bucket(prefix=place.name.split()[0], step=step)

    failed = _failed_and_completed(tmp_path, monkeypatch, size, more, cut, in_bucket)
    kinds = {name.split()[0] for name in failed}
    assert {"tiles", "put", "write", "fsync", "rename", "swap", "cosign", "publish"} <= kinds
    assert "put checkpoint" in failed
    assert len(failed) > 10


def _failed_and_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, more: int, cut: bool, where: Where
) -> list[str]:
    """Fails at every step, one after the other, and completes what was left; the steps at which it failed."""
    whole = CrashAt()
    _grown(tmp_path / "whole", whole, 0, size + more, witnesses(), where)
    expected = entries(0, size + more)
    after = 0
    failed: list[str] = []
    while True:
        place = tmp_path / str(after)
        disk = Disk(place, monkeypatch)
        place.mkdir()
        watching = witnesses()
        policy = policy_of(watching, 2)
        if size:
            _grown(place, ignore, 0, size, watching, where)
        disk.names.setdefault(str(place), {"public": None, "apart": None})
        step = CrashAt(after)
        try:
            _grown(place, step, size, more, watching, where)
        except Crash as crash:
            failed.append(str(crash))
        else:
            break
        if cut:
            place = tmp_path / f"{after} after the cut"
            disk.cut(place)
        before = _committed(place)
        shown = outside(place, policy, expected, where)
        assert shown in (size, size + more)
        assert all(each.last.size in (0, size, size + more) for each in watching)
        assert max(before, default=0) >= max([shown, *(each.last.size for each in watching)])
        # Again, and the power fails again a little later.
        with contextlib.suppress(Crash):
            _grown(place, CrashAt(after // 2), size, more, watching, where)
        middle = _committed(place)
        _grown(place, ignore, size, more, watching, where)
        final = _committed(place)
        for known in (before, middle):
            assert all(final.get(each, data) == data for each, data in known.items())
        assert list(final) == [size + more]
        assert outside(place, policy, expected, where) == size + more
        assert House(place, where=where).log.size == size + more
        assert all(each.last.size == size + more for each in watching)
        if not cut:  # what the first run wrote and the second found there lasts as well
            disk.cut(tmp_path / f"{after} later")
            assert outside(tmp_path / f"{after} later", policy, expected, where) == size + more
        after += 1
        monkeypatch.undo()
    return failed


def test_a_level_of_tiles_that_begins_is_recovered_too(tmp_path: Path) -> None:
    """Over entry 65,536 the first tile of the second level is full, and the third level begins."""
    size, more = 65_530, 10
    watching = witnesses(1)
    policy = policy_of(watching, 1)
    house = House(tmp_path / "start")
    house.log.extend(entries(0, size), start=0)
    house.log.publish(watching, policy)
    seen = watching[0].last
    whole = CrashAt()
    shutil.copytree(tmp_path / "start", tmp_path / "whole")
    House(tmp_path / "whole", whole).log.extend(entries(size, more), start=size)
    steps = range(len(whole.names))
    assert any("tile/2/000.p/1" in name for name in whole.names)
    place = tmp_path / "start"
    for after in steps:
        with contextlib.suppress(Crash):
            House(place, CrashAt(after)).log.extend(entries(size, more), start=size)
        assert House(place).log.size in (size, size + more)
    watching[0].last = seen
    House(place).log.extend(entries(size, more), start=size)
    assert House(place).log.publish(watching, policy).quorum_met
    assert outside(place, policy, entries(0, size + more)) == size + more


@pytest.mark.parametrize("share", [0.1, 0.4, 0.6, 0.8, 0.95])
def test_a_killed_process_is_continued_by_the_next(tmp_path: Path, share: float) -> None:
    whole = CrashAt()
    House(tmp_path / "whole", whole).log.extend(entries(0, 600), start=0)
    after = int(len(whole.names) * share)
    killed = _process("killed", tmp_path / "log", after)
    assert killed.wait() == -signal.SIGKILL
    watching = witnesses(2)
    _grown(tmp_path / "log", ignore, 0, 600, watching)
    assert outside(tmp_path / "log", policy_of(watching, 2), entries(0, 600)) == 600


# --- two at once --------------------------------------------------------------------------------------------

_PROGRAM = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = [{source!r}, {tests!r}]
import test_log as t
what, place, argument = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
if what == "killed":
    left = [argument]
    def step(name):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
    t.House(place, step).log.extend(t.entries(0, 600), start=0)
else:
    sys.stdin.readline()
    for line in t.struggle(place, b"%d" % argument, 12):
        print(line, flush=True)
"""


def _process(what: str, place: Path, argument: int, **more: Any) -> subprocess.Popen[str]:
    source = Path(publishing.__file__).parents[2]
    program = _PROGRAM.format(source=str(source), tests=str(Path(__file__).parent))
    return subprocess.Popen(
        [sys.executable, "-c", program, what, str(place), str(argument)], text=True, **more
    )


def struggle(place: Path, own: bytes, rounds: int) -> Iterator[str]:
    """Appends again and again what no other does; gives where it succeeded."""
    chance = random.Random(own)
    done = 0
    while done < rounds:
        house = House(place)
        try:
            start = house.log.size
            count = chance.choice((1, 2, 100, 256))
            house.log.extend([b"%s by %s" % (entry, own) for entry in entries(start, count)], start=start)
        except Overtaken:
            continue
        except Refused as refused:  # it was read before another's swap, and stands there now
            if "another one" not in refused.sentence and "in the log already" not in refused.sentence:
                raise
            continue
        done += 1
        yield f"{start} {count} {own.decode()}"


def _check_struggle(place: Path, told: Sequence[str]) -> None:
    """Every success stands in the log, once, and nothing else does."""
    expected: list[bytes] = []
    for start, count, own in sorted((int(a), int(b), c) for a, b, c in (line.split() for line in told)):
        assert start == len(expected), "two succeeded at one place, or a gap"
        expected += [b"%s by %s" % (entry, own.encode()) for entry in entries(start, count)]
    watching = witnesses(1)
    house = House(place)
    assert house.log.size == len(expected)
    assert house.log.publish(watching, policy_of(watching, 1)).quorum_met
    assert outside(place, policy_of(watching, 1), expected) == len(expected)


def test_processes_that_struggle_for_a_log_never_fork_it(tmp_path: Path) -> None:
    running = [
        _process("struggle", tmp_path, number, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for number in range(3)
    ]
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = []
    for each in running:
        out, _ = each.communicate(timeout=120)
        assert each.returncode == 0
        told += out.splitlines()
    assert len(told) == 36
    _check_struggle(tmp_path, told)


def test_threads_that_struggle_for_a_log_never_fork_it(tmp_path: Path) -> None:
    told: list[str] = []
    gate = threading.Barrier(4)

    def work(own: bytes) -> None:
        gate.wait()
        told.extend(struggle(tmp_path, own, 8))

    threads = [threading.Thread(target=work, args=(b"%d" % number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 32
    _check_struggle(tmp_path, told)


@pytest.mark.parametrize("own", [b"", b"another"])
def test_whoever_starts_while_another_publisher_is_at_work_is_overtaken(tmp_path: Path, own: bytes) -> None:
    told: list[str] = []
    watching = witnesses(1)
    House(tmp_path).log.extend(entries(0, 3), start=0)

    def meanwhile(name: str) -> None:
        other = House(tmp_path)
        for verb in (
            lambda: other.log.extend(entries(3, 3, own), start=3),
            lambda: other.log.publish(watching, policy_of(watching, 1)),
        ):
            with pytest.raises(Overtaken):
                verb()
        told.append(name)

    house = House(tmp_path, meanwhile)
    house.log.extend(entries(3, 3), start=3)
    house.log.publish(watching, policy_of(watching, 1))
    assert {"tiles", "swap", "publish"} <= set(told)
    assert watching[0].asked == 1
    assert outside(tmp_path, policy_of(watching, 1), entries(0, 6)) == 6


class Unleased(CheckpointFile):
    """As on two machines that share the newest checkpoint, but no lock."""

    def lease(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


@pytest.mark.parametrize("moment", ["tiles", "swap"])
@pytest.mark.parametrize("more", [3, 400])
def test_without_a_lease_the_swap_alone_lets_one_win(tmp_path: Path, moment: str, more: int) -> None:
    newest = Unleased(tmp_path / "apart" / "newest")
    tiles = Folder(tmp_path / "public")
    Log(ORIGIN, SIGNER, tiles, newest).extend(entries(0, 3), start=0)

    def meanwhile(name: str) -> None:
        if name == moment:
            Log(ORIGIN, SIGNER, tiles, newest).extend(entries(3, more), start=3)

    with pytest.raises(Overtaken):
        Log(ORIGIN, SIGNER, tiles, newest, step=meanwhile).extend(entries(3, 2), start=3)
    watching = witnesses(1)
    assert Log(ORIGIN, SIGNER, tiles, newest).publish(watching, policy_of(watching, 1)).quorum_met
    assert outside(tmp_path, policy_of(watching, 1), entries(0, 3 + more)) == 3 + more


# --- any order of anything ----------------------------------------------------------------------------------


class AnyOrder(RuleBasedStateMachine):
    """Entries arrive, are appended, published; witnesses come and go; now and then the power fails."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.watching = witnesses()
        self.policy = policy_of(self.watching, 2)
        self.arrived: list[bytes] = []
        self.batch: tuple[int, int] | None = None  # start and end of what was begun and has not returned
        self.of_size: dict[int, bytes] = {}
        self.shown = 0
        self.published: Published | None = None

    def teardown(self) -> None:
        shutil.rmtree(self.place)

    def _log(self, after: int | None) -> Log:
        return House(self.place, CrashAt(-1 if after is None else after)).log

    @initialize(count=st.sampled_from((0, 1, 250, 256, 500)))
    def begins(self, count: int) -> None:
        self.arrived = entries(0, count)
        self._log(None).extend(self.arrived, start=0)

    @rule(count=st.sampled_from((1, 2, 5, 6, 100, 255, 256, 257)))
    def arrive(self, count: int) -> None:
        self.arrived += entries(len(self.arrived), count)

    @rule(after=st.one_of(st.none(), st.integers(0, 40)))
    def extend(self, after: int | None) -> None:
        log = self._log(after)
        start, end = self.batch or (House(self.place).log.size, len(self.arrived))
        self.batch = (start, end)
        try:
            log.extend(self.arrived[start:end], start=start)
        except Crash:
            return
        self.batch = None
        assert House(self.place).log.size == end

    @rule(after=st.one_of(st.none(), st.integers(0, 8)))
    def publish(self, after: int | None) -> None:
        before = (self.place / "public" / "checkpoint").exists()
        try:
            done = self._log(after).publish(self.watching, self.policy)
        except Crash:
            return
        assert done.quorum_met == (len(done.cosigned) >= 2)
        assert before or done.quorum_met == (self.place / "public" / "checkpoint").exists()

    @rule(which=st.integers(0, 2))
    def come_or_go(self, which: int) -> None:
        self.watching[which].away = not self.watching[which].away

    @precondition(lambda self: self.batch is None)
    @rule()
    def a_stranger_appends_in_vain(self) -> None:
        size = House(self.place).log.size
        if size:
            with pytest.raises(Refused):
                self._log(None).extend([b"another"], start=size - 1)

    @invariant()
    def holds(self) -> None:
        for size, data in _committed(self.place).items():
            assert self.of_size.setdefault(size, data) == data
            assert size >= max(each.last.size for each in self.watching)
            assert root_of([leaf_hash(each) for each in self.arrived[:size]]) == (
                Checkpoint.parse(Note.parse(data).text).root
            )
        shown = outside(self.place, self.policy, self.arrived)
        assert shown >= self.shown
        self.shown = shown


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
