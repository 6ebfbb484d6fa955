"""A Maildir: what lies there, what is answered, and the door of a mailbox that runs apart from the desk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from habeas.app import doors, maildir
from habeas.app.arrivals import Arrivals
from habeas.app.installation import Installation
from habeas.app.maildir import ANSWERS, MAILDIR
from habeas.app.publishing import Publisher
from habeas.desk import promise, tally
from habeas.desk.events import Door, Doorway, LogConfigured
from habeas.errors import Refused
from habeas.gateways.mail import Server
from habeas.gateways.sites import Site
from habeas.reports.audit import audit
from tests.app.houses import ORGANISATION, Clock, a_request, as_bytes, keeps
from tests.app.mails import CLERK, SENDER, delivered
from tests.desk.desks import START

ORIGIN = "desk.example.org/log"


@pytest.fixture
def box(tmp_path: Path) -> Path:
    for name in MAILDIR:
        (tmp_path / "mailbox" / name).mkdir(parents=True)
    return tmp_path / "mailbox"


@pytest.fixture
def to(tmp_path: Path) -> Path:
    (tmp_path / "to").mkdir()
    return tmp_path / "to"


@pytest.fixture
def apart(tmp_path: Path, to: Path) -> Iterator[Arrivals]:
    Arrivals.made(tmp_path / "own", ORIGIN, Door.MAILBOX)
    arrivals = Arrivals(tmp_path / "own", to)
    yield arrivals
    arrivals.close()


def collected(apart: Arrivals, box: Path, clock: Clock, sender: str = SENDER) -> dict[str, bytes]:
    return dict(maildir.collect(apart, box, clock, sender))


def handed(to: Path) -> list[Path]:
    return [each for each in to.iterdir() if not each.name.startswith(".")]


def test_a_mail_is_counted_promised_handed_over_and_answered_by_a_door_apart(
    apart: Arrivals, box: Path, to: Path, clock: Clock
) -> None:
    data = delivered(box, "1.one", as_bytes(a_request()))
    (box / "new" / "1.one").rename(box / "cur" / "1.one:2,S")
    found = collected(apart, box, clock)
    given = promise.read(found["1.one"], apart.key)
    assert given.sha256 == promise.sha256(data)
    assert len(apart) == 1
    assert [each.read_bytes() for each in handed(to)] == [data]
    assert list(maildir.lying(box)) == []
    answer = message_from_bytes((box / ANSWERS / "1.one.eml").read_bytes(), policy=policy.default)
    assert (answer["To"], answer["From"], answer["In-Reply-To"]) == (CLERK, SENDER, "<1.one@court.example>")
    (file,) = answer.iter_attachments()  # type: ignore[attr-defined]
    assert file.get_payload(decode=True) == found["1.one"]


def test_a_mail_that_cannot_be_read_is_counted_and_handed_over_and_not_answered(
    apart: Arrivals, box: Path, to: Path, clock: Clock
) -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(60))
    (box / "new" / "1.deep").write_bytes(deep)
    delivered(box, "2.back", path="")
    assert collected(apart, box, clock).keys() == {"1.deep", "2.back"}
    assert len(apart) == len(handed(to)) == 2
    assert not (box / ANSWERS).exists()


def test_what_a_mailbox_apart_hands_over_is_taken_in_as_a_mail_and_logged_as_it_was_promised(
    app: Installation, clock: Clock, apart: Arrivals, box: Path, to: Path
) -> None:
    """The desk drops one of three: the auditor who has the door's list sees it, and the sender too."""
    named = (Doorway(door=Door.MAILBOX, key=str(apart.key)),)
    keeps(app, LogConfigured(origin=ORIGIN, doors=named))
    sent = [delivered(box, "1.one", as_bytes(a_request())), delivered(box, "2.letter")]
    delivered(box, "3.dropped")
    promises = list(collected(apart, box, clock).values())
    [dropped] = [each for each in handed(to) if b"3.dropped" in each.read_bytes()]
    dropped.unlink()
    looked = list(doors.look(app, ORGANISATION, "intake", to, Door.MAILBOX))
    [taken] = [each for found in looked for each in found.taken]
    assert taken.case is not None
    case = app.case(ORGANISATION, taken.case.id)
    [whole] = case.files_kept
    assert app.get(ORGANISATION, case.id, whole.sha256) == sent[0]
    [lies] = [each.lies for each in looked if each.lies is not None]
    assert lies.read_bytes() == sent[1]
    assert lies.suffix == ".eml"

    for _ in range(5):
        assert Publisher(app).publish(ORGANISATION) is not None
        clock.go(days=1)
    count = apart.count(clock.at).encoded()
    found = audit(
        Site(str(app.site(ORGANISATION))).many, now=clock.at, promises=promises, doors=[count]
    ).findings
    kept = [each.holds for each in found if each.sentence.startswith("The promise of")]
    assert kept == [True, True, False]
    [door] = [each for each in found if each.sentence.startswith("The door mailbox counted 3 things")]
    assert door.holds is False
    assert "1 of them should stand in the log by now and do not" in door.sentence


