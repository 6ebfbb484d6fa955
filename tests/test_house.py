"""The house keeps its own rules.

What no compiler checks and every reader relies on: pure packages stay pure, imports run downwards, every
module says what it decides and has a test of its own, the lock files pin everything by hash, no licence binds
more than ours, the documents name commands that exist, and no file betrays the machine it was written on.
Each rule is a small function over text or a syntax tree, so that the test beside it can show it failing.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatch
from importlib.metadata import distribution, metadata
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "habeas"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

PURE = ("errors.py", "request", "treaty", "atlas", "assess", "desk")

# Modules that need no test file of their own, each with the reason.
UNMIRRORED = {
    "__main__.py": "one line; the command line it calls is tested as such",
    "web/accounts/apps.py": "names the app for Django; nothing works without it",
    "web/accounts/migrations/0001_initial.py": "made by Django from the models; each web test runs it",
    "web/accounts/migrations/0002_access.py": "the same",
    "web/accounts/migrations/0003_hearing.py": "the same; tests/web/accounts/test_recovery.py runs its step",
    "web/accounts/migrations/0004_saved_filter.py": "the same",
    "web/accounts/migrations/0005_names_and_halves.py": "the same; test_models.py runs its step",
}


def _ignored() -> list[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [".git", *(line for line in lines if line and not line.startswith("#"))]


def _files(top: Path = ROOT) -> Iterator[Path]:
    """The files of the project: everything that .gitignore does not name."""
    ignored = _ignored()
    for folder, below, names in os.walk(top):
        below[:] = sorted(name for name in below if not any(fnmatch(name, bad) for bad in ignored))
        for name in sorted(names):
            if not any(fnmatch(name, bad) for bad in ignored):
                yield Path(folder, name)


def _texts() -> Iterator[tuple[str, str]]:
    """(path, text) of every text file, line ends as they are; without the files that are bad on purpose."""
    for path in _files():
        inside = path.relative_to(ROOT)
        data = path.read_bytes()
        if inside.parts[:2] != ("tests", "bad") and b"\0" not in data:
            yield inside.as_posix(), data.decode("utf-8")


def _modules(*parts: str) -> Iterator[tuple[str, ast.Module]]:
    """(path, tree) of every module under the named parts of the package; of all of them without a name."""
    for part in parts or (".",):
        top = SRC / part
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            yield path.relative_to(SRC).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


# --- no file betrays a machine ------------------------------------------------------------------------------

_HOSTS = [
    ".".join(labels)
    for labels in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
]
_MACHINE_PATH = re.compile(r"(?<![\w./~-])/(?:work|root|home|Users)/[\w.]")
_TABS_ARE_SYNTAX = {"Makefile"}


def betrayals(path: str, text: str) -> list[str]:
    """What in this text belongs to one machine or one editor and not to the project."""
    found = [f"names the registry host {host}" for host in _HOSTS if host in text]
    if match := _MACHINE_PATH.search(text):
        found.append(f"names a path of one machine: {match[0]}")
    if "\t" in text and path not in _TABS_ARE_SYNTAX and not path.endswith(".go"):
        found.append("has a tab")
    if "\r" in text:
        found.append("has a carriage return")
    return found


def test_no_file_names_a_registry_or_a_machine_or_has_tabs() -> None:
    found = {path: betrayals(path, text) for path, text in _texts()}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "text", [f"see https://{_HOSTS[0]}/x", "open('/" + "work/main')", "cd /" + "root/x", "a\tb", "a\r\n"]
)
def test_a_text_of_one_machine_is_found(text: str) -> None:
    assert betrayals("x.md", text)


@pytest.mark.parametrize(
    "text", ["https://example.org/" + "work/main", "src/home/x", "the /root of it", "a    b\n"]
)
def test_an_innocent_neighbour_is_not_found(text: str) -> None:
    assert betrayals("x.md", text) == []


# --- the pure packages --------------------------------------------------------------------------------------

_IMPURE_MODULES = {
    **dict.fromkeys(["time"], "clock"),
    **dict.fromkeys(["random", "secrets", "uuid"], "chance"),
    **dict.fromkeys(["asyncio", "http", "smtplib", "socket", "ssl", "urllib.request"], "socket"),
    **dict.fromkeys(["dbm", "sqlite3"], "database"),
    **dict.fromkeys(["multiprocessing", "subprocess"], "process"),
}
_CLOCK_CALLS = {"now", "today", "utcnow"}
_CHANCE_CALLS = {"default_rng", "urandom"}
_ENVIRONMENT = {"environ", "getenv"}
_BUILTINS = {
    "print": "output",
    "input": "input",
    "open": "file",
    "hash": "chance",  # of a str it differs from run to run, and an assessment must not
}


def impurities(tree: ast.Module) -> list[str]:
    """What in this module asks the clock, chance, the disk or the network."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imported = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                imported = [module, *(f"{module}.{alias.name}" for alias in names)]
            case ast.Call(func=ast.Attribute(attr=attr)):
                imported = []
                if attr in _CLOCK_CALLS:
                    found.append(f"line {node.lineno}: clock ({attr})")
                if attr in _CHANCE_CALLS:
                    found.append(f"line {node.lineno}: chance ({attr})")
            case ast.Attribute(attr=attr) if attr in _ENVIRONMENT:
                imported = []
                found.append(f"line {node.lineno}: environment ({attr})")
            case ast.Call(func=ast.Name(id=name)) if name in _BUILTINS:
                imported = []
                found.append(f"line {node.lineno}: {_BUILTINS[name]} ({name})")
            case _:
                imported = []
        for full in imported:
            for impure, what in _IMPURE_MODULES.items():
                if full == impure or full.startswith(impure + "."):
                    found.append(f"line {node.lineno}: {what} ({full})")  # type: ignore[attr-defined]
    return found


