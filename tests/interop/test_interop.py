"""What strangers' programs say of our log, and what ours say: the same, whatever is wrong.

Three readers look at each site: ours, one in Go with golang.org/x/mod, one in Python with aics-tlog. Two
witnesses are asked by two clients: ours, and those of aics-witness. Where their packages are not installed
the reader is skipped and says which. Theirs also read a million entries.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from habeas.errors import Refused
from habeas.gateways.witnesses import HttpWitness
from habeas.tlog import tiles as tiling
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.log import Log
from habeas.tlog.note import Algorithm, Key, Note, Signer
from habeas.tlog.policy import Policy, opened
from habeas.tlog.proof import Bundle
from habeas.tlog.storage import CheckpointFile, Folder, reader
from habeas.tlog.tree import Unproven, check_consistency, check_inclusion, leaf_hash
from habeas.tlog.witness import SIZE_MEDIA, Submission
from tests.interop.world import (
    ORIGIN,
    PYTHON_SOURCE,
    WITNESS,
    Said,
    entries,
    made_signer,
    running,
    said,
    saying,
    signed,
)
from tests.ports import free_port

LOG = made_signer()
COSIGNER = made_signer(WITNESS, 1, Algorithm.COSIGNATURE)
DAY = 86_400  # seconds

# ---- a site ------------------------------------------------------------------------------------------------


class Site(NamedTuple):
    """A log in a folder, and what a reader is told of it. older: a checkpoint seen before."""

    folder: Path
    log: Key = LOG.key
    witnesses: tuple[Key, ...] = (COSIGNER.key,)
    quorum: int = 1
    max_age: int = DAY
    older: Path | None = None

    @property
    def checkpoint(self) -> bytes:
        return (self.folder / "checkpoint").read_bytes()


def cosigned(checkpoint: bytes, at: int | None = None, by: Signer = COSIGNER) -> bytes:
    """The checkpoint as a witness leaves it."""
    note = Note.parse(checkpoint)
    return note.signed(by.sign(note.text, int(time.time()) if at is None else at)).encoded()


def grown(folder: Path, *parts: Sequence[bytes], signer: Signer = LOG) -> list[bytes]:
    """A log in `folder`, with these parts one after the other; its checkpoint after each. Real files."""
    log = Log(
        ORIGIN, signer, Folder(folder), CheckpointFile(folder.with_name(f"{folder.name}-own") / "newest")
    )
    folder.mkdir(parents=True, exist_ok=True)
    checkpoints = [log.extend(part, start=log.size) for part in parts]
    (folder / "checkpoint").write_bytes(cosigned(checkpoints[-1]))
    return checkpoints


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """700 entries, grown in three steps: full and partial tiles on two levels."""
    folder = tmp_path_factory.mktemp("sound") / "site"
    first, _, _ = grown(folder, entries(300), entries(221, first=300), entries(179, first=521))
    (folder.parent / "older").write_bytes(first)
    return Site(folder, older=folder.parent / "older")


@pytest.fixture
def site(sound: Site, tmp_path: Path) -> Site:
    """A copy of it, to break."""
    return sound._replace(folder=Path(shutil.copytree(sound.folder, tmp_path / "site")))


# ---- the readers -------------------------------------------------------------------------------------------

Reader = Callable[[Site], tuple[bool, str]]


def ours(site: Site) -> tuple[bool, str]:
    """What our own modules say."""
    read = reader(Folder(site.folder))
    try:
        policy = Policy.k_of_n(site.log, [(key, "") for key in site.witnesses], site.quorum)
        found = opened(site.checkpoint, policy)
        fresh = [each for each in found.cosigned if each.at and time.time() - each.at <= site.max_age]
        if not policy.met(each.key for each in fresh):
            raise Unproven("too few cosigned it in time")
        size, root = found.checkpoint.size, found.checkpoint.root
        tree = tiling.Tree(size, read)
        if tree.root() != root:
            raise Unproven("the tiles give another root")
        if site.older:
            note = Note.parse(site.older.read_bytes())
            old = Checkpoint.parse(note.text)
            if not note.verified([site.log]):
                raise Unproven("the older checkpoint is of another key")
            proof = tree.consistency(old.size) if 0 < old.size < size else ()
            check_consistency(proof, old=old.size, old_root=old.root, new=size, root=root)
        for index, entry in enumerate(tree.entries(0, size)):
            if leaf_hash(entry) != tree.leaf(index):
                raise Unproven(f"entry {index} is another one")
            if index % 256 in (0, 255) or index == size - 1:  # one proof runs over every hash of its tile
                check_inclusion(
                    tree.inclusion(index), index=index, size=size, root=root, leaf=leaf_hash(entry)
                )
    except Refused as refused:
        return False, str(refused)
    return True, f"{size} entries"


def told(site: Site) -> list[str]:
    """What a foreign reader is told, as its arguments."""
    words = ["--log", str(site.log), "--quorum", str(site.quorum), "--max-age", str(site.max_age)]
    for key in site.witnesses:
        words += ["--witness", str(key)]
    if site.older:
        words += ["--older", str(site.older)]
    return words


@pytest.fixture(params=["ours", "go", "aics"])
def reads(request: pytest.FixtureRequest) -> Reader:
    """One reader after the other."""
    match request.param:
        case "go":
            go = request.getfixturevalue("in_go")
            return lambda site: said([go, *told(site), site.folder])
        case "aics":
            python = request.getfixturevalue("in_python")
            return lambda site: said(
                [python / "python", PYTHON_SOURCE / "logcheck.py", *told(site), site.folder]
            )
        case _:
            return ours


# ---- what is wrong, and every reader says so ---------------------------------------------------------------


def changed(path: Path, before: bytes, after: bytes) -> None:
    data = path.read_bytes()
    assert data.count(before) == 1
    path.write_bytes(data.replace(before, after))


def a_changed_leaf(site: Site) -> Site:
    changed(site.folder / "tile/entries/001", b"entry 300", b"entry 30x")
    return site


def a_changed_leaf_with_its_hash(site: Site) -> Site:
    changed(site.folder / "tile/0/001", leaf_hash(b"entry 300"), leaf_hash(b"entry 30x"))
    return a_changed_leaf(site)


def a_changed_leaf_and_nothing_seen_before(site: Site) -> Site:
    return a_changed_leaf_with_its_hash(site)._replace(older=None)


def a_leaf_dropped_in_the_middle(site: Site) -> Site:
    path = site.folder / "tile/entries/000"
    path.write_bytes(tiling.bundle(tiling.unbundle(path.read_bytes())[:100] + tuple(entries(155, first=101))))
    return site


def a_leaf_dropped_at_the_end(site: Site) -> Site:
    path = site.folder / "tile/entries/002.p/188"
    path.write_bytes(tiling.bundle(tiling.unbundle(path.read_bytes())[:-1]))
    return site


def two_leaves_exchanged(site: Site) -> Site:
    path = site.folder / "tile/entries/000"
    held = list(tiling.unbundle(path.read_bytes()))
    held[3], held[4] = held[4], held[3]
    path.write_bytes(tiling.bundle(held))
    return site


def a_missing_tile(site: Site) -> Site:
    (site.folder / "tile/0/001").unlink()
    return site


def a_fork(site: Site) -> Site:
    """A whole log of 720, well signed, well cosigned, and with another entry 17."""
    shutil.rmtree(site.folder)
    other = entries(720)
    other[17] = b"another"
    grown(site.folder, other)
    return site


def a_fork_of_the_same_size(site: Site) -> Site:
    shutil.rmtree(site.folder)
    grown(site.folder, entries(300, "other"))
    return site


def a_rolled_back_checkpoint(site: Site) -> Site:
    """The log of the first 300 entries is whole and well signed; but we have seen 700."""
    older = site.folder.with_name("newest")
    older.write_bytes(site.checkpoint)
    shutil.rmtree(site.folder)
    grown(site.folder, entries(300))
    return site._replace(older=older)


def a_checkpoint_of_a_wrong_key(site: Site) -> Site:
    text = Note.parse(site.checkpoint).text
    other = Note(text=text, signatures=(made_signer(ORIGIN, 2).sign(text),)).encoded()
    (site.folder / "checkpoint").write_bytes(cosigned(other))
    return site


def a_wrong_key_of_the_log_in_our_hands(site: Site) -> Site:
    return site._replace(log=made_signer(ORIGIN, 2).key)


def a_forged_signature_of_the_log(site: Site) -> Site:
    note, other = Note.parse(site.checkpoint), Note.parse(signed(entries(3)))
    (site.folder / "checkpoint").write_bytes(
        cosigned(Note(text=note.text, signatures=other.signatures).encoded())
    )
    return site


def a_size_that_was_not_signed(site: Site) -> Site:
    changed(site.folder / "checkpoint", b"\n700\n", b"\n699\n")
    return site


def a_stale_checkpoint(site: Site) -> Site:
    note = Note.parse(site.checkpoint)
    bare = Note(text=note.text, signatures=(LOG.sign(note.text),)).encoded()
    (site.folder / "checkpoint").write_bytes(cosigned(bare, int(time.time()) - 10 * DAY))
    return site


def a_forged_cosignature(site: Site) -> Site:
    text, other = Note.parse(site.checkpoint).text, Note.parse(signed(entries(3))).text
    forged = COSIGNER.sign(other, int(time.time()))
    (site.folder / "checkpoint").write_bytes(Note(text=text, signatures=(LOG.sign(text), forged)).encoded())
    return site


def a_cosignature_with_another_time(site: Site) -> Site:
    text = Note.parse(site.checkpoint).text
    old, new = (COSIGNER.sign(text, int(time.time()) - ago) for ago in (10 * DAY, 0))
    mixed = type(old)(name=old.name, id=old.id, signature=new.signature[:8] + old.signature[8:])
    (site.folder / "checkpoint").write_bytes(Note(text=text, signatures=(LOG.sign(text), mixed)).encoded())
    return site


def a_cosignature_of_a_stranger(site: Site) -> Site:
    text = Note.parse(site.checkpoint).text
    by = made_signer(WITNESS, 2, Algorithm.COSIGNATURE)
    both = (LOG.sign(text), by.sign(text, int(time.time())))
    (site.folder / "checkpoint").write_bytes(Note(text=text, signatures=both).encoded())
    return site


def no_cosignature(site: Site) -> Site:
    text = Note.parse(site.checkpoint).text
    (site.folder / "checkpoint").write_bytes(Note(text=text, signatures=(LOG.sign(text),)).encoded())
    return site


FAULTS = (
    a_changed_leaf,
    a_changed_leaf_with_its_hash,
    a_changed_leaf_and_nothing_seen_before,
    a_leaf_dropped_in_the_middle,
    a_leaf_dropped_at_the_end,
    two_leaves_exchanged,
    a_missing_tile,
    a_fork,
    a_fork_of_the_same_size,
    a_rolled_back_checkpoint,
    a_checkpoint_of_a_wrong_key,
    a_wrong_key_of_the_log_in_our_hands,
    a_forged_signature_of_the_log,
    a_size_that_was_not_signed,
    a_stale_checkpoint,
    a_forged_cosignature,
    a_cosignature_with_another_time,
    a_cosignature_of_a_stranger,
    no_cosignature,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_every_reader_refuses(fault: Callable[[Site], Site], reads: Reader, site: Site) -> None:
    holds, words = reads(fault(site))
    assert not holds, words


def test_every_reader_finds_a_sound_log_sound(reads: Reader, site: Site) -> None:
    holds, words = reads(site)
    assert holds, words
    assert "700 entries" in words
    assert reads(site._replace(older=None))[0]
    newest = site.folder.with_name("newest")
    newest.write_bytes(site.checkpoint)
    assert reads(site._replace(older=newest))[0]


def test_every_reader_does_without_partial_tiles_whose_full_ones_are_there(
    reads: Reader, tmp_path: Path
) -> None:
    older, _ = grown(tmp_path / "site", entries(300), entries(468, first=300))
    (tmp_path / "older").write_bytes(older)
    for folder in list((tmp_path / "site" / "tile").rglob("*.p")):
        if folder.with_suffix("").exists():
            shutil.rmtree(folder)
    holds, words = reads(Site(tmp_path / "site", older=tmp_path / "older"))
    assert holds, words


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 513])
def test_every_reader_reads_logs_of_every_shape(size: int, reads: Reader, tmp_path: Path) -> None:
    grown(tmp_path / "site", entries(size))
    holds, words = reads(Site(tmp_path / "site"))
    assert holds, words


@pytest.fixture(params=["go", "aics"])
def receipts(request: pytest.FixtureRequest) -> Callable[[Path, Path], tuple[bool, str]]:
    """The same foreign readers, for the proof of one entry."""
    words: list[str | Path] = (
        [request.getfixturevalue("in_go")]
        if request.param == "go"
        else [request.getfixturevalue("in_python") / "python", PYTHON_SOURCE / "logcheck.py"]
    )
    told = ["--log", str(LOG.key), "--witness", str(COSIGNER.key), "--quorum", "1", "--max-age", str(DAY)]
    return lambda proof, entry: said([*words, *told, "--proof", proof, "--entry", entry])


def test_a_receipt_holds_for_strangers_and_only_for_its_entry(
    receipts: Callable[[Path, Path], tuple[bool, str]], sound: Site, tmp_path: Path
) -> None:
    tree = tiling.Tree(700, reader(Folder(sound.folder)))
    for index, extra in ((0, b""), (255, b"more"), (256, b""), (699, b"")):
        held = Bundle(index=index, proof=tree.inclusion(index), checkpoint=sound.checkpoint, extra=extra)
        proof, entry = tmp_path / "proof", tmp_path / "entry"
        proof.write_bytes(held.encoded())
        entry.write_bytes(f"entry {index}".encode())
        holds, words = receipts(proof, entry)
        assert holds, words
        assert f"entry {index} of 700" in words
        entry.write_bytes(b"another")
        assert not receipts(proof, entry)[0]
        entry.write_bytes(f"entry {index}".encode())
        proof.write_bytes(held.encoded().replace(f"index {index}\n".encode(), b"index 1\n"))
        assert not receipts(proof, entry)[0]


# ---- witnesses and those who ask them ----------------------------------------------------------------------


class Asked(NamedTuple):
    """A witness that runs, and the key it cosigns with."""

    url: str
    key: Key


@contextmanager
def their_witness(python: Path, folder: Path, log: Key) -> Iterator[Asked]:
    """The server of aics-witness."""
    folder.mkdir()
    port, config = free_port(), folder / "witness.json"

    def words(verb: str, *more: str) -> list[str]:
        return [str(python / "aics-witness"), verb, "--config", str(config), *more]

    made = subprocess.run(words("init", "--name", WITNESS), capture_output=True, text=True, check=True)
    subprocess.run(
        words("add-log", "--origin", log.name, "--vkey", str(log)), capture_output=True, check=True
    )
    with (folder / "told").open("wb") as told:
        process = subprocess.Popen(
            words("serve", "--listen", f"127.0.0.1:{port}"), stdout=told, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(1200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
                break
            assert process.poll() is None, (folder / "told").read_text("utf-8")
            time.sleep(0.05)
        yield Asked(f"http://127.0.0.1:{port}", Key.parse(made.stdout.split()[0]))
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def our_witness(folder: Path, log: Key) -> Iterator[Asked]:
    """Ours, as an organisation runs it."""
    with running(folder, log) as witness:
        yield Asked(witness.url, witness.keys[0])


@pytest.fixture(params=["our witness", "aics-witness"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Asked]:
    """One witness after the other."""
    if request.param == "our witness":
        with our_witness(tmp_path / "witness", LOG.key) as found:
            yield found
    else:
        with their_witness(request.getfixturevalue("in_python"), tmp_path / "witness", LOG.key) as found:
            yield found


Client = Callable[[Asked, Path], tuple[bool, str]]


def our_client(asked: Asked, folder: Path) -> tuple[bool, str]:
    """What the log's side makes of a witness."""
    checkpoint = (folder / "checkpoint").read_bytes()
    tree = tiling.Tree(Checkpoint.parse(Note.parse(checkpoint).text).size, reader(Folder(folder)))
    try:
        return True, HttpWitness(asked.key, asked.url, 5).cosign(checkpoint, tree.consistency).line
    except Refused as refused:
        return False, str(refused)


