"""Two programs that share no line answer every published vector alike: the page and the short Go program.

The vectors are made by interop/vectors/make.py from the written formats alone. The page is opened as a file
in a real Chromium, as a reader would; whatever it asks of anybody is an error here. The Go program may refuse
more than the others, in what is listed here with the reason, and may never say more than they do.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from habeas.desk import public
from habeas.desk import receipt as desk
from habeas.desk.receipt import Grade
from habeas.errors import Refused
from habeas.reports.verify import LANGUAGES, page
from habeas.tlog import Algorithm, Bundle, Checkpoint, Note, Signer, leaf_hash, node_hash, root_of

ROOT = Path(__file__).resolve().parents[1]
VECTORS = ROOT / "interop" / "vectors"
LISTED: list[dict[str, Any]] = json.loads((VECTORS / "receipts.json").read_text(encoding="utf-8"))
NAMED = {vector["name"]: vector for vector in LISTED}
CHROMIUM = Path("/usr/bin/chromium")
GO = Path("/usr/bin/go")
SOURCE = ROOT / "interop" / "go" / "receipt"
MOD = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")

Given = dict[str, Any]  # a vector, its files as bytes: receipt, view, policy; account, at
Answer = dict[str, Any]
Says = Callable[[Given], str]  # the one line of the Go program

UNSUPPLIED = "the account is needed"
# What the Go program calls a step that the page calls otherwise.
STEPS = {"log": "signatures", "witnesses": "signatures", "account": "inclusion"}
# Vectors that hold and that the Go program does not take: what it says, and why. Nothing else may be missing.
STRICTER = {
    "escaped": ("reading", "it reads no escapes that the desk does not write"),
    "extra-line": ("reading", "it reads no proof with extra data"),
    "two-entries-weaker": ("entries", "it takes entries of one signed tree, under as many witnesses"),
    "two-entries-first-weaker": ("entries", "it takes entries of one signed tree, under as many witnesses"),
}
# Refused by both, and the Go program finds something else first.
ELSEWHERE = {
    "fork-inside": "entries",
    "entry-twice": "entries",
    "hashes-64": "inclusion",
    **dict.fromkeys(("key-upper-case", "key-name-space", "key-long", "key-mldsa-short"), "reading"),
    **dict.fromkeys(
        (
            "index-zeroes", "index-sign", "index-huge", "size-zeroes", "root-short", "hash-short",
            "base64-loose", "base64-unpadded", "base64-url", "base64-space", "no-last-newline",
            "no-signature", "hyphen", "empty-extension", "signatures-103", "signature-empty",
            "signature-loose", "signature-loose-unknown",
        ),
        "signatures",  # a proof is read where its signatures are checked
    ),
}  # fmt: skip


def _given(vector: dict[str, Any], **other: Any) -> Given:
    def read(name: str) -> bytes:
        data = (VECTORS / name).read_bytes()
        return base64.b64decode(data) if name.endswith(".base64") else data

    files = {kind: read(vector[kind]) for kind in ("receipt", "view", "policy") if kind in vector}
    return {"account": vector.get("account", ""), "at": vector["at"], **files, **other}


# --- the two verifiers --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built with what Debian ships and no network."""
    if not GO.is_file():
        pytest.skip("no Go here; apt-get install golang-go, then this test runs")
    if not MOD.is_dir():
        pytest.skip("no x/mod here; apt-get install golang-golang-x-mod-dev, then this test runs")
    folder = tmp_path_factory.mktemp("receipt")
    environment = {
        **os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "",
        "GOCACHE": str(folder / "cache"),
    }  # fmt: skip
    subprocess.run([str(GO), "build", "-o", str(folder / "receipt")], cwd=SOURCE, env=environment, check=True)
    return folder / "receipt"


@pytest.fixture(scope="module")
def go(program: Path) -> Says:
    def says(given: Given) -> str:
        folder = program.parent
        (folder / "given").write_bytes(_supplied(given))
        (folder / "view").write_bytes(given.get("view", b""))
        words = [str(program), str(folder / "given"), *([str(folder / "view")] if "view" in given else [])]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        line = done.stdout.removesuffix("\n")
        code = 2 if line == UNSUPPLIED else int(line.startswith("does not hold: "))
        assert (done.returncode, done.stderr) == (code, ""), done.stderr
        return line

    return says


