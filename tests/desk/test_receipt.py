"""Receipts: what each holder can open, and the three grades of what they prove."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.desk import public, receipt
from habeas.desk.public import GROUPS, Counted, Entry, Kind, Opened, Paper, Personal
from habeas.desk.receipt import FORMAT, Grade, Holder, Receipt, Unfinished, Verdict, View
from habeas.errors import Refused
from habeas.tlog import (
    Algorithm,
    Bundle,
    Checkpoint,
    Key,
    Note,
    Policy,
    Signer,
    Tree,
    Unproven,
    grown,
    leaf_hash,
)

ORIGIN = "desk.example.org/log"
LOG = Signer.from_seed(ORIGIN, b"l" * 32, Algorithm.ED25519)
IMPOSTOR = Signer.from_seed(ORIGIN, b"x" * 32, Algorithm.ED25519)
WITNESSES = [
    Signer.from_seed(f"witness.example.org/{name}", name.encode() * 32, Algorithm.COSIGNATURE)
    for name in "ab"
]
ACCOUNT = "someone@host.example"
ENTRY = Entry(
    count=Counted(kind=Kind.NOTICE, state="FRA", measure="stored-access"),
    person=Personal(account=ACCOUNT, asked="subscriber", outcome="told", on="2026-11-23"),
    paper=Paper(nature="letter", document="ab" * 32),
)


def salts() -> Callable[[int], bytes]:
    numbers = itertools.count(1)
    return lambda length: next(numbers).to_bytes(length, "big")


class Log:
    """A small log with one leaf that is known among others."""

    def __init__(self, size: int = 9, place: int = 5, change: bytes = b"") -> None:
        self.opened: Opened = public.salted(ENTRY, salts())
        self.place = place
        self.leaves = [f"another leaf {number}".encode() + change for number in range(size)]
        self.leaves[place] = self.opened.leaf()
        self.files: dict[str, bytes] = {}
        self.root = b""
        self.grow(size)

    def grow(self, size: int) -> None:
        self.size = size
        self.files, self.root = grown(0, [leaf_hash(leaf) for leaf in self.leaves[:size]], self.files.get)  # type: ignore[arg-type]

    def checkpoint(self, witnesses: int = 0, log: Signer = LOG) -> bytes:
        text = Checkpoint(origin=ORIGIN, size=self.size, root=self.root).text
        note = Note(text=text, signatures=(log.sign(text),))
        for each in WITNESSES[:witnesses]:
            note = note.signed(each.sign(text, 1_900_000_000))
        return note.encoded()

    @property
    def tree(self) -> Tree:
        return Tree(self.size, self.files.__getitem__)

    def receipt(
        self, witnesses: int = 0, quorum: int = 0, named: int = 2, **open: tuple[str, ...]
    ) -> Receipt:
        bundle = Bundle(
            index=self.place, proof=self.tree.inclusion(self.place), checkpoint=self.checkpoint(witnesses)
        )
        three = (self.opened.count, self.opened.person, self.opened.paper)
        shown = receipt.shown(
            three, bundle, open or {"person": ("asked", "outcome", "on")}, () if open else ("account",)
        )
        return Receipt(
            format=FORMAT,
            holder=Holder.PERSON,
            log=str(LOG.key),
            witnesses=tuple(str(each.key) for each in WITNESSES[:named]),
            quorum=quorum,
            entries=(shown,),
        )


def verified(found: Receipt, **parts: object) -> Verdict:
    """As whoever gets the file reads it."""
    return receipt.verify(receipt.read(found.encoded()), **{"account": ACCOUNT, **parts})  # type: ignore[arg-type]


def test_a_persons_receipt_proves_what_was_asked_and_names_nobody() -> None:
    found = Log().receipt()
    written = found.encoded().decode()
    for word in (ACCOUNT, "FRA", "stored-access", "ab" * 32):
        assert word not in written
    verdict = verified(found)
    assert verdict.fields == ({"person": {"asked": "subscriber", "outcome": "told", "on": "2026-11-23"}},)
    assert verdict.account is True
    assert verdict.words == "signed by the operator only"


def test_it_is_about_the_account_that_its_holder_names_and_no_other() -> None:
    found = Log().receipt()
    assert verified(found, account=" SOMEONE@host.example").account
    with pytest.raises(Unproven) as broken:
        verified(found, account="someone-else@host.example")
    assert "the account is typed otherwise" in broken.value.hint
    with pytest.raises(Unfinished, match="account not written in it") as unfinished:
        verified(found, account="")
    assert not isinstance(unfinished.value, Unproven)  # nothing is said against it


def test_no_account_is_blamed_for_a_false_signature_or_a_changed_paper() -> None:
    log = Log()
    (asked,), (papers,) = log.receipt().entries, log.receipt(paper=GROUPS["paper"]).entries
    forged = Bundle(
        index=log.place, proof=log.tree.inclusion(log.place), checkpoint=log.checkpoint(log=IMPOSTOR)
    )
    for wrong in (
        msgspec.structs.replace(asked, proof=forged.encoded().decode()),
        msgspec.structs.replace(papers, groups={**papers.groups, "person": "00" * 32}),
    ):
        with pytest.raises(Unproven) as broken:
            verified(msgspec.structs.replace(log.receipt(), entries=(wrong,)))
        assert "typed" not in broken.value.hint


def test_a_view_that_is_none_of_this_log_says_nothing_against_the_receipt() -> None:
    for note in (b"", b"no checkpoint", Log().checkpoint(log=IMPOSTOR)):
        with pytest.raises(Unfinished, match="the view from elsewhere cannot be used"):
            verified(Log().receipt(), views=[View(note=note)])


def test_an_authoritys_receipt_opens_its_papers_and_nothing_else() -> None:
    found = Log().receipt(paper=GROUPS["paper"])
    verdict = verified(found, account="")
    assert verdict.fields == ({"paper": {"nature": "letter", "document": "ab" * 32}},)
    assert verdict.account is None


@pytest.mark.parametrize(
    ("witnesses", "quorum", "grade", "words"),
    [
        (0, 0, Grade.OPERATOR, "signed by the operator only"),
        (1, 0, Grade.WITNESSED, "witnessed by 1 of 2"),
        (1, 2, Grade.OPERATOR, "signed by the operator only"),
        (2, 2, Grade.WITNESSED, "witnessed by 2 of 2"),
    ],
)
def test_witnesses_raise_the_grade_when_they_are_enough(
    witnesses: int, quorum: int, grade: Grade, words: str
) -> None:
    verdict = verified(Log().receipt(witnesses, quorum))
    assert (verdict.grade, verdict.words) == (grade, words)


def test_a_reader_who_trusts_others_counts_only_those() -> None:
    found = Log().receipt(witnesses=2, quorum=1)
    only_one = Policy.k_of_n(LOG.key, [(WITNESSES[1].key, "")], 1)
    assert verified(found, policy=only_one).words == "witnessed by 1 of 1"
    stranger = Signer.from_seed("stranger.example.org/w", b"s" * 32, Algorithm.COSIGNATURE)
    none = Policy.k_of_n(LOG.key, [(stranger.key, "")], 1)
    with pytest.raises(Unproven, match="fewer witnesses"):
        verified(found, policy=none)
    witnesses_alone = msgspec.structs.replace(only_one, logs=())
    assert verified(found, policy=witnesses_alone).words == "witnessed by 1 of 1"
    other = Policy.k_of_n(Signer.from_seed(ORIGIN, b"o" * 32, Algorithm.ED25519).key, [], 0)
    with pytest.raises(Unproven):
        verified(found, policy=other)


def test_a_view_fetched_elsewhere_raises_the_grade() -> None:
    log = Log()
    found = log.receipt()
    same = View(note=log.checkpoint())
    assert verified(found, views=[same]).words == "consistent with a view fetched elsewhere"
    log.leaves += [b"later"] * 300
    log.grow(309)
    alone = View(note=log.checkpoint())
    assert verified(found, views=[alone]).grade is Grade.OPERATOR  # nothing shows that it is one tree
    whole = View(note=log.checkpoint(), prove=lambda old, _new: log.tree.consistency(old))
    assert verified(found, views=[whole]).grade is Grade.ELSEWHERE


def test_a_view_that_shows_another_tree_refutes_the_receipt() -> None:
    found = Log().receipt(witnesses=2, quorum=2)
    fork = Log(change=b"!")
    with pytest.raises(Unproven, match="one tree here and another elsewhere"):
        verified(found, views=[View(note=fork.checkpoint())])
    longer = Log(size=20, change=b"!")
    view = View(note=longer.checkpoint(), prove=lambda old, _new: longer.tree.consistency(old))
    with pytest.raises(Unproven):
        verified(found, views=[view])


def test_the_operator_is_no_witness_and_one_witness_is_not_two() -> None:
    found = Log().receipt(witnesses=1, quorum=1)
    for twice in ((str(WITNESSES[0].key),) * 2, (str(LOG.key), str(WITNESSES[0].key))):
        with pytest.raises(Refused):
            verified(msgspec.structs.replace(found, witnesses=twice))
    dressed = Signer.from_seed("witness.example.org/dressed", b"l" * 32, Algorithm.COSIGNATURE)
    with pytest.raises(Refused):  # the same key under another name
        verified(msgspec.structs.replace(found, witnesses=(str(dressed.key),)))


@settings(max_examples=300)
@given(st.data())
def test_a_receipt_with_any_character_changed_proves_nothing_else(data: st.DataObject) -> None:
    """It is refused, or it says exactly what it said."""
    found = Log().receipt(witnesses=2, quorum=2)
    before = verified(found)
    text = found.encoded().decode()
    place = data.draw(st.integers(0, len(text) - 1))
    other = text[:place] + data.draw(st.characters(exclude_categories=["Cs"])) + text[place + 1 :]
    try:
        read = receipt.read(other.encode())
        after = receipt.verify(read, account=ACCOUNT)
    except Refused:
        return
    if read.holder == found.holder:
        said = msgspec.structs.replace(after, cosigned=0, witnesses=0, grade=before.grade, steps=())
        assert said == msgspec.structs.replace(before, cosigned=0, witnesses=0, steps=())
        assert after.grade <= before.grade


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree.update(format="habeas/receipt/v2"),
        lambda tree: tree.update(entries=[]),
        lambda tree: tree.update(more=1),
        lambda tree: tree["entries"][0]["groups"].pop("paper"),
        lambda tree: tree["entries"][0]["groups"].update(other="00" * 32),
        lambda tree: tree["entries"][0]["groups"].update(paper="00" * 31),
        lambda tree: tree["entries"][0]["groups"].update(paper="AB" * 32),
        lambda tree: tree["entries"][0]["groups"]["person"].reverse(),
        lambda tree: tree["entries"][0]["groups"]["person"].pop(),
        lambda tree: tree["entries"][0]["groups"]["person"][1].update(commitment="00" * 32),
        lambda tree: tree["entries"][0]["groups"]["person"][1].pop("salt"),
        lambda tree: tree["entries"][0]["groups"]["person"][1].update(salt="00"),
        lambda tree: tree["entries"][0].update(proof="nothing"),
        lambda tree: tree.update(quorum=3),
        lambda tree: tree.update(log="nothing"),
    ],
)
def test_what_is_not_exactly_a_receipt_is_refused(change: Callable[[dict[str, object]], object]) -> None:
    tree = json.loads(Log().receipt(witnesses=2, quorum=1).encoded())
    change(tree)
    with pytest.raises(Refused):
        receipt.verify(receipt.read(json.dumps(tree).encode()), account=ACCOUNT)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{}", b"null", b'{"format": 1}'])
def test_noise_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused):
        receipt.read(data)


def test_a_name_that_stands_twice_is_refused() -> None:
    text = Log().receipt().encoded().decode()
    twice = text.replace('"quorum": 0', '"quorum": 0, "quorum": 0')
    assert twice != text
    with pytest.raises(Refused, match="twice"):
        receipt.read(twice.encode())


def test_a_file_without_end_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="too long"):
        receipt.read(b" " * (receipt.MOST_BYTES + 1))


def test_a_paper_alone_proves_the_leaf_that_was_promised() -> None:
    log = Log()
    bundle = Bundle(index=log.place, proof=log.tree.inclusion(log.place), checkpoint=log.checkpoint())
    shown = receipt.shown_paper(log.leaves[log.place], log.opened.paper, bundle)
    found = msgspec.structs.replace(log.receipt(), entries=(shown,), holder=Holder.AUTHORITY)
    assert verified(found, account="").fields[0]["paper"]["document"] == "ab" * 32
    with pytest.raises(Refused):
        receipt.shown_paper(public.leaf(bytes(32), bytes(32), bytes(32)), log.opened.paper, bundle)


def test_keys_are_read_from_the_receipt_as_they_are() -> None:
    assert Key.parse(Log().receipt().log) == LOG.key


# ---- the published vectors -------------------------------------------------------------------------------

VECTORS = Path(__file__).parents[2] / "interop" / "vectors"
_LOOSER = {
    "mldsa-unchecked",  # the vectors count no ML-DSA signature, because many cannot check one; we can
    "mldsa-only",
    "quorum-negative",  # minus nought is nought to our reader
    "time-beyond",  # a year beyond 9999 is a number to us
    "view-old-beyond",  # the size that a view proves from is read by the test and not by us
}


def _file(name: str) -> bytes:
    data = (VECTORS / name).read_bytes()
    return base64.b64decode(data) if name.endswith(".base64") else data


def _view(data: bytes) -> View:
    """A checkpoint, or the body of an add-checkpoint request, whose proof leads from one size to another."""
    if not data.startswith(b"old "):
        return View(note=data)
    head, _, note = data.partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    old, proof = int(first.removeprefix("old ")), tuple(base64.b64decode(line) for line in lines)

    def prove(size: int, _new: int) -> tuple[bytes, ...]:
        if size != old:
            raise Unproven("the view proves another size")
        return proof

    return View(note=note, prove=prove)


def _answer(vector: dict[str, str]) -> tuple[int, int, int]:
    """The grade, how many witnesses cosigned, and of how many; zeros where it does not hold."""
    try:
        policy = Policy.parse(_file(vector["policy"]).decode()) if vector.get("policy") else None
        views = [_view(_file(vector["view"]))] if vector.get("view") else []
        found = receipt.read(_file(vector["receipt"]))
        account = vector.get("account") or ""
        said = receipt.verify(found, policy=policy, account=account, views=views)
        return said.grade, said.cosigned, said.witnesses
    except (Refused, UnicodeDecodeError, ValueError):
        return 0, 0, 0


def test_another_implementation_agrees_on_every_published_receipt() -> None:
    vectors = json.loads((VECTORS / "receipts.json").read_text("utf-8"))
    assert len(vectors) > 150
    published = {
        each["name"]: tuple(each["answer"].get(name, 0) for name in ("grade", "witnessed", "witnesses"))
        for each in vectors
        if each["name"] not in _LOOSER
    }
    found = {each["name"]: _answer(each) for each in vectors if each["name"] not in _LOOSER}
    assert {name: found[name] for name in found if found[name] != published[name]} == {}
