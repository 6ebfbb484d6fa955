"""What a process that was taken over would try. Run by `test_confined` inside the confinement."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from habeas.errors import Refused


def _told(attempt: str, error: OSError | None) -> bytes:
    return f"{attempt}: {'done' if error is None else type(error).__name__}".encode()


def open_a_socket(data: bytes) -> bytes:
    try:
        socket.create_connection(("127.0.0.1", int(data)), timeout=2).close()
    except OSError as error:
        return _told("socket", error)
    return _told("socket", None)


def open_a_local_socket(data: bytes) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(data.decode())
    except OSError as error:
        return _told("local socket", error)
    return _told("local socket", None)


def read_a_file(data: bytes) -> bytes:
    try:
        return Path(data.decode()).read_bytes()
    except OSError as error:
        return _told("read", error)


def list_a_folder(data: bytes) -> bytes:
    try:
        return "\n".join(sorted(os.listdir(data.decode()))).encode()
    except OSError as error:
        return _told("list", error)


def write_a_file(data: bytes) -> bytes:
    try:
        Path(data.decode()).write_bytes(b"x")
    except OSError as error:
        return _told("write", error)
    return _told("write", None)


def change_a_file(data: bytes) -> bytes:
    found = []
    for change in (
        lambda: os.chmod(data, 0o777),
        lambda: os.utime(data, (0, 0)),
        lambda: os.truncate(data, 0),
        lambda: os.unlink(data),
        lambda: os.rename(data, data + b".moved"),
    ):
        try:
            change()
        except OSError as error:
            found.append(type(error).__name__)
        else:
            found.append("done")
    return " ".join(found).encode()


def start_a_process(data: bytes) -> bytes:
    found = []
    for attempt in (os.fork, lambda: os.execv(sys.executable, [sys.executable, "-V"])):
        try:
            attempt()
        except OSError as error:
            found.append(type(error).__name__)
        else:
            found.append("done")
    return " ".join(found).encode()


def signal_the_parent(data: bytes) -> bytes:
    try:
        os.kill(int(data), 0)
    except OSError as error:
        return _told("signal", error)
    return _told("signal", None)


def tell_the_environment(data: bytes) -> bytes:
    return "\n".join(sorted(os.environ)).encode()


def tell_open_descriptors(data: bytes) -> bytes:
    found = []
    for descriptor in range(64):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        found.append(descriptor)
    return str(len(found)).encode()


def sleep(data: bytes) -> bytes:
    time.sleep(float(data))
    return b""


def work_without_end(data: bytes) -> bytes:
    while True:
        pass


def take_memory(data: bytes) -> bytes:
    return bytes(len(bytearray(int(data) * 1024 * 1024)) % 7)


def answer_without_end(data: bytes) -> bytes:
    while True:
        os.write(3, bytes(1 << 20))


def crash(data: bytes) -> bytes:
    raise ValueError("the words of a paper: " + data.decode())


def die(data: bytes) -> bytes:
    ctypes.string_at(0)
    return b""


def leave(data: bytes) -> bytes:
    os._exit(0)


def speak_in_passing(data: bytes) -> bytes:
    sys.stdout.write("a stray word\n")
    sys.stdout.flush()
    sys.stderr.write("another\n")
    return data


def refuse(data: bytes) -> bytes:
    raise Refused("the paper has no beginning", place="line 1", hint="send it again")


def forge_an_answer(data: bytes) -> bytes:
    for descriptor in range(3, 8):
        try:
            os.write(descriptor, data)
        except OSError:
            continue
    os._exit(0)


def take_over_a_reader(data: bytes) -> bytes:
    """A paper that is read, and then what it would try: another host, a file, another process."""
    import pypdf

    from habeas.gateways import papers

    port, place, paper = data.split(b"\n", 2)
    read = papers.read(paper)
    assert pypdf.__version__
    tried = [open_a_socket(port), write_a_file(place), start_a_process(b"")]
    tried.append(read_a_file(b"/etc/passwd"))
    return b"; ".join([b"read" if read else b"", *tried])


# Those that read and write piece by piece: terms, what comes, where what is left goes.


def turn_round(terms: bytes, pieces: Iterator[bytes], give: Callable[[bytes], None]) -> bytes:
    size = 0
    for piece in pieces:
        size += len(piece)
        give(piece[::-1])
    return terms + str(size).encode()


def stop_half_way(terms: bytes, pieces: Iterator[bytes], give: Callable[[bytes], None]) -> bytes:
    give(next(pieces))
    os._exit(0)


def refuse_half_way(terms: bytes, pieces: Iterator[bytes], give: Callable[[bytes], None]) -> bytes:
    give(next(pieces))
    raise Refused("the table has no end", place="row 2", hint="send it again")


def give_without_end(terms: bytes, pieces: Iterator[bytes], give: Callable[[bytes], None]) -> bytes:
    while True:
        give(bytes(1 << 20))


def forge_a_length(terms: bytes, pieces: Iterator[bytes], give: Callable[[bytes], None]) -> bytes:
    return forge_an_answer(b"\xff\xff\xff\xff" + bytes(100_000))


def reach_out(terms: bytes, pieces: Iterator[bytes], give: Callable[[bytes], None]) -> bytes:
    return b"; ".join([open_a_socket(terms), read_a_file(b"/etc/passwd"), write_a_file(b"/tmp/new")])
