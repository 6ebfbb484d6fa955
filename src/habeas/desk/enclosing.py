"""What came along with a request, and when it came: files kept as they came, and the hour somebody states.

Nothing here reads a file. A name is kept as its sender wrote it, but for what could mislead whoever sees it:
a path, and signs that nobody sees (Unicode's controls, of which U+202E turns `exe.fdp` into `pdf.exe`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from habeas.desk.clocks import DayInterval, Moment
from habeas.desk.events import Arrived, Enclosed
from habeas.errors import Refused

MANY = 50  # files of one arrival; more of them come as an archive
LONGEST = 150  # signs of a name: less than any file system allows, with room for what a browser adds
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_UNNAMED = "file without a name"


def stated(on: date, hour: time | None, zone: str) -> Arrived:
    """When something came, by a calendar and a clock in `zone` (an IANA name). hour: None where nobody knows
    it. An hour that comes twice, when clocks go back, is the first of the two, so that no limit is longer for
    it. Raises Refused for a zone that is none and an hour that its clocks left out."""
    DayInterval(on, zone)
    if hour is None:
        return Arrived(on=on, zone=zone)
    shown = datetime.combine(on, hour, ZoneInfo(zone))
    at = shown.astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != shown.replace(tzinfo=None):
        raise Refused(
            f"clocks in {zone} went past this hour on that day",
            place="arrived_time",
            hint="state the hour before or after it",
        )
    return Arrived(on=on, zone=zone, at=at)


def happened(arrived: Arrived, at: datetime) -> None:
    """Raises Refused where something would have come after it was recorded (`at`), or where day and instant
    are not of each other."""
    Moment(arrived.at or at, arrived.zone)
    began = arrived.at or DayInterval(arrived.on, arrived.zone).earliest
    if began > at:
        raise Refused(
            "this is still to come",
            place="arrived_on",
            hint="state when it came; leave the hour open where nobody knows it",
        )
    if arrived.at is not None and arrived.at.astimezone(ZoneInfo(arrived.zone)).date() != arrived.on:
        raise Refused("day and hour do not fit", place="arrived_on", hint="state both in one zone")


def named(name: str) -> str:
    """The name of a file as it is kept and shown: its last part, without signs that nobody sees, shortened
    in its middle so that its ending stays."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(" " if unicodedata.category(each) in _UNSEEN else each for each in last)
    plain = " ".join(seen.split()).strip(". ") or _UNNAMED
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 21]}…{plain[-20:]}"


def whole(files: Sequence[Enclosed]) -> tuple[Enclosed, ...]:
    """These files, each once. Raises Refused for more than `MANY` and for what is no file kept as it came."""
    found = {each.sha256: each for each in reversed(files)}
    if len(found) > MANY:
        raise Refused(
            f"these are more than {MANY} files", place="files", hint="put them into an archive, and keep that"
        )
    for each in files:
        if not _SHA256.match(each.sha256) or each.size < 0 or each.name != named(each.name):
            raise Refused("this is no file that was kept", place="files", hint="choose it again")
        if not each.size:
            raise Refused("a file is empty", place="files", hint="choose the one that was meant")
    return tuple(each for each in files if found.pop(each.sha256, None) is not None)
