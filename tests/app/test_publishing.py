"""The day's publication, from what happened at the desk to a site that strangers can check."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from habeas.app import keeping, publishing, soundness
from habeas.app.installation import Installation
from habeas.app.publishing import Outcome, Publisher
from habeas.desk import promise, public
from habeas.desk.events import FILL, Door, LogConfigured, Witnessing
from habeas.desk.promise import Kept
from habeas.desk.public import Kind, Opening
from habeas.errors import Refused
from habeas.reports.site import SiteFacts, pages
from habeas.store import Fenced
from habeas.store.database import Run
from habeas.store.store import micros
from habeas.tlog import (
    Algorithm,
    Checkpoint,
    Folder,
    Key,
    Note,
    Overtaken,
    Policy,
    Signature,
    Signer,
    Tree,
    leaf_hash,
    opened,
    reader,
    root_of,
)
from tests.app.houses import ORGANISATION, Clock, a_request, as_bytes, brought, keeps, taken_in
from tests.app.racing import workers
from tests.soaking import SOAK

ORIGIN = "desk.example.org/log"
KEPT = LogConfigured(origin=ORIGIN, hour=4)


class Watching:
    """A witness that signs whatever it is handed, so that the quorum can be tested without a network."""

    def __init__(self, name: str = "witness.example.org/w1") -> None:
        self.signer = Signer.from_seed(name, name.encode().ljust(32, b".")[:32], Algorithm.COSIGNATURE)
        self.away = False

    @property
    def key(self) -> Key:
        return self.signer.key

    def cosign(self, checkpoint: bytes, prove: object) -> Signature:
        if self.away:
            raise Refused("the witness does not answer", place=self.key.name)
        return self.signer.sign(Note.parse(checkpoint).text, 1_900_000_000)


@pytest.fixture
def kept(app: Installation) -> Installation:
    keeps(app, KEPT)
    return app


def published(app: Installation, **parts: object) -> Outcome:
    outcome = Publisher(app, **parts).publish(ORGANISATION)  # type: ignore[arg-type]
    assert outcome is not None
    return outcome


def policy(app: Installation) -> Policy:
    manifest = json.loads(app.tiles(ORGANISATION).read("habeas.json") or b"")
    witnesses = [(Key.parse(each["key"]), each["url"]) for each in manifest.get("witnesses", [])]
    return Policy.k_of_n(Key.parse(manifest["log"]), witnesses, manifest["quorum"])


def entries(app: Installation) -> list[bytes]:
    """All leaves as a stranger reads them, checked against the signed root."""
    tiles = app.tiles(ORGANISATION)
    checkpoint = tiles.read("checkpoint")
    assert checkpoint is not None
    tree = opened(checkpoint, policy(app)).checkpoint
    found = list(Tree(tree.size, reader(tiles)).entries(0, tree.size))

    assert root_of([leaf_hash(each) for each in found]) == tree.root
    return found


def kinds(app: Installation) -> list[str]:
    return sorted(
        each.count.value("kind")
        for each in app.store.trace.counted(ORGANISATION)
        if each.count.value("kind") != Kind.PADDING
    )


def test_after_a_publication_no_file_of_the_database_relates_leaves_to_what_they_came_with(
    kept: Installation, clock: Clock
) -> None:
    """The waiting entries are gone from the tables, and from the log in which the engine wrote them too."""

    def files() -> bytes:
        return b"".join(each.read_bytes() for each in sorted((kept.home / "data").glob("desk.sqlite*")))

    brought(kept, clock, "decided")
    turns = [bytes(turn) for (turn,) in kept.store.database.ask("SELECT turn FROM outbox")]
    assert len(turns) >= 3
    assert all(turn in files() for turn in turns)
    published(kept)
    assert not any(turn in files() for turn in turns)


def test_what_happened_is_published_in_a_log_that_strangers_can_check(
    kept: Installation, clock: Clock
) -> None:
    brought(kept, clock, "released")
    outcome = published(kept)
    assert outcome.new
    leaves = entries(kept)
    assert len(leaves) == FILL
    assert {len(leaf) for leaf in leaves} == {public.LEAF}
    assert kinds(kept) == sorted("arrival request decision letter notice release ledger page".split())
    assert "unwitnessed" in outcome.words


def test_the_same_day_adds_nothing_and_the_next_day_does(kept: Installation, clock: Clock) -> None:
    taken_in(kept)
    assert published(kept).new
    taken_in(kept)
    again = published(kept)
    assert (again.new, again.published.size) == (False, FILL)
    clock.go(days=1)
    assert published(kept).published.size == 2 * FILL
    entries(kept)


def test_nothing_is_published_before_its_hour(kept: Installation, clock: Clock) -> None:
    publisher = Publisher(kept)
    clock.at = clock.at.replace(hour=1)  # two o'clock in the house's zone
    assert publisher.step() == ()
    clock.at = clock.at.replace(hour=3)
    [outcome] = publisher.step()
    assert outcome.new
    assert publisher.step() == ()
    clock.go(hours=23)
    assert publisher.step() == ()
    clock.go(hours=1)
    assert len(publisher.step()) == 1


def test_a_house_without_a_log_publishes_nothing_and_gives_no_promise(app: Installation) -> None:
    assert Publisher(app).step() == ()
    with pytest.raises(Refused, match="keeps no public log"):
        Publisher(app).publish(ORGANISATION)
    assert app.arrived(ORGANISATION, promise.sha256(b"request"), Door.MAILBOX) == b""
    assert taken_in(app).history[0].event.promise == ""  # type: ignore[attr-defined]


def test_the_origin_of_a_log_never_changes(kept: Installation) -> None:
    with pytest.raises(Refused, match="never changes"):
        keeps(kept, LogConfigured(origin="other.example.org/log"))
    keeps(kept, LogConfigured(origin=ORIGIN, hour=6))
    with pytest.raises(Refused):
        kept.keep_log(ORGANISATION, "reviewer", KEPT)


TWO_KEYS = tuple(
    Witnessing(key=str(Signer.from_seed("court.example.org/w", b"w" * 32, algorithm).key), url="")
    for algorithm in (Algorithm.COSIGNATURE, Algorithm.MLDSA44)
)
"""Of one witness."""


@pytest.mark.parametrize(
    "settings",
    [
        LogConfigured(origin="https://desk.example.org/log"),
        LogConfigured(origin=ORIGIN, hour=24),
        LogConfigured(origin=ORIGIN, within=0),
        LogConfigured(origin=ORIGIN, quorum=1),
        LogConfigured(origin=ORIGIN, witnesses=(Witnessing(key="no key", url=""),)),
        LogConfigured(origin=ORIGIN, quorum=2, witnesses=TWO_KEYS),
        LogConfigured(origin=ORIGIN, fill=8),
        LogConfigured(origin=ORIGIN, fill=48),
        LogConfigured(origin=ORIGIN, fill=32_768),
        LogConfigured(
            origin=ORIGIN,
            witnesses=(
                Witnessing(key=str(Signer.from_seed(ORIGIN, bytes(32), Algorithm.ED25519).key), url=""),
            ),
        ),
    ],
)
def test_settings_under_which_nothing_could_be_believed_are_refused(
    app: Installation, settings: LogConfigured
) -> None:
    with pytest.raises(Refused):
        keeps(app, settings)


def test_one_witness_with_two_keys_is_one_of_one(app: Installation) -> None:
    keeps(app, LogConfigured(origin=ORIGIN, quorum=1, witnesses=TWO_KEYS))
    assert app.kept(ORGANISATION).quorum == 1


# ---- how many leaves a day has ---------------------------------------------------------------------------


def test_a_day_on_which_much_happened_has_as_many_leaves_as_a_quiet_one(
    kept: Installation, clock: Clock
) -> None:
    keeps(kept, msgspec.structs.replace(KEPT, fill=64))
    for busy in (0, 3, 45, 0, 60):
        for _ in range(busy):
            kept.arrived(ORGANISATION, "ab" * 32, Door.MAILBOX)
        published(kept)
        clock.go(days=1)
    assert kept.store.trace.sizes(ORGANISATION) == tuple((64 * day, 64) for day in range(1, 6))
    assert kinds(kept).count("arrival") == 108


def test_beyond_what_a_day_is_filled_up_to_it_has_twice_as_many(kept: Installation) -> None:
    for _ in range(FILL):
        kept.arrived(ORGANISATION, "ab" * 32, Door.MAILBOX)
    published(kept)
    assert kept.store.trace.sizes(ORGANISATION) == ((2 * FILL, FILL),)


def test_to_how_many_leaves_a_day_is_filled_up_is_raised_and_never_lowered(kept: Installation) -> None:
    keeps(kept, msgspec.structs.replace(KEPT, fill=64))
    with pytest.raises(Refused, match="never lowered"):
        keeps(kept, msgspec.structs.replace(KEPT, fill=32))
    published(kept)
    assert json.loads(kept.tiles(ORGANISATION).read("habeas.json") or b"")["fill"] == 64


# ---- witnesses -------------------------------------------------------------------------------------------


def witnessed(app: Installation, watching: Watching, quorum: int = 1) -> None:
    settings = msgspec.structs.replace(
        KEPT,
        witnesses=(Witnessing(key=str(watching.key), url="https://witness.example.org"),),
        quorum=quorum,
    )
    keeps(app, settings)


def test_nothing_is_shown_before_enough_witnesses_saw_it(app: Installation, clock: Clock) -> None:
    watching = Watching()
    witnessed(app, watching)
    taken_in(app)
    watching.away = True
    outcome = published(app, connect=lambda _each: watching)
    assert not outcome.published.quorum_met
    assert "does not answer" in outcome.words
    assert not (app.site(ORGANISATION) / "checkpoint").exists()
    assert not (app.site(ORGANISATION) / "habeas.json").exists()
    watching.away = False
    [later] = Publisher(app, connect=lambda _each: watching).step()
    assert later.published.quorum_met
    assert not later.new
    assert len(entries(app)) == FILL
    tree = opened((app.site(ORGANISATION) / "checkpoint").read_bytes(), policy(app))
    assert [each.key for each in tree.cosigned] == [watching.key]
    assert "cosigned by 1" in later.words


# ---- a crash at every step -------------------------------------------------------------------------------


def test_whatever_step_a_publication_ends_at_the_next_one_loses_nothing_and_signs_no_second_tree(
    kept: Installation, home: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step that lasts, and after each commit to the records, the home folder is copied as it is: what
    is left of a process that ends there, its lease included. Another one takes each copy up."""
    made: dict[str, dict[str, bytes]] = {}

    def once(facts: SiteFacts) -> dict[str, bytes]:
        """Pages are made from nothing but these: they are the same after most steps."""
        if (known := repr(facts)) not in made:
            made[known] = pages(facts)
        return made[known]

    monkeypatch.setattr(publishing, "pages", once)
    taken_in(kept)
    published(kept)
    clock.go(days=1)
    brought(kept, clock, "released")
    names: list[str] = []

    def ends(name: str) -> None:
        names.append(name)
        left = Path(shutil.copytree(home, tmp_path / "left"))
        later = Clock(clock.at)
        again = Installation.open(left, now=later, make=False)
        _taken_up(again, later, days=2)
        assert kinds(again).count("release") == 1
        again.close()
        shutil.rmtree(left)

    with _committing(kept, ends):
        published(kept, step=ends)
    assert names.count("commit") > 5
    assert len(names) > 100
    assert {"sequence", "tiles", "swap", "publish", "rename checkpoint", "rename fresh"} <= set(names)