def test_what_is_handed_over_and_is_no_mail_is_a_file_as_at_any_door(
    app: Installation, clock: Clock, apart: Arrivals, to: Path
) -> None:
    keeps(app, LogConfigured(origin=ORIGIN, doors=(Doorway(door=Door.MAILBOX, key=str(apart.key)),)))
    apart.arrive([as_bytes(a_request())], clock.at)
    [found] = doors.look(app, ORGANISATION, "intake", to, Door.MAILBOX)
    assert found.lies is None
    assert found.taken[0].case is not None
    assert found.taken[0].case.files_kept == ()


@pytest.mark.parametrize("stop", ["written", "promised", "laid", "counted", "handed", "answered"])
def test_wherever_it_is_stopped_no_mail_is_lost_or_left_uncounted(
    tmp_path: Path, box: Path, to: Path, clock: Clock, stop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(name: str) -> None:
        if name == stop:
            raise KeyboardInterrupt

    data = delivered(box, "1.one")
    Arrivals.made(tmp_path / "own", ORIGIN, Door.MAILBOX)
    first = Arrivals(tmp_path / "own", to, step=step)
    with monkeypatch.context() as patched:
        if stop == "answered":
            patched.setattr(maildir, "answer", lambda *_given: step(stop))
        with pytest.raises(KeyboardInterrupt):
            collected(first, box, clock)
    first.close()
    assert [each.read_bytes() for each in maildir.lying(box)] == [data]
    again = Arrivals(tmp_path / "own", to)
    collected(again, box, clock)
    lines = tally.read(again.count(START + timedelta(days=9)).encoded(), [again.key]).arrivals
    assert {each.read_bytes() for each in handed(to)} == {data}
    assert len(handed(to)) == len(lines) == (2 if stop in ("counted", "handed", "answered") else 1)
    assert list(maildir.lying(box)) == []
    again.close()


def test_what_is_not_finished_or_is_no_plain_file_is_left_alone(
    apart: Arrivals, box: Path, clock: Clock, tmp_path: Path
) -> None:
    (box / "tmp" / "1.half").write_bytes(b"From")
    (box / "new" / ".hidden").write_bytes(b"From")
    (tmp_path / "secret").write_bytes(b"secret")
    (box / "new" / "2.link").symlink_to(tmp_path / "secret")
    assert collected(apart, box, clock) == {}
    assert len(apart) == 0
    with contextlib.suppress(FileNotFoundError):
        (box / "cur").rmdir()
    with pytest.raises(Refused, match="no Maildir"):
        collected(apart, box, clock)


def test_what_the_server_does_not_take_stays_with_what_comes_after_it(
    apart: Arrivals, box: Path, clock: Clock
) -> None:
    for name in ("1.one", "2.two"):
        delivered(box, name)
    collected(apart, box, clock)
    carried: list[bytes] = []

    class Away(Server):
        def carry(self, answer: bytes) -> None:
            if len(carried) == 1:
                raise Refused("the mail server did not take a message")
            carried.append(answer)

    away = Away("127.0.0.1", 25, SENDER)
    with pytest.raises(Refused):
        maildir.send(box, away)
    assert len(list((box / ANSWERS).iterdir())) == 1
    carried.clear()
    assert maildir.send(box, away) == 1
    assert list((box / ANSWERS).iterdir()) == []
