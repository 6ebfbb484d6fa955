"""What SECURITY.md and docs/asvs.md promise: every named test, file, module and command is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from habeas.cli import habeas

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "asvs.md"
CRYPTOGRAPHY = ROOT / "docs" / "cryptography.md"
TEXTS = (
    ROOT / "SECURITY.md",
    TABLE,
    CRYPTOGRAPHY,
    *(ROOT / "docs" / f"{each}.md" for each in ("running", "misuse")),
)
STATES = ("met", "in part", "not met", "does not apply")

# How many requirements of level 1 and 2 each section of ASVS 5.0.0 has. Within a section they come first.
REQUIRED = {
    "V1": (2, 9, 11, 3, 2),
    "V2": (3, 3, 4, 1),
    "V3": (0, 2, 4, 6, 5, 0, 2),
    "V4": (3, 1, 2, 4),
    "V5": (1, 3, 2, 3),
    "V6": (3, 12, 4, 4, 5, 3, 0, 4),
    "V7": (3, 4, 2, 5, 2, 2),
    "V8": (2, 3, 1, 1),
    "V9": (3, 4),
    "V10": (2, 2, 4, 11, 5, 2, 3),
    "V11": (2, 3, 3, 4, 1, 1),
    "V12": (3, 2, 4),
    "V13": (1, 5, 2, 5),
    "V14": (2, 4, 3),
    "V15": (3, 3, 7),
    "V16": (1, 5, 4, 3, 3),
    "V17": (1, 4, 2),
}


class Row(NamedTuple):
    id: str
    asked: str
    state: str
    reason: str
    tests: tuple[str, ...]


def rows(text: str) -> list[Row]:
    found = []
    for line in text.splitlines():
        cells = [each.strip() for each in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and re.fullmatch(r"V\d+(\.\d+)+", cells[0]):
            assert len(cells) == 5, f"{cells[0]} has {len(cells)} cells"
            found.append(
                Row(cells[0], cells[1], cells[2], cells[3], tuple(re.findall(r"`([^`]+)`", cells[4])))
            )
    return found


@cache
def _tests_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def wrong(row: Row) -> list[str]:
    """What is wrong with a row, a sentence each."""
    found = []
    if row.state not in STATES:
        found.append(f"{row.id}: {row.state!r} is no state")
    if row.state in ("met", "in part") and not row.tests:
        found.append(f"{row.id}: no test shows it")
    if row.state in ("not met", "does not apply") and row.tests:
        found.append(f"{row.id}: it is {row.state}, and tests are named")
    if len(row.reason) < 4 or len(row.asked) < 3:
        found.append(f"{row.id}: it does not say how, or why not")
    for test in row.tests:
        path, _, name = test.partition("::")
        if not (ROOT / path).is_file() or not path.startswith("tests/"):
            found.append(f"{row.id}: there is no file {path}")
        elif name not in _tests_of(ROOT / path) or not name.startswith("test_"):
            found.append(f"{row.id}: there is no test {name} in {path}")
    return found


ROWS = rows(TABLE.read_text("utf-8"))


def test_every_row_has_a_test_that_exists_or_a_reason() -> None:
    assert [each for row in ROWS for each in wrong(row)] == []


def test_every_requirement_has_one_row() -> None:
    ids = [row.id for row in ROWS]
    assert len(ids) == len(set(ids))
    sections = {row.id for row in ROWS if row.id.count(".") == 1}
    missing = [
        f"{chapter}.{section}.{number}"
        for chapter, counts in REQUIRED.items()
        for section, count in enumerate(counts, start=1)
        for number in range(1, count + 1)
        if f"{chapter}.{section}" not in sections and f"{chapter}.{section}.{number}" not in ids
    ]
    assert missing == []
    assert {row.state for row in ROWS if row.id in sections} == {"does not apply"}


def test_the_sum_above_the_table_is_right() -> None:
    said = re.search(
        r"(\d+) rows: (\d+) met, (\d+) in part, (\d+) not met, (\d+) do not apply", TABLE.read_text("utf-8")
    )
    assert said
    counted = Counter(row.state for row in ROWS)
    assert [int(each) for each in said.groups()] == [len(ROWS), *(counted[state] for state in STATES)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("| V1.1.1 | asked | met | so it is | |", "no test shows it"),
        (
            "| V1.1.1 | asked | met | so it is | `tests/test_security.py::test_gone` |",
            "there is no test test_gone",
        ),
        ("| V1.1.1 | asked | met | so it is | `tests/test_gone.py::test_gone` |", "there is no file"),
        ("| V1.1.1 | asked | met | so it is | `tests/test_security.py::wrong` |", "there is no test wrong"),
        ("| V1.1.1 | asked | not met | | |", "does not say how"),
        ("| V1.1.1 | asked | perhaps | because | |", "is no state"),
    ],
)
def test_a_row_that_is_wrong_is_found(row: str, sentence: str) -> None:
    [found] = rows(row)
    assert sentence in " ".join(wrong(found))


def test_a_row_that_is_right_is_not_found() -> None:
    this = "`tests/test_security.py::test_a_row_that_is_right_is_not_found`"
    for row in (f"| V1.1.1 | asked | met | so it is | {this} |", "| V1.1.1 | asked | not met | because | |"):
        assert [each for found in rows(row) for each in wrong(found)] == []


# ---- what the documents name ------------------------------------------------------------------------------


def gone(text: str, folder: Path) -> list[str]:
    """What a document names and what is not there: links, files of ours, modules, commands."""
    found = []
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not target.startswith("http") and not (folder / target).exists():
            found.append(f"the link {target}")
    for path in re.findall(r"`((?:src|tests|docs|examples|benchmarks)/[^`\s:*]+)", text):
        if not (ROOT / path).exists():
            found.append(f"the file {path}")
    for module in re.findall(r"`(habeas(?:\.[a-z_]+)+)", text):
        path = ROOT / "src" / Path(*module.split("."))
        if not path.is_dir() and not path.with_suffix(".py").is_file():
            found.append(f"the module {module}")
    for words in re.findall(r"(?:`|^)habeas((?: [a-z][a-z-]*)+)", text, re.MULTILINE):
        command: click.Command | None = habeas
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            command = command.commands.get(word)
            if command is None:
                found.append(f"the command habeas{words}")
                break
    return found


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_what_the_documents_name_is_there(path: Path) -> None:
    assert gone(path.read_text("utf-8"), path.parent) == []


@pytest.mark.parametrize(
    "text",
    [
        "see [this](docs/gone.md)",
        "in `src/habeas/gone.py`",
        "by `habeas.gone`",
        "run `habeas gone`",
        "run `habeas records gone`",
        "```\nhabeas records gone --home x\n```",
    ],
)
def test_a_name_of_something_that_is_gone_is_found(text: str) -> None:
    assert len(gone(text, ROOT)) == 1


def test_a_name_of_something_that_is_there_is_not_found() -> None:
    text = "[this](docs/asvs.md#v1), `tests/test_security.py::x`, `habeas.web.door`, `habeas records doctor`"
    assert gone(text, ROOT) == []


def test_the_page_on_security_leads_to_the_table() -> None:
    assert "(docs/asvs.md)" in (ROOT / "SECURITY.md").read_text("utf-8")


# ---- what the code uses ----------------------------------------------------------------------------------

SECRET_MAKING = frozenset(
    """argon2 bcrypt cryptography Crypto fido2 gnupg hashlib hmac jwcrypto jwt nacl OpenSSL os.urandom passlib
    pyrage random secrets ssl django.contrib.auth.hashers django.contrib.auth.tokens django.core.signing
    django.utils.crypto""".split()
)
"""Whatever encrypts, signs, hashes or draws secrets, in the standard library and in what is installed."""
REACHING = frozenset(
    """aiohttp asyncio boto3 django.core.mail ftplib http.client http.server httpx imaplib multiprocessing
    obstore paramiko poplib psycopg requests smtplib socket socketserver subprocess telnetlib urllib.request
    urllib3 websockets xmlrpc""".split()
)
"""Whatever opens a connection, or starts a process that could."""


def used(source: str, among: frozenset[str]) -> set[str]:
    """Which of these a module imports, or takes as an attribute of what it imports."""
    named: set[str] = set()
    modules: dict[str, str] = {}
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                named |= {each.name for each in names}
                modules |= {each.asname or each.name: each.name for each in names}
            case ast.ImportFrom(module=str(module), level=0, names=names):
                named |= {f"{module}.{each.name}" for each in names}
            case ast.Call(func=ast.Name(id="__import__") | ast.Attribute(attr="import_module")):
                named |= {str(each.value) for each in node.args if isinstance(each, ast.Constant)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=attr, value=ast.Name(id=name)) if name in modules:
                named.add(f"{modules[name]}.{attr}")
    return {each for each in among for name in named if name == each or name.startswith(f"{each}.")}


def _users(among: frozenset[str]) -> dict[str, set[str]]:
    folder = ROOT / "src"
    found = {
        ".".join(path.relative_to(folder).with_suffix("").parts): used(path.read_text("utf-8"), among)
        for path in folder.rglob("*.py")
    }
    return {module: names for module, names in found.items() if names}


def _listed(text: str) -> dict[str, set[str]]:
    """Of each module named in the first cell of a table, what the second names."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        cells = line.split("|")
        if len(cells) > 3 and "`habeas." in cells[1]:
            for module in re.findall(r"`(habeas\.[a-z_.]+)`", cells[1]):
                assert module not in found, f"{module} is there twice"
                found[module] = set(re.findall(r"`([^`]+)`", cells[2]))
    return found


