"""Where a log's files live: the tiles everybody may read, and apart from them the newest checkpoint.

Tiles and entry bundles (C2SP tlog-tiles) are immutable: written once, durable before `write` returns, and
never replaced by other bytes. The one mutable file among them, `checkpoint`, is replaced atomically, and only
by whoever knows what stands there. The newest *committed* checkpoint lives elsewhere and changes only by
compare-and-swap too, so that two publishers, or one that was restored from a backup, cannot sign two trees.
What may be written, and when, is decided by `log`.

`Folder` and `CheckpointFile` are for local POSIX file systems with flock(2); `S3` is for any S3-compatible
storage that honours `If-None-Match: *` and `If-Match` on PUT.
"""

from __future__ import annotations

import errno
import fcntl
import io
import mimetypes
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar
from urllib.parse import parse_qsl, urlsplit

from habeas.errors import Refused
from habeas.tlog.tree import Unproven

if TYPE_CHECKING:
    from obstore import UpdateVersion
    from obstore.store import S3Store

T = TypeVar("T")

CHECKPOINT = "checkpoint"  # the mutable file among the tiles (tlog-tiles, "Checkpoints")

_TILES = "tile/"  # everything below is immutable
_HALF = ".half"  # the folder of files that are being written; its name is no path of a log
_PATH = re.compile(
    r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*"
)  # no part begins with a dot
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ENDPOINT = re.compile(r"(?:https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?)?")
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755  # public, whatever the umask says
_OPEN_AT_ONCE = 256  # files; a process may have 1,024
_FLUSHING = 8  # threads that wait for the disk; it takes many files in one go
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_SENDING = 16  # requests to a bucket at once
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Overtaken(Refused):
    """Another publisher is at work, or was quicker; nothing was changed."""


def ignore(step: str) -> None:
    """A `step` that does nothing."""


class Tiles(Protocol):
    """The public files of one log, by their path under its prefix (`tile/0/000`)."""

    def read(self, path: str) -> bytes | None:
        """The bytes, or None where there is no such file."""

    def write(self, files: Mapping[str, bytes]) -> None:
        """Writes immutable files; they are durable on return.

        The same bytes again are fine. Other bytes for a path that exists raise Refused.
        """

    def publish(self, path: str, data: bytes) -> None:
        """Replaces a mutable file in one go; it is durable on return."""

    def swap(self, changes: Mapping[str, tuple[bytes | None, bytes]]) -> None:
        """Puts each file in the place of the one before, as `publish` does; None: where no such file is yet.

        changes: by path, before and after. A crash leaves any of them done; what must come last is swapped
        last. Raises Overtaken where something else stands in a file's place, and leaves it.
        """


class Checkpoints(Protocol):
    """The newest checkpoint that a log committed to, kept apart from its tiles."""

    def current(self) -> bytes | None:
        """The newest checkpoint, durable; None before the first."""

    def swap(self, before: bytes | None, after: bytes) -> None:
        """Puts `after` in the place of `before`, durably. Raises Overtaken where something else is there."""

    def lease(self) -> AbstractContextManager[None]:
        """Held while one publisher works; raises Overtaken where another holds it. A crash gives it back."""


def reader(tiles: Tiles) -> Callable[[str], bytes]:
    """Gives a file's bytes and raises Unproven where it is missing, as `tiles.Tree` wants it."""

    def read(path: str) -> bytes:
        data = tiles.read(path)
        if data is None:
            raise Unproven("a file of the log is missing", place=path)
        return data

    return read


def _checked(path: str) -> str:
    """The path, if it stays below the prefix and could be a file of a log."""
    if not _PATH.fullmatch(path):
        raise Refused("this is no path of a file in a log", place=path[:200])
    return path


def _mutable(path: str) -> str:
    """The path, if a file there may be replaced."""
    if _checked(path).startswith(_TILES):
        raise Refused("tiles are never replaced", place=path)
    return path


