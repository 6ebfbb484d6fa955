"""`habeas records`: is it whole, made anew, copied and brought back; and what was erased stays erased."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from habeas.app.releasing import house_key
from tests.app.houses import ORGANISATION, brought, taken_in
from tests.cli.conftest import Terminal
from tests.gateways.keeper import keeper

RUNNING = Path(__file__).parents[2] / "docs" / "running.md"
WELL = "All is as it should be.\n"
FOUND = ("--by", "admin", "--seat", "CHE:provider", "--zone", "Europe/Zurich")


def test_the_doctor_says_that_all_is_well(terminal: Terminal) -> None:
    app = terminal.open()
    for stage in ("received", "decided", "released"):
        brought(app, terminal.clock, stage)
    assert terminal.well("records", "doctor") == WELL


def test_one_changed_byte_is_said(terminal: Terminal) -> None:
    app = terminal.open()
    case = taken_in(app)
    ((sealed,),) = app.store.database.ask("SELECT sealed FROM event WHERE stream = ?", case.id)
    app.close()
    file = terminal.home / "data" / "desk.sqlite"
    data = bytearray(file.read_bytes())
    place = data.find(bytes(sealed)[:40])
    assert place > 0
    data[place + 20] ^= 1
    file.write_bytes(data)
    result = terminal("records", "doctor")
    assert result.exit_code == 1
    assert f"{case.id}, event 1: the contents of an event were changed." in result.stdout
    assert "All is" not in result.output


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE event SET by = 'somebody else' WHERE stream = ? AND number = 2",
        "DELETE FROM event WHERE stream = ? AND number = 3",
        "UPDATE queue SET turn = 'counsel' WHERE stream = ?",
        "DELETE FROM queue WHERE stream = ?",
        "DELETE FROM token WHERE stream = ?",
        "UPDATE job SET due = due + 1 WHERE stream = ?",
    ],
)
def test_whatever_is_changed_behind_the_desk_is_said(terminal: Terminal, damage: str) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "closed")
    with app.store.database.transaction() as run:
        run(damage, case.id)
    result = terminal("records", "doctor")
    assert result.exit_code == 1
    assert case.id in result.stdout


def test_a_changed_reference_in_the_file_is_said(terminal: Terminal) -> None:
    app = terminal.open()
    case = taken_in(app)
    app.close()
    file = terminal.home / "data" / "desk.sqlite"
    data = bytearray(file.read_bytes())
    place = data.find(case.id.encode()) + len("2026-")
    data[place] = ord("B") if data[place] != ord("B") else ord("C")
    file.write_bytes(data)
    result = terminal("records", "doctor")
    assert result.exit_code == 1
    assert "to look at." in result.stderr


def test_a_house_by_a_typing_mistake_is_never_in_order(terminal: Terminal) -> None:
    for verb in ("doctor", "rebuild"):
        assert "there is no such house here" in terminal.barred("records", verb, "-o", "typo")


def test_a_rebuild_makes_the_queue_anew(terminal: Terminal) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "decided")
    before = app.store.row(ORGANISATION, case.id)
    with app.store.database.transaction() as run:
        for table in ("queue", "token", "job"):
            run(f"DELETE FROM {table}")
    assert terminal("records", "doctor").exit_code == 1
    assert terminal.well("records", "rebuild") == "1 cases.\n"
    assert terminal.well("records", "doctor") == WELL
    assert app.store.row(ORGANISATION, case.id) == before


def restored(terminal: Terminal, data: Path, keys: Path, to: Path, *words: object) -> Terminal:
    (to / "master").mkdir(parents=True, mode=0o700)
    shutil.copy(terminal.home / "master" / "master.key", to / "master" / "master.key")
    other = Terminal(to, terminal.clock)
    assert other.well("records", "restore", data, keys, *words) == f"Restored into {to}.\n"
    return other


def test_a_backup_comes_back_whole(terminal: Terminal, tmp_path: Path) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "released")
    data, keys = tmp_path / "data", tmp_path / "keys"
    terminal.well("records", "backup", data, keys)
    other = restored(terminal, data, keys, tmp_path / "other")
    assert other.well("records", "doctor") == WELL
    found = other.open()
    assert found.case(ORGANISATION, case.id) == case
    for held in case.files:
        assert found.get(ORGANISATION, case.id, held.sha256)
    assert house_key(found, ORGANISATION) == house_key(app, ORGANISATION), "earlier packages still verify"


def test_a_case_erased_since_the_backup_stays_erased(terminal: Terminal, tmp_path: Path) -> None:
    app = terminal.open()
    gone, stays = brought(app, terminal.clock, "closed"), brought(app, terminal.clock, "closed")
    data, keys = tmp_path / "data", tmp_path / "keys"
    terminal.well("records", "backup", data, keys)
    old_keys = Path(shutil.copytree(keys, tmp_path / "taken elsewhere"))
    terminal.clock.go(days=800)
    terminal.well("desk", "erase", "--by", "counsel", "--why", "The time is over.", gone.id)
    ledger = next((terminal.home / "keys").glob("*.jsonl"), None) or next(
        path for path in (terminal.home / "keys").iterdir() if "eras" in path.name
    )
    for number, (where, words) in enumerate(((keys, ()), (old_keys, ("--ledger", ledger)))):
        other = restored(terminal, data, where, tmp_path / f"other-{number}", *words)
        assert "erased" in other.barred("desk", "show", "--by", "reviewer", gone.id)
        assert stays.id in other.well("desk", "show", "--by", "reviewer", stays.id)
        assert other.well("records", "doctor") == WELL


def test_a_copy_of_the_keyring_out_of_reach_is_named(terminal: Terminal, tmp_path: Path) -> None:
    case = brought(terminal.open(), terminal.clock, "closed")
    data, keys = tmp_path / "data", tmp_path / "keys"
    terminal.well("records", "backup", data, keys)
    keys.rename(tmp_path / "in a safe")
    terminal.clock.go(days=800)
    erase = ("desk", "erase", "--by", "counsel", "--why", "The time is over.", case.id)
    assert f"could not be reached and still opens it: {keys}" in terminal.well(*erase)
    (tmp_path / "in a safe").rename(keys)
    assert terminal.well(*erase) == f"{case.id}: erased.\n"


def test_nothing_is_brought_back_over_something_or_without_the_master_key(
    terminal: Terminal, tmp_path: Path
) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    terminal.well("records", "backup", data, keys)
    terminal.barred("records", "restore", data, keys)
    other = Terminal(tmp_path / "other", terminal.clock)
    said = other.barred("records", "restore", data, keys)
    assert "the master key of this installation is not here" in said
    assert not other.home.exists()


def test_a_backup_never_lies_with_its_keys(terminal: Terminal, tmp_path: Path) -> None:
    terminal.barred("records", "backup", tmp_path / "one", tmp_path / "one")
    terminal.barred("records", "backup", tmp_path / "one", tmp_path / "one" / "keys")


def test_a_new_master_key_takes_the_place_of_the_old_one(terminal: Terminal) -> None:
    app = terminal.open()
    case = taken_in(app)
    app.close()
    old = (terminal.home / "master" / "master.key").read_bytes()
    assert "keys are wrapped under the new master key." in terminal.well("records", "rotate")
    assert (terminal.home / "master" / "master.key").read_bytes() != old
    assert case.id in terminal.well("desk", "show", "--by", "reviewer", case.id)
    assert terminal.well("records", "doctor") == WELL


# ---- where the master key comes from ---------------------------------------------------------------------


def lines(path: Path, *words: str) -> Path:
    path.touch(0o600)
    path.write_text("".join(f"{each}\n" for each in words))
    return path


def test_a_house_opens_with_its_passphrase_and_changes_it(empty: Terminal, tmp_path: Path) -> None:
    first, second = "the first five words drawn", "another five words drawn by lot"
    new = ("--new-passphrase-file", lines(tmp_path / "first", first))
    made = empty.well("records", "key", "--passphrase", *new)
    assert str(empty.home / "master" / "passphrase.json") in made
    assert "no terminal to ask at" in empty.barred("house", "found", *FOUND)
    assert not (empty.home / "data").exists()
    old = ("--passphrase-file", tmp_path / "first")
    empty.well("house", "found", *FOUND, *old)
    assert empty.well("records", "doctor", *old) == WELL
    new = ("--new-passphrase-file", lines(tmp_path / "second", second))
    said = empty.well("records", "rotate", *old, *new)
    assert "keys are wrapped under the new master key." in said
    assert "Make a new backup, destroy those." in said
    assert "not the passphrase" in empty.barred("records", "doctor", *old)
    assert empty.well("records", "doctor", "--passphrase-file", tmp_path / "second") == WELL
    kept = b"".join(path.read_bytes() for path in empty.home.rglob("*") if path.is_file())
    assert first.encode() not in kept
    assert second.encode() not in kept


def test_a_house_opens_by_a_key_service_and_leaves_it_again(empty: Terminal, tmp_path: Path) -> None:
    service = ("--service", shlex.join(keeper(tmp_path)))
    empty.well("records", "key", *service)
    empty.well("house", "found", *FOUND)
    assert [path.name for path in (empty.home / "master").iterdir()] == ["service.json"]
    assert "already" in empty.barred("records", "key", *service)
    (tmp_path / "keeper.hex").rename(tmp_path / "away")
    assert "could not unwrap the master key" in empty.barred("records", "doctor")
    (tmp_path / "away").rename(tmp_path / "keeper.hex")
    empty.well("records", "rotate", "--file")
    (tmp_path / "keeper.hex").unlink()
    assert empty.well("records", "doctor") == WELL
    assert [path.name for path in (empty.home / "master").iterdir()] == ["master.key"]


def test_one_place_is_named_at_a_time(terminal: Terminal, tmp_path: Path) -> None:
    service = shlex.join(keeper(tmp_path))
    assert "comes from one place" in terminal.barred("records", "rotate", "--file", "--service", service)
    assert "quotation mark" in terminal.barred("records", "rotate", "--service", "/bin/cat '")
    assert "whole path" in terminal.barred("records", "rotate", "--service", "cat")
    assert [path.name for path in (terminal.home / "master").iterdir()] == ["master.key"]


def test_where_the_master_key_comes_from_is_said(terminal: Terminal) -> None:
    said = terminal.well("records", "key")
    path = terminal.home / "master" / "master.key"
    assert re.fullmatch(rf"[0-9a-f]{{16}}  \d+ keys  {re.escape(str(path))}  in use\n", said)
    assert path.read_text().strip() not in said


def documented(language: str, word: str) -> list[str]:
    """The code blocks of docs/running.md in which a word stands."""
    blocks = re.findall(rf"```{language}\n(.*?)```", RUNNING.read_text(encoding="utf-8"), flags=re.S)
    return [block for block in blocks if word in block]


@pytest.mark.skipif(shutil.which("systemd-creds") is None, reason="systemd-creds is not on this machine")
def test_the_documented_rotation_under_systemd_works(
    empty: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step of docs/running.md: its commands, and what its units name laid down as systemd does it."""
    (tmp_path / "etc").mkdir()
    [making] = documented("sh", "systemd-creds encrypt")
    # A key that no machine has: this one has no TPM, and its own key is none of a test's business.
    making = making.replace("systemd-creds encrypt", "systemd-creds encrypt --with-key=auto-initrd")
    # The folder of the test may itself lie in memory.
    making = making.replace("/dev/shm", str(tmp_path)).replace("/etc/habeas", str(tmp_path / "etc"))
    for year in ("2026", "2027"):
        subprocess.run(["sh", "-euc", making.replace("2026", year)], check=True, capture_output=True)
    assert not list(tmp_path.glob("*.key"))
    first, both = (
        re.findall(r"^LoadCredentialEncrypted=(\S+)", block, flags=re.M)
        for block in documented("ini", "LoadCredentialEncrypted")
    )
    assert (len(first), len(both)) == (1, 2)

    def handed(*credentials: str) -> None:
        folder = tmp_path / f"credentials-{len(list(tmp_path.glob('credentials-*')))}"
        folder.mkdir()
        for each in credentials:
            name, _, path = each.partition(":")
            here = path.replace("/etc/habeas", str(tmp_path / "etc"))
            subprocess.run(
                ["systemd-creds", "decrypt", f"--name={name}", here, folder / name],
                check=True,
                capture_output=True,
            )
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))

    def verb(mark: str) -> list[str]:
        """What a documented `systemd-run` starts, in this home folder; it hands over what the unit does."""
        [block] = documented("sh", mark)
        words = shlex.split(block.replace("\\\n", " "))
        named = [word.partition("=")[2] for word in words if word.startswith("LoadCredentialEncrypted=")]
        assert named == (both if "rotate" in mark else first)
        assert words[0] == "systemd-run"
        return words[words.index("/usr/local/bin/habeas") + 1 : words.index("--home")]

    handed(*first)
    empty.well("house", "found", *FOUND)
    assert not (empty.home / "master").exists(), "nothing of it is on the disk of the desk"
    assert "the credential habeas-master  in use" in empty.well(*verb("/usr/local/bin/habeas records key"))
    empty.well("house", "admit", "--by", "admin", "intake", "Intake", "intake")
    app = empty.open()
    case = taken_in(app)
    app.close()
    handed(*both)
    said = empty.well("records", "key")
    assert "0 keys  the credential habeas-master  in use" in said
    assert "the credential habeas-master-old  older; `habeas records rotate` comes first" in said
    said = empty.well(*verb("/usr/local/bin/habeas records rotate"))
    assert "It opens nothing here any more and can go: the credential habeas-master-old." in said
    assert "0 keys  the credential habeas-master-old  older; it can go" in empty.well("records", "key")
    handed(both[0])
    assert empty.well("records", "doctor") == WELL
    opened = empty.open()
    assert opened.case(ORGANISATION, case.id) == case
    opened.close()
    handed(first[0])
    assert "not at hand" in empty.barred("desk", "show", "--by", "intake", case.id)


