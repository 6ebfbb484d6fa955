"""An audit of a public site: does what it shows hold, and what does nobody vouch for?

Everything is read from the site and reckoned anew: signatures, cosignatures, every hash of the tree, whether
it begins with the tree seen at the last visit, how old it is, whether what is opened stands in the log and
the files it names are those that were logged. With an auditor's openings every number is counted again; with
promises it is seen whether they were kept. Decides which of these hold and says each in one sentence; where a
site asks to be believed, that is a sentence too. Reading the site is a function: nothing is opened here.
"""

from __future__ import annotations

import base64
import bisect
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from habeas import __version__
from habeas.desk import promise, public, receipt, tally
from habeas.desk.events import Silence
from habeas.desk.promise import Kept
from habeas.desk.public import GROUPS, OPEN, Counted, Kind
from habeas.desk.settings import FILLS
from habeas.errors import Refused, Unreachable
from habeas.reports import verify
from habeas.reports.published import (
    FRESH,
    FRESH_WITHIN,
    SUMS,
    TOTALS_WITHIN,
    Line,
    Manifest,
    OpenLeaf,
    Rounding,
    listed,
    read_manifest,
)
from habeas.reports.site.facts import PAGES_DATA, Made, SiteFacts
from habeas.reports.site.pages import pages
from habeas.reports.transparency import figures
from habeas.reports.transparency.laying import REPORT_DATA, REPORT_PDF, laid
from habeas.reports.transparency.model import (
    Period,
    Report,
    Totals,
    half_of,
    months_over,
    restrictions_of,
)
from habeas.reports.transparency.page import as_html
from habeas.reports.transparency.reporting import SEED, Unsaid, differences, month_differences
from habeas.reports.transparency.rounding import BASE
from habeas.tlog import (
    CHECKPOINT,
    WIDTH,
    Bundle,
    Checkpoint,
    Key,
    Note,
    Opened,
    Policy,
    Unproven,
    entries_path,
    leaf_hash,
    opened,
    outsiders,
    root_of,
    tile_path,
    unbundle,
)
from habeas.tlog.tree import EMPTY_ROOT, HASH

_AHEAD = timedelta(hours=1)  # a clock may be off by so much
_TOTALS = "totals/"
_VERIFY, _VERIFIERS = "verify.html", "verify/"
_VERIFY_ENGLISH, _VERIFY_SUMS = f"{_VERIFIERS}en.html", f"{_VERIFIERS}{SUMS}"
_BUNDLES_AT_ONCE = 1024
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_NUMBER = re.compile(r"([1-9][0-9]{0,8}|0)?")  # of accounts or days, as the report reads it; empty: none
_KINDS, _FOOTINGS = frozenset(map(str, Kind)), frozenset({"", *map(str, public.Footing)})
_TAGS = re.compile(r"(?s)<(style|script|title)\b.*?</\1>|<[^>]*>")
_DIGITS = re.compile(r"[0-9]+")
_MOST_WORDS = 200
_MOST_DIFFERENCES = 20  # said of one report; the first tell enough

