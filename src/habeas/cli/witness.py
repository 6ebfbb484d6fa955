"""`habeas witness`: watch over the logs of others, and cosign what only grows (C2SP tlog-witness).

For an organisation outside the house, on a machine outside the house. What may be cosigned is decided in
`tlog.witness`; here are the key file, what is remembered of each log, and the web server. Whatever is
cosigned is on the disk before it is answered, and put there by compare-and-swap, so that two requests at
once, or two servers over one folder by mistake, cannot cosign two histories. No addresses are logged.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import click
import msgspec

from habeas.cli import answering
from habeas.cli.answering import Application, StartResponse
from habeas.errors import Refused
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Key, Note, Signer
from habeas.tlog.policy import Policy
from habeas.tlog.storage import CHECKPOINT, CheckpointFile, Overtaken
from habeas.tlog.witness import (
    ADD_CHECKPOINT,
    LARGEST_BODY,
    Answer,
    Evidence,
    answer,
    origin_hash,
    origin_in,
)

TOLD, WELL = 1, 0  # exit codes of `show`: something to look at, nothing
SEED = 32  # bytes, of both kinds of key
ATTEMPTS = 50  # to put down what was cosigned, while others are quicker
KEEP_ALIVE = 75  # seconds; longer than a proxy keeps a connection
MOST_PROVEN, MOST_OTHER = 200, 50  # files of evidence on one log; anybody can send the second kind

_FORM = "habeas/witness-key/v1"
_NAMES = {"ed25519": Algorithm.COSIGNATURE, "ml-dsa-44": Algorithm.MLDSA44}
_OWN = "witness"  # the file in the state folder that says whose memory it is
_EVIDENCE = "evidence"
_FORK, _MISFIT = "fork", "misfit"  # how its files begin
_STATUS = {
    200: "200 OK",
    400: "400 Bad Request",
    403: "403 Forbidden",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    408: "408 Request Timeout",
    409: "409 Conflict",
    413: "413 Content Too Large",
    422: "422 Unprocessable Content",
    503: "503 Service Unavailable",
}


# ---- the key file ------------------------------------------------------------------------------------------


def write_keys(path: Path, name: str, seeds: Mapping[str, bytes]) -> tuple[Signer, ...]:
    """A new key file that only its owner can read. seeds: 32 bytes by kind, "ed25519" or "ml-dsa-44".

    Refused where something stands there already: a key is never written over.
    """
    signers = tuple(Signer.from_seed(name, seed, _NAMES[kind]) for kind, seed in seeds.items())
    lines = [_FORM, f"name {name}", *(f"{kind} {seed.hex()}" for kind, seed in seeds.items()), ""]
    _put(path, "\n".join(lines).encode(), "there is a key already, and it is not written over")
    return signers


def read_keys(path: Path) -> tuple[Signer, ...]:
    """The keys in a file, Ed25519 first; without that of ML-DSA where this machine cannot sign with it.

    Refused where others can read it, or it is no key file.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o027:  # systemd hands credentials over as 0440
            raise Refused(
                "others can read or change this key", place=str(path), hint="chmod 600, or make a new key"
            )
        lines = file.read(4096).decode("utf-8", "replace").splitlines()
    fields = [line.partition(" ")[::2] for line in lines[1:]]
    said = dict(fields)
    kinds = [kind for kind in _NAMES if kind in said]
    if lines[:1] != [_FORM] or set(said) != {"name", *kinds} or len(said) != len(fields) or not kinds:
        raise Refused("this is no key file of a witness", place=str(path), hint="habeas witness new")
    signers = []
    for kind in kinds:
        try:
            seed = bytes.fromhex(said[kind])
        except ValueError:
            seed = b""
        if len(seed) != SEED:
            raise Refused(f"the {kind} key has not {SEED} bytes in hex", place=str(path))
        try:
            signers.append(Signer.from_seed(said["name"], seed, _NAMES[kind]))
        except Refused:
            if kind == kinds[0]:
                raise
    return tuple(signers)


