"""`habeas witness`, as an organisation runs it: keys and memory on a disk, a server that is asked by many."""

from __future__ import annotations

import io
import json
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from click.testing import CliRunner, Result

from habeas.cli import habeas
from habeas.cli.witness import (
    MOST_OTHER,
    MOST_PROVEN,
    Memory,
    application,
    read_keys,
    read_logs,
    write_keys,
)
from habeas.errors import Refused
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Key, Note
from habeas.tlog.policy import Policy
from habeas.tlog.witness import LARGEST_BODY, SIZE_MEDIA, Evidence, origin_hash, size_in, submission
from tests.interop.world import (
    AT,
    ORIGIN,
    WITNESS,
    Running,
    entries,
    made_signer,
    proof,
    running,
    signed,
    signed_root,
)
from tests.interop.world import habeas as run

LOG = made_signer()
SEEDS = {"ed25519": bytes(range(32)), "ml-dsa-44": bytes(range(32, 64))}
SHOWN = f"/{origin_hash(ORIGIN)}/checkpoint"
Said = tuple[int, dict[str, str], bytes]


def typed(*words: object) -> Result:
    result = CliRunner().invoke(habeas, ["witness", *map(str, words)])
    assert "Traceback" not in result.output
    return result


# ---- keys and logs -----------------------------------------------------------------------------------------


def test_a_new_witness_has_keys_that_only_its_owner_reads_and_prints_the_public_half(tmp_path: Path) -> None:
    said = typed("new", WITNESS, "--key", tmp_path / "key", "--state", tmp_path / "state")
    assert said.exit_code == 0, said.output
    printed = [Key.parse(line) for line in said.stdout.split()]
    assert [key.algorithm for key in printed] == [Algorithm.COSIGNATURE, Algorithm.MLDSA44]
    assert [each.key for each in read_keys(tmp_path / "key")] == printed
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    Memory.opened(tmp_path / "state", read_keys(tmp_path / "key"))


def test_one_key_is_enough(tmp_path: Path) -> None:
    said = typed("new", WITNESS, "--key", tmp_path / "key", "--state", tmp_path / "state", "--no-ml-dsa")
    assert [Key.parse(line).algorithm for line in said.stdout.split()] == [Algorithm.COSIGNATURE]


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    typed("new", WITNESS, "--key", tmp_path / "key", "--state", tmp_path / "state")
    kept = (tmp_path / "key").read_bytes()
    for key, state in (("key", "state"), ("key", "other"), ("other", "state")):
        said = typed("new", WITNESS, "--key", tmp_path / key, "--state", tmp_path / state)
        assert said.exit_code == 2
    assert (tmp_path / "key").read_bytes() == kept
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_read_or_change_is_not_used(mode: int, tmp_path: Path) -> None:
    write_keys(tmp_path / "key", WITNESS, SEEDS)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(Refused, match="others can read"):
        read_keys(tmp_path / "key")


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440])
def test_a_key_as_systemd_hands_it_over_is_used(mode: int, tmp_path: Path) -> None:
    made = write_keys(tmp_path / "key", WITNESS, SEEDS)
    (tmp_path / "key").chmod(mode)
    assert [each.key for each in read_keys(tmp_path / "key")] == [each.key for each in made]


