"""A transparency log that foreign tools can check: C2SP tiles, notes, checkpoints, cosignatures, proofs.

Knows bytes only, and nothing about cases. tree, tiles, note, checkpoint, policy and proof are pure; storage
and log write a log; witness watches one.
"""

from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.log import Log, Missing, Published, Witness
from habeas.tlog.note import Algorithm, Key, Note, Signature, Signer, Verified
from habeas.tlog.policy import Opened, Policy, Witnessing, opened, outsiders, signed_tree
from habeas.tlog.proof import Bundle
from habeas.tlog.storage import (
    CHECKPOINT,
    S3,
    CheckpointFile,
    Checkpoints,
    Folder,
    Overtaken,
    Tiles,
    ignore,
    reader,
)
from habeas.tlog.tiles import WIDTH, Tree, bundle, entries_path, grown, tile_path, unbundle
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

__all__ = [
    "CHECKPOINT",
    "EMPTY_ROOT",
    "HASH",
    "S3",
    "WIDTH",
    "Algorithm",
    "Bundle",
    "Checkpoint",
    "CheckpointFile",
    "Checkpoints",
    "Folder",
    "Key",
    "Log",
    "Missing",
    "Note",
    "Opened",
    "Overtaken",
    "Policy",
    "Published",
    "Signature",
    "Signer",
    "Tiles",
    "Tree",
    "Unproven",
    "Verified",
    "Witness",
    "Witnessing",
    "bundle",
    "check_consistency",
    "check_inclusion",
    "entries_path",
    "grown",
    "ignore",
    "leaf_hash",
    "node_hash",
    "opened",
    "outsiders",
    "reader",
    "root_of",
    "signed_tree",
    "tile_path",
    "unbundle",
]
