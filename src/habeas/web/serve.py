"""The process: settings in place, tables made, files collected, and a WSGI application that gunicorn runs.

Django is told its settings once in a process, before any other module of this package is imported; that is
how Django wants it.
"""

from __future__ import annotations

import gc
import logging
import os
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
import msgspec
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler

from habeas import atlas, treaty
from habeas.app.installation import Installation
from habeas.assess.lexicon import languages, lexicon
from habeas.assess.phrasebook import phrasebook
from habeas.assess.rulebook import rulebook
from habeas.errors import Refused
from habeas.web import stream
from habeas.web.configuration import Configuration, settings

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
KEEP_ALIVE = 75  # seconds; longer than a proxy keeps a connection, so that we are never the first to close
THREADS = 8  # pages wait for the disk, not for each other


def prepare(configuration: Configuration, installation: Installation) -> None:
    """Tell Django its settings. Once in a process."""
    if configuration.openid and not all(find_spec(name) for name in ("requests", "jwt")):
        raise Refused(
            "the part that speaks to sign-in services is not installed",
            place="openid",
            hint="pip install 'django-allauth[socialaccount]'",
        )
    django_settings.configure(**settings(configuration, installation))
    django.setup()
    # Django's own lines name the address of a page, which names a case, and its traces quote what was typed.
    # Ours (`habeas.web`) name neither.
    log = logging.getLogger("django")
    log.addHandler(logging.NullHandler())
    log.propagate = False


def application(configuration: Configuration, installation: Installation) -> WSGIHandler:
    """The web side of an installation, ready to answer."""
    prepare(configuration, installation)
    return made()


def tables() -> None:
    """Make the tables of the accounts, or change them to what this version keeps."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def made() -> WSGIHandler:
    """Make or change the tables, collect the files, and answer."""
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    tables()
    call_command("collectstatic", interactive=False, verbosity=0)
    return get_wsgi_application()


def read_ahead() -> None:
    """Read templates, law and word lists before the server divides into processes, once for all of them:
    otherwise whoever comes first in each waits for it."""
    from django.template import engines

    templates = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in templates.list_templates():
        templates.get_template(name)
    rulebook().outcomes  # noqa: B018 compiled when first asked for
    treaty.law()
    atlas.atlas().version  # noqa: B018 the same
    for language in languages():
        lexicon(language)
        phrasebook(language)
    import_module(str(django_settings.ROOT_URLCONF))
    work_out(msgspec.Struct)
    gc.collect()
    gc.freeze()  # what stays for good is not gone through again and again, nor copied by each process


def work_out(kind: type[Any]) -> None:
    """Have msgspec work out how every Struct below this one is read, as long as there is one thread.

    It does so when a Struct is first asked for, and shows it to other threads before it is done: two that ask
    for the same at once end the process with a segmentation fault.
    """
    for each in kind.__subclasses__():
        with suppress(TypeError, NameError):  # nobody reads it: it holds what has no form in JSON
            msgspec.json.Decoder(each)
        work_out(each)


def hand_on(installation: Installation) -> None:
    """Close every connection before the server divides into processes: each opens its own when it is asked.

    SQLite keeps which locks a process has in the memory of that process. A child that inherits it believes it
    has them, takes none, and is not safe from anybody (sqlite.org/howtocorrupt, section 2.6).
    """
    from django.db import connections

    installation.close()
    connections.close_all()


def behind(configuration: Configuration, bind: str) -> Configuration:
    """The same, with one proxy where there must be one and nobody else can reach us: then what it says of a
    visitor (X-Forwarded-For, X-Forwarded-Proto) is true, and limits count visitors and not the proxy."""
    socket, loopback = bind.startswith("unix:"), bind.rpartition(":")[0] in _LOOPBACK
    if configuration.proxies or not (socket or (loopback and configuration.https)):
        return configuration
    return replace(configuration, proxies=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the desk shows where it answers over TLS itself. chain: its own and those between, in PEM."""

    chain: Path
    key: Path


def reachable(bind: str, certificate: Certificate | None) -> None:
    """Raises Refused where what is said would cross a network in clear."""
    here = bind.startswith("unix:") or bind.rpartition(":")[0] in _LOOPBACK
    if not here and certificate is None:
        raise Refused(
            "over a network the desk answers over TLS only",
            place=bind,
            hint="bind it to 127.0.0.1 or a socket behind a server of yours, or name --certificate and --key",
        )
    for path in (certificate.chain, certificate.key) if certificate is not None else ():
        if not os.access(path, os.R_OK):
            raise Refused("this part of the certificate cannot be read", place=str(path))


def tls(_config: object, made: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """TLS 1.2 and 1.3, with forward secrecy and authenticated ciphers alone (RFC 9325)."""
    context = made()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    return context


def serve(
    configuration: Configuration,
    installation: Installation,
    *,
    bind: str,
    certificate: Certificate | None = None,
    workers: int = 2,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Answer at `bind` (host:port or unix:path) until the process is told to stop.

    certificate: to answer over TLS; without one only on this machine. ready: called once, when the tables are
    there and before anybody is answered.
    """
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    reachable(bind, certificate)
    stream.begin()
    answering = application(
        behind(configuration, bind) if certificate is None else configuration, installation
    )
    read_ahead()
    ready()

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            chosen: dict[str, Any] = {
                "bind": bind,
                "workers": workers,
                "threads": THREADS,
                "worker_class": "gthread",
                "preload_app": True,
                "limit_request_line": 4094,
                "forwarded_allow_ips": "*" if bind.startswith("unix:") else "127.0.0.1",
                "accesslog": None,  # addresses of pages name cases
                "errorlog": None,  # `habeas.web.stream` takes it
                "keepalive": KEEP_ALIVE,
                "proc_name": "habeas web",
                "control_socket_disable": True,
                "pre_fork": lambda _arbiter, _worker: hand_on(installation),
            }
            if certificate is not None:
                chosen |= {"certfile": str(certificate.chain), "keyfile": str(certificate.key)}
                chosen |= {"ssl_context": tls, "do_handshake_on_connect": False}
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> WSGIHandler:
            return answering

    Server().run()