@pytest.mark.parametrize("every", [pytest.param(True, marks=SOAK), False], ids=["every step", "each kind"])
def test_a_house_whose_publication_ends_at_another_step_each_day_loses_nothing_in_its_bucket(
    every: bool, home: Path, tmp_path: Path, clock: Clock, address: Callable[[str], str]
) -> None:
    """The home folder goes on as it was at that step, and the bucket as it is."""
    app = Installation.open(home, now=clock, make=False)
    keeps(app, _in(address, "site"))
    taken_in(app)
    published(app)
    clock.go(days=1)
    taken_in(app)
    steps: list[str] = []
    published(app, step=steps.append)
    kinds_of_step = {_kind(each): at for at, each in enumerate(steps)}
    tried = range(len(steps)) if every else sorted(kinds_of_step.values())
    assert len(tried) > 9
    for days, number in enumerate(tried, 3):
        clock.go(days=1)
        taken_in(app)
        left = tmp_path / f"left-{number}"
        passed = 0

        def ends(_name: str, number: int = number, left: Path = left, app: Installation = app) -> None:
            nonlocal passed
            passed += 1
            if passed == number + 1:
                shutil.copytree(app.home, left)
                raise _Ended

        with pytest.raises(_Ended):
            published(app, step=ends)
        app.close()
        shutil.rmtree(app.home)
        app = Installation.open(left, now=clock, make=False)
        _taken_up(app, clock, days=days)
        assert kinds(app).count("request") == days
    app.close()