def softhsm() -> Path | None:
    """The module of a SoftHSM that is on the path, with the tool that speaks to it."""
    util = shutil.which("softhsm2-util")
    if util is None or shutil.which("pkcs11-tool") is None:
        return None
    return next(Path(util).parents[1].glob("lib/**/libsofthsm2.so"), None)


@pytest.mark.skipif(softhsm() is None, reason="SoftHSM and pkcs11-tool are not on this machine")
def test_the_documented_hardware_module_opens_a_house(
    empty: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, etc = str(softhsm()), tmp_path / "etc"
    for folder in (etc, tmp_path / "tokens"):
        folder.mkdir()
    (tmp_path / "softhsm.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))

    def run(*words: str) -> None:
        subprocess.run(words, check=True, capture_output=True, env=os.environ)

    token = ("pkcs11-tool", "--module", module, "--token-label", "desk")
    made = ("--init-token", "--free", "--label", "desk", "--so-pin", "12345678", "--pin", "1234")
    run("softhsm2-util", "--module", module, *made)
    run(*token, "--login", "--pin", "1234", "--keypairgen", "--key-type", "rsa:3072", "--id", "01")
    run(*token, "--read-object", "--type", "pubkey", "--id", "01", "--output-file", str(etc / "hsm.der"))
    (etc / "hsm.pin").write_text("1234")
    [script] = documented("sh", "pkcs11-tool")
    program = tmp_path / "hsm"
    program.write_text(
        script.replace("/etc/habeas", str(etc)).replace("/usr/lib/softhsm/libsofthsm2.so", module)
    )
    program.chmod(0o700)

    empty.well("records", "key", "--service", program)
    empty.well("house", "found", *FOUND)
    empty.well("records", "rotate")
    assert empty.well("records", "doctor") == WELL
    (etc / "hsm.pin").write_text("9999")
    assert "could not unwrap the master key" in empty.barred("records", "doctor")
