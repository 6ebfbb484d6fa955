"""The pages: plain, relative, without script, saying of witnesses what is so and claiming nothing more."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from habeas.desk.events import Silence
from habeas.reports import kinds
from habeas.reports.published import FRESH_WITHIN
from habeas.reports.site import LANGUAGES, SiteFacts, pages, words
from habeas.reports.site.pages import FONTS
from habeas.reports.site.words import catalogue
from tests.reports.site.made import BARE, FULL, TOO_FEW, manifest

SITES = {"full": FULL, "bare": BARE, "too few": TOO_FEW}
PAGES = ("", "log/", "reports/", "receipt/", "states/", "fresh/")
# Made by others, beside these pages.
BESIDE = {"checkpoint", "habeas.json", "fresh", "verify.html", "verify/SHA256SUMS"}
BESIDE_FOLDERS = ("reports/", "totals/", "verify/")

CLAIMS = {
    "en": "secur safe guarant verified certif tamper immutable unchangeable trustworth unbreakable",
    "fr": "sécuris sûr garanti vérifié certifi infalsifiable inviolable inaltérable fiable",
    "es": "segur garanti verificad certificad inviolable inalterable infalsificable fiable",
    "ar": "آمن أمان مضمون نضمن موثوق موثق موثّق معتمد متحقق",
    "ru": "безопас гаранти проверен надёжн защищ сертифи достоверн",
    "zh": "安全 保证 保障 已验证 已核验 可信 可靠 认证 不可篡改",
}


class _Read(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.text += " " if tag == "td" else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def _html(facts: SiteFacts) -> dict[str, _Read]:
    return {path: _Read(data) for path, data in pages(facts).items() if path.endswith(".html")}


MADE = {name: pages(facts) for name, facts in SITES.items()}
READ = {name: _html(facts) for name, facts in SITES.items()}


def _text(page: str, facts: SiteFacts = FULL) -> str:
    read = next((READ[name] for name, known in SITES.items() if known is facts), None) or _html(facts)
    return " ".join(read[page].text.split())


def _each() -> Iterator[Any]:
    for name, read in READ.items():
        for path, page in read.items():
            yield pytest.param(name, path, page, id=f"{name}: {path}")


every_page = pytest.mark.parametrize(("site", "path", "page"), list(_each()))


# --- the folder ---------------------------------------------------------------------------------------------


def test_the_folder_has_each_page_in_six_languages_and_little_else() -> None:
    assert set(pages(FULL)) == {
        "index.html",
        "404.html",
        "robots.txt",
        "style.css",
        "pages.json",
        "mark.svg",
        *(f"fonts/{name}" for name in FONTS),
        *(f"{language}/{page}index.html" for language in LANGUAGES for page in PAGES),
    }


def test_the_same_facts_give_the_same_bytes() -> None:
    assert pages(FULL) == pages(msgspec.structs.replace(FULL))


def test_the_order_in_which_facts_are_given_changes_nothing() -> None:
    turned = msgspec.structs.replace(
        FULL, reports=FULL.reports[::-1], totals=FULL.totals[::-1], suspended=FULL.suspended[::-1]
    )
    assert pages(turned) == pages(FULL)


def test_the_fonts_go_with_their_licence_and_stay_small() -> None:
    made = pages(BARE)
    assert b"SIL OPEN FONT LICENSE" in made["fonts/LICENSE"]
    assert sum(len(data) for path, data in made.items() if path.startswith("fonts/")) < 450_000
    assert max(len(data) for path, data in made.items() if path.endswith(".html")) < 30_000


def test_the_sheet_names_each_font_that_is_shipped_and_no_other() -> None:
    named = set(re.findall(r"url\((fonts/[^)]+)\)", pages(BARE)["style.css"].decode()))
    assert named == {f"fonts/{name}" for name in FONTS if name != "LICENSE"}


def test_the_colours_are_those_of_the_desk() -> None:
    desk = (files("habeas") / "web" / "static" / "habeas.css").read_text("utf-8")
    ours = pages(BARE)["style.css"].decode()

    def tokens(sheet: str) -> list[dict[str, str]]:
        light, dark = re.findall(r":root \{(.*?)\n\s*\}", sheet, re.S)[:2]
        return [dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6})", part)) for part in (light, dark)]

    for mine, theirs in zip(tokens(ours), tokens(desk), strict=True):
        assert mine
        assert mine.items() <= theirs.items()


def test_the_sheet_has_no_side_but_the_leading_and_the_trailing_one() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", pages(BARE)["style.css"].decode(), flags=re.S)
    edge = "(?:left|right)"
    sided = rf"(?:margin|padding|border|inset)-{edge}|(?<![-\w]){edge}\s*:|text-align:\s*{edge}"
    assert re.findall(sided, sheet) == []
    assert "italic" not in sheet


# --- what every page keeps ----------------------------------------------------------------------------------


@every_page
def test_a_page_runs_nothing_and_asks_nobody(site: str, path: str, page: _Read) -> None:
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint(
        {"script", "iframe", "object", "embed", "form", "input", "img", "base", "video", "audio"}
    )
    for tag, attrs in page.elements:
        assert not any(name.startswith("on") or name == "style" for name in attrs), (tag, attrs)
    [policy] = [
        each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src ")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@every_page
def test_every_link_is_relative_and_leads_to_a_file(site: str, path: str, page: _Read) -> None:
    made = MADE[site]
    for tag, attrs in page.elements:
        for name in ("href", "src"):
            address = attrs.get(name)
            if address is None or address.startswith(("#", "mailto:")):
                continue
            assert re.match(r"\.\.?/", address), (tag, address)
            to, _, place = address.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), to))
            assert target in made or target in BESIDE or target.startswith(BESIDE_FOLDERS), address
            if place:
                assert f'id="{place}"'.encode() in made[target]


@every_page
def test_a_page_names_its_language_and_one_title(site: str, path: str, page: _Read) -> None:
    [html] = page.all("html")
    language = path.split("/")[0] if "/" in path else "en"
    assert html == {"lang": language, "dir": words(language).direction}
    assert len(page.all("h1")) == len(page.all("title")) == len(page.all("main")) == 1
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


@every_page
def test_commands_keys_and_numbers_run_from_the_left(site: str, path: str, page: _Read) -> None:
    above: list[str | None] = []
    for tag, attrs in page.elements:
        if tag in ("pre", "bdi") and tag == "pre":
            assert attrs.get("dir") == "ltr"
            above.append("pre")
        if tag == "code":
            assert attrs.get("dir") == "ltr" or above, attrs


def test_the_page_for_what_is_not_there_carries_its_own_style_and_leads_nowhere() -> None:
    data = pages(FULL)["404.html"].decode()
    [sheet] = re.findall(r"<style>(.*?)</style>", data, re.S)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in data
    assert "url(" not in sheet
    assert [
        each
        for each in _Read(data.encode()).all("a")
        if each["href"] not in ("#main", "mailto:record@example.org")
    ] == []
    assert _Read(data.encode()).all("link") == []
    assert "log.example.org/house" in data


def test_the_first_page_lists_six_languages_english_first_and_chooses_none() -> None:
    page = READ["full"]["index.html"]
    doors = [each for each in page.all("a") if "hreflang" in each]
    assert [each["hreflang"] for each in doors] == list(LANGUAGES)
    assert [each["href"] for each in doors] == [f"./{language}/index.html" for language in LANGUAGES]
    assert not any("refresh" in str(each.get("http-equiv")) for each in page.all("meta"))


# --- witnesses and claims -----------------------------------------------------------------------------------


def _languages(path: str) -> tuple[str, ...]:
    return (path.split("/")[0],) if "/" in path else LANGUAGES


@pytest.mark.parametrize("path", [path for path in pages(BARE) if path.endswith(".html")])
def test_a_site_without_witnesses_says_so_on_every_page(path: str) -> None:
    for language in _languages(path):
        assert words(language).texts.standing.unwitnessed in _text(path, BARE)


def test_the_sentence_of_the_unwitnessed_is_the_one_an_audit_says() -> None:
    audit = (files("habeas.reports") / "audit.py").read_text("utf-8")
    assert f'"{words("en").texts.standing.unwitnessed}"' in audit


@pytest.mark.parametrize("path", [path for path in pages(TOO_FEW) if path.endswith(".html")])
def test_a_site_with_too_few_cosignatures_says_so_on_every_page(path: str) -> None:
    read = _text(path, TOO_FEW)
    if _languages(path)[0] == "en":
        assert "Cosigned by 1 of 3, fewer than the 2 that this site says it waits for." in read
    assert "Witnessed by 1 of 3" not in read


def test_a_witnessed_site_says_by_how_many_and_carries_no_warning() -> None:
    for path, page in READ["full"].items():
        assert 'class="warning"' not in MADE["full"][path].decode()
        if path.startswith("en/"):
            assert "Witnessed by 2 of 3." in " ".join(page.text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unwitnessed_site_nowhere_says_that_it_is_witnessed(language: str) -> None:
    k, n = words(language).number(0), words(language).number(0)
    claim = words(language).texts.standing.witnessed.format(k=k, n=n)
    for path, data in pages(BARE).items():
        if path.startswith(f"{language}/"):
            assert claim not in data.decode()
            assert words(language).texts.log.cannot_witnessed not in data.decode()


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_claims_more_than_the_log_can_prove(site: str, language: str) -> None:
    claims = re.compile(
        "|".join(
            f"(?<!\\w){claim}" if language not in ("ar", "zh") else claim
            for claim in CLAIMS[language].split()
        ),
        re.I,
    )
    for path, page in READ[site].items():
        if path.startswith(f"{language}/"):
            assert claims.findall(page.text) == [], path


@pytest.mark.parametrize("claim", ["This log is secure.", "a verified site", "Guaranteed", "tamper-proof"])
def test_a_claim_would_be_found(claim: str) -> None:
    assert re.search("|".join(f"(?<!\\w){each}" for each in CLAIMS["en"].split()), claim, re.I)


def test_the_log_page_says_exactly_what_is_proved() -> None:
    assert (
        "What was once recorded is not changed, dropped, back-dated or miscounted; an omission shows as soon "
        "as one outsider holds a promise or a receipt."
    ) in _text("en/log/index.html")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_log_cannot_prove_depends_on_who_vouches(language: str) -> None:
    texts = words(language).texts.log
    for facts, shown, hidden in (
        (FULL, texts.cannot_witnessed, texts.cannot_unwitnessed),
        (BARE, texts.cannot_unwitnessed, texts.cannot_witnessed),
    ):
        read = _text(f"{language}/log/index.html", facts)
        assert shown in read
        assert hidden not in read
        assert texts.cannot_items[0] in read


# --- what stands on which page ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_page_has_tree_keys_and_the_ways_to_check(language: str) -> None:
    read = _text(f"{language}/log/index.html")
    assert FULL.root in read
    assert "03:10 UTC" in read
    for key in (FULL.manifest.log, FULL.manifest.promises, *(each.key for each in FULL.manifest.witnesses)):
        assert key in read
    for command in (
        "habeas audit ADDRESS",
        "habeas receipt verify FILE",
        "logcheck -log KEY ADDRESS",
        "tlog-tiles",
    ):
        assert command in read


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_language_is_used_somewhere(language: str) -> None:
    silent = tuple(
        Silence(subject=subject, how=how, law=law, footing=footing, step=step, until=until)
        for subject in kinds.many(language)
        for how, step, until in (
            ("band", 0, ""),
            ("band", 5, ""),
            ("defer", 0, ""),
            ("defer", 0, "2027-01"),
            ("never", 0, ""),
        )
        for footing, law in (("request", "law"), ("order", ""), ("direct", ""), ("", ""))
    )
    shown = " ".join(
        " ".join(page.text.split())
        for facts in (*SITES.values(), msgspec.structs.replace(FULL, manifest=manifest(silences=silent)))
        for path, page in _html(facts).items()
        if path.startswith(f"{language}/") or "/" not in path
    )
    shown += " ".join(
        str(attrs.get("aria-label")) for page in READ["full"].values() for _, attrs in page.elements
    )

    def pieces(texts: Any) -> Iterator[str]:
        match texts:
            case dict():
                for key, inner in texts.items():
                    if key not in ("direction", "reviewed"):
                        yield from pieces(inner)
            case list():
                for inner in texts:
                    yield from pieces(inner)
            case str():
                yield from (piece.strip() for piece in re.split(r"\{[a-z]+\}", texts))

    assert [piece for piece in pieces(catalogue(language)) if piece not in shown] == []


def test_silences_are_said_with_what_the_law_lets_one_say() -> None:
    read = _text("en/log/index.html")
    assert "Notices delayed: only in bands of 250, because of section 5 of an Act." in read
    assert "Accounts asked about (orders that bind us): not before January 2027." in read
    assert "Letters: not at all." in read
    assert "Some laws forbid even to say that they forbid something." in read
    bare = _text("en/log/index.html", BARE)
    assert "Nothing is named here." in bare
    assert "Some laws forbid even to say that they forbid something." in bare


def test_a_silence_of_one_state_and_one_treaty_says_which_and_a_supplement_of_a_month_since_when() -> None:
    law = Silence(subject="letter", how="never", footing="order", state="CHE", instrument="budapest")
    facts = msgspec.structs.replace(
        FULL, manifest=manifest(silences=(law,)), totals=("2026-03", "2026-03_from_2026-10")
    )
    read = _text("en/log/index.html", facts)
    assert "Letters (orders that bind us; Switzerland; Convention on Cybercrime" in read
    assert "March 2026 (not before October 2026)" in _text("en/reports/index.html", facts)
    with pytest.raises(ValueError, match="not a month"):
        msgspec.structs.replace(FULL, totals=("2026-03_from_soon",))


def test_a_silence_without_words_is_shown_as_it_is() -> None:
    facts = msgspec.structs.replace(
        FULL, manifest=manifest(silences=(Silence(subject="<new>", how="never"),))
    )
    assert "<new>: not at all." in _text("en/log/index.html", facts)
    assert b"<new>" not in pages(facts)["en/log/index.html"]


def test_reports_stand_newest_first_with_all_their_files() -> None:
    page = READ["full"]["en/reports/index.html"]
    links = [
        str(each["href"])
        for each in page.all("a")
        if "/reports/2" in str(each["href"]) or "special" in str(each["href"])
    ]
    assert links == [
        "../../reports/2026-H1/index.html",
        *(f"../../reports/2026-H1/{name}" for name in ("index.html", "ru.html", "report.pdf", "a.csv")),
        *["../../reports/special/index.html"] * 2,
        *["../../reports/2025-H2/index.html"] * 2,
    ]


def test_a_report_opens_in_the_reader_s_language_where_it_has_a_page_for_it() -> None:
    assert b'<h3><a href="../../reports/2026-H1/ru.html">' in pages(FULL)["ru/reports/index.html"]
    assert b'<h3><a href="../../reports/2026-H1/index.html">' in pages(FULL)["es/reports/index.html"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_without_reports_totals_or_suspensions_says_so(language: str) -> None:
    texts = words(language).texts
    assert texts.reports.none in _text(f"{language}/reports/index.html", BARE)
    assert texts.reports.totals_none in _text(f"{language}/reports/index.html", BARE)
    assert texts.states.none in _text(f"{language}/states/index.html", BARE)
    assert texts.reports.none not in _text(f"{language}/reports/index.html")
    assert texts.reports.totals_none not in _text(f"{language}/reports/index.html")
    assert texts.states.none not in _text(f"{language}/states/index.html")


def test_suspended_states_are_named_with_the_month() -> None:
    read = _text("en/states/index.html")
    assert "Belarus March 2026 Nicaragua November 2025" in read
    assert "Country is never a ground by itself." in read
    assert "尼加拉瓜 2025年11月" in _text("zh/states/index.html")


@pytest.mark.parametrize(
    ("language", "page", "sha256"),
    [("en", "verify/en.html", "cd"), ("ar", "verify/ar.html", "ef"), ("fr", "verify.html", "ab")],
)
def test_the_receipt_page_leads_to_the_page_that_checks_and_gives_its_hash(
    language: str, page: str, sha256: str
) -> None:
    data = pages(FULL)[f"{language}/receipt/index.html"].decode()
    assert f'href="../../{page}"' in data
    assert sha256 * 32 in data
    assert b"SHA256SUMS" not in pages(BARE)[f"{language}/receipt/index.html"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_danger_of_keeping_a_receipt_stands_before_how_to_check_it(language: str) -> None:
    read = _text(f"{language}/receipt/index.html")
    texts = words(language).texts.receipt
    order = [read.index(text) for text in (texts.danger_lead, texts.danger_items[0], texts.check_text)]
    assert all(one < other for one, other in pairwise(order))


def test_how_long_is_too_long_is_what_an_audit_says() -> None:
    assert f"more than {FRESH_WITHIN.days} days old" in _text("en/fresh/index.html")
    assert "04:00 (Europe/Paris)" in _text("en/fresh/index.html")


@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ("record@example.org", '<a href="mailto:record@example.org" dir="ltr">'),
        ("https://example.org/contact", '<a href="https://example.org/contact" dir="ltr" rel="noreferrer">'),
        ("javascript:alert(1)", "<bdi>javascript:alert(1)</bdi>"),
        ("http://example.org/", "<bdi>http://example.org/</bdi>"),
        ('https://example.org/"onx', "<bdi>https://example.org/&#34;onx</bdi>"),
        ("Room 4, at the door", "<bdi>Room 4, at the door</bdi>"),
    ],
)
def test_a_contact_is_a_link_only_where_it_is_an_address(contact: str, found: str) -> None:
    facts = msgspec.structs.replace(FULL, contact=contact)
    assert found in pages(facts)["en/index.html"].decode()


def test_hostile_words_are_shown_and_do_nothing() -> None:
    bad = "<script>alert(1)</script>\"'&"
    facts = msgspec.structs.replace(
        FULL,
        house=bad,
        contact=bad,
        root=bad,
        manifest=msgspec.structs.replace(
            manifest(silences=(Silence(subject=bad, how=bad, law=bad, footing=bad),)),
            origin=bad,
            log=bad,
            zone=bad,
        ),
    )
    for path, page in _html(facts).items():
        assert page.all("script") == [], path
        assert bad in page.text


# --- as people meet it --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sites on a disk, without a server."""
    made = {}
    for name, facts in SITES.items():
        made[name] = tmp_path_factory.mktemp("site")
        for path, data in pages(facts).items():
            (made[name] / path).parent.mkdir(parents=True, exist_ok=True)
            (made[name] / path).write_bytes(data)
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_for_everybody_and_fits_a_telephone(
    language: str, scheme: str, browser: Any, folders: dict[str, Path]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    site = folders["full" if scheme == "light" else "bare"]
    paths = [f"{language}/{page}index.html" for page in PAGES]
    if language == "en":
        paths += ["index.html", "404.html"]
    context = browser.new_context(color_scheme=scheme)
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.on(
        "request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None
    )
    try:
        for path in paths:
            page.goto((site / path).as_uri())
            assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
            for width in (1280, 390, 320):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, width)
            assert said == []
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                found = Axe().run(page).response["violations"]
                wrong = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
                assert wrong == [], (path, width)
            said.clear()  # the tester asks for more than the page lets anybody have
    finally:
        context.close()


def test_a_page_fetches_only_the_fonts_of_its_script(browser: Any, folders: dict[str, Path]) -> None:
    context = browser.new_context()
    page = context.new_page()
    try:
        fetched = {}
        for language in ("en", "ar", "ru", "zh"):
            page.goto((folders["full"] / language / "log" / "index.html").as_uri())
            page.evaluate("document.fonts.ready.then(() => true)")
            fetched[language] = page.evaluate(
                "[...document.fonts].filter(each => each.status == 'loaded').map(each => each.family).join()"
            )
        assert "Naskh" in fetched["ar"]
        assert "Naskh" not in fetched["en"] + fetched["ru"] + fetched["zh"]
        assert fetched["ru"] != fetched["en"]
    finally:
        context.close()
