"""`habeas access`: the record in a terminal, by a process of its own, as an operator runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from habeas.app.installation import Installation
from tests.app.houses import ORGANISATION, Clock, furnished

_WRITES = """
import sys
from pathlib import Path
from habeas.app.installation import Installation
from habeas.web.configuration import Configuration
from habeas.web.serve import application
home = Path(sys.argv[1])
application(Configuration(home=home, hosts=("localhost",), https=False), Installation.open(home))
from django.test import Client
from habeas.web.accounts import inviting
from habeas.web.accounts.access import Kind, Who, noted
from django.test import RequestFactory
request = RequestFactory(REMOTE_ADDR="203.0.113.7").get("/")
noted(request, Kind.INVITED, Who(sys.argv[2], "administrator"), about="reviewer")
noted(request, Kind.REFUSED, Who(sys.argv[2], "custodian"), page="review")
inviting.invite(organisation=sys.argv[2], person="reviewer")
for login in ("reviewer@" + sys.argv[2], "nobody@nowhere.example"):
    Client(SERVER_NAME="localhost").post("/sign-in/", {"login": login, "password": "a wrong one"})
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose pages wrote some lines."""
    made = tmp_path_factory.mktemp("access") / "home"
    furnished(made, Clock()).close()
    subprocess.run([sys.executable, "-c", _WRITES, str(made), ORGANISATION], check=True)
    return made


def _habeas(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
    return subprocess.run(
        [sys.executable, "-m", "habeas", "access", *words, "--home", str(home)],
        capture_output=True,
        text=True,
        env={**known, "COLUMNS": "160"},
        check=False,
    )


def test_the_lines_of_a_house_are_shown_the_newest_on_top(home: Path) -> None:
    said = _habeas(home, "show", "-o", ORGANISATION).stdout
    assert said.index("Sign-in failed, password") < said.index("Refused: not theirs to do")
    assert "administrator, about reviewer" in said
    assert "203.0.113.7" not in said
    assert "nobody" not in said


def test_lines_are_chosen_and_come_as_json_for_a_program(home: Path) -> None:
    said = _habeas(home, "show", "-o", ORGANISATION, "--kind", "ways", "--json").stdout.splitlines()
    (line,) = [json.loads(each) for each in said]
    assert line.pop("at").endswith("Z")
    mark = _habeas(home, "mark", "203.0.113.7").stdout.strip()
    assert line == {"person": "administrator", "kind": "invited", "about": "reviewer", "place": mark}
    assert "Nothing of this kind" in _habeas(home, "show", "-o", ORGANISATION, "--since", "2999-01-01").stdout


def test_attempts_under_names_of_nobody_are_for_the_operator(home: Path) -> None:
    said = _habeas(home, "show", "--json").stdout.splitlines()
    (line,) = [json.loads(each) for each in said]
    assert line["kind"] == "not-signed-in"
    assert "person" not in line


def test_a_line_that_was_changed_is_said(home: Path) -> None:
    import sqlite3
    from contextlib import closing

    well = _habeas(home, "check", "-o", ORGANISATION)
    assert (well.returncode, well.stdout) == (0, "All is as it should be.\n")
    for new, expected in (("reviewer", 1), ("custodian", 0)):
        with closing(sqlite3.connect(home / "accounts.sqlite")) as database:
            database.execute("UPDATE accounts_accessline SET person = ? WHERE kind = 'refused'", (new,))
            database.commit()
        found = _habeas(home, "check", "-o", ORGANISATION)
        assert found.returncode == expected
        assert ("inside: line 2 was changed." in found.stdout) is bool(expected)


def test_where_no_page_ever_ran_there_is_no_record(tmp_path: Path) -> None:
    Installation.open(tmp_path / "home").close()
    found = _habeas(tmp_path / "home", "show")
    assert found.returncode == 2
    assert "nothing is written down" in found.stderr
