"""Plain text out of what a requester sent: a mail, a PDF, an XML form, the list of an archive.

`text_of` is for the house: it hands the bytes to a process that can do nothing else (`confined`), and takes
words from it, for a person to look at. They decide nothing, and nothing is recorded of them. `read` is what
runs inside. What a file is, its first bytes say and never its name. A file that cannot be read is refused
with one sentence, whatever is wrong with it; it is kept as it came all the same.

Read are: messages (RFC 5322, MIME: RFC 2045-2047), PDF, XML without rules of its own (no document type, so no
entities but the five of XML 1.0), plain text. Of a ZIP archive names and sizes are told, and nothing in it is
unpacked.
"""

from __future__ import annotations

import html.parser
import io
import re
import zipfile
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from enum import StrEnum
from typing import Any, Protocol
from xml.parsers import expat

import msgspec

from habeas.errors import Refused
from habeas.gateways import confined

MOST_BYTES = 20 * 1024**2  # that are looked at; what is longer is kept and not read
MOST_TEXT = 200_000  # characters that come out: as many as a statement of facts holds
SECONDS = 20  # a PDF of a hundred dense pages, which is 200,000 characters, takes four on a small machine
MEGABYTES = 768  # of address space, of which starting takes a tenth
_PAGES = 300
MOST_PARTS = 200  # of one mail
DEEPEST = 20  # parts within parts, elements within elements of a form: real ones stay below ten
_ELEMENTS = 100_000
_NAMES = 2_000  # in an archive
_UNPACKED = 4 * 1024**3
_RATIO = 100  # unpacked to packed: text has ten, a bomb a thousand and more
_SMALL = 10 * 1024**2  # below it a ratio says nothing
_UNREAD = "this file cannot be read here"
_KEPT = "it is kept as it came; open it where nothing else of the house can be reached, and type what it says"


