"""Files that come along with a request: sealed unread as they come, and given out again as they came.

What comes before its request is typed lies apart, under the id and the key of the case it will be, for a day;
if no case begins by then, key and files are destroyed. So is a file that was sealed into a case for an answer
or a release which nobody recorded. Nothing here looks into a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import BinaryIO, NamedTuple

from habeas.app.installation import Installation
from habeas.desk.case import Case
from habeas.desk.enclosing import named
from habeas.desk.events import Answered, Enclosed, NarrowingAccepted, Received, encode
from habeas.desk.moves import Act, may, permit
from habeas.desk.promise import sha256
from habeas.errors import Refused
from habeas.store import Coming

FILE_BYTES = 100 * 1024**2  # of one file: a scanned order of a thousand pages has less
WAITS = timedelta(days=1)  # from the first file that came to the request it belongs to
_PIECE = 1 << 20
_DIGEST = re.compile(rb"[0-9a-f]{64}")


class Came(NamedTuple):
    """A file that came along. name: as its sender called it."""

    name: str
    data: bytes | Coming


class Version(NamedTuple):
    """The bytes of one version of the request, as they came or were typed. by: who took them in. typed: by
    that person, from what came. case: where they lie, which is another one for what was split off."""

    number: int
    sha256: str
    by: str
    typed: bool
    case: str


def apart(app: Installation, organisation: str, by: str, case: str) -> Coming:
    """A file for a request that is still to be typed, which will be the case `case`."""
    house = app.people(organisation)
    permit(may(house.person(by), Act.RECEIVE, None, house, app.now()), "nothing was kept")
    app.store.lay_apart(organisation, case, app.now())
    return app.store.coming(organisation, case, FILE_BYTES)


def coming(app: Installation, organisation: str, case: str, by: str, act: Act) -> Coming:
    """A file for a case that is there, kept with `act`: `ATTACH`, or a new version of the request."""
    house = app.people(organisation)
    answer = may(house.person(by), act, app.case(organisation, case), house, app.now())
    permit(answer, "nothing was kept")
    return app.store.coming(organisation, case, FILE_BYTES)


def kept(file: Came, *, original: bool = False) -> Enclosed:
    """How a file is recorded."""
    size = file.data.size if isinstance(file.data, Coming) else len(file.data)
    digest = file.data.sha256 if isinstance(file.data, Coming) else sha256(file.data)
    return Enclosed(name=named(file.name), size=size, sha256=digest, original=original)


def attach(
    app: Installation,
    organisation: str,
    case: str,
    by: str,
    files: Sequence[Came],
    *,
    seen: int | None = None,
) -> Case:
    """Keep files that came along later. Raises Refused where all of them are in the case already."""
    at, found = app.now(), tuple(kept(each) for each in files)
    if any(each.size > FILE_BYTES for each in found):
        raise Refused(f"a file has more than {FILE_BYTES:,} bytes", place="along", hint="divide it")
    data = tuple(each.data for each in files)
    return app.with_files(organisation, data, lambda desk: desk.attach(case, by, at, files=found), seen)


def versions(case: Case) -> tuple[Version, ...]:
    """Each version of the request, with where its bytes are."""
    found = []
    for recorded in case.history:
        match recorded.event:
            case Received(source=source, typed=typed) as first:
                found.append((source, recorded.by, typed, first.split_from or case.id))
            case Answered(source=source, typed=typed) | NarrowingAccepted(source=source, typed=typed):
                found.append((source, recorded.by, typed, case.id))
    return tuple(Version(number, *each) for number, each in enumerate(found, start=1))


def opened(app: Installation, organisation: str, case: Case, digest: str) -> tuple[str, int, BinaryIO]:
    """A file of the case as it came, with its name and its size in bytes; the size is -1 for a version of the
    request, whose bytes nobody counted. Raises Refused for a file that is no such one, whatever else of the
    case it is."""
    for file in case.files_kept:
        if file.sha256 == digest:
            return file.name, file.size, app.store.open(organisation, case.id, digest)
    for version in versions(case):
        if version.sha256 == digest and version.case == case.id:
            name = f"request-{case.id}-version-{version.number}.txt"
            return name, -1, app.store.open(organisation, case.id, digest)
    raise Refused("there is no such file in the case", place=case.id)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Its bytes, some at a time."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


def forsake(app: Installation) -> int:
    """Destroy what nobody finished in time: files and keys of requests that were to be typed, and files in a
    case that no event of it names. Of how many cases and files."""
    before = app.now() - WAITS
    gone = app.store.forsake(before)
    for organisation, case in app.store.left_unnamed(before):
        with suppress(Refused):  # a case that cannot be read loses nothing by that
            named = {
                digest.decode()
                for each in app.store.load(organisation, case)
                for digest in _DIGEST.findall(encode(each.event))
            }
            gone += app.store.sweep(organisation, case, before, named)
    return gone