@pytest.fixture(params=["our client", "aics-witness's client"])
def asks(request: pytest.FixtureRequest) -> Client:
    """One client after the other."""
    if request.param == "our client":
        return our_client
    python = request.getfixturevalue("in_python")

    def theirs(asked: Asked, folder: Path) -> tuple[bool, str]:
        words = ["--witness", str(asked.key), "--url", asked.url]
        return said([python / "python", PYTHON_SOURCE / "cosign.py", *words, folder])

    return theirs


def bare(folder: Path, *parts: Sequence[bytes], signer: Signer = LOG, origin: str = ORIGIN) -> Path:
    """A log in `folder`, whose checkpoint nobody has cosigned."""
    log = Log(
        origin, signer, Folder(folder), CheckpointFile(folder.with_name(f"{folder.name}-own") / "newest")
    )
    for part in parts:
        (folder / "checkpoint").write_bytes(log.extend(part, start=log.size))
    return folder


def test_a_witness_cosigns_what_grows_and_nothing_else_whoever_asks(
    asked: Asked, asks: Client, tmp_path: Path
) -> None:
    held = entries(720)
    fork = [*held[:17], b"another", *held[18:]]
    stranger = made_signer("other.example.org")

    def cosigned(folder: Path) -> None:
        agreed, words = asks(asked, folder)
        assert agreed, words
        found = Note.parse((folder / "checkpoint").read_bytes() + words.encode())
        [verified] = found.verified([asked.key])
        assert verified.at is not None
        assert abs(verified.at - time.time()) < 60

    def refused(folder: Path, *statuses: str) -> None:
        agreed, words = asks(asked, folder)
        assert not agreed, words
        assert any(status in words for status in statuses), words

    first = bare(tmp_path / "first", held[:300])
    cosigned(first)
    cosigned(bare(tmp_path / "second", held[:300], held[300:700]))
    cosigned(tmp_path / "second")
    refused(bare(tmp_path / "fork", fork), "422")
    refused(bare(tmp_path / "same size", fork[:700]), "422")
    refused(first, "700")  # rolled back: it has seen 700
    refused(bare(tmp_path / "other key", held, signer=made_signer(ORIGIN, 2)), "403")
    refused(bare(tmp_path / "other log", held, signer=stranger, origin=stranger.key.name), "404")
    cosigned(bare(tmp_path / "third", held))


