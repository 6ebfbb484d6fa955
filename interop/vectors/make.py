"""Makes the published test vectors of leaves and receipts anew, from the written formats alone.

It imports nothing of this project: only the standard library and `cryptography`. Trees are built by the
recursive definitions of RFC 6962 section 2.1, notes by C2SP signed-note, tlog-checkpoint, tlog-cosignature,
tlog-proof, tlog-policy and tlog-witness. Every key and salt is the SHA-256 of a published word, so the same
bytes come out each time. The one exception is the ML-DSA-44 signature, which is drawn with chance: it is kept
in mldsa44.json and made again only when it does not verify. Nobody in here is real; states are from the
user-assigned range of ISO 3166.

    python interop/vectors/make.py            writes the files beside this one
    python interop/vectors/make.py --check    says which differ, and writes nothing
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

HERE = Path(__file__).resolve().parent
FIELDS = {
    "count": "kind month door state instrument measure categories offences basis authorisation footing"
    " emergency decision ground how given accounts days again".split(),
    "person": "account asked outcome on".split(),
    "paper": "nature document".split(),
}
ED25519, COSIGNATURE, MLDSA44 = 1, 4, 6
ORIGIN = "log.example.org/public"
AT = 1_931_000_000  # seconds; the checkpoints of these vectors were cosigned then, in March 2031
DAY = 86_400


# --- the leaf -----------------------------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def h(domain: str, *parts: str | bytes) -> bytes:
    """SHA-256 over the domain and the parts, each behind its length in four bytes, most significant first."""
    digest = hashlib.sha256()
    for part in (domain, *parts):
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(4, "big") + data)
    return digest.digest()


def salt(number: int, group: str, name: str) -> bytes:
    return sha256(f"habeas vectors, salt of leaf {number}, {group}, {name}".encode())


def field_commitment(group: str, name: str, salted: bytes, value: str) -> bytes:
    return h("habeas/field/v1", group, name, salted, value)


def group_commitment(group: str, number: int, values: dict[str, str]) -> bytes:
    fields = [
        field_commitment(group, name, salt(number, group, name), values.get(name, ""))
        for name in FIELDS[group]
    ]
    return h("habeas/group/v1", group, *fields)


def leaf(number: int, values: dict[str, str]) -> bytes:
    return b"habeas/leaf/v1\n\n" + b"".join(group_commitment(group, number, values) for group in FIELDS)


# --- the tree, RFC 6962 2.1 ---------------------------------------------------------------------------------


def split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def root(entries: Sequence[bytes]) -> bytes:
    if not entries:
        return sha256(b"")
    if len(entries) == 1:
        return sha256(b"\0" + entries[0])
    k = split(len(entries))
    return sha256(b"\1" + root(entries[:k]) + root(entries[k:]))


def path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return [*path(index, entries[:k]), root(entries[k:])]
    return [*path(index - k, entries[k:]), root(entries[:k])]


def consistency(old: int, entries: Sequence[bytes], whole: bool = True) -> list[bytes]:
    if old == len(entries):
        return [] if whole else [root(entries)]
    k = split(len(entries))
    if old <= k:
        return [*consistency(old, entries[:k], whole), root(entries[k:])]
    return [*consistency(old - k, entries[k:], False), root(entries[:k])]


# --- notes --------------------------------------------------------------------------------------------------


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Signer:
    """A key made from a word. `sign` gives the signature line of a note."""

    def __init__(self, name: str, algorithm: int, word: str | None = None) -> None:
        seed = sha256(f"habeas vectors, key {word or name}".encode())
        self.name, self.algorithm = name, algorithm
        self.private: Any = (
            MLDSA44PrivateKey.from_seed_bytes(seed)
            if algorithm == MLDSA44
            else Ed25519PrivateKey.from_private_bytes(seed)
        )
        self.public: bytes = self.private.public_key().public_bytes_raw()
        self.id = sha256(name.encode() + b"\n" + bytes([algorithm]) + self.public)[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.algorithm]) + self.public)}"

    def line(self, signature: bytes) -> str:
        return f"— {self.name} {b64(self.id + signature)}\n"

    def sign(self, text: str, at: int = AT) -> str:
        if self.algorithm == ED25519:
            return self.line(self.private.sign(text.encode()))
        if self.algorithm == COSIGNATURE:
            message = f"cosignature/v1\ntime {at}\n{text}".encode()
            return self.line(at.to_bytes(8, "big") + self.private.sign(message))
        origin, size, hashed = text.split("\n")[:3]
        message = (
            b"subtree/v1\n\0"
            + bytes([len(self.name)])
            + self.name.encode()
            + at.to_bytes(8, "big")
            + bytes([len(origin)])
            + origin.encode()
            + bytes(8)
            + int(size).to_bytes(8, "big")
            + base64.b64decode(hashed)
        )
        return self.line(at.to_bytes(8, "big") + self._kept(message))

    def _kept(self, message: bytes) -> bytes:
        place = HERE / "mldsa44.json"
        kept = json.loads(place.read_text()) if place.is_file() else {}
        signature = base64.b64decode(kept.get("signature", ""))
        try:
            self.private.public_key().verify(signature, message)
        except InvalidSignature:
            signature = self.private.sign(message)
            place.write_text(
                json.dumps({"message": b64(message), "signature": b64(signature)}, indent=1) + "\n"
            )
        return signature


LOG = Signer(ORIGIN, ED25519)
OTHER_LOG = Signer(ORIGIN, ED25519, "another log of the same name")
ONE = Signer("witness-one.example.org", COSIGNATURE)
TWO = Signer("witness-two.example.org", COSIGNATURE)
THREE = Signer("witness-three.example.org", COSIGNATURE)
QUANTUM = Signer("witness-four.example.org", MLDSA44)


def body(entries: Sequence[bytes], origin: str = ORIGIN) -> str:
    return f"{origin}\n{len(entries)}\n{b64(root(entries))}\n"


def signed(text: str, *lines: str) -> str:
    return text + "\n" + "".join(lines)


def proof(index: int, entries: Sequence[bytes], checkpoint: str) -> str:
    hashes = "".join(b64(each) + "\n" for each in path(index, entries))
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{checkpoint}"


def plain_account(identifiers: Sequence[str]) -> str:
    """The form in which an account is committed to."""
    return "\n".join(sorted({" ".join(each.split()).casefold() for each in identifiers}))


# --- what the log of these vectors holds --------------------------------------------------------------------

REQUEST = {
    "kind": "request",
    "month": "2031-02",
    "door": "post",
    "state": "XAA",
    "instrument": "uncc",
    "measure": "production",
    "categories": "subscriber traffic",
    "offences": "fraud",
    "basis": "treaty",
    "authorisation": "judge",
    "footing": "request",
    "accounts": "1",
    "account": "account-0017",
    "asked": "subscriber traffic",
    "nature": "request",
    "document": sha256(b"the request").hex(),
}
REFUSAL = {
    **REQUEST,
    "kind": "refusal",
    "month": "2031-03",
    "decision": "refused",
    "days": "12",
    "outcome": "refused",
    "ground": "persecution | speech protected by article 19",
    "on": "2031-03-04",
    "nature": "letter",
    "document": sha256(b"the letter").hex(),
}
LEAVES: list[tuple[str, dict[str, str]]] = [
    ("every field empty but the kind, as in padding", {"kind": "padding"}),
    ("a request about one account", REQUEST),
    ("its refusal", REFUSAL),
    (
        "text of many scripts, not normalised: a combining mark, right-to-left, beyond the basic plane",
        {
            "kind": "arrival",
            "month": "2031-03",
            "door": "Tu\u0308r ملف 文书 дверь 🗝",
            "state": "XAB",
            "account": "cafe\u0301\u200f 🗝",
            "nature": "عربي",
        },
    ),
    (
        "the same text in its composed form, which is other bytes",
        {
            "kind": "arrival",
            "month": "2031-03",
            "door": "T\u00fcr ملف 文书 дверь 🗝",
            "state": "XAB",
            "account": "caf\u00e9\u200f 🗝",
            "nature": "عربي",
        },
    ),
    (
        "a long value of 70,000 bytes, beyond what two length bytes could say",
        {"kind": "report", "month": "2031-03", "ground": "long " * 14_000},
    ),
    (
        "signs that JSON escapes: quote, backslash, newline, tab, null, and others that it does not",
        {"kind": "letter", "month": "2031-03", "basis": '" \\ \n \t \0 \ufffd \u2028 </script>'},
    ),
    (
        "a value that looks like two fields side by side",
        {"kind": "hold", "month": "2031-03", "how": "placed", "door": "postXAA"},
    ),
    (
        "its neighbour: the same letters cut elsewhere",
        {"kind": "hold", "month": "2031-03", "how": "placed", "door": "post", "state": "XAA"},
    ),
    (
        "a ledger",
        {"kind": "ledger", "month": "2031-03", "nature": "ledger", "document": sha256(b"heads").hex()},
    ),
    (
        "a notice to the person concerned",
        {
            "kind": "notice",
            "month": "2031-03",
            "how": "after-delay",
            "accounts": "1",
            "account": "account-0017",
        },
    ),
    (
        "an account with two identifiers, one of them in letters that are hard to fold",
        {
            **REFUSAL,
            "account": plain_account(
                ["\U0001f5dd stra\u00dfe \u1f00\u03b9\u03c3 i\u0307\u0131 fi \u13a0", "\uff5e account-0018"]
            ),
        },
    ),
]
ALL = [leaf(number, values) for number, (_, values) in enumerate(LEAVES)]
ENTRIES = ALL[:11]
SIZE = 9  # the tree of most receipts here; two more leaves come after it
TREE = ENTRIES[:SIZE]


def leaf_vectors() -> list[dict[str, Any]]:
    made = []
    for number, (about, values) in enumerate(LEAVES):
        groups = {
            group: {
                "fields": [
                    {
                        "name": name,
                        "salt": salt(number, group, name).hex(),
                        "value": values.get(name, ""),
                        "commitment": field_commitment(
                            group, name, salt(number, group, name), values.get(name, "")
                        ).hex(),
                    }
                    for name in names
                ],
                "commitment": group_commitment(group, number, values).hex(),
            }
            for group, names in FIELDS.items()
        }
        made.append(
            {
                "about": about,
                "groups": groups,
                "leaf": ALL[number].hex(),
                "leaf_hash": sha256(b"\0" + ALL[number]).hex(),
            }
        )
    return made


# --- receipts -----------------------------------------------------------------------------------------------


def opened(
    number: int, group: str, hide: Sequence[str] = (), ask: Sequence[str] = ()
) -> list[dict[str, str]]:
    values, fields = LEAVES[number][1], []
    for name in FIELDS[group]:
        salted, value = salt(number, group, name), values.get(name, "")
        if name in hide:
            fields.append({"name": name, "commitment": field_commitment(group, name, salted, value).hex()})
        elif name in ask:
            fields.append({"name": name, "salt": salted.hex()})
        else:
            fields.append({"name": name, "salt": salted.hex(), "value": value})
    return fields


def entry(number: int, proved: str, **groups: Any) -> dict[str, Any]:
    """One entry; groups that are not named stay closed."""
    closed = {group: group_commitment(group, number, LEAVES[number][1]).hex() for group in FIELDS}
    return {"groups": {**closed, **groups}, "proof": proved}


def receipt(
    *entries: dict[str, Any],
    who: str = "person concerned",
    log: str = LOG.vkey,
    witnesses: Sequence[str] = (),
    quorum: int = 0,
) -> dict[str, Any]:
    return {
        "format": "habeas/receipt/v1",
        "for": who,
        "log": log,
        "witnesses": list(witnesses),
        "quorum": quorum,
        "entries": list(entries),
    }


def checkpoint(*cosigners: Signer, entries: Sequence[bytes] = TREE, at: int = AT) -> str:
    text = body(entries)
    return signed(text, LOG.sign(text), *(each.sign(text, at) for each in cosigners))


def refusal(
    *cosigners: Signer, at: int = AT, quorum: int = 2, number: int = 2, **more: Any
) -> dict[str, Any]:
    """What a person concerned gets: the refusal, all opened but the paper, witnessed by those named."""
    made = entry(
        number,
        proof(number, TREE, checkpoint(*cosigners, at=at)),
        count=opened(number, "count"),
        person=opened(number, "person"),
        **more,
    )
    return receipt(made, witnesses=[ONE.vkey, TWO.vkey], quorum=quorum)


def several() -> dict[str, Any]:
    """A receipt about an account with two identifiers, one of them in letters that are hard to fold."""
    made = entry(
        11, proof(11, ALL, checkpoint(ONE, TWO, entries=ALL)), person=opened(11, "person", ask=["account"])
    )
    return receipt(made, witnesses=[ONE.vkey, TWO.vkey], quorum=2)


def clock(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Vectors:
    """Every receipt with what a verifier must answer."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.listed: list[dict[str, Any]] = []

    def add(
        self,
        name: str,
        about: str,
        given: dict[str, Any] | str | bytes,
        answer: dict[str, Any],
        *,
        view: str | None = None,
        policy: str | None = None,
        account: str | None = None,
        at: int = AT + DAY,
    ) -> None:
        if isinstance(given, dict):
            given = json.dumps(given, ensure_ascii=False, indent=1) + "\n"
        data = given.encode() if isinstance(given, str) else given
        line: dict[str, Any] = {"name": name, "about": about, "receipt": f"receipts/{name}.receipt"}
        try:
            plain = not set(data) & {0x09, 0x0D} and bool(data.decode())
        except UnicodeDecodeError:
            plain = False
        if not plain:  # bytes that an editor or a version control would change
            line["receipt"] += ".base64"
            data = base64.encodebytes(data)
        self.files[line["receipt"]] = data
        for kind, text in (("view", view), ("policy", policy)):
            if text is not None:
                line[kind] = f"receipts/{name}.{kind}"
                self.files[line[kind]] = text.encode()
        if account is not None:
            line["account"] = account
        self.listed.append({**line, "at": clock(at), "answer": answer})

    def text(self) -> str:
        return json.dumps(self.listed, ensure_ascii=False, indent=1) + "\n"