def test_the_pure_packages_ask_no_clock_no_chance_and_no_machine() -> None:
    found = {path: impurities(tree) for path, tree in _modules(*PURE)}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.date.today()",
        "import time",
        "from time import monotonic",
        "def f():\n    import uuid",
        "import urllib.request",
        "from urllib import request",
        "import sqlite3",
        "import numpy as np\nr = np.random.default_rng()",
        "print('x')",
        "open('law.toml')",
        "import os\nseat = os.environ['SEAT']",
        "key = hash('x') % 7",
    ],
)
def test_an_impure_line_is_found(source: str) -> None:
    assert impurities(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date, datetime",
        "def late(event, on):\n    return event.due < on",
        "from urllib.parse import urlsplit",
        "import os\ndef load(path: os.PathLike[str]): ...",
        "from importlib.resources import files\nx = files('habeas').joinpath('a.toml').read_bytes()",
        "today = law.value_on(day)",
    ],
)
def test_a_pure_neighbour_is_not_found(source: str) -> None:
    assert impurities(ast.parse(source)) == []


# --- the layers ---------------------------------------------------------------------------------------------


def _lint_imports(where: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
    paths = {**os.environ, "PYTHONPATH": str(where / "src")}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=where, env=paths, capture_output=True, text=True, check=False
    )


