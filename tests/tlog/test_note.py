"""A signature holds for one text and one key; a broken note is refused whole."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.tlog import note
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import MOST_BYTES, MOST_SIGNATURES, Algorithm, Key, Note, Signature, Signer, Verified
from habeas.tlog.tree import Unproven

# The example of C2SP signed-note, "Verifier keys".
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
# The example of tlog-cosignature. Its keys are not given; the moment below stands in its text.
COSIGNED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()

AT = 1_700_000_000
TEXT = Checkpoint(origin="log.example.org", size=7, root=bytes(range(32))).text


def signer(name: str, algorithm: Algorithm = Algorithm.ED25519, seed: int = 1) -> Signer:
    return Signer.from_seed(name, bytes([seed]) * 32, algorithm)


LOG = signer("log.example.org")
WITNESS = signer("w1.example.org", Algorithm.COSIGNATURE, 2)
QUANTUM = signer("w2.example.org", Algorithm.MLDSA44, 3)
COSIGNERS = [WITNESS, QUANTUM]
EVERY = [LOG, *COSIGNERS]


def signature(by: Signer, text: str = TEXT, at: int = AT) -> Signature:
    return by.sign(text, None if by is LOG else at)


def signed(*by: Signer, text: str = TEXT) -> Note:
    return Note(text=text, signatures=tuple(signature(each, text) for each in by))


# ---- what others signed ------------------------------------------------------------------------------------


def test_the_example_of_the_format_is_verified() -> None:
    key = Key.parse(EXAMPLE_KEY)
    assert str(key) == EXAMPLE_KEY
    found = Note.parse(EXAMPLE)
    assert found.text == "This is an example message.\n"
    assert found.verified([key]) == (Verified(key=key),)
    assert found.encoded() == EXAMPLE


def test_the_example_of_the_format_with_another_word_is_refused() -> None:
    with pytest.raises(Unproven, match="a signature does not hold"):
        Note.parse(EXAMPLE.replace(b"message", b"massage")).verified([Key.parse(EXAMPLE_KEY)])


def test_the_cosigned_example_is_read_with_its_moment() -> None:
    found = Note.parse(COSIGNED)
    assert found.encoded() == COSIGNED
    log, witness = found.signatures
    assert (log.id.hex(), len(log.signature)) == ("033de0ae", 64)
    assert (witness.id.hex(), len(witness.signature)) == ("8d66cf3f", 72)
    assert int.from_bytes(witness.signature[:8], "big") == 1679315147


# ---- keys --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", EVERY, ids=lambda by: by.key.algorithm.name)
def test_a_key_is_read_as_it_is_written(by: Signer) -> None:
    assert Key.parse(str(by.key)) == by.key
    material = by.key.name.encode() + b"\n" + bytes([by.key.algorithm]) + by.key.public
    assert by.key.id == hashlib.sha256(material).digest()[:4]


def test_the_same_seed_under_another_name_or_kind_has_another_id() -> None:
    ids = {
        signer(name, kind).key.id
        for name in ("a", "b")
        for kind in (Algorithm.ED25519, Algorithm.COSIGNATURE)
    }
    assert len(ids) == 4


def vkey(material: bytes, name: str = "a") -> str:
    id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    return f"{name}+{id.hex()}+{base64.b64encode(material).decode()}"


GOOD = str(LOG.key)
NO_KEY = "this is no verifier key"
NO_BASE64 = "the key is not in base64"
NOT_UNDERSTOOD = "a key of this kind is not understood"
WRONG_LENGTH = "the key has another length than its kind"
WRONG_ID = "the id is not that of the key"
NO_NAME = "this is no name of a key"

PRIME = 2**255 - 19  # of Ed25519 (RFC 8032, 5.1)
EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7  # y of two points of order eight
ANYBODY = "anybody could sign with this key"
OTHER_SPELLING = "the key is not written as RFC 8032 has it"


@pytest.mark.parametrize("algorithm", [Algorithm.ED25519, Algorithm.COSIGNATURE])
@pytest.mark.parametrize("sign", [0, 2**255])
@pytest.mark.parametrize(
    ("y", "sentence"),
    [
        (0, ANYBODY),
        (1, ANYBODY),
        (PRIME - 1, ANYBODY),
        (EIGHTH, ANYBODY),
        (PRIME - EIGHTH, ANYBODY),
        (PRIME, OTHER_SPELLING),
        (PRIME + 1, OTHER_SPELLING),
        (2**255 - 1, OTHER_SPELLING),
    ],
)
def test_a_key_that_anybody_has_or_that_is_spelt_twice_is_none(
    algorithm: Algorithm, sign: int, y: int, sentence: str
) -> None:
    with pytest.raises(Unproven) as caught:
        Key(name="a", algorithm=algorithm, public=(y + sign).to_bytes(32, "little"))
    assert caught.value.sentence == sentence


BROKEN_KEYS = {
    "nothing": ("", NO_KEY),
    "a name alone": ("log.example.org", NO_KEY),
    "no material": ("log.example.org+00000000+", NO_BASE64),
    "no base64": ("log.example.org+00000000+AB*D", NO_BASE64),
    "line break after": (GOOD + "\n", NO_BASE64),
    "space after": (GOOD + " ", NO_BASE64),
    "another id": (GOOD.replace(LOG.key.id.hex(), "00000000"), WRONG_ID),
    "upper case id": (GOOD.replace(LOG.key.id.hex(), LOG.key.id.hex().upper()), WRONG_ID),
    "another name": (GOOD.replace("log.", "lag."), WRONG_ID),
    "empty name": (vkey(b"\x01" + bytes(32), ""), NO_NAME),
    "space in the name": (vkey(b"\x01" + bytes(32), "a b"), NO_NAME),
    "no-break space in the name": (vkey(b"\x01" + bytes(32), "a\u00a0b"), NO_NAME),
    "line separator in the name": (vkey(b"\x01" + bytes(32), "a\u2028b"), NO_NAME),
    "control character in the name": (vkey(b"\x01" + bytes(32), "a\x07b"), NO_NAME),
    "ECDSA": (vkey(b"\x02" + bytes(91)), NOT_UNDERSTOOD),
    "RFC 6962 tree head": (vkey(b"\x05" + bytes(32)), NOT_UNDERSTOOD),
    "a kind nobody assigned": (vkey(b"\xff" + bytes(32)), NOT_UNDERSTOOD),
    "too short": (vkey(b"\x01" + bytes(31)), WRONG_LENGTH),
    "too long": (vkey(b"\x04" + bytes(33)), WRONG_LENGTH),
    "Ed25519 as ML-DSA": (vkey(b"\x06" + bytes(32)), WRONG_LENGTH),
}


@pytest.mark.parametrize("what", BROKEN_KEYS)
def test_a_broken_key_is_refused_with_its_reason(what: str) -> None:
    text, sentence = BROKEN_KEYS[what]
    with pytest.raises(Unproven) as caught:
        Key.parse(text)
    assert caught.value.sentence == sentence


def test_a_name_that_no_file_could_hold_makes_no_key() -> None:
    with pytest.raises(Unproven, match="UTF-8"):
        signer("a\ud800")


def test_a_signer_does_not_show_its_seed() -> None:
    by = Signer.from_seed("a.example.org", bytes(range(32)), Algorithm.ED25519)
    assert repr(by) == f"Signer({by.key})"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Signer.from_seed("a", bytes(length), Algorithm.ED25519)


# ---- signing and verifying ---------------------------------------------------------------------------------


@pytest.mark.parametrize("by", EVERY, ids=lambda by: by.key.algorithm.name)
def test_what_is_signed_holds_after_a_journey(by: Signer) -> None:
    made = signed(by)
    assert Note.parse(made.encoded()) == made
    assert made.verified([by.key]) == (Verified(key=by.key, at=None if by is LOG else AT),)


@pytest.mark.parametrize("by", EVERY, ids=lambda by: by.key.algorithm.name)
@settings(max_examples=40)
@given(data=st.data())
def test_a_flipped_bit_of_a_signature_never_holds(by: Signer, data: st.DataObject) -> None:
    good = signature(by)
    bit = data.draw(st.integers(0, 8 * len(good.signature) - 1))
    changed = bytearray(good.signature)
    changed[bit // 8] ^= 1 << bit % 8
    bad = Note(text=TEXT, signatures=(Signature(name=good.name, id=good.id, signature=bytes(changed)),))
    with pytest.raises(Unproven):
        bad.verified([by.key])


@pytest.mark.parametrize("by", EVERY, ids=lambda by: by.key.algorithm.name)
@pytest.mark.parametrize("change", [("7\n", "8\n"), ("log.", "lag."), ("AAEC", "AAED")])
def test_a_signature_of_another_text_never_holds(by: Signer, change: tuple[str, str]) -> None:
    other = TEXT.replace(*change)
    assert other != TEXT
    with pytest.raises(Unproven, match="a signature does not hold"):
        Note(text=other, signatures=(signature(by),)).verified([by.key])


@pytest.mark.parametrize("by", EVERY, ids=lambda by: by.key.algorithm.name)
@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s + b"\x00", lambda s: s[:1], lambda s: s[8:]]
)
def test_a_signature_of_another_length_never_holds(by: Signer, change: object) -> None:
    good = signature(by)
    assert callable(change)
    cut = Signature(name=good.name, id=good.id, signature=change(good.signature))
    with pytest.raises(Unproven, match="a signature does not hold"):
        Note(text=TEXT, signatures=(cut,)).verified([by.key])


def test_each_kind_signs_what_the_format_says() -> None:
    """Checked against the primitives, so that reader and writer are not wrong together."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    root = Checkpoint.parse(TEXT).root
    Ed25519PublicKey.from_public_bytes(LOG.key.public).verify(signature(LOG).signature, TEXT.encode())
    stamped = signature(WITNESS).signature
    assert stamped[:8] == AT.to_bytes(8, "big")
    Ed25519PublicKey.from_public_bytes(WITNESS.key.public).verify(
        stamped[8:], b"cosignature/v1\ntime 1700000000\n" + TEXT.encode()
    )
    stamped = signature(QUANTUM).signature
    assert stamped[:8] == AT.to_bytes(8, "big")
    message = b"subtree/v1\n\0" + b"\x0ew2.example.org" + AT.to_bytes(8, "big") + b"\x0flog.example.org"
    message += bytes(8) + (7).to_bytes(8, "big") + root
    MLDSA44PublicKey.from_public_bytes(QUANTUM.key.public).verify(stamped[8:], message)


