"""Mails as a server lays them into a Maildir."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

SENDER, CLERK = "desk@house.example", "clerk@court.example"


def delivered(box: Path, name: str, *requests: bytes, path: str = CLERK) -> bytes:
    """A mail as a server lays it there: written in tmp, then moved to new in one step."""
    made = EmailMessage()
    made["Return-Path"] = f"<{path}>"
    made["Message-ID"] = f"<{name}@court.example>"
    made["From"], made["Subject"] = "somebody@elsewhere.example", "A secret operation"
    made.set_content("Dear colleagues.")
    for number, data in enumerate(requests):
        made.add_attachment(data, maintype="application", subtype="json", filename=f"order-{number}.json")
    data = made.as_bytes()
    (box / "tmp" / name).write_bytes(data)
    (box / "tmp" / name).rename(box / "new" / name)
    return data
