"""Sites for the tests: one with everything, one of a house that has just begun, and what they are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from habeas.desk.events import Silence, Witnessing
from habeas.reports.published import SITE_FORMAT, Manifest
from habeas.reports.site import PublishedReport, SiteFacts, Suspended

_KEY = "log.example.org/house+0a1b2c3d+AZtS1nQ0kq4mYwq4bq2m8Q3c0l7oZf8tqzqv2bJ3xk1N"


def manifest(*, witnesses: int = 3, quorum: int = 2, silences: tuple[Silence, ...] = ()) -> Manifest:
    return Manifest(
        format=SITE_FORMAT,
        origin="log.example.org/house",
        log=_KEY,
        promises=_KEY.replace("house", "house/promises"),
        hour=4,
        zone="Europe/Paris",
        within=3,
        quorum=quorum,
        witnesses=tuple(
            Witnessing(
                key=f"witness-{number}.example.org+0a1b2c3d+BJf1xv3c", url="https://witness.example.org/"
            )
            for number in range(witnesses)
        ),
        silences=silences,
    )


FULL = SiteFacts(
    house="Provider One",
    contact="record@example.org",
    manifest=manifest(
        silences=(
            Silence(subject="notice-delay", how="band", step=250, law="section 5 of an Act"),
            Silence(subject="accounts", how="defer", footing="order", until="2027-01"),
            Silence(subject="letter", how="never"),
        )
    ),
    size=51904,
    root="mB3v9q0cZ1uXl5tq7h6r2J8yWm4nKp0sVfLdE1aTgU4=",
    published=datetime(2026, 11, 21, 3, 10, tzinfo=UTC),
    cosigned=2,
    verify_sha256="ab" * 32,
    verifiers={"en": "cd" * 32, "ar": "ef" * 32},
    reports=(
        PublishedReport(name="2025-H2", made=date(2026, 1, 8), files=("index.html",)),
        PublishedReport(
            name="2026-H1",
            made=date(2026, 7, 2),
            files=("index.html", "ru.html", "report.pdf", "a.csv"),
        ),
        PublishedReport(
            name="special", made=date(2026, 3, 1), files=("index.html",), title="One <state> & us"
        ),
    ),
    totals=("2026-01", "2026-02"),
    suspended=(Suspended(state="NIC", since="2025-11"), Suspended(state="BLR", since="2026-03")),
)

BARE = msgspec.structs.replace(
    FULL,
    manifest=manifest(witnesses=0, quorum=0),
    cosigned=0,
    size=0,
    reports=(),
    totals=(),
    suspended=(),
    verifiers={},
)

TOO_FEW = msgspec.structs.replace(FULL, cosigned=1)