def _overtaken(path: str) -> Overtaken:
    return Overtaken(
        "another publisher has replaced this file meanwhile",
        place=path,
        hint="begin again from the newest checkpoint",
    )


def _refuse_other(path: str) -> Refused:
    return Refused(
        "this file of the log exists with other bytes, and a log's files never change",
        place=path,
        hint="extend the log with the entries that were given before the interruption, in the same order",
    )


@contextmanager
def _room(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise Refused(
            "there is no room left on the disk", place=str(place), hint="make room, then do it again"
        ) from error


@contextmanager
def _locked(path: Path, flags: int, how: int) -> Iterator[None]:
    """Holds the lock of a file or folder; the system takes it back when the process ends."""
    handle = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _made(path: Path, step: Callable[[str], None], mode: int) -> None:
    """Makes a folder and those above it, durably. One that exists is left as it is."""
    missing = list(takewhile(lambda each: not each.exists(), (path, *path.parents)))
    for each in reversed(missing):
        step(f"make {each}")
        each.mkdir(exist_ok=True)
        each.chmod(mode)
        _sync_folder(each.parent)


def _groups(items: Iterable[tuple[str, bytes]], size: int) -> Iterator[list[tuple[str, bytes]]]:
    rest = iter(items)
    while group := list(islice(rest, size)):
        yield group


class Folder:
    """A log's files in a folder, to be served as it is by any web server.

    path: the folder; made when the first file is written.
    step: called with a name before each thing that reaches the disk.

    A new file is written under another name, brought to the disk, renamed, and then the folders are brought
    to the disk: whatever happens in between, a path holds all of its bytes or does not exist.
    """

    def __init__(self, path: Path, *, step: Callable[[str], None] = ignore) -> None:
        self.path = Path(path)
        self._step = step
        self._pool: ThreadPoolExecutor | None = None
        self._pool_of = 0  # the process whose threads they are
        self._real: set[str] = set()  # folders seen to lie where their path says
        self._settled: set[str] = set()  # folders whose own entry is known to be on the disk

    def read(self, path: str) -> bytes | None:
        _checked(path)
        self._stays(path.rpartition("/")[0])
        try:
            handle = os.open(self.path / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise self._led_away(path) from error
            raise
        try:
            about = os.fstat(handle)
            return None if stat.S_ISDIR(about.st_mode) else _read_all(handle, about.st_size)
        finally:
            os.close(handle)

    def write(self, files: Mapping[str, bytes]) -> None:
        for path in files:
            _checked(path)
        with self._alone():
            new = {}
            for path, data in files.items():
                found = self.read(path)
                if found is None:
                    new[path] = data
                elif found != data:
                    raise _refuse_other(path)
            # Also the folders of files that are there: whoever wrote them may have been interrupted before
            # this.
            touched = self._folders({path.rpartition("/")[0] for path in files})
            self._put(new)
            self._sync(touched)

    def publish(self, path: str, data: bytes) -> None:
        _mutable(path)
        with self._alone():
            self._replace({path: data})

    def swap(self, changes: Mapping[str, tuple[bytes | None, bytes]]) -> None:
        for path in changes:
            _mutable(path)
        with self._alone():
            for path, (before, _after) in changes.items():
                if self.read(path) != before:
                    raise _overtaken(path)
            self._replace({path: after for path, (_before, after) in changes.items()})

    def _replace(self, files: Mapping[str, bytes]) -> None:
        touched = self._folders({path.rpartition("/")[0] for path in files})
        self._put(files)
        self._sync(touched)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, so that what a crash left half written can be thrown away."""
        with _room(self.path):
            _made(self.path, self._step, _FOLDER_MODE)
            with _locked(self.path, os.O_RDONLY | os.O_DIRECTORY, fcntl.LOCK_EX):
                half = self.path / _HALF
                try:
                    left = os.listdir(half)
                except FileNotFoundError:
                    half.mkdir(mode=0o700)
                else:
                    for name in left:
                        os.unlink(half / name)
                yield

    def _put(self, files: Mapping[str, bytes]) -> None:
        """Every file whole under its own name; whether the names last is up to `_sync`."""
        half = self.path / _HALF
        for number, group in enumerate(_groups(files.items(), _OPEN_AT_ONCE)):
            opened: list[io.FileIO] = []
            try:
                for place, (path, data) in enumerate(group):
                    self._step(f"write {path}")
                    file = open(half / f"{number}-{place}", "xb", buffering=0)  # noqa: SIM115
                    opened.append(file)
                    os.fchmod(file.fileno(), _FILE_MODE)
                    _all(file, data)
                handles = [file.fileno() for file in opened]
                self._together(os.fsync, handles, [f"fsync {path}" for path, _ in group])
            finally:
                for file in opened:
                    file.close()
        for number, group in enumerate(_groups(files.items(), _OPEN_AT_ONCE)):
            for place, (path, _) in enumerate(group):
                self._step(f"rename {path}")
                os.rename(half / f"{number}-{place}", self.path / path)

    def _together(self, bring: Callable[[T], None], things: Sequence[T], names: Sequence[str]) -> None:
        """Brings things to the disk at once, the last one by ourselves: it takes many in the time of one.
        Raises what failed."""
        if self._pool is None or self._pool_of != os.getpid():  # threads do not survive a fork
            self._pool, self._pool_of = ThreadPoolExecutor(_FLUSHING, thread_name_prefix="fsync"), os.getpid()
        both, waiting = list(zip(things, names, strict=True)), list[Future[None]]()
        try:
            for thing, name in both[:-1]:
                self._step(name)
                waiting.append(self._pool.submit(bring, thing))
            for thing, name in both[-1:]:
                self._step(name)
                bring(thing)
        finally:
            wait(waiting)
        for each in waiting:
            each.result()

    def _folders(self, wanted: Iterable[str]) -> list[str]:
        """Makes these folders; gives all that have to reach the disk for their files to be found again."""
        touched = set(wanted)
        for folder in sorted(touched):
            parts = folder.split("/") if folder else []
            for end in range(1, len(parts) + 1):
                below = "/".join(parts[:end])
                if below in self._settled:
                    continue
                touched.add("/".join(parts[: end - 1]))
                self._stays(below)
                try:
                    os.mkdir(self.path / below)
                except FileExistsError:
                    if not stat.S_ISDIR(os.lstat(self.path / below).st_mode):
                        raise self._led_away(below) from None
                else:
                    os.chmod(self.path / below, _FOLDER_MODE)
        return sorted(touched, reverse=True)  # what is inside first

    def _sync(self, folders: Sequence[str]) -> None:
        places = [self.path / folder for folder in folders]
        self._together(_sync_folder, places, [f"fsync folder {folder or '.'}" for folder in folders])
        self._settled.update(folders)

    def _stays(self, folder: str) -> None:
        if folder in self._real or not folder:
            return
        self._stays(folder.rpartition("/")[0])
        try:
            mode = os.lstat(self.path / folder).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return
        if stat.S_ISLNK(mode):
            raise self._led_away(folder)
        if stat.S_ISDIR(mode):
            self._real.add(folder)

    def _led_away(self, path: str) -> Refused:
        return Refused("a link in the log's folder leads somewhere else", place=path, hint="remove the link")


def _read_all(handle: int, size: int) -> bytes:
    """A file that is never written to again, so that its size is known."""
    data = os.read(handle, size)
    while len(data) < size and (more := os.read(handle, size - len(data))):
        data += more
    return data


def _all(file: io.FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


class CheckpointFile:
    """The newest checkpoint in a file of its own.

    path: best on another disk, and in another backup, than the tiles: whoever restores both to yesterday
    could otherwise sign a second today. Beside it stands a file `<name>.lock`, which is empty and may stay.
    """

    def __init__(self, path: Path, *, step: Callable[[str], None] = ignore) -> None:
        self.path = Path(path)
        self._step = step
        self._settled: bytes | None = None  # the bytes whose name is known to be on the disk

    def current(self) -> bytes | None:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        if data != self._settled:  # whoever put it there may have been interrupted before this
            self._step("fsync folder of the newest checkpoint")
            _sync_folder(self.path.parent)
            self._settled = data
        return data

    def swap(self, before: bytes | None, after: bytes) -> None:
        folder = self.path.parent
        with _room(folder):
            _made(folder, self._step, 0o700)
            with _locked(folder, os.O_RDONLY | os.O_DIRECTORY, fcntl.LOCK_EX):
                if self.current() != before:
                    raise Overtaken(
                        "another publisher has extended the log meanwhile",
                        place=str(self.path),
                        hint="begin again from its newest checkpoint",
                    )
                half = folder / f"{self.path.name}{_HALF}"
                self._step("write newest checkpoint")
                with half.open("wb", buffering=0) as file:
                    os.fchmod(file.fileno(), _FILE_MODE)
                    _all(file, after)
                    self._step("fsync newest checkpoint")
                    os.fsync(file.fileno())
                self._step("rename newest checkpoint")
                half.rename(self.path)
                self._step("fsync folder of the newest checkpoint")
                _sync_folder(folder)
                self._settled = after

    @contextmanager
    def lease(self) -> Iterator[None]:
        _made(self.path.parent, self._step, 0o700)
        with ExitStack() as held:
            try:
                held.enter_context(
                    _locked(
                        self.path.parent / f"{self.path.name}.lock",
                        os.O_RDWR | os.O_CREAT,
                        fcntl.LOCK_EX | fcntl.LOCK_NB,
                    )
                )
            except BlockingIOError as error:
                raise Overtaken(
                    "another publisher is at work on this log",
                    place=str(self.path),
                    hint="wait until it has ended",
                ) from error
            yield


def _media(path: str) -> str:
    """How a mutable file is served: notes are text, and the pages beside the log are what they are."""
    found = mimetypes.guess_type(path)[0] or "text/plain"
    return (
        f"{found}; charset=utf-8" if found.startswith("text/") or found.endswith(("json", "xml")) else found
    )


class S3:
    """A log's files in a bucket, through obstore (`pip install 'habeas[s3]'`).

    bucket: its name. prefix: a folder inside it, or empty. endpoint: of a storage that is not Amazon's
    (`https://s3.example.org`). region, key and secret: as the storage wants them; without them obstore looks
    in the environment (`AWS_ACCESS_KEY_ID` and the like) and asks the machine it runs on.

    A PUT that was answered is durable. A tile is written only if absent (`If-None-Match: *`), and `swap` puts
    a file only where the one that it read still stands (`If-Match` with its ETag).
    """

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint: str = "",
        region: str = "",
        key: str = "",
        secret: str = "",
        step: Callable[[str], None] = ignore,
    ) -> None:
        try:
            import obstore
            from obstore.store import S3Store
        except ImportError as error:
            raise Refused(
                "tiles in a bucket need a package that is not installed",
                place="obstore",
                hint="pip install 'habeas[s3]'",
            ) from error
        told: dict[str, Any] = {
            "region": region,
            "access_key_id": key,
            "secret_access_key": secret,
            "endpoint": endpoint,
        }
        self._store: S3Store = S3Store(
            bucket,
            prefix=prefix or None,
            conditional_put="etag",
            virtual_hosted_style_request=not endpoint,
            client_options={"allow_http": endpoint.startswith("http://")},
            **{name: value for name, value in told.items() if value},
        )
        self._obstore = obstore
        # FileNotFoundError: of a PUT, that there is no such bucket.
        self._wrong = (obstore.exceptions.BaseError, FileNotFoundError)
        self._stale = (obstore.exceptions.AlreadyExistsError, obstore.exceptions.PreconditionError)
        self._step = step
        self._bucket = bucket

    @classmethod
    def at(cls, address: str, *, step: Callable[[str], None] = ignore) -> S3:
        """The bucket that an address names: `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`, of which all but
        the bucket may be missing. Keys are never in it. Raises Refused where this is no such address."""
        parts = urlsplit(address)
        prefix, asked = parts.path.strip("/"), dict(parse_qsl(parts.query, keep_blank_values=True))
        if (
            parts.scheme != "s3"
            or not _BUCKET.fullmatch(parts.netloc)
            or (prefix and not _PATH.fullmatch(prefix))
            or not asked.keys() <= {"endpoint", "region"}
            or not _ENDPOINT.fullmatch(asked.get("endpoint", ""))
            or parts.fragment
        ):
            raise Refused(
                "this is no address of a bucket",
                place=address[:200],
                hint="s3://BUCKET/PREFIX?endpoint=https://s3.example.org&region=NAME",
            )
        endpoint = urlsplit(asked.get("endpoint", ""))
        if endpoint.scheme == "http" and endpoint.hostname not in _HERE:
            raise Refused("a bucket over a network is spoken to over https only", place=address[:200])
        return cls(parts.netloc, prefix=prefix, step=step, **asked)

    def read(self, path: str) -> bytes | None:
        try:
            return bytes(self._obstore.get(self._store, _checked(path)).bytes())
        except FileNotFoundError:
            return None
        except self._wrong as error:
            raise self._failed(path) from error

    def write(self, files: Mapping[str, bytes]) -> None:
        for path in files:
            _checked(path)
        with ThreadPoolExecutor(_SENDING) as pool:
            for _ in pool.map(self._create, files, files.values()):
                pass

    def _create(self, path: str, data: bytes) -> None:
        self._step(f"put {path}")
        try:
            self._obstore.put(
                self._store,
                path,
                data,
                mode="create",
                use_multipart=False,
                attributes={
                    "Content-Type": "application/octet-stream",
                    "Cache-Control": "public, max-age=31536000, immutable",
                },
            )
        except self._obstore.exceptions.AlreadyExistsError:
            if self.read(path) != data:
                raise _refuse_other(path) from None
        except self._wrong as error:
            raise self._failed(path) from error

    def publish(self, path: str, data: bytes) -> None:
        self._replace(_mutable(path), data, "overwrite")

    def swap(self, changes: Mapping[str, tuple[bytes | None, bytes]]) -> None:
        for path in changes:
            _mutable(path)
        for path, (before, after) in changes.items():
            self._swap(path, before, after)

    def _swap(self, path: str, before: bytes | None, after: bytes) -> None:
        found, version = self._versioned(path)
        if found != before:
            raise _overtaken(path)
        try:
            self._replace(path, after, version or "create")
        except self._stale:
            # Where the storage took it and its answer was lost, it was sent again: then it is ours.
            if self.read(path) != after:
                raise _overtaken(path) from None

    def _versioned(self, path: str) -> tuple[bytes | None, UpdateVersion | None]:
        """The file, and what names these very bytes to the storage; neither where there is none."""
        try:
            found = self._obstore.get(self._store, path)
            data, tag = bytes(found.bytes()), found.meta["e_tag"]
        except FileNotFoundError:
            return None, None
        except self._wrong as error:
            raise self._failed(path) from error
        if not tag:
            raise self._failed(path)
        return data, {"e_tag": tag}

    def _replace(self, path: str, data: bytes, mode: Literal["create", "overwrite"] | UpdateVersion) -> None:
        self._step(f"put {path}")
        try:
            self._obstore.put(
                self._store,
                path,
                data,
                mode=mode,
                use_multipart=False,
                attributes={"Content-Type": _media(path), "Cache-Control": "no-cache"},
            )
        except self._stale:
            raise
        except self._wrong as error:
            raise self._failed(path) from error

    def _failed(self, path: str) -> Refused:
        """Without the storage's own words: they may hold a signed address."""
        return Refused(
            "the bucket did not do what was asked",
            place=f"{self._bucket}: {path}",
            hint="check its address, keys and region, and whether its PUT honours If-None-Match and If-Match",
        )
