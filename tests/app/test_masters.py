"""Where the master key comes from: each place, each change from one to another, and what is in no backup."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from habeas.app import keeping, soundness
from habeas.app.installation import Installation
from habeas.app.keeping import Holding
from habeas.app.masters import NOBODY, Holder, Masters, Passphrases
from habeas.desk.case import Case
from habeas.errors import Refused
from habeas.gateways.keyservice import KeyService
from habeas.store import MasterKey, Store, new_passphrase_file
from tests.app.houses import ORGANISATION, Clock, brought, taken_in
from tests.gateways.keeper import keeper

FIRST, SECOND = "the first five words drawn", "another five words drawn by lot"
HANDED = "habeas-master"
FAST = 2**4


def knowing(*known: str, new: str = "") -> Passphrases:
    def tried(_what: str) -> Sequence[str]:
        return known

    return Passphrases(tried, lambda: new)


BOTH = knowing(FIRST, SECOND, new=SECOND)


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses cost nothing here; that they do in a house is seen in tests/store/test_keys.py."""
    assert new_passphrase_file.__kwdefaults__ is not None
    monkeypatch.setitem(new_passphrase_file.__kwdefaults__, "n", FAST)


@pytest.fixture
def service(tmp_path: Path) -> tuple[str, ...]:
    return keeper(tmp_path)


@pytest.fixture
def handed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What systemd lays down for a unit: a folder of credentials."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


def hand(folder: Path, name: str, byte: bytes) -> str:
    """A credential under this name; the id of its key."""
    (folder / name).write_bytes(byte * 32)
    return MasterKey(byte * 32).id


def whole(home: Path, clock: Clock, *cases: Case, passphrases: Passphrases = BOTH) -> None:
    """Everything opens, and something new can be taken in."""
    app = Installation.open(home, now=clock, passphrases=passphrases, make=False)
    for case in cases:
        assert app.case(ORGANISATION, case.id) == case
    assert taken_in(app).id
    assert list(soundness.faults(app, ORGANISATION)) == []
    app.close()


def files(home: Path) -> list[str]:
    folder = home / "master"
    return (
        sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) if folder.is_dir() else []
    )


def held(home: Path) -> list[tuple[str, bool, bool]]:
    """What is at hand: the name of its file, whether it is in use, whether it wraps anything."""

    def told(each: Holding) -> tuple[str, bool, bool]:
        return each.place.path.name, each.in_use, each.keys > 0

    return [told(each) for each in keeping.holdings(home, passphrases=BOTH)]


# ---- from one place to another ---------------------------------------------------------------------------


@pytest.mark.parametrize("second", Holder)
@pytest.mark.parametrize("first", Holder)
def test_the_master_key_moves_from_any_place_to_any_other(
    app: Installation, clock: Clock, home: Path, service: tuple[str, ...], first: Holder, second: Holder
) -> None:
    case = brought(app, clock, "closed")
    app.close()
    if first is not Holder.FILE:
        keeping.rotate(home, kind=first, command=service, passphrases=knowing(new=FIRST))
    assert files(home) == [first.value]
    whole(home, clock, case)
    before = (home / "master" / first.value).read_bytes()
    done = keeping.rotate(home, kind=second, command=service, passphrases=BOTH)
    assert done.keys > 2, "the case, the house, its searches and its signing key"
    assert [each.path for each in done.gone] == [home / "master" / first.value]
    assert done.can_go == ()
    assert files(home) == [second.value]
    assert (home / "master" / second.value).stat().st_mode & 0o077 == 0
    assert (home / "master" / second.value).read_bytes() != before
    whole(home, clock, case)
    assert held(home) == [(second.value, True, True)]


def test_a_change_of_the_same_kind_needs_no_word(
    app: Installation, clock: Clock, home: Path, service: tuple[str, ...]
) -> None:
    app.close()
    keeping.rotate(home, kind=Holder.SERVICE, command=service)
    [before] = keeping.holdings(home)
    keeping.rotate(home)
    [after] = keeping.holdings(home)
    assert before.place == after.place
    assert before.id != after.id
    assert json.loads(after.place.path.read_text())["command"] == list(service)