def _model_house(where: Path) -> Path:
    """A house with the same layers and nothing in them, to try imports in."""
    package = where / "src" / "habeas"
    [layers] = [each for each in PROJECT["tool"]["importlinter"]["contracts"] if each["id"] == "layers"]
    for name in re.findall(r"\w+", " ".join(layers["layers"])):
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").write_text("", encoding="utf-8")
    [pure] = [each for each in PROJECT["tool"]["importlinter"]["contracts"] if each["id"] == "pure"]
    for module in pure["source_modules"]:
        if (parts := module.split("."))[2:]:
            package.joinpath(*parts[1:]).with_suffix(".py").write_text("", encoding="utf-8")
    (package / "__init__.py").write_text("", encoding="utf-8")
    (where / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return package


def test_imports_run_downwards_only() -> None:
    answer = _lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("errors", "habeas.request"),
        ("atlas", "habeas.treaty"),
        ("assess", "habeas.desk"),
        ("desk", "habeas.store"),
        ("app", "habeas.web"),
        ("treaty", "socket"),
    ],
)
def test_an_upward_import_is_refused(module: str, imported: str, tmp_path: Path) -> None:
    package = _model_house(tmp_path)
    (package / module / "__init__.py").write_text(f"import {imported}\n", encoding="utf-8")
    answer = _lint_imports(tmp_path)
    assert answer.returncode == 1
    assert f"habeas.{module} is not allowed to import {imported}" in answer.stdout


