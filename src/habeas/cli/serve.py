"""`habeas serve`, `habeas worker`, `habeas demo`: the desk as a process.

Django is imported inside the commands: it wants its settings first, and the other commands need none of it.
"""

from __future__ import annotations

import base64
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import click
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from habeas.app import demo as example
from habeas.app import past
from habeas.app.installation import Installation
from habeas.app.publishing import Outcome, Publisher
from habeas.app.worker import EACH, Tiding, Worker, owed
from habeas.cli.house import database_option, home_option
from habeas.cli.passphrase import given, passphrases
from habeas.errors import Refused
from habeas.gateways.mail import Folder, Post, Server
from habeas.store import handed_over

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.web.configuration import Configuration

_LOG = logging.getLogger("habeas.worker")
PUBLISH_PAUSE = 60.0  # seconds between two looks whether a public log is due
TIDY_PAUSE = 3600.0  # seconds between two looks whether lines of the access record are too old
HEAR_PAUSE = 60.0  # seconds between two looks whether somebody should hear of their way in
MAIL_CREDENTIAL = "habeas-mail"  # the name of the mail account's password among systemd's credentials
PAUSE = 5.0  # seconds between two looks of the worker where nothing was due
STEP_SECONDS, DIGITS = 30, 6  # of a second factor by an app (RFC 6238, and what every app supposes)

mail_option = click.option(
    "--mail",
    default="",
    envvar="HABEAS_MAIL",
    help="SENDER@HOST:PORT of a mail server with STARTTLS; without it messages are files in the home folder. "
    "Its account: HABEAS_MAIL_USER, HABEAS_MAIL_PASSWORD (or systemd's credential habeas-mail).",
)
site_option = click.option(
    "--site",
    default="",
    envvar="HABEAS_SITE",
    help="The address of the desk as colleagues open it, https://desk.example.org. Messages link to it.",
)
hosts_option = click.option(
    "--host",
    "hosts",
    multiple=True,
    default=("localhost", "127.0.0.1"),
    show_default=True,
    help="A name this site answers to, as people type it; can be said more than once.",
)


def _configuration(
    home: Path,
    hosts: tuple[str, ...],
    https: bool,
    database: str,
    *,
    proxies: int = 0,
    demo: bool = False,
    openid: Path | None = None,
    password_words: Path | None = None,
    breached: Path | None = None,
) -> Configuration:
    from habeas.web.accounts.breached import usable
    from habeas.web.accounts.house_words import listed
    from habeas.web.configuration import Configuration, services

    return Configuration(
        home=home,
        hosts=hosts,
        https=https,
        proxies=proxies,
        database_url=database,
        demo=demo,
        openid=services(openid) if openid is not None else (),
        password_words=listed(password_words) if password_words is not None else (),
        breached=usable(breached) if breached is not None else None,
    )


@click.command("serve")
@home_option
@database_option
@hosts_option
@mail_option
@site_option
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="HOST:PORT or unix:PATH.")
@click.option("--https/--no-https", default=True, show_default=True, help="--no-https on loopback only.")
@click.option(
    "--proxies", default=0, show_default=True, type=click.IntRange(0, 4), help="Of ours, in front of it."
)
@click.option(
    "--openid",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="HABEAS_OPENID",
    help="A TOML file that names the house's own sign-in services (OpenID Connect).",
)
@click.option(
    "--password-words",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="HABEAS_PASSWORD_WORDS",
    help="A text file of words that no password may contain, one a line: places, departments, nicknames.",
)
@click.option(
    "--breached-passwords",
    "breached",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="HABEAS_BREACHED_PASSWORDS",
    help="The SHA-1 list of Have I Been Pwned, ordered by hash, as one file. Nobody is asked.",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A PEM file with the chain to answer over TLS; needed where the desk is bound to a network.",
)
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Its key, in PEM.")
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run the worker beside it.")
def serve(
    home: Path,
    database: str,
    hosts: tuple[str, ...],
    mail: str,
    site: str,
    bind: str,
    https: bool,
    proxies: int,
    openid: Path | None,
    password_words: Path | None,
    breached: Path | None,
    certificate: Path | None,
    key: Path | None,
    processes: int,
    worker: bool,
) -> None:
    """Run the desk: its pages and, beside them, the worker that looks at time limits."""
    from habeas.web import serve as web

    if (certificate is None) != (key is None):
        raise Refused("a certificate and its key go together", place="--certificate", hint="name --key, too")
    shown = web.Certificate(certificate, key) if certificate is not None and key is not None else None
    web.reachable(bind, shown)
    opened = Installation.open(home, database=database, passphrases=passphrases(), make=False)
    configuration = _configuration(
        home,
        hosts,
        https,
        database,
        proxies=proxies,
        openid=openid,
        password_words=password_words,
        breached=breached,
    )
    beside = partial(_beside, home, database, mail, site or _site(hosts, bind, https), given())
    with beside() if worker else _nothing():
        web.serve(configuration, opened, bind=bind, certificate=shown, workers=processes)