class _Ended(BaseException):
    """The process ends here."""


def _taken_up(app: Installation, clock: Clock, days: int) -> None:
    """Another publisher takes up what one left that ended in the middle of its day."""
    signed = [app.store.newest(ORGANISATION).current(), app.tiles(ORGANISATION).read("checkpoint")]
    stands = app.store.database.ask("SELECT 1 FROM lease WHERE until > ?", micros(clock.at))
    assert (Publisher(app, "another").publish(ORGANISATION) is None) is bool(stands)
    clock.go(minutes=11)  # the lease of the one that ended is over
    published(app, holder="another")
    signed += [app.store.newest(ORGANISATION).current(), app.tiles(ORGANISATION).read("checkpoint")]
    trees = [Checkpoint.parse(Note.parse(each).text) for each in signed if each is not None]
    assert len({tree.size for tree in trees}) == len({(tree.size, tree.root) for tree in trees})
    assert len(entries(app)) == days * FILL == app.store.trace.size(ORGANISATION)
    assert app.store.trace.waiting(ORGANISATION) == 0
    assert kinds(app).count("ledger") == days
    assert Publisher(app).step() == ()  # nothing of it is left to do


@contextmanager
def _committing(app: Installation, ends: Callable[[str], None]) -> Iterator[None]:
    """Says so after each transaction of the records."""
    database, whole = app.store.database, app.store.database.transaction

    @contextmanager
    def transaction() -> Iterator[Run]:
        with whole() as run:
            yield run
        ends("commit")

    database.transaction = transaction  # type: ignore[method-assign]
    try:
        yield
    finally:
        database.transaction = whole  # type: ignore[method-assign]


