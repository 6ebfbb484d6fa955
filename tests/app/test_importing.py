"""Lines of a table become cases once, whoever presses the button meanwhile, in the zone they speak of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from habeas.app import importing
from habeas.desk.events import Door
from habeas.desk.queue import View
from habeas.errors import Refused
from habeas.request.formats.table import read_table
from tests.app.houses import ORGANISATION, Clock, furnished

HEADING = "reference,requesting_state,instrument,measure,targets,deadline"
WHO = (ORGANISATION, "intake")


def table(*lines: str) -> bytes:
    return "\n".join([HEADING, *lines]).encode()


def row(number: int, state: str = "FRA", deadline: str = "") -> str:
    return f"J3-{number},{state},uncc,stored-access,account-{number},{deadline}"


def test_a_table_taken_in_twice_at_once_makes_each_case_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = furnished(tmp_path, Clock())
    first, _second = lines = read_table(table(row(1), row(2)), "table")
    known = importing._known
    assert first.request is not None

    def late(*given: Any) -> tuple[str, bool]:
        """Somebody presses the same button between the look and the taking in."""
        found = known(*given)
        if not found[0] and given[2].reference == "J3-1":
            app.receive(*WHO, first.request, first.source, door=Door.IMPORT)  # type: ignore[arg-type]
        return found

    monkeypatch.setattr(importing, "_known", late)
    looked = importing.look(app, *WHO, lines)
    told = importing.told(looked, importing.take(app, *WHO, looked))
    assert told == "1 case taken in. 1 line came again, as the case of each says."
    assert app.count(ORGANISATION, View()) == 2


def test_the_zone_of_a_line_is_its_states_or_the_one_said_and_never_utc_by_itself(tmp_path: Path) -> None:
    app = furnished(tmp_path, Clock())
    lines = read_table(table(row(1, "FRA"), row(2, "USA")), "table")
    for said, zones in (
        ("", ["Europe/Paris", ""]),
        ("unknown", ["", ""]),
        ("Asia/Tokyo", ["Asia/Tokyo"] * 2),
    ):
        assert [each.zone for each in importing.look(app, *WHO, lines, zone=said)] == zones
    taken = importing.take(app, *WHO, importing.look(app, *WHO, lines))
    assert [app.case(ORGANISATION, each.case).zone for each in taken] == ["Europe/Paris", ""]


def test_nothing_is_looked_at_for_who_takes_nothing_in(tmp_path: Path) -> None:
    app = furnished(tmp_path, Clock())
    with pytest.raises(Refused, match="This is for intake"):
        importing.look(app, ORGANISATION, "custodian", read_table(table(row(1)), "table"))
