"""A key service as a house may have one: a program that wraps under a key in a file of its own.

keeper.py KEYFILE wrap|unwrap: bytes on the input, bytes on the output (AES-256-GCM).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def main(key_file: str, word: str) -> None:
    cipher, data = AESGCM(bytes.fromhex(Path(key_file).read_text())), sys.stdin.buffer.read()
    nonce = os.urandom(12) if word == "wrap" else data[:12]
    answer = (
        nonce + cipher.encrypt(nonce, data, None)
        if word == "wrap"
        else cipher.decrypt(nonce, data[12:], None)
    )
    sys.stdout.buffer.write(answer)


def keeper(folder: Path) -> tuple[str, ...]:
    """The command of one with a new key in `folder`."""
    key_file = folder / "keeper.hex"
    key_file.write_text(os.urandom(32).hex())
    return sys.executable, str(Path(__file__)), str(key_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
