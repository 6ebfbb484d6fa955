"""An audit from outside: what holds is said, and each fraud is found."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from habeas.app import publishing, receipts
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter
from habeas.desk import promise, public, receipt
from habeas.desk.events import Door, LogConfigured
from habeas.desk.public import LEDGER_UNTIL, Kind, instant
from habeas.errors import Unreachable
from habeas.gateways.sites import Site
from habeas.reports import audit as auditing
from habeas.reports.audit import Audit, Seen, audit
from habeas.reports.published import Manifest, sums
from habeas.reports.site.facts import Made, PublishedReport, Suspended
from habeas.reports.site.pages import pages
from habeas.reports.transparency import House, Period, Report, Totals
from habeas.reports.transparency.model import Cell, Unit
from habeas.reports.verify import LANGUAGES
from habeas.store import HOUSE_KEY
from habeas.store.store import micros
from habeas.tlog import (
    Algorithm,
    Checkpoint,
    Note,
    Policy,
    Signer,
    bundle,
    entries_path,
    grown,
    leaf_hash,
    unbundle,
)
from tests.app.houses import (
    ORGANISATION,
    Clock,
    a_request,
    as_bytes,
    brought,
    furnished,
    taken_in,
    told,
)
from tests.desk.desks import SETTINGS

KEPT = LogConfigured(origin="desk.example.org/log")


class World:
    """A house that published on two days, the site as it was after the first, and an auditor's openings."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.app = furnished(folder / "home", self.clock)
        self.app.keep_log(ORGANISATION, "administrator", KEPT)
        brought(self.app, self.clock, "released")
        self.promise = self.app.arrived(ORGANISATION, promise.sha256(b"a request"), Door.MAILBOX)
        self.publish()
        self.first = (self.site / "checkpoint").read_bytes()
        self.clock.go(days=1)
        taken_in(self.app)
        self.publish()
        self.seed, *self.openings = receipts.openings(self.app, ORGANISATION, "auditor")

    @property
    def site(self) -> Path:
        return self.app.site(ORGANISATION)

    def publish(self) -> None:
        assert Publisher(self.app).publish(ORGANISATION) is not None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("audited"))
    yield world
    world.app.close()


@pytest.fixture
def site(whole: World, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole.site, tmp_path / "site"))


def looked(site: Path, world: World, **parts: object) -> Audit:
    return audit(Site(str(site)).many, now=parts.pop("now", world.clock.at), **parts)  # type: ignore[arg-type]


def wrong(found: Audit) -> str:
    return " ".join(each.sentence for each in found.findings if each.holds is False)


def unread(found: Audit) -> str:
    return " ".join(each.sentence for each in found.findings if each.unread)


def signer(world: World) -> Signer:
    return world.app.log_signer(ORGANISATION, KEPT)


def manifest(site: Path) -> Manifest:

    return msgspec.json.decode((site / "habeas.json").read_bytes(), type=Manifest)


def resigned(
    site: Path,
    world: World,
    change: Callable[[list[bytes]], Sequence[bytes]],
    app: Installation | None = None,
) -> None:
    """The operator makes the whole log anew over other leaves, and signs it. app: of the house, if it is
    another."""
    app = app or world.app
    key = app.log_signer(ORGANISATION, KEPT)
    tree = Checkpoint.parse(Note.parse((site / "checkpoint").read_bytes()).text)
    leaves = change(list(unbundle((site / entries_path(0, tree.size)).read_bytes())))
    shutil.rmtree(site / "tile")
    files, root = grown(0, [leaf_hash(leaf) for leaf in leaves], lambda path: b"")
    files[entries_path(0, len(leaves))] = bundle(leaves)
    for path, data in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)
    text = Checkpoint(origin=KEPT.origin, size=len(leaves), root=root).text
    note = Note(text=text, signatures=(key.sign(text),)).encoded()
    (site / "checkpoint").write_bytes(note)

    fresh = promise.fresh(note, app.now(), app.promiser(ORGANISATION, KEPT).key, key)
    (site / "fresh").write_bytes(fresh)


def test_a_sound_site_holds_and_says_what_it_asks_to_be_believed(whole: World, site: Path) -> None:
    found = looked(
        site, whole, last=whole.first, openings=[whole.seed, *whole.openings], promises=[whole.promise]
    )
    assert found.holds, wrong(found)
    said = " ".join(each.sentence for each in found.findings)
    assert "Unwitnessed" in said
    assert "the site itself names" in said
    assert "Nothing you saw at your last visit was changed; 16 leaves came since" in said
    assert "is kept, by leaf" in said
    assert "open every one of the 32 leaves" in said
    kept = Seen.read(found.seen)
    assert kept.checkpoint.encode() == (site / "checkpoint").read_bytes()
    assert kept.opened == manifest(site).opened


def test_a_stranger_without_anything_still_learns_what_holds(whole: World, site: Path) -> None:
    found = looked(site, whole)
    assert found.holds
    assert any(each.holds is None and "first visit" in each.sentence for each in found.findings)


def test_whom_one_trusts_comes_from_elsewhere(whole: World, site: Path) -> None:
    known = Policy.k_of_n(signer(whole).key, [], 0)
    assert looked(site, whole, known=known).holds
    other = Signer.from_seed(KEPT.origin, b"o" * 32, Algorithm.ED25519).key
    assert "signature" in wrong(looked(site, whole, known=Policy.k_of_n(other, [], 0)))


