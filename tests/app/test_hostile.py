"""People who mean harm, at an installation: a thief of a folder or a backup, a sender of bombs, a worker that
runs whenever it likes, and somebody who looks for persons with our own commands.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from habeas.app import keeping, soundness
from habeas.app.installation import Installation
from habeas.app.releasing import hand_over, prepare
from habeas.app.worker import LEASE, Worker
from habeas.cli import habeas
from habeas.desk.case import Case
from habeas.desk.events import CLOCK, Door
from habeas.desk.letters import Kind
from habeas.errors import Refused
from habeas.store import MasterKeys
from habeas.store.keys import MasterKey
from tests import world
from tests.app.houses import (
    AUTHORITY,
    ORGANISATION,
    PLANTED,
    STAGES,
    Clock,
    a_request,
    as_bytes,
    brought,
    files,
    step,
    taken_in,
)

SECRETS = {
    "an identifier": "zebra@planted.example",
    "the authority": "Zebra-planted Prosecutor",
    "a reference": "ZEBRA-PLANTED-24/118",
    "the narrative": "zebra-planted-narrative",
    "a note": "zebra-planted-note",
}


def planted(app: Installation, clock: Clock) -> Case:
    """A request that persecutes, with words in it that stand nowhere else."""
    request = a_request(
        facts=f"{world.INSULT} {SECRETS['the narrative']}",
        language="en",
        reference=SECRETS["a reference"],
        issuing={"name": SECRETS["the authority"]},
        targets=[
            {
                "id": "t1",
                "identifiers": [{"value": SECRETS["an identifier"]}],
                "role": "suspect",
                "items": [{"id": "i1", "category": "content"}],
            }
        ],
    )
    (taken,) = app.take_in(ORGANISATION, "intake", as_bytes(request), door=Door.MAILBOX)
    assert taken.case is not None, taken.refused
    case = step(app, clock, step(app, clock, taken.case, "identified"), "assessed")
    app.desk(ORGANISATION).note(case.id, "reviewer", app.now(), words=SECRETS["a note"])
    app.letter(ORGANISATION, case.id, "reviewer", Kind.ACKNOWLEDGEMENT)
    return app.case(ORGANISATION, case.id)


def everything_in(*folders: Path) -> bytes:
    return b"\n".join(
        path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()
    )


def forms_of(word: str) -> Iterator[bytes]:
    """A word as a careless program could have kept it."""
    for each in (word, word.lower(), word.upper()):
        plain = each.encode()
        yield from (plain, plain.hex().encode(), each.encode("utf-16-le"))
        for name in ("md5", "sha1", "sha256", "blake2b"):
            digest = hashlib.new(name, plain)
            yield from (digest.digest(), digest.hexdigest().encode())


# ---- a thief ---------------------------------------------------------------------------------------------


def test_a_stolen_data_folder_names_no_person_no_authority_and_no_charge(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = planted(app, clock)
    released = brought(app, clock, "released")
    assert case.assessment is not None
    conduct = {str(each) for each in case.assessment.protected_conduct}
    assert conduct
    found = everything_in(home / "data", home / "outgoing")
    assert case.id.encode() in found
    assert released.id.encode() in found, "what stands in clear is found by this search"
    for what, word in SECRETS.items():
        for form in forms_of(word):
            assert form not in found, what
    for each in conduct:
        assert each.encode() not in found
    for word in (PLANTED, AUTHORITY, "192.0.2.77", "rançongiciel"):
        assert word.encode() not in everything_in(home / "data")


def test_no_column_of_the_database_is_about_a_person_or_a_charge(app: Installation, home: Path) -> None:
    with sqlite3.connect(home / "data" / "desk.sqlite") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            column
            for table in tables
            for (column,) in database.execute(f"SELECT name FROM pragma_table_info('{table}')")
        }
    database.close()
    assert {"organisation", "stream", "sealed", "token"} <= columns
    about = (
        "conduct",
        "identifier",
        "target",
        "suspect",
        "person",
        "offence",
        "charge",
        "fact",
        "authority",
        "name_of",
    )
    assert [column for column in columns if any(word in column for word in about)] == []


def test_a_stolen_data_folder_opens_nothing(
    app: Installation, clock: Clock, home: Path, tmp_path: Path
) -> None:
    """Put into an installation of the thief's own: without our keyring, then without our master key."""
    case = planted(app, clock)
    source = case.letters[0].sha256
    app.close()
    for taken in (("data",), ("data", "keys")):
        own = tmp_path / "-".join(taken)
        for folder in taken:
            shutil.copytree(home / folder, own / folder)
        if "keys" in taken:
            with pytest.raises(Refused, match="the master key of this installation is not here"):
                Installation.open(own, now=clock)
        theirs = Installation.open(own, masters=MasterKeys(MasterKey(bytes(32))), now=clock)
        for attempt in (
            lambda: theirs.case(ORGANISATION, case.id),  # noqa: B023
            lambda: theirs.people(ORGANISATION),  # noqa: B023
            lambda: theirs.get(ORGANISATION, case.id, source),  # noqa: B023
            lambda: theirs.page_of(ORGANISATION, case.id, source),  # noqa: B023
        ):
            with pytest.raises(Refused):
                attempt()
        if taken == ("data",):
            assert theirs.find(ORGANISATION, SECRETS["an identifier"]) == ()
        assert list(soundness.faults(theirs, ORGANISATION))
        theirs.close()


