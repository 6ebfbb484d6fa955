"""The publisher of a log: how entries become a signed tree, and when the world may see it.

The order, which every crash leaves half done and the same call completes:

1. entry bundles and tiles are durable,
2. the checkpoint over them is signed and swapped in where the newest one is kept (compare-and-swap),
3. witnesses cosign it,
4. it is put among the tiles as `checkpoint`, once the policy's quorum is met.

So the log never signs what it could lose, never signs two trees of one size, and never shows what nobody has
witnessed. Before anything is signed the newest checkpoint is verified: its signature, its origin, its root
against the tiles, and the published one as its beginning. Formats: C2SP tlog-tiles, tlog-checkpoint,
tlog-cosignature. Which entries, in which order and when, is the caller's: it keeps them, in that order, until
`extend` has returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import msgspec

from habeas.errors import Refused
from habeas.tlog import tiles as tiling
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Key, Note, Signature, Signer, Verified
from habeas.tlog.policy import Policy, opened
from habeas.tlog.storage import CHECKPOINT, Checkpoints, Overtaken, Tiles, ignore, reader
from habeas.tlog.tree import EMPTY_ROOT, Unproven, check_consistency, leaf_hash

MAX_ENTRY = 0xFFFF  # bytes: an entry bundle gives lengths as uint16 (tlog-tiles, "Log entries")


class Witness(Protocol):
    """Somebody outside who watches that the log only grows."""

    @property
    def key(self) -> Key: ...

    def cosign(self, checkpoint: bytes, prove: Callable[[int], tuple[bytes, ...]]) -> Signature:
        """The witness's cosignature.

        prove: gives the consistency proof from the size that the witness saw last. Raises Refused where the
        witness does not answer or does not agree.
        """


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A cosignature that was asked for in vain: the witness's name, and why in one sentence."""

    witness: str
    why: str


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a publication.

    checkpoint: the newest one with its cosignatures. quorum_met: whether it stands among the tiles now; if
    not, what was published before still stands there.
    """

    checkpoint: bytes
    size: int
    cosigned: tuple[Verified, ...]
    quorum_met: bool
    missing: tuple[Missing, ...]


class _Seen:
    """What one verb reads, each file once: what was verified is what is built upon."""

    def __init__(self, tiles: Tiles) -> None:
        self._read = reader(tiles)
        self._files: dict[str, bytes] = {}

    def __call__(self, path: str) -> bytes:
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """The newest checkpoint, verified, and what it says; no bytes before the first. published: the one among
    the tiles, which fits it. tree: its tiles, of which whatever was read fits it too."""

    data: bytes | None
    published: bytes | None
    size: int
    root: bytes
    tree: tiling.Tree


class Log:
    """One log, to which one publisher at a time appends.

    origin: the log's name, its prefix without the scheme. signer: its Ed25519 key, of the same name.
    tiles: the public files. checkpoints: the newest checkpoint, kept apart from them.
    step: called with a name before each step that lasts.
    """

    def __init__(
        self,
        origin: str,
        signer: Signer,
        tiles: Tiles,
        checkpoints: Checkpoints,
        *,
        step: Callable[[str], None] = ignore,
    ) -> None:
        if signer.key.name != origin:
            raise Refused("the log's key does not bear the log's name", place=signer.key.name, hint=origin)
        if signer.key.algorithm is not Algorithm.ED25519:
            # The others sign the time as well, and one size could then have two signed checkpoints.
            raise Refused("a log signs its checkpoints with Ed25519", place=str(signer.key))
        self.origin = origin
        self._signer = signer
        self._tiles = tiles
        self._checkpoints = checkpoints
        self._step = step
        # The published checkpoint that was last found to be the beginning of our tree, and its size.
        self._fitting: tuple[bytes, int] = (b"", 0)

    @property
    def checkpoint(self) -> bytes | None:
        """The newest checkpoint committed to, perhaps not published yet; None before the first."""
        return self._checkpoints.current()

    @property
    def size(self) -> int:
        """Entries committed to."""
        return self._signed(data).size if (data := self._checkpoints.current()) is not None else 0

    def check(self) -> None:
        """Raises Unproven where the files do not fit the newest checkpoint, or what is published does not."""
        with self._checkpoints.lease():
            self._head(_Seen(self._tiles))

    def extend(self, entries: Sequence[bytes], *, start: int) -> bytes:
        """Appends entries durably; gives the signed checkpoint.

        start: the index of the first one. The same entries once more, after an interruption, give the
        checkpoint that there is. No entries in a log that has none give the checkpoint of the empty tree.
        Raises Refused where `start` leaves a gap or other entries stand there, Unproven where the log's files
        do not fit its newest checkpoint, Overtaken where another publisher is at work.
        """
        for number, entry in enumerate(entries):
            if len(entry) > MAX_ENTRY:
                raise Refused(
                    f"an entry has {len(entry):,} bytes, and {MAX_ENTRY:,} fit", place=f"entries[{number}]"
                )
        with self._checkpoints.lease():
            read = _Seen(self._tiles)
            head = self._head(read)
            if start > head.size:
                raise Refused(
                    f"entry {start} cannot come next: the log has {head.size}",
                    place=self.origin,
                    hint=f"begin at {head.size}",
                )
            leaves = [leaf_hash(entry) for entry in entries]
            if start + len(entries) <= head.size and head.data is not None:
                self._check_there(leaves, start, head.tree)
                return head.data
            if start < head.size:
                raise Refused(
                    f"entries {start} to {head.size - 1} are in the log already, and the rest is not",
                    place=self.origin,
                    hint=f"begin at {head.size}",
                )
            files, root = head.tree.grown(leaves) if leaves else ({}, EMPTY_ROOT)
            files = {**self._bundles(entries, head.tree, read), **files}
            if files:
                self._step("tiles")
                self._tiles.write(files)
            size = head.size + len(entries)
            text = Checkpoint(origin=self.origin, size=size, root=root).text
            after = Note(text=text, signatures=(self._signer.sign(text),)).encoded()
            self._step("swap")
            self._checkpoints.swap(head.data, after)
            return after

    def publish(self, witnesses: Sequence[Witness], policy: Policy) -> Published:
        """Has the newest checkpoint cosigned and, if the policy's quorum is met, publishes it.

        Witnesses are asked at the same time, except those whose cosignature of this very tree is published
        already. A witness that fails is named in the answer with the reason. Raises Refused where there is no
        checkpoint, Unproven where the log's files do not fit it or the policy does not know the log,
        Overtaken where another publisher is at work.
        """
        with self._checkpoints.lease():
            read = _Seen(self._tiles)
            head = self._head(read)
            if head.data is None:
                raise Refused("the log has no checkpoint yet", place=self.origin, hint="extend it first")
            opened(head.data, policy)
            keys = [each.key for each in policy.witnesses.values()]
            note = self._with_published(
                Note.parse(head.data), head.published, [*keys, *(witness.key for witness in witnesses)]
            )
            known = [each.key for each in note.verified([witness.key for witness in witnesses])]
            asked = [witness for witness in witnesses if witness.key not in known]
            missing = []
            for witness, found in zip(asked, self._ask(asked, head, read), strict=True):
                if isinstance(found, Signature):
                    signed = note.signed(found)
                    try:
                        if any(each.key == witness.key for each in signed.verified([witness.key])):
                            note = signed
                            continue
                        found = Unproven("the cosignature is of another key")
                    except Refused as error:
                        found = error
                why = found.sentence if isinstance(found, Refused) else str(found) or type(found).__name__
                missing.append(Missing(witness=witness.key.name, why=why))
            data = note.encoded()
            seen = opened(data, policy)
            if seen.quorum_met:
                self._step("publish")
                if self._checkpoints.current() != head.data:
                    raise Overtaken("another publisher has extended the log meanwhile", place=self.origin)
                self._tiles.swap({CHECKPOINT: (head.published, data)})
            return Published(
                checkpoint=data,
                size=head.size,
                cosigned=seen.cosigned,
                quorum_met=seen.quorum_met,
                missing=tuple(missing),
            )

    def _ask(
        self, witnesses: Sequence[Witness], head: _Head, read: Callable[[str], bytes]
    ) -> list[Signature | Refused | OSError]:
        data = head.data
        assert data is not None  # publish() refuses before

        def prove(old: int) -> tuple[bytes, ...]:
            if old > head.size:
                raise Unproven(
                    f"a witness has seen {old} entries of this log, and there are {head.size}",
                    place=self.origin,
                    hint="the newest checkpoint was lost or restored from a copy; do not sign anything",
                )
            return tiling.Tree(head.size, read).consistency(old) if 0 < old < head.size else ()

        def ask(witness: Witness) -> Signature | Refused | OSError:
            self._step(f"cosign {witness.key.name}")
            try:
                return witness.cosign(data, prove)
            except (Refused, OSError) as error:
                return error

        if len(witnesses) <= 1:
            return [ask(witness) for witness in witnesses]
        with ThreadPoolExecutor(len(witnesses), thread_name_prefix="witness") as pool:
            return list(pool.map(ask, witnesses))

    def _with_published(self, note: Note, data: bytes | None, keys: Iterable[Key]) -> Note:
        """The note with the cosignatures that the same checkpoint was published with."""
        if data is None or (published := Note.parse(data)).text != note.text:
            return note
        wanted = {(key.name, key.id): key for key in keys}
        for signature in published.signatures:
            key = wanted.get((signature.name, signature.id))
            if key is None or key.name == self.origin:
                continue
            signed = note.signed(signature)
            try:
                signed.verified([key])
            except Unproven:
                continue  # the witness is asked again
            note = signed
        return note

    def _signed(self, data: bytes, place: str = "the newest checkpoint") -> Checkpoint:
        """What a checkpoint of ours says."""
        note = Note.parse(data)
        if not note.verified([self._signer.key]):
            raise Unproven("the checkpoint is not signed with the log's key", place=place)
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.origin != self.origin:
            raise Unproven("the checkpoint is of another log", place=place, hint=checkpoint.origin)
        return checkpoint

    def _head(self, read: Callable[[str], bytes]) -> _Head:
        """The newest checkpoint, if files and published checkpoint fit it."""
        data = self._checkpoints.current()
        published = self._tiles.read(CHECKPOINT)
        if data is None:
            tree = tiling.Tree(0, read)
            head = _Head(data=None, published=published, size=0, root=EMPTY_ROOT, tree=tree)
        else:
            checkpoint = self._signed(data)
            size, root = checkpoint.size, checkpoint.root
            tree = tiling.Tree(size, read)
            head = _Head(data=data, published=published, size=size, root=root, tree=tree)
            if tree.root() != root:
                raise Unproven(
                    "the tiles do not give the root that the newest checkpoint names",
                    place=self.origin,
                    hint="restore the tiles from a copy; nothing is signed over them",
                )
        if published is not None and (published != self._fitting[0] or head.size < self._fitting[1]):
            old = self._signed(published, CHECKPOINT)
            self._check_begins(old, head)
            self._fitting = (published, old.size)
        return head

    def _check_begins(self, old: Checkpoint, head: _Head) -> None:
        if old.size > head.size:
            raise Unproven(
                f"the published checkpoint has {old.size} entries and the newest one {head.size}",
                place=self.origin,
                hint="the newest checkpoint was lost or restored from a copy; do not sign anything",
            )
        if old.size in (0, head.size):
            if old.root != (head.root if old.size else EMPTY_ROOT):
                raise Unproven("the published checkpoint names another root for its size", place=self.origin)
            return
        proof = head.tree.consistency(old.size)
        check_consistency(proof, old=old.size, old_root=old.root, new=head.size, root=head.root)

    def _check_there(self, leaves: Sequence[bytes], start: int, tree: tiling.Tree) -> None:
        """Refuses unless these very leaves stand in the tree from `start`.

        The tree holds each tile against the one above it, and its root was held against the checkpoint.
        """
        for index, leaf in enumerate(leaves, start):
            if tree.leaf(index) != leaf:
                raise Refused(
                    f"entry {index} is in the log already, and is another one",
                    place=self.origin,
                    hint="an entry of a log never changes",
                )

    def _bundles(
        self, entries: Sequence[bytes], tree: tiling.Tree, read: Callable[[str], bytes]
    ) -> dict[str, bytes]:
        """The entry bundles that are new, by path."""
        first, begun = divmod(tree.size, tiling.WIDTH)
        held = [*self._begun(tree, read), *entries] if begun and entries else list(entries)
        files = {}
        for offset in range(0, len(held), tiling.WIDTH):
            part = held[offset : offset + tiling.WIDTH]
            files[tiling.entries_path(first + offset // tiling.WIDTH, len(part))] = tiling.bundle(part)
        return files

    def _begun(self, tree: tiling.Tree, read: Callable[[str], bytes]) -> tuple[bytes, ...]:
        """The entries of the bundle that is not full, as the tree has them."""
        number, width = divmod(tree.size, tiling.WIDTH)
        try:
            data = read(tiling.entries_path(number, width))
        except Unproven:
            data = read(tiling.entries_path(number))  # a partial one may go once the full one is there
        found = tiling.unbundle(data)[:width]
        if [leaf_hash(entry) for entry in found] != tree.edge():
            raise Unproven(
                "an entry bundle does not fit its tile",
                place=tiling.entries_path(number, width),
                hint="restore it from a copy; nothing is signed over it",
            )
        return found