@click.command("worker")
@home_option
@database_option
@mail_option
@site_option
def worker(home: Path, database: str, mail: str, site: str) -> None:
    """Look at time limits until told to stop. Any number may run; one of them acts."""
    from habeas.web import stream
    from habeas.web.serve import prepare

    stream.begin()
    opened = Installation.open(home, database=database, passphrases=passphrases(), make=False)
    prepare(_configuration(home, ("localhost",), False, database), opened)
    from habeas.web.telling import tell, tell_of_ways_in

    post = _post(home, mail)

    def told(tiding: Tiding) -> None:
        try:
            tell(tiding, post, opened.now(), site.rstrip("/"))
        except Refused as refused:
            _said(refused)  # the limit is recorded; only the message did not go out

    from django.db import DatabaseError

    from habeas.web.accounts import access

    def tidy() -> None:
        try:
            access.tidy(opened.now())
        except DatabaseError:
            _LOG.error("old lines of the access record could not be dropped; it is tried again")

    def hear() -> None:
        try:
            tell_of_ways_in(post, opened.now(), site.rstrip("/"))
        except Refused as refused:
            _said(refused)
        except DatabaseError:
            _LOG.error("it could not be seen whom to tell of their way in; it is tried again")

    holder = f"{os.uname().nodename}-{os.getpid()}"
    publishing, done = Publisher(opened, holder), partial(_remind, opened, told)
    beside = ((TIDY_PAUSE, tidy), (PUBLISH_PAUSE, lambda: _publish(publishing, done)), (HEAR_PAUSE, hear))
    _work(Worker(opened, holder, told), beside)


def _remind(opened: Installation, tell: Callable[[Tiding], None], outcome: Outcome) -> None:
    """Tell counsel what the day's publication made due."""
    tiding = owed(opened, outcome.organisation) if outcome.new else None
    if tiding is not None:
        tell(tiding)


def _work(working: Worker, beside: Collection[tuple[float, Callable[[], None]]]) -> None:
    """beside: what else is looked at now and then, each with the seconds between two looks."""
    stopped = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    next_look = dict.fromkeys(range(len(beside)), 0.0)
    while not stopped:
        for number, (pause, look) in enumerate(beside):
            if time.monotonic() >= next_look[number]:
                look()
                next_look[number] = time.monotonic() + pause
        try:
            seen_to = working.step()
        except Refused as refused:  # of one case, after all others were seen to; it is tried again
            _said(refused)
            seen_to = 0
        if seen_to < EACH:
            _wait(PAUSE, lambda: stopped)
    working.stop()


def _publish(publishing: Publisher, done: Callable[[Outcome], None]) -> None:
    """What is due of the public logs. What fails is said, and tried again after a while."""
    try:
        for outcome in publishing.step():
            _LOG.info(outcome.words)
            done(outcome)
    except Refused as refused:
        _said(refused)


def _said(refused: Refused) -> None:
    """A line of the error stream (`habeas.web.stream`)."""
    _LOG.error(refused.sentence, extra={"error": "Refused", "where": refused.place, "hint": refused.hint})


def _wait(seconds: float, enough: Callable[[], bool]) -> None:
    """Wait, and notice within a moment that somebody wants us to stop."""
    ends = time.monotonic() + seconds
    while not enough() and (left := ends - time.monotonic()) > 0:
        time.sleep(min(left, 0.2))


