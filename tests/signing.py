"""An authority that signs its receipts as it would: with a key and the `ssh-keygen` of its own machine."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from habeas.desk.delivery import NAMESPACE

needs_ssh = pytest.mark.skipif(
    not shutil.which("ssh-keygen"), reason="no ssh-keygen here; apt-get install openssh-client"
)


@dataclass(frozen=True)
class SshKey:
    """path: of the private half."""

    path: Path

    @classmethod
    def made(cls, where: Path, kind: str = "ed25519") -> SshKey:
        path = where / f"their-{kind}"
        command = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "registry", "-f", str(path)]
        subprocess.run(command, check=True)
        return cls(path)

    @property
    def recipient(self) -> str:
        """The public half, as an authority hands it over."""
        return " ".join(self.path.with_suffix(".pub").read_text("ascii").split()[:2])

    def signed(self, data: bytes, namespace: str = NAMESPACE, *more: str) -> bytes:
        """What `ssh-keygen -Y sign` makes of a file with these bytes."""
        file = self.path.with_name("receipt.json")
        made = file.with_name("receipt.json.sig")
        made.unlink(missing_ok=True)
        file.write_bytes(data)
        command = ["ssh-keygen", "-Y", "sign", "-f", str(self.path), "-n", namespace, *more, str(file)]
        subprocess.run(command, check=True, capture_output=True)
        return made.read_bytes()
