"""Files of a custodian by the page: sealed as they come, in little memory, whole or not at all."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from habeas.app import releasing as desk_files
from habeas.assess import Ceiling
from habeas.desk.case import Case
from habeas.errors import Refused
from habeas.web import uploads
from tests.ports import free_port
from tests.web.browser import code_of
from tests.web.house import PASSWORD, SECRET, Releasing

MEGABYTE = 1024 * 1024
LARGE = int(os.environ.get("HABEAS_UPLOAD_MEGABYTES", "200")) * MEGABYTE
GROWTH = 64 * MEGABYTE  # what a process may grow by while a file comes, however long it is
BOUNDARY = "a-line-that-chance-does-not-make"
PLANTED = b"planted-in-a-large-file-"


@pytest.fixture
def notified(releasing: Releasing) -> Case:
    return releasing.brought("notified")


def _form(case: Case, *files: bytes) -> dict[str, Any]:
    named = {f"file-{number}": SimpleUploadedFile("x.csv", data) for number, data in enumerate(files)}
    return {"seen": str(case.length), **named, **_said(len(files))}


def _said(files: int) -> dict[str, str]:
    """What the custodian says of so many files."""
    levels = (Ceiling.SUBSCRIBER, Ceiling.TRAFFIC, Ceiling.CONTENT)
    held = {f"holds-{number}": levels[number].value for number in range(files)}
    ends = (("since", "2026-09-12"), ("until", "2026-09-14"))
    return held | {f"{end}-{number}": day for number in range(files) for end, day in ends}


def _lying(releasing: Releasing, case: Case) -> tuple[str, ...]:
    return releasing.installation.store.blobs.names(releasing.organisation, case.id)


def test_files_lie_ready_as_they_were_sent(releasing: Releasing, notified: Case) -> None:
    sent = [PLANTED * 400_000, b"two,\r\n", b"three"]  # the first is longer than any form may be
    client = releasing.client("custodian")
    answer = client.post(f"/cases/{notified.id}/prepare/", _form(notified, *sent))
    assert answer.status_code == 302
    case = releasing.case(notified.id)
    for held, data in zip(case.files, sent, strict=True):
        assert held.size == len(data)
        assert releasing.installation.get(releasing.organisation, case.id, held.sha256) == data
    again = client.post(f"/cases/{case.id}/prepare/", {**_form(case), **_said(len(sent))})
    assert again.status_code == 302, "what lies ready stays, without being sent again"
    assert releasing.case(case.id).files == case.files


def test_files_that_come_before_their_request_lie_in_a_place_of_their_own(releasing: Releasing) -> None:
    """Of a form that is refused nothing else is kept; what is not signed begins nothing."""
    client = releasing.client("intake")
    place = re.findall(r'action="(/receive/type/[^"]+)"', client.get("/receive/type/").content.decode())[0]
    before = set(releasing.installation.store.blobs.cases(releasing.organisation))
    sent = {"do": "keep", "original": SimpleUploadedFile("order.bin", PLANTED * 300_000)}
    forged = client.post("/receive/type/2026-AAAA-AAAA:forged/", sent)
    assert forged.status_code == 404
    assert set(releasing.installation.store.blobs.cases(releasing.organisation)) == before
    sent["original"] = SimpleUploadedFile("order.bin", PLANTED * 300_000)
    assert client.post(place, sent).status_code == 200
    (apart,) = set(releasing.installation.store.blobs.cases(releasing.organisation)) - before
    (name,) = releasing.installation.store.blobs.names(releasing.organisation, apart)
    sealed = releasing.installation.store.blobs.path(releasing.organisation, apart, name).read_bytes()
    assert PLANTED not in sealed
    for person, status in (("auditor", 403), ("custodian", 403), ("administrator", 403)):
        sent["original"] = SimpleUploadedFile("order.bin", PLANTED)
        assert releasing.client(person).post(place, sent).status_code == status
    assert releasing.installation.store.blobs.names(releasing.organisation, apart) == (name,)


def _no_secret(releasing: Releasing, case: Case) -> tuple[Client, dict[str, Any]]:
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    client.cookies = releasing.client("custodian").cookies
    return client, _form(case, PLANTED)


def _old(releasing: Releasing, case: Case) -> tuple[Client, dict[str, Any]]:
    return releasing.client("custodian"), {**_form(case, PLANTED), "seen": str(case.length - 1)}


def _not_theirs(releasing: Releasing, case: Case) -> tuple[Client, dict[str, Any]]:
    return releasing.client("reviewer"), _form(case, PLANTED)


def _stranger(releasing: Releasing, case: Case) -> tuple[Client, dict[str, Any]]:
    return Client(SERVER_NAME="localhost"), _form(case, PLANTED)


def _no_day(releasing: Releasing, case: Case) -> tuple[Client, dict[str, Any]]:
    return releasing.client("custodian"), {**_form(case, PLANTED), "since-0": "nonsense"}


def _of_no_item(releasing: Releasing, case: Case) -> tuple[Client, dict[str, Any]]:
    return releasing.client("custodian"), {
        "seen": str(case.length),
        "file-99": SimpleUploadedFile("x", PLANTED),
    }


def _too_many(releasing: Releasing, case: Case) -> tuple[Client, dict[str, Any]]:
    many = {f"other-{number}": SimpleUploadedFile("x", PLANTED) for number in range(uploads.MOST + 5)}
    return releasing.client("custodian"), {"seen": str(case.length), **many}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (_no_secret, 403),
        (_old, 409),
        (_not_theirs, 403),
        (_stranger, 302),
        (_no_day, 422),
        (_of_no_item, 422),
        (_too_many, 422),
    ],
)
def test_what_is_refused_leaves_nothing(
    sent: Callable[[Releasing, Case], tuple[Client, dict[str, Any]]],
    status: int,
    releasing: Releasing,
    notified: Case,
) -> None:
    client, form = sent(releasing, notified)
    before = _lying(releasing, notified)
    assert client.post(f"/cases/{notified.id}/prepare/", form).status_code == status
    assert _lying(releasing, notified) == before
    assert not releasing.case(notified.id).files


def test_a_file_that_is_too_long_is_refused_in_words_and_leaves_nothing(
    releasing: Releasing, notified: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_files, "FILE_BYTES", 1000)
    before = _lying(releasing, notified)
    answer = releasing.client("custodian").post(
        f"/cases/{notified.id}/prepare/", _form(notified, PLANTED * 100)
    )
    assert answer.status_code == 422
    assert "more than 1,000 bytes" in answer.content.decode()
    assert _lying(releasing, notified) == before


def test_a_connection_that_breaks_off_leaves_nothing(releasing: Releasing, notified: Case) -> None:
    body = (
        f'--x\r\nContent-Disposition: form-data; name="seen"\r\n\r\n{notified.length}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file-0"; filename="r.csv"\r\n\r\n'
    ).encode() + PLANTED * 1000
    before = _lying(releasing, notified)
    answer = releasing.client("custodian").post(
        f"/cases/{notified.id}/prepare/", body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code in (400, 422)
    assert _lying(releasing, notified) == before
    assert not releasing.case(notified.id).files


def test_a_handler_that_could_not_begin_says_why_when_the_file_is_looked_for() -> None:
    def begin() -> Any:
        raise Refused("there is no room left on the disk", place="here")

    handler = uploads.Handler(begin)
    handler.new_file("file-0", "x.csv", "text/csv", 3)
    handler.receive_data_chunk(b"abc", 0)
    found = handler.file_complete(3)
    handler.discard()
    assert found is not None
    with pytest.raises(Refused, match="no room"):
        found.taken()


# ---- the real server ------------------------------------------------------------------------------------

_SERVES = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from habeas.web import serve
from habeas.web.configuration import Configuration
from tests.app import houses
home, port = Path(sys.argv[1]), sys.argv[2]
clock = houses.Clock()
opened = houses.furnished(home, clock)
case = houses.brought(opened, clock, "notified")

def ready():
    from allauth.mfa.totp.internal.auth import TOTP
    from habeas.web.accounts.models import Account
    account = Account(login="custodian@x.example", organisation=houses.ORGANISATION, person="custodian")
    account.set_password(sys.argv[3])
    account.save()
    TOTP.activate(account, sys.argv[5])
    print(case.id, flush=True)

configuration = Configuration(home=home, hosts=("localhost",), https=False)
serve.serve(configuration, opened, bind=f"127.0.0.1:{port}", workers=1, ready=ready)
"""