def _line(by: Signer, checkpoint: bytes, ago: int = 0) -> Said:
    return 200, "text/plain", by.sign(Note.parse(checkpoint).text, int(time.time()) - ago).line.encode()


LIES = {
    "a forged cosignature": lambda sent: _line(COSIGNER, signed(entries(3))),
    "a cosignature of another key": lambda sent: _line(
        made_signer(WITNESS, 2, Algorithm.COSIGNATURE), Submission.parse(sent).note.encoded()
    ),
    "a stale cosignature": lambda sent: _line(COSIGNER, Submission.parse(sent).note.encoded(), DAY),
    "a cosignature of tomorrow": lambda sent: _line(COSIGNER, Submission.parse(sent).note.encoded(), -DAY),
    "nothing": lambda sent: (200, "text/plain", b""),
    "a page": lambda sent: (200, "text/html", b"<p>Welcome</p>"),
    "a larger size": lambda sent: (409, SIZE_MEDIA, b"9999\n"),
    "no size": lambda sent: (409, "text/plain", b"3\n"),
    "the same size for ever": lambda sent: (409, SIZE_MEDIA, b"0\n"),
    "another place": lambda sent: (307, "text/plain", b"http://127.0.0.1:1/"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_witness_is_believed_by_nobody(lie: str, asks: Client, sound: Site) -> None:
    with saying(LIES[lie]) as (url, sent):
        agreed, words = asks(Asked(url, COSIGNER.key), sound.folder)
    assert not agreed, words
    assert sent


def test_its_honest_neighbour_is(asks: Client, sound: Site) -> None:
    with saying(
        (409, SIZE_MEDIA, b"300\n"), lambda sent: _line(COSIGNER, Submission.parse(sent).note.encoded())
    ) as (url, sent):
        agreed, words = asks(Asked(url, COSIGNER.key), sound.folder)
    assert agreed, words
    assert [Submission.parse(each).old for each in sent] == [0, 300]


# ---- a log with real witnesses, and large ones -------------------------------------------------------------


def large(folder: Path, sizes: Sequence[int]) -> Site:
    """A log that grew through these sizes, each time cosigned by a witness that runs."""
    with running(folder / "witness") as witness:
        log = Log(ORIGIN, LOG, Folder(folder / "site"), CheckpointFile(folder / "own" / "newest"))
        client = HttpWitness(witness.keys[0], witness.url)
        policy = Policy.k_of_n(LOG.key, [(client.key, client.url)], 1)
        for size in sizes:
            log.extend(entries(size - log.size, first=log.size), start=log.size)
            assert log.publish([client], policy).quorum_met
            (folder / str(size)).write_bytes((folder / "site" / "checkpoint").read_bytes())
    return Site(folder / "site", witnesses=(client.key,), older=folder / str(sizes[0]))


def test_seventy_thousand_entries_are_read_by_our_own_reader(tmp_path: Path) -> None:
    """Three levels of tiles."""
    holds, words = ours(large(tmp_path, [1_000, 65_536, 70_000]))
    assert holds, words
    assert "70000 entries" in words


@pytest.fixture(scope="session")
def million(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A million entries, the last of them alone."""
    return large(tmp_path_factory.mktemp("million"), [1_000, 999_999, 1_000_000])


@pytest.mark.parametrize("reads", ["go", "aics"], indirect=True)
def test_a_million_entries_are_read_by_every_foreign_reader(reads: Reader, million: Site) -> None:
    holds, words = reads(million)
    assert holds, words
    assert "1000000 entries" in words