def test_a_signature_of_one_kind_is_none_of_another() -> None:
    plain = signer("same.example.org", Algorithm.ED25519)
    cosigner = signer("same.example.org", Algorithm.COSIGNATURE)
    forged = Signature(
        name=cosigner.key.name,
        id=cosigner.key.id,
        signature=AT.to_bytes(8, "big") + plain.sign(TEXT).signature,
    )
    with pytest.raises(Unproven, match="a signature does not hold"):
        Note(text=TEXT, signatures=(forged,)).verified([cosigner.key])


@pytest.mark.parametrize("by", COSIGNERS, ids=lambda by: by.key.algorithm.name)
def test_another_moment_never_holds(by: Signer) -> None:
    good = signature(by)
    later = Signature(name=good.name, id=good.id, signature=(AT + 1).to_bytes(8, "big") + good.signature[8:])
    with pytest.raises(Unproven, match="a signature does not hold"):
        Note(text=TEXT, signatures=(later,)).verified([by.key])


@pytest.mark.parametrize("at", [0, 2**63, 2**64 - 1])
@pytest.mark.parametrize("by", COSIGNERS, ids=lambda by: by.key.algorithm.name)
def test_a_moment_that_cannot_be_is_refused(by: Signer, at: int) -> None:
    good = signature(by)
    stamped = Signature(name=good.name, id=good.id, signature=at.to_bytes(8, "big") + good.signature[8:])
    with pytest.raises(Unproven):
        Note(text=TEXT, signatures=(stamped,)).verified([by.key])


