"""What is taken out of a mail, in a process of its own, and whom nothing is answered."""

from __future__ import annotations

import time
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest

from habeas.errors import Refused
from habeas.gateways import mailbox
from habeas.gateways.mailbox import MOST_REQUESTS, Part, Read

PATH = "clerk@court.example"


def mail(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in ({"Return_Path": f"<{PATH}>", "Message_ID": "<one@court.example>"} | headers).items():
        made[name.replace("_", "-")] = value
    made["From"] = "somebody.else@court.example"
    made["Subject"] = "A request"
    made.set_content("Please find it attached.")
    return made


def read(made: EmailMessage) -> Read:
    return mailbox.opened(made.as_bytes())


def test_the_requests_attached_to_a_mail_come_out_as_they_were_sent() -> None:
    made = mail()
    made.add_attachment(
        b'{"id": 1}', maintype="application", subtype="json", filename="../../order no 1.json"
    )
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="annex.pdf")
    made.add_attachment(b"[]\r\n\xff", maintype="application", subtype="octet-stream", filename="B.JSON")
    found = read(made)
    assert found.requests == (
        Part(name="..-..-order-no-1.json", data=b'{"id": 1}'),
        Part(name="B.JSON", data=b"[]\r\n\xff"),
    )
    assert (found.answer_to, found.id) == (PATH, "<one@court.example>")


def test_a_mail_within_a_mail_is_a_file_and_is_not_opened() -> None:
    inner = mail()
    inner.add_attachment(b"{}", maintype="application", subtype="json", filename="inner.json")
    made = mail()
    made.add_attachment(inner, filename="forwarded.json")
    assert read(made).requests == ()


def test_an_answer_goes_where_the_last_server_says_and_never_where_the_sender_wrote() -> None:
    data = b"Return-Path: <mallory@elsewhere.example>\r\nReply-To: victim@elsewhere.example\r\n"
    found = mailbox.opened(
        f"Return-Path: <{PATH}>\r\n".encode() + data + b"From: v@elsewhere.example\r\n\r\nx"
    )
    assert found.answer_to == PATH
    assert mailbox.opened(b"From: v@elsewhere.example\r\n\r\nx").answer_to == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"Return_Path": "<>"},
        {"Return_Path": "clerk"},
        {"Return_Path": "<a@b.example>, <c@d.example>"},
        {"Return_Path": f"<{'a' * 60}@{'b.' * 100}example>"},
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "Auto-Generated; x"},
        {"Precedence": "bulk"},
        {"List_Id": "<list.example>"},
    ],
)
def test_machines_lists_and_mails_that_came_back_get_no_answer(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).answer_to == ""
    assert read(mail(Auto_Submitted="no")).answer_to == PATH


def test_what_comes_out_of_the_process_is_looked_at_again() -> None:
    """A reader that was taken over says what it likes."""

    def taken_over(*_parts: Any, **_limits: Any) -> bytes:
        return msgspec.msgpack.encode(
            Read(
                answer_to="a@b.example\r\nBcc: c@d.example",
                id="<x>\r\nBcc: c@d.example",
                requests=tuple(Part(name="../x", data=b"{}") for _ in range(MOST_REQUESTS + 5)),
            )
        )

    found = mailbox.opened(b"", taken_over)
    assert (found.answer_to, found.id) == ("", "")
    assert [each.name for each in found.requests] == ["..-x"] * MOST_REQUESTS
    with pytest.raises(Refused):
        mailbox.opened(b"", lambda *_parts, **_limits: b"nonsense")


def test_a_mail_made_to_break_readers_is_refused_in_one_sentence() -> None:
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (each, each) for each in range(2000)
    )
    began = time.monotonic()
    for data in (
        deep,
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n" * 300 + b"--a--",
    ):
        with pytest.raises(Refused, match="this mail cannot be read here"):
            mailbox.opened(data)
    assert time.monotonic() - began < 2 * mailbox.SECONDS
    assert mailbox.opened(b"\xff\x00 no mail at all").requests == ()
