"""Where settings, clock and files are plugged together: the verbs behind the command line.

Reads requests of any form, assesses them on a day, streams whole histories line by line. Nothing here
judges; nothing below here knows what day it is.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec
import pyarrow.parquet

from habeas.assess import (
    Assessment,
    Knowledge,
    Matter,
    Recurring,
    Rulebook,
    Seat,
    assess,
    assess_all,
    rulebook,
    seat_of,
)
from habeas.errors import Refused
from habeas.reports.evaluation import Scores, compare
from habeas.reports.variants import Steadiness, steadiness
from habeas.request import (
    AccountFacts,
    Evidence,
    EvidenceKind,
    Label,
    Read,
    Register,
    Request,
    check_accounts,
    check_state,
    from_row,
    identify,
    read_entries,
    read_file,
    read_labels,
)
from habeas.request.formats import Form, detect, json_text, native
from habeas.request.formats.text import decode as decode_text
from habeas.treaty import Arrival, Role

ROWS_AT_A_TIME = 2_000  # rows of a Parquet file held in memory
ASSESSED_TOGETHER = 128  # entries of a history; more would not be quicker
_AHEAD = 2  # blocks read for each process before the first answer is waited for
_FINDINGS = 8_192  # kept as written, some five megabytes
_FIRST = 65_536  # bytes looked at to tell the form of a file
_NOTHING = Refused("there is no request in the file", hint="ask for it again")


def today() -> date:
    """The day at Greenwich. The only clock; everything below takes the day as an argument."""
    return datetime.now(UTC).date()


class HouseEvidence(Evidence, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Evidence as a house file states it: a misspelt field is refused, never left out."""


class HouseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the house knows beyond one request: who really sent it, and what only the custodian knows."""

    evidence: tuple[HouseEvidence, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()


class House(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A house file (JSON): states whose standing is suspended, and knowledge by request id."""

    suspended: tuple[str, ...] = ()
    requests: dict[str, HouseFile] = {}


class _HouseShape(msgspec.Struct, forbid_unknown_fields=True):
    """A house file before what it knows of each request is read, so that a refusal can name the request."""

    suspended: tuple[str, ...] = ()
    requests: dict[str, dict[str, Any]] = {}