def test_systemd_hands_over_a_new_master_key_beside_the_old_one(
    app: Installation, clock: Clock, home: Path, handed: Path
) -> None:
    case = brought(app, clock, "closed")
    app.close()
    year = hand(handed, HANDED, b"1")
    assert held(home) == [(HANDED, True, False), ("master.key", False, True)]
    done = keeping.rotate(home)
    assert [each.path.name for each in done.gone] == ["master.key"]
    assert files(home) == [], "nothing of it is on the disk of the desk any more"
    whole(home, clock, case)
    with pytest.raises(Refused, match="no older one") as refused:
        keeping.rotate(home)
    assert "hand this one over as habeas-master-old" in refused.value.hint

    (handed / HANDED).rename(handed / f"{HANDED}-old")
    hand(handed, HANDED, b"2")
    whole(home, clock, case)  # the desk runs with both, and new cases are under the new one
    assert held(home) == [(HANDED, True, True), (f"{HANDED}-old", False, True)]
    done = keeping.rotate(home)
    assert done.keys > 2
    assert [each.path.name for each in done.can_go] == [f"{HANDED}-old"]
    assert held(home) == [(HANDED, True, True), (f"{HANDED}-old", False, False)]
    assert keeping.rotate(home).keys == 0, "and again, which harms nothing"
    (handed / f"{HANDED}-old").unlink()
    whole(home, clock, case)
    assert year not in {each.id for each in keeping.holdings(home)}


def test_several_older_ones_are_taken_along(
    app: Installation, clock: Clock, home: Path, handed: Path
) -> None:
    app.close()
    for number in (b"1", b"2"):
        hand(handed, HANDED, number)
        assert keeping.rotate(home, kind=None).keys > 0
        (handed / HANDED).rename(handed / f"{HANDED}-old-{number.decode()}")
    hand(handed, HANDED, b"3")
    done = keeping.rotate(home)
    assert [each.path.name for each in done.can_go] == [f"{HANDED}-old-1", f"{HANDED}-old-2"]


def test_away_from_systemd_the_old_one_is_handed_over_once_more(
    app: Installation, clock: Clock, home: Path, handed: Path
) -> None:
    case = brought(app, clock, "closed")
    app.close()
    hand(handed, HANDED, b"1")
    keeping.rotate(home)
    with pytest.raises(Refused, match="systemd hands over") as refused:
        keeping.rotate(home, kind=Holder.FILE)
    assert refused.value.hint == "hand this one over as habeas-master-old only"
    (handed / HANDED).rename(handed / f"{HANDED}-old")
    with pytest.raises(Refused, match="only older"):
        Installation.open(home, now=clock)
    with pytest.raises(Refused, match="only older"):
        keeping.rotate(home)
    assert files(home) == []
    done = keeping.rotate(home, kind=Holder.FILE)
    assert [each.path.name for each in done.can_go] == [f"{HANDED}-old"]
    (handed / f"{HANDED}-old").unlink()
    whole(home, clock, case)
    assert files(home) == ["master.key"]


# ---- what is broken off, missing or wrong ----------------------------------------------------------------


@pytest.mark.parametrize("kind", Holder)
def test_a_change_that_was_broken_off_is_taken_up(
    app: Installation,
    clock: Clock,
    home: Path,
    service: tuple[str, ...],
    kind: Holder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = brought(app, clock, "assessed")
    app.close()
    rotate = Store.rotate

    def broken_off(store: Store, new: MasterKey) -> int:
        rotate(store, new, at_most=1)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "rotate", broken_off)
        with pytest.raises(KeyboardInterrupt):
            keeping.rotate(home, kind=kind, command=service, passphrases=BOTH)
    assert files(home) == ["master.key", "next", f"next/{kind.value}"]
    whole(home, clock, case)
    if kind is not Holder.FILE:
        with pytest.raises(Refused, match="begun and not finished"):
            keeping.rotate(home, kind=Holder.FILE, passphrases=BOTH)
    keeping.rotate(home, passphrases=BOTH)
    assert files(home) == [kind.value]
    whole(home, clock, case)


