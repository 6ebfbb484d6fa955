"""The public log of each organisation: promises at the door, the day's publication, the site's own files.

Once a day, at the hour the house chose, everything that waits gets its place in the log in random order,
with the day's ledger and with leaves that say nothing, so that not even the number of entries speaks. Then
the log grows, outsiders cosign it, and the site shows it. The order of what becomes durable:

1. every waiting leaf has its place (one transaction of the store, once a day);
2. tiles and entry bundles, the signed tree, cosignatures, the published checkpoint (`habeas.tlog.log`);
3. the site's own files: what is opened to everybody, the manifest, the proof of freshness.

A crash anywhere is made good by doing the same again: only what has its place is ever published, and it is
published in that place. One publisher holds the lease; one that was overtaken is refused by its fence. No
fence reaches the storage, so there every file that changes is replaced only where the one still stands that
was read before the fence was looked at.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from habeas.app.installation import Installation
from habeas.app.reporting import REPORTS, TOTALS, Reporter
from habeas.desk import promise, public
from habeas.desk.events import LogConfigured, Witnessing
from habeas.desk.letters import Language
from habeas.desk.people import House
from habeas.desk.public import OPEN, Kind
from habeas.errors import Refused
from habeas.gateways.witnesses import HttpWitness
from habeas.reports.published import FRESH, MANIFEST, SITE_FORMAT, SUMS, Manifest, OpenLeaf, sums
from habeas.reports.site import PublishedReport, SiteFacts, Suspended, pages
from habeas.reports.verify import page
from habeas.store import HOUSE_KEY, Fence, Placed, Store, mature
from habeas.store.store import micros
from habeas.tlog import (
    CHECKPOINT,
    WIDTH,
    Key,
    Log,
    Policy,
    Published,
    Tiles,
    Witness,
    bundle,
    entries_path,
    grown,
    ignore,
    leaf_hash,
    outsiders,
    root_of,
    signed_tree,
)

LEASE = timedelta(minutes=10)  # a publisher that was stopped is replaced after so long
VERIFY_FOLDER = "verify/"
VERIFY_SUMS = f"{VERIFY_FOLDER}SHA256SUMS"
_AT_ONCE = 10_000  # leaves in one step of the log
_LAST = (CHECKPOINT, MANIFEST, FRESH)  # they point at the other files of the site, in this order
_WITNESS_SECONDS = 20.0


def connected(witness: Witnessing) -> Witness:
    """The witness at its address."""
    return HttpWitness(Key.parse(witness.key), witness.url, timeout=_WITNESS_SECONDS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a publication. new: whether the day's entries got their places by it."""

    organisation: str
    new: bool
    published: Published

    @property
    def words(self) -> str:
        """One sentence for whoever runs the house."""
        size, of = self.published.size, outsiders(each.key for each in self.published.cosigned)
        if not self.published.quorum_met:
            why = "; ".join(f"{each.witness}: {each.why}" for each in self.published.missing)
            return f"{self.organisation}: {size:,} leaves are ready, and too few witnesses cosigned ({why})."
        witnessed = f"cosigned by {of}" if of else "unwitnessed"
        return f"{self.organisation}: {size:,} leaves are published, {witnessed}."