Many = Callable[[Sequence[str]], Iterator[bytes | None]]
"""Gives the bytes at each path of the site, in order; None where there is no such file."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """holds: True, False, or None where nobody outside can tell. unread: it could not be looked at, because
    the site did not answer or a file of the reader is none, so it says nothing against anybody."""

    holds: bool | None
    sentence: str
    unread: bool = False


SEEN_FORMAT = "habeas/seen/v1"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader keeps of a visit. opened: the places that the site opened, each of which it has to go on
    opening. A bare checkpoint can stand in for it, and compares the tree alone."""

    format: str
    checkpoint: str
    opened: tuple[int, ...]

    @classmethod
    def read(cls, data: bytes) -> Seen:
        """Raises Refused where these bytes are neither."""
        try:
            seen = msgspec.json.decode(data, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            note = Note.parse(data)
            Checkpoint.parse(note.text)
            return cls(format=SEEN_FORMAT, checkpoint=note.encoded().decode(), opened=())
        if seen.format != SEEN_FORMAT:
            raise Refused(f"it is not of the form {SEEN_FORMAT}")
        Checkpoint.parse(Note.parse(seen.checkpoint.encode()).text)
        return seen

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. seen: to be kept for the next visit; empty where the tree does not hold, does not
    continue the one of the last visit, or what was kept of that cannot be read."""

    origin: str
    size: int
    findings: tuple[Finding, ...]
    seen: bytes = b""

    @property
    def broken(self) -> bool:
        """Something that the site shows does not hold."""
        return any(each.holds is False for each in self.findings)

    @property
    def holds(self) -> bool:
        """Everything that was asked could be looked at, and nothing of it is broken."""
        return not self.broken and not any(each.unread for each in self.findings)


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The log as the site shows it, with every hash reckoned anew."""

    seen: Opened
    leaves: list[bytes]


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """A day's ledger that is opened: where it stands, and until when it looks."""

    place: int
    until: datetime
    document: str


class _Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What the leaves that are opened to everybody say. files: those that hold what was logged. named: the
    files that leaves name, whether they hold or not. standing: of states, suspended or lifted."""

    places: frozenset[int] = frozenset()
    ledgers: tuple[Ledger, ...] = ()
    files: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    standing: tuple[Counted, ...] = ()


def audit(
    many: Many,
    *,
    now: datetime,
    known: Policy | None = None,
    last: bytes | None = None,
    openings: Iterable[bytes] | None = None,
    promises: Sequence[bytes] = (),
    receipts: Sequence[bytes] = (),
    doors: Sequence[bytes] = (),
    text_of: Callable[[bytes], str] | None = None,
) -> Audit:
    """Look at everything. Never raises for what a site does: a thing that cannot be read is a finding.

    known: whom the reader trusts, from elsewhere. last: what was kept of the last visit (`Seen`). openings:
    an auditor's file, the seed of the rounding and a line for each leaf. promises: notes given to senders.
    receipts: of whoever has one; whom it is about is not asked.
    doors: counts of doors that run apart from the desk, from whoever runs them.
    text_of: gives the text of a PDF and raises Refused where it cannot; without it none is looked at.
    """
    found: list[Finding] = []

    def say(holds: bool | None, sentence: str) -> None:
        found.append(Finding(holds=holds, sentence=sentence))

    def unread(refused: Refused) -> None:
        found.append(Finding(holds=None, sentence=_spoken(refused), unread=True))

    def failed(refused: Refused) -> None:
        if isinstance(refused, Unreachable):
            unread(refused)
        else:
            say(False, _spoken(refused))

    def read(path: str) -> bytes | None:
        return next(iter(many([path])))

    try:
        manifest = read_manifest(read)
    except Refused as refused:  # another address, most often: there is nothing here to be judged
        unread(refused)
        return Audit(origin="", size=0, findings=tuple(found))
    try:
        policy = _policy(manifest, known, say)
        log = _log(many, read, manifest, policy, say)
    except Refused as refused:
        failed(refused)
        return Audit(origin="", size=0, findings=tuple(found))
    tree = log.seen.checkpoint
    before, continues = None, True
    try:
        before = Seen.read(last) if last is not None else None
    except Refused as refused:
        unread(Refused(f"what you kept of your last visit cannot be read: {refused.sentence}"))
        continues = False
    else:
        if before is None:
            say(None, "This is your first visit, so nothing can be compared with what was shown before.")
        else:
            continues = _last(before, policy, manifest, log, say)
    fresh: promise.Fresh | None = None
    shown = _Opened()
    try:
        fresh = _fresh(read, manifest, policy, log, now, say)
        shown = _opened(many, manifest, log, say)
        try:
            _pages(many, read, manifest, log, shown, fresh, say)
        except _Unknown as refused:
            unread(refused)
        _totals(many, shown, say)
        _sums(many, shown, say)
        _shown_as_counted(many, shown, say, unread)
        if text_of is not None:
            _printed_as_counted(many, shown, text_of, say, unread)
        _words_of_doors(many, shown, manifest, fresh, say)
        seed, unsaid, lines = _seed(openings) if openings is not None else (None, {}, None)
        try:
            counted = _openings(lines, log, manifest, shown, say) if lines is not None else None
        except _NoOpenings as refused:
            unread(refused)
            counted = None
        for note in promises:
            try:
                given = _given(note, manifest, fresh, tree)
            except Refused as refused:
                unread(refused)
            else:
                _promise(given, log, shown, fresh, now, counted, say)
        for data in receipts:
            try:
                _receipt(receipt.read(data), policy, log, counted, say)
            except Refused as refused:
                unread(refused)
        for count in doors:
            try:
                _door(count, manifest, fresh, log, counted, say)
            except Refused as refused:
                unread(refused)
        if counted is not None:
            try:
                _strange(counted.values(), say)
            except _Unknown as refused:
                unread(refused)
            _arrivals(counted.values(), say)
            _recount(many, shown.files, list(counted.values()), seed, unsaid, say)
    except Refused as refused:  # what was found before stands
        failed(refused)
    for each in manifest.silences:
        say(None, _silence(each))
    say(None, _UNSAID)
    return Audit(
        origin=tree.origin,
        size=tree.size,
        findings=tuple(found),
        seen=_kept(manifest, before, log) if continues else b"",
    )


Say = Callable[[bool | None, str], None]


def _policy(manifest: Manifest, known: Policy | None, say: Say) -> Policy:
    named = manifest.policy()
    if known is None:
        say(
            None,
            "The keys are those that the site itself names: compare them with what its operator printed "
            f"elsewhere. Log: {manifest.log}",
        )
        for each in manifest.witnesses:
            say(None, f"A witness that the site names: {each.key}")
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
    _witnessed(seen, policy, say, own=policy == manifest.policy())
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


def _witnessed(seen: Opened, policy: Policy, say: Say, *, own: bool) -> None:
    """own: the witnesses are those that the site itself names, and anybody can name some."""
    of, met = outsiders(each.key for each in policy.witnesses.values()), seen.quorum_met
    if not of or policy.quorum == "none":
        say(None, "Unwitnessed: nobody outside vouches that everybody is shown the same tree.")
        return
    words = f"{_outsiders(seen)} of {of} witnesses cosigned the tree"
    if not met:
        say(False, f"{words}, fewer than are asked for.")
    elif own:
        say(None, f"{words}, if you know their keys: the site names them itself.")
    else:
        say(True, f"{words}.")


def _outsiders(seen: Opened) -> int:
    """How many witnesses cosigned a tree."""
    return outsiders(each.key for each in seen.cosigned)


def _leaves(many: Many, tree: Checkpoint) -> list[bytes]:
    """All leaves, read in order; the first one that is missing ends it, however many the site says it has."""
    leaves: list[bytes] = []
    bundles = -(-tree.size // WIDTH)
    for first in range(0, bundles, _BUNDLES_AT_ONCE):
        some = range(first, min(first + _BUNDLES_AT_ONCE, bundles))
        widths = [min(WIDTH, tree.size - index * WIDTH) for index in some]
        paths = [entries_path(index, width) for index, width in zip(some, widths, strict=True)]
        for index, width, path, data in zip(some, widths, paths, many(paths), strict=True):
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


def _last(last: Seen, policy: Policy, manifest: Manifest, log: Shown, say: Say) -> bool:
    """Whether the tree continues the one of the last visit."""
    tree = log.seen.checkpoint
    both = "Keep both checkpoints: together they prove it."
    try:
        seen = opened(last.checkpoint.encode(), policy)
    except Refused as refused:
        say(
            False,
            f"What you kept of your last visit is not signed by this log's key: {_spoken(refused)} Either "
            "the key was replaced, and with it the log, or that file is of another log. Keep it.",
        )
        return False
    before = seen.checkpoint
    if before.origin != tree.origin:
        say(False, f"What you kept of your last visit is of another log: {before.origin}.")
    elif before.size > tree.size:
        say(
            False,
            f"The tree was rolled back: you saw {before.size:,} leaves, and now there are "
            f"{tree.size:,}. {both}",
        )
    elif _root(log.leaves[: before.size]) != before.root:
        say(False, f"The tree you saw at your last visit is not the beginning of this one. {both}")
    else:
        grown = tree.size - before.size
        say(
            True,
            f"Nothing you saw at your last visit was changed; {_many(grown, 'leaf', 'leaves')} came since.",
        )
        if _outsiders(log.seen) < _outsiders(seen):
            say(None, "Fewer witnesses cosigned this tree than the one of your last visit.")
        if gone := sorted(set(last.opened) - set(manifest.opened)):
            say(
                False,
                f"{_many(len(gone), 'leaf', 'leaves')} that the site opened at your last visit, the first "
                f"open/{gone[0]}.json, {'is' if len(gone) == 1 else 'are'} not opened any more: what was "
                "published then was taken away.",
            )
        return True
    return False


def _kept(manifest: Manifest, before: Seen | None, log: Shown) -> bytes:
    """What is to be kept of this visit: also of an earlier one what is opened no more."""
    size = len(log.leaves)
    places = {each for each in manifest.opened if 0 <= each < size}
    return Seen(
        format=SEEN_FORMAT,
        checkpoint=log.seen.note.encoded().decode(),
        opened=tuple(sorted(places.union(before.opened if before is not None else ()))),
    ).encoded()


def read_log(many: Many, manifest: Manifest, known: Policy | None = None) -> Shown:
    """The whole log of a site. Raises Refused where it is not what was signed."""

    def read(path: str) -> bytes | None:
        return next(iter(many([path])))

    return _log(many, read, manifest, known or manifest.policy(), lambda _holds, _sentence: None)


def read_fresh(read: Callable[[str], bytes | None], log: Shown, policy: Policy) -> promise.Fresh | None:
    """When this tree was the newest, by the log's signed word, or one that it continues; None where no word
    of it is of either."""
    data = read(FRESH)
    try:
        fresh = promise.read_fresh(data, policy.logs) if data is not None else None
    except Refused:
        return None
    return fresh if fresh is not None and _continues(fresh.tree, log) else None


def read_ledgers(many: Many, manifest: Manifest, log: Shown) -> tuple[Ledger, ...]:
    """The days' ledgers that the site opens and that stand in its log."""
    places = [each for each in manifest.opened if 0 <= each < len(log.leaves)]
    return tuple(_papers(many, places, log)[1])


def _continues(before: Checkpoint, log: Shown) -> bool:
    """Whether the tree that is shown is this one, or began as it."""
    tree = log.seen.checkpoint
    return before == tree or (
        before.origin == tree.origin
        and before.size < tree.size
        and _root(log.leaves[: before.size]) == before.root
    )


def _fresh(
    read: Callable[[str], bytes | None],
    manifest: Manifest,
    policy: Policy,
    log: Shown,
    now: datetime,
    say: Say,
) -> promise.Fresh | None:
    data = read(FRESH)
    if data is None:
        say(False, "The site does not say when its log was newest.")
        return None
    try:
        fresh = promise.read_fresh(data, policy.logs)
    except Refused as refused:
        say(False, _spoken(refused))
        return None
    day = fresh.at.strftime("%Y-%m-%d %H:%M UTC")
    if not _continues(fresh.tree, log):
        say(False, f"What was newest on {day} is another tree than the one that is shown.")
        return None
    if tuple(map(str, fresh.keys)) != (manifest.promises, *(each.key for each in manifest.doors)):
        say(False, "The site names other keys for its promises than the log signed.")
    if now - fresh.at > FRESH_WITHIN:
        say(False, f"The log stands still: it was published last on {day}.")
    elif fresh.at - now > _AHEAD:
        say(False, f"The site says that it was published on {day}, which is yet to come.")
    elif fresh.tree != log.seen.checkpoint:  # the tree is swapped first: a moment, or until a crash is mended
        say(
            None,
            f"The tree that was newest on {day} is the beginning of this one, which is just being published: "
            "the site's word for it is still to come.",
        )
    else:
        say(True, f"The log is fresh: it was published on {day}.")
    signed = [each.at for each in log.seen.cosigned if each.at is not None]
    if signed and policy.witnesses and now.timestamp() - max(signed) > FRESH_WITHIN.total_seconds():
        say(False, "The newest cosignature of a witness is older than two days: the tree stands still.")
    if any(at > (now + _AHEAD).timestamp() for at in signed):
        say(False, "A cosignature of a witness bears a time that is yet to come: it shows no day.")
    return fresh


def _opened(many: Many, manifest: Manifest, log: Shown, say: Say) -> _Opened:
    """What is opened to everybody stands in the log, and the files it names are those that were logged."""
    places = manifest.opened
    size = len(log.leaves)
    if (
        len(places) > size
        or any(not 0 <= each < size for each in places)
        or list(places) != sorted(set(places))
    ):
        say(
            False, "The site's list of opened leaves is no list of places in the log, each once and in order."
        )
        return _Opened()
    files, ledgers, standing, wrong = _papers(many, places, log)
    if wrong:
        say(False, f"{len(wrong)} leaves that the site opens do not hold, the first: {wrong[0]}")
    elif places:
        say(True, f"All {len(places):,} leaves that the site opens stand in the log as they are shown.")
    _days(ledgers, say)
    sound = _files(many, [(name, document) for (name, _), document in files.items()], say)
    if _VERIFY_ENGLISH in sound:
        at_root, logged = many([_VERIFY, _VERIFY_ENGLISH])
        if at_root != logged:
            say(False, f"{_VERIFY} is not the page that was logged as {_VERIFY_ENGLISH}.")
    return _Opened(
        places=frozenset(places),
        ledgers=tuple(ledgers),
        files=tuple(sound),
        named=frozenset(name for name, _ in files),
        standing=tuple(standing),
    )


def _papers(
    many: Many, places: Sequence[int], log: Shown
) -> tuple[dict[tuple[str, str], str], list[Ledger], list[Counted], list[str]]:
    """What the leaves at these places name: files with their hashes, days' ledgers, the standing of states,
    and what does not hold."""
    files: dict[tuple[str, str], str] = {}
    ledgers: list[Ledger] = []
    standing: list[Counted] = []
    wrong: list[str] = []
    paths = [f"open/{place}.json" for place in places]
    for place, path, data in zip(places, paths, many(paths), strict=True):
        try:
            count, paper = _open_leaf(data, place, log)
            kind, nature, document = count.kind, paper.value("nature"), paper.value("document")
            if kind == Kind.LEDGER:
                ledgers.append(Ledger(place=place, until=public.ledger_until(paper), document=document))
            elif kind in (Kind.REPORT, Kind.TOTALS):
                files[nature, document] = document  # whoever logs another one under the same name is found
            elif kind == Kind.PAGE:
                files[nature, ""] = document  # pages change with the program: the newest counts
            elif kind == Kind.SUSPENSION:
                standing.append(count)
        except Refused as refused:
            wrong.append(f"{path}: {_spoken(refused)}")
    return files, ledgers, standing, wrong


def _pages(
    many: Many,
    read: Callable[[str], bytes | None],
    manifest: Manifest,
    log: Shown,
    shown: _Opened,
    fresh: promise.Fresh | None,
    say: Say,
) -> None:
    """The pages for people say what the rest of the site shows: they are made again and compared, and so are
    those that check receipts. Another version of the program may make other pages, and then nobody can tell
    without it: raises _Unknown."""
    data = read(PAGES_DATA)
    if data is None:
        say(False, f"The site does not say from what its pages were made ({PAGES_DATA}).")
        return
    made = Made.read(data)
    facts, tree = made.facts, log.seen.checkpoint
    named = opened(log.seen.note.encoded(), manifest.policy()) if facts.cosigned else None
    wrong = [
        what
        for what, so in (
            ("the site's description", facts.manifest == manifest),
            ("the tree", (facts.size, facts.root) == (tree.size, base64.b64encode(tree.root).decode())),
            ("the cosignatures", named is None or facts.cosigned <= _outsiders(named)),
            ("the day of its publication", fresh is None or facts.published == fresh.at),
            ("the reports", {each.name for each in facts.reports} >= _logged(shown.files, "reports/")),
            ("the files of its reports", not any(_beside(facts, shown))),
            ("the totals", set(facts.totals) >= _logged(shown.files, _TOTALS)),
            ("the pages that check receipts", _names_verifiers(facts, read, shown)),
            ("the standing of states", _as_logged(facts, shown.standing)),
        )
        if not so
    ]
    if wrong and fresh is not None and fresh.tree != tree:
        say(None, "The pages for people are still those of the tree before this one.")
        return
    for what in wrong:
        say(False, f"The pages for people were made from something else than {what} that the site shows.")
    _unlogged(facts, shown, say)
    checking = {f"{_VERIFIERS}{each}.html": verify.page(each).encode() for each in verify.LANGUAGES}
    wanted = pages(facts) | {_VERIFY: checking[_VERIFY_ENGLISH]} | checking
    mine = Made.by_this_program(facts)
    wanted[PAGES_DATA] = msgspec.structs.replace(mine, program=made.program).encoded()
    differing = [
        name for (name, page), found in zip(wanted.items(), many(list(wanted)), strict=True) if found != page
    ]
    if not differing:
        say(
            True,
            f"All {len(wanted)} files of the pages for people are those that the program makes.",
        )
    elif made.program == __version__:
        say(
            False,
            f"{differing[0]} is not the page that Habeas {made.program} makes from what the site shows.",
        )
    else:
        raise _Unknown(
            f"the page {differing[0]} is not what this version of the program makes, and only the one that "
            f"made it can tell whether the pages say what the log shows: Habeas {made.program[:20]}"
        )


def _beside(facts: SiteFacts, shown: _Opened) -> Iterator[str]:
    """Files that the pages offer with a report that was logged, and that its list does not name."""
    logged = _logged(shown.files, "reports/")
    for each in facts.reports:
        if each.name in logged:
            offered = {f"reports/{each.name}/{file}" for file in each.files if file != SUMS}
            yield from offered - set(shown.files)


def _names_verifiers(facts: SiteFacts, read: Callable[[str], bytes | None], shown: _Opened) -> bool:
    """Whether the hashes that the pages print of those that check receipts are the ones that were logged."""
    if _VERIFY_ENGLISH not in shown.files:
        return True  # that they are not sound is said already
    hashes = {name.removesuffix(".html"): each for name, each in listed(read(_VERIFY_SUMS) or b"").items()}
    return facts.verifiers == hashes and facts.verify_sha256 == hashes["en"]


def _as_logged(facts: SiteFacts, standing: Sequence[Counted]) -> bool:
    """Whether the states that the pages name as suspended, each with its month, are those that leaves name.
    Where one was suspended as often as that was lifted, the later month decides; within a month nobody can
    tell, for the leaves of a day have no order."""
    named = {each.state: each.since for each in facts.suspended}
    months: dict[str, dict[str, list[str]]] = {}
    for each in standing:
        months.setdefault(each.state, {}).setdefault(each.how, []).append(each.month)
    for state, found in months.items():
        begun, ended = sorted(found.get("suspended", ())), sorted(found.get("lifted", ()))
        if len(begun) != len(ended):
            stands = len(begun) > len(ended)
        else:
            stands = begun[-1:] > ended[-1:] if begun[-1:] != ended[-1:] else state in named
        if stands != (state in named) or (stands and [named[state]] != begun[-1:]):
            return False
    return named.keys() <= months.keys()


def _unlogged(facts: SiteFacts, shown: _Opened, say: Say) -> None:
    """Reports and totals that the pages show and no leaf names. What was laid there after the newest ledger
    is logged with the next one; a report from before it stays outside the log, and can be changed unseen."""
    newest = max((each.until.date() for each in shown.ledgers), default=date.max)
    reports = [each for each in facts.reports if each.name not in _logged(shown.named, "reports/")]
    names = [f"reports/{each.name}" for each in reports]
    names += [f"{_TOTALS}{each}.json" for each in facts.totals if each not in _logged(shown.named, _TOTALS)]
    overdue = [f"reports/{each.name}" for each in reports if each.made < newest]
    for name in sorted(names):
        if name in overdue:
            say(False, f"The pages show {name}, made before the newest ledger, and no leaf names it.")
        else:
            say(None, f"The pages show {name}, and no leaf names it yet: the next publication has to.")


def _logged(files: Iterable[str], folder: str) -> set[str]:
    """The names of reports, or the months of totals, among the files that were logged."""
    inside = (name.removeprefix(folder) for name in files if name.startswith(folder))
    return {name.partition("/")[0].removesuffix(".json") for name in inside}


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
            folder, hashes = name.removesuffix(SUMS), listed(data)
            paths = [folder + each for each in hashes]
            wrong = [
                path
                for path, wanted, found in zip(paths, hashes.values(), many(paths), strict=True)
                if found is None or hashlib.sha256(found).hexdigest() != wanted
            ]
            said = f"All {len(paths)} files of {folder.rstrip('/')} are those that were logged."
            say(not wrong, f"{wrong[0]} is missing or is not the file that was logged." if wrong else said)
            sound += [] if wrong else paths
        else:
            say(True, f"{name} is the file that was logged.")
            sound.append(name)
    return sound


def _totals(many: Many, shown: _Opened, say: Say) -> None:
    """Whether the totals of every month are opened in time, and whether as many things arrived as became
    requests. In each half of a year a row of months, summed up, is off by four at most."""
    if not shown.ledgers:
        return
    first, newest = (each.until.astimezone(UTC).date() for each in (shown.ledgers[0], shown.ledgers[-1]))
    over = months_over(first, newest, TOTALS_WITHIN)
    missing = [month for month in over if f"{_TOTALS}{month}.json" not in shown.named]
    for month in missing[:_MOST_DIFFERENCES]:
        late = (newest - Period(first=month, last=month).last_day).days
        say(None, f"The totals of {month} are not opened, {_many(late, 'day', 'days')} after its end.")
    files = [name for name in shown.files if name.startswith(_TOTALS)]
    found = {}
    for name, data in zip(files, many(files), strict=True):
        each = Totals.decode(data or b"")
        if name != f"{_TOTALS}{each.name}.json" or not _MONTH.fullmatch(each.month):
            raise Refused("these totals are of another month than their name says", place=name)
        if not each.deferred:
            found[each.month] = each
    whole = [
        month
        for month, each in sorted(found.items())
        if {"arrival", "request"} <= each.counts.keys()
        and not any(r.subject == "arrival" for r in each.restricted)
    ]
    if not whole:
        return
    rows = sum(
        before not in whole or half_of(before) != half_of(month) for before, month in map(_before, whole)
    )
    arrived, asked = (sum(found[month].counts[kind] for month in whole) for kind in ("arrival", "request"))
    off = 2 * (BASE - 1) * rows
    words = (
        f"By the totals of {_many(len(whole), 'month', 'months')}, {arrived:,} things arrived and {asked:,}"
    )
    if asked - arrived > off:
        say(False, f"{words} became requests, more than rounding explains: some came past the doors.")
    else:
        say(True, f"{words} became requests, both rounded and together up to {off} off.")


def _sums(many: Many, shown: _Opened, say: Say) -> None:
    """Whether each half of a report adds up to the totals of its months, which are rounded in one line with
    it. Where law forbids even to say that something is left out, and that began within a half, its table can
    be less than months that were opened before; more it cannot be."""
    if not shown.ledgers:
        return
    began = public.month(shown.ledgers[0].until)
    files = [name for name in shown.files if name.startswith(_TOTALS)]
    opened = [Totals.decode(data or b"") for data in many(files)]
    months = {each.month: each for each in opened if not each.deferred}
    names = [name for name in shown.files if name.endswith(f"/{REPORT_DATA}")]
    seen: set[str] = set()
    for name, data in zip(names, many(names), strict=True):
        report = Report.decode(data or b"")
        for unit in () if report.deferred else report.units:
            due = [each for each in Period(first=unit.first, last=unit.last).months if each >= began]
            if unit.name in seen or not due or not all(each in months for each in due):
                continue
            seen.add(unit.name)
            rows = [each for each in report.cells if each.unit == unit.name and not each.part]
            quiet = {each.restriction.subject for each in report.restricted if each.unit == unit.name}
            quiet |= {rule.subject for each in due for rule in months[each].restricted}
            wrong = 0
            for kind in sorted({each.subject for each in rows} - quiet):
                if not all(kind in months[each].counts for each in due):
                    continue  # no kind of entry, or one that was too small for a month
                count = sum(each.count for each in rows if each.subject == kind)
                summed = sum(months[each].counts[kind] for each in due)
                if count != summed:
                    wrong += 1
                    say(
                        False if count > summed else None,
                        f"{name}: {unit.name} shows {count:,} of the kind {kind}, and its months {summed:,}.",
                    )
            if not wrong:
                say(True, f"The tables of {unit.name} add up to the totals of its months.")


def _before(month: str) -> tuple[str, str]:
    """The month before, and the month."""
    year, number = int(month[:4]), int(month[5:])
    return (f"{year:04}-{number - 1:02}" if number > 1 else f"{year - 1:04}-12"), month


def _arrivals(counted: Iterable[Counted], say: Say) -> None:
    """At each door no more became requests than arrived. What became no case is no fault, and is named: it
    was no request, or came a second time, and nobody can tell which."""
    arrived: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for each in counted:
        arrived[each.door] += each.kind == Kind.ARRIVAL
        asked[each.door] += each.kind == Kind.REQUEST
    for door in sorted(door for door in arrived if arrived[door] or asked[door]):
        came, became = arrived[door], asked[door]
        name = f"At the door {door or 'that is not named'}"
        if became > came:
            say(False, f"{name} {became:,} requests became cases and only {came:,} things arrived.")
        elif came > became:
            say(
                None,
                f"{name} {came:,} things arrived and {became:,} became requests: {came - became:,} became no "
                "case of their own.",
            )
        else:
            say(True, f"{name} {_many(came, 'thing', 'things')} arrived, and as many became requests.")


def _recount(
    many: Many,
    names: Sequence[str],
    counted: Sequence[Counted],
    seed: bytes | None,
    unsaid: Unsaid,
    say: Say,
) -> None:
    """Every number of every report and of the monthly totals, against what the leaves say. seed: of the
    rounding; without it a number can only be held against the two multiples of five beside the true one."""
    columns = figures.columns(counted)
    reports = [name for name in names if name.endswith(f"/{REPORT_DATA}")]
    months = [name for name in names if name.startswith(_TOTALS)]
    if seed is None and (reports or months):
        say(
            None,
            "The openings hold no seed of the rounding: a number that is up to four off passes, and in "
            "tables where an entry has several values a larger error does too.",
        )
    how = (
        "exactly what the leaves give" if seed is not None else "what the leaves can give, whatever the seed"
    )
    for name in (name for name in names if name.startswith("reports/")):
        if name.rpartition("/")[0] + f"/{REPORT_DATA}" not in reports:
            say(False, f"{name} belongs to a report without {REPORT_DATA}, and cannot be counted again.")
    for name, data in zip(reports, many(reports), strict=True):
        report = Report.decode(data or b"")
        wrong = differences(report, columns, seed=seed, unsaid=unsaid)
        for sentence in wrong[:_MOST_DIFFERENCES]:
            say(False, f"{name}: {sentence}.")
        if not wrong:
            say(True, f"Every number of {name} is {how}.")
    for data in many(months):
        each = Totals.decode(data or b"")
        wrong = tuple(month_differences(each, columns, seed=seed, unsaid=unsaid))
        for sentence in wrong[:_MOST_DIFFERENCES]:
            say(False, f"totals of {each.name}: {sentence}.")
        if not wrong:
            say(True, f"The totals of {each.name} are {how}.")


def _shown_as_counted(many: Many, shown: _Opened, say: Say, unread: Callable[[Refused], None]) -> None:
    """The pages and tables that people read are made again from each report's data. Those of another version
    of the program differ, and then their numbers are compared."""
    names = [name for name in shown.files if name.endswith(f"/{REPORT_DATA}")]
    for name, data in zip(names, many(names), strict=True):
        made, folder = laid(Report.decode(data or b"")), name.removesuffix(REPORT_DATA)
        paths = [folder + each for each in made]
        found = dict(zip(paths, many(paths), strict=True))
        wanted = {folder + each: page for each, page in made.items()}
        other = [each for each in paths if each not in shown.files or found[each] != wanted[each]]
        false = [each for each in other if _numbers(each, found[each]) != _numbers(each, wanted[each])]
        if false:
            unread(
                Refused(
                    f"the page {false[0]} shows other numbers than this version of the program makes from "
                    f"{REPORT_DATA}: compare them, or look with the version that made it"
                )
            )
        elif other:
            say(
                None,
                f"{other[0]} is not what this version of the program makes from {REPORT_DATA}; its numbers "
                "are the same, and its words are for you to read.",
            )
        else:
            say(True, f"The pages and tables of {folder.rstrip('/')} show the numbers of {REPORT_DATA}.")


def _printed_as_counted(
    many: Many,
    shown: _Opened,
    text_of: Callable[[bytes], str],
    say: Say,
    unread: Callable[[Refused], None],
) -> None:
    """Each report's PDF shows the numbers of the page that is printed from its data, and those of its sheets:
    on each which one it is, and of how many."""
    for folder in (name[: -len(REPORT_PDF)] for name in shown.files if name.endswith(f"/{REPORT_PDF}")):
        data, pdf = many([folder + REPORT_DATA, folder + REPORT_PDF])
        which = f"PDF of {folder.rstrip('/')}"
        try:
            found = Counter(_DIGITS.findall(text_of(pdf or b"")))
        except Refused as refused:
            unread(Refused(f"the {which} is not compared with {REPORT_DATA}: {refused.sentence}"))
            continue
        wanted = _numbers("page.html", as_html(Report.decode(data or b"")).encode())
        sheets = (found.total() - wanted.total()) // 2
        if found == wanted + Counter(map(str, range(1, sheets + 1))) + Counter({str(sheets): sheets}):
            say(True, f"The {which} shows the numbers of {REPORT_DATA}.")
        else:
            unread(
                Refused(
                    f"the {which} shows other numbers than this version of the program prints from "
                    f"{REPORT_DATA}: compare them, or look with the version that made it"
                )
            )


def _numbers(name: str, data: bytes | None) -> Counter[str]:
    """Every number that a page or a table shows, as often as it does; of other files none."""
    text = (data or b"").decode("utf-8", "replace")
    if name.endswith(".html"):
        text = " ".join(_TAGS.sub(" ", text).split())
    return Counter(_DIGITS.findall(text)) if name.endswith((".html", ".csv")) else Counter()


def _open_leaf(data: bytes | None, place: int, log: Shown) -> tuple[Counted, public.Opening]:
    """What is counted of a leaf that is opened, and its paper."""
    if data is None:
        raise Unproven("it is missing")
    try:
        leaf = msgspec.json.decode(data, type=OpenLeaf)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unproven(f"it cannot be read: {error}") from None
    openings = {group: leaf.opening(group) for group in GROUPS}
    made = public.leaf(*(openings[group].commitment() for group in GROUPS))
    if leaf.place != place or not 0 <= place < len(log.leaves) or log.leaves[place] != made:
        raise Unproven("it does not stand in the log like this")
    return openings["count"].counted(), openings["paper"]


def _days(ledgers: Sequence[Ledger], say: Say) -> None:
    """Every day has its ledger, so that no day's events can be put in later. ledgers: by their places."""
    if not ledgers:
        say(None, "No ledger is opened, so events put in later with an old date would not be seen.")
        return
    pairs = list(itertools.pairwise(ledgers))
    if any(after.until <= before.until for before, after in pairs):
        say(False, "A ledger was logged after a newer one: the days of the log were not kept in their order.")
        return
    days = sorted({each.until.date() for each in ledgers})
    span = (days[-1] - days[0]).days + 1
    missing = span - len(days)
    if missing > 0:
        say(None, f"{_many(missing, 'day', 'days')} between {days[0]} and {days[-1]} have no ledger.")
    else:
        say(True, f"Every day from {days[0]} to {days[-1]} has its ledger.")


def _promisers(manifest: Manifest, fresh: promise.Fresh | None) -> tuple[Key, ...]:
    """Whose promises are the log's: as the log signed it, or else as the site says."""
    if fresh is not None:
        return fresh.keys
    return (Key.parse(manifest.promises), *(Key.parse(each.key) for each in manifest.doors))


def _door(
    data: bytes,
    manifest: Manifest,
    fresh: promise.Fresh | None,
    log: Shown,
    counted: Mapping[int, Counted] | None,
    say: Say,
) -> None:
    """Whether everything that a door counted by itself stands in the log. Raises Refused where this is no
    count of a door of this log."""
    found = tally.read(data, _promisers(manifest, fresh))
    if found.word.origin != log.seen.checkpoint.origin:
        raise Refused("the count is of a door of another log", place=found.word.origin)
    seen = fresh.at.date() if fresh is not None else date.min
    places = {leaf[-HASH:]: place for place, leaf in enumerate(log.leaves)}
    due = found.due(seen)
    missing = sum(each.paper not in places for each in due)
    what = f"The door {found.word.door} counted {_many(len(found.arrivals), 'thing', 'things')} by itself"
    what += f" before {found.word.until:%Y-%m-%d}"
    if missing:
        say(False, f"{what}: {missing:,} of them should stand in the log by now and do not.")
    else:
        later = len(found.arrivals) - len(due)
        waiting = f"; {later:,} more have until their promised day" if later else ""
        say(True, f"{what}: all {len(due):,} whose day is over stand in the log{waiting}.")
    if counted is None:
        return
    stand = [counted[places[each.paper]] for each in found.arrivals if each.paper in places]
    wrong = sum(each.kind != Kind.ARRIVAL or each.door != found.word.door for each in stand)
    if wrong:
        say(False, f"{_many(wrong, 'thing', 'things')} that it counted are counted as something else.")
        return
    arrived = sum(each.kind == Kind.ARRIVAL and each.door == found.word.door for each in counted.values())
    say(
        None,
        f"The desk counts {_many(arrived, 'arrival', 'arrivals')} at the door {found.word.door}; the door by "
        f"itself counted {len(stand):,} of them.",
    )


def _words_of_doors(
    many: Many, shown: _Opened, manifest: Manifest, fresh: promise.Fresh | None, say: Say
) -> None:
    """What reports say of doors that run apart is what those doors signed."""
    names = [name for name in shown.files if name.endswith(f"/{REPORT_DATA}")]
    for name, data in zip(names, many(names), strict=True):
        for each in Report.decode(data or b"").doors:
            try:
                word = tally.read_word(each.word.encode(), _promisers(manifest, fresh))
            except Refused:
                say(
                    None, f"{name} names a count of the door {each.door} by a key that the log names no more."
                )
                continue
            if (word.door, word.until) != (each.door, each.until):
                say(False, f"{name} says something else of the door {each.door} than that door signed.")
            elif not each.agrees:
                say(False, f"{name}: the door {word.door} counted things that are not in the log.")
            else:
                say(
                    None,
                    f"{name} says that the log holds all that the door {word.door} counted by itself before "
                    f"{word.until:%Y-%m-%d}; its list (--door) would show it.",
                )


def _given(note: bytes, manifest: Manifest, fresh: promise.Fresh | None, tree: Checkpoint) -> promise.Promise:
    """The promise in a file that the reader brought. Raises Refused where it is none of this log."""
    given = promise.read(note, *_promisers(manifest, fresh))
    if given.origin != tree.origin:
        raise Refused("the promise is of another log than this site", place=given.origin)
    return given


def _promise(
    given: promise.Promise,
    log: Shown,
    shown: _Opened,
    fresh: promise.Fresh | None,
    now: datetime,
    counted: Mapping[int, Counted] | None,
    say: Say,
) -> None:
    what = f"The promise of {given.received:%Y-%m-%d} for {given.sha256[:12]}…"
    kept, place = became(given, log, shown.ledgers, fresh, now)
    match kept:
        case Kept.KEPT if (
            place is not None
            and counted is not None
            and not (
                counted[place].kind == Kind.ARRIVAL
                and public.month(given.received) <= counted[place].month <= f"{given.by:%Y-%m}"
            )
        ):
            say(False, f"{what} stands in leaf {place}, which is not counted as what arrived in that month.")
        case Kept.KEPT:
            say(True, f"{what} is kept, by leaf {place}.")
        case Kept.LATE:
            say(False, f"{what} was kept late: leaf {place} was logged after {given.by}.")
        case Kept.BROKEN:
            say(False, f"{what} is broken: it is not in the log, and {given.by} is over. Keep both.")
        case Kept.OPEN:
            say(None, f"{what} runs until {given.by}.")
        case _:
            say(None, f"{what} ran until {given.by}, and the site shows nothing newer than that day.")


_COUNTED_AS = {"request": Kind.ARRIVAL, "letter": Kind.LETTER, "package": Kind.RELEASE}
"""What a leaf is counted as that holds such a paper."""


def _receipt(
    given: receipt.Receipt, policy: Policy, log: Shown, counted: Mapping[int, Counted] | None, say: Say
) -> None:
    """Whether the leaves of a receipt stand in this log, and are counted as what they are. Raises Refused
    where this is no receipt of this log."""
    what = f"The receipt for the {given.holder}"
    for entry in given.entries:
        bundle = Bundle.parse(entry.proof.encode())
        tree = opened(bundle.checkpoint, policy).checkpoint
        if tree.origin != log.seen.checkpoint.origin:
            raise Refused("the receipt is of another log than this site", place=tree.origin)
        if not _continues(tree, log):
            say(False, f"{what} is of a tree that is not the beginning of this one. Keep both.")
            return
        place = bundle.index
        holds, said = receipt.stated(entry, log.leaves[place]) if place < tree.size else (False, {})
        if not holds:
            raise Refused("the receipt says of a leaf what that leaf does not say", place=f"leaf {place}")
        nature = said.get("paper", {}).get("nature", "")
        kind = said.get("count", {}).get("kind", "") or _COUNTED_AS.get(nature, "")
        if (
            counted is not None
            and counted[place].kind != kind
            and (kind or counted[place].kind == Kind.PADDING)
        ):
            say(
                False, f"{what}: leaf {place} is a {kind or 'leaf'}, and is counted as {counted[place].kind}."
            )
            return
    stand = _many(len(given.entries), "leaf stands", "leaves stand")
    say(True, f"{what}: {stand} in this log" + (", counted as it says." if counted is not None else "."))


def became(
    given: promise.Promise,
    log: Shown,
    ledgers: Sequence[Ledger],
    fresh: promise.Fresh | None,
    now: datetime,
) -> tuple[Kept, int | None]:
    """What became of a promise, as this site shows it, and in which leaf."""
    return promise.kept(
        given,
        log.leaves,
        seen=fresh.at.astimezone(UTC).date() if fresh is not None else None,
        today=now.astimezone(UTC).date(),
        ledgers=[(each.place, each.until) for each in ledgers],
    )


def _seed(lines: Iterable[bytes]) -> tuple[bytes | None, Unsaid, Iterable[bytes]]:
    """The seed of the rounding and what may not even be said, which stand before the openings where the file
    has them, and the openings."""
    rest = iter(lines)
    first = next(rest, b"")
    try:
        rounding = msgspec.json.decode(first, type=Rounding)
        seed = bytes.fromhex(rounding.seed)
        unsaid = {name: restrictions_of(each) for name, each in rounding.unsaid.items()}
    except (msgspec.DecodeError, ValueError, RecursionError, Refused):
        return None, {}, itertools.chain((first,) if first else (), rest)
    return (seed if len(seed) >= SEED else None), unsaid, rest


class _Unknown(Refused):
    """The openings say what another version of the program may know."""


class _NoOpenings(Refused):
    """The file that was given as openings is none of this tree."""


def _openings(
    lines: Iterable[bytes], log: Shown, manifest: Manifest, shown: _Opened, say: Say
) -> dict[int, Counted] | None:
    """What is counted of every leaf, by place. Each line must open its own leaf, and none may be left out."""
    decoder = msgspec.json.Decoder(Line)
    counted: dict[int, Counted] = {}
    wrong = 0
    for line in lines:
        try:
            read = decoder.decode(line)
            opening = read.opening()
            if not 0 <= read.place < len(log.leaves) or read.place in counted:
                raise Unproven("it opens no leaf, or one twice")
            if public.commitments(log.leaves[read.place])[0] != opening.commitment():
                raise Unproven("it opens another leaf")
            counted[read.place] = opening.counted()
        except (Refused, msgspec.DecodeError, ValueError, RecursionError):
            wrong += 1
    missing = len(log.leaves) - len(counted)
    if wrong and not counted:
        raise _NoOpenings("the file of openings opens no leaf of this log: it is none, or of another log")
    if missing and not wrong and set(counted) == set(range(len(counted))):
        raise _NoOpenings(
            f"the file of openings ends after {_many(len(counted), 'leaf', 'leaves')}, and the log has "
            f"{len(log.leaves):,}: fetch newer openings"
        )
    if wrong or missing:
        say(
            False, f"Of the auditor's openings {wrong:,} do not open their leaf, and {missing:,} are missing."
        )
        return None
    say(True, f"The auditor's openings open every one of the {_many(len(counted), 'leaf', 'leaves')}.")
    hidden = [place for place, each in counted.items() if each.kind in OPEN and place not in shown.places]
    if hidden:
        kind = counted[hidden[0]].kind
        say(False, f"{len(hidden)} leaves are about no person and are not opened, the first a {kind}.")
    _months(counted, shown.ledgers, say)
    _fillings(counted, shown.ledgers, manifest.fill, say)
    return dict(sorted(counted.items()))


def _fillings(counted: Mapping[int, Counted], ledgers: Sequence[Ledger], fill: int, say: Say) -> None:
    """No entry hides among the leaves that say nothing: a day has fewer of them than it is filled up to."""
    if fill not in FILLS:
        say(False, f"The site says that days are filled up to a multiple of {fill:,} leaves: none are.")
        return
    empty = sum(each.kind == Kind.PADDING for each in counted.values())
    most = (fill - 1) * len(ledgers)
    words = f"{_many(empty, 'leaf says', 'leaves say')} nothing"
    if empty > most:
        say(False, f"{words}, and filling up {_many(len(ledgers), 'day', 'days')} takes {most:,} at most.")
    else:
        say(True, f"{words}, no more than fill up the days.")


def _strange(counted: Iterable[Counted], say: Say) -> None:
    """Numbers that are none count nothing. Raises _Unknown for words that this program does not know."""
    unknown: Counter[str] = Counter()
    numbers = 0
    for each in counted:
        numbers += not all(_NUMBER.fullmatch(text) for text in (each.accounts, each.days))
        if each.kind not in _KINDS:
            unknown[each.kind] += 1
        elif each.footing not in _FOOTINGS:
            unknown[each.footing] += 1
    if numbers:
        say(
            False, f"{_many(numbers, 'leaf names', 'leaves name')} a number of accounts or days that is none."
        )
    if unknown:
        first = min(unknown)[:40]
        raise _Unknown(
            f"{_many(unknown.total(), 'leaf is', 'leaves are')} of a kind that this version of the program "
            f"does not know and no number counts, the first: {first}"
        )


def _months(counted: Mapping[int, Counted], ledgers: Sequence[Ledger], say: Say) -> None:
    """Whatever is counted says the month in which it happened, and that fits when it was logged."""
    newest = public.month(ledgers[-1].until) if ledgers else "9999-12"
    strange = 0
    places = [each.place for each in ledgers]
    for place, each in counted.items():
        if each.kind == Kind.PADDING:
            continue
        earlier = bisect.bisect_left(places, place)
        oldest = public.month(ledgers[earlier - 2].until) if earlier > 1 else "0000-00"
        strange += not (_MONTH.fullmatch(each.month) and oldest <= each.month <= newest)
    if strange:
        say(
            False, f"{_many(strange, 'leaf', 'leaves')} name a month that does not fit when they were logged."
        )


_UNSAID = (
    "Law can forbid even to say that something is left out of the numbers: whether it does here nobody "
    "outside can tell, of any house."
)


def _silence(each: Silence) -> str:
    ways = {"band": "only in bands", "defer": f"only from {each.until} on", "never": "not at all"}
    how = ways.get(each.how, "in a way that this program does not know")
    of = ", ".join(filter(None, (each.footing, each.state, each.instrument)))
    return f"{each.subject}{f' ({of})' if of else ''} is counted in public {how}" + (
        f": {each.law}." if each.law else "."
    )


def _root(leaves: Sequence[bytes]) -> bytes:
    return root_of([leaf_hash(leaf) for leaf in leaves]) if leaves else EMPTY_ROOT


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _spoken(refused: Refused) -> str:
    sentence = refused.sentence[:1].upper() + refused.sentence[1:]
    place = f" ({refused.place})" if refused.place else ""
    return f"{sentence}{place}."[:_MOST_WORDS]