@pytest.mark.parametrize("kind", Holder)
def test_a_change_that_stopped_between_two_files_lost_neither(
    app: Installation, clock: Clock, home: Path, service: tuple[str, ...], kind: Holder
) -> None:
    case = brought(app, clock, "assessed")
    app.close()
    keeping.rotate(home, kind=kind, command=service, passphrases=BOTH)
    folder = home / "master"
    (folder / "next").mkdir()
    # The old one is gone, the new one not yet in its place.
    (folder / kind.value).rename(folder / "next" / kind.value)
    whole(home, clock, case)
    assert keeping.rotate(home, passphrases=BOTH).keys == 0, "all was done but the last step"
    assert files(home) == [kind.value]
    whole(home, clock, case)


def test_a_lost_master_key_is_never_replaced_by_a_new_one(home: Path, clock: Clock) -> None:
    shutil.rmtree(home / "master")
    for make in (True, False):
        with pytest.raises(Refused, match="the master key of this installation is not here"):
            Installation.open(home, now=clock, make=make)
    assert files(home) == []
    with pytest.raises(Refused, match="no master key here"):
        keeping.rotate(home)
    with pytest.raises(Refused, match="no master key here"):
        keeping.holdings(home)


def test_where_systemd_hands_over_others_no_key_file_is_made(tmp_path: Path, handed: Path) -> None:
    (handed / "mail-password").write_bytes(b"1")
    with pytest.raises(Refused, match="is not here"):
        Installation.open(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nobody_who_knows_the_passphrase_nothing_opens(app: Installation, home: Path, clock: Clock) -> None:
    app.close()
    keeping.rotate(home, kind=Holder.PASSPHRASE, passphrases=knowing(new=FIRST))
    for passphrases, said in (
        (knowing(SECOND), "not the passphrase"),
        (knowing(), "no passphrase was given"),
        (NOBODY, "nobody gave one"),
    ):
        with pytest.raises(Refused, match=said):
            Installation.open(home, now=clock, passphrases=passphrases)
    whole(home, clock, passphrases=knowing(SECOND, FIRST))


def test_a_short_passphrase_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    masters = Masters(tmp_path / "home", knowing(new="four words too"))
    with pytest.raises(Refused, match="has 14 characters and needs 15"):
        masters.first(Holder.PASSPHRASE)
    assert not (tmp_path / "home").exists()


def test_a_first_master_key_is_made_once(tmp_path: Path, service: tuple[str, ...]) -> None:
    home = tmp_path / "above" / "home"
    masters = Masters(home)
    made = masters.first(Holder.SERVICE, service)
    assert masters.keys(make=True).current.id == made.id
    assert [path.stat().st_mode & 0o077 for path in (home.parent, home, home / "master")] == [0, 0, 0]
    for kind in Holder:
        with pytest.raises(Refused, match="already"):
            masters.first(kind, service)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cat", "gave the key back as it was"),
        ("od -An -v -tx1 | tr -d ' \\n'", "gave the key back as it was"),
        ("cat > /dev/null; echo the same", "does not open what it wrapped itself"),
        ("exit 1", "could not wrap the master key"),
    ],
)
def test_a_service_that_does_not_serve_is_not_moved_to(
    app: Installation, clock: Clock, home: Path, tmp_path: Path, text: str, said: str
) -> None:
    case = brought(app, clock, "received")
    app.close()
    program = tmp_path / "service"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o700)
    with pytest.raises(Refused, match=said):
        keeping.rotate(home, kind=Holder.SERVICE, command=(str(program),))
    assert files(home) == ["master.key"]
    whole(home, clock, case)