def test_every_use_of_cryptography_is_in_the_inventory_and_nothing_else() -> None:
    assert _listed(CRYPTOGRAPHY.read_text("utf-8")) == _users(SECRET_MAKING)


def test_whatever_can_reach_somebody_is_named_with_whom_and_nothing_else_can() -> None:
    assert _listed((ROOT / "SECURITY.md").read_text("utf-8")) == _users(REACHING)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import hashlib", {"hashlib"}),
        ("import hashlib as h", {"hashlib"}),
        ("from cryptography.hazmat.primitives import hashes", {"cryptography"}),
        ("def f():\n    from django.core import signing", {"django.core.signing"}),
        ("import os\nos.urandom(3)", {"os.urandom"}),
        ("from os import urandom", {"os.urandom"}),
        ("import os as o\no.urandom(3)", {"os.urandom"}),
        ("secrets = [3]\nsecrets.sort()", set()),
        ("import importlib\nimportlib.import_module('hmac')", {"hmac"}),
        ("__import__('ssl')", {"ssl"}),
        ("import os\nos.getcwd()\nfrom django.core import cache", set()),
        ("hash('x')", set()),
    ],
)
def test_a_use_is_found_however_it_is_written(source: str, expected: set[str]) -> None:
    assert used(source, SECRET_MAKING) == expected


def test_the_inventory_says_what_is_done_when_an_algorithm_has_to_go() -> None:
    plan = CRYPTOGRAPHY.read_text("utf-8").partition("## When an algorithm has to go")[2]
    for algorithm in ("AES-256-GCM", "X25519", "Ed25519", "SHA-256", "HMAC-SHA-1", "ML-KEM-768", "ML-DSA-44"):
        assert algorithm in plan


def test_how_soon_libraries_are_updated_is_promised_in_days() -> None:
    """The graver, the sooner; and the page says how it is looked up."""
    part = (ROOT / "SECURITY.md").read_text("utf-8").partition("## Libraries")[2].partition("\n## ")[0]
    days = [int(each) for each in re.findall(r"^\|[^|]+\| (\d+) days? \|", part, re.MULTILINE)]
    assert len(days) == 5
    assert days == sorted(days)
    assert "requirements.lock" in part
