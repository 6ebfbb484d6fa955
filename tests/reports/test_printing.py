"""A letter on paper: tagged, readable by machines, in shipped fonts, set where nothing else can be done."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

from habeas.desk.letters import Asked, Kind, Language, compose
from habeas.errors import Refused
from habeas.gateways import confined
from habeas.reports import printing
from habeas.reports.letter_page import as_html
from habeas.reports.printing import as_pdf, covered
from habeas.treaty import Role
from tests.desk.letters.samples import facts

FONTS = Path(printing.__file__).parent / "letters" / "fonts"
PLAIN_PAGE = "<!DOCTYPE html><html lang=en><head><title>t</title></head><body><p>{}</p></body></html>"


def run(function: str, data: bytes, *, seconds: float, megabytes: int) -> bytes:
    """As the app plugs it in, with what this kernel can enforce."""
    return confined.run(
        function, data, seconds=seconds, megabytes=megabytes, minimum=confined.MINIMUM & IN_FORCE
    )


IN_FORCE = confined.protections()


def letter(kind: Kind, language: Language) -> str:
    return as_html(compose(kind, facts(), language=language))


def opened(body: bytes) -> bytes:
    """What a compressed stream holds."""
    start = body.index(b"stream\n") + 7
    return zlib.decompressobj().decompress(body[start:])


class Pdf:
    """The objects of a PDF, by number, streams of objects opened (ISO 32000-1, 7.5.7)."""

    def __init__(self, data: bytes) -> None:
        self.objects: dict[int, bytes] = {}
        for found in re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", data, re.S):
            body = found[2]
            self.objects[int(found[1])] = body
            if b"/Type /ObjStm" in body or b"/Type/ObjStm" in body:
                self._open(body)
        root = re.search(rb"/Root (\d+) 0 R", data)
        assert root
        self.root = self.objects[int(root[1])]

    def _open(self, body: bytes) -> None:
        text = opened(body)
        first = int(re.search(rb"/First (\d+)", body)[1])  # type: ignore[index]
        heads = list(map(int, text[:first].split()))
        places = [*heads[1::2], len(text)]
        for number, place, end in zip(heads[::2], places, places[1:], strict=False):
            self.objects[number] = text[first + place : first + end if end < len(text) else None]

    def at(self, body: bytes, key: str) -> bytes:
        """What a key refers to, or its own value."""
        found = re.search(rf"/{key} ?(?:(\d+) 0 R|(<<.*?>>|\(.*?\)|<[^<].*?>|/\w+|\w+))".encode(), body, re.S)
        assert found, key
        return self.objects[int(found[1])] if found[1] else found[2]

    def tags(self) -> list[bytes]:
        return [tag for body in self.objects.values() for tag in re.findall(rb"/S ?/([A-Z]\w*)", body)]


@pytest.mark.parametrize("language", Language)
def test_a_letter_is_a_tagged_document_with_language_and_title(language: Language) -> None:
    pdf = Pdf(as_pdf(letter(Kind.REFUSAL, language), run))
    assert b"/Marked true" in pdf.at(pdf.root, "MarkInfo")
    assert b"/StructTreeRoot" in pdf.at(pdf.root, "StructTreeRoot")
    assert pdf.at(pdf.root, "Lang").strip(b"()<>") in {
        language.encode(),
        (b"\xfe\xff" + language.encode("utf-16-be")).hex().encode(),
    }
    assert b"/DisplayDocTitle true" in pdf.at(pdf.root, "ViewerPreferences")
    metadata = opened(pdf.at(pdf.root, "Metadata")).decode()
    assert 'pdfuaid:part="1"' in metadata
    assert "<dc:title>" in metadata
    assert "Ministry of Justice" in metadata
    assert {b"H1", b"P", b"L", b"LI", b"Lbl", b"LBody"} <= set(pdf.tags())


def test_where_another_language_begins_the_tags_say_so() -> None:
    pdf = Pdf(as_pdf(letter(Kind.CLARIFICATION, Language.ARABIC), run))
    languages = {
        tag: [
            found[1]
            for body in pdf.objects.values()
            if re.search(rb"/S ?/" + tag + rb"\b", body) and (found := re.search(rb"/Lang ?\((\w+)\)", body))
        ]
        for tag in (b"Art", b"P")
    }
    assert languages == {b"Art": [b"ar", b"en"], b"P": [b"en"]}


def test_a_letter_of_several_pages_keeps_its_languages() -> None:
    known = facts(questions=tuple(Asked(text=f"Question {number}? " + "Why? " * 60) for number in range(30)))
    page = as_html(compose(Kind.CLARIFICATION, known, language=Language.FRENCH))
    pdf = Pdf(as_pdf(page, run))
    assert sum(b"/Type /Page/" in body or b"/Type /Page\n" in body for body in pdf.objects.values()) > 4
    spoken = [found[1] for body in pdf.objects.values() for found in re.finditer(rb"/Lang ?\((\w+)\)", body)]
    assert set(spoken) == {b"fr", b"en"}


def test_the_same_page_gives_the_same_bytes() -> None:
    page = letter(Kind.ACKNOWLEDGEMENT, Language.CHINESE)
    assert as_pdf(page, run) == as_pdf(page, run)


def test_a_closed_refusal_is_the_same_paper_whatever_we_hold() -> None:
    pages = [
        as_html(compose(Kind.PERSECUTION_REFUSAL, known, language=Language.ENGLISH))
        for known in (facts(), facts(items=(), questions=(), grounds=(), consulted=None))
    ]
    assert as_pdf(pages[0], run) == as_pdf(pages[1], run)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Office of 𠮷田", "𠮷 (U+20BB7 CJK UNIFIED IDEOGRAPH-20BB7)"),
        ("สำนักงาน", "U+0E07 THAI CHARACTER NGO NGU"),
        ("office ☂", "☂ (U+2602 UMBRELLA)"),
    ],
)
def test_a_character_no_shipped_font_has_is_an_error_that_names_it(text: str, named: str) -> None:
    with pytest.raises(Refused) as refused:
        as_pdf(as_html(compose(Kind.REFUSAL, facts(addressee=text), language=Language.ENGLISH)), run)
    assert named in refused.value.sentence


@pytest.mark.parametrize(
    "text", ["Ürümqi İstanbul Łódź Hà Nội", "Ђорђе Ґ № 5", "وزارة العدل", "吉田司法部", "ΑΒΓ"]
)
def test_an_ordinary_neighbour_is_printed(text: str) -> None:
    as_pdf(as_html(compose(Kind.REFUSAL, facts(addressee=text), language=Language.ENGLISH)), run)


def test_the_shipped_fonts_have_the_common_characters_of_each_script() -> None:
    simplified = {
        bytes([high, low]).decode("gb2312")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        if not (high == 0xD7 and low > 0xF9)
    }
    assert len(simplified) == 6763  # GB 2312, levels 1 and 2
    letters = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x180), *range(0x400, 0x460))}
    arabic = set("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ،؛؟پچژگ")
    assert simplified | letters - {"\xad", "ŉ"} | arabic <= covered()


def test_the_shipped_fonts_are_small_and_their_licence_is_beside_them() -> None:
    shipped = list(FONTS.glob("*.ttf"))
    assert sum(path.stat().st_size for path in shipped) < 6_000_000
    licence = (FONTS / "LICENSE").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert all(path.name in licence for path in shipped)


def test_no_font_of_the_machine_is_used() -> None:
    families = "'DejaVu Sans', 'Liberation Serif', 'Noto Sans', Arial, sans-serif, monospace"
    page = PLAIN_PAGE.format(f'<span style="font-family: {families}">Abc где وزارة 司法</span>')
    used = {name for body in Pdf(as_pdf(page, run)).objects.values() for name in _FONT.findall(body)}
    assert used
    assert {name.split(b"-")[0] for name in used} <= {b"Amiri", b"Source", b"Noto"}
    assert not [name for name in used if b"Sans" in name]


_FONT = re.compile(rb"/BaseFont ?/[A-Z]{6}\+([\w-]+)")


@pytest.mark.parametrize(
    "element",
    ['<img src="{}" alt="x">', '<a rel=attachment href="{}">y</a>', '<link rel=stylesheet href="{}">'],
)
def test_the_paper_fetches_nothing(element: str, tmp_path: Path) -> None:
    planted = tmp_path / "secret.txt"
    planted.write_text("PLANTED")
    with pytest.raises(Refused, match="URLFetching"):
        as_pdf(PLAIN_PAGE.format(element.format(planted.as_uri())), run)
    with pytest.raises(Refused, match="URLFetching"):
        as_pdf(PLAIN_PAGE.format(element.format("data:text/plain,PLANTED")), run)
    as_pdf(PLAIN_PAGE.format("z"), run)


def test_a_missing_library_is_one_sentence_that_names_what_to_install() -> None:
    with pytest.raises(Refused) as refused:
        confined.run(
            "papers:without_libraries",
            PLAIN_PAGE.format("x").encode(),
            seconds=30,
            megabytes=1024,
            minimum=frozenset(),
            readable=(Path(__file__).parent,),
        )
    assert refused.value.sentence == (
        "letters cannot be printed: libraries that set text are not installed on this machine"
    )
    assert refused.value.hint == ("apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")


def test_a_page_that_needs_too_much_is_refused_and_not_waited_for() -> None:
    def hurried(function: str, data: bytes, *, seconds: float, megabytes: int) -> bytes:
        return run(function, data, seconds=0.05, megabytes=megabytes)

    with pytest.raises(Refused, match="took longer"):
        as_pdf(letter(Kind.REFUSAL, Language.ENGLISH), hurried)

    def cramped(function: str, data: bytes, *, seconds: float, megabytes: int) -> bytes:
        return run(function, data, seconds=seconds, megabytes=60)

    with pytest.raises(Refused):
        as_pdf(letter(Kind.REFUSAL, Language.ENGLISH), cramped)


def test_the_seat_makes_no_difference_to_the_setting() -> None:
    page = as_html(compose(Kind.REFUSAL, facts(Role.PROVIDER), language=Language.SPANISH))
    assert as_pdf(page, run).startswith(b"%PDF-")