def house(path: str) -> House:
    """Read a house file. Raises Refused with the field that is wrong."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise Refused("the house file cannot be read", place=path, hint=str(error.strerror)) from error
    shape = strictly(data, _HouseShape, path, hint="a house file has `suspended` and `requests`")
    for number, code in enumerate(shape.suspended):
        check_state(code, f"{path}: suspended[{number}]")
    found = House(
        suspended=shape.suspended,
        requests={
            id: converted(
                known,
                HouseFile,
                f"{path}: requests.{json_text.shown(id)}",
                hint="it has `evidence` and `accounts`; the kinds of evidence are: "
                + ", ".join(EvidenceKind)
                + "; the registers: "
                + ", ".join(Register),
            )
            for id, known in shape.requests.items()
        },
    )
    for id, known in found.requests.items():
        try:
            check_accounts(known.accounts)
        except Refused as refused:
            raise refused.at(f"{path}: requests.{json_text.shown(id)}") from None
    return found


Kind = TypeVar("Kind")


def strictly(data: bytes, kind: type[Kind], place: str, *, hint: str) -> Kind:
    """A JSON file of the house as a value, read as strictly as requests are: no name may stand twice.

    Raises Refused in plain words. place: of the file; hint: for a field that is wrong.
    """
    values, tainted = json_text.parse(decode_text(data, place))
    if refused := json_text.refusal_among(values, tainted):
        raise refused.at(place)
    return converted(values, kind, place, hint=hint)


def converted(values: object, kind: type[Kind], place: str, *, hint: str) -> Kind:
    """Plain values as a value of ours. Raises Refused in plain words, its place below `place`."""
    try:
        found = msgspec.convert(values, kind)
        msgspec.json.encode(found)  # half of a character is none: it can be neither written nor compared
        return found
    except msgspec.ValidationError as error:
        refused = native.explained(str(error)).at(place)
        about_requests = not refused.hint or "habeas schema" in refused.hint
        raise Refused(
            refused.sentence, place=refused.place, hint=hint if about_requests else refused.hint
        ) from None
    except (UnicodeEncodeError, RecursionError):
        raise Refused("this file is damaged", place=place, hint=hint) from None


_UNKNOWN = HouseFile()
NO_HOUSE = House()  # nothing is known beyond the requests


@dataclass(frozen=True, slots=True)
class Settings:
    """How requests are to be assessed. seat: overrides the addressee named in a request."""

    on: date
    as_if_in_force: bool = False
    seat: Seat | None = None
    policy: str | None = None
    house: House = NO_HOUSE

    @property
    def book(self) -> Rulebook:
        return rulebook(self.policy)

    def assess(self, request: Request) -> Assessment:
        return self.assess_all([request])[0]

    def assess_all(self, requests: Sequence[Request]) -> list[Assessment]:
        """Each as `assess` does; all answers are in memory at once."""
        return assess_all([self._matter(request) for request in requests], on=self.on, book=self.book)

    def _matter(self, request: Request) -> Matter:
        seat = self.seat
        if seat is None:
            seat = seat_of(request)
        elif seat.state is None:
            seat = msgspec.structs.replace(seat, state=seat_of(request).state)
        known = self.house.requests.get(request.id, _UNKNOWN)
        knowledge = Knowledge(
            identification=(
                identify(request.issuing, known.evidence, state=request.requesting_state, on=self.on)
                if known.evidence
                else None
            ),
            accounts=known.accounts,
            suspended=frozenset(self.house.suspended),
            as_if_in_force=self.as_if_in_force,
        )
        return Matter(request, seat, knowledge)


def seat(words: str) -> Seat:
    """`provider`, `USA:provider` or `USA:provider:domestic-order` as a seat."""
    parts = words.split(":")
    state = parts.pop(0) if len(parts[0]) == 3 and parts[0].isupper() else None
    role = parts.pop(0) if parts else Role.PROVIDER.value
    arrival = parts.pop(0) if parts else Arrival.REQUEST.value
    if role not in list(Role) or arrival not in list(Arrival) or parts:
        raise Refused(
            f"{words!r} is not a seat",
            place="--seat",
            hint=f"write STATE:ROLE:ARRIVAL; roles: {', '.join(Role)}; arrivals: {', '.join(Arrival)}",
        )
    if state is not None:
        check_state(state, "--seat")
    return Seat(state, role, arrival)


def entries(paths: Sequence[str], house: House, *, noticing: bool = True) -> Iterator[Read]:
    """The requests of some files as `stream` gives them; what the house file cannot mean is refused.

    The house knows requests by id. An id that stands twice would give one request what is known of the
    other, so both are refused, whichever comes first; ids the house does not know may repeat.
    """
    places: dict[str, list[str]] = {}
    if house.requests:
        for path in paths:
            for read in stream(path, noticing=False):
                if read.request is not None and read.request.id in house.requests:
                    places.setdefault(read.request.id, []).append(read.place)
    for path in paths:
        for read in stream(path, noticing=noticing):
            refused = _misfit(read, house, places)
            yield Read(place=read.place, refused=refused) if refused else read


def _misfit(read: Read, house: House, places: dict[str, list[str]]) -> Refused | None:
    """Why the house file cannot be about this request, if so."""
    request = read.request
    if request is None or request.id not in house.requests:
        return None
    if len(places.get(request.id, ())) > 1:
        shown = places[request.id][:3]
        return Refused(
            f"the id {json_text.shown(request.id)} stands more than once: {', '.join(shown)}",
            place=read.place,
            hint="give each its own id: the house file cannot say which of them it knows",
        )
    targets = [target.id for target in request.targets]
    for number, account in enumerate(house.requests[request.id].accounts):
        if account.target not in targets:
            return Refused(
                f"the house file knows the account of `{json_text.shown(account.target)}`, "
                "which is no target of this request",
                place=f"{read.place}: house file, requests.{json_text.shown(request.id)}.accounts[{number}]",
                hint=f"its targets are: {', '.join(map(json_text.shown, targets)) or 'none'}",
            )
    return None


def stream(path: str, *, noticing: bool = True) -> Iterator[Read]:
    """The requests of a file, one at a time; JSON lines and Parquet are never held in memory whole.

    noticing: look for what a person should see although it is accepted (`Read.notices`). Parquet gives none.
    """
    try:
        with Path(path).open("rb") as file:
            first = file.read(_FIRST)
    except OSError:
        yield from read_file(path)  # which says why
        return
    if first.startswith(b"PAR1"):
        yield from _parquet(path)
    elif _is_lines(path, first):
        yield from _lines(path, noticing)
    else:
        yield from read_file(path)


def _is_lines(path: str, first: bytes) -> bool:
    if path.endswith((".jsonl", ".ndjson")):
        return True
    try:
        return detect(first[: first.rfind(b"\n") + 1] or first) is Form.JSON_LINES
    except Refused:
        return False


def _lines(path: str, noticing: bool) -> Iterator[Read]:
    found = False
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            found = True
            place = f"{path}: line {number}"
            request = None if noticing else _plain(line)
            if request is not None:
                yield Read(place=place, request=request)
                continue
            for read in read_entries(line.rstrip(), place):
                yield msgspec.structs.replace(read, place=place)
    if not found:
        yield Read(place=path, refused=_NOTHING.at(path))


def _plain(line: bytes) -> Request | None:
    """The request of a line in our own form; None for the corpus form, a list, and what will be refused."""
    try:
        return native.decode(line)
    except Refused:
        return None


def _parquet(path: str) -> Iterator[Read]:
    try:
        table = pyarrow.parquet.ParquetFile(path)
        number = 0
        for batch in table.iter_batches(batch_size=ROWS_AT_A_TIME):
            for row in batch.to_pylist():
                number += 1
                place = f"{path}: row {number}"
                try:
                    yield Read(place=place, request=from_row(row))
                except Refused as refused:
                    yield Read(place=place, refused=refused.at(place))
        if not number:
            yield Read(place=path, refused=_NOTHING.at(path))
    except (pyarrow.ArrowException, OSError) as error:
        yield Read(
            place=path,
            refused=Refused(
                "this Parquet file cannot be read", place=path, hint=str(error).splitlines()[0][:200]
            ),
        )


class Lines(Protocol):
    """What takes whole lines of bytes: a file, or something that shows them."""

    def write(self, line: bytes | bytearray, /) -> object:
        """Take one line, its end included; it may be written over afterwards."""
        ...


@dataclass(slots=True)
class Progress:
    """How far a run has come: entries assessed and entries refused."""

    done: int = 0
    refused: int = 0


def batch(
    path: str,
    settings: Settings,
    out: Lines,
    refused: Lines,
    *,
    skip: int = 0,
    processes: int = 1,
    told: Callable[[Progress], None] | None = None,
) -> Progress:
    """Assess every request of a file; one JSON object a line to `out`, what was refused to `refused`.

    skip: entries already done by an earlier run (see `resume_point`). processes: how many share the work; the
    answers and their order are the same. A bad entry loses no good one.
    """
    encoder = msgspec.json.Encoder()
    progress = Progress()
    waiting = islice(enumerate(entries([path], settings.house, noticing=False)), skip, None)
    blocks = iter(lambda: list(islice(waiting, ASSESSED_TOGETHER)), [])
    for block, answers in _answered(blocks, settings, processes):
        answer = iter(answers)
        for number, read in block:
            if read.request is None:
                reason = read.refused or Refused("nothing could be read here")
                refused.write(
                    encoder.encode(
                        {
                            "entry": number,
                            "place": read.place,
                            "error": reason.sentence,
                            "at": reason.place,
                            "hint": reason.hint,
                        }
                    )
                    + b"\n"
                )
                progress.refused += 1
            else:
                out.write(next(answer))
                progress.done += 1
            if told is not None:
                told(progress)
    return progress


_Block = list[tuple[int, Read]]


def _answered(
    blocks: Iterator[_Block], settings: Settings, processes: int
) -> Iterator[tuple[_Block, Sequence[bytes]]]:
    """Each block with the lines of its answers, in order. No more is read ahead than the processes can use.

    Raises Refused where one of them is ended from outside; what was written before stays good.
    """
    if processes == 1:
        here = _Assessor(settings)
        for block in blocks:
            yield block, here.lines(_readable(block))
        return
    context = multiprocessing.get_context("spawn")  # no thread and no open file of this process is inherited
    pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(settings,))
    sent: deque[tuple[_Block, Future[list[bytes]]]] = deque()
    try:
        for block in blocks:
            sent.append((block, pool.submit(_in_its_process, _readable(block))))
            if len(sent) > _AHEAD * processes:
                first, lines = sent.popleft()
                yield first, lines.result()
        for block, lines in sent:
            yield block, lines.result()
    except BrokenProcessPool:
        raise Refused(
            "a process that shared the work was ended from outside",
            place="assess",
            hint="go on with --resume, and with fewer --processes if memory was short",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _readable(block: _Block) -> list[tuple[int, Request]]:
    return [(number, read.request) for number, read in block if read.request is not None]


class _Assessor:
    """Requests made into lines of answers; one in each process."""

    mine: ClassVar[_Assessor]

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._written = _AnswerLines()

    def lines(self, numbered: list[tuple[int, Request]]) -> list[bytes]:
        answers = self._settings.assess_all([request for _, request in numbered])
        return [
            bytes(self._written.line(number, answer))
            for (number, _), answer in zip(numbered, answers, strict=True)
        ]


def _begin(settings: Settings) -> None:
    # Whoever reads and writes is interrupted, and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Assessor.mine = _Assessor(settings)


def _in_its_process(numbered: list[tuple[int, Request]]) -> list[bytes]:
    return _Assessor.mine.lines(numbered)


class _AnswerLines:
    """Answers as lines of JSON. What many requests share is one and the same finding in all their answers, so
    each of these is written out once and copied from then on."""

    def __init__(self) -> None:
        self._encoder = msgspec.json.Encoder()
        self._line = bytearray()  # the same memory for every answer
        self._written: dict[int, msgspec.Raw] = {}  # by the id of a finding
        self._alive: list[Recurring] = []  # those written: while they live, nothing else gets their id

    def line(self, number: int, answer: Assessment) -> bytearray:
        """Written over by the next one."""
        if len(self._alive) > _FINDINGS:
            self._written.clear()
            self._alive.clear()
        found = answer.findings
        findings = list(map(self._written.get, map(id, found), found))
        for place, finding in enumerate(findings):
            if type(finding) is Recurring:
                findings[place] = self._written[id(finding)] = msgspec.Raw(self._encoder.encode(finding))
                self._alive.append(finding)
        line = self._line
        # the entry number comes first, so that an interrupted run can be taken up again
        begin = b'{"entry":%d' % number
        follows = len(begin)
        line[:follows] = begin
        self._encoder.encode_into(msgspec.structs.replace(answer, findings=findings), line, follows)
        line[follows] = ord(",")  # instead of the bracket with which the answer alone begins
        line += b"\n"
        return line


def resume_point(*written: Path) -> int:
    """How many entries an interrupted run has finished: one more than the highest in its complete lines.

    A last line that was cut off is removed from its file. Raises Refused, and leaves every file as it is,
    where one of them was not written by a run like this.
    """
    highest = -1
    whole: dict[Path, int] = {}
    for path in written:
        if path.exists():
            whole[path], last = _finished(path)
            highest = max(highest, last)
    for path, size in whole.items():
        if path.stat().st_size > size:
            os.truncate(path, size)
    return highest + 1


_BEGINNING = b'{"entry":'  # of every line that `batch` writes


def _finished(path: Path) -> tuple[int, int]:
    """The bytes of the complete lines of a file of ours, and the highest entry in them (-1: none)."""
    whole, highest = 0, -1
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.endswith(b"\n"):
                entry = _entry_of(line)
                highest = max(highest, entry)
                whole += len(line)
                ours = entry >= 0
            else:
                ours = number > 1 or line.startswith(_BEGINNING) or _BEGINNING.startswith(line)
            if not ours:
                raise Refused(
                    "this file was not written by a run with --batch, and it was left as it is",
                    place=f"{path}: line {number}",
                    hint="name the file the interrupted run wrote to, or leave out --resume for a new file",
                )
    return whole, highest


def _entry_of(line: bytes) -> int:
    """The number of the entry that a line of `batch` is about; -1 where the line is not one."""
    try:
        found = msgspec.json.decode(line, type=_Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return -1
    return found.entry if found.decision is not None or found.error is not None else -1


class _Entry(msgspec.Struct):
    entry: int
    decision: str | None = None
    error: str | None = None


def _labelled(paths: Sequence[str]) -> tuple[list[Label], dict[str, Request]]:
    """The labels of some files, and the requests that have one, by id. No case may be counted twice."""
    labels: list[Label] = []
    wanted: dict[str, str] = {}  # id -> file
    for path in paths:
        for label in read_labels(path):
            if label.id in wanted:
                raise Refused(
                    f"the case {json_text.shown(label.id)} was already read from {wanted[label.id]}",
                    place=path,
                    hint="name each file once, and give each case its own id",
                )
            wanted[label.id] = path
            labels.append(label)
    requests = {}
    for path in paths:
        for read in read_file(path, strict=True):
            if read.request is not None and read.request.id in wanted:
                requests[read.request.id] = read.request
    return labels, requests


def robustness(paths: Sequence[str], settings: Settings) -> tuple[Steadiness, ...]:
    """How often the answer stays when the same labelled cases are told differently."""
    labels, requests = _labelled(paths)
    return steadiness(requests.values(), labels, settings.assess)


def evaluate(paths: Sequence[str], settings: Settings) -> Scores:
    """Assess labelled cases and compare. Labels are read apart and never reach the engine."""
    labels, requests = _labelled(paths)
    answers = [settings.assess(requests[label.id]) for label in labels]
    bare = settings.book.restricted(TREATY_THEMES)
    treaty_only = [str(assess(requests[label.id], on=settings.on, book=bare).decision) for label in labels]
    return compare(answers, labels, treaty_only)


# The Convention's own tests: basis, channel, what a request must contain, scope and gravity.
TREATY_THEMES = frozenset({"basis", "channel", "form", "scope", "gravity"})


def plain(value: Any) -> str:
    """A value as JSON text, keys in their order, readable."""
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2)


def environment_policy() -> str | None:
    """The house policy named by HABEAS_POLICY, if any."""
    return os.environ.get("HABEAS_POLICY") or None