# ---- each fraud ------------------------------------------------------------------------------------------


def test_a_leaf_that_was_changed_is_found(whole: World, site: Path) -> None:
    path = site / entries_path(0, 32)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    assert "one was changed, added or dropped" in wrong(looked(site, whole))


def test_a_leaf_that_was_dropped_is_found_even_where_all_is_signed_again(whole: World, site: Path) -> None:
    resigned(site, whole, lambda leaves: leaves[1:])
    assert looked(site, whole).findings  # alone, nobody could tell
    assert "not the beginning of this one" in wrong(looked(site, whole, last=whole.first))


def test_a_tree_that_was_rolled_back_is_found(whole: World, site: Path) -> None:
    later = (site / "checkpoint").read_bytes()
    resigned(site, whole, lambda leaves: leaves[:16])
    assert "rolled back" in wrong(looked(site, whole, last=later))


def test_a_second_tree_of_the_same_size_is_found(whole: World, site: Path) -> None:
    later = (site / "checkpoint").read_bytes()
    resigned(site, whole, lambda leaves: [*leaves[:-1], leaves[0]])
    assert "not the beginning of this one" in wrong(looked(site, whole, last=later))


def test_a_promise_that_was_broken_is_found(whole: World, site: Path) -> None:

    given = promise.read(whole.promise, whole.app.promiser(ORGANISATION, KEPT).key)
    resigned(site, whole, lambda leaves: [leaf for leaf in leaves if leaf[-32:] != given.paper])
    assert hashlib.sha256(b"a request").hexdigest() == given.sha256
    late = promise.fresh(
        (site / "checkpoint").read_bytes(),
        whole.clock.at + timedelta(days=5),
        whole.app.promiser(ORGANISATION, KEPT).key,
        signer(whole),
    )
    (site / "fresh").write_bytes(late)
    found = looked(site, whole, promises=[whole.promise], now=whole.clock.at + timedelta(days=5))
    assert "is broken" in wrong(found)


def test_a_promise_of_another_key_is_no_promise(whole: World, site: Path) -> None:
    text = Note.parse(whole.promise).text
    other = Signer.from_seed(f"{KEPT.origin}/promises", b"o" * 32, Algorithm.ED25519)
    forged = Note(text=text, signatures=(other.sign(text),)).encoded()
    found = looked(site, whole, promises=[forged, whole.promise])
    assert "not signed with that key" in unread(found)
    assert not found.holds
    assert wrong(found) == ""
    assert any("is kept, by leaf" in each.sentence for each in found.findings)  # the other was looked at


def test_numbers_that_were_counted_wrong_are_found(whole: World, site: Path) -> None:
    lines = [json.loads(line) for line in whole.openings]
    place = next(index for index, line in enumerate(lines) if line["values"][0] == "release")
    lines[place]["values"][0] = "refusal"
    changed = [json.dumps(line).encode() for line in lines]
    assert "1 do not open their leaf" in wrong(looked(site, whole, openings=changed))


def test_an_opening_that_is_left_out_is_found(whole: World, site: Path) -> None:
    for left_out in (0, 20):
        some = [line for place, line in enumerate(whole.openings) if place != left_out]
        assert "1 are missing" in wrong(looked(site, whole, openings=some))


def test_an_opening_that_comes_twice_is_found(whole: World, site: Path) -> None:
    found = looked(site, whole, openings=[whole.seed, *whole.openings, whole.openings[3]])
    assert "1 do not open their leaf, and 0 are missing" in wrong(found)


@pytest.mark.parametrize("seed", [b'{"seed": "zz"}', b'{"seed": "00"}'])
def test_what_is_no_seed_is_not_taken_for_one(whole: World, site: Path, seed: bytes) -> None:
    """A short one is passed over, and what is none at all is a line that opens no leaf."""
    found = looked(site, whole, openings=[seed, *whole.openings])
    assert found.holds == (seed == b'{"seed": "00"}'), wrong(found)


def test_a_log_that_stands_still_is_found(whole: World, site: Path) -> None:
    assert "stands still" in wrong(looked(site, whole, now=whole.clock.at + timedelta(days=3)))


def test_a_word_of_freshness_from_the_future_is_found(whole: World, site: Path) -> None:
    assert "yet to come" in wrong(looked(site, whole, now=whole.clock.at - timedelta(days=3)))


def test_a_tree_shown_with_anothers_freshness_is_found(whole: World, site: Path) -> None:
    fresh = (site / "fresh").read_bytes()
    resigned(site, whole, lambda leaves: leaves[:16])
    (site / "fresh").write_bytes(fresh)
    assert "another tree than the one that is shown" in wrong(looked(site, whole))


def test_a_site_that_is_just_being_published_is_no_fraud(whole: World, site: Path) -> None:
    """The tree is there before the word of it, for a moment or until whoever was killed there is back."""
    before = promise.fresh(
        whole.first, whole.clock.at, whole.app.promiser(ORGANISATION, KEPT).key, signer(whole)
    )
    (site / "fresh").write_bytes(before)
    found = looked(site, whole, last=whole.first)
    assert wrong(found) == ""
    assert any(each.holds is None and "just being published" in each.sentence for each in found.findings)
    assert found.seen
    late = looked(site, whole, now=whole.clock.at + timedelta(days=3))
    assert "stands still" in wrong(late)
    resigned(site, whole, lambda leaves: [leaves[1], leaves[0], *leaves[2:]])
    (site / "fresh").write_bytes(before)
    assert "another tree than the one that is shown" in wrong(looked(site, whole))