def test_a_downward_import_is_not_refused(tmp_path: Path) -> None:
    package = _model_house(tmp_path)
    (package / "assess" / "__init__.py").write_text("import habeas.atlas, habeas.treaty\n", encoding="utf-8")
    answer = _lint_imports(tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_new_part_has_to_choose_its_layer(tmp_path: Path) -> None:
    package = _model_house(tmp_path)
    (package / "stray.py").write_text("", encoding="utf-8")
    answer = _lint_imports(tmp_path)
    assert answer.returncode == 1
    assert "habeas.stray" in answer.stdout


# --- how modules are written --------------------------------------------------------------------------------


def test_every_module_says_what_it_decides() -> None:
    assert [path for path, tree in _modules() if not ast.get_docstring(tree)] == []


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in SRC.rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").is_file()) == []


def test_nothing_is_left_to_be_done_later_in_the_code() -> None:
    later = re.compile(r"\b(TODO|FIXME)\b")
    found = [
        path
        for path, text in _texts()
        if path.endswith(".py") and path.startswith("src/") and later.search(text)
    ]
    assert found == []


def test_every_module_has_a_test_file_of_its_own() -> None:
    modules = [path for path, _ in _modules() if not path.endswith("__init__.py") and path not in UNMIRRORED]
    wanted = {path: (ROOT / "tests" / path).with_name(f"test_{Path(path).name}") for path in modules}
    assert [path for path, test in wanted.items() if not test.is_file()] == []


def test_the_exceptions_still_exist_and_have_a_reason() -> None:
    assert [path for path, why in UNMIRRORED.items() if not (SRC / path).is_file() or not why] == []


def test_every_data_file_is_shipped_with_the_package() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["habeas"]
    names = [pattern.removeprefix("**/") for pattern in patterns]
    data = [path for path in _files(SRC) if path.suffix != ".py"]
    left = [path for path in data if not any(fnmatch(path.name, name) for name in names)]
    assert [str(path.relative_to(SRC)) for path in left] == []


_YAML_DOOR = "request/formats/yaml_text.py"
_YAML_UNSAFE = re.compile(r"(unsafe_|full_)?load(_all)?|C?(Full|Unsafe)?Loader")


def unsafe_yaml(tree: ast.Module) -> list[str]:
    """Uses of PyYAML that could build anything but plain values."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="yaml"), attr=name) if _YAML_UNSAFE.fullmatch(name):
                found.append(f"line {node.lineno}: yaml.{name}")
            case ast.ImportFrom(module="yaml", names=names):
                unsafe = [alias.name for alias in names if _YAML_UNSAFE.fullmatch(alias.name)]
                found += [f"line {node.lineno}: from yaml import {name}" for name in unsafe]
    return found


def _imports_yaml(tree: ast.Module) -> bool:
    return any(
        (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "yaml" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "yaml")
        for node in ast.walk(tree)
    )


def test_yaml_is_read_in_one_place_only() -> None:
    assert [path for path, tree in _modules() if _imports_yaml(tree)] == [_YAML_DOOR]


def test_yaml_never_builds_anything_but_plain_values() -> None:
    assert unsafe_yaml(ast.parse((SRC / _YAML_DOOR).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "yaml.load(x, yaml.Loader)",
        "yaml.load(x, Loader=other)",
        "yaml.unsafe_load(x)",
        "from yaml import FullLoader",
    ],
)
def test_an_unsafe_yaml_loader_is_found(source: str) -> None:
    assert unsafe_yaml(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ["yaml.safe_load(x)", "from yaml import CSafeLoader", "yaml.parse(text, Loader=yaml.CSafeLoader)"],
)
def test_the_safe_yaml_loader_is_not_found(source: str) -> None:
    assert unsafe_yaml(ast.parse(source)) == []


# --- what is installed --------------------------------------------------------------------------------------


def _asked(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def locked(text: str) -> dict[str, list[str]]:
    """Each pinned name of a lock file with its hashes; any other line stands under its own text."""
    pins: dict[str, list[str]] = {}
    for logical in text.replace("\\\n", " ").splitlines():
        line = logical.split(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        pin, *hashes = line.split()
        pins[canonicalize_name(pin.split("==")[0]) if "==" in pin else line] = hashes
    return pins


LOCKS = [
    "requirements.lock",
    "requirements-dev.lock",
    "benchmarks/requirements.lock",
    "benchmarks/requirements-log.lock",
]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_pinned_by_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    bare = [
        pin
        for pin, hashes in locked(text).items()
        if not hashes or not all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes)
    ]
    assert bare == []
    assert "://" not in text


def test_a_pin_without_a_hash_is_seen() -> None:
    assert locked("click==8.1\n") == {"click": []}
    assert locked("--index-url x\n") == {"--index-url x": ["x"]}


@pytest.mark.parametrize(
    ("asked", "lock"),
    [
        ("requirements.in", LOCKS[0]),
        ("requirements-dev.in", LOCKS[1]),
        ("benchmarks/requirements.in", LOCKS[2]),
        ("benchmarks/requirements-log.in", LOCKS[3]),
    ],
)
def test_everything_asked_for_is_locked(asked: str, lock: str) -> None:
    pins = locked((ROOT / lock).read_text(encoding="utf-8"))
    assert [str(one) for one in _asked(asked) if canonicalize_name(one.name) not in pins] == []


def test_the_two_locks_agree() -> None:
    versions = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.M))
        for name in LOCKS
    ]
    assert versions[0].items() <= versions[1].items()


def test_the_package_and_the_lock_ask_for_the_same_things() -> None:
    package = {*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]}
    named = {Requirement(one).name for one in package}
    assert named == {one.name for one in _asked("requirements.in")}
    assert {Requirement(one) for one in PROJECT["project"]["dependencies"]} <= set(_asked("requirements.in"))


def _runtime() -> dict[str, str]:
    """What a user installs: each distribution, however deep, with its licence in its own words."""
    waiting = [Requirement(one) for one in PROJECT["project"]["dependencies"]]
    licences: dict[str, str] = {}
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in licences or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        said = metadata(name)
        fields = [*(said.get_all("License-Expression") or []), *(said.get_all("License") or [])]
        fields += [one for one in said.get_all("Classifier") or [] if one.startswith("License ::")]
        licences[name] = "; ".join(fields)
        waiting += [Requirement(text) for text in distribution(name).requires or []]
    return licences


CHOSEN = {
    "pyphen": "offered under GPL 2+, LGPL 2.1+ or MPL 1.1, at the user's choice; taken under MPL 1.1",
    "pyrage": "MIT by the file LICENSE in its repository; its metadata leave the field out",
}
"""Where the metadata of a package do not settle the question, with what does."""

_BINDING = re.compile(r"\bA?GPL|(Affero|GNU) General Public")


def test_no_runtime_dependency_is_under_the_gpl() -> None:
    licences = _runtime()
    assert {"msgspec", "numpy", "markupsafe"} <= licences.keys()
    bound = {name for name, said in licences.items() if not said or _BINDING.search(said)}
    assert bound - CHOSEN.keys() == set()
    assert CHOSEN.keys() - bound == set(), "a choice that need not be made any more"


@pytest.mark.parametrize(
    "said", ["GPL-3.0-or-later", "AGPLv3", "MIT AND GPL-2.0-only", "GNU General Public License"]
)
def test_a_binding_licence_is_recognised(said: str) -> None:
    assert _BINDING.search(said)


@pytest.mark.parametrize("said", ["Apache-2.0", "BSD-3-Clause", "MIT", "LGPL-2.1-only", "PSF-2.0"])
def test_an_open_licence_is_not_mistaken_for_one(said: str) -> None:
    assert not _BINDING.search(said)


# --- the documents ------------------------------------------------------------------------------------------


def _targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):(?!=)", makefile, flags=re.M))


def make_commands(text: str) -> set[str]:
    """The targets that a document tells its reader to make, in code spans and code blocks."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.S)
    return {target for span in code for target in re.findall(r"\bmake ([a-z-]+)", span)}


def habeas_commands(text: str) -> list[list[str]]:
    """The `habeas ...` command lines of a document's code blocks and code spans, split into words."""
    text = text.replace("\\\n", " ")
    blocks = re.findall(r"```\w*\n(.*?)```", text, flags=re.S)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    lines = [
        line.strip().removeprefix("$ ").removeprefix(".venv/bin/") for b in blocks for line in b.splitlines()
    ]
    lines += [span.strip().removeprefix(".venv/bin/") for span in spans]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("habeas ")]


