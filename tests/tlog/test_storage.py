"""Files of a log are whole or not there, never change and stay in their folder; one checkpoint is newest."""

from __future__ import annotations

import builtins
import errno
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.tlog import storage
from habeas.tlog.storage import S3, CheckpointFile, Folder, Overtaken, Tiles, reader
from habeas.tlog.tree import Unproven

ESCAPES = (
    "",
    "/",
    "/etc/passwd",
    "..",
    "../secret",
    "tile/../../secret",
    "tile//0",
    "tile/./0",
    "tile/0/",
    "tile\\0",
    "tile/0\n",
    "tile/\0",
    ".half/0-0",
    "tile/.hidden",
    "~root",
    "tile/ä",
)


class Crash(Exception):
    """The power fails here."""


class CrashAt:
    """A `step` that lets so many steps pass and stops at the next."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.names: list[str] = []

    def __call__(self, name: str) -> None:
        if self.left == 0:
            raise Crash(name)
        self.left -= 1
        self.names.append(name)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file by its path, without those that are being written."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".half" not in path.parts
    }


# --- a folder -----------------------------------------------------------------------------------------------


def test_what_was_written_is_read_and_nothing_else_is_there(tmp_path: Path) -> None:
    files = {"tile/0/000": b"a" * 8192, "tile/0/001.p/7": b"b" * 224, "tile/entries/x001/234": b""}
    folder = Folder(tmp_path / "log")
    assert folder.read("tile/0/000") is None
    folder.write(files)
    assert {path: folder.read(path) for path in files} == files
    assert files_of(tmp_path / "log") == files
    assert folder.read("tile/0") is None  # a folder is no file
    assert folder.read("tile/0/000/1") is None
    with pytest.raises(Unproven) as refused:
        reader(folder)("tile/0/002")
    assert refused.value.place == "tile/0/002"
    assert reader(folder)("tile/0/000") == files["tile/0/000"]


def test_the_same_bytes_again_are_fine_and_other_bytes_are_refused_whole(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write({"tile/0/000": b"one"})
    folder.write({"tile/0/000": b"one", "tile/0/001": b"two"})
    with pytest.raises(Refused) as refused:
        folder.write({"tile/0/002": b"three", "tile/0/000": b"other"})
    assert refused.value.place == "tile/0/000"
    assert files_of(tmp_path) == {"tile/0/000": b"one", "tile/0/001": b"two"}


def test_a_partial_tile_is_kept_beside_the_full_one(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write({"tile/0/000.p/3": b"abc"})
    folder.write({"tile/0/000": b"abcdef"})
    assert folder.read("tile/0/000.p/3") == b"abc"


@pytest.mark.parametrize("path", ESCAPES)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    folder = Folder(tmp_path / "log")
    for verb in (
        lambda: folder.read(path),
        lambda: folder.write({path: b"x"}),
        lambda: folder.publish(path, b"x"),
    ):
        with pytest.raises(Refused):
            verb()
    assert not list(tmp_path.iterdir())


@given(path=st.text(max_size=40))
def test_a_path_of_any_letters_stays_below_or_is_refused(path: str) -> None:
    try:
        checked = storage._checked(path)
    except Refused:
        return
    assert os.path.normpath(os.path.join("/log", checked)) == f"/log/{path}"
    assert not any(part.startswith(".") for part in path.split("/"))


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "0").mkdir(parents=True)
    (outside / "0" / "000").write_bytes(b"secret")
    log = tmp_path / "log"
    (log / "tile" / "1").mkdir(parents=True)
    (log / "tile" / "0").symlink_to(outside / "0")
    (log / "tile" / "1" / "000").symlink_to(outside / "0" / "000")
    (log / "tile" / "2").symlink_to(outside / "nowhere")
    for path in ("tile/0/000", "tile/1/000", "tile/0/001", "tile/2/000"):
        with pytest.raises(Refused):
            Folder(log).read(path)
        with pytest.raises(Refused):
            Folder(log).write({path: b"x"})
    assert files_of(outside) == {"0/000": b"secret"}


def test_the_log_itself_may_stand_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "log").symlink_to(tmp_path / "disk")
    Folder(tmp_path / "log").write({"tile/0/000": b"x"})
    assert files_of(tmp_path / "disk") == {"tile/0/000": b"x"}


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_everybody_may_read_the_files_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        folder = Folder(tmp_path / "log")
        folder.write({"tile/0/x001/234": b"x"})
        folder.publish("checkpoint", b"y")
    finally:
        os.umask(before)
    modes = {
        path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")
    }
    assert modes.pop("log/.half") == 0o700
    assert {path: f"{mode:o}" for path, mode in modes.items()} == {
        "log": "755",
        "log/tile": "755",
        "log/tile/0": "755",
        "log/tile/0/x001": "755",
        "log/tile/0/x001/234": "644",
        "log/checkpoint": "644",
    }


def test_only_what_is_mutable_is_replaced(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.publish("checkpoint", b"1")
    folder.publish("checkpoint", b"22")
    assert folder.read("checkpoint") == b"22"
    with pytest.raises(Refused):
        folder.publish("tile/0/000", b"x")


@pytest.mark.parametrize("count", [1, 3, 20, 300])
def test_after_a_crash_at_any_step_each_file_is_whole_or_missing_and_the_same_call_completes_it(
    tmp_path: Path, count: int
) -> None:
    files = {
        f"tile/0/x{number // 100:03}/{number % 100:03}": bytes([number % 251]) * 50 for number in range(count)
    }
    whole = CrashAt(-1)
    Folder(tmp_path / "whole", step=whole).write(files)
    steps = len(whole.names)
    assert steps > 3 * count
    for after in range(0, steps, max(1, steps // 40)):
        place = tmp_path / str(after)
        with pytest.raises(Crash):
            Folder(place, step=CrashAt(after)).write(files)
        assert files_of(place).items() <= files.items() if place.exists() else True
        Folder(place).write(files)
        assert files_of(place) == files
        assert not list((place / ".half").iterdir())


def test_a_crash_while_publishing_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    after = 0
    while True:
        folder = Folder(tmp_path / str(after))
        folder.publish("checkpoint", b"old")
        try:
            Folder(tmp_path / str(after), step=CrashAt(after)).publish("checkpoint", b"the new one")
        except Crash:
            assert folder.read("checkpoint") in (b"old", b"the new one")
            folder.publish("checkpoint", b"the new one")
            after += 1
            continue
        break
    assert after >= 4


def test_every_file_reaches_the_disk_before_its_name_and_every_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[tuple[str, str]] = []
    fsync, rename = os.fsync, os.rename

    def spied_fsync(handle: int) -> None:
        events.append(("fsync", os.readlink(f"/proc/self/fd/{handle}")))
        fsync(handle)

    def spied_rename(old: Any, new: Any) -> None:
        events.append(("rename", os.fspath(old)))
        events.append(("renamed", os.fspath(new)))
        rename(old, new)

    monkeypatch.setattr(os, "fsync", spied_fsync)
    monkeypatch.setattr(os, "rename", spied_rename)
    log = tmp_path / "log"
    Folder(log).write({f"tile/{level}/000.p/{width}": b"x" for level in range(2) for width in range(1, 9)})
    for place, (what, path) in enumerate(events):
        if what == "rename":
            assert ("fsync", path) in events[:place]
        if what == "renamed":
            folder = Path(path).parent
            while folder != tmp_path:
                assert ("fsync", str(folder)) in events[place:] or folder != Path(path).parent
                assert ("fsync", str(folder.parent)) in events
                folder = folder.parent
    assert sum(what == "renamed" for what, _ in events) == 16


def test_a_full_disk_is_said_in_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Refused) as refused:
            Folder(tmp_path).write({"tile/0/000": b"x"})
    assert "no room" in refused.value.sentence
    assert files_of(tmp_path) == {}
    Folder(tmp_path).write({"tile/0/000": b"x"})


def test_two_writers_at_once_never_mix_their_bytes(tmp_path: Path) -> None:
    paths = [f"tile/0/{number:03}" for number in range(30)]
    told: list[str] = []
    gate = threading.Barrier(4)

    def write(own: bytes) -> None:
        gate.wait()
        try:
            Folder(tmp_path).write(dict.fromkeys(paths, own))
            told.append("written")
        except Refused:
            told.append("refused")

    threads = [threading.Thread(target=write, args=(bytes([65 + each]) * 4000,)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused"] * 3 + ["written"]
    assert len(set(files_of(tmp_path).values())) == 1


def test_a_forked_process_writes_as_well(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write({"tile/0/000": b"x", "tile/1/000": b"y"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that threads do not survive is what is tested
        child = os.fork()
    if child == 0:
        try:
            signal.alarm(20)
            folder.write({"tile/0/001": b"x", "tile/1/001": b"y"})
        finally:
            os._exit(0 if folder.read("tile/1/001") == b"y" else 1)
    assert os.waitpid(child, 0)[1] == 0
    folder.write({"tile/0/001": b"x", "tile/1/001": b"y"})


# --- the newest checkpoint ----------------------------------------------------------------------------------


def test_a_checkpoint_is_swapped_only_for_the_one_that_was_seen(tmp_path: Path) -> None:
    newest = CheckpointFile(tmp_path / "apart" / "newest")
    assert newest.current() is None
    newest.swap(None, b"1")
    assert newest.current() == CheckpointFile(newest.path).current() == b"1"
    for stale in (None, b"0"):
        with pytest.raises(Overtaken):
            newest.swap(stale, b"2")
    assert newest.current() == b"1"
    newest.swap(b"1", b"2")
    assert newest.current() == b"2"


def test_a_crash_at_any_step_of_a_swap_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    after = 0
    while True:
        path = tmp_path / str(after) / "newest"
        CheckpointFile(path).swap(None, b"old")
        try:
            CheckpointFile(path, step=CrashAt(after)).swap(b"old", b"new")
        except Crash:
            found = CheckpointFile(path).current()
            assert found in (b"old", b"new")
            CheckpointFile(path).swap(found, b"newer")
            after += 1
            continue
        break
    assert after >= 5


def test_of_many_who_swap_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "newest"
    CheckpointFile(path).swap(None, b"start")
    for number in range(10):
        before = CheckpointFile(path).current()
        won: list[bytes] = []
        gate = threading.Barrier(6)

        def swap(
            own: bytes, before: bytes | None = before, won: list[bytes] = won, gate: threading.Barrier = gate
        ) -> None:
            gate.wait()
            try:
                CheckpointFile(path).swap(before, own)
            except Overtaken:
                return
            won.append(own)

        threads = [threading.Thread(target=swap, args=(b"%d by %d" % (number, who),)) for who in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert won == [CheckpointFile(path).current()]


def test_a_lease_is_held_by_one_and_given_back_by_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "newest"
    with CheckpointFile(path).lease():
        with pytest.raises(Overtaken), CheckpointFile(path).lease():
            pass
        CheckpointFile(path).swap(None, b"the holder itself may swap")
    with pytest.raises(Crash), CheckpointFile(path).lease():
        raise Crash
    holding = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from habeas.tlog.storage import CheckpointFile\n"
            "with CheckpointFile(Path(sys.argv[1])).lease():\n    print('held', flush=True); time.sleep(60)",
            str(path),
        ],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(storage.__file__).parents[2])},
    )
    assert holding.stdout is not None
    assert holding.stdout.readline() == b"held\n"
    with pytest.raises(Overtaken), CheckpointFile(path).lease():
        pass
    holding.kill()
    holding.wait()
    holding.stdout.close()
    with CheckpointFile(path).lease():
        pass


# --- a bucket -----------------------------------------------------------------------------------------------


def test_a_bucket_keeps_the_same_promises(bucket: Callable[..., S3]) -> None:
    tiles: Tiles = bucket(prefix="a/log")
    assert tiles.read("tile/0/000") is None
    files = {f"tile/0/{number:03}": bytes([number]) * 8192 for number in range(40)}
    tiles.write(files)
    tiles.write(files)
    assert {path: bucket(prefix="a/log").read(path) for path in files} == files
    with pytest.raises(Refused) as refused:
        tiles.write({"tile/0/007": b"other"})
    assert refused.value.place == "tile/0/007"
    assert tiles.read("tile/0/007") == files["tile/0/007"]
    tiles.publish("checkpoint", b"1")
    tiles.publish("checkpoint", b"2")
    assert tiles.read("checkpoint") == b"2"
    assert bucket().read("a/log/checkpoint") == b"2"
    assert bucket(prefix="b").read("checkpoint") is None


def test_a_bucket_keeps_with_each_file_how_it_is_to_be_served(bucket: Callable[..., S3]) -> None:
    tiles = bucket()
    tiles.write({"tile/0/000": b"x"})
    tiles.publish("checkpoint", b"y")
    told = {
        path: dict(tiles._obstore.get(tiles._store, path).attributes) for path in ("tile/0/000", "checkpoint")
    }
    assert told["checkpoint"]["Content-Type"] == "text/plain; charset=utf-8"
    assert told["checkpoint"]["Cache-Control"] == "no-cache"
    assert told["tile/0/000"]["Content-Type"] == "application/octet-stream"
    assert "immutable" in told["tile/0/000"]["Cache-Control"]


def test_of_many_who_write_one_file_of_a_bucket_at_once_one_wins(bucket: Callable[..., S3]) -> None:
    told: list[bytes | str] = []
    gate = threading.Barrier(5)

    def write(own: bytes) -> None:
        tiles = bucket()
        gate.wait()
        try:
            tiles.write({"tile/0/000": own})
            told.append(own)
        except Refused:
            told.append("refused")

    threads = [threading.Thread(target=write, args=(b"%d" % each,)) for each in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("refused") == 4
    assert bucket().read("tile/0/000") in told


@pytest.mark.parametrize("where", ["folder", "bucket"])
def test_a_file_is_swapped_only_for_the_one_that_stands_there(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tiles: Tiles = Folder(tmp_path) if where == "folder" else request.getfixturevalue("bucket")()
    for before in (b"", b"1"):
        with pytest.raises(Overtaken):
            tiles.swap({"checkpoint": (before, b"2")})
    assert tiles.read("checkpoint") is None
    tiles.swap({"checkpoint": (None, b"1")})
    for before in (None, b"", b"2"):
        with pytest.raises(Overtaken) as refused:
            tiles.swap({"checkpoint": (before, b"2")})
        assert refused.value.place == "checkpoint"
    assert tiles.read("checkpoint") == b"1"
    tiles.swap({"checkpoint": (b"1", b"2")})
    tiles.swap({"checkpoint": (b"2", b"2")})
    assert tiles.read("checkpoint") == b"2"
    with pytest.raises(Refused, match="never replaced"):
        tiles.swap({"tile/0/000": (None, b"x")})


@pytest.mark.parametrize("where", ["folder", "bucket"])
def test_files_are_swapped_together_and_one_that_changed_is_left(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tiles: Tiles = Folder(tmp_path) if where == "folder" else request.getfixturevalue("bucket")()
    tiles.swap({})
    tiles.swap({"en/index.html": (None, b"1"), "index.html": (None, b"1")})
    tiles.swap({"en/index.html": (b"1", b"2"), "index.html": (b"1", b"2"), "fr/index.html": (None, b"2")})
    assert [tiles.read(f"{each}index.html") for each in ("", "en/", "fr/")] == [b"2"] * 3
    with pytest.raises(Overtaken) as refused:
        tiles.swap({"fr/index.html": (b"1", b"3"), "index.html": (b"2", b"3")})
    assert refused.value.place == "fr/index.html"
    with pytest.raises(Refused, match="never replaced"):
        tiles.swap({"index.html": (b"2", b"3"), "tile/0/000": (None, b"x")})
    assert [tiles.read(f"{each}index.html") for each in ("", "en/", "fr/")] == [b"2"] * 3


@pytest.mark.parametrize("before", [None, b"1"])
def test_whoever_puts_between_the_look_and_the_swap_wins(
    bucket: Callable[..., S3], before: bytes | None
) -> None:
    quicker = bucket()
    if before is not None:
        quicker.publish("checkpoint", before)
    slower = bucket(step=lambda name: quicker.publish("checkpoint", b"newer"))
    with pytest.raises(Overtaken):
        slower.swap({"checkpoint": (before, b"older")})
    assert quicker.read("checkpoint") == b"newer"


def test_a_swap_whose_answer_was_lost_and_that_was_sent_twice_is_done(bucket: Callable[..., S3]) -> None:
    quicker = bucket()
    quicker.publish("checkpoint", b"1")
    bucket(step=lambda name: quicker.publish("checkpoint", b"2")).swap({"checkpoint": (b"1", b"2")})
    assert quicker.read("checkpoint") == b"2"


@pytest.mark.parametrize("path", ESCAPES)
def test_no_path_leads_out_of_a_prefix(bucket: Callable[..., S3], path: str) -> None:
    tiles = bucket(prefix="log")
    for verb in (
        lambda: tiles.read(path),
        lambda: tiles.write({path: b"x"}),
        lambda: tiles.publish(path, b"x"),
        lambda: tiles.swap({path: (None, b"x")}),
    ):
        with pytest.raises(Refused):
            verb()


def test_a_bucket_that_is_not_there_is_said(s3_server: str) -> None:
    tiles = S3("nowhere", endpoint=s3_server, region="us-east-1", key="example", secret="example")
    with pytest.raises(Refused) as refused:
        tiles.write({"tile/0/000": b"x"})
    assert refused.value.place == "nowhere: tile/0/000"


def test_a_bucket_without_the_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def absent(name: str, *more: Any) -> Any:
        if name.startswith("obstore"):
            raise ImportError(name)
        return imported(name, *more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(Refused) as refused:
        S3("log")
    assert "habeas[s3]" in refused.value.hint


def test_a_bucket_over_a_network_is_spoken_to_over_https_only() -> None:
    with pytest.raises(Refused, match="over https only"):
        S3.at("s3://a-bucket/log?endpoint=http://s3.example.org&region=x")
    for endpoint in ("https://s3.example.org", "http://127.0.0.1:9000"):
        assert S3.at(f"s3://a-bucket/log?endpoint={endpoint}&region=x")