def _supplied(given: Given) -> bytes:
    """The receipt with the account that was typed written into it, as the Go program wants it."""
    receipt: bytes = given["receipt"]
    account = public.plain_account(given["account"].splitlines())
    if not account:
        return receipt
    made = json.loads(receipt)
    for entry in made["entries"]:
        person = entry["groups"]["person"]
        for field in person if isinstance(person, list) else ():
            if field["name"] == "account" and "salt" in field and field.get("value") != "":
                field["value"] = account
    return json.dumps(made, ensure_ascii=False).encode()


def _said(answer: Answer) -> str:
    """What the Go program says where the page gives this answer and both read the same."""
    grade = Grade(answer["grade"])
    if answer["step"] == "account-needed":
        return UNSUPPLIED
    if grade is Grade.NOTHING:
        return f"does not hold: {STEPS.get(answer['step'], answer['step'])}"
    return grade.words(answer["witnessed"], answer["witnesses"])


_FILES = ("receipt", "view", "policy")
_CHECK = """async ([files, account]) => {
  const part = (id) => document.getElementById(id);
  for (const [kind, data] of Object.entries(files)) {
    const chosen = new DataTransfer();
    chosen.items.add(new File([Uint8Array.from(atob(data), (each) => each.charCodeAt(0))], kind));
    part(`${kind}-file`).files = chosen.files;
    part(`${kind}-file`).dispatchEvent(new Event("change", { bubbles: true }));
  }
  part("account").value = account;
  part("check").click();
  for (let tries = 0; part("result").hidden; tries += 1) {
    if (tries > 20_000) throw new Error("it does not answer");
    await new Promise((soon) => setTimeout(soon, 5));
  }
  return part("answer").textContent;
}"""