def test_where_a_machine_has_no_ml_dsa_the_other_key_signs_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write_keys(tmp_path / "key", WITNESS, SEEDS)
    monkeypatch.setattr("habeas.tlog.note.MLDSA44PrivateKey", None)  # as with an older cryptography
    assert [each.key for each in read_keys(tmp_path / "key")] == [made[0].key]
    alone = {"ml-dsa-44": SEEDS["ml-dsa-44"]}
    with pytest.raises(Refused, match="ML-DSA"):
        write_keys(tmp_path / "other", WITNESS, alone)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "habeas/witness-key/v1\n",
        "habeas/witness-key/v1\nname witness.example.org\n",
        f"habeas/witness-key/v1\ned25519 {'00' * 32}\n",
        f"habeas/witness-key/v2\nname witness.example.org\ned25519 {'00' * 32}\n",
        "habeas/witness-key/v1\nname witness.example.org\ned25519 00\n",
        f"habeas/witness-key/v1\nname witness.example.org\ned25519 {'zz' * 32}\n",
        f"habeas/witness-key/v1\nname witness.example.org\nrsa {'00' * 32}\n",
        f"habeas/witness-key/v1\nname a.example.org\nname b.example.org\ned25519 {'00' * 32}\n",
    ],
)
def test_what_is_no_key_file_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(text, encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(Refused):
        read_keys(tmp_path / "key")


def test_logs_are_read_from_a_list_or_a_policy(tmp_path: Path) -> None:
    other, newer = made_signer("other.example.org"), made_signer(ORIGIN, 2)
    (tmp_path / "list").write_text(f"# watched\n\n{LOG.key}\n  {other.key}\n{newer.key}\n", encoding="utf-8")
    watched = {ORIGIN: (LOG.key, newer.key), "other.example.org": (other.key,)}
    assert read_logs(tmp_path / "list") == watched
    (tmp_path / "policy").write_text(str(Policy.k_of_n(LOG.key, [], 0)), encoding="utf-8")
    assert read_logs(tmp_path / "policy") == {ORIGIN: (LOG.key,)}


@pytest.mark.parametrize(
    "text", ["", "# nobody\n", "log.example.org\n", "log what is this\n", "quorum none\n"]
)
def test_a_list_that_names_no_log_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_logs(tmp_path / "list")
    assert str(tmp_path / "list") in caught.value.place


# ---- memory ------------------------------------------------------------------------------------------------


def test_a_key_without_its_memory_does_not_sign(tmp_path: Path) -> None:
    signers = write_keys(tmp_path / "key", WITNESS, SEEDS)
    with pytest.raises(Refused, match="not here") as caught:
        Memory.opened(tmp_path / "lost", signers)
    assert "must not sign again" in caught.value.hint
    Memory.made(tmp_path / "state", signers)
    assert Memory.opened(tmp_path / "state", signers[:1]).path == tmp_path / "state"
    other = write_keys(tmp_path / "other", "other.example.org", SEEDS)
    with pytest.raises(Refused, match="another witness"):
        Memory.opened(tmp_path / "state", other)


def test_a_witness_without_memory_is_not_started(tmp_path: Path) -> None:
    write_keys(tmp_path / "key", WITNESS, SEEDS)
    (tmp_path / "logs").write_text(f"{LOG.key}\n", encoding="utf-8")
    said = typed("serve", "--key", tmp_path / "key", "--state", tmp_path / "no", "--logs", tmp_path / "logs")
    assert said.exit_code == 2


def test_a_witness_does_not_watch_a_log_with_its_own_key(tmp_path: Path) -> None:
    signers = write_keys(tmp_path / "key", ORIGIN, SEEDS)
    Memory.made(tmp_path / "state", signers)
    (tmp_path / "logs").write_text(f"{signers[0].key}\n", encoding="utf-8")
    said = typed(
        "serve", "--key", tmp_path / "key", "--state", tmp_path / "state", "--logs", tmp_path / "logs"
    )
    assert said.exit_code == 2
    assert "own key" in said.output


def test_evidence_is_kept_once_and_never_without_end(tmp_path: Path) -> None:
    memory = Memory.made(tmp_path / "state", write_keys(tmp_path / "key", WITNESS, SEEDS))

    def evidence(number: int, *, proven: bool) -> Evidence:
        return Evidence(origin=ORIGIN, proven=proven, why="why", at=AT, kept="a\n\nb", sent=f"{number}\n\nc")

    first = memory.keep(evidence(0, proven=True))
    assert first is not None
    assert json.loads(first.read_bytes())["sent"] == "0\n\nc"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert memory.keep(evidence(0, proven=True)) is None
    for proven, most in ((True, MOST_PROVEN), (False, MOST_OTHER)):
        for number in range(most + 5):
            memory.keep(evidence(number, proven=proven))
        assert len(list(first.parent.glob(f"{'fork' if proven else 'misfit'}-*"))) == most


# ---- the web side, without a network -----------------------------------------------------------------------


class Desk:
    """Calls the application as a web server does."""

    def __init__(self, folder: Path) -> None:
        self.signers = write_keys(folder / "key", WITNESS, SEEDS)
        self.memory = Memory.made(folder / "state", self.signers)
        self.now = float(AT)
        self.errors = io.StringIO()
        self.app = application({ORIGIN: (LOG.key,)}, self.memory, self.signers, lambda: self.now)

    def __call__(self, method: str, path: str, body: bytes = b"", **more: Any) -> Said:
        environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path}
        setup_testing_defaults(environ)
        environ |= {"wsgi.input": io.BytesIO(body), "wsgi.errors": self.errors}
        environ |= {"CONTENT_LENGTH": str(len(body)), **more}
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        answer = b"".join(self.app(environ, lambda status, headers: begun.append((status, headers))))
        [(status, headers)] = begun
        return int(status[:3]), dict(headers), answer

    def add(self, old: int, held: list[bytes], path: tuple[bytes, ...] | None = None) -> Said:
        return self(
            "POST",
            "/add-checkpoint",
            submission(old, proof(held, old) if path is None else path, signed(held)),
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_was_cosigned_is_shown_with_the_logs_own_signature(desk: Desk) -> None:
    assert desk("GET", SHOWN)[0] == 404
    _, _, lines = desk.add(0, entries(3))
    status, headers, body = desk("GET", SHOWN)
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    keys = [LOG.key, *(each.key for each in desk.signers)]
    assert {each.key for each in Note.parse(body).verified(keys)} == set(keys)
    assert lines in body
    assert desk("HEAD", SHOWN)[2] == b""


def test_the_statuses_leave_as_the_text_says(desk: Desk) -> None:
    assert desk.add(0, entries(3))[0] == 200
    status, headers, body = desk.add(0, entries(5))
    assert (status, headers["Content-Type"], body) == (409, SIZE_MEDIA, b"3\n")
    assert desk.add(3, entries(5), (bytes(32),))[0] == 422
    assert desk.add(6, entries(5), ())[0] == 400
    assert desk.add(3, entries(5))[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
        ("POST", SHOWN, 405),
        ("GET", "/", 404),
        ("GET", f"/{'0' * 64}/checkpoint", 404),
        ("GET", "/../witness", 404),
        ("GET", f"/{origin_hash(ORIGIN)}/evidence", 404),
        ("POST", "/add-checkpoint/", 404),
    ],
)
def test_nothing_else_is_there(method: str, path: str, status: int, desk: Desk) -> None:
    desk.add(0, entries(3))
    said, headers, _ = desk(method, path)
    assert said == status
    assert (status == 405) is ("Allow" in headers)