def test_an_ml_dsa_cosignature_may_leave_its_moment_out_and_then_has_none() -> None:
    made = Note(text=TEXT, signatures=(QUANTUM.sign(TEXT, 0),))
    assert made.verified([QUANTUM.key]) == (Verified(key=QUANTUM.key, at=None),)


@pytest.mark.parametrize("by", EVERY, ids=lambda by: by.key.algorithm.name)
@pytest.mark.parametrize("at", [None, 0, -1, AT, 2**63])
def test_a_moment_is_given_where_it_is_signed_and_nowhere_else(by: Signer, at: int | None) -> None:
    fits = at is None if by is LOG else at == AT or (at == 0 and by is QUANTUM)
    if fits:
        by.sign(TEXT, at)
    else:
        with pytest.raises(ValueError, match="moment"):
            by.sign(TEXT, at)


@pytest.mark.parametrize("by", COSIGNERS, ids=lambda by: by.key.algorithm.name)
def test_only_a_checkpoint_is_cosigned(by: Signer) -> None:
    with pytest.raises(Unproven, match="no checkpoint"):
        by.sign("some text\n", AT)
    with pytest.raises(Unproven, match="no checkpoint"):
        Note(text="some text\n", signatures=(signature(by),)).verified([by.key])


def test_extension_lines_are_cosigned_with_ed25519_and_refused_with_ml_dsa() -> None:
    text = TEXT + "an extension\n"
    assert signed(WITNESS, text=text).verified([WITNESS.key])
    with pytest.raises(Unproven, match="does not cover extension lines"):
        QUANTUM.sign(text, AT)
    with pytest.raises(Unproven, match="does not cover extension lines"):
        Note(text=text, signatures=(signature(QUANTUM),)).verified([QUANTUM.key])


