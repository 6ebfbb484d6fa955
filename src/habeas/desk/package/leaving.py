"""What leaves and what is stripped: files of the custodian against what people decided, item by item.

`preview` shows it to those who release; `planned` gives the files in their order, for the bag. What a file
holds is what the custodian says it holds, and of an extract what was left of its table: no file is opened
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from habeas.assess import HIGHEST, Ceiling
from habeas.desk.package.extract import Extract
from habeas.desk.package.values import Opener, Value
from habeas.errors import Refused
from habeas.request import Category, Period

_LEVELS = tuple(Ceiling)  # lowest first
_HELD = (Ceiling.EXISTENCE, Ceiling.SUBSCRIBER, Ceiling.TRAFFIC, Ceiling.CONTENT)
_ENDINGS = frozenset(  # these say how to open a file and nothing about anybody; another can be a name
    "7z aac avi bmp csv doc docx eml flac gif gz heic htm html ics jpeg jpg json jsonl log m4a mbox mkv mov"
    " mp3 mp4 msg odt ogg opus parquet pdf png pst sqlite tar tiff tsv txt vcf wav webm webp xlsx xml zip"
    " zst".split()
)


class Approved(Value, frozen=True):
    """One item people decided on. category: what was asked. ceiling: the most that may be given.

    period: the days the data is confined to; None where the decision names none.
    """

    target: str
    item: str
    category: Category
    ceiling: Ceiling
    period: Period | None = None


class File(Value, frozen=True):
    """A file the custodian hands over for one item; the bytes come from `open`, one file at a time.

    holds: what kind of data is in it, by the custodian's word, in the words of a ceiling. period: the days
    its data is from. name: its own name, which never leaves. extract: where it is one, what was taken out.
    """

    target: str
    item: str
    name: str
    size: int
    sha256: str
    holds: Ceiling
    open: Opener
    period: Period | None = None
    extract: Extract | None = None


class Leaving(Value, frozen=True):
    """One file as it would leave: where it stands in the bag, and by which decision."""

    path: str
    target: str
    item: str
    category: Category
    ceiling: Ceiling
    holds: Ceiling
    size: int
    sha256: str
    period: Period | None = None
    extract: Extract | None = None


class Part(StrEnum):
    """What is stripped."""

    FILE = "file"
    NAME = "name"


class Stripped(Value, frozen=True):
    """Something that stays here, and why. For the house only: it holds the file's own name."""

    part: Part
    target: str
    item: str
    name: str
    sha256: str
    why: str


class Preview(Value, frozen=True):
    """What would leave, for the eyes of those who release it."""

    leaving: tuple[Leaving, ...]
    stripped: tuple[Stripped, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(one.size for one in self.leaving)


def level(item: Approved) -> Ceiling:
    """Exactly this may be given: what was asked, or less where people decided on less."""
    asked = HIGHEST.get(item.category)
    if asked is None:
        if item.ceiling is Ceiling.NOTHING:
            return Ceiling.NOTHING
        raise Refused(
            "live data, keys and passwords are never handed over",
            place=f"{item.target}/{item.item}",
            hint="the ceiling of such an item is always nothing",
        )
    return min(asked, item.ceiling, key=_LEVELS.index)


def _within(period: Period | None, days: Period) -> bool:
    if period is None:
        return False
    starts = days.start is None or (period.start is not None and period.start >= days.start)
    ends = days.end is None or (period.end is not None and period.end <= days.end)
    return starts and ends


def _why_not(file: File, item: Approved | None) -> str:
    """Why this file stays here; empty if it may leave."""
    if item is None:
        return "Its item was not approved."
    given = level(item)
    if given not in _HELD:
        return f"Nothing is given for its item: the decision is {given}."
    if file.holds is not given:
        over = _LEVELS.index(file.holds) > _LEVELS.index(given)
        return f"It holds {file.holds}, " + (
            f"and no more than {given} may be given." if over else f"and {given} was asked."
        )
    if item.period is not None and not _within(file.period, item.period):
        return (
            "It does not say which days its data is from."
            if file.period is None
            else "Its data reaches beyond the days approved."
        )
    return ""


def _ending(name: str) -> str:
    last = name.rpartition(".")[2].lower()
    return last if "." in name and last in _ENDINGS else "bin"


def _check_file(file: File) -> None:
    place = f"{file.target}/{file.item}"
    if file.size < 0 or not re.fullmatch("[0-9a-f]{64}", file.sha256):
        raise Refused("a file needs its size and its SHA-256 in small hex letters", place=place)
    if file.holds not in _HELD:
        raise Refused(
            "a file has to say what it holds",
            place=place,
            hint=f"one of: {', '.join(_HELD)}",
        )


def planned(approved: Sequence[Approved], files: Iterable[File]) -> tuple[Preview, list[File]]:
    order: dict[tuple[str, str], tuple[str, Approved]] = {}
    targets: dict[str, int] = {}
    for item in approved:
        if (item.target, item.item) in order:
            raise Refused("an item is approved twice", place=f"{item.target}/{item.item}")
        target = targets.setdefault(item.target, len(targets) + 1)
        number = 1 + sum(key[0] == item.target for key in order)
        order[item.target, item.item] = (f"data/target-{target}/item-{number}", item)
        level(item)  # a forbidden item is refused even where no file came for it
    leaving: list[tuple[Leaving, File]] = []
    stripped: list[Stripped] = []
    count: dict[str, int] = {}
    for file in files:
        _check_file(file)
        folder, found = order.get((file.target, file.item), ("", None))

        def stays(part: Part, why: str, file: File = file) -> Stripped:
            return Stripped(
                part=part, target=file.target, item=file.item, name=file.name, sha256=file.sha256, why=why
            )

        why = _why_not(file, found)
        if why or found is None:
            stripped.append(stays(Part.FILE, why))
            continue
        count[folder] = count.get(folder, 0) + 1
        path = f"{folder}/file-{count[folder]:05}.{_ending(file.name)}"
        place = Leaving(
            path=path,
            target=file.target,
            item=file.item,
            category=found.category,
            ceiling=found.ceiling,
            holds=file.holds,
            size=file.size,
            sha256=file.sha256,
            period=file.period,
            extract=file.extract,
        )
        leaving.append((place, file))
        stripped.append(
            stays(
                Part.NAME,
                "Its own name, folder, times and owner can tell more than was asked; it leaves as "
                + path.rpartition("/")[2]
                + ".",
            )
        )
    rank = {key: number for number, key in enumerate(order)}
    leaving.sort(
        key=lambda one: rank[one[0].target, one[0].item]
    )  # stable: files of an item keep their order
    shown = Preview(leaving=tuple(one for one, _ in leaving), stripped=tuple(stripped))
    return shown, [file for _, file in leaving]


def preview(approved: Sequence[Approved], files: Iterable[File]) -> Preview:
    """What would leave, under neutral names, and what is stripped and why. Opens no file."""
    return planned(approved, files)[0]
