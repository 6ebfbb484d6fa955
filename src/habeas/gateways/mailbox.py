"""What a mail says that came into a mailbox: where its answer goes, and the requests that are attached to it.

Decides what an answer may go to: the address that the last mail server recorded (`Return-Path`), never one
that the sender wrote elsewhere, and nothing to a machine, a list or a mail that came back (RFC 3834, 2; RFC
5321, 4.4). Leaves to `habeas.app.doors` what becomes of the requests. A mail is read in a process that can do
nothing else (`confined`), after it was counted; what comes out of that process is looked at again here.
"""

from __future__ import annotations

import re
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser

import msgspec

from habeas.errors import Refused
from habeas.gateways import confined
from habeas.gateways.papers import DEEPEST, MEGABYTES, MOST_PARTS, SECONDS, Runner

MOST_REQUESTS = 20  # files of requests in one mail
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_LONGEST = 254  # characters of an address: RFC 5321, 4.5.3.1.3
_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_NAME = re.compile(r"[^\w.-]+")
_PLACE = "mail"
_TO_MANY = frozenset({"bulk", "junk", "list"})


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A file in a mail. name: as its sender called it, in letters, digits, dots and hyphens."""

    name: str
    data: bytes


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail says. answer_to: an address; empty where nothing is answered. id: its Message-ID; empty
    where it has none. requests: the JSON files attached to it, in their order."""

    answer_to: str = ""
    id: str = ""
    requests: tuple[Part, ...] = ()


def opened(data: bytes, run: Runner = confined.run) -> Read:
    """What this mail says. Raises Refused where it cannot be read. run: as `confined.run`."""
    try:
        answer = run(f"{__name__}:read", data, seconds=SECONDS, megabytes=MEGABYTES)
        found = msgspec.msgpack.decode(answer, type=Read)
    except (Refused, msgspec.MsgspecError):
        raise Refused("this mail cannot be read here", place=_PLACE, hint="a person opens it") from None
    to, id = found.answer_to, found.id
    return Read(
        answer_to=to if _ADDRESS.fullmatch(to) and len(to) <= _LONGEST else "",
        id=id if _ID.fullmatch(id) else "",
        requests=tuple(
            Part(name=_NAME.sub("-", each.name)[:100] or "request", data=each.data)
            for each in found.requests[:MOST_REQUESTS]
        ),
    )


# ---- inside ------------------------------------------------------------------------------------------------


def read(data: bytes) -> bytes:
    """What `opened` asks for, as msgpack of a `Read`. Run in a confined process."""
    try:
        mail = BytesParser(policy=policy.default).parsebytes(data)
        leaves = _leaves(mail, 0)
        if len(leaves) > MOST_PARTS:
            raise Refused("it has too many parts", place=_PLACE)
        found = Read(
            answer_to=_answer_to(mail),
            id=str(mail.get("Message-ID", "")).strip(),
            requests=tuple(_file(each) for each in leaves if _is_request(each)),
        )
    except (MessageError, LookupError, ValueError, RecursionError):
        raise Refused("its parts cannot be told apart", place=_PLACE) from None
    return msgspec.msgpack.encode(found)


def _answer_to(mail: Message) -> str:
    automatic = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower() != "no"
    many = str(mail.get("Precedence", "")).strip().lower() in _TO_MANY or "List-Id" in mail
    paths = mail.get_all("Return-Path", [])
    if automatic or many or not paths:
        return ""
    return str(paths[0]).strip().removeprefix("<").removesuffix(">").strip()  # the last server's stands first


def _leaves(mail: Message, deep: int) -> list[Message]:
    """The parts that hold no others. A message within is a file of the sender's, and is not opened."""
    if deep > DEEPEST:
        raise Refused("its parts are nested too deeply", place=_PLACE)
    if not mail.is_multipart() or mail.get_content_maintype() == "message":
        return [mail]
    return [
        leaf for part in mail.get_payload() if isinstance(part, Message) for leaf in _leaves(part, deep + 1)
    ]


def _is_request(part: Message) -> bool:
    named = (part.get_filename() or "").lower().endswith(".json")
    return part.get_content_maintype() != "message" and (
        named or part.get_content_type() == "application/json"
    )


def _file(part: Message) -> Part:
    found = part.get_payload(decode=True)
    return Part(name=part.get_filename() or "request.json", data=found if isinstance(found, bytes) else b"")