def test_a_name_too_long_for_ml_dsa_is_refused() -> None:
    text = TEXT.replace("log.example.org", "l" * 256)
    with pytest.raises(Unproven, match="too long to be cosigned"):
        QUANTUM.sign(text, AT)
    QUANTUM.sign(TEXT.replace("log.example.org", "l" * 255), AT)
    with pytest.raises(Unproven, match="too long to be cosigned"):
        signer("w" * 256, Algorithm.MLDSA44).sign(TEXT, AT)


@pytest.mark.parametrize("text", ["", "no line break", "a\tb\n", "a\r\n", "a\x00\n", "a\ud800\n"])
def test_what_is_no_text_of_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(Unproven):
        LOG.sign(text)
    with pytest.raises(Unproven):
        Note(text=text, signatures=(signature(LOG),))


def test_without_ml_dsa_in_the_library_only_ml_dsa_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    made = signed(*EVERY)
    monkeypatch.setattr(note, "MLDSA44PublicKey", None)
    monkeypatch.setattr(note, "MLDSA44PrivateKey", None)
    assert Key.parse(str(QUANTUM.key)) == QUANTUM.key
    assert len(made.verified([LOG.key, WITNESS.key])) == 2
    with pytest.raises(Unproven, match="cannot check ML-DSA"):
        made.verified([QUANTUM.key])
    with pytest.raises(Refused, match="cannot sign with ML-DSA"):
        signer("a", Algorithm.MLDSA44)


def test_a_library_that_was_built_without_ml_dsa_says_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Without:
        @staticmethod
        def from_seed_bytes(data: bytes) -> None:
            raise UnsupportedAlgorithm("not built in")

        from_public_bytes = from_seed_bytes

    made = signed(QUANTUM)
    monkeypatch.setattr(note, "MLDSA44PublicKey", Without)
    monkeypatch.setattr(note, "MLDSA44PrivateKey", Without)
    with pytest.raises(Unproven, match="cannot check ML-DSA"):
        made.verified([QUANTUM.key])
    with pytest.raises(Refused, match="cannot sign with ML-DSA"):
        signer("a", Algorithm.MLDSA44)


# ---- whose signatures count --------------------------------------------------------------------------------


def test_signatures_by_others_are_passed_over() -> None:
    made = signed(*EVERY)
    assert [each.key for each in made.verified([WITNESS.key])] == [WITNESS.key]
    assert made.verified([signer("other.example.org").key]) == ()
    assert made.verified([]) == ()


def test_a_bad_signature_of_a_known_key_refuses_the_whole_note() -> None:
    bad = Signature(name=WITNESS.key.name, id=WITNESS.key.id, signature=bytes(72))
    for order in ((signature(LOG), bad), (bad, signature(LOG))):
        made = Note(text=TEXT, signatures=order)
        assert len(made.verified([LOG.key])) == 1  # somebody unknown may say anything
        with pytest.raises(Unproven) as caught:
            made.verified([LOG.key, WITNESS.key])
        assert caught.value.place == WITNESS.key.name