def test_a_body_that_is_too_long_is_not_read(desk: Desk) -> None:
    long = b"x" * (LARGEST_BODY + 1)
    assert desk("POST", "/add-checkpoint", long)[0] == 413
    assert desk("POST", "/add-checkpoint", long, CONTENT_LENGTH="")[0] == 413  # sent in chunks
    assert desk("POST", "/add-checkpoint", long[:-1])[0] == 400


def test_the_longest_that_a_log_may_send_fits() -> None:
    line = len("— ".encode()) + 255 + 1 + 4 * (4 + 5000) // 3 + 3
    assert 63 * 45 + 16 * line + 1000 < LARGEST_BODY


def test_what_cannot_be_kept_is_not_signed(desk: Desk) -> None:
    desk.add(0, entries(3))
    before = desk("GET", SHOWN)[2]
    (desk.memory.path / origin_hash(ORIGIN) / "checkpoint.half").mkdir()  # the disk says no
    status, _, body = desk.add(3, entries(5))
    assert status == 503
    assert "— ".encode() not in body
    assert desk("GET", SHOWN)[2] == before
    assert desk.errors.getvalue()


def test_a_fork_is_put_down_for_the_operator_and_told(desk: Desk, tmp_path: Path) -> None:
    desk.add(0, entries(7))
    assert typed("show", "--state", tmp_path / "state").exit_code == 0
    assert desk.add(7, entries(9, "other"))[0] == 422
    assert desk.add(7, entries(9, "other"))[0] == 422
    [file] = desk.memory.path.glob("*/evidence/fork-*.json")
    found = json.loads(file.read_bytes())
    for name, size in (("kept", 7), ("sent", 9)):
        note = Note.parse(found[name].encode())
        assert note.verified([LOG.key])
        assert Checkpoint.parse(note.text).size == size
    assert desk.errors.getvalue().count(str(file)) == 1
    said = typed("show", "--state", tmp_path / "state")
    assert said.exit_code == 1
    assert f"{ORIGIN}  7 entries" in said.stdout
    assert str(file) in said.stdout


