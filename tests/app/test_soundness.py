"""What the doctor finds, and that it finds nothing where all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.app import soundness
from habeas.app.installation import Installation
from habeas.app.releasing import hand_over
from habeas.store import Store
from tests.app.houses import (
    ORGANISATION,
    Clock,
    brought,
)


def test_every_case_ends_well_under_the_eyes_of_the_doctor(app: Installation, clock: Clock) -> None:
    for stage in ("received", "assessed", "decided", "prepared", "released", "closed"):
        brought(app, clock, stage)
    assert list(soundness.faults(app, ORGANISATION)) == []


def test_a_crash_during_a_release_is_named_by_the_doctor(
    app: Installation, clock: Clock, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = brought(app, clock, "approved")

    def stopped(*_arguments: object, **_words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", stopped)
        with pytest.raises(KeyboardInterrupt):
            hand_over(app, ORGANISATION, case.id, "custodian")
    assert list(soundness.faults(app, ORGANISATION)) == [
        f"{case.id}: a sealed package stands aside; a crash during a release leaves one."
    ]


def test_the_doctor_speaks_where_the_house_itself_is_damaged(app: Installation, clock: Clock) -> None:
    brought(app, clock, "received")
    with app.store.database.transaction() as run:
        run("UPDATE event SET sealed = ? WHERE stream = 'house' AND number = 1", b"\x01" + bytes(60))
    said = list(soundness.faults(app, ORGANISATION))
    assert any(sentence.startswith("house, event 1: ") for sentence in said)
