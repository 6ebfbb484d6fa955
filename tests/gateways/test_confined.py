"""Work on foreign papers runs in a process that can do nothing else, and says what the kernel lacks."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.gateways import confined, papers, tables
from habeas.gateways.confined import MINIMUM, Protection

HERE = Path(__file__).resolve().parent
IN_FORCE = confined.protections()


def needs(*protections: Protection) -> pytest.MarkDecorator:
    lacking = sorted(set(protections) - IN_FORCE)
    return pytest.mark.skipif(bool(lacking), reason=f"this kernel lacks {', '.join(lacking)}")


def attempt(name: str, data: bytes = b"", *, seconds: float = 20, megabytes: int = 256) -> bytes:
    return confined.run(
        f"attempts:{name}",
        data,
        seconds=seconds,
        megabytes=megabytes,
        minimum=frozenset({Protection.LIMITS, Protection.PRIVILEGES}),
        readable=(HERE,),
    )


def test_bytes_go_in_and_come_out() -> None:
    data = bytes(range(256)) * 10_000
    assert confined.run("habeas.gateways.confined:nothing", data, seconds=20, megabytes=256) == data


def test_limits_and_privileges_are_in_force_everywhere() -> None:
    assert {Protection.LIMITS, Protection.PRIVILEGES} <= IN_FORCE


@needs(Protection.NETWORK)
def test_the_child_reaches_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as open_door:
        told = attempt("open_a_socket", str(open_door.getsockname()[1]).encode())
    assert told in {b"socket: PermissionError", b"socket: OSError"}


@needs(Protection.CALLS)
def test_the_child_reaches_no_neighbour_on_the_same_machine(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "door"))
        door.listen()
        assert (
            attempt("open_a_local_socket", str(tmp_path / "door").encode())
            == b"local socket: PermissionError"
        )


@needs(Protection.FILES)
def test_the_child_reads_no_file_of_the_house(tmp_path: Path) -> None:
    planted = tmp_path / "key.pem"
    planted.write_bytes(b"a secret")
    assert attempt("read_a_file", str(planted).encode()) == b"read: PermissionError"
    assert attempt("list_a_folder", str(tmp_path).encode()) == b"list: PermissionError"
    for path in ("/etc/passwd", "/etc/hostname", "/proc/self/environ", f"/proc/{os.getpid()}/environ"):
        assert attempt("read_a_file", path.encode()) == b"read: PermissionError"


def test_the_child_reads_what_it_was_given_leave_to_read() -> None:
    assert attempt("read_a_file", bytes(HERE / "attempts.py")) == (HERE / "attempts.py").read_bytes()


@needs(Protection.FILES)
def test_the_child_writes_nowhere(tmp_path: Path) -> None:
    for path in (tmp_path / "new", HERE / "new", Path("/dev/shm/new"), Path("/tmp/new")):
        assert attempt("write_a_file", bytes(path)) == b"write: PermissionError"
        assert not path.exists()


@needs(Protection.FILES, Protection.CALLS)
def test_the_child_changes_no_file(tmp_path: Path) -> None:
    planted = tmp_path / "log"
    planted.write_bytes(b"kept")
    before = planted.stat()
    assert attempt("change_a_file", bytes(planted)) == b" ".join([b"PermissionError"] * 5)
    assert planted.read_bytes() == b"kept"
    assert (planted.stat().st_mode, planted.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)


@needs(Protection.CALLS)
def test_the_child_starts_no_process_and_signals_nobody() -> None:
    assert attempt("start_a_process") == b"PermissionError PermissionError"
    assert attempt("signal_the_parent", str(os.getpid()).encode()) == b"signal: PermissionError"


def test_the_child_inherits_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HABEAS_MASTER_KEY", "a secret")
    with (tmp_path / "open").open("wb") as kept:
        os.set_inheritable(kept.fileno(), True)
        assert b"HABEAS_MASTER_KEY" not in attempt("tell_the_environment")
        assert (
            attempt("tell_open_descriptors") == b"4"
        )  # input, output to nowhere, errors to nowhere, the pipe


def test_a_child_that_sleeps_is_ended_at_its_time() -> None:
    start = time.monotonic()
    with pytest.raises(Refused) as refused:
        attempt("sleep", b"60", seconds=1)
    assert time.monotonic() - start < 30
    assert refused.value.sentence == "the work took longer than 1 s and was ended"


def test_a_child_that_works_without_end_is_ended_at_its_time() -> None:
    with pytest.raises(Refused, match="longer than 1 s"):
        attempt("work_without_end", seconds=1)


def test_a_child_that_takes_too_much_memory_is_ended() -> None:
    with pytest.raises(Refused) as refused:
        attempt("take_memory", b"400", megabytes=200)
    assert refused.value.sentence == "the work needs more than 200 MB and was ended"
    assert attempt("take_memory", b"50", megabytes=200) is not None


def test_a_flood_is_stopped() -> None:
    with pytest.raises(Refused):
        attempt("answer_without_end", seconds=30)


def test_a_crash_is_a_plain_refusal_that_quotes_nothing() -> None:
    with pytest.raises(Refused) as refused:
        attempt("crash", b"somebody's name")
    assert refused.value.sentence.startswith("the work broke (ValueError at attempts.py:")
    assert "somebody" not in str(refused.value)


def test_a_death_is_a_plain_refusal() -> None:
    with pytest.raises(Refused, match="ended by signal 11"):
        attempt("die")
    with pytest.raises(Refused, match="without an answer"):
        attempt("leave")


def test_a_refusal_of_the_child_arrives_whole() -> None:
    with pytest.raises(Refused) as refused:
        attempt("refuse")
    assert (refused.value.sentence, refused.value.place, refused.value.hint) == (
        "the paper has no beginning",
        "line 1",
        "send it again",
    )


def test_a_stray_word_on_the_output_is_no_part_of_the_answer() -> None:
    assert attempt("speak_in_passing", b"paper") == b"paper"


@pytest.mark.parametrize("forged", [b"no form\n", b"[]\n", b"{}\n", b'{"outcome": "done"', b"\n", b"\xff\n"])
def test_an_answer_in_no_known_form_is_refused(forged: bytes) -> None:
    with pytest.raises(Refused):
        attempt("forge_an_answer", forged)


def test_nothing_runs_without_the_protections_the_house_asks_for() -> None:
    with pytest.raises(Refused) as refused:
        confined.run(
            "habeas.gateways.confined:nothing",
            b"x",
            seconds=20,
            megabytes=256,
            minimum=frozenset({Protection.LIMITS, "walls of stone"}),  # no kernel has them  # type: ignore[arg-type]
        )
    assert "cannot confine" in refused.value.sentence
    assert "walls of stone" in refused.value.sentence


def test_the_house_asks_for_everything_unless_it_says_otherwise() -> None:
    assert frozenset(Protection) == MINIMUM


def test_a_function_that_does_not_exist_is_a_plain_refusal() -> None:
    with pytest.raises(Refused, match="the work broke"):
        attempt("no_such_attempt")


@needs(Protection.NETWORK, Protection.FILES, Protection.CALLS)
def test_a_reader_of_papers_that_was_taken_over_reaches_nobody_and_changes_nothing(tmp_path: Path) -> None:
    place = tmp_path / "new"
    with socket.create_server(("127.0.0.1", 0)) as open_door:
        port = str(open_door.getsockname()[1]).encode()
        paper = b"From: a@b.example\r\nMIME-Version: 1.0\r\n\r\nAn order."
        told = attempt("take_over_a_reader", b"\n".join([port, bytes(place), paper]), megabytes=768).split(
            b"; "
        )
    assert told[0] == b"read"
    assert told[1] in {b"socket: PermissionError", b"socket: OSError"}
    assert told[2:] == [
        b"write: PermissionError",
        b"PermissionError PermissionError",
        b"read: PermissionError",
    ]
    assert not place.exists()


def test_papers_are_read_with_everything_the_house_asks_for() -> None:
    """No reader runs where the kernel lacks a protection: `papers` asks for no less than letters do."""
    asked = []

    def seen(function: str, data: bytes, **terms: object) -> bytes:
        asked.append((function, terms))
        return confined.run(function, data, **terms)  # type: ignore[arg-type]

    assert papers.text_of(b"An order.", seen).text == "An order."
    [(function, terms)] = asked
    assert function == "habeas.gateways.papers:read"
    assert terms == {"seconds": papers.SECONDS, "megabytes": papers.MEGABYTES}, "the minimum is everything"


# ---- piece by piece ----------------------------------------------------------------------------------------


def streamed(
    name: str, pieces: Iterable[bytes], terms: bytes = b"", *, seconds: float = 20
) -> tuple[bytes, bytes]:
    """What the child answers, and all that it gave."""
    given = bytearray()
    answer = confined.stream(
        f"attempts:{name}",
        terms,
        pieces,
        given.extend,
        seconds=seconds,
        megabytes=256,
        minimum=frozenset({Protection.LIMITS, Protection.PRIVILEGES}),
        readable=(HERE,),
    )
    return answer, bytes(given)


def test_pieces_go_in_and_come_out_while_it_works() -> None:
    answer, given = streamed("turn_round", (b"ab" * 5000 for _ in range(500)), b"so many: ")
    assert answer == b"so many: 5000000"
    assert len(given) == 5_000_000
    assert set(given[::2]) == set(b"b")
    assert streamed("turn_round", [], b"none: ") == (b"none: 0", b"")
    assert streamed("turn_round", [b"", b"x", b""], b"") == (b"1", b"x")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("stop_half_way", "ended without an answer"),
        ("refuse_half_way", "the table has no end"),
        ("forge_a_length", "ended"),
        ("no_such_attempt", "the work broke"),
    ],
)
def test_what_breaks_off_is_a_plain_refusal(name: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        streamed(name, (b"a piece" for _ in range(1000)))


def test_who_takes_the_pieces_can_end_it() -> None:
    def full(_piece: bytes) -> None:
        raise Refused("the disk is full")

    with pytest.raises(Refused, match="the disk is full"):
        confined.stream(
            "attempts:give_without_end",
            b"",
            [],
            full,
            seconds=20,
            megabytes=256,
            minimum=frozenset({Protection.LIMITS}),
            readable=(HERE,),
        )


def test_a_child_that_gives_without_end_is_ended_at_its_time() -> None:
    with pytest.raises(Refused, match="took longer than"):
        confined.stream(
            "attempts:give_without_end",
            b"",
            [],
            len,
            seconds=1.5,
            megabytes=256,
            minimum=frozenset({Protection.LIMITS}),
            readable=(HERE,),
        )


@needs(Protection.NETWORK, Protection.FILES)
def test_a_reader_of_pieces_reaches_no_more_than_any_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as open_door:
        answer, _given = streamed("reach_out", [], str(open_door.getsockname()[1]).encode())
    assert answer.split(b"; ")[1:] == [b"read: PermissionError", b"write: PermissionError"]
    assert answer.split(b"; ")[0] in {b"socket: PermissionError", b"socket: OSError"}


def test_tables_are_read_with_everything_the_house_asks_for() -> None:
    asked = []

    def seen(function: str, *said: object, **terms: object) -> bytes:
        asked.append((function, terms))
        return confined.stream(function, *said, **terms)  # type: ignore[arg-type]

    tables.look([b"a,b\n1,2\n"], run=seen)
    [(function, terms)] = asked
    assert function == "habeas.gateways.tables:looked"
    assert "minimum" not in terms, "the minimum is everything"
