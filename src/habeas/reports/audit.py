"""An audit of a public site: does what it shows hold, and what does nobody vouch for?

Everything is read from the site and reckoned anew: signatures, cosignatures, every hash of the tree, whether
it begins with the tree seen at the last visit, how old it is, whether what is opened stands in the log and
the files it names are those that were logged. With an auditor's openings every number is counted again; with
promises it is seen whether they were kept. Decides which of these hold and says each in one sentence; where a
site asks to be believed, that is a sentence too. Reading the site is a function: nothing is opened here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from habeas.desk import promise, public
from habeas.desk.events import Silence
from habeas.desk.promise import Kept
from habeas.desk.public import GROUPS, LEDGER_UNTIL, Counted, Kind, Opening
from habeas.desk.receipt import Field
from habeas.errors import Refused
from habeas.reports.transparency import figures
from habeas.reports.transparency.model import Report, Totals
from habeas.reports.transparency.reporting import differences, month_differences
from habeas.tlog import (
    CHECKPOINT,
    WIDTH,
    Checkpoint,
    Key,
    Opened,
    Policy,
    Unproven,
    entries_path,
    leaf_hash,
    opened,
    root_of,
    tile_path,
    unbundle,
)
from habeas.tlog.tree import EMPTY_ROOT, HASH

FRESH_WITHIN = timedelta(days=2)  # the log is published once a day; one day may be missed
MANIFEST, FRESH = "habeas.json", "fresh"
SITE_FORMAT, OPEN_FORMAT = "habeas/site/v1", "habeas/open/v1"
SUMS = "SHA256SUMS"
_MOST_WORDS = 200
_MOST_DIFFERENCES = 20  # said of one report; the first tell enough

Many = Callable[[Sequence[str]], Iterator[bytes | None]]
"""Gives the bytes at each path of the site, in order; None where there is no such file."""


class Witnessing(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    url: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a site says about itself, for those who check it.

    log, promises: verifier keys. hour, zone: of the daily publication. within: days a promise runs. quorum:
    how many of the witnesses must cosign. opened: the places of the leaves that are opened to everybody.
    silences: kinds that law forbids to count in public, how, and by which law.
    """

    format: str
    origin: str
    log: str
    promises: str
    hour: int
    zone: str
    within: int
    quorum: int
    witnesses: tuple[Witnessing, ...] = ()
    opened: tuple[int, ...] = ()
    silences: tuple[Silence, ...] = ()

    def policy(self) -> Policy:
        """Whom the site itself names. Compare it with what you know from elsewhere."""
        witnesses = [(Key.parse(each.key), each.url) for each in self.witnesses]
        return Policy.k_of_n(Key.parse(self.log), witnesses, self.quorum)

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class OpenLeaf(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf that is opened to everybody: all its fields, with their salts."""

    format: str
    place: int
    groups: dict[str, tuple[Field, ...]]

    @classmethod
    def of(cls, place: int, openings: Iterable[Opening]) -> OpenLeaf:
        return cls(
            format=OPEN_FORMAT,
            place=place,
            groups={
                each.group: tuple(
                    Field(name=name, salt=salt.hex(), value=value)
                    for name, salt, value in zip(GROUPS[each.group], each.salts, each.values, strict=True)
                )
                for each in openings
            },
        )

    def opening(self, group: str) -> Opening:
        """Raises Unproven where the fields are not those of the group, or not opened."""
        fields = self.groups.get(group, ())
        if [each.name for each in fields] != list(GROUPS[group]):
            raise Unproven("these are not the fields of the group", place=group)
        try:
            salts = tuple(bytes.fromhex(each.salt or "") for each in fields)
        except ValueError:
            raise Unproven("a salt is not in hex", place=group) from None
        return Opening(group=group, values=tuple(each.value or "" for each in fields), salts=salts)

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An auditor's opening of one leaf, as a line of a file: what is counted, and the salts in hex."""

    place: int
    values: tuple[str, ...]
    salts: tuple[str, ...]

    def opening(self) -> Opening:
        return Opening(
            group="count", values=self.values, salts=tuple(bytes.fromhex(salt) for salt in self.salts)
        )


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """holds: True, False, or None where nobody outside can tell."""

    holds: bool | None
    sentence: str


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. checkpoint: to be kept for the next visit; empty where the tree does not hold."""

    origin: str
    size: int
    findings: tuple[Finding, ...]
    checkpoint: bytes = b""

    @property
    def holds(self) -> bool:
        return not any(each.holds is False for each in self.findings)


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The log as the site shows it, with every hash reckoned anew."""

    seen: Opened
    leaves: list[bytes]


def audit(
    many: Many,
    *,
    now: datetime,
    known: Policy | None = None,
    last: bytes | None = None,
    openings: Iterable[bytes] | None = None,
    promises: Sequence[bytes] = (),
) -> Audit:
    """Look at everything. Never raises for what a site does: a thing that cannot be read is a finding.

    known: whom the reader trusts, from elsewhere. last: the checkpoint of the last visit. openings: an
    auditor's file, a line for each leaf. promises: notes that were given to senders.
    """
    found: list[Finding] = []

    def say(holds: bool | None, sentence: str) -> None:
        found.append(Finding(holds=holds, sentence=sentence))

    def read(path: str) -> bytes | None:
        return next(iter(many([path])))

    try:
        manifest = read_manifest(read)
        policy = _policy(manifest, known, say)
        log = _log(many, read, manifest, policy, say)
    except Refused as refused:
        say(False, _spoken(refused))
        return Audit(origin="", size=0, findings=tuple(found))
    tree = log.seen.checkpoint
    _last(last, policy, log, say)
    fresh = _fresh(read, manifest, tree, now, say)
    files = _opened(many, manifest, log, say)
    for note in promises:
        _promise(note, manifest, log, fresh, now, say)
    if openings is not None:
        counted = _openings(openings, log, say)
        if counted is not None:
            _recount(many, files, counted, say)
    for each in manifest.silences:
        say(None, _silence(each))
    return Audit(
        origin=tree.origin, size=tree.size, findings=tuple(found), checkpoint=log.seen.note.encoded()
    )


Say = Callable[[bool | None, str], None]


def read_manifest(read: Callable[[str], bytes | None]) -> Manifest:
    """The site's own description. Raises Refused where there is none."""
    data = read(MANIFEST)
    if data is None:
        raise Refused("there is no public log here", place=MANIFEST, hint="give the address of the site")
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise Refused(f"the site's own description cannot be read: {error}", place=MANIFEST) from None
    if manifest.format != SITE_FORMAT:
        raise Refused(f"the site is not of the form {SITE_FORMAT}", place=MANIFEST)
    return manifest


def _policy(manifest: Manifest, known: Policy | None, say: Say) -> Policy:
    named = manifest.policy()
    if known is None:
        say(
            None,
            "The keys are those that the site itself names: compare them with what its operator printed "
            f"elsewhere. Log: {manifest.log}",
        )
        return named
    if set(named.logs) <= set(known.logs):
        say(True, "The log's key is the one you know.")
    else:
        say(False, "The site names another key than the one you know.")
    return known


def _log(
    many: Many, read: Callable[[str], bytes | None], manifest: Manifest, policy: Policy, say: Say
) -> Shown:
    """The whole log, read and reckoned anew. Raises Refused where it is not what was signed."""
    data = read(CHECKPOINT)
    if data is None:
        raise Refused("the site shows no signed tree", place=CHECKPOINT)
    seen = opened(data, policy)
    tree = seen.checkpoint
    if tree.origin != manifest.origin:
        raise Refused("the tree is of another log than the site", place=tree.origin)
    say(True, f"{tree.origin} signed a tree of {_many(tree.size, 'leaf', 'leaves')}.")
    _witnessed(seen, policy, say)
    leaves = _leaves(many, tree)
    hashes = [leaf_hash(leaf) for leaf in leaves]
    root = root_of(hashes)
    if root != tree.root:
        raise Refused("the leaves do not give the root that was signed: one was changed, added or dropped")
    say(True, f"Every one of the {_many(tree.size, 'leaf', 'leaves')} is in the signed tree, in its place.")
    _tiles(many, hashes, say)
    strange = sum(not leaf.startswith(public.TAG) or len(leaf) != public.LEAF for leaf in leaves)
    say(
        not strange,
        f"{strange} leaves are not of the form that was promised."
        if strange
        else "All leaves have the same form and length.",
    )
    return Shown(seen=seen, leaves=leaves)


def _witnessed(seen: Opened, policy: Policy, say: Say) -> None:
    of, met = len(policy.witnesses), seen.quorum_met
    if not of or policy.quorum == "none":
        say(None, "Unwitnessed: nobody outside vouches that everybody is shown the same tree.")
        return
    words = f"{len(seen.cosigned)} of {of} witnesses cosigned the tree"
    say(met, f"{words}." if met else f"{words}, fewer than the site says it waits for.")


def _leaves(many: Many, tree: Checkpoint) -> list[bytes]:
    leaves: list[bytes] = []
    widths = [(index, min(WIDTH, tree.size - index * WIDTH)) for index in range(-(-tree.size // WIDTH))]
    paths = [entries_path(index, width) for index, width in widths]
    for (index, width), path, data in zip(widths, paths, many(paths), strict=True):
        found = unbundle(data) if data is not None else ()
        if data is None and width < WIDTH:  # a partial bundle need not be kept when the full one is there
            found = unbundle(next(iter(many([entries_path(index)]))) or b"")[:width]
        if len(found) != width:
            raise Refused("leaves of the log are missing, or there are too many", place=path)
        leaves += found
    return leaves


def _tiles(many: Many, hashes: Sequence[bytes], say: Say) -> None:
    """The tiles that proofs are made from are those that the leaves give."""
    wrong: list[str] = []
    row, level = list(hashes), 0
    while row:
        paths = [
            (index, tile_path(level, index, min(WIDTH, len(row) - index * WIDTH)))
            for index in range(-(-len(row) // WIDTH))
        ]
        for (index, path), data in zip(paths, many([path for _index, path in paths]), strict=True):
            part = row[index * WIDTH : (index + 1) * WIDTH]
            if data is None and len(part) < WIDTH:
                data = (next(iter(many([tile_path(level, index)]))) or b"")[: len(part) * HASH]
            if data != b"".join(part):
                wrong.append(path)
        row = [root_of(row[start : start + WIDTH]) for start in range(0, len(row) - WIDTH + 1, WIDTH)]
        level += 1
    if wrong:
        say(False, f"{len(wrong)} tiles are missing or are not what the leaves give, the first: {wrong[0]}.")
    else:
        say(True, "The tiles that proofs are made from are those that the leaves give.")


def _last(last: bytes | None, policy: Policy, log: Shown, say: Say) -> None:
    tree = log.seen.checkpoint
    if last is None:
        say(None, "This is your first visit, so nothing can be compared with what was shown before.")
        return
    try:
        before = opened(last, policy).checkpoint
    except Refused as refused:
        say(None, f"What you kept of your last visit cannot be compared: {_spoken(refused)}")
        return
    if before.origin != tree.origin:
        say(None, "What you kept of your last visit is of another log.")
    elif before.size > tree.size:
        say(
            False,
            f"The tree was rolled back: you saw {before.size:,} leaves, and now there are {tree.size:,}. "
            "Keep both checkpoints: together they prove it.",
        )
    elif _root(log.leaves[: before.size]) != before.root:
        say(
            False,
            "The tree you saw at your last visit is not the beginning of this one. Keep both checkpoints: "
            "together they prove it.",
        )
    else:
        grown = tree.size - before.size
        say(
            True,
            f"Nothing you saw at your last visit was changed; {_many(grown, 'leaf', 'leaves')} came since.",
        )


def read_log(many: Many, manifest: Manifest) -> Shown:
    """The whole log of a site. Raises Refused where it is not what was signed."""

    def read(path: str) -> bytes | None:
        return next(iter(many([path])))

    return _log(many, read, manifest, manifest.policy(), lambda _holds, _sentence: None)


def read_fresh(read: Callable[[str], bytes | None], manifest: Manifest) -> datetime | None:
    """When the log was newest, by the site's signed word; None where it says nothing that can be believed."""
    data = read(FRESH)
    try:
        return promise.read_fresh(data, Key.parse(manifest.promises))[1] if data is not None else None
    except Refused:
        return None


def _fresh(
    read: Callable[[str], bytes | None], manifest: Manifest, tree: Checkpoint, now: datetime, say: Say
) -> datetime | None:
    data = read(FRESH)
    if data is None:
        say(False, "The site does not say when its log was newest.")
        return None
    try:
        of, at = promise.read_fresh(data, Key.parse(manifest.promises))
    except Refused as refused:
        say(False, _spoken(refused))
        return None
    day = at.strftime("%Y-%m-%d %H:%M UTC")
    if of != tree:
        say(False, f"What was newest on {day} is another tree than the one that is shown.")
        return None
    if now - at > FRESH_WITHIN:
        say(False, f"The log stands still: it was published last on {day}.")
    elif at - now > timedelta(hours=1):
        say(False, f"The site says that it was published on {day}, which is yet to come.")
    else:
        say(True, f"The log is fresh: it was published on {day}.")
    return at


def _opened(many: Many, manifest: Manifest, log: Shown, say: Say) -> list[str]:
    """What is opened to everybody stands in the log, and the files it names are those that were logged: these
    files."""
    files: dict[tuple[str, str], str] = {}
    ledgers: list[datetime] = []
    wrong: list[str] = []
    paths = [f"open/{place}.json" for place in manifest.opened]
    for place, path, data in zip(manifest.opened, paths, many(paths), strict=True):
        try:
            kind, nature, document = _open_leaf(data, place, log)
            if kind == Kind.LEDGER:
                ledgers.append(promise.instant(nature.removeprefix(LEDGER_UNTIL)))
            elif kind in (Kind.REPORT, Kind.TOTALS):
                files[nature, document] = document  # whoever logs another one under the same name is found
            elif kind == Kind.PAGE:
                files[nature, ""] = document  # pages change with the program: the newest counts
        except Refused as refused:
            wrong.append(f"{path}: {_spoken(refused)}")
    if wrong:
        say(False, f"{len(wrong)} leaves that the site opens do not hold, the first: {wrong[0]}")
    elif manifest.opened:
        say(
            True,
            f"All {len(manifest.opened):,} leaves that the site opens stand in the log as they are shown.",
        )
    _days(ledgers, say)
    return _files(many, [(name, document) for (name, _), document in files.items()], say)


def _files(many: Many, logged: Sequence[tuple[str, str]], say: Say) -> list[str]:
    """The files that leaves name by their hash, and those that such a file lists: reports, monthly totals."""
    names = [name for name, _document in logged]
    sound: list[str] = []
    for (name, document), data in zip(logged, many(names), strict=True):
        if data is None:
            say(False, f"{name} was logged and is not on the site any more.")
        elif hashlib.sha256(data).hexdigest() != document:
            say(False, f"{name} is not the file that was logged.")
        elif name.endswith(f"/{SUMS}"):
            folder, listed = name.removesuffix(SUMS), _listed(data)
            paths = [folder + each for each in listed]
            wrong = [
                path
                for path, wanted, found in zip(paths, listed.values(), many(paths), strict=True)
                if found is None or hashlib.sha256(found).hexdigest() != wanted
            ]
            said = f"All {len(paths)} files of {folder.rstrip('/')} are those that were logged."
            say(not wrong, f"{wrong[0]} is missing or is not the file that was logged." if wrong else said)
            sound += [] if wrong else paths
        else:
            say(True, f"{name} is the file that was logged.")
            sound.append(name)
    return sound


def _listed(data: bytes) -> dict[str, str]:
    """The files of a list of hashes, as sha256sum writes it."""
    found = {}
    for line in data.decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        found[name] = digest
    return found


def _recount(many: Many, names: Sequence[str], counted: Sequence[Counted], say: Say) -> None:
    """Every number of every report and of the monthly totals, against what the leaves say."""
    columns = figures.columns(counted)
    reports = [name for name in names if name.endswith("/report.json")]
    months = [name for name in names if name.startswith("totals/")]
    try:
        totals = [Totals.decode(data) for data in many(months) if data is not None]
        for name, data in zip(reports, many(reports), strict=True):
            wrong = differences(Report.decode(data or b""), columns)
            for sentence in wrong[:_MOST_DIFFERENCES]:
                say(False, f"{name}: {sentence}.")
            if not wrong:
                say(True, f"Every number of {name} is what the leaves give, rounded as it says.")
        for each in totals:
            wrong = tuple(month_differences(each, columns))
            for sentence in wrong[:_MOST_DIFFERENCES]:
                say(False, f"totals of {each.month}: {sentence}.")
            if not wrong:
                say(True, f"The totals of {each.month} are what the leaves give, rounded as they say.")
    except Refused as refused:
        say(False, _spoken(refused))


def _open_leaf(data: bytes | None, place: int, log: Shown) -> tuple[str, str, str]:
    if data is None:
        raise Unproven("it is missing")
    try:
        leaf = msgspec.json.decode(data, type=OpenLeaf)
    except msgspec.DecodeError as error:
        raise Unproven(f"it cannot be read: {error}") from None
    openings = {group: leaf.opening(group) for group in GROUPS}
    made = public.leaf(*(openings[group].commitment() for group in GROUPS))
    if leaf.place != place or not 0 <= place < len(log.leaves) or log.leaves[place] != made:
        raise Unproven("it does not stand in the log like this")
    return (
        openings["count"].value("kind"),
        openings["paper"].value("nature"),
        openings["paper"].value("document"),
    )


def _days(ledgers: Sequence[datetime], say: Say) -> None:
    """Every day has its ledger, so that no day's events can be put in later."""
    if not ledgers:
        say(None, "No ledger is opened, so events put in later with an old date would not be seen.")
        return
    days = sorted({each.date() for each in ledgers})
    span = (days[-1] - days[0]).days + 1
    missing = span - len(days)
    if missing > 0:
        say(None, f"{_many(missing, 'day', 'days')} between {days[0]} and {days[-1]} have no ledger.")
    else:
        say(True, f"Every day from {days[0]} to {days[-1]} has its ledger.")


def _promise(
    note: bytes, manifest: Manifest, log: Shown, fresh: datetime | None, now: datetime, say: Say
) -> None:
    try:
        given = promise.read(note, Key.parse(manifest.promises))
    except Refused as refused:
        say(False, _spoken(refused))
        return
    what = f"The promise of {given.received:%Y-%m-%d} for {given.sha256[:12]}…"
    seen = fresh.astimezone(UTC).date() if fresh is not None else None
    kept, place = promise.kept(given, log.leaves, seen=seen, today=now.astimezone(UTC).date())
    match kept:
        case Kept.KEPT:
            say(True, f"{what} is kept, by leaf {place}.")
        case Kept.BROKEN:
            say(False, f"{what} is broken: it is not in the log, and {given.by} is over. Keep both.")
        case Kept.OPEN:
            say(None, f"{what} runs until {given.by}.")
        case Kept.UNKNOWN:
            say(None, f"{what} ran until {given.by}, and the site shows nothing newer than that day.")


def _openings(lines: Iterable[bytes], log: Shown, say: Say) -> list[Counted] | None:
    """What is counted of every leaf. Each line must open its own leaf, and no leaf may be left out."""
    decoder = msgspec.json.Decoder(Line)
    counted: dict[int, Counted] = {}
    wrong = 0
    for line in lines:
        try:
            read = decoder.decode(line)
            opening = read.opening()
            if public.commitments(log.leaves[read.place])[0] != opening.commitment():
                raise Unproven("it opens another leaf")
            counted[read.place] = Counted(**dict(zip(GROUPS["count"], opening.values, strict=True)))
        except (Refused, msgspec.DecodeError, ValueError, IndexError):
            wrong += 1
    missing = len(log.leaves) - len(counted)
    if wrong or missing:
        say(
            False, f"Of the auditor's openings {wrong:,} do not open their leaf, and {missing:,} are missing."
        )
        return None
    say(True, f"The auditor's openings open every one of the {_many(len(counted), 'leaf', 'leaves')}.")
    return [counted[place] for place in sorted(counted)]


def _silence(each: Silence) -> str:
    how = {"band": "only in bands", "defer": f"only from {each.until} on", "never": "not at all"}[each.how]
    footing = f" ({each.footing})" if each.footing else ""
    return f"{each.subject}{footing} is counted in public {how}" + (f": {each.law}." if each.law else ".")


def _root(leaves: Sequence[bytes]) -> bytes:
    return root_of([leaf_hash(leaf) for leaf in leaves]) if leaves else EMPTY_ROOT


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _spoken(refused: Refused) -> str:
    sentence = refused.sentence[:1].upper() + refused.sentence[1:]
    place = f" ({refused.place})" if refused.place else ""
    return f"{sentence}{place}."[:_MOST_WORDS]
