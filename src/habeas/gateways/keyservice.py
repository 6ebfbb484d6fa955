"""A key service: a program of the house's own that wraps and unwraps one small secret.

Behind it may stand a hardware module (PKCS#11), a key management service in a cloud, or age. Habeas starts
the program with one more word, `wrap` or `unwrap`, hands it the bytes on its input and takes the bytes from
its output; code 0 says that it went well. What the program prints on its error stream goes where ours goes.
"""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass

from habeas.errors import Refused

SECONDS = 30.0  # a module that has to be woken, a cloud at its slowest
_MOST = 64 * 1024  # bytes of an answer; a wrapped key has hundreds


@dataclass(frozen=True, slots=True)
class KeyService:
    """command: the program, by its whole path, and its words; none of them secret, for everybody on the
    machine reads the arguments of a process. seconds: how long it may take, start included."""

    command: tuple[str, ...]
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        if not self.command or not os.path.isabs(self.command[0]):
            raise Refused(
                "a key service is a program by its whole path",
                place=self.command[0] if self.command else "",
                hint="/usr/local/bin/..., with its words behind it",
            )

    def wrap(self, key: bytes) -> bytes:
        """The key as only the service can open it. Refused where it does not answer well."""
        return self._ask("wrap", key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """What was wrapped. Refused where the service does not answer well."""
        return self._ask("unwrap", wrapped)

    def _ask(self, word: str, data: bytes) -> bytes:
        # Our own settings, among them the database's password, are none of its business; others may be.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
        try:
            child = subprocess.Popen(
                [*self.command, word],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                start_new_session=True,  # so that all it started ends with it
            )
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise self._refused(f"the key service cannot be started: {reason}") from None
        with child:
            try:
                answer, _ = child.communicate(data, timeout=self.seconds)
            except BaseException as error:
                with suppress(OSError):
                    os.killpg(child.pid, signal.SIGKILL)
                if isinstance(error, subprocess.TimeoutExpired):
                    sentence = f"the key service did not answer within {self.seconds:g} s"
                    raise self._refused(sentence) from None
                raise
        if child.returncode:
            how = f"code {child.returncode}" if child.returncode > 0 else f"signal {-child.returncode}"
            raise self._refused(f"the key service could not {word} the master key and ended with {how}")
        if not 0 < len(answer) <= _MOST:
            raise self._refused(f"the key service answered with {len(answer)} bytes")
        return answer

    def _refused(self, sentence: str) -> Refused:
        return Refused(sentence, place=self.command[0], hint="nothing opens without it; try it by hand")