@click.command("demo")
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), help="Keep it here, not in a passing folder."
)
@click.option(
    "--stories",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("examples"),
    show_default=True,
    help="The folder of example requests.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65534))
def demo(home: Path | None, stories: Path, port: int) -> None:
    """Run a desk with example requests in it, and print one login for each role. Nothing in it is real."""
    with tempfile.TemporaryDirectory(prefix="habeas-demo-") as folder:
        place = home or Path(folder)
        opened = Installation.open(place)
        site = f"http://localhost:{port}"
        for organisation in example.SEATS:
            if not opened.people(organisation).length:
                if organisation == example.ORGANISATION:
                    click.echo(
                        "The first example house gets a past, so that its public site has a report ..."
                    )
                    past.live(place, stories, opened.now(), site=site)
                example.furnish(opened, stories, organisation, site=site)
            Publisher(opened, "demo").publish(organisation)
        from habeas.web import serve as web

        configuration = _configuration(place, ("localhost", "127.0.0.1"), False, "", demo=True)
        with _beside(place, "", "", f"http://localhost:{port}"), _sites(place / "public", port + 1):
            web.serve(
                configuration,
                opened,
                bind=f"127.0.0.1:{port}",
                workers=2,
                ready=lambda: _print_logins(port),
            )


def _print_logins(port: int) -> None:
    from habeas.web.example import accounts

    password = base64.b32encode(os.urandom(10)).decode().lower()
    houses = [accounts(organisation, password, os.urandom) for organisation in example.SEATS]
    wide = max(len(each.title) for each in houses[0]), max(len(each.login) for each in houses[-1])
    lines = [
        "",
        f"The desk is at http://localhost:{port}/. Nothing in it is real; Ctrl-C ends it.",
        "What everybody can see of it, and check:",
        *(f"  http://localhost:{port + 1}/{organisation}/en/" for organisation in example.SEATS),
        "",
        f"Everybody's password is {password}",
        "The second factor is a code from an app that was given the secret, or from: habeas code SECRET",
    ]
    for words, logins in zip(
        ("A house that looks at every story from the seat it names", "A central authority that can release"),
        houses,
        strict=True,
    ):
        lines += ["", f"{words}:"]
        lines += [f"  {each.title:{wide[0]}}  {each.login:{wide[1]}}  {each.secret}" for each in logins]
    click.echo("\n".join([*lines, ""]))


@click.command("code")
@click.argument("secret")
def code(secret: str) -> None:
    """The code that an app would show now for SECRET (RFC 6238). For the example house."""
    try:
        key = base64.b32decode(secret.upper(), casefold=True)
    except ValueError:
        raise Refused(
            "this is no secret of a second factor", place=secret, hint="copy it as a whole"
        ) from None
    now = int(time.time())
    click.echo(TOTP(key, DIGITS, SHA1(), STEP_SECONDS, enforce_key_length=False).generate(now).decode())
    click.echo(f"good for {STEP_SECONDS - now % STEP_SECONDS} more seconds", err=True)


def _site(hosts: tuple[str, ...], bind: str, https: bool) -> str:
    """Where colleagues open the desk, by the first of its names: behind a proxy at the port of HTTPS, without
    one at our own."""
    return f"https://{hosts[0]}" if https else f"http://{hosts[0]}:{bind.rpartition(':')[2]}"


def _post(home: Path, mail: str) -> Post:
    return server(mail) if mail else Folder(home / "mail")


def server(mail: str, option: str = "--mail") -> Server:
    """The mail server that is named as SENDER@HOST:PORT, with its account from the environment."""
    sender, _, where = mail.rpartition("@")
    host, _, port = where.partition(":")
    kept = handed_over(MAIL_CREDENTIAL)
    if not sender or not host or not port.isdecimal():
        raise Refused("this is no mail server", place=option, hint="write SENDER@HOST:PORT")
    return Server(
        host,
        int(port),
        sender if "@" in sender else f"{sender}@{host}",
        os.environ.get("HABEAS_MAIL_USER", ""),
        os.environ.get("HABEAS_MAIL_PASSWORD", "") or (kept.read_text("utf-8").strip() if kept else ""),
    )


@contextmanager
def _sites(folder: Path, port: int) -> Iterator[None]:
    """The public sites, plain files at an address of their own: nothing public shares one with the desk."""

    class Files(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Who looked at what is kept nowhere."""

    with ThreadingHTTPServer(("127.0.0.1", port), partial(Files, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _beside(
    home: Path, database: str, mail: str, site: str, passphrases: tuple[str, ...] = ()
) -> Iterator[None]:
    """The worker as a process of its own, for as long as the block lasts. passphrases: go by a pipe."""
    words = [sys.executable, "-m", "habeas", "worker", "--home", str(home)]
    if passphrases:
        words += ["--passphrase-file", "-"]
    lines = "".join(f"{each}\n" for each in passphrases).encode()
    # Addresses hold passwords, and everybody on a machine reads the arguments of a process.
    kept = {"HABEAS_DATABASE": database, "HABEAS_MAIL": mail, "HABEAS_SITE": site}
    ended = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ended.is_set():
            pipe = subprocess.PIPE if lines else None
            running[:] = [subprocess.Popen(words, env={**os.environ, **kept}, stdin=pipe)]
            running[0].communicate(lines or None)
            code = running[0].returncode
            if not ended.wait(PAUSE):
                _LOG.error("the worker ended with %s and is started again", code)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        for process in running:
            process.terminate()
        keeper.join(timeout=30)
