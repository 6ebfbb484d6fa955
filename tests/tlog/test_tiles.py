"""Tiles hold the tree, whatever the steps in which it grew; a tile that is not of the tree is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.tlog import tiles
from habeas.tlog.tiles import Tree, bundle, entries_path, grown, tile_path, unbundle
from habeas.tlog.tree import (
    EMPTY_ROOT,
    HASH,
    Unproven,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    root_of,
)

ENTRIES = [f"entry {number}".encode() for number in range(65_537 + 300)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
BORDERS = (1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_536 + 256 + 3)


def reader(files: Mapping[str, bytes]) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        if path not in files:
            raise Unproven("a file of the log is missing", place=path)
        return files[path]

    return read


def built(*steps: int) -> tuple[dict[str, bytes], bytes]:
    """All tiles after the tree has grown to these sizes one after the other, and its root."""
    files: dict[str, bytes] = {}
    size, root = 0, EMPTY_ROOT
    for step in steps:
        new, root = grown(size, LEAVES[size:step], reader(files))
        assert not set(new) & set(files)  # an immutable file is never given twice
        files.update(new)
        size = step
    return files, root


def needed(size: int) -> set[str]:
    """The tiles of a tree of this size, by the sentence of tlog-tiles: floor(s / 256^l), and mod 256."""
    paths, level = set(), 0
    while count := size // 256**level:
        paths |= {tile_path(level, index) for index in range(count // 256)}
        if count % 256:
            paths.add(tile_path(level, count // 256, count % 256))
        level += 1
    return paths


def tree(size: int) -> Tree:
    return Tree(size, reader(built(size)[0]))


# A straightforward reading of RFC 6962, 2.1, to compare with.


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def mth(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    at = _split(len(leaves))
    return node_hash(mth(leaves[:at]), mth(leaves[at:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    at = _split(len(leaves))
    if index < at:
        return [*path(index, leaves[:at]), mth(leaves[at:])]
    return [*path(index - at, leaves[at:]), mth(leaves[:at])]


def subproof(old: int, leaves: Sequence[bytes], known: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if known else [mth(leaves)]
    at = _split(len(leaves))
    if old <= at:
        return [*subproof(old, leaves[:at], known), mth(leaves[at:])]
    return [*subproof(old - at, leaves[at:], False), mth(leaves[:at])]


# ---- paths -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "index", "width", "expected"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 0, 1, "tile/0/000.p/1"),
        (1, 999, 255, "tile/1/999.p/255"),
        (0, 1000, 256, "tile/0/x001/000"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (63, 1234067, 12, "tile/63/x001/x234/067.p/12"),
        (0, 10**9, 256, "tile/0/x001/x000/x000/000"),
    ],
)
def test_a_tile_lies_where_the_format_says(level: int, index: int, width: int, expected: str) -> None:
    assert tile_path(level, index, width) == expected


def test_entries_lie_beside_the_levels() -> None:
    assert entries_path(1234067) == "tile/entries/x001/x234/067"
    assert entries_path(7, 112) == "tile/entries/007.p/112"


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_a_tile_that_cannot_be_has_no_path(level: int, index: int, width: int) -> None:
    with pytest.raises(ValueError, match=r"^(there is no|a tile has) "):
        tile_path(level, index, width)


def test_the_example_of_the_format_has_the_tiles_that_it_counts() -> None:
    paths = needed(70_000)
    assert len([each for each in paths if each.startswith("tile/0/") and ".p/" not in each]) == 273
    assert {each for each in paths if ".p/" in each} == {
        tile_path(0, 273, 112),
        tile_path(1, 1, 17),
        tile_path(2, 0, 1),
    }


# ---- bundles -----------------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert unbundle(bundle(entries)) == tuple(entries)


def test_a_bundle_is_lengths_of_two_bytes_and_entries() -> None:
    assert bundle([b"a", b"", b"bc"]) == b"\x00\x01a\x00\x00\x00\x02bc"


def test_the_longest_entry_fits_and_one_longer_does_not() -> None:
    assert unbundle(bundle([bytes(65_535)])) == (bytes(65_535),)
    with pytest.raises(Refused, match="65,536 bytes") as caught:
        bundle([b"", bytes(65_536)])
    assert caught.value.place == "entries[1]"


@pytest.mark.parametrize("count", [0, 257])
def test_a_bundle_of_none_or_too_many_is_refused(count: int) -> None:
    with pytest.raises(Refused, match="1 to 256 entries"):
        bundle([b""] * count)
    with pytest.raises(Unproven, match="1 to 256 entries"):
        unbundle(b"\x00\x00" * count)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=9), st.data())
def test_a_bundle_that_was_cut_is_no_longer_the_same(entries: list[bytes], data: st.DataObject) -> None:
    whole = bundle(entries)
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    ends = [len(bundle(entries[:count])) for count in range(1, len(entries))]
    if len(cut) in ends:  # between two entries: shorter by whole ones, which the width of a tile tells
        assert unbundle(cut) == tuple(entries[: ends.index(len(cut)) + 1])
    else:
        with pytest.raises(Unproven, match="ends within an entry"):
            unbundle(cut)


# ---- growing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, *BORDERS])
def test_a_tree_grown_at_once_has_exactly_its_tiles_and_its_root(size: int) -> None:
    files, root = built(size)
    assert set(files) == needed(size)
    assert root == root_of(LEAVES[:size])
    assert Tree(size, reader(files)).root() == root


@given(st.lists(st.integers(0, 1100), min_size=1, max_size=8).map(sorted))
def test_whatever_the_steps_the_tree_is_the_same(steps: list[int]) -> None:
    files, root = built(*steps)
    size = steps[-1]
    at_once, same = built(size)
    assert root == same == root_of(LEAVES[:size])
    assert at_once.items() <= files.items()
    assert set(files) == set().union(*map(needed, steps))


def test_steps_across_the_border_of_two_levels_give_the_same_tree() -> None:
    files, root = built(65_535, 65_536, 65_537, 65_536 + 300)
    at_once, same = built(65_536 + 300)
    assert root == same
    assert at_once.items() <= files.items()


def test_one_leaf_at_a_time_gives_each_tree_its_tiles() -> None:
    files, root = built(*range(1, 520))
    assert root == root_of(LEAVES[:519])
    for size in range(1, 520):
        assert needed(size) <= set(files)
        assert Tree(size, reader(files)).root() == root_of(LEAVES[:size])


def test_growing_by_nothing_gives_no_tile_and_the_same_root() -> None:
    files, root = built(300)
    assert grown(300, [], reader(files)) == ({}, root)
    assert grown(0, [], reader({})) == ({}, EMPTY_ROOT)


def test_growing_takes_up_from_the_full_tile_where_the_partial_one_is_gone() -> None:
    files, root = grown(300, LEAVES[300:400], reader(without_partial(300)))
    assert root == root_of(LEAVES[:400])
    assert files[tile_path(0, 1, 144)] == b"".join(LEAVES[256:400])


def test_growing_needs_the_tile_that_was_begun() -> None:
    with pytest.raises(Unproven) as caught:
        grown(300, LEAVES[300:301], reader({}))
    assert caught.value.place == "tile/0/001.p/44"


def test_what_is_no_hash_or_too_much_is_not_appended() -> None:
    with pytest.raises(ValueError, match="by their hashes"):
        grown(0, [b"entry"], reader({}))
    with pytest.raises(Unproven, match="fewer than 2\\^63"):
        grown(2**63 - 1, LEAVES[:1], reader({}))


def test_a_tree_of_more_leaves_than_can_be_is_refused() -> None:
    for size in (-1, 2**63):
        with pytest.raises(Unproven, match="there is no tree"):
            Tree(size, reader({}))


# ---- proofs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(1, 71))
def test_proofs_from_tiles_are_those_of_the_definition(size: int) -> None:
    held, leaves = tree(size), LEAVES[:size]
    for index in range(size):
        assert list(held.inclusion(index)) == path(index, leaves)
        assert list(held.consistency(index + 1)) == subproof(index + 1, leaves)
        assert held.leaf(index) == leaves[index]
    assert held.consistency(0) == ()


@given(st.data())
def test_proofs_across_the_borders_of_tiles_hold(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from(BORDERS))
    index = data.draw(st.integers(0, size - 1) | st.sampled_from([*(b for b in BORDERS if b < size), 0]))
    held, root = GROWN[size]
    check_inclusion(held.inclusion(index), index=index, size=size, root=root, leaf=LEAVES[index])
    proof, old_root = held.consistency(index + 1), root_of(LEAVES[: index + 1])
    check_consistency(proof, old=index + 1, old_root=old_root, new=size, root=root)
    for place in range(len(proof)):
        spoiled = (*proof[:place], LEAVES[-1], *proof[place + 1 :])
        with pytest.raises(Unproven):
            check_consistency(spoiled, old=index + 1, old_root=old_root, new=size, root=root)


GROWN = {size: (tree(size), root_of(LEAVES[:size])) for size in BORDERS}


def test_a_proof_across_levels_is_the_one_of_the_definition() -> None:
    held, leaves = tree(1100), LEAVES[:1100]
    for index in (0, 255, 256, 1023, 1024, 1099):
        assert list(held.inclusion(index)) == path(index, leaves)
        assert list(held.consistency(index + 1)) == subproof(index + 1, leaves)


@pytest.mark.parametrize("index", [-1, 5])
def test_a_leaf_that_is_not_there_has_no_proof(index: int) -> None:
    with pytest.raises(Unproven, match="there is no leaf"):
        tree(5).inclusion(index)
    with pytest.raises(Unproven, match="there is no leaf"):
        tree(5).leaf(index)


@pytest.mark.parametrize("old", [-1, 6])
def test_a_tree_begins_with_no_larger_one(old: int) -> None:
    with pytest.raises(Unproven, match="cannot begin with"):
        tree(5).consistency(old)


# ---- tiles that are missing or wrong -----------------------------------------------------------------------


def without_partial(size: int) -> dict[str, bytes]:
    """The tiles of a tree, where the partial one of level 0 went when the full one came."""
    files, _ = built(size)
    del files[tile_path(0, size // 256, size % 256)]
    first = size // 256 * 256
    return files | {tile_path(0, size // 256): b"".join(LEAVES[first : first + 256])}


def test_a_partial_tile_that_is_gone_is_found_in_the_full_one() -> None:
    held = Tree(300, reader(without_partial(300)))
    assert held.root() == root_of(LEAVES[:300])
    assert list(held.inclusion(299)) == path(299, LEAVES[:300])


def test_a_missing_tile_is_named_as_the_tree_needs_it() -> None:
    with pytest.raises(Unproven) as caught:
        Tree(300, reader({})).root()
    assert caught.value.place == "tile/0/001.p/44"


def test_a_missing_full_tile_is_named_too() -> None:
    files, _ = built(300)
    del files["tile/0/000"]
    held = Tree(300, reader(files))
    assert held.root() == root_of(LEAVES[:300])
    with pytest.raises(Unproven) as caught:
        held.leaf(0)
    assert caught.value.place == "tile/0/000"


@pytest.mark.parametrize("length", [0, 31, 43 * HASH, 44 * HASH - 1, 45 * HASH])
def test_a_tile_of_another_length_is_refused(length: int) -> None:
    files, _ = built(300)
    with pytest.raises(Unproven, match="another length"):
        Tree(300, reader(files | {tile_path(0, 1, 44): bytes(length)})).root()


FILES, ROOT = built(65_800)


@pytest.mark.parametrize("name", [*sorted(FILES)[::19], *(name for name in FILES if "tile/0/" not in name)])
def test_a_changed_tile_is_found_by_the_root_or_by_the_tile_above(name: str) -> None:
    level, *digits = name.removeprefix("tile/").partition(".p/")[0].split("/")
    index = int("".join(digits).replace("x", ""))
    for place in (0, len(FILES[name]) // HASH - 1):
        changed = bytearray(FILES[name])
        changed[place * HASH] ^= 1
        held = Tree(65_800, reader(FILES | {name: bytes(changed)}))
        if ".p/" in name:
            assert held.root() != ROOT
        else:
            assert held.root() == ROOT
            with pytest.raises(Unproven, match="does not fit the tile above it"):
                held.leaf((index * 256 + place) * 256 ** int(level))


def test_a_full_tile_that_does_not_fit_the_one_above_gives_no_leaf() -> None:
    files, _ = built(600)
    files["tile/0/001"] = files["tile/0/000"]
    held = Tree(600, reader(files))
    assert held.root() == root_of(LEAVES[:600])
    with pytest.raises(Unproven, match="does not fit the tile above it") as caught:
        held.leaf(300)
    assert caught.value.place == "tile/0/001"


def test_a_source_that_changes_its_mind_is_found_after_the_root_was_compared() -> None:
    files, _ = built(600)
    held = Tree(600, reader(files))
    assert held.root() == root_of(LEAVES[:600])
    files |= dict.fromkeys(files, bytes(256 * HASH))
    with pytest.raises(Unproven):
        held.leaf(0)
    assert held.leaf(599) == LEAVES[599]  # the edge is what the root was made of


def test_a_tile_that_is_no_longer_remembered_is_read_and_compared_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tiles, "_KEPT", 2)
    asked = []
    files, root = built(2000)

    def read(path: str) -> bytes:
        asked.append(path)
        return reader(files)(path)

    held = Tree(2000, read)
    assert held.root() == root
    for index in (0, 1, 300, 301, 2, 600, 601, 3, 302):
        assert held.leaf(index) == LEAVES[index]
    # of the tiles 0, 1, 0, 2, 0, 1 the second time of 1 found two others remembered
    assert [each for each in asked if each in {"tile/0/000", "tile/0/001", "tile/0/002"}] == [
        "tile/0/000",
        "tile/0/001",
        "tile/0/002",
        "tile/0/001",
    ]


# ---- entries -----------------------------------------------------------------------------------------------


def bundles(size: int) -> dict[str, bytes]:
    return {
        entries_path(start // 256, min(256, size - start)): bundle(ENTRIES[start : min(start + 256, size)])
        for start in range(0, size, 256)
    }


@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 1), (0, 600), (255, 257), (512, 600), (600, 600)])
def test_entries_come_in_order(start: int, end: int) -> None:
    held = Tree(600, reader(built(600)[0] | bundles(600)))
    assert list(held.entries(start, end)) == ENTRIES[start:end]


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (2, 1), (0, 601)])
def test_entries_beyond_the_tree_are_refused(start: int, end: int) -> None:
    held = Tree(600, reader(built(600)[0] | bundles(600)))
    with pytest.raises(Unproven, match="there are no entries"):
        list(held.entries(start, end))


def test_entries_are_found_in_the_full_bundle_where_the_partial_one_is_gone() -> None:
    held = Tree(300, reader(built(300)[0] | bundles(512)))
    assert list(held.entries(0, 300)) == ENTRIES[:300]


def test_an_entry_that_is_not_in_the_tree_is_never_given() -> None:
    spoiled = bundles(600)
    spoiled[entries_path(1)] = bundle([*ENTRIES[256:300], b"another", *ENTRIES[301:512]])
    entries = Tree(600, reader(built(600)[0] | spoiled)).entries(250, 600)
    assert [next(entries) for _ in range(50)] == ENTRIES[250:300]
    with pytest.raises(Unproven, match="entry 300 is not the one in the tree") as caught:
        next(entries)
    assert caught.value.place == "tile/entries/001"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bundle(ENTRIES[:99]), "a bundle has fewer entries than the tree needs"),
        (bundle(ENTRIES[:100])[:-1], "a bundle of entries ends within an entry"),
        (b"", "a bundle holds 1 to 256 entries, not 0"),
    ],
)
def test_a_broken_bundle_is_refused_with_its_place(data: bytes, sentence: str) -> None:
    files = built(100)[0] | {entries_path(0, 100): data}
    with pytest.raises(Unproven) as caught:
        list(Tree(100, reader(files)).entries(0, 100))
    assert (caught.value.sentence, caught.value.place) == (sentence, "tile/entries/000.p/100")