def test_a_stolen_backup_without_the_keyring_opens_nothing(
    app: Installation, clock: Clock, home: Path, tmp_path: Path
) -> None:
    case = planted(app, clock)
    keeping.backup(app, tmp_path / "stolen", tmp_path / "kept")
    for word in SECRETS.values():
        assert word.encode() not in everything_in(tmp_path / "stolen", tmp_path / "kept")
    master = (home / "master" / "master.key").read_bytes()
    assert master not in everything_in(tmp_path / "stolen", tmp_path / "kept")
    none = tmp_path / "none"
    none.mkdir()
    other = MasterKeys(MasterKey(bytes(32)))
    with pytest.raises(Refused):
        keeping.restore(tmp_path / "own", tmp_path / "stolen", none, masters=other, now=clock)
    try:
        keeping.restore(tmp_path / "both", tmp_path / "stolen", tmp_path / "kept", masters=other, now=clock)
    except Refused:
        return  # that the master key is another was already seen here
    theirs = Installation.open(tmp_path / "both", masters=other, now=clock)
    with pytest.raises(Refused):
        theirs.case(ORGANISATION, case.id)
    theirs.close()


# ---- who sends -------------------------------------------------------------------------------------------


def _zip(name: str, size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, bytes(size))
    return out.getvalue()


BOMBS = {
    "a zip bomb": _zip("request.json", 30_000_000),
    "a zip that leads out": _zip("../../../etc/passwd", 10),
    "a gzip bomb": zlib.compress(bytes(30_000_000), wbits=31),
    "a deep list": b"[" * 1_000_000,
    "a deep object": b'{"a":' * 1_000_000,
    "a billion laughs": b"a: &a [x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b]\n",
    "a program in yaml": b"- !!python/object/apply:os.system [id]\n",
    "an outer entity": b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><r>&a;</r>",
    "a long number": b'[{"id": ' + b"9" * 1_000_000 + b"}]",
    "a name twice": b'[{"id": "R-1", "id": "R-2", "instrument": "uncc", "measure": "stored-access"}]',
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_is_refused_in_time_and_leaves_nothing(what: str, app: Installation, home: Path) -> None:
    before = sorted(home.rglob("*"))
    try:
        taken = app.take_in(ORGANISATION, "intake", BOMBS[what], door=Door.MAILBOX, name="../../request.json")
    except Refused:
        taken = ()
    assert [each for each in taken if each.case is not None] == []
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize(
    "name", ["../../escaped.csv", "/etc/escaped.csv", "a\nb.csv", "..", "x" * 300 + ".csv", "C:\\x.csv"]
)
def test_the_name_of_a_custodians_file_leads_nowhere(
    name: str, app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "notified")
    laid = [replace(each, name=name) for each in files(case)]
    with suppress(Refused):
        prepare(app, ORGANISATION, case.id, "custodian", laid)
    assert list(home.parent.rglob("*escaped*")) == []
    assert all(len(path.name) <= 80 for path in (home / "data").rglob("*"))


@pytest.mark.parametrize("organisation", ["../../etc", "/etc", "..", "", "a/b", "a\x00", "Ä", "x" * 50])
def test_a_made_up_house_reaches_no_file(organisation: str, app: Installation, home: Path) -> None:
    before = sorted(home.rglob("*"))
    assert app.find(organisation, "anything") == ()
    assert app.door_of(organisation, "AAAA") is None
    with pytest.raises((Refused, ValueError)):
        app.take_in(organisation, "intake", as_bytes(a_request()), door=Door.PORTAL)
    with pytest.raises((Refused, ValueError)):
        hand_over(app, organisation, "2026-AAAA-AAAA", "custodian")
    assert sorted(home.rglob("*")) == before


# ---- the worker ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_no_sequence_of_workers_and_times_releases_refuses_tells_or_erases(
    seed: int, app: Installation, clock: Clock, home: Path
) -> None:
    """Any number of workers, in any order, over any time, at cases of every stage: they only warn."""
    chance = random.Random(seed)
    cases = [brought(app, clock, stage) for stage in STAGES if stage not in ("identified", "delivered")]
    cases.append(planted(app, clock))
    cases.append(taken_in(app, deadline=(clock.at + timedelta(days=20)).date().isoformat()))
    sent = sorted(path.name for path in (home / "outgoing").rglob("*"))
    workers = [Worker(app, name) for name in ("one", "two", "three")]
    for _ in range(60):
        match chance.randrange(4):
            case 0:
                clock.go(minutes=chance.choice([1, 30, 60 * 24]))
            case 1:
                clock.go(days=chance.choice([1, 3, 30, 200]))
            case 2:
                chance.choice(workers).stop()
                clock.at += LEASE
            case _:
                chance.choice(workers).step()
    assert any(app.case(ORGANISATION, each.id).length > each.length for each in cases), "they did warn"
    for before in cases:
        now = app.case(ORGANISATION, before.id)
        assert {(each.by, each.event.kind) for each in now.history[before.length :]} <= {(CLOCK, "warned")}
        assert (now.stage, now.released, now.notices) == (before.stage, before.released, before.notices)
        assert app.store.erased(ORGANISATION, before.id) is None
    assert sorted(path.name for path in (home / "outgoing").rglob("*")) == sent