def test_a_bad_signature_beside_a_good_one_of_the_same_key_refuses_the_note() -> None:
    bad = Signature(name=LOG.key.name, id=LOG.key.id, signature=bytes(64))
    for order in ((signature(LOG), bad), (bad, signature(LOG))):
        with pytest.raises(Unproven, match="a signature does not hold"):
            Note(text=TEXT, signatures=order).verified([LOG.key])


def test_a_shared_name_or_id_alone_is_nobody_known() -> None:
    good = signature(LOG)
    for other in (
        Signature(name=good.name, id=bytes(4), signature=bytes(64)),
        Signature(name="other.example.org", id=good.id, signature=bytes(64)),
    ):
        assert len(Note(text=TEXT, signatures=(other, good)).verified([LOG.key])) == 1


@pytest.mark.parametrize("order", [(AT, AT + 9), (AT + 9, AT)])
def test_who_cosigned_twice_counts_once_with_the_newest_moment(order: tuple[int, int]) -> None:
    made = Note(text=TEXT, signatures=tuple(WITNESS.sign(TEXT, at) for at in order))
    assert made.verified([WITNESS.key]) == (Verified(key=WITNESS.key, at=AT + 9),)


def test_two_keys_that_cannot_be_told_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = signer("same.example.org", seed=1).key, signer("same.example.org", seed=2).key
    assert signed(LOG).verified([one, one]) == ()
    monkeypatch.setattr(Key, "id", property(lambda key: b"same"))
    with pytest.raises(Unproven, match="the same name and id"):
        signed(LOG).verified([one, two])


def test_one_more_signature_is_put_below_and_the_same_one_only_once() -> None:
    made = signed(LOG).signed(signature(WITNESS))
    assert made == signed(LOG, WITNESS)
    assert made.signed(signature(WITNESS)) == made


# ---- notes as bytes ----------------------------------------------------------------------------------------


names = st.text(st.sampled_from("abc.é/-—漢"), min_size=1, max_size=12)
texts = st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]))).map(
    lambda lines: "".join(f"{line}\n" for line in [*lines, "end"])
)
signatures = st.builds(
    Signature, name=names, id=st.binary(min_size=4, max_size=4), signature=st.binary(min_size=1, max_size=90)
)


@given(texts, st.lists(signatures, min_size=1, max_size=5))
def test_what_is_written_is_read_again(text: str, by: list[Signature]) -> None:
    made = Note(text=text, signatures=tuple(by))
    assert Note.parse(made.encoded()) == made
    for each in by:
        assert Signature.parse(each.line.removesuffix("\n")) == each


@given(st.data())
def test_bytes_that_are_read_are_written_the_same(data: st.DataObject) -> None:
    whole = bytearray(signed(LOG, WITNESS).encoded())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    try:
        found = Note.parse(bytes(whole))
    except Unproven:
        return
    assert found.encoded() == whole


def test_the_text_ends_at_the_last_empty_line() -> None:
    made = Note.parse(b"one\n\n\xe2\x80\x94 a AAAAAAA=\n\ntwo\n\n" + signature(LOG).line.encode())
    assert made.text == "one\n\n— a AAAAAAA=\n\ntwo\n"
    assert len(made.signatures) == 1


def test_sixteen_signatures_of_the_largest_kind_and_all_that_are_allowed_fit() -> None:
    large = Signature(name="a" * 200, id=bytes(4), signature=bytes(4999))
    assert len(Note.parse(Note(text=TEXT, signatures=(large,) * 16).encoded()).signatures) == 16
    full = Note(text=TEXT, signatures=(large,) * MOST_SIGNATURES).encoded()
    assert len(Note.parse(full).signatures) == MOST_SIGNATURES


LINE = signature(LOG).line
NO_NOTE = "this is no signed note"
NO_LINE = "this is no line of a signature"
NOT_64 = "the signature is not in base64"
CONTROLS = "a signed note holds no control characters"