def fails(step: str, number: int = 0) -> dict[str, Any]:
    return {"grade": 0, "step": step, "entry": number}


def holds(
    grade: int,
    k: int,
    n: int,
    *numbers: int,
    met: bool = True,
    unchecked: int = 0,
    size: int = SIZE,
    log: str = "receipt",
    witnesses: str = "receipt",
    view: str = "",
    view_time: int = 0,
    stale: bool = False,
    time: int | None = None,
) -> dict[str, Any]:
    time = (AT if k else 0) if time is None else time
    return {
        "grade": grade,
        "step": "",
        "entry": 0,
        "witnessed": k,
        "witnesses": n,
        "quorum_met": met,
        "unchecked": unchecked,
        "log_from": log,
        "witnesses_from": witnesses,
        "view": view,
        "view_time": view_time,
        "stale": stale,
        "entries": [
            {"index": each, "size": size, "leaf": sha256(b"\0" + ALL[each]).hex(), "time": time}
            for each in numbers
        ],
    }


def edited(given: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    made = copy.deepcopy(given)
    change(made)
    return made


def reproved(given: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The receipt with one piece of its proof replaced, which must be there once."""
    [first, *_] = given["entries"]
    assert first["proof"].count(old) == 1, old
    return edited(given, lambda made: made["entries"][0].update(proof=first["proof"].replace(old, new)))


def policy_of(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def loosened(encoded: str) -> str:
    """Base64 with one "=" at its end, and a bit set that stands for nothing."""
    assert encoded[-1] == "=" != encoded[-2]
    return encoded[:-2] + chr(ord(encoded[-2]) + 1) + "="


def flip(hexed: str) -> str:
    return hexed[:-1] + ("0" if hexed[-1] != "0" else "1")


def good(vectors: Vectors) -> None:
    alone = entry(2, proof(2, TREE, checkpoint()), count=opened(2, "count"), person=opened(2, "person"))
    vectors.add("operator-only", "no witness is named, none has signed", receipt(alone), holds(1, 0, 0, 2))
    vectors.add(
        "witnessed-1-of-2",
        "one of two witnesses has signed, and one is asked for",
        refusal(ONE, quorum=1),
        holds(2, 1, 2, 2),
    )
    vectors.add("witnessed-2-of-2", "both witnesses have signed", refusal(ONE, TWO), holds(2, 2, 2, 2))
    vectors.add(
        "quorum-missed",
        "two are asked for and one has signed: only the operator's word counts",
        refusal(ONE),
        holds(1, 1, 2, 2, met=False),
    )
    vectors.add(
        "unknown-signature",
        "a signature by somebody whom the receipt does not name is ignored",
        refusal(ONE, TWO, THREE),
        holds(2, 2, 2, 2),
    )
    vectors.add(
        "cosigned-twice",
        "one witness has signed at two times: it counts once, with the later time",
        reproved(
            refusal(ONE, quorum=1), ONE.sign(body(TREE)), ONE.sign(body(TREE)) + ONE.sign(body(TREE), AT + 60)
        ),
        holds(2, 1, 2, 2, time=AT + 60),
    )
    two_names = Signer(ONE.name, COSIGNATURE, "second key of witness one")
    text = body(TREE)
    twice = refusal(ONE, quorum=1)
    twice["witnesses"] = [ONE.vkey, two_names.vkey, TWO.vkey]
    vectors.add(
        "two-keys-one-name",
        "two keys under one name are one witness",
        reproved(twice, ONE.sign(text), ONE.sign(text) + two_names.sign(text)),
        holds(2, 1, 2, 2),
    )
    quantum = edited(refusal(ONE, quorum=1), lambda made: made.update(witnesses=[ONE.vkey, QUANTUM.vkey]))
    vectors.add(
        "mldsa-unchecked",
        "an ML-DSA-44 cosignature, valid, of a kind that a verifier may not be able to check:"
        " it is not counted, and said to be there",
        reproved(quantum, ONE.sign(text), ONE.sign(text) + QUANTUM.sign(text)),
        holds(2, 1, 2, 2, unchecked=1),
    )
    only = receipt(
        entry(2, proof(2, TREE, signed(text, LOG.sign(text), QUANTUM.sign(text)))),
        witnesses=[QUANTUM.vkey],
        quorum=1,
    )
    vectors.add(
        "mldsa-only",
        "the only cosignature cannot be checked, so only the operator's word counts",
        only,
        holds(1, 0, 1, 2, met=False, unchecked=1),
    )
    unknown = reproved(refusal(ONE, TWO), TWO.sign(text), TWO.sign(text) + QUANTUM.sign(text))
    vectors.add(
        "mldsa-unknown",
        "an ML-DSA-44 cosignature by a witness whom nobody named is ignored",
        unknown,
        holds(2, 2, 2, 2),
    )
    pair = [
        entry(number, proof(number, TREE, checkpoint(ONE, TWO)), count=opened(number, "count"))
        for number in (1, 2)
    ]
    vectors.add(
        "two-entries",
        "a request and its refusal in one receipt",
        receipt(*pair, witnesses=[ONE.vkey, TWO.vkey], quorum=2),
        holds(2, 2, 2, 1, 2),
    )
    less = [pair[0], entry(2, proof(2, TREE, checkpoint(ONE)), count=opened(2, "count"))]
    vectors.add(
        "two-entries-weaker",
        "the second entry has fewer witnesses: the lesser count is the answer",
        receipt(*less, witnesses=[ONE.vkey, TWO.vkey], quorum=1),
        holds(2, 1, 2, 1, 2),
    )
    asked = edited(
        refusal(ONE, TWO),
        lambda made: made["entries"][0]["groups"].update(person=opened(2, "person", ask=["account"])),
    )
    vectors.add(
        "account-right",
        "the account is to be supplied, and is right",
        asked,
        holds(2, 2, 2, 2),
        account="account-0017",
    )
    vectors.add(
        "account-right-spaces",
        "spaces around what was typed do not count",
        asked,
        holds(2, 2, 2, 2),
        account=" account-0017 ",
    )
    vectors.add(
        "account-wrong",
        "the account is to be supplied, and is another's",
        asked,
        fails("inclusion", 1),
        account="account-0018",
    )
    vectors.add(
        "account-case",
        "capital letters do not make another account",
        asked,
        holds(2, 2, 2, 2),
        account="ACCOUNT-0017",
    )
    vectors.add(
        "account-one-of-two",
        "of an account with two identifiers only one was typed",
        several(),
        fails("inclusion", 1),
        account="account-0018",
    )
    vectors.add(
        "account-lines",
        "two identifiers in another order, one of them twice, with spaces, capitals and empty lines",
        several(),
        holds(2, 2, 2, 11, size=12),
        account="\n  \uff5e  ACCOUNT-0018 \r\n\n"
        "\U0001f5dd STRA\u1e9eE \u1f88\u03a3 \u0130\u0131 \ufb01 \uab70\n\u3000\uff5e\taccount-0018",
    )
    vectors.add(
        "account-needed",
        "the account is to be supplied and was not: nothing can be said yet",
        asked,
        fails("account-needed", 1),
    )
    vectors.add(
        "account-opened-other",
        "the account stands in the receipt, and another one was typed",
        refusal(ONE, TWO),
        fails("account", 1),
        account="account-0018",
    )
    vectors.add(
        "account-opened-same",
        "the account stands in the receipt, and the same one was typed",
        refusal(ONE, TWO),
        holds(2, 2, 2, 2),
        account="account-0017",
    )
    hidden = edited(
        refusal(ONE, TWO),
        lambda made: made["entries"][0]["groups"].update(
            person=opened(2, "person", hide=["account", "asked"])
        ),
    )
    vectors.add(
        "withheld", "two fields are withheld, their commitments stand in for them", hidden, holds(2, 2, 2, 2)
    )
    authority = receipt(
        entry(
            2,
            proof(2, TREE, checkpoint(ONE, TWO)),
            count=opened(2, "count", hide=["days", "again"]),
            paper=opened(2, "paper"),
        ),
        who="authority",
        witnesses=[ONE.vkey, TWO.vkey],
        quorum=2,
    )
    vectors.add(
        "authority-paper",
        "for an authority: the paper is opened, the person is not",
        authority,
        holds(2, 2, 2, 2),
    )
    shut = receipt(
        entry(2, proof(2, TREE, checkpoint(ONE, TWO))),
        who="auditor",
        witnesses=[ONE.vkey, TWO.vkey],
        quorum=2,
    )
    vectors.add(
        "nothing-opened",
        "three commitments and no word: it proves a place and nothing more",
        shut,
        holds(2, 2, 2, 2),
    )
    for number, (about, _) in enumerate(LEAVES):
        everything = {group: opened(number, group) for group in FIELDS}
        whole = receipt(
            entry(number, proof(number, ALL, checkpoint(ONE, entries=ALL)), **everything),
            who="auditor",
            witnesses=[ONE.vkey],
            quorum=1,
        )
        vectors.add(f"leaf-{number:02}", about, whole, holds(2, 1, 1, number, size=len(ALL)))
    one = receipt(entry(0, proof(0, ENTRIES[:1], checkpoint(entries=ENTRIES[:1])), count=opened(0, "count")))
    vectors.add("tree-of-one", "the only leaf of the log needs no hashes", one, holds(1, 0, 0, 0, size=1))
    escaped = json.dumps(refusal(ONE, TWO), ensure_ascii=True, separators=(",", ":"))
    vectors.add(
        "escaped", "the same JSON on one line, with all that is not ASCII escaped", escaped, holds(2, 2, 2, 2)
    )
    extended = body(TREE) + "an extension line\n"
    vectors.add(
        "extension-line",
        "a checkpoint with an extension line",
        receipt(
            entry(2, proof(2, TREE, signed(extended, LOG.sign(extended), ONE.sign(extended)))),
            witnesses=[ONE.vkey],
            quorum=1,
        ),
        holds(2, 1, 1, 2),
    )
    extra = reproved(refusal(ONE, TWO), "index 2\n", f"extra {b64(b'not authenticated')}\nindex 2\n")
    vectors.add(
        "extra-line",
        "a proof with extra data, which nobody signed and nobody reads",
        extra,
        holds(2, 2, 2, 2),
    )
    vectors.add(
        "cosigned-twice-later-first",
        "of two signatures of one witness the later one stands first",
        reproved(
            refusal(ONE, quorum=1),
            ONE.sign(body(TREE)),
            ONE.sign(body(TREE), AT + 60) + ONE.sign(body(TREE)),
        ),
        holds(2, 1, 2, 2, time=AT + 60),
    )
    vectors.add(
        "two-entries-first-weaker",
        "the first entry misses the quorum, the second meets it: only the operator's word counts",
        receipt(less[1], pair[0], witnesses=[ONE.vkey, TWO.vkey], quorum=2),
        holds(1, 1, 2, 2, 1, met=False),
    )


def views(vectors: Vectors) -> None:
    mine, later = refusal(ONE, TWO), AT + 2 * DAY
    grown = checkpoint(ONE, entries=ENTRIES, at=later)
    steps = "".join(b64(each) + "\n" for each in consistency(SIZE, ENTRIES))
    forked = [*TREE[:-1], b"another leaf"]
    vectors.add(
        "view-same",
        "the same checkpoint, fetched elsewhere",
        mine,
        holds(3, 2, 2, 2, view="same", view_time=AT),
        view=checkpoint(ONE),
    )
    vectors.add(
        "view-same-operator",
        "nobody witnessed, but a copy fetched elsewhere has the same root",
        receipt(mine["entries"][0]),
        holds(3, 0, 0, 2, view="same"),
        view=checkpoint(),
    )
    vectors.add(
        "view-grown",
        "a later checkpoint, with the proof that it continues the receipt's",
        mine,
        holds(3, 2, 2, 2, view="consistent", view_time=later),
        view=f"old {SIZE}\n{steps}\n{grown}",
        at=later + DAY,
    )
    vectors.add(
        "view-grown-bare",
        "a later checkpoint without such a proof says nothing about the receipt",
        mine,
        holds(2, 2, 2, 2, view="incomparable", view_time=later),
        view=grown,
        at=later + DAY,
    )
    older = checkpoint(ONE, entries=ENTRIES[:5], at=AT - DAY)
    vectors.add(
        "view-older",
        "a checkpoint from before the receipt says nothing about it",
        mine,
        holds(2, 2, 2, 2, view="incomparable", view_time=AT - DAY),
        view=older,
        at=AT,
    )
    other = f"old 5\n{''.join(b64(each) + chr(10) for each in consistency(5, ENTRIES))}\n{grown}"
    vectors.add(
        "view-other-old",
        "a proof from another size than the receipt's says nothing about it",
        mine,
        holds(2, 2, 2, 2, view="incomparable", view_time=later),
        view=other,
        at=later,
    )
    vectors.add(
        "stale",
        "the newest view is nine days old: the receipt holds, and the log has been silent",
        mine,
        holds(3, 2, 2, 2, view="same", view_time=AT, stale=True),
        view=checkpoint(ONE),
        at=AT + 9 * DAY,
    )
    vectors.add(
        "stale-edge",
        "two days and a second are silence",
        mine,
        holds(3, 2, 2, 2, view="same", view_time=AT, stale=True),
        view=checkpoint(ONE),
        at=AT + 2 * DAY + 1,
    )
    vectors.add(
        "fresh-edge",
        "two days are not",
        mine,
        holds(3, 2, 2, 2, view="same", view_time=AT),
        view=checkpoint(ONE),
        at=AT + 2 * DAY,
    )
    vectors.add(
        "old-receipt",
        "a receipt may be years old; without a view nothing is said about the log's silence",
        mine,
        holds(2, 2, 2, 2),
        at=AT + 900 * DAY,
    )
    vectors.add(
        "view-fork",
        "the log signed two different trees of one size",
        mine,
        fails("fork", 1),
        view=checkpoint(ONE, entries=forked),
    )
    broken = f"old {SIZE}\n{steps}\n{checkpoint(ONE, entries=[*forked, *ENTRIES[SIZE:]], at=later)}"
    vectors.add(
        "view-rewritten",
        "a later tree that does not contain the receipt's",
        mine,
        fails("consistency", 1),
        view=broken,
    )
    short = f"old {SIZE}\n{''.join(steps.splitlines(keepends=True)[1:])}\n{grown}"
    vectors.add(
        "view-proof-short",
        "a hash of the consistency proof is missing",
        mine,
        fails("consistency", 1),
        view=short,
    )
    stranger = body(TREE)
    vectors.add(
        "view-stranger",
        "a view signed by another key",
        mine,
        fails("view"),
        view=signed(stranger, OTHER_LOG.sign(stranger)),
    )
    vectors.add(
        "view-forged",
        "a view with a forged cosignature",
        mine,
        fails("view"),
        view=signed(stranger, LOG.sign(stranger), ONE.line(AT.to_bytes(8, "big") + bytes(64))),
    )
    vectors.add("view-garbage", "a view that is no checkpoint", mine, fails("view"), view="hello\n")
    vectors.add(
        "view-old-beyond",
        "a proof from a size beyond the view's own",
        mine,
        fails("view"),
        view=f"old {SIZE + 1}\n\n{checkpoint(ONE)}",
    )
    pair = [
        entry(number, proof(number, tree, checkpoint(ONE, TWO, entries=tree)))
        for number, tree in ((1, TREE), (2, forked))
    ]
    vectors.add(
        "fork-inside",
        "two entries of one receipt stand in two different trees of one size",
        receipt(*pair, witnesses=[ONE.vkey, TWO.vkey], quorum=2),
        fails("fork", 2),
    )
    other_tree = entry(2, proof(2, forked, checkpoint(ONE, TWO, entries=forked)))
    vectors.add(
        "receipt-rewritten",
        "a receipt in a tree that the later tree does not contain, with the true tree's proof",
        receipt(other_tree, witnesses=[ONE.vkey, TWO.vkey], quorum=2),
        fails("consistency", 1),
        view=f"old {SIZE}\n{steps}\n{grown}",
    )
    vectors.add(
        "view-cut", "a view that ends after its first line", mine, fails("view"), view=f"old {SIZE}\n"
    )


def policies(vectors: Vectors) -> None:
    mine = refusal(ONE, TWO)
    vectors.add(
        "policy",
        "the reader trusts this log and two of three witnesses",
        mine,
        holds(2, 2, 3, 2, log="policy", witnesses="policy"),
        policy=policy_of(
            "# trusted since 2031",
            f"log {LOG.vkey} https://log.example.org/",
            f"witness one {ONE.vkey}",
            f"witness two {TWO.vkey} https://two.example.org",
            f"witness three {THREE.vkey}",
            "group all-of-them 2 one two three",
            "quorum all-of-them",
        ),
    )
    vectors.add(
        "policy-nested",
        "a quorum of groups",
        mine,
        holds(2, 2, 3, 2, log="policy", witnesses="policy"),
        policy=policy_of(
            f"log {LOG.vkey}",
            f"witness one {ONE.vkey}",
            f"witness two {TWO.vkey}",
            f"witness three {THREE.vkey}",
            "group a any one three",
            "group b all two",
            "group both all a b",
            "quorum both",
        ),
    )
    vectors.add(
        "policy-quorum",
        "the reader asks for a witness who has not signed",
        mine,
        fails("quorum"),
        policy=policy_of(f"log {LOG.vkey}", f"witness three {THREE.vkey}", "quorum three"),
    )
    vectors.add(
        "policy-other-log",
        "the reader trusts another log",
        mine,
        fails("trust"),
        policy=policy_of(f"log {OTHER_LOG.vkey}", "quorum none"),
    )
    vectors.add(
        "policy-none",
        "the reader asks for no witness and names none: the receipt's own list does not count",
        mine,
        holds(1, 0, 0, 2, log="policy", witnesses="policy"),
        policy=policy_of(f"log {LOG.vkey}", "quorum none"),
    )
    vectors.add(
        "policy-no-log",
        "the reader names a witness and no log: the log's key is still the receipt's word",
        mine,
        holds(2, 1, 1, 2, witnesses="policy"),
        policy=policy_of(f"witness one {ONE.vkey}", "quorum one"),
    )
    log, one = f"log {LOG.vkey}", f"witness one {ONE.vkey}"
    spaced = policy_of(f"  {log}  ", "", f" witness   one {ONE.vkey}", "quorum one")
    vectors.add(
        "policy-spaces",
        "spaces and empty lines in a policy mean nothing",
        mine,
        holds(2, 1, 1, 2, log="policy", witnesses="policy"),
        policy=spaced,
    )
    same = Signer("witness-five.example.org", COSIGNATURE, ONE.name)
    for name, about, lines in [
        ("no-quorum", "no quorum line", [log, one]),
        ("two-quorums", "two quorum lines", [log, one, "quorum one", "quorum none"]),
        ("undefined", "a quorum that was not defined", [log, one, "quorum two"]),
        ("forward", "a group defined after its use", [log, one, "quorum all", "group all 1 one"]),
        ("threshold", "a threshold above the members", [log, one, "group all 2 one", "quorum all"]),
        ("zero-threshold", "a threshold of nothing", [log, one, "group all 0 one", "quorum all"]),
        (
            "twice-member",
            "a witness in two groups",
            [log, one, "group a 1 one", "group b 1 one", "group c 2 a b", "quorum c"],
        ),
        ("twice-key", "one key under two names", [log, one, f"witness two {ONE.vkey}", "quorum one"]),
        (
            "twice-public",
            "one public key under two key names",
            [log, one, f"witness two {same.vkey}", "quorum one"],
        ),
        ("none-member", "a group with the member none", [log, "group a 1 none", "quorum a"]),
        ("word", "a line of no known kind", [log, "trust everybody", "quorum none"]),
        ("control", "a control character in a comment", ["# \x01", log, "quorum none"]),
        ("log-as-witness", "a log key in the place of a witness", [f"witness one {LOG.vkey}", "quorum one"]),
    ]:
        vectors.add(
            f"policy-bad-{name}", f"a policy with {about}", mine, fails("policy"), policy=policy_of(*lines)
        )


def bad_keys(vectors: Vectors) -> None:
    mine, text = refusal(ONE, TWO), body(TREE)

    def named(*vkeys: str) -> dict[str, Any]:
        return edited(mine, lambda made: made.update(witnesses=list(vkeys)))

    own = Signer("witness-six.example.org", COSIGNATURE, ORIGIN)
    vectors.add(
        "witness-is-log",
        "a witness with the log's own key under another name",
        reproved(named(own.vkey, TWO.vkey), ONE.sign(text), own.sign(text)),
        fails("keys"),
    )
    shared = Signer(ORIGIN, COSIGNATURE, "a second key of the log")
    vectors.add(
        "witness-named-as-log",
        "a witness with the log's own name",
        edited(named(shared.vkey, TWO.vkey), lambda made: made.update(quorum=1)),
        fails("keys"),
    )
    vectors.add("witness-twice", "one witness named twice", named(ONE.vkey, ONE.vkey), fails("keys"))
    alias = Signer("witness-five.example.org", COSIGNATURE, ONE.name)
    vectors.add(
        "witness-twice-renamed",
        "one public key under two names",
        reproved(named(ONE.vkey, alias.vkey), TWO.sign(text), alias.sign(text)),
        fails("keys"),
    )
    vectors.add(
        "witness-log-kind",
        "a witness whose key is of the kind of a log's",
        named(Signer(ONE.name, ED25519).vkey, TWO.vkey),
        fails("keys"),
    )
    name, number, key = ONE.vkey.split("+", 2)
    vectors.add(
        "key-wrong-id",
        "a key whose number is not its hash",
        named(f"{name}+{flip(number)}+{key}", TWO.vkey),
        fails("keys"),
    )
    lettered = next(each for each in (ONE, TWO, THREE) if not each.id.hex().isdigit())
    capitals = lettered.vkey.replace(f"+{lettered.id.hex()}+", f"+{lettered.id.hex().upper()}+")
    vectors.add("key-upper-case", "a key number in capitals", named(capitals), fails("keys"))
    vectors.add(
        "key-short",
        "a key that is too short",
        named(f"{name}+{number}+{b64(bytes([4]) + bytes(31))}", TWO.vkey),
        fails("keys"),
    )
    weak = bytes([4]) + bytes(32)
    weak_id = sha256(f"{name}\n".encode() + weak)[:4].hex()
    vectors.add(
        "key-small-order",
        "a public key of small order, for which anybody can sign",
        named(f"{name}+{weak_id}+{b64(weak)}", TWO.vkey),
        fails("keys"),
    )
    vectors.add(
        "key-name-space",
        "a key name with a space in it",
        named(Signer("witness one", COSIGNATURE).vkey, TWO.vkey),
        fails("keys"),
    )
    vectors.add(
        "log-cosigner",
        "the log's key is of the kind of a witness's",
        edited(mine, lambda made: made.update(log=shared.vkey)),
        fails("keys"),
    )
    vectors.add(
        "quorum-above",
        "a quorum above the number of witnesses",
        edited(mine, lambda made: made.update(quorum=3)),
        fails("keys"),
    )

    def numbered(material: bytes) -> str:
        return f"{name}+{sha256(f'{name}{chr(10)}'.encode() + material)[:4].hex()}+{b64(material)}"

    long = bytes([COSIGNATURE]) + ONE.public + b"\0"
    vectors.add("key-long", "a key with a byte too many", named(numbered(long), TWO.vkey), fails("keys"))
    vectors.add(
        "key-byte-missing",
        "a key with a byte too few, whose number is its hash",
        named(numbered(bytes([COSIGNATURE]) + ONE.public[:-1]), TWO.vkey),
        fails("keys"),
    )
    vectors.add(
        "key-base64-loose",
        "a key in base64 with bits that mean nothing",
        named(ONE.vkey, TWO.vkey, loosened(QUANTUM.vkey)),
        fails("keys"),
    )
    half = bytes([MLDSA44]) + QUANTUM.public[:-1]
    vectors.add(
        "key-mldsa-short",
        "an ML-DSA-44 key that is too short",
        named(ONE.vkey, TWO.vkey, numbered(half)),
        fails("keys"),
    )
    signed_weak = bytes([COSIGNATURE]) + bytes(31) + b"\x80"
    vectors.add(
        "key-small-order-signed",
        "a public key of small order, with its sign",
        named(numbered(signed_weak), TWO.vkey),
        fails("keys"),
    )


def bad_proofs(vectors: Vectors) -> None:
    mine, text = refusal(ONE, TWO), body(TREE)
    hashes = [b64(each) + "\n" for each in path(2, TREE)]
    vectors.add(
        "wrong-key",
        "the receipt names another key of the log",
        edited(mine, lambda made: made.update(log=OTHER_LOG.vkey)),
        fails("log", 1),
    )
    vectors.add(
        "forged-log",
        "the log's signature is forged",
        reproved(mine, LOG.sign(text), LOG.line(bytes(64))),
        fails("log", 1),
    )
    vectors.add(
        "other-origin",
        "the checkpoint is of another log, signed with this log's key",
        receipt(
            entry(
                2,
                proof(
                    2,
                    TREE,
                    signed(
                        body(TREE, "other.example.org/log"), LOG.sign(body(TREE, "other.example.org/log"))
                    ),
                ),
            )
        ),
        fails("log", 1),
    )
    vectors.add(
        "forged-cosignature",
        "a cosignature is forged",
        reproved(mine, TWO.sign(text), TWO.line(AT.to_bytes(8, "big") + bytes(64))),
        fails("witnesses", 1),
    )
    moved = base64.b64decode(TWO.sign(text).split(" ")[2])[12:]
    vectors.add(
        "moved-time",
        "the time of a cosignature was changed",
        reproved(mine, TWO.sign(text), TWO.line((AT + 1).to_bytes(8, "big") + moved)),
        fails("witnesses", 1),
    )
    vectors.add(
        "time-beyond",
        "a cosignature with a time beyond the year 9999",
        reproved(mine, TWO.sign(text), TWO.sign(text, 253_402_300_800)),
        fails("witnesses", 1),
    )
    vectors.add(
        "time-zero",
        "a cosignature that names no time",
        reproved(mine, TWO.sign(text), TWO.sign(text, 0)),
        fails("witnesses", 1),
    )
    vectors.add(
        "cosignature-short",
        "a cosignature without its time",
        reproved(mine, TWO.sign(text), TWO.line(moved)),
        fails("witnesses", 1),
    )
    vectors.add(
        "cosigned-other-tree",
        "a cosignature taken from another checkpoint",
        reproved(mine, TWO.sign(text), TWO.sign(body(ENTRIES))),
        fails("witnesses", 1),
    )
    bad_second = reproved(mine, ONE.sign(text), ONE.sign(text) + ONE.line(AT.to_bytes(8, "big") + bytes(64)))
    vectors.add(
        "cosigned-twice-one-bad",
        "of two cosignatures by one witness the second is forged",
        bad_second,
        fails("witnesses", 1),
    )
    vectors.add(
        "changed-root",
        "the root was changed",
        reproved(mine, f"\n{SIZE}\n{b64(root(TREE))}", f"\n{SIZE}\n{b64(root(ENTRIES))}"),
        fails("log", 1),
    )

    def field(group: str, name: str, **change: str) -> dict[str, Any]:
        def put(made: dict[str, Any]) -> None:
            place = FIELDS[group].index(name)
            made["entries"][0]["groups"][group][place].update(change)

        return edited(mine, put)

    vectors.add(
        "changed-value",
        "a value was changed",
        field("count", "decision", value="granted"),
        fails("inclusion", 1),
    )
    vectors.add(
        "changed-empty",
        "a value was put where none was",
        field("count", "emergency", value="verified"),
        fails("inclusion", 1),
    )
    vectors.add(
        "changed-salt",
        "a salt was changed",
        field("count", "decision", salt=flip(salt(2, "count", "decision").hex())),
        fails("inclusion", 1),
    )
    vectors.add(
        "changed-commitment",
        "the commitment of the closed group was changed",
        edited(
            mine,
            lambda made: made["entries"][0]["groups"].update(
                paper=flip(made["entries"][0]["groups"]["paper"])
            ),
        ),
        fails("inclusion", 1),
    )
    vectors.add(
        "swapped-groups",
        "two closed groups changed places",
        edited(
            refusal(ONE, TWO),
            lambda made: made["entries"][0].update(
                groups={
                    "count": opened(2, "count"),
                    "person": group_commitment("paper", 2, REFUSAL).hex(),
                    "paper": group_commitment("person", 2, REFUSAL).hex(),
                }
            ),
        ),
        fails("inclusion", 1),
    )
    vectors.add(
        "wrong-index", "another index", reproved(mine, "index 2\n", "index 3\n"), fails("inclusion", 1)
    )
    vectors.add(
        "index-beyond",
        "an index beyond the tree",
        reproved(mine, "index 2\n", f"index {SIZE}\n"),
        fails("inclusion", 1),
    )
    vectors.add(
        "missing-hash", "a hash of the proof is missing", reproved(mine, hashes[1], ""), fails("inclusion", 1)
    )
    vectors.add(
        "added-hash", "a hash too many", reproved(mine, hashes[1], hashes[1] * 2), fails("inclusion", 1)
    )
    vectors.add(
        "hashes-out-of-order",
        "two hashes of the proof changed places",
        reproved(mine, hashes[0] + hashes[1], hashes[1] + hashes[0]),
        fails("inclusion", 1),
    )
    second = edited(
        mine,
        lambda made: made["entries"].append(
            entry(1, proof(2, TREE, checkpoint(ONE, TWO)).replace("index 2", "index 1"))
        ),
    )
    vectors.add(
        "second-entry-bad", "the first entry holds, the second does not", second, fails("inclusion", 2)
    )
    vectors.add(
        "cosignature-tiny",
        "a cosignature of one byte",
        reproved(mine, TWO.sign(text), TWO.line(b"\0")),
        fails("witnesses", 1),
    )
    for name, about, size, hashed, steps in [
        ("size-lie", "a root signed for a larger tree than it has", 2, sha256(b"\0" + ALL[0]), []),
        (
            "size-lie-long",
            "a root signed for a smaller tree than it has",
            1,
            sha256(b"\1" + bytes(32) + sha256(b"\0" + ALL[0])),
            [bytes(32)],
        ),
    ]:
        lie = f"{ORIGIN}\n{size}\n{b64(hashed)}\n"
        lines = "".join(b64(each) + "\n" for each in steps)
        proved = f"c2sp.org/tlog-proof@v1\nindex 0\n{lines}\n{signed(lie, LOG.sign(lie))}"
        vectors.add(name, about, receipt(entry(0, proved)), fails("inclusion", 1))


def unreadable(vectors: Vectors) -> None:
    mine, text = refusal(ONE, TWO), body(TREE)
    plain = json.dumps(mine, ensure_ascii=False, indent=1)

    def put(name: str, about: str, given: dict[str, Any] | str | bytes) -> None:
        vectors.add(name, about, given, fails("reading"))

    def change(name: str, about: str, old: str, new: str) -> None:
        assert old in plain, old
        put(name, about, plain.replace(old, new, 1))

    def groups(name: str, about: str, edit: Callable[[dict[str, Any]], object]) -> None:
        put(name, about, edited(mine, lambda made: edit(made["entries"][0]["groups"])))

    change(
        "duplicate-key",
        "a key that stands twice in an object, with the same value",
        '"quorum": 2,',
        '"quorum": 2, "quorum": 2,',
    )
    change(
        "duplicate-escaped",
        "a key that stands twice, once escaped",
        '"quorum": 2,',
        '"quorum": 2, "\\u0071uorum": 2,',
    )
    change(
        "duplicate-deep",
        "a field with two values",
        '"value": "refusal"',
        '"value": "request", "value": "refusal"',
    )
    change("key-case", "a key in capitals", '"quorum"', '"Quorum"')
    change("unknown-key", "a key that the format does not know", '"quorum": 2,', '"quorum": 2, "note": "",')
    change("quorum-text", "a quorum in quotes", '"quorum": 2,', '"quorum": "2",')
    change("quorum-float", "a quorum with a fraction", '"quorum": 2,', '"quorum": 2.0,')
    change("quorum-exponent", "a quorum with an exponent", '"quorum": 2,', '"quorum": 2e0,')
    change("quorum-negative", "a quorum below nothing", '"quorum": 2,', '"quorum": -0,')
    change("quorum-leading-zero", "a quorum with a leading zero", '"quorum": 2,', '"quorum": 02,')
    change("null", "nothing where a text should be", '"value": "refusal"', '"value": null')
    change("format", "another version of the format", "receipt/v1", "receipt/v2")
    change("for", "a reader whom the format does not know", '"for": "person concerned"', '"for": "everybody"')
    change("surrogate", "half of a surrogate pair", '"value": "refusal"', '"value": "refusal\\ud800"')
    change(
        "surrogate-low",
        "the second half of a surrogate pair, alone",
        '"value": "refusal"',
        '"value": "\\udc00\\ud800"',
    )
    change("trailing-comma", "a comma too many", '"quorum": 2,', '"quorum": 2,,')
    change("bad-escape", "an escape that JSON does not know", '"value": "refusal"', '"value": "\\refusal\\x"')
    put("trailing", "something after the end", plain + "\n{}")
    put("cut", "the end is missing", plain[: len(plain) // 2])
    put("empty", "an empty file", " ")
    put("list", "a list in the place of an object", "[]")
    put("deep", "lists within lists", "[" * 5000)
    put("byte-order-mark", "a byte order mark", "\ufeff" + plain)
    put("utf8", "bytes that are not UTF-8", plain.encode().replace(b"refusal", b"refus\xffal", 1))
    put("control", "a line end inside a text", plain.replace('"refusal"', '"ref\nusal"', 1))
    put("carriage-return", "carriage returns in the proof", plain.replace("index 2\\n", "index 2\\r\\n"))
    put("no-entries", "no entry", edited(mine, lambda made: made.update(entries=[])))
    put(
        "entry-twice",
        "one entry twice",
        edited(mine, lambda made: made["entries"].append(made["entries"][0])),
    )
    groups("group-missing", "a group is missing", lambda given: given.pop("paper"))
    groups("group-unknown", "a group too many", lambda given: given.update(case="00" * 32))
    groups("group-short", "a commitment that is too short", lambda given: given.update(paper="00" * 31))
    groups(
        "group-capitals", "a commitment in capitals", lambda given: given.update(paper=given["paper"].upper())
    )
    groups("field-missing", "a field is missing", lambda given: given["count"].pop(3))
    groups("field-twice", "a field stands twice", lambda given: given["count"].insert(3, given["count"][3]))
    groups("fields-out-of-order", "two fields changed places", lambda given: given["count"].reverse())
    groups("salt-short", "a salt that is too short", lambda given: given["count"][0].update(salt="00" * 31))
    groups(
        "salt-odd", "a salt of an odd number of digits", lambda given: given["count"][0].update(salt="0" * 65)
    )
    groups(
        "field-mixed",
        "a field that is opened and withheld",
        lambda given: given["count"][0].update(commitment="00" * 32),
    )
    groups("value-alone", "a value without its salt", lambda given: given["count"][0].pop("salt"))
    groups(
        "asked-elsewhere",
        "another field than the account is left for the reader to supply",
        lambda given: given["count"][0].pop("value"),
    )

    def proofs(name: str, about: str, old: str, new: str) -> None:
        put(name, about, reproved(mine, old, new))

    first = b64(path(2, TREE)[0])
    proofs("proof-version", "another version of the proof", "proof@v1", "proof@v2")
    proofs("index-zeroes", "an index with a leading zero", "index 2\n", "index 02\n")
    proofs("index-sign", "an index with a sign", "index 2\n", "index +2\n")
    proofs("index-huge", "an index beyond 2^53", "index 2\n", "index 9007199254740993\n")
    proofs("size-zeroes", "a size with a leading zero", f"{ORIGIN}\n{SIZE}\n", f"{ORIGIN}\n0{SIZE}\n")
    proofs("root-short", "a root that is too short", b64(root(TREE)), b64(root(TREE)[:31]))
    proofs("hash-short", "a hash that is too short", first, b64(path(2, TREE)[0][:31]))
    loose = loosened(first)
    assert base64.b64decode(loose) == base64.b64decode(first)
    proofs("base64-loose", "base64 with bits that mean nothing", first, loose)
    signature = LOG.sign(text).rstrip("\n")
    proofs("signature-loose", "a signature in such base64", signature, loosened(signature))
    stranger = Signer("stranger.example.org", ED25519).sign(text).rstrip("\n")
    proofs(
        "signature-loose-unknown",
        "a signature in such base64 by somebody whom the receipt does not name",
        TWO.sign(text),
        TWO.sign(text) + loosened(stranger) + "\n",
    )
    proofs("base64-unpadded", "base64 without its padding", first, first.rstrip("="))
    proofs(
        "base64-url",
        "base64 with the letters of URLs",
        LOG.sign(text).split(" ")[2],
        LOG.sign(text).split(" ")[2].replace("+", "-").replace("/", "_"),
    )
    proofs("base64-space", "base64 with a space after it", first, first + " ")
    proofs("no-last-newline", "a checkpoint without its last newline", TWO.sign(text), TWO.sign(text)[:-1])
    proofs(
        "no-signature",
        "a checkpoint without signatures",
        LOG.sign(text) + ONE.sign(text) + TWO.sign(text),
        "",
    )
    proofs("hyphen", "a hyphen for the dash of a signature line", LOG.sign(text), "-" + LOG.sign(text)[1:])
    proofs(
        "empty-extension",
        "an empty line inside the checkpoint",
        f"{b64(root(TREE))}\n\n",
        f"{b64(root(TREE))}\n\n\n",
    )
    many = "".join(b64(sha256(bytes([each]))) + "\n" for each in range(64))
    proofs("hashes-64", "more hashes than any tree needs", first + "\n", first + "\n" + many)
    crowd = "".join(Signer(f"stranger-{each}.example.org", ED25519).line(bytes(64)) for each in range(100))
    proofs("signatures-103", "more than a hundred signatures", TWO.sign(text), TWO.sign(text) + crowd)
    proofs("no-index", "a proof without an index", "index 2\n", "")
    proofs("index-word", "another word in the place of index", "index 2\n", "place 2\n")
    proofs(
        "signature-empty",
        "a signature line with a number and no signature",
        TWO.sign(text),
        TWO.sign(text) + THREE.line(b""),
    )
    tabbed = body(TREE) + "a tab\there\n"
    put(
        "control-in-checkpoint",
        "a tab in a checkpoint that is rightly signed",
        receipt(entry(2, proof(2, TREE, signed(tabbed, LOG.sign(tabbed))))),
    )
    change("separator", "a colon where a comma should be", '"quorum": 2,', '"quorum": 2:')
    change("key-number", "a number for a key", '"quorum": 2,', '"quorum": 2, 3: "",')
    put("log-number", "a number for a key of the log", edited(mine, lambda given: given.update(log=1)))
    put("witness-number", "a number for a witness", edited(mine, lambda given: given.update(witnesses=[1])))
    put("witnesses-text", "a text for the witnesses", edited(mine, lambda given: given.update(witnesses="")))
    put("entries-object", "an object for the entries", edited(mine, lambda given: given.update(entries={})))
    put("entry-list", "a list for an entry", edited(mine, lambda given: given.update(entries=[[]])))
    put(
        "proof-number",
        "a number for a proof",
        edited(mine, lambda given: given["entries"][0].update(proof=1)),
    )
    groups("group-number", "a number for a group", lambda given: given.update(paper=1))
    groups("field-last-missing", "the last field is missing", lambda given: given["count"].pop())
    groups("field-added", "a field too many", lambda given: given["count"].append(given["count"][0]))
    groups("value-number", "a number for a value", lambda given: given["count"][0].update(value=1))


def made() -> dict[str, bytes]:
    vectors = Vectors()
    for part in (good, views, policies, bad_keys, bad_proofs, unreadable):
        part(vectors)
    names = [line["name"] for line in vectors.listed]
    assert len(names) == len(set(names)), "two vectors of one name"
    leaves = json.dumps(leaf_vectors(), ensure_ascii=True, indent=1) + "\n"
    return {"leaves.json": leaves.encode(), "receipts.json": vectors.text().encode(), **vectors.files}


def main(arguments: Sequence[str]) -> int:
    """Write or compare the files; 1 where one differs or is there without being made here."""
    files = made()
    there = {each.relative_to(HERE).as_posix() for each in HERE.glob("receipts/*")}
    if list(arguments) == ["--check"]:
        other = [
            name
            for name, data in files.items()
            if not (HERE / name).is_file() or (HERE / name).read_bytes() != data
        ]
        other += sorted(there - set(files))
        sys.stderr.write("".join(f"differs: {name}\n" for name in other))
        return 1 if other else 0
    (HERE / "receipts").mkdir(exist_ok=True)
    for name in there - set(files):
        (HERE / name).unlink()
    for name, data in files.items():
        (HERE / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
