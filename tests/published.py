"""Suites and figures that others published, and that tests hold our code against.

They are others' work and do not lie in this tree. `HABEAS_FORMATS` names the folder in which they lie;
without it that is the folder `shared` beside this one. A test whose files are not there is skipped, and says
which they are, where they can be had and what their SHA-256 is. A test whose files are there and are others
fails.

Of a set with many files the SHA-256 of its list is given: what `sha256sum` prints for every file of the named
folders, in the order of their names:

    find v0.97 v1.0 -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum

Some tables are made from a file that somebody else collected. `python -m tests.published` makes them where
that file lies in their folder, and says of each set whether it is there.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests import tabulating

VARIABLE = "HABEAS_FORMATS"
PLACE = Path(os.environ.get(VARIABLE) or Path(__file__).resolve().parents[2] / "shared")


@dataclass(frozen=True)
class Published:
    """what: in words. folder: below that of `HABEAS_FORMATS`. address: where to have it from. parts: folders
    or files of it that tests read. sha256: of the list of all its files, or of its one file. source: the file
    that they are made from, and its SHA-256; made: how."""

    what: str
    folder: str
    address: str
    parts: tuple[str, ...]
    sha256: str
    source: tuple[str, str] = ("", "")
    made: Callable[[bytes], dict[str, bytes]] | None = None

    @property
    def place(self) -> Path:
        return PLACE / self.folder

    @property
    def there(self) -> bool:
        return any(self._archives()) or all((self.place / part).exists() for part in self.parts)

    @property
    def absent(self) -> str:
        """Why a test is skipped, and what to do about it."""
        one = len(self.parts) == 1 and not self.parts[0].endswith("/")
        of = "SHA-256" if one else "SHA-256 of the list"
        made = f" made from {self.source[0]} (SHA-256 {self.source[1]})" if self.made else ""
        return (
            f"{self.what}: not here. {', '.join(self.parts)}{made} belong in {self.folder}/ of the folder "
            f"that {VARIABLE} names. From {self.address}. {of}: {self.sha256}. See tests/published.py"
        )

    @property
    def needed(self) -> pytest.MarkDecorator:
        return pytest.mark.skipif(not self.there, reason=self.absent)

    def files(self) -> dict[str, bytes]:
        """Every file of it by its name, once it is known that they are the very files."""
        return _files(self)

    def make(self) -> None:
        """Makes the tables where the file that they are made from lies in their folder."""
        source = self.place / self.source[0]
        if self.made is None or self.there or not source.is_file():
            return
        for name, data in self.made(source.read_bytes()).items():
            (self.place / name).write_bytes(data)

    def path(self, name: str) -> Path:
        """One of its files that lies there plainly."""
        assert name in self.files(), name
        return self.place / name

    def _archives(self) -> Iterator[Path]:
        return self.place.glob("*.tar.gz")

    def _found(self) -> Iterator[tuple[str, bytes]]:
        for path in self._archives():
            with tarfile.open(path) as archive:
                for one in archive:
                    name = one.name if self._is_part(one.name) else one.name.partition("/")[2]
                    if one.isreg() and self._is_part(name) and (source := archive.extractfile(one)):
                        yield name, source.read()
        if not any(self._archives()):
            for path in self.place.rglob("*"):
                name = path.relative_to(self.place).as_posix()
                if path.is_file() and self._is_part(name):
                    yield name, path.read_bytes()

    def _is_part(self, name: str) -> bool:
        return any(name == part or (part.endswith("/") and name.startswith(part)) for part in self.parts)


def listed(files: dict[str, bytes]) -> str:
    """SHA-256 of one file, or of the list of several."""
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    lines = (f"{hashes[name]}  {name}\n" for name in sorted(hashes, key=lambda name: name.encode()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@cache
def _files(published: Published) -> dict[str, bytes]:
    found = dict(published._found())
    assert listed(found) == published.sha256, (
        f"what lies in {published.place} is not what {published.address} had when the tests were written: "
        f"its SHA-256 is {listed(found)}"
    )
    return found


BAGIT = Published(
    what="the BagIt conformance suite of the Library of Congress",
    folder="formats/bagit-conformance",
    address="https://github.com/LibraryOfCongress/bagit-conformance-suite, commit 9ab48705c066",
    parts=("v0.97/", "v1.0/"),
    sha256="b0decbaf6dcb20ab7476dc9d438ff7c9dea7fe095ddaed014a86ab423d02398b",
)
AGE = Published(
    what="the test vectors of age",
    folder="formats/age-vectors",
    address="https://github.com/C2SP/CCTV, commit 1e3d2860d46e",
    parts=("age/testdata/",),
    sha256="d3670b08cd5315c73aac7b8dc6854fa2850ad6105acf216d3bdfb6b4daa9a87e",
)
STAMPS = Published(
    what="time-stamps of real authorities (RFC 3161)",
    folder="formats/rfc3161-fixtures",
    address="https://github.com/trailofbits/rfc3161-client, commit 886f40b23e1a",
    parts=("test/fixtures/",),
    sha256="723de5dd84d20a278b98e45abf4c10346a64e5d6c07441924836dd4708ccd31b",
)
UN_NAMES = Published(
    what="the names of states at the United Nations",
    folder="data/country_codes",
    address="https://github.com/datasets/country-codes, commit caa72d1e0e5a, in data",
    source=("country-codes.csv", "67b009b529330b0a6043551189f43faa785c9c3cc0011ad2bdb4eac876356c43"),
    made=tabulating.states,
    parts=("country_codes_un_names.csv",),
    sha256="90b27c9eca083b583b020c137b8bd05d473dc8aaae0b5c7003f15e629d4486b1",
)
APPLE = Published(
    what="the figures that Apple published, 2013 to 2025",
    folder="data/gov_requests_apple",
    address="https://www.apple.com/legal/transparency/, collected in data of "
    "https://github.com/krMaynard/transparency-report-api, commit 7d5315b73f81",
    source=("apple-transparency.json", "3f722c72782ef9f3474510948045c6be510e262bc5026072d6fb61fd01ffbfd1"),
    made=tabulating.apple,
    parts=("apple_national_security_bands.csv", "apple_requests.csv"),
    sha256="e4d333bdb8e6a21131c864df9274a1b5d52da04c4a6f2ab199014c4fa5a29c0f",
)
GOOGLE = Published(
    what="the removals that Google published, 2011 to 2025",
    folder="data/gov_removals_google",
    address="https://transparencyreport.google.com/government-removals, collected in data of "
    "https://github.com/krMaynard/transparency-report-api, commit 7d5315b73f81",
    source=(
        "google-government-removals.json",
        "f38f50994510a3ff92695cc1ffb814648597e7c3461b9bf9763dd25757e81940",
    ),
    made=tabulating.google,
    parts=("google_removals_by_period_country_requestor_reason.csv",),
    sha256="7ff9699e730a85c6ee4a0142cea6d03c46438ef51eef28d519131de52c250ba3",
)
GITHUB = Published(
    what="the figures that GitHub published, 2014 to 2025",
    folder="data/gov_requests_github",
    address="https://github.com/github/transparency, commit cfbccbb61d05, in "
    "data/requests_to_disclose_user_information and data/government_takedowns",
    parts=(
        "cross_border_data_requests.csv",
        "government_takedowns_processed.csv",
        "national_security_letters_and_orders.csv",
        "requests_received_and_disclosed.csv",
    ),
    sha256="6b1f63195f034112e1cb5324357eeb6abd49de5097db6265996331f1c60e33ab",
)
EVERY = (BAGIT, AGE, STAMPS, UN_NAMES, APPLE, GOOGLE, GITHUB)


def main() -> int:
    """Makes what can be made; 0 where every set is there."""
    for each in EVERY:
        each.make()
        if each.there:
            each.files()
        sys.stdout.write(f"there: {each.what}\n" if each.there else f"absent: {each.absent}\n")
    return 0 if all(each.there for each in EVERY) else 1


if __name__ == "__main__":
    sys.exit(main())