class Kind(StrEnum):
    MAIL = "mail"
    PDF = "pdf"
    XML = "xml"
    ARCHIVE = "archive"
    TEXT = "text"


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says. cut: there is more of it than `MOST_TEXT`, or than so many pages or parts."""

    kind: Kind
    text: str
    cut: bool = False


class Runner(Protocol):
    """Runs a function of bytes in a confined process."""

    def __call__(self, function: str, data: bytes, *, seconds: float, megabytes: int) -> bytes: ...


def text_of(data: bytes, run: Runner = confined.run, *, seconds: float | None = None) -> Paper:
    """The text of a file, read in a confined process. Raises Refused with one sentence where there is none.
    run: as `habeas.gateways.confined.run`. seconds: for less than `SECONDS`."""
    if len(data) > MOST_BYTES:
        raise Refused(f"{_UNREAD}: it has more than {MOST_BYTES // 1024**2} MB", place="file", hint=_KEPT)
    try:
        most = SECONDS if seconds is None else min(seconds, SECONDS)
        answer = run(f"{__name__}:read", data, seconds=most, megabytes=MEGABYTES)
        found = msgspec.json.decode(answer, type=Paper)
    except Refused as refused:
        # What went wrong inside is no word for a person: a place in the code, a signal, a limit.
        why = refused.sentence if refused.place == _PLACE else "it is damaged, or made to break readers"
        raise Refused(f"{_UNREAD}: {why}", place="file", hint=_KEPT) from None
    except msgspec.MsgspecError:  # a reader that was taken over
        raise Refused(f"{_UNREAD}: what came out of it is no text", place="file", hint=_KEPT) from None
    return msgspec.structs.replace(found, text=_clean(found.text)[:MOST_TEXT])


def text_of_pdf(data: bytes) -> str:
    """The whole text of a PDF. Raises Refused as `text_of`, and where this is none or too long."""
    found = text_of(data)
    if found.kind is not Kind.PDF:
        raise Refused(f"{_UNREAD}: it is no PDF", place="file")
    if found.cut:
        raise Refused(f"{_UNREAD}: it is too long", place="file")
    return found.text


def _clean(text: str) -> str:
    """Without signs that no text has. What nobody sees but may mean something stays: a request holds it too,
    and says so."""
    return "".join(each for each in text if each in "\n\t" or each.isprintable() or ord(each) > 0x9F)


# ---- inside ------------------------------------------------------------------------------------------------

_PLACE = "paper"


def read(data: bytes) -> bytes:
    """What `text_of` asks for, as JSON of a `Paper`. Run in a confined process."""
    kind = kind_of(data)
    text, cut = _READERS[kind](data)
    if not text.strip():
        raise _unread(_EMPTY[kind])
    short = text[:MOST_TEXT]
    return msgspec.json.encode(Paper(kind=kind, text=short.strip(), cut=cut or len(text) > MOST_TEXT))


def kind_of(data: bytes) -> Kind:
    """What the first bytes say that a file is. Raises Refused for a kind that is not read here."""
    start = data[:1024]
    if b"%PDF-" in start:
        return Kind.PDF
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.ARCHIVE
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare.startswith(b"<?xml") or start[:4] in (b"\xff\xfe<\x00", b"\xfe\xff\x00<"):
        return Kind.XML
    if _HEADER.match(bare) and _IS_MAIL.search(data[:65536]):
        return Kind.MAIL
    try:
        data.decode()
    except UnicodeDecodeError:
        raise _unread("it is no mail, PDF, XML, archive or plain text") from None
    if b"\x00" in data:
        raise _unread("it is no mail, PDF, XML, archive or plain text")
    return Kind.XML if bare.startswith(b"<") and not bare[:20].lower().startswith(_WEB) else Kind.TEXT


_HEADER = re.compile(rb"(?:From [^\n]+\r?\n)?[!-9;-~]+:[ \t]?[^\n]*\n")  # RFC 5322, 2.2; `From ` of a mailbox
_IS_MAIL = re.compile(rb"^(?:From|Date|Received|MIME-Version|Message-ID):", re.IGNORECASE | re.MULTILINE)
_WEB = (b"<!doctype", b"<html")


def _unread(why: str) -> Refused:
    return Refused(why, place=_PLACE, hint=_KEPT)


# ---- mail ----


def _mail(data: bytes) -> tuple[str, bool]:
    try:
        message = BytesParser(policy=policy.default).parsebytes(data)
        return _message(message)
    except RecursionError:
        raise _unread("its parts are nested too deeply") from None
    except (MessageError, LookupError, ValueError):
        raise _unread("its parts cannot be told apart") from None


def _message(message: Message) -> tuple[str, bool]:
    lines = [f"{name}: {_header(message, name)}" for name in _HEADERS if message[name]]
    bodies, along, cut = [], [], False
    for number, part in enumerate(_parts(message, 0)):
        if number == MOST_PARTS:
            cut = True
            break
        if part.get_content_disposition() == "attachment" or part.get_filename():
            along.append(_enclosed(part))
        elif part.get_content_type() in ("text/plain", "text/html"):
            bodies.append((part.get_content_type(), _content(part)))
    plain = [text for kind, text in bodies if kind == "text/plain" and text.strip()]
    said = plain or [_words(text) for kind, text in bodies if kind == "text/html"]
    if along:
        said.append("\n".join(["Along with it came:", *along]))
    return "\n\n".join(["\n".join(lines), *(text.strip() for text in said)]), cut


_HEADERS = ("From", "To", "Date", "Subject")


def _header(message: Message, name: str) -> str:
    return " ".join(str(message[name]).split())


def _parts(message: Message, deep: int) -> Iterator[Message]:
    """The leaves, in their order. A message within is read as its own parts."""
    if deep > DEEPEST:
        raise _unread("its parts are nested too deeply")
    if not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _parts(part, deep + 1)


def _content(part: Message) -> str:
    if isinstance(part, EmailMessage):
        try:
            return str(part.get_content(errors="replace"))
        except LookupError:  # a character set of which nobody knows
            pass
    found = part.get_payload(decode=True)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""


def _enclosed(part: Message) -> str:
    found = part.get_payload(decode=True)
    size = len(found) if isinstance(found, bytes) else 0
    return f"{part.get_filename() or part.get_content_type()}, {size:,} bytes"


class _Words(html.parser.HTMLParser):
    """The words of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._aside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "title"):
            self._aside += 1
        elif tag in ("p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table"):
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "title") and self._aside:
            self._aside -= 1

    def handle_data(self, data: str) -> None:
        if not self._aside:
            self.found.append(" ".join(data.split()) + " " if data.strip() else " ")


