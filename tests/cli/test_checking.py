"""`habeas audit`, `habeas promise`, `habeas receipt`: what strangers check, on a site that was published."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from habeas.app import receipts
from habeas.app.publishing import Publisher
from habeas.desk import promise, public
from habeas.desk.events import Door, LogConfigured
from habeas.reports.audit import Seen
from habeas.tlog import Policy
from tests.app.houses import ORGANISATION, brought, keeps, told
from tests.cli.conftest import Terminal

KEPT = LogConfigured(origin="desk.example.org/log")
REQUEST = b"a request that arrived"


@dataclass
class Outside:
    """What strangers hold."""

    site: Path
    promise: Path
    request: Path
    receipt: Path
    openings: Path
    policy: Path
    account: str


@pytest.fixture
def outside(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outside:
    monkeypatch.setattr("habeas.app.installation.utc_now", terminal.clock)
    app, clock = terminal.open(), terminal.clock
    keeps(app, KEPT)
    folder = tmp_path / "outside"
    folder.mkdir()
    found = Outside(
        site=folder / "site",
        promise=folder / "promise.txt",
        request=folder / "request",
        receipt=folder / "receipt.json",
        openings=folder / "openings",
        policy=folder / "policy",
        account="",
    )
    found.request.write_bytes(REQUEST)
    found.promise.write_bytes(app.arrived(ORGANISATION, promise.sha256(REQUEST), Door.MAILBOX))
    case = brought(app, clock, "decided")
    _, code = told(app, case.id)
    found.account = "\n".join(each.value for each in case.request.targets[0].identifiers)
    assert Publisher(app).publish(ORGANISATION) is not None
    [receipt] = receipts.of_person(app, ORGANISATION, code)
    found.receipt.write_bytes(receipt.encoded())
    found.openings.write_bytes(b"".join(receipts.openings(app, ORGANISATION, "auditor")))
    found.policy.write_text(str(Policy.k_of_n(app.log_signer(ORGANISATION, KEPT).key, [], 0)))
    shutil.copytree(app.site(ORGANISATION), found.site)
    app.close()
    return found


def test_a_stranger_audits_a_site(terminal: Terminal, outside: Outside, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    said = terminal.well(
        *("audit", outside.site, "--policy", outside.policy, "--seen", seen),
        *("--openings", outside.openings, "--promise", outside.promise),
    )
    assert "The log's key is the one you know." in said
    assert "Unwitnessed" in said
    assert "is kept, by leaf" in said
    assert "What is shown here holds." in said
    assert Seen.read(seen.read_bytes()).checkpoint == (outside.site / "checkpoint").read_text()
    assert "Nothing you saw at your last visit was changed" in terminal.well(
        "audit", outside.site, "--seen", seen
    )


def test_a_site_that_was_changed_does_not_hold(terminal: Terminal, outside: Outside) -> None:
    entries = outside.site / "tile/entries/000.p/16"
    data = bytearray(entries.read_bytes())
    data[300] ^= 1
    entries.write_bytes(data)
    result = terminal("audit", outside.site)
    assert result.exit_code == 1
    assert "DOES NOT HOLD" in result.stdout
    assert "Keep what you have" in result.stdout


def test_a_promise_is_looked_up(terminal: Terminal, outside: Outside) -> None:
    said = terminal.well(
        "promise", "check", outside.promise, "--site", outside.site, "--request", outside.request
    )
    assert "Kept: it is leaf" in said
    outside.request.write_bytes(b"another request")
    assert "another file" in terminal.barred(
        "promise", "check", outside.promise, "--site", outside.site, "--request", outside.request
    )
    outside.promise.write_text("a promise")
    terminal.barred("promise", "check", outside.promise, "--site", outside.site)


def test_a_receipt_is_verified_offline_in_each_grade(terminal: Terminal, outside: Outside) -> None:
    account = ("--account", outside.account)
    said = terminal.well("receipt", "verify", outside.receipt, *account)
    assert said.startswith("Signed by the operator only.")
    assert "It is about the account you named." in said
    assert "The keys are those that the receipt itself names." in said
    assert outside.account not in said
    checkpoint = outside.site / "checkpoint"
    for view in (checkpoint, outside.site):
        said = terminal.well(
            *("receipt", "verify", outside.receipt, *account, "--view", view, "--policy", outside.policy)
        )
        assert said.startswith("Consistent with a view fetched elsewhere.")
        assert "themselves" not in said


def test_a_receipt_about_another_account_does_not_hold(terminal: Terminal, outside: Outside) -> None:
    result = terminal("receipt", "verify", outside.receipt, "--account", "another@host.example")
    assert result.exit_code == 1
    assert result.stdout.startswith("Does not hold.")
    assert "the account is typed otherwise than the notice names it" in result.stdout


def test_a_receipt_without_its_account_is_not_called_broken(terminal: Terminal, outside: Outside) -> None:
    said = terminal.barred("receipt", "verify", outside.receipt)
    assert "account not written in it" in said
    assert "give it (--account)" in said
    assert "oes not hold" not in said


def test_a_policy_that_cannot_be_read_is_the_readers_own(terminal: Terminal, outside: Outside) -> None:
    outside.policy.write_bytes(b"log \xff\n")
    for command in (("audit", outside.site), ("receipt", "verify", outside.receipt)):
        said = terminal.barred(*command, "--policy", outside.policy)
        assert "this is no policy: it is not written in UTF-8" in said


def test_what_is_no_receipt_and_no_site_is_refused(terminal: Terminal, outside: Outside) -> None:
    assert "no receipt" in terminal.barred("receipt", "verify", outside.request)
    assert "no such site" in terminal.barred("audit", "nowhere")
    assert "no such site" in terminal.barred("audit", "")


def test_what_could_not_be_looked_at_is_a_third_answer(
    terminal: Terminal, outside: Outside, tmp_path: Path
) -> None:
    """A wrong folder, a dead network, and files of the reader that are none."""
    outside.promise.write_bytes(b"no promise")
    noise = tmp_path / "noise"
    noise.write_bytes(b"noise")
    for words, said in (
        ((outside.request.parent,), "There is no public log here"),
        (("http://127.0.0.1:9/log",), "The site does not answer"),
        ((outside.site, "--promise", outside.promise), "NOT LOOKED AT"),
        ((outside.site, "--seen", noise), "last visit cannot be read"),
        ((outside.site, "--openings", noise), "file of openings opens no leaf"),
    ):
        result = terminal("audit", *words)
        assert result.exit_code == 2, result.stdout
        assert said in result.stdout
        assert "Not everything could be looked at" in result.stdout
        assert "does not hold" not in result.stdout
    assert noise.read_bytes() == b"noise"  # nothing is put in the place of what could not be read


def test_a_promise_that_was_kept_late_or_broken_is_said_and_ends_in_one(
    terminal: Terminal, outside: Outside, tmp_path: Path
) -> None:
    app, clock = terminal.open(), terminal.clock
    signer = app.promiser(ORGANISATION, KEPT)
    given = promise.promised(KEPT.origin, "ab" * 32, clock.at, clock.at.date(), os.urandom)
    never = promise.promised(KEPT.origin, "cd" * 32, clock.at, clock.at.date(), os.urandom)
    for _ in range(3):
        clock.go(days=1)
        assert Publisher(app).publish(ORGANISATION) is not None
    app.store.trace.add(
        ORGANISATION, public.arrival("mailbox", given.sha256, given.received), paper=given.opening
    )
    clock.go(days=1)
    assert Publisher(app).publish(ORGANISATION) is not None
    for note, said in ((given, "KEPT LATE: leaf"), (never, "BROKEN: the log of")):
        outside.promise.write_bytes(promise.signed(note, signer))
        result = terminal("promise", "check", outside.promise, "--site", app.site(ORGANISATION))
        assert result.exit_code == 1
        assert said in result.stdout
    app.close()