BROKEN: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", NO_NOTE),
    "text alone": ("text\n", NO_NOTE),
    "no signature": ("text\n\n", NO_NOTE),
    "no empty line": (f"text\n{LINE}", NO_NOTE),
    "signature alone": (LINE, NO_NOTE),
    "no line break at the end": (f"text\n\n{LINE}"[:-1], NO_NOTE),
    "an empty line at the end": (f"text\n\n{LINE}\n", NO_NOTE),
    "hyphen": (f"text\n\n{LINE.replace('—', '-')}", NO_LINE),
    "two hyphens": (f"text\n\n{LINE.replace('—', '--')}", NO_LINE),
    "no space after the dash": (f"text\n\n{LINE.replace('— ', '—')}", NO_LINE),
    "two spaces": (f"text\n\n{LINE.replace('— ', '—  ')}", NO_LINE),
    "space at the end": (f"text\n\n{LINE[:-1]} \n", NO_LINE),
    "no signature in the line": ("text\n\n— log.example.org\n", NO_LINE),
    "no name in the line": (f"text\n\n— {LINE.split(' ')[2]}", NO_LINE),
    "plus in the name": (f"text\n\n{LINE.replace('log.', 'log+')}", NO_LINE),
    "no-break space in the name": (f"text\n\n{LINE.replace('log.', 'log' + chr(0xA0))}", NO_LINE),
    "other words between signatures": (f"text\n\n{LINE}words\n{LINE}", NO_LINE),
    "the alphabet of addresses": (f"text\n\n{LINE.replace('/', '_').replace('+', '-')[:-5]}__==\n", NO_LINE),
    "no padding": ("text\n\n— a AAAAAAA\n", NOT_64),
    "spare bits": ("text\n\n— a AAAAAAB=\n", NOT_64),
    "too much padding": ("text\n\n— a AAAAAAAA==\n", NOT_64),
    "an id and nothing": ("text\n\n— a AAAAAA==\n", "a signature is too short"),
    "less than an id": ("text\n\n— a AAAA\n", "a signature is too short"),
    "tab": (f"te\txt\n\n{LINE}", CONTROLS),
    "carriage return": (f"text\r\n\n{LINE}", CONTROLS),
    "null": (f"text\x00\n\n{LINE}", CONTROLS),
    "escape below": (f"text\n\n{LINE[:-1]}\x1b\n", CONTROLS),
    "latin-1": (
        f"tëxt\n\n{LINE}".encode().replace("ë".encode(), b"\xeb"),
        f"{NO_NOTE}: it is not UTF-8",
    ),
    "a half of a pair": (b"te\xed\xa0\x80xt\n\n" + LINE.encode(), f"{NO_NOTE}: it is not UTF-8"),
    "too many": ("text\n\n" + LINE * (MOST_SIGNATURES + 1), f"a note has 1 to {MOST_SIGNATURES} signatures"),
    "too long": ("text\n" * MOST_BYTES + "\n" + LINE, "this is too long for a signed note"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_note_is_refused_with_its_reason(what: str) -> None:
    whole, sentence = BROKEN[what]
    with pytest.raises(Unproven) as caught:
        Note.parse(whole if isinstance(whole, bytes) else whole.encode())
    assert caught.value.sentence == sentence


def test_the_neighbour_of_the_broken_notes_is_read() -> None:
    assert Note.parse(f"text\n\n{LINE}".encode()).signatures == (signature(LOG),)
    assert Note.parse("text\n\n— a AAAAAAA=\n".encode()).signatures[0].signature == b"\x00"


def test_a_note_without_signatures_or_with_too_many_is_not_made() -> None:
    for count in (0, MOST_SIGNATURES + 1):
        with pytest.raises(Unproven, match="1 to 64 signatures"):
            Note(text="text\n", signatures=(signature(LOG),) * count)


def test_a_note_that_would_be_too_long_to_read_is_not_made() -> None:
    with pytest.raises(Unproven, match="too long for a signed note"):
        Note(text="a" * MOST_BYTES + "\n", signatures=(signature(LOG),))


@pytest.mark.parametrize("changed", [{"name": "a b"}, {"name": ""}, {"id": b"abc"}, {"signature": b""}])
def test_a_signature_that_nobody_could_read_is_not_made(changed: dict[str, object]) -> None:
    good: dict[str, object] = {"name": "a", "id": b"abcd", "signature": b"s"}
    Signature(**good)  # type: ignore[arg-type]
    with pytest.raises(Unproven):
        Signature(**good | changed)  # type: ignore[arg-type]