def test_a_wrong_proof_is_put_down_and_is_no_fork(desk: Desk, tmp_path: Path) -> None:
    desk.add(0, entries(7))
    assert desk.add(7, entries(9), (bytes(32),))[0] == 422
    said = typed("show", "--state", tmp_path / "state")
    assert said.exit_code == 0
    assert "a proof did not lead here" in said.stdout


def test_show_says_when_and_refuses_an_empty_place(desk: Desk, tmp_path: Path) -> None:
    desk.add(0, entries(3))
    assert "2027-01-15T08:00:00Z" in typed("show", "--state", tmp_path / "state").stdout
    assert typed("show", "--state", tmp_path / "nowhere").exit_code == 2


def test_of_many_at_once_only_one_history_is_cosigned(desk: Desk) -> None:
    """All begin at 4 with trees of their own; whoever is first rules all others out."""
    base = entries(4)
    desk.add(0, base)
    trees = [base + entries(1 + number % 3, f"of {number}") for number in range(24)]
    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(lambda held: desk.add(4, held)[0], trees))
    assert said.count(200) == 1
    assert set(said) <= {200, 409, 422}
    shown = Checkpoint.parse(Note.parse(desk("GET", SHOWN)[2]).text)
    winner = trees[said.index(200)]
    assert shown.text == Note.parse(signed(winner)).text


# ---- the real server ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("witness")) as witness:
        yield witness


