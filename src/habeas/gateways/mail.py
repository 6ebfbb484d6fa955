"""Letters to colleagues that something waits for them: to a mail server, or into a folder.

A message names a case by its reference and says that a person should look. It holds nothing of the case, so
that a mailbox that is read by others tells nothing. Without a server messages are laid into a folder as
files, which is the default: nothing leaves the machine unless somebody configured it. A door answers a mail
with the promise for its sender the same way, from nobody (an empty return path), so that no machine answers.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from habeas.errors import Refused

SECONDS = 20  # a server that does not answer in so long is tried again with the next message
MOST = 10_000  # messages of one second in a folder: far more than any desk writes
_WRITTEN = SMTP.clone(cte_type="7bit")  # any server takes it, and any file system


@dataclass(frozen=True, slots=True)
class Message:
    to: str
    subject: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """To a mail that came in. to: the address that its last server recorded. of: its Message-ID, or empty.
    file, data: what is attached."""

    to: str
    of: str
    subject: str
    text: str
    at: datetime
    file: str
    data: bytes

    def written(self, sender: str) -> bytes:
        """The mail as bytes, as any mail program reads it."""
        message = Message(to=self.to, subject=self.subject, text=self.text, at=self.at)
        written = _written(message, sender)
        written.replace_header("Auto-Submitted", "auto-replied")
        if self.of:
            written["In-Reply-To"] = written["References"] = self.of
        written.add_attachment(self.data, maintype="application", subtype="octet-stream", filename=self.file)
        return written.as_bytes()


class Post(Protocol):
    def __call__(self, message: Message) -> None: ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Lays each message into a folder as a file, named by its time and number."""

    path: Path

    def __call__(self, message: Message) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = _written(message, "desk@localhost").as_bytes()
        for number in range(MOST):
            name = self.path / f"{message.at:%Y%m%dT%H%M%S}-{number:04}.eml"
            try:
                file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with open(file, "wb") as out:
                out.write(data)
            return
        raise Refused("too many messages in one second", place=str(self.path), hint="empty the folder")


@dataclass(frozen=True, slots=True)
class Server:
    """Hands each message to a mail server, over TLS. user, password: empty where the server needs none."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    def __call__(self, message: Message) -> None:
        self._hand(_written(message, self.sender))

    def carry(self, answer: bytes) -> None:
        """Hand over an `Answer` as it was written. Raises Refused where the server does not take it."""
        self._hand(BytesParser(policy=_WRITTEN).parsebytes(answer), from_nobody=True)

    def _hand(self, written: EmailMessage, *, from_nobody: bool = False) -> None:
        try:
            with smtplib.SMTP(self.host, self.port, timeout=SECONDS) as server:
                server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(written, from_addr="" if from_nobody else None)
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(
                f"the mail server did not take a message: {type(error).__name__}",
                place=f"{self.host}:{self.port}",
                hint="check its address, its certificate and the account",
            ) from error


def _written(message: Message, sender: str) -> EmailMessage:
    written = EmailMessage(policy=_WRITTEN)
    written["From"] = sender
    written["To"] = message.to
    written["Subject"] = message.subject
    written["Date"] = format_datetime(message.at)
    written["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note answers it
    written.set_content(message.text)
    return written