class Page:
    """The page in one language, as a file in a real browser."""

    def __init__(self, browser: Any, folder: Path, language: str = "en", **context: Any) -> None:
        self.file = folder / f"verify-{language}.html"
        self.file.write_text(page(language), encoding="utf-8")
        self.context = browser.new_context(**context)
        self.tab = self.context.new_page()
        self.tab.set_default_timeout(120_000)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.tab.on("console", lambda message: self.complaints.append(message.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.on("request", lambda request: self.asked.append(request.url))

    def open(self, at: str = "2031-03-12T00:00:00Z") -> None:
        self.tab.clock.set_fixed_time(at)
        self.tab.goto(self.file.as_uri())

    def fill(self, given: Given) -> None:
        self.open(given["at"])
        for kind in _FILES:
            if kind in given:
                self.tab.set_input_files(
                    f"#{kind}-file", [{"name": kind, "mimeType": "text/plain", "buffer": given[kind]}]
                )
        self.tab.fill("#account", given["account"])

    def answer(self) -> Answer:
        self.tab.wait_for_selector("#result:not([hidden])")
        answer: Answer = json.loads(self.tab.text_content("#answer"))
        return answer

    def verify(self, given: Given) -> Answer:
        """As `fill`, `#check` and `answer`, in one step: there are hundreds."""
        self.open(given["at"])
        files = {kind: base64.b64encode(given[kind]).decode() for kind in _FILES if kind in given}
        answer: Answer = json.loads(self.tab.evaluate(_CHECK, [files, given["account"]]))
        assert self.complaints == []
        assert set(self.asked) == {self.file.as_uri()}
        return answer


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.is_file():
        pytest.skip("no Chromium here; apt-get install chromium, then this test runs")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        try:
            yield found
        finally:
            found.close()


@pytest.fixture(scope="module")
def english(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    made = Page(browser, tmp_path_factory.mktemp("page"))
    yield made
    made.context.close()


# --- the vectors --------------------------------------------------------------------------------------------


def test_the_vectors_are_what_their_maker_makes() -> None:
    done = subprocess.run(
        [sys.executable, str(VECTORS / "make.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_vectors_have_every_grade_and_every_way_to_fail() -> None:
    answers = [vector["answer"] for vector in LISTED]
    assert {answer["grade"] for answer in answers} == {0, 1, 2, 3}
    script = (ROOT / "src/habeas/reports/verify/verify.js").read_text(encoding="utf-8")
    table = script.split("const NEXT = {")[1].split("};")[0]
    steps = {answer["step"] for answer in answers if answer["step"]}
    assert [step for step in steps if step not in table] == []
    assert steps == {
        "reading", "keys", "policy", "trust", "log", "witnesses", "quorum", "account-needed", "account",
        "inclusion", "view", "fork", "consistency",
    }  # fmt: skip


def test_go_says_of_every_vector_what_was_published(go: Says) -> None:
    listed = {name: vector for name, vector in NAMED.items() if "policy" not in vector}
    wanted = {name: _said(vector["answer"]) for name, vector in listed.items()}
    for name, step in ELSEWHERE.items():
        assert wanted[name].startswith("does not hold: ")
        wanted[name] = f"does not hold: {step}"
    for name, (step, _reason) in STRICTER.items():
        assert not wanted[name].startswith("does not hold")
        wanted[name] = f"does not hold: {step}"
    assert {name: go(_given(vector)) for name, vector in listed.items()} == wanted


def test_go_reads_no_policy_and_says_nothing_where_one_is_given(program: Path) -> None:
    """Nothing is judged by the receipt's own keys where the reader named others."""
    listed = [vector for vector in LISTED if "policy" in vector]
    assert len(listed) == 20
    for vector in listed:
        receipt, policy = VECTORS / vector["receipt"], VECTORS / vector["policy"]
        for words, said in (
            (["-policy", policy, receipt], (2, "usage: receipt RECEIPT [VIEW]\n")),
            ([receipt, policy], (1, "does not hold: view\n")),
        ):
            done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
            assert (done.returncode, done.stdout) == said, vector["name"]


def test_go_says_how_it_is_called(program: Path) -> None:
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "usage: receipt RECEIPT [VIEW]\n", "")


def test_what_go_checks_is_read_in_ten_minutes(program: Path) -> None:
    """One file of at most 100 lines, blank ones and comments too, as gofmt leaves it."""
    [file] = SOURCE.iterdir()
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) <= 100
    assert [line for line in lines if len(line) > 120] == []
    words = [str(GO.with_name("gofmt")), "-d", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_page_answers_every_vector_as_published(english: Page) -> None:
    answers = {name: english.verify(_given(vector)) for name, vector in NAMED.items()}
    assert answers == {name: vector["answer"] for name, vector in NAMED.items()}


def test_the_page_reaches_the_published_leaf_hashes(english: Page) -> None:
    leaves = json.loads((VECTORS / "leaves.json").read_text(encoding="utf-8"))
    for number, leaf in enumerate(leaves):
        answer = english.verify(_given(NAMED[f"leaf-{number:02}"]))
        assert [each["leaf"] for each in answer["entries"]] == [leaf["leaf_hash"]]
        assert len(bytes.fromhex(leaf["leaf"])) == 112


def _damaged(chance: random.Random) -> Given:
    """A receipt, or its view, of which one or two bytes were changed."""
    given = _given(NAMED[chance.choice(["witnessed-2-of-2", "view-grown", "two-entries"])])
    kind = chance.choice([each for each in ("receipt", "view") if each in given])
    damaged = bytearray(given[kind])
    for _ in range(chance.randint(1, 2)):
        place = chance.randrange(len(damaged))
        match chance.randrange(4):
            case 0:
                damaged[place] = chance.randrange(256)
            case 1:
                damaged[place] ^= 1 << chance.randrange(7)
            case 2:
                del damaged[place]
            case _:
                damaged.insert(place, chance.choice(b' \n"\\{}[],:0aA+/=\x00\xe2'))
    return {**given, kind: bytes(damaged)}


def test_both_say_the_same_of_a_damaged_receipt(go: Says, english: Page) -> None:
    chance = random.Random(1)
    differing, held = [], 0
    for number in range(80):
        given = _damaged(chance)
        one, other = go(given), english.verify(given)
        held += bool(other["grade"])
        if bool(other["grade"]) == one.startswith("does not hold") or (
            other["grade"] and one != _said(other)
        ):
            differing.append((number, one, other))
    assert differing == []
    assert 0 < held < 30  # the damage is real, and not always


def _by_the_desk(given: Given) -> str:
    """What our own verifier says of a receipt without a view."""
    try:
        return desk.verify(desk.read(given["receipt"]), account=given["account"]).words
    except Refused:
        return "does not hold"


def test_go_never_says_more_than_the_desk(go: Says) -> None:
    """Two hundred damaged files, and what a careless reader of JSON would let pass."""
    chance = random.Random(3)
    found = [_damaged(chance) for _ in range(200)]
    plain = _given(NAMED["operator-only"])
    whole = plain["receipt"]
    assert whole.count(b'"quorum": 0,') == whole.count(b'"witnesses": [],') == 1
    for old, new in (
        (b'"witnesses": [],', b'"witnesses": null,'),
        (b'"witnesses": [],', b'"witnesses": [], "Witnesses": [],'),
        (b'"quorum": 0,', b'"quorum": 0, "QUORUM": 0,'),
        (b'"quorum": 0,', b'"quorum": 00,'),
        (b'"quorum": 0,', b'"quorum": -0,'),
        (b'"for": "person concerned"', b'"for": "person\\u0020concerned", "for": "auditor"'),
        (b'"value": "refusal"', b'"value": "refusal", "commitment": null'),
        (b'"value": "refusal"', b'"value": "refusal", "Value": "refusal"'),
    ):
        assert whole.count(old) == 1
        found.append({**plain, "receipt": whole.replace(old, new)})
    held = 0
    for given in found:
        given.pop("view", None)
        said, ours = go(given), _by_the_desk(given)
        held += ours != "does not hold"
        assert said == ours or said.startswith("does not hold: "), (said, ours)
    assert held > 0


def _small_order() -> list[bytes]:
    """Every way to write a point of small order on the curve of Ed25519, with either sign (RFC 8032, 5.1)."""
    prime = 2**255 - 19
    eighth = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
    heights = (0, 1, prime - 1, eighth, prime - eighth, prime, prime + 1)
    return [(y | sign << 255).to_bytes(32, "little") for y in heights for sign in (0, 1)]


def test_go_takes_no_key_with_which_anybody_can_sign(go: Says) -> None:
    receipt = json.loads(_given(NAMED["operator-only"])["receipt"])
    name = receipt["log"].split("+")[0]
    for point in _small_order():
        for kind, place in ((1, "log"), (4, "witnesses")):
            key = bytes([kind]) + point
            called = name if kind == 1 else "witness.example.org"
            id = hashlib.sha256(f"{called}\n".encode() + key).hexdigest()[:8]
            vkey = f"{called}+{id}+{base64.b64encode(key).decode()}"
            made = {**receipt, place: vkey if kind == 1 else [vkey]}
            given = _given(NAMED["operator-only"], receipt=json.dumps(made, ensure_ascii=False).encode())
            assert go(given) == "does not hold: keys", point.hex()


@pytest.mark.parametrize("extra", [0, 1])
def test_a_receipt_of_four_million_bytes_is_read_and_a_longer_one_is_not(
    go: Says, english: Page, extra: int
) -> None:
    given = _given(NAMED["witnessed-2-of-2"])
    given["receipt"] = given["receipt"].ljust(4_000_000 + extra)
    assert go(given) == ("does not hold: reading" if extra else "witnessed by 2 of 2")
    assert english.verify(given)["grade"] == (0 if extra else 2)


def _proof(leaves: list[bytes], index: int) -> list[bytes]:
    """The hashes from a leaf up to the root of these leaves (RFC 9162, 2.1.3.1)."""
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:half], leaves[half:]
    if index < half:
        return [*_proof(left, index), root_of(right)]
    return [*_proof(right, index - half), root_of(left)]


@pytest.mark.parametrize(("entries", "holds"), [(1000, True), (1001, False)])
def test_a_receipt_has_a_thousand_entries_at_most(go: Says, english: Page, entries: int, holds: bool) -> None:
    signer = Signer.from_seed("log.example.org/desk", bytes(32), Algorithm.ED25519)
    groups = [{"count": f"{n:064x}", "person": "00" * 32, "paper": "ff" * 32} for n in range(entries)]
    leaves = [leaf_hash(public.leaf(*map(bytes.fromhex, each.values()))) for each in groups]
    text = Checkpoint(origin=signer.key.name, size=entries, root=root_of(leaves)).text
    note = Note(text=text, signatures=(signer.sign(text),)).encoded()
    receipt = {
        "format": desk.FORMAT,
        "for": "auditor",
        "log": str(signer.key),
        "witnesses": [],
        "quorum": 0,
        "entries": [
            {"groups": each, "proof": bundle.encoded().decode()}
            for number, each in enumerate(groups)
            for bundle in [Bundle(index=number, proof=tuple(_proof(leaves, number)), checkpoint=note)]
        ],
    }
    given = _given(NAMED["operator-only"], receipt=json.dumps(receipt, ensure_ascii=False).encode())
    assert go(given) == ("signed by the operator only" if holds else "does not hold: entries")
    answer = english.verify(given)
    assert (answer["grade"], answer["step"]) == ((1, "") if holds else (0, "reading"))


def test_the_page_folds_letters_as_unicode_says(english: Page) -> None:
    english.open()
    letters = [
        chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) not in ("Cn", "Cs", "Co")
    ]
    folded = english.tab.evaluate("letters => letters.map(folded)", letters)
    wrong = [hex(ord(a)) for a, b in zip(letters, folded, strict=True) if a.casefold() != b]
    assert wrong == []


def _made_by_the_desk() -> bytes:
    """A receipt for a person concerned as the desk itself writes it, in a log of three leaves."""
    from habeas.desk.receipt import FORMAT, Holder, Receipt, shown

    chance = random.Random(2)
    entry = public.Entry(
        count=public.Counted(
            kind=public.Kind.NOTICE, month="2031-03", state="XAA", how="after-delay", accounts="1"
        ),
        person=public.Personal(
            account=public.plain_account(["Account-0017", "  STRASSE  17"]), on="2031-03-04"
        ),
        paper=public.Paper(nature="notice", document="ab" * 32),
    )
    opened = public.salted(entry, chance.randbytes)
    leaves = [leaf_hash(each) for each in (opened.leaf(), b"second", b"third")]
    log = Signer.from_seed("log.example.org/desk", bytes(32), Algorithm.ED25519)
    witness = Signer.from_seed("witness.example.org", bytes([1] * 32), Algorithm.COSIGNATURE)
    text = Checkpoint(origin="log.example.org/desk", size=3, root=root_of(leaves)).text
    note = Note(text=text, signatures=(log.sign(text), witness.sign(text, at=1_931_000_000)))
    bundle = Bundle(index=0, proof=(leaves[1], leaves[2]), checkpoint=note.encoded())
    assert node_hash(node_hash(leaves[0], leaves[1]), leaves[2]) == root_of(leaves)
    fields = {"count": public.GROUPS["count"], "person": ("asked", "outcome", "on")}
    entries = (shown((opened.count, opened.person, opened.paper), bundle, fields, ask=["account"]),)
    made = Receipt(
        format=FORMAT,
        holder=Holder.PERSON,
        log=str(log.key),
        witnesses=(str(witness.key),),
        quorum=1,
        entries=entries,
    )
    return made.encoded()


@pytest.mark.parametrize(
    ("typed", "grade"),
    [("account-0017\nstraße 17", 2), ("Strasse 17\n\nACCOUNT-0017\n", 2), ("account-0017", 0), ("", 0)],
)
def test_a_receipt_that_the_desk_wrote_is_read_by_both(
    go: Says, english: Page, typed: str, grade: int
) -> None:
    given = {"receipt": _made_by_the_desk(), "account": typed, "at": "2031-03-12T00:00:00Z"}
    answer = english.verify(given)
    assert go(given) == _said(answer)
    assert answer["grade"] == grade


# --- the page, as its reader meets it -----------------------------------------------------------------------


def test_a_browser_without_ed25519_says_so_and_passes_nothing(browser: Any, tmp_path: Path) -> None:
    lacking = Page(browser, tmp_path)
    lacking.context.add_init_script(
        "SubtleCrypto.prototype.importKey = async () => { throw new DOMException('no', 'NotSupportedError') }"
    )
    for name in ("witnessed-2-of-2", "operator-only", "changed-value"):
        assert lacking.verify(_given(NAMED[name])) == {"grade": 0, "step": "browser", "entry": 0}
    assert lacking.tab.text_content("#verdict") == "This browser cannot check it"


def test_a_browser_that_calls_every_signature_good_is_found_out(browser: Any, tmp_path: Path) -> None:
    lying = Page(browser, tmp_path)
    lying.context.add_init_script("SubtleCrypto.prototype.verify = async () => true")
    assert lying.verify(_given(NAMED["forged-log"]))["step"] == "browser"


def test_without_web_crypto_nothing_passes(browser: Any, tmp_path: Path) -> None:
    lacking = Page(browser, tmp_path)
    lacking.context.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
    assert lacking.verify(_given(NAMED["operator-only"]))["step"] == "browser"


def test_a_receipt_can_be_pasted(english: Page) -> None:
    given = _given(NAMED["view-grown"])
    english.open(given["at"])
    english.tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    english.tab.fill("#receipt-text", given["receipt"].decode())
    english.tab.fill("#view-text", given["view"].decode().rstrip("\n"))  # as copying from a page leaves it
    english.tab.click("#check")
    assert english.answer() == NAMED["view-grown"]["answer"]


def test_what_was_given_last_is_what_is_checked(english: Page) -> None:
    given = _given(NAMED["changed-value"])
    english.fill(given)
    english.tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    english.tab.fill("#receipt-text", _given(NAMED["witnessed-2-of-2"])["receipt"].decode())
    english.tab.click("#check")
    assert english.answer()["grade"] == 2
    english.tab.click("#again")
    english.tab.set_input_files(
        "#receipt-file", [{"name": "r", "mimeType": "text/plain", "buffer": given["receipt"]}]
    )
    english.tab.click("#check")
    english.tab.locator("#answer", has_text="inclusion").wait_for(state="attached")
    assert english.tab.input_value("#receipt-text") == ""


def test_a_receipt_can_be_dropped_anywhere(english: Page) -> None:
    english.open()
    text = _given(NAMED["witnessed-2-of-2"])["receipt"].decode()
    transfer = english.tab.evaluate_handle(
        "text => { const t = new DataTransfer(); t.items.add(new File([text], 'a.receipt')); return t }",
        text,
    )
    english.tab.dispatch_event("h1", "drop", {"dataTransfer": transfer})
    assert english.answer()["grade"] == 2
    assert "a.receipt" in english.tab.text_content("#file")


def test_nothing_chosen_is_said_and_not_judged(english: Page) -> None:
    english.open()
    english.tab.click("#check")
    english.tab.wait_for_selector("#nothing", state="visible")
    assert not english.tab.is_visible("#result")
    assert english.tab.evaluate("document.activeElement.id") == "receipt-file"


def test_the_keyboard_is_enough_and_the_verdict_is_announced(english: Page) -> None:
    english.fill(_given(NAMED["account-needed"]))
    keys = english.tab.keyboard
    english.tab.focus("#receipt-file")
    reached = []
    for _ in range(12):
        keys.press("Tab")
        reached.append(english.tab.evaluate("document.activeElement.id"))
        if reached[-1] == "account":
            keys.type("account-0017")
        if reached[-1] == "check":
            keys.press("Enter")
            break
    assert english.answer()["grade"] == 2
    assert english.tab.evaluate("document.activeElement.id") == "verdict"
    status = english.tab.locator("[role=status][aria-live=polite]")
    assert status.text_content() == "Witnessed by 2 of 2"
    assert english.tab.title() == "Witnessed by 2 of 2 - Check a receipt"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("operator-only", "Signed by the operator only"),
        ("quorum-missed", "Signed by the operator only"),
        ("witnessed-1-of-2", "Witnessed by 1 of 2"),
        ("view-same", "Consistent with a view fetched elsewhere"),
        ("stale", "The receipt holds, but the log has been silent"),
        ("view-fork", "The log has two versions"),
        ("account-needed", "Type your account to finish the check"),
        ("policy-other-log", "This receipt does not hold for you"),
        ("forged-log", "This receipt does not hold"),
    ],
)
def test_the_verdict_stands_in_words(english: Page, name: str, title: str) -> None:
    english.verify(_given(NAMED[name]))
    assert english.tab.text_content("#verdict").strip() == title


def test_keys_that_nobody_vouched_for_are_shown_as_such(english: Page) -> None:
    english.verify(_given(NAMED["witnessed-2-of-2"]))
    assert "Anybody can make keys" in english.tab.text_content("#keys-text")
    english.verify(_given(NAMED["policy"]))
    assert "among those you trust" in english.tab.text_content("#keys-text")


def test_an_unchecked_kind_of_signature_is_said(english: Page) -> None:
    english.verify(_given(NAMED["mldsa-unchecked"]))
    assert "(ML-DSA): 1. They were not counted." in english.tab.text_content("#checks")


def test_opened_fields_are_shown_and_a_receipt_that_fails_shows_none(english: Page) -> None:
    english.verify(_given(NAMED["witnessed-2-of-2"]))
    rows = english.tab.locator("#entries tr").all_inner_texts()
    assert "State\tXAA" in rows
    assert "Ground\tpersecution\nspeech protected by article 19" in rows
    english.verify(_given(NAMED["changed-value"]))
    assert english.tab.locator("#entries tr").count() == 0
    assert not english.tab.is_visible("#entries-part")


def test_words_from_a_receipt_are_text_and_nothing_else(english: Page) -> None:
    english.verify(_given(NAMED["leaf-06"]))
    assert "</script>" in english.tab.locator("#entries").inner_text()
    assert english.tab.locator("#entries script").count() == 0


def test_the_typed_account_is_shown_nowhere(english: Page) -> None:
    english.verify(_given(NAMED["account-right"]))
    assert "account-0017" not in english.tab.locator("#result").inner_text()


def test_without_javascript_the_page_says_what_to_do(browser: Any, tmp_path: Path) -> None:
    plain = Page(browser, tmp_path, java_script_enabled=False)
    plain.tab.goto(plain.file.as_uri())
    text = plain.tab.locator("main").inner_text()
    assert "none is running" in text
    assert "golang-golang-x-mod-dev" in text
    assert not plain.tab.is_visible("#form")
    assert not plain.tab.is_visible("#result")


_OF_EACH_KIND = (
    "two-entries", "account-right", "view-grown", "view-older", "stale", "withheld", "nothing-opened",
    "mldsa-only", "policy", "changed-value", "witness-twice", "account-needed", "leaf-00",
)  # fmt: skip


def _missing_words(shown: Page) -> list[str]:
    """What was left out of the pages that were shown: a word, or a place in a sentence."""
    found = []
    for name in _OF_EACH_KIND:
        shown.verify(_given(NAMED[name]))
        text = shown.tab.locator("#result").inner_text()
        found += [f"{name}: {word}" for word in ("undefined", "NaN", "{", "[object") if word in text]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_missing_in_any_language(browser: Any, tmp_path: Path, language: str) -> None:
    shown = Page(browser, tmp_path, language)
    assert _missing_words(shown) == []
    shown.context.close()


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    browser: Any, tmp_path: Path, language: str, width: int, scheme: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    shown = Page(browser, tmp_path, language, viewport={"width": width, "height": 900}, color_scheme=scheme)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def look(where: str) -> list[str]:
        asked = {"runOnly": {"type": "tag", "values": rules}, "resultTypes": ["violations"]}
        found = Axe().run(shown.tab, options=asked).response
        assert len(found["passes"]) > 15
        wide = shown.tab.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [f"{where}: {each['id']}" for each in found["violations"]] + (
            [f"{where}: wide"] if wide else []
        )

    shown.open()
    shown.tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    faults = look("form")
    for name in ("two-entries", "changed-value", "stale"):
        shown.verify(_given(NAMED[name]))
        shown.tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        faults += look(name)
    assert faults == []
    shown.context.close()
