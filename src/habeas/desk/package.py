"""Sealed disclosure: what leaves, how it is packed, sealed and signed, and how its arrival is confirmed.

`preview` shows what would leave and what is stripped; `seal` packs exactly that and nothing else. The package
is a bag (BagIt 1.0, RFC 8493) with manifests in SHA-256 and SHA-512, the conditions, and a description in
CASE 1.4 (the vocabulary of cyber-investigation, over UCO 1.4); as a tar whose bytes depend on the arguments
alone; encrypted with age to the verified keys of one authority. A small statement about it is signed with
the house's Ed25519 key, so that anybody can check what was sent to whom without opening it.

Left to others: which items are approved, time-stamps (a token arrives here as bytes), storage and sending. No
format of evidence is parsed: what a file holds is what the custodian says it holds. Nothing but the sealed
form is ever written, so no plain copy lies about on a disk.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tarfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, BinaryIO, Protocol

import msgspec
import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from habeas.assess import HIGHEST, Ceiling
from habeas.errors import Refused
from habeas.request import Authorisation, Category, Period

KEY_DAYS = 365  # a key nobody looked at for a year may have changed hands
CLOCKS_APART = timedelta(minutes=5)  # two honest clocks may differ by so much
LARGEST_TAG_FILE = 64 << 20  # bytes; the SHA-512 manifest of 390,000 files
_CHUNK = 1 << 20
_HEX_LENGTHS = {
    "sha256": 64,
    "sha512": 128,
}  # the algorithms RFC 8493 section 2.4 recommends; others prove too little

Opener = Callable[[], BinaryIO]


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Signer(Protocol):
    """The house's Ed25519 key, wherever it is kept. `sign` answers 64 bytes (RFC 8032)."""

    def sign(self, data: bytes, /) -> bytes: ...


def _json(value: object) -> bytes:
    """One value, one text: sorted keys, no spaces, UTF-8 (RFC 8785; no numbers but integers)."""
    return msgspec.json.encode(value, order="sorted")


def _line(text: str, place: str, *, needed: bool = True) -> str:
    """One line of plain words: it goes into files where a line break would begin another field."""
    if needed and not text.strip():
        raise Refused("this may not be empty in a package", place=place)
    if text != text.strip() or any(unicodedata.category(one) in ("Cc", "Zl", "Zp") for one in text):
        raise Refused("this has to be one line without spaces around it", place=place)
    return text