def test_an_opened_leaf_that_says_something_else_is_found(whole: World, site: Path) -> None:
    [file, *_] = [each for each in (site / "open").iterdir() if "ledger until" in each.read_text()]
    file.write_text(file.read_text().replace("ledger until 2026", "ledger until 2025"))
    assert "does not stand in the log like this" in wrong(looked(site, whole))
    file.unlink()
    assert "missing" in wrong(looked(site, whole))


def test_a_tile_that_proofs_would_fail_on_is_found(whole: World, site: Path) -> None:
    tile = site / "tile/0/000.p/32"
    tile.write_bytes(tile.read_bytes()[:-32] + bytes(32))
    assert "are not what the leaves give, the first: tile/0/000.p/32" in wrong(looked(site, whole))


@pytest.mark.parametrize("file", ["habeas.json", "checkpoint", "fresh", "tile/entries/000.p/32"])
@pytest.mark.parametrize("change", ["gone", "empty", "noise", "long"])
def test_a_file_that_is_missing_or_noise_is_a_sentence_and_no_crash(
    whole: World, site: Path, file: str, change: str
) -> None:
    path = site / file
    match change:
        case "gone":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "noise":
            path.write_bytes(bytes(range(256)) * 3)
        case "long":
            path.write_bytes(path.read_bytes() * 2)
    found = looked(site, whole)
    assert not found.holds
    nothing_there = file == "habeas.json"  # as at any other address: there is no house to accuse
    assert bool(unread(found)) == nothing_there
    assert bool(wrong(found)) != nothing_there


@pytest.mark.parametrize("status", ["whole", "half"])
def test_a_site_that_does_not_answer_is_not_called_broken(whole: World, site: Path, status: str) -> None:
    """The network fails from the start, or after the first files came."""
    answers = 0

    def many(paths: Sequence[str]) -> Iterator[bytes | None]:
        nonlocal answers
        for path in paths:
            answers += 1
            if status == "whole" or answers > 4:
                raise Unreachable("the site does not answer", place=path)
            yield from Site(str(site)).many([path])

    found = audit(many, now=whole.clock.at)
    assert "The site does not answer" in unread(found)
    assert not found.holds
    assert not found.broken
    assert found.seen == b"" or status == "half"


@pytest.mark.parametrize("last", [b"", b"not a checkpoint", b"{}", b'{"format": "habeas/seen/v1"}'])
def test_a_file_of_the_last_visit_that_is_none_accuses_nobody(whole: World, site: Path, last: bytes) -> None:
    found = looked(site, whole, last=last)
    assert "last visit cannot be read" in unread(found)
    assert not found.broken
    assert found.seen == b""  # what lies there may be evidence, and is not written over


@pytest.mark.parametrize("lines", [[], [b"noise"], [b"{}", b"[]"]])
def test_a_file_of_openings_that_is_none_accuses_nobody(whole: World, site: Path, lines: list[bytes]) -> None:
    found = looked(site, whole, openings=lines)
    assert "he file of openings" in unread(found)
    assert not found.broken


def test_openings_of_an_earlier_day_accuse_nobody(whole: World, site: Path) -> None:
    found = looked(site, whole, openings=whole.openings[:16])
    assert "ends after 16 leaves, and the log has 32: fetch newer openings" in unread(found)
    assert not found.broken


def test_what_was_published_cannot_be_taken_away_unseen(whole: World, site: Path) -> None:
    """With its leaf the list of opened places shrinks, so that nothing on the site names it any more."""
    kept = looked(site, whole).seen
    *rest, last = manifest(site).opened
    (site / f"open/{last}.json").unlink()
    remade(site, whole, opened=tuple(rest))
    facts = Made.read((site / "pages.json").read_bytes()).facts
    for name, page in pages(msgspec.structs.replace(facts, manifest=manifest(site))).items():
        (site / name).write_bytes(page)
    assert looked(site, whole).holds  # alone, nobody could tell
    found = looked(site, whole, last=kept)
    assert f"1 leaf that the site opened at your last visit, the first open/{last}.json" in wrong(found)
    assert last in Seen.read(found.seen).opened  # and it goes on being looked for


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("en/index.html", lambda page: page.replace(b"Unwitnessed: nobody outside", b"Witnessed: the world")),
        ("zh/log/index.html", lambda page: page + b" "),
        ("index.html", lambda page: b""),
        ("404.html", None),
    ],
)
def test_a_page_for_people_that_says_something_else_is_found(
    whole: World, site: Path, file: str, change: Callable[[bytes], bytes] | None
) -> None:
    if change is None:
        (site / file).unlink()
    else:
        page = (site / file).read_bytes()
        assert change(page) != page
        (site / file).write_bytes(change(page))
    assert f"{file} is not the page that Habeas" in wrong(looked(site, whole))