def _kind(step: str) -> str:
    """Pages are all put in the same way."""
    return re.sub(r"[a-z]{2}/.*html|[0-9].*", "", step)


def _in(at: Callable[[str], str], prefix: str) -> LogConfigured:
    return msgspec.structs.replace(KEPT, tiles=at(prefix))


def test_a_site_that_was_lost_is_made_anew_from_the_records(kept: Installation, clock: Clock) -> None:
    taken_in(kept)
    published(kept)
    site = kept.site(ORGANISATION)
    before = {file.relative_to(site): file.read_bytes() for file in site.rglob("*") if file.is_file()}
    shutil.rmtree(site)
    with pytest.raises(Refused):
        published(kept)  # nothing is signed over tiles that are not there
    assert Publisher(kept).rebuild(ORGANISATION) == FILL
    published(kept)
    after = {file.relative_to(site): file.read_bytes() for file in site.rglob("*") if file.is_file()}
    assert after == before


def test_a_copy_of_the_site_is_whole_whenever_somebody_reads_it(
    kept: Installation, clock: Clock, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(Refused, match="nothing is published yet"):
        Publisher(kept).copy(ORGANISATION, Folder(elsewhere))
    order: list[str] = []

    class Told(Folder):
        def write(self, files: Mapping[str, bytes]) -> None:
            order.extend(files)
            super().write(files)

        def publish(self, path: str, data: bytes) -> None:
            order.append(path)
            super().publish(path, data)

        def swap(self, changes: Mapping[str, tuple[bytes | None, bytes]]) -> None:
            order.extend(changes)
            super().swap(changes)

    for _ in range(2):
        taken_in(kept)
        published(kept)
        Publisher(kept).copy(ORGANISATION, Told(elsewhere))
        assert order[-3:] == ["checkpoint", "habeas.json", "fresh"]
        assert order.index("checkpoint") > max(
            order.index(each) for each in order if each.startswith("tile/")
        )
        order.clear()
        clock.go(days=1)
    site = kept.site(ORGANISATION)
    for file in site.rglob("*"):
        if file.is_file():
            assert (elsewhere / file.relative_to(site)).read_bytes() == file.read_bytes()


# ---- a site in a bucket ----------------------------------------------------------------------------------


@pytest.fixture
def address(s3_server: str, bucket_name: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Names a folder in a bucket of the test's own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "example")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    return lambda prefix: f"s3://{bucket_name}/{prefix}?endpoint={s3_server}&region=us-east-1"


def test_a_house_moves_its_site_into_a_bucket_and_goes_on_there(
    kept: Installation, clock: Clock, address: Callable[[str], str]
) -> None:
    brought(kept, clock, "released")
    published(kept)
    first = entries(kept)
    laid = kept.site(ORGANISATION) / "totals" / "about.txt"
    laid.parent.mkdir()
    laid.write_text("laid by the house")
    folder = {file: file.read_bytes() for file in kept.site(ORGANISATION).rglob("*") if file.is_file()}
    keeps(kept, _in(address, "site"))
    with pytest.raises(Refused, match="missing"):
        published(kept)  # nothing is signed over tiles that are not there
    assert Publisher(kept).rebuild(ORGANISATION) == FILL
    clock.go(days=1)
    taken_in(kept)
    published(kept)
    assert entries(kept)[:FILL] == first
    assert len(entries(kept)) == 2 * FILL
    assert {
        file: file.read_bytes() for file in kept.site(ORGANISATION).rglob("*") if file.is_file()
    } == folder
    tiles = kept.tiles(ORGANISATION)
    assert tiles.read("totals/about.txt") == b"laid by the house"
    assert tiles.read("verify.html") == (kept.site(ORGANISATION) / "verify.html").read_bytes()
    assert Publisher(kept).step() == ()
    with pytest.raises(Refused, match="to a bucket already"):
        Publisher(kept).copy(ORGANISATION, tiles)
    keeps(kept, KEPT)
    Publisher(kept).rebuild(ORGANISATION)
    published(kept)
    assert len(entries(kept)) == 2 * FILL


def test_whoever_was_overtaken_leaves_the_newer_tree_in_the_bucket(
    kept: Installation, address: Callable[[str], str]
) -> None:
    keeps(kept, _in(address, "site"))
    taken_in(kept)
    published(kept)
    taken_in(kept)
    tiles = kept.tiles(ORGANISATION)

    def quicker(name: str) -> None:
        if name == "put checkpoint":
            tiles.publish("checkpoint", b"of somebody quicker")

    with pytest.raises(Overtaken):
        published(kept, step=quicker)
    assert tiles.read("checkpoint") == b"of somebody quicker"


class Slow(Publisher):
    """Comes to a standstill at a moment of showing, and goes on when `meanwhile` is over."""

    def __init__(self, app: Installation, at: str, meanwhile: Callable[[], None]) -> None:
        super().__init__(app, "slow", step=self._passing)
        self._at = at
        self._meanwhile: Callable[[], None] | None = meanwhile

    def _passing(self, name: str) -> None:
        if name == self._at:
            self._stop()

    def _stop(self) -> None:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            meanwhile()

    def _reported(self, organisation: str) -> dict[str, bytes]:
        if self._at == "before anything of the site is read":
            self._stop()
        return super()._reported(organisation)


@pytest.mark.parametrize(
    ("where", "at"),  # a folder is locked between the look and the swap
    [
        ("folder", "before anything of the site is read"),
        ("bucket", "before anything of the site is read"),
        ("bucket", "put habeas.json"),
        ("bucket", "put fresh"),
    ],
)
def test_whoever_was_overtaken_while_showing_leaves_what_the_newer_one_put(
    where: str, at: str, kept: Installation, clock: Clock, request: pytest.FixtureRequest
) -> None:
    if where == "bucket":
        keeps(kept, _in(request.getfixturevalue("address"), "site"))
    taken_in(kept)
    published(kept)
    clock.go(days=1)
    shown: dict[str, bytes | None] = {}

    def quicker() -> None:
        clock.go(minutes=11)  # the lease of the slow one is over
        published(kept, holder="quicker")
        shown.update({name: kept.tiles(ORGANISATION).read(name) for name in ("habeas.json", "fresh")})

    with pytest.raises((Overtaken, Fenced)):
        Slow(kept, at, quicker).publish(ORGANISATION)
    tiles = kept.tiles(ORGANISATION)
    assert shown == {name: tiles.read(name) for name in shown}
    assert None not in shown.values()
    assert Publisher(kept).step() == ()  # the quicker one left nothing undone
    assert len(entries(kept)) == 2 * FILL


def test_a_copy_that_is_overtaken_leaves_the_newer_site(
    kept: Installation, clock: Clock, tmp_path: Path
) -> None:
    taken_in(kept)
    published(kept)
    elsewhere = tmp_path / "elsewhere"

    class Overtaking(Folder):
        def write(self, files: Mapping[str, bytes]) -> None:
            super().write(files)
            clock.go(days=1)
            published(kept)
            Publisher(kept).copy(ORGANISATION, Folder(elsewhere))

    with pytest.raises(Overtaken):
        Publisher(kept).copy(ORGANISATION, Overtaking(elsewhere))
    for name in ("checkpoint", "habeas.json", "fresh", "index.html"):
        assert (elsewhere / name).read_bytes() == (kept.site(ORGANISATION) / name).read_bytes()


def test_a_copy_replaces_no_newer_tree(kept: Installation, clock: Clock, tmp_path: Path) -> None:
    taken_in(kept)
    published(kept)
    before = Path(shutil.copytree(kept.site(ORGANISATION), tmp_path / "before"))
    clock.go(days=1)
    taken_in(kept)
    published(kept)
    elsewhere = Folder(tmp_path / "elsewhere")
    Publisher(kept).copy(ORGANISATION, elsewhere)
    newer = elsewhere.read("checkpoint")
    shutil.rmtree(kept.site(ORGANISATION))
    shutil.move(before, kept.site(ORGANISATION))
    with pytest.raises(Refused, match="a newer tree is shown there"):
        Publisher(kept).copy(ORGANISATION, elsewhere)
    assert elsewhere.read("checkpoint") == newer


@pytest.mark.parametrize(
    "wrong",
    [
        "s3:bucket",
        "https://bucket",
        "s3://key:secret@bucket",
        "s3://b",
        "s3://bucket/../x",
        "s3://bucket?key=x",
        "s3://bucket#x",
        "s3://bucket?endpoint=s3.example.org",
        "s3://bucket?endpoint=ftp://s3.example.org",
        "s3://bucket?endpoint=https://key:secret@s3.example.org",
    ],
)
def test_what_is_no_address_of_a_bucket_is_refused(kept: Installation, wrong: str) -> None:
    with pytest.raises(Refused, match="no address of a bucket"):
        keeps(kept, msgspec.structs.replace(KEPT, tiles=wrong))


def test_leaves_that_were_changed_make_no_site(kept: Installation) -> None:
    taken_in(kept)
    published(kept)
    shutil.rmtree(kept.site(ORGANISATION))
    with kept.store.database.transaction() as run:
        run("UPDATE leaf SET leaf = ? WHERE place = 3", bytes(public.LEAF))
    with pytest.raises(Refused, match="do not give the tree that was signed"):
        Publisher(kept).rebuild(ORGANISATION)


def test_two_publishers_at_once_publish_once(kept: Installation, clock: Clock) -> None:
    taken_in(kept)
    inner: list[object] = []

    def step(name: str) -> None:
        if name == "sequence":
            inner.append(Publisher(kept, "other").publish(ORGANISATION))

    assert published(kept, step=step).new
    assert inner == [None]
    assert kept.store.trace.size(ORGANISATION) == FILL


def test_three_workers_that_look_at_the_same_moment_publish_each_day_once(
    kept: Installation, home: Path, clock: Clock
) -> None:
    """Processes of their own, each with its own holder of the lease."""
    days = 8
    new = []
    with workers(home, 3) as several:
        for _ in range(days):
            clock.go(days=1)
            taken_in(kept)
            told = several.look(clock.at)
            assert [each["refused"] for each in told] == ["", "", ""]
            new.append(sum(each["new"] for each in told))
    assert new == [1] * days
    assert len(entries(kept)) == days * FILL == kept.store.trace.size(ORGANISATION)
    assert [kinds(kept).count(each) for each in ("arrival", "request", "ledger")] == [days] * 3
    assert kept.store.trace.waiting(ORGANISATION) == 0
    assert Publisher(kept).step() == ()  # whoever came second left nothing undone


# ---- promises --------------------------------------------------------------------------------------------


def test_a_promise_is_given_before_anything_is_read_and_kept_by_the_next_publication(
    kept: Installation, clock: Clock
) -> None:
    data = b"this is no request at all"
    [taken] = kept.take_in(ORGANISATION, "intake", data, door=Door.MAILBOX)
    assert taken.case is None
    key = kept.promiser(ORGANISATION, KEPT).key
    given = promise.read(taken.promise, key)
    assert given.received == clock.at.replace(microsecond=0)
    assert given.by == (clock.at + timedelta(days=3)).date()
    published(kept)
    leaves = entries(kept)
    found = promise.kept(given, leaves, seen=None, today=clock.at.date())
    assert found[0] is Kept.KEPT
    assert found[1] is not None
    assert public.commitments(leaves[found[1]])[2] == given.opening.commitment()


def test_a_promise_that_the_log_does_not_keep_is_evidence(kept: Installation, clock: Clock) -> None:
    given = promise.read(
        kept.arrived(ORGANISATION, promise.sha256(b"request"), Door.PORTAL),
        kept.promiser(ORGANISATION, KEPT).key,
    )
    with kept.store.database.transaction() as run:
        run("DELETE FROM outbox")  # somebody takes it out before it is published
    clock.go(days=5)
    published(kept)
    day = clock.at.date()
    assert promise.kept(given, entries(kept), seen=day, today=day) == (Kept.BROKEN, None)
    assert promise.kept(given, entries(kept), seen=given.by, today=day) == (Kept.UNKNOWN, None)
    assert promise.kept(given, entries(kept), seen=given.by, today=given.by) == (Kept.OPEN, None)


def test_a_case_keeps_the_promise_of_its_request(kept: Installation) -> None:
    case = taken_in(kept)
    sha256 = case.history[0].event.promise  # type: ignore[attr-defined]
    note = kept.get(ORGANISATION, case.id, sha256)
    assert promise.read(note, kept.promiser(ORGANISATION, KEPT).key).sha256 == case.versions[0].source


def test_what_arrives_is_counted_at_the_door_whatever_becomes_of_it(kept: Installation) -> None:
    data = as_bytes(a_request(), a_request(id="second", reference="of another matter"))
    kept.take_in(ORGANISATION, "intake", data, door=Door.PORTAL)
    kept.take_in(ORGANISATION, "intake", b"nothing", door=Door.MAILBOX)
    published(kept)
    counted = [each.count for each in kept.store.trace.counted(ORGANISATION)]
    doors = sorted(each.value("door") for each in counted if each.value("kind") == Kind.ARRIVAL)
    assert doors == ["mailbox", "portal", "portal"]  # the file held two
    assert sum(each.value("kind") == Kind.REQUEST for each in counted) == 2


# ---- what the site shows beside the log ------------------------------------------------------------------


def test_what_a_newer_program_shows_comes_with_the_leaf_that_names_its_pages(
    kept: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(kept)
    site = kept.site(ORGANISATION)
    before = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
    newer = {name: data + b"<!-- newer -->" for name, data in publishing._verifiers().items()}
    monkeypatch.setattr(publishing, "_verifiers", lambda: newer)
    published(kept)
    assert {file: file.read_bytes() for file in site.rglob("*") if file.is_file()} == before
    assert kinds(kept).count("page") == 1
    clock.go(days=1)
    published(kept)
    assert (site / "verify.html").read_bytes() == newer["verify.html"]
    assert kinds(kept).count("page") == 2


def test_the_site_says_how_to_check_it_and_when_it_was_fresh(kept: Installation, clock: Clock) -> None:
    published(kept)
    site = kept.site(ORGANISATION)
    manifest = json.loads((site / "habeas.json").read_text())
    assert manifest["origin"] == ORIGIN
    fresh = promise.read_fresh((site / "fresh").read_bytes(), (Key.parse(manifest["log"]),))
    assert fresh.at == clock.at.replace(microsecond=0)
    assert str(fresh.promises) == manifest["promises"]
    assert fresh.tree == opened((site / "checkpoint").read_bytes(), policy(kept)).checkpoint


def test_the_ledger_is_open_to_everybody_and_comes_out_again(kept: Installation, clock: Clock) -> None:
    brought(kept, clock, "decided")
    clock.go(hours=1)
    published(kept)
    files = (kept.site(ORGANISATION) / "open").iterdir()
    [file] = [each for each in files if public.LEDGER_UNTIL in each.read_text()]
    shown = json.loads(file.read_text())
    assert file.name == f"{shown['place']}.json"
    groups = {
        name: Opening(
            group=name,
            values=tuple(each["value"] for each in fields),
            salts=tuple(bytes.fromhex(each["salt"]) for each in fields),
        )
        for name, fields in shown["groups"].items()
    }
    leaf = public.leaf(*(groups[name].commitment() for name in public.GROUPS))
    assert entries(kept)[shown["place"]] == leaf
    counted = groups["count"].counted()
    assert counted.kind == Kind.LEDGER
    until = public.ledger_until(groups["paper"])
    ledger = kept.store.trace.ledger(ORGANISATION, micros(until))
    assert ledger == groups["paper"].value("document")
    brought(kept, clock, "identified")
    assert kept.store.trace.ledger(ORGANISATION, micros(until)) == ledger


def test_nothing_on_the_site_names_a_person_a_case_or_a_state(kept: Installation, clock: Clock) -> None:
    case = brought(kept, clock, "released")
    published(kept)
    words = [each.value for target in case.request.targets for each in target.identifiers]
    words += [case.id, case.request.requesting_state or "", case.request.facts, case.request.reference or ""]
    for file in kept.site(ORGANISATION).rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            for word in words:
                assert not word or word.encode() not in data, (file, word)


# ---- restores, doctors, clocks ---------------------------------------------------------------------------


def restored(app: Installation, home: Path, tmp_path: Path, clock: Clock) -> Installation:
    """The records as they were in a backup, in a home of their own."""
    data, keys, again = tmp_path / "data", tmp_path / "elsewhere" / "keys", tmp_path / "again"
    keys.parent.mkdir()
    keeping.backup(app, data, keys)
    again.mkdir()
    shutil.copytree(home / "master", again / "master")
    keeping.restore(again, data, keys)
    return Installation.open(again, now=clock, make=False)


def test_restored_records_publish_only_when_they_continue_what_was_published(
    kept: Installation, home: Path, tmp_path: Path, clock: Clock
) -> None:
    taken_in(kept)
    published(kept)
    again = restored(kept, home, tmp_path, clock)
    assert Publisher(again).rebuild(ORGANISATION) == FILL
    clock.go(days=1)
    with pytest.raises(Refused, match="brought back from a backup"):
        Publisher(again).publish(ORGANISATION)
    assert again.store.trace.size(ORGANISATION) == FILL
    checkpoint = (kept.site(ORGANISATION) / "checkpoint").read_bytes()
    assert Publisher(again).resume(ORGANISATION, checkpoint) == FILL
    outcome = published(again)
    assert outcome.published.size == 2 * FILL
    again.close()


def test_records_older_than_what_was_published_sign_no_second_tree(
    kept: Installation, home: Path, tmp_path: Path, clock: Clock
) -> None:
    taken_in(kept)
    published(kept)
    again = restored(kept, home, tmp_path, clock)
    clock.go(days=1)
    published(kept)
    newest = (kept.site(ORGANISATION) / "checkpoint").read_bytes()
    with pytest.raises(Refused, match="older than what was published"):
        Publisher(again).resume(ORGANISATION, newest)
    with pytest.raises(Refused):
        Publisher(again).publish(ORGANISATION)
    again.close()


def test_the_doctor_misses_what_was_taken_out_on_its_way(kept: Installation) -> None:
    taken_in(kept)
    published(kept)
    taken_in(kept)
    assert list(soundness.faults(kept, ORGANISATION)) == []
    with kept.store.database.transaction() as run:
        run("DELETE FROM outbox")
    assert any(
        "neither waits for the log nor is in it" in each for each in soundness.faults(kept, ORGANISATION)
    )


def test_the_doctor_misses_ledgers_that_cannot_be_opened_any_more(kept: Installation) -> None:
    published(kept)
    with kept.store.database.transaction() as run:
        run("DELETE FROM opening WHERE stream = '.trace'")
    assert any("ledgers is missing" in each for each in soundness.faults(kept, ORGANISATION))


def test_a_clock_that_ran_ahead_once_stops_no_later_day(kept: Installation, clock: Clock) -> None:
    right = clock.at
    clock.go(days=3650)
    published(kept)
    clock.at = right + timedelta(days=1)
    assert len(Publisher(kept).step()) == 1


def test_a_clock_set_back_after_a_publication_stops_no_intake_and_breaks_no_ledger(
    kept: Installation, clock: Clock
) -> None:
    old = taken_in(kept)
    clock.go(hours=1)
    published(kept)
    clock.go(minutes=-50)
    case = taken_in(kept)
    assert case.history[0].at == clock.at
    [recorded] = kept.case(ORGANISATION, case.id).history
    assert (recorded.at, recorded.spoken) == (clock.at, clock.at + timedelta(minutes=40))
    [early] = soundness.faults(kept, ORGANISATION)
    assert early.startswith("The public log has spoken up to")
    assert "Set the clock" in early
    clock.go(hours=2)
    assert list(soundness.faults(kept, ORGANISATION)) == []
    assert kept.case(ORGANISATION, case.id).history == (recorded,)
    clock.go(days=1)
    published(kept)
    assert list(soundness.faults(kept, ORGANISATION)) == []
    first, second = kept.store.trace.ledgers(ORGANISATION)
    with kept.store.database.transaction() as run:
        run("UPDATE event SET digest = chain WHERE stream = ?", case.id)
        run("DELETE FROM event WHERE stream = ?", case.id)
    found = [each for each in soundness.faults(kept, ORGANISATION) if each.startswith("The events up to")]
    assert len(found) == 1  # the second ledger holds it, and the first never did
    assert f"{public.ledger_until(second.opened.paper):%Y-%m-%d %H:%M}" in found[0]
    assert old.id in {head.stream for head in kept.store.heads(ORGANISATION)}
    assert first.place != second.place


def test_a_clock_that_ran_ahead_leaves_ledgers_that_hold_what_came_after(
    kept: Installation, clock: Clock
) -> None:
    right = clock.at
    clock.go(days=300)
    published(kept)
    clock.at = right + timedelta(days=1)
    case = taken_in(kept)
    assert case.history[0].at == clock.at  # its time limits run from when it came
    published(kept)
    first, second = kept.store.trace.ledgers(ORGANISATION)
    ahead, after = (public.ledger_until(each.opened.paper) for each in (first, second))
    assert after == ahead + timedelta(seconds=1)
    assert [
        each.startswith("The public log has spoken") for each in soundness.faults(kept, ORGANISATION)
    ] == [True]
    clock.go(days=300)
    assert list(soundness.faults(kept, ORGANISATION)) == []
    with kept.store.database.transaction() as run:
        run("DELETE FROM event WHERE stream = ?", case.id)
    found = [each for each in soundness.faults(kept, ORGANISATION) if each.startswith("The events up to")]
    assert len(found) == 1


def test_what_a_crash_left_of_showing_is_made_good_by_the_next_look(kept: Installation) -> None:
    published(kept)
    fresh = kept.site(ORGANISATION) / "fresh"
    before = fresh.read_bytes()
    fresh.unlink()
    assert len(Publisher(kept).step()) == 1
    assert fresh.read_bytes() == before
    assert Publisher(kept).step() == ()


def test_what_is_sealed_for_the_log_has_one_length(kept: Installation, clock: Clock) -> None:
    brought(kept, clock, "released")
    assert kept.store.trace.waiting(ORGANISATION) > 4
    assert len(kept.store.database.ask("SELECT DISTINCT length(counted) FROM outbox")) == 1
    assert len(kept.store.database.ask("SELECT DISTINCT length(sealed) FROM opening")) == 1


def test_the_rows_of_what_waits_have_no_order_of_their_own(kept: Installation) -> None:
    for table in ("outbox", "opening"):
        with pytest.raises((sqlite3.OperationalError, Refused)):
            kept.store.database.ask(f"SELECT rowid FROM {table}")


@pytest.mark.parametrize(
    ("fraud", "said"),
    [
        (
            # Two leaves change places.
            "UPDATE leaf SET place = -1 - place WHERE place < 2;"
            "UPDATE leaf SET place = 2 + place WHERE place < 0",
            "not what the log committed to",
        ),
        ("UPDATE segment SET sealed = zeroblob(64) WHERE part = 'values'", "damaged"),
        ("DELETE FROM segment WHERE part = 'salts'", "what is counted of a leaf is missing"),
    ],
)
def test_doctor_holds_what_is_counted_against_the_leaves(
    kept: Installation, clock: Clock, fraud: str, said: str
) -> None:
    brought(kept, clock, "decided")
    published(kept)
    assert list(soundness.faults(kept, ORGANISATION)) == []
    with kept.store.database.transaction() as run:
        for statement in fraud.split(";"):
            run(statement)
    assert any(said in each for each in soundness.faults(kept, ORGANISATION))
