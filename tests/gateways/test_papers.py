"""Out of what a requester sent comes text or one plain sentence; a hostile file costs a child and no more."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
import zlib
from email.message import EmailMessage

import pytest

from habeas.errors import Refused
from habeas.gateways import confined, papers
from habeas.gateways.papers import Kind, Paper, kind_of, text_of
from habeas.reports.printing import as_pdf

WORDS = "The public prosecutor asks for the data of two accounts."
ARABIC = "تطلب النيابة العامة بيانات حسابين"
XML = b'<?xml version="1.0" encoding="UTF-8"?>'


def said(data: bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Refused) as refused:
        text_of(data)
    assert refused.value.sentence.startswith("this file cannot be read here: ")
    assert "kept as it came" in refused.value.hint
    assert "\n" not in refused.value.sentence
    return refused.value.sentence.removeprefix("this file cannot be read here: ")


# ---- what is read ------------------------------------------------------------------------------------------


def mail(**changes: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "office@authority.example"
    made["To"] = "desk@house.example"
    made["Subject"] = "Réquisition nº 7"
    made.set_content(WORDS)
    for name, value in changes.items():
        made.replace_header(name, value)
    return made


def test_of_a_mail_its_words_and_the_names_of_what_came_along() -> None:
    made = mail()
    made.add_alternative(f"<p>{WORDS} and <b>more</b></p>", subtype="html")
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="order.pdf")
    found = text_of(made.as_bytes())
    assert found.kind is Kind.MAIL
    assert "Subject: Réquisition nº 7" in found.text
    assert found.text.count(WORDS) == 1, "its plain words, and not the same again as a page"
    assert "order.pdf, 8 bytes" in found.text


def test_of_a_mail_that_is_a_page_alone_the_words_of_the_page() -> None:
    made = mail()
    made.set_content(
        f"<style>p {{}}</style><script>x()</script><p>{WORDS}</p><p>{ARABIC}</p>", subtype="html"
    )
    text = text_of(made.as_bytes()).text
    assert f"{WORDS}\n{ARABIC}" in text
    assert "x()" not in text
    assert "{}" not in text


def test_a_mail_within_a_mail_is_read_too() -> None:
    outer = mail()
    outer.set_content("See below.")
    outer.add_attachment(mail())
    assert WORDS in text_of(outer.as_bytes()).text


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-6", "koi8-r", "x-unknown", "utf-7"])
def test_a_mail_in_any_character_set_is_text_or_marks_what_is_lost(charset: str) -> None:
    head = f"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    assert "The order 7/2026" in text_of(head.encode() + b"The order 7/2026 \xd0\xff").text


def test_of_a_pdf_the_text_of_its_pages() -> None:
    head = '<!DOCTYPE html><html lang="en"><head><title>t</title></head>'
    found = text_of(as_pdf(f"{head}<body><p>{WORDS}</p><p>{ARABIC}</p></body></html>", confined.run))
    assert found.kind is Kind.PDF
    assert WORDS in found.text
    assert "النيابة" in found.text


def test_of_an_xml_form_each_element_with_its_words() -> None:
    form = (
        XML
        + f'<e:EPOC xmlns:e="urn:x"><e:Case>12</e:Case><e:Facts lang="en">{WORDS}</e:Facts></e:EPOC>'.encode()
    )
    assert text_of(form) == Paper(kind=Kind.XML, text=f"Case: 12\nFacts: {WORDS}")


def test_the_five_entities_of_xml_are_signs_like_others() -> None:
    assert text_of(XML + b"<a>R &amp; D &lt;x&gt; &quot;&apos; &#233;</a>").text == "a: R & D <x> \"' é"


def zipped(*names: str, data: bytes = b"x", how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name in names:
            archive.writestr(name, data)
    return made.getvalue()


def test_of_an_archive_names_and_sizes_and_nothing_in_it() -> None:
    found = text_of(zipped("order/order.pdf", "order/list.csv", data=WORDS.encode()))
    assert found.kind is Kind.ARCHIVE
    assert f"order/order.pdf, {len(WORDS)} bytes" in found.text
    assert WORDS not in found.text


def test_plain_text_is_its_own_text() -> None:
    assert text_of(b"\xef\xbb\xbf" + ARABIC.encode() + b"\r\nmore") == Paper(
        kind=Kind.TEXT, text=f"{ARABIC}\nmore"
    )


def test_long_text_is_cut_and_says_so() -> None:
    found = text_of(b"word " * (papers.MOST_TEXT // 4))
    assert found.cut
    assert len(found.text) <= papers.MOST_TEXT


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4\n", Kind.PDF),
        (b"\n\n%PDF-1.4\n", Kind.PDF),
        (b"PK\x03\x04", Kind.ARCHIVE),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", Kind.XML),
        ("\ufeff<?xml version='1.0'?><a/>".encode("utf-16-le"), Kind.XML),
        (b"<order/>", Kind.XML),
        (b"Received: by x\r\nFrom: a@b.example\r\n\r\nhello", Kind.MAIL),
        (b"Dear colleagues: please\nFrom: here", Kind.TEXT),
        (b"<!DOCTYPE html><p>x", Kind.TEXT),
    ],
)
def test_a_file_is_what_its_first_bytes_say_and_never_its_name(data: bytes, kind: Kind) -> None:
    assert kind_of(data) is kind


# ---- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + bytes(100), b"MZ\x90\x00", b"\xff\xfe\x00", b"a\x00b"]
)
def test_a_file_of_another_kind_is_refused(data: bytes) -> None:
    assert "no mail, PDF, XML, archive or plain text" in said(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (XML + b"<a><b/></a>", "without words"),
        (zipped(), "empty archive"),
    ],
)
def test_a_file_without_words_is_refused(data: bytes, why: str) -> None:
    assert why in said(data)


def test_what_is_too_long_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_given: object, **_named: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(papers, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="more than"):
        text_of(b"x" * 11, never)


def test_a_pdf_that_is_a_picture_or_locked_is_refused_in_words() -> None:
    assert "as a scan does" in said(pdf(b""))


def parts(deep: int) -> bytes:
    """A mail of parts within parts."""
    lines = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(deep))
    return f"From: a@b.example\r\nMIME-Version: 1.0\r\n{lines}Content-Type: text/plain\r\n\r\nhello".encode()


def test_a_mail_nested_without_end_is_refused_and_a_usual_one_is_not() -> None:
    assert "hello" in text_of(parts(5)).text
    for deep in (30, 5000):
        assert "nested too deeply" in said(parts(deep))


def test_a_mail_of_very_many_parts_is_cut() -> None:
    made = mail()
    for number in range(400):
        made.add_attachment(f"part {number}")
    assert text_of(made.as_bytes()).cut


def laughs(lines: int = 9) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{(f"&l{n - 1};" if n else "ha") * 10}">' for n in range(lines))
    return XML + f"<!DOCTYPE lolz [{entities}]><lolz>&l{lines - 1};</lolz>".encode()


@pytest.mark.parametrize(
    "form",
    [
        laughs(),
        XML + b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>x</a>',
        XML + b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        XML + b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]><a>x</a>',
        XML + b"<!DOCTYPE a [<!ENTITY q '" + b"q" * 60_000 + b"'>]><a>" + b"&q;" * 1000 + b"</a>",
        laughs().replace(b"UTF-8", b"utf-8"),
    ],
)
def test_xml_with_rules_or_entities_of_its_own_is_refused_before_they_are_used(form: bytes) -> None:
    start = time.monotonic()
    assert "document type or entities" in said(form)
    assert time.monotonic() - start < papers.SECONDS


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (XML + b"<a>" * 100_000, "nested"),
        (XML + b"<a>" + b"<b/>" * 200_000 + b"</a>", "larger"),
        (XML + b"<a>cut", "no whole XML"),
        (XML + b"<a>&unknown;</a>", "no whole XML"),
        (XML + b"<a>\xff</a>", "no whole XML"),
    ],
)
def test_xml_that_is_no_form_is_refused(form: bytes, why: str) -> None:
    assert why in said(form)


def test_an_archive_that_unpacks_to_very_much_is_refused() -> None:
    assert "unpack to very much more" in said(zipped("a.txt", data=bytes(200 * 1024**2)))


@pytest.mark.parametrize(
    "name",
    ["../order.pdf", "a/../../order.pdf", "/etc/passwd", "..\\order.pdf", "C:\\order.pdf", "\\\\host\\x"],
)
def test_an_archive_whose_names_lead_out_is_refused(name: str) -> None:
    made = zipped("x" * len(name)).replace(b"x" * len(name), name.encode())
    assert "lead out of their folder" in said(made)


def test_an_archive_of_very_many_files_is_refused() -> None:
    assert "more than 2,000 files" in said(zipped(*(f"{n}.txt" for n in range(2001))))


def pdf(content: bytes, *, filtered: bytes = b"", more: bytes = b"", pages: bytes = b"[3 0 R]") -> bytes:
    """A PDF of one page with this content, put together as its standard says (ISO 32000-2, 7.5)."""
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids" + pages + b"/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<<" + filtered + b"/Length %d>>stream\n" % len(content) + content + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    made += more
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % each for each in places)
    return made + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF" % start


SAYS = b"BT /F 9 Tf (We ask for data) Tj ET "


def test_the_pdf_that_others_are_made_from_is_read() -> None:
    assert text_of(pdf(SAYS)).text == "We ask for data"
    squeezed = pdf(zlib.compress(SAYS), filtered=b"/Filter/FlateDecode")
    assert text_of(squeezed).text == "We ask for data"


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(pdf(zlib.compress(SAYS * 20_000_000, 9), filtered=b"/Filter/FlateDecode"), id="bomb"),
        pytest.param(
            pdf(
                zlib.compress(zlib.compress(zlib.compress(bytes(400_000_000), 9), 9), 9),
                filtered=b"/Filter[/FlateDecode/FlateDecode/FlateDecode]",
            ),
            id="bomb-in-a-bomb",
        ),
        pytest.param(pdf(b"", pages=b"[2 0 R 2 0 R]"), id="pages-of-themselves"),
        pytest.param(
            b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 1/Prev 9>>\n"
            b"startxref\n9\n%%EOF",
            id="tables-without-end",
        ),
        pytest.param(pdf(b"(" * 3_000_000), id="open-without-end"),
        pytest.param(pdf(b"", more=b"<<" * 200_000), id="names-without-end"),
        pytest.param(pdf(SAYS)[:200], id="cut-off"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 2000, id="noise"),
    ],
)
def test_a_pdf_made_to_break_readers_is_refused_in_its_time(hostile: bytes) -> None:
    start = time.monotonic()
    assert said(hostile)
    assert time.monotonic() - start < papers.SECONDS + 30


def object_streams(number: int) -> bytes:
    """Streams of objects, each of which says that it extends the next, and the last the first (7.5.7)."""
    made, places = b"%PDF-1.7\n", {}
    for each in range(1, number + 1):
        inside = b"%d 0 <</Type/Catalog/Pages %d 0 R>>" % (1000 + each, 1000 + each % number + 1)
        head = b"<</Type/ObjStm/N 1/First %d/Extends %d 0 R/Length %d>>" % (7, each % number + 1, len(inside))
        places[each] = len(made)
        made += b"%d 0 obj\n" % each + head + b"stream\n" + inside + b"\nendstream\nendobj\n"
    rows = b"".join(b"\x01%b\x00" % places[each].to_bytes(4, "big") for each in places)
    rows += b"".join(b"\x02%b\x00" % each.to_bytes(4, "big") for each in places)
    start = len(made)
    index = b"[1 %d 1001 %d]" % (number, number)
    head = b"<</Type/XRef/Size 9999/W[1 4 1]/Index%b/Root 1001 0 R/Length %d>>" % (index, len(rows))
    return (
        made
        + b"9998 0 obj\n"
        + head
        + b"stream\n"
        + rows
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start
    )


def test_a_pdf_of_object_streams_without_end_is_refused_in_its_time() -> None:
    start = time.monotonic()
    assert said(object_streams(500))
    assert time.monotonic() - start < papers.SECONDS + 30


def test_a_file_that_takes_too_long_or_too_much_is_ended_and_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(papers, "SECONDS", 0.02)
    assert said(pdf(SAYS)) == "it is damaged, or made to break readers"
    monkeypatch.setattr(papers, "SECONDS", 20)
    monkeypatch.setattr(papers, "MEGABYTES", 96)
    huge = pdf(zlib.compress(SAYS * 5_000_000), filtered=b"/Filter/FlateDecode")
    assert said(huge) in ("it is damaged, or made to break readers", "it is damaged")


@pytest.mark.parametrize("answer", [b"", b"no json", b'{"kind": "mail"}', b'{"kind": "oracle", "text": "x"}'])
def test_a_reader_that_was_taken_over_says_nothing(answer: bytes) -> None:
    with pytest.raises(Refused, match="no text"):
        text_of(b"x", lambda *_given, **_named: answer)


def test_signs_that_no_text_has_do_not_come_out() -> None:
    paper = b'{"kind":"text","text":"a\\u0000b\\u001bc\\u0085d\\ne"}'
    assert text_of(b"x", lambda *_given, **_named: paper).text == "abcd\ne"


def test_no_process_of_the_desk_loads_the_reader_of_pdf() -> None:
    parts = "habeas.app.worker, habeas.cli, habeas.gateways.papers"
    asked = f"import sys; import {parts}; print('pypdf' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