def test_pages_made_from_other_facts_than_the_site_shows_are_found(whole: World, site: Path) -> None:
    """Made soundly, from a larger tree and with witnesses that nobody named."""
    made = Made.read((site / "pages.json").read_bytes())
    for changes, said in (
        ({"size": 99}, "the tree"),
        ({"manifest": msgspec.structs.replace(made.facts.manifest, within=1)}, "the site's description"),
        ({"published": made.facts.published - timedelta(days=1)}, "the day of its publication"),
        ({"verify_sha256": "ab" * 32}, "the pages that check receipts"),
        ({"verifiers": made.facts.verifiers | {"ar": "ab" * 32}}, "the pages that check receipts"),
        ({"suspended": (Suspended(state="TUR", since="2026-11"),)}, "the standing of states"),
    ):
        for name, page in pages(msgspec.structs.replace(made.facts, **changes)).items():
            (site / name).write_bytes(page)
        found = looked(site, whole)
        assert f"made from something else than {said}" in wrong(found)
        assert len([each for each in found.findings if each.holds is False]) == 1, wrong(found)
    (site / "pages.json").unlink()
    assert "does not say from what its pages were made" in wrong(looked(site, whole))


def test_pages_of_another_version_are_not_judged_and_not_passed(whole: World, site: Path) -> None:
    """Or whoever writes a false page would only have to name a version that nobody has."""
    made = Made.read((site / "pages.json").read_bytes())
    (site / "pages.json").write_bytes(msgspec.structs.replace(made, program="0.0.1").encoded())
    assert looked(site, whole).holds  # the same pages, whoever made them
    (site / "fr/index.html").write_bytes(b"other words")
    found = looked(site, whole, last=whole.first)
    assert "Habeas 0.0.1" in unread(found)
    assert not found.holds
    assert not found.broken
    assert found.seen  # the tree was looked at, and is remembered