def _moment(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return at.astimezone(UTC).replace(microsecond=0)


# ---- to whom ---------------------------------------------------------------------------------------------

_SSH_HEAD = b"\0\0\0\x0bssh-ed25519\0\0\0\x20"  # RFC 8709 section 4; 32 bytes of key follow


class RegisteredKey(_Value, frozen=True):
    """A public key of an authority, as the house registered it.

    recipient: `age1...` (X25519) or `ssh-ed25519 ...`. fingerprint: what was compared with the authority on
    another road, e.g. by a call-back; see `fingerprint`. verified_by, verified_on: who did so, and when.
    """

    authority: str
    state: str
    recipient: str
    fingerprint: str
    verified_by: str = ""
    verified_on: date | None = None


def _ssh_blob(recipient: str) -> bytes:
    words = recipient.split()
    try:
        blob = base64.b64decode(words[1], validate=True) if len(words) > 1 else b""
    except ValueError:
        blob = b""
    if not blob.startswith(_SSH_HEAD) or len(blob) != len(_SSH_HEAD) + 32:
        raise _unknown_key()
    return blob


def _unknown_key() -> Refused:
    return Refused(
        "this is no key that a package can be sealed to",
        hint="register an age key (age1...) or an SSH key of the kind ssh-ed25519",
    )


def _recipient(text: str) -> object:
    """The key as the age library wants it. Only two kinds: each further kind is a way to be misled."""
    try:
        if text.startswith("ssh-ed25519 "):
            _ssh_blob(text)
            return pyrage.ssh.Recipient.from_str(text)
        if re.fullmatch(r"age1[a-z0-9]+", text):
            return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        pass  # said below, in words
    raise _unknown_key()


def fingerprint(recipient: str) -> str:
    """What two people read to each other: SHA-256 of the key, as `ssh-keygen -l` shows it.

    Of an SSH key it is the hash of its blob, so that `ssh-keygen` shows the same; of an age key, of its text.
    """
    _recipient(recipient)
    data = _ssh_blob(recipient) if recipient.startswith("ssh-") else recipient.encode()
    return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def _check_key(key: RegisteredKey, authority: str, state: str, on: date) -> object:
    recipient = _recipient(key.recipient)
    if (key.authority, key.state) != (authority, state):
        raise Refused(
            "this key belongs to another authority", hint="seal to keys of the authority that asked"
        )
    if key.fingerprint != fingerprint(key.recipient):
        raise Refused(
            "the fingerprint that was verified is not that of this key",
            hint="compare the fingerprint with the authority again",
        )
    if key.verified_on is None or not key.verified_by.strip():
        raise Refused(
            "nobody has verified this key", hint="call the authority back and compare the fingerprint"
        )
    if key.verified_on > on:
        raise Refused("this key is said to have been verified on a day still to come")
    if (on - key.verified_on).days > KEY_DAYS:
        raise Refused(
            f"this key was verified more than {KEY_DAYS} days ago", hint="compare the fingerprint again"
        )
    return recipient


def check_keys(keys: Sequence[RegisteredKey], *, authority: str, state: str, on: date) -> tuple[object, ...]:
    """The recipients a package for this authority may be sealed to on this day; every key must pass."""
    if not keys:
        raise Refused(
            "there is no key to seal to, and nothing leaves unsealed", hint="register a key of the authority"
        )
    found = []
    for number, key in enumerate(keys):
        try:
            found.append(_check_key(key, authority, state, on))
        except Refused as refusal:
            raise refusal.at(f"keys[{number}]") from None
    return tuple(found)


# ---- what ------------------------------------------------------------------------------------------------

_LEVELS = tuple(Ceiling)  # lowest first
_HELD = (Ceiling.EXISTENCE, Ceiling.SUBSCRIBER, Ceiling.TRAFFIC, Ceiling.CONTENT)
_ENDINGS = frozenset(  # these say how to open a file and nothing about anybody; another can be a name
    "7z aac avi bmp csv doc docx eml flac gif gz heic htm html ics jpeg jpg json jsonl log m4a mbox mkv mov"
    " mp3 mp4 msg odt ogg opus parquet pdf png pst sqlite tar tiff tsv txt vcf wav webm webp xlsx xml zip"
    " zst".split()
)


class Approved(_Value, frozen=True):
    """One item people decided on. category: what was asked. ceiling: the most that may be given.

    period: the days the data is confined to; None where the decision names none.
    """

    target: str
    item: str
    category: Category
    ceiling: Ceiling
    period: Period | None = None


class File(_Value, frozen=True):
    """A file the custodian hands over for one item; the bytes come from `open`, one file at a time.

    holds: what kind of data is in it, by the custodian's word, in the words of a ceiling. period: the days
    its data is from. name: its own name, which never leaves.
    """

    target: str
    item: str
    name: str
    size: int
    sha256: str
    holds: Ceiling
    open: Opener
    period: Period | None = None


class Leaving(_Value, frozen=True):
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


class Part(StrEnum):
    """What is stripped."""

    FILE = "file"
    NAME = "name"


class Stripped(_Value, frozen=True):
    """Something that stays here, and why. For the house only: it holds the file's own name."""

    part: Part
    target: str
    item: str
    name: str
    sha256: str
    why: str


class Preview(_Value, frozen=True):
    """What would leave, for the eyes of those who release it."""

    leaving: tuple[Leaving, ...]
    stripped: tuple[Stripped, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(one.size for one in self.leaving)


def _level(item: Approved) -> Ceiling:
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
    level = _level(item)
    if level not in _HELD:
        return f"Nothing is given for its item: the decision is {level}."
    if file.holds is not level:
        over = _LEVELS.index(file.holds) > _LEVELS.index(level)
        return f"It holds {file.holds}, " + (
            f"and no more than {level} may be given." if over else f"and {level} was asked."
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


def _planned(approved: Sequence[Approved], files: Iterable[File]) -> tuple[Preview, list[File]]:
    order: dict[tuple[str, str], tuple[str, Approved]] = {}
    targets: dict[str, int] = {}
    for item in approved:
        if (item.target, item.item) in order:
            raise Refused("an item is approved twice", place=f"{item.target}/{item.item}")
        target = targets.setdefault(item.target, len(targets) + 1)
        number = 1 + sum(key[0] == item.target for key in order)
        order[item.target, item.item] = (f"data/target-{target}/item-{number}", item)
        _level(item)  # a forbidden item is refused even where no file came for it
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
    return _planned(approved, files)[0]


# ---- under which conditions ------------------------------------------------------------------------------


class Condition(_Value, frozen=True):
    """On what terms data is given, e.g. kind `speciality`. until: the day by which, where it names one."""

    kind: str
    text: str
    until: date | None = None


def usual_conditions(reference: str, delete_by: date | None = None) -> tuple[Condition, ...]:
    """What goes with every disclosure to a foreign authority (UN Convention 40(19) and its models)."""
    matter = (
        f"the proceedings named in your request {reference}" if reference else "the proceedings you named"
    )
    usual = [
        Condition(
            kind="speciality",
            text=f"Use this data only for {matter}. Any other use needs our written consent beforehand. "
            "What speaks for the accused may be disclosed in those proceedings; tell us before you do.",
        ),
        Condition(
            kind="no-onward-transfer",
            text="Do not pass this data to another authority, state or person without our written consent.",
        ),
    ]
    if delete_by is not None:
        usual.append(
            Condition(
                kind="deletion",
                text="Delete this data when the proceedings no longer need it, by this day at the latest. "
                "Tell us that you have.",
                until=delete_by,
            )
        )
    return tuple(usual)


class Disclosure(_Value, frozen=True):
    """What the papers in a package say. id: of the package. reference: the requester's own, empty if none.

    at: the moment of release (aware); it is the only time in the package.
    """

    id: str
    organisation: str
    authority: str
    state: str
    at: datetime
    reference: str = ""
    authorisation: Authorisation = Authorisation()
    conditions: tuple[Condition, ...] = ()

    def check(self) -> None:
        """Every word goes into a tag file or a folder name: refuse what would break one."""
        if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9-]{0,79}", self.id):
            raise Refused("the id of a package is letters, digits and hyphens", place="id")
        for place in ("organisation", "authority", "state"):
            _line(getattr(self, place), place)
        _line(self.reference, "reference", needed=False)
        _line(self.authorisation.reference or "", "authorisation.reference", needed=False)
        for number, condition in enumerate(self.conditions):
            _line(condition.kind, f"conditions[{number}].kind")
            _line(condition.text, f"conditions[{number}].text")
        _moment(self.at)


def _conditions_json(paper: Disclosure) -> bytes:
    return _json(
        {
            "kind": "habeas-conditions-1",
            "package": paper.id,
            "organisation": paper.organisation,
            "authority": paper.authority,
            "state": paper.state,
            "reference": paper.reference,
            "at": _moment(paper.at),
            "conditions": paper.conditions,
        }
    )


def _conditions_text(paper: Disclosure) -> bytes:
    head = [
        "Conditions of this disclosure",
        "",
        f"From: {paper.organisation}",
        f"To: {paper.authority} ({paper.state})",
        f"Your reference: {paper.reference or 'none stated'}",
        f"Package: {paper.id}",
        f"Date: {_moment(paper.at):%Y-%m-%d %H:%M} UTC",
        "",
    ]
    said = [
        f"{number}. {one.kind}: {one.text}" + (f" Day: {one.until}." if one.until else "")
        for number, one in enumerate(paper.conditions, start=1)
    ]
    return "\n".join([*head, *(said or ["No condition was set."]), ""]).encode()


# ---- described in CASE -----------------------------------------------------------------------------------

_CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-marking": "https://ontology.unifiedcyberontology.org/uco/marking/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_URL_SPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")  # RFC 9562 section 6.6


def _description(paper: Disclosure, hashes: Sequence[tuple[Leaving, str]]) -> bytes:
    """The package for machines: each file with its hashes, the investigation, the authorisation (CASE 1.4).

    hashes: every file with its SHA-512.
    """

    def node(what: str) -> dict[str, str]:
        """The same name whenever this package is described again: a UUID of version 5, as UCO advises."""
        name = f"urn:habeas:{paper.organisation}/{paper.id}/{what}".encode()
        raw = bytearray(hashlib.sha1(_URL_SPACE + name, usedforsecurity=False).digest()[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x50, raw[8] & 0x3F | 0x80
        text = raw.hex()
        return {"@id": "urn:uuid:" + "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))}

    def typed(kind: str, value: str) -> dict[str, str]:
        return {"@type": f"xsd:{kind}", "@value": value}

    def integer(value: int) -> dict[str, str]:
        return typed("integer", str(value))  # in words: a JSON number above 2^53 is not read alike everywhere

    def hashed(one: Leaving, method: str, value: str) -> dict[str, object]:
        return {
            **node(f"{one.path}#{method}"),
            "@type": "uco-types:Hash",
            "uco-types:hashMethod": method,
            "uco-types:hashValue": typed("hexBinary", value),
        }

    def file(one: Leaving, sha512: str) -> dict[str, object]:
        return {
            **node(one.path),
            "@type": "uco-observable:File",
            "uco-core:objectMarking": [node("conditions")],
            "uco-core:hasFacet": [
                {
                    **node(f"{one.path}#file"),
                    "@type": "uco-observable:FileFacet",
                    "uco-observable:fileName": one.path.rpartition("/")[2],
                    "uco-observable:filePath": one.path,
                    "uco-observable:isDirectory": False,
                    "uco-observable:sizeInBytes": integer(one.size),
                },
                {
                    **node(f"{one.path}#content"),
                    "@type": "uco-observable:ContentDataFacet",
                    "uco-observable:sizeInBytes": integer(one.size),
                    "uco-observable:hash": [
                        hashed(one, "SHA256", one.sha256),
                        hashed(one, "SHA512", sha512),
                    ],
                },
            ],
        }

    def record(one: Leaving) -> dict[str, object]:
        return {
            **node(f"{one.path}#record"),
            "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": f"Target {one.target}, item {one.item}; "
            f"asked: {one.category}; given: {one.holds}.",
            "case-investigation:exhibitNumber": one.path,
            "uco-core:object": [node(one.path)],
        }

    at = typed("dateTime", f"{_moment(paper.at):%Y-%m-%dT%H:%M:%SZ}")
    permission: dict[str, object] = {
        **node("authorisation"),
        "@type": "case-investigation:Authorization",
        "case-investigation:authorizationType": str(paper.authorisation.kind),
    }
    if paper.authorisation.reference:
        permission["case-investigation:authorizationIdentifier"] = paper.authorisation.reference
    if paper.authorisation.issued_on:
        permission["uco-core:startTime"] = typed(
            "dateTime", f"{paper.authorisation.issued_on.isoformat()}T00:00:00Z"
        )
    graph: list[dict[str, object]] = [
        {
            **node("organisation"),
            "@type": "uco-identity:Organization",
            "uco-core:name": paper.organisation,
        },
        {
            **node("authority"),
            "@type": "uco-identity:Organization",
            "uco-core:name": paper.authority,
            "uco-core:description": f"State: {paper.state}",
        },
        permission,
        {
            **node("conditions"),
            "@type": "uco-marking:MarkingDefinition",
            "uco-marking:definitionType": "statement",
            "uco-marking:definition": [
                {
                    **node("conditions#statement"),
                    "@type": "uco-marking:StatementMarking",
                    "uco-marking:definitionType": "statement",
                    "uco-marking:statement": " ".join(one.text for one in paper.conditions)
                    or "No condition was set.",
                }
            ],
        },
        {
            **node("investigation"),
            "@type": "case-investigation:Investigation",
            "uco-core:name": paper.reference or paper.id,
            "case-investigation:investigationForm": "case",
            "case-investigation:relevantAuthorization": [node("authorisation")],
            "uco-core:object": [
                *(node(one.path) for one, _ in hashes),
                *(node(f"{one.path}#record") for one, _ in hashes),
                node("disclosure"),
            ],
        },
        {
            **node("disclosure"),
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": "disclosed",
            "uco-core:description": f"Package {paper.id}",
            "uco-action:startTime": at,
            "uco-action:performer": node("organisation"),
            "uco-action:participant": [node("authority")],
            "uco-action:object": [node(one.path) for one, _ in hashes],
            "uco-action:result": [node(f"{one.path}#record") for one, _ in hashes],
        },
    ]
    for one, sha512 in hashes:
        graph += [file(one, sha512), record(one)]
    return _json({"@context": _CONTEXT, "@graph": graph})


# ---- packed ----------------------------------------------------------------------------------------------

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"  # RFC 8493 section 2.1.1
CONDITIONS = "conditions.json"
DESCRIPTION = "description.jsonld"


def _header(name: str, size: int, mtime: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, mtime, 0o644
    return info.tobuf(tarfile.PAX_FORMAT)  # uid, gid 0 and no names: the house's machine is nobody's business


def _padding(size: int, block: int = tarfile.BLOCKSIZE) -> bytes:
    return b"\0" * (-size % block)


def _copied(file: File, into: Sequence[Any]) -> Iterator[bytes]:
    """The bytes of one file; refused as soon as they are not those that were shown."""
    changed = Refused(
        "a file is not the one that was approved",
        place=f"{file.target}/{file.item}",
        hint="its size or SHA-256 differs; look at it, and approve it again",
    )
    sha256 = hashlib.sha256()
    left = file.size
    with file.open() as source:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise changed
            sha256.update(chunk)
            for one in into:
                one.update(chunk)
            yield chunk
    if left or sha256.hexdigest() != file.sha256:
        raise changed


def bag(
    shown: Preview, approved: Sequence[Approved], files: Iterable[File], paper: Disclosure
) -> Iterator[bytes]:
    """The bag as a tar, chunk by chunk: the same arguments give the same bytes. For `seal`, not for sending.

    Refused where what would leave is not what was shown, or a file is not what it was said to be. A changed
    file can only be seen on the way; everything else is refused before the first chunk.
    """
    paper.check()
    now, order = _planned(approved, files)
    if now != shown:
        raise Refused("what would leave is no longer what was shown", hint="look at the preview again")
    if not order:
        raise Refused("nothing may leave, so there is no package")
    return _tar(shown, order, paper)


def _tar(shown: Preview, order: Sequence[File], paper: Disclosure) -> Iterator[bytes]:
    mtime = int(_moment(paper.at).timestamp())
    tags: dict[str, bytes] = {}
    written = 0

    def placed(path: str, data: bytes) -> bytes:
        tags[path] = data
        return _header(f"{paper.id}/{path}", len(data), mtime) + data + _padding(len(data))

    info = [
        f"Source-Organization: {paper.organisation}",
        f"Bagging-Date: {_moment(paper.at):%Y-%m-%d}",
        f"Internal-Sender-Identifier: {paper.id}",
        f"Payload-Oxum: {shown.size}.{len(order)}",
    ]
    if paper.reference:
        info.append(f"External-Identifier: {paper.reference}")
    for path, data in (
        ("bagit.txt", BAGIT),
        ("bag-info.txt", "\n".join([*info, ""]).encode()),
        ("conditions.txt", _conditions_text(paper)),
        (CONDITIONS, _conditions_json(paper)),
    ):
        chunk = placed(path, data)
        written += len(chunk)
        yield chunk
    hashes: list[tuple[Leaving, str]] = []
    for place, file in zip(shown.leaving, order, strict=True):
        head = _header(f"{paper.id}/{place.path}", file.size, mtime)
        tail = _padding(file.size)
        sha512 = hashlib.sha512()
        yield head
        yield from _copied(file, [sha512])
        yield tail
        written += len(head) + file.size + len(tail)
        hashes.append((place, sha512.hexdigest()))
    lists = {
        "manifest-sha256.txt": [(one.sha256, one.path) for one, _ in hashes],
        "manifest-sha512.txt": [(sha512, one.path) for one, sha512 in hashes],
    }
    last = [(DESCRIPTION, _description(paper, hashes))]
    last += [(name, _manifest(lines)) for name, lines in lists.items()]
    for path, data in last:
        chunk = placed(path, data)
        written += len(chunk)
        yield chunk
    listed = dict(tags)
    for algorithm in _HEX_LENGTHS:
        lines = [(hashlib.new(algorithm, data).hexdigest(), path) for path, data in sorted(listed.items())]
        chunk = placed(f"tagmanifest-{algorithm}.txt", _manifest(lines))
        written += len(chunk)
        yield chunk
    end = b"\0" * (2 * tarfile.BLOCKSIZE)
    yield end + _padding(written + len(end), tarfile.RECORDSIZE)


def _manifest(lines: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{value}  {path}\n" for value, path in lines).encode()


# ---- sealed and signed -----------------------------------------------------------------------------------


class Statement(_Value, frozen=True):
    """What the house signs about a package. It names no person, and opens nothing.

    sealed_sha256, sealed_size: of the encrypted file. bag_sha256: of the plain tar. conditions_sha256: of
    `conditions.json` in it. sealed_to: fingerprints of the keys. house_key: see `key_id`.
    """

    package: str
    organisation: str
    authority: str
    state: str
    reference: str
    at: datetime
    sealed_sha256: str
    sealed_size: int
    bag_sha256: str
    conditions_sha256: str
    sealed_to: tuple[str, ...]
    house_key: str
    kind: str = "habeas-package-statement-1"

    def encode(self) -> bytes:
        """The bytes that are signed; `kind` in them keeps the signature from being taken for another."""
        return _json(self)


class Sealed(_Value, frozen=True):
    """What goes beside the encrypted file. timestamp: an RFC 3161 answer over the signature, or empty."""

    statement: bytes
    signature: bytes
    timestamp: bytes = b""


class _Reader:
    """Chunks as a file to read from. Keeps what failed on the way: the age library hides it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self.sha256 = hashlib.sha256()
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                chunk = next(self._chunks, None)
                if chunk is None:
                    return b""
                self.sha256.update(chunk)
                self._rest = memoryview(chunk)
        except BaseException as failure:
            self.failure = failure
            raise
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)


class _Writer:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._out.write(data)
        self.sha256.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self._out.flush()


def key_id(public: bytes) -> str:
    """Which key: SHA-256 of the 32 raw bytes of an Ed25519 public key, in hex."""
    return hashlib.sha256(public).hexdigest()


def seal(
    out: BinaryIO,
    shown: Preview,
    approved: Sequence[Approved],
    files: Iterable[File],
    paper: Disclosure,
    *,
    keys: Sequence[RegisteredKey],
    signer: Signer,
    house_key: bytes,
) -> Sealed:
    """Write the encrypted package to `out` and answer the signed statement about it.

    house_key: the public half of `signer`, 32 raw bytes. `out` is at its end and can be truncated: what was
    written is taken back if anything is refused on the way, and without a statement it is no package.
    """
    recipients = check_keys(keys, authority=paper.authority, state=paper.state, on=_moment(paper.at).date())
    source = _Reader(bag(shown, approved, files, paper))
    begin = out.tell()
    sink = _Writer(out)
    done = False
    try:
        # The one use of chance here: age draws its file key and nonce inside the library. Sealing twice never
        # gives the same bytes; the tar in it does.
        pyrage.encrypt_io(source, sink, recipients)
        out.flush()
        statement = Statement(
            package=paper.id,
            organisation=paper.organisation,
            authority=paper.authority,
            state=paper.state,
            reference=paper.reference,
            at=_moment(paper.at),
            sealed_sha256=sink.sha256.hexdigest(),
            sealed_size=sink.size,
            bag_sha256=source.sha256.hexdigest(),
            conditions_sha256=hashlib.sha256(_conditions_json(paper)).hexdigest(),
            sealed_to=tuple(fingerprint(key.recipient) for key in keys),
            house_key=key_id(house_key),
        ).encode()
        signature = signer.sign(statement)
        _check_signature(house_key, signature, statement)  # a mistaken key shows here, not at the authority
        done = True
    except pyrage.EncryptError:
        if source.failure is not None:
            raise source.failure from None
        raise
    finally:
        if not done:
            out.seek(begin)
            out.truncate()
    return Sealed(statement=statement, signature=signature)


# ---- checked ---------------------------------------------------------------------------------------------


def _check_signature(public: bytes, signature: bytes, data: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature:
        raise Refused("the signature is not of this text by this key") from None
    except ValueError:
        raise Refused("this is no Ed25519 public key", hint="32 raw bytes") from None


def read_statement(statement: bytes, signature: bytes, house_key: bytes) -> Statement:
    """The statement, if the house signed these very bytes."""
    _check_signature(house_key, signature, statement)
    try:
        said = msgspec.json.decode(statement, type=Statement)
    except msgspec.MsgspecError as error:
        raise Refused("this is no statement about a package", hint=str(error)) from None
    if said.kind != "habeas-package-statement-1" or said.encode() != statement:
        raise Refused("this is no statement about a package, or not in its one form")
    if said.house_key != key_id(house_key):
        raise Refused("the statement names another key of the house")
    return said


def _digest(source: BinaryIO, *algorithms: str) -> tuple[int, dict[str, str]]:
    size, hashes = 0, {one: hashlib.new(one) for one in algorithms}
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        for one in hashes.values():
            one.update(chunk)
    return size, {name: one.hexdigest() for name, one in hashes.items()}


def verify(sealed: BinaryIO, statement: bytes, signature: bytes, house_key: bytes) -> Statement:
    """Is this encrypted file the one the house signed for? Needs no key to open it."""
    said = read_statement(statement, signature, house_key)
    size, hashes = _digest(sealed, "sha256")
    if (size, hashes["sha256"]) != (said.sealed_size, said.sealed_sha256):
        raise Refused("the file is not the package the statement speaks of")
    return said


def verify_bag(tar: BinaryIO, statement: Statement) -> Contents:
    """Is this opened tar the one the house signed for, and is the bag in it whole? Stricter than RFC 8493.

    Both algorithms are needed, and every file has to stand in a manifest, so that nothing can be slipped in.
    """
    begin = tar.tell()
    if _digest(tar, "sha256")[1]["sha256"] != statement.bag_sha256:
        raise Refused("the tar is not the one the statement speaks of")
    tar.seek(begin)
    top, found = members(tar)
    contents = check_bag(found)
    if top != statement.package:
        raise Refused("the bag bears another name than the package", place=top)
    if contents.unlisted:
        raise Refused("a file stands in no manifest", place=contents.unlisted[0])
    if set(contents.algorithms) != set(_HEX_LENGTHS) or set(contents.tag_algorithms) != set(_HEX_LENGTHS):
        raise Refused("the bag lacks a manifest", hint="a package has both SHA-256 and SHA-512 of everything")
    if CONDITIONS not in found:
        raise Refused("the conditions are missing", place=CONDITIONS)
    with found[CONDITIONS]() as source:
        if _digest(source, "sha256")[1]["sha256"] != statement.conditions_sha256:
            raise Refused("the conditions are not those the house signed", place=CONDITIONS)
    return contents


def members(tar: BinaryIO) -> tuple[str, dict[str, Opener]]:
    """The folder a tar holds, and the files in it by their path below it. Plain files in one folder only."""
    found: dict[str, Opener] = {}
    tops: set[str] = set()
    try:
        archive = tarfile.TarFile(fileobj=tar, mode="r")
        for info in archive:
            top, _, path = info.name.partition("/")
            _safe(info.name, "tar")
            tops.add(top)
            if info.isdir():
                continue
            if not info.isreg() or not path:
                raise Refused("a package holds plain files in one folder and nothing else", place=info.name)
            if path in found:
                raise Refused("a file stands twice in the tar", place=path)
            found[path] = _opener(archive, info)
    except tarfile.TarError as error:
        raise Refused("this is no tar that can be read", hint=str(error)) from None
    if len(tops) != 1:
        raise Refused("a package is one folder")
    return tops.pop(), found


def _opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Opener:
    def opened() -> BinaryIO:
        source = archive.extractfile(info)
        assert source is not None, "a plain file"
        return source  # type: ignore[return-value]  # reads bytes, as a BinaryIO does

    return opened


class Contents(_Value, frozen=True):
    """A bag that is whole and unchanged. unlisted: tag files in no tag manifest (RFC 8493 lets them be)."""

    payload: tuple[str, ...]
    tags: tuple[str, ...]
    unlisted: tuple[str, ...]
    algorithms: tuple[str, ...]
    tag_algorithms: tuple[str, ...]


_END = r"(?:\r\n|\n|\r)"
_BAGIT = re.compile(rf"BagIt-Version: 1\.0{_END}Tag-File-Character-Encoding: (?i:UTF-8){_END}?")
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_LISTED = re.compile(r"([0-9A-Fa-f]+)[ \t]+(.+)")


def _safe(path: str, place: str) -> str:
    """A path that stays inside the bag on every system (RFC 8493 section 5.2)."""
    parts = path.rstrip("/").split("/")
    if (
        path.startswith(("/", "~"))
        or re.match("[A-Za-z]:", path)
        or "\\" in path
        or "\0" in path
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise Refused("a path leads out of the bag or is not plain", place=f"{place}: {path}")
    return path


def _text(opener: Opener, place: str) -> str:
    with opener() as source:
        data = source.read(LARGEST_TAG_FILE + 1)
    if len(data) > LARGEST_TAG_FILE:
        raise Refused("a tag file is too large to be one", place=place)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("a tag file is not in UTF-8", place=place) from None


def _listed(text: str, algorithm: str, place: str) -> dict[str, str]:
    """What a manifest lists: each path with its hash, once (RFC 8493 section 2.1.3)."""
    found: dict[str, str] = {}
    for number, line in enumerate(re.split(_END, text), start=1):
        if not line:
            continue
        match = _LISTED.fullmatch(line)
        if not match or len(match[1]) != _HEX_LENGTHS[algorithm]:
            raise Refused("a line of a manifest is not a hash and a path", place=f"{place}, line {number}")
        path = re.sub("%(0[Aa]|0[Dd]|25)", lambda code: chr(int(code[1], 16)), match[2]).removeprefix("./")
        if _safe(path, place) in found:
            raise Refused("a manifest lists a file twice", place=f"{place}, line {number}")
        found[path] = match[1].lower()
    return found


def check_bag(files: Mapping[str, Opener]) -> Contents:
    """Is this a complete and valid bag (RFC 8493 section 3)? files: every file below the bag's folder.

    Stricter than the RFC where leniency helps only a forger: version 1.0 in UTF-8, SHA-256 or SHA-512,
    nothing to be fetched, no two names that some systems take for one. Holds no payload in memory.
    """
    for path in files:
        _safe(path, "bag")
    seen: dict[str, str] = {}
    for path in files:
        same = seen.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if same != path:
            raise Refused("two files have names that some systems take for one", place=path)
    if "bagit.txt" not in files:
        raise Refused("this is no bag: bagit.txt is missing")
    if not _BAGIT.fullmatch(_text(files["bagit.txt"], "bagit.txt")):
        raise Refused("this is no bag of version 1.0 in UTF-8", place="bagit.txt")
    if "fetch.txt" in files:
        raise Refused("parts of the bag would have to be fetched from elsewhere", place="fetch.txt")

    payload = {path for path in files if path.startswith("data/")}
    tags = files.keys() - payload
    manifests: dict[str, dict[str, str]] = {}
    for path in sorted(tags):
        if match := _MANIFEST.fullmatch(path):
            if match[2] not in _HEX_LENGTHS:
                raise Refused("a manifest uses a hash that proves too little", place=path)
            manifests[path] = _listed(_text(files[path], path), match[2], path)
    lists = {path: one for path, one in manifests.items() if path.startswith("manifest-")}
    if not lists:
        raise Refused("the bag has no manifest of its files")
    for path, listed in lists.items():
        if listed.keys() != payload:
            odd = min(listed.keys() ^ payload)
            what = "a listed file is missing" if odd in listed else "a file is not listed"
            raise Refused(what, place=f"{path}: {odd}")
    tag_lists = {path: one for path, one in manifests.items() if path.startswith("tagmanifest-")}
    for path, listed in tag_lists.items():
        if odd_ones := sorted(listed.keys() - tags | listed.keys() & tag_lists.keys()):
            raise Refused("a tag manifest lists what is no tag file here", place=f"{path}: {odd_ones[0]}")
        if odd_ones := sorted(lists.keys() - listed.keys()):
            raise Refused("a tag manifest leaves out a manifest", place=f"{path}: {odd_ones[0]}")

    octets = 0
    for path in sorted(files):
        with files[path]() as source:
            size, hashes = _digest(source, *_HEX_LENGTHS)
        octets += size if path in payload else 0
        for name, listed in manifests.items():
            if path in listed and listed[path] != hashes[name.rpartition("-")[2].removesuffix(".txt")]:
                raise Refused("a file is not the one the manifest speaks of", place=f"{name}: {path}")
    _check_oxum(files, octets, len(payload))
    in_tag_lists = set[str]().union(*tag_lists.values())
    return Contents(
        payload=tuple(sorted(payload)),
        tags=tuple(sorted(tags)),
        unlisted=tuple(sorted(tags - in_tag_lists - tag_lists.keys())),
        algorithms=_algorithms(lists),
        tag_algorithms=_algorithms(tag_lists),
    )


def _algorithms(manifests: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(path.rpartition("-")[2].removesuffix(".txt") for path in manifests))


def _check_oxum(files: Mapping[str, Opener], octets: int, streams: int) -> None:
    """The one number in bag-info.txt that has to be true (RFC 8493 section 2.2.2)."""
    if "bag-info.txt" not in files:
        return
    for line in re.split(_END, _text(files["bag-info.txt"], "bag-info.txt")):
        label, _, value = line.partition(":")
        if label.strip().lower() == "payload-oxum" and value.strip() != f"{octets}.{streams}":
            raise Refused("the bag holds another number of bytes or files than it says", place="bag-info.txt")


# ---- confirmed -------------------------------------------------------------------------------------------


class Receipt(_Value, frozen=True):
    """What the authority says arrived. received_by: an office. signature: Ed25519 of `encode()`, or none."""

    package: str
    sealed_sha256: str
    received_at: datetime
    received_by: str
    signature: bytes = b""
    kind: str = "habeas-package-receipt-1"

    def encode(self) -> bytes:
        """The bytes the authority signs: everything but the signature, in the same form as a statement."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name != "signature"}
        return _json(said)


def check_receipt(
    receipt: Receipt, statement: Statement, *, now: datetime, authority_key: bytes | None = None
) -> bool:
    """Is this receipt about this package? True if it is signed, False if it is the authority's bare word.

    authority_key: 32 raw bytes of the Ed25519 key registered for the authority. A signature that cannot be
    checked is refused, not ignored.
    """
    if receipt.kind != "habeas-package-receipt-1":
        raise Refused("this is no receipt of a package", place="kind")
    if (receipt.package, receipt.sealed_sha256) != (statement.package, statement.sealed_sha256):
        raise Refused("the receipt is about another package", place="sealed_sha256")
    _line(receipt.received_by, "received_by")
    if receipt.received_at.tzinfo is None:
        raise Refused("the receipt names a time without a zone", place="received_at")
    if receipt.received_at < statement.at - CLOCKS_APART:
        raise Refused("the receipt is older than the package", place="received_at")
    if receipt.received_at > now + CLOCKS_APART:
        raise Refused("the receipt is from a time still to come", place="received_at")
    if not receipt.signature:
        return False
    if authority_key is None:
        raise Refused(
            "the receipt is signed, and no key of the authority is known to check it with", place="signature"
        )
    _check_signature(authority_key, receipt.signature, receipt.encode())
    return True