def test_nobody_can_act_as_the_clock(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "approved")
    for nobody in (CLOCK, "", "house", "person concerned", "nobody", "administrator"):
        with pytest.raises(Refused):
            hand_over(app, ORGANISATION, case.id, nobody)
        with pytest.raises(Refused):
            app.desk(ORGANISATION).approve_release(case.id, nobody, app.now())
    assert app.case(ORGANISATION, case.id) == case


# ---- our own commands ------------------------------------------------------------------------------------


def _commands(
    group: click.Group = habeas, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


LOOKING = (
    "find",
    "search",
    "list",
    "export",
    "dump",
    "people",
    "persons",
    "targets",
    "grep",
    "profile",
    "rank",
)
PERSONAL = (
    "identifier",
    "identifiers",
    "target",
    "account",
    "handle",
    "name",
    "suspect",
    "conduct",
    "charge",
)
KNOWN = {("atlas", "find"): "looks for a provision of national law"}
WITHOUT_A_CASE = {
    ("receipt", "verify"): "its holder types in their own account; no records are opened",
    ("witness", "new"): "the witness's own name",
}


def test_no_command_looks_for_persons(app: Installation) -> None:
    """What names something of a person takes the case it belongs to; what looks for things is about law."""
    looked_at = 0
    for path, command in _commands():
        takes = {str(parameter.name) for parameter in command.params}
        words = set(path[-1].split("-"))
        assert words.isdisjoint(LOOKING) or path in KNOWN, path
        if personal := {name for name in takes if set(name.split("_")) & set(PERSONAL)}:
            assert "case" in takes or path in WITHOUT_A_CASE, (path, personal)
        if "person" in takes:
            assert path[0] in ("house", "access") or "case" in takes, (
                f"{path}: a colleague, or somebody invited into a case"
            )
        looked_at += 1
    assert looked_at > 40


def test_no_command_that_goes_over_cases_shows_a_person_or_a_charge(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = planted(app, clock)
    assert case.assessment is not None
    conduct = [str(each) for each in case.assessment.protected_conduct]
    app.close()
    at = ["--home", str(home), "-o", ORGANISATION]
    asked = (
        ["desk", "queue", *at],
        ["desk", "queue", *at, "--closed"],
        ["records", "doctor", *at],
        ["house", "show", *at, "--by", "administrator"],
    )
    shown = ""
    for words in asked:
        answer = CliRunner().invoke(habeas, words)
        shown += answer.output
    assert case.id in shown
    for word in (*SECRETS.values(), *conduct):
        assert word not in shown


def test_no_answer_about_many_requests_sets_a_conduct_beside_an_identifier(tmp_path: Path) -> None:
    """`habeas assess` in its form for programs: what the charge is about, and never about whom."""
    request = a_request(facts=f"{world.INSULT}", language="en")
    request["targets"] = [
        {
            "id": "t1",
            "identifiers": [{"value": SECRETS["an identifier"]}],
            "role": "suspect",
            "items": [{"id": "i1", "category": "subscriber"}],
        }
    ]
    path = tmp_path / "request.json"
    path.write_text(json.dumps([request]), "utf-8")
    answer = CliRunner().invoke(
        habeas, ["assess", str(path), "--as", "json", "--seat", "USA:provider:request"]
    )
    said = json.loads(answer.output)
    assert _conducts(said), "the charge is described"
    assert SECRETS["an identifier"] not in answer.output


def _conducts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        here = [value["protected_conduct"]] if value.get("protected_conduct") else []
        return here + [found for each in value.values() for found in _conducts(each)]
    if isinstance(value, list):
        return [found for each in value for found in _conducts(each)]
    return []
