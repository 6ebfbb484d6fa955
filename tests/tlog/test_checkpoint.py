"""There is one way to write a checkpoint."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.tlog.checkpoint import Checkpoint, decoded64
from habeas.tlog.tree import EMPTY_ROOT, HASH, Unproven

# The example of C2SP tlog-checkpoint.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = base64.b64encode(bytes(range(HASH))).decode()
EMPTY = base64.b64encode(EMPTY_ROOT).decode()

lines = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(32)))), min_size=1
)
checkpoints = st.builds(
    Checkpoint,
    origin=lines,
    size=st.integers(1, 2**63 - 1),
    root=st.binary(min_size=HASH, max_size=HASH),
    extensions=st.lists(lines, max_size=3).map(tuple),
)


def test_the_example_of_the_format_is_read() -> None:
    found = Checkpoint.parse(EXAMPLE)
    assert (found.origin, found.size, found.extensions) == ("example.com/behind-the-sofa", 20852163, ())
    assert found.root.hex().startswith("0ac5186a91863e8e")
    assert found.text == EXAMPLE


@given(checkpoints)
def test_what_is_written_is_read_again(checkpoint: Checkpoint) -> None:
    assert Checkpoint.parse(checkpoint.text) == checkpoint


@given(
    st.text(st.sampled_from("a0 19\n+/=AEI\t"), max_size=70) | st.sampled_from([EXAMPLE[:-1], EXAMPLE * 2])
)
def test_a_text_that_is_read_is_written_the_same(text: str) -> None:
    try:
        found = Checkpoint.parse(text)
    except Unproven:
        return
    assert found.text == text


def test_the_empty_tree_and_the_largest_one_have_checkpoints() -> None:
    assert Checkpoint.parse(f"a\n0\n{EMPTY}\n").size == 0
    assert Checkpoint.parse(f"a\n9223372036854775807\n{ROOT}\n").size == 2**63 - 1


def test_an_origin_may_be_no_address_and_extensions_are_kept() -> None:
    text = f"an origin, with + and spaces\n7\n{ROOT}\nfirst\nsecond line\n"
    found = Checkpoint.parse(text)
    assert found.origin == "an origin, with + and spaces"
    assert found.extensions == ("first", "second line")


NO_CHECKPOINT = "this is no checkpoint"
BAD_SIZE = "a checkpoint's size is a number without leading zeroes"
TOO_LARGE = "a checkpoint's size is from 0 to 2^63 - 1"
BAD_ROOT = "a checkpoint's root is 32 bytes in base64"
BAD_LINE = "a line of a checkpoint is empty or holds a control character"

BROKEN = {
    "nothing": ("", NO_CHECKPOINT),
    "no root": ("a\n7\n", NO_CHECKPOINT),
    "no last line break": (f"a\n7\n{ROOT}", NO_CHECKPOINT),
    "no origin": (f"\n7\n{ROOT}\n", NO_CHECKPOINT),
    "empty extension": (f"a\n7\n{ROOT}\n\n", NO_CHECKPOINT),
    "empty line before an extension": (f"a\n7\n{ROOT}\n\nb\n", NO_CHECKPOINT),
    "leading zero": (f"a\n07\n{ROOT}\n", BAD_SIZE),
    "two zeroes": (f"a\n00\n{EMPTY}\n", BAD_SIZE),
    "signed": (f"a\n+7\n{ROOT}\n", BAD_SIZE),
    "negative": (f"a\n-7\n{ROOT}\n", BAD_SIZE),
    "hexadecimal": (f"a\n0x7\n{ROOT}\n", BAD_SIZE),
    "underscore": (f"a\n1_0\n{ROOT}\n", BAD_SIZE),
    "space after the size": (f"a\n7 \n{ROOT}\n", BAD_SIZE),
    "digits of another script": (f"a\n٧\n{ROOT}\n", BAD_SIZE),
    "2^63": (f"a\n9223372036854775808\n{ROOT}\n", TOO_LARGE),
    "twenty digits": (f"a\n10000000000000000000\n{ROOT}\n", BAD_SIZE),
    "root too short": (f"a\n7\n{base64.b64encode(bytes(31)).decode()}\n", BAD_ROOT),
    "root too long": (f"a\n7\n{base64.b64encode(bytes(33)).decode()}\n", BAD_ROOT),
    "root without padding": (f"a\n7\n{ROOT[:-1]}\n", BAD_ROOT),
    "root with spare bits": (f"a\n7\n{ROOT[:-2]}9=\n", BAD_ROOT),
    "root in the alphabet of addresses": (f"a\n7\n{'_' * 42}8=\n", BAD_ROOT),
    "root with a space": (f"a\n7\n{ROOT} \n", BAD_ROOT),
    "root in hex": (f"a\n7\n{'00' * 32}\n", BAD_ROOT),
    "root beyond ASCII": (f"a\n7\n{'é' * 44}\n", BAD_ROOT),
    "another root of nothing": (f"a\n0\n{ROOT}\n", "an empty tree has another root"),
    "tab in the origin": (f"a\tb\n7\n{ROOT}\n", BAD_LINE),
    "carriage return": (f"a\r\n7\n{ROOT}\n", BAD_LINE),
    "control character in an extension": (f"a\n7\n{ROOT}\nb\x00\n", BAD_LINE),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_checkpoint_is_refused_with_its_reason(what: str) -> None:
    text, sentence = BROKEN[what]
    with pytest.raises(Unproven) as caught:
        Checkpoint.parse(text)
    assert caught.value.sentence == sentence


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": ""},
        {"origin": "two\nlines"},
        {"origin": "half a character \ud800"},
        {"size": -1},
        {"size": 2**63},
        {"root": bytes(31)},
        {"extensions": ("",)},
        {"extensions": ("two\nlines",)},
    ],
)
def test_a_checkpoint_that_nobody_could_read_is_not_made(changed: dict[str, object]) -> None:
    good: dict[str, object] = {"origin": "a", "size": 7, "root": bytes(HASH)}
    Checkpoint(**good)  # type: ignore[arg-type]
    with pytest.raises(Unproven):
        Checkpoint(**good | changed)  # type: ignore[arg-type]


@given(st.binary(max_size=50))
def test_base64_is_read_in_its_one_form(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert decoded64(text) == data
    assert decoded64(text + "\n") is None
    assert decoded64(text + "=") is None
    assert decoded64(" " + text) is None