class Publisher:
    """Keeps the public logs of one installation. holder: names this process among all that could publish.

    connect: how a witness is reached. step: called with a name before each step that lasts.
    """

    def __init__(
        self,
        installation: Installation,
        holder: str = "publisher",
        *,
        connect: Callable[[Witnessing], Witness] = connected,
        step: Callable[[str], None] = ignore,
    ) -> None:
        self._installation = installation
        self._store: Store = installation.store
        self._holder = holder
        self._connect = connect
        self._step = step

    # ---- the day's publication ---------------------------------------------------------------------------

    def step(self) -> tuple[Outcome, ...]:
        """Publishes for every house whose hour has come, or whose last publication was broken off."""
        done = []
        failed: Refused | None = None
        for organisation in self._store.organisations():
            try:
                outcome = self._due(organisation)
            except Refused as refused:
                failed = failed or refused
                continue
            if outcome is not None:
                done.append(outcome)
        if failed is not None:
            raise failed
        return tuple(done)

    def _due(self, organisation: str) -> Outcome | None:
        house = self._installation.people(organisation)
        if house.log is None:
            return None
        now = self._installation.now()
        local = now.astimezone(ZoneInfo(house.settings.zone))
        today = local.date().isoformat()
        due = local.hour >= house.log.hour and not self._store.trace.done(organisation, today)
        return self.publish(organisation) if due or self._behind(organisation, house.log) else None

    def _behind(self, organisation: str, kept: LogConfigured) -> bool:
        """Whether leaves have their places and are not shown, or showing them was broken off half-way."""
        tiles = self._installation.tiles(organisation)
        log = self._installation.log_signer(organisation, kept).key
        size = self._store.trace.size(organisation)
        if size == 0:
            return False
        try:
            shown = signed_tree(tiles.read(CHECKPOINT) or b"", log)
            fresh = promise.read_fresh(tiles.read(FRESH) or b"", (log,))
        except Refused:
            return True
        return shown.size < size or fresh.tree != shown or self._store.newest(organisation).current() is None

    def publish(self, organisation: str) -> Outcome | None:
        """Publishes now; None where another publisher is at it. The same day again adds nothing."""
        store, now = self._store, self._installation.now()
        house = self._installation.people(organisation)
        kept = self._installation.kept(organisation)
        fence = store.lease(f"publishing {organisation}", self._holder, now, LEASE)
        if fence is None:
            return None
        try:
            return self._publish(organisation, house, kept, now, fence)
        finally:
            store.let_go(fence)

    def copy(self, organisation: str, to: Tiles) -> int:
        """Copies the site to where it is served from, a bucket for example; how many files.

        Tiles go first and what points at them last, so whoever reads meanwhile sees an older site, whole. A
        newer tree there is left; whoever replaces the one that was there meanwhile overtakes us.
        """
        kept = self._installation.kept(organisation)
        site = self._installation.site(organisation)
        if kept.tiles:
            raise Refused("the site is published to a bucket already", place=kept.tiles)
        if not (site / CHECKPOINT).exists():
            raise Refused("nothing is published yet", place=organisation, hint="habeas log publish")
        key = self._installation.log_signer(organisation, kept).key
        newest = signed_tree((site / CHECKPOINT).read_bytes(), key)
        last = {name: (site / name).read_bytes() for name in _LAST}  # read first
        names = sorted(
            file.relative_to(site).as_posix()
            for file in site.rglob("*")
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(site).parts)
        )
        tiles = {name: (site / name).read_bytes() for name in names if name.startswith("tile/")}
        others = {
            name: (site / name).read_bytes() for name in names if name not in tiles and name not in last
        }
        changed = _changed(to, {**others, **last})
        shown = changed[CHECKPOINT][0] if CHECKPOINT in changed else None
        if shown is not None and signed_tree(shown, key).size > newest.size:
            raise Refused("a newer tree is shown there", place=CHECKPOINT, hint="nothing was copied")
        to.write(tiles)
        _replace(to, changed)
        return len(names)

    def rebuild(self, organisation: str) -> int:
        """Makes the tiles anew from the leaves, where they were lost or are to move; how many leaves.

        Nothing is signed by it: they must give the root of the newest tree that was. Then publish.
        """
        kept = self._installation.kept(organisation)
        newest = self._store.newest(organisation).current()
        if newest is None:
            raise Refused("nothing was published yet", place=organisation)
        tree = signed_tree(newest, self._installation.log_signer(organisation, kept).key)
        leaves = self._store.trace.leaves(organisation, 0, tree.size)
        files, root = grown(0, [leaf_hash(leaf) for leaf in leaves], _nothing)
        if root != tree.root:
            raise Refused(
                "the leaves do not give the tree that was signed",
                place=organisation,
                hint="a leaf was changed or lost: bring back a backup of the records",
            )
        for index in range(-(-tree.size // WIDTH)):
            part = leaves[index * WIDTH : (index + 1) * WIDTH]
            files[entries_path(index, len(part))] = bundle(part)
        self._installation.tiles(organisation, self._step).write(files)
        return tree.size

    def _publish(
        self, organisation: str, house: House, kept: LogConfigured, now: datetime, fence: Fence
    ) -> Outcome:
        store = self._store
        day = now.astimezone(ZoneInfo(house.settings.zone)).date().isoformat()
        self._installation.site(organisation).mkdir(parents=True, exist_ok=True)
        tiles = self._installation.tiles(organisation, self._step)
        log = Log(
            kept.origin,
            self._installation.log_signer(organisation, kept),
            tiles,
            store.newest(organisation, fence),
            step=self._step,
        )
        log.check()  # nothing gets a place in a log that does not fit what was published
        if self._installation.restored(organisation):
            raise Refused(
                "these records were brought back from a backup, and a newer tree may have been published",
                place=organisation,
                hint="habeas log resume, with the newest checkpoint that was published",
            )
        self._step("sequence")
        new = False
        if not store.trace.done(organisation, day):
            more = (self._ledger(organisation, now, fence), *self._unlogged(organisation, now))
            new = store.sequence(organisation, day, more, multiple=kept.fill, fence=fence)
        if new:
            store.tidy()  # until then the database's own log relates leaves to what they were written with
        size = store.trace.size(organisation)
        for start in range(log.size, size, _AT_ONCE):
            end = min(start + _AT_ONCE, size)
            log.extend(store.trace.leaves(organisation, start, end), start=start)
        published = log.publish(
            [self._connect(each) for each in kept.witnesses],
            policy(self._installation.log_signer(organisation, kept).key, kept),
        )
        if published.quorum_met:
            self._show(organisation, house, kept, tiles, published, now, fence)
        return Outcome(organisation, new, published)

    def _ledger(self, organisation: str, now: datetime, fence: Fence) -> public.Entry:
        """The day's commitment to the end of every case's chain. Nothing can come in before its end any more,
        so it is reckoned when everything it speaks of is there."""
        until = self._store.speak(organisation, mature(now).replace(microsecond=0), fence=fence)
        return public.ledger(self._store.trace.ledger(organisation, micros(until)), until)

    def _unlogged(self, organisation: str, now: datetime) -> Iterator[public.Entry]:
        """Files of the site whose hash no leaf names yet: pages that verify receipts, when they change, and
        reports or totals that were laid there when a crash came."""
        logged = {
            each.opened.paper.value("document") for each in self._store.trace.opened(organisation, HOUSE_KEY)
        }
        site = self._installation.site(organisation)
        files = [(Kind.PAGE, VERIFY_SUMS, _verifiers()[VERIFY_SUMS])]
        for kind, pattern in ((Kind.REPORT, f"{REPORTS}/*/{SUMS}"), (Kind.TOTALS, f"{TOTALS}/*.json")):
            found = sorted(site.glob(pattern))
            files += [(kind, each.relative_to(site).as_posix(), each.read_bytes()) for each in found]
        for kind, name, data in files:
            if (digest := promise.sha256(data)) not in logged:
                yield public.document(kind, name, digest, now)

    def resume(self, organisation: str, checkpoint: bytes) -> int:
        """Goes on publishing after records were restored: `checkpoint` is the newest that was published.

        Raises Refused where the records are older than it, or lead to another tree: then this log has ended,
        for whoever goes on would sign a second one. How many leaves were published.
        """
        kept = self._installation.kept(organisation)
        tree = signed_tree(checkpoint, self._installation.log_signer(organisation, kept).key)
        if tree.size > self._store.trace.size(organisation):
            raise Refused(
                "the records are older than what was published",
                place=f"{tree.size:,} leaves were published",
                hint="restore a newer backup; nothing may be signed over these",
            )
        leaves = self._store.trace.leaves(organisation, 0, tree.size)
        if root_of([leaf_hash(leaf) for leaf in leaves]) != tree.root:
            raise Refused(
                "the records lead to another tree than the one that was published", place=organisation
            )
        self._installation.resumed(organisation)
        return tree.size

    def _show(
        self,
        organisation: str,
        house: House,
        kept: LogConfigured,
        tiles: Tiles,
        published: Published,
        now: datetime,
        fence: Fence,
    ) -> None:
        """The files of the site beside the log, made from what is recorded: once more does no harm.

        Pages that check receipts are shown when a leaf names them: those of a newer program, and all that
        goes with them, come with the next day. Raises Overtaken or Fenced where somebody else publishes
        meanwhile; what they put is left.
        """
        signer = self._installation.promiser(organisation, kept)
        log = self._installation.log_signer(organisation, kept)
        own = self._store.trace.opened(organisation, HOUSE_KEY)
        shown = [
            OpenLeaf.of(each.place, (each.opened.count, each.opened.person, each.opened.paper))
            for each in own
            if each.place is not None
            and each.place < published.size
            and each.opened.count.value("kind") in OPEN
        ]
        named = {each.opening("paper").value("document") for each in shown}
        if promise.sha256(_verifiers()[VERIFY_SUMS]) not in named and tiles.read(VERIFY_SUMS) is not None:
            return
        for each in shown:
            if tiles.read(path := f"open/{each.place}.json") is None:
                tiles.publish(path, each.encoded())  # the same bytes, whoever puts them
        manifest = Manifest(
            format=SITE_FORMAT,
            origin=kept.origin,
            log=str(log.key),
            promises=str(signer.key),
            hour=kept.hour,
            zone=house.settings.zone,
            within=kept.within,
            quorum=kept.quorum,
            witnesses=kept.witnesses,
            opened=tuple(sorted(each.place for each in shown)),
            silences=tuple(each for each in kept.silences if each.open),
            doors=kept.doors,
            fill=kept.fill,
        )
        facts = self._facts(organisation, house, manifest, published, own, now)
        files = {
            **self._reported(organisation),
            **_verifiers(),
            **pages(facts),
            MANIFEST: manifest.encoded(),
            FRESH: promise.fresh(
                published.checkpoint, now, signer.key, log, (Key.parse(each.key) for each in kept.doors)
            ),
        }
        changed = _changed(tiles, files)
        self._store.hold(fence)
        _replace(tiles, changed)

    def _reported(self, organisation: str) -> dict[str, bytes]:
        """Reports and totals, which the house keeps in its own folder wherever the site is."""
        site = self._installation.site(organisation)
        return {
            file.relative_to(site).as_posix(): file.read_bytes()
            for folder in (REPORTS, TOTALS)
            for file in sorted((site / folder).rglob("*"))
            if file.is_file()
        }

    def _facts(
        self,
        organisation: str,
        house: House,
        manifest: Manifest,
        published: Published,
        own: Sequence[Placed],
        now: datetime,
    ) -> SiteFacts:
        """What the pages for people say, from what is recorded and what lies on the site already. own: the
        house's own entries."""
        sender = house.settings.sender
        tree = signed_tree(published.checkpoint, Key.parse(manifest.log))
        reporter = Reporter(self._installation)
        folder = self._installation.site(organisation)
        return SiteFacts(
            house=sender.name if sender is not None else organisation,
            contact=sender.contact if sender is not None else "",
            manifest=manifest,
            size=tree.size,
            root=base64.b64encode(tree.root).decode(),
            published=now.replace(microsecond=0),
            cosigned=outsiders(each.key for each in published.cosigned),
            verify_sha256=promise.sha256(_verifiers()["verify.html"]),
            verifiers={
                str(language): promise.sha256(_verifiers()[f"{VERIFY_FOLDER}{language}.html"])
                for language in Language
            },
            reports=tuple(
                PublishedReport(
                    name=each.name,
                    made=each.made,
                    files=_page_first(folder / REPORTS / each.name),
                )
                for each in reporter.reports(organisation)
            ),
            totals=tuple(each.name for each in reporter.totals(organisation)),
            suspended=tuple(_suspended(own, house, tree.size)),
        )


def _suspended(own: Sequence[Placed], house: House, size: int) -> Iterator[Suspended]:
    """The states that are suspended as far as the tree says, and since when by its last entry of each.
    What was decided since, each time the other way, shows with the leaf that says so."""
    since: dict[str, str] = {}
    stands = set(house.settings.suspended)
    for each in own:
        count = each.opened.count
        if count.value("kind") != Kind.SUSPENSION:
            continue
        state = count.value("state")
        if each.place is None or each.place >= size:
            stands ^= {state}
        elif count.value("how") == "suspended":
            since[state] = max(since.get(state, ""), count.value("month"))
    yield from (Suspended(state=state, since=since[state]) for state in sorted(stands & since.keys()))


def _page_first(folder: Path) -> tuple[str, ...]:
    """The files of a report, its page before the others."""
    return tuple(
        sorted((each.name for each in folder.iterdir()), key=lambda name: (name != "index.html", name))
    )


@cache
def _verifiers() -> dict[str, bytes]:
    """The pages with which receipts are verified, one for each language, and the list of their hashes."""
    pages = {f"{language}.html": page(language).encode() for language in Language}
    return {
        **{f"{VERIFY_FOLDER}{name}": data for name, data in pages.items()},
        "verify.html": pages[f"{Language.ENGLISH}.html"],
        VERIFY_SUMS: sums(pages),
    }


def policy(log: Key, kept: LogConfigured) -> Policy:
    """Whose cosignatures a house waits for before a tree of its log is shown."""
    return Policy.k_of_n(log, [(Key.parse(each.key), each.url) for each in kept.witnesses], kept.quorum)


def _changed(tiles: Tiles, files: Mapping[str, bytes]) -> dict[str, tuple[bytes | None, bytes]]:
    """Of these files the ones that are to be replaced, in their order: what stands there now, and what
    shall."""
    found = {name: tiles.read(name) for name in files}
    return {name: (found[name], data) for name, data in files.items() if found[name] != data}


def _replace(tiles: Tiles, changed: Mapping[str, tuple[bytes | None, bytes]]) -> None:
    """What points at other files comes after them, each by itself. Raises Overtaken where a file is no longer
    the one that was seen, and leaves it."""
    tiles.swap({name: change for name, change in changed.items() if name not in _LAST})
    for name in _LAST:
        if name in changed:
            tiles.swap({name: changed[name]})


def _nothing(path: str) -> bytes:
    raise AssertionError(f"a new tree reads nothing: {path}")
