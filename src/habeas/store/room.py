"""What is said where the disk is full, and how a file learns it. Decides nothing about what is written."""

from __future__ import annotations

import errno

from habeas.errors import Refused

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system answers for a disk, a quota or a file that is full."""


def no_room(place: object) -> Refused:
    """place: the folder that is full."""
    return Refused(
        "there is no room left on the disk, and nothing was recorded",
        place=str(place),
        hint="make room, then do it again",
    )