def test_a_page_for_receipts_that_was_logged_is_held_against_the_program(
    whole: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house that logs a page which always says yes has logged it soundly, and is found all the same."""
    false = {f"{each}.html": b"<p>It holds." for each in LANGUAGES}
    made = {f"verify/{name}": page for name, page in false.items()}
    made |= {"verify.html": false["en.html"], "verify/SHA256SUMS": sums(false)}
    monkeypatch.setattr(publishing, "_verifiers", lambda: made)
    assert "is not the page that Habeas" in (said := wrong(logged(whole)))
    assert "made from something else" not in said
    assert "that was logged" not in said


def test_the_states_that_the_pages_name_are_those_that_leaves_name(whole: World) -> None:
    """Suspended and lifted again, also within one month, and decided but not in the log yet."""
    with _house(whole) as app:
        clock, site = app.now, app.site(ORGANISATION)
        assert isinstance(clock, Clock)
        clock.at = clock.at.replace(month=12, day=10)

        def named(*states: str) -> list[str]:
            settings = msgspec.structs.replace(SETTINGS, suspended=states)
            app.configure(ORGANISATION, "administrator", settings)
            Publisher(app).publish(ORGANISATION)
            found = audit(Site(str(site)).many, now=clock())
            assert found.holds, [each.sentence for each in found.findings if each.holds is False]
            facts = Made.read((site / "pages.json").read_bytes()).facts
            return [f"{each.state} {each.since}" for each in facts.suspended]

        assert named("TUR") == ["TUR 2026-12"]
        assert named("TUR", "FRA") == ["TUR 2026-12"], "its leaf comes with the next day"
        assert named() == ["TUR 2026-12"]
        clock.go(days=1)
        assert named("FRA") == ["FRA 2026-12"]
        clock.go(days=30)
        assert named() == []
        clock.go(days=1)
        assert named("FRA") == ["FRA 2027-01"]
        made = Made.read((site / "pages.json").read_bytes()).facts
        for states in ((), (Suspended(state="FRA", since="2026-12"),)):
            for name, page in pages(msgspec.structs.replace(made, suspended=states)).items():
                (site / name).write_bytes(page)
            assert "than the standing of states" in wrong(audit(Site(str(site)).many, now=clock()))


def test_an_event_put_in_with_an_old_date_breaks_the_ledger_that_was_published(tmp_path: Path) -> None:
    """An administrator of the database adds to a case behind the desk's back."""

    world = World(tmp_path)
    trace = world.app.store.trace
    ledgers = {
        each.opened.paper.value("nature"): each.opened.paper.value("document")
        for each in trace.opened(ORGANISATION, HOUSE_KEY)
        if each.opened.count.value("kind") == Kind.LEDGER
    }
    assert len(ledgers) == 2

    def differing() -> int:
        return sum(
            trace.ledger(ORGANISATION, micros(instant(nature.removeprefix(LEDGER_UNTIL)))) != document
            for nature, document in ledgers.items()
        )

    assert differing() == 0
    with world.app.store.database.transaction() as run:
        run("UPDATE event SET at = at - 1000000 WHERE number = 2")
        run("UPDATE event SET chain = digest WHERE number = 2")
        run("UPDATE head SET version = version - 1 WHERE version > 3")
    assert differing() == 2
    world.app.close()


# ---- what an attacker tried ------------------------------------------------------------------------------


def remade(site: Path, world: World, **changes: object) -> None:
    """The site's own description, changed by whoever serves it."""
    (site / "habeas.json").write_bytes(msgspec.structs.replace(manifest(site), **changes).encoded())


def place_of(world: World, kind: str) -> int:
    kinds = [json.loads(line)["values"][0] for line in world.openings]
    return kinds.index(kind)


@pytest.mark.parametrize("distance", [-1, 1, None, 32, 10**30])
def test_no_opening_stands_in_for_another(whole: World, site: Path, distance: int | None) -> None:
    """In the release's stead another opening, once more under its own place or under one beyond the log."""
    lines = [json.loads(line) for line in whole.openings]
    release = place_of(whole, "release")
    beside = (release + (distance if distance in {-1, 1} else 1)) % 32
    said = {-1: beside, 1: beside, None: -1}.get(distance, distance)
    lines[release] = {**lines[beside], "place": said}
    assert "missing" in wrong(looked(site, whole, openings=[json.dumps(each).encode() for each in lines]))


def test_a_log_with_another_key_is_no_continuation_and_is_not_remembered(whole: World, site: Path) -> None:
    other = Signer.from_seed(KEPT.origin, b"o" * 32, Algorithm.ED25519)
    note = Note.parse((site / "checkpoint").read_bytes())
    (site / "checkpoint").write_bytes(Note(text=note.text, signatures=(other.sign(note.text),)).encoded())
    remade(site, whole, log=str(other.key))
    fresh = promise.fresh(
        (site / "checkpoint").read_bytes(), whole.clock.at, whole.app.promiser(ORGANISATION, KEPT).key, other
    )
    (site / "fresh").write_bytes(fresh)
    found = looked(site, whole, last=whole.first)
    assert "not signed by this log's key" in wrong(found)
    assert found.seen == b""


def test_whoever_serves_an_old_tree_cannot_call_it_fresh(whole: World, site: Path) -> None:
    mirror = Signer.from_seed(f"{KEPT.origin}/promises", b"m" * 32, Algorithm.ED25519)
    (site / "checkpoint").write_bytes(whole.first)
    late = whole.clock.at + timedelta(days=60)
    (site / "fresh").write_bytes(promise.fresh(whole.first, late, mirror.key, mirror))
    remade(site, whole, promises=str(mirror.key), opened=())
    assert not looked(site, whole, now=late).holds


def test_the_key_of_promises_is_the_one_that_the_log_signed(whole: World, site: Path) -> None:
    other = Signer.from_seed(f"{KEPT.origin}/promises", b"m" * 32, Algorithm.ED25519)
    remade(site, whole, promises=str(other.key))
    assert "other keys for its promises" in wrong(looked(site, whole))


def test_a_leaf_about_no_person_may_not_stay_closed(whole: World, site: Path) -> None:
    remade(site, whole, opened=manifest(site).opened[1:])
    assert "are not opened" in wrong(looked(site, whole, openings=whole.openings))


@pytest.mark.parametrize("places", [(-1,), (5, 5), (9, 3), (10**18,), tuple(range(99))])
def test_what_is_no_list_of_places_is_said(whole: World, site: Path, places: tuple[int, ...]) -> None:
    remade(site, whole, opened=places)
    assert "no list of places" in wrong(looked(site, whole))


def test_a_page_that_was_changed_with_the_list_that_names_its_hash_is_found(whole: World, site: Path) -> None:
    page, sums = site / "verify" / "fr.html", site / "verify" / "SHA256SUMS"
    before = hashlib.sha256(page.read_bytes()).hexdigest()
    page.write_bytes(page.read_bytes() + b"<p>Believe this.</p>")
    after = hashlib.sha256(page.read_bytes()).hexdigest()
    assert before in sums.read_text("utf-8")
    sums.write_text(sums.read_text("utf-8").replace(before, after), "utf-8")
    assert "verify/SHA256SUMS is not the file that was logged" in wrong(looked(site, whole))


def test_a_page_at_the_root_that_was_changed_is_found(whole: World, site: Path) -> None:
    (site / "verify.html").write_bytes(b"everything holds")
    assert "verify.html is not the page that was logged" in wrong(looked(site, whole))


def test_a_size_that_nobody_can_have_ends_in_a_sentence(whole: World, site: Path) -> None:
    text = Checkpoint(origin=KEPT.origin, size=2**62, root=bytes(32)).text
    (site / "checkpoint").write_bytes(Note(text=text, signatures=(signer(whole).sign(text),)).encoded())
    assert "missing" in wrong(looked(site, whole))


def test_a_description_without_an_end_ends_in_a_sentence(whole: World, site: Path) -> None:
    (site / "habeas.json").write_bytes(b'{"x":' + b"[" * 100_000)
    assert "cannot be read" in unread(looked(site, whole))


def test_witnesses_that_only_the_site_names_prove_nothing_by_themselves(whole: World, site: Path) -> None:
    made_up = Signer.from_seed("court.example.org/w", b"w" * 32, Algorithm.COSIGNATURE)
    note = Note.parse((site / "checkpoint").read_bytes())
    signed = note.signed(made_up.sign(note.text, int(whole.clock.at.timestamp())))
    (site / "checkpoint").write_bytes(signed.encoded())
    remade(site, whole, witnesses=({"key": str(made_up.key), "url": ""},), quorum=1)
    found = looked(site, whole)
    [said] = [each for each in found.findings if "cosigned the tree" in each.sentence]
    assert said.holds is None


def cosigned(site: Path, world: World, *at: object, quorum: int = 1) -> Policy:
    """The site names two witnesses, and these of them signed at these times; whom its reader trusts."""
    witnesses = [
        Signer.from_seed(f"court-{name}.example.org/w", name.encode() * 32, Algorithm.COSIGNATURE)
        for name in "ab"
    ]
    note = Note.parse((site / "checkpoint").read_bytes())
    for each, when in zip(witnesses, at, strict=False):
        note = note.signed(each.sign(note.text, int(when.timestamp())))  # type: ignore[attr-defined]
    (site / "checkpoint").write_bytes(note.encoded())
    remade(
        site, world, witnesses=tuple({"key": str(each.key), "url": ""} for each in witnesses), quorum=quorum
    )
    return Policy.k_of_n(signer(world).key, [(each.key, "") for each in witnesses], quorum)


def test_a_quorum_that_is_missed_is_found(whole: World, site: Path) -> None:
    known = cosigned(site, whole, whole.clock.at, quorum=2)
    for trusted in (known, None):
        assert "1 of 2 witnesses cosigned the tree, fewer than are asked for" in wrong(
            looked(site, whole, known=trusted)
        )
    enough = Policy.k_of_n(known.logs[0], [(each.key, "") for each in known.witnesses.values()], 1)
    found = looked(site, whole, known=enough)
    assert "fewer than are asked for" not in wrong(found)
    assert any(each.holds is True and "1 of 2 witnesses" in each.sentence for each in found.findings)


def test_a_witness_that_signs_with_two_keys_is_counted_once(whole: World, site: Path) -> None:
    by = [
        Signer.from_seed("court.example.org/w", b"w" * 32, each)
        for each in (Algorithm.COSIGNATURE, Algorithm.MLDSA44)
    ]
    note = Note.parse((site / "checkpoint").read_bytes())
    for each in by:
        note = note.signed(each.sign(note.text, int(whole.clock.at.timestamp())))
    (site / "checkpoint").write_bytes(note.encoded())
    remade(site, whole, witnesses=tuple({"key": str(each.key), "url": ""} for each in by), quorum=1)
    said = [each.sentence for each in looked(site, whole).findings]
    assert any(each.startswith("1 of 1 witnesses cosigned the tree") for each in said), said


@pytest.mark.parametrize(
    ("days", "said"), [(-3, "older than two days"), (10, "yet to come"), (-1, ""), (0, "")]
)
def test_a_cosignature_of_another_time_is_found(whole: World, site: Path, days: int, said: str) -> None:
    known = cosigned(site, whole, whole.clock.at + timedelta(days=days))
    found = wrong(looked(site, whole, known=known))
    assert ("cosignature" in found) == bool(said)
    assert said in found


def test_a_leaf_of_another_form_is_found(whole: World, site: Path) -> None:
    resigned(site, whole, lambda leaves: [*leaves[:-1], b"another form"])
    assert "1 leaves are not of the form that was promised" in wrong(looked(site, whole))
    resigned(site, whole, lambda leaves: [*leaves[:-1], leaves[0] + b"more"])
    assert "not of the form that was promised" in wrong(looked(site, whole))


def test_ledgers_out_of_their_order_and_days_without_one_are_said(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.clock.go(days=4)
    world.publish()
    missing = [each for each in looked(world.site, world).findings if "have no ledger" in each.sentence]
    assert [(each.holds, each.sentence.split()[0]) for each in missing] == [(None, "3")]
    early = world.clock.at - timedelta(days=9)
    world.app.store.trace.add(ORGANISATION, public.ledger("ab" * 32, early))
    world.clock.go(days=1)
    world.publish()
    assert "A ledger was logged after a newer one" in wrong(looked(world.site, world))
    world.app.close()


def test_numbers_of_a_month_that_cannot_be_are_found(tmp_path: Path) -> None:
    for month in ("2099-01", "2026-13", ""):
        world = World(tmp_path / (month or "none"))
        trace = world.app.store.trace
        trace.add(ORGANISATION, public.Entry(count=public.Counted(kind="refusal", month=month)))
        world.clock.go(days=1)
        world.publish()
        lines = list(receipts.openings(world.app, ORGANISATION, "auditor"))
        assert "name a month that does not fit" in wrong(looked(world.site, world, openings=lines))
        world.app.close()


def test_a_promise_in_a_leaf_that_counts_nothing_is_not_kept(tmp_path: Path) -> None:
    world = World(tmp_path)
    late = promise.promised(KEPT.origin, "ab" * 32, world.clock.at, world.clock.at.date(), os.urandom)
    note = promise.signed(late, world.app.promiser(ORGANISATION, KEPT))
    hidden = public.Entry(count=public.Counted(kind="padding"))
    world.app.store.trace.add(ORGANISATION, hidden, paper=late.opening)
    world.clock.go(days=1)
    world.publish()
    lines = list(receipts.openings(world.app, ORGANISATION, "auditor"))
    said = wrong(looked(world.site, world, openings=lines, promises=[note]))
    assert "not counted as what arrived" in said or "kept late" in said
    world.app.close()


def test_a_promise_that_is_kept_too_late_is_said(tmp_path: Path) -> None:
    world = World(tmp_path)
    given = promise.promised(KEPT.origin, "ab" * 32, world.clock.at, world.clock.at.date(), os.urandom)
    note = promise.signed(given, world.app.promiser(ORGANISATION, KEPT))
    for _ in range(8):
        world.clock.go(days=1)
        world.publish()
    world.app.store.trace.add(
        ORGANISATION, public.arrival("mailbox", given.sha256, given.received), paper=given.opening
    )
    world.clock.go(days=1)
    world.publish()
    assert "kept late" in wrong(looked(world.site, world, promises=[note]))
    world.app.close()


# ---- arrivals and requests ---------------------------------------------------------------------------------


def test_arrivals_that_became_no_case_are_named(whole: World, site: Path) -> None:
    found = looked(site, whole, openings=whole.openings)
    said = [each for each in found.findings if each.sentence.startswith("At the door")]
    assert [(each.holds, each.sentence) for each in said] == [
        (None, "At the door mailbox 3 things arrived and 2 became requests: 1 became no case of their own.")
    ]


def test_a_request_that_never_arrived_is_found(tmp_path: Path) -> None:
    """Somebody takes one in past the door, so that nobody is promised anything."""
    world = World(tmp_path)
    hidden = public.Counted(kind="request", month=public.month(world.clock.at), door="portal")
    world.app.store.trace.add(ORGANISATION, public.Entry(count=hidden))
    world.clock.go(days=1)
    world.publish()
    lines = list(receipts.openings(world.app, ORGANISATION, "auditor"))
    assert "At the door portal 1 requests became cases and only 0" in wrong(
        looked(world.site, world, openings=lines)
    )
    world.app.close()


def test_a_file_of_several_requests_is_as_many_arrivals(tmp_path: Path) -> None:
    world = World(tmp_path)
    several = as_bytes(*(a_request(id=f"R-{n}", reference=f"REF-{n}") for n in range(3)))
    taken = world.app.take_in(ORGANISATION, "intake", several, door=Door.PAPER)
    assert all(each.case is not None for each in taken)
    world.clock.go(days=1)
    world.publish()
    found = looked(world.site, world, openings=receipts.openings(world.app, ORGANISATION, "auditor"))
    assert found.holds, wrong(found)
    assert "At the door paper 3 things arrived, and as many became requests." in [
        each.sentence for each in found.findings
    ]
    world.app.close()


@pytest.mark.parametrize(("asked", "holds"), [(4, True), (11, True), (12, False)])
def test_totals_that_show_more_requests_than_arrivals_are_found_by_strangers(
    tmp_path: Path, asked: int, holds: bool
) -> None:
    """Rounding explains eight of a row of months in one half, and no more."""
    world = World(tmp_path)
    world.clock.go(days=40)
    world.publish()
    totals = Reporter(world.app).publish_totals(ORGANISATION, "counsel", "2026-12")
    file = world.site / "totals" / "2026-12.json"
    shown = msgspec.structs.replace(totals, counts={**totals.counts, "arrival": 3, "request": asked})
    file.write_bytes(shown.encoded())
    world.clock.go(days=1)
    world.publish()  # what lies there and is named by no leaf yet is logged
    found = looked(world.site, world)
    [said] = [each for each in found.findings if "By the totals of 1 month" in each.sentence]
    assert said.holds is holds
    world.app.close()


@pytest.mark.parametrize("month", ["2026-10", "", "20é6-1x"])
def test_totals_of_another_month_than_their_name_says_are_found(tmp_path: Path, month: str) -> None:
    world, name = World(tmp_path), "totals/2026-11.json"
    data = Totals(month=month, counts={"arrival": 0, "request": 0}).encoded()
    entry = public.document(Kind.TOTALS, name, hashlib.sha256(data).hexdigest(), world.clock.at)
    world.app.store.trace.add(ORGANISATION, entry)
    world.clock.go(days=1)
    world.publish()
    (world.site / "totals").mkdir()
    (world.site / name).write_bytes(data)
    lines = list(receipts.openings(world.app, ORGANISATION, "auditor"))
    assert "another month than their name" in wrong(looked(world.site, world, openings=lines))
    world.app.close()


@pytest.mark.parametrize(("shown", "holds"), [(10, True), (15, False), (5, None)])
def test_a_report_that_does_not_add_up_to_its_months_is_found_by_strangers(
    shown: int, holds: bool | None
) -> None:
    """Less is named and no fault: law can forbid to say that something is left out from some month on."""
    unit = Unit(name="2026-H2", first="2026-07", last="2026-12")
    cells = [Cell(unit=unit.name, subject="request", footing="request", state="FRA", count=shown)]
    cells += [msgspec.structs.replace(cells[0], subject="refusal", count=0)]  # no month says anything of it
    report = Report(
        house=House(name="A house"),
        period=Period.half(2026, 2),
        made=date(2027, 1, 2),
        units=(unit,),
        cells=tuple(cells),
    )
    files = {"reports/2026-H2/report.json": report.encoded()}
    for month in ("2026-11", "2026-12"):
        files[f"totals/{month}.json"] = Totals(month=month, counts={"request": 5}).encoded()
    began = auditing.Ledger(place=0, until=instant("2026-11-23T04:00:00Z"), document="")
    said: list[tuple[bool | None, str]] = []
    auditing._sums(
        lambda paths: map(files.get, paths),
        auditing._Opened(ledgers=(began,), files=tuple(files)),
        lambda holds, sentence: said.append((holds, sentence)),
    )
    assert [each for each, _sentence in said] == [holds]
    assert "add up to" in said[0][1] or f"shows {shown} of the kind request, and its months 10" in said[0][1]


# ---- receipts ------------------------------------------------------------------------------------------


def test_a_receipt_stands_in_the_log_and_is_counted_as_what_it_is(whole: World, tmp_path: Path) -> None:
    """Of a person, without the account, and of an authority; and one whose leaf the house calls empty."""
    with _house(whole) as app:
        clock = app.now
        assert isinstance(clock, Clock)
        _case, code = told(app, brought(app, clock, "decided").id)
        app.store.trace.add(
            ORGANISATION,
            public.Entry(
                count=public.Counted(kind=Kind.PADDING),
                paper=public.Paper(nature="letter", document="ab" * 32),
            ),
        )
        Publisher(app).publish(ORGANISATION)
        [persons] = receipts.of_person(app, ORGANISATION, code)
        [hidden] = [
            each
            for each in app.store.trace.opened(ORGANISATION, HOUSE_KEY)
            if each.opened.count.value("kind") == Kind.PADDING
        ]
        log = receipts._published(app, ORGANISATION)
        paper = {"paper": public.GROUPS["paper"]}
        theirs = log.receipt(receipt.Holder.AUTHORITY, [receipts._shown(log, hidden, paper)])
        site, lines = app.site(ORGANISATION), list(receipts.openings(app, ORGANISATION, "auditor"))

        def found(*given: bytes, openings: object = None) -> Audit:
            return audit(Site(str(site)).many, now=clock(), receipts=given, openings=openings)  # type: ignore[arg-type]

        for each in (persons, theirs):
            sound = found(each.encoded())
            assert sound.holds, wrong(sound)
            assert f"The receipt for the {each.holder}: 1 leaf stands in this log." in [
                said.sentence for said in sound.findings
            ]
        counted = found(persons.encoded(), openings=lines)
        assert any("stands in this log, counted as it says" in each.sentence for each in counted.findings)
        assert "is a letter, and is counted as padding" in wrong(found(theirs.encoded(), openings=lines))

        false = persons.encoded().replace(b'"value": "notice"', b'"value": "release"')
        assert false != persons.encoded()
        assert "what that leaf does not say" in unread(found(false))
        assert "This is no receipt" in unread(found(b"{}"))
        resigned(site, whole, lambda leaves: [leaves[1], leaves[0], *leaves[2:]], app)
        assert "not the beginning of this one. Keep both" in wrong(found(persons.encoded()))


# ---- what hides where nothing is counted ---------------------------------------------------------------


def logged(whole: World, *counted: public.Counted) -> Audit:
    """What an auditor finds once a house of its own logged these."""
    with _house(whole) as app:
        for each in counted:
            app.store.trace.add(ORGANISATION, public.Entry(count=each))
        Publisher(app).publish(ORGANISATION)
        return audit(
            Site(str(app.site(ORGANISATION))).many,
            now=app.now(),
            openings=list(receipts.openings(app, ORGANISATION, "auditor")),
        )


@contextmanager
def _house(whole: World) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory() as folder:
        app = furnished(Path(folder) / "home", Clock(whole.clock.at))
        app.keep_log(ORGANISATION, "administrator", KEPT)
        yield app
        app.close()


def test_leaves_that_say_nothing_are_no_more_than_fill_up_the_days(whole: World, site: Path) -> None:
    empty = public.Counted(kind=Kind.PADDING)
    assert "filling up 1 day takes 15 at most" in wrong(logged(whole, *[empty] * 16))
    assert "fill" not in wrong(logged(whole, *[empty] * 3))
    found = looked(site, whole, openings=whole.openings)
    assert any("say nothing, no more than fill up the days" in each.sentence for each in found.findings)


def test_a_site_cannot_say_that_it_fills_up_to_whatever_it_likes(whole: World, site: Path) -> None:
    remade(site, whole, fill=10**6)
    assert "filled up to a multiple of 1,000,000" in wrong(looked(site, whole, openings=whole.openings))


def test_a_leaf_of_a_kind_that_nobody_counts_is_named(whole: World) -> None:
    found = logged(whole, public.Counted(kind="refusa1", month="2026-11"))
    assert "1 leaf is of a kind that this version of the program does not know" in unread(found)
    assert not found.holds
    assert not found.broken  # a newer program may know it
    found = logged(whole, public.Counted(kind=Kind.REQUEST, month="2026-11", footing="letter"))
    assert "letter" in unread(found)


@pytest.mark.parametrize("field", ["accounts", "days"])
@pytest.mark.parametrize("number", ["-7", "one", "1 000", "1234567890"])
def test_a_number_that_is_none_is_found(whole: World, field: str, number: str) -> None:
    counted = public.Counted(kind=Kind.REQUEST, month="2026-11", footing="request", **{field: number})
    assert "1 leaf names a number of accounts or days that is none" in wrong(logged(whole, counted))


@pytest.mark.parametrize(("days", "accused"), [(-1, True), (0, False)])
def test_a_report_that_the_pages_show_and_no_leaf_names_is_found(
    whole: World, site: Path, days: int, accused: bool
) -> None:
    """What was made after the newest ledger waits for the next; from before it, it is kept out of the log."""
    made = Made.read((site / "pages.json").read_bytes())
    day = (whole.clock.at + timedelta(days=days)).date()
    report = PublishedReport(name="2026-H2", made=day, files=("index.html",))
    facts = msgspec.structs.replace(made.facts, reports=(report,), totals=("2026-11",))
    for name, data in pages(facts).items():
        (site / name).write_bytes(data)
    found = looked(site, whole)
    assert ("reports/2026-H2, made before the newest ledger, and no leaf names it" in wrong(found)) == accused
    unnamed = [each.sentence for each in found.findings if "no leaf names it yet" in each.sentence]
    assert len(unnamed) == 2 - accused
    assert any("totals/2026-11.json" in each for each in unnamed)
