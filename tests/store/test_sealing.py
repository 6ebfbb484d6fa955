from __future__ import annotations

import hashlib
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.store.sealing import (
    PIECE,
    Broken,
    Pieces,
    blob_name,
    link,
    normal,
    opened,
    packed,
    seal,
    token,
    unseal,
)

KEY = b"k" * 32
PARTS = st.lists(st.one_of(st.text(max_size=5), st.binary(max_size=5)), max_size=4)


def _bytes(parts: list[str | bytes]) -> list[bytes]:
    return [part.encode() if isinstance(part, str) else part for part in parts]


@given(PARTS, PARTS)
def test_two_lists_of_parts_never_give_the_same_bytes(
    one: list[str | bytes], other: list[str | bytes]
) -> None:
    assert (packed(*one) == packed(*other)) == (_bytes(one) == _bytes(other))


@given(st.binary(max_size=2000), st.binary(max_size=20))
def test_what_was_sealed_opens_again(plain: bytes, context: bytes) -> None:
    assert unseal(KEY, seal(KEY, plain, context, os.urandom), context, "here") == plain


@given(st.binary(max_size=50), st.data())
def test_a_changed_bit_never_opens(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, plain, b"here", os.urandom))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Broken):
        unseal(KEY, bytes(sealed), b"here", "case 1")


@given(st.binary(max_size=50), st.integers(0, 28))
def test_a_shortened_seal_never_opens(plain: bytes, length: int) -> None:
    with pytest.raises(Broken):
        unseal(KEY, seal(KEY, plain, b"here", os.urandom)[:length], b"here", "case 1")


def test_another_key_or_another_place_never_opens() -> None:
    sealed = seal(KEY, b"plain", b"here", os.urandom)
    for key, context in ((b"o" * 32, b"here"), (KEY, b"there")):
        with pytest.raises(Broken) as broken:
            unseal(key, sealed, context, "case 1")
        assert broken.value.place == "case 1"


def test_long_contents_become_small() -> None:
    assert len(seal(KEY, b"the accused " * 1000, b"", os.urandom)) < 200


# ---- files ----


def _sealed(*parts: bytes, name: bytes = b"name", context: bytes = b"case") -> bytes:
    pieces = Pieces(KEY, context, os.urandom)
    return pieces.head + b"".join(pieces.add(each) for each in parts) + pieces.end(name)


def _opened(sealed: bytes, *, key: bytes = KEY, name: bytes = b"name", context: bytes = b"case") -> bytes:
    return b"".join(opened(io.BytesIO(sealed), key, context, name, "case 1"))


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_a_file_opens_as_it_came_however_it_was_cut(parts: list[bytes]) -> None:
    assert _opened(_sealed(*parts)) == b"".join(parts)


@pytest.mark.parametrize("length", [PIECE - 20_000, PIECE, 3 * PIECE + 1])
def test_a_long_file_of_chance_and_one_of_nothing_open_as_they_came(length: int) -> None:
    for plain in (os.urandom(length), bytes(length)):
        assert _opened(_sealed(plain)) == plain
        assert (
            _opened(_sealed(*(plain[start : start + 99_991] for start in range(0, length, 99_991)))) == plain
        )


def test_a_file_of_one_repeated_letter_is_small_and_comes_back_a_piece_at_a_time() -> None:
    sealed = _sealed(bytes(40 * PIECE))
    assert len(sealed) < PIECE
    assert max(map(len, opened(io.BytesIO(sealed), KEY, b"case", b"name", "here"))) <= PIECE


@given(st.data())
def test_a_changed_bit_of_a_file_never_opens(data: st.DataObject) -> None:
    sealed = bytearray(_LONG)
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Broken):
        _opened(bytes(sealed))


_LONG = _sealed(bytes(range(256)) * 9, os.urandom(2 * PIECE))
_HEAD, _PIECE = 17, PIECE + 16


@pytest.mark.parametrize(
    "harmed",
    [
        _LONG[:-1],
        _LONG[:_HEAD],
        _LONG[: _HEAD + _PIECE],
        _LONG[: _HEAD + 2 * _PIECE],
        _LONG[:_HEAD] + _LONG[_HEAD + _PIECE :],
        _LONG[:_HEAD] + _LONG[_HEAD + _PIECE : _HEAD + 2 * _PIECE] + _LONG[_HEAD : _HEAD + _PIECE],
        _LONG + _LONG[_HEAD : _HEAD + _PIECE],
        _LONG + b"x",
        b"",
        b"\x01" + _LONG[1:],
    ],
    ids="cut headless one-piece two-pieces first-gone swapped repeated longer empty other-form".split(),
)
def test_pieces_that_are_missing_moved_or_added_never_open(harmed: bytes) -> None:
    with pytest.raises(Broken):
        _opened(harmed)


def test_a_file_opens_under_its_own_key_case_and_name_only() -> None:
    sealed = _sealed(b"an order")
    for other in ({"key": b"o" * 32}, {"context": b"another case"}, {"name": b"another"}):
        with pytest.raises(Broken):
            _opened(sealed, **other)
    assert _sealed(b"an order") != sealed


def test_a_link_is_what_the_decision_record_says() -> None:
    """Written out by hand, so that anybody can check a chain with a few lines."""

    def part(data: bytes) -> bytes:
        return len(data).to_bytes(8, "big") + data

    expected = hashlib.sha256(
        part(b"habeas case chain v1")
        + part(b"provider")
        + part(b"2026-000001")
        + part((1).to_bytes(8, "big"))
        + part((1_795_000_000_000_000).to_bytes(8, "big"))
        + part(b"p-7")
        + part(b"noted")
        + part(b"d" * 32)
        + part(bytes(32))
    ).digest()
    assert link("provider", "2026-000001", 1, 1_795_000_000_000_000, "p-7", "noted", b"d" * 32) == expected


@given(st.integers(0, 7))
def test_every_part_of_a_link_counts(changed: int) -> None:
    parts = ["o", "s", 1, 2, "b", "k", b"d" * 32, b"c" * 32]
    base = link(*parts)  # type: ignore[arg-type]
    other = parts[changed]
    parts[changed] = other + 1 if isinstance(other, int) else other[:-1] + type(other)(other)[:0]  # type: ignore
    assert link(*parts) != base  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [("@Account", " @account\n"), ("STRASSE", "straße"), ("ﬁle", "FILE"), ("@ａ", "@a"), ("İ", "i̇")],
)
def test_spellings_of_one_identifier_are_one(one: str, other: str) -> None:
    assert normal(one) == normal(other)
    assert token(KEY, one) == token(KEY, other)


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_different_identifiers_and_keys_have_different_tokens_and_names() -> None:
    assert len({token(KEY, "a"), token(KEY, "b"), token(b"o" * 32, "a")}) == 3
    assert len({blob_name(KEY, "a"), blob_name(KEY, "b"), blob_name(b"o" * 32, "a")}) == 3