class Running(NamedTuple):
    address: str
    case: str
    home: Path
    temporary: Path
    process: subprocess.Popen[str]

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in children.split()]

    def forget(self) -> int:
        """The memory the server has now, in bytes; the most it has is counted anew from here."""
        for pid in (self.process.pid, *self.workers()):
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        return self.peak()

    def peak(self) -> int:
        """The most memory that a process of the server had, in bytes."""
        found = [
            re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
            for pid in (self.process.pid, *self.workers())
        ]
        return max(int(each[1]) * 1024 for each in found if each)

    def hidden(self) -> list[str]:
        """Files that the server has open and that have no name any more: a temporary copy would be one."""
        found = []
        for pid in self.workers():
            for each in Path(f"/proc/{pid}/fd").iterdir():
                try:
                    if "(deleted)" in os.readlink(each) and each.stat().st_size > MEGABYTE:
                        found.append(os.readlink(each))
                except FileNotFoundError:
                    continue
        return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if not Path("/proc/self/status").exists():
        pytest.skip("the memory of a process is read from /proc")
    folder = tmp_path_factory.mktemp("served")
    temporary = folder / "tmp"
    temporary.mkdir()
    port = free_port()
    root = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVES, str(folder / "home"), str(port), PASSWORD, root, SECRET],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        case = process.stdout.readline().strip()
        assert case, "the server did not start"
        assert _soon(lambda: _answers(port)), "the server does not answer"
        yield Running(f"http://localhost:{port}", case, folder / "home", temporary, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)
        process.stdout.close()


