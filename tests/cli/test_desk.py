"""`habeas desk`: every verb is a command, the whole way goes by the terminal, and a no is said in words."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec
import pyrage
import pytest

from habeas.assess import Ceiling, Decision
from habeas.cli.desk import _WITH_APP, EXAMPLES
from habeas.cli.desk import desk as group
from habeas.desk import limits
from habeas.desk.blinding import COVER
from habeas.desk.case import Case, Stage
from habeas.desk.desk import Desk
from habeas.desk.events import DelayGround, Objected, Ruling
from habeas.desk.moves import TABLE, Act
from habeas.desk.package import fingerprint
from habeas.reports import answer
from habeas.request import AccountFacts, Evidence
from tests.app.houses import (
    IDENTITY,
    ORGANISATION,
    PLANTED,
    a_request,
    as_bytes,
    brought,
    key,
    receipt_of,
    taken_in,
)
from tests.cli.conftest import Terminal
from tests.desk.desks import as_covered, evidence, rulings
from tests.signing import SshKey, needs_ssh
from tests.stamps import Stamps, needs_openssl

GIVEN = {"self", "case", "by", "at"}


def as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def request_file(tmp_path: Path, *requests: dict[str, object]) -> Path:
    path = tmp_path / "inbox.json"
    path.write_bytes(as_bytes(*(requests or (a_request(),))))
    return path


def case_of(terminal: Terminal, id: str) -> Case:
    return terminal.open().case(ORGANISATION, id)


# ---- the commands ----


def test_every_move_of_the_table_has_a_command() -> None:
    assert set(TABLE) <= {Act(name) for name in group.commands if name in list(Act)}


@pytest.mark.parametrize("act", [act for act in TABLE if act not in _WITH_APP])
def test_every_argument_of_a_verb_is_an_option_and_what_it_needs_is_required(act: Act) -> None:
    options = {each.name: each for each in group.commands[act].params}
    for name, parameter in inspect.signature(getattr(Desk, act.replace("-", "_"))).parameters.items():
        if name in GIVEN:
            continue
        needed = parameter.default is inspect.Parameter.empty
        assert options[name].required is needed, name
    assert options["by"].required
    assert isinstance(options["case"], click.Argument)


def test_nobody_objects_for_the_person_concerned_and_no_clock_warns_from_the_terminal() -> None:
    assert not {"object", "warn", "receive", "configure", "admit"} & set(group.commands)


@pytest.mark.parametrize("name", sorted(group.commands))
def test_every_command_explains_itself(terminal: Terminal, name: str) -> None:
    assert f"Usage: habeas desk {name}" in terminal.well("desk", name, "--help")


# ---- the whole way ----


def test_a_case_goes_its_whole_way_by_the_terminal(empty: Terminal, tmp_path: Path) -> None:
    say, clock = empty.well, empty.clock
    admin = ("--by", "administrator")
    say("house", "found", *admin, "--seat", "CHE:central-authority", "--zone", "Europe/Zurich")
    sender = {"name": "House", "office": "Requests", "contact": "its address", "oversight": "its overseer"}
    say("house", "configure", *admin, as_json({"sender": sender}))
    for person, role in (
        *(("intake", "intake"), ("reviewer", "reviewer"), ("second", "reviewer")),
        *(("counsel", "counsel"), ("custodian", "custodian")),
    ):
        say("house", "admit", *admin, person, person.title(), role)
    recipient = str(IDENTITY.to_public())
    asked = a_request()
    say(
        *("house", "register-key", *admin, "--authority", asked["issuing"]["name"], "--state", "FRA"),
        *("--fingerprint", fingerprint(recipient), "--verified-by", "a call back"),
        *("--verified-on", "2026-11-20", recipient),
    )
    id = say("desk", "take-in", "--by", "intake", request_file(tmp_path)).strip()
    case = case_of(empty, id)
    say("desk", "identify", "--by", "intake", "--evidence", as_json([evidence(case.request)]), id)
    assert id in say("desk", "queue", "--turn", "reviewer")
    say("desk", "assess", "--by", "reviewer", id)
    case = case_of(empty, id)
    assert f"assessment: {case.digest}" in say("desk", "show", "--by", "reviewer", id)
    decided = as_json(rulings(case))
    say("desk", "review", "--by", "reviewer", "--assessment", case.digest, "--rulings", decided, id)
    say("desk", "second-review", "--by", "second", "--agrees", id)
    said = say("desk", "notify", "--by", "reviewer", "--language", "fr", "--to", tmp_path, id)
    code = said.rsplit(" ", 1)[1].strip()
    assert 'lang="fr"' in (tmp_path / f"{id}-t1.html").read_text("utf-8")
    door = empty.open().door_of(ORGANISATION, code)
    assert door is not None
    assert door.id == id
    sent = ("--targets", '["t1"]', "--way", "post", "--on", as_json(clock.at.date()))
    assert "went out" in say("desk", "send-notice", "--by", "intake", *sent, id)
    clock.go(days=11)
    paths = {item: tmp_path / f"{item}.csv" for item in ("i1", "i2", "i3")}
    for item, path in paths.items():
        path.write_text(f"{PLANTED} {item}")
    laid = [word for item, path in paths.items() for word in ("--file", f"t1/{item}={path}")]
    kinds = {"i1": "subscriber", "i2": "traffic of these days", "i3": "content of this account"}
    held = [word for item, kind in kinds.items() for word in ("--holds", f"t1/{item}={kind}")]
    days = ("--days", "2026-09-18..2026-10-01")
    said = say("desk", "prepare", "--by", "custodian", *laid, *held, *days, id)
    assert said == f"{id}: 3 files were prepared.\n"
    said = say("desk", "show", "--by", "counsel", id)
    assert "one person's word: intake recorded that the notice went out" in said
    assert "one person's word: custodian prepared the files" in said
    say("desk", "approve-release", "--by", "counsel", id)
    said = say("desk", "release", "--by", "custodian", id)
    assert str(empty.home / "outgoing" / ORGANISATION / id) in said
    (sealed,) = (empty.home / "outgoing").rglob("*.age")
    assert PLANTED.encode() in pyrage.decrypt(sealed.read_bytes(), [IDENTITY])
    word = ("--who", "their registry", "--how", "by telephone")
    say("desk", "confirm-delivery", "--by", "custodian", *word, id)
    assert "It is now closed." in say("desk", "close", "--by", "reviewer", id)
    assert id in say("desk", "queue", "--closed")
    assert "The retention time ends on" in empty.barred(
        "desk", "erase", "--by", "counsel", "--why", "early", id
    )
    clock.go(days=800)
    assert say("desk", "erase", "--by", "counsel", "--why", "The time is over.", id) == f"{id}: erased.\n"
    assert "erased" in empty.barred("desk", "show", "--by", "reviewer", id)
    assert say("records", "doctor") == "All is as it should be.\n"


@needs_openssl
def test_the_terminal_says_why_nothing_left_and_lets_it_go_without_a_stamp(
    terminal: Terminal, stamps: Stamps, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stamps.believed(monkeypatch)
    stamps.mood = stamps.fails
    file = stamps.where / "stamps.toml"
    file.write_text(f'url = "{stamps.url}"\nroots = "roots.pem"\nwait = 5\n', encoding="utf-8")
    terminal.well("house", "timestamps", "--by", "administrator", file)
    id = brought(terminal.open(), terminal.clock, "approved").id
    release = ("desk", "release", "--by", "custodian")
    said = terminal.barred(*release, id)
    assert "the time-stamp authority answered with 503, and nothing was handed over" in said
    assert case_of(terminal, id).stage is Stage.DECIDED
    said = terminal.well(*release, "--unstamped", "A court waits for it.", id)
    assert "without a time-stamp: the time-stamp authority answered with 503." in said
    stamps.mood = stamps.answers
    other = brought(terminal.open(), terminal.clock, "approved").id
    assert "127.0.0.1 stamped the time, " in terminal.well(*release, other)
    assert "127.0.0.1 stamped the time, " in terminal.well("desk", "show", "--by", "auditor", other)


@needs_ssh
def test_a_receipt_is_handed_in_as_it_came(terminal: Terminal, tmp_path: Path) -> None:
    theirs = SshKey.made(tmp_path)
    app, clock = terminal.open(), terminal.clock
    app.desk(ORGANISATION).register_key("administrator", clock(), key=key(theirs.recipient, clock()))
    case = brought(app, clock, "released")
    clock.go(hours=2)
    receipt, signature = tmp_path / "receipt.json", tmp_path / "receipt.json.sig"
    came = receipt_of(case, clock())
    signature.write_bytes(theirs.signed(came))
    receipt.write_bytes(came.replace(b"their registry", b"somebody else"))
    confirm = ("desk", "confirm-delivery", "--by", "custodian")
    both = ("--receipt", receipt, "--signature", signature)
    assert "the signature is not of this receipt" in terminal.barred(*confirm, *both, case.id)
    assert "this is no receipt" in terminal.barred(*confirm, "--receipt", signature, case.id)
    assert "a word of explanation" in terminal.barred(*confirm, case.id)
    receipt.write_bytes(came)
    said = terminal.well(*confirm, *both, case.id)
    assert said == (
        f"{case.id}: The authority's receipt names this very package; it is signed with its registered key.\n"
    )


def test_a_requester_is_asked_and_answers(terminal: Terminal, tmp_path: Path) -> None:
    id = brought(terminal.open(), terminal.clock, "assessed").id
    terminal.well("desk", "ask", "--by", "reviewer", "--questions", '["Which days are meant?"]', id)
    said = terminal.well("desk", "show", "--by", "counsel", id)
    assert "proposed by reviewer: Which days are meant?" in said
    agree = ("desk", "agree-questions", "--agrees", id, "--by")
    assert "You wrote these" in terminal.barred(*agree, "reviewer")
    terminal.well(*agree, "reviewer-2")
    file = request_file(tmp_path, a_request(necessity="These days."))
    assert "a new version" in terminal.well("desk", "answer", "--by", "intake", id, file)
    assert case_of(terminal, id).request.necessity == "These days."


def test_a_narrower_request_is_proposed_and_accepted(terminal: Terminal, tmp_path: Path) -> None:
    case = brought(terminal.open(), terminal.clock, "assessed")
    less = rulings(case, i3={"decision": Decision.NARROW, "ceiling": Ceiling.TRAFFIC})
    words = ("--assessment", case.digest, "--rulings", as_json(less), "--why", "Less is enough.")
    terminal.well("desk", "review", "--by", "reviewer", *words, case.id)
    terminal.well("desk", "second-review", "--by", "reviewer-2", "--agrees", case.id)
    terminal.well("desk", "narrow", "--by", "reviewer", case.id)
    target = a_request()["targets"][0]
    wider = {**target, "identifiers": [*target["identifiers"], {"value": "third@host.example"}]}
    said = terminal.barred(
        "desk",
        "accept-narrowing",
        "--by",
        "intake",
        case.id,
        request_file(tmp_path, a_request(targets=[wider])),
    )
    assert "this asks for more than before" in said
    narrower = request_file(tmp_path, a_request(targets=[{**target, "items": target["items"][:2]}]))
    terminal.well("desk", "accept-narrowing", "--by", "intake", case.id, narrower)
    assert len(case_of(terminal, case.id).asked()) == 2


def test_a_letter_is_written_and_laid_out(terminal: Terminal, tmp_path: Path) -> None:
    id = brought(terminal.open(), terminal.clock, "assessed").id
    page = tmp_path / "letter.html"
    said = terminal.well("desk", "write", "--by", "reviewer", "--to", page, id, "acknowledgement")
    assert f"It lies in {page}." in said
    assert page.read_text("utf-8").startswith("<!")
    assert "refuse first" in terminal.barred("desk", "write", "--by", "reviewer", id, "persecution-refusal")


def test_whoever_reads_every_case_fetches_its_letters_and_nobody_else(
    terminal: Terminal, tmp_path: Path
) -> None:
    id = brought(terminal.open(), terminal.clock, "assessed").id
    terminal.well("desk", "write", "--by", "reviewer", id, "acknowledgement")
    letter, page = case_of(terminal, id).letters[-1].sha256, tmp_path / "letter.html"
    confirmed = ("--confirmed", as_covered(case_of(terminal, id)))
    terminal.well("desk", "invite", "--by", "counsel", "--person", "expert", *confirmed, id)
    for person in ("expert", "delegate", "administrator"):
        terminal.barred("desk", "fetch-letter", "--by", person, "--to", page, id, letter)
        assert not page.exists()
    terminal.well("desk", "fetch-letter", "--by", "auditor", "--to", page, id, letter)
    assert page.read_text("utf-8").startswith("<!")


def test_a_target_is_split_off_under_a_new_reference(terminal: Terminal) -> None:
    first = a_request()["targets"][0]
    second = {**first, "id": "t2", "identifiers": [{"value": "other@host.example"}]}
    id = taken_in(terminal.open(), targets=[first, second]).id
    said = terminal.well(
        "desk", "split", "--by", "reviewer", "--targets", '["t2"]', "--into", "2026-NEW1", id
    )
    assert "1 target goes on in case 2026-NEW1." in said
    assert case_of(terminal, "2026-NEW1").split_from == id


# ---- it comes in ----


def test_what_cannot_be_read_is_said_and_loses_no_other(terminal: Terminal, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(as_bytes(a_request()))
    bad.write_text("{ this is nothing")
    mixed = request_file(tmp_path, a_request(id="EX-12", targets=[]), a_request())
    result = terminal("desk", "take-in", "--by", "intake", bad, mixed, good)
    assert result.exit_code == 2
    ids = result.stdout.split()
    assert len(ids) == 2
    for id in ids:
        assert case_of(terminal, id).stage is Stage.RECEIVED
    assert str(bad) in result.stderr
    assert f"{mixed}: [0] (EX-12)" in result.stderr


def test_a_file_that_is_no_text_is_said_and_loses_no_other(terminal: Terminal, tmp_path: Path) -> None:
    scan, good = tmp_path / "scan.pdf", request_file(tmp_path)
    scan.write_bytes(b"%PDF-1.7\n\x00\xff\xfe\x80")
    result = terminal("desk", "take-in", "--by", "intake", scan, good)
    assert result.exit_code == 2
    assert len(result.stdout.split()) == 1
    assert str(scan) in result.stderr


def test_every_sender_has_a_promise_also_of_what_could_not_be_read(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.well("log", "keep", "--by", "administrator", "--origin", "desk.example.org/log")
    good, bad, folder = request_file(tmp_path), tmp_path / "bad.json", tmp_path / "promises"
    bad.write_text("{ this is nothing")
    folder.mkdir()
    words = ("desk", "take-in", "--by", "intake")
    assert terminal(*words, "--promises", folder, good, bad).exit_code == 2
    assert {each.name for each in folder.iterdir()} == {f"{good.name}.promise", "bad.json.promise"}
    result = terminal(*words, bad)
    assert f"The promise for whoever sent {bad}:\nhabeas/promise/v1\n" in result.stderr
    result = terminal(*words, good)
    assert "habeas/promise/v1" not in result.stderr, "it stands in its case"
    both = terminal.well("log", "promise", "--by", "intake", result.stdout.strip())
    assert both.count("habeas/promise/v1\n") == 2, "the request came twice"
    assert "no content of any case" in terminal.barred(
        "log", "promise", "--by", "administrator", result.stdout.strip()
    )


def test_who_may_not_receive_takes_nothing_in(terminal: Terminal, tmp_path: Path) -> None:
    assert "This is for" in terminal.barred("desk", "take-in", "--by", "auditor", request_file(tmp_path))


# ---- a no ----


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("assess", "--by", "custodian"), "This is for intake or reviewer or counsel"),
        (("assess", "--by", "nobody"), "nobody of that name works here"),
        (("second-review", "--by", "reviewer", "--agrees"), "The request is not assessed. Assess it first"),
        (("release", "--by", "custodian"), "The request is not assessed. Assess it first"),
        (
            (
                *("prepare", "--by", "custodian", "--file", "t1/i1=@"),
                *("--holds", "subscriber", "--days", "2026-09-01..2026-09-02"),
            ),
            "The request is not assessed. Assess it first",
        ),
        (("notify", "--by", "reviewer"), "Nothing is decided, and nothing has left"),
        (("erase", "--by", "counsel", "--why", "now"), "The case is not closed. Close it first"),
        (("note", "--by", "intake", "--words", " "), "this needs a word of explanation"),
        (("assign", "--by", "intake", "--to", "auditor"), "this person does not work on cases"),
        (("hold", "--by", "intake", "--hold", "h1", "--targets", '["t9"]'), "there is no such target"),
    ],
)
def test_a_barred_move_ends_with_two_and_its_reason(
    terminal: Terminal, tmp_path: Path, words: Sequence[str], why: str
) -> None:
    case = taken_in(terminal.open())
    file = tmp_path / "data.csv"
    file.write_text("data")
    said = terminal.barred("desk", *(word.replace("@", str(file)) for word in words), case.id)
    assert why in said
    assert case_of(terminal, case.id) == case


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("second-review", "--by", "reviewer-2"), "--agrees"),
        (("validate", "--by", "reviewer"), "--valid"),
        (("answer-objection", "--by", "counsel", "--reason", "because"), "--upheld"),
        (("declare-conflict", "--by", "expert"), "--conflict"),
        (("note", "--by", "intake"), "--words"),
        (("hold", "--by", "intake", "--hold", "h1"), "--targets"),
    ],
)
def test_what_a_verb_needs_is_never_supposed(terminal: Terminal, words: Sequence[str], option: str) -> None:
    case = brought(terminal.open(), terminal.clock, "reviewed")
    assert option in terminal.barred("desk", *words, case.id)
    assert case_of(terminal, case.id) == case


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("review", "--assessment", "x", "--rulings", "yes"), "--rulings"),
        (("review", "--assessment", "x", "--rulings", '[{"target": "t1"}]'), "missing required field `item`"),
        (("review", "--assessment", "x", "--rulings", "[]"), "this case was assessed again"),
        (("ask", "--questions", "Which days?"), "--questions"),
        (("ask", "--questions", "[1]"), "Expected `str`"),
        (("extend", "--hold", "h1", "--why", "x", "--until", "2027-01-01T00:00:00"), "timezone"),
        (("extend", "--hold", "h1", "--why", "x", "--until", "soon"), "--until"),
        (("merge", "--into", "../other", "--why", "x"), "is no reference of a case"),
        (("split", "--into", "", "--targets", '["t1"]'), "is no reference of a case"),
    ],
)
def test_what_a_verb_cannot_use_is_refused_with_its_option(
    terminal: Terminal, words: Sequence[str], why: str
) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "assessed")
    case = app.desk(ORGANISATION).hold(case.id, "reviewer", app.now(), hold="h1", targets=["t1"])
    verb, *rest = words
    assert why in terminal.barred("desk", verb, "--by", "reviewer", *rest, case.id)
    assert case_of(terminal, case.id) == case


def test_a_notice_is_delayed_on_a_ground_of_the_closed_list(terminal: Terminal, decided: Case) -> None:
    day = terminal.clock.at.date()
    words = ("desk", "delay-notice", decided.id, "--by", "counsel", "--why", "A witness could be found.")
    until = ("--until", as_json(day + timedelta(days=40)), "--review", as_json(day + timedelta(days=30)))
    for ground in ("because", "", '"gag-order"'):
        refused = terminal.barred(*words, *until, "--cite", "house", "--ground", ground)
        assert "--ground" in refused
        assert "danger-to-investigation" in refused
    refused = terminal.barred(*words, *until, "--cite", "House", "--ground", "danger-to-investigation")
    assert "only a danger to a person" in refused
    assert case_of(terminal, decided.id).delay_proposed is None
    terminal.well(*words, *until, "--cite", "house", "--ground", "danger-to-person")
    delay = case_of(terminal, decided.id).delay_proposed
    assert delay is not None
    assert (delay.ground, delay.why) == (DelayGround.DANGER_TO_PERSON, "A witness could be found.")


def test_an_instant_of_another_zone_is_kept_in_utc(terminal: Terminal) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "assessed")
    app.desk(ORGANISATION).hold(case.id, "reviewer", app.now(), hold="h1", targets=["t1"])
    until = "2027-02-01T02:00:00+02:00"
    terminal.well(
        "desk", "extend", "--by", "reviewer", "--hold", "h1", "--why", "x", "--until", until, case.id
    )
    assert f"{case_of(terminal, case.id).hold('h1').until}" == "2027-02-01 00:00:00+00:00"


@pytest.mark.parametrize("id", ["../house", "house", "2026-NONE", "a b", "é", "x" * 41])
def test_a_case_that_is_not_there_is_said(terminal: Terminal, id: str) -> None:
    for words in (("show", "--by", "reviewer"), ("assess", "--by", "reviewer")):
        terminal.barred("desk", *words, id)


# ---- prepare ----


@pytest.fixture
def decided(terminal: Terminal) -> Case:
    return brought(terminal.open(), terminal.clock, "decided")


def test_what_is_said_of_files_is_recorded(terminal: Terminal, decided: Case, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("data")
    days = ("--days", "t1/i2=2026-09-12..2026-09-14")
    said = terminal.well(
        *("desk", "prepare", "--by", "custodian", "--file", f"t1/i2={file}", "--holds", "subscriber", *days),
        decided.id,
    )
    (held,) = case_of(terminal, decided.id).files
    assert (held.name, held.holds, str(held.period.start)) == ("log.csv", "subscriber", "2026-09-12")  # type: ignore[union-attr]
    assert "log.csv would not leave: It holds subscriber, and traffic of these days was asked." in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--file", "i1=@"), "is not TARGET/ITEM=PATH"),
        (("--file", "t1/i1"), "is not TARGET/ITEM=PATH"),
        (("--file", "t1/i1=@.not-there"), "does not exist"),
        (("--file", "t1/i9=@"), "this file is for an item of which nothing may be given"),
        (("--file", "t1/i1=@", "--holds", "t1/i1=content of this account"), "more than was decided"),
        (("--file", "t1/i1=@", "--holds", "t1/i1=mail"), "this is no kind of data"),
        (("--file", "t1/i1=@", "--holds", "traffic of these days"), "the same is said twice"),
        (("--file", "t1/i1=@", "--days", "t1/i1=2026-09-01"), "these are not two days"),
        (("--file", "t1/i1=@", "--days", "t1/i1=2026-09-02..2026-09-01"), "lies before its first"),
        (("--file", "t1/i1=@", "--file", "t1/i2=@"), "the same file stands twice"),
        ((), "--file"),
    ],
)
def test_files_that_cannot_be_prepared_are_refused(
    terminal: Terminal, decided: Case, tmp_path: Path, words: Sequence[str], why: str
) -> None:
    file = tmp_path / "data.csv"
    file.write_text("data")
    said = (word.replace("@", str(file)) for word in words)
    words = (*said, "--holds", "subscriber", "--days", "2026-09-01..2026-09-30", decided.id)
    assert why in terminal.barred("desk", "prepare", "--by", "custodian", *words)
    assert case_of(terminal, decided.id) == decided


@pytest.mark.parametrize(
    "words",
    [
        ("--holds", "t1/i2=traffic of these days", "--days", "2026-09-01..2026-09-30"),
        ("--holds", "subscriber", "--days", "t1/i2=2026-09-01..2026-09-30"),
    ],
)
def test_nothing_is_supposed_of_a_file_of_which_nobody_said_it(
    terminal: Terminal, decided: Case, tmp_path: Path, words: Sequence[str]
) -> None:
    file = tmp_path / "data.csv"
    file.write_text("data")
    said = ("--file", f"t1/i1={file}", *words, decided.id)
    assert "nothing is said of this file" in terminal.barred("desk", "prepare", "--by", "custodian", *said)
    assert case_of(terminal, decided.id) == decided


# ---- looking ----


def test_a_case_is_shown_with_what_is_asked_and_what_was_found(terminal: Terminal) -> None:
    case = brought(terminal.open(), terminal.clock, "released")
    said = terminal.well("desk", "show", "--by", "auditor", case.id)
    assert case.assessment is not None
    told = answer.text(case.request, case.assessment, explain=False)
    assert told in said
    assert "THE REQUEST" in said
    assert "rançongiciel" in said
    made = f"in the assessment {case.digest[:12]}"
    assert re.search(f"  t1 i1: 20[0-9: -]{{14}} reviewer decided: proceed, subscriber, {made}", said)
    for done in ("reviewer-2 agreed", "counsel approved the release", "custodian handed over"):
        assert re.search(f"  t1 i1: 20[0-9: -]{{14}} {done}", said), done
    assert made not in terminal.well("desk", "show", "--short", "--by", "auditor", case.id)
    fresh = taken_in(terminal.open())
    said = terminal.well("desk", "show", "--by", "auditor", fresh.id)
    assert f"facts: {fresh.request.facts}" in said
    assert "Who asks: " in said


def test_a_case_is_shown_in_short_with_its_history_and_without_identifiers(terminal: Terminal) -> None:
    case = brought(terminal.open(), terminal.clock, "released")
    said = terminal.well("desk", "show", "--short", "--by", "auditor", case.id)
    for recorded in case.history:
        assert f"{recorded.by}: {recorded.event.sentence()}" in said
    asked = a_request()
    for word in ("host.example", "192.0.2.77", asked["reference"], "rançongiciel", PLANTED, "i1.csv"):
        assert word not in said
    assert "  t1 i1: proceed, subscriber" in said
    assert "  t1 i1: released" in said


def test_what_was_recorded_by_an_early_clock_says_after_what(terminal: Terminal) -> None:
    terminal.well("log", "keep", "--by", "administrator", "--origin", "desk.example.org/log")
    terminal.well("log", "publish")
    app = terminal.open()
    early = terminal.clock.go(minutes=-50)
    case = taken_in(app)
    app.close()
    said = terminal.well("desk", "show", "--by", "reviewer", case.id)
    after = early + timedelta(minutes=40)
    assert f"1 {early:%Y-%m-%d %H:%M} (recorded after {after:%Y-%m-%d %H:%M}) intake:" in said
    terminal.clock.go(hours=1)
    assert "recorded after" not in terminal.well("desk", "show", "--by", "reviewer", brought_on(terminal).id)


def brought_on(terminal: Terminal) -> Case:
    app = terminal.open()
    try:
        return taken_in(app)
    finally:
        app.close()


def test_what_a_person_can_do_is_shown_with_its_reason(terminal: Terminal) -> None:
    case = brought(terminal.open(), terminal.clock, "reviewed")
    said = terminal.well("desk", "show", "--by", "reviewer", case.id)
    assert "  + note: You are reviewer here." in said
    assert "  - second-review: You reviewed this case." in said


def test_who_may_not_read_a_case_is_shown_nothing_of_it(terminal: Terminal) -> None:
    case = taken_in(terminal.open())
    for person in ("administrator", "expert", "delegate"):
        result = terminal("desk", "show", "--by", person, case.id)
        assert result.exit_code == 2
        assert result.stdout == ""


def test_an_expert_invited_without_identifiers_sees_no_history(terminal: Terminal) -> None:
    case = taken_in(terminal.open())
    confirmed = ("--confirmed", as_covered(case))
    terminal.well("desk", "invite", "--by", "counsel", "--person", "expert", *confirmed, case.id)
    said = terminal.well("desk", "show", "--by", "expert", case.id)
    assert "+ declare-conflict" in said
    assert "intake: " not in said


def test_what_a_requester_wrote_does_not_shape_the_page(terminal: Terminal) -> None:
    """Brackets mean something to the library that draws tables."""
    target = {**a_request()["targets"][0], "id": "[/bold] [red]"}
    case = taken_in(terminal.open(), targets=[target])
    assert "  [/bold] [red] i1: open" in terminal.well("desk", "show", "--by", "reviewer", case.id)


def test_what_came_again_and_what_is_like_a_case_is_said_beside_its_number(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = request_file(tmp_path)
    first = terminal("desk", "take-in", "--by", "intake", file)
    assert "again" not in first.output
    again = terminal("desk", "take-in", "--by", "intake", "--door", "mailbox", file)
    assert again.exit_code == 0
    assert again.stdout == first.stdout
    assert "has this very request already. That it came again is recorded there." in again.stderr
    file = request_file(tmp_path, a_request(necessity="Told in other words."))
    like = terminal("desk", "take-in", "--by", "intake", file)
    assert like.stdout != first.stdout
    assert f"It is like {first.stdout.strip()}: see whether they belong together." in like.stderr


def test_the_queue_shows_whose_turn_it_is_and_says_when_there_is_more(terminal: Terminal) -> None:
    app = terminal.open()
    first, second = taken_in(app), brought(app, terminal.clock, "reviewed")
    said = terminal.well("desk", "queue")
    assert f"{first.id}  FRA" in said
    assert "second-review" in said
    assert "There are more" not in said
    assert "There are more than 1; --limit shows more." in terminal.well("desk", "queue", "--limit", "1")
    mine = terminal.well("desk", "queue", "--turn", "intake")
    assert first.id in mine
    assert second.id not in mine
    assert json.loads(as_json(a_request()))["reference"] not in said


# ---- a table of open cases, and the zone of what came ----

HEADING = "reference,requesting_state,instrument,measure,targets,deadline"


def test_a_table_is_looked_through_and_taken_in_line_by_line(terminal: Terminal, tmp_path: Path) -> None:
    table = tmp_path / "open.csv"
    rows = (
        "J3-1,FRA,uncc,stored-access,a,2027-01-15",
        "J3-2,FR,uncc,stored-access,b,",
        "J3-3,USA,uncc,stored-access,c,",
    )
    table.write_text("\n".join([HEADING, *rows]), "utf-8")
    looked = terminal("desk", "import", "--by", "intake", "--look", table)
    assert looked.exit_code == 2
    assert "line 2: would be a case" in looked.stdout
    assert "line 3, requesting_state" in looked.stderr
    assert not terminal.open().find(ORGANISATION, "J3-1")
    taken = terminal("desk", "import", "--by", "intake", table)
    assert "2 cases taken in." in taken.stderr
    for reference, zone in (("J3-1", "Europe/Paris"), ("J3-3", "")):
        (id,) = terminal.open().find(ORGANISATION, reference)
        assert f": {id}" in taken.stdout
        assert case_of(terminal, id).zone == zone
    again = terminal("desk", "import", "--by", "intake", table)
    assert "0 cases taken in." in again.stderr
    assert again.stdout.count("here already") == 2


def test_a_table_is_not_looked_at_by_who_takes_nothing_in(terminal: Terminal, tmp_path: Path) -> None:
    table = tmp_path / "open.csv"
    table.write_text(f"{HEADING}\nJ3-1,FRA,uncc,stored-access,a,", "utf-8")
    assert "This is for intake" in terminal.barred("desk", "import", "--by", "custodian", table)


def test_a_zone_nobody_knew_is_said_afterwards(terminal: Terminal, tmp_path: Path) -> None:
    file = request_file(tmp_path, a_request(deadline="2027-01-15"))
    id = terminal.well("desk", "take-in", "--by", "intake", "--zone", "unknown", file).strip()
    assert case_of(terminal, id).zone == ""
    assert "anywhere on earth" in limits_said(terminal, id)
    terminal.well("desk", "state-zone", "--by", "intake", "--zone", "America/Denver", id)
    assert case_of(terminal, id).zone == "America/Denver"
    assert "anywhere on earth" not in limits_said(terminal, id)
    assert "not a time zone" in terminal.barred(
        "desk", "take-in", "--by", "intake", "--zone", "Mars/Base", file
    )


def limits_said(terminal: Terminal, id: str) -> str:
    app = terminal.open()
    return "\n".join(each.text() for each in limits.of(case_of(terminal, id), app.people(ORGANISATION)))


# ---- an objection that came by post ----


def test_an_objection_by_post_is_recorded_with_its_letter_and_stops_the_release(
    terminal: Terminal, tmp_path: Path
) -> None:
    id = brought(terminal.open(), terminal.clock, "approved").id
    letter = tmp_path / "letter.txt"
    letter.write_text("My client objects.", "utf-8")
    say = terminal.well("desk", "record-objection", "--by", "intake", "--way", "post", "--letter", letter, id)
    assert "The person objected by post, with a letter" in say
    event = case_of(terminal, id).history[-1].event
    assert isinstance(event, Objected)
    assert terminal.open().get(ORGANISATION, id, event.letter) == b"My client objects."
    assert "The person objected" in terminal.barred("desk", "release", "--by", "custodian", id)
    letter.write_bytes(b"\x7fELF\x00")
    way = ("desk", "record-objection", "--way", "mail", "--words", "A mistake.", id)
    refused = terminal.barred(*way, "--by", "intake", "--letter", letter)
    assert "no letter that can be kept" in refused
    assert "This is for intake or counsel" in terminal.barred(*way, "--by", "reviewer")


def test_what_lies_with_whom_is_said_in_the_terminal(terminal: Terminal) -> None:
    id = brought(terminal.open(), terminal.clock, "assessed").id
    terminal.well("desk", "assign", "--by", "intake", "--to", "reviewer", id)
    said = terminal.well("desk", "workload", "--by", "counsel")
    assert "reviewer: 1 open, 0 overdue" in said
    assert "counsel: 0 open, 0 overdue" in said
    assert "auditor" not in said
    assert "this is for colleagues" in terminal.barred("desk", "workload", "--by", "expert")


def test_an_expert_is_invited_to_the_covered_text_that_was_read(terminal: Terminal) -> None:
    case = brought(terminal.open(), terminal.clock, "assessed")
    word = case.request.facts.split()[0]
    looked = terminal("desk", "covered", "--by", "counsel", "--word", word, case.id)
    account = case.request.targets[0].identifiers[0].value
    assert account not in looked.stdout
    assert COVER * len(account) in looked.stdout
    confirmed = looked.stderr.split(":")[-1].strip()
    invite = ("desk", "invite", "--by", "counsel", "--person", "expert")
    assert "nobody has confirmed exactly this" in terminal.barred(*invite, "--confirmed", confirmed, case.id)
    said = terminal.well(*invite, "--confirmed", confirmed, "--covered", as_json([word]), case.id)
    assert "An expert was invited." in said
    seat = case_of(terminal, case.id).seat("expert")
    assert seat is not None
    assert seat.shown is not None
    assert word not in seat.shown.facts
    assert "This is for counsel" in terminal.barred("desk", "covered", "--by", "reviewer", case.id)


# ---- when it came, and what came along ----


def test_when_it_came_is_stated_with_its_zone(terminal: Terminal, tmp_path: Path) -> None:
    file = request_file(tmp_path, a_request(received_on=None))
    stated = ("--arrived", "2026-11-20T08:30", "--arrived-zone", "Asia/Tokyo")
    id = terminal.well("desk", "take-in", "--by", "intake", *stated, file).strip()
    (arrival,) = terminal.open().case(ORGANISATION, id).arrivals
    assert arrival.stated is not None
    assert arrival.stated.at == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    file = request_file(tmp_path, a_request(received_on=None, necessity="In other words."))
    id = terminal.well("desk", "take-in", "--by", "intake", "--arrived", "2026-11-20", file).strip()
    (arrival,) = terminal.open().case(ORGANISATION, id).arrivals
    assert arrival.stated is not None
    assert (arrival.stated.zone, arrival.stated.at) == ("Europe/Zurich", None)


@pytest.mark.parametrize("written", ["soon", "2026-02-30", "2026-11-20T08:30+01:00", "2199-01-01"])
def test_a_time_that_is_none_takes_nothing_in(written: str, terminal: Terminal, tmp_path: Path) -> None:
    before = sum(1 for _ in terminal.open().store.heads(ORGANISATION))
    file = request_file(tmp_path, a_request(received_on=None))
    result = terminal("desk", "take-in", "--by", "intake", "--arrived", written, file)
    assert result.exit_code == 2
    assert sum(1 for _ in terminal.open().store.heads(ORGANISATION)) == before


def test_files_that_came_along_are_kept(terminal: Terminal, tmp_path: Path) -> None:
    case = taken_in(terminal.open())
    (tmp_path / "order.pdf").write_bytes(b"%PDF-1.7 an order")
    said = terminal.well("desk", "attach", "--by", "intake", case.id, tmp_path / "order.pdf")
    assert "1 file was kept as it came." in said
    (file,) = terminal.open().case(ORGANISATION, case.id).files_kept
    assert terminal.open().get(ORGANISATION, case.id, file.sha256) == b"%PDF-1.7 an order"
    barred = terminal("desk", "attach", "--by", "auditor", case.id, tmp_path / "order.pdf")
    assert barred.exit_code == 2


# ---- values as JSON ----


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_example_of_a_value_is_one_and_stands_in_the_help(kind: type, terminal: Terminal) -> None:
    assert msgspec.json.decode(EXAMPLES[kind], type=kind)
    verb = {"Ruling": "review", "Evidence": "identify", "AccountFacts": "record-account"}[kind.__name__]
    help = " ".join(terminal.well("desk", verb, "--help").split())
    assert "".join(f"[{EXAMPLES[kind]}]".split()) in "".join(help.split())


def test_the_examples_do_what_they_show(terminal: Terminal) -> None:
    case = taken_in(terminal.open())
    by = ("--by", "intake")
    terminal.well("desk", "identify", *by, "--evidence", f"[{EXAMPLES[Evidence]}]", case.id)
    told = ("--accounts", f"[{EXAMPLES[AccountFacts]}]")
    terminal.well("desk", "record-account", "--by", "custodian", *told, case.id)
    terminal.well("desk", "assess", "--by", "reviewer", case.id)
    now = case_of(terminal, case.id)
    every = ", ".join(EXAMPLES[Ruling].replace("i1", item) for _target, item in now.asked())
    decided = ("--assessment", now.digest, "--rulings", f"[{every}]", "--why", "It differs.")
    terminal.well("desk", "review", "--by", "reviewer", *decided, case.id)
    review = case_of(terminal, case.id).review
    assert review is not None
    assert {each.decision for each in review.rulings} == {Decision.REFUSE}


# ---- a table is cut down ----


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(
        "time,mailbox,ip,message\n"
        "2026-09-20T10:00:00Z,recover-desk@host.example,198.51.100.1,hello\n"
        "2026-09-21T10:00:00Z,other@host.example,198.51.100.2,secret\n"
        "2026-08-20T10:00:00Z,recover-desk@host.example,198.51.100.3,secret\n"
    )
    return path


def test_the_columns_of_a_table_are_shown_and_nothing_is_recorded(
    terminal: Terminal, decided: Case, table: Path
) -> None:
    said = terminal.well(
        *("desk", "columns", "--by", "custodian", "--file", f"t1/i2={table}", decided.id)
    ).splitlines()
    assert [line.split()[:3] for line in said[1:5]] == [
        ["time", "existence", "stays"],
        ["mailbox", "not", "known"],
        ["ip", "traffic", "stays"],
        ["message", "content", "cannot"],
    ]
    assert said[-3:] == [
        "3 rows; at most traffic of these days may be given.",
        "When: time.",
        "Whose: mailbox.",
    ]
    assert "198.51.100" not in "".join(said)
    assert case_of(terminal, decided.id) == decided


def test_a_table_is_cut_down_on_the_command_line_too(terminal: Terminal, decided: Case, table: Path) -> None:
    said = terminal.well(
        *(
            "desk",
            "extract",
            "--by",
            "custodian",
            "--file",
            f"t1/i2={table}",
            "--keep",
            "time",
            "--keep",
            "ip",
        ),
        *("--time", "time", "--account", "mailbox", "--holds", "traffic of these days", decided.id),
    )
    (held,) = case_of(terminal, decided.id).files
    assert terminal.open().get(ORGANISATION, decided.id, held.sha256) == (
        b"time,ip\n2026-09-20T10:00:00Z,198.51.100.1\n"
    )
    assert "2 columns and 2 rows were taken out of 1 table before." in said
    assert "1 row of other accounts, by “mailbox”" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--all-of-one",), "nobody said when its rows are from, or twice"),
        (("--time", "time"), "nobody said whose its rows are, or twice"),
        (
            ("--time", "time", "--account", "mailbox", "--all-of-one"),
            "nobody said whose its rows are, or twice",
        ),
        (("--time", "ip", "--all-of-one"), "row 2 has a time that cannot be read"),
        (("--time", "time", "--all-of-one", "--keep", "message"), "holds content data"),
        (("--days", "2026-09-20", "--all-of-one"), "these are not two days"),
    ],
)
def test_a_table_that_is_not_cut_down_leaves_the_case_as_it_was(
    terminal: Terminal, decided: Case, table: Path, words: Sequence[str], why: str
) -> None:
    given = (
        "--by",
        "custodian",
        "--file",
        f"t1/i2={table}",
        "--keep",
        "ip",
        "--holds",
        "traffic of these days",
    )
    assert why in terminal.barred("desk", "extract", *given, *words, decided.id)
    assert case_of(terminal, decided.id) == decided


def test_who_may_not_prepare_looks_at_no_table(terminal: Terminal, decided: Case, table: Path) -> None:
    given = ("--by", "reviewer", "--file", f"t1/i2={table}", decided.id)
    assert "This is for custodian" in terminal.barred("desk", "columns", *given)
