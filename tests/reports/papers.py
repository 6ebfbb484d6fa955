"""What the typesetter might meet. Run by `test_printing` inside the confinement."""

from __future__ import annotations

import cffi

from habeas.reports.printing import typeset


def without_libraries(data: bytes) -> bytes:
    """A machine on which the text libraries were never installed."""
    real = cffi.FFI.dlopen

    def dlopen(ffi: cffi.FFI, name: str, *more: int) -> object:
        if "pango" in name:
            raise OSError(f"cannot load library {name!r}: no such file")
        return real(ffi, name, *more)

    cffi.FFI.dlopen = dlopen
    return typeset(data)