def read_logs(path: Path) -> dict[str, tuple[Key, ...]]:
    """The keys trusted for each log: from a policy (C2SP tlog-policy), or a verifier key on each line.

    Several keys of one name are of one log, as while its key changes. Comments begin with #.
    """
    text = path.read_text("utf-8")
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    policy = any(len(line.split()) > 1 for line in lines)
    try:
        keys = Policy.parse(text).logs if policy else tuple(Key.parse(line) for line in lines)
    except Refused as refused:
        raise refused.at(str(path)) from refused
    if not keys:
        raise Refused("no log is named here", place=str(path), hint="one verifier key on each line")
    logs: dict[str, tuple[Key, ...]] = {}
    for key in keys:
        logs[key.name] = (*logs.get(key.name, ()), key)
    return logs


def _put(path: Path, data: bytes, there: str) -> None:
    """A new file for its owner alone: durable, and whole or not there. Refused with `there` where one is."""
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with open(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.link(half, path)  # never writes over anything, unlike a rename
    except FileExistsError:
        raise Refused(there, place=str(path)) from None
    finally:
        os.unlink(half)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# ---- what a witness remembers ------------------------------------------------------------------------------


class Memory:
    """What a witness cosigned last of each log, and evidence, in a folder.

    <origin hash>/checkpoint is the newest cosigned checkpoint,
    <origin hash>/evidence/ holds what did not fit.
    `witness` holds the keys whose memory it is. A key without its memory would cosign a second history, so
    there is no beginning anew: `made` once, `opened` ever after.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[str, CheckpointFile] = {}

    @classmethod
    def made(cls, path: Path, signers: Sequence[Signer]) -> Memory:
        """An empty memory for new keys."""
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lines = "".join(f"{signer.key}\n" for signer in signers)
        _put(path / _OWN, lines.encode(), "a witness remembers something here already")
        return cls(path)

    @classmethod
    def opened(cls, path: Path, signers: Sequence[Signer]) -> Memory:
        """The memory of these keys; Refused where it is not here, or is another's."""
        lost = "if it is lost, this key must not sign again: make a new one with `habeas witness new`"
        try:
            own = (path / _OWN).read_text("utf-8").split()
        except FileNotFoundError:
            raise Refused("what this witness remembers is not here", place=str(path), hint=lost) from None
        if not {str(signer.key) for signer in signers} <= set(own):
            raise Refused("this is the memory of another witness", place=str(path), hint=lost)
        return cls(path)

    def of(self, origin: str) -> CheckpointFile:
        """The newest cosigned checkpoint of a log: to read, and to swap."""
        return self._files.setdefault(origin, CheckpointFile(self.path / origin_hash(origin) / CHECKPOINT))

    def keep(self, evidence: Evidence) -> Path | None:
        """Put evidence down, once; None where it is there already, or too much of its kind is."""
        folder = self.path / origin_hash(evidence.origin) / _EVIDENCE
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kind = _FORK if evidence.proven else _MISFIT
        texts = "".join(_text(each) for each in (evidence.kept, evidence.sent))
        path = folder / f"{kind}-{sha256(texts.encode()).hexdigest()[:32]}.json"
        there = set(folder.glob(f"{kind}-*"))
        if path in there or len(there) >= (MOST_PROVEN if evidence.proven else MOST_OTHER):
            return None
        try:
            _put(path, msgspec.json.format(msgspec.json.encode(evidence)) + b"\n", "known")
        except Refused:
            return None
        return path

    def all(self) -> list[Seen]:
        """What is here of each log, by origin."""
        seen = []
        for folder in (each for each in self.path.iterdir() if each.is_dir()):
            file, evidence = folder / CHECKPOINT, sorted((folder / _EVIDENCE).glob("*.json"))
            note = Note.parse(file.read_bytes()) if file.exists() else None
            if note is not None:
                origin = Checkpoint.parse(note.text).origin
            elif evidence:
                origin = msgspec.json.decode(evidence[0].read_bytes(), type=Evidence).origin
            else:
                continue  # it was asked for and never cosigned
            seen.append(Seen(origin=origin, note=note, evidence=tuple(evidence)))
        return sorted(seen, key=lambda each: each.origin)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A log as a witness saw it. note: what it cosigned last, if anything."""

    origin: str
    note: Note | None
    evidence: tuple[Path, ...]


def _text(note: str) -> str:
    """The checkpoint without its signatures, which may differ from one time to the next."""
    return note.rpartition("\n\n")[0]


# ---- the web server ----------------------------------------------------------------------------------------


def application(
    logs: Mapping[str, Sequence[Key]], memory: Memory, signers: Sequence[Signer], now: Callable[[], float]
) -> Application:
    """The WSGI side of a witness: POST /add-checkpoint, GET /<origin hash>/checkpoint.

    logs: the keys trusted for each origin. now: POSIX seconds.
    """
    shown = {f"/{origin_hash(origin)}/{CHECKPOINT}": origin for origin in logs}

    def added(body: bytes, errors: IO[str]) -> Answer:
        origin = origin_in(body)
        file = memory.of(origin) if origin is not None and origin in logs else None
        for _ in range(ATTEMPTS):
            last = None if file is None else file.current()
            said = answer(body, logs, last, signers, int(now()))
            if said.evidence and (path := memory.keep(said.evidence)):
                errors.write(f"{said.evidence.why}: {said.evidence.origin}, see {path}\n")
            if file is None or said.remember is None:
                return said
            try:
                file.swap(last, said.remember)
            except Overtaken:
                continue  # it is looked at again from what is known now
            return said
        return Answer(status=503, body=b"others were quicker each time\n")

    def asked(environ: dict[str, Any]) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if path == ADD_CHECKPOINT:
            if method != "POST":
                return Answer(status=405, body=b"POST\n")
            if int(environ.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
                return Answer(status=413, body=b"too long\n")
            try:
                body = environ["wsgi.input"].read(LARGEST_BODY + 1)
            except OSError:
                return Answer(status=408, body=b"the request did not come in time\n")
            if len(body) > LARGEST_BODY:
                return Answer(status=413, body=b"too long\n")
            return added(body, environ["wsgi.errors"])
        if path in shown:
            if method not in ("GET", "HEAD"):
                return Answer(status=405, body=b"GET\n")
            cosigned = memory.of(shown[path]).current()
            if cosigned is not None:
                return Answer(status=200, body=cosigned)
        return Answer(status=404, body=b"nothing is here\n")

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            said = asked(environ)
        except (Refused, OSError) as error:  # our own files: then nothing is cosigned
            environ["wsgi.errors"].write(f"{error}\n")
            said = Answer(status=503, body=b"this witness cannot keep what it would sign\n")
        headers = [("Content-Type", said.media), ("Content-Length", str(len(said.body)))]
        headers += [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]
        if said.status == 405:
            headers.append(("Allow", said.body.decode().strip()))
        start_response(_STATUS[said.status], headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [said.body]

    return answered


# ---- the commands ------------------------------------------------------------------------------------------

_file = click.Path(path_type=Path, dir_okay=False)
_folder = click.Path(path_type=Path, file_okay=False)
key_option = click.option(
    "--key", type=_file, required=True, envvar="HABEAS_WITNESS_KEY", help="The file with the witness's keys."
)
state_option = click.option(
    "--state",
    type=_folder,
    required=True,
    envvar="HABEAS_WITNESS_STATE",
    help="The folder that holds what was cosigned last. Never restore it from a backup.",
)


@click.group()
def witness() -> None:
    """Watch over the logs of others: cosign what only grows, and nothing else."""


@witness.command()
@click.argument("name")
@key_option
@state_option
@click.option(
    "--ml-dsa/--no-ml-dsa",
    default=True,
    show_default=True,
    help="A second key, against quantum computers.",
)
def new(name: str, key: Path, state: Path, ml_dsa: bool) -> None:
    """Make keys and an empty memory, and print the keys by which others know them.

    NAME is an address that is yours, without https://, such as witness.example.org. It cannot be changed.
    """
    seeds = {"ed25519": os.urandom(SEED)}
    if ml_dsa:
        seeds["ml-dsa-44"] = os.urandom(SEED)
    if (state / _OWN).exists():
        raise Refused("a witness remembers something here already", place=str(state / _OWN))
    signers = write_keys(key, name, seeds)
    Memory.made(state, signers)
    for signer in signers:
        click.echo(str(signer.key))


@witness.command()
@key_option
@state_option
@click.option(
    "--logs",
    type=_file,
    required=True,
    envvar="HABEAS_WITNESS_LOGS",
    help="Whom to watch: a policy file, or one verifier key on each line.",
)
@click.option("--bind", default="127.0.0.1", show_default=True, help="The address to answer at.")
@click.option("--port", default=8090, show_default=True, type=click.IntRange(1, 65535))
def serve(key: Path, state: Path, logs: Path, bind: str, port: int) -> None:
    """Answer to logs until told to stop. TLS, and a limit for each address, are a proxy's task.

    On SIGHUP the list of logs is read again; one that cannot be used is said, and the old one stays.
    """
    signers = read_keys(key)
    watched = _watched(logs, signers)
    memory = Memory.opened(state, signers)
    for signer in signers:
        click.echo(
            f"signing as {signer.key.name}+{signer.key.id.hex()}, {signer.key.algorithm.name}", err=True
        )

    def load() -> Application:
        nonlocal watched
        try:
            watched = _watched(logs, signers)
        except (Refused, OSError, UnicodeDecodeError) as error:
            click.echo(f"the list of logs stays as it was: {error}", err=True)
        for origin in sorted(watched):
            click.echo(f"watching {origin}", err=True)
        return application(watched, memory, signers, time.time)

    answering.run(load, answering.address(bind, port), name="habeas witness", keep_alive=KEEP_ALIVE)


def _watched(logs: Path, signers: Sequence[Signer]) -> Mapping[str, Sequence[Key]]:
    """The logs in the list; Refused where it names none, or one with a key of the witness's own."""
    watched, own = read_logs(logs), {signer.key.public for signer in signers}
    if any(each.public in own for keys in watched.values() for each in keys):
        raise Refused("a witness does not watch a log that has its own key", place=str(logs))
    return watched


@witness.command()
@state_option
def show(state: Path) -> None:
    """What was cosigned last of each log. Exit code 1 where a log signed what does not fit."""
    try:
        own = (state / _OWN).read_text("utf-8").split()
    except FileNotFoundError:
        raise Refused("no witness remembers anything here", place=str(state)) from None
    keys = [Key.parse(each) for each in own]
    forks = 0
    for seen in Memory(state).all():
        click.echo(f"{seen.origin}  {_cosigned(seen.note, keys) if seen.note else 'nothing cosigned'}")
        for path in seen.evidence:
            proven = path.name.startswith(_FORK)
            forks += proven
            said = "the log signed two histories" if proven else "a proof did not lead here"
            click.echo(f"  {said}: {path}")
    click.get_current_context().exit(TOLD if forks else WELL)


def _cosigned(note: Note, keys: Sequence[Key]) -> str:
    checkpoint = Checkpoint.parse(note.text)
    times = [each.at for each in note.verified(keys) if each.at is not None]
    at = f"{datetime.fromtimestamp(max(times), UTC):%Y-%m-%dT%H:%M:%SZ}" if times else "not by these keys"
    return f"{checkpoint.size} entries  {checkpoint.root.hex()}  {at}"