def post(connection: HTTPConnection, body: bytes) -> tuple[int, bytes]:
    connection.request("POST", "/add-checkpoint", body=body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def sent(port: int, body: bytes) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        return post(connection, body)


def test_the_server_keeps_a_connection_open_and_holds_its_limits(serving: Running) -> None:
    connection = HTTPConnection("127.0.0.1", serving.port, timeout=60)
    assert post(connection, b"nothing")[0] == 400
    opened = connection.sock
    assert post(connection, submission(0, (), signed(entries(3))))[0] == 200
    connection.request("GET", SHOWN)
    answer = connection.getresponse()
    assert (answer.status, answer.read().splitlines()[0]) == (200, ORIGIN.encode())
    assert connection.sock is opened
    assert post(connection, b"x" * (LARGEST_BODY + 1))[0] == 413
    connection.close()


def test_whoever_falls_silent_in_a_request_is_let_go(serving: Running) -> None:
    silent = [socket.create_connection(("127.0.0.1", serving.port), timeout=60) for _ in range(6)]
    for each in silent[:3]:
        each.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nold")
    for each in silent[3:]:
        each.sendall(b"POST /add-check")
    for number, each in enumerate(silent):  # who gives up after a minute
        assert each.recv(100).startswith(b"HTTP/1.1 408" if number < 3 else b"")
        each.close()
    assert sent(serving.port, b"nothing")[0] == 400


def test_two_servers_over_one_folder_cosign_one_history(tmp_path: Path) -> None:
    base, rounds = entries(4), 6
    with running(tmp_path / "w") as one:
        two = one.twin()
        two.start()
        try:
            held = base
            assert sent(one.port, submission(0, (), signed(held)))[0] == 200
            for number in range(rounds):
                trees = [held + entries(2, f"{number} of {side}") for side in range(8)]

                def send(side: int, old: int = len(held), trees: list[list[bytes]] = trees) -> int:
                    path = proof(trees[side], old)
                    return sent((one, two)[side % 2].port, submission(old, path, signed(trees[side])))[0]

                with ThreadPoolExecutor(8) as pool:
                    said = list(pool.map(send, range(8)))
                assert said.count(200) == 1, said
                held = trees[said.index(200)]
        finally:
            two.stop()


def test_a_witness_that_is_killed_never_goes_back(tmp_path: Path) -> None:
    """Killed while a log sends as quickly as it can: what was answered is always known afterwards."""
    with running(tmp_path / "w") as witness:
        for number in range(3):
            known: list[int] = []
            stop = threading.Event()
            first = 50 * number

            def feed(known: list[int] = known, stop: threading.Event = stop, first: int = first) -> None:
                count, old = first, 0
                while not stop.is_set():
                    held = entries(count)
                    try:
                        body = submission(old, proof(held, old), signed(held))
                        status, body = sent(witness.port, body)
                    except (OSError, HTTPException):
                        return  # it was killed
                    if status == 409:
                        old = size_in(body)
                        count = max(count, old)
                    else:
                        assert status == 200, body
                        known.append(count)
                        old, count = count, count + 1

            thread = threading.Thread(target=feed)
            thread.start()
            while len(known) < 5:
                assert thread.is_alive(), "it answered something else"
                time.sleep(0.01)
            witness.stop(signal.SIGKILL)
            stop.set()
            thread.join()
            witness.start()
            status, body = sent(witness.port, submission(0, (), signed(entries(500))))
            assert status == 409
            assert size_in(body) in (known[-1], known[-1] + 1)


def test_the_server_ends_when_told_and_logs_no_addresses(tmp_path: Path) -> None:
    with running(tmp_path / "w") as witness:
        assert sent(witness.port, submission(0, (), signed_root(0, bytes(32))))[0] == 422
        assert witness.process is not None
        witness.stop()  # which waits for a minute
    assert f"watching {ORIGIN}" in witness.told
    assert "an empty log has the hash of nothing" in witness.told
    assert "127.0.0.1" not in witness.told
    assert "nothing cosigned" in run("witness", "show", "--state", witness.state, code=1)


def test_a_list_of_logs_that_changed_is_read_again_without_a_restart(tmp_path: Path) -> None:
    other = made_signer("other.example.org/log")
    asked = submission(0, (), signed(entries(2), other, origin=other.key.name))

    def until(words: str, times: int = 1) -> None:
        for _ in range(1200):
            if witness.told.count(words) >= times:
                return
            time.sleep(0.05)
        raise AssertionError(witness.told)

    def answered(status: int) -> None:
        """The server that reads the list anew takes the place of the one before in a moment."""
        for _ in range(1200):
            if sent(witness.port, asked)[0] == status:
                return
            time.sleep(0.05)
        raise AssertionError(witness.told)

    with running(tmp_path / "w") as witness:
        assert witness.process is not None
        mine = submission(0, (), signed(entries(3)))
        assert sent(witness.port, mine)[0] == 200
        assert sent(witness.port, asked)[0] == 404
        witness.logs.write_text(f"{LOG.key}\n{other.key}\n", encoding="utf-8")
        witness.process.send_signal(signal.SIGHUP)
        until(f"watching {other.key.name}")
        answered(200)
        assert sent(witness.port, mine)[0] == 409  # what was cosigned before is known
        for number, useless in enumerate((b"\xff", b"", f"{witness.keys[0]}\n".encode()), start=1):
            witness.logs.write_bytes(useless)
            witness.process.send_signal(signal.SIGHUP)
            until("the list of logs stays as it was", number)
            until(f"watching {other.key.name}", number + 1)
            answered(409)
        witness.logs.write_text(f"{LOG.key}\n", encoding="utf-8")
        witness.process.send_signal(signal.SIGHUP)
        answered(404)
    assert "Traceback" not in witness.told
