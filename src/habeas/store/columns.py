"""What is counted of many leaves as columns: a segment of the log, and any number of segments as one table.

A field of ten million entries has a few hundred words. So a segment is an Arrow table with one dictionary
column for each field, and its bytes are an Arrow IPC stream whose numbers are as narrow as the dictionaries
allow (Apache Arrow columnar format 1.0). Nothing is compressed: its length would say how much is alike.

Decides how columns are written down. Leaves to `habeas.store.trace` whose they are and to seal them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from habeas.store.sealing import Broken

_WIDTHS: tuple[type[np.signedinteger[Any]], ...] = (np.int8, np.int16, np.int32)


def table(fields: Sequence[str], rows: Sequence[Sequence[str]]) -> pa.Table:
    """Rows of words, one for each field, as columns."""
    words = zip(*rows, strict=True) if rows else ((),) * len(fields)
    found = pa.table(
        {
            field: pa.array(each, pa.string()).dictionary_encode()
            for field, each in zip(fields, words, strict=True)
        }
    )
    return joined(fields, [found])


def joined(fields: Sequence[str], tables: Sequence[pa.Table]) -> pa.Table:
    """The tables one after another, each field with one dictionary and in one piece."""
    columns: dict[str, pa.DictionaryArray] = {}
    for field in fields:
        known: dict[str, int] = {}
        pieces = [chunk for each in tables for chunk in each.column(field).chunks]
        same = [
            np.array([known.setdefault(word, len(known)) for word in piece.dictionary.to_pylist()], np.int32)
            for piece in pieces
        ]
        width = _width(known)
        codes = np.empty(sum(map(len, pieces)), width)
        at = 0
        for piece, new in zip(pieces, same, strict=True):
            if len(piece):  # a word for each number that stands there; numbers of an IPC stream are unchecked
                old = piece.indices.to_numpy()
                np.take(new.astype(width), old, out=codes[at : at + len(piece)], mode="clip")
            at += len(piece)
        columns[field] = _column(codes, known)
    return pa.table(columns)


def rows(fields: Sequence[str], found: pa.Table, start: int, end: int) -> list[tuple[str, ...]]:
    """The words of the entries from `start` up to `end`."""
    part = found.slice(start, end - start)
    return list(zip(*(part.column(field).to_pylist() for field in fields), strict=True))


def encoded(found: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, found.schema) as writer:
        writer.write_table(found.combine_chunks())
    return bytes(sink.getvalue())


def decoded(data: bytes, fields: Sequence[str], place: str) -> pa.Table:
    """Raises Broken where these are not columns with these fields."""
    try:
        with pa.ipc.open_stream(data) as reader:
            found = reader.read_all()
    except (pa.ArrowException, OSError):
        raise Broken("columns of what is counted cannot be read", place=place) from None
    if tuple(found.column_names) != tuple(fields):
        raise Broken("these are not the columns of what is counted", place=place)
    return found


def _width(known: Mapping[str, int]) -> type[np.signedinteger[Any]]:
    return next(each for each in _WIDTHS if len(known) <= np.iinfo(each).max)


def _column(codes: NDArray[Any], known: Mapping[str, int]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(_width(known), copy=False)), pa.array(list(known), pa.string())
    )
