"""`habeas log`: opening the public log of a house, publishing, what auditors and authorities are given."""

from __future__ import annotations

import importlib
import os
from functools import partial
from pathlib import Path

import pytest

from habeas.app.publishing import LEASE, Publisher
from habeas.cli.log import by_hand
from habeas.desk.events import Doorway, Silence
from habeas.tlog import Algorithm, Signer
from tests.app.houses import ORGANISATION, SECOND, brought, taken_in
from tests.cli.conftest import Terminal

ORIGIN = "desk.example.org/log"
BY = ("--by", "administrator")
WITNESS = Signer.from_seed("witness.example.org/w1", b"w" * 32, Algorithm.COSIGNATURE)


def test_a_log_is_opened_and_publishes_what_happened(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.well("log", "keep", *BY, "--origin", ORIGIN)
    assert f"log: {ORIGIN}+" in said
    assert f"promises: {ORIGIN}/promises+" in said
    assert "unwitnessed" in said
    app = terminal.open()
    case = brought(app, terminal.clock, "released")
    app.close()
    assert "256 leaves are published, unwitnessed" in terminal.well("log", "publish")
    assert (terminal.home / "public" / "central-authority" / "checkpoint").exists()
    terminal.well("log", "openings", "--by", "auditor", tmp_path / "openings")
    assert len((tmp_path / "openings").read_bytes().splitlines()) == 1 + 256
    terminal.well("log", "receipt", case.id, tmp_path / "receipt.json")
    assert '"authority"' in (tmp_path / "receipt.json").read_text()
    assert "no reference of a case" in terminal.barred("log", "receipt", "nothing…", tmp_path / "none.json")


def test_two_who_publish_by_hand_are_two(terminal: Terminal) -> None:
    """Another process is at it: its lease is its own, however it was started."""
    terminal.well("log", "keep", *BY, "--origin", ORIGIN)
    app = terminal.open()
    taken_in(app)
    other = by_hand().replace(str(os.getpid()), str(os.getppid()))
    fence = app.store.lease(f"publishing {ORGANISATION}", other, terminal.clock.at, LEASE)
    assert fence is not None
    assert "another publisher is at work" in terminal.barred("log", "publish")
    app.store.let_go(fence)
    app.close()
    assert "are published" in terminal.well("log", "publish")


@pytest.mark.parametrize("at", ["tiles", "publish"])
def test_who_publishes_by_hand_and_is_overtaken_is_told_what_became_of_it(
    at: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.well("log", "keep", *BY, "--origin", ORIGIN)
    app = terminal.open()
    taken_in(app)
    passed: list[str] = []

    def quicker(name: str) -> None:
        if name == at and not passed:
            passed.append(name)
            terminal.clock.go(days=1, minutes=11)  # the lease of the slow one is over
            assert Publisher(app, "quicker").publish(ORGANISATION) is not None

    module = importlib.import_module("habeas.cli.log")  # `habeas.cli.log` is the command
    monkeypatch.setattr(module, "Publisher", partial(Publisher, step=quicker))
    said = terminal.barred("log", "publish")
    assert "another publisher took over" in said
    assert "nothing is published twice" in said
    size = app.store.trace.size(ORGANISATION)
    app.close()
    assert passed == [at]
    monkeypatch.setattr(module, "Publisher", Publisher)
    assert f"{size} leaves are published" in terminal.well("log", "publish")


def test_what_is_not_said_stays_as_it_is(terminal: Terminal) -> None:
    terminal.well("log", "keep", *BY, "--origin", ORIGIN, "--hour", 7)
    terminal.well(
        "log", "keep", *BY, "--within", 9, "--witness", str(WITNESS.key), "https://witness.example.org"
    )
    app = terminal.open()
    kept = app.people("central-authority").log
    assert kept is not None
    assert (kept.origin, kept.hour, kept.within, len(kept.witnesses)) == (ORIGIN, 7, 9, 1)
    app.close()


def test_what_law_forbids_is_said_of_certain_requests_alone_and_a_door_is_named(terminal: Terminal) -> None:
    key = Signer.from_seed(f"{ORIGIN}/promises", b"d" * 32, Algorithm.ED25519).key
    words = ("log", "keep", *BY, "--origin", ORIGIN, "--silence")
    of = "request,footing=order,state=CHE,instrument=budapest"
    said = terminal.well(
        *words, of, "unsaid", "", "--silence", "hold", "band:50", "An act", "--door", "api", key
    )
    assert f"the door api: {key}" in said
    app = terminal.open()
    found = app.kept(ORGANISATION)
    app.close()
    assert found.silences == (
        Silence(subject="request", footing="order", state="CHE", instrument="budapest", how="unsaid"),
        Silence(subject="hold", how="band", step=50, law="An act"),
    )
    assert found.doors == (Doorway(door="api", key=str(key)),)
    for bad in ("request,order", "request,colour=red"):
        assert "names no requests" in terminal.barred(*words, bad, "never", "")
    assert "no instrument" in terminal.barred(*words, "request,instrument=none", "never", "")


def test_stories_are_written_approved_and_dropped_in_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "told.toml"
    file.write_text('[[story]]\nground = "persecution"\ntexts = { en = "A critic.\\u001b" }\n', "utf-8")
    said = terminal.well("log", "tell", "--by", "counsel", "2026-H2", file)
    number = said.split()[1]
    assert f"habeas log approve-story {number}" in said
    assert "You wrote this" in terminal.barred("log", "approve-story", "--by", "counsel", number)
    assert "not approved" in terminal.well("log", "stories", "--by", "auditor")
    assert "is approved" in terminal.well("log", "approve-story", "--by", "reviewer", number)
    shown = terminal.well("log", "stories", "--by", "reviewer")
    assert "2026-H2  persecution  written by counsel, approved by reviewer" in shown
    assert "\x1b" not in shown
    assert "for counsel, reviewers and auditors" in terminal.barred("log", "stories", "--by", "intake")
    assert "is dropped" in terminal.well(
        "log", "drop-story", "--by", "reviewer", "--why", "It names a town.", number
    )
    assert terminal.well("log", "stories", "--by", "auditor") == ""
    file.write_text("[[narrative]]\n", "utf-8")
    assert "no stories" in terminal.barred("log", "tell", "--by", "counsel", "2026-H2", file)


def test_a_new_log_fills_its_days_up_to_256_leaves_or_as_many_as_somebody_says(terminal: Terminal) -> None:
    words = ("log", "keep", *BY, "--origin", ORIGIN)
    terminal.well(*words)
    app = terminal.open()
    assert app.kept(ORGANISATION).fill == 256
    app.close()
    terminal.well(*words, "--fill", "1024")
    terminal.well(*words, "--hour", "5")
    app = terminal.open()
    assert (app.kept(ORGANISATION).fill, app.kept(ORGANISATION).hour) == (1024, 5)
    app.close()
    assert "never lowered" in terminal.barred(*words, "--fill", "512")
    assert terminal(*words, "--fill", "100").exit_code == 2


def test_from_the_first_request_on_how_the_log_is_kept_is_proposed_and_confirmed(terminal: Terminal) -> None:
    app = terminal.open()
    taken_in(app)
    app.close()
    words = ("log", "keep", *BY, "--origin", ORIGIN)
    assert "word of explanation" in terminal.barred(*words)
    said = terminal.well(*words, "--why", "People should be able to check us.")
    assert "habeas house confirm" in said
    assert "promises:" not in said
    assert "keeps no public log" in terminal.barred("log", "publish")
    app = terminal.open()
    [proposal] = app.people(ORGANISATION).proposals
    app.close()
    assert "You proposed this" in terminal.barred("house", "confirm", *BY, proposal.number)
    said = terminal.well("house", "confirm", "--by", SECOND, proposal.number)
    assert f"log: {ORIGIN}+" in said
    assert f"promises: {ORIGIN}/promises+" in said
    assert "unwitnessed" in said
    assert "256 leaves are published" in terminal.well("log", "publish")
    terminal.well(*words, "--tiles", "s3://bucket/log", "--why", "Many read it.")
    app = terminal.open()
    [proposal] = app.people(ORGANISATION).proposals
    app.close()
    assert "habeas log rebuild" in terminal.well("house", "confirm", "--by", SECOND, proposal.number)


def test_a_house_publishes_to_a_bucket_and_says_what_to_do_next(
    terminal: Terminal, s3_server: str, bucket_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "example")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    address = f"s3://{bucket_name}/log?endpoint={s3_server}&region=us-east-1"
    terminal.well("log", "keep", *BY, "--origin", ORIGIN)
    assert "256 leaves are published" in terminal.well("log", "publish")
    assert "habeas log rebuild" in terminal.well("log", "keep", *BY, "--tiles", address)
    assert "habeas log rebuild" not in terminal.well("log", "keep", *BY, "--hour", 5)
    assert "The tiles of 256 leaves are made anew" in terminal.well("log", "rebuild")
    assert f"The site is in {address}." in terminal.well("log", "publish")
    app = terminal.open()
    assert app.tiles("central-authority").read("checkpoint") is not None
    app.close()
    assert "no address of a bucket" in terminal.barred("log", "keep", *BY, "--tiles", "bucket")
    assert "habeas log rebuild" in terminal.well("log", "keep", *BY, "--tiles", "")
    assert "public" in terminal.well("log", "publish")


def test_any_months_are_looked_at_inside_and_only_halves_are_published(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.well("log", "keep", *BY, "--origin", ORIGIN)
    app = terminal.open()
    taken_in(app)
    app.close()
    terminal.well("log", "publish")
    terminal.clock.go(days=20)
    terminal.well("log", "publish")
    inside = ("log", "report", "--by", "auditor", "--inside", tmp_path / "page.html")
    for months in ("2026-09..2026-11", "2026-11", "2026-11..2026-11"):
        assert "for inside use" in terminal.well(*inside, months)
        assert "not published" in (tmp_path / "page.html").read_text("utf-8")
        (tmp_path / "page.html").unlink()
    assert "may still wait" in terminal.barred(*inside, "2026-H2")
    assert "ends before it begins" in terminal.barred(*inside, "2026-11..2026-09")
    assert "not a month" in terminal.barred(*inside, "2026-00..2026-09")
    assert not (tmp_path / "page.html").exists()
    said = terminal.barred("log", "report", "--by", "counsel", "2026-09..2026-11")
    assert "no period that is published" in said
    assert "--inside" in said
    assert not (terminal.home / "public" / ORGANISATION / "reports").exists()


def test_what_cannot_be_is_refused_in_words(terminal: Terminal) -> None:
    assert "needs its origin" in terminal.barred("log", "keep", *BY)
    assert "keeps no public log" in terminal.barred("log", "publish")
    assert "no origin" in terminal.barred("log", "keep", *BY, "--origin", "https://x.example.org")
    terminal.well("log", "keep", *BY, "--origin", ORIGIN)
    assert "never changes" in terminal.barred("log", "keep", *BY, "--origin", "other.example.org/log")
    assert "for an auditor" in terminal.barred("log", "openings", "--by", "reviewer", "-")


def test_too_few_witnesses_are_said_and_nothing_is_shown(terminal: Terminal) -> None:
    """Nobody listens at that address."""
    terminal.well(
        *("log", "keep", *BY, "--origin", ORIGIN, "--quorum", 1),
        *("--witness", str(WITNESS.key), "http://127.0.0.1:9"),
    )
    app = terminal.open()
    taken_in(app)
    app.close()
    result = terminal("log", "publish")
    assert result.exit_code == 1
    assert "too few witnesses cosigned" in result.stdout
    assert not (terminal.home / "public" / "central-authority" / "checkpoint").exists()