def _words(page: str) -> str:
    reader = _Words()
    reader.feed(page)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).split("\n"))
    return "\n".join(line for line in lines if line)


# ---- PDF ----


def _pdf(data: bytes) -> tuple[str, bool]:
    import pypdf  # slow to load, and never loaded by the house itself
    from pypdf.errors import PyPdfError

    try:
        paper = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if paper.is_encrypted and not paper.decrypt(""):
            raise _unread("it is locked with a password")
        pages: list[str] = []
        found = 0
        for page in paper.pages:
            if len(pages) == _PAGES or found > MOST_TEXT:
                return "\n\n".join(pages), True
            pages.append(page.extract_text().strip())
            found += len(pages[-1])
        return "\n\n".join(page for page in pages if page), False
    except RecursionError:
        raise _unread("its parts are nested too deeply") from None
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        # Besides errors of its own it fails in the words of Python, where a paper is not what it says.
        raise _unread("it is damaged") from None


# ---- XML ----


def _xml(data: bytes) -> tuple[str, bool]:
    reader = expat.ParserCreate()
    reader.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    names: list[str] = []
    texts: list[str] = []
    lines: list[str] = []
    count = 0

    def begins(name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _ELEMENTS or len(names) >= DEEPEST * 2:
            raise _unread("it is larger or more deeply nested than a form is")
        _said()
        names.append(name.rpartition(":")[2])

    def ends(_name: str) -> None:
        _said()
        names.pop()

    def _said() -> None:
        text = " ".join("".join(texts).split())
        texts.clear()
        if text and names:
            lines.append(f"{names[-1]}: {text}")

    def refused(*_said: object) -> Any:
        raise _unread("it brings a document type or entities of its own, which no form does")

    reader.StartElementHandler, reader.EndElementHandler = begins, ends
    reader.CharacterDataHandler = texts.append
    reader.StartDoctypeDeclHandler = refused
    reader.EntityDeclHandler = refused
    reader.ExternalEntityRefHandler = refused
    try:
        reader.Parse(data, True)
    except expat.ExpatError as error:
        raise _unread(f"it is no whole XML (line {error.lineno})") from None
    return "\n".join(lines), False


# ---- an archive ----


def _archive(data: bytes) -> tuple[str, bool]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [each for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise _unread("it is a damaged archive") from None
    if len(inside) > _NAMES:
        raise _unread(f"it is an archive of more than {_NAMES:,} files")
    whole, packed = sum(each.file_size for each in inside), sum(each.compress_size for each in inside)
    if whole > _UNPACKED or (whole > _SMALL and whole > _RATIO * max(packed, 1)):
        raise _unread("it is an archive that would unpack to very much more than it is")
    if any(_leads_out(each.filename) for each in inside):
        raise _unread("it is an archive with names that lead out of their folder")
    listed = [f"{each.filename}, {each.file_size:,} bytes{_locked(each)}" for each in inside]
    return "\n".join(["An archive with these files, none of them opened:", *listed] if listed else []), False


def _leads_out(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return ".." in parts or parts[0] == "" or bool(re.match(r"[A-Za-z]:", name))


def _locked(each: zipfile.ZipInfo) -> str:
    return ", locked" if each.flag_bits & 1 else ""


def _text(data: bytes) -> tuple[str, bool]:
    return data.decode().removeprefix("\ufeff").replace("\r\n", "\n"), False


_READERS = {
    Kind.MAIL: _mail,
    Kind.PDF: _pdf,
    Kind.XML: _xml,
    Kind.ARCHIVE: _archive,
    Kind.TEXT: _text,
}
_EMPTY = {
    Kind.MAIL: "it is a mail without words",
    Kind.PDF: "it holds pictures and no text, as a scan does",
    Kind.XML: "it is XML without words",
    Kind.ARCHIVE: "it is an empty archive",
    Kind.TEXT: "it is empty",
}
