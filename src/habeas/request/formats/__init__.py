"""The wire formats: what arrives becomes a checked `Request`, or a `Refused` with its place.

* `reading`: files, bytes and rows of any form, one entry at a time
* `native`: our own JSON, reader and writer · `corpus`: the evaluation corpus and its labels
* `entries`, `text`, `json_text`, `yaml_text`: bytes taken apart, strictly
"""

from __future__ import annotations

from habeas.request.formats.corpus import SUPPOSED, Label, read_corpus, read_labels
from habeas.request.formats.entries import Form, detect
from habeas.request.formats.native import to_native
from habeas.request.formats.reading import Read, from_row, read_bytes, read_entries, read_file

__all__ = [
    "SUPPOSED",
    "Form",
    "Label",
    "Read",
    "detect",
    "from_row",
    "read_bytes",
    "read_corpus",
    "read_entries",
    "read_file",
    "read_labels",
    "to_native",
]
