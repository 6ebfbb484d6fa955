"""The atlas as one value: its states, provisions and version, and the finding of citations.

Decides when a file is read: a state when it is first asked for, everything only for a question that needs
everything (a citation without a state). A file that is wrong is refused whole, with file and key.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec

from habeas.atlas.files import Column, Context, columns_of, refusals, state_of
from habeas.atlas.finding import Finder, Match, forms
from habeas.atlas.folding import fold
from habeas.atlas.latin import Latin
from habeas.atlas.model import Indicator, Provision, State
from habeas.atlas.tokens import Entry, Names
from habeas.errors import Refused

_INDICATORS = "indicators_2023.toml"
_SHARED = ("columns.toml", "called.toml", "citation_words.toml")


class Atlas:
    """The law files of one folder. Values are read once and never change."""

    def __init__(self, folder: Traversable | None = None) -> None:
        self._folder: Traversable = folder if folder is not None else files("habeas.atlas")
        self._states: dict[str, State] = {}
        self._finders: dict[str, Finder] = {}

    @property
    def folder(self) -> Traversable:
        """The folder the files are read from."""
        return self._folder

    # -- what there is --------------------------------------------------------------------------------

    def states(self) -> tuple[str, ...]:
        """The codes of all states, in order (ISO 3166-1 alpha-3, with XKX and EUU)."""
        return tuple(self._files)

    def knows(self, iso3: str) -> bool:
        return iso3 in self._files

    def state(self, iso3: str) -> State:
        """Everything about one state. Raises Refused where there is no such state, or its file is wrong."""
        found = self._states.get(iso3)
        if found is None:
            file = self._files.get(iso3)
            if file is None:
                raise Refused(
                    f"the atlas holds no state “{iso3}”", hint="use the three-letter code, for example NOR"
                )
            place = f"states/{file.name}"
            text = file.read_text("utf-8")
            found = state_of(text, place, self.context, self._indicators.get(iso3, ()))
            self._states[iso3] = found
        return found

    def provisions(self, iso3: str | None = None) -> tuple[Provision, ...]:
        """The provisions of one state, or of all, in the order of the files."""
        codes = self.states() if iso3 is None else (iso3,)
        return tuple(provision for code in codes for provision in self.state(code).provisions)

    def provision(self, identifier: str) -> Provision:
        """The provision with that id. Raises Refused where there is none."""
        own = identifier[:3].upper()
        codes = (own,) if identifier[3:4] == "-" and self.knows(own) else self.states()
        for code in codes:
            for provision in self.state(code).provisions:
                if provision.id == identifier:
                    return provision
        raise Refused(
            f"the atlas holds no provision “{identifier}”", hint="habeas atlas find looks for a citation"
        )

    @cached_property
    def columns(self) -> dict[str, Column]:
        """What each column of facts means."""
        return columns_of(self._folder.joinpath("columns.toml").read_text("utf-8"), "columns.toml")

    @cached_property
    def context(self) -> Context:
        return Context(columns=self.columns, states=self._codes)

    @cached_property
    def version(self) -> str:
        """A hash (SHA-256, hex) over the names and bytes of all data files: same version, same law."""
        digest = hashlib.sha256()
        shared = [
            self._folder.joinpath(name)
            for name in ("columns.toml", "called.toml", "citation_words.toml", "latin.toml")
        ]
        indicators = self._folder.joinpath("vdem").joinpath(_INDICATORS)
        for file in (*self._files.values(), *shared, indicators):
            if file.is_file():
                content = file.read_bytes()
                digest.update(f"{file.name}\0{len(content)}\0".encode())
                digest.update(content)
        return digest.hexdigest()

    # -- finding --------------------------------------------------------------------------------------

    def find(
        self, citations: Sequence[str], *, state: str | None, text: str = "", on: date | None = None
    ) -> tuple[Match, ...]:
        """The provisions that citations name, in any script.

        state: whose law is meant; None matches only where the citation itself says whose ("УК РФ", "TCK",
        "Penal Code of Singapore"). text: running text, read only around the names of laws. on: the day for
        which the match says whether the provision stood; without it, as last known. A state the atlas does
        not hold finds nothing. Never raises on what is in a citation.
        """
        if state is not None:
            return self._finder(state).find(citations, text, on) if self.knows(state) else ()
        found: list[Match] = []
        for code in self._named_states((*citations, text)):
            found.extend(self._finder(code).find(citations, text, on, identified=True))
        last = len(citations)
        return tuple(sorted(found, key=lambda match: match.where if match.where >= 0 else last))

    def _named_states(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The states whose name, or whose law's own name, stands in one of the texts."""
        found = {
            code
            for one in texts
            if one
            for _, _, entry in self._tellers.hits(fold(one))
            for code in entry.keys
        }
        return tuple(sorted(found))

    @cached_property
    def _tellers(self) -> Names:
        """Every name that tells a state: its own, and those of laws that only it has."""
        told: dict[str, set[str]] = {}
        for code, names in self._called.items():
            for name in names:
                told.setdefault(fold(name), set()).add(code)
        for code in self.states():
            for law in self.state(code).laws:
                for name in law.own_names:
                    for form in forms(fold(name)):
                        told.setdefault(form, set()).add(code)
            for form in Latin(self.state(code).laws).tellers:
                told.setdefault(form, set()).add(code)
        return Names({name: Entry("home", tuple(sorted(codes))) for name, codes in told.items()})

    def _finder(self, code: str) -> Finder:
        finder = self._finders.get(code)
        if finder is None:
            state = self.state(code)
            home = set(self._called.get(code, ()))
            spoken = {fold(name) for name in home}
            abroad = (
                name
                for other, names in self._called.items()
                if other != code
                for name in names
                if fold(name) not in spoken
            )
            finder = Finder(state.laws, state.provisions, home=home, abroad=abroad)
            self._finders[code] = finder
        return finder

    # -- files ----------------------------------------------------------------------------------------

    @cached_property
    def _files(self) -> dict[str, Traversable]:
        folder = self._folder.joinpath("states")
        found = {
            file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml")
        }
        return dict(sorted(found.items()))

    @cached_property
    def _called(self) -> dict[str, tuple[str, ...]]:
        """What states are called, in many languages."""
        return {code: tuple(entry["names"]) for code, entry in self._states_file.items()}

    def iso2(self, state: str) -> str:
        """The two-letter code of a state (ISO 3166-1 alpha-2, EU for the Union), or nothing."""
        return "EU" if state == "EUU" else self._codes.get(state, "")

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {code: entry["iso2"] for code, entry in self._states_file.items()}

    @cached_property
    def _states_file(self) -> dict[str, Any]:
        return tomllib.loads(self._folder.joinpath("called.toml").read_text("utf-8"))

    @cached_property
    def _indicators(self) -> dict[str, tuple[Indicator, ...]]:
        raw = tomllib.loads(self._folder.joinpath("vdem").joinpath(_INDICATORS).read_text("utf-8"))
        edition, year = raw["edition"], raw["year"]
        return {
            code: tuple(
                Indicator(name=name, value=value, percentile=percentile, year=year, edition=edition)
                for name, (value, percentile) in figures.items()
            )
            for code, figures in raw["figures"].items()
        }


@cache
def atlas() -> Atlas:
    """The packaged atlas."""
    return Atlas()


def check(path: Path, *, on: date) -> tuple[Refused, ...]:
    """What is wrong with a state file, or with every state file of a folder, on that day; empty if nothing.

    Ids must not repeat between the files of a folder either.
    """
    context = msgspec.structs.replace(atlas().context, on=on)
    if path.is_dir():
        paths = sorted(path.rglob("*.toml"))
        if not paths:
            return (Refused("there is no law file in this folder", place=str(path)),)
    else:
        paths = [path]
    found: list[Refused] = []
    seen: dict[str, Path] = {}
    for file in paths:
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be read"
            found.append(Refused(f"the file {reason}", place=str(file)))
            continue
        wrong = refusals(text, str(file), context)
        found.extend(wrong)
        if not wrong:
            for provision in state_of(text, str(file), context).provisions:
                if provision.id in seen:
                    found.append(
                        Refused(
                            f"the id “{provision.id}” is used in {seen[provision.id].name} too",
                            place=str(file),
                        )
                    )
                seen[provision.id] = file
    return tuple(found)