def _soon(is_so: Callable[[], bool]) -> bool:
    """Whether it is, before we lose patience."""
    until = time.monotonic() + 60
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


class Body:
    """A form with one long file, made while it is read. half: called once, in the middle."""

    def __init__(self, fields: dict[str, str], length: int, half: Callable[[], None]) -> None:
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        head = (
            "".join(parts)
            + f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file-0"; filename="r.csv"\r\n\r\n'
        )
        self._head, self._tail = head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()
        self._length, self._sent, self._half = length, 0, half
        self.len = len(self._head) + length + len(self._tail)
        self._piece = PLANTED + os.urandom(MEGABYTE - len(PLANTED))  # chance does not get smaller

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        while self._sent < self._length:
            piece = self._piece[: self._length - self._sent]
            if self._sent <= self._length // 2 < self._sent + len(piece):
                self._half()
            self._sent += len(piece)
            yield piece
        yield self._tail

    def __len__(self) -> int:
        return self.len


@pytest.fixture(scope="module")
def session(running: Running) -> Any:
    """An HTTP client in which the custodian signed in."""
    address = running.address
    requests = pytest.importorskip("requests", reason="no HTTP client is installed")
    session = requests.Session()

    def secret() -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found
        return found[1]

    page = session.get(f"{address}/sign-in/")
    form = {"login": "custodian@x.example", "password": PASSWORD, "csrfmiddlewaretoken": secret()}
    page = session.post(f"{address}/sign-in/", data=form)
    form = {"code": code_of(SECRET), "csrfmiddlewaretoken": secret()}
    page = session.post(f"{address}/sign-in/code/", data=form)
    assert page.status_code == 200
    assert page.url == f"{address}/"
    return session


def _secret_of(session: Any, address: str) -> dict[str, str]:
    page = session.get(address).text
    found = {}
    for name in ("csrfmiddlewaretoken", "seen"):
        value = re.search(rf'name="{name}"[^>]* value="([^"]+)"', page)
        assert value
        found[name] = value[1]
    return found


def test_a_large_file_comes_in_little_memory_and_lies_nowhere_in_clear(
    running: Running, session: Any
) -> None:
    address = f"{running.address}/cases/{running.case}/prepare/"
    fields = {
        **_secret_of(session, address),
        "holds-0": "subscriber",
        "since-0": "2026-09-12",
        "until-0": "2026-09-14",
    }
    before, hidden = running.forget(), []
    body = Body(fields, LARGE, lambda: hidden.extend(running.hidden()))
    started = time.monotonic()
    answer = session.post(
        address,
        data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
        allow_redirects=False,
    )
    took, grown = time.monotonic() - started, running.peak() - before
    assert answer.status_code == 302
    assert hidden == []
    assert list(running.temporary.iterdir()) == []
    assert grown < GROWTH, f"{LARGE // MEGABYTE} MB in {took:.1f} s: {grown // MEGABYTE} MB more memory"
    page = session.get(f"{running.address}/cases/{running.case}/prepare/").text
    assert "r.csv" in page
    kept = [each.stat().st_size for each in (running.home / "data" / "blobs").rglob("*") if each.is_file()]
    assert max(kept) >= LARGE, "all of it came"
    for path in running.home.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while piece := file.read(8 * MEGABYTE):
                    assert PLANTED not in piece, path


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(running: Running, session: Any) -> None:
    address = f"{running.address}/cases/{running.case}/prepare/"
    fields = {
        **_secret_of(session, address),
        "holds-0": "subscriber",
        "since-0": "2026-09-12",
        "until-0": "2026-09-14",
    }
    seen: list[Path] = []

    class Gone(Exception):
        pass

    def on_its_way() -> bool:
        seen.extend((running.home / "data" / "blobs").rglob("*.half"))
        return bool(seen)

    def leave() -> None:
        _soon(on_its_way)
        raise Gone

    body = Body(fields, 40 * MEGABYTE, leave)
    with pytest.raises(Gone):
        session.post(
            address,
            data=body,
            headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
        )
    assert seen, "it was on its way"
    assert _soon(lambda: not list((running.home / "data" / "blobs").rglob("*.half")))


def test_of_what_a_stranger_sends_nothing_is_kept_and_little_is_held(running: Running) -> None:
    requests = pytest.importorskip("requests", reason="no HTTP client is installed")
    before = running.forget()
    body = Body({}, 30 * MEGABYTE, lambda: None)
    answer = requests.post(
        f"{running.address}/cases/{running.case}/prepare/",
        data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
        allow_redirects=False,
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")
    assert running.peak() - before < GROWTH
    assert not list((running.home / "data" / "blobs").rglob("*.half"))
