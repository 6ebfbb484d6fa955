"""Asks a witness for a cosignature as a stranger's log would, with aics-witness and none of our code.

    cosign.py --witness VKEY --url URL SITE [CHECKPOINT]

Sends the checkpoint (that of SITE, a folder, unless another file is named) with the proofs that SITE's tiles
give, and prints the cosignature line. Exit codes: 0 cosigned and the cosignature holds, 1 refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from aics_tlog import FileSystemTileReader, consistency_proof_from_tiles
from aics_witness import FeederError, WitnessClient


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="cosign")
    parser.add_argument("--witness", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("site", type=Path)
    parser.add_argument("checkpoint", type=Path, nargs="?")
    asked = parser.parse_args()
    reader = FileSystemTileReader(asked.site)

    def prove(old: int, new: int) -> Sequence[bytes]:
        return consistency_proof_from_tiles(reader, old, new)

    data = (asked.checkpoint or asked.site / "checkpoint").read_bytes()
    try:
        with WitnessClient(asked.url, asked.witness, max_attempts=1) as client:
            sys.stdout.write(client.submit(data, prove))
    except (FeederError, ValueError, OSError) as error:
        sys.stdout.write(f"refused: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