def test_where_the_key_service_fails_nothing_opens(
    app: Installation, clock: Clock, home: Path, service: tuple[str, ...], tmp_path: Path
) -> None:
    case = brought(app, clock, "received")
    app.close()
    keeping.rotate(home, kind=Holder.SERVICE, command=service)
    file = home / "master" / "service.json"
    well = json.loads(file.read_text())

    def refused(said: str, **changed: object) -> None:
        file.write_text(json.dumps({**well, **changed}))
        with pytest.raises(Refused, match=said):
            Installation.open(home, now=clock)

    key_file = Path(service[-1])
    right = key_file.read_text()
    key_file.write_text(os.urandom(32).hex())
    refused("could not unwrap the master key")
    key_file.write_text(right)
    other = base64.b64encode(KeyService(service).wrap(bytes(32))).decode()
    short = base64.b64encode(KeyService(service).wrap(bytes(8))).decode()
    refused("gave another key", wrapped=other)
    refused("gave another key", wrapped=short)
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o700)
    refused("did not answer within 0.5 s", command=[str(slow)], seconds=0.5)
    refused("cannot be started", command=[str(tmp_path / "none")])
    refused("whole path", command=["keeper"])
    refused("names no key service", wrapped="no base64!")
    refused("names no key service", command="keeper")
    file.write_text("{}")
    with pytest.raises(Refused, match="names no key service"):
        Installation.open(home, now=clock)
    file.write_text(json.dumps(well))
    whole(home, clock, case)


# ---- never in the same backup ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*Holder, None])
def test_no_backup_holds_the_master_key_or_what_makes_it(
    app: Installation,
    clock: Clock,
    home: Path,
    service: tuple[str, ...],
    tmp_path: Path,
    handed: Path,
    kind: Holder | None,
) -> None:
    case = brought(app, clock, "released")
    app.close()
    if kind is None:
        hand(handed, HANDED, b"\xc3")
        keeping.rotate(home)
        secret, apart = b"\xc3" * 32, handed
    else:
        keeping.rotate(home, kind=kind, command=service, passphrases=knowing(new=FIRST))
        apart = home / "master"
        text = (apart / kind.value).read_text()
        if kind is Holder.FILE:
            secret = bytes.fromhex(text)
        elif kind is Holder.PASSPHRASE:
            made = json.loads(text)
            secret = hashlib.scrypt(
                FIRST.encode(), salt=bytes.fromhex(made["salt"]), n=FAST, r=8, p=1, dklen=32, maxmem=2**28
            )
        else:
            secret = KeyService(service).unwrap(base64.b64decode(json.loads(text)["wrapped"]))
    opened = Installation.open(home, now=clock, passphrases=BOTH)
    assert opened.store.keyring.masters.current.id == MasterKey(secret).id
    data, keys = tmp_path / "data", tmp_path / "keys"
    keeping.backup(opened, data, keys)
    opened.close()
    never = [secret, secret.hex().encode(), base64.b64encode(secret), FIRST.encode()]
    for path in apart.iterdir():  # the salt, and what the service wrapped, neither
        for line in path.read_bytes().splitlines():
            never += [word for word in line.split(b'"') if len(word) >= 32]
    backed = [path for folder in (data, keys) for path in folder.rglob("*") if path.is_file()]
    names = {path.name for path in backed}
    assert names.isdisjoint({*Holder, HANDED})
    assert not [path for path in backed if any(word in path.read_bytes() for word in never)]
    assert len(never) > 4, "and where it lies it is found"

    again = tmp_path / "again"
    if kind is not None:
        with pytest.raises(Refused, match="is not here"):
            keeping.restore(again, data, keys)
        shutil.copytree(apart, again / "master")
    keeping.restore(again, data, keys, passphrases=BOTH)
    restored = Installation.open(again, now=clock, passphrases=BOTH, make=False)
    assert restored.case(ORGANISATION, case.id) == case
    restored.close()