def unknown_command(words: list[str], command: click.Command) -> str | None:
    """The first word that names no sub-command, or the first option that the command does not have."""
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            found = command.commands.get(word)
            if found is None:
                return word
            command = found
        elif word.startswith("--"):
            known = {
                option for parameter in command.params for option in parameter.opts + parameter.secondary_opts
            }
            if word.split("=")[0] not in known | {"--help"}:
                return word
    return None


def test_the_readme_opens_with_the_two_commands() -> None:
    assert {"run", "test"} <= make_commands((ROOT / "README.md").read_text(encoding="utf-8")) & _targets()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_in_the_documents_exists(path: Path) -> None:
    from habeas.cli import habeas

    text = path.read_text(encoding="utf-8")
    assert make_commands(text) - _targets() == set()
    assert [words for words in habeas_commands(text) if unknown_command(words, habeas)] == []


def test_an_unknown_command_is_noticed() -> None:
    @click.group()
    def desk() -> None: ...

    @desk.command()
    @click.option("--json", is_flag=True)
    @click.argument("path")
    def assess(path: str, json: bool) -> None: ...

    assert make_commands("say `make tea` and make noise") == {"tea"}
    assert habeas_commands("```sh\nhabeas assess x.json \\\n  --json\n```\n`habeas`") == [
        ["assess", "x.json", "--json"]
    ]
    assert unknown_command(["assess", "x.json", "--json"], desk) is None
    assert unknown_command(["asess", "x.json"], desk) == "asess"
    assert unknown_command(["assess", "x.json", "--yaml"], desk) == "--yaml"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_between_the_documents_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_the_example_in_contributing_is_a_correct_law_file(tmp_path: Path) -> None:
    from habeas.atlas import check

    [example] = re.findall(
        r"```toml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.S
    )
    file = tmp_path / "TUR.toml"
    file.write_text(
        'state = "TUR"\niso2 = "TR"\nname = "Türkiye"\nfacts = {}\n\n' + example, encoding="utf-8"
    )
    assert check(file, on=date(2026, 11, 21)) == ()


def test_the_changelog_speaks_of_this_version() -> None:
    import habeas

    assert habeas.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# --- the gate -----------------------------------------------------------------------------------------------


def test_the_gate_can_be_run_and_ends_with_the_tests() -> None:
    gate = ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    assert gate.read_text(encoding="utf-8").rstrip().splitlines()[-2:] == ["make lint", "make test"]
